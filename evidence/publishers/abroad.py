"""Yields of other governments: Germany by month (OECD through FRED), Japan by day (Ministry of Finance).

Docs: https://fred.stlouisfed.org/series/IRLTLT01DEM156N and
https://www.mof.go.jp/english/policy/jgbs/reference/interest_rate/.
"""

from evidence.publishers import Collector, Parsed, dated_values, gather, period_of

SOURCES = ("fiscal/IRLTLT01DEM156N.csv", "fiscal/MOF_JGB10Y.csv")


def parse(name: str, data: bytes) -> Parsed:
    """10-year yields in percent: month averages for Germany, business days for Japan."""
    return gather(name, data, _yields)


def _yields(found: Collector, data: bytes) -> None:
    for key, line, day, value in dated_values(
        found.source, data, ("IRLTLT01DEM156N", "MOF_JGB10Y")
    ):
        if key == "MOF_JGB10Y":
            found.add(line, "mof.jgb_10y", day, value)
        else:
            found.add(line, "oecd.bund_10y_month", period_of(line, day, 1), value)
