"""A brief as PDF, by Typst: vector charts, real text, tagged. And how much of it fits on its pages.

Words and pictures reach Typst as data, so nothing in a story is read as markup. Only the faces of
`static/fonts/print` are used, so the same bytes come out on every machine.
"""

import json
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from briefs import share
from briefs.paper.model import Brief, Paper
from briefs.svg import FONTS
from charts.theme import LIGHT

TEMPLATE = Path(__file__).with_name("brief.typ")


class Overfull(Exception):
    """A brief that does not fit its pages even without all that may go."""


def pdf(brief: Brief, paper: Paper) -> bytes:
    """The brief as PDF, shortened until it fits: PDF/UA, or only tagged where our faces lack a sign of its text."""
    short = fitted(brief, paper)
    try:
        made: bytes = _compiler(short, paper, 0).compile(format="pdf", pdf_standards=["ua-1"])
    except _typst().TypstError:
        made = _compiler(short, paper, 0).compile(format="pdf")
    return made


def fitted(brief: Brief, paper: Paper, reserve: float = 0) -> Brief:
    """The brief with as many of its lines as its pages hold. reserve: millimetres to leave free on each."""
    low, high = 0, brief.spare
    if _pages(brief, paper, reserve) <= brief.pages:
        return brief
    if _pages(brief.without(high), paper, reserve) > brief.pages:
        raise Overfull(f"{brief.id} does not fit on {brief.pages} pages of {paper}")
    while high - low > 1:
        middle = (low + high) // 2
        if _pages(brief.without(middle), paper, reserve) <= brief.pages:
            high = middle
        else:
            low = middle
    return brief.without(high)


def left(brief: Brief, paper: Paper) -> tuple[str, ...]:
    """The names of what stands in the left one of the two columns: sections, the strip, `more`."""
    return tuple(_asked(brief, paper, 0, "<left>"))


def _pages(brief: Brief, paper: Paper, reserve: float) -> int:
    return int(_asked(brief, paper, reserve, "<pages>"))


def _asked(brief: Brief, paper: Paper, reserve: float, label: str) -> Any:
    return json.loads(_compiler(brief, paper, reserve).query(label, field="value", one=True))


@cache
def _typst() -> ModuleType:
    import typst  # noqa: PLC0415 - loads a compiler: whoever prints nothing does without

    return typst


@cache
def _fonts() -> Any:
    return _typst().Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
    )


def _compiler(brief: Brief, paper: Paper, reserve: float) -> Any:
    link = brief.imprint.link
    colours = {name: value for name, value in vars(LIGHT).items() if name != "mode"}
    return _typst().Compiler(
        input=TEMPLATE.read_bytes(),
        font_paths=_fonts(),
        sys_inputs={
            "brief": brief.model_dump_json(),
            "colours": json.dumps(colours),
            "paper": paper,
            "reserve": str(reserve),
            "day": brief.imprint.as_of.isoformat(),
            "qr": share.qr(link) if link else "",
        },
    )
