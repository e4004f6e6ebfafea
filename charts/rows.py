"""Plots whose rows carry a title of their own: one line where there is room, two on a phone."""

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

import altair as alt

from charts.drawing import Plot
from charts.theme import SMALL

LINE = 16
"""Pixels of a line of text."""
ASIDE = 46
"""Characters of a title on one line of a phone."""


def lines(title: str) -> int:
    """How many lines a title takes on a phone."""
    return len(wrap(title, ASIDE))


class Rows(Plot):
    """A plot without an axis at the side: its rows say themselves what they are."""

    def titles(self, name: str, rows: Sequence[dict[str, Any]], *, bold: bool = False) -> None:
        """Titles (x, y, text) whose last line stands on y, with a halo over what is drawn below."""
        if not rows:
            return
        broken = [{**row, "key": "\n".join(wrap(str(row["text"]), ASIDE))} for row in rows]
        longest = max(len(str(row["text"])) for row in rows)
        fits = f"width>={longest * SMALL * 0.56:.4g}"
        style: dict[str, Any] = {
            "text": alt.ExprRef(expr=f"{fits}?datum.text:datum.key"),
            # a text of two lines hangs from its first: lifted, its last line stands where one line would
            "dy": alt.ExprRef(expr=f"{fits}?0:{-LINE}*(length(split(datum.key,'\\n'))-1)"),
            "align": "left",
            "baseline": "line-bottom",
            "fontSize": SMALL,
            "fontWeight": 600 if bold else 400,
            "lineBreak": "\n",
            "lineHeight": LINE,
            "aria": False,
        }
        layer, page = self._layer(name, broken), self.look.page
        halo: dict[str, Any] = {
            "color": page,
            "stroke": page,
            "strokeWidth": 4,
            "strokeJoin": "round",
        }
        self.layers.append(layer.mark_text(**halo, **style))
        self.layers.append(layer.mark_text(color=self.look.ink, **style))

    def spec(self, description: str) -> dict[str, Any]:
        """The spec without the axis at the side."""
        found = super().spec(description)
        found["encoding"]["y"]["axis"] = None
        return found
