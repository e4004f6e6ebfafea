"""FRED's two live forms, as every module that reads through FRED takes them; and what all feeds have in common."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence import calendar, ledger
from evidence.live_files import is_live
from evidence.observations import SNAPSHOT
from evidence.publishers import Feed, Parsed, declared, discover, feeds_of
from tests import ours
from tests.hosts import stored
from tests.sampled import one_in

WEB = Path(__file__).parent / "fixtures" / "web"
MODULES = {
    name: module
    for name, module in discover().items()
    if name in ("abroad", "bea", "ecb", "fiscal", "fred", "imf", "z1")
}
KEYS = {
    "FRED_API_KEY": "0123456789abcdef0123456789abcdef",
    "BEA_API_KEY": "BEEFBEEF-0000-4000-8000",
}
BEA_ALONE = {"BEA_API_KEY": KEYS["BEA_API_KEY"]}
CATALOGUE = ours.catalogue()
NAMED_ONLY = {entry.id for name in MODULES for entry in declared(name)}
"""Series that only the catalogue names: their answers are made by the test server."""
NOT_HELD = {"ecb.bund_10y_month", *NAMED_ONLY}
"""The series without a kept copy: nothing of the snapshot can be compared with them."""


def publisher_of(name: str) -> str:
    """The module that a feed belongs to, which is its folder."""
    return name.split("/", maxsplit=1)[0]


def fixture(feed: Feed) -> bytes:
    """What the test server gives for a feed, found as the server finds it: by path and query."""
    if feed.series[0] in NAMED_ONLY:
        return stored(publisher_of(feed.name), feed.name.rpartition("/")[2])
    asked = urlsplit(feed.url)
    query = dict(parse_qsl(asked.query))
    folder = WEB / publisher_of(feed.name)
    routes = yaml.safe_load((folder / "routes.yaml").read_text(encoding="utf-8"))
    found = [
        route["file"]
        for route in routes
        if route["path"] == asked.path
        and all(query.get(name) == value for name, value in route.get("query", {}).items())
    ]
    assert len(found) == 1, feed.name
    return (folder / found[0]).read_bytes()


def feed_of(name: str, keys: dict[str, str] | None = None) -> Feed:
    """A feed by its name."""
    module = MODULES[publisher_of(name)]
    return next(feed for feed in feeds_of(module, keys or {}) if feed.name == name)


def parse(name: str, data: bytes | None = None) -> Parsed:
    """A feed's answer through its module: the fixture, where no other is given."""
    if data is None:
        keys = KEYS if name.endswith(".json") else {}
        data = fixture(feed_of(name, BEA_ALONE if name == "bea/live/IIP.json" else keys))
    return MODULES[publisher_of(name)].parse(name, data)


@cache
def standing(series: str) -> dict[str, Decimal]:
    """What the committed snapshot says now, by period."""
    release = CATALOGUE.releases[CATALOGUE.series[series].release]
    held = ledger.read_lines(SNAPSHOT / "series" / f"{series}.csv")
    return {
        period: Decimal(versions[-1].value)
        for period, versions in ledger.standing(release, held).items()
    }


def newest(parsed: Parsed) -> dict[str, dict[str, Decimal]]:
    """The last print of each period, by series."""
    found: dict[str, dict[str, Decimal]] = {}
    for row in sorted(parsed.observations, key=lambda row: row.known_at):
        found.setdefault(row.series, {})[row.period] = Decimal(row.value)
    return found


def refused(name: str, data: bytes, says: str, line: int | None = None) -> None:
    """Asserts that a feed's answer brings nothing and is named with what was expected."""
    parsed = parse(name, data)
    assert parsed.observations == ()
    assert parsed.problems[0].source == name
    assert says in parsed.problems[0].message
    assert line is None or parsed.problems[0].line == line


ASKED = [
    (publisher, keys)
    for publisher in MODULES
    for keys in ({}, BEA_ALONE, {"FRED_API_KEY": KEYS["FRED_API_KEY"]}, KEYS)
]
FEEDS = {feed.name: feed for name, keys in ASKED for feed in feeds_of(MODULES[name], keys)}
GRAPH, PRINTS = "fred/live/DGS10.csv", "bea/live/BOPGSTB.json"


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_brings_what_the_snapshot_holds(name: str) -> None:
    parsed = parse(name)
    assert parsed.problems == ()
    come = newest(parsed)
    assert set(come) == set(FEEDS[name].series)
    for series, values in come.items():
        assert len(values) >= 8
        if series not in NOT_HELD:
            held = standing(series)
            assert values == {period: held[period] for period in values}
    if not FEEDS[name].vintages:
        assert {row.known_at for row in parsed.observations} == {""}


