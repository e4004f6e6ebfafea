"""Links that last, the citation, the card and the QR code."""

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree as ET

import pytest
import segno

from briefs import share
from briefs.address import parse
from briefs.settings import settings
from evidence import seals
from tests import ours

DESK = ours.desk()
STORY, BASE = "basis-trade-unwind", "https://flow.example/app/"
HERE = parse("story", {"story": STORY, "step": "verdict", "as_of": "2025-05-30"}, DESK)
VERDICT = DESK.verdict(STORY, HERE.day)


def opened(url):
    parts = urlsplit(url)
    assert f"{parts.scheme}://{parts.netloc}" == "https://flow.example"
    folder, _, page = parts.path.rpartition("/")
    assert folder == "/app"
    return parse(page, dict(parse_qsl(parts.query)), DESK)


def test_a_live_link_shows_the_newest_data():
    there = opened(share.url(BASE, share.live(HERE)))
    assert (there.story, there.step, there.latest, there.frozen) == (STORY, "verdict", True, False)


def test_a_frozen_link_shows_the_same_verdict():
    there = opened(share.url(BASE, share.frozen(HERE, VERDICT, DESK.snapshot)))
    assert there.faults == ()
    assert (there.day, there.snapshot) == (date(2025, 5, 30), DESK.snapshot)
    found = seals.opened(
        DESK.engine, STORY, there.day, seals.Seal(snapshot=there.snapshot, mark=there.seal)
    )
    assert found.same
    assert found.verdict.identity == VERDICT.identity


def test_only_the_page_of_a_story_can_be_frozen():
    """Of a lesson the frozen address would lack what freezes it."""
    lesson = replace(HERE, page="train")
    assert share.can_freeze(HERE)
    assert not share.can_freeze(lesson)
    assert "seal" in share.frozen(HERE, VERDICT, DESK.snapshot).parameters()
    assert "seal" not in share.frozen(lesson, VERDICT, DESK.snapshot).parameters()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_link_can_bring_its_colours(theme):
    url = share.url(BASE, share.live(HERE), theme)
    assert dict(parse_qsl(urlsplit(url).query))["embed_options"] == f"{theme}_theme"


def test_a_citation_names_what_has_to_be_found_again():
    text = share.citation(settings(), VERDICT, DESK.snapshot, "https://flow.example/x")
    for part in (VERDICT.title, "30 May 2025", f"snapshot {DESK.snapshot}", VERDICT.identity[7:19]):
        assert part in text
    assert text.endswith("https://flow.example/x")


def test_a_card_is_one_frame_whatever_its_title_says():
    class Frames(HTMLParser):
        seen: list

        def handle_starttag(self, tag, attrs):
            self.seen.append((tag, dict(attrs)))

    parser = Frames()
    parser.seen = []
    parser.feed(share.snippet("https://flow.example/story?story=a&step=b", 'A "title" <script>'))
    assert [tag for tag, _ in parser.seen] == ["iframe"]
    frame = parser.seen[0][1]
    assert frame["title"] == 'A "title" <script>'
    assert frame["src"] == "https://flow.example/story?story=a&step=b&embed=true"


def test_the_qr_code_is_that_of_the_link():
    """Its dark squares, counted off the picture, are the code's own."""
    link = share.url(BASE, share.frozen(HERE, VERDICT, DESK.snapshot))
    picture = ET.fromstring(share.qr(link, scale=1))
    matrix = [bytes(row) for row in segno.make(link, error="m", micro=False).matrix]
    side = len(matrix) + 8
    assert picture.get("viewBox") == f"0 0 {side} {side}"
    drawn = {(x, y) for x, y in _dark(picture)}
    expected = {
        (x + 4, y + 4) for y, row in enumerate(matrix) for x, value in enumerate(row) if value
    }
    assert drawn == expected


def _dark(picture):
    """The squares under the strokes of the code's path: `M x y`, then `h` to draw and `m` to move."""
    path = [p for p in picture.iter() if p.tag.endswith("path") and "stroke" in p.attrib][-1]
    text = path.get("d").replace("M", " M ").replace("h", " h ").replace("m", " m ")
    words = text.replace("-", " -").replace(",", " ").split()
    at, x, y = 0, 0.0, 0.0
    while at < len(words):
        kind = words[at]
        if kind == "h":
            length = float(words[at + 1])
            yield from ((int(x) + i, int(y - 0.5)) for i in range(int(length)))
            x, at = x + length, at + 2
        else:
            dx, dy = float(words[at + 1]), float(words[at + 2])
            x, y = (dx, dy) if kind == "M" else (x + dx, y + dy)
            at += 3
