"""Any sequence of fetches, revisions, recorded prints, failures, stops, damage and reads.

It loses no line, changes no view of the past, knows nothing too early, and a refresh that brings nothing
changes no byte. A publisher on paper has three series; what it prints is known to the test, print by print.
"""

import shutil
import tempfile
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence import calendar
from evidence.fetches import read as read_record
from evidence.ledger import Line, known_seconds, lines_of, standing, text_of
from evidence.observations import parse
from evidence.refresh import Report
from evidence.transaction import PENDING
from tests.small_feeds import CATALOGUE, FEEDS, MONTH, ONE, PRINTS, TWO, Desk, at
from tests.stops import everything, stop_at
from tests.worlds import RELEASES

SERIES = (ONE, TWO, MONTH)
BEGIN = at("2025-04-14T12:00:00Z")
WEEKS = [f"2025-{m:02d}-{d:02d}" for m, d in
         [(3, 19), (3, 26), (4, 2), (4, 9), (4, 16), (4, 23), (4, 30), (5, 7), (5, 14), (5, 21), (5, 28)]]  # fmt: skip
MONTHS = ["2024-12", "2025-01", "2025-02", "2025-03", "2025-04"]
PERIODS = {ONE: WEEKS, TWO: WEEKS, MONTH: MONTHS}
HOUR = 3600

values = st.decimals(-50, 50, places=1).map(str)
steps = st.one_of(
    st.tuples(st.just("wait"), st.integers(1, 200)),
    st.tuples(st.just("print"), st.sampled_from(SERIES), st.decimals(50, 99, places=1).map(str)),
    st.tuples(st.just("revise"), st.sampled_from(SERIES), st.integers(0, 5), st.decimals(50, 99, places=1).map(str)),
    st.tuples(st.just("fail"), st.sampled_from((0, 1))),
    st.tuples(st.just("heal")),
    st.tuples(st.just("key"), st.booleans()),
    st.tuples(st.just("refresh")),
    st.tuples(st.just("refresh")),
    st.tuples(st.just("stopped"), st.integers(0, 70)),
    st.tuples(st.just("damage"), st.sampled_from(SERIES), st.sampled_from(("flip", "cut", "gone"))),
    st.tuples(st.just("damage"), st.just("manifest"), st.sampled_from(("flip", "cut", "gone"))),
)  # fmt: skip
sequences = st.lists(steps, min_size=4, max_size=24)


@dataclass
class Truth:
    """What the publisher printed of each period: (second, value), in time."""

    prints: dict[str, dict[str, list[tuple[int, str]]]] = field(
        default_factory=lambda: {name: {} for name in SERIES}
    )

    def stands(self, series: str, second: int) -> dict[str, str]:
        """The newest print of each period, by then."""
        found = {}
        for period, told in self.prints[series].items():
            at = bisect_right([when for when, _ in told], second)
            if at:
                found[period] = told[at - 1][1]
        return found


