"""How often a test fails and passes among its own earlier windows, and what that makes of its two outcomes.

The bars are those of `evidence.inference`: a test whose failures are hardly more frequent in ordinary times than
if the claim were true cannot sink it, and one that hardly sees twice the size that matters cannot bear it out.
"""

from dataclasses import dataclass

from evidence.exercises.base import Shown
from evidence.inference import LEAST_FAILING, LEAST_SEEN, share
from evidence.placebo import P_IF_TRUE
from evidence.quantity import Quantity, amount
from evidence.wording import declared


@dataclass(frozen=True)
class Rates:
    """Shares of the earlier windows. fails, passes: as they were; fails_if_true: at the size that matters; sees: at twice it."""

    fails: float
    fails_if_true: float
    passes: float
    sees: float

    @property
    def sinks(self) -> bool:
        """Whether a failure says something."""
        return self.fails >= LEAST_FAILING

    @property
    def bears(self) -> bool:
        """Whether a pass is to be had if the claim is true."""
        return self.sees >= LEAST_SEEN

    @property
    def says(self) -> tuple[str, ...]:
        """How often the test fails and passes, and what is wrong with that where something is."""
        told = [
            (
                f"Where nothing happened this test fails in {percent(self.fails)} of the earlier windows; "
                f"of true effects of twice its size it sees {percent(self.sees)}."
            )
        ]
        if not self.sinks:
            told.append(
                f"If the claim were true it would fail in {bar(P_IF_TRUE)} of them, so a failure says nothing: "
                f"for that it would have to fail in {bar(LEAST_FAILING)} or more where nothing happened."
            )
        if not self.bears:
            told.append(
                f"It could hardly ever bear the claim out: for that it would have to see {bar(LEAST_SEEN)} or more."
            )
        return tuple(told)


def rates(found: Shown) -> Rates | None:
    """The rates of a test that was asked; None where it has no earlier windows or no answer."""
    ranked, tail = found.ranked, found.test.tail.value / 100
    if ranked is None:
        return None
    return Rates(
        fails=share(ranked, tail, None, "inconsistent"),
        fails_if_true=share(ranked, tail, 1.0, "inconsistent"),
        passes=share(ranked, tail, None, "consistent"),
        sees=share(ranked, tail, 2.0, "consistent"),
    )


def percent(value: float) -> str:
    """A share in percent, as measured."""
    return amount(100 * value, "percent")


def bar(value: float) -> str:
    """A share in percent, as set."""
    return declared(Quantity(value=100 * value, unit="percent"))
