"""European Central Bank: the German 10-year yield by month, as it is measured for the convergence of the EU.

Docs: https://data.ecb.europa.eu/help/api/data and
https://www.ecb.europa.eu/stats/financial_markets_and_interest_rates/long_term_interest_rates/. The
average of the business days of the month, from the Bundesbank's yields: the same statistic as the
OECD's (`oecd.bund_10y_month`), rounded to three decimals and some days earlier. No kept file: live only.
"""

from collections.abc import Mapping

from evidence.live_files import whole
from evidence.publishers import Collector, Feed, Parsed, SourceFault, gather, table

SOURCES: tuple[str, ...] = ()
BUND = "ecb.bund_10y_month"
KEY = "IRS.M.DE.L.L40.CI.0000.EUR.N.Z"
FEED = Feed(
    f"ecb/live/{KEY}.csv",
    "https://data-api.ecb.europa.eu/service/data/IRS/M.DE.L.L40.CI.0000.EUR.N.Z"
    "?format=csvdata&startPeriod=1999-01",
    (BUND,),
)
SAID = {"KEY": KEY, "COLLECTION": "A", "UNIT": "PC", "UNIT_MULT": "0"}
"""What each row says of itself: the series, an average over the period, in percent."""
STANDS = ("A", "P", "E")
"""States of an observation that has a value: normal, provisional, estimated."""


def feeds(_keys: Mapping[str, str]) -> tuple[Feed, ...]:
    """The one series, since the euro began."""
    return (FEED,)


def parse(name: str, data: bytes) -> Parsed:
    """The month's average in percent."""
    return gather(name, data, _yields)


def _yields(found: Collector, data: bytes) -> None:
    columns = (*SAID, "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS")
    for line, row in table(whole(data), columns, exact=False):
        for name, wanted in SAID.items():
            if row[name] != wanted:
                raise SourceFault(line, f"{name}: `{wanted}` expected, not `{row[name][:60]}`")
        if row["OBS_VALUE"] == "":
            continue
        if row["OBS_STATUS"] not in STANDS:
            raise SourceFault(
                line, f"OBS_STATUS: {', '.join(STANDS)} are known, not `{row['OBS_STATUS']}`"
            )
        found.add(line, BUND, row["TIME_PERIOD"], row["OBS_VALUE"])