@dataclass
class World:
    """A desk, the clock, the truth, and all that was ever seen of the store."""

    desk: Desk
    now: int = BEGIN
    truth: Truth = field(default_factory=Truth)
    failing: set[int] = field(default_factory=set)
    lines: dict[str, Counter] = field(default_factory=lambda: {name: Counter() for name in SERIES})
    views: dict[tuple[str, date, int], str] = field(default_factory=dict)
    was_stopped: bool = False

    def __post_init__(self) -> None:
        for series in SERIES:
            for value in ("60", "61"):
                self.print(series, value, self.now - HOUR)

    # What happens.

    def print(self, series: str, value: str, second: int | None = None) -> None:
        """The next period, if it is over."""
        told = self.truth.prints[series]
        if len(told) == len(PERIODS[series]):
            return
        period = PERIODS[series][len(told)]
        if calendar.period_end(period) <= calendar.new_york_day(self.now):
            told[period] = [(second or self.now, value)]

    def revise(self, series: str, back: int, value: str) -> None:
        told = self.truth.prints[series]
        period = sorted(told)[max(0, len(told) - 1 - back)]
        told[period].append((self.now, value))

    def post(self) -> None:
        """What the publisher offers now; the record of prints dates each print but the oldest."""
        for number, feed in enumerate(FEEDS):
            lines = [
                f"{name},{period},{value}"
                for name in feed.series
                for period, value in self.truth.stands(name, self.now).items()
            ]
            self.desk.post.put(feed, *lines)
            if number in self.failing:
                self.desk.post.fail(feed)
        prints = [
            f"{ONE},{period},{value},{calendar.iso(second)}"
            for period, told in self.truth.prints[ONE].items()
            for second, value in told
        ]
        self.desk.post.put(PRINTS, *prints)
        if 0 in self.failing:
            self.desk.post.fail(PRINTS)

    def refresh(self, *, damaged: bool = False) -> Report:
        self.post()
        # copies that a stop came before are made now
        hidden, self.was_stopped = not self.was_stopped, False
        before = everything(self.desk.folder, hidden=hidden)
        odd = damaged or PENDING in before
        looked = read_record(self.desk.folder).seen
        held = {} if odd else {name: self.desk.held(name) for name in SERIES}
        report = self.desk.refresh(self.now)
        assert damaged or not report.mended
        if not report.added and not odd and _same_failures(before, self.desk):
            left = everything(self.desk.folder, hidden=hidden)
            assert left == before, "nothing new, and a byte has changed"
        if not odd:
            self.look_ahead(held, report, {name: s.at for name, s in looked.items()})
        self.check()
        return report

    def stopped(self, step: int) -> None:
        self.post()
        self.was_stopped |= stop_at(step, lambda: self.desk.refresh(self.now))
        self.check()

    def damage(self, what: str, how: str) -> None:
        file = "manifest.json" if what == "manifest" else f"series/{what}.csv"
        path = self.desk.folder / file
        if not path.exists() or (self.desk.folder / PENDING).exists() or not self.copied():
            return
        data = path.read_bytes()
        if how == "gone":
            path.unlink()
        else:
            middle = len(data) // 2
            path.write_bytes(
                data[:middle] + (b"\x00" + data[middle + 1 :] if how == "flip" else b"")
            )
        if what != "manifest":
            assert what in self.desk.store().verify() or not self.lines[what]
        self.refresh(damaged=True)

    def copied(self) -> bool:
        """Whether the copies are those of the last refresh: a stop may have come before they were made."""
        good = self.desk.folder / ".good" / "manifest.json"
        manifest = self.desk.folder / "manifest.json"
        return good.exists() and good.read_bytes() == manifest.read_bytes()

    # What has to hold.

    def check(self) -> None:
        """All that was ever written is there, and all that was ever shown is shown again."""
        if not (self.desk.folder / "manifest.json").exists():
            assert not any(self.lines.values()), "there was one"
            return
        store = self.desk.store()
        assert store.verify() == {}
        for name in SERIES:
            lines = Counter(map(str, self.desk.held(name)))
            assert not self.lines[name] - lines, f"{name} has lost lines"
            if not (self.desk.folder / PENDING).exists():
                self.lines[name] = lines
        for (name, day, number), digest in self.views.items():
            assert store.as_of(day, number).series(name).digest == digest, (name, day, number)
        if store.n:
            for day in (calendar.new_york_day(self.now), date(2025, 4, 16), date(2025, 5, 9)):
                for name in SERIES:
                    key = name, day, store.n
                    self.views[key] = store.as_of(day, store.n).series(name).digest

    def look_ahead(self, held: dict, report: Report, looked: dict[str, int]) -> None:
        """No line says that something was known after the fetch; no undated revision, before the old value was seen."""
        for name in report.added:
            release = CATALOGUE.releases[CATALOGUE.series[name].release]
            new = [line for line in self.desk.held(name) if line.added == report.snapshot]
            recorded = bool(self.desk.keys) and name == ONE
            before = standing(release, held[name])
            feed = next(f for f in FEEDS if name in f.series)
            for line, second in zip(new, known_seconds(release, new), strict=True):
                assert second <= self.now, line
                if recorded:
                    told = self.truth.prints[name][line.period]
                    assert not line.value or second >= told[0][0] or line.known_at == "", line
                elif line.period in before:
                    assert second > before[line.period][-1].second, line
                    assert second > looked.get(feed.name, 0), line


