"""How much a test tells: the information that its outcome carries about the claim, in bits.

Two worlds are held apart: the claim is true at the size that matters, or it is an ordinary time. Each earlier window
is read in the event's place, once as it was and once with that size added. The mutual information between the world
(both equally likely beforehand) and the outcome is nought where outcomes fall alike in both, and one bit where the
outcome gives the world away (Shannon 1948; Lindley 1956, Annals of Mathematical Statistics 27, 986-1005).
"""

import math
from collections.abc import Mapping
from typing import get_args

from evidence.answer import Answer
from evidence.inference import share
from evidence.kinds.base import Outcome
from evidence.placebo import Ranked
from evidence.verdict import DECISIVE

_SPOKEN = tuple(o for o in get_args(Outcome) if o != "not_evaluable")


def bits(ranked: Ranked, tail: float) -> float:
    """Between nought and one: what the test's outcome says about the claim. tail is a share (0.05)."""
    return information(
        {o: share(ranked, tail, 1.0, o) for o in _SPOKEN},
        {o: share(ranked, tail, None, o) for o in _SPOKEN},
    )


def information(true: Mapping[str, float], ordinary: Mapping[str, float]) -> float:
    """The mutual information, in bits, between two equally likely worlds and what is seen in them."""
    found = 0.0
    for world in (true, ordinary):
        for outcome, chance in world.items():
            mean = (true[outcome] + ordinary[outcome]) / 2
            if chance > 0:
                found += chance / 2 * math.log2(chance / mean)
    return min(1.0, max(0.0, found))


def telling(answers: Mapping[str, Answer]) -> dict[str, float]:
    """The bits of each test that votes and is ranked among earlier windows, by id: what decides first, then most first.

    A fact has no earlier windows, and a test without an answer has none yet: they are not among them.
    """
    found = {
        name: bits(answer.ranked, float(answer.trace.placebo.tail))
        for name, answer in answers.items()
        if answer.ranked is not None
        and answer.trace.placebo is not None
        and answer.trace.checks is None
    }
    return dict(
        sorted(
            found.items(),
            key=lambda one: (answers[one[0]].trace.role not in DECISIVE, -round(one[1], 9), one[0]),
        )
    )
