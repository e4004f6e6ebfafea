"""Figures known only from print: what a report, a note or the press said, word for word a number.

They are `quoted`: nobody outside can recompute them. TBAC's are read from its report, fund flows from
a table of press reports; the rest stands in `quoted.csv` beside this module, with a source each.
Docs: https://home.treasury.gov/news/press-releases/sb0121 (TBAC, 30 April 2025).
"""

import re

from evidence.publishers import (
    Collector,
    Parsed,
    SourceFault,
    day_of,
    gather,
    new_york,
    table,
    text_of,
)

FUND_FLOWS = {
    "US equity funds, net flow": "us_equity_funds",
    "European equity funds, net flow": "european_equity_funds",
    "Asian equity funds, net flow": "asian_equity_funds",
    "global equity funds, net flow": "global_equity_funds",
}
IN_EUROPE = "US equity funds DOMICILED IN EUROPE, net flow"
PRINTED_BY = "17:00"

SOURCES = ("funding/tbac_*_sb0121.txt", "flows/press_reported_fund_flows.csv")
BESIDE = ("quoted.csv",)

_SPREAD = re.compile(
    r"spread between 10-year Treasury yields and like-maturity SOFR swaps rapidly fell "
    r"from (-\d+)bp to (-\d+)bp, before stabilizing at (-\d+)bp"
)


def parse(name: str, data: bytes) -> Parsed:
    """Swap spreads in basis points, fund flows in billions, the rest as each line says."""
    if name in BESIDE:
        return gather(name, data, _beside)
    return gather(name, data, _tbac if "tbac" in name else _fund_flows)


def _beside(found: Collector, data: bytes) -> None:
    for line, row in table(data, ("series", "period", "value", "known_at", "said")):
        found.add(line, row["series"], row["period"], row["value"], 0, row["known_at"])


def _tbac(found: Collector, data: bytes) -> None:
    """The three figures of the Borrowing Committee's sentence on the 10-year swap spread."""
    text = text_of(data)
    spread = _SPREAD.search(text)
    published = re.search(
        r"^date: (\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}):00-0[45]:00$", text, re.MULTILINE
    )
    written = re.search(r"^([A-Z][a-z]+ \d{1,2}, \d{4})$", text, re.MULTILINE)
    if spread is None or published is None or written is None:
        raise SourceFault(
            0, "the report's date and its sentence on the 10-year swap spread are expected"
        )
    known = new_york(day_of(0, published[1]), published[2])
    period = day_of(0, written[1], "%B %d, %Y").isoformat()
    line = text[: spread.start()].count("\n") + 1
    for part, value in zip(("start", "low", "after"), spread.groups(), strict=True):
        found.add(line, f"quoted.tbac.swap_spread_10y.{part}", period, value, 0, known)


def _fund_flows(found: Collector, data: bytes) -> None:
    """Weekly flows as LSEG's figures were printed, and Morningstar's for funds domiciled in Europe."""
    columns = (
        "period_end",
        "period",
        "series",
        "value",
        "units",
        "data_provider",
        "published",
        "source_url",
        "note",
    )
    for line, row in table(data, columns):
        if (
            row["data_provider"] == "LSEG Lipper"
            and row["period"] == "week"
            and row["series"] in FUND_FLOWS
        ):
            series = f"quoted.lseg.{FUND_FLOWS[row['series']]}"
        elif row["series"] == IN_EUROPE:
            series = "quoted.morningstar.us_equity_funds_in_europe"
        else:
            continue
        known = new_york(day_of(line, row["published"]), PRINTED_BY)
        found.add(line, series, row["period_end"], row["value"], 0, known)
