"""Labels on top of a plot, each over its own thin rule: which stands in which row, and on which side.

A rule reaches up to its label, so it can run through the labels of lower rows; labels in one row can
touch. Both are settled for the width of a phone: on wider plots places only move apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Literal

Side = Literal["left", "center", "right"]
"""How a label is aligned to its rule: `left` begins there and runs to the right."""
SIDES: tuple[Side, ...] = ("center", "right", "left")
MOST = 5
"""Up to how many labels all orders are tried; more are stacked, the last highest."""
APART, BESIDE, EDGE = 6.0, 3.0, 16.0
"""Pixels between labels of a row, between a rule and a label beside it, and how far one may stand out of the plot."""
CROSSED, ROWS, ASIDE = 40.0, 10.0, 3.0
"""What a rule through a label, one more row, and a label not over the middle of its rule cost; a pixel outside costs one."""


@dataclass(frozen=True)
class Wanted:
    """A label: the place of its rule and its width, in pixels; its side where that is given."""

    at: float
    width: float
    side: Side | None = None

    def span(self, side: Side) -> tuple[float, float]:
        """Where it begins and ends on a side."""
        start = {
            "left": self.at + BESIDE,
            "center": self.at - self.width / 2,
            "right": self.at - BESIDE - self.width,
        }
        return start[side], start[side] + self.width


@dataclass(frozen=True)
class Placed:
    """The row (0 is the lowest) and the side of a label."""

    row: int
    side: Side


def arranged(labels: Sequence[Wanted], room: float) -> list[Placed]:
    """A row and a side for each label where they cross least; `room` is where what is to their right ends, in pixels."""
    many = range(len(labels))
    orders = permutations(many) if len(labels) <= MOST else [tuple(many)]
    best: tuple[float, list[Placed]] | None = None
    for order in orders:
        cost, placed = _stacked(labels, order, room)
        if best is None or cost < best[0] - 1e-9:
            best = cost, placed
    return best[1] if best else []


def _stacked(
    labels: Sequence[Wanted], order: Sequence[int], room: float
) -> tuple[float, list[Placed]]:
    """(cost, places) where each label in turn takes its cheapest place in the current row, or opens a row above."""
    found: dict[int, Placed] = {}
    row, total = 0, 0.0
    for turn, i in enumerate(order):
        later = [labels[j].at for j in order[turn + 1 :]]
        best: tuple[float, Placed] | None = None
        for side in (labels[i].side,) if labels[i].side else SIDES:
            assert side is not None
            start, end = labels[i].span(side)
            # rules of labels that come later may stand in a higher row and run through this one
            cost = CROSSED * sum(start - 2 < at < end + 2 for at in later)
            cost += max(0.0, -EDGE - start) + max(0.0, end - room - EDGE)
            cost += ASIDE * (side != "center")
            fits = all(
                end + APART <= labels[j].span(p.side)[0]
                or labels[j].span(p.side)[1] + APART <= start
                for j, p in found.items()
                if p.row == row
            )
            place = Placed(row if fits else row + 1, side)
            cost += 0.0 if fits else ROWS
            if best is None or cost < best[0]:
                best = cost, place
        assert best is not None
        total, row = total + best[0], best[1].row
        found[i] = best[1]
    return total, [found[i] for i in range(len(labels))]
