"""Auctions, live: the snapshot's shares again, no sale that is none of the market's, broken files named."""

import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from evidence import tables
from evidence.publishers import Parsed, feeds_of
from evidence.publishers.auctions.results import term_sold
from tests.test_feeds_nyfed import (
    HTML,
    PUBLISHERS,
    changed,
    fixture,
    messages,
    refused,
    snapshot,
    sound,
)

AUCTIONS = PUBLISHERS["auctions"]
RESULTS, ALLOTMENTS = "auctions/live/results.json", "auctions/live/allotments.xls"
FILES = {RESULTS: "results.json", ALLOTMENTS: "IC-Coupons.xls"}
FROM = {RESULTS: "2026-05-01", ALLOTMENTS: "2026-03-01"}
"""The day from which on a fixture has every auction that the snapshot has."""
TEN = "ust.auction10y."
CLASSES = {f"{TEN}{part}_class_share" for part in ("dealers", "funds", "foreign")}
BIDDERS = {f"{TEN}{part}" for part in ("indirect_share", "direct_share", "dealer_share", "bid_to_cover")}  # fmt: skip

Rows = dict[int, list[Any]]


def values(parsed: Parsed, series: str) -> dict[str, Decimal]:
    return {row.period: Decimal(row.value) for row in parsed.observations if row.series == series}


def test_the_feeds() -> None:
    feeds = feeds_of(AUCTIONS, {"FRED_API_KEY": "unused"})
    sound("auctions", feeds)
    assert {feed.name for feed in feeds} == set(FILES)
    assert "unused" not in repr(feeds)


@pytest.mark.parametrize("name", FILES)
def test_an_answer_gives_what_the_snapshot_holds(name: str) -> None:
    parsed = AUCTIONS.parse(name, fixture("auctions", FILES[name]))
    feed = next(feed for feed in feeds_of(AUCTIONS, {}) if feed.name == name)
    assert parsed.problems == ()
    assert {row.series for row in parsed.observations} == set(feed.series)
    assert {row.known_at for row in parsed.observations} == {""}
    for series in feed.series:
        found, held = values(parsed, series), snapshot(series)
        assert found == {period: held[period] for period in found}
        assert set(found) >= {period for period in held if period >= FROM[name]}


def test_only_the_markets_auctions_of_a_term_count() -> None:
    parsed = AUCTIONS.parse(RESULTS, fixture("auctions", FILES[RESULTS]))
    older = {(row.series, row.period) for row in parsed.observations if row.period < FROM[RESULTS]}
    # Left out: four sales of old 10-year notes in October 2008, an indexed and a floating note, two
    # tests of 25 million. An old 10-year note sold as a 3-year and an old 7-year as a 5-year count.
    assert older == {
        ("ust.auction3y.indirect_share", "2019-11-05"),
        ("ust.auction2y.indirect_share", "2025-02-24"),
        ("ust.auction5y.indirect_share", "2025-02-25"),
        ("ust.auction7y.indirect_share", "2025-02-26"),
    }
    # announced for the 8th: nothing is known of it
    assert max(values(parsed, "ust.auction30y.indirect_share")) == "2026-09-10"


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("10-Year", 10), ("9-Year 10-Month", 10), ("29-Year 9-Month", 30), ("6-Year 7-Month", 7),
        ("9-Year 4-Month", None), ("52-Week", None), ("", None),
    ],
)  # fmt: skip
def test_the_term_on_sale(text: str, term: int | None) -> None:
    assert term_sold(text) == term


