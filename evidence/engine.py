"""The engine's door: a narrative and a view in, a verdict with its whole trace out.

Deterministic: the same narrative, data and date give the same bytes. Nothing here knows a screen.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np

from evidence import ENGINE_VERSION, calendar, placebo, verdict, wording
from evidence.catalogue import Catalogue
from evidence.days import day
from evidence.kinds import KINDS, is_fact
from evidence.kinds.base import Extent, Fact, NotYet, Outcome, TestBase
from evidence.narrative import Narrative
from evidence.observations import Store, View
from evidence.placebo import Ranked
from evidence.quantity import tidy
from evidence.trace import (
    Amount,
    DataTrace,
    Flip,
    MattersTrace,
    NextRelease,
    PlaceboTrace,
    Power,
    Statistic,
    TestTrace,
    Verdict,
    WindowTrace,
)


@dataclass(frozen=True, eq=False)
class Scored:
    """A verdict, and for each ranked test the arrays that its pictures draw."""

    verdict: Verdict
    ranked: Mapping[str, Ranked]


def kind_of(test: TestBase) -> str:
    """The name of a test's kind."""
    return str(getattr(test, "kind", ""))


def sign_of(test: TestBase) -> int:
    """+1 or −1: what turns the statistic as predicted back into the data's own sign."""
    predicts = getattr(test, "predicts", None)
    return predicts.sign if predicts is not None else 1


def score_test(test: TestBase, view: View, anchor: date) -> tuple[TestTrace, Ranked | None]:
    """One test at one anchor, as of the view's day."""
    common = _common(test, view)
    absent = next((view.catalogue.series[s] for s in test.reads if not view.held(s)), None)
    if absent is not None and absent.licence == "licensed":
        need = f"{absent.named} is not in the open snapshot. {absent.terms}".strip()
        return _waiting(common, NotYet(need)), None
    if view.day < anchor:
        return _waiting(common, NotYet("the event had not happened by then")), None
    if absent is not None:
        return _waiting(common, NotYet(f"{absent.named}: nothing was out by then")), None
    kind = KINDS[kind_of(test)]
    if is_fact(kind.name):
        return _fact(test, kind, view, anchor, common), None
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


def _waiting(common: dict[str, object], why: NotYet) -> TestTrace:
    return TestTrace.model_validate(
        {
            **common,
            "outcome": "not_evaluable",
            "reason": why.reason,
            "evaluable_on": why.on,
            "seen": wording.waiting(why.reason, why.on),
        }
    )


def _data(test: TestBase, view: View, first: date, last: date, known: int) -> DataTrace:
    qualities = [
        view.catalogue.series[f].vintage_quality
        for s in test.reads
        for f in view.catalogue.files(s)
    ]
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
        return _waiting(common, fact)
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
    other: Outcome = "consistent"
    if band(fact) == "consistent":
        other = "neutral" if fact.error > 0 else "inconsistent"
    flips = []
    if fact.low is not None:
        flips.append((fact.low, fact.value < fact.low))
    if fact.high is not None:
        flips.append((fact.high, fact.value <= fact.high))
    return tuple(
        Flip(
            to=other,
            at=tidy(fact.sign * bar),
            unit=unit,
            side=_side(above=more == (fact.sign > 0)),
        )
        for bar, more in flips
    )


def _ranked(
    test: TestBase, kind: Any, view: View, anchor: date, common: dict[str, object]
) -> tuple[TestTrace, Ranked | None]:
    extent: Extent | NotYet = kind.extent(test, view, anchor)
    if isinstance(extent, NotYet):
        return _waiting(common, extent), None
    if extent.published < extent.length and extent.stale:
        return _waiting(common, NotYet(extent.stale)), None
    if extent.published < extent.least:
        due = extent.due_least if extent.due_least and extent.due_least > view.day else None
        reason = wording.not_out(
            extent.published,
            extent.length,
            extent.least,
            view.catalogue.series[test.reads[0]].frequency,
        )
        return _waiting(common, NotYet(reason, due)), None
    found = placebo.rank(test, kind, view, anchor, extent, _last_release(test, view))
    if isinstance(found, str):
        return _waiting(common, NotYet(found)), None
    tail = test.tail.value / 100
    so_far = extent.published < extent.length
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
            "first_print_outcome": _first_print(test, kind, view, anchor, extent, tail),
            "flips": _flips(found, tail, sign, unit),
            "evaluable_on": extent.due_whole
            if so_far and extent.due_whole and extent.due_whole > view.day
            else None,
            "seen": wording.seen(
                kind.seen(test, sign * found.raw, unit, found.event), test, view.catalogue
            ),
        }
    )
    return trace, found


