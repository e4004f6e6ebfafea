"""The German 10-year yield from the ECB's data API."""

from decimal import Decimal

import pytest

from tests.test_feeds_fred import feed_of, fixture, newest, parse, refused, standing

IRS = "ecb/live/IRS.M.DE.L.L40.CI.0000.EUR.N.Z.csv"
BUND = "ecb.bund_10y_month"


def test_the_yield_by_hand() -> None:
    rows = {row.period: row.value for row in parse(IRS).observations}
    assert rows["2025-02"] == "2.405"
    assert rows["2025-03"] == "2.741"
    assert rows["2026-04"] == "3"
    assert len(rows) == 24


def test_it_is_the_oecds_statistic_rounded() -> None:
    """The ECB's file is a public copy, the OECD's figures are the snapshot's: two independent ways to one number."""
    ecb, oecd = newest(parse(IRS))[BUND], standing("oecd.bund_10y_month")
    assert set(ecb) <= set(oecd)
    assert max(abs(ecb[month] - oecd[month]) for month in ecb) <= Decimal("0.005")


def test_a_month_without_a_value_is_passed_over() -> None:
    data = fixture(feed_of(IRS)).replace(b"2024-09,2.166,A,", b"2024-09,,M,")
    assert "2024-09" not in newest(parse(IRS, data))[BUND]


@pytest.mark.parametrize("state", [b"P", b"E"])
def test_a_provisional_value_is_a_value(state: bytes) -> None:
    data = fixture(feed_of(IRS)).replace(b"2026-08,3.185,A,", b"2026-08,3.185," + state + b",")
    assert newest(parse(IRS, data))[BUND]["2026-08"] == Decimal("3.185")


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        (b",PC,0\n", b",PERBA,0\n", 2, "UNIT: `PC` expected"),
        (b",PC,0\n", b",PC,-2\n", 2, "UNIT_MULT: `0` expected"),
        (b"IRS.M.DE.L.L40", b"IRS.M.FR.L.L40", 2, "KEY: `IRS.M.DE"),
        (b",P1M,,A,", b",P1M,,E,", 2, "COLLECTION: `A` expected"),
        (b",2.166,A,", b",2.166,Q,", 2, "OBS_STATUS"),
        (b",2.166,A,", b',"2,166",A,', 2, "not a number"),
        (b",2.166,A,", b",2,166,A,", 2, "34 fields expected, 35 found"),
        (b",2.166,A,", b",2.166 %,A,", 2, "not a number"),
        (b"2024-10", b"2024-09", 3, "stands here again (first in line 2)"),
        (b"2024-10", b"2024-Q3", 3, "not a date"),
        (b"2024-10", b"2024-13", 3, "not a day of the calendar"),
        (b"OBS_VALUE", b"VALUE", 1, "OBS_VALUE"),
        (b",UNIT,UNIT_MULT", b",UNIT_MULT,UNIT", 2, "UNIT: `PC` expected, not `0`"),
        (b",TITLE_COMPL", b"", 2, "33 fields expected, 34 found"),
    ],
)
def test_a_broken_file(old: bytes, new: bytes, line: int, says: str) -> None:
    whole = fixture(feed_of(IRS))
    assert old in whole
    refused(IRS, whole.replace(old, new, 1), says, line)


def test_a_file_that_breaks_off() -> None:
    whole = fixture(feed_of(IRS))
    refused(IRS, whole[:-1], "cut off")
    refused(IRS, whole[: len(whole) - 200] + b"\n", "not readable as a table", 25)
