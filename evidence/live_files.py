"""What publishers' modules share in reading live files: text that has to end, and FRED's two forms.

FRED gives a series as a graph file (CSV without a key: the values that stand) and, with a key, as
every print that its archive ALFRED holds (JSON). Docs:
https://fred.stlouisfed.org/docs/api/fred/series_observations.html. The graph file is not documented;
it is the download of https://fred.stlouisfed.org/series/WMTSECL1. Live files are named
`<publisher>/live/<FRED's id>.csv` or `.json`, and so never taken for a kept one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath

import numpy as np

from evidence import calendar
from evidence.catalogue import Release
from evidence.catalogue import read as read_catalogue
from evidence.json_records import Record, document, records
from evidence.publishers import (
    Collector,
    Feed,
    Parsed,
    SourceFault,
    day_of,
    declared,
    gather,
    new_york,
    period_of,
    table,
    text_of,
)

FRED_KEY = "FRED_API_KEY"
LIVE = "live"
GRAPH = "https://fred.stlouisfed.org/graph/fredgraph.csv?id="
PRINTS_FROM = "1970-01-01"
"""Before, the Financial Accounts are yearly, and nothing is asked of those years."""
PRINTS = (
    "https://api.stlouisfed.org/fred/series/observations?file_type=json"
    "&realtime_start=1776-07-04&realtime_end=9999-12-31"
    f"&observation_start={PRINTS_FROM}&limit=100000&series_id="
)
SAID = {"file_type": "json", "output_type": 1, "units": "lin", "offset": 0}
"""What FRED's answer says of itself: observations by real-time period, as published, from the first on."""


@dataclass(frozen=True)
class FredSeries:
    """One of FRED's series as one of ours.

    code: FRED's id. series: our id. shift: how many places the decimal point moves to get our unit.
    months: of a period, nought where each day has a value of its own. since: the first date that is
    taken from the graph file; all where it is empty. prints: for a series that is revised, our release
    that brings it; where there is a key, its prints are read in place of the graph file, and each
    became known at that release's hour.
    """

    code: str
    series: str
    shift: int = 0
    months: int = 0
    since: str = ""
    prints: str = ""


@cache
def of_catalogue(publisher: str) -> tuple[FredSeries, ...]:
    """The series that say in the catalogue which of FRED's they are, for the module that reads them.

    `source: {read: fred, id: WALCL, shift: "-3", since: "2010-01-01", prints: "yes"}`: the last three where
    they differ from none, all and no.
    """
    return tuple(
        FredSeries(
            entry.source["id"],
            entry.id,
            int(entry.source.get("shift", "0")),
            calendar.MONTHS.get(entry.frequency, 0),
            entry.source.get("since", ""),
            entry.release if entry.source.get("prints") == "yes" else "",
        )
        for entry in declared(publisher)
    )


def is_live(name: str) -> bool:
    """Whether a file's name is that of a feed, not of a kept file."""
    return PurePosixPath(name).parent.name == LIVE


def fred_feeds(
    publisher: str, known: Iterable[FredSeries], keys: Mapping[str, str]
) -> tuple[Feed, ...]:
    """The feeds of FRED's series: one each, prints where there is a key and the series is revised."""
    key = keys.get(FRED_KEY, "")
    feeds = []
    for entry in known:
        name = f"{publisher}/{LIVE}/{entry.code}"
        if key and entry.prints:
            secret = {"api_key": key}
            url = PRINTS + entry.code
            feeds.append(Feed(f"{name}.json", url, (entry.series,), secret=secret, vintages=True))
        else:
            start = f"&cosd={entry.since}" if entry.since else ""
            feeds.append(Feed(f"{name}.csv", GRAPH + entry.code + start, (entry.series,)))
    return tuple(feeds)


def read_fred(name: str, data: bytes, known: Iterable[FredSeries]) -> Parsed:
    """One of FRED's series in either form. What the graph file has is not dated here; prints are.

    A print became known on the day on which its real-time period begins. What ALFRED holds since its
    first day for the series was known then or before: it is left to the release rule, where that day
    is not later.
    """
    path = PurePosixPath(name)
    entry = next((entry for entry in known if entry.code == path.stem), None)

    def read(found: Collector, data: bytes) -> None:
        if entry is None:
            raise SourceFault(0, f"`{path.stem}` is none of the series read here")
        if path.suffix == ".json":
            _prints(found, data, entry)
        else:
            _graph(found, data, entry)

    return gather(name, data, read)


def _graph(found: Collector, data: bytes, entry: FredSeries) -> None:
    for line, row in table(whole(data), ("observation_date", entry.code)):
        value = row[entry.code]
        day = day_of(line, row["observation_date"]).isoformat()
        if value not in ("", ".") and day >= entry.since:
            found.add(line, entry.series, _period(entry, line, day), value, entry.shift)


def _prints(found: Collector, data: bytes, entry: FredSeries) -> None:
    answer = document(data)
    if "error_message" in answer:
        raise SourceFault(0, f"FRED refuses: {str(answer['error_message'])[:200]}")
    for name, wanted in SAID.items():
        if answer.get(name) != wanted:
            raise SourceFault(0, f"{name}: `{wanted}` expected, not `{answer.get(name)}`")
    rows = records(answer, "observations")
    if answer.get("count") != len(rows):
        said = f"{answer.get('count')} observations are announced"
        raise SourceFault(0, f"count: {said}, {len(rows)} came: cut off?")
    release = _release(entry.prints)
    first = min(_text(row, "realtime_start", number) for number, row in enumerate(rows))
    came: list[tuple[int, str, str, str]] = []
    for number, row in enumerate(rows):
        line, value = number + 1, _text(row, "value", number)
        day = day_of(line, _text(row, "date", number)).isoformat()
        if value != "." and day >= PRINTS_FROM:
            since = _text(row, "realtime_start", number)
            came.append((line, since, _period(entry, line, day), value))
    rule = _ruled(release, [period for _, since, period, _ in came if since == first])
    for line, since, period, value in came:
        known_at = new_york(day_of(line, since), release.time)
        if since == first and rule[period] <= known_at:
            known_at = ""
        found.add(line, entry.series, period, value, entry.shift, known_at)


def _text(row: Record, name: str, number: int) -> str:
    value = row.get(name)
    if not isinstance(value, str):
        raise SourceFault(number + 1, f"observations[{number}].{name}: a text is expected")
    return value


def _period(entry: FredSeries, line: int, day: str) -> str:
    return period_of(line, day, entry.months) if entry.months else day


@cache
def _release(name: str) -> Release:
    return read_catalogue().releases[name]


def _ruled(release: Release, periods: Sequence[str]) -> Mapping[str, str]:
    """When the release rule has each period known, as ISO 8601 in UTC."""
    ends = np.array([calendar.period_end(period) for period in periods], dtype="datetime64[D]")
    seconds = calendar.known_at(release, ends).tolist()
    return dict(zip(periods, map(calendar.iso, seconds), strict=True))


def whole(data: bytes) -> bytes:
    """A text file that ends with a line's end; raises SourceFault for one that breaks off, or is none."""
    text = text_of(data)
    if not text.endswith(("\n", "\r")):
        raise SourceFault(len(text.splitlines()), "the last line has no end: cut off?")
    return data
