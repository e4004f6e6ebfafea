"""The memory of a verdict: how it read on every day on which anything changed for its narrative.

Each day holds what was published on it, each turn the releases that moved it. Every day is scored by
the engine with what was known by then, so a history up to a day is the same whatever came later.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby, pairwise
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

import numpy as np

from evidence import calendar, telling
from evidence.catalogue import Catalogue, Release
from evidence.engine import Engine
from evidence.frozen import Frozen, Whole
from evidence.kinds.base import Outcome
from evidence.narrative import Narrative
from evidence.observations import Series, View
from evidence.trace import ConditionTrace, Confidence, Direction, Number, Verdict

ONE_DAY = timedelta(days=1)
RARITY = ("yearly", "quarterly", "monthly", "irregular", "weekly", "daily")


class Standing(Whole):
    """How a test stood: its outcome, what it measured and up to when, its place among the placebos.

    `until` is the last day of its window (null while it waits), `so_far` says whether that was still open.
    """

    test: str
    outcome: Outcome
    value: Number | None
    until: date | None
    p: Number | None
    p_if_true: Number | None
    so_far: bool


class Published(Whole):
    """One release on one day: the periods that came new, and older ones that it revised (last days)."""

    release: str
    frequency: str
    periods: tuple[date, ...]
    revised: tuple[date, ...]
    series: tuple[str, ...]
    words: str
    label: str

    @property
    def revised_label(self) -> str:
        """The label where only its revisions counted: `TIC, revised`."""
        return telling.revised(self.label)


class Happening(Whole):
    """What changed on a day without a figure: the event, a new plan, a release that stayed away."""

    what: Literal["event", "frozen", "delay", "overdue", "stale"]
    release: str | None
    words: str


class Stood(Whole):
    """How a verdict stood on one day: what scoring found of what a history tells."""

    on: date
    identity: str
    direction: Direction
    confidence: Confidence
    so_far: bool
    by_proxy: bool
    downgrades: tuple[str, ...]
    tests: tuple[Standing, ...]
    conditions: tuple[ConditionTrace, ...]


class HistoryDay(Stood):
    """The verdict on one day, and what that day brought."""

    published: tuple[Published, ...]
    happened: tuple[Happening, ...]

    @property
    def words(self) -> str:
        """The verdict in words."""
        return telling.standing(
            self.direction, self.confidence, so_far=self.so_far, by_proxy=self.by_proxy
        )


class Moved(Frozen):
    """A test that read otherwise than the day before, and how that came.

    figures: its window grew or came out. revision: figures of its window were revised. comparison: its own
    figures stood, and the earlier windows that they are held against read otherwise.
    """

    test: str
    title: str
    before: Outcome
    after: Outcome
    how: Literal["figures", "revision", "comparison"]

    @property
    def words(self) -> str:
        """The test and how it reads since: `Officials sold …: no clear answer → against the claim`."""
        return telling.moved(self.title, self.before, self.after)


class Turn(Frozen):
    """A day on which direction or confidence changed, the tests that moved, and what moved them."""

    on: date
    direction: Direction
    confidence: Confidence
    so_far: bool
    by_proxy: bool
    direction_before: Direction
    confidence_before: Confidence
    tests: tuple[Moved, ...]
    conditions: tuple[ConditionTrace, ...]
    moved_by: tuple[Published, ...]
    label: str
    sentence: str

    @property
    def changed_direction(self) -> bool:
        """Whether more than the confidence changed."""
        return self.direction != self.direction_before


NOTHING: Mapping[date, Stood] = MappingProxyType({})


class History(Frozen):
    """A narrative's verdicts from one day to another."""

    id: str
    title: str
    first: date
    last: date
    days: tuple[HistoryDay, ...]
    turns: tuple[Turn, ...]

    def upto(self, day: date) -> "History":
        """What of it was known by the end of a day: the same as a history that ends there."""
        if day >= self.last:
            return self
        return self.model_copy(
            update={
                "last": max(day, self.first),
                "days": tuple(d for d in self.days if d.on <= max(day, self.first)),
                "turns": tuple(t for t in self.turns if t.on <= day),
            }
        )

    @property
    def settled(self) -> Turn | None:
        """The turn since which the direction has stood; None where it never turned, or stands open."""
        found = next((t for t in reversed(self.turns) if t.changed_direction), None)
        return found if found is not None and found.direction != "insufficient_data" else None


