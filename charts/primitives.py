"""A figure's own layers and axes as rows of marks that all pictures share (`charts.marks`).

Exports keep the figure's own spec: there nothing is waited for, and others can read and change it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa

from charts import marks
from charts.letters import width_of
from charts.marks import PLAIN, Row

Layer = Mapping[str, Any]
Placed = tuple[str, Row]
"""The name of its mark, and the row."""

OWN = ("x", "x2", "y", "y2")
WHOLE: Row = {"x": 0.0, "y": 0.0, "x2": 1.0, "y2": 1.0}
SETS = {"rect": "blocks", "area": "areas", "line": "lines", "point": "dots", "text": "labels"}
"""The marks that rows of a layer become; for rules and what is unseen see `_mark`."""
_NAMED = re.compile(r"datum\.layer === '([^']*)'")
_TICK = re.compile(r"\?(\[[^\]]*\]|'[^']*'):")
_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'")
_REACH = {
    "x2Offset": "toNumber(split(datum.key,' ')[0])",
    "y2Offset": "-toNumber(split(datum.key,' ')[1])",
}
"""The two ends of the unseen rules that keep room for labels (`charts.drawing.ROOM`)."""
LABEL, TICK = 4, 4
"""Pixels between an axis and its labels, and of a tick."""
DASH = (10, 1)
"""What the pixels drawn and those left out count in a row: one digit each (`charts.marks.PLAIN`)."""
LEADING, APART = 15, 4
"""Pixels of a line of a label, and between two labels of an axis."""


class Foreign(Exception):
    """The figure has something that no row can say: it is shown by its own spec."""


class Drawn(NamedTuple):
    """What a page shows of a figure: a spec, and by name the data sets that its layers draw, as Arrow streams."""

    spec: dict[str, Any]
    sets: dict[str, bytes]

    @property
    def whole(self) -> dict[str, Any]:
        """Both in one, as `st.vega_lite_chart` takes them."""
        return {**self.spec, "datasets": self.sets}


def drawn(spec: Mapping[str, Any], frame: pd.DataFrame, alt: str) -> Drawn:
    """A figure's own spec and frame in marks that all pictures share; as they are where that cannot be done.

    alt: what is read aloud in place of the picture.
    """
    try:
        rows = [*_rows(spec, frame), ("said", {**PLAIN, **WHOLE, "text": alt})]
    except Foreign:
        table = pa.Table.from_pandas(frame, preserve_index=False)
        return Drawn({**spec, "description": alt}, {"source": marks.stream(table)})
    return Drawn(marks.spec(spec), marks.sets(rows))


def _rows(spec: Mapping[str, Any], frame: pd.DataFrame) -> Iterator[Placed]:
    """All rows of a figure, from the lowest up."""
    for known in spec:
        if known not in _KNOWN:
            raise Foreign(known)
    square = _Square(spec)
    yield from square.axes()
    held: dict[str, list[Row]] = {}
    # column by column: pandas takes longer to make the same of each row
    names = [str(name) for name in frame.columns]
    for one in zip(*(frame[name].tolist() for name in names), strict=True):
        row = dict(zip(names, one, strict=True))
        held.setdefault(row["layer"], []).append(row)
    halos: dict[str, Row] = {}
    kinds = [layer["mark"]["type"] for layer in spec["layer"]]
    for at, layer in enumerate(spec["layer"]):
        drawn = _NAMED.findall(layer["transform"][0]["filter"])
        look = _look(layer)
        if "halo" in look and kinds[at] == "text":
            halo = {"halo": look["halo"], "edge": look["edge"]}
            halos |= dict.fromkeys(drawn, halo)
            continue
        to = _mark(layer, kinds, at)
        for name in drawn:
            halo = halos.get(name, {})
            for row in held.get(name, []):
                own = square.placed({**PLAIN, **look, **halo}, layer, row)
                yield to, own
                if halo:
                    yield "halos", own


_KNOWN = ("$schema", "autosize", "config", "data", "description", "encoding", "height", "layer", "padding", "width")  # fmt: skip


def _mark(layer: Layer, kinds: Sequence[str], at: int) -> str:
    """Which mark a layer becomes. Rules lie under what comes after them, as far as that goes."""
    kind, unseen = kinds[at], layer["mark"].get("opacity") == 0
    if kind == "rect" and "area" in kinds[at:]:
        if "tooltip" in layer["mark"]:
            raise Foreign("a block under an area that answers the pointer")
        return "floors"
    if kind == "point" and unseen:
        return "hovers"
    if kind in SETS:
        return SETS[kind]
    if unseen:
        return "room"
    if "rect" not in kinds[:at]:
        return "ground"
    return "under" if "line" in kinds[at:] else "over"


_STYLES: Mapping[str, Mapping[str, str]] = {
    "rule": {"color": "ink", "opacity": "opacity", "strokeWidth": "size", "strokeDash": "dash", "x2Offset": "reach", "y2Offset": "reach"},
    "line": {"color": "ink", "opacity": "opacity", "strokeWidth": "size", "strokeDash": "dash", "strokeCap": "", "strokeJoin": ""},
    "area": {"color": "ink", "opacity": "opacity", "line": ""},
    "rect": {"color": "ink", "opacity": "opacity", "cornerRadius": "round", "tooltip": "tip"},
    "point": {"color": "ink", "fill": "ink", "filled": "", "stroke": "edge", "strokeWidth": "halo", "opacity": "opacity", "size": "size", "tooltip": "tip"},
    "text": {"color": "ink", "stroke": "edge", "strokeWidth": "halo", "strokeJoin": "", "align": "align", "baseline": "baseline", "dx": "dx",
             "fontSize": "size", "fontWeight": "weight", "lineBreak": "", "tooltip": "tip"},
}  # fmt: skip
"""What each property of a mark of `charts.drawing` is in a row; nothing where it is the same for all."""


def _look(layer: Layer) -> Row:
    """What all rows of a layer look like."""
    mark = layer["mark"]
    known = _STYLES[mark["type"]]
    found: Row = {}
    for name, value in mark.items():
        if name not in known and name not in ("type", "aria"):
            raise Foreign(name)
        if to := known.get(name):
            found[to] = _style(name, to, value)
    found.pop("reach", None)
    cover = round(255 * found.pop("opacity", 1))
    if cover < 255 and "ink" in found:
        found["ink"] += f"{cover:02x}"
    return found


_EXPRESSIONS: Mapping[str, str] = {**_REACH, "tooltip": "datum.tip", "fontWeight": "datum.key"}
"""The expressions that a property may be; each is worked out for a row (`_Square.placed`)."""


def _style(name: str, to: str, value: Any) -> Any:
    """A property of a mark as it is in a row."""
    if isinstance(value, dict):
        if value != {"expr": _EXPRESSIONS.get(name)}:
            raise Foreign(name)
        return to == "tip"
    if to == "dash":
        if len(value) != len(DASH) or any(part not in range(10) for part in value):
            raise Foreign(name)
        return float(sum(part * unit for part, unit in zip(value, DASH, strict=True)))
    if to == "round" and value:
        raise Foreign(name)
    return str(value) if to == "weight" else value


class _Square:
    """The unit square that a figure's plot becomes."""

    def __init__(self, spec: Mapping[str, Any]) -> None:
        self.height = float(spec["height"])
        self.axis = {name: spec["encoding"][name]["axis"] for name in ("x", "y")}
        domains = {name: spec["encoding"][name]["scale"]["domain"] for name in ("x", "y")}
        self.low = {name: float(low) for name, (low, _) in domains.items()}
        self.span = {name: float(high) - float(low) for name, (low, high) in domains.items()}
        axis = spec["config"]["axis"]
        self.grid, self.faint, self.soft = (
            axis["gridColor"],
            axis["domainColor"],
            axis["labelColor"],
        )
        self.type = float(axis["labelFontSize"])

    def unit(self, axis: str, value: float) -> float:
        """A value as a part of its axis; in the middle where the axis is a single value, as Vega has it."""
        span = self.span[axis]
        return (float(value) - self.low[axis]) / span if span else 0.5

    def down(self, pixels: float) -> float:
        """A place so many pixels below the top."""
        return 1 - pixels / self.height

    def placed(self, own: Row, layer: Layer, row: Row) -> Row:
        """A row of the frame in its layer's look."""
        encoding, kind = layer.get("encoding", {}), layer["mark"]["type"]
        for name in OWN:
            own[name] = self.unit(name[0], row[name])
        for name in ("y", "y2"):
            if "value" in encoding.get(name, {}):
                own[name] = self.down(float(encoding[name]["value"]))
        if "x2" not in encoding:
            own["x2"] = own["x"]
        own["group"] = f"{row['layer']} {row['key']}" if kind in ("line", "area") else ""
        own["tip"] = row["tip"] if own["tip"] else ""
        if kind == "text":
            own["text"] = row["text"]
            own["weight"] = own["weight"] or row["key"]
        if "x2Offset" in layer["mark"]:
            right, up = row["key"].split(" ")
            own |= {"dx": float(right), "y2": own["y2"] + float(up) / self.height}
        return own

    def axes(self) -> Iterator[Placed]:
        """Grid, line, ticks, labels and titles as rows."""
        if self.axis["y"]:
            yield from self._side(self.axis["y"])
        if self.axis["x"]:
            yield from self._foot(self.axis["x"])

    def _side(self, axis: Mapping[str, Any]) -> Iterator[Placed]:
        for value, label in _ticks(axis):
            at = self.unit("y", value)
            if axis.get("grid", True):
                # on a whole pixel a line is sharp
                line = self.down(round((1 - at) * self.height) + 0.5)
                yield self._rule(0, line, 1, line, self.grid)
            ink = axis.get("labelColor", self.soft)
            yield self._label(0, at, label, dx=-LABEL, align="right", ink=ink)
        if axis.get("title"):
            at = self.down(axis["titleY"])
            yield self._label(0, at, axis["title"], align="left", baseline="bottom")

    def _foot(self, axis: Mapping[str, Any]) -> Iterator[Placed]:
        line, tick = self.down(self.height + 0.5), self.down(self.height + TICK)
        below = self.down(self.height + TICK + LABEL)
        if axis.get("domain", True):
            yield self._rule(0, line, 1, line, self.faint)
        ticks = [(self.unit("x", value), label) for value, label in _ticks(axis)]
        for (at, label), room in zip(ticks, _rooms(ticks), strict=True):
            if axis.get("ticks", True):
                yield self._rule(at, line, at, tick, self.faint)
            yield self._label(at, below, label, baseline="top", narrow=room)
        if axis.get("title"):
            lines = max((label.count("\n") + 1 for _, label in ticks), default=0)
            under = TICK + LABEL + self.type + LEADING * (lines - 1) + axis["titlePadding"]
            at = self.down(self.height + under)
            yield self._label(0.5, at, axis["title"], baseline="top")

    def _rule(self, x: float, y: float, x2: float, y2: float, ink: str) -> Placed:
        return "ground", {**PLAIN, "x": x, "y": y, "x2": x2, "y2": y2, "ink": ink}

    def _label(self, x: float, y: float, text: str, **look: Any) -> Placed:
        own = {"x": x, "y": y, "text": text, "ink": self.soft, "size": self.type}
        return "labels", {**PLAIN, **own, **look}