@pytest.mark.parametrize(("publisher", "keys"), ASKED)
def test_feeds_are_distinct_safe_and_catalogued(publisher: str, keys: dict[str, str]) -> None:
    feeds = feeds_of(MODULES[publisher], keys)
    assert len({feed.name for feed in feeds}) == len(feeds) > 0
    for feed in feeds:
        assert feed.url.startswith("https://")
        assert feed.name.startswith(f"{publisher}/")
        assert is_live(feed.name)
        for key in KEYS.values():
            assert key not in repr(feed)
            assert key not in feed.url
        assert feed.vintages <= bool(feed.secret)
        for series in feed.series:
            assert not CATALOGUE.series[series].derived
            assert CATALOGUE.series[series].licence == "open"


def test_no_series_has_two_sources_but_japans_two_files() -> None:
    for keys in ({}, BEA_ALONE, KEYS):
        fed = [s for module in MODULES.values() for f in feeds_of(module, keys) for s in f.series]
        assert sorted(s for s in set(fed) if fed.count(s) > 1) == ["mof.jgb_10y"]


def test_closed_series_are_not_fed() -> None:
    fed = {series for feed in FEEDS.values() for series in feed.series}
    assert not fed & {"bea.niip", "z1.row_equity_in", "z1.row_equity_out"}
    assert not any(series.startswith("imf.gg_balance_projected") for series in fed)


def test_a_key_brings_prints_of_what_is_revised_and_of_nothing_else() -> None:
    revised = {name for name, feed in FEEDS.items() if feed.vintages}
    assert revised == {
        "fred/live/DTWEXBGS.json", "bea/live/BOPGSTB.json", "bea/live/GDP.json", "bea/live/IIPUSNETIQ.json",
        "fiscal/live/MTSDS133FMS.json", "z1/live/BOGZ1LM263064105Q.json", "z1/live/BOGZ1FL263164100Q.json",
        "z1/live/ROWEINQ027S.json", "z1/live/ROWEISQ027S.json", "z1/live/BOGZ1FU263081005Q.json",
        "z1/live/BOGZ1FU263181105Q.json", "z1/live/ROWTSEQ027S.json",
    }  # fmt: skip
    for name in revised:
        assert feed_of(name, KEYS).secret == {"api_key": KEYS["FRED_API_KEY"]}
        graph = name.replace(".json", ".csv")
        assert graph in {feed.name for feed in feeds_of(MODULES[publisher_of(name)], {})}
        assert graph not in {feed.name for feed in feeds_of(MODULES[publisher_of(name)], KEYS)}


def test_an_empty_key_is_none() -> None:
    for module in MODULES.values():
        assert module.feeds({"FRED_API_KEY": "", "BEA_API_KEY": ""}) == feeds_of(module, {})  # type: ignore[attr-defined]


# The graph file.


def graph(code: str, *lines: str) -> bytes:
    return "\n".join([f"observation_date,{code}", *lines, ""]).encode()


def test_a_graph_file_by_hand() -> None:
    custody = {row.period: row.value for row in parse("fred/live/WMTSECL1.csv").observations}
    assert custody["2026-06-24"] == "2636.947"
    yields = {row.period: row.value for row in parse(GRAPH).observations}
    assert yields["2026-07-22"] == "4.67"
    assert "2026-07-03" not in yields  # a holiday, blank
    dotted = parse(GRAPH, graph("DGS10", "2026-07-02,4.49", "2026-07-03,.", "2026-07-06,4.48"))
    assert [row.period for row in dotted.observations] == ["2026-07-02", "2026-07-06"]
    quarters = {row.period: row.value for row in parse("bea/live/GDP.csv").observations}
    assert quarters["2025-03"] == "30171.979"  # FRED dates it 2025-01-01


def test_a_revised_dollar_is_left_to_the_refresh_to_date() -> None:
    rows = parse("fred/live/DTWEXBGS.csv", graph("DTWEXBGS", "2025-04-02,126.1")).observations
    assert [(row.value, row.known_at) for row in rows] == [("126.1", "")]


