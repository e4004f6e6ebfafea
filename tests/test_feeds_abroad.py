"""Japan's yields from the files of its Ministry of Finance."""

import pytest

from tests.test_feeds_fred import feed_of, fixture, parse, refused

ALL, MONTH = "abroad/live/jgbcme_all.csv", "abroad/live/jgbcme.csv"


def values(name: str, data: bytes | None = None) -> dict[str, str]:
    parsed = parse(name, data)
    assert parsed.problems == ()
    return {row.period: row.value for row in parsed.observations}


def test_both_files_by_hand() -> None:
    past, running = values(ALL), values(MONTH)
    assert past["2025-04-21"] == "1.302"
    assert past["2025-05-30"] == "1.518"
    assert min(past) >= "2000-01-01"  # the file begins in 1974, without a 10-year yield
    assert running["2025-06-02"] == "1.523"
    assert running["2025-06-30"] == "1.462"
    assert set(past).isdisjoint(running)


def test_the_note_is_in_another_charset_and_is_passed_over() -> None:
    whole = fixture(feed_of(MONTH))
    with pytest.raises(UnicodeDecodeError):
        whole.decode("utf-8")
    bare = whole[: whole.index(b",,,,,,,,,,,,,,,\r\n")]
    assert values(MONTH, bare) == values(MONTH)


def test_a_day_without_a_10_year_yield_is_passed_over() -> None:
    data = fixture(feed_of(MONTH)).replace(b",1.523,", b",-,")
    assert "2025-06-02" not in values(MONTH, data)


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        (b"(Unit : %)", b"(Unit : bp)", 1, "the title has to be"),
        (b"Interest Rate", b"Zinssatz", 1, "the title has to be"),
        (b",10Y,", b",11Y,", 2, "the header has to be"),
        (b",9Y,10Y,", b",10Y,9Y,", 2, "the header has to be"),
        (b",40Y\r\n", b"\r\n", 2, "the header has to be"),
        (b"2025/6/3,", b"2025-06-03,", 4, "not a date"),
        (b"2025/6/3,", b"3/6/2025,", 4, "not a date"),
        (b"2025/6/3,", b"2025/6/31,", 4, "not a date"),
        (b"2025/6/3,", b"R7/6/3,", 4, "not a date"),
        (b"2025/6/3,", b"2025/6/2,", 4, "stands here again (first in line 3)"),
        (b",1.499,", b",1,499,", 4, "16 fields expected, 17 found"),
        (b",1.499,", b',"1,499",', 4, "not a number"),
        (b",1.499,", b",,", 4, "not a number"),
        (b",1.499,", b",1.499\xff,", 4, "not UTF-8"),
        (b",3.093\r\n", b"", 23, "16 fields expected"),
    ],
)
def test_a_broken_file(old: bytes, new: bytes, line: int, says: str) -> None:
    whole = fixture(feed_of(MONTH))
    assert old in whole
    refused(MONTH, whole.replace(old, new, 1), says, line)


def test_a_file_that_breaks_off() -> None:
    whole = fixture(feed_of(ALL))
    refused(ALL, whole[:-4], "cut off")
    refused(ALL, whole[: whole.rindex(b",1.518")] + b"\r\n", "16 fields expected, 10 found")
    refused(ALL, b"Interest Rate,,,,,,,,,,,,,,,(Unit : %)\r\n", "the header has to be", 2)
