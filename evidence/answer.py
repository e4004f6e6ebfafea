"""One test at one anchor, as of a view's day: what it measured, where that ranks, and what came out.

`answer` is the only way from a test to a trace. The narrative's engine, the controls, the calibration
and the variations of a sensitivity study all come through here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from evidence import calendar, placebo, windows, wording
from evidence.catalogue import Catalogue
from evidence.kinds import KINDS, is_fact, net_flow
from evidence.kinds.base import Extent, Fact, NotYet, Outcome, TestBase
from evidence.observations import View
from evidence.placebo import Ranked
from evidence.quantity import tidy
from evidence.trace import (
    Amount,
    DataTrace,
    Flip,
    MattersTrace,
    PlaceboTrace,
    Power,
    Statistic,
    TestTrace,
    WindowTrace,
)


def kind_of(test: TestBase) -> str:
    """The name of a test's kind."""
    return str(getattr(test, "kind", ""))


def sign_of(test: TestBase) -> int:
    """+1 or −1: what turns the statistic as predicted back into the data's own sign."""
    predicts = getattr(test, "predicts", None)
    return predicts.sign if predicts is not None else 1


@dataclass(frozen=True)
class Rests:
    """The last period that a closed window's answer reads, and when its placebos read all they can.

    Placebos are read with the event's own delay, but never later than the event's start. `enough` is
    the second past which a newer release makes that delay longer than any window and any print took, so
    that nothing more comes into reach.
    """

    last: date
    enough: int


@dataclass(frozen=True, eq=False)
class Answer:
    """One test's answer: its trace, the arrays that pictures draw, and the same at first prints.

    first: the window ranked as it stood when it was first whole, where a series has been revised since.
    rests: for a closed window, what its answer depends on (evidence.recall).
    """

    trace: TestTrace
    ranked: Ranked | None = None
    first: Ranked | None = None
    rests: Rests | None = None


def score_test(test: TestBase, view: View, anchor: date) -> tuple[TestTrace, Ranked | None]:
    """One test at one anchor, as of the view's day: its trace, and its rank where it has one."""
    found = answer(test, view, anchor)
    return found.trace, found.ranked


def answer(test: TestBase, view: View, anchor: date) -> Answer:
    """One test at one anchor, as of the view's day."""
    common = _common(test, view)
    absent = next((view.catalogue.series[s] for s in test.reads if not view.held(s)), None)
    if absent is not None and absent.licence == "licensed":
        need = f"{absent.named} is not in the open snapshot. {absent.terms}".strip()
        return _waiting(common, NotYet(need))
    if view.day < anchor:
        return _waiting(common, NotYet("the event had not happened by then"))
    files = dict.fromkeys(f for s in test.reads for f in view.catalogue.files(s))
    broken = next((f for f in files if f in view.store.damaged), None)
    if broken is not None:
        return _waiting(common, NotYet(wording.damaged(view.catalogue.series[broken].named)))
    if absent is not None:
        return _waiting(common, NotYet(f"{absent.named}: nothing was out by then"))
    kind = KINDS[kind_of(test)]
    if is_fact(kind.name):
        return Answer(_fact(test, kind, view, anchor, common))
    return _ranked(test, kind, view, anchor, common)


def _common(test: TestBase, view: View) -> dict[str, object]:
    catalogue = view.catalogue
    kind = KINDS[kind_of(test)]
    groups = dict.fromkeys(catalogue.series[s].source_group for s in test.reads)
    unit = kind.unit(test, view)
    at_most = test.matters.at_most
    return {
        "id": test.id,
        "title": test.title,
        "kind": kind.name,
        "part": test.part,
        "role": test.role,
        "series": test.reads,
        "source_group": "+".join(groups),
        "rivals_expect": dict(test.rivals_expect),
        "why": test.why,
        "caveat": test.caveat,
        "checks": test.checks,
        "expected": wording.expected(test, kind, catalogue),
        "matters": MattersTrace(
            at_least=tidy(test.matters.at_least.value),
            at_most=tidy(at_most.value) if at_most else None,
            unit=test.matters.at_least.unit
            if test.matters.at_least.unit != "percent" or unit == "percent"
            else "percent of the level",
            declared=wording.declared(test.matters.at_least),
            why=test.matters.why,
            declared_most=wording.declared(at_most) if at_most else None,
        ),
    }


def _waiting(common: dict[str, object], why: NotYet) -> Answer:
    return Answer(
        TestTrace.model_validate(
            {
                **common,
                "outcome": "not_evaluable",
                "reason": why.reason,
                "evaluable_on": why.on,
                "seen": wording.waiting(why.reason, why.on),
            }
        )
    )


def _data(test: TestBase, view: View, first: date, last: date, known: int) -> DataTrace:
    qualities = [view.quality(f, first) for s in test.reads for f in view.catalogue.files(s)]
    worst = max(qualities, key=("recorded", "reconstructed", "latest_only").index)
    return DataTrace(
        first=first,
        last=last,
        known_at=calendar.iso(known),
        vintage_quality=worst,
        grade=test.grade,
    )


