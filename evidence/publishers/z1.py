"""Board of Governors, Financial Accounts of the United States (Z.1): what the rest of the world holds.

Docs: https://www.federalreserve.gov/releases/z1/. Read through FRED and from copies of the release's
own files. Two vintages are held: June 2026, and September 2026, which revised levels back to 2013.

Live, FRED's series go on as OF_FRED says, with FRED_API_KEY as each release printed them
(`evidence.live_files`). The narrow level goes on in its one id: for 2010 to September 2012 FRED's
LM263064105 and the release's FL263064105 are the same to the million. The wide levels go on in the ids
of September 2026 (`_revised`): those of June 2026 are closed, as the two are not to be joined.
Treasuries are FRED's ROWTSEQ027S, equal to FL263061105 in every quarter from 1970 to June 2025.
"""

from collections.abc import Mapping

from evidence.live_files import FRED_KEY, FredSeries, fred_feeds, is_live, read_fred
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
SHORT = "2024-01-01"
"""Where the copies of September 2026 begin. Without a key nothing before is read: it would pass for its print."""
OF_FRED = tuple(
    FredSeries(code, series, -3, 3, since=since, prints="z1")
    for code, series, since in (
        ("BOGZ1LM263064105Q", "z1.foreign_held_us_equities", "2000-01-01"),
        ("BOGZ1FL263164100Q", "z1.us_held_foreign_equities", SHORT),
        ("ROWEINQ027S", "z1.row_equity_in_revised", SHORT),
        ("ROWEISQ027S", "z1.row_equity_out_revised", SHORT),
        ("BOGZ1FU263081005Q", "z1.row_equity_in_flow", SHORT),
        ("BOGZ1FU263181105Q", "z1.row_equity_out_flow", SHORT),
        ("ROWTSEQ027S", "z1.foreign_held_treasuries", "1970-01-01"),
    )
)

KEYS = (FRED_KEY,)


def feeds(keys: Mapping[str, str]) -> tuple[Feed, ...]:
    """One file for each series that goes on."""
    return fred_feeds("z1", OF_FRED, keys)


def parse(name: str, data: bytes) -> Parsed:
    """Levels at the end of the quarter and transactions in it, in billions of dollars, not adjusted."""
    if is_live(name):
        return read_fred(name, data, OF_FRED)
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
