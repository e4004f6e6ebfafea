"""Rivals: the same evidence under every story of an event, and which story it speaks against least.

Rows are tests, columns are stories. A story expects its own tests to be consistent, and of its rivals'
tests what they say it expects. Evidence that fits every story is worth nothing, however striking; a
test is worth something if it tells stories apart. Stories are ranked by how little speaks against them,
each source counted once (Heuer 1999, Psychology of Intelligence Analysis, ch. 8).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import Literal

from evidence.engine import Engine
from evidence.frozen import Frozen
from evidence.kinds.base import Outcome, Role
from evidence.trace import Confidence, Direction, Number, TestTrace, Verdict
from evidence.verdict import together

CLEAR = ("consistent", "inconsistent")
Fares = Literal["fits", "against", "open", "silent"]
"""How a story fares on a test: only a clear outcome can fit a clear expectation, or go against it."""
Worth = Literal["tells_apart", "open", "waits", "quoted", "nothing"]
"""What a test is worth: it tells stories apart; it could, but its outcome is open, waits, or rests on print;
or it fits every story alike."""


class Expectation(Frozen):
    """What one story expects of a test (None: it says nothing of it), and how it fares."""

    story: str
    expects: Outcome | None
    fares: Fares


class Row(Frozen):
    """One test under every story. apart: the share of the pairs of stories with a stake that it separates."""

    story: str
    test: str
    title: str
    role: Role
    source_group: str
    outcome: Outcome
    seen: str
    expected: tuple[Expectation, ...]
    apart: Number
    worth: Worth


class Standing(Frozen):
    """One story: the sources that speak against it and for it, among those that tell stories apart."""

    story: str
    title: str
    place: int
    tied: bool
    against: int
    fits: int
    open: int
    direction: Direction
    confidence: Confidence


class Without(Frozen):
    """The ranking with one source left out: the stories in the first place, and whether that changes it."""

    source: str
    first: tuple[str, ...]
    changes: bool


class Rivals(Frozen):
    """An event's stories against all of its evidence, as of a day."""

    event: str
    question: str
    as_of: date
    stories: tuple[str, ...]
    rows: tuple[Row, ...]
    standings: tuple[Standing, ...]
    without: tuple[Without, ...]


def rivals(
    engine: Engine, event: str, question: str, ids: Sequence[str], day: date | None = None
) -> Rivals:
    """The matrix of an event's stories as of a day.

    ids: the stories that explain the event, in order: those that name rivals, and their rivals.
    """
    verdicts = {name: engine.score(name, day).verdict for name in ids}
    rows = tuple(
        _row(verdict, trace, ids)
        for verdict in verdicts.values()
        for trace in verdict.tests
        if trace.checks is None
    )
    standings = rank(rows, verdicts)
    first = _first(standings)
    sources = dict.fromkeys(
        s for r in rows if r.outcome != "not_evaluable" for s in r.source_group.split("+")
    )
    without = []
    for source in sources:
        left = [r for r in rows if source not in r.source_group.split("+")]
        others = _first(rank(left, verdicts))
        without.append(Without(source=source, first=others, changes=others != first))
    as_of = next(iter(verdicts.values())).as_of
    return Rivals(
        event=event,
        question=question,
        as_of=as_of,
        stories=tuple(ids),
        rows=rows,
        standings=standings,
        without=tuple(without),
    )


def explaining(engine: Engine, event: str) -> tuple[str, ...]:
    """The live stories of an event that explain it against others: they name rivals, or are named.

    The premise is what is to be explained, and a question of what to watch explains nothing.
    """
    live = {n.id: n for n in engine.narratives.values() if n.event == event and n.status == "live"}
    named = {rival for n in live.values() for rival in n.rivals}
    told = ("said", "happened", "buildup")
    return tuple(
        name for name, n in live.items() if n.shelf in told and (n.rivals or name in named)
    )


def _row(verdict: Verdict, trace: TestTrace, ids: Sequence[str]) -> Row:
    expects: dict[str, Outcome | None] = {
        name: "consistent" if name == verdict.id else trace.rivals_expect.get(name) for name in ids
    }
    apart = _apart(expects)
    return Row(
        story=verdict.id,
        test=trace.id,
        title=trace.title,
        role=trace.role,
        source_group=trace.source_group,
        outcome=trace.outcome,
        seen=trace.seen,
        expected=tuple(
            Expectation(story=name, expects=wanted, fares=_fares(wanted, trace.outcome))
            for name, wanted in expects.items()
        ),
        apart=apart,
        worth=_worth(trace, apart, expects),
    )


def _fares(expects: Outcome | None, seen: Outcome) -> Fares:
    if expects is None:
        return "silent"
    if seen not in CLEAR or expects not in CLEAR:
        return "open"
    return "fits" if expects == seen else "against"


def _apart(expects: Mapping[str, Outcome | None]) -> float:
    """The share of the pairs of stories that say what they expect which expect different outcomes."""
    said = [e for e in expects.values() if e is not None]
    pairs = list(combinations(said, 2))
    return round(sum(a != b for a, b in pairs) / len(pairs), 4) if pairs else 0.0


def _worth(trace: TestTrace, apart: float, expects: Mapping[str, Outcome | None]) -> Worth:
    if apart == 0 or sum(e is not None for e in expects.values()) < 2:
        return "nothing"
    if trace.outcome == "not_evaluable":
        return "waits"
    if trace.quoted:
        return "quoted"
    return "tells_apart" if trace.outcome in CLEAR else "open"


def rank(rows: Iterable[Row], verdicts: Mapping[str, Verdict]) -> tuple[Standing, ...]:
    """Stories by least inconsistency: fewest sources against, ties shown as ties, in the given order."""
    worth = [row for row in rows if row.worth == "tells_apart"]
    counts = {name: _counts(worth, name) for name in verdicts}
    order = sorted(verdicts, key=lambda name: counts[name]["against"])
    standings = []
    for name in order:
        against = counts[name]["against"]
        same = [other for other in order if counts[other]["against"] == against]
        standings.append(
            Standing(
                story=name,
                title=verdicts[name].title,
                place=1 + sum(counts[other]["against"] < against for other in order),
                tied=len(same) > 1,
                against=against,
                fits=counts[name]["fits"],
                open=counts[name]["open"],
                direction=verdicts[name].direction,
                confidence=verdicts[name].confidence,
            )
        )
    return tuple(standings)


def _counts(rows: Sequence[Row], story: str) -> dict[str, int]:
    """Sources that are against a story, fit it, or leave it open; a source with both is against."""
    by_fate: dict[str, list[str]] = {"against": [], "fits": [], "open": []}
    for group in together((row.source_group, row) for row in rows).values():
        fates = {e.fares for row in group for e in row.expected if e.story == story}
        fate = next((f for f in by_fate if f in fates), None)
        if fate is not None:
            by_fate[fate].append(group[0].source_group)
    return {fate: len(groups) for fate, groups in by_fate.items()}


def _first(standings: Sequence[Standing]) -> tuple[str, ...]:
    return tuple(s.story for s in standings if s.place == 1)
