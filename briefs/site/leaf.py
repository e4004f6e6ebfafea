"""One page being written: its links, its pictures and the files that go with it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from math import isnan

import pandas as pd

from briefs.address import Address
from briefs.site.drawing import NARROW, WIDE, Drawing, drawing
from briefs.site.links import Links
from briefs.site.markup import Content, Markup, folded, tag, text
from charts.figure import Figure

MOST_ROWS = 40
"""Rows of a table that stand in the page; the file beside it has them all."""
DATA = "data"


@dataclass
class Leaf:
    """A page of the site.

    days: whose days it can show (a story's, or `board`); turns: those that its slider names, if it has one.
    files: the tables that its pictures offer, by path.
    """

    path: str
    place: str
    title: str
    description: str = ""
    days: str = ""
    turns: tuple[tuple[date, str], ...] = ()
    files: dict[str, str] = field(default_factory=dict)
    _ids: int = 0

    @property
    def links(self) -> Links:
        """The links of this page."""
        return Links(self.path)

    def link(self, words: Content, to: Address, **attributes: str) -> Markup:
        """A link to a place of the site."""
        return tag("a", words, href=self.links.to(to), **attributes)

    def figure(self, figure: Figure, *, bare: bool = False) -> Markup:
        """A picture with all that belongs to it; `bare` where the words around it say the rest."""
        drawn = tag("div", self._drawn(figure), class_="drawn")
        if bare:
            return tag("figure", drawn, class_="chart")
        caption = [tag("strong", figure.title, class_="headline")]
        if figure.subtitle:
            caption.append(tag("span", figure.subtitle, class_="subtitle"))
        return tag(
            "figure",
            tag("figcaption", caption),
            drawn,
            tag("p", f"Source: {figure.source}", class_="source"),
            self._table(figure),
            class_="chart",
            data_picture=figure.key.removesuffix(f"-{figure.stage}"),
        )

    def row(self, figures: Sequence[Figure]) -> Markup:
        """Pictures side by side, where there is room."""
        drawn = [self.figure(figure) for figure in figures]
        return drawn[0] if len(drawn) == 1 else tag("div", drawn, class_=f"side of-{len(drawn)}")

    def _drawn(self, figure: Figure) -> Markup:
        """The picture for two widths, and what a pointer asks for."""
        wide, narrow = drawing(figure, WIDE), drawing(figure, NARROW)
        found = [self._own(wide, "wide"), self._own(narrow, "narrow")]
        if wide.tips:
            rows = [
                [a.x, a.y, b.x, b.y, a.says] for a, b in zip(wide.tips, narrow.tips, strict=True)
            ]
            found.append(data("tips", rows))
        return text(found)

    def _own(self, drawn: Drawing, width: str) -> Markup:
        """The SVG under names that are its own on this page."""
        self._ids += 1
        made = drawn.svg
        for name in ("title", "desc"):
            start = made.index(f'id="{name}-') + 4
            old = made[start : made.index('"', start)]
            made = made.replace(f'"{old}"', f'"{name}-{self._ids}"')
        return Markup(made.replace("<svg ", f'<svg class="{width}" ', 1))

    def _table(self, figure: Figure) -> Markup:
        name = f"{DATA}/{_slug(figure.key)}.csv"
        self.files[name] = figure.table.to_csv(index=False, lineterminator="\n")
        rows = len(figure.table)
        cut = figure.table.tail(MOST_ROWS)
        more = (
            tag(
                "p",
                f"The last {len(cut)} of {rows:,} rows. The file has all of them.",
                class_="small",
            )
            if rows > len(cut)
            else None
        )
        csv = tag("a", "Download this table (CSV)", href=self.links.file(name), download=True)
        return folded("The data behind this chart", more, table(cut, figure.title), tag("p", csv))


def table(frame: pd.DataFrame, caption: str) -> Markup:
    """A data frame as a table that scrolls in its own frame where it is too wide."""
    heads = tag("tr", [tag("th", str(name), scope="col") for name in frame.columns])
    rows = [
        tag("tr", [tag("td", _cell(value)) for value in row])
        for row in frame.itertuples(index=False, name=None)
    ]
    return scrolled(
        tag(
            "table",
            tag("caption", caption, class_="unseen"),
            tag("thead", heads),
            tag("tbody", rows),
            class_="data",
        ),
        caption,
    )


def scrolled(content: Content, name: str) -> Markup:
    """A frame of its own for what may be wider than a phone; it can be reached and moved with the keyboard."""
    return tag("div", content, class_="scrolled", tabindex="0", role="region", aria_label=name)


def data(kind: str, value: object) -> Markup:
    """Values for the page's script. `<` is written so that no text can end the element."""
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return Markup(f'<script type="application/json" class="{escape(kind)}">{written}</script>')


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "" if isnan(value) else f"{value:,.6g}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _slug(name: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in name).strip("-").lower()
