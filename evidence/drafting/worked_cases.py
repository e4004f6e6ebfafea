"""The cases and controls of a story, worked out: small worlds in which each test comes out as it should.

For each test a made-up series in the notation of `evidence.cases` is ended in several ways: well past what
matters, nothing or the opposite, just past the bar, short of it, what a restless series does by chance, and
not out yet. How far the last values have to go is found from the engine itself: the statistic moves in a
straight line with them, so two tries give the line, and the engine then says what comes out. The bar and
half or twice the bar lie between the worlds, so a threshold that is moved breaks one of them
(`evidence.mutation`). Tests share a world where they may; facts, which have dates of their own, do not.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np

from evidence import cases, placebo, verdict
from evidence.answer import kind_of, score_test
from evidence.cases import CaseView
from evidence.catalogue import Catalogue
from evidence.catalogue import Series as Entry
from evidence.controls import case_conditions, case_view
from evidence.episode import episode
from evidence.kinds import is_fact
from evidence.kinds.base import Outcome, TestBase, Window
from evidence.narrative import Case, ControlUse, Narrative
from evidence.observations import Store
from evidence.placebo import Ranked
from evidence.windows import USUAL, span

RANKED = ("change_after", "net_flow", "flow_shift", "spike_after", "falls_together")
FACTS = ("level", "reaches", "record")

PAST, NOTHING = "every move goes well past what matters", "nothing happens, or the opposite"
JUST, SHORT = (
    "a move past the bar, but not past twice the bar",
    "a move short of the bar, but past half of it",
)
UNUSUAL = "in a restless series a move that is only just unusual enough"
USUAL_STILL = "in a restless series a move that is not quite unusual enough"
NOT_OUT = "nothing of the window is out yet"


@dataclass(frozen=True)
class Worked:
    """What was worked out, and what was not, in sentences."""

    cases: tuple[Case, ...] = ()
    controls: tuple[ControlUse, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class Offered:
    """A test on a past episode: what came out there, for an author who wants it as a control."""

    use: ControlUse
    name: str
    outcome: Outcome
    seen: str


def worked(narrative: Narrative, anchor: date, store: Store) -> Worked:
    """Cases for every test whose kind can be worked out, and quiet dates for every test that is ranked."""
    left_out = [
        f"`{test.id}`: the cases of a `{kind_of(test)}` are not worked out; write them by hand."
        for test in narrative.tests
        if not _can(test)
    ]
    found: list[Case] = []
    for group in _groups(narrative.tests, anchor):
        worlds = [(test, *_worlds(test, group.at, store.catalogue)) for test in group.tests]
        for name in (PAST, NOTHING, JUST, SHORT, USUAL_STILL, UNUSUAL, NOT_OUT):
            there = [(test, made[name]) for test, made, _ in worlds if name in made]
            if there:
                found.append(_case(narrative, group, name, there, store, anchor))
        for test, made, wanted in worlds:
            lacking = [name for name in wanted if name not in made]
            left_out += [f"`{test.id}`: no world was found for “{name}”." for name in lacking]
    controls = [
        ControlUse(test=test.id, dates="quiet", expects="stays_quiet")
        for test in narrative.tests
        if not is_fact(kind_of(test))
        and all(store.catalogue.series[name].licence == "open" for name in test.reads)
    ]
    return Worked(_numbered(found), tuple(controls), tuple(left_out))


def episodes(
    narrative: Narrative, store: Store, controls: Mapping[str, Any]
) -> tuple[Offered, ...]:
    """Every ranked test on every past episode on which it can be evaluated, with what came out.

    controls: the episodes by id, as `evidence.library` reads them. Takes some hundredths of a second for each.
    """
    offered = []
    for test in narrative.tests:
        for control in controls.values() if not is_fact(kind_of(test)) else ():
            trace, _, _ = episode(test, store, control.date)
            if trace.outcome == "not_evaluable":
                continue
            fires = trace.outcome == "consistent"
            use = ControlUse(
                test=test.id,
                event=control.id,
                dates=None,
                expects="fires" if fires else "stays_quiet",
            )
            offered.append(Offered(use, control.name, trace.outcome, trace.seen))
    return tuple(offered)


# -- worlds of one test ----------------------------------------------------------------------------

Series = Mapping[str, str]


@dataclass(frozen=True)
class _Group:
    """Tests that may share a world: one anchor, no series twice."""

    at: date
    tests: tuple[TestBase, ...]


def _groups(tests: Sequence[TestBase], anchor: date) -> Iterator[_Group]:
    waiting = [test for test in tests if _can(test)]
    while waiting:
        at, taken, shared = _at(waiting[0], anchor), [], set[str]()
        for test in list(waiting):
            if _at(test, anchor) == at and not shared & set(test.reads):
                taken.append(test)
                shared |= set(test.reads)
                waiting.remove(test)
        yield _Group(at, tuple(taken))


def _can(test: TestBase) -> bool:
    """Whether worlds are made for a test: single values of a `record`, and the kinds of this file."""
    summed = getattr(test, "over", None) or getattr(test, "annualised", False)
    return kind_of(test) in (*RANKED, *FACTS) and not summed


def _at(test: TestBase, anchor: date) -> date:
    """The anchor of a test's worlds: a fact's own day stands for it."""
    own: date | None = getattr(test, "on", None) or getattr(test, "until", None)
    return own if own is not None and is_fact(kind_of(test)) else anchor


def _worlds(
    test: TestBase, at: date, catalogue: Catalogue
) -> tuple[dict[str, Series], tuple[str, ...]]:
    """(the worlds that were found, by the case's name; the names of all that were looked for)."""
    if is_fact(kind_of(test)):
        return _facts(test, at, catalogue), (PAST, NOTHING, JUST, SHORT)
    wanted = (PAST, NOTHING, JUST, SHORT, USUAL_STILL, UNUSUAL)
    after = test.window.after  # type: ignore[attr-defined]
    return _ranked(test, at, catalogue), (*wanted, NOT_OUT) if after else wanted


@dataclass(frozen=True)
class _World:
    """One test's made-up series: noise up to the window, then for each leg the value that it ends at."""

    test: TestBase
    at: date
    catalogue: Catalogue
    begins: tuple[str, ...]
    """For each series its noise, up to the window or the anchor."""
    starts: tuple[float, ...]
    """For each series the last value of its noise."""
    moves: tuple[float, ...]
    """For each series about how far noise takes it in a window, as predicted."""
    digits: int = 4
    """Decimals of the values."""
    ends: tuple[tuple[float, float], ...] = ()
    """For each series (a, b): it ends at a + b × statistic."""
    window: Window = field(default_factory=lambda: Window(after="1 month"))

    def series(self, values: Sequence[float]) -> Series:
        """The worlds' series in the notation, ending at these values."""
        return {
            name: self._ended(name, begin, start, value)
            for name, begin, start, value in zip(
                self.test.reads, self.begins, self.starts, values, strict=True
            )
        }

    def _ended(self, name: str, begin: str, start: float, value: float) -> str:
        offset, length, _ = span(self.window, self.catalogue.series[name].frequency)
        tail = f"{_number(value, self.digits)}{f'x{length - 1}' if length > 1 else ''}"
        if offset < 0:
            return f"{begin} {tail} |"
        skipped = (
            f"{_number(start, self.digits)}{f'x{offset - 1}' if offset > 1 else ''} "
            if offset
            else ""
        )
        return f"{begin} | {skipped}{tail}"

    def at_statistic(self, raw: float) -> Series:
        """The series whose statistic is `raw`."""
        return self.series([a + b * raw for a, b in self.ends])

    def ranked(self, values: Sequence[float]) -> Ranked | None:
        """How the engine ranks the test where its series end so."""
        view = CaseView(self.catalogue, self.series(values), None, self.at)
        return score_test(self.test, view, self.at)[1]

    def placed(self) -> tuple["_World", Ranked] | None:
        """The world with its lines, from two tries for each leg while the others are far; None where it cannot."""
        far, near, beyond = (
            [start + times * move for start, move in zip(self.starts, self.moves, strict=True)]
            for times in (100, 3, 6)
        )
        ends, last = [], None
        for i in range(len(far)):
            tries = [self.ranked([*far[:i], v[i], *far[i + 1 :]]) for v in (near, beyond)]
            first, last = tries
            if first is None or last is None or first.raw == last.raw:
                return None
            slope = (beyond[i] - near[i]) / (last.raw - first.raw)
            ends.append((near[i] - slope * first.raw, slope))
        return None if last is None else (replace(self, ends=tuple(ends)), last)


def _way(test: TestBase, leg: int) -> int:
    legs = getattr(test, "legs", None)
    direction = legs[leg].direction if legs else test.predicts.direction  # type: ignore[attr-defined]
    return 1 if direction == "up" else -1


CALM, RESTLESS = 1 / 7, (1.0, 1.6, 0.7, 2.5, 4.0)
"""The usual size of a window's move, in sizes that matter: in a calm world, and in worlds where chance does as much."""


def _ranked(test: TestBase, at: date, catalogue: Catalogue) -> dict[str, Series]:
    """The worlds of a test that is ranked among its own earlier windows."""
    found: dict[str, Series] = {}
    tail = test.tail.value / 100
    calm = _world(test, at, catalogue, CALM).placed()
    if calm is not None:
        world, ranked = calm
        bar = ranked.matters
        for name, sizes, fits in (
            (PAST, (3.0, 5.0, 10.0), _past),
            (NOTHING, (0.0, -0.5, -1.0, -2.0, -4.0), _fails),
            (JUST, (1.5, 1.3, 1.7, 1.9, 1.1, 1.98), _past),
            (SHORT, (0.75, 0.65, 0.85, 0.55, 0.95), _short),
        ):
            raw = next((s * bar for s in sizes if fits(ranked, s * bar, tail)), None)
            if raw is not None:
                found[name] = world.at_statistic(raw)
        begins = {name: f"{begin} |" for name, begin in zip(test.reads, world.begins, strict=True)}
        if test.window.after:  # type: ignore[attr-defined]
            found[NOT_OUT] = begins
    for size in RESTLESS if kind_of(test) != "falls_together" else (CALM,):
        restless = _by_chance(_world(test, at, catalogue, size), tail)
        if len(restless) == 2:
            return {**found, **restless}
    return found


def _by_chance(world: _World, tail: float) -> dict[str, Series]:
    """The two worlds on either side of what is unusual enough, where the size that matters is passed in both."""
    placed = world.placed()
    found: dict[str, Series] = {}
    if placed is not None:
        world, ranked = placed
        order = ranked.centre + ranked.scale * np.sort(ranked.noise)[::-1]
        between = (order[:-1] + order[1:])[: int(2 * tail * len(order)) + 2] / 2
        for name, fits in ((USUAL_STILL, _open), (UNUSUAL, _unusual)):
            good = [float(raw) for raw in between if fits(ranked, float(raw), tail)]
            if good:
                found[name] = world.at_statistic(good[len(good) // 2])
    return found


def _told(ranked: Ranked, raw: float, tail: float, bar: float = 1.0) -> Outcome:
    return placebo.outcome(placebo.told_again(ranked, raw, ranked.matters * bar), tail)


def _past(ranked: Ranked, raw: float, tail: float) -> bool:
    return raw >= 1.01 * ranked.matters and _told(ranked, raw, tail) == "consistent"


def _fails(ranked: Ranked, raw: float, tail: float) -> bool:
    return _told(ranked, raw, tail) == "inconsistent"


def _open(ranked: Ranked, raw: float, tail: float) -> bool:
    return _told(ranked, raw, tail) == "neutral" and _told(ranked, raw, 2 * tail) == "consistent"


def _unusual(ranked: Ranked, raw: float, tail: float) -> bool:
    return _past(ranked, raw, tail) and _told(ranked, raw, tail / 2) != "consistent"


def _short(ranked: Ranked, raw: float, tail: float) -> bool:
    """Short of the bar, and past one of half the size."""
    return _told(ranked, raw, tail) != "consistent" == _told(ranked, raw, tail, 0.5)


BEFORE: Mapping[str, int] = {"daily": 1340, "weekly": 330, "monthly": 110}
"""Observations before the window: five years of placebos, and what their usual size is taken from."""
WINDOWS = 24
"""Windows that lie side by side in what comes before a long one."""
STARTS: Mapping[str, float] = {
    "stock": 3000.0, "net_position": -8_000_000.0, "price": 100.0, "rate": 4.0, "index": 50.0, "share": 50.0, "flow": 0.0,
}  # fmt: skip
"""Where a made-up series of each behaviour begins."""


def _world(test: TestBase, at: date, catalogue: Catalogue, size: float) -> _World:
    """A world whose windows usually move by `size` times what matters."""
    begins, starts, moves, digits = [], [], [], 4
    window: Window = test.window  # type: ignore[attr-defined]
    for leg, name in enumerate(test.reads):
        entry = catalogue.series[name]
        offset, length, _ = span(window, entry.frequency)
        count = max(BEFORE[entry.frequency], WINDOWS * (length + abs(offset)))
        start = STARTS[entry.behaves] * (
            100 if entry.behaves == "rate" and entry.unit == "bp" else 1
        )
        step = _step(test, entry, start, size)
        sign = "~" if _level(test, entry) else "^"
        digits = max(digits, _digits(step))
        noise = f"{sign}{_number(step, digits)}x{count}"
        begin = f"{_number(start)}{noise}"
        begins.append(begin)
        starts.append(float(cases.values(begin, name)[-1]))
        moves.append(_way(test, leg) * step * math.sqrt(length))
    return _World(
        test,
        at,
        catalogue,
        tuple(begins),
        tuple(starts),
        tuple(moves),
        digits=digits,
        window=window,
    )


def _level(test: TestBase, entry: Entry) -> bool:
    """Whether the noise is about a level and does not wander: where the level itself is asked for."""
    return entry.behaves == "flow" or kind_of(test) == "spike_after"


def _step(test: TestBase, entry: Entry, start: float, size: float) -> float:
    """The noise of one observation: even noise within ±a deviates by a/√3, a sum of k by a·√k/√3."""
    _, length, _ = span(test.window, entry.frequency)  # type: ignore[attr-defined]
    if kind_of(test) == "falls_together":
        usual = USUAL[entry.behaves, entry.frequency]
        return (0.003 * abs(start) if usual.percent or entry.behaves == "price" else 0.02) or 1.0
    bar, unit = test.matters.at_least.value, test.matters.at_least.unit
    if unit == "percent" and entry.behaves in ("stock", "net_position", "price"):
        bar = bar / 100 * abs(start)
    elif unit == "bp" and entry.unit != "bp":
        bar /= 100
    if (
        kind_of(test) == "spike_after"
    ):  # the highest of several is about as far out as the noise goes
        return _rounded(size * bar)
    wide = math.sqrt(length) * (math.sqrt(1 + length / 12) if kind_of(test) == "flow_shift" else 1)
    return _rounded(size * bar * math.sqrt(3) / wide)


def _rounded(value: float) -> float:
    return float(f"{value:.2g}")


def _number(value: float, digits: int = 4) -> str:
    """A number as the notation holds it: without an exponent, and no longer than it has to be."""
    text = f"{value:.{digits}f}"
    short = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if short in ("-0", "") else short


def _digits(step: float) -> int:
    """Decimals that tell values apart whose noise is that small."""
    return max(4, 3 - math.floor(math.log10(step)))


# -- facts -----------------------------------------------------------------------------------------

SIZES = (1.5, 1.3, 0.75, 0.85, 0.55, 1.8, 3.0, 10.0, 0.2, 0.0, -0.5, -2.0)
"""Where a fact's value is tried, in sizes of its bar (counted from the record, for a `record`)."""


def _facts(test: TestBase, at: date, catalogue: Catalogue) -> dict[str, Series]:
    """The worlds of a fact, found by trying values: a threshold doubled or halved has to change some of them."""
    made = _fact_series(test, at, catalogue)
    bar = test.matters.at_least.value
    doubled, halved = (_with_bar(test, factor) for factor in (2.0, 0.5))
    wanted: dict[str, Callable[[Outcome, Outcome, Outcome], bool]] = {
        JUST: lambda own, twice, half: own == "consistent" and "consistent" not in {twice, half} - {own} and twice != half,
        SHORT: lambda own, twice, half: own != "consistent" and "consistent" in (twice, half),
        PAST: lambda own, _twice, _half: own == "consistent",
        NOTHING: lambda own, _twice, _half: own == "inconsistent",
    }  # fmt: skip
    high = test.matters.at_most
    inside = [(bar + high.value) / 2 / bar] if high is not None and bar else []
    found: dict[str, Series] = {}
    for size in (*inside, *SIZES):
        series = made(size * (bar or 1.0))
        view = CaseView(catalogue, series, None, at)
        own, twice, half = (score_test(t, view, at)[0].outcome for t in (test, doubled, halved))
        for name, fits in wanted.items():
            if name not in found and series not in found.values() and fits(own, twice, half):
                found[name] = series
                break
    return found


def _with_bar(test: TestBase, factor: float) -> TestBase:
    low = test.matters.at_least
    moved = low.model_copy(update={"value": low.value * factor})
    return test.model_copy(update={"matters": test.matters.model_copy(update={"at_least": moved})})


def _fact_series(test: TestBase, at: date, catalogue: Catalogue) -> Callable[[float], Series]:
    """From a value (for a `record`, how far beyond the earlier ones) to the series that holds it."""
    name = test.reads[0]
    entry = catalogue.series[name]
    if kind_of(test) == "record":
        before = STARTS[entry.behaves] or 100.0
        way = 1 if test.of == "highest" else -1  # type: ignore[attr-defined]
        sign = 1 if test.predicts.direction == "up" else -1  # type: ignore[attr-defined]
        return lambda far: {name: f"{_number(before)}x20 {_number(before + way * sign * far)} |"}
    if kind_of(test) == "level":
        return lambda value: {name: f"{_number(test.matters.at_least.value)}x20 {_number(value)} |"}
    up = test.predicts.direction == "up"  # type: ignore[attr-defined]
    bar = test.matters.at_least.value
    calm = _number(bar - abs(bar or 1.0) * 20 if up else bar + abs(bar or 1.0) * 20)
    days = cases.periods(entry.frequency, at, 400, 0)
    inside = max(int((days >= np.datetime64(test.since)).sum()), 1)  # type: ignore[attr-defined]
    rest = f" {calm}x{inside - 2}" if inside > 2 else f" {calm}" if inside == 2 else ""
    return lambda value: {name: f"{calm}x60 {_number(value)}{rest} |"}


# -- cases -----------------------------------------------------------------------------------------


def _case(
    narrative: Narrative,
    group: _Group,
    name: str,
    there: Sequence[tuple[TestBase, Series]],
    store: Store,
    anchor: date,
) -> Case:
    """The case of one name, with the outcomes and the direction that the engine gives in it."""
    series = {key: text for _, made in there for key, text in made.items()}
    bare = Case(name=name, series=series, at=group.at if group.at != anchor else None)
    view = case_view(bare, anchor, store)
    traces = [score_test(test, view, group.at)[0] for test in narrative.tests]
    _, judged = verdict.judge(narrative.judged_parts, traces)
    direction = verdict.under(case_conditions(narrative, bare), judged).direction
    mine = {test.id for test, _ in there}
    expects = {trace.id: trace.outcome for trace in traces if trace.id in mine}
    return bare.model_copy(update={"expects": expects, "direction": direction})


def _numbered(found: Sequence[Case]) -> tuple[Case, ...]:
    """The cases with names that differ: of one name, those of later groups say which tests they are of."""
    seen: set[str] = set()
    named = []
    for case in found:
        name = case.name
        if name in seen:
            name = f"{name} ({', '.join(case.expects)})"
        seen.add(name)
        named.append(case.model_copy(update={"name": name}))
    return tuple(named)
