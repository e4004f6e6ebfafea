"""The pencil box of all figures: axes with their units, layers over one frame, labels that keep apart.

Time is drawn as days since 1970 on a plain number line with our own labels: a reader's time zone moves
nothing, and the same bytes come out everywhere.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import ceil, floor, log10
from typing import Any, NamedTuple

import altair as alt
import numpy as np
import numpy.typing as npt
import pandas as pd

from charts.figure import COLUMNS, STAGES, Step
from charts.heads import BESIDE, Side, Wanted, arranged
from charts.layers import fewer
from charts.letters import width_of
from charts.theme import HEAVY, HEIGHT, LINE, SMALL, THIN, Look
from evidence.quantity import signed

EPOCH = date(1970, 1, 1)
ROW = 15
"""Pixels that one line of small text needs."""
LIFT = 4
"""Pixels between the top of a plot and the lowest label on top of it, besides the unit's line."""
HALO = 6
"""Pixels of the page's colour around a label: no line runs into its letters."""
SPARE = 1.08
"""How much more room is kept for later labels than they take in our typeface: others are wider."""
PHONE = 290
"""Pixels of plot on a phone: labels must stand apart there."""
FEW = 6
"""Up to how many values are all said aloud."""
ROOM = "room"
"""The layer that keeps the room of labels which come in later stages."""
Align = Side


def number(day: date | np.datetime64) -> float:
    """A day as a place on the time axis."""
    if isinstance(day, np.datetime64):
        return float(day.astype("datetime64[D]").astype(np.int64))
    return float((day - EPOCH).days)


def numbers(days: npt.NDArray[np.datetime64]) -> npt.NDArray[np.float64]:
    """Days as places on the time axis, (n,)."""
    return days.astype("datetime64[D]").astype(np.int64).astype(np.float64)


def day_of(place: float) -> date:
    """The day at a place on the time axis."""
    return EPOCH + timedelta(days=int(place))


_ESCAPED = str.maketrans({"'": "’", "\\": "\\\\", **dict.fromkeys("\r\u2028\u2029", " ")})


def literal(text: str) -> str:
    """One line of text as a string of Vega's expressions, so that nothing in it is one."""
    return f"'{text.translate(_ESCAPED)}'"


@dataclass(frozen=True)
class Axis:
    """One axis: its ends, its ticks with their labels, and its unit as a title."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    title: str = ""

    def labels(self) -> str:
        """A Vega expression from a tick's value to its label (two lines where it holds a line break)."""

        def quoted(label: str) -> str:
            lines = [literal(line) for line in label.split("\n")]
            return lines[0] if len(lines) == 1 else f"[{','.join(lines)}]"

        tests = "".join(
            f"abs(datum.value-({value:.10g}))<{self._near:.10g}?{quoted(label)}:"
            for value, label in self.ticks
        )
        return f"{tests}''"

    @property
    def _near(self) -> float:
        return (self.high - self.low) / 10000 or 1e-9

    def scale(self) -> alt.Scale:
        """The scale: these ends and no others."""
        return alt.Scale(domain=[self.low, self.high], nice=False, zero=False)

    def axis(self, **more: Any) -> alt.Axis:
        """The axis with our ticks and labels; where labels would touch, some are left out."""
        return alt.Axis(
            values=[value for value, _ in self.ticks],
            labelExpr=self.labels(),
            labelOverlap=True,
            title=self.title or None,
            **more,
        )


def steps(low: float, high: float, most: int = 6) -> list[float]:
    """Round numbers from low to high, at most `most` of them."""
    if high <= low:
        return [low]
    rough = (high - low) / max(most - 1, 1)
    power = 10.0 ** floor(log10(rough))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= rough * 0.999)
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return [round(i * step, 10) for i in range(first, last + 1)]


def plain(value: float, digits: int) -> str:
    """A number for an axis: grouped, with a true minus."""
    text = f"{abs(value):,.{digits}f}"
    return f"−{text}" if value < 0 and any(c in "123456789" for c in text) else text


def decimals(values: Sequence[float]) -> int:
    """How many decimals tell the values apart and name them exactly (three at most)."""
    for digits in range(3):
        if all(abs(round(v, digits) - v) < 1e-9 * max(1.0, abs(v)) for v in values):
            return digits
    return 3