def test_days_before_the_first_that_is_asked_for_are_passed_over() -> None:
    data = graph("WMTSECL1", "2002-12-18,0", "2007-06-27,0", "2007-07-04,1209781")
    rows = parse("fred/live/WMTSECL1.csv", data).observations
    assert [(row.period, row.value) for row in rows] == [("2007-07-04", "1209.781")]
    closed = parse("z1/live/ROWEINQ027S.csv", graph("ROWEINQ027S", "2023-10-01,1", "2024-01-01,2"))
    assert [row.period for row in closed.observations] == ["2024-03"]


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        (b"observation_date,DGS10", b"DATE,DGS10", 1, "observation_date"),
        (b"observation_date,DGS10", b"observation_date,DGS2", 1, "DGS10"),
        (b"observation_date,DGS10", b"observation_date,DGS10,DGS2", 1, "the header has to have"),
        (b",4.38", b",4,38", 2, "2 fields expected, 3 found"),
        (b",4.38", b',"4,38"', 2, "not a number"),
        (b",4.38", b",4.38%", 2, "not a number"),
        (b",4.44", b"", 4, "2 fields expected, 1 found"),
        (b"2026-06-29", b"2026-06-26", 3, "stands here again (first in line 2)"),
        (b"2026-06-30", b"2026-06-31", 4, "not a date"),
        (b"2026-06-30", b"06/30/2026", 4, "not a date"),
        (b"2026-06-30", b"2199-06-30", 4, "lies outside"),
        (b",4.44", b",\xff", 4, "not UTF-8"),
        (b",4.67\n", b",4.6", 20, "cut off"),
    ],
)
def test_a_broken_graph_file(old: bytes, new: bytes, line: int, says: str) -> None:
    whole = fixture(feed_of(GRAPH))
    assert old in whole
    refused(GRAPH, whole.replace(old, new, 1), says, line)


def test_a_graph_file_of_days_where_months_belong() -> None:
    refused("bea/live/BOPGSTB.csv", graph("BOPGSTB", "2026-06-15,-73261"), "not the first day", 2)
    refused("bea/live/GDP.csv", graph("GDP", "2026-02-01,32000"), "a period of 3 months", 2)


@pytest.mark.parametrize("name", FEEDS)
def test_a_page_an_empty_file_and_a_foreign_one_are_refused(name: str) -> None:
    page = b"<!DOCTYPE html>\n<html><head><title>503</title></head><body>Try later</body></html>\n"
    refused(name, page, "web page")
    refused(name, b"", "empty")
    refused(name, b"\xff\xfe\x00\xff", "not UTF-8")
    stray = f"{publisher_of(name)}/live/OTHER{Path(name).suffix}"
    if publisher_of(name) in ("fred", "bea", "fiscal", "z1"):
        refused(stray, fixture(FEEDS[name]), "none of the series read here")


# The prints.


def prints(change: Callable[[dict], object] = lambda _: None, name: str = PRINTS) -> bytes:
    """A fixture of prints with one thing changed."""
    answer = json.loads(fixture(FEEDS[name]))
    change(answer)
    return json.dumps(answer).encode()


def told(name: str, period: str, data: bytes | None = None) -> list[tuple[str, str]]:
    return [(r.known_at, r.value) for r in parse(name, data).observations if r.period == period]


def test_the_prints_of_the_trade_balance() -> None:
    assert told(PRINTS, "2025-03")[:3] == [
        ("2025-05-06T12:30:00Z", "-140.5"),  # as first printed; summer time
        ("2025-06-05T12:30:00Z", "-138.316"),  # the annual revision
        ("2025-09-04T12:30:00Z", "-136.419"),
    ]
    assert told(PRINTS, "2025-09")[0] == ("2025-12-11T13:30:00Z", "-52.828")  # winter time
    # known on ALFRED's first day for the series, or before: left to the release rule
    assert told(PRINTS, "2025-01")[0] == ("", "-131.4")
    assert told(PRINTS, "2024-12")[0] == ("", "-98.1")


def test_prints_of_other_releases_have_their_hours() -> None:
    dollar = "fred/live/DTWEXBGS.json"
    assert told(dollar, "2025-11-14") == [("", "121.363"), ("2026-05-26T20:15:00Z", "120.9666")]
    assert told(dollar, "2026-10-02") == [("2026-10-05T20:15:00Z", "121.3848")]
    assert told("bea/live/GDP.json", "2025-03") == [
        ("", "29976.638"),
        ("2026-09-30T12:30:00Z", "30171.979"),
    ]
    assert told("bea/live/IIPUSNETIQ.json", "2025-06")[-1][1] == "-21416.856"
    assert told("z1/live/ROWEINQ027S.json", "2024-12") == [
        ("", "34490.593"),
        ("2026-09-18T16:00:00Z", "29806.241"),
    ]
    assert told("fiscal/live/MTSDS133FMS.json", "2026-08")[0][0] == "2026-09-11T18:00:00Z"


