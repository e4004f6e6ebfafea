"""Bureau of Economic Analysis: trade balance, gross domestic product, international investment position.

Docs: https://www.bea.gov/data/intl-trade-investment/international-trade-goods-and-services (with the
Census Bureau), https://www.bea.gov/data/gdp/gross-domestic-product and
https://www.bea.gov/data/intl-trade-investment/international-investment-position. Read through FRED,
with the vintages that public copies kept, and as first printed in the releases.
"""

import re
from pathlib import PurePosixPath

from evidence.publishers import (
    Collector,
    Parsed,
    SourceFault,
    dated_values,
    day_of,
    gather,
    new_york,
    period_of,
    released,
    table,
)

TRADE = "bea.trade_balance"
GDP = "bea.gdp"
POSITION = "bea.niip"
POSITION_REVISED = "bea.niip_revised"

SOURCES = (
    "bea/BOPGSTB_as_published_fredgraph.csv",
    "bea/BOPGSTB_vintages.csv",
    "bea/GDP_vintage_2025-06-26.csv",
    "bea/GDP.csv",
    "bea/IIPUSNETIQ.csv",
    "bea/niip_as_first_reported.csv",
)

TRADE_VINTAGES_BEGIN = "2019-01"
"""Before this month the vintages hold nothing: the copy of November 2025 stands in for the past."""
TRADE_FIRST_READ = "2025-06-26"
"""The oldest vintage. Its author cut it in March 2025; what was printed before it is not held."""
GDP_OLD = "GDP_vintage"
"""How the name of the older copy of GDP begins: its figures became known by the release rule."""
PRINTED = "08:30"
POSITION_LINES = (
    "US net international investment position",
    "US net international investment position (revised)",
)

_QUARTER = re.compile(r"^(\d{4})Q([1-4])$")


def parse(name: str, data: bytes) -> Parsed:
    """Balances and positions in billions of dollars, GDP in billions at an annual rate."""
    stem = PurePosixPath(name).stem
    if stem.startswith("BOPGSTB_vintages"):
        return gather(name, data, _trade_vintages)
    if stem.startswith("niip"):
        return gather(name, data, _first_printed)
    return gather(name, data, _fred)


def _fred(found: Collector, data: bytes) -> None:
    """One of FRED's files. Figures of a copy became known with its last quarter, but for the oldest copy."""
    rows = list(dated_values(found.source, data, ("BOPGSTB", "GDP", "IIPUSNETIQ")))
    if not rows:
        raise SourceFault(0, "the file has no values")
    if rows[0][0] == "BOPGSTB":
        for _, line, day, value in rows:
            period = period_of(line, day, 1)
            if period < TRADE_VINTAGES_BEGIN:
                found.add(line, TRADE, period, value, -3)
        return
    series, release, shift = (
        (GDP, "bea_gdp", 0) if rows[0][0] == "GDP" else (POSITION_REVISED, "bea_iip", -3)
    )
    last = max(period_of(line, day, 3) for _, line, day, _ in rows)
    known = "" if PurePosixPath(found.source).stem.startswith(GDP_OLD) else released(release, last)
    for _, line, day, value in rows:
        found.add(line, series, period_of(line, day, 3), value, shift, known)


def _trade_vintages(found: Collector, data: bytes) -> None:
    """Vintages as read on a day: each is that of the release that brought its last month.

    What the oldest holds, and a month that came out between two readings, is left to the release rule.
    """
    vintages: dict[str, list[tuple[int, str, str]]] = {}
    for line, row in table(data, ("read_date", "date", "country_or_line", "value", "units")):
        if row["units"] != "USD mn SA":
            raise SourceFault(line, f"`{row['units']}` is not USD mn SA")
        read = day_of(line, row["read_date"]).isoformat()
        vintages.setdefault(read, []).append((line, period_of(line, row["date"], 1), row["value"]))
    seen: set[str] = set()
    for read, rows in sorted(vintages.items()):
        last = max(period for _, period, _ in rows)
        known = released("bea_trade", last)
        if known[:10] > read:
            raise SourceFault(
                rows[0][0], f"read on {read}, but {last} came out only on {known[:10]}"
            )
        for line, period, value in rows:
            ruled = read == TRADE_FIRST_READ or (period not in seen and period != last)
            found.add(line, TRADE, period, value, -3, "" if ruled else known)
        seen |= {period for _, period, _ in rows}


def _first_printed(found: Collector, data: bytes) -> None:
    """The net position as releases printed it. One without its day counts from the end of its month."""
    columns = (
        "release_date", "date", "country_or_line", "value", "units", "reported_as", "source_url",
    )  # fmt: skip
    for line, row in table(data, columns):
        if row["country_or_line"] not in POSITION_LINES:
            continue
        quarter = _QUARTER.match(row["date"])
        if quarter is None or row["units"] != "USD bn":
            raise SourceFault(line, "a quarter such as 2025Q2 and a value in USD bn are expected")
        printed = row["release_date"]
        day = day_of(line, printed if len(printed) == 10 else f"{printed}-31")
        period = f"{quarter[1]}-{3 * int(quarter[2]):02d}"
        found.add(line, POSITION, period, row["value"], 0, new_york(day, PRINTED))