def brief(value: float, unit: str) -> str:
    """A signed amount for a label where room is short: `−665k contracts`, `+0.6 sd`."""
    if unit == "contracts" and abs(value) >= 10000:
        return f"{'−' if value < 0 else '+'}{abs(value) / 1000:,.0f}k contracts"
    return signed(value, unit).replace(" standard deviations", " sd")


_AXIS_UNITS = {
    "USD bn": "$ bn",
    "percent": "%",
    "sd": "standard deviations",
    "correlation": "correlation",
}


def axis_unit(unit: str, size: float) -> tuple[float, str]:
    """(what a value is divided by on the axis, the unit's name there)."""
    if unit == "contracts":
        return (1e6, "million contracts") if size >= 1.5e6 else (1e3, "thousand contracts")
    if unit == "USD bn" and size >= 10000:
        return 1e3, "$ tn"
    return 1.0, _AXIS_UNITS.get(unit, unit)


def amounts(low: float, high: float, unit: str, what: str = "", most: int = 6) -> Axis:
    """An axis of amounts in a unit, with `what` before the unit's name in its title."""
    factor, name = axis_unit(unit, max(abs(low), abs(high)))
    at = steps(low / factor, high / factor, most)
    digits = decimals(at)
    title = f"{what}, {name}" if what else name
    return Axis(low, high, tuple((v * factor, plain(v, digits)) for v in at), title)


