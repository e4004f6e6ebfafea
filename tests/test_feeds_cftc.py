"""The CFTC's live answers and a year's archive: the snapshot's values again, and every broken answer named."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from evidence.publishers import Feed, cftc, feeds_of
from tests.test_feeds_nyfed import (
    HTML,
    PUBLISHERS,
    agrees,
    fixture,
    messages,
    refused,
    snapshot,
    sound,
)

CFTC = PUBLISHERS["cftc"]
FUTURES, COMBINED = "cftc/live/tff_futures_only.csv", "cftc/live/tff_combined.csv"
FILES = {FUTURES: "tff_futures_only.csv", COMBINED: "tff_combined.csv"}
YEAR = "cftc/live/fut_fin_txt_2025.zip"
KEPT = Path(__file__).parent / "fixtures" / "publishers" / "cftc" / "FinFutYY_2025.txt"


def test_the_feeds() -> None:
    feeds = feeds_of(CFTC, {"FRED_API_KEY": "unused"})
    sound("cftc", feeds)
    assert {feed.name: len(feed.series) for feed in feeds} == {FUTURES: 30, COMBINED: 20}
    for feed in feeds:
        asked = parse_qs(urlsplit(feed.url).query)
        header = fixture("cftc", FILES[feed.name]).decode().splitlines()[0].replace('"', "")
        assert asked["$select"] == [header]
        assert asked["$order"] == ["report_date_as_yyyy_mm_dd,cftc_contract_market_code"]
        assert asked["$where"][0].startswith("cftc_contract_market_code in('042601','044601',")
        assert asked["$limit"] == ["50000"]


@pytest.mark.parametrize("feed", feeds_of(CFTC, {}), ids=lambda feed: feed.name)
def test_an_answer_gives_what_the_snapshot_holds(feed: Feed) -> None:
    parsed = CFTC.parse(feed.name, fixture("cftc", FILES[feed.name]))
    assert parsed.problems == ()
    assert {row.series for row in parsed.observations} == set(feed.series)
    assert {row.known_at for row in parsed.observations} == {""}
    for series in feed.series:
        agrees(parsed.observations, series)


def test_reports_that_a_shutdown_delayed_are_weeks_like_others() -> None:
    rows = CFTC.parse(FUTURES, fixture("cftc", "tff_futures_only.csv")).observations
    found = {(row.series, row.period): row.value for row in rows}
    weeks = [period for series, period in found if series == "cftc.tff.lev_short.us10y"]
    assert {"2025-10-14", "2025-11-10", "2026-08-04"} <= set(weeks)
    assert found["cftc.tff.lev_short.us10y", "2026-08-04"] == "2501936"


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (lambda data: HTML, "web page"),
        (lambda data: b"", "empty"),
        (lambda data: data[:-4], "no end: cut off?"),
        (lambda data: data[: data.rindex(b'","')] + b"\n", "not readable as a table"),
        (lambda data: data.replace(b'"2026-06-23', b'"\xff026-06-23', 1), "UTF-8"),
        (lambda data: data.replace(b"_positions_long", b"_positions_long_all"), "has to have lev"),
        (lambda data: data.replace(b"report_date_as_yyyy_mm_dd", b"report_date"), "has to have rep"),
        (lambda data: data.replace(b'"Combined"', b'"Both"').replace(b'"FutOnly"', b'"Both"'), "neither"),
        (lambda data: b'{"error": true, "message": "no-such-column"}\n', "not readable as a table"),
    ],
)  # fmt: skip
def test_a_broken_answer_is_refused(name: str, broken: Callable[[bytes], bytes], says: str) -> None:
    refused(CFTC, name, broken(fixture("cftc", FILES[name])), says)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"2501936"', '"2,501,936"', "`2,501,936` is not a number"),
        ('"2501936"', '""', "`` is not a number"),
        ('"2026-08-04T00:00:00.000","043602"', '"2026-07-28T00:00:00.000","043602"', "stands here again"),
        ('"2026-08-04T00:00:00.000","043602"', '"08/04/2026","043602"', "is not a date"),
        ('"2026-08-04T00:00:00.000","043602"', '"2026-08-04T19:30:00.000","043602"', "is not a date"),
    ],
)  # fmt: skip
def test_a_fault_of_one_contract_leaves_the_others(old: str, new: str, says: str) -> None:
    data = fixture("cftc", "tff_futures_only.csv").decode()
    assert data.count(old) == 1
    parsed = CFTC.parse(FUTURES, data.replace(old, new).encode())
    assert says in messages(parsed)
    series = {row.series for row in parsed.observations}
    assert "cftc.tff.lev_short.us10y" not in series
    assert "cftc.tff.lev_short.us2y" in series


def test_as_many_rows_as_were_asked_for_may_not_be_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cftc, "LIMIT", 60)
    refused(CFTC, COMBINED, fixture("cftc", "tff_combined.csv"), "as many as were asked for")


def archive(**members: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name.replace("_txt", ".txt"), data)
    return held.getvalue()


def test_a_years_archive_tells_the_same() -> None:
    parsed = CFTC.parse(YEAR, archive(FinFutYY_txt=KEPT.read_bytes()))
    assert parsed.problems == ()
    assert (
        parsed.observations == CFTC.parse("cftc/FinFutYY_2025.txt", KEPT.read_bytes()).observations
    )
    assert len(parsed.observations) > 20
    for row in parsed.observations:
        assert snapshot(row.series)[row.period] == int(row.value)


def test_a_broken_archive_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    year = archive(FinFutYY_txt=KEPT.read_bytes())
    refused(CFTC, YEAR, HTML, "no whole zip archive")
    refused(CFTC, YEAR, year[: len(year) // 2], "no whole zip archive")
    refused(CFTC, YEAR, year[9:], "no whole zip archive")
    damaged = year.replace(year[200:240], bytes(40), 1)
    refused(CFTC, YEAR, damaged, "no whole zip archive")
    refused(CFTC, YEAR, archive(readme=b"nothing"), "it holds readme")
    refused(CFTC, YEAR, archive(a_txt=b"1", b_txt=b"2"), "one text file is expected")
    refused(CFTC, YEAR, archive(FinFutYY_txt=HTML), "web page")
    monkeypatch.setattr(cftc, "LARGEST", 1_000_000)
    bomb = archive(FinFutYY_txt=bytes(20_000_000))
    assert len(bomb) < 30_000
    refused(CFTC, YEAR, bomb, "more than 1,000,000 bytes")