def _fact(
    test: TestBase, kind: Any, view: View, anchor: date, common: dict[str, object]
) -> TestTrace:
    fact: Fact | NotYet = kind.find(test, view, anchor, view.day)
    if isinstance(fact, NotYet):
        return _waiting(common, fact).trace
    unit = kind.unit(test, view)
    matters = common["matters"]
    assert isinstance(matters, MattersTrace)
    return TestTrace.model_validate(
        {
            **common,
            "outcome": band(fact),
            "matters": matters.model_copy(update={"unit": unit}),
            "statistic": Statistic(
                value=tidy(fact.sign * (fact.value if fact.shown is None else fact.shown)),
                unit=unit,
                label=kind.label,
                as_predicted=tidy(fact.value),
            ),
            "window": WindowTrace(
                first=fact.first, last=fact.last, so_far=fact.so_far, published=1, length=1
            ),
            "data": _data(test, view, fact.first, fact.last, fact.known),
            "details": {
                k: tidy(v) if isinstance(v, float | int) else v
                for k, v in (fact.details or {}).items()
            },
            "flips": _fact_flips(fact, unit),
            "seen": wording.seen(kind.seen(test, fact, unit), test, view.catalogue),
        }
    )


def band(fact: Fact) -> Outcome:
    """A fact against its band: docs/method.md, Facts."""
    above = fact.low is None or fact.value >= fact.low
    below = fact.high is None or fact.value <= fact.high
    if above and below:
        return "consistent"
    away = max(
        (fact.low or 0) - fact.value if not above else 0.0,
        fact.value - (fact.high or 0) if not below else 0.0,
    )
    return "inconsistent" if away > 2 * fact.error else "neutral"


def _fact_flips(fact: Fact, unit: str) -> tuple[Flip, ...]:
    """The bars past which a fact has another outcome: the ends of its band, and two errors beyond them."""
    bars: list[tuple[float, Outcome, Outcome]] = []  # the value, the outcome below and above it
    outside: Outcome = "neutral" if fact.error > 0 else "inconsistent"
    if fact.low is not None:
        bars.append((fact.low, outside, "consistent"))
    if fact.high is not None:
        bars.append((fact.high, "consistent", outside))
    if fact.low is not None and fact.error > 0:
        bars.append((fact.low - 2 * fact.error, "inconsistent", "neutral"))
    if fact.high is not None and fact.error > 0:
        bars.append((fact.high + 2 * fact.error, "neutral", "inconsistent"))
    own, flips = band(fact), []
    for bar, below, above in bars:
        more = fact.value < bar or (fact.value == bar and below == own)
        to = above if more else below
        if to != own:
            side = _side(above=more == (fact.sign > 0))
            flips.append(Flip(to=to, at=tidy(fact.sign * bar), unit=unit, side=side))
    return tuple(flips)


def _ranked(
    test: TestBase, kind: Any, view: View, anchor: date, common: dict[str, object]
) -> Answer:
    extent: Extent | NotYet = kind.extent(test, view, anchor)
    if isinstance(extent, NotYet):
        return _waiting(common, extent)
    if extent.published < extent.length and extent.stale:
        return _waiting(common, NotYet(extent.stale))
    if extent.published < extent.least:
        due = extent.due_least if extent.due_least and extent.due_least > view.day else None
        reason = wording.not_out(
            extent.published,
            extent.length,
            extent.least,
            view.catalogue.series[test.reads[0]].frequency,
        )
        return _waiting(common, NotYet(reason, due))
    newest = _last_release(test, view)
    found = placebo.rank(test, kind, view, anchor, extent, newest)
    if isinstance(found, str):
        return _waiting(common, NotYet(found))
    tail = test.tail.value / 100
    so_far = extent.published < extent.length
    first_print = None if so_far else _first_print(test, kind, view, anchor, extent, found, newest)
    unit = kind.unit(test, view)
    sign = sign_of(test)
    first, last = found.event.first[0].astype(object), found.event.last[0].astype(object)
    declared = common["matters"]
    assert isinstance(declared, MattersTrace)
    length = (
        f"{extent.published} of {extent.length} observations" if so_far else wording.length(test)
    )
    trace = TestTrace.model_validate(
        {
            **common,
            "outcome": placebo.outcome(found, tail),
            "statistic": Statistic(
                value=tidy(sign * found.raw),
                unit=unit,
                label=f"{kind.label}: {length}",
                as_predicted=tidy(found.raw),
            ),
            "matters": declared.model_copy(update={"at_least": tidy(found.matters), "unit": unit}),
            "abnormal": Amount(value=tidy(sign * (found.raw - found.centre)), unit=unit),
            "placebo": PlaceboTrace(
                p=tidy(found.p),
                p_if_true=tidy(found.p_if_true),
                dates=len(found.noise),
                effective=found.effective,
                tail=tidy(tail),
                first=found.dates[0].astype(object),
                last=found.dates[-1].astype(object),
            ),
            "power": Power(mde80=tidy(found.mde80), unit=unit),
            "window": WindowTrace(
                first=first,
                last=last,
                so_far=so_far,
                published=extent.published,
                length=extent.length,
            ),
            "data": _data(test, view, first, last, int(found.event.known[0])),
            "off_range": found.off_range,
            "first_print_outcome": placebo.outcome(first_print, tail) if first_print else None,
            "flips": _flips(found, tail, sign, unit),
            "evaluable_on": extent.due_whole
            if so_far and extent.due_whole and extent.due_whole > view.day
            else None,
            "seen": wording.seen(
                kind.seen(test, sign * found.raw, unit, found.event), test, view.catalogue
            ),
        }
    )
    rests = None if so_far else _rests(test, kind, view, extent, last)
    return Answer(trace, found, first_print, rests)