def begins(engine: Engine, narrative: Narrative) -> date:
    """Where its history begins: the day of its event, or of the first time that it was said."""
    said = [s.on for s in narrative.said if not s.assumed]
    return min([engine.anchors[narrative.event], *said])


def history(
    engine: Engine,
    narrative_id: str,
    first: date | None,
    last: date | None,
    known: Mapping[date, Stood] = NOTHING,
    *,
    all_known: bool = False,
) -> History:
    """The verdict on each day from `first` to `last` (New York days) on which anything changed, and on `first`.

    Without `first` it begins where `begins` says, without `last` it ends with the newest release. known: how
    it stood on days that need not be scored again. all_known: they are all its days. An unknown id raises
    KeyError; a first day after the last one raises ValueError.
    """
    narrative = engine.narratives[narrative_id]
    last = last or engine.store.newest_day
    first = first or min(begins(engine, narrative), last)
    if first > last:
        raise ValueError(f"{first} comes after {last}")
    # an engine of its own: what it keeps for hundreds of days goes when the history is made
    own = Engine(engine.store, engine.narratives, engine.anchors)
    whole = chapter(own, narrative_id, first, first, last, known, all_known=all_known)
    return History(
        id=narrative.id,
        title=narrative.title,
        first=first,
        last=last,
        days=whole.days,
        turns=whole.turns,
    )


class Chapter(NamedTuple):
    """The days of a history between two days, and the turns that came on them."""

    days: tuple[HistoryDay, ...]
    turns: tuple[Turn, ...]


def chapter(
    engine: Engine,
    narrative_id: str,
    begin: date,
    first: date,
    last: date,
    known: Mapping[date, Stood] = NOTHING,
    *,
    all_known: bool = False,
) -> Chapter:
    """What stands between `first` and `last` in a history that begins on `begin`: on or before `first`.

    Chapters that follow each other without a gap hold together what the whole history holds.
    """
    narrative = engine.narratives[narrative_id]
    every = known if all_known else moments(engine, narrative, first, last)
    changed = sorted(day for day in every if day >= first)
    on = sorted({begin, *changed}) if first == begin else changed
    if not on:
        return Chapter((), ())
    diary = Diary(
        engine.view(last), narrative, engine.anchor(narrative), named(engine, narrative), first
    )
    if first > begin:
        # the day before this chapter's first: its verdict says whether that first day is a turn
        eve = engine.stands_for(narrative, first - ONE_DAY)
        on = [max(begin, eve), *on]
    days = [
        HistoryDay(
            **dict(known.get(day) or stood(engine.score(narrative_id, day).verdict, day)),
            published=diary.published.get(day, ()),
            happened=diary.happened(day),
        )
        for day in on
    ]
    turns = (
        _turn(before, after, narrative, diary)
        for before, after in pairwise(days)
        if (before.direction, before.confidence) != (after.direction, after.confidence)
    )
    return Chapter(tuple(day for day in days if day.on >= first), tuple(turns))


def moments(engine: Engine, narrative: Narrative, first: date, last: date) -> list[date]:
    """Every day that a day from `first` to `last` stands for, in order; the first may lie before `first`."""
    found = []
    day = last
    while day >= first:
        # all days between a day and the one that it stands for stand for the same
        found.append(engine.stands_for(narrative, day))
        day = found[-1] - ONE_DAY
    return found[::-1]


