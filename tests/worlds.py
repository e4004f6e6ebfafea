"""Small worlds for tests: a catalogue of a few series, values given line by line, and a store over them.

Nothing here calls the code under test but the parser of a series file and the release calendar.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np

from evidence.catalogue import Break, Catalogue, Combination, Release
from evidence.catalogue import Series as Entry
from evidence.observations import HEADER, Series, Store, View, parse

DAILY, WEEKLY, MONTHLY = "daily", "weekly", "monthly"

RELEASES = {
    # out at noon of the period's own last day (or the next business day)
    "prompt": Release(id="prompt", name="Prompt", time="12:00", days=0, stale_after_days=5, source="a test"),
    # the business day after
    "next": Release(id="next", name="Next day", time="12:00", business_days=1, stale_after_days=5, source="a test"),
    # Wednesday's value on Thursday
    "thursday": Release(id="thursday", name="Thursday", time="16:30", weekday="thursday", stale_after_days=5, source="a test"),
    # a month's value on the 18th of the second month after
    "slow": Release(id="slow", name="Slow", time="16:00", month_day=(2, 18), stale_after_days=15, source="a test"),
}  # fmt: skip


def entry(
    series_id: str,
    frequency: str,
    behaves: str,
    unit: str = "USD bn",
    release: str = "prompt",
    **more: object,
) -> Entry:
    """A catalogue entry with what a test does not care about filled in."""
    given = {
        "id": series_id, "title": series_id, "short": series_id, "unit": unit, "frequency": frequency,
        "behaves": behaves, "source_group": series_id.split(".", maxsplit=1)[0], "release": release,
        "publisher": "A test", "url": "https://example.org", "citation": "A test",
    }  # fmt: skip
    return Entry.model_validate({**given, **more})


def shop(
    entries: Sequence[Entry], lines: Mapping[str, str], releases: Mapping[str, Release] = RELEASES
) -> "Shop":
    catalogue = Catalogue(series={e.id: e for e in entries}, releases=dict(releases))
    return Shop(catalogue, lines)


class Shop(Store):
    """A store whose series files are texts in memory."""

    def __init__(self, catalogue: Catalogue, lines: Mapping[str, str]) -> None:
        self.folder = None  # type: ignore[assignment]
        self.catalogue = catalogue
        self.manifest_text = ""
        self.manifest = {
            "snapshot": 1,
            "newest_release": "2030-01-01",
            "series": dict.fromkeys(lines),
        }
        self.lines = lines
        self.damaged = {}
        self.brought = {}
        self._read = {}

    def _file(self, entry: Entry, snapshot: int) -> Series:
        text = HEADER + "\n" + self.lines.get(entry.id, "")
        return parse(entry.id, text, self.catalogue.releases[entry.release], snapshot)


def rows(
    periods: Sequence[date | str], values: Sequence[float], known: Sequence[str] | None = None
) -> str:
    """The lines of a series file; None as a value leaves the period out."""
    known = known or [""] * len(periods)
    pairs = zip(periods, values, known, strict=True)
    return "".join(f"{p},{float(v)!r},{k},1\n" for p, v, k in pairs if v is not None)


def weeks(last: date, count: int) -> list[date]:
    """`count` weekly periods, the last on `last`."""
    return [last - timedelta(weeks=i) for i in range(count - 1, -1, -1)]


def months(last: str, count: int) -> list[str]:
    """`count` months up to `last`, as `2025-04`."""
    end = np.datetime64(last, "M")
    return [str(end - i) for i in range(count - 1, -1, -1)]


def weekdays(last: date, count: int) -> list[date]:
    """`count` weekdays up to `last`."""
    return [
        d.astype(object)
        for d in np.busday_offset(
            np.datetime64(last, "D"), np.arange(-count + 1, 1), roll="backward"
        )
    ]


def world(entries: Sequence[Entry], lines: Mapping[str, str], day: date) -> View:
    """The view of a small store on a day."""
    return shop(entries, lines).as_of(day)


def broken_on(day: date) -> tuple[Break, ...]:
    return (Break(on=day, why="a test"),)


def difference(plus: str, minus: str) -> Combination:
    return Combination(plus=(plus,), minus=(minus,))


def compound(start: float, percents: Sequence[float]) -> list[float]:
    """Levels that move by each percentage of the level before: one more than there are percentages."""
    levels = [start]
    for percent in percents:
        levels.append(levels[-1] * (1 + percent / 100))
    return levels


def walk(start: float, steps: Sequence[float]) -> list[float]:
    """Levels that move by each step."""
    return [float(x) for x in np.concatenate([[start], start + np.cumsum(steps)])]
