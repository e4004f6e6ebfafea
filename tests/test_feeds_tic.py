"""The TIC's live files: the snapshot's values again, with the times at which they were known; broken ones named."""

import csv
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from evidence.catalogue import read as read_catalogue
from evidence.observations import SNAPSHOT
from evidence.publishers import Observation, Parsed, feeds_of
from tests.test_feeds_nyfed import HTML, PUBLISHERS, fixture, messages, refused, snapshot

TIC = PUBLISHERS["tic"]
KEPT = Path(__file__).parent / "fixtures" / "publishers" / "tic"
PAGE, HISTORY = "tic/live/press_release.html", "tic/live/mfhhis01.txt"
EARLIER = tuple(f"tic/live/press_release_{number}_earlier.html" for number in (3, 6, 9))
TABLE1, TABLE2, TABLE3, TABLE5 = (f"tic/live/slt_table{number}.txt" for number in (1, 2, 3, 5))
FILES = {
    PAGE: "sb0365.html",
    **dict(zip(EARLIER, ("sb0253.html", "sb0171.html", "sb0055.html"), strict=True)),
    TABLE1: "slt_table1.txt",
    TABLE2: "slt_table2.txt",
    TABLE3: "slt_table3.txt",
    TABLE5: "slt_table5.txt",
    HISTORY: "mfhhis01.txt",
}
KNOWN = {
    PAGE: {"2026-01-15T21:00:00Z"},
    EARLIER[0]: {"2025-09-18T20:00:00Z"},
    EARLIER[1]: {"2025-06-18T20:00:00Z"},
    EARLIER[2]: {"2025-03-19T20:00:00Z"},
    TABLE1: {"", "2026-07-14T20:00:00Z"},
    TABLE2: {""},
    TABLE3: {""},
    TABLE5: {"2026-09-16T20:00:00Z"},
    HISTORY: {""},
}
NOT_KEPT = (TABLE2, TABLE3)
"""Their series are in no kept file: there is nothing to hold them against."""
Change = Callable[[bytes], bytes]


def live(name: str) -> bytes:
    return fixture("tic", FILES[name])


def values(parsed: Parsed, series: str) -> dict[str, str]:
    return {row.period: row.value for row in parsed.observations if row.series == series}


def stood(row: Observation) -> Decimal:
    """The snapshot's value of a period at the time at which a row was known; the newest for an undated one."""
    with (SNAPSHOT / "series" / f"{row.series}.csv").open(encoding="utf-8", newline="") as lines:
        held = [line for line in csv.DictReader(lines) if line["period"] == row.period]
    known = [line for line in held if not row.known_at or line["known_at"] <= row.known_at]
    return Decimal(max(known, key=lambda line: line["known_at"])["value"])


def swap(old: str, new: str, count: int = 1) -> Change:
    """Another text in place of the first ones like it, which have to be there."""

    def change(data: bytes) -> bytes:
        assert old.encode() in data
        return data.replace(old.encode(), new.encode(), count)

    return change


def without(pattern: str) -> Change:
    """The file without the lines that begin so."""

    def change(data: bytes) -> bytes:
        lines = data.split(b"\r\n")
        left = [line for line in lines if not re.match(pattern.encode(), line)]
        assert len(left) < len(lines)
        return b"\r\n".join(left)

    return change


def twice(pattern: str) -> Change:
    """The file with the first line that begins so twice."""

    def change(data: bytes) -> bytes:
        lines = data.split(b"\r\n")
        at = next(at for at, line in enumerate(lines) if re.match(pattern.encode(), line))
        return b"\r\n".join([*lines[:at], lines[at], *lines[at:]])

    return change


def test_the_feeds() -> None:
    feeds = feeds_of(TIC, {"FRED_API_KEY": "unused"})
    catalogue = read_catalogue()
    assert [feed.name for feed in feeds] == list(FILES)
    assert all(feed.url.startswith("https://") for feed in feeds)
    assert not any(catalogue.series[name].derived for feed in feeds for name in feed.series)
    assert "unused" not in repr(feeds)
    assert len({(feed.url, feed.link) for feed in feeds}) == len(feeds)
    brought = [name for feed in feeds if feed.name not in EARLIER for name in feed.series]
    both = {name for name in brought if brought.count(name) > 1}
    assert both == set(next(feed for feed in feeds if feed.name == HISTORY).series)