def _first_print(
    test: TestBase, kind: Any, view: View, anchor: date, extent: Extent, tail: float
) -> Outcome | None:
    """The outcome on the day the window was first out, where the series has been revised since."""
    if extent.published < extent.length or not any(view.series(s).revised for s in test.reads):
        return None
    day = np.array([anchor], dtype="datetime64[D]")
    begin = np.array([calendar.end_of_day(extent.start)])
    own = kind.measure(test, view, day, np.array([view.cutoff]), begin, extent.length)
    first_out = 0
    for name in test.reads:
        series = view.series(name)
        inside = (series.periods >= own.first[0]) & (series.periods <= own.last[0])
        first_out = max(first_out, int(series.first_known[inside].max()))
    found = placebo.rank(test, kind, view, anchor, extent, first_out)
    return None if isinstance(found, str) else placebo.outcome(found, tail)


def _last_release(test: TestBase, view: View) -> int:
    """When any of the test's own series was last released: a test moves with its own news only."""
    names = set(test.reads)
    for series_id in test.reads:
        bridge = view.catalogue.series[series_id].bridge
        names |= {bridge.levels, bridge.changes} if bridge else set()
    return max(int(view.series(name).known.max()) for name in names if len(view.series(name)))


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


def identity(narrative: Narrative, view: View, anchor: date) -> str:
    """sha256 over everything that a verdict is a function of (DESIGN: identity of a verdict)."""
    catalogue = view.catalogue
    reads = {s for test in narrative.tests for s in test.reads}
    held_against = {catalogue.series[s].open_interest for s in reads}
    reads |= {s for s in held_against if s is not None}
    names = sorted(
        {f for s in reads for f in (s, *catalogue.series[s].members, *catalogue.files(s))}
    )
    releases = sorted({catalogue.series[n].release for n in names})
    document = {
        "narrative": narrative.model_dump(mode="json", by_alias=True),
        "engine": ENGINE_VERSION,
        "anchor": anchor.isoformat(),
        "catalogue": [catalogue.series[n].model_dump(mode="json") for n in names],
        "calendar": [_calendar_entry(catalogue, r, view.day) for r in releases],
        "observations": {n: view.series(n).digest for n in names if view.held(n)},
        "day": view.day.isoformat(),
    }
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _calendar_entry(catalogue: Catalogue, release: str, day: date) -> object:
    """A release's rule with what was known of its deviations by then: later news change nothing."""
    entry = catalogue.releases[release]
    known = [(d.period, d.known_by(day)) for d in entry.deviations]
    return {
        **entry.model_dump(mode="json", exclude={"deviations"}),
        "deviations": [[period, on.isoformat()] for period, on in known if on is not None],
    }


def score(narrative: Narrative, view: View, anchor: date, as_of: date | None = None) -> Scored:
    """A narrative as of the view's day (printed as `as_of` where the view stands for a later day)."""
    traces: list[TestTrace] = []
    ranked: dict[str, Ranked] = {}
    for test in narrative.tests:
        trace, found = score_test(test, view, anchor)
        traces.append(trace)
        if found is not None:
            ranked[test.id] = found
    parts, judged = verdict.judge(narrative.judged_parts, traces)
    confidence, downgrades = verdict.confidence(judged, traces)
    so_far = any(t.so_far for t in judged.deciding)
    by_proxy = bool(judged.deciding) and all(t.proxy for t in judged.deciding)
    scored = Verdict(
        id=narrative.id,
        identity=identity(narrative, view, anchor),
        title=narrative.title,
        claim=narrative.claim,
        shelf=narrative.shelf,
        event=narrative.event,
        anchor=anchor,
        as_of=as_of or view.day,
        stands_for=view.day,
        direction=judged.direction,
        confidence=confidence,
        grounds=verdict.grounds(judged, traces),
        rule=judged.rule,
        rule_sentence=verdict.RULES[judged.rule],
        reasons=wording.reasons(judged, traces),
        downgrades=downgrades,
        would_change=wording.would_change(judged, traces, view.catalogue),
        next_release=_next(traces, view),
        so_far=so_far,
        by_proxy=by_proxy,
        private_data=any(
            view.catalogue.series[s].licence == "licensed"
            for t in traces
            if t.outcome != "not_evaluable"
            for s in t.series
        ),
        parts=parts,
        tests=tuple(traces),
        notices=_notices(narrative, view),
        thresholds_set=narrative.thresholds_set,
    )
    return Scored(scored, ranked)


def _next(traces: list[TestTrace], view: View) -> NextRelease | None:
    """The next publication that a test waits for."""
    waiting = [
        (t.evaluable_on, i, t.series[0], t.id)
        for i, t in enumerate(traces)
        if t.evaluable_on is not None
    ]
    if not waiting:
        return None
    on, _, name, test = min(waiting)
    return NextRelease(series=name, short=view.catalogue.series[name].short, on=on, test=test)


