"""What the evidence says, in four sentences: who sold, who did not, when it turned, what nobody can tell.

Each is made from the traces of some tests, named below. What a test found decides into which sentence its
holder goes: if the data turn, the sentences turn.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from evidence.days import day
from evidence.frozen import Frozen
from evidence.quantity import amount, signed
from evidence.trace import TestTrace, Verdict
from evidence.wording import first_up, listed


@dataclass(frozen=True)
class Holder:
    """A holder whose sale a test looks for: the test, who, and the sale in two forms of the verb."""

    story: str
    test: str
    who: str
    did: str
    doing: str


PROTEST, RETALIATED, BASIS = (
    "foreign-private-protest",
    "foreign-governments-retaliated",
    "basis-trade-unwind",
)
BONDS, STOCKS = ("sold Treasuries", "selling Treasuries"), ("sold US stocks", "selling US stocks")
CUSTODY = ("drew down their custody account", "drawing down their custody account")
SHORTS = ("bought back their Treasury shorts", "buying back their Treasury shorts")
HOLDERS: tuple[Holder, ...] = (
    Holder(PROTEST, "private-bonds-sold", "private foreigners", *BONDS),
    Holder(PROTEST, "private-equities-sold", "private foreigners", *STOCKS),
    Holder(RETALIATED, "official-net-sales", "foreign governments", *BONDS),
    Holder(RETALIATED, "official-equities", "foreign governments", *STOCKS),
    Holder(RETALIATED, "custody-falls", "foreign governments", *CUSTODY),
    Holder(RETALIATED, "china-sells", "China", *BONDS),
    Holder(RETALIATED, "japan-sells", "Japan", *BONDS),
    Holder(BASIS, "net-short-shrinks", "hedge funds", *SHORTS),
)
SHORT = 2
"""Clauses of the fourth finding in few words."""
ONSET, LASTING = "selling-began-in-april", "bonds-still-sold"
"""Tests of the story of private investors: when the sale began, and whether it went on."""
DOLLAR, PEAK = "dollar-fell-before", "peak-around-new-year"
"""The test that finds the day of the dollar's peak."""


class Finding(Frozen):
    """One of the four: its sentence, the same in few words, and the stories and tests that it is made of."""

    name: str
    heading: str
    sentence: str
    short: str
    stories: tuple[str, ...]
    tests: tuple[str, ...]


def findings(verdicts: Mapping[str, Verdict], on: date) -> tuple[Finding, ...]:
    """The four, as known on a day. verdicts: by story; what a missing story would say is left out."""
    return (
        _finding("sold", "Who sold", sold(verdicts, on), _of(verdicts, "consistent")),
        _finding("not", "Who did not", did_not(verdicts, on), _of(verdicts, "inconsistent")),
        _finding("when", "When it turned", turned(verdicts, on), _times(verdicts)),
        _finding(
            "open",
            "What nobody can tell",
            untold(verdicts, on),
            _open(verdicts),
            untold_shortly(verdicts, on),
        ),
    )


def _finding(
    name: str, heading: str, text: str, used: Sequence[tuple[str, str]], short: str = ""
) -> Finding:
    return Finding(
        name=name,
        heading=heading,
        sentence=text,
        short=short or text,
        stories=tuple(dict.fromkeys(story for story, _ in used)),
        tests=tuple(test for _, test in used if test),
    )


def _held(verdicts: Mapping[str, Verdict]) -> Iterator[tuple[Holder, TestTrace]]:
    for holder in HOLDERS:
        trace = _test(verdicts, holder.story, holder.test)
        if trace is not None:
            yield holder, trace


def _test(verdicts: Mapping[str, Verdict], story: str, test: str) -> TestTrace | None:
    tests = verdicts[story].tests if story in verdicts else ()
    return next((t for t in tests if t.id == test), None)


