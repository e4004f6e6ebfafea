"""The sentences: pure functions of traces, so that no page writes a number of its own."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from evidence.catalogue import Catalogue
from evidence.days import day
from evidence.kinds.base import TestBase
from evidence.quantity import Quantity, amount, level, one_in, signed
from evidence.trace import Flip, TestTrace

if TYPE_CHECKING:
    from evidence.verdict import Judged

DIRECTIONS = {
    "supported": "Supported",
    "contradicted": "Contradicted",
    "mixed": "Mixed",
    "insufficient_data": "Not enough data yet",
}
OUTCOMES = {
    "consistent": "as the claim predicts",
    "inconsistent": "against the claim",
    "neutral": "no clear answer",
    "not_evaluable": "not known yet",
}
CONFIDENCES = {
    "very_low": "very low",
    "low": "low",
    "medium": "medium",
    "high": "high",
    "very_high": "very high",
}
TURNS = {
    "consistent": "bear the claim out",
    "inconsistent": "speak against the claim",
    "neutral": "leave the claim open",
}
ROLES = {
    "hoop": "If this fails, the story falls.",
    "smoking_gun": "If this shows, little else explains it.",
    "doubly_decisive": "If this shows, little else explains it; if it fails, the story falls.",
    "straw_in_the_wind": "This leans one way or the other; alone it decides nothing.",
}
PARTS = {
    "act": "the act",
    "timing": "the timing",
    "lasting": "that it lasted",
    "size": "the size",
    "motive": "the motive",
}


def listed(names: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def first_up(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """A clause as a sentence: capital first, full stop last."""
    text = text.strip()
    return first_up(text if text.endswith((".", "?", "!")) else f"{text}.")


def declared(quantity: Quantity) -> str:
    """A quantity as the narrative writes it, in words and without digits that it does not have."""
    text = level(quantity.value, quantity.unit)
    return text.replace(".0 ", " ", 1) if quantity.value == int(quantity.value) else text


def _named(clause: str, test: TestBase, catalogue: Catalogue) -> str:
    """The clause with its series named: `{series}` all of them, `{0}` the first."""
    names = [catalogue.series[s].named for s in test.reads]
    for i, name in enumerate(names):
        clause = clause.replace(f"{{{i}}}", name)
    return clause.replace("{series}", listed(names))


def expected(test: TestBase, kind: Any, catalogue: Catalogue) -> str:
    """`If the claim were true, we would expect …`."""
    clause: str = kind.expected(test)
    at_most = test.matters.at_most
    filled = _named(clause, test, catalogue).replace("{matters}", declared(test.matters.at_least))
    filled = filled.replace("{at_most}", declared(at_most) if at_most else "")
    return sentence(f"If the claim were true, we would expect {filled}")


def seen(clause: str, test: TestBase, catalogue: Catalogue) -> str:
    """`We saw: …`, with the series named."""
    return sentence(_named(clause, test, catalogue))


def waiting(reason: str, on: date | None) -> str:
    """Why a test has no answer, and when it will."""
    return sentence(reason) + (f" Ask again on {day(on)}." if on else "")


def not_out(published: int, whole: int, least: int, frequency: str) -> str:
    """Why a window cannot be read yet: `1 of 4 weeks is out; the test needs 2`."""
    unit = {"daily": "trading day", "weekly": "week", "monthly": "month"}.get(frequency, "value")
    if published == 0 and whole == 1:
        return f"the {unit} is not out yet"
    units = f"{unit}s" if whole > 1 else unit
    out = "none" if published == 0 else str(published)
    return (
        f"{out} of {whole} {units} {'is' if published < 2 else 'are'} out; the test needs {least}"
    )


def length(test: TestBase) -> str:
    """The window in words."""
    window = getattr(test, "window", None)
    if window is None:
        return "one value"
    return f"over {window.after}" if window.after else f"over {window.before} before"


def how_unusual(trace: TestTrace) -> str:
    """The event's place among its placebos, in odds."""
    if trace.placebo is None:
        return ""
    p, dates = float(trace.placebo.p), trace.placebo.dates
    further = round(p * (dates + 1)) - 1
    if further == 0:
        return f"None of {dates:,} earlier windows of this length went as far."
    if p > 0.5:
        return f"{further:,} of {dates:,} earlier windows of this length leaned further the claim's way than this one."
    return f"{further:,} of {dates:,} earlier windows of this length went at least as far, {one_in(further / dates)}."


