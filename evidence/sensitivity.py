"""Sensitivity: every other way of asking that was declared, and which of them turn the verdict.

A grid of choices is asked whole: the length of the windows, the size that matters (a quarter lower and
higher), the tail (half and double), newest figures or first prints, and the other series that a test
names. Beside it each source is left out once. docs/method.md, Sensitivity; the picture is a
specification curve (Simonsohn, Simmons and Nelson 2020, Nature Human Behaviour 4, 1208-1214).
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import product

from evidence import placebo
from evidence.answer import Answer, kind_of, reread
from evidence.frozen import Frozen
from evidence.kinds import is_fact
from evidence.kinds.base import Part, TestBase
from evidence.narrative import Narrative
from evidence.trace import Direction, Number, Robustness, TestTrace
from evidence.verdict import DECISIVE, Judged, judge

BARS: Mapping[str, float] = {
    "as declared": 1.0,
    "a quarter lower": 0.75,
    "a quarter higher": 1.25,
}
TAILS: Mapping[str, float] = {"as declared": 1.0, "half": 0.5, "double": 2.0}
DECLARED = "as declared"
DIMENSIONS = ("windows", "bars", "tail", "prints", "series", "left_out")
NEWEST, FIRST = "newest figures", "first prints"


class Specification(Frozen):
    """One way of asking: the choices, and what the claim's direction then is."""

    windows: str
    bars: str
    tail: str
    prints: str
    series: str
    left_out: str
    direction: Direction
    joint: Number | None
    agrees: bool

    @property
    def declared(self) -> bool:
        """Whether this is the narrative's own way of asking."""
        return {self.windows, self.bars, self.tail, self.series} == {DECLARED} and (
            self.prints == NEWEST and not self.left_out
        )


class Turned(Frozen):
    """One choice other than the declared one: how many of the specifications with it turn the verdict, and to what.

    more: whether they turn it more often than those with the declared choice do (a source left out: whether
    that turns it).
    """

    dimension: str
    choice: str
    turned: int
    of: int
    to: tuple[Direction, ...]
    more: bool


class Sensitivity(Frozen):
    """Every way of asking one narrative on one day. sole: sources without which a part has no decisive test."""

    id: str
    title: str
    as_of: date
    identity: str
    direction: Direction
    specifications: tuple[Specification, ...]
    sole: tuple[str, ...]

    @property
    def robustness(self) -> Robustness:
        """How many agree, of how many."""
        return Robustness(
            agree=sum(s.agrees for s in self.specifications), of=len(self.specifications)
        )

    @property
    def flips(self) -> tuple[Turned, ...]:
        """Every choice that is not the narrative's own, in the order of the grid."""
        found: dict[tuple[str, str], list[Specification]] = {}
        for one in self.specifications:
            for dimension in DIMENSIONS:
                found.setdefault((dimension, str(getattr(one, dimension))), []).append(one)
        shares = {at: sum(not s.agrees for s in those) / len(those) for at, those in found.items()}
        own = {d: shares.get((d, DECLARED), shares.get((d, NEWEST), 0.0)) for d in DIMENSIONS}
        return tuple(
            Turned(
                dimension=dimension,
                choice=choice,
                turned=sum(not s.agrees for s in those),
                of=len(those),
                to=tuple(sorted({s.direction for s in those if not s.agrees})),
                more=shares[dimension, choice] > own[dimension],
            )
            for (dimension, choice), those in found.items()
            if choice not in (DECLARED, NEWEST, "")
        )


@dataclass(frozen=True, eq=False)
class Ways:
    """A narrative's tests asked with other windows and series; each variant is one object, made once.

    tests: by (window, series) the tests in the narrative's order. scaled: facts with another bar, by id.
    """

    windows: tuple[str, ...]
    series: tuple[str, ...]
    tests: Mapping[tuple[str, str], tuple[TestBase, ...]]
    scaled: Mapping[tuple[int, str], TestBase]

    @cached_property
    def everything(self) -> tuple[TestBase, ...]:
        """Every variant once."""
        each = [*(t for group in self.tests.values() for t in group), *self.scaled.values()]
        return tuple({id(t): t for t in each}.values())


