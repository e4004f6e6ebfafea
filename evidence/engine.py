"""The engine's door: a narrative and a view in, a verdict with its whole trace out.

Deterministic: the same narrative, data and date give the same bytes. Nothing here knows a screen.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np

from evidence import ENGINE_VERSION, calendar, sensitivity, telling, verdict, wording
from evidence.answer import Answer
from evidence.calibration import calibrated, dates_on_record
from evidence.catalogue import Catalogue
from evidence.changes import changes, turns
from evidence.kinds.base import TestBase
from evidence.narrative import Condition, Narrative
from evidence.observations import Store, View
from evidence.placebo import Ranked
from evidence.recall import Recall
from evidence.sensitivity import Sensitivity, Ways
from evidence.trace import (
    Brought,
    Change,
    ConditionTrace,
    NextRelease,
    Robustness,
    TestTrace,
    Verdict,
)

AHEAD = 12
"""How many periods past its newest one a series of whole months is looked ahead where it is overdue."""


VIEWS = 64
"""Views kept at a time: each holds copies of the series it was asked for, and a history asks for hundreds."""

WARM = 4
"""Of those, how many keep what was worked out from them: a megabyte or three each, and soon made again."""

OLDER = 3
"""Engines on older snapshots that are kept at a time: each reads the snapshot again, for links that anyone can type."""


@dataclass(frozen=True, eq=False)
class Scored:
    """A verdict, and for each ranked test the arrays that its pictures draw."""

    verdict: Verdict
    ranked: Mapping[str, Ranked]
    specifications: tuple[sensitivity.Specification, ...] = ()
    sole: tuple[str, ...] = ()


@dataclass(frozen=True)
class Origins:
    """What a verdict comes from beside the engine, as two sha256: the story, and the data as they were seen.

    narrative: its content and the day that its windows count from, with those that it rests on. data: the
    visible observations, with what the catalogue and the calendar say of them.
    """

    narrative: str
    data: str


def identity(
    narrative: Narrative,
    view: View,
    anchor: date,
    identities: Mapping[str, str] | None = None,
) -> str:
    """sha256 over everything that a verdict is a function of (DESIGN: identity of a verdict)."""
    document = {
        "narrative": narrative.written,
        "engine": ENGINE_VERSION,
        "anchor": anchor.isoformat(),
        "day": view.day.isoformat(),
        "depends_on": dict(identities or {}),
        "calibration": [dates_on_record(test) for test in narrative.tests],
        **_data(narrative, view),
    }
    return f"sha256:{_sha256(document)}"


def _data(narrative: Narrative, view: View) -> dict[str, object]:
    """The part of an identity that the data make: what was visible, and what was on record about it."""
    catalogue = view.catalogue
    names = rests_on(narrative, catalogue)
    releases = sorted({catalogue.series[n].release for n in names})
    document: dict[str, object] = {
        "catalogue": [catalogue.series[n].written for n in names],
        "calendar": [_calendar_entry(catalogue, r, view.day) for r in releases],
        "observations": {n: view.series(n).digest for n in names if view.held(n)},
    }
    if own := brought(narrative, view):
        document["brought"] = [one.written for one in own]
    return document


def _sha256(document: object) -> str:
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def rests_on(narrative: Narrative, catalogue: Catalogue) -> list[str]:
    """Every series that a verdict on a narrative can depend on, in all ways of asking, with its members."""
    reads = {s for test in narrative.tests for s in (*test.reads, *test.vary.series)}
    held_against = {catalogue.series[s].open_interest for s in reads}
    reads |= {s for s in held_against if s is not None}
    return sorted(
        {f for s in reads for f in (s, *catalogue.series[s].members, *catalogue.files(s))}
    )


def brought(narrative: Narrative, view: View) -> list[Brought]:
    """The licensed series that a verdict rests on and of which anything could be seen."""
    found = [view.catalogue.series[name] for name in rests_on(narrative, view.catalogue)]
    return [
        Brought(
            series=entry.id,
            named=entry.named,
            note=view.store.brought.get(entry.id, {}).get("note", ""),
        )
        for entry in found
        if entry.licence == "licensed" and view.held(entry.id)
    ]


def _calendar_entry(catalogue: Catalogue, release: str, day: date) -> object:
    """A release's rule with what was known of its deviations by then: later news change nothing."""
    entry = catalogue.releases[release]
    known = [(d.period, d.known_by(day)) for d in entry.deviations]
    return {
        **entry.written,
        "deviations": [[period, on.isoformat()] for period, on in known if on is not None],
    }


