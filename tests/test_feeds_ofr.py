"""The OFR's live answers: the snapshot's values again, and every broken answer named."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from evidence.publishers import Feed, feeds_of
from tests.test_feeds_nyfed import (
    HTML,
    PUBLISHERS,
    agrees,
    changed,
    fixture,
    messages,
    refused,
    sound,
)

OFR = PUBLISHERS["ofr"]
FILES = {
    "ofr/fsi.csv": "fsi.csv",
    "ofr/repo.json": "repo.json",
    "ofr/sponsored.json": "sponsored.json",
}


def test_the_feeds() -> None:
    feeds = feeds_of(OFR, {"FRED_API_KEY": "unused"})
    sound("ofr", feeds)
    assert {feed.name for feed in feeds} == set(FILES)
    assert sum(len(feed.series) for feed in feeds) == 17
    assert "unused" not in repr(feeds)


@pytest.mark.parametrize("feed", feeds_of(OFR, {}), ids=lambda feed: feed.name)
def test_an_answer_gives_what_the_snapshot_holds(feed: Feed) -> None:
    parsed = OFR.parse(feed.name, fixture("ofr", FILES[feed.name]))
    assert parsed.problems == ()
    assert {row.series for row in parsed.observations} == set(feed.series)
    assert {row.known_at for row in parsed.observations} == {""}
    for series in feed.series:
        agrees(parsed.observations, series)


def test_the_index_has_its_parts_under_their_own_names() -> None:
    rows = OFR.parse("ofr/fsi.csv", fixture("ofr", "fsi.csv")).observations
    day = {row.series: Decimal(row.value) for row in rows if row.period == "2025-09-11"}
    categories = ("credit", "equity_valuation", "safe_assets", "funding", "volatility")
    regions = ("united_states", "other_advanced", "emerging")
    assert day["ofr.fsi"] == Decimal("-2.445")
    for parts in (categories, regions):
        total = sum((day[f"ofr.fsi.{part}"] for part in parts), Decimal(0))
        assert abs(total - day["ofr.fsi"]) < Decimal("0.003")


def test_dollars_become_billions_and_a_null_is_a_day_without_a_value() -> None:
    def empty(document: Any) -> None:
        document["REPO-DVP_TV_TOT-P"]["timeseries"]["aggregation"][0][1] = None

    parsed = OFR.parse("ofr/repo.json", changed(fixture("ofr", "repo.json"), empty))
    assert parsed.problems == ()
    rows = {(row.series, row.period): row.value for row in parsed.observations}
    assert rows["ofr.repo.dvp_volume", "2025-10-16"] == "2960.06863464965"
    assert ("ofr.repo.dvp_volume", "2025-09-24") not in rows
    assert rows["ofr.repo.dvp_rate", "2025-09-24"] == "4.15"


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (lambda data: HTML, "web page"),
        (lambda data: b"", "empty"),
        (lambda data: data.replace(b"2025-", b"\xff025-", 1), "UTF-8"),
    ],
)
def test_a_broken_answer_is_refused(name: str, broken: Callable[[bytes], bytes], says: str) -> None:
    refused(OFR, name, broken(fixture("ofr", FILES[name])), says)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (b",Safe assets,", b",Safe-haven assets,", "has to have Safe assets"),
        (b"Date,", b"date,", "has to have Date"),
        (b",-0.925,,,,,,,,\n", b",-0.9", "no end: cut off?"),
        (b",-0.925,,,,,,,,\n", b",-0.925,\n", "10 fields expected, 3 found"),
        (b",-0.925,", b',"-0,925",', "`-0,925` is not a number"),
        (b"2026-03-11", b"2026-03-10", "2026-03-10 stands here again"),
        (b"2026-03-11", b"3/11/26", "`3/11/26` is not a date"),
    ],
)
def test_a_changed_index_is_named(old: bytes, new: bytes, says: str) -> None:
    data = fixture("ofr", "fsi.csv")
    assert data.count(old) == 1
    parsed = OFR.parse("ofr/fsi.csv", data.replace(old, new))
    assert says in messages(parsed)
    assert "ofr.fsi" not in {row.series for row in parsed.observations}


VOLUME = "REPO-DVP_TV_TOT-P"


def within(*path: str | int, to: object) -> Callable[[Any], None]:
    """Puts something else at a place of a document."""

    def change(document: Any) -> None:
        here = document
        for key in path[:-1]:
            here = here[key]
        here[path[-1]] = to

    return change


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (within(VOLUME, "metadata", "unit", "name", to="Millions of USD"), "unit.name: `USD`"),
        (within(VOLUME, "metadata", "unit", "magnitude", to=6), "unit.magnitude: `0`"),
        (within(VOLUME, "metadata", "unit", to=None), "metadata.unit: an object is expected"),
        (within(VOLUME, "timeseries", "aggregation", to=[]), "timeseries.aggregation: a list"),
        (within(VOLUME, "timeseries", "aggregation", 3, to=["2025-09-29"]), "aggregation[3]: [day"),
        (within(VOLUME, "timeseries", "aggregation", 3, 1, to="1,5"), "`1,5` is not a number"),
        (within(VOLUME, "timeseries", "aggregation", 3, 1, to={}), "`{}` is not a number"),
        (within(VOLUME, "timeseries", "aggregation", 3, 0, to="2025-09-24"), "stands here again"),
        (within(VOLUME, "timeseries", "aggregation", 3, 0, to=1759104000000), "is not a date"),
        (within(VOLUME, to=None), "its entry: an object is expected, not nothing"),
    ],
)  # fmt: skip
def test_a_fault_of_one_series_leaves_the_others(change: Callable[[Any], None], says: str) -> None:
    parsed = OFR.parse("ofr/repo.json", changed(fixture("ofr", "repo.json"), change))
    assert says in messages(parsed)
    assert "ofr.repo.dvp_volume" in messages(parsed) or VOLUME in messages(parsed)
    assert {row.series for row in parsed.observations} == {
        "ofr.repo.dvp_rate", "ofr.repo.gcf_rate", "ofr.repo.gcf_volume",
        "ofr.repo.triparty_rate", "ofr.repo.triparty_volume",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["ofr/repo.json", "ofr/sponsored.json"])
def test_an_answer_that_is_cut_off_or_another_document_is_refused(name: str) -> None:
    data = fixture("ofr", FILES[name])
    refused(OFR, name, data[: len(data) // 2], "not whole JSON")
    refused(OFR, name, b'[["2025-10-16", 4.31]]', "an object is expected")
    parsed = OFR.parse(name, b'{"error": "Invalid mnemonic"}')
    assert parsed.observations == ()
    assert "its entry: an object is expected" in messages(parsed)
