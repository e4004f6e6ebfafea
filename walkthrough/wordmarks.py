"""Verdicts and outcomes as word, shape and colour together: safe for colour-blind eyes and in grey.

The colours are names of the theme (`.streamlit/config.toml`), so light and dark follow by themselves.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from briefs.answers import CHECK
from evidence.kinds.base import Outcome
from evidence.register import Entry
from evidence.trace import CONFIDENCES, Confidence, Direction, TestTrace, Verdict
from evidence.wording import CONFIDENCES as CONFIDENCE_WORDS
from evidence.wording import DIRECTIONS, OUTCOMES
from walkthrough.prose import plain

SHAPES: Mapping[Direction, tuple[str, str]] = {
    "supported": ("●", "blue"),
    "contradicted": ("✕", "red"),
    "mixed": ("◐", "violet"),
    "insufficient_data": ("◌", "gray"),
}
MARKS: Mapping[Outcome, tuple[str, str]] = {
    "consistent": ("●", "blue"),
    "inconsistent": ("✕", "red"),
    "neutral": ("○", "gray"),
    "not_evaluable": ("◌", "gray"),
}


def verdict(found: Verdict) -> str:
    """`✕ Contradicted, so far, by proxy`, in its colour. Our own words only: no escaping needed."""
    shape, colour = SHAPES[found.direction]
    return f":{colour}[**{shape} {DIRECTIONS[found.direction]}**]{_rests_on(found)}"


def kept(found: Entry) -> str:
    """The same of a verdict that the register keeps, with how sure it was."""
    shape, colour = SHAPES[found.direction]
    sure = (
        ""
        if found.direction == "insufficient_data"
        else f" {confidence(found.confidence)} confidence"
    )
    return f":{colour}[**{shape} {DIRECTIONS[found.direction]}**]{_rests_on(found)}{sure}"


def _rests_on(found: Verdict | Entry) -> str:
    words = [
        word for said, word in ((found.so_far, "so far"), (found.by_proxy, "by proxy")) if said
    ]
    return f", {', '.join(words)}" if words and found.direction != "insufficient_data" else ""


def ending(word: str, says: str) -> str:
    """The shape of a verdict or an outcome in its colour, and a sentence of ours or of a trace."""
    shape, colour = dict[str, tuple[str, str]]([*SHAPES.items(), *MARKS.items()])[word]
    return f":{colour}[**{shape}**] {plain(says)}"


def direction(word: Direction) -> str:
    """A direction alone."""
    shape, colour = SHAPES[word]
    return f":{colour}[**{shape} {DIRECTIONS[word]}**]"


def outcome(word: Outcome) -> str:
    """An outcome as shape, word and colour."""
    shape, colour = MARKS[word]
    return f":{colour}[**{shape} {OUTCOMES[word].capitalize()}**]"


def of_test(trace: TestTrace) -> str:
    """What came of a test. One that only checks a stand-in says nothing of the claim, so it has no such sign."""
    return (
        outcome(trace.outcome) if trace.checks is None else f"**{CHECK} A check of the stand-in**"
    )


def mark(trace: TestTrace) -> str:
    """The same as a sign alone."""
    return shape(trace.outcome) if trace.checks is None else f":gray[{CHECK}]"


def confidence(level: Confidence) -> str:
    """Five dots and the word."""
    filled = CONFIDENCES.index(level) + 1
    return f"{'●' * filled}{'○' * (len(CONFIDENCES) - filled)} {CONFIDENCE_WORDS[level]}"


def how_sure(found: Verdict) -> str:
    """The confidence in dots and words; empty where there is no verdict to be sure of."""
    if found.direction == "insufficient_data":
        return ""
    return f"{confidence(found.confidence)} confidence"


def strip(tests: Sequence[TestTrace]) -> str:
    """One small mark for each test that votes, in the story's order."""
    return " ".join(shape(t.outcome) for t in voting(tests))


def voting(tests: Sequence[TestTrace]) -> list[TestTrace]:
    """The tests of the claim itself, without those that only check an instrument."""
    return [t for t in tests if t.checks is None]


def tally(tests: Sequence[TestTrace]) -> str:
    """The strip in words: `two against the claim, one not known yet`."""
    counts = Counter(t.outcome for t in voting(tests))
    return ", ".join(f"{counts[o]} {OUTCOMES[o]}" for o in MARKS if counts[o])


def key() -> str:
    """What the marks mean, in a line."""
    return " · ".join(
        f":{colour}[{shape}] {OUTCOMES[word]}" for word, (shape, colour) in MARKS.items()
    )


def small_outcome(word: Outcome) -> str:
    """An outcome for a table's cell."""
    shape, colour = MARKS[word]
    return f":{colour}[{shape}] {OUTCOMES[word]}"


def shape(word: Outcome) -> str:
    """An outcome's shape in its colour."""
    sign, colour = MARKS[word]
    return f":{colour}[{sign}]"
