"""How long a narrative would take to score, before anything is scored: a rough sum over what would be asked.

What costs is counted from the file and the catalogue alone, so that a story that would run for minutes is
refused at once. The sum, in seconds:

- each way of asking a ranked test (`evidence.sensitivity.ways`): `ASK`, and `CELL` for each value that is
  looked at: earlier windows × (what the usual size is taken from + what lies inside), for each leg; more
  for a series that is revised, which is also ranked at its first prints (`REVISED`);
- each fact in each way of asking: `FACT`;
- each specification of the grid: `JUDGED` for each test that it tells again;
- what would change the verdict: `TURNED` for each ranked test and each test, since one is moved and all are
  judged again.

The constants were measured on one core of a small server in November 2026, on the project's stories and
on stories made to be slow, with the series already read. They are rough: within a factor of four, on a
machine of that speed.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from evidence import calendar
from evidence.answer import kind_of
from evidence.kinds import is_fact
from evidence.kinds.base import TestBase, Window, periods_in
from evidence.narrative import Narrative
from evidence.observations import Store
from evidence.placebo import LEAST_EFFECTIVE, YEARS
from evidence.sensitivity import BARS, TAILS, lengths
from evidence.windows import USUAL

ASK, CELL, REVISED, LEG = 2e-3, 8e-8, 4.0, 1e-3
FACT, WAITS = 5e-4, 2e-4
JUDGED, TURNED, MADE = 2e-4, 6e-4, 1.5e-5
LIMIT = 5.0
"""Seconds that a story may take to score where it is written."""

A_YEAR: Mapping[str, float] = {"daily": 252.0, "weekly": 52.2, "monthly": 12.0}
CALM = 60
"""Values that a series without a usual size of change is looked at for (`spike_after`)."""
LONGEST: Mapping[str, float] = {"daily": 150.0}
"""Holidays make longer windows of a daily series span a gap, so that they are not ranked at all."""


def estimate(
    narrative: Narrative, store: Store, narratives: Mapping[str, Narrative] | None = None
) -> float:
    """Seconds that scoring would take.

    store: for the catalogue, and the list of what the snapshot holds; no series is read. narratives: the
    stories that conditions (`when`) may rest on, which are scored as well.
    """
    others = narratives or {}
    resting = [narrative]
    for each in resting:
        named = (others[c.narrative] for c in each.when if c.narrative in others)
        resting += [other for other in named if other not in resting]
    return sum(_alone(each, store) for each in resting)


def refused(
    narrative: Narrative,
    store: Store,
    narratives: Mapping[str, Narrative] | None = None,
    limit: float = LIMIT,
) -> str | None:
    """Why a story is not scored, with its estimate and what would help; None where it is within the limit."""
    seconds = estimate(narrative, store, narratives)
    if seconds <= limit:
        return None
    windows, series = _grid(narrative)
    ways = windows * series
    asked = (
        f"{len(narrative.tests)} tests in {ways:,} ways"
        if ways > 1
        else f"{len(narrative.tests)} tests"
    )
    advice = (
        "Name fewer `windows` and `series` under `vary`."
        if any(t.vary.windows or t.vary.series for t in narrative.tests)
        else "Take fewer tests or shorter windows."
    )
    return (
        f"Scoring this story would take about {spoken(seconds)}: it asks {asked}. "
        f"It may take {spoken(limit)}. {advice}"
    )


def spoken(seconds: float) -> str:
    """A length of time, roughly: `8 seconds`, `3 minutes`, `5 hours`, `more than a day`."""
    for size, unit, most in ((1, "second", 100), (60, "minute", 100), (3600, "hour", 24)):
        count = max(round(seconds / size), 1)
        if count <= most:
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return "more than a day"


def _grid(narrative: Narrative) -> tuple[int, int]:
    """How many windows and how many series the grid has, as `sensitivity.ways` would make it."""
    windows = {name for test in narrative.tests for name in lengths(test)}
    return 1 + len(windows), 1 + max(len(test.vary.series) for test in narrative.tests)


class _Held:
    """What the snapshot's list says of series, asked once for each: periods, revised or not, nothing where not held."""

    def __init__(self, store: Store) -> None:
        self.catalogue = store.catalogue
        self._listed: Mapping[str, Mapping[str, Any]] = store.manifest["series"]
        self._known: dict[str, tuple[float, bool]] = {}

    def about(self, name: str) -> tuple[float, bool]:
        """(about how many periods a series has, 0 where it is not held; whether it has been revised)."""
        if name not in self._known:
            frequency = self.catalogue.series[name].frequency
            files = [self._listed.get(file) for file in self.catalogue.files(name)]
            told = [(_between(f, frequency), f["rows"]) for f in files if f is not None]
            whole = max((n for n, _ in told), default=0.0) if len(told) == len(files) else 0.0
            self._known[name] = whole, any(rows > 1.1 * n for n, rows in told)
        return self._known[name]

    def answers(self, test: TestBase) -> bool:
        """Whether a test can have an answer: all that it reads is held."""
        return all(self.about(name)[0] for name in test.reads)


