"""Calibration: how often each test raises an alarm on dates on which nothing is known to have happened.

Each test, as its narrative asks it, is run on quiet dates chosen by `quiet_anchors`, with only what was
known when the window was out. Reported are the false-alarm rate beside its nominal tail, with the exact
binomial interval (Clopper and Pearson 1934, Biometrika 26, 404-413); the share of true effects that it
sees when they are put into the same quiet windows (power); and the share of them that it calls
inconsistent, beside its nominal ten percent. The table is kept in `calibration.json`: a test with fewer than 20
dates in it, or none, is `uncalibrated`.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import numpy as np

from evidence import placebo
from evidence.answer import kind_of, score_test
from evidence.calendar import Days
from evidence.episode import settled_day
from evidence.frozen import Frozen
from evidence.kinds import KINDS, is_fact
from evidence.kinds.base import Extent, TestBase
from evidence.narrative import Narrative
from evidence.observations import Store
from evidence.placebo import P_IF_TRUE, Ranked
from evidence.quantity import tidy

TABLE = Path(__file__).parent / "calibration.json"
MOST_DATES = 200
LEAST_DATES = 20
LAST_QUIET = date(2024, 12, 31)
MARGIN = timedelta(days=60)
SIZES = (1.0, 2.0)
"""The synthetic effects, in multiples of what matters."""


class Row(Frozen):
    """One test, calibrated. Shares are of `dates`; low and high bound the alarm rate (95 %).

    nominal: the rate that a rank among so many placebos can have at most at this tail. p moves in steps of
    1 / (n + 1), so with 50 placebos a tail of 5 % is one of 2 in 51.
    """

    key: str
    tests: tuple[str, ...]
    title: str
    kind: str
    series: tuple[str, ...]
    window: str
    tail: float
    nominal: float
    dates: int
    first: date | None
    last: date | None
    alarms: int
    rate: float | None
    low: float | None
    high: float | None
    fired: int
    seen: tuple[float, ...]
    missed: float | None
    nominal_missed: float

    @property
    def calibrated(self) -> bool:
        """Whether there are dates enough to say anything."""
        return self.dates >= LEAST_DATES

    @property
    def holds(self) -> bool:
        """Whether the nominal rate lies in the interval."""
        return self.low is None or self.high is None or self.low <= self.nominal <= self.high


class Overall(Frozen):
    """All calibrated tests together: alarms against what their tails would give, and its p-value."""

    tests: int
    dates: int
    alarms: int
    expected: float
    rate: float
    low: float
    high: float
    p: float


class Table(Frozen):
    """The whole run."""

    engine: str
    rule: str
    rows: tuple[Row, ...]
    overall: Overall | None


RULE = (
    f"Windows that do not overlap, counted back from the last that ends by {LAST_QUIET.isoformat()}; none that holds "
    f"an event, a marked day or a control episode, or begins within {MARGIN.days} days of one; the newest {MOST_DATES} "
    "that could be evaluated, or all."
)


def key(test: TestBase) -> str:
    """What a test asks, whatever it is called: its kind, series, window, direction, size and tail."""
    asked = test.model_dump(
        mode="json",
        exclude={
            "id",
            "title",
            "part",
            "role",
            "grade",
            "rivals_expect",
            "why",
            "caveat",
            "checks",
            "vary",
        },
    )
    asked["matters"] = {k: v for k, v in asked["matters"].items() if k != "why"}
    if isinstance(asked.get("predicts"), dict):
        asked["predicts"] = asked["predicts"]["direction"]
    text = json.dumps(asked, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@cache
def table() -> Table | None:
    """The run that is kept beside this file; None where none is."""
    return Table.model_validate_json(TABLE.read_text(encoding="utf-8")) if TABLE.exists() else None


@cache
def _on_record() -> Mapping[str, int]:
    rows = json.loads(TABLE.read_text(encoding="utf-8"))["rows"] if TABLE.exists() else []
    return {row["key"]: row["dates"] for row in rows}


def dates_on_record(test: TestBase) -> int | None:
    """On how many quiet dates the test was calibrated; None for facts, which raise no false alarms."""
    return None if is_fact(kind_of(test)) else _on_record().get(key(test), 0)


def calibrated(test: TestBase) -> bool:
    """Whether the table has dates enough for the test (always so for facts)."""
    dates = dates_on_record(test)
    return dates is None or dates >= LEAST_DATES


def quiet_anchors(grid: Days, length: int, avoid: Sequence[date], offset: int = 0) -> Days:
    """The quiet dates of a test whose windows hold `length` periods of `grid`, newest first.

    RULE in code. offset: how many periods after its anchor a window begins (before it, if negative). Which
    of the dates can be evaluated is only known when they are.
    """
    newest = int((grid <= np.datetime64(LAST_QUIET)).sum()) - 1
    anchors = np.arange(newest - max(offset + length, 0), -1, -length)
    anchors = anchors[anchors + offset >= 0]
    first, last = grid[anchors + offset], grid[anchors + offset + length]
    margin = np.timedelta64(MARGIN.days, "D")
    quiet = np.ones(len(anchors), dtype=bool)
    for day in avoid:
        loud = np.datetime64(day)
        quiet &= (loud < first - margin) | (loud > np.maximum(last, first + margin))
    return grid[anchors[quiet]]


def run(
    narratives: Iterable[Narrative],
    anchors: Mapping[str, date],
    avoid: Sequence[date],
    store: Store,
) -> Iterator[Row]:
    """Every ranked test of the narratives, each way of asking once, in order of first use."""
    for trial in trials(narratives, anchors, avoid, store):
        yield trial.work(store)


@dataclass(frozen=True)
class Trial:
    """One way of asking that has to be tried on quiet dates: its key, and the tests that ask so (`story/test`).

    test, anchor: of the first of them. avoid: days that no quiet window may hold or come near.
    """

    key: str
    tests: tuple[str, ...]
    test: TestBase
    anchor: date
    avoid: tuple[date, ...]

    @property
    def name(self) -> str:
        """What it is called where it is told of."""
        return f"the calibration of {self.tests[0]}"

    def work(self, store: Store) -> Row:
        """The test on its quiet dates."""
        return _row(self.key, self.tests, self.test, self.anchor, self.avoid, store)


def trials(
    narratives: Iterable[Narrative],
    anchors: Mapping[str, date],
    avoid: Sequence[date],
    store: Store,
) -> list[Trial]:
    """What `run` runs, in its order."""
    users: dict[str, list[tuple[Narrative, TestBase]]] = {}
    for narrative in narratives:
        for test in narrative.tests:
            # what somebody brought to this machine is not part of a committed table
            open_data = all(
                store.held(s) and store.catalogue.series[s].licence != "licensed"
                for s in test.reads
            )
            if not is_fact(kind_of(test)) and open_data:
                users.setdefault(key(test), []).append((narrative, test))
    return [
        Trial(
            key=name,
            tests=tuple(f"{n.id}/{t.id}" for n, t in uses),
            test=uses[0][1],
            anchor=uses[0][0].anchor or anchors[uses[0][0].event],
            avoid=tuple(avoid),
        )
        for name, uses in users.items()
    ]


def _row(
    name: str,
    uses: tuple[str, ...],
    test: TestBase,
    anchor: date,
    avoid: Sequence[date],
    store: Store,
) -> Row:
    found = list(_quiet(test, anchor, avoid, store))
    tail = test.tail.value / 100
    alarms = sum(ranked.p <= tail for _, ranked in found)
    count = len(found)
    low, high = interval(alarms, count) if count else (None, None)
    return Row(
        key=name,
        tests=uses,
        title=test.title,
        kind=kind_of(test),
        series=test.reads,
        window=_window(test),
        tail=tidy(tail),
        nominal=tidy(float(np.mean([attainable(r, tail) for _, r in found]))) if found else tail,
        dates=count,
        first=min((day for day, _ in found), default=None),
        last=max((day for day, _ in found), default=None),
        alarms=alarms,
        rate=tidy(alarms / count) if count else None,
        low=low,
        high=high,
        fired=sum(placebo.outcome(ranked, tail) == "consistent" for _, ranked in found),
        seen=tuple(_share(found, tail, size, "consistent") for size in SIZES) if count else (),
        missed=_share(found, tail, 1.0, "inconsistent") if count else None,
        nominal_missed=P_IF_TRUE,
    )


def _share(found: Sequence[tuple[date, Ranked]], tail: float, size: float, outcome: str) -> float:
    """The share of quiet windows that have `outcome` had the claim been true in them at `size` × what matters."""
    told = (placebo.true_at(ranked, size) for _, ranked in found)
    return float(tidy(sum(placebo.outcome(t, tail) == outcome for t in told) / len(found)))


def _window(test: TestBase) -> str:
    window = getattr(test, "window", None)
    if window is None:
        return ""
    return f"{window.after} after" if window.after else f"{window.before} before"


def _quiet(
    test: TestBase, anchor: date, avoid: Sequence[date], store: Store
) -> Iterator[tuple[date, Ranked]]:
    """The test on its quiet dates, each on the day on which its window was wholly out."""
    newest = store.as_of(store.newest_day)
    kind = KINDS[kind_of(test)]
    extent = kind.extent(test, newest, anchor)  # type: ignore[union-attr]
    if not isinstance(extent, Extent):
        return
    grid = kind.grid(test, newest)  # type: ignore[union-attr]
    count = 0
    for day in quiet_anchors(grid, extent.length, avoid, extent.offset):
        at: date = day.astype(object)
        out = settled_day(test, store, at)
        if out is None:
            continue
        _, ranked = score_test(test, store.as_of(out), at)
        if ranked is not None:
            yield at, ranked
            count += 1
        if count == MOST_DATES:
            return


def attainable(ranked: Ranked, tail: float) -> float:
    """The largest rate of alarms at or under `tail` that a rank among these placebos can have."""
    steps = len(ranked.noise) + 1
    return float(np.floor(tail * steps + 1e-9) / steps)


def interval(alarms: int, count: int) -> tuple[float, float]:
    """The exact 95 % interval of a rate of `alarms` in `count`."""
    from scipy.stats import beta  # noqa: PLC0415 - a third of a second that only calibration needs

    low = 0.0 if alarms == 0 else float(beta.ppf(0.025, alarms, count - alarms + 1))
    high = 1.0 if alarms == count else float(beta.ppf(0.975, alarms + 1, count - alarms))
    return float(tidy(low)), float(tidy(high))


def overall(rows: Sequence[Row]) -> Overall | None:
    """The calibrated tests together, against the mean of their nominal rates (exact where these are equal)."""
    from scipy.stats import binomtest  # noqa: PLC0415 - as above

    good = [row for row in rows if row.calibrated]
    dates, alarms = sum(r.dates for r in good), sum(r.alarms for r in good)
    if not dates:
        return None
    expected = sum(r.nominal * r.dates for r in good)
    low, high = interval(alarms, dates)
    return Overall(
        tests=len(good),
        dates=dates,
        alarms=alarms,
        expected=tidy(expected),
        rate=tidy(alarms / dates),
        low=low,
        high=high,
        p=tidy(float(binomtest(alarms, dates, expected / dates).pvalue)),
    )