def test_the_page_leads_to_the_sheet_of_coupons() -> None:
    link = next(feed.link for feed in feeds_of(AUCTIONS, {}) if feed.name == ALLOTMENTS)
    page = fixture("auctions", "allotments.html").decode()
    sheet = "/system/files/276/October-8-2026-IC-Coupons.xls"
    assert re.findall(link, page) == [sheet]
    for other in (
        f'<a class="file" href="{sheet}" target="_blank">',
        f"<a href='{sheet}'>",
        f"<a href={sheet}>",
    ):
        assert re.findall(link, other) == [sheet]
    august = "https://home.treasury.gov/system/files/276/August_7_2026_IC_Coupons.xls"
    assert re.findall(link, f"<a href={august} hreflang=en>") == [august]


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (lambda data: HTML, "web page"),
        (lambda data: b" ", "empty"),
        (lambda data: data[: len(data) // 2], "not whole JSON"),
        (lambda data: b"{}", "data: a list with something in it is expected"),
        (lambda data: data.replace(b'"', b"\xff"), "UTF-8"),
        (lambda data: data.replace(b'"meta"', b'"metadata"'), "meta: an object is expected"),
        (lambda data: data.replace(b'"total-pages":1', b'"total-pages":2'), "on 2 pages are"),
        (lambda data: data.replace(b'"total-count":', b'"total-count":1'), "came: cut off?"),
        (lambda data: data.replace(b'"comp_accepted":', b'"accepted":'), "[0].comp_accepted: a"),
    ],
)
def test_a_broken_answer_is_refused(broken: Callable[[bytes], bytes], says: str) -> None:
    refused(AUCTIONS, RESULTS, broken(fixture("auctions", FILES[RESULTS])), says)


def newest_ten(**fields: object) -> Callable[[Any], None]:
    """Changes fields of the newest 10-year auction."""

    def change(document: Any) -> None:
        row = next(row for row in document["data"] if row["auction_date"] == "2026-10-07")
        row.update(fields)

    return change


def sold_again(document: Any) -> None:
    row = next(row for row in document["data"] if row["auction_date"] == "2026-10-07")
    document["data"].append(row)
    document["meta"]["total-count"] += 1


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"floating_rate": "null"}, "].floating_rate: Yes or No is expected, not ``"),
        ({"bid_to_cover_ratio": 2.77}, "].bid_to_cover_ratio: a text is expected, not `2.77`"),
        ({"auction_date": "10/07/2026"}, "is not a date"),
    ],
)
def test_a_row_of_another_form_refuses_the_file(fields: dict[str, object], says: str) -> None:
    data = changed(fixture("auctions", FILES[RESULTS]), newest_ten(**fields))
    refused(AUCTIONS, RESULTS, data, says)


@pytest.mark.parametrize(
    ("change", "says", "lost"),
    [
        (newest_ten(direct_bidder_accepted="null"), "direct_bidder_accepted: dollars", BIDDERS),
        (newest_ten(comp_accepted="38,9"), "].comp_accepted: dollars are expected", BIDDERS),
        (newest_ten(comp_accepted="-38900000000"), "].comp_accepted: dollars", BIDDERS),
        (newest_ten(comp_accepted="40000000000"), "the bidders took", BIDDERS),
        (newest_ten(bid_to_cover_ratio="2,77"), "`2,77` is not a number", {f"{TEN}bid_to_cover"}),
        (newest_ten(bid_to_cover_ratio="null"), "is not a number", {f"{TEN}bid_to_cover"}),
        (sold_again, "2026-10-07 stands here again", BIDDERS),
    ],
)
def test_a_fault_of_one_auction_leaves_the_other_terms(
    change: Callable[[Any], None], says: str, lost: set[str]
) -> None:
    parsed = AUCTIONS.parse(RESULTS, changed(fixture("auctions", FILES[RESULTS]), change))
    assert says in messages(parsed)
    (feed,) = (feed for feed in feeds_of(AUCTIONS, {}) if feed.name == RESULTS)
    assert {row.series for row in parsed.observations} == set(feed.series) - lost


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (lambda data: HTML, "web page"),
        (lambda data: b"", "empty"),
        (lambda data: data[:3000], "it cannot be read as an old Excel file"),
        (lambda data: b"Issue date,Security type\n", "it cannot be read as an old Excel file"),
    ],
)
def test_what_is_no_sheet_is_refused(broken: Callable[[bytes], bytes], says: str) -> None:
    refused(AUCTIONS, ALLOTMENTS, broken(fixture("auctions", FILES[ALLOTMENTS])), says)


Sheet = Callable[[Callable[[Rows], object]], Parsed]


@pytest.fixture
def sheet(monkeypatch: pytest.MonkeyPatch) -> Sheet:
    """Reads the sheet after something was done to its cells (there is nothing here that writes one)."""
    data = fixture("auctions", FILES[ALLOTMENTS])
    whole = tables.read("IC-Coupons.xls", data)

    def parsed(change: Callable[[Rows], object]) -> Parsed:
        rows = {line: list(row) for line, row in whole.rows}
        change(rows)
        kept = tuple((line, tuple(row)) for line, row in rows.items())
        monkeypatch.setattr(tables, "read", lambda *_: tables.Table(whole.line, whole.header, kept))
        return AUCTIONS.parse(ALLOTMENTS, data)

    return parsed