def _ticks(axis: Mapping[str, Any]) -> Iterator[tuple[float, str]]:
    """The ticks of an axis of `charts.drawing.Axis`: the labels stand in its expression in their order."""
    labels = _TICK.findall(axis["labelExpr"])
    for value, label in zip(axis["values"], labels, strict=True):
        yield value, "\n".join(_plain(line) for line in _QUOTED.findall(label))


def _plain(quoted: str) -> str:
    return quoted.replace("\\\\", "\\")


def _rooms(ticks: Sequence[tuple[float, str]]) -> list[float]:
    """Pixels of plot from which each label is shown: where they would touch every second one goes, as on Vega's axes."""
    wide = [width_of(label) for _, label in ticks]
    needs: list[float] = []
    step = 1
    while step < max(len(ticks), 2):
        kept = range(0, len(ticks), step)
        needs.append(max((_need(ticks, wide, i, j) for i, j in pairwise(kept)), default=0.0))
        step *= 2
    needs.append(0.0)
    return [min(needs[: _halvings(i, len(needs)) + 1]) for i in range(len(ticks))]


def _need(ticks: Sequence[tuple[float, str]], wide: Sequence[float], i: int, j: int) -> float:
    return ((wide[i] + wide[j]) / 2 + APART) / (ticks[j][0] - ticks[i][0])


def _halvings(i: int, most: int) -> int:
    """How often a label may be looked at before it is left out."""
    return most if i == 0 else (i & -i).bit_length() - 1
