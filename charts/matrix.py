"""The matrix of rivals: tests down, stories across, what each story expects against what was seen.

Stories carry a letter in the order of their ranking. Where there is room a cell says in words what its
shape says; a cell is tinted where a clear outcome fits what the story expects, or goes against it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import wrap
from typing import Any

import altair as alt
import pandas as pd

from charts.drawing import Axis
from charts.figure import Figure, key
from charts.rows import LINE, Rows, lines
from charts.theme import HEAVY, SHAPES, SMALL, Look
from evidence.days import day
from evidence.kinds.base import Outcome
from evidence.rivals import Rivals, Row, Worth
from evidence.wording import first_up, listed

CELL, GAP, HEADS = 22, 10, 5
"""Pixels: a row of cells, the room below it; lines of a story's head."""
EXPECTS: Mapping[Outcome | None, str] = {
    "consistent": "expects it",
    "inconsistent": "expects not",
    "neutral": "either way",
    "not_evaluable": "cannot be asked",
    None: "",
}
SEEN: Mapping[Outcome, str] = {
    "consistent": "seen",
    "inconsistent": "not seen",
    "neutral": "unclear",
    "not_evaluable": "not out",
}
APART: tuple[Worth, ...] = ("tells_apart",)
COULD: tuple[Worth, ...] = ("open", "waits", "quoted")
"""What a test is worth, by the two pictures: those that tell stories apart, and those that could."""


def letters(found: Rivals) -> dict[str, str]:
    """A letter for each story, in the order of the ranking."""
    return {one.story: chr(ord("A") + i) for i, one in enumerate(found.standings)}


def key_to_letters(found: Rivals) -> str:
    """`A: a title; B: another`: for a page that does not list the stories beside the picture."""
    letter = letters(found)
    return "; ".join(f"{letter[one.story]}: {one.title}" for one in found.standings) + "."


class _Grid(Rows):
    """A plot of cells without axes, whose words give way to signs where there is no room."""

    def words(
        self,
        name: str,
        rows: Sequence[dict[str, Any]],
        colour: str,
        *,
        bold: bool,
        wide: str = "datum.text",
        narrow: str = "datum.key",
        least: float = 84,
        top: bool = False,
    ) -> None:
        """`wide` in the middle of a cell where the cell is `least` pixels wide, else `narrow`."""
        if not rows:
            return
        room = f"width/{self.x.high:.4g}"
        self.layers.append(
            self._layer(name, rows).mark_text(
                text=alt.ExprRef(expr=f"{room}>={least:.4g}?{wide}:{narrow}"),
                align="center",
                baseline="top" if top else "middle",
                fontSize=SMALL,
                fontWeight=600 if bold else 400,
                lineBreak="\n",
                lineHeight=LINE - 2,
                color=colour,
                aria=False,
            )
        )

    def spec(self, description: str) -> dict[str, Any]:
        found = super().spec(description)
        found["encoding"]["x"]["axis"] = None
        return found


def matrix(found: Rivals, look: Look, *, apart: bool = True) -> Figure:
    """What each story expects of the tests that tell the stories apart (or of those that could) and what was seen."""
    letter = letters(found)
    order = list(letter)
    rows = sorted(
        (r for r in found.rows if r.worth in (APART if apart else COULD)),
        key=lambda r: (-float(r.apart), order.index(r.story)),
    )
    titles = [f"{letter[r.story]}: {r.title}" for r in rows]
    height = LINE * (HEADS + 1) + sum(LINE * lines(t) + CELL + GAP for t in titles)
    width = float(len(order) + 1)
    plot = _Grid(look, Axis(0, width, ()), Axis(0, height, ()), height=height)
    named = {one.story: one.title for one in found.standings}
    heads = [
        {
            "x": i + 1.5,
            "y": float(height),
            "key": letter[name],
            "text": "\n".join([letter[name], *_cut(named[name])]),
            "tip": named[name],
        }
        for i, name in enumerate(order)
    ]
    seen_head = {"x": 0.5, "y": float(height), "key": "was\nseen", "text": "was\nseen"}
    plot.words("heads", [seen_head, *heads], look.ink, bold=True, top=True)
    top, names = float(height - LINE * (HEADS + 1)), []
    edge = {"x": 0.0, "x2": width, "y": top, "y2": top}
    plot.rules("edge", [edge], look.faint)
    cells = _Cells()
    for row, title in zip(rows, titles, strict=True):
        top -= LINE * lines(title) + 2
        names.append({"x": 0.0, "y": top, "text": title})
        cells.add(row, order, top)
        top -= CELL + GAP - 2
    cells.draw(plot, look)
    plot.titles("titles", names, bold=apart)
    title = _title(found, rows, apart=apart)
    alt_text = " ".join(
        [
            f"Matrix of {len(rows)} tests and {len(order)} stories as known on {day(found.as_of)}. {title}.",
            *(_said(row, named) for row in rows),
        ]
    )
    contents = (r.model_dump_json() for r in found.rows)
    return Figure(
        key=key("matrix", found.event, found.as_of, apart, *contents, look.mode),
        spec=plot.spec(alt_text),
        frame=plot.frame(),
        title=title,
        subtitle=(
            f"{SHAPES['consistent']} the story expects it, {SHAPES['inconsistent']} it expects the opposite, "
            f"{SHAPES['neutral']} either way; blank: it says nothing of it. Tinted: what was seen fits. "
            "Tinted and underlined: it goes against the story."
        ),
        alt=alt_text,
        table=table(found),
        source="Flowcheck: what each story’s file says that it expects, and the outcome of each test.",
    )


