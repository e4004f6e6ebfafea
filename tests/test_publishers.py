"""The parsers on excerpts of the publishers' own files: known answers, and every kind of broken file."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.catalogue import read as read_catalogue
from evidence.publishers import Parsed, Publisher, decimal_text, discover

FIXTURES = Path(__file__).parent / "fixtures" / "publishers"
PUBLISHERS = discover()


def owner(name: str) -> Publisher:
    """The publisher whose globs take a file of this name."""
    return next(
        module
        for module in PUBLISHERS.values()
        if any(Path(name).match(glob) for glob in (*module.SOURCES, *LOOSE[module.__name__]))
    )


LOOSE = {
    module.__name__: [
        glob.replace("_2008_2026", "").replace("_10y_2012_2026", "") for glob in module.SOURCES
    ]
    + (["cftc/tff_10y.csv"] if module.__name__.endswith("cftc") else [])
    for module in PUBLISHERS.values()
}
FILES = sorted(
    path.relative_to(FIXTURES).as_posix() for path in FIXTURES.rglob("*") if path.is_file()
)


def parse(name: str, data: bytes | None = None) -> Parsed:
    return owner(name).parse(name, (FIXTURES / name).read_bytes() if data is None else data)


def values(name: str) -> dict[tuple[str, str], str]:
    parsed = parse(name)
    assert parsed.problems == ()
    return {(row.series, row.period): row.value for row in parsed.observations}


def known(name: str, series: str, period: str) -> str:
    rows = [r for r in parse(name).observations if (r.series, r.period) == (series, period)]
    assert len(rows) == 1
    return rows[0].known_at


def test_every_publisher_of_the_folder_is_found() -> None:
    assert set(PUBLISHERS) == {"auctions", "cftc", "fred", "nyfed", "ofr", "quoted", "tic"}


@pytest.mark.parametrize("name", FILES)
def test_what_is_parsed_is_in_the_catalogue(name: str) -> None:
    catalogue = read_catalogue()
    parsed = parse(name)
    assert parsed.problems == ()
    assert parsed.observations
    for row in parsed.observations:
        entry = catalogue.series[row.series]
        assert not entry.derived
        assert entry.licence != "licensed"
        assert len(row.period) == (7 if entry.frequency == "monthly" else 10)


def test_custody_in_billions_without_the_noughts_before_it_began() -> None:
    assert values("fred/WMTSECL1.csv") == {
        ("fed.custody.treasuries", "2007-07-04"): "1209.781",
        ("fed.custody.treasuries", "2025-04-02"): "2929.255",
        ("fed.custody.treasuries", "2025-04-23"): "2943.493",
        ("fed.custody.treasuries", "2025-04-30"): "2916.875",
    }


def test_a_day_without_a_value_is_passed_over() -> None:
    assert values("fred/DGS10.csv") == {
        ("ust.yield.10y", "2025-04-17"): "4.34",
        ("ust.yield.10y", "2025-04-21"): "4.42",
    }


def test_the_broad_dollars_vintages_are_apart_in_time() -> None:
    first, second = "fred/DTWEXBGS_vintage2025.csv", "fred/DTWEXBGS.csv"
    dollar = "fed.h10.broad_dollar"
    assert values(first)[dollar, "2025-04-02"] == "126.6284"
    assert values(second)[dollar, "2025-04-02"] == "126.3811"
    assert known(first, dollar, "2025-04-02") == ""
    # 25 May 2026 was Memorial Day: the H.10 of that week came on Tuesday
    assert known(second, dollar, "2025-04-02") == "2026-05-26T20:15:00Z"
    assert known(second, dollar, "2026-05-22") == "2026-05-26T20:15:00Z"
    assert known("fx/DTWEXBGS.csv", dollar, "2026-05-26") == ""


def test_repo_rates() -> None:
    assert values("fred/SOFR.csv")["nyfed.sofr", "2019-09-17"] == "5.25"
    assert values("funding/sofr_distribution.csv")["nyfed.sofr_p99", "2019-09-17"] == "9"
    repo = values("funding/ofr_stfm_repo.csv")
    assert repo["ofr.repo.triparty_volume", "2014-08-22"] == "783.107557673"
    assert ("ofr.repo.dvp_rate", "2014-08-22") not in repo
    sponsored = values("funding/ficc_sponsored_ofr_hfm.csv")
    assert round(float(sponsored["ofr.sponsored.repo", "2025-04-04"])) == 794
    assert round(float(sponsored["ofr.sponsored.repo", "2025-04-21"])) == 658


def test_leveraged_net_from_the_publishers_own_file() -> None:
    rows = values("cftc/FinFutYY_2025.txt")

    def net(day: str) -> int:
        longs = [int(v) for (s, d), v in rows.items() if ".lev_long." in s and d == day]
        shorts = [int(v) for (s, d), v in rows.items() if ".lev_short." in s and d == day]
        assert len(longs) == len(shorts) == 6
        return sum(longs) - sum(shorts)

    assert net("2025-04-01") == -8_112_180
    assert net("2025-04-29") - net("2025-04-01") == -665_275


def test_futures_only_and_combined_are_kept_apart() -> None:
    combined = values("cftc/tff_treasury_combined.csv")
    assert {series.split(".")[1] for series, _ in combined} == {"tff_combined"}
    long_file = values("cftc/tff_10y.csv")
    assert {series.split(".")[1] for series, _ in long_file} == {"tff"}
    assert {series.split(".")[3] for series, _ in long_file} == {"us10y"}  # no yen, euro or index
    published = values("cftc/FinFutYY_2025.txt")
    for key in ("lev_long", "lev_short", "am_long", "am_short", "open_interest"):
        cell = (f"cftc.tff.{key}.us10y", "2025-04-01")
        assert long_file[cell] == published[cell]


def test_a_contract_code_that_lost_its_nought_is_known() -> None:
    data = (FIXTURES / "cftc/tff_10y.csv").read_bytes().replace(b",043602,", b",43602,")
    assert ("cftc.tff.lev_long.us10y", "2020-03-03") in {
        (row.series, row.period) for row in parse("cftc/tff_10y.csv", data).observations
    }


def test_the_tic_table_by_vintage() -> None:
    name = "tic/tic_press_release_table_vintages.csv"
    rows = {(r.series, r.period, r.known_at): r.value for r in parse(name).observations}
    june, july = "2025-06-18T20:00:00Z", "2025-07-17T20:00:00Z"
    assert rows["tic.net.official_bonds_notes", "2025-04", june] == "6"
    assert rows["tic.net.private_bonds_notes", "2025-04", june] == "-46.8"
    assert rows["tic.net.official_equities", "2025-04", june] == "-33.2"
    assert rows["tic.net.private_equities", "2025-04", june] == "14.3"
    assert rows["tic.net.total", "2025-04", june] == "-14.2"
    assert ("tic.net.private_equities", "2025-04", july) in rows
    # the page of the January 2017 data is dated July; the release was on 15 March (daylight time)
    assert {k for _, p, k in rows if p == "2017-01"} == {"2017-03-15T20:00:00Z"}


def test_press_releases_in_both_layouts() -> None:
    run_together = values("tic/press_releases_txt/2025-06-18-sb0171.txt")
    assert len(run_together) == 32 * 4
    assert run_together["tic.net.official_bonds_notes", "2025-04"] == "6"
    assert run_together["tic.net.official_bonds_notes", "2025-03"] == "40.9"
    assert run_together["tic.net.other_short_term", "2025-04"] == "19.7"
    cells = values("tic/press_releases_txt/2025-08-15-sb0226.txt")
    assert len(cells) == 32 * 4
    assert cells["tic.net.private_bonds_notes", "2025-05"] == "121.5"
    assert cells["tic.net.gross_purchases_of_domestic_securities", "2025-03"] == "7490"
    name = "tic/press_releases_txt/2025-06-18-sb0171.txt"
    assert known(name, "tic.net.total", "2025-04") == "2025-06-18T20:00:00Z"


def test_holdings_by_country_and_their_vintages() -> None:
    history = "tic/raw_publisher/mfhhis01.txt"
    rows = values(history)
    assert rows["tic.holdings.china", "2025-04"] == "743.6"
    assert rows["tic.holdings.china", "2011-06"] == "1307"  # the left column: the new basis
    assert rows["tic.holdings.luxembourg", "2002-06"] == "23.1"
    assert ("tic.holdings.belgium", "2002-05") not in rows  # Luxembourg was in it
    assert rows["tic.holdings.official", "2011-12"] == "3620.6"
    assert known(history, "tic.holdings.china", "2025-03") == ""
    assert known(history, "tic.holdings.china", "2025-04") == "2026-03-18T20:00:00Z"
    prints = "tic/mfh_first_release_as_reported.csv"
    assert values(prints)["tic.holdings.china", "2025-04"] == "757.2"
    assert known(prints, "tic.holdings.china", "2025-04") == "2025-06-18T20:00:00Z"
    assert ("tic.holdings.japan", "2025-06") not in values(prints)  # printed rounded
    table5 = "tic/raw_publisher/slt_table5_2026-03.txt"
    assert values(table5)["tic.holdings.china", "2026-03"] == "652.3"
    assert known(table5, "tic.holdings.china", "2025-04") == "2026-05-18T20:00:00Z"
    later = "tic/mfh_slt_table5_vintages.csv"
    assert values(later)["tic.holdings.china", "2026-07"] == "618"
    assert known(later, "tic.holdings.china", "2026-07") == "2026-09-16T20:00:00Z"


def test_slt_flows_are_later_vintages_of_the_press_tables() -> None:
    name = "tic/raw_publisher/slt_table1.txt"
    rows = values(name)
    assert rows["tic.net.official_bonds_notes", "2025-04"] == "-5.692"
    assert round(Decimal(rows["tic.net.private_bonds_notes", "2025-04"]), 1) == Decimal("-52.8")
    assert known(name, "tic.net.official_bonds_notes", "2025-04") == "2026-07-14T20:00:00Z"
    assert known(name, "tic.net.official_bonds_notes", "2025-12") == ""  # in no press table of ours
    assert ("tic.net.official_bonds_notes", "2023-01") not in rows  # n.a.
    assert ("tic.slt.official.treasuries.position", "2023-01") in rows


def test_auctions() -> None:
    rows = values("auctions/coupon_bidder_shares_nominal.csv")
    assert rows["ust.auction10y.indirect_share", "2025-04-09"] == "87.896"
    assert rows["ust.auction10y.bid_to_cover", "2025-04-09"] == "2.67"
    assert rows["ust.auction7y.indirect_share", "2024-12-26"] == "87.8776"
    assert ("ust.auction5y.indirect_share", "2025-02-25") in rows  # an old 7-year sold as a 5-year
    assert not any(day == "2008-10-08" for _, day in rows)  # unscheduled: has a note
    assert ("ust.auction10y.indirect_share", "2019-11-05") not in rows  # sold as a 3-year
    classes = values("auctions/coupon_investor_class_shares.csv")
    assert classes["ust.auction10y.foreign_class_share", "2025-04-09"] == "18.3793"
    assert classes["ust.auction10y.funds_class_share", "2025-04-09"] == "67.3084"
    assert {day for _, day in classes} == {"2025-04-09", "2025-05-06"}  # 10-years only


def test_quoted_figures() -> None:
    report = "funding/tbac_2025-04-30_sb0121.txt"
    spread = "quoted.tbac.swap_spread_10y"
    assert values(report) == {
        (f"{spread}.start", "2025-04-29"): "-44",
        (f"{spread}.low", "2025-04-29"): "-60",
        (f"{spread}.after", "2025-04-29"): "-51",
    }
    assert known(report, f"{spread}.low", "2025-04-29") == "2025-04-30T12:30:00Z"
    flows = values("flows/press_reported_fund_flows.csv")
    assert flows["quoted.lseg.us_equity_funds", "2025-03-19"] == "-33.53"
    assert flows["quoted.morningstar.us_equity_funds_in_europe", "2025-08-31"] == "6.1"


def test_the_notes_figures_lie_beside_the_parser() -> None:
    module = PUBLISHERS["quoted"]
    name = module.BESIDE[0]  # type: ignore[attr-defined]
    data = (Path(str(module.__file__)).parent / name).read_bytes()  # type: ignore[attr-defined]
    parsed = module.parse(name, data)
    assert parsed.problems == ()
    rows = {row.series: row.value for row in parsed.observations}
    assert rows["quoted.note.auction_10y_indirect_share"] == "88"
    assert rows["quoted.note.equity_outflow_after_german_shift"] == "3.5"


@pytest.mark.parametrize(
    ("text", "shift", "expected"),
    [("2929255", -3, "2929.255"), ("7.70", 0, "7.7"), ("-0.0", 0, "0"), ("1200", 0, "1200"),
     ("783107557673.0", -9, "783.107557673"), ("6.5e-05", 0, "0.000065"), ("+3", 0, "3")],
)  # fmt: skip
def test_decimals_are_exact(text: str, shift: int, expected: str) -> None:
    assert decimal_text(text, shift) == expected


HTML = b"<!DOCTYPE html>\n<html><head><title>503</title></head><body>Try later</body></html>\n"


@pytest.mark.parametrize("name", FILES)
def test_a_web_page_is_refused_by_every_parser(name: str) -> None:
    parsed = parse(name, HTML)
    assert parsed.observations == ()
    assert [p.source for p in parsed.problems] == [name]
    assert "web page" in parsed.problems[0].message


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "says"),
    [
        ("fred/DGS10.csv", b"DATE,DGS10", b"DATE,DGS1", 1, "none of the series"),
        ("fred/DGS10.csv", b"DATE,DGS10", b"day,DGS10", 1, "header"),
        ("fred/DGS10.csv", b"4.42", b"4,42", 4, "2 fields expected, 3 found"),
        ("fred/DGS10.csv", b"4.42", b'"4,42"', 4, "not a number"),
        ("fred/DGS10.csv", b",4.42", b"", 4, "2 fields expected, 1 found"),
        ("fred/DGS10.csv", b"2025-04-21", b"2025-04-17", 4, "stands here again (first in line 2)"),
        ("fred/DGS10.csv", b"2025-04-21", b"2025-04-31", 4, "not a day of the calendar"),
        ("fred/DGS10.csv", b"2025-04-21", b"2199-04-21", 4, "lies outside"),
        ("fred/DGS10.csv", b"2025-04-21", b"21.04.2025", 4, "not a date"),
        ("fred/DGS10.csv", b"4.34", b"\xff4.34", 2, "not UTF-8"),
        ("fred/SOFR.csv", b"date,value", b"date,rate", 1, "header"),
        ("fred/OFRFSI_FUNDING.csv", b"date,value", b"value,date", 1, "header"),
        ("funding/sofr_distribution.csv", b"SOFR99", b"SOFR98", 1, "header has to have SOFR99"),
        ("cftc/FinFutYY_2025.txt", b'"FutOnly_or_Combined"', b'"Type"', 1, "FutOnly_or_Combined"),
        ("cftc/FinFutYY_2025.txt", b',"FutOnly_or_Combined"', b"", 1, "87 columns expected, 86 found"),
        ("cftc/FinFutYY_2025.txt", b'"FutOnly"\n', b'"FutOnl', 2, "87 fields expected"),
        ("cftc/tff_treasury_combined.csv", b"lev_money_short", b"lev_short", 1, "lev_money_short"),
        ("auctions/coupon_bidder_shares_nominal.csv", b"sold_as", b"term", 1, "header"),
        ("auctions/coupon_bidder_shares_nominal.csv", b"87.8960", b"87.8960%", 0, "not a number"),
        ("tic/tic_press_release_table_vintages.csv", b"2025-06-18,2025-04,2025-04,5,", b"2025-06-18,2025-04,2025-04,33,", 0, "no line of the table"),
        ("tic/tic_press_release_table_vintages.csv", b",-46.8,", b",46.8,", 0, "line 4 is -20.5"),
        ("tic/press_releases_txt/2025-06-18-sb0171.txt", b"-46.8", b"", 0, "should have 8 numbers"),
        ("tic/press_releases_txt/2025-06-18-sb0171.txt", b"JanFebMarApr", b"FebMarAprMay", 0, "last four columns"),
        ("tic/raw_publisher/mfhhis01.txt", b"731.4\t", b"\t", 11, "12 months expected, 11 values found"),
        ("tic/raw_publisher/mfhhis01.txt", b"(2025 revised", b"(2025 mended", 10, "when 2025 was revised"),
        ("tic/raw_publisher/slt_table1.txt", b"for_lt_treas_net", b"for_lt_tsy_net", 9, "for_lt_treas_net"),
        ("tic/raw_publisher/slt_table5_2026-03.txt", b" 693.3", b"", 8, "13 months expected"),
        ("funding/tbac_2025-04-30_sb0121.txt", b"-60bp", b"sixty", 0, "sentence"),
        ("flows/press_reported_fund_flows.csv", b"LSEG Lipper,2025-02-28", b"LSEG Lipper,last week", 0, "not a date"),
    ],
)  # fmt: skip
def test_a_broken_file_is_a_problem_that_says_where(
    name: str, old: bytes, new: bytes, line: int, says: str
) -> None:
    whole = (FIXTURES / name).read_bytes()
    assert old in whole
    parsed = parse(name, whole.replace(old, new, 1))
    assert parsed.problems
    problem = parsed.problems[0]
    assert problem.source == name
    assert says in problem.message
    if line:
        assert problem.line == line
    assert len(parsed.observations) < len(parse(name).observations)


def test_a_fault_drops_its_series_and_spares_the_others() -> None:
    name = "funding/ofr_stfm_repo.csv"
    data = (FIXTURES / name).read_bytes().replace(b"0.08", b"n/a")
    parsed = parse(name, data)
    assert [p.line for p in parsed.problems] == [2]
    left = {row.series for row in parsed.observations}
    assert "ofr.repo.triparty_rate" not in left
    assert {"ofr.repo.dvp_rate", "ofr.repo.triparty_volume"} <= left


@pytest.mark.parametrize("name", FILES)
@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_no_damage_makes_a_parser_raise(name: str, data: st.DataObject) -> None:
    whole = (FIXTURES / name).read_bytes()
    start = data.draw(st.integers(0, len(whole)))
    stop = data.draw(st.integers(start, min(len(whole), start + 60)))
    junk = data.draw(
        st.sampled_from(
            [b"", b"9", b",", b"\t", b"\n", b'"', b"x", b"-", b"\x00", b"\xff", b"2025-13", b"NaN"]
        )
    )
    parsed = parse(name, whole[:start] + junk + whole[stop:])
    assert isinstance(parsed, Parsed)
    for row in parsed.observations:
        assert Decimal(row.value).is_finite()