def _between(told: Mapping[str, Any], frequency: str) -> float:
    """Periods from a file's first to its last; its lines, where the frequency has no number of periods."""
    if frequency not in A_YEAR:
        return float(told["rows"])
    first, last = (calendar.period_end(told[end]) for end in ("first", "last"))
    return math.ceil((last - first).days / 365.25 * A_YEAR[frequency]) + 1


def _alone(narrative: Narrative, store: Store) -> float:
    """One narrative, without those that it rests on."""
    held = _Held(store)
    windows, series = _grid(narrative)
    tests = narrative.tests
    live = [test for test in tests if held.answers(test)]
    ranked = [test for test in live if not is_fact(kind_of(test))]
    prints = 2 if any(held.about(name)[1] for t in ranked for name in t.reads) else 1
    told = len(BARS) * (len(TAILS) if ranked else 1) * prints if live else 1
    return (
        sum(_test(test, held, windows, series) for test in tests)
        + MADE * windows * series * len(tests)
        + JUDGED * windows * series * told * len(live)
        + TURNED * len(ranked) * len(tests)
    )


def _test(test: TestBase, held: _Held, windows: int, series: int) -> float:
    """One test in all its ways, as `sensitivity.ways` makes them, each with the slowest of its series."""
    own = lengths(test)
    declared = 1 + (windows - len(own)) * len(test.vary.series)
    if is_fact(kind_of(test)):
        return declared * len(BARS) * (FACT if held.answers(test) else WAITS)
    window = getattr(test, "window", None)
    if not isinstance(window, Window):
        return declared * ASK if held.answers(test) else WAITS
    spans = Counter({span: n * series for span, n in Counter(own.values()).items()})
    spans[window.after or window.before or ""] += declared
    if not held.answers(test):
        return WAITS * spans.total()
    cost = _answers(test, held)
    return sum(n * cost(span) for span, n in spans.items())


def _answers(test: TestBase, held: _Held) -> Callable[[str], float]:
    """What one answer of a ranked test costs, by the length of its window."""
    entry = held.catalogue.series[test.reads[0]]
    frequency, usual = entry.frequency, USUAL.get((entry.behaves, entry.frequency))
    abouts = [held.about(name) for name in (*test.reads, *test.vary.series)]
    every = max(periods for periods, _ in abouts)
    longest = min(every, LONGEST.get(frequency, every))
    recent = A_YEAR[frequency] * YEARS
    inside = kind_of(test) not in ("change_after", "falls_together")
    width: float = CALM if usual is None else max(usual.mean, usual.sd)
    width += _observations(test.against, frequency) if hasattr(test, "against") else 0
    legs = len(test.reads) * (REVISED if any(revised for _, revised in abouts) else 1.0)

    def cost(span: str) -> float:
        length = _observations(span, frequency)
        if length >= longest:
            return WAITS
        count = recent if recent >= LEAST_EFFECTIVE * length else every + recent
        return ASK + legs * (LEG + CELL * count * (width + length * inside))

    return cost


@cache
def _observations(span: str, frequency: str) -> int:
    """`periods_in`, asked once: a story may name hundreds of windows."""
    return periods_in(span, frequency)
