"""A Figure as the SVG of a page: small, in the page's own colours, with the tips that a pointer asks for.

A chart is drawn for two widths and the page shows the one that fits, so that its labels are never too small
to read. What the live chart says under the pointer comes out of the drawing itself: each layer with tips is
drawn once more as text without a size, read back with its place, and taken out.
"""

import re
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any
from xml.etree import ElementTree as ET

from briefs.svg import svg, themed
from charts.figure import Figure

WIDE, NARROW = 600, 340
"""Pixels: for a column of its own, and for a phone or three side by side."""
_SPACE = "{http://www.w3.org/2000/svg}"
_SHIFT = re.compile(r"^translate\((-?[\d.]+),(-?[\d.]+)\)$")
_NUMBER = re.compile(r"-?\d*\.\d{2,}")
_DOT = re.compile(r"^M([\d.]+),0A\1,\1,0,1,1,-\1,0A\1,\1,0,1,1,\1,0Z?$")
_SHARED = ("fill", "stroke", "stroke-width", "font-size", "font-weight", "text-anchor")
_LEAST_SHARED = 3


@dataclass(frozen=True)
class Tip:
    """What is said at a place of the drawing, in its pixels."""

    x: float
    y: float
    says: str


@dataclass(frozen=True)
class Drawing:
    """One SVG element and its tips, in the order drawn."""

    svg: str
    width: float
    height: float
    tips: tuple[Tip, ...]


def drawing(figure: Figure, width: int) -> Drawing:
    """The figure (in the light colours) at a width; its colours are names that the page's sheet gives values to."""
    root = ET.fromstring(svg(_with_tips(figure), width))  # noqa: S314 - our own
    tips: list[Tip] = []
    _read(root, 0.0, 0.0, tips)
    _flatten(root)
    nodes = list(root.iter())
    for node in nodes:
        node.tag = node.tag.removeprefix(_SPACE)
    for node in nodes:
        for name, value in node.attrib.items():
            if name != "viewBox":
                node.set(name, _NUMBER.sub(_rounded, value))
        _share(node)
    size = float(root.attrib.pop("width")), float(root.attrib.pop("height"))
    root.attrib.pop("font-family", None)
    return Drawing(themed(ET.tostring(root, encoding="unicode")), *size, tuple(tips))


def _with_tips(figure: Figure) -> Figure:
    """The figure with its tips drawn as text of no size, in the middle of what they belong to."""
    spec: dict[str, Any] = deepcopy(figure.spec)
    layers = spec.get("layer", [])
    spec["layer"] = layers + [_tips_of(one) for one in layers if _has_tips(one)]
    return replace(figure, spec=spec) if layers else figure


def _has_tips(layer: dict[str, Any]) -> bool:
    return isinstance(layer.get("mark"), dict) and "tooltip" in layer["mark"]


def _tips_of(layer: dict[str, Any]) -> dict[str, Any]:
    middle = [{"calculate": f"(datum.{a}+datum.{a}2)/2", "as": a} for a in ("x", "y")]
    return {
        "transform": [*layer.get("transform", []), *middle],
        "mark": {"type": "text", "fontSize": 0},
        "encoding": {"text": {"field": "tip", "type": "nominal"}},
    }


def _read(node: ET.Element, x: float, y: float, tips: list[Tip]) -> None:
    """Takes the tips out of an element, and what is drawn without being seen."""
    for child in list(node):
        dx, dy = _shift(child)
        size = child.get("font-size")
        if size == "0px":
            says = "".join(child.itertext()).strip()
            if says:
                tips.append(Tip(round(x + dx, 1), round(y + dy, 1), says))
        if size == "0px" or child.get("opacity") == "0":
            node.remove(child)
        else:
            _read(child, x + dx, y + dy, tips)
            if child.tag == f"{_SPACE}g" and not len(child):
                node.remove(child)


def _shift(node: ET.Element) -> tuple[float, float]:
    found = _SHIFT.match(node.get("transform", ""))
    return (float(found[1]), float(found[2])) if found else (0.0, 0.0)


def _flatten(node: ET.Element) -> None:
    """Groups that say nothing give way to what they hold; dots become circles."""
    if node.get("transform") == "translate(0,0)":
        del node.attrib["transform"]
    held: list[ET.Element] = []
    for child in list(node):
        _flatten(child)
        held += list(child) if child.tag == f"{_SPACE}g" and not child.attrib else [child]
        node.remove(child)
    node.extend(_circle(child) for child in held)


def _circle(node: ET.Element) -> ET.Element:
    found = _DOT.match(node.get("d", ""))
    if found is None or not _SHIFT.match(node.get("transform", "")):
        return node
    x, y = _shift(node)
    rest = {name: v for name, v in node.attrib.items() if name not in ("d", "transform")}
    return ET.Element("circle", {"cx": f"{x}", "cy": f"{y}", "r": found[1], **rest})


def _share(group: ET.Element) -> None:
    """What runs of like children have in common stands once, on a group around them."""
    runs: list[list[ET.Element]] = []
    for child in group:
        shared = [child.get(name) for name in _SHARED]
        last = runs[-1][-1] if runs else None
        like = last is not None and last.tag == child.tag != "g"
        if last is not None and like and [last.get(name) for name in _SHARED] == shared:
            runs[-1].append(child)
            continue
        runs.append([child])
    for child in list(group):
        group.remove(child)
    for run in runs:
        common = len(run) >= _LEAST_SHARED and any(run[0].get(name) for name in _SHARED)
        group.extend([_grouped(run)] if common else run)


def _grouped(run: list[ET.Element]) -> ET.Element:
    found = ET.Element("g", {n: v for n in _SHARED if (v := run[0].get(n)) is not None})
    for child in run:
        for name in found.attrib:
            del child.attrib[name]
        found.append(child)
    return found


def _rounded(found: re.Match[str]) -> str:
    short = f"{float(found[0]):.1f}".removesuffix(".0")
    return "0" if short == "-0" else short
