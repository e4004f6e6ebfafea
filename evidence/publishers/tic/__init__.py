"""US Treasury, Treasury International Capital (TIC): monthly flows, holdings by country, SLT positions.

Docs: https://home.treasury.gov/data/treasury-international-capital-tic-system. Read as published: the
press releases with their 32-line table (`press`), `mfhhis01.txt` and `slt_table5.txt` (`holdings`),
`slt_table1.txt` to `slt_table3.txt` (`slt`); and as tidy tables where only those are at hand.

Live, each figure comes from one file, for two prints of one day that are rounded otherwise would look
like revisions of each other: lines 5 to 8 and 10 to 13 of the press table from SLT table 1, the other
lines from the release's page. Only holdings come twice, and there the older file is dated.
"""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import PurePosixPath

from evidence.publishers import Collector, Feed, Parsed, gather
from evidence.publishers.tic import holdings, press, slt

SOURCES = (
    "tic/tic_press_release_table_vintages.csv",
    "tic/press_releases_txt/*.txt",
    "tic/raw_publisher/mfhhis01.txt",
    "tic/raw_publisher/slt_table1.txt",
    "tic/raw_publisher/slt_table5_*.txt",
    "tic/mfh_slt_table5_vintages.csv",
    "tic/mfh_first_release_as_reported.csv",
    "bea/tic_survey_equity_totals.csv",
)

RELEASES = (
    "https://home.treasury.gov/data/treasury-international-capital-tic-system"
    "/tic-press-releases-by-topic"
)
"""The page that lists the monthly releases, the newest first, each as a day that leads to its page."""
EARLIER = (0, 3, 6, 9)
"""How many releases before the newest are read. Each has four months: together they are the last year."""
_ADDRESS = r"[^\"'\s>]*/news/press-releases/[a-z]{2}\d{3,}/?"
_DAY = r"[\"']?(?:\s[^>]*)?>(?:\s|&nbsp;|<[^<>]*>)*\d{1,2}/\d{1,2}/\d{4}\b"
DOCUMENTS = "https://ticdata.treasury.gov/resource-center/data-chart-center/tic/Documents"
HISTORY = "https://ticdata.treasury.gov/Publish/mfhhis01.txt"

Reader = Callable[[Collector, bytes], None]
KEPT: Mapping[str, Reader] = {
    "tic_press_release_table_vintages": press.read_table,
    "mfhhis01": holdings.read_history,
    "slt_table1": slt.read_table1,
    "mfh_slt_table5_vintages": holdings.read_vintages,
    "mfh_first_release_as_reported": holdings.read_first_prints,
    "tic_survey_equity_totals": slt.read_surveys,
}
RELEASED = {
    f"tic/live/press_release{f'_{earlier}_earlier' if earlier else ''}.html": earlier
    for earlier in EARLIER
}
LIVE: Mapping[str, Reader] = {
    **dict.fromkeys(RELEASED, press.read_page),
    "tic/live/slt_table1.txt": partial(slt.read_table1, live=True),
    "tic/live/slt_table2.txt": slt.read_table2,
    "tic/live/slt_table3.txt": slt.read_table3,
    "tic/live/slt_table5.txt": partial(holdings.read_table5, live=True),
    "tic/live/mfhhis01.txt": partial(holdings.read_history, live=True),
}


def feeds(keys: Mapping[str, str]) -> tuple[Feed, ...]:
    """Four press releases, the SLT's tables and the history of holdings. No key needed."""
    del keys
    return (
        *(
            Feed(name, RELEASES, press.PAGE_SERIES, link=_link(earlier))
            for name, earlier in RELEASED.items()
        ),
        Feed("tic/live/slt_table1.txt", f"{DOCUMENTS}/slt_table1.txt", slt.TABLE1_SERIES),
        Feed("tic/live/slt_table2.txt", f"{DOCUMENTS}/slt_table2.txt", slt.TABLE2_SERIES),
        Feed("tic/live/slt_table3.txt", f"{DOCUMENTS}/slt_table3.txt", slt.TABLE3_SERIES),
        Feed("tic/live/slt_table5.txt", f"{DOCUMENTS}/slt_table5.txt", holdings.SERIES),
        Feed("tic/live/mfhhis01.txt", HISTORY, holdings.SERIES),
    )


def _link(earlier: int) -> str:
    """The link to the release that many before the newest.

    Menus lead to releases too, but by their titles, not by a day. The page has few quotes.
    """
    passed = rf"(?:href=[\"']?{_ADDRESS}{_DAY}.*?){{{earlier}}}"
    return rf"(?s){passed}href=[\"']?({_ADDRESS}){_DAY}"


def parse(name: str, data: bytes) -> Parsed:
    """Flows, holdings and positions in billions of dollars; which of the files it is, its name says."""
    stem = PurePosixPath(name).stem
    reader = LIVE.get(name) or KEPT.get(stem)
    if reader is None:
        reader = holdings.read_table5 if stem.startswith("slt_table5") else press.read_text
    return gather(name, data, reader)