def _notices(narrative: Narrative, view: View) -> tuple[str, ...]:
    """What a reader should know of the data beside the outcomes: series that have gone stale."""
    notices = []
    for name in sorted({s for test in narrative.tests for s in test.reads}):
        entry = view.catalogue.series[name]
        if not view.held(name) or entry.frequency == "irregular" or len(view.series(name)) == 0:
            continue
        last = view.series(name).periods[-1].astype(object)
        release = view.catalogue.releases[entry.release]
        due = calendar.next_release(release, entry.frequency, last, view.day)
        if due is not None and (view.day - due).days > release.stale_after_days:
            notices.append(f"{entry.named}: nothing after {day(last)} was out")
    return tuple(notices)


@dataclass
class Engine:
    """Scores by id and day, and remembers: a verdict is computed once for each thing that was visible."""

    store: Store
    narratives: Mapping[str, Narrative]
    anchors: Mapping[str, date]
    _memo: dict[tuple[str, date, int], Scored] = field(default_factory=dict)
    _views: dict[tuple[date, int], View] = field(default_factory=dict)
    _moments: dict[tuple[str, int], np.ndarray] = field(default_factory=dict)

    def view(self, day: date, snapshot: int | None = None) -> View:
        """The store's view of a day, kept."""
        n = self.store.n if snapshot is None else snapshot
        if (day, n) not in self._views:
            self._views[day, n] = self.store.as_of(day, n)
        return self._views[day, n]

    def anchor(self, narrative: Narrative) -> date:
        """The day that the narrative's windows count from: its own, or its event's."""
        return narrative.anchor or self.anchors[narrative.event]

    def stands_for(self, narrative: Narrative, day: date, snapshot: int | None = None) -> date:
        """The last day on or before `day` on which anything changed for the narrative."""
        n = self.store.n if snapshot is None else snapshot
        moments = self._all_moments(narrative, n)
        at = int(np.searchsorted(moments, np.datetime64(day), side="right")) - 1
        last = moments[at].astype(object) if at >= 0 else day
        return max([last, *self._late_moments(narrative, last, day, n)])

    def _all_moments(self, narrative: Narrative, n: int) -> calendar.Days:
        if (narrative.id, n) not in self._moments:
            catalogue = self.store.catalogue
            reads = {s for t in narrative.tests for s in t.reads}
            reads |= {o for s in reads if (o := catalogue.series[s].open_interest) is not None}
            names = {f for s in reads for f in catalogue.files(s)}
            days: set[date] = {self.anchor(narrative)}
            known = [self.store.whole(name, n).known for name in sorted(names)]
            released = calendar.new_york_days(np.unique(np.concatenate(known)))
            for name in names:
                for deviation in catalogue.releases[catalogue.series[name].release].deviations:
                    days.update(
                        {deviation.announced, deviation.scheduled_announced or deviation.announced}
                    )
            for test in narrative.tests:
                frozen = getattr(test, "frozen", None)
                if frozen is not None:
                    days.add(frozen)
            announced = np.array(sorted(days), dtype="datetime64[D]")
            self._moments[narrative.id, n] = np.union1d(announced, released)
        return self._moments[narrative.id, n]

    def _late_moments(self, narrative: Narrative, last: date, day: date, n: int) -> list[date]:
        """Days after `last` and by `day` on which one of its series was due and did not come, or went stale."""
        moments = []
        view = self.view(last, n)
        for name in sorted({s for t in narrative.tests for s in t.reads}):
            entry = view.catalogue.series[name]
            if not view.held(name) or len(view.series(name)) == 0:
                continue
            release = view.catalogue.releases[entry.release]
            due = calendar.next_release(
                release, entry.frequency, view.series(name).periods[-1].astype(object), last
            )
            if due is not None:
                stale = due + timedelta(days=release.stale_after_days + 1)
                moments += [moment for moment in (due, stale) if last < moment <= day]
        return moments

    def score(
        self, narrative_id: str, day: date | None = None, snapshot: int | None = None
    ) -> Scored:
        """A narrative as of any day; without one, the newest release in the snapshot."""
        narrative = self.narratives[narrative_id]
        n = self.store.n if snapshot is None else snapshot
        day = day or self.store.newest_day
        effective = self.stands_for(narrative, day, n)
        key = (narrative_id, effective, n)
        if key not in self._memo:
            self._memo[key] = score(narrative, self.view(effective, n), self.anchor(narrative))
        found = self._memo[key]
        if found.verdict.as_of == day:
            return found
        return Scored(found.verdict.model_copy(update={"as_of": day}), found.ranked)