@pytest.mark.parametrize("name", FILES)
def test_an_answer_gives_what_the_snapshot_holds(name: str) -> None:
    parsed = TIC.parse(name, live(name))
    feed = next(feed for feed in feeds_of(TIC, {}) if feed.name == name)
    assert parsed.problems == ()
    assert {row.series for row in parsed.observations} == set(feed.series)
    assert {row.known_at for row in parsed.observations} == KNOWN[name]
    if name in NOT_KEPT:
        assert not any(snapshot(series) for series in feed.series)
        return
    assert all(stood(row) == Decimal(row.value) for row in parsed.observations)
    if name not in (*EARLIER, HISTORY):
        for series in feed.series:
            assert max(values(parsed, series)) == max(snapshot(series))


# The release's page


def test_the_release_of_january_2026() -> None:
    """Figures that its sentences give: 212.0 in all, 167.2 private, 44.9 official; 1.6 spent abroad."""
    parsed = TIC.parse(PAGE, live(PAGE))
    november = {row.series: row.value for row in parsed.observations if row.period == "2025-11"}
    assert november["tic.net.total"] == "212"
    assert november["tic.net.total_private"] == "167.2"
    assert november["tic.net.total_official"] == "44.9"
    assert november["tic.net.domestic_long_term"] == "221.8"
    assert november["tic.net.foreign_securities"] == "-1.6"
    assert set(values(parsed, "tic.net.total")) == {"2025-08", "2025-09", "2025-10", "2025-11"}


def test_a_line_comes_from_one_file() -> None:
    page = {row.series for row in TIC.parse(PAGE, live(PAGE)).observations}
    table = {row.series for row in TIC.parse(TABLE1, live(TABLE1)).observations}
    assert "tic.net.private_bonds_notes" in table
    assert not page & table
    lines = {name for name in page | table if name.startswith("tic.net.")}
    assert len(lines) == 32


def test_the_list_leads_to_the_releases() -> None:
    page = fixture("tic", "releases.html").decode()
    for feed in feeds_of(TIC, {})[:4]:
        found = re.search(feed.link, page)
        assert found is not None
        assert f"{found[1]}.html" == f"/news/press-releases/{FILES[feed.name]}"
    assert re.search(feeds_of(TIC, {})[3].link, page[: page.index("sb0055")]) is None


@pytest.mark.parametrize(
    ("anchor", "there"),
    [
        ('<a title="x" href="/news/press-releases/sb0584" target="_blank">', "/news/press-releases/sb0584"),
        ("<a href=https://home.treasury.gov/news/press-releases/sb0584/>", "https://home.treasury.gov/news/press-releases/sb0584/"),
    ],
)  # fmt: skip
def test_a_release_is_a_day_that_leads_to_a_page(anchor: str, there: str) -> None:
    link = feeds_of(TIC, {})[0].link
    found = re.search(link, f"{anchor}<strong>&nbsp;07/14/2026</strong></a>")
    assert found is not None
    assert found[1] == there
    assert re.search(link, f"{anchor}Treasury Sanctions 07/14/2026</a>") is None


def test_four_releases_are_a_year_of_months() -> None:
    pages = [TIC.parse(name, live(name)) for name in (PAGE, *EARLIER)]
    months = {month for page in pages for month in values(page, "tic.net.total")}
    assert (min(months), max(months), len(months)) == ("2024-10", "2025-11", 14)


def spread(data: bytes) -> bytes:
    """The page as it was before it was packed: a line for each element, quotes, numbers for characters."""
    text = re.sub(r"(<[a-z]+[^>]*>)", r"\n  \1", data.decode())
    text = re.sub(r' ([a-z]+)=([^"\s>]+)', r' \1="\2"', text)
    return text.replace("\xa0", "&nbsp;").replace("'", "&#39;").replace("–", "&ndash;").encode()