def score(
    narrative: Narrative,
    view: View,
    anchor: date,
    *,
    conditions: Sequence[ConditionTrace] = (),
    rested: Mapping[str, Verdict] | None = None,
    ways: Ways | None = None,
    recall: Recall | None = None,
) -> Scored:
    """A narrative as of the view's day.

    conditions: what was found of those of `when`; rested: the verdicts that they rest on, by story.
    ways, recall: the variants of the tests and their answers, where they are kept (both made if absent).
    """
    ways, kept = ways or sensitivity.ways(narrative), recall or Recall()

    def ask(test: TestBase) -> Answer:
        return kept.answer(test, view, anchor)

    answers = [ask(test) for test in narrative.tests]
    traces = [a.trace for a in answers]
    parts, judged = verdict.judge(narrative.judged_parts, traces)
    judged = verdict.under(conditions, judged)
    specifications: tuple[sensitivity.Specification, ...] = ()
    sole: tuple[str, ...] = ()
    robustness = None
    flips: tuple[Change, ...] = ()
    if not any(c.met is not True for c in conditions):
        specifications, sole = kept.once(
            ("study", ways, judged.direction),
            [ask(test) for test in ways.everything],
            lambda: sensitivity.study(narrative, ways, ask, judged.direction),
        )
        robustness = Robustness(agree=sum(s.agrees for s in specifications), of=len(specifications))
        found_turns = kept.once(
            ("turns", ways, judged.direction),
            answers,
            lambda: turns(narrative.judged_parts, narrative.tests, answers, judged.direction),
        )
        flips = changes(narrative.tests, traces, found_turns, view)
    thin = frozenset(t.id for t in narrative.tests if not calibrated(t))
    confidence, downgrades = verdict.confidence(judged, traces, robustness, thin)
    rested = rested or {}
    own = [*brought(narrative, view), *(one for other in rested.values() for one in other.brought)]
    found = Verdict(
        id=narrative.id,
        identity=identity(
            narrative, view, anchor, {name: other.identity for name, other in rested.items()}
        ),
        title=narrative.title,
        claim=narrative.claim,
        shelf=narrative.shelf,
        event=narrative.event,
        anchor=anchor,
        as_of=view.day,
        stands_for=view.day,
        direction=judged.direction,
        confidence=confidence,
        grounds=verdict.grounds(judged, traces),
        rule=judged.rule,
        rule_sentence=verdict.RULES[judged.rule],
        reasons=wording.reasons(judged, traces, conditions),
        downgrades=downgrades,
        would_change=wording.would_change(flips, traces, conditions, view.catalogue),
        changes=flips,
        robustness=robustness,
        conditions=tuple(conditions),
        next_release=_next(traces, view),
        so_far=any(t.so_far for t in judged.deciding),
        by_proxy=bool(judged.deciding) and all(t.proxy for t in judged.deciding),
        private_data=bool(own),
        brought=tuple(dict.fromkeys(own)),
        parts=parts,
        tests=tuple(traces),
        notices=_notices(narrative, view),
        thresholds_set=narrative.thresholds_set,
    )
    ranked = {a.trace.id: a.ranked for a in answers if a.ranked is not None}
    return Scored(found, ranked, specifications, sole)


def condition(wanted: Condition, found: Verdict) -> ConditionTrace:
    """What was found of a condition: met, not met, or (None) not known."""
    if wanted.test:
        asked = found.test(wanted.test)
        return held(wanted, asked.outcome, asked.title)
    return held(wanted, found.direction, found.title)


def held(wanted: Condition, got: str, title: str) -> ConditionTrace:
    """A condition held against a direction or an outcome that somebody found."""
    open_ended = got in ("insufficient_data", "not_evaluable")
    return ConditionTrace(
        narrative=wanted.narrative,
        title=title,
        test=wanted.test,
        wanted=wanted.wanted,
        found=got,
        met=None if open_ended and got != wanted.wanted else got == wanted.wanted,
    )


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
    """What a reader should know of the data beside the outcomes: series that have gone stale or whose file is damaged."""
    notices: list[str] = []
    for name in sorted({s for test in narrative.tests for s in test.reads}):
        broken = [f for f in view.catalogue.files(name) if f in view.store.damaged]
        notices += [wording.damaged(view.catalogue.series[f].named) for f in broken]
        notices += behind(name, view)
    return tuple(dict.fromkeys(notices))


