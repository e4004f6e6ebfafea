"""The New York Fed's live answers: the snapshot's values again, and every broken answer named."""

import csv
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from evidence.catalogue import read as read_catalogue
from evidence.observations import SNAPSHOT
from evidence.publishers import Feed, Observation, Parsed, Publisher, discover, feeds_of

WEB = Path(__file__).parent / "fixtures" / "web"
PUBLISHERS = discover()
NYFED = PUBLISHERS["nyfed"]
HTML = b"<!DOCTYPE html>\n<html><head><title>503</title></head><body>Try later</body></html>\n"


def fixture(publisher: str, name: str) -> bytes:
    return (WEB / publisher / name).read_bytes()


def snapshot(series: str) -> dict[str, Decimal]:
    """The newest value of each period of a series as the repo holds it; none where it is not held."""
    path = SNAPSHOT / "series" / f"{series}.csv"
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["period"]: Decimal(row["value"]) for row in csv.DictReader(lines)}


def agrees(rows: tuple[Observation, ...], series: str) -> None:
    """What a fixture has of a series is the snapshot's end, value for value, and reaches its last period."""
    found = {row.period: Decimal(row.value) for row in rows if row.series == series}
    held = snapshot(series)
    assert found
    assert max(found) == max(held)
    assert found == {period: held[period] for period in found}


def sound(publisher: str, feeds: tuple[Feed, ...]) -> None:
    """What holds for the feeds of every publisher."""
    catalogue = read_catalogue()
    assert len({feed.name for feed in feeds}) == len(feeds)
    assert len({feed.url for feed in feeds}) == len(feeds)
    for feed in feeds:
        assert feed.name.startswith(f"{publisher}/")
        assert feed.url.startswith("https://")
        assert feed.series
        assert not any(catalogue.series[name].derived for name in feed.series)
    brought = [name for feed in feeds for name in feed.series]
    assert len(set(brought)) == len(brought)


def messages(parsed: Parsed) -> str:
    return "\n".join(str(problem) for problem in parsed.problems)


def refused(module: Publisher, name: str, data: bytes, says: str) -> None:
    """Nothing comes of an answer, and the one problem names the feed and what was expected."""
    parsed = module.parse(name, data)
    assert parsed.observations == ()
    assert [problem.source for problem in parsed.problems] == [name]
    assert says in parsed.problems[0].message


def changed(data: bytes, change: Callable[[Any], object]) -> bytes:
    """A JSON document after something was done to it."""
    document = json.loads(data)
    change(document)
    return json.dumps(document).encode()


FILES = {
    "nyfed/sofr.json": "sofr.json",
    "nyfed/tgcr.json": "tgcr.json",
    "nyfed/bgcr.json": "bgcr.json",
    "nyfed/effr.json": "effr.json",
    "nyfed/repo_operations.json": "repo_operations.json",
    "nyfed/dealers.json": "dealers.json",
}


def test_the_feeds() -> None:
    feeds = feeds_of(NYFED, {"FRED_API_KEY": "unused"})
    sound("nyfed", feeds)
    assert {feed.name for feed in feeds} == set(FILES)
    assert "unused" not in repr(feeds)
    assert all("{today}" not in feed.url for feed in feeds)


@pytest.mark.parametrize("feed", feeds_of(NYFED, {}), ids=lambda feed: feed.name)
def test_an_answer_gives_what_the_snapshot_holds(feed: Feed) -> None:
    parsed = NYFED.parse(feed.name, fixture("nyfed", FILES[feed.name]))
    assert parsed.problems == ()
    assert {row.series for row in parsed.observations} == set(feed.series)
    assert {row.known_at for row in parsed.observations} == {""}
    for series in feed.series:
        if series != "nyfed.bgcr":  # in no kept file: there is nothing to hold it against
            agrees(parsed.observations, series)


def test_the_broad_general_collateral_rate() -> None:
    rows = NYFED.parse("nyfed/bgcr.json", fixture("nyfed", "bgcr.json")).observations
    assert {row.period: row.value for row in rows}["2025-07-31"] == "4.36"


def operations(*told: tuple[str, str, int]) -> bytes:
    """Results of overnight operations: day, close, dollars taken in."""
    rows = [
        {
            "operationId": f"RP {number}",
            "auctionStatus": "Results",
            "operationDate": day,
            "operationType": "Repo",
            "term": "Overnight",
            "closeTime": close,
            "totalAmtAccepted": dollars,
        }
        for number, (day, close, dollars) in enumerate(told)
    ]
    return json.dumps({"repo": {"operations": rows}}).encode()


