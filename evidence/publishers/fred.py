"""Board of Governors (H.4.1, H.10, H.15) through FRED: one file a series, `observation_date,ID`.

Docs: https://fred.stlouisfed.org/docs/api/fred/ and the releases at https://www.federalreserve.gov. Live
files come without a key (`evidence.live_files`). Another of FRED's series needs no more than its entry in the
catalogue, with `source: {read: fred, id: …}`. With FRED_API_KEY every print of the broad dollar is read,
which its yearly re-weighting revises; the other series are not revised (the term premium is estimated
anew each week, and its prints would be more than FRED gives at once).
"""

from collections.abc import Mapping

from evidence.live_files import (
    FRED_KEY,
    FredSeries,
    fred_feeds,
    is_live,
    of_catalogue,
    read_fred,
)
from evidence.publishers import Collector, Feed, Parsed, dated_values, gather, released

SERIES = {
    "WMTSECL1": ("fed.custody.treasuries", -3),
    "DGS2": ("ust.yield.2y", 0),
    "DGS5": ("ust.yield.5y", 0),
    "DGS10": ("ust.yield.10y", 0),
    "DGS30": ("ust.yield.30y", 0),
    "DTWEXBGS": ("fed.h10.broad_dollar", 0),
    "DTWEXBGS_vintage2025": ("fed.h10.broad_dollar", 0),
    "DEXUSEU": ("fed.h10.usd_per_eur", 0),
    "DEXJPUS": ("fed.h10.jpy_per_usd", 0),
    "DEXSZUS": ("fed.h10.chf_per_usd", 0),
    "DEXUSUK": ("fed.h10.usd_per_gbp", 0),
    "THREEFYTP10": ("fed.term_premium.10y", 0),
}
"""FRED's id: our id, and how many places its decimal point moves to get our unit."""

SOURCES = (
    "fred/WMTSECL1.csv",
    "fred/DGS2.csv",
    "fred/DGS5.csv",
    "fred/DGS10.csv",
    "fred/DGS30.csv",
    "fred/DTWEXBGS_vintage2025.csv",
    "fred/DTWEXBGS.csv",
    "fred/DEXUSEU.csv",
    "fred/DEXJPUS.csv",
    "fred/THREEFYTP10.csv",
    "fx/DTWEXBGS.csv",
    "fx/DEX*.csv",
)

CUSTODY_BEGINS = "2007-07-04"
BROAD_DOLLAR_REWEIGHTED = "2026-05-22"
"""The last day of the first copy with the weights of 2026: to here the values became known with that copy."""

RECENT = "2025-01-01"
"""From here on a series that is never revised is read live: what is held reaches beyond it."""
SINCE = {
    "WMTSECL1": CUSTODY_BEGINS,
    "DTWEXBGS": "",
    "THREEFYTP10": "2026-01-01",
}
"""What is read from elsewhere on: custody as a whole, the dollar as its re-weighting reaches back for years,
and the term premium from this year on: each update estimates all days anew, and each is a line here."""
OF_FRED = tuple(
    FredSeries(
        code,
        series,
        shift,
        since=SINCE.get(code, RECENT),
        prints="h10" if code == "DTWEXBGS" else "",
    )
    for code, (series, shift) in SERIES.items()
    if code != "DTWEXBGS_vintage2025"
)

KEYS = (FRED_KEY,)


def feeds(keys: Mapping[str, str]) -> tuple[Feed, ...]:
    """One file for each series."""
    return fred_feeds("fred", (*OF_FRED, *of_catalogue("fred")), keys)


def _known_at(key: str, period: str) -> str:
    """Blank (the release rule), but for the broad dollar's second vintage.

    Its re-weighting changed the past back to 2018 on a day between December 2025 and May 2026 that is
    not recorded; nothing of it is taken as known before the H.10 release that the first copy held.
    """
    if key == "DTWEXBGS" and period <= BROAD_DOLLAR_REWEIGHTED:
        return released("h10", BROAD_DOLLAR_REWEIGHTED)
    return ""


def parse(name: str, data: bytes) -> Parsed:
    """One series as FRED gives it; holdings come in millions of dollars and leave in billions."""
    if is_live(name):
        return read_fred(name, data, (*OF_FRED, *of_catalogue("fred")))
    return gather(name, data, _read)


def _read(found: Collector, data: bytes) -> None:
    for key, line, period, value in dated_values(found.source, data, SERIES):
        if key == "WMTSECL1" and period < CUSTODY_BEGINS and value.strip("0.") == "":
            continue  # FRED prints nought for the years before the series begins
        series, shift = SERIES[key]
        found.add(line, series, period, value, shift, _known_at(key, period))
