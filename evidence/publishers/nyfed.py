"""Federal Reserve Bank of New York: reference rates and repo operations.

Docs: https://www.newyorkfed.org/markets/reference-rates and https://markets.newyorkfed.org/static/docs/markets-api.html.
"""

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

SOURCES = (
    *(f"fred/{key}.csv" for key in SERIES),
    "funding/sofr_distribution.csv",
)


def parse(name: str, data: bytes) -> Parsed:
    """One series as `date,value`, or SOFR with its percentiles as one table. Percent; volumes in USD bn."""
    return gather(name, data, _distribution if name.endswith("distribution.csv") else _one)


def _distribution(found: Collector, data: bytes) -> None:
    for line, row in table(data, ("date", *DISTRIBUTION)):
        for key in DISTRIBUTION:
            if row[key]:
                found.add(line, SERIES[key], row["date"], row[key])


def _one(found: Collector, data: bytes) -> None:
    for key, line, period, value in dated_values(found.source, data, SERIES):
        found.add(line, SERIES[key], period, value)