def taken(data: bytes) -> dict[str, str]:
    parsed = NYFED.parse("nyfed/repo_operations.json", data)
    assert parsed.problems == ()
    return {row.period: row.value for row in parsed.observations}


def test_a_days_operations_are_added_up() -> None:
    rows = taken(fixture("nyfed", "repo_operations.json"))
    assert rows["2025-10-16"] == "8.35"
    assert rows["2025-10-08"] == "0.098"  # 97 million of them an exercise of small value
    halves = operations(("2026-04-15", "13:45", 10_462_000_000), ("2026-04-15", "08:30", 1_000_000))
    assert taken(halves) == {"2026-04-15": "10.463"}


def test_half_a_day_is_not_the_day() -> None:
    told = [("2026-04-15", "13:45", 3), ("2026-04-14", "08:30", 2), ("2026-04-14", "13:45", 2)]
    morning = ("2026-04-16", "08:30", 7_000_000)
    assert set(taken(operations(*told, morning))) == {"2026-04-15", "2026-04-14"}
    assert taken(operations(*told, morning, ("2026-04-16", "13:45", 0)))["2026-04-16"] == "0.007"
    # a day that never had a second one counts once a later day is there
    assert taken(operations(morning, ("2026-04-17", "13:45", 0)))["2026-04-16"] == "0.007"


def test_what_is_no_overnight_repo_is_passed_over() -> None:
    data = operations(
        ("2026-04-15", "13:45", 1_000_000_000),
        ("2026-04-15", "13:45", 2_000_000_000),
        ("2026-04-15", "13:45", 4_000_000_000),
        ("2026-04-15", "13:45", 8_000_000_000),
    )

    def other(document: Any) -> None:
        rows = document["repo"]["operations"]
        rows[1]["operationType"] = "Reverse Repo"
        rows[2]["term"] = "Term"
        rows[3]["auctionStatus"] = "Announced"

    assert taken(changed(data, other)) == {"2026-04-15": "1"}


def test_a_revised_rate_was_known_in_the_afternoon() -> None:
    def revise(document: Any) -> None:
        document["refRates"][1]["revisionIndicator"] = "R"

    data = changed(fixture("nyfed", "sofr.json"), revise)
    rows = {
        (r.series, r.period): r.known_at for r in NYFED.parse("nyfed/sofr.json", data).observations
    }
    # for 21 July: first printed at 8:00 on the 22nd, again at 14:30
    assert rows["nyfed.sofr", "2026-07-21"] == "2026-07-22T18:30:00Z"
    assert rows["nyfed.sofr", "2026-07-22"] == ""


@pytest.mark.parametrize("nothing", [None, "", "NA"])
def test_a_rate_may_be_missing(nothing: str | None) -> None:
    def empty(document: Any) -> None:
        document["refRates"][0]["percentRate"] = nothing
        del document["refRates"][1]["percentRate"]

    data = changed(fixture("nyfed", "tgcr.json"), empty)
    parsed = NYFED.parse("nyfed/tgcr.json", data)
    assert parsed.problems == ()
    assert max(row.period for row in parsed.observations) == "2026-07-17"


def test_a_week_that_is_withheld_in_part_has_no_sum() -> None:
    def withhold(document: Any) -> None:
        for row in document["pd"]["timeseries"]:
            if row["keyid"] == "PDSIRRA-CBGUTSET" and row["asofdate"] == "2026-04-22":
                row["value"] = "*"

    data = changed(fixture("nyfed", "dealers.json"), withhold)
    parsed = NYFED.parse("nyfed/dealers.json", data)
    assert parsed.problems == ()
    weeks = {(row.series, row.period) for row in parsed.observations}
    assert ("nyfed.dealers.reverse_repo_cleared", "2026-04-22") not in weeks
    assert ("nyfed.dealers.reverse_repo_cleared", "2026-04-15") in weeks
    assert ("nyfed.dealers.reverse_repo_uncleared", "2026-04-22") in weeks