def ways(narrative: Narrative) -> Ways:
    """The variants of a narrative's tests."""
    declared = {id(t): [DECLARED, *lengths(t)] for t in narrative.tests}
    windows = list(dict.fromkeys(w for options in declared.values() for w in options))
    series = [DECLARED]
    most = max((len(t.vary.series) for t in narrative.tests), default=0)
    series += ["another series" if most == 1 else f"another series ({i + 1})" for i in range(most)]
    made: dict[tuple[int, str, int], TestBase] = {}
    tests = {
        (window, name): tuple(
            made.setdefault((j, window, i), _variant(test, window, i))
            if _moves(test, window, i)
            else test
            for j, test in enumerate(narrative.tests)
        )
        for window, (i, name) in product(windows, enumerate(series))
    }
    scaled = {
        (id(test), bar): _scaled(test, factor)
        for group in tests.values()
        for test in group
        for bar, factor in BARS.items()
        if factor != 1 and is_fact(kind_of(test))
    }
    return Ways(tuple(windows), tuple(series), tests, scaled)


_SPAN = re.compile(r"^(\d+) (day|week|month)s?$")


def lengths(test: TestBase) -> dict[str, str]:
    """Other lengths of a test's window by name: as the narrative declares, or a quarter shorter and longer."""
    window = getattr(test, "window", None)
    if window is None:
        return {}
    if test.vary.windows:
        return {f"other window ({i + 1})": w for i, w in enumerate(test.vary.windows)}
    match = _SPAN.match(window.after or window.before)
    assert match is not None
    count, unit = int(match[1]), match[2]
    shorter, longer = math.floor(count * 0.75), math.ceil(count * 1.25)
    found = {"longer windows": f"{longer} {unit}s"}
    if shorter >= 1:
        found = {"shorter windows": f"{shorter} {unit}{'s' if shorter > 1 else ''}", **found}
    return found


def _moves(test: TestBase, window: str, other: int) -> bool:
    return window in lengths(test) or 0 < other <= len(test.vary.series)


def _variant(test: TestBase, window: str, other: int) -> TestBase:
    changed: dict[str, object] = {}
    span = lengths(test).get(window)
    if span is not None:
        given = test.window  # type: ignore[attr-defined]
        side = "after" if given.after else "before"
        changed["window"] = given.model_copy(update={side: span})
    if 0 < other <= len(test.vary.series):
        changed["series"] = test.vary.series[other - 1]
    return test.model_copy(update=changed)


def _scaled(test: TestBase, factor: float) -> TestBase:
    """The test with what matters moved by a factor; a band is widened or narrowed about its middle."""
    low, high = test.matters.at_least, test.matters.at_most
    if high is None:
        update = {"at_least": low.model_copy(update={"value": low.value * factor})}
    else:
        middle, half = (low.value + high.value) / 2, (high.value - low.value) / 2 * (2 - factor)
        update = {
            "at_least": low.model_copy(update={"value": middle - half}),
            "at_most": high.model_copy(update={"value": middle + half}),
        }
    return test.model_copy(update={"matters": test.matters.model_copy(update=update)})


def study(
    narrative: Narrative,
    variants: Ways,
    ask: Callable[[TestBase], Answer],
    direction: Direction,
) -> tuple[tuple[Specification, ...], tuple[str, ...]]:
    """Every specification with its direction, and the sources that cannot be left out.

    ask: the answer of a test on the day in question (evidence.recall keeps them).
    """
    parts = narrative.judged_parts
    found = list(_grid(parts, variants, ask, direction))
    declared = [ask(test).trace for test in variants.tests[DECLARED, DECLARED]]
    sole = []
    for source in _sources(declared):
        left = [t for t in declared if source not in t.source_group.split("+")]
        if _speechless(parts, declared, left):
            sole.append(source)
            continue
        _, judged = judge(parts, left)
        found.append(_specification(judged, direction, left_out=source))
    return tuple(found), tuple(sole)