def named(engine: Engine, narrative: Narrative) -> list[Narrative]:
    """The narratives that its conditions rest on, however far; not itself."""
    found = [narrative]
    for each in found:
        wanted = (engine.narratives[c.narrative] for c in each.when)
        found += [other for other in wanted if other not in found]
    return found[1:]


def stood(verdict: Verdict, day: date) -> Stood:
    """What a history tells of a verdict as of a day."""
    return Stood(
        on=day,
        identity=verdict.identity,
        direction=verdict.direction,
        confidence=verdict.confidence,
        so_far=verdict.so_far,
        by_proxy=verdict.by_proxy,
        downgrades=tuple(d.name for d in verdict.downgrades),
        conditions=verdict.conditions,
        tests=tuple(
            Standing(
                test=t.id,
                outcome=t.outcome,
                value=t.statistic.value if t.statistic else None,
                until=t.window.last if t.window else None,
                p=t.placebo.p if t.placebo else None,
                p_if_true=t.placebo.p_if_true if t.placebo else None,
                so_far=t.so_far,
            )
            for t in verdict.tests
        ),
    )


def _turn(before: HistoryDay, after: HistoryDay, narrative: Narrative, diary: "Diary") -> Turn:
    """What moved: the tests that changed, and the releases of that day that they read."""
    changed = [(b, a) for b, a in zip(before.tests, after.tests, strict=True) if b != a]
    # a change of outcome, or a window that has closed, says more than a p that drifts with each release
    strong = [(b, a) for b, a in changed if (b.outcome, b.so_far) != (a.outcome, a.so_far)]
    moved = [_moved(b, a, narrative) for b, a in strong or changed]
    met = [a for b, a in zip(before.conditions, after.conditions, strict=True) if b != a]
    read = [diary.files[m.test] for m in moved] + ([diary.others] if met else [])
    read = read or [*diary.files.values(), diary.others]
    found = [p for p in after.published if any(not r.isdisjoint(p.series) for r in read)]
    found.sort(
        key=lambda p: (
            -sum(not r.isdisjoint(p.series) for r in read),
            RARITY.index(p.frequency),
            p.release,
        )
    )
    causes = [p.words for p in found] or [h.words for h in after.happened]
    how = {m.how for m in moved}
    revised = how == {"revision"} and bool(found) and bool(found[0].revised)
    return Turn(
        on=after.on,
        direction=after.direction,
        confidence=after.confidence,
        so_far=after.so_far,
        by_proxy=after.by_proxy,
        direction_before=before.direction,
        confidence_before=before.confidence,
        tests=tuple(moved),
        conditions=tuple(met),
        moved_by=tuple(found),
        label=(found[0].revised_label if revised else found[0].label) if found else "",
        sentence=telling.turned(
            after.on,
            telling.causes(causes),
            before.words,
            after.words,
            only_comparison=how == {"comparison"} and not met,
            steps=telling.steps(before.downgrades, after.downgrades)
            if before.direction == after.direction
            else "",
        ),
    )


def _moved(before: Standing, after: Standing, narrative: Narrative) -> Moved:
    how: Literal["figures", "revision", "comparison"] = "figures"
    if before.until == after.until and before.so_far == after.so_far:
        how = "comparison" if before.value == after.value else "revision"
    return Moved(
        test=after.test,
        title=narrative.test(after.test).title,
        before=before.outcome,
        after=after.outcome,
        how=how,
    )


