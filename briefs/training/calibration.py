"""How sure somebody was, against how often they were right.

Of ten things that one is 80 % sure of, eight should come out so. The intervals are exact ones for a share
(Clopper and Pearson 1934). The score is Brier's (1950): the mean square of what was said less what came.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from briefs.training.record import SURE_FROM, SURE_TO, Prediction, Record
from evidence.calibration import interval
from evidence.quantity import amount

STEPS = ((50, 59), (60, 69), (70, 79), (80, 89), (90, 100))
FEW = 10
"""Under so many predictions nothing is said of a tendency."""
CLEAR = 10.0
"""Percentage points between how sure somebody was and how often they were right, from which on it is said."""


@dataclass(frozen=True)
class Bin:
    """Predictions that were about as sure: between low and high percent. low_share, high_share: 95 % interval."""

    low: int
    high: int
    count: int
    right: int
    sure: float
    low_share: float
    high_share: float

    @property
    def share(self) -> float:
        """How many of a hundred came out as said."""
        return 100 * self.right / self.count


@dataclass(frozen=True)
class Calibration:
    """Of all predictions: how sure (mean, %), how often right (%), Brier's score, and by how sure they were."""

    count: int
    right: int
    sure: float
    brier: float
    bins: tuple[Bin, ...]

    @property
    def share(self) -> float:
        """How many of a hundred came out as said."""
        return 100 * self.right / self.count


def calibration(record: Record) -> Calibration | None:
    """The calibration of a record's predictions; None where there are none."""
    made = record.predictions
    if not made:
        return None
    return Calibration(
        count=len(made),
        right=sum(p.right for p in made),
        sure=_sure(made),
        brier=sum((p.sure / 100 - p.right) ** 2 for p in made) / len(made),
        bins=tuple(
            _bin(low, high, own)
            for low, high in STEPS
            if (own := [p for p in made if low <= p.sure <= high])
        ),
    )


def _sure(made: Sequence[Prediction]) -> float:
    return sum(p.sure for p in made) / len(made)


def _bin(low: int, high: int, own: Sequence[Prediction]) -> Bin:
    right, count = sum(p.right for p in own), len(own)
    least, most = interval(right, count)
    return Bin(low, high, count, right, _sure(own), 100 * least, 100 * most)


def words(found: Calibration) -> str:
    """The finding in a sentence or two."""
    came = (
        f"{found.right} of {found.count} predictions came out as you said, "
        f"{amount(found.share, 'percent')}; on average you were {amount(found.sure, 'percent')} sure."
    )
    if found.count < FEW:
        return f"{came} That is too few to say whether you are too sure."
    off = found.sure - found.share
    if abs(off) < CLEAR:
        return f"{came} That fits well."
    tendency = "more sure than right" if off > 0 else "more often right than sure"
    return f"{came} You were {tendency}, by {amount(abs(off), 'percentage points')}."


def score(found: Calibration) -> str:
    """Brier's score, with what it means."""
    always = (SURE_FROM / 100) ** 2
    return (
        f"Brier’s score: {found.brier:.2f}. It takes how sure you were and how often you were right together: "
        f"0 is perfect, {always:.2f} is what always saying {SURE_FROM} % gives, and more is worse than that."
    )


assert STEPS[0][0] == SURE_FROM
assert STEPS[-1][1] == SURE_TO