def test_coupons_are_all_but_bills_and_floating_rate_notes() -> None:
    rows = NYFED.parse("nyfed/dealers.json", fixture("nyfed", "dealers.json")).observations
    found = {(row.series, row.period): row.value for row in rows}
    # 518,390 less 78,468 of bills and 8,078 of floating-rate notes, in millions
    assert found["nyfed.dealers.coupons_net", "2026-04-22"] == "431.844"
    # 813,835 against specific and 173,577 against general collateral
    assert found["nyfed.dealers.reverse_repo_uncleared", "2026-04-22"] == "987.412"


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (lambda data: HTML, "web page"),
        (lambda data: b"", "empty"),
        (lambda data: data[: len(data) // 2], "not whole JSON"),
        (lambda data: b"[1, 2]", "an object is expected"),
        (lambda data: b"{}", "is expected, not nothing"),
        (lambda data: data.replace(b'"', b"\xff"), "UTF-8"),
        (lambda data: b"[" * 200_000, "not readable"),
        (lambda data: data.replace(b"[", b"[NaN,", 1), "NaN is not a number"),
        (lambda data: data.replace(b"[", b"[3,", 1), "[0]: an object is expected, not `3`"),
    ],
)
def test_a_broken_answer_is_refused(name: str, broken: Callable[[bytes], bytes], says: str) -> None:
    refused(NYFED, name, broken(fixture("nyfed", FILES[name])), says)


def first(path: str, **fields: object) -> Callable[[Any], None]:
    """Changes fields of the second record of a list; None takes one out."""

    def change(document: Any) -> None:
        here = document
        for key in path.split("."):
            here = here[key]
        for field, value in fields.items():
            if value is None:
                del here[1][field]
            else:
                here[1][field] = value

    return change


def again(path: str) -> Callable[[Any], None]:
    """Puts the first record of a list there once more."""

    def change(document: Any) -> None:
        here = document
        for key in path.split("."):
            here = here[key]
        here.append(here[0])

    return change


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("nyfed/effr.json", first("refRates", percentRate="3,64"), "`3,64` is not a number"),
        ("nyfed/effr.json", first("refRates", percentRate=True), "`True` is not a number"),
        ("nyfed/effr.json", first("refRates", effectiveDate="07/20/2026"), "is not a date"),
        ("nyfed/effr.json", first("refRates", effectiveDate=None), "`None` is not a date"),
        ("nyfed/effr.json", first("refRates", type="OBFR"), "refRates[1].type: `EFFR`"),
        ("nyfed/effr.json", again("refRates"), "stands here again (first in line 1)"),
        ("nyfed/repo_operations.json", first("repo.operations", term=None), "[1]: `term` is"),
        ("nyfed/repo_operations.json", first("repo.operations", closeTime="1:45 PM"), "a time such"),
        ("nyfed/repo_operations.json", first("repo.operations", totalAmtAccepted="1,5"), "`1,5`"),
        ("nyfed/repo_operations.json", again("repo.operations"), "RP 072226 25 stands here again"),
        ("nyfed/dealers.json", again("pd.timeseries"), "PDPOSGS-B of 2026-02-18 stands here again"),
    ],
)  # fmt: skip
def test_a_fault_names_its_place(name: str, change: Callable[[Any], None], says: str) -> None:
    refused(NYFED, name, changed(fixture("nyfed", FILES[name]), change), says)


def test_a_fault_of_one_field_leaves_the_others() -> None:
    data = fixture("nyfed", "sofr.json").replace(b"percentPercentile99", b"percentile99")
    parsed = NYFED.parse("nyfed/sofr.json", data)
    assert "no record has `percentPercentile99`" in messages(parsed)
    assert {row.series for row in parsed.observations} == {
        "nyfed.sofr", "nyfed.sofr_p1", "nyfed.sofr_p25", "nyfed.sofr_p75", "nyfed.sofr_volume",
    }  # fmt: skip


def test_a_line_that_left_the_dealers_report_is_missed() -> None:
    data = fixture("nyfed", "dealers.json").replace(b"PDPOSGS-BFRN", b"PDPOSGS-BFRX")
    parsed = NYFED.parse("nyfed/dealers.json", data)
    assert "PDPOSGS-BFRN is expected" in messages(parsed)
    assert len({row.series for row in parsed.observations}) == 9
    bad = fixture("nyfed", "dealers.json").replace(b'"78468"', b'"78.468,0"')
    parsed = NYFED.parse("nyfed/dealers.json", bad)
    assert "`78.468,0` is not a number" in messages(parsed)
    assert not {"nyfed.dealers.bills_net", "nyfed.dealers.coupons_net"} & {
        row.series for row in parsed.observations
    }