def test_it_is_the_same_page_before_it_is_packed() -> None:
    data = spread(live(PAGE))
    assert b'class="datetime"' in data
    assert TIC.parse(PAGE, data) == TIC.parse(PAGE, live(PAGE))


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (lambda data: b"", "empty"),
        (lambda data: HTML, "this is no press release"),
        (lambda data: data[: len(data) // 2], "cut off?"),
        (lambda data: data.replace("–".encode(), b"\x96"), "not UTF-8"),
        (swap("news-publication-date", "news-date"), "when was this released?"),
        (swap("T21:00:00Z class=datetime>January 15, 2026</time></div><div class=\"clearfix", " class=datetime></time></div><div class=\"clearfix"), "is not the time"),
        (swap("2026-01-15T21:00:00Z class=datetime>January 15, 2026</time></div><div class=\"clearfix", "2026-07-15T21:00:00Z class=datetime></time></div><div class=\"clearfix"), "posted again?"),
        (swap("Data for November |", "Data |"), "the title is `Treasury International"),
        (swap("Data for November |", "Data for October |"), "last four columns should be"),
        (swap("(Billions of dollars,", "(Millions of dollars,"), "another unit?"),
        (swap("<p>Foreign Bonds, net", "<p>Bonds abroad, net"), "line 17 of the table"),
        (swap("<td><p>1613.0</p></td>", ""), "line 4 of the table should have 8 numbers; it has 7"),
        (swap("<td><p>62.7</p></td>", "<td><p>62,7</p></td>"), "8 numbers; it has 7"),
        (swap("<p>62.7</p>", "<table><tr><td>62.7</td></tr></table>"), "a table within a table"),
        (swap("<p>62.7</p>", "<td>62.7</td>"), "a <td> within a cell"),
    ],
)  # fmt: skip
def test_a_broken_page_is_refused(broken: Change, says: str) -> None:
    refused(TIC, PAGE, broken(live(PAGE)), says)


def test_lines_that_do_not_add_up_give_nothing() -> None:
    data = swap("<p>157.8</p>", "<p>175.8</p>")(live(PAGE))
    parsed = TIC.parse(PAGE, data)
    assert parsed.observations == ()
    assert "2025-11: line 3 is 221.8, but 4 + 9 is 239.8" in messages(parsed)


# The tables of the SLT


def test_table_1_is_read_as_the_kept_one_is() -> None:
    kept = TIC.parse("tic/raw_publisher/slt_table1.txt", live(TABLE1))
    assert TIC.parse(TABLE1, live(TABLE1)) == kept


def test_months_after_the_kept_releases_are_left_to_the_rule() -> None:
    rows = TIC.parse(TABLE1, live(TABLE1)).observations
    known = {r.period: r.known_at for r in rows if r.series == "tic.net.official_bonds_notes"}
    assert known["2025-11"] == "2026-07-14T20:00:00Z"
    assert known["2025-12"] == ""
    assert max(known) == "2026-05"


def test_what_americans_hold_abroad() -> None:
    parsed = TIC.parse(TABLE2, live(TABLE2))
    assert values(parsed, "tic.abroad.equities.position")["2025-12"] == "15246.392"
    assert values(parsed, "tic.abroad.government_bonds.net_purchases")["2025-11"] == "1.503"
    # before February 2023 there are positions only
    assert values(parsed, "tic.abroad.long_term.position")["2023-01"] == "14012.345"
    assert set(values(parsed, "tic.abroad.long_term.net_purchases")) == {"2025-11", "2025-12"}


def test_bills_are_what_table_3_has_beside_table_1() -> None:
    parsed = TIC.parse(TABLE3, live(TABLE3))
    long_term = snapshot("tic.slt.china.treasuries.position")
    everything = snapshot("tic.holdings.china")
    for period, value in values(parsed, "tic.slt.china.bills.position").items():
        assert Decimal(value) == everything[period] - long_term[period]


@pytest.mark.parametrize("name", [TABLE1, TABLE2, TABLE3, TABLE5, HISTORY])
@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (lambda data: HTML, "web page"),
        (lambda data: b"\r\n", "empty"),
        (lambda data: data.replace(b"Japan", b"Jap\xe3n"), "UTF-8"),
        (lambda data: data.replace(b"ountry", b"ontree"), "is"),
    ],
)
def test_what_is_no_table_is_refused(name: str, broken: Change, says: str) -> None:
    refused(TIC, name, broken(live(name)), says)


