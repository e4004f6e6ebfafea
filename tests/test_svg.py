"""A figure as SVG: text stays text, words go with it, nothing of a page is needed and nothing of it is harmed."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from briefs import figures
from briefs.address import Address
from briefs.stand import Stand
from briefs.svg import FONTS, svg, themed
from charts.figure import Figure
from charts.theme import LIGHT
from tests import ours

ROOT = Path(__file__).parent.parent
SVG = "{http://www.w3.org/2000/svg}"
STORY, TEST = "basis-trade-unwind", "net-short-shrinks"


@pytest.fixture(scope="module")
def pair() -> list[Figure]:
    desk = ours.desk()
    here = Address("story", desk.newest, latest=True, story=STORY, step="tests", test=TEST)
    return figures.pair(
        Stand(desk, here, desk.stories[STORY], desk.verdict(STORY, desk.newest)), LIGHT
    )


@pytest.fixture(scope="module")
def drawn(pair) -> list[str]:
    return [svg(figure, 420) for figure in pair]


def test_its_text_is_text_in_our_face(pair, drawn):
    for figure, picture in zip(pair, drawn, strict=True):
        root = ET.fromstring(picture)
        said = " ".join("".join(t.itertext()) for t in root.iter(f"{SVG}text"))
        labels = [t for t in figure.frame["text"] if t]
        assert labels
        for label in labels:
            assert "".join(label.split()) in "".join(said.split())
        assert root.attrib["font-family"].startswith("'Source Sans 3'")
        assert "font-family" not in picture.partition(">")[2], "one face, said once"
        assert root.attrib["width"] == "420"


def test_its_words_go_with_it(pair, drawn):
    for figure, picture in zip(pair, drawn, strict=True):
        root = ET.fromstring(picture)
        assert root.attrib["role"] == "img"
        by_id = {e.attrib["id"]: e for e in root.iter() if "id" in e.attrib}
        assert by_id[root.attrib["aria-labelledby"]].text == figure.title
        assert by_id[root.attrib["aria-describedby"]].text == figure.alt
        inner = [e for e in root.iter() if e is not root]
        assert not any(n.startswith("aria-") or n == "role" for e in inner for n in e.attrib)


def test_two_in_a_page_share_no_id(drawn):
    ids = re.findall(r'\bid="([^"]+)"', "".join(drawn))
    assert len(ids) == len(set(ids)) >= 4
    used = set(re.findall(r"url\(#([^)]+)\)", "".join(drawn)))
    assert used <= set(ids)


def test_it_needs_nothing_from_outside(drawn):
    for picture in drawn:
        assert not re.search(r"<(script|image|style|foreignObject|a)\b|href|\bon\w+=", picture)
        assert set(re.findall(r'https?://[^"]+', picture)) == {"http://www.w3.org/2000/svg"}


def test_hostile_words_stay_words(pair):
    bad = "</title><script>alert(1)</script>&amp;"
    root = ET.fromstring(svg(replace(pair[0], title=bad, alt=bad), 300))
    assert root.find(f"{SVG}title").text == bad
    assert root.find(f"{SVG}desc").text == bad
    assert not list(root.iter(f"{SVG}script"))


def test_in_a_page_its_colours_follow_the_look(drawn):
    for picture in drawn:
        assert re.search(r"#[0-9a-f]{6}", picture)
        followed = themed(picture)
        assert not re.search(r"#[0-9a-f]{6}", followed)
        assert {"var(--ink)", "var(--soft)", "var(--grid)"} <= set(
            re.findall(r"var\(--[a-z-]+\)", followed)
        )


def test_the_same_figure_gives_the_same_bytes(pair, drawn):
    assert svg(pair[0], 420) == drawn[0]
    assert svg(pair[0], 300) != drawn[0]


def test_the_converter_is_not_loaded_before_something_is_drawn():
    code = (
        "import sys, briefs.svg, briefs.paper.making, briefs.worker; "
        "print([m for m in ('vl_convert', 'typst') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.strip() == "[]"


def test_the_faces_for_paper_have_what_is_drawn():
    names = {path.name for path in FONTS.glob("*.ttf")}
    assert {f"SourceSans3-{w}.ttf" for w in ("Regular", "Semibold", "Bold", "Italic")} <= names
    assert {f"SourceSerif4-{w}.ttf" for w in ("Regular", "Semibold", "Bold", "Italic")} <= names
    assert sum(path.stat().st_size for path in FONTS.glob("*.ttf")) < 500_000
