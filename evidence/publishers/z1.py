"""Board of Governors, Financial Accounts of the United States (Z.1): what the rest of the world holds.

Docs: https://www.federalreserve.gov/releases/z1/. Read through FRED and from copies of the release's
own files. Two vintages are held: June 2026, and September 2026, which revised levels back to 2013.
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

JUNE, SEPTEMBER = "2026-09-04 (June 2026 Z.1)", "2026-09-22 (September 2026 Z.1)"
SERIES = {
    ("BOGZ1LM263064105Q", JUNE): "z1.foreign_held_us_equities",
    ("BOGZ1FL263164100Q", SEPTEMBER): "z1.us_held_foreign_equities",
    ("ROWEINQ027S", JUNE): "z1.row_equity_in",
    ("ROWEISQ027S", JUNE): "z1.row_equity_out",
    ("ROWEINQ027S", SEPTEMBER): "z1.row_equity_in_revised",
    ("ROWEISQ027S", SEPTEMBER): "z1.row_equity_out_revised",
    ("BOGZ1FU263081005Q", SEPTEMBER): "z1.row_equity_in_flow",
    ("BOGZ1FU263181105Q", SEPTEMBER): "z1.row_equity_out_flow",
}
"""The release's series and the vintage: our id. The wide levels' vintages differ too much for one series."""
TOTALS = ("ROWTASQ027S", "ROWTLEQ027S", "minus")
"""Lines of the same file (total assets, liabilities, their difference) that no series here is made of."""
EQUITIES = "Rest of the world; corporate equities; asset, level (FL263064105.Q)"
TREASURIES = "Rest of the world; Treasury securities; asset, level"
JUNE_BEGINS, JUNE_ENDS = "2010-03", "2026-03"
"""The quarters that the vintage of June 2026 holds."""
QUARTERS_FROM = "1970-03"
"""Treasuries are read from here on: the first years are yearly, and nothing is asked of them."""

SOURCES = (
    "bea/z1_row_equity_positions_flows.csv",
    "fred/z1/FL263064105*.csv",
    "fred/z1/row_treasuries_total_*.csv",
)


def parse(name: str, data: bytes) -> Parsed:
    """Levels at the end of the quarter and transactions in it, in billions of dollars, not adjusted."""
    if "FL263064105" in name:
        return gather(name, data, _equities)
    return gather(name, data, _treasuries if "treasuries" in name else _both_ways)


def _both_ways(found: Collector, data: bytes) -> None:
    for line, row in table(data, ("date", "series", "value", "units", "vintage")):
        code = row["series"].partition(" ")[0]
        if code in TOTALS:
            continue
        series = SERIES.get((code, row["vintage"]))
        if series is None or not row["units"].startswith("USD million"):
            raise SourceFault(
                line, f"no series is made of {code} of {row['vintage']}, {row['units']}"
            )
        period = period_ended(line, row["date"], 3)
        known = released("z1", "2026-06") if series.endswith("_revised") else ""
        found.add(line, series, period, row["value"], -3, known)


def _equities(found: Collector, data: bytes) -> None:
    """September's vintage of the narrow level: the quarters of June's became known anew with it."""
    for line, row in table(data, ("date", "country_or_line", "value", "units")):
        if row["country_or_line"] != EQUITIES or not row["units"].startswith("USD, NSA"):
            raise SourceFault(line, f"expected `{EQUITIES}` in USD")
        period = period_ended(line, row["date"], 3)
        known = released("z1", "2026-06") if JUNE_BEGINS <= period <= JUNE_ENDS else ""
        found.add(line, "z1.foreign_held_us_equities", period, row["value"], -9, known)


def _treasuries(found: Collector, data: bytes) -> None:
    for line, row in table(data, ("date", "country_or_line", "value", "units")):
        if not row["country_or_line"].startswith(TREASURIES) or row["units"] != "USD mn":
            raise SourceFault(line, f"expected `{TREASURIES}` in USD mn")
        if row["date"][:7] >= QUARTERS_FROM:
            period = period_ended(line, row["date"], 3)
            found.add(line, "z1.foreign_held_treasuries", period, row["value"], -3)