def _of(verdicts: Mapping[str, Verdict], outcome: str) -> list[tuple[str, str]]:
    return [(h.story, h.test) for h, t in _held(verdicts) if t.outcome == outcome]


def _times(verdicts: Mapping[str, Verdict]) -> list[tuple[str, str]]:
    named = ((PROTEST, ONSET), (PROTEST, LASTING), (DOLLAR, PEAK))
    return [(s, t) for s, t in named if _answered(_test(verdicts, s, t))]


def _open(verdicts: Mapping[str, Verdict]) -> list[tuple[str, str]]:
    unsettled = [(v.id, "") for v in _undecided(verdicts)]
    return [*_of(verdicts, "neutral"), *_of(verdicts, "not_evaluable"), *unsettled]


def _undecided(verdicts: Mapping[str, Verdict]) -> list[Verdict]:
    """The stories of what happened of which only figures in print speak: no release will settle them."""
    return [
        v for v in verdicts.values() if v.shelf in ("said", "happened") and v.rule == "quoted_only"
    ]


def _answered(trace: TestTrace | None) -> bool:
    return trace is not None and trace.outcome != "not_evaluable"


def _month(traces: Sequence[TestTrace]) -> str:
    """`In April 2025` where all windows end in one month, else empty."""
    months = {f"{t.window.last:%B %Y}" for t in traces if t.window is not None}
    return f"In {months.pop()} " if len(months) == 1 else ""


def sold(verdicts: Mapping[str, Verdict], on: date) -> str:
    """Who sold: the holders whose sale the data bear out, each with its size."""
    found = [(h, t) for h, t in _held(verdicts) if t.outcome == "consistent"]
    if not any(_answered(t) for _, t in _held(verdicts)):
        return f"On {day(on)} nobody could know who had sold: no count of it was out."
    if not found:
        return f"On {day(on)} no sale of the size that would matter showed in the data."
    told = [f"{h.who} {h.did}{_size(t)}" for h, t in found]
    so_far = ", so far" if any(t.so_far for _, t in found) else ""
    return f"{first_up(_month([t for _, t in found]) + listed(told))}{so_far}."


def _size(trace: TestTrace) -> str:
    if trace.statistic is None:
        return ""
    return f" ({amount(abs(float(trace.statistic.value)), trace.statistic.unit)}, net)"


def did_not(verdicts: Mapping[str, Verdict], on: date) -> str:
    """Who did not: the sales that the data speak against, each with what was seen and what would matter."""
    found = [(h, t) for h, t in _held(verdicts) if t.outcome == "inconsistent"]
    if not any(_answered(t) for _, t in _held(verdicts)):
        return f"On {day(on)} nobody could know who had not sold: no count of it was out."
    if not found:
        return f"On {day(on)} the data spoke against no sale that people spoke of."
    told = [f"{h.who} {h.doing}{_against(t)}" for h, t in found]
    so_far = ", so far" if any(t.so_far for _, t in found) else ""
    return f"The data speak against {listed(told)}{so_far}."


def _against(trace: TestTrace) -> str:
    """`(−$12 bn, where −$59 bn would matter)`: both with the sign of the data."""
    if trace.statistic is None:
        return ""
    value, unit = float(trace.statistic.value), trace.statistic.unit
    sign = 1 if value == float(trace.statistic.as_predicted) else -1
    bar = signed(sign * float(trace.matters.at_least), unit)
    return f" ({signed(value, unit)}, where {bar} would matter)"


def turned(verdicts: Mapping[str, Verdict], on: date) -> str:
    """When it turned: the first month of sales, whether they went on, and the dollar's peak."""
    begun = _test(verdicts, PROTEST, ONSET)
    after = _test(verdicts, PROTEST, LASTING)
    peak = _test(verdicts, DOLLAR, PEAK)
    told = []
    if begun is not None and _answered(begun):
        told.append(_began(begun))
    if after is not None and _answered(after):
        told.append(_went_on(after))
    clause = listed(told)
    if peak is not None and _answered(peak) and peak.details and "turn_on" in peak.details:
        top = day(date.fromisoformat(str(peak.details["turn_on"])))
        clause = (
            f"{clause}, while the dollar had peaked on {top}"
            if clause
            else f"the dollar peaked on {top}"
        )
    return (
        f"{first_up(clause)}."
        if clause
        else f"On {day(on)} nobody could know when it turned: the months in question were not out."
    )


