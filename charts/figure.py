"""A Figure: one picture with all that goes with it, drawn once and shown anywhere.

The spec holds no data: one tidy frame goes beside it, inlined by `full_spec` for an export. A page shows both in another
form, as `st.vega_lite_chart(None, figure.drawn.whole)`. Its columns are the same for every figure (`COLUMNS`), so that
one data set feeds all layers: a layer draws the rows that carry its name.
"""

import hashlib
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd
from pydantic import BaseModel

from charts.primitives import Drawn, drawn
from evidence import calendar
from evidence.days import day
from evidence.observations import View

COLUMNS = ("layer", "x", "x2", "y", "y2", "key", "text", "tip")
"""layer: which marks draw the row. x, x2, y, y2: places (days since 1970 where the axis is time).
key: what the row belongs to. text: a label. tip: what shows under the pointer."""
STAGES = ("series", "event", "range", "verdict")
"""In which order a picture may be built up: the series, the event with its window, what is usual (or what
the claim says), and what was seen of it. `charts.stages` shows them one by one."""


@dataclass(frozen=True)
class Step:
    """A figure by one of its stages: the layers that are drawn by then, and the words that fit them."""

    stage: str
    layers: frozenset[str]
    title: str
    subtitle: str
    alt: str


@dataclass(frozen=True, eq=False)
class Figure:
    """A picture: `spec` (Vega-Lite without data) and `frame`, and its words.

    title states what is seen, subtitle what is drawn and in which units. alt says it all with its
    numbers. table is what a reader downloads. source names publishers and the last day of the data.
    steps: the stages before the whole, for pictures that are built up. stage: how far this one is.
    """

    key: str
    spec: dict[str, Any]
    frame: pd.DataFrame
    title: str
    subtitle: str
    alt: str
    table: pd.DataFrame
    source: str
    steps: tuple[Step, ...] = ()
    stage: str = "verdict"

    @cached_property
    def drawn(self) -> Drawn:
        """What a page shows, made once for all who look."""
        return drawn(self.spec, self.frame, self.alt)

    def full_spec(self, width: int | None = None, sans: str | None = None) -> dict[str, Any]:
        """The spec with its data inside, at a fixed width and in another typeface where they are given."""
        spec = deepcopy(self.spec)
        if sans is not None:
            spec["config"] = _in_face(spec["config"], sans)
        spec["data"] = {"name": "source", "values": self.frame.to_dict(orient="records")}
        if width is not None:
            spec["width"] = width
        return spec


def _in_face(config: dict[str, Any], sans: str) -> dict[str, Any]:
    """A config with every typeface exchanged for one."""
    return {
        name: _in_face(value, sans)
        if isinstance(value, dict)
        else (sans if name.lower().endswith("font") else value)
        for name, value in config.items()
    }


def key(*parts: object) -> str:
    """A name for a figure from all that it is made of: traces and tests by their content."""
    text = "|".join(
        part.model_dump_json() if isinstance(part, BaseModel) else str(part) for part in parts
    )
    return f"{parts[0]}-{hashlib.sha256(text.encode()).hexdigest()[:24]}"


def source_line(view: View, series: Sequence[str]) -> str:
    """Publishers' citations of some series, and the last release of any of them in the view."""
    held = [name for name in dict.fromkeys(series) if view.held(name) and len(view.series(name))]
    if not held:
        return "No data by then."
    citations = dict.fromkeys(view.catalogue.series[name].citation for name in held)
    last = calendar.new_york_day(max(int(view.series(name).known.max()) for name in held))
    return f"{'; '.join(citations)}. As released by {day(last)}."
