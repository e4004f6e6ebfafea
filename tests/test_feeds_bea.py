"""The net investment position from BEA's own API."""

import json
from collections.abc import Callable

import pytest

from evidence.publishers import bea
from tests.test_feeds_fred import BEA_ALONE, KEYS, feed_of, fixture, parse, refused

IIP = "bea/live/IIP.json"


def answer(change: Callable[[dict], object] = lambda _: None) -> bytes:
    """The fixture with one thing changed."""
    whole = json.loads(fixture(feed_of(IIP, BEA_ALONE)))
    change(whole["BEAAPI"])
    return json.dumps(whole).encode()


def values(data: bytes) -> dict[str, str]:
    parsed = parse(IIP, data)
    assert parsed.problems == ()
    return {row.period: row.value for row in parsed.observations}


def test_the_position_in_billions() -> None:
    rows = values(answer())
    assert rows["2025-06"] == "-21416.856"
    assert rows["2026-06"] == "-22420.319"
    assert {row.series for row in parse(IIP).observations} == {"bea.niip_revised"}


def row(number: int, **change: object) -> Callable[[dict], object]:
    return lambda told: told["Results"]["Data"][number].update(change)


def test_grouped_thousands_and_a_blank() -> None:
    assert values(answer(row(-1, DataValue="-22,420,319"))) == values(answer())
    blank = values(answer(row(-1, DataValue="")))
    assert set(values(answer())) - set(blank) == {"2026-06"}


def test_alfreds_prints_come_before_beas_copy_and_that_before_freds() -> None:
    def source(keys: dict[str, str]) -> str:
        found = [f.name for f in bea.feeds(keys) if f.series == ("bea.niip_revised",)]
        assert len(found) == 1
        return found[0]

    assert source({}) == "bea/live/IIPUSNETIQ.csv"
    assert source(BEA_ALONE) == IIP
    assert source(KEYS) == source({"FRED_API_KEY": "f"}) == "bea/live/IIPUSNETIQ.json"
    assert feed_of(IIP, BEA_ALONE).secret == {"UserID": KEYS["BEA_API_KEY"]}
    for keys in ({}, BEA_ALONE, KEYS):
        assert len(bea.feeds(keys)) == 3


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (row(3, UNIT_MULT="3"), "Data[3].UNIT_MULT: `6` expected, not `3`"),
        (row(3, CL_UNIT="Level"), "Data[3].CL_UNIT"),
        (row(3, TypeOfInvestment="FinLiabs"), "Data[3].TypeOfInvestment"),
        (row(3, Component="ChgPos"), "Data[3].Component"),
        (row(3, Frequency="A"), "Data[3].Frequency"),
        (row(3, TimePeriod="2025"), "Data[3].TimePeriod: a quarter"),
        (row(3, TimePeriod="2025Q5"), "Data[3].TimePeriod: a quarter"),
        (row(3, TimePeriod="2026Q2"), "stands here again"),
        (row(3, DataValue="(D)"), "`(D)` is not a number"),
        (row(3, DataValue="-21416,9"), "is not a number"),
        (row(3, DataValue="-2,1416,856"), "is not a number"),
        (lambda told: told["Results"]["Data"][3].pop("DataValue"), "is not a number"),
        (lambda told: told["Results"]["Data"][3].pop("UNIT_MULT"), "Data[3].UNIT_MULT"),
        (lambda told: told["Results"].pop("Data"), "Data: a list"),
        (lambda told: told["Results"].update(Data=[]), "Data: a list"),
        (lambda told: told["Results"].update(Data=["x"]), "Data[0]"),
        (lambda told: told.update(Results=[told["Results"]]), "BEAAPI.Results"),
        (lambda told: told.pop("Results"), "Data: a list"),
    ],
)
def test_a_changed_answer(change: Callable[[dict], object], says: str) -> None:
    refused(IIP, answer(change), says)


ERROR = {"APIErrorCode": "3", "APIErrorDescription": "The BEA API UserID provided in the request does not exist."}  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        lambda told: (told.pop("Results"), told.update(Error=ERROR)),
        lambda told: told.update(Results={"Error": ERROR}),
    ],
)
def test_a_refusal_comes_with_status_200(change: Callable[[dict], object]) -> None:
    refused(IIP, answer(change), "BEA refuses (code 3): The BEA API UserID provided")


def test_the_key_that_the_answer_repeats_is_not_told() -> None:
    key = KEYS["BEA_API_KEY"]
    for data in (answer(row(0, UNIT_MULT="3")), answer(lambda told: told.update(Error=ERROR))):
        whole = data.replace(b"00000000-0000-0000-0000-000000000000", key.encode())
        assert key.encode() in whole
        assert not any(key in str(problem) for problem in parse(IIP, whole).problems)


def test_an_answer_that_breaks_off() -> None:
    whole = answer()
    refused(IIP, whole[:-20], "not whole JSON")
    refused(IIP, b'{"Error": 1}', "BEAAPI: an object is expected")