def _first_print(
    test: TestBase,
    kind: Any,
    view: View,
    anchor: date,
    extent: Extent,
    now: Ranked,
    newest: int,
) -> Ranked | None:
    """The rank on the day the window was first out, where the series has been revised since.

    now: the rank of a whole window, as read at second `newest`.
    """
    if not any(view.series(s).revised for s in test.reads):
        return None
    first_out = 0
    for name in test.reads:
        series = view.series(name)
        inside = (series.periods >= now.event.first[0]) & (series.periods <= now.event.last[0])
        first_out = max(first_out, int(series.first_known[inside].max()))
    if first_out == newest:
        return now
    found = placebo.rank(test, kind, view, anchor, extent, first_out)
    return None if isinstance(found, str) else found


def _rests(test: TestBase, kind: Any, view: View, extent: Extent, last: date) -> Rests:
    """What a closed window's answer depends on."""
    begin = calendar.end_of_day(extent.start)
    lag = 0
    catalogue = view.catalogue
    for name in (*layers(test, catalogue), *held_against(test, catalogue)):
        series = view.series(name)
        ends = calendar.ends_of_days(series.periods)[series.owner]
        lag = max(lag, int((series.known - ends)[series.known <= begin].max(initial=0)))
        if catalogue.series[name].not_first_prints:
            lag = max(lag, net_flow.AGED)
    # a placebo's window ends at most this many days after its anchor: it may not span gaps, a skip may
    grid, skip = kind.grid(test, view), max(extent.offset, 0)
    skipped = int((grid[skip:] - grid[: len(grid) - skip]).astype(int).max(initial=0))
    days = skipped + windows.longest(catalogue.series[test.reads[0]].frequency, extent.length)
    return Rests(last, calendar.end_of_day(extent.base) + lag + (days + 1) * 86400)


def reread(trace: TestTrace, ranked: Ranked, tail: float) -> TestTrace:
    """The trace as a verdict would read it had the test ranked so; its sentences stay those of the day.

    tail is a share (0.05).
    """
    assert trace.placebo is not None
    shares = {"p": tidy(ranked.p), "p_if_true": tidy(ranked.p_if_true), "tail": tidy(tail)}
    return trace.model_copy(
        update={
            "outcome": placebo.outcome(ranked, tail) if ranked.evaluable else "not_evaluable",
            "off_range": ranked.off_range,
            "placebo": trace.placebo.model_copy(update=shares),
        }
    )


def layers(test: TestBase, catalogue: Catalogue) -> tuple[str, ...]:
    """The series whose versions a test reads: its own, and both layers of a bridge."""
    names = dict.fromkeys(test.reads)
    for series_id in test.reads:
        bridge = catalogue.series[series_id].bridge
        names |= dict.fromkeys((bridge.levels, bridge.changes) if bridge else ())
    return tuple(names)


def held_against(test: TestBase, catalogue: Catalogue) -> tuple[str, ...]:
    """The open interest that a test's net positions are held against; its releases are not waited for."""
    found = (catalogue.series[series_id].open_interest for series_id in test.reads)
    return tuple(dict.fromkeys(name for name in found if name is not None))


def _last_release(test: TestBase, view: View) -> int:
    """When any of the test's own series was last released: a test moves with its own news only."""
    return last_release(layers(test, view.catalogue), view)


def last_release(names: Iterable[str], view: View) -> int:
    """When any of these series was last released, in seconds; 0 where nothing is out."""
    return max((int(view.series(n).known.max()) for n in names if len(view.series(n))), default=0)


def _flips(found: Ranked, tail: float, sign: int, unit: str) -> tuple[Flip, ...]:
    """The values of the statistic past which the outcome changes; more as predicted is past the bar."""
    low, high = placebo.bars(found, tail)
    now = placebo.outcome(found, tail)
    flips = []
    for bar, outcome, short_of in ((low, "inconsistent", True), (high, "consistent", False)):
        if bar is None:
            continue
        to: Outcome = "neutral" if now == outcome else "inconsistent" if short_of else "consistent"
        more = short_of == (now == outcome)
        flips.append(
            Flip(to=to, at=tidy(sign * bar), unit=unit, side=_side(above=more == (sign > 0)))
        )
    return tuple(flips)


def _side(*, above: bool) -> Literal["above", "below"]:
    return "above" if above else "below"