HEAD, NEWEST = 4, 22
"""Lines of the sheet: its header, the 10-year note of 15 September 2026."""
ISSUE, KIND, CUSIP, MATURITY, TOTAL, SOMA, DEALERS, FUNDS, FOREIGN = 0, 1, 3, 4, 5, 6, 9, 11, 12


day = datetime.fromisoformat


def cell(line: int, at: int, value: object) -> Callable[[Rows], None]:
    def change(rows: Rows) -> None:
        rows[line][at] = value

    return change


def issued(text: str, until: str) -> Callable[[Rows], None]:
    """The newest note is of other days."""

    def change(rows: Rows) -> None:
        rows[NEWEST][ISSUE] = day(text)
        rows[NEWEST][MATURITY] = day(until)

    return change


def test_the_sheets_lines(sheet: Sheet) -> None:
    def seen(rows: Rows) -> None:
        assert rows[HEAD][CUSIP] == "Cusip"
        assert rows[NEWEST][:5] == [
            day("2026-09-15"), "10-Year NOTE", 4.125, "91282CRF0", day("2036-08-15"),
        ]  # fmt: skip

    assert sheet(seen).problems == ()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (cell(3, 0, "[In millions of dollars.]"), "another unit?"),
        (cell(HEAD, CUSIP, "Security"), "no line of names"),
        (cell(HEAD, FUNDS, "Funds"), "no column begins with investment"),
        (cell(HEAD, SOMA, "Federal Reserve"), "no column begins with (soma)"),
        (cell(NEWEST, ISSUE, "09/15/2026"), "days of issue and maturity are expected"),
        (cell(NEWEST, KIND, "10-Year"), "`10-YEAR` is neither NOTE nor BOND"),
    ],
)
def test_a_changed_sheet_is_refused(
    sheet: Sheet, change: Callable[[Rows], object], says: str
) -> None:
    parsed = sheet(change)
    assert parsed.observations == ()
    assert says in messages(parsed)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (issued("2027-02-16", "2037-02-15"), "no auction is held that sold it"),
        (issued("2026-09-30", "2036-08-15"), "is it an indexed one?"),
    ],
)
def test_a_note_whose_auction_is_not_known_waits(
    sheet: Sheet, change: Callable[[Rows], object], says: str
) -> None:
    parsed = sheet(change)
    assert says in messages(parsed)
    assert [problem.line for problem in parsed.problems] == [NEWEST]
    assert {row.series for row in parsed.observations} == CLASSES
    assert max(row.period for row in parsed.observations) == "2026-08-12"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (cell(NEWEST, DEALERS, "n.a."), "dealers: a number is expected"),
        (cell(NEWEST, TOTAL, None), "total: a number is expected"),
        (cell(NEWEST, FOREIGN, 11.0586), "its parts are"),
        (cell(NEWEST, SOMA, None), "its parts are"),
    ],
)
def test_amounts_that_do_not_add_up_give_nothing(
    sheet: Sheet, change: Callable[[Rows], object], says: str
) -> None:
    parsed = sheet(change)
    assert says in messages(parsed)
    assert parsed.observations == ()


def test_shares_are_of_what_the_public_got(sheet: Sheet) -> None:
    def more_for_the_fed(rows: Rows) -> None:
        rows[NEWEST][SOMA] += 5
        rows[NEWEST][TOTAL] += 5

    def nothing_for_the_fed(rows: Rows) -> None:
        rows[NEWEST][TOTAL] -= rows[NEWEST][SOMA]
        rows[NEWEST][SOMA] = None

    for change in (more_for_the_fed, nothing_for_the_fed):
        parsed = sheet(change)
        assert parsed.problems == ()
        assert values(parsed, f"{TEN}foreign_class_share")["2026-09-09"] == Decimal("28.0990")


def test_indexed_notes_and_tests_of_the_system_are_passed_over(sheet: Sheet) -> None:
    def only_those(rows: Rows) -> None:
        for row in rows.values():
            if row[1:2] == ["10-Year NOTE"] and row[TOTAL] > 1:
                row[KIND] = "10-Year TIP NOTE"

    parsed = sheet(only_those)
    assert (parsed.observations, parsed.problems) == ((), ())
