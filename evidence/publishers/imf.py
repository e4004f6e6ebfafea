"""International Monetary Fund, Fiscal Monitor: general government balances in percent of GDP.

Docs: https://www.imf.org/external/datamapper/GGXCNL_G01_GDP_PT@FM. One vintage, that of April 2026. Years
that were not over by then are projections and no observations: only that for the running year is
kept, under an id that says so, dated by the day on which it was made.

Live, the Fund's DataMapper is read (https://www.imf.org/external/datamapper/api/help), from which the kept
file came too, digit for digit. Its answer holds every area, and neither an edition nor which years are
projected; but an edition reaches five years past the year in which it appears (that of April 2026 to
2031), so the years that were over are known. Projections are not read: their ids are those of April
2026. The Fund's SDMX service (https://api.imf.org/external/sdmx/2.1, IMF.FAD:FM) is not used: it has
single countries in dated vintages only, rounded otherwise.
"""

import re
from collections.abc import Mapping
from decimal import Decimal

from evidence.json_records import Record, document, record
from evidence.live_files import is_live
from evidence.publishers import (
    Collector,
    Feed,
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

INDICATOR = "GGXCNL_G01_GDP_PT"
DATAMAPPER = Feed(
    f"imf/live/{INDICATOR}.json",
    f"https://www.imf.org/external/datamapper/api/v1/{INDICATOR}",
    tuple(f"imf.gg_balance.{area}" for area in AREAS.values()),
)
HORIZON = 5
"""How many years an edition reaches past the year in which it appears."""
FIRST_YEAR = 2015

_YEAR = re.compile(r"^\d{4}$")


def feeds(_keys: Mapping[str, str]) -> tuple[Feed, ...]:
    """One file with all areas."""
    return (DATAMAPPER,)


def parse(name: str, data: bytes) -> Parsed:
    """Net lending (+) or borrowing (-) of general government, by year."""
    return gather(name, data, _datamapper if is_live(name) else _balances)


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


def _datamapper(found: Collector, data: bytes) -> None:
    values = record(document(data).get("values"), "values")
    tables = record(values.get(INDICATOR), f"values.{INDICATOR}")
    areas: dict[str, Record] = {}
    for area, ours in AREAS.items():
        years = tables.get(area)
        if isinstance(years, dict) and years and all(map(_YEAR.match, years)):
            areas[area] = years
        else:
            told = f"values.{INDICATOR}.{area}: values by year are expected"
            found.fault(0, told, [f"imf.gg_balance.{ours}"])
    ends = sorted({max(years) for years in areas.values()})
    if len(ends) != 1:
        told = ", ".join(ends) or "nothing"
        raise SourceFault(0, f"the areas have to end with one year, not with {told}")
    last_over = int(ends[0]) - HORIZON - 1
    for area, years in areas.items():
        series = f"imf.gg_balance.{AREAS[area]}"
        for year, value in years.items():
            if not FIRST_YEAR <= int(year) <= last_over:
                continue
            if isinstance(value, int | Decimal):
                found.add(0, series, f"{year}-12", str(value))
            else:
                path = f"values.{INDICATOR}.{area}.{year}"
                found.fault(0, f"{path}: a number is expected, not `{value}`", [series])
