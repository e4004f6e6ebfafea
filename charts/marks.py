"""The marks that all pictures share: one spec, whose rows say how they look.

A browser compiles a spec and builds the picture anew where it differs from the one before, and only exchanges the rows
where it does not; that takes a third of the time. So what a page shows is not a figure's own spec, with a layer for
every look and an axis for every unit, but a few kinds of marks over the unit square, each with a data set of its own.
Each row brings its own look. What is said of a row is worked out for each row again whenever the plot gets another
width, so no mark says more than it has to. Which figure has which rows: `charts.primitives`.
"""

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import pyarrow as pa

Row = dict[str, Any]

STANDS_FOR = "A chart; what it shows is said inside it."
"""The label of every picture. Its own words are the label of a mark over the whole plot (`said`): as the spec's description
they would make each spec another one."""
PLAIN: Row = {
    "size": 1.0,
    "dash": 0.0,
    "dx": 0.0,
    "halo": 0.0,
    "narrow": 0.0,
    "group": "",
    "ink": "",
    "edge": "",
    "text": "",
    "tip": "",
    "align": "center",
    "baseline": "middle",
    "weight": "400",
}
"""What a row looks like where it does not say.

ink: its colour, with how much it covers (`#rrggbbaa`). edge, halo: colour and pixels of an outline. size: pixels of a line's width, of
type, or of a dot's area. dash: pixels drawn and left out, as 10 × the one + the other. dx: pixels to the right of its place, for a
rule of its second end. narrow: pixels of the plot under which a text is left out. group: rows of one line.
"""


def _of(name: str) -> Row:
    return {"expr": f"datum.{name}"}


_ENDS = {"x2": {"field": "x2"}, "y2": {"field": "y2"}}
_GROUPED = {"detail": {"field": "group", "type": "nominal"}}
_TIPPED = {"tooltip": {"expr": "datum.tip || null"}}
# an unseen row is no mistake here, and looking for one is a filter for each layer
_ALL = {"invalid": "show"}
_DASHED = {
    "stroke": _of("ink"),
    "strokeWidth": _of("size"),
    "strokeDash": {"expr": "datum.dash ? [floor(datum.dash / 10), datum.dash % 10] : null"},
}
_SET = {
    "text": {"expr": "width < datum.narrow ? '' : datum.text"},
    "lineBreak": "\n",
    "dx": _of("dx"),
    "align": _of("align"),
    "baseline": _of("baseline"),
    "fontSize": _of("size"),
    "fontWeight": _of("weight"),
}
_RULE = {"type": "rule", **_DASHED, **_ALL}
_FILLED = {"fill": _of("ink")}
_EDGED = {"stroke": _of("edge"), "strokeWidth": _of("halo")}

_AT = ("x", "y")
HOVER = 90
"""Pixels of area in which an unseen dot answers the pointer."""
_RULED = (*_AT, "x2", "y2", "ink", "size", "dash")
_TYPE = (*_AT, "text", "dx", "align", "baseline", "size", "weight", "narrow")

MARKS: Mapping[str, tuple[Row, Row, tuple[str, ...]]] = {
    "said": (
        {"type": "rect", "aria": True, "description": _of("text"), "opacity": 0, **_ALL},
        _ENDS,
        (*_AT, "x2", "y2", "text"),
    ),
    "room": (
        {"type": "rule", "opacity": 0, "x2Offset": _of("dx"), **_ALL},
        _ENDS,
        (*_AT, "x2", "y2", "dx"),
    ),
    "ground": (_RULE, _ENDS, _RULED),
    "floors": ({"type": "rect", **_FILLED, **_ALL}, _ENDS, (*_AT, "x2", "y2", "ink")),
    "areas": (
        {"type": "area", "line": False, **_FILLED},
        {"y2": _ENDS["y2"], **_GROUPED},
        (*_AT, "y2", "ink", "group"),
    ),
    "blocks": (
        {"type": "rect", **_FILLED, **_TIPPED, **_ALL},
        _ENDS,
        (*_AT, "x2", "y2", "ink", "tip"),
    ),
    "under": (_RULE, _ENDS, _RULED),
    "lines": (
        {"type": "line", "strokeJoin": "round", **_DASHED},
        _GROUPED,
        (*_AT, "ink", "size", "dash", "group"),
    ),
    "over": (_RULE, _ENDS, _RULED),
    "dots": (
        # Vega-Lite draws points at seven tenths where nothing is said
        {
            "type": "point",
            "opacity": 1,
            "size": _of("size"),
            **_FILLED,
            **_EDGED,
            **_TIPPED,
            **_ALL,
        },
        {},
        (*_AT, "ink", "edge", "halo", "size", "tip"),
    ),
    "hovers": (
        {"type": "point", "filled": True, "size": HOVER, "opacity": 0, **_TIPPED, **_ALL},
        {},
        (*_AT, "tip"),
    ),
    "halos": (
        {"type": "text", "fill": _of("edge"), "strokeJoin": "round", **_EDGED, **_SET, **_ALL},
        {},
        (*_TYPE, "edge", "halo"),
    ),
    "labels": (
        {"type": "text", "fill": _of("ink"), **_SET, **_TIPPED, **_ALL},
        {},
        (*_TYPE, "ink", "tip"),
    ),
}
"""From the lowest up: the mark, what it encodes besides its place, and the columns of its rows.

room: unseen, it keeps the place of labels that come later. ground: axes, and rules below all else. floors: blocks that areas lie over. hovers: unseen, they say a
value under the pointer.
"""
SIZES = 128
"""Of how many sizes and looks the spec is held."""
KEPT = ("$schema", "autosize", "config", "height", "padding", "width")
"""What a spec takes from the figure's own."""


def spec(own: Mapping[str, Any]) -> Row:
    """The spec: all that differs between figures of one size is their rows. Figures of one size hold the same object."""
    return _spec(json.dumps({name: own[name] for name in KEPT if name in own}, sort_keys=True))


@lru_cache(maxsize=SIZES)
def _spec(kept: str) -> Row:
    place = {
        "type": "quantitative",
        "scale": {"domain": [0, 1], "nice": False, "zero": False},
        "axis": None,
    }
    return {
        **json.loads(kept),
        "description": STANDS_FOR,
        "encoding": {axis: {"field": axis, **place} for axis in _AT},
        "layer": [
            {"data": {"name": name}, "mark": {"aria": False, **mark}, "encoding": encoding}
            for name, (mark, encoding, _) in MARKS.items()
        ],
    }


def sets(rows: Iterable[tuple[str, Row]]) -> dict[str, bytes]:
    """The rows of each mark that a picture has as an Arrow stream, as short as may be: they go over the wire with it.

    To a browser no stream is as good as an empty one, which it would have to read.
    """
    held: dict[str, list[Row]] = {name: [] for name in MARKS}
    for name, row in rows:
        held[name].append(row)
    return {name: stream(_table(own, MARKS[name][2])) for name, own in held.items() if own}


def _table(rows: list[Row], columns: Iterable[str]) -> pa.Table:
    made: dict[str, pa.Array] = {}
    for name in columns:
        values = [row[name] for row in rows]
        if isinstance(PLAIN.get(name, 0.0), str):
            words = {word: at for at, word in enumerate(dict.fromkeys(values))}
            places = pa.array([words[value] for value in values], pa.int16())
            made[name] = pa.DictionaryArray.from_arrays(places, pa.array(list(words), pa.string()))
        else:
            made[name] = pa.array(values, pa.float32())
    return pa.table(made)


def stream(table: pa.Table) -> bytes:
    """A table in the form in which it is sent."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue().to_pybytes())
