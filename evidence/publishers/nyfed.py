"""Federal Reserve Bank of New York: reference rates, repo operations, primary dealers' positions and repo.

Docs: https://www.newyorkfed.org/markets/reference-rates, https://markets.newyorkfed.org/static/docs/markets-api.html
and https://www.newyorkfed.org/markets/counterparties/primary-dealers-statistics.
"""

from decimal import Decimal, InvalidOperation

from evidence.publishers import Collector, Parsed, dated_values, gather, table

SERIES = {
    "SOFR": "nyfed.sofr",
    "SOFR1": "nyfed.sofr_p1",
    "SOFR25": "nyfed.sofr_p25",
    "SOFR75": "nyfed.sofr_p75",
    "SOFR99": "nyfed.sofr_p99",
    "SOFRVOL": "nyfed.sofr_volume",
    "EFFR": "nyfed.effr",
    "TGCRRATE": "nyfed.tgcr",
    "NYFED_SRF_ACCEPTED": "nyfed.srf_accepted",
}
DISTRIBUTION = ("SOFR1", "SOFR25", "SOFR", "SOFR75", "SOFR99")

DEALERS = "nyfed.dealers"
DEALER_NET = {
    "all_usts": "treasuries_net",
    "all_coupons": "coupons_net",
    "coupons_7_11y": "coupons_7_11y_net",
    "all_bills": "bills_net",
}
OVERNIGHT = {
    f"{ours}_{segment}": tuple(f"{theirs}_{column}_on" for column in columns)
    for ours, theirs in (("repo", "repo"), ("reverse_repo", "rrp"))
    for segment, columns in (
        ("uncleared", ("uncleared_bilateral_special", "uncleared_bilateral_general")),
        ("cleared", ("cleared_bilateral_special", "cleared_bilateral_general")),
        ("sponsored", ("cleared_bilateral_sponsored",)),
    )
}
"""Our name: the overnight columns that it is the sum of (specific and general collateral)."""

SOURCES = (
    *(f"fred/{key}.csv" for key in SERIES),
    "funding/sofr_distribution.csv",
    "funding/nyfed_primary_dealer_positions.csv",
    "funding/nyfed_pd_repo_by_segment.csv",
)


def parse(name: str, data: bytes) -> Parsed:
    """Rates in percent (one series as `date,value`, or SOFR with its percentiles), amounts in USD bn."""
    tables = {
        "funding/sofr_distribution.csv": _distribution,
        "funding/nyfed_primary_dealer_positions.csv": _positions,
        "funding/nyfed_pd_repo_by_segment.csv": _segments,
    }
    return gather(name, data, tables.get(name, _one))


def _positions(found: Collector, data: bytes) -> None:
    for line, row in table(data, ("date", *DEALER_NET), exact=False):
        for column, slug in DEALER_NET.items():
            found.add(line, f"{DEALERS}.{slug}", row["date"], row[column], -3)


def _segments(found: Collector, data: bytes) -> None:
    """Overnight repo by segment. A week in which a part is left blank has no sum."""
    columns = [column for parts in OVERNIGHT.values() for column in parts]
    for line, row in table(data, ("date", *columns), exact=False):
        for slug, parts in OVERNIGHT.items():
            if all(row[part] for part in parts):
                total = _sum([row[part] for part in parts])
                found.add(line, f"{DEALERS}.{slug}", row["date"], total, -3)


def _sum(texts: list[str]) -> str:
    """The sum of decimal numbers as text; the first that is none, for the collector to refuse."""
    total = Decimal(0)
    for text in texts:
        try:
            total += Decimal(text)
        except InvalidOperation:
            return text
    return str(total)


def _distribution(found: Collector, data: bytes) -> None:
    for line, row in table(data, ("date", *DISTRIBUTION)):
        for key in DISTRIBUTION:
            if row[key]:
                found.add(line, SERIES[key], row["date"], row[key])


def _one(found: Collector, data: bytes) -> None:
    for key, line, period, value in dated_values(found.source, data, SERIES):
        found.add(line, SERIES[key], period, value)
