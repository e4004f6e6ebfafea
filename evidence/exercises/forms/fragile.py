"""`fragile`: which choice of the analyst's turns the verdict.

The choices are those of a story's sensitivity study (`evidence.sensitivity`). Right is one with which more than
half of the ways of asking turn. Of each other one is said how many turn with it, and how the decisive test would
have to look for it to matter.
"""

from dataclasses import dataclass
from functools import partial
from typing import Literal

from evidence.catalogue import Catalogue
from evidence.days import day
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
    alone,
    unknown_story,
)
from evidence.fields import about
from evidence.frozen import Frozen
from evidence.kinds.base import Line, Slug
from evidence.library import Library
from evidence.narrative import Narrative
from evidence.problems import Finding, nearest, shown
from evidence.quantity import amount, signed
from evidence.rivals import CLEAR
from evidence.sensitivity import BARS, DECLARED, TAILS, Sensitivity, Turned, ways
from evidence.verdict import DECISIVE
from evidence.wording import (
    DIRECTIONS,
    OUTCOMES,
    choice,
    choice_words,
    first_up,
    how_unusual,
    listed,
    robust,
)


class Way(Frozen):
    """One choice of the study."""

    dimension: Literal["windows", "bars", "tail", "prints", "series", "left_out"] = about(
        "What is chosen.", good=["windows", "tail"]
    )
    choice: Line = about("How, in the study's own words.", good=["longer windows", "half"])


class Fragile(ExerciseBase):
    """A story, and choices that may turn its verdict."""

    form: Literal["fragile"]
    story: Slug = about("The story.", good=["everything-fell-together"])
    choices: tuple[Way, ...] = about(
        "Two to six choices.",
        good=[[{"dimension": "windows", "choice": "longer windows"}]],
        min_length=2,
        max_length=6,
    )


@dataclass(frozen=True, eq=False)
class Studied:
    """A story's study, the test that decides its verdict, and the story itself."""

    narrative: Narrative
    study: Sensitivity
    decisive: Shown | None
    pinned: Pinned

    def turned(self, way: Way) -> Turned | None:
        """How often a choice turns the verdict; None where it was not asked."""
        found = (
            f for f in self.study.flips if (f.dimension, f.choice) == (way.dimension, way.choice)
        )
        return next(found, None)

    @property
    def turning(self) -> tuple[Turned, ...]:
        """The choices with which more than half of the ways of asking turn."""
        return tuple(f for f in self.study.flips if 2 * f.turned > f.of)


class _Fragile(Form):
    name = "fragile"
    model = Fragile
    label = "Which choice turns the verdict?"

    def findings(self, exercise: Fragile, catalogue: Catalogue) -> Findings:  # noqa: ARG002
        for index, way in enumerate(exercise.choices):
            if way in exercise.choices[:index]:
                yield Finding(
                    ("choices", index), "this choice stands twice", code="duplicate-option"
                )
            known = {"bars": BARS, "tail": TAILS}.get(way.dimension)
            if known is not None and (way.choice not in known or way.choice == DECLARED):
                others = [name for name in known if name != DECLARED]
                message = f"there is no choice {shown(way.choice)} of {way.dimension}"
                hint = nearest(way.choice, others)
                yield Finding(("choices", index, "choice"), message, hint, code="unknown-choice")

    def against(self, exercise: Fragile, library: Library) -> Findings:
        yield from unknown_story(exercise.story, ("story",), library)

    def pose(self, exercise: Fragile, pinned: Pinned) -> Posed:
        story = pinned.story(exercise.story)
        verdict = pinned.engine.score(story.id, exercise.as_of).verdict
        study = pinned.engine.sensitivity(story.id, exercise.as_of)
        decides = (t.id for t in verdict.tests if t.role in DECISIVE and t.outcome in CLEAR)
        name = next(decides, None)
        decisive = pinned.asked(story.id, name) if name else None
        studied = Studied(story, study, decisive, pinned)
        ids = {
            f"{w.dimension}-{w.choice}".replace("_", "-").replace(" ", "-"): w
            for w in exercise.choices
        }
        options = tuple(
            Option(key, first_up(choice(w.dimension, w.choice))) for key, w in ids.items()
        )
        given = (
            f"“{story.title}”, as known on {day(study.as_of)}: {DIRECTIONS[study.direction].lower()}. {robust(study.robustness)}",
            story.claim,
        )
        return Posed(exercise, alone(self.label, options), partial(_judged, studied, ids), given)


def _judged(studied: Studied, ids: dict[str, Way], answer: Filled) -> Judged:
    way = ids[answer["answer"]]
    found = studied.turned(way)
    if found is None:
        told = f"{first_up(choice(way.dimension, way.choice))}: no way of asking has that choice here, so it cannot turn the verdict."
        return Judged(right=False, says=(told,), shows=studied.decisive)
    counts = (
        f"{first_up(choice_words(found))}."
        if found.turned
        else (
            f"{first_up(choice(way.dimension, way.choice))}: none of {found.of} turns the verdict."
        )
    )
    says = [counts]
    if found in studied.turning:
        return Judged(right=True, says=(*says, *_variant(studied, way)), shows=studied.decisive)
    if found.turned:
        says.append(_also(studied, way))
    says += _would(studied, way)
    return Judged(right=False, says=tuple(says), shows=studied.decisive)


def _also(studied: Studied, way: Way) -> str:
    """That the ways which turn with a choice turn by another that they share."""
    own = [
        s
        for s in studied.study.specifications
        if not s.agrees and getattr(s, way.dimension) == way.choice
    ]
    by = [f for f in studied.turning if all(getattr(s, f.dimension) == f.choice for s in own)]
    if not by:
        return "In the others it changes nothing."
    return f"Each of those also has {listed([choice(f.dimension, f.choice) for f in by])}; without that none turns."


def _variant(studied: Studied, way: Way) -> tuple[str, ...]:
    """What the decisive test gives over another window."""
    if studied.decisive is None or way.dimension != "windows":
        return ()
    tests = ways(studied.narrative).tests.get((way.choice, DECLARED), ())
    test = next((t for t in tests if t.id == studied.decisive.trace.id), None)
    if test is None:
        return ()
    found = studied.pinned.ask(test, studied.decisive.anchor).trace
    return (f"“{found.title}” is then read “{OUTCOMES[found.outcome]}”. {found.seen}",)


def _would(studied: Studied, way: Way) -> tuple[str, ...]:
    """How the decisive test would have to look for a choice to matter."""
    variant = _variant(studied, way)
    if variant or studied.decisive is None:
        return variant
    trace = studied.decisive.trace
    if way.dimension == "tail" and trace.placebo is not None:
        tail = amount(100 * float(trace.placebo.tail) * TAILS[way.choice], "percent")
        side = "more" if TAILS[way.choice] < 1 else "no more"
        return (
            f"For it to matter {side} than {tail} of the earlier windows would have to have gone as far as “{trace.title}” did. {how_unusual(trace)}",
        )
    if way.dimension == "bars" and trace.statistic is not None:
        bar = amount(float(trace.matters.at_least) * BARS[way.choice], trace.matters.unit)
        seen = signed(float(trace.statistic.value), trace.statistic.unit)
        side = "short of" if BARS[way.choice] > 1 else "only just past"
        return (
            f"For it to matter “{trace.title}” would have to lie {side} {bar}; it lies at {seen}.",
        )
    return ()


FORM = _Fragile()