def _title(found: Rivals, rows: Sequence[Row], *, apart: bool) -> str:
    if not apart:
        return f"{len(rows)} tests could tell the stories apart, but are unclear, not out, or known only from print"
    if not rows:
        return "No test tells the stories apart yet"
    return f"{len(rows)} of {len(found.rows)} tests tell the stories apart"


def _cut(title: str) -> list[str]:
    """A story's title for its head: as many short lines as there is room for."""
    lines = wrap(title, 16)
    return lines if len(lines) <= HEADS else [*lines[: HEADS - 1], f"{lines[HEADS - 1]} …"]


@dataclass
class _Cells:
    """What is drawn in the cells, gathered over all rows: few layers draw faster than many."""

    seen: dict[Outcome, list[dict[str, Any]]] = field(default_factory=dict)
    fits: list[dict[str, Any]] = field(default_factory=list)
    against: list[dict[str, Any]] = field(default_factory=list)
    own: list[dict[str, Any]] = field(default_factory=list)
    others: list[dict[str, Any]] = field(default_factory=list)

    def add(self, row: Row, order: Sequence[str], top: float) -> None:
        """One row of the matrix whose cells begin at `top`."""
        by_story = {e.story: e for e in row.expected}
        middle = top - CELL / 2
        shape = SHAPES[row.outcome]
        cell = {"x": 0.5, "y": middle, "key": shape, "text": f"{shape} {SEEN[row.outcome]}"}
        self.seen.setdefault(row.outcome, []).append(cell)
        for i, story in enumerate(order):
            one = by_story[story]
            if one.fares in ("fits", "against"):
                tip = f"{first_up(EXPECTS[one.expects])}. {row.seen}"
                span = {"x": i + 1.04, "x2": i + 1.96, "y": top - CELL, "y2": top - 1, "tip": tip}
                (self.fits if one.fares == "fits" else self.against).append(span)
            if one.expects is not None:
                shape = SHAPES[one.expects]
                text = f"{shape} {EXPECTS[one.expects]}"
                cell = {"x": i + 1.5, "y": middle, "key": shape, "text": text}
                (self.own if story == row.story else self.others).append(cell)

    def draw(self, plot: _Grid, look: Look) -> None:
        """All of it: tints below, words above."""
        plot.block("fits", self.fits, look.supported, opacity=0.18)
        plot.block("against", self.against, look.contradicted, opacity=0.24)
        lines_ = [{"x": a["x"], "x2": a["x2"], "y": a["y"], "y2": a["y"]} for a in self.against]
        plot.rules("under", lines_, look.contradicted, width=HEAVY)
        for outcome, rows in self.seen.items():
            plot.words(f"seen-{outcome}", rows, look.verdict(outcome), bold=True)
        plot.words("own", self.own, look.ink, bold=True)
        plot.words("others", self.others, look.ink, bold=False)


def _said(row: Row, named: Mapping[str, str]) -> str:
    """One row in words: `Custody holdings fall: not seen, against “…”.`."""
    told = [
        f"{word} {listed([f'“{named[e.story]}”' for e in row.expected if e.fares == fares])}"
        for fares, word in (("against", "against"), ("fits", "fits"))
        if any(e.fares == fares for e in row.expected)
    ]
    return f"{row.title}: {SEEN[row.outcome]}, {'; '.join(told) or 'no story is hurt'}."


def table(found: Rivals) -> pd.DataFrame:
    """The whole matrix for a reader's own use: every test, also those that are worth nothing."""
    named = {one.story: one.title for one in found.standings}
    worth = {
        "tells_apart": "tells stories apart",
        "open": "unclear",
        "waits": "not out",
        "quoted": "known only from print",
        "nothing": "worth nothing here",
    }
    return pd.DataFrame(
        [
            {
                "test": row.title,
                "of the story": named[row.story],
                "seen": first_up(row.seen),
                "outcome": SEEN[row.outcome],
                "worth": worth[row.worth],
                "pairs of stories told apart": float(row.apart),
                **{named[e.story]: EXPECTS[e.expects] or "" for e in row.expected},
            }
            for row in found.rows
        ]
    )
