"""Verdicts and outcomes as word, shape and colour together, as HTML."""

from collections import Counter
from collections.abc import Sequence

from briefs.answers import CHECK
from briefs.site.markup import Markup, tag, text
from charts.theme import SHAPES
from evidence.kinds.base import Outcome
from evidence.trace import CONFIDENCES, Confidence, Direction, TestTrace, Verdict
from evidence.wording import CONFIDENCES as CONFIDENCE_WORDS
from evidence.wording import DIRECTIONS, OUTCOMES

OUTCOME_ORDER: tuple[Outcome, ...] = ("consistent", "inconsistent", "neutral", "not_evaluable")


def shape(word: str) -> Markup:
    """The sign of a direction or an outcome in its colour; the words beside it say the same."""
    return tag("span", SHAPES[word], class_=f"sign {word}", aria_hidden="true")


def direction(word: Direction) -> Markup:
    """A direction alone."""
    return tag("span", shape(word), " ", DIRECTIONS[word], class_=f"mark {word}")


def verdict(found: Verdict) -> Markup:
    """`✕ Contradicted, so far, by proxy`, in a frame that another day's words may take."""
    return tag(
        "span",
        direction(found.direction),
        tag("span", rests_on(found)),
        class_="verdict",
        data_v=True,
    )


def rests_on(found: Verdict) -> str:
    """`, so far, by proxy`; empty where there is no verdict."""
    said = [word for on, word in ((found.so_far, "so far"), (found.by_proxy, "by proxy")) if on]
    return f", {', '.join(said)}" if said and found.direction != "insufficient_data" else ""


def confidence(level: Confidence) -> str:
    """Five dots and the word."""
    filled = CONFIDENCES.index(level) + 1
    return f"{'●' * filled}{'○' * (len(CONFIDENCES) - filled)} {CONFIDENCE_WORDS[level]}"


def how_sure(found: Verdict) -> str:
    """The confidence in dots and words; empty where there is no verdict to be sure of."""
    return (
        ""
        if found.direction == "insufficient_data"
        else f"{confidence(found.confidence)} confidence"
    )


def sure(found: Verdict) -> Markup:
    """The same as an element that another day's words may take."""
    return tag("span", how_sure(found), class_="sure", data_sure=True)


def outcome(word: Outcome) -> Markup:
    """An outcome as shape, word and colour."""
    return tag("span", shape(word), " ", OUTCOMES[word].capitalize(), class_=f"mark {word}")


def of_test(trace: TestTrace) -> Markup:
    """What came of a test. One that only checks a stand-in says nothing of the claim, so it has no such sign."""
    if trace.checks is None:
        return outcome(trace.outcome)
    return tag("strong", f"{CHECK} A check of the stand-in")


def small_outcome(word: Outcome) -> Markup:
    """An outcome for a table's cell."""
    return text([shape(word), " ", OUTCOMES[word]])


def voting(tests: Sequence[TestTrace]) -> list[TestTrace]:
    """The tests of the claim itself, without those that only check an instrument."""
    return [t for t in tests if t.checks is None]


def strip(tests: Sequence[TestTrace]) -> Markup:
    """One small mark for each test that votes, in the story's order; `tally` says it in words."""
    return tag("span", [shape(t.outcome) for t in voting(tests)], class_="strip", data_strip=True)


def tally(outcomes: Sequence[Outcome]) -> str:
    """The strip in words: `2 against the claim, 1 not known yet`."""
    counts = Counter(outcomes)
    return ", ".join(f"{counts[o]} {OUTCOMES[o]}" for o in OUTCOME_ORDER if counts[o])


def key() -> Markup:
    """What the marks mean, in a line."""
    marks = [text([" · " if i else "", small_outcome(o)]) for i, o in enumerate(OUTCOME_ORDER)]
    return tag("p", "One mark for each test: ", marks, class_="small")