def behind(name: str, view: View) -> tuple[str, ...]:
    """The notice of a series that has gone stale; nothing where it has not."""
    entry = view.catalogue.series[name]
    if not view.held(name) or entry.frequency == "irregular" or len(view.series(name)) == 0:
        return ()
    last = view.series(name).periods[-1].astype(object)
    release = view.catalogue.releases[entry.release]
    due = calendar.next_release(release, entry.frequency, last, view.day)
    if due is None or (view.day - due).days <= release.stale_after_days:
        return ()
    return (telling.stale(entry.named, entry.frequency, last),)


Late = tuple[tuple[date, tuple[date, ...]], ...]
"""For each series the day on which it was due, and the days that count if it did not come."""


@dataclass
class Engine:
    """Scores by id and day, and remembers: a verdict is computed once for each thing that was visible."""

    store: Store
    narratives: Mapping[str, Narrative]
    anchors: Mapping[str, date]
    _memo: dict[tuple[str, date, int], Scored] = field(default_factory=dict)
    _lates: dict[tuple[str, date, int], Late] = field(default_factory=dict)
    _recall: Recall = field(default_factory=Recall)
    _ways: dict[str, Ways] = field(default_factory=dict)
    _views: dict[tuple[date, int], View] = field(default_factory=dict)
    _warm: tuple[View, ...] = ()
    _moments: dict[tuple[str, int], np.ndarray] = field(default_factory=dict)
    _releases: dict[tuple[str, int], np.ndarray] = field(default_factory=dict)
    _older: dict[int, "Engine"] = field(default_factory=dict)

    def at(self, snapshot: int) -> "Engine":
        """The engine on `Store.at`: that snapshot is its newest, and it reads nothing that somebody brought.

        So it answers the same on every machine and after every refresh. The last few are kept. A snapshot
        that does not exist raises ValueError.
        """
        if snapshot == self.store.n and not self.store.brought:
            return self
        older = self._older.pop(snapshot, None)
        self._older[snapshot] = older or Engine(
            self.store.at(snapshot), self.narratives, self.anchors
        )
        for least_wanted in list(self._older)[:-OLDER]:
            self._older.pop(least_wanted, None)
        return older or self._older[snapshot]

    def view(self, day: date, snapshot: int | None = None) -> View:
        """The store's view of a day, kept."""
        n = self.store.n if snapshot is None else snapshot
        if (day, n) not in self._views:
            if len(self._views) >= VIEWS:
                del self._views[next(iter(self._views))]
            self._views[day, n] = self.store.as_of(day, n)
        found = self._views[day, n]
        if self._warm[-1:] != (found,):
            warm = (*(view for view in self._warm if view is not found), found)
            for cold in warm[:-WARM]:
                cold.kept.clear()
            self._warm = warm[-WARM:]
        return found

    def anchor(self, narrative: Narrative) -> date:
        """The day that the narrative's windows count from: its own, or its event's."""
        return narrative.anchor or self.anchors[narrative.event]

    def stands_for(self, narrative: Narrative, day: date, snapshot: int | None = None) -> date:
        """The last day on or before `day` on which anything changed for the narrative."""
        n = self.store.n if snapshot is None else snapshot
        moments = self._all_moments(narrative, n)
        at = int(np.searchsorted(moments, np.datetime64(day), side="right")) - 1
        last = moments[at].astype(object) if at >= 0 else day
        late = [m for due, each in self._late(narrative, last, n) if due <= day for m in each]
        return max([last, *(moment for moment in late if last < moment <= day)])

    def _with_those_named(self, narrative: Narrative) -> list[Narrative]:
        """The narrative and those that its conditions rest on, however far."""
        found = [narrative]
        for each in found:
            named = (self.narratives[c.narrative] for c in each.when)
            found += [other for other in named if other not in found]
        return found

    def _all_moments(self, narrative: Narrative, n: int) -> calendar.Days:
        if (narrative.id, n) not in self._moments:
            catalogue = self.store.catalogue
            tests = [t for each in self._with_those_named(narrative) for t in each.tests]
            reads = {s for t in tests for s in (*t.reads, *t.vary.series)}
            reads |= {o for s in reads if (o := catalogue.series[s].open_interest) is not None}
            names = {f for s in reads for f in catalogue.files(s)}
            days: set[date] = {self.anchor(each) for each in self._with_those_named(narrative)}
            released = [self._released(name, n) for name in sorted(names)]
            for name in names:
                for deviation in catalogue.releases[catalogue.series[name].release].deviations:
                    days.update(
                        {deviation.announced, deviation.scheduled_announced or deviation.announced}
                    )
            for test in tests:
                frozen = getattr(test, "frozen", None)
                if frozen is not None:
                    days.add(frozen)
            announced = np.array(sorted(days), dtype="datetime64[D]")
            self._moments[narrative.id, n] = np.unique(np.concatenate([announced, *released]))
        return self._moments[narrative.id, n]

    def _released(self, series_id: str, n: int) -> calendar.Days:
        """The days on which anything of a series became known."""
        if (series_id, n) not in self._releases:
            days = calendar.new_york_days(self.store.whole(series_id, n).known)
            self._releases[series_id, n] = np.unique(days)
        return self._releases[series_id, n]

    def _late(self, narrative: Narrative, last: date, n: int) -> Late:
        key = (narrative.id, last, n)
        if key not in self._lates:
            self._lates[key] = self._late_moments(narrative, last, n)
        return self._lates[key]

    def _late_moments(self, narrative: Narrative, last: date, n: int) -> Late:
        """When each of its series was due after `last`, and the days that count if it did not come: then, and as it goes stale."""
        found = []
        view = self.view(last, n)
        tests = [t for each in self._with_those_named(narrative) for t in each.tests]
        for name in sorted({s for t in tests for s in (*t.reads, *t.vary.series)}):
            entry = view.catalogue.series[name]
            if not view.held(name) or len(view.series(name)) == 0:
                continue
            release = view.catalogue.releases[entry.release]
            newest = view.series(name).periods[-1].astype(object)
            due = calendar.next_release(release, entry.frequency, newest, last)
            if due is None:
                continue
            moments = [due, due + timedelta(days=release.stale_after_days + 1)]
            if entry.frequency in calendar.MONTHS:
                # a sum may wait for a later period: the day that it was promised for passes too
                later = calendar.next_periods(entry.frequency, newest, AHEAD, release)
                moments += [calendar.expected(release, period, last) for period in later]
            found.append((due, tuple(moments)))
        return tuple(found)

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
            self._memo[key] = self._scored(narrative, effective, n)
        found = self._memo[key]
        if found.verdict.as_of == day:
            return found
        return replace(found, verdict=found.verdict.model_copy(update={"as_of": day}))

    def _scored(self, narrative: Narrative, day: date, n: int) -> Scored:
        view, anchor = self.view(day, n), self.anchor(narrative)
        named = dict.fromkeys(c.narrative for c in narrative.when)
        rested = {name: self.score(name, day, n).verdict for name in named}
        if narrative.id not in self._ways:
            self._ways[narrative.id] = sensitivity.ways(narrative)
        return score(
            narrative,
            view,
            anchor,
            conditions=[condition(c, rested[c.narrative]) for c in narrative.when],
            rested=rested,
            ways=self._ways[narrative.id],
            recall=self._recall,
        )

    def identity_of(self, narrative_id: str, day: date) -> str:
        """The identity of a verdict as of a day, without scoring it."""
        narrative = self.narratives[narrative_id]
        day = self.stands_for(narrative, day)
        named = dict.fromkeys(c.narrative for c in narrative.when)
        rested = {name: self.identity_of(name, day) for name in named}
        return identity(narrative, self.view(day), self.anchor(narrative), rested)

    def origins(self, narrative_id: str, day: date) -> Origins:
        """What a verdict as of a day comes from, told apart."""
        narrative = self.narratives[narrative_id]
        view = self.view(self.stands_for(narrative, day))
        every = self._with_those_named(narrative)
        return Origins(
            narrative=_sha256([[n.written, self.anchor(n).isoformat()] for n in every]),
            data=_sha256([_data(n, view) for n in every]),
        )

    def sensitivity(
        self, narrative_id: str, day: date | None = None, snapshot: int | None = None
    ) -> Sensitivity:
        """Every way of asking a narrative, and what each gives."""
        found = self.score(narrative_id, day, snapshot)
        return Sensitivity(
            id=found.verdict.id,
            title=found.verdict.title,
            as_of=found.verdict.as_of,
            identity=found.verdict.identity,
            direction=found.verdict.direction,
            specifications=found.specifications,
            sole=found.sole,
        )
