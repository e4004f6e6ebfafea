"""Yields of other governments: Germany by month (OECD through FRED), Japan by day (Ministry of Finance).

Docs: https://fred.stlouisfed.org/series/IRLTLT01DEM156N and
https://www.mof.go.jp/english/policy/jgbs/reference/interest_rate/. The Ministry offers two files of one
form: all days to the end of the last month, and those of the running month, which closes with a note in
Shift-JIS. Neither source revises what it printed.
"""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from evidence.live_files import FredSeries, fred_feeds, is_live, read_fred, whole
from evidence.publishers import (
    Collector,
    Feed,
    Parsed,
    SourceFault,
    cells,
    dated_values,
    day_of,
    gather,
    period_of,
)

JAPAN = "mof.jgb_10y"
SOURCES = ("fiscal/IRLTLT01DEM156N.csv", "fiscal/MOF_JGB10Y.csv")
OF_FRED = (FredSeries("IRLTLT01DEM156N", "oecd.bund_10y_month", months=1, since="2023-01-01"),)
MINISTRY = "https://www.mof.go.jp/english/policy/jgbs/reference/interest_rate/"
OF_MINISTRY = (
    Feed("abroad/live/jgbcme_all.csv", f"{MINISTRY}historical/jgbcme_all.csv", (JAPAN,)),
    Feed("abroad/live/jgbcme.csv", f"{MINISTRY}jgbcme.csv", (JAPAN,)),
)
YEARS = (*range(1, 11), 15, 20, 25, 30, 40)
HEADER = ["Date", *(f"{years}Y" for years in YEARS)]
TENOR = HEADER.index("10Y")
TITLE, UNIT = "Interest Rate", "(Unit : %)"
JAPAN_FROM = "2000-01-01"
"""The Ministry's file begins in 1974; earlier days are not read."""
NOTE_SIGN = "※".encode("cp932")
"""The one sign of the Ministry's files that is not ASCII: it begins the note."""

_DAY = re.compile(r"^\d{4}/\d{1,2}/\d{1,2}$")


def feeds(keys: Mapping[str, str]) -> tuple[Feed, ...]:
    """Germany's one file and Japan's two; none needs a key."""
    return (*fred_feeds("abroad", OF_FRED, keys), *OF_MINISTRY)


def parse(name: str, data: bytes) -> Parsed:
    """10-year yields in percent: month averages for Germany, business days for Japan."""
    if PurePosixPath(name).stem.startswith("jgbcme"):
        return gather(name, data.replace(NOTE_SIGN, b"*"), _japan)
    if is_live(name):
        return read_fred(name, data, OF_FRED)
    return gather(name, data, _yields)


def _yields(found: Collector, data: bytes) -> None:
    for key, line, day, value in dated_values(
        found.source, data, ("IRLTLT01DEM156N", "MOF_JGB10Y")
    ):
        if key == "MOF_JGB10Y":
            found.add(line, JAPAN, day, value)
        else:
            found.add(line, "oecd.bund_10y_month", period_of(line, day, 1), value)


def _japan(found: Collector, data: bytes) -> None:
    rows = cells(whole(data).decode())
    title = next(rows)[1]
    if not title[0].startswith(TITLE) or title[-1] != UNIT:
        raise SourceFault(
            1, f"the title has to be `{TITLE} …{UNIT}`; it is {','.join(title)[:200]}"
        )
    line, header = next(rows, (2, []))
    if header != HEADER:
        raise SourceFault(
            line, f"the header has to be {','.join(HEADER)}; it is {','.join(header)[:200]}"
        )
    for line, row in rows:
        if len(row) != len(HEADER):
            raise SourceFault(
                line, f"{len(HEADER)} fields expected, {len(row)} found: a cut or changed line?"
            )
        if not any(row[1:]) and not _DAY.match(row[0]):
            continue  # an empty line, or the note
        day = day_of(line, row[0], "%Y/%m/%d").isoformat()
        if day >= JAPAN_FROM and row[TENOR] != "-":
            found.add(line, JAPAN, day, row[TENOR])
