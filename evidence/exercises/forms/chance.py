"""`chance`: how many earlier windows went at least as far.

The options are shares. Right is the one nearest to the share that the earlier windows give, by ratio. Of each
other one is said how far the event would have had to go for it: that quantile of the earlier windows.
"""

import math
from collections.abc import Iterator
from typing import Literal

import numpy as np

from evidence.answer import sign_of
from evidence.catalogue import Catalogue
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
)
from evidence.fields import about
from evidence.kinds import KINDS, Test, is_fact
from evidence.kinds.base import TestBase
from evidence.lint.places import kind_of
from evidence.placebo import TIE, Ranked
from evidence.problems import Finding
from evidence.quantity import Quantity, one_in, signed
from evidence.wording import first_up, how_unusual

APART = 1.5
"""Two shares that stand nearer to each other than by this factor could not be told apart."""


class Chance(ExerciseBase):
    """A ranked test, and shares to choose from."""

    form: Literal["chance"]
    test: Test = about("The test whose earlier windows are counted.", good=[])
    shares: tuple[Quantity, ...] = about(
        "Two to six shares in percent, from small to large.",
        good=[["1 %", "5 %", "30 %"]],
        min_length=2,
        max_length=6,
    )


class _Chance(Form):
    name = "chance"
    model = Chance
    label = "How many of the earlier windows went at least as far?"

    def tests(self, exercise: Chance) -> Iterator[tuple[tuple[str | int, ...], TestBase]]:
        yield ("test",), exercise.test

    def findings(self, exercise: Chance, catalogue: Catalogue) -> Findings:  # noqa: ARG002
        if is_fact(kind_of(exercise.test)):
            ranked = ", ".join(name for name in KINDS if not is_fact(name))
            message = f"a fact has no earlier windows to count; the kinds that have are {ranked}"
            yield Finding(("test", "kind"), message, code="no-windows")
        for index, one in enumerate(exercise.shares):
            if one.unit != "percent" or not 0 < one.value < 100:
                message = "a share lies between 0 and 100 %"
                yield Finding(("shares", index), message, code="share")
            elif index and one.value < APART * exercise.shares[index - 1].value:
                message = f"each share has to be at least {APART:g} times the one before"
                yield Finding(("shares", index), message, code="share")

    def pose(self, exercise: Chance, pinned: Pinned) -> Posed:
        found = pinned.ask(exercise.test)
        shares = {f"{one.value:g}".replace(".", "-"): one.value / 100 for one in exercise.shares}
        options = tuple(Option(name, first_up(one_in(share))) for name, share in shares.items())
        ranked = found.ranked
        if ranked is None:
            raise ValueError(f"{exercise.id}: {found.trace.seen}")
        nearest = min(shares, key=lambda name: abs(math.log(shares[name] / _true(ranked))))

        def judged(answer: Filled) -> Judged:
            name = answer["answer"]
            if name == nearest:
                return Judged(right=True, says=(how_unusual(found.trace),), shows=found)
            return Judged(right=False, says=_wrong(found, ranked, shares[name]), shows=found)

        given = (
            found.trace.seen,
            f"There are {len(ranked.noise):,} earlier windows of the same length to compare with, since {ranked.dates[0].astype(object):%Y}.",
        )
        return Posed(exercise, alone(self.label, options), judged, given)


def _true(ranked: Ranked) -> float:
    """The share of earlier windows that went at least as far; where none did, one of one more."""
    far = int((ranked.noise >= float(ranked.event.z[0]) - TIE).sum())
    return max(far, 1) / (len(ranked.noise) + (far == 0))


def _wrong(found: Shown, ranked: Ranked, share: float) -> tuple[str, ...]:
    """Where the event would have to lie for a share to be right, and where it lies."""
    unit, sign = found.trace.power.unit if found.trace.power else "", sign_of(found.test)
    count = max(1, round(share * len(ranked.noise)))
    bar = float(np.sort(ranked.shown)[::-1][count - 1])
    more = "fewer" if _true(ranked) < share else "more"
    return (
        (
            f"For that it would have to lie at {signed(sign * bar, unit)}: {one_in(share)} of the earlier windows went that far or further. "
            f"It lies at {signed(sign * ranked.raw, unit)}, and {more} did."
        ),
        how_unusual(found.trace),
    )


FORM = _Chance()