def _same_failures(before: dict[str, bytes], desk: Desk) -> bool:
    file = desk.folder / "fetches.json"
    return before.get("fetches.json") == (file.read_bytes() if file.exists() else None)


def live(sequence: Sequence[tuple]) -> None:
    """Plays a sequence, then lets all recover: in the end the store has what the publisher has."""
    folder = Path(tempfile.mkdtemp())
    try:
        world = World(Desk(folder / "snapshot"))
        for what, *given in sequence:
            if what == "wait":
                world.now += given[0] * HOUR
            elif what == "print":
                world.print(*given)
            elif what == "revise":
                world.revise(*given)
            elif what == "fail":
                world.failing.add(given[0])
            elif what == "heal":
                world.failing.clear()
            elif what == "key":
                world.desk.keys = {"PAPER_KEY": "x"} if given[0] else {}
            elif what == "stopped":
                world.stopped(given[0])
            elif what == "damage":
                world.damage(*given)
            else:
                world.refresh()
            world.now += 60
        world.failing.clear()
        world.now += HOUR
        report = world.refresh()
        assert report.problems == ()
        for name in SERIES:
            release = RELEASES[CATALOGUE.series[name].release]
            stands = standing(release, world.desk.held(name))
            told = world.truth.stands(name, world.now)
            assert {p: Decimal(v[-1].value) for p, v in stands.items()} == {
                p: Decimal(v) for p, v in told.items()
            }, name
        quiet = everything(world.desk.folder)
        world.now += HOUR
        assert world.refresh().added == {}
        assert everything(world.desk.folder) == quiet
    finally:
        shutil.rmtree(folder)


SECONDS = ["", "2025-04-10T20:30:00Z", "2025-04-11T20:30:00Z", "2025-04-12T20:30:00Z"]
"""The first recorded one is the second that the rule gives to 9 April."""
batches = st.lists(
    st.lists(
        st.tuples(st.sampled_from(WEEKS[2:5]), st.sampled_from(("", "1", "2", "3")), st.sampled_from(SECONDS)),
        max_size=4, unique_by=lambda row: (row[0], row[2]),
    ),
    min_size=1, max_size=5,
)  # fmt: skip


@settings(deadline=None, derandomize=True, database=None, max_examples=200)
@given(batches)
def test_what_the_ledger_takes_as_standing_is_what_the_store_shows(given_lines):
    """Lines, replacements and withdrawals in any order: the one writes by it, the other reads by it."""
    release = RELEASES["thursday"]
    lines = [
        Line(period, value, known_at, number)
        for number, batch in enumerate(given_lines, 1)
        for period, value, known_at in batch
    ]
    text = text_of(release, lines)
    assert text_of(release, lines_of(text)) == text
    assert sorted(map(str, lines_of(text))) == sorted(map(str, lines))
    for number in range(1, len(given_lines) + 1):
        then = [line for line in lines_of(text) if line.added <= number]
        shown = parse(ONE, text, release, number)
        told = standing(release, then)
        flat = [
            (np.datetime64(period), version.second, float(version.value))
            for period, versions in sorted(told.items())
            for version in versions
        ]
        assert flat == list(
            zip(
                shown.periods[shown.owner], shown.known.tolist(), shown.values.tolist(), strict=True
            )
        )


SLOW = settings(
    deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], database=None
)


@settings(SLOW, max_examples=25)
@given(sequences)
def test_any_sequence_loses_nothing(sequence):
    live(sequence)


@pytest.mark.long
@settings(SLOW, max_examples=400, derandomize=False)
@given(sequences)
def test_many_sequences_lose_nothing(sequence):
    live(sequence)