def months(first: float, last: float, most: int = 6) -> Axis:
    """A time axis with a tick at starts of months (or years); the year under the first and each January."""
    start, end = day_of(first), day_of(last)
    count = (end.year - start.year) * 12 + end.month - start.month + 1
    ticks: list[tuple[float, str]] = []
    if count > 30:
        span = ceil((end.year - start.year + 1) / most)
        ticks = [
            (number(date(y, 1, 1)), str(y))
            for y in range(start.year, end.year + 1)
            if y % span == 0
        ]
        return Axis(first, last, tuple(t for t in ticks if first <= t[0] <= last))
    if (end - start).days < 50:
        at = [
            date(
                start.year + (start.month - 1 + i // 2) // 12,
                (start.month - 1 + i // 2) % 12 + 1,
                1 if i % 2 == 0 else 15,
            )
            for i in range(2 * count)
        ]
        labels = [f"{day.day} {day:%b}" for day in at]
    else:
        step = next(s for s in (1, 2, 3, 4, 6, 12) if count / s <= most)
        at = [
            date(start.year + m // 12, m % 12 + 1, 1)
            for m in range(start.month - 1, start.month - 1 + count)
            if m % step == 0
        ]
        labels = [f"{day:%b}" for day in at]
    year = None
    for day, label in zip(at, labels, strict=True):
        if first <= number(day) <= last:
            ticks.append((number(day), label + (f"\n{day.year}" if day.year != year else "")))
            year = day.year
    return Axis(first, last, tuple(ticks))


def ends(
    values: Iterable[float], *, share: float = 0.08, zero: bool = False
) -> tuple[float, float]:
    """The lowest and highest value with a little room; nought inside where asked."""
    inside = [v for v in values if np.isfinite(v)] + ([0.0] if zero else [])
    if not inside:
        return 0.0, 1.0
    low, high = min(inside), max(inside)
    room = (high - low) * share or max(abs(high) * 0.05, 1e-6)
    return (low if zero and low == 0 else low - room), (high if zero and high == 0 else high + room)


def spread(wanted: Sequence[float], gaps: Sequence[float], low: float, high: float) -> list[float]:
    """Places for labels as near as may be to the wanted ones, each keeping its gap from its neighbours."""
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    groups: list[tuple[list[int], float, float]] = []  # members, total height, centre
    for i in order:
        group = ([i], gaps[i], wanted[i])
        while groups and groups[-1][2] + groups[-1][1] / 2 > group[2] - group[1] / 2:
            members, height, _ = groups.pop()
            both = members + group[0]
            group = (both, height + group[1], sum(wanted[j] for j in both) / len(both))
        total, centre = group[1], group[2]
        group = (
            group[0],
            total,
            min(max(centre, low + total / 2), max(high - total / 2, low + total / 2)),
        )
        groups.append(group)
    # a group pushed off the floor may have met the next one: settle once more from the top down
    placed = [0.0] * len(wanted)
    ceiling = high
    for members, total, centre in reversed(groups):
        top = min(centre + total / 2, ceiling)
        ceiling = top - total
        for i in reversed(members):
            placed[i] = top - gaps[i] / 2
            top -= gaps[i]
    return placed


class Label(NamedTuple):
    """What stands beside a plot: its place, text, colour and weight.

    stage: when it comes, where not with the drawing around it. name: a first line that comes with the series.
    """

    y: float
    text: str
    colour: str
    bold: bool
    stage: str = ""
    name: str = ""


class Words(NamedTuple):
    """What is said of a picture by one of its stages."""

    title: str
    subtitle: str
    alt: str


@dataclass(frozen=True)
class _Head:
    """A rule with its label on top, drawn once all of them are known; index: above how many layers."""

    name: str
    layer: alt.Chart
    index: int
    at: float
    label: str
    strong: bool
    colour: str
    side: Align | None


@dataclass
class Plot:
    """A picture being drawn: each call adds rows to the frame and, in that order, a layer above the last.

    Vega counts labels outside the plot into its width, so they are never cut off: the plot gives way.
    `stage` says to which stage of a picture that is built up the layers inside it belong.
    """

    look: Look
    x: Axis
    y: Axis
    height: int = HEIGHT
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    layers: list[alt.Chart] = field(default_factory=list)
    stages: dict[str, str] = field(default_factory=dict)
    heads: list[_Head] = field(default_factory=list)
    labelled: list[tuple[float, float]] = field(default_factory=list)
    _stage: str = ""

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Layers drawn inside belong to this stage (`charts.figure.STAGES`)."""
        before, self._stage = self._stage, name
        try:
            yield
        finally:
            self._stage = before

    def steps(self, words: Mapping[str, Words]) -> tuple[Step, ...]:
        """The stages before the last that have layers of their own, each with its words."""
        strange = [name for name, stage in self.stages.items() if stage not in STAGES]
        if strange:
            raise ValueError(f"layers without a stage: {', '.join(strange)}")
        found, drawn = [], set[str]()
        for stage in STAGES[:-1]:
            own = {name for name, given in self.stages.items() if given == stage}
            drawn |= own
            if own - {ROOM}:
                found.append(Step(stage, frozenset(drawn), *words[stage]))
        return tuple(found)

    def marked(self, stage: str) -> list[str]:
        """The labels of the rules that come with a stage."""
        return [head.label for head in self.heads if self.stages[head.name] == stage]

    def said(self) -> str:
        """The series in words: the first, lowest, highest and last of its values, as their tips say them."""
        told = []
        for name in dict.fromkeys(row[0] for row in self.rows if row[7]):
            if self.stages.get(name) != "series":
                continue
            # a bar stands from y to y2, a point on both
            own = [(row[4], row[7]) for row in self.rows if row[0] == name]
            if len(own) <= FEW:
                told.append(f"{'; '.join(tip for _, tip in own)}.")
                continue
            low, high = min(own), max(own)
            told.append(
                f"First: {own[0][1]}. Lowest: {low[1]}. Highest: {high[1]}. Last: {own[-1][1]}."
            )
        return " ".join(told)

    def _layer(self, name: str, rows: Iterable[dict[str, Any]]) -> alt.Chart:
        self.stages[name] = self._stage
        for row in rows:
            x, y = float(row.get("x", 0.0)), float(row.get("y", 0.0))
            self.rows.append(
                (
                    name,
                    x,
                    float(row.get("x2", x)),
                    y,
                    float(row.get("y2", y)),
                    row.get("key", ""),
                    row.get("text", ""),
                    row.get("tip", ""),
                )
            )
        return alt.Chart(alt.NamedData(name="source")).transform_filter(
            f"datum.layer === {literal(name)}"
        )

    def px(self, pixels: float) -> float:
        """Pixels of height in the unit of the y axis."""
        return pixels * (self.y.high - self.y.low) / self.height

    def block(
        self,
        name: str,
        rows: Sequence[dict[str, Any]],
        colour: str,
        *,
        opacity: float = 1.0,
        radius: float = 0,
    ) -> None:
        """Filled rectangles from (x, y) to (x2, y2)."""
        if rows:
            mark = self._layer(name, rows).mark_rect(
                color=colour, opacity=opacity, cornerRadius=radius, aria=False, **_tipped(rows)
            )
            self.layers.append(mark.encode(x2=alt.X2(field="x2"), y2=alt.Y2(field="y2")))

    def band(self, name: str, first: float, last: float, colour: str) -> None:
        """A band over the whole height."""
        rows = [{"x": first, "x2": last, "y": self.y.low, "y2": self.y.high}]
        self.block(name, rows, colour)

    def area(
        self,
        name: str,
        x: npt.NDArray[np.float64],
        low: npt.NDArray[np.float64],
        high: npt.NDArray[np.float64],
        colour: str,
        opacity: float = 1.0,
    ) -> None:
        """A ribbon between two curves."""
        rows = [{"x": a, "y": b, "y2": c} for a, b, c in zip(x, low, high, strict=True)]
        if rows:
            self.layers.append(
                self._layer(name, rows)
                .mark_area(color=colour, opacity=opacity, line=False, aria=False)
                .encode(y2=alt.Y2(field="y2"))
            )

    def line(
        self,
        name: str,
        x: Iterable[float],
        y: Iterable[float],
        colour: str,
        *,
        width: float = LINE,
        dash: Sequence[float] | None = None,
        key: str = "",
        opacity: float = 1.0,
    ) -> None:
        """One line. Lines of the same look may share a layer: see `lines`."""
        self.lines(name, [(key, x, y)], colour, width=width, dash=dash, opacity=opacity)

    def lines(
        self,
        name: str,
        each: Iterable[tuple[str, Iterable[float], Iterable[float]]],
        colour: str,
        *,
        width: float = LINE,
        dash: Sequence[float] | None = None,
        opacity: float = 1.0,
    ) -> None:
        """Several lines of one look, told apart by key."""
        rows = [
            {"x": a, "y": b, "key": key} for key, x, y in each for a, b in zip(x, y, strict=True)
        ]
        if rows:
            style: dict[str, Any] = {"strokeDash": list(dash)} if dash else {}
            mark = self._layer(name, rows).mark_line(
                color=colour,
                strokeWidth=width,
                strokeJoin="round",
                strokeCap="butt" if dash else "round",
                opacity=opacity,
                aria=False,
                **style,
            )
            self.layers.append(mark.encode(detail=alt.Detail(field="key", type="nominal")))

    def rules(
        self,
        name: str,
        rows: Sequence[dict[str, Any]],
        colour: str,
        *,
        width: float = THIN,
        dash: Sequence[float] | None = None,
    ) -> None:
        """Straight lines from (x, y) to (x2, y2)."""
        if rows:
            style: dict[str, Any] = {"strokeDash": list(dash)} if dash else {}
            self.layers.append(
                self._layer(name, rows)
                .mark_rule(color=colour, strokeWidth=width, aria=False, **style)
                .encode(x2=alt.X2(field="x2"), y2=alt.Y2(field="y2"))
            )

    def dots(
        self,
        name: str,
        rows: Sequence[dict[str, Any]],
        colour: str,
        *,
        size: float = 30,
        opacity: float = 1.0,
        hollow: bool = False,
        halo: bool = False,
    ) -> None:
        """Filled (or hollow) circles."""
        if not rows:
            return
        style: dict[str, Any] = {"opacity": opacity, "size": size}
        if hollow:
            style |= {"fill": self.look.page, "stroke": colour, "strokeWidth": 1.5}
        elif halo:
            style |= {"fill": colour, "stroke": self.look.page, "strokeWidth": 1.5}
        else:
            style |= {"filled": True, "color": colour}
        self.layers.append(self._layer(name, rows).mark_point(aria=False, **style, **_tipped(rows)))

    def hover(self, name: str, x: Iterable[float], y: Iterable[float], tips: Iterable[str]) -> None:
        """Unseen dots that say a value under the pointer."""
        rows = [{"x": a, "y": b, "tip": t} for a, b, t in zip(x, y, tips, strict=True)]
        self.dots(name, rows, self.look.ink, size=90, opacity=0.0)

    def shapes(self, name: str, rows: Sequence[dict[str, Any]], colour: str, size: float) -> None:
        """Shapes of verdicts, set as type of a size in pixels, each centred on its place."""
        if rows:
            mark = self._layer(name, rows).mark_text(
                color=colour,
                fontSize=size,
                fontWeight=600,
                baseline="middle",
                aria=False,
                **_tipped(rows),
            )
            self.layers.append(mark.encode(text=alt.Text(field="text", type="nominal")))

    def text(
        self,
        name: str,
        rows: Sequence[dict[str, Any]],
        colour: str,
        *,
        align: Align = "left",
        dx: float = 0,
        dy: float = 0,
        bold: bool = False,
        halo: bool = True,
    ) -> None:
        """Labels; `halo` keeps them readable over lines.

        Their height and weight go with the rows, so that labels which differ in no more share a layer. y2 keeps the
        place that a label speaks of.
        """
        if not rows:
            return
        key = "600" if bold else "400"
        layer = self._layer(
            name,
            [{**row, "y": row["y"] - self.px(dy), "y2": row["y"], "key": key} for row in rows],
        )
        if align == "left":
            self.labelled += [(row["x"], dx + width_of(row["text"])) for row in rows]
        style: dict[str, Any] = {
            "align": align,
            "dx": dx,
            "baseline": "middle",
            "fontSize": SMALL,
            "fontWeight": alt.ExprRef(expr="datum.key"),
            "lineBreak": "\n",
            "aria": False,
        }
        if halo:
            self.layers.append(
                layer.mark_text(
                    color=self.look.page,
                    stroke=self.look.page,
                    strokeWidth=HALO,
                    strokeJoin="round",
                    **style,
                ).encode(text=alt.Text(field="text", type="nominal"))
            )
        self.layers.append(
            layer.mark_text(color=colour, **style).encode(
                text=alt.Text(field="text", type="nominal")
            )
        )

    def event(
        self,
        name: str,
        at: float,
        label: str,
        *,
        strong: bool = True,
        foot: float | None = None,
        align: Align | None = None,
        colour: str = "",
    ) -> None:
        """A thin vertical rule with its name on top; it ends at `foot`. Names that would touch stand in rows."""
        if not self.x.low <= at <= self.x.high:
            return
        bottom = self.y.low if foot is None else foot
        layer = self._layer(name, [{"x": at, "y": bottom, "y2": self.y.high, "text": label}])
        colour = colour or (self.look.ink if strong else self.look.soft)
        head = _Head(name, layer, len(self.layers), at, label, strong, colour, align)
        self.heads.append(head)

    def events(self, each: Sequence[tuple[str, float, str, bool]]) -> None:
        """Several rules: (name, place, label, strong)."""
        for name, at, label, strong in each:
            self.event(name, at, label, strong=strong)

    def _tops(self) -> tuple[list[float], list[Side], float]:
        """Of each label on top its foot in pixels and its side, and where the unit's name stands."""
        whole = (self.x.high - self.x.low) or 1.0
        # labels beside the plot take room from it on a phone; those on top may stand above them
        wide = PHONE - max((px for at, px in self.labelled if at == self.x.high), default=0.0)
        wanted = [
            Wanted((head.at - self.x.low) / whole * wide, width_of(head.label), head.side)
            for head in self.heads
        ]
        placed = arranged(wanted, PHONE)
        sides = [place.side for place in placed]
        end = width_of(self.y.title) + LIFT if self.y.title else 0.0
        over = any(label.at < end for label in wanted)
        spans = zip(wanted, placed, strict=True)
        beside = any(p.row == 0 and w.span(p.side)[0] < end for w, p in spans)
        lift = LIFT + (ROW if beside and not over else 0)
        feet = [-lift - ROW * float(place.row) for place in placed]
        # a rule would run through the unit: then it stands over all labels
        return feet, sides, min(feet) - ROW - 2 if over else -5.0

    def _headed(self, feet: Sequence[float], sides: Sequence[Side]) -> list[alt.Chart]:
        """All layers, with the rules and labels on top among them."""
        layers = list(self.layers)
        for head, foot, side in reversed(list(zip(self.heads, feet, sides, strict=True))):
            style: dict[str, Any] = {} if head.strong else {"strokeDash": [2, 3]}
            rule = head.layer.mark_rule(color=head.colour, strokeWidth=THIN, aria=False, **style)
            label = head.layer.mark_text(
                align=side,
                dx={"left": BESIDE, "center": 0.0, "right": -BESIDE}[side],
                baseline="bottom",
                fontSize=SMALL,
                fontWeight=600 if head.strong else 400,
                color=head.colour,
                aria=False,
            )
            # `alt.value` would have Altair check each against the whole schema, which takes longer than the rest
            ends_ = alt.Y2Value(foot + 1), alt.YValue(foot)  # type: ignore[no-untyped-call]
            layers[head.index : head.index] = [
                rule.encode(y2=ends_[0]),
                label.encode(text=alt.Text(field="text", type="nominal"), y=ends_[1]),
            ]
        return layers

    def beside(
        self,
        name: str,
        at: float,
        labels: Sequence[tuple[float, str, str, bool] | Label],
        *,
        dx: float = 8,
    ) -> None:
        """Labels to the right of a place, moved apart where they would touch."""
        every = [Label(*label) for label in labels]
        lines = [f"{label.name}\n{label.text}".strip().count("\n") for label in every]
        gaps = [self.px(ROW * (count + 1) + 2) for count in lines]
        placed = spread([label.y for label in every], gaps, self.y.low, self.y.high)
        for i, (label, y, count) in enumerate(zip(every, placed, lines, strict=True)):
            top = -count * ROW / 2
            if label.name:
                with self.stage("series"):
                    row = {"x": at, "y": y, "text": label.name}
                    self.text(f"{name}{i}-name", [row], label.colour, dx=dx, dy=top, bold=True)
                top += ROW
            with self.stage(label.stage or self._stage):
                row = {"x": at, "y": y, "text": label.text}
                self.text(f"{name}{i}", [row], label.colour, dx=dx, dy=top, bold=label.bold)

    def spec(self, description: str) -> dict[str, Any]:
        """The Vega-Lite spec, without data. Checking it takes longer than drawing it: the tests do."""
        feet, sides, unit = self._tops()
        if any(self.stages.values()):
            self._room(feet, sides)
        # one constructor: each of Altair's chained calls would copy the whole chart once more
        chart = alt.LayerChart(
            data=alt.NamedData(name="source"),
            layer=self._headed(feet, sides),
            encoding={
                "x": alt.X(
                    field="x",
                    type="quantitative",
                    scale=self.x.scale(),
                    axis=self.x.axis(titlePadding=8, labelFlush=False),
                ),
                "y": alt.Y(
                    field="y",
                    type="quantitative",
                    scale=self.y.scale(),
                    axis=self.y.axis(
                        titleAngle=0,
                        titleAlign="left",
                        titleAnchor="end",
                        titleBaseline="bottom",
                        titleX=0,
                        titleY=unit,
                    ),
                ),
            },
            width="container",
            height=self.height,
            description=description,
            autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
            padding={"left": 2, "right": 6, "top": 4, "bottom": 4},
            config=self.look.config(),
        )
        spec: dict[str, Any] = chart.to_dict(validate=False)
        for layer in spec["layer"]:
            layer.pop("data", None)
        spec["layer"] = fewer(spec["layer"])
        spec["data"] = {"name": "source"}
        return spec

    def _room(self, feet: Sequence[float], sides: Sequence[Side]) -> None:
        """Unseen lines as long as the labels: what comes in a later stage has its room from the first one on."""
        x, y = self.x.high, self.y.high
        # Vega counts a label with its halo, and rules that end at the edge with their width
        reaches = [(at, SPARE * wide + HALO) for at, wide in self.labelled]
        for head, side in zip(self.heads, sides, strict=True):
            share = {"left": 1.0, "center": 0.5, "right": 0.0}[side]
            reaches.append((head.at, SPARE * share * width_of(head.label)))
        rows = [{"x": at, "y": y, "key": f"{wide:.0f} 0"} for at, wide in reaches]
        top = max((ROW - foot for foot in feet), default=0.0)
        rows.append({"x": x, "y": y, "key": f"{THIN + HEAVY:.0f} {top:.0f}"})
        with self.stage("series"):
            layer = self._layer(ROOM, rows)
        ends_: dict[str, Any] = {
            f"{axis}2Offset": alt.ExprRef(expr=f"{sign}toNumber(split(datum.key,' ')[{i}])")
            for i, (axis, sign) in enumerate((("x", ""), ("y", "-")))
        }
        rule = layer.mark_rule(opacity=0, aria=False, **ends_)
        self.layers.append(rule.encode(x2=alt.X2(field="x2"), y2=alt.Y2(field="y2")))

    def frame(self) -> pd.DataFrame:
        """All rows, in the order drawn."""
        frame = pd.DataFrame(self.rows, columns=list(COLUMNS))
        return frame.astype(
            {
                "x": float,
                "x2": float,
                "y": float,
                "y2": float,
                "layer": str,
                "key": str,
                "text": str,
                "tip": str,
            }
        )


def _tipped(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {"tooltip": alt.ExprRef(expr="datum.tip")} if any(row.get("tip") for row in rows) else {}
