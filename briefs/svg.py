"""A Figure as one SVG element: real text in our faces, its headline as title, its alternative text as description.

What comes out stands by itself, in a page, a file or a PDF. The converter is a whole JavaScript engine
(about 100 MB and a second to start): it is loaded with the first picture, and only a process of its own
(a command, `briefs.worker`) should draw one, never the app's.
"""

import hashlib
import re
from functools import cache
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree as ET

from charts import theme
from charts.figure import Figure

FONTS = Path(__file__).resolve().parent.parent / "static" / "fonts" / "print"
"""Static faces: what draws for paper reads no variable ones."""
SPACE = "{http://www.w3.org/2000/svg}"
DIGITS = 2
"""Of a place in pixels: a hundredth of a pixel is finer than any printer."""
_DROPPED = ("role", "class", "pointer-events", "font-family")
_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_HEX = re.compile(r"#[0-9a-f]{6}\b")
_NAMED = re.compile(r"url\(#([^)]+)\)")


def svg(figure: Figure, width: int) -> str:
    """The picture at a width in pixels (its height is its own), in the colours that it was drawn in.

    Headline, subtitle and source are not in the picture: the page sets them beside it, from the same figure.
    """
    drawn = ET.fromstring(_converter().vegalite_to_svg(figure.full_spec(width)))  # noqa: S314 - ours
    return _finished(drawn, figure)


def themed(picture: str) -> str:
    """A picture in the light colours, with each named by its token instead: it follows the page's look."""
    tokens = theme.hex_tokens()
    return _HEX.sub(lambda m: f"var(--{tokens[m[0]]})" if m[0] in tokens else m[0], picture)


@cache
def _converter() -> ModuleType:
    import vl_convert  # noqa: PLC0415 - costs 100 MB: whoever draws nothing does without

    vl_convert.register_font_directory(str(FONTS))
    return vl_convert


def _finished(drawn: ET.Element, figure: Figure) -> str:
    """The converter's SVG without what only a live chart needs, with its words, under names of its own."""
    _stripped(drawn)
    size = {name: drawn.attrib[name] for name in ("width", "height", "viewBox")}
    mine = hashlib.sha256(f"{figure.key} {size}".encode()).hexdigest()[:10]
    for node in drawn.iter():
        if "id" in node.attrib:
            node.set("id", f"{node.attrib['id']}-{mine}")
        for name, value in node.attrib.items():
            renamed = _NAMED.sub(rf"url(#\1-{mine})", value)
            node.set(name, _NUMBER.sub(_rounded, renamed))
    root = ET.Element(
        "svg",
        {
            "xmlns": SPACE.strip("{}"),
            **size,
            "role": "img",
            "aria-labelledby": f"title-{mine}",
            "aria-describedby": f"desc-{mine}",
            "font-family": theme.SANS,
        },
    )
    ET.SubElement(root, "title", {"id": f"title-{mine}"}).text = figure.title
    ET.SubElement(root, "desc", {"id": f"desc-{mine}"}).text = figure.alt
    root.extend(drawn)
    for node in root.iter():
        node.tag = node.tag.removeprefix(SPACE)
    return ET.tostring(root, encoding="unicode")


def _stripped(node: ET.Element) -> None:
    """Takes out of an element what draws nothing and what names it for a live chart."""
    for name in [n for n in node.attrib if n in _DROPPED or n.startswith("aria-")]:
        del node.attrib[name]
    if node.attrib.get("opacity") == "1":
        del node.attrib["opacity"]
    for child in list(node):
        _stripped(child)
        if _draws_nothing(child):
            node.remove(child)


def _draws_nothing(node: ET.Element) -> bool:
    tag = node.tag.removeprefix(SPACE)
    if tag == "g":
        return len(node) == 0
    hollow = not ({"fill", "stroke"} & set(node.attrib))
    return tag == "path" and (node.attrib.get("display") == "none" or not node.get("d") or hollow)


def _rounded(found: re.Match[str]) -> str:
    return f"{round(float(found[0]), DIGITS) + 0.0:.{DIGITS}f}".rstrip("0").rstrip(".")
