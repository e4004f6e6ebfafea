"""US Treasury, Bureau of the Fiscal Service: the federal balance by month (Monthly Treasury Statement).

Docs: https://fiscal.treasury.gov/reports-statements/mts/. Read through FRED [MTSDS133FMS]; live without a
key as it stands, with FRED_API_KEY as each Statement printed it (`evidence.live_files`).
"""

from collections.abc import Mapping

from evidence.live_files import FRED_KEY, FredSeries, fred_feeds, is_live, read_fred
from evidence.publishers import Collector, Feed, Parsed, dated_values, gather, period_of

SOURCES = ("fiscal/MTSDS133FMS.csv",)
OF_FRED = (
    FredSeries("MTSDS133FMS", "ust.monthly_balance", -3, 1, since="2017-10-01", prints="mts"),
)

KEYS = (FRED_KEY,)


def feeds(keys: Mapping[str, str]) -> tuple[Feed, ...]:
    """The one series."""
    return fred_feeds("fiscal", OF_FRED, keys)


def parse(name: str, data: bytes) -> Parsed:
    """Surplus (+) or deficit (-) of the month, from millions to billions of dollars, not adjusted."""
    if is_live(name):
        return read_fred(name, data, OF_FRED)
    return gather(name, data, _balance)


def _balance(found: Collector, data: bytes) -> None:
    for _, line, day, value in dated_values(found.source, data, ("MTSDS133FMS",)):
        found.add(line, "ust.monthly_balance", period_of(line, day, 1), value, -3)