def could_have_seen(trace: TestTrace) -> str:
    """Power in words."""
    if trace.power is None or trace.placebo is None:
        return ""
    smallest, bar = float(trace.power.mde80), float(trace.matters.at_least)
    unit = trace.power.unit
    if smallest > bar:
        return (
            f"The smallest effect this test would see four times in five is {amount(smallest, unit)}; "
            f"what matters begins at {amount(bar, unit)}. A smaller one could hide."
        )
    return (
        f"An effect of the size that matters ({amount(bar, unit)}) would be seen more than four times in five: "
        f"the test sees {amount(smallest, unit)}."
    )


def if_true(trace: TestTrace) -> str:
    """How often data this weak would be seen if the claim were true at the size that matters."""
    if trace.placebo is None:
        return ""
    share, dates = float(trace.placebo.p_if_true), trace.placebo.dates
    if share * (dates + 1) < 1.5:
        return f"If the claim were true at the size that matters, none of {dates:,} windows would look this weak."
    if share < 0.29:
        return f"If the claim were true at the size that matters, {one_in(share)} windows would look this weak."
    return f"If the claim were true at the size that matters, {one_in(share)} of the windows would look like this."


def outcome_sentence(trace: TestTrace) -> str:
    """The outcome of one test in a sentence with its reason."""
    if trace.outcome == "not_evaluable":
        return trace.seen
    head = {
        "consistent": "This is what the claim predicts.",
        "inconsistent": "This speaks against the claim.",
        "neutral": "This leaves the claim open.",
    }[trace.outcome]
    if trace.checks is not None:
        passed = {
            "consistent": "passes",
            "inconsistent": "fails",
            "neutral": "neither passes nor fails",
        }
        return f"The stand-in {passed[trace.outcome]} this check. {trace.seen}"
    if trace.outcome == "neutral" and trace.placebo is not None and trace.statistic is not None:
        if float(trace.placebo.p) <= float(trace.placebo.tail):
            head = "The move is real, but smaller than what would matter."
        elif trace.power and float(trace.power.mde80) > float(trace.matters.at_least):
            head = f"This leaves the claim open: the test could not have seen less than {amount(float(trace.power.mde80), trace.power.unit)}."
    return f"{head} {trace.seen}"


def reasons(judged: "Judged", traces: Sequence[TestTrace]) -> tuple[str, ...]:
    """Why the verdict is what it is: what each deciding test saw; for an open one, what is missing."""
    if judged.deciding:
        return tuple(f"{t.title}: {t.seen}" for t in judged.deciding)
    return tuple(f"{t.title}: {t.seen}" for t in traces)


def would_change(
    judged: "Judged", traces: Sequence[TestTrace], catalogue: Catalogue
) -> tuple[str, ...]:
    """The nearest changes in the data that would flip a deciding test, in the series' own units."""
    lines: list[str] = []
    for trace in judged.deciding:
        if trace.statistic is None:
            continue
        flip = _nearest(trace)
        if flip is not None:
            lines.append(
                f"{trace.title}: {flip.side} {_shown(flip.at, flip.unit)}, "
                f"where we saw {_shown(trace.statistic.value, trace.statistic.unit)}, would {TURNS[flip.to]}."
            )
    for trace in traces:
        if trace.outcome == "not_evaluable" and trace.evaluable_on is not None:
            single = len(trace.series) == 1
            what = catalogue.series[trace.series[0]].named if single else "data"
            lines.append(f"{trace.title}: waits for {what}, due on {day(trace.evaluable_on)}.")
        elif trace.so_far and trace.evaluable_on is not None:
            lines.append(
                f"{trace.title}: the window is open until the release of {day(trace.evaluable_on)}."
            )
    return tuple(lines)


def _shown(value: float, unit: str) -> str:
    """A quantity with its sign where the sign means a direction, without where it is a level."""
    plain = ("percent", "days", "correlation")
    return level(float(value), unit) if unit in plain else signed(float(value), unit)


def _nearest(trace: TestTrace) -> Flip | None:
    if not trace.flips or trace.statistic is None:
        return None
    value = float(trace.statistic.value)
    return min(trace.flips, key=lambda f: abs(float(f.at) - value))