@pytest.mark.parametrize(
    ("name", "broken", "says"),
    [
        (TABLE1, swap("Millions of dollars", "Billions of dollars"), "`Millions of dollars` is"),
        (TABLE1, swap("\tfor_lt_agcy_net", "\tfor_lt_agency_net"), "columns for_lt_agcy_net are"),
        (TABLE1, without("Of Which: Foreign Non-Official\t"), "Foreign Non-Official: no line of 2026-05"),
        (TABLE1, lambda data: data[: data.index(b"Grand Total")], "cut off?"),
        (TABLE1, lambda data: data[: data.rindex(b"Foreign Non-Official") + 50], "a cut or changed line?"),
        (TABLE2, swap("Millions of dollars", "Thousands of dollars"), "`Millions of dollars` is"),
        (TABLE2, swap("\tus_lt_eqty_pos", "\tus_lt_stock_pos"), "columns us_lt_eqty_pos are"),
        (TABLE2, without("Grand Total"), "no line of Grand Total is found"),
        (TABLE2, swap("\t15246392\t", "\t16246392\t"), "us_lt_total_pos is 19600717, but"),
        (TABLE2, swap("\t10268\t", "\t102680\t"), "us_lt_total_net is 22461, but"),
        (TABLE2, swap("\t10268\t", "\t"), "15 fields expected, 14 found"),
        (TABLE3, swap("Millions of dollars", "Billions of dollars"), "`Millions of dollars` is"),
        (TABLE3, swap("\tfor_st_treas_pos", "\tfor_st_pos"), "columns for_st_treas_pos are"),
        (TABLE3, swap("\t59497\t", "\t69497\t"), "for_treas_pos is 684400, but"),
        (TABLE3, without("Memo: Euro Area\t"), "Memo: Euro Area: no line of 2025-12"),
        (TABLE5, swap("Billions of dollars", "Millions of dollars"), "another unit?"),
        (TABLE5, without("Of Which: Foreign Official\t"), "Of Which: Foreign Official: no such line"),
        (HISTORY, without(r"\s*\d+/\d+/\d\d"), "of what day it is"),
    ],
)  # fmt: skip
def test_a_changed_table_is_refused(name: str, broken: Change, says: str) -> None:
    refused(TIC, name, broken(live(name)), says)


@pytest.mark.parametrize(
    ("name", "broken", "says", "lost"),
    [
        (TABLE1, twice("Japan\t.*2026-05"), "2026-05 stands here again", "tic.slt.japan."),
        (TABLE2, twice("Grand Total\t"), "2025-12 stands here again", "tic.abroad."),
        (TABLE2, swap("\t10268\t", "\t10,3\t"), "`10,3` is not a number", "tic.abroad.equities.net_purchases"),
        (TABLE3, twice("Japan\t"), "2025-12 stands here again", "tic.slt.japan.bills"),
        (TABLE3, swap("\t59497\t", "\t59.497,0\t"), "`59.497,0` is not", "tic.slt.china.bills"),
        (TABLE5, twice("Japan\t"), "2026-07 stands here again", "tic.holdings.japan"),
        (TABLE5, swap("\t1103.9\t", "\t1.103,9\t"), "`1.103,9` is not a number", "tic.holdings.japan"),
        (TABLE5, swap("\t1103.9\t", "\t"), "13 months expected, 12 values found", "tic.holdings.japan"),
        (HISTORY, swap("\t1061.5\t", "\t1.061,5\t"), "`1.061,5` is not a number", "tic.holdings.japan"),
        (HISTORY, swap("\t1061.5\t", "\t"), "12 months expected, 11 values found", "tic.holdings.japan"),
    ],
)  # fmt: skip
def test_a_fault_of_one_line_leaves_the_others(
    name: str, broken: Change, says: str, lost: str
) -> None:
    parsed = TIC.parse(name, broken(live(name)))
    assert says in messages(parsed)
    found = {row.series for row in parsed.observations}
    feed = next(feed for feed in feeds_of(TIC, {}) if feed.name == name)
    assert {series for series in feed.series if series not in found} == {
        series for series in feed.series if series.startswith(lost)
    }


# Holdings come twice, and the history is the older


def test_the_histories_newest_year_is_dated_by_the_file() -> None:
    data = (KEPT / "raw_publisher" / "mfhhis01.txt").read_bytes()
    posted = data + b"\n\n3/18/26\n"
    rows = {(r.series, r.period): r for r in TIC.parse(HISTORY, posted).observations}
    japan = rows["tic.holdings.japan", "2025-12"]
    assert (japan.value, japan.known_at) == ("1185.5", "2026-03-18T20:00:00Z")
    kept = TIC.parse("tic/raw_publisher/mfhhis01.txt", data).observations
    assert {r.known_at for r in kept if r.series == "tic.holdings.japan"} == {""}
    # without its note on 2025, the year is dated by the day on which the file was posted
    noted = posted.replace(b"(2025 revised March 18, 2026)", b"")
    rows = {(r.series, r.period): r for r in TIC.parse(HISTORY, noted).observations}
    assert rows["tic.holdings.japan", "2025-12"].known_at == "2026-03-18T20:00:00Z"


def test_table_5_is_of_its_newest_month_wherever_that_stands() -> None:
    lines = [line.split(b"\t") for line in live(TABLE5).split(b"\r\n")]
    turned = b"\r\n".join(b"\t".join([first, *reversed(rest)]) for first, *rest in lines)
    assert set(TIC.parse(TABLE5, turned).observations) == set(
        TIC.parse(TABLE5, live(TABLE5)).observations
    )
