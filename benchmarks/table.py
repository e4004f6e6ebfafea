"""The table: each piece of work, its figure, what it is held against, and whether that is good enough."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from rich.console import Console
from rich.table import Table

Verdict = Literal["goal", "acceptable", "missed", "told"]
COLOURS = {"goal": "green", "acceptable": "yellow", "missed": "bold red", "told": "default"}
WIDTH = 168
ANY = math.inf
"""A bar for a row that only has to end without an error."""


@dataclass(frozen=True)
class Row:
    """One piece of work. ours, peer: in `unit`, less is better.

    faster: the ratio is how many times faster ours is, and has to be at least so much; otherwise it is how
    many times longer ours takes, and has to be at most that. Without `least` a row only tells. wrong: what
    makes the row fail whatever its ratio.
    """

    work: str
    ours: float
    peer: float | None
    against: str
    unit: str = "ms"
    goal: float | None = None
    least: float | None = None
    faster: bool = False
    note: str = ""
    wrong: str = ""

    @property
    def ratio(self) -> float | None:
        if self.peer is None:
            return None
        return self.peer / self.ours if self.faster else self.ours / self.peer

    @property
    def verdict(self) -> Verdict:
        if self.wrong:
            return "missed"
        if self.ratio is None or self.least is None:
            return "told"
        if self._reaches(self.goal):
            return "goal"
        return "acceptable" if self._reaches(self.least) else "missed"

    def _reaches(self, bar: float | None) -> bool:
        if bar is None or self.ratio is None:
            return False
        return self.ratio >= bar if self.faster else self.ratio <= bar

    def times(self, ratio: float | None) -> str:
        if ratio is None:
            return ""
        if ratio == ANY:
            return "no error"
        shown = f"{ratio:.2f}" if ratio < 10 else f"{ratio:.0f}"
        return f"{shown} ×{' faster' if self.faster else ''}"

    @property
    def cells(self) -> tuple[str, ...]:
        """As text, in the order of `HEADS`."""
        return (
            self.work,
            amount(self.ours, self.unit),
            amount(self.peer, self.unit),
            self.against,
            self.times(self.ratio),
            self.times(self.goal),
            self.times(self.least),
            self.verdict,
            self.wrong or self.note,
        )


HEADS = ("work", "ours", "peer", "peer is", "ratio", "goal", "at least", "verdict", "note")


def amount(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    shown = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{shown} {unit}".rstrip()


def show(rows: Iterable[Row], title: str = "", console: Console | None = None) -> int:
    """Prints the table; 1 where a row is missed, else 0: the status to end with."""
    rows = list(rows)
    console = console or Console(width=WIDTH)
    table = Table(*HEADS, title=title or None, title_justify="left")
    for row in rows:
        table.add_row(*row.cells, style=COLOURS[row.verdict])
    console.print(table)
    return int(any(row.verdict == "missed" for row in rows))


def markdown(rows: Iterable[Row]) -> str:
    """The same for docs/performance.md."""
    lines = [HEADS, tuple("---" for _ in HEADS), *(row.cells for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
