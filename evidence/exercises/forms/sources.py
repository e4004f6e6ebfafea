"""`sources`: which two figures are one source.

Right is a pair of series that rests on one collection of data (`source_group`), which counts once. Beside each
answer stands how their monthly changes go together: a high correlation does not make two collections one.
"""

from datetime import date
from typing import Literal

from evidence.catalogue import Catalogue, SeriesId
from evidence.exercises.base import (
    ExerciseBase,
    Filled,
    Findings,
    Form,
    Judged,
    Option,
    Pinned,
    Posed,
    Shown,
    Worded,
    alone,
    twice,
    unknown_series,
)
from evidence.fields import about
from evidence.kinds.base import Matters
from evidence.kinds.tracks import Tracks
from evidence.problems import Finding
from evidence.quantity import Quantity, level
from evidence.verdict import together
from evidence.wording import listed, source_name


class Pair(Worded):
    """Two figures that are shown as evidence."""

    series: tuple[SeriesId, SeriesId] = about(
        "The two series.", good=[["fed.custody.treasuries", "tic.holdings.official"]]
    )


class Sources(ExerciseBase):
    """Pairs of figures, of which some are one source."""

    form: Literal["sources"]
    pairs: tuple[Pair, ...] = about("Two to six pairs.", good=[], min_length=2, max_length=6)
    until: date = about("The last month of the correlations.", good=["2025-02-28"])
    months: int = about("Over how many months.", good=[60], default=60, ge=12, le=240)


class _Sources(Form):
    name = "sources"
    model = Sources
    label = "Which two count once?"

    def findings(self, exercise: Sources, catalogue: Catalogue) -> Findings:
        yield from twice([p.id for p in exercise.pairs], "pairs")
        for index, pair in enumerate(exercise.pairs):
            for place, name in enumerate(pair.series):
                yield from unknown_series(name, ("pairs", index, "series", place), catalogue)
            if pair.series[0] == pair.series[1]:
                message = "a pair is two different series"
                yield Finding(("pairs", index, "series"), message, code="same-series")

    def pose(self, exercise: Sources, pinned: Pinned) -> Posed:
        pairs = {p.id: p for p in exercise.pairs}
        one = [p for p in exercise.pairs if len(_groups(p, pinned)) == 1]

        def judged(answer: Filled) -> Judged:
            pair = pairs[answer["answer"]]
            found = _together(pair, exercise, pinned)
            if pair in one:
                return Judged(right=True, says=_right(pair, pinned, found), shows=found)
            others = [_together(p, exercise, pinned) for p in one]
            return Judged(right=False, says=_wrong(pair, pinned, found, others), shows=found)

        options = tuple(Option(p.id, p.text) for p in exercise.pairs)
        return Posed(exercise, alone(self.label, options), judged)


def _groups(pair: Pair, pinned: Pinned) -> dict[str, list[str]]:
    """The pair's series by source, as a verdict counts them."""
    return together((pinned.catalogue.series[name].source_group, name) for name in pair.series)


def _together(pair: Pair, exercise: Sources, pinned: Pinned) -> Shown:
    """How the monthly changes of the two go together."""
    quick, slow = pair.series
    bar = Quantity(value=0.5, unit="correlation")
    return pinned.ask(
        Tracks(
            id=pair.id,
            title=pair.text,
            role="straw_in_the_wind",
            why=exercise.teaches,
            matters=Matters(at_least=bar, why=exercise.teaches),
            kind="tracks",
            quick=quick,
            slow=slow,
            months=exercise.months,
            until=exercise.until,
        )
    )


def _right(pair: Pair, pinned: Pinned, found: Shown) -> tuple[str, ...]:
    source = next(iter(_groups(pair, pinned)))
    first, second = (pinned.catalogue.series[name] for name in pair.series)
    by = (
        f"two publishers, {first.publisher} and {second.publisher}, hand on one collection"
        if first.publisher != second.publisher
        else "they are two cuts of one collection"
    )
    return (
        f"Both rest on {source_name(source)}: {by}. {found.trace.seen}",
        "An error in the collection is in both, so two tests on them are one voice.",
    )


def _wrong(pair: Pair, pinned: Pinned, found: Shown, others: list[Shown]) -> tuple[str, ...]:
    """What the two rest on, and how they would move if they were one."""
    rests = [
        f"{pinned.named(name)}: {source_name(pinned.catalogue.series[name].source_group)}."
        for name in pair.series
    ]
    one = [
        level(float(o.trace.statistic.value), "correlation") for o in others if o.trace.statistic
    ]
    return (
        f"{' '.join(rests)} These are two collections, and an error in one leaves the other as it was. {found.trace.seen}",
        (
            f"Were they one, they would move as the pair does that is: its correlation is {listed(one)}. "
            "And to go together is not enough: what answers to the same news does, too."
        ),
    )


FORM = _Sources()