def _grid(
    parts: Mapping[Part, str],
    variants: Ways,
    ask: Callable[[TestBase], Answer],
    direction: Direction,
) -> Iterator[Specification]:
    """Every combination of the choices that touch a test with an answer, and that can be asked already."""
    declared = variants.tests[DECLARED, DECLARED]
    live = [i for i, test in enumerate(declared) if ask(test).trace.outcome != "not_evaluable"]
    ranked = any(ask(declared[i]).ranked is not None for i in live)
    seen: dict[tuple[object, ...], Judged] = {}
    again: dict[tuple[int, str, str, str], TestTrace] = {}

    def retold(test: TestBase, given: Answer, bar: str, tail: str, which: str) -> TestTrace:
        """`_told`, once for each test and choice: most choices of another test leave it as it is."""
        key = (id(test), bar, tail, which)
        if key not in again:
            again[key] = _told(variants, test, given, ask, bar, tail, which)
        return again[key]

    for window, series in product(variants.windows, variants.series):
        tests = variants.tests[window, series]
        if not _touches(variants, window, series, live):
            continue
        answers = [ask(test) for test in tests]
        if any(answers[i].trace.outcome == "not_evaluable" for i in live):
            continue  # this cannot be asked yet
        prints = [NEWEST, FIRST] if any(a.first is not None for a in answers) else [NEWEST]
        bars, tails = BARS if live else [DECLARED], TAILS if ranked else [DECLARED]
        for bar, tail, which in product(bars, tails, prints):
            told = tuple(
                retold(test, given, bar, tail, which)
                for test, given in zip(tests, answers, strict=True)
            )
            key = tuple((t.outcome, t.placebo, t.so_far, t.off_range, t.source_group) for t in told)
            if key not in seen:
                seen[key] = judge(parts, told)[1]
            yield _specification(
                seen[key],
                direction,
                windows=window,
                bars=bar,
                tail=tail,
                prints=which,
                series=series,
            )


def _touches(variants: Ways, window: str, series: str, live: Sequence[int]) -> bool:
    """Whether each choice that is not the declared one moves a test that has an answer."""
    declared = variants.tests[DECLARED, DECLARED]
    return all(
        choice == (DECLARED, DECLARED)
        or any(variants.tests[choice][i] is not declared[i] for i in live)
        for choice in ((window, DECLARED), (DECLARED, series))
    )


def _told(
    variants: Ways,
    test: TestBase,
    given: Answer,
    ask: Callable[[TestBase], Answer],
    bar: str,
    tail: str,
    which: str,
) -> TestTrace:
    """A test's trace under other bars, tails and prints, with what the verdict reads of it."""
    trace = given.trace
    if trace.outcome == "not_evaluable":
        return trace
    if trace.placebo is None:
        return trace if bar == DECLARED else ask(variants.scaled[id(test), bar]).trace
    ranked = given.first if which == FIRST and given.first is not None else given.ranked
    assert ranked is not None
    if bar == DECLARED and tail == DECLARED and ranked is given.ranked:
        return trace
    again = placebo.told_again(ranked, ranked.raw, ranked.matters * BARS[bar])
    return reread(trace, again, float(trace.placebo.tail) * TAILS[tail])


def _sources(traces: Sequence[TestTrace]) -> tuple[str, ...]:
    """The sources of the tests that can decide and have an answer."""
    return tuple(
        dict.fromkeys(source for t in traces if _decides(t) for source in t.source_group.split("+"))
    )


def _decides(trace: TestTrace) -> bool:
    return trace.role in DECISIVE and trace.checks is None and trace.outcome != "not_evaluable"


def _speechless(
    parts: Mapping[Part, str], before: Sequence[TestTrace], left: Sequence[TestTrace]
) -> bool:
    """Whether a part that had a decisive answer has none left."""
    had = {t.part for t in before if _decides(t)}
    has = {t.part for t in left if _decides(t)}
    return bool((had - has) & set(parts))


def _specification(
    judged: Judged,
    direction: Direction,
    *,
    windows: str = DECLARED,
    bars: str = DECLARED,
    tail: str = DECLARED,
    prints: str = NEWEST,
    series: str = DECLARED,
    left_out: str = "",
) -> Specification:
    return Specification(
        windows=windows,
        bars=bars,
        tail=tail,
        prints=prints,
        series=series,
        left_out=left_out,
        direction=judged.direction,
        joint=None if judged.joint is None else float(f"{judged.joint:.4g}"),
        agrees=judged.direction == direction,
    )
