"""The specification curve: every way of asking a story, and which of them turn its verdict.

A column is one way of asking. On top stands the verdict that it gives, below the choices that it makes.
Columns that make the same choice side by side are drawn as one bar. (Simonsohn, Simmons and Nelson 2020,
Nature Human Behaviour 4, 1208-1214.)
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from charts.drawing import Axis, Plot
from charts.figure import Figure, key
from charts.theme import SHAPES, Look
from evidence.days import day
from evidence.sensitivity import DECLARED, DIMENSIONS, NEWEST, Sensitivity, Specification
from evidence.trace import Direction
from evidence.wording import DIRECTIONS, choice, choice_words, first_up, sole, ways

ROW, GAP, HEAD = 19, 8, 6
"""Pixels: a row, the room between two dimensions, the room under the verdicts."""
ORDER: tuple[Direction, ...] = ("supported", "mixed", "insufficient_data", "contradicted")
MOST_TICKED = 80
"""Up to how many columns each keeps a little room at its sides."""
OWN: Mapping[str, str] = {
    "windows": "windows as declared",
    "bars": "what matters as declared",
    "tail": "the tail as declared",
    "prints": NEWEST,
    "series": "series as declared",
    "left_out": "every source",
}


class _Table(Plot):
    """A plot without grid whose rows are named at the left."""

    def spec(self, description: str) -> dict[str, Any]:
        found = super().spec(description)
        for name in ("x", "y"):
            found["encoding"][name]["axis"] |= {"grid": False, "ticks": False, "domain": False}
        found["encoding"]["y"]["axis"] |= {"labelLimit": 200, "labelOverlap": False}
        found["encoding"]["y"]["axis"]["labelColor"] = self.look.ink
        return found


def curve(found: Sensitivity, look: Look) -> Figure:
    """Every way of asking one story on one day; a story that could not be asked otherwise has no columns."""
    columns = sorted(found.specifications, key=_order)
    count = len(columns)
    lanes = [d for d in ORDER if any(s.direction == d for s in columns)]
    rows = _rows(columns)
    height = _height(lanes, rows)
    ticks, places, top = [], {}, float(height)
    for lane in lanes:
        places["direction", str(lane)] = top - ROW / 2
        ticks.append((top - ROW / 2, f"{SHAPES[lane]} {DIRECTIONS[lane]}"))
        top -= ROW
    top -= HEAD
    edges = []
    for dimension, choices in rows.items():
        edges.append(top - GAP / 2)
        top -= GAP
        for name in choices:
            places[dimension, name] = top - ROW / 2
            ticks.append((top - ROW / 2, _name(dimension, name)))
            top -= ROW
    plot = _Table(look, Axis(0, max(count, 1), ()), Axis(0, height, tuple(ticks)), height=height)
    plot.rules("edges", [{"x": 0.0, "x2": float(count), "y": y, "y2": y} for y in edges], look.grid)
    for lane in lanes:
        colour = look.verdict(lane)
        own = [i for i, s in enumerate(columns) if s.direction == lane]
        plot.block(f"top-{lane}", _bars(own, places["direction", lane], columns, 5, ""), colour)
        picked = [
            bar
            for dimension, choices in rows.items()
            for name in choices
            for bar in _bars(
                [i for i in own if getattr(columns[i], dimension) == name],
                places[dimension, name],
                columns,
                3,
                _name(dimension, name),
            )
        ]
        plot.block(f"choices-{lane}", picked, colour, opacity=0.8)
    declared = next((i for i, s in enumerate(columns) if s.declared), None)
    if declared is not None:
        plot.event("declared", declared + 0.5, "as declared")
    asked = ways(found.robustness)
    flips = [choice_words(flip) for flip in found.flips if flip.more]
    limits = [sole(source) for source in found.sole]
    told = ". ".join(first_up(line) for line in [*flips, *limits])
    alt_text = (
        f"Specification curve for “{found.title}” on {day(found.as_of)}. {asked}: "
        f"{DIRECTIONS[found.direction].lower()}. {told}{'.' if told else ''}"
    )
    return Figure(
        key=key("specifications", found.identity, count, look.mode),
        spec=plot.spec(alt_text),
        frame=plot.frame(),
        title=asked,
        subtitle=(
            "Each column is one way of asking the same question; the verdict that it gives stands on top, "
            "the choices that it makes below."
        ),
        alt=alt_text,
        table=_table(columns),
        source="Flowcheck: the story asked again with other windows, sizes, tails, prints and series, and with each source left out.",
    )


def _order(one: Specification) -> tuple[object, ...]:
    """By verdict, then from the weakest evidence against the claim to the strongest, then by choices."""
    joint = 1.0 if one.joint is None else float(one.joint)
    return (
        ORDER.index(one.direction),
        -joint,
        *(str(getattr(one, dimension)) for dimension in DIMENSIONS),
    )


def _rows(columns: Sequence[Specification]) -> dict[str, list[str]]:
    """The choices of each dimension that was varied, the story's own first."""
    found = {}
    for dimension in DIMENSIONS:
        choices = list(dict.fromkeys(str(getattr(s, dimension)) for s in columns))
        if len(choices) > 1:
            found[dimension] = sorted(choices, key=lambda c: c not in (DECLARED, NEWEST, ""))
    return found


def _height(lanes: Sequence[str], rows: Mapping[str, Sequence[str]]) -> int:
    return len(lanes) * ROW + HEAD + sum(GAP + len(choices) * ROW for choices in rows.values())


def _name(dimension: str, name: str) -> str:
    return OWN[dimension] if name in (DECLARED, NEWEST, "") else choice(dimension, name)


def _bars(
    chosen: Sequence[int],
    middle: float,
    columns: Sequence[Specification],
    half: float,
    name: str,
) -> list[dict[str, Any]]:
    """One bar for each column, or where there are many for each run of columns side by side."""
    side = 0.12 if len(columns) <= MOST_TICKED else 0.0
    runs: list[list[int]] = []
    for i in chosen:
        if side == 0 and runs and runs[-1][-1] == i - 1:
            runs[-1].append(i)
        else:
            runs.append([i])
    return [
        {
            "x": run[0] + side,
            "x2": run[-1] + 1 - side,
            "y": middle - half,
            "y2": middle + half,
            "key": name,
            "tip": _tip(columns[run[0]], name),
        }
        for run in runs
    ]


def _tip(one: Specification, name: str) -> str:
    joint = "" if one.joint is None else f"; joint number {float(one.joint):.3g}"
    return f"{name or 'this way of asking'}: {DIRECTIONS[one.direction].lower()}{joint}"


def _table(columns: Sequence[Specification]) -> pd.DataFrame:
    heads = {
        "windows": "windows",
        "bars": "what matters",
        "tail": "tail",
        "prints": "prints",
        "series": "series",
        "left_out": "left out",
    }
    return pd.DataFrame(
        [
            {
                **{head: _cell(one, name) for name, head in heads.items()},
                "verdict": DIRECTIONS[one.direction].lower(),
                "joint number": one.joint,
                "agrees": "yes" if one.agrees else "no",
                "as declared": "yes" if one.declared else "no",
            }
            for one in columns
        ]
    )


def _cell(one: Specification, dimension: str) -> str:
    name = str(getattr(one, dimension))
    return choice(dimension, name) if dimension == "left_out" and name else name
