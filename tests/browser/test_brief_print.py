"""The HTML of a brief in Chromium: as many pages on paper as the PDF, readable on a phone and a desk, light and dark."""

import io
import re
from functools import cache

import pypdf
import pytest

from briefs.desk import Desk
from briefs.paper import event, page, story
from charts.theme import DARK, LIGHT
from tests import ours

BASE = "https://flowcheck.example.org"
EVENT = "liberation-day"
QUICK = (EVENT,)


@cache
def desk() -> Desk:
    return ours.desk()


@cache
def html(name: str) -> str:
    maker = event if name == EVENT else story
    return page.html(maker.brief(desk(), name, desk().newest, BASE))


def every() -> list[object]:
    ids = [*ours.desk().stories, EVENT]
    return [pytest.param(i, marks=() if i in QUICK else pytest.mark.long, id=i) for i in ids]


@pytest.mark.parametrize("name", every())
def test_it_prints_on_its_pages(browser, tmp_path, name):
    path = tmp_path / "brief.html"
    path.write_text(html(name), encoding="utf-8")
    sheet = browser.new_page()
    sheet.goto(path.as_uri())
    for paper in ("A4", "Letter"):
        printed = pypdf.PdfReader(io.BytesIO(sheet.pdf(format=paper, print_background=True)))
        assert len(printed.pages) == (2 if name == EVENT else 1), paper
        text = "".join("".join(p.extract_text() for p in printed.pages).split())
        assert "notinvestmentadvice" in text, "the last lines are there"
    sheet.close()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("mode", [LIGHT, DARK], ids=["light", "dark"])
def test_it_fits_a_screen_and_follows_its_look(browser, tmp_path, width, mode):
    path = tmp_path / "brief.html"
    path.write_text(html("dollar-fell-before"), encoding="utf-8")
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=mode.mode, offline=True
    )
    asked: list[str] = []
    sheet = context.new_page()
    sheet.on("request", lambda r: asked.append(r.url))
    sheet.goto(path.as_uri())
    assert sheet.evaluate("document.documentElement.scrollWidth") == width
    assert {u.partition(":")[0] for u in asked} <= {"file", "data"}
    colour = sheet.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert [int(n) for n in re.findall(r"\d+", colour)] == [
        int(mode.page[i : i + 2], 16) for i in (1, 3, 5)
    ]
    label = sheet.evaluate("getComputedStyle(document.querySelector('figure svg text')).fill")
    known = {
        tuple(int(v[i : i + 2], 16) for i in (1, 3, 5))
        for n, v in vars(mode).items()
        if n != "mode"
    }
    assert tuple(int(n) for n in re.findall(r"\d+", label)) in known
    assert sheet.evaluate("document.fonts.check('16px \"Source Sans 3\"')")
    context.close()
