"""International Monetary Fund, Fiscal Monitor: general government balances in percent of GDP.

Docs: https://www.imf.org/external/datamapper/GGXCNL_G01_GDP_PT@FM. One vintage, that of April 2026. Years
that were not over by then are projections and no observations: only that for the running year is
kept, under an id that says so, dated by the day on which it was made.
"""

from evidence.publishers import (
    Collector,
    Parsed,
    SourceFault,
    gather,
    period_ended,
    released,
    table,
)

SOURCES = ("fiscal/imf_fm_gg_balance_pct_gdp_*.csv",)
AREAS = {
    "USA": "usa",
    "DEU": "deu",
    "FRA": "fra",
    "EURO": "euro",
    "JPN": "jpn",
    "CHN": "chn",
    "GBR": "gbr",
    "ADVEC": "adv",
}
ITEM = "general government net lending/borrowing (GGXCNL_G01_GDP_PT)"
LAST_YEAR, RUNNING_YEAR = "2025-12", "2026-12"
"""The last year that was over when the vintage came out, and the one that was running."""
UNITS = "percent of GDP"


def parse(name: str, data: bytes) -> Parsed:
    """Net lending (+) or borrowing (-) of general government, by year."""
    return gather(name, data, _balances)


def _balances(found: Collector, data: bytes) -> None:
    known = released("imf_fm", LAST_YEAR)
    for line, row in table(data, ("date", "series", "value", "units")):
        area, _, item = row["series"].partition(" ")
        if item != ITEM or area not in AREAS:
            raise SourceFault(line, f"`{row['series'][:60]}` is no balance of an area read here")
        period = period_ended(line, row["date"], 12)
        wanted = UNITS if period <= LAST_YEAR else f"{UNITS}, projection"
        if row["units"] != wanted:
            raise SourceFault(line, f"{period}: `{wanted}` expected, not `{row['units']}`")
        if period <= LAST_YEAR:
            found.add(line, f"imf.gg_balance.{AREAS[area]}", period, row["value"], 0, known)
        elif period == RUNNING_YEAR:
            series = f"imf.gg_balance_projected.{AREAS[area]}"
            found.add(line, series, known[:10], row["value"], 0, known)