def test_a_first_day_before_the_rules_is_the_day() -> None:
    """The third quarter of 1991 stood in ALFRED's first copy, three weeks before the rule has the third estimate."""

    def early(answer: dict) -> None:
        def row(day: str, start: str, value: str) -> dict[str, str]:
            return {
                "realtime_start": start,
                "realtime_end": "9999-12-31",
                "date": day,
                "value": value,
            }

        answer["observations"] = [
            row("1991-04-01", "1991-12-04", "5650.7"),
            row("1991-07-01", "1991-12-04", "5709.3"),
            row("1991-07-01", "1991-12-20", "5713.1"),
        ]
        answer["count"] = 3

    name = "bea/live/GDP.json"
    data = prints(early, name)
    assert told(name, "1991-06", data) == [("", "5650.7")]
    assert told(name, "1991-09", data) == [
        ("1991-12-04T13:30:00Z", "5709.3"),
        ("1991-12-20T13:30:00Z", "5713.1"),
    ]


def test_a_point_and_an_old_year_are_passed_over() -> None:
    for change in ({"value": "."}, {"date": "1952-12-01"}):
        data = prints(first(**change))
        assert told(PRINTS, "2024-12", data) == told(PRINTS, "2024-12")[1:]
        assert {row.period for row in parse(PRINTS, data).observations} == set(
            newest(parse(PRINTS))["bea.trade_balance"]
        )


def first(**change: object) -> Callable[[dict], object]:
    return lambda answer: answer["observations"][0].update(change)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda a: a.update(units="pch"), "units: `lin` expected, not `pch`"),
        (lambda a: a.update(output_type=2), "output_type"),
        (lambda a: a.update(file_type="xml"), "file_type"),
        (lambda a: a.update(offset=100000), "offset"),
        (lambda a: a.pop("units"), "units: `lin` expected"),
        (lambda a: a.update(count=a["count"] + 1), "cut off"),
        (lambda a: a["observations"].pop(), "cut off"),
        (lambda a: a.pop("observations"), "observations: a list"),
        (lambda a: a.update(observations=[], count=0), "observations: a list"),
        (lambda a: a["observations"].insert(0, 7), "observations[0]"),
        (lambda a: a["observations"][2].pop("value"), "observations[2].value"),
        (lambda a: a["observations"][2].pop("realtime_start"), "observations[2].realtime_start"),
        (lambda a: a["observations"][2].update(value=-96849), "observations[2].value"),
        (first(value="-98,1"), "not a number"),
        (first(value="NaN"), "not a number"),
        (first(date="2024-12-15"), "not the first day"),
        (first(date="12/2024"), "not a date"),
        (first(realtime_start="1776-07-04"), "lies outside"),
        (first(realtime_start="9999"), "not a date"),
        (lambda a: a["observations"].insert(1, a["observations"][0]) or a.update(count=a["count"] + 1), "stands here again"),
    ],
)  # fmt: skip
def test_broken_prints(change: Callable[[dict], object], says: str) -> None:
    refused(PRINTS, prints(change), says)


def test_prints_that_break_off_or_are_refused() -> None:
    whole = fixture(FEEDS[PRINTS])
    refused(PRINTS, whole[: len(whole) // 2], "not whole JSON")
    refused(PRINTS, b"[]", "an object is expected")
    error = b'{"error_code":400,"error_message":"Bad Request.  The value for variable api_key is not registered."}'
    refused(PRINTS, error, "FRED refuses: Bad Request.")


def damaged(examples: int):
    """A property of a file's name and of what is drawn, asked with so many examples for each file."""
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )


def stands_damage(name: str, data: st.DataObject) -> None:
    whole = fixture(FEEDS[name])
    start = data.draw(st.integers(0, len(whole)))
    stop = data.draw(st.integers(start, min(len(whole), start + 60)))
    junk = data.draw(
        st.sampled_from(
            [b"", b"9", b",", b"\n", b'"', b"}", b"[", b"null", b"\x00", b"\xff", b"NaN"]
        )
    )
    parsed = parse(name, whole[:start] + junk + whole[stop:])
    for row in parsed.observations:
        assert Decimal(row.value).is_finite()
        assert date(1940, 1, 1) <= calendar.period_end(row.period)


@pytest.mark.parametrize("name", one_in(4, FEEDS))
@damaged(examples=8)
@given(data=st.data())
def test_no_damage_makes_a_parser_raise(name: str, data: st.DataObject) -> None:
    stands_damage(name, data)


@pytest.mark.long
@pytest.mark.parametrize("name", FEEDS)
@damaged(examples=100)
@given(data=st.data())
def test_no_damage_of_a_hundred_makes_a_parser_raise(name: str, data: st.DataObject) -> None:
    stands_damage(name, data)
