"""US Treasury, Bureau of the Fiscal Service: the federal balance by month (Monthly Treasury Statement).

Docs: https://fiscal.treasury.gov/reports-statements/mts/. Read through FRED [MTSDS133FMS].
"""

from evidence.publishers import Collector, Parsed, dated_values, gather, period_of

SOURCES = ("fiscal/MTSDS133FMS.csv",)


def parse(name: str, data: bytes) -> Parsed:
    """Surplus (+) or deficit (-) of the month, from millions to billions of dollars, not adjusted."""
    return gather(name, data, _balance)


def _balance(found: Collector, data: bytes) -> None:
    for _, line, day, value in dated_values(found.source, data, ("MTSDS133FMS",)):
        found.add(line, "ust.monthly_balance", period_of(line, day, 1), value, -3)
