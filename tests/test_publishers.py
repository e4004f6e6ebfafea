"""The parsers on excerpts of the publishers' own files: known answers, and every kind of broken file."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence import calendar
from evidence.observations import Store
from evidence.publishers import Parsed, Publisher, decimal_text, discover
from tests import ours
from tests.sampled import one_in

FIXTURES = Path(__file__).parent / "fixtures" / "publishers"
PUBLISHERS = discover()
CATALOGUE = ours.catalogue()


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
    assert set(PUBLISHERS) >= {
        "abroad", "auctions", "bea", "cftc", "ecb", "fiscal", "fred", "imf", "nyfed", "ofr", "quoted", "tic", "z1",
    }  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_what_is_parsed_is_in_the_catalogue(name: str) -> None:
    parsed = parse(name)
    assert parsed.problems == ()
    assert parsed.observations
    for row in parsed.observations:
        entry = CATALOGUE.series[row.series]
        assert not entry.derived
        assert entry.licence != "licensed"
        assert len(row.period) == (7 if entry.frequency in calendar.MONTHS else 10)
        if entry.frequency == "quarterly":
            assert row.period[5:] in ("03", "06", "09", "12")


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
    assert {series.split(".")[3] for series, _ in long_file} == {"us10y", "eur", "jpy"}, (
        "stock futures are passed over"
    )
    published = values("cftc/FinFutYY_2025.txt")
    for key in ("lev_long", "lev_short", "am_long", "am_short", "open_interest"):
        cell = (f"cftc.tff.{key}.us10y", "2025-04-01")
        assert long_file[cell] == published[cell]


def test_futures_on_the_euro_and_the_yen() -> None:
    long_file = values("cftc/tff_10y.csv")
    assert long_file["cftc.tff.lev_long.eur", "2025-04-01"] == "91315"
    assert long_file["cftc.tff.lev_short.eur", "2025-04-01"] == "58425"
    assert long_file["cftc.tff.am_long.jpy", "2025-04-01"] == "99685"
    published = values("cftc/tff_spx_eur_jpy_futonly.csv")
    assert published["cftc.tff.lev_long.eur", "2025-04-08"] == "85855"
    assert {series.split(".")[3] for series, _ in published} == {"eur", "jpy"}


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


def test_slt_positions_purchases_and_revaluations() -> None:
    name = "tic/raw_publisher/slt_table1.txt"
    rows = values(name)
    assert rows["tic.slt.total.equities.position", "2025-04"] == "17581.821"
    assert rows["tic.slt.total.equities.net_purchases", "2025-04"] == "-16.802"
    assert rows["tic.slt.total.equities.valuation", "2025-04"] == "-31.539"
    assert rows["tic.slt.total.long_term.net_purchases", "2025-04"] == "-67.091"
    assert rows["tic.slt.japan.treasuries.net_purchases", "2025-04"] == "-2.927"
    assert rows["tic.slt.japan.equities.position", "2025-04"] == "1041.73"
    assert ("tic.slt.japan.agencies.position", "2025-04") not in rows
    assert ("tic.slt.total.equities.valuation", "2023-01") not in rows  # n.a.
    assert not any(series.startswith(("tic.net.total", "tic.net.japan")) for series, _ in rows)
    assert known(name, "tic.slt.total.equities.position", "2025-04") == ""


def test_the_first_month_of_the_slt_table_stands_for_the_end_of_2019() -> None:
    name, year_end = "tic/raw_publisher/slt_table1.txt", "tic.slt.total.equities.year_end"
    rows = {period: value for (series, period), value in values(name).items() if series == year_end}
    assert rows == {"2019-12": "9038.236", "2025-12": "22112.551"}
    assert known(name, year_end, "2019-12") == "2020-03-16T20:00:00Z"  # with January's table
    surveys = values("bea/tic_survey_equity_totals.csv")
    assert surveys["tic.survey.us_held_foreign_equities", "2024-12"] == "12095.112"
    assert surveys["tic.survey.us_held_foreign_equities", "2019-12"] == "9478.014"
    assert surveys["tic.survey.foreign_held_us_equities", "2024-06"] == "16878.226"
    assert {series for series, _ in surveys} == {
        "tic.survey.us_held_foreign_equities",
        "tic.survey.foreign_held_us_equities",
    }  # no single countries


def test_the_trade_balance_by_vintage() -> None:
    name, trade = "bea/BOPGSTB_vintages.csv", "bea.trade_balance"
    parsed = parse(name)
    assert parsed.problems == ()
    rows = {(r.period, r.known_at): r.value for r in parsed.observations}
    assert rows["2025-03", ""] == "-138.316"  # of the oldest copy: left to the release rule
    assert rows["2025-06", "2025-08-05T12:30:00Z"] == "-60.177"
    assert rows["2025-05", ""] == "-71.664"  # came out between two readings
    assert rows["2025-03", "2025-09-04T12:30:00Z"] == "-136.419"
    # read on 7 January 2026, before October came out: September's release, late for the shutdown
    assert rows["2025-09", "2025-12-11T13:30:00Z"] == "-52.828"
    assert ("2025-04", "2025-06-05T12:30:00Z") not in rows
    past = values("bea/BOPGSTB_as_published_fredgraph.csv")
    assert past == {(trade, "1992-01"): "-2.026", (trade, "2018-12"): "-54.997"}


def test_gross_domestic_product_in_two_vintages() -> None:
    old, new = "bea/GDP_vintage_2025-06-26.csv", "bea/GDP.csv"
    assert values(old)["bea.gdp", "2025-03"] == "29976.638"
    assert values(new)["bea.gdp", "2025-03"] == "30171.979"
    assert known(old, "bea.gdp", "2024-12") == ""
    assert {r.known_at for r in parse(new).observations} == {"2026-09-30T12:30:00Z"}


def test_the_net_position_as_printed_and_as_it_stands_now() -> None:
    name = "bea/niip_as_first_reported.csv"
    rows = [(r.period, r.value, r.known_at) for r in parse(name).observations]
    assert {r.series for r in parse(name).observations} == {"bea.niip"}
    assert ("2025-06", "-26140", "2025-09-29T12:30:00Z") in rows
    assert ("2023-03", "-16750.2", "2023-06-28T12:30:00Z") in rows
    assert ("2023-03", "-16740", "2023-10-31T12:30:00Z") in rows  # the day is not printed
    assert len(rows) == 10
    revised = values("bea/IIPUSNETIQ.csv")
    assert revised["bea.niip_revised", "2025-06"] == "-21416.856"
    assert known("bea/IIPUSNETIQ.csv", "bea.niip_revised", "2006-03") == "2026-09-24T12:30:00Z"


def test_the_financial_accounts_keep_their_vintages_apart() -> None:
    both = "bea/z1_row_equity_positions_flows.csv"
    rows = values(both)
    assert rows["z1.row_equity_in", "2024-12"] == "34490.593"
    assert rows["z1.row_equity_in_revised", "2024-12"] == "29806.241"
    assert rows["z1.row_equity_out", "2019-12"] == "17031.437"
    assert rows["z1.us_held_foreign_equities", "2024-12"] == "11994.892"
    assert known(both, "z1.row_equity_in_revised", "2024-12") == "2026-09-18T16:00:00Z"
    assert known(both, "z1.row_equity_in", "2024-12") == ""
    narrow = "fred/z1/FL263064105.Q_row_holdings_us_corporate_equities.csv"
    held = "z1.foreign_held_us_equities"
    assert rows[held, "2024-12"] == "16897.408"
    assert values(narrow)[held, "2024-12"] == "16662.727"
    assert known(narrow, held, "2024-12") == "2026-09-18T16:00:00Z"
    assert known(narrow, held, "2009-12") == known(narrow, held, "2026-06") == ""
    treasuries = values("fred/z1/row_treasuries_total_z1_via_tsyparty.csv")
    assert treasuries == {
        ("z1.foreign_held_treasuries", "1970-03"): "12.016",
        ("z1.foreign_held_treasuries", "2024-12"): "8558.36",
    }


def test_the_federal_balance_of_fiscal_2025() -> None:
    rows = values("fiscal/MTSDS133FMS.csv")
    assert rows["ust.monthly_balance", "2025-04"] == "258.39994911496"
    assert round(sum(map(Decimal, rows.values())), 1) == Decimal("-1775.7")


def test_a_projection_is_no_observation() -> None:
    name = "fiscal/imf_fm_gg_balance_pct_gdp_2026-04.csv"
    rows = values(name)
    assert rows["imf.gg_balance.usa", "2024-12"] == "-7.8584546227945"
    assert rows["imf.gg_balance.adv", "2025-12"] == "-4.360819750401"
    assert {period for series, period in rows if ".gg_balance." in series} == {"2024-12", "2025-12"}
    assert rows["imf.gg_balance_projected.deu", "2026-04-30"] == "-3.7775207222444"
    assert {r.known_at[:10] for r in parse(name).observations} == {"2026-04-30"}


def test_yields_abroad_and_the_term_premium() -> None:
    assert values("fiscal/IRLTLT01DEM156N.csv")["oecd.bund_10y_month", "2025-03"] == "2.7414285714"
    assert values("fiscal/MOF_JGB10Y.csv")["mof.jgb_10y", "2025-04-07"] == "1.129"
    assert values("fred/THREEFYTP10.csv")["fed.term_premium.10y", "2025-04-11"] == "0.6161"


def test_primary_dealers() -> None:
    positions = values("funding/nyfed_primary_dealer_positions.csv")
    assert positions["nyfed.dealers.coupons_net", "2025-04-09"] == "335.907"
    assert positions["nyfed.dealers.bills_net", "2013-04-03"] == "46.324"
    repo = values("funding/nyfed_pd_repo_by_segment.csv")
    # 701,793 against specific and 214,816 against general collateral, overnight
    assert repo["nyfed.dealers.reverse_repo_uncleared", "2025-04-02"] == "916.609"
    assert repo["nyfed.dealers.repo_sponsored", "2025-04-02"] == "35.57"
    assert ("nyfed.dealers.reverse_repo_cleared", "2024-01-24") not in repo  # a part is blank
    assert ("nyfed.dealers.repo_cleared", "2024-01-24") in repo


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
    assert rows["quoted.goldman.foreign_net_sales"] == "-63"
    tariffs = {
        r.period: r.value for r in parsed.observations if r.series == "quoted.yale.tariff_rate"
    }
    assert tariffs["2025-04-07"] == "22.5"
    printed = {
        r.period: r.value for r in parsed.observations if r.series == "quoted.bea.trade_balance"
    }
    assert printed["2025-03-31"] == "-140.5"


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
        ("cftc/FinFutYY_2025.txt", b'"FutOnly"\n', b'"FutOnl', 2, "not readable as a table"),
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
        ("bea/BOPGSTB_vintages.csv", b"USD mn SA", b"USD bn SA", 2, "not USD mn SA"),
        ("bea/BOPGSTB_vintages.csv", b"2025-08-10,2025-06-01", b"2025-08-01,2025-06-01", 0, "came out only on 2025-08-05"),
        ("bea/BOPGSTB_vintages.csv", b"2025-03-01", b"2025-03-31", 4, "not the first day"),
        ("bea/GDP.csv", b"2025-01-01", b"2025-02-01", 6, "not the first day of a period of 3 months"),
        ("bea/GDP.csv", b"GDP", b"GDPC1", 1, "none of the series"),
        ("bea/niip_as_first_reported.csv", b"2025Q2", b"2025-06", 2, "a quarter such as 2025Q2"),
        ("bea/niip_as_first_reported.csv", b",-26140,USD bn", b",-26140,USD mn", 2, "USD bn"),
        ("bea/z1_row_equity_positions_flows.csv", b"2024-12-31", b"2024-12-30", 2, "not the last day"),
        ("bea/z1_row_equity_positions_flows.csv", b"USD million", b"USD billion", 2, "no series is made of"),
        ("bea/z1_row_equity_positions_flows.csv", b"2026-09-22 (September", b"2026-12-22 (December", 2, "no series is made of"),
        ("fred/z1/FL263064105.Q_row_holdings_us_corporate_equities.csv", b'"USD, NSA', b'"USD mn, NSA', 2, "in USD"),
        ("fred/z1/row_treasuries_total_z1_via_tsyparty.csv", b"USD mn", b"USD bn", 2, "in USD mn"),
        ("bea/tic_survey_equity_totals.csv", b"USD million", b"USD billion", 2, "not USD million"),
        ("bea/tic_survey_equity_totals.csv", b"2019-12-31", b"2019-11-30", 2, "not the last day of a period of 6 months"),
        ("fiscal/MTSDS133FMS.csv", b"date,value", b"date,deficit", 1, "header"),
        ("fiscal/imf_fm_gg_balance_pct_gdp_2026-04.csv", b", projection", b"", 4, "projection` expected"),
        ("fiscal/imf_fm_gg_balance_pct_gdp_2026-04.csv", b"ADVEC", b"ITA", 2, "no balance of an area"),
        ("fiscal/MOF_JGB10Y.csv", b"1.129", b"-", 6, "not a number"),
        ("funding/nyfed_primary_dealer_positions.csv", b"all_coupons", b"coupons", 1, "all_coupons"),
        ("funding/nyfed_pd_repo_by_segment.csv", b",701793,", b",70l793,", 3, "not a number"),
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


@pytest.mark.parametrize("name", one_in(3, FILES))
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


# What came out of them, as it was known on a day.


def as_known(series: str, day: str) -> dict[str, float]:
    seen = Store().as_of(date.fromisoformat(day)).series(series)
    months = [str(period)[:7] for period in seen.periods]
    return dict(zip(months, (round(v, 3) for v in seen.latest.tolist()), strict=True))


def test_the_trade_balance_is_seen_as_each_release_printed_it() -> None:
    trade = "bea.trade_balance"
    june = as_known(trade, "2025-06-26")
    quarter = [june[f"2025-0{month}"] for month in (1, 2, 3)]
    assert round(4 * sum(quarter), 1) == -1562.4
    year = [value for month, value in june.items() if "2024-04" <= month <= "2025-03"]
    assert (len(year), round(sum(year), 1)) == (12, -1094.4)
    # October came on 8 January 2026 and moved July by 2.8 bn
    before, after = as_known(trade, "2026-01-07"), as_known(trade, "2026-01-08")
    assert (before["2025-07"], before["2025-09"]) == (-77.154, -52.828)
    assert (list(before)[-1], list(after)[-1]) == ("2025-09", "2025-10")
    assert after["2025-07"] != before["2025-07"]


def test_two_vintages_are_never_seen_side_by_side() -> None:
    between = as_known("bea.gdp", "2026-06-01")
    assert list(between)[-1] == "2025-03"
    assert [between[f"2024-{m}"] for m in ("03", "06", "09", "12")] == [
        28624.069, 29016.714, 29374.914, 29723.864,
    ]  # fmt: skip
    assert as_known("bea.gdp", "2026-10-01")["2024-12"] == 29929.552
    held = "z1.foreign_held_us_equities"
    assert as_known(held, "2026-09-17")["2024-12"] == 16897.408
    assert as_known(held, "2026-09-18")["2024-12"] == 16662.727
    assert as_known("bea.niip_revised", "2026-09-23") == {}
    assert as_known("z1.row_equity_in_revised", "2026-09-17") == {}


def test_the_net_holding_of_equities_by_year() -> None:
    now = as_known("tic.net_foreign_equity_position", "2026-10-07")
    assert now["2019-12"] == round(9038.236 - 9478.014, 3)
    assert now["2024-12"] == round(18363.623 - 12095.112, 3)
    assert now["2025-12"] == round(22112.551 - 15246.392, 3)
    # the survey of the end of 2024 came only in the autumn of 2025
    assert list(as_known("tic.net_foreign_equity_position", "2025-05-30"))[-1] == "2023-12"