def _began(trace: TestTrace) -> str:
    details = trace.details or {}
    if not details.get("began"):
        return "private foreigners’ sales of Treasuries had not begun"
    assert trace.window is not None
    month = date.fromisoformat(f"{details['month']}-01")
    return (
        f"private foreigners sold Treasuries for {trace.matters.declared} or more, net, in {month:%B %Y} "
        f"(in no month before it, from {trace.window.first:%B %Y} on)"
        if month > trace.window.first.replace(day=1)
        else f"private foreigners sold Treasuries for {trace.matters.declared} or more, net, in {month:%B %Y}"
    )


def _went_on(trace: TestTrace) -> str:
    assert trace.statistic is not None
    assert trace.window is not None
    size = signed(float(trace.statistic.value), trace.statistic.unit)
    first, last = trace.window.first, trace.window.last
    months = f"{last:%B %Y}"
    if trace.window.length > 1:
        months = f"the {trace.window.length} months to {months}"
    if trace.window.published < trace.window.length and first < last:
        months = f"{months} (so far)"
    if trace.outcome == "consistent":
        return f"went on selling in {months} ({size})"
    if float(trace.statistic.value) > 0:
        return f"bought again in {months} ({size})"
    return f"sold no more than usual in {months} ({size})"


def untold(verdicts: Mapping[str, Verdict], on: date) -> str:
    """What nobody can tell: moves too small to tell from noise, counts not out, stories without data, motives."""
    told = [*_unseen(verdicts), *_motive(verdicts)]
    if not told:
        return f"Of what people said, nothing that the tests can reach was open on {day(on)}."
    return f"From the data known on {day(on)} nobody can tell {listed(told)}."


def untold_shortly(verdicts: Mapping[str, Verdict], on: date) -> str:
    """The motive first, then what else is open, as far as two clauses go."""
    told = [*_motive(verdicts), *_unseen(verdicts)]
    more = len(told) - SHORT
    if more <= 0:
        return untold(verdicts, on)
    named = listed([*told[:SHORT], f"{more} more thing{'s' if more > 1 else ''}"])
    return f"From the data known on {day(on)} nobody can tell {named}."


def _unseen(verdicts: Mapping[str, Verdict]) -> list[str]:
    told = []
    for outcome, because in (
        ("neutral", "the moves are too small to tell from the usual ones"),
        ("not_evaluable", "no figures by then"),
    ):
        whether = _whether([h for h, t in _held(verdicts) if t.outcome == outcome])
        told += [*whether[:-1], *(f"{last} ({because})" for last in whether[-1:])]
    return told + [
        f"whether the story “{v.title}” is true (only quoted figures speak of it)"
        for v in _undecided(verdicts)
    ]


def _motive(verdicts: Mapping[str, Verdict]) -> list[str]:
    unreached = any(p.rule == "unreached" for v in verdicts.values() for p in v.parts)
    return ["why anybody sold (no test reaches a motive)"] if unreached else []


def _whether(holders: Sequence[Holder]) -> list[str]:
    """`whether China or Japan sold Treasuries`: a clause for each thing done."""
    by_deed: dict[str, list[str]] = {}
    for holder in holders:
        by_deed.setdefault(holder.did, []).append(holder.who)
    return [f"whether {_either(who)} {did}" for did, who in by_deed.items()]


def _either(names: Sequence[str]) -> str:
    return " or ".join([n for n in (", ".join(names[:-1]), names[-1]) if n])