@dataclass
class Diary:
    """What was published and what else happened for a narrative, day by day from `since` to the view's day."""

    view: View
    narrative: Narrative
    anchor: date
    others_named: Sequence[Narrative] = ()
    since: date = date.min
    files: dict[str, frozenset[str]] = field(init=False)
    others: frozenset[str] = field(init=False)
    published: dict[date, tuple[Published, ...]] = field(init=False)
    _newest: dict[str, tuple[calendar.Seconds, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Reads the view once, for all days."""
        self.files = {t.id: files_of(self.catalogue, t.reads) for t in self.narrative.tests}
        reads = {s for narrative in self.others_named for t in narrative.tests for s in t.reads}
        self.others = files_of(self.catalogue, reads)
        every = sorted(self.others.union(*self.files.values()))
        arrived: dict[date, list[tuple[str, Series, calendar.Seconds]]] = {}
        for name in every:
            for day, at in _by_day(self.view.series(name), self.since):
                arrived.setdefault(day, []).append((name, self.view.series(name), at))
        self.published = {day: releases(self.catalogue, rows, day) for day, rows in arrived.items()}

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue of the view."""
        return self.view.catalogue

    def happened(self, day: date) -> tuple[Happening, ...]:
        """What changed on a day without a figure: by what was known at its end."""
        found: list[Happening] = []
        if day == self.anchor:
            words = "the day that the windows count from"
            found.append(Happening(what="event", release=None, words=words))
        if any(getattr(test, "frozen", None) == day for test in self.narrative.tests):
            words = "the span that the claim speaks of was over"
            found.append(Happening(what="frozen", release=None, words=words))
        by_release: dict[str, list[str]] = {}
        for name in sorted(self.others.union(*self.files.values())):
            by_release.setdefault(self.catalogue.series[name].release, []).append(name)
        for release_id, names in sorted(by_release.items()):
            release = self.catalogue.releases[release_id]
            frequency = self.catalogue.series[names[0]].frequency
            found += _plans(release, frequency, day)
            found += self._late(release, names, day)
        return tuple(found)

    def _late(self, release: Release, names: Sequence[str], day: date) -> Iterable[Happening]:
        """What was due that day or went stale on it, and is not in the data."""
        late: dict[tuple[Literal["overdue", "stale"], date], list[str]] = {}
        for name in names:
            frequency, last = self.catalogue.series[name].frequency, self._last(name, day)
            due = last and calendar.next_release(release, frequency, last, day)
            if last is None or due is None:
                continue
            if due == day:
                following = calendar.next_periods(frequency, last, 1, release)[0]
                late.setdefault(("overdue", following), []).append(name)
            elif day - due == timedelta(days=release.stale_after_days + 1):
                late.setdefault(("stale", last), []).append(name)
        for (what, period), missing in sorted(late.items()):
            # where the rest of the release came, the series that did not are named
            short = [self.catalogue.series[name].short for name in missing]
            named = release.name if len(missing) == len(names) else telling.causes(short)
            tell = telling.overdue if what == "overdue" else telling.stale
            words = tell(named, self.catalogue.series[missing[0]].frequency, period)
            yield Happening(what=what, release=release.id, words=words)

    def _last(self, name: str, day: date) -> date | None:
        """The newest period of a file that was known by the end of a day."""
        if name not in self._newest:
            series = self.view.series(name)
            order = np.argsort(series.first_known, kind="stable")
            newest = np.maximum.accumulate(order)
            self._newest[name] = series.first_known[order], series.periods[newest].astype(object)
        known, periods = self._newest[name]
        count = int(known.searchsorted(calendar.end_of_day(day), side="right"))
        return periods[count - 1] if count else None


def _by_day(series: Series, since: date) -> Iterable[tuple[date, calendar.Seconds]]:
    """Which versions of a series became known on each New York day from `since` on, in order of its versions."""
    days = calendar.new_york_days(series.known) if len(series) else series.periods
    order = np.argsort(days, kind="stable")
    order = order[np.searchsorted(days[order], np.datetime64(since)) :]
    if len(order) == 0:
        return
    found, starts = np.unique(days[order], return_index=True)
    ends = np.append(starts[1:], len(order))
    for day, start, end in zip(found.astype(object), starts, ends, strict=True):
        yield day, order[start:end]


def _plans(release: Release, frequency: str, day: date) -> Iterable[Happening]:
    """The changes of plan that were announced on a day, told as one."""
    moves: list[tuple[date, date, date]] = []
    for deviation in release.deviations:
        if day not in (deviation.announced, deviation.scheduled_announced):
            continue
        period = calendar.period_end(deviation.period)
        was = calendar.expected(release, period, day - ONE_DAY)
        now = calendar.expected(release, period, day)
        # a day earlier than the rule's, with no other plan before it, is the ordinary schedule
        planned = now > was or deviation.scheduled is not None
        if now != was and now > day and deviation.why and planned:
            moves.append((period, was, now))
    if moves:
        words = telling.replanned(release, frequency, sorted(moves))
        yield Happening(what="delay", release=release.id, words=words)


def files_of(catalogue: Catalogue, reads: Iterable[str]) -> frozenset[str]:
    """The files behind a test: of what it reads, and of the open interest that positions are held against."""
    names = set(reads)
    names |= {o for name in names if (o := catalogue.series[name].open_interest) is not None}
    return frozenset(file for name in names for file in catalogue.files(name))


def releases(
    catalogue: Catalogue,
    arrived: Sequence[tuple[str, Series, calendar.Seconds]],
    on: date,
) -> tuple[Published, ...]:
    """Versions that arrived (series, and which of its versions) as releases with their periods, in order of id."""
    groups: dict[tuple[str, str], tuple[set[date], set[date], list[str]]] = {}
    for name, series, at in arrived:
        entry = catalogue.series[name]
        new, revised, names = groups.setdefault(
            (entry.release, entry.frequency), (set(), set(), [])
        )
        owner = series.owner[at]
        first = series.first[owner] == at
        new.update(series.periods[owner[first]].astype(object))
        revised.update(series.periods[owner[~first]].astype(object))
        names.append(name)
    return tuple(
        _release(catalogue, key, sorted(new), sorted(revised - new), names, on)
        for key, (new, revised, names) in sorted(groups.items())
    )


def _release(
    catalogue: Catalogue,
    key: tuple[str, str],
    new: list[date],
    revised: list[date],
    names: list[str],
    on: date,
) -> Published:
    entry, frequency = catalogue.releases[key[0]], key[1]
    return Published(
        release=entry.id,
        frequency=frequency,
        periods=tuple(new),
        revised=tuple(revised),
        series=tuple(names),
        words=telling.published(entry, frequency, new, revised),
        label=telling.label(catalogue, entry, frequency, new, on),
    )


class Stretch(Frozen):
    """Days in a row on which a verdict reads the same, and the turn that began them, where one did."""

    first: date
    last: date
    direction: Direction
    confidence: Confidence
    so_far: bool
    by_proxy: bool
    turn: Turn | None

    @property
    def words(self) -> str:
        """The verdict in words."""
        return telling.standing(
            self.direction, self.confidence, so_far=self.so_far, by_proxy=self.by_proxy
        )


def stretches(found: History) -> tuple[Stretch, ...]:
    """A history as stretches of one reading each, in order; the last one ends with the history."""
    turns = {turn.on: turn for turn in found.turns}
    starts = [next(days) for _, days in groupby(found.days, key=lambda d: d.words)]
    ends = [start.on - ONE_DAY for start in starts[1:]] + [found.last]
    return tuple(
        Stretch(
            first=start.on,
            last=end,
            direction=start.direction,
            confidence=start.confidence,
            so_far=start.so_far,
            by_proxy=start.by_proxy,
            turn=turns.get(start.on),
        )
        for start, end in zip(starts, ends, strict=True)
    )


def course(found: History) -> str:
    """The way that its direction took, in a line."""
    spans: list[tuple[date, date, Direction]] = []
    for one in stretches(found):
        if spans and spans[-1][2] == one.direction:
            spans[-1] = (spans[-1][0], one.last, one.direction)
        else:
            spans.append((one.first, one.last, one.direction))
    return telling.course(spans)
