"""The static twin as somebody opens it: from a disk, with and without scripts, with the keyboard, behind a strict server."""

import json
import re
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import axe_playwright_python
import pytest
from playwright.sync_api import expect

from briefs import walk
from briefs.site.build import Source, build
from evidence.wording import DIRECTIONS, outcome_sentence
from tests import sites
from tests.sites import BASIS, DAY, pages

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
STRICT = "default-src 'self'; base-uri 'none'; form-action 'none'; object-src 'none'"


@pytest.fixture(scope="module")
def site():
    return sites.small()


@pytest.fixture(scope="module")
def desk():
    return sites.desk()


@pytest.fixture
def faults():
    found = []
    yield found
    assert found == []


@pytest.fixture
def open_(browser, faults):
    """Open a page of the folder from the disk, in a context of its own."""
    contexts = []

    def go(folder, path, **options):
        context = browser.new_context(**{"viewport": WIDE, **options})
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console", lambda m: faults.append(m.text) if m.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(path if "://" in path else f"{folder.as_uri()}/{path}")
        return page

    yield go
    for context in contexts:
        context.close()


def every(folder):
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*.html"))


@pytest.mark.parametrize("apart", [9, pytest.param(1, marks=pytest.mark.long)], ids=["some", "all"])
def test_every_page_opens_from_a_disk_and_fits(site, open_, apart):
    page = open_(site, "index.html", viewport={"width": 320, "height": 800})
    paths = every(site)[::apart]
    for path in paths:
        page.goto(f"{site.as_uri()}/{path}")
        page.wait_for_load_state()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
    page = open_(site, "index.html")
    for path in paths:
        page.goto(f"{site.as_uri()}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280, path
        # text at 200 %
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280, path


def test_without_scripts_all_text_and_all_pictures_are_there(site, open_):
    page = open_(site, "index.html", java_script_enabled=False)
    for path, parsed in pages(site).items():
        page.goto(f"{site.as_uri()}/{path}")
        shown = page.locator("main").inner_text()
        headings = page.locator("main h1, main h2").all_inner_texts()
        assert headings
        assert all(heading in shown for heading in headings)
        drawn = [g for t, g in parsed.elements if t == "svg"]
        seen = page.locator("main svg.wide:visible, main svg.narrow:visible").count()
        hidden = page.locator("details:not([open]) svg").count()
        assert 2 * seen + hidden == len(drawn), path
    page.goto(f"{site.as_uri()}/walk/premise.html")
    assert page.locator(".stop:visible").count() == page.locator(".stop").count() > 1
    assert not page.locator(".slider:visible, .theme:visible, .choices:visible").count()


@pytest.mark.long
def test_moving_the_day_changes_every_word_of_it(site, desk, open_):
    page = open_(site, f"story/{BASIS}.html")
    story = desk.stories[BASIS]
    for on in ("2025-04-10", "2025-04-18", "2025-04-21"):
        page.goto(f"{site.as_uri()}/story/{BASIS}.html?as_of={on}")
        verdict = desk.verdict(BASIS, date.fromisoformat(on))
        assert DIRECTIONS[verdict.direction] in page.locator(".standing").inner_text()
        expect(page.locator("[data-rule]")).to_have_text(verdict.rule_sentence)
        for test, trace in zip(story.tests, verdict.tests, strict=True):
            section = page.locator(f"#tests-{test.id}")
            expect(section.locator("[data-seen]")).to_have_text(outcome_sentence(trace))
        expect(page.locator("[data-newest]")).to_contain_text("Charts, and what stands beside them")
    before = page.locator("[data-day]").inner_text()
    page.locator(".slider input").focus()
    page.keyboard.press("ArrowLeft")
    assert page.locator("[data-day]").inner_text() != before
    page.get_by_role("button", name="Newest").click()
    assert "Contradicted" in page.locator(".standing").inner_text()
    expect(page.locator("[data-newest]")).not_to_contain_text("Charts")
    page.get_by_role("button", name="18 Apr 2025").click()
    assert "so far" in page.locator(".standing").inner_text()
    assert "as_of=2025-04-18" in page.url
    page.get_by_role("link", name="Stories", exact=True).click()
    row = page.locator(f"[data-story={BASIS}]")
    expect(row).to_contain_text("so far")
    assert "as_of=2025-04-18" in page.url
    page.go_back()
    expect(page.locator("[data-day]")).to_have_text("18 April 2025")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("2031-01-01", "The data here end with 22 April 2025"),
        ("2020-01-01", "The first verdict here is of 2 April 2025"),
        ("2025-02-30", "which is not a date"),
        ("<img src=x onerror=alert(1)>", "“<img src=x onerror=alert(1)>”, which is not a date"),
    ],
)
def test_a_day_that_cannot_be_shown_is_told(site, open_, asked, told):
    page = open_(site, f"stories.html?as_of={asked}")
    expect(page.locator(".notice")).to_contain_text(told)
    assert page.locator("[data-day]").inner_text() == "22 April 2025"
    assert page.locator("img").count() == 0


def test_addresses_of_the_app_lead_to_the_same_place(site, open_):
    page = open_(
        site, f"story.html?story={BASIS}&step=tests&test=net-short-shrinks&as_of=2025-04-21"
    )
    page.wait_for_url(
        re.compile(rf"/story/{BASIS}\.html\?as_of=2025-04-21#tests-net-short-shrinks$")
    )
    assert "so far" in page.locator(".standing").inner_text()
    assert page.locator("#tests-net-short-shrinks").bounding_box()["y"] < 200
    page.goto(f"{site.as_uri()}/walk.html?chapter=stories&step={BASIS}.event&theme=dark")
    page.wait_for_url(re.compile(rf"/walk/stories\.html\?theme=dark#{BASIS}\.event$"))
    expect(page.locator(".stop.here h2")).to_be_visible()
    assert page.locator(".stop.here").get_attribute("id") == f"{BASIS}.event"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"


def test_the_whole_walk_by_keyboard_mouse_and_touch(site, desk, open_):
    chapters = walk.walk(desk, DAY)
    wanted = [(c.name, s.name, s.heading) for c in chapters for s in c.steps]
    page = open_(site, "index.html")
    page.get_by_role("link", name="Take the guided walk").click()
    for number, (chapter, step, heading) in enumerate(wanted, 1):
        stop = page.locator(".stop:visible")
        # until a chapter's page has loaded, and its script with it, all of its stops are seen
        page.wait_for_url(re.compile(rf"/walk/{chapter}\.html"))
        expect(page.locator(".moves .progress")).to_have_text(
            f"{number} of {len(wanted)}", timeout=LOADS
        )
        expect(stop).to_have_count(1, timeout=LOADS)
        expect(stop.locator("h2")).to_have_text(heading)
        assert stop.get_attribute("id") == step
        if number % 2:
            page.keyboard.press("ArrowRight")
        else:
            page.locator(".moves .next").click()
    expect(page.locator("h1")).to_have_text("Which stories hold up?")
    page.go_back()
    expect(page.locator(".stop:visible h2")).to_have_text(wanted[-1][2])
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".stop:visible h2")).to_have_text(wanted[-2][2])
    phone = open_(site, "walk/premise.html", viewport=PHONE, has_touch=True, is_mobile=True)
    swipe = """([from, to]) => { const at = (x) => [new Touch({identifier: 1, target: document.body, clientX: x, clientY: 300})];
        document.body.dispatchEvent(new TouchEvent('touchstart', {touches: at(from), changedTouches: at(from), bubbles: true}));
        document.body.dispatchEvent(new TouchEvent('touchend', {touches: [], changedTouches: at(to), bubbles: true})); }"""
    phone.evaluate(swipe, [300, 100])
    expect(phone.locator(".stop:visible h2")).to_have_text(wanted[1][2])
    phone.evaluate(swipe, [100, 300])
    expect(phone.locator(".stop:visible h2")).to_have_text(wanted[0][2])


def test_charts_answer_to_pointer_touch_and_keys(site, open_):
    page = open_(site, f"story/{BASIS}.html")
    drawn = page.locator("#tests-net-short-shrinks .drawn").first
    tips = {row[4] for row in json.loads(drawn.locator("script.tips").text_content())}
    drawn.scroll_into_view_if_needed()
    box = drawn.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(drawn.locator(".tip")).to_be_visible()
    assert drawn.locator(".tip").inner_text() in tips
    drawn.focus()
    page.keyboard.press("Home")
    first = drawn.locator("[role=status]").text_content()
    page.keyboard.press("ArrowRight")
    second = drawn.locator("[role=status]").text_content()
    assert {first, second} <= tips
    assert first != second
    page.keyboard.press("Escape")
    expect(drawn.locator(".tip")).to_be_hidden()


def test_the_theme_follows_the_reader_and_the_address_and_paper_is_white(site, open_):
    ground = "getComputedStyle(document.body).backgroundColor"
    page = open_(site, "stories.html", color_scheme="dark")
    dark = page.evaluate(ground)
    assert dark != "rgb(255, 255, 255)"
    page.get_by_role("button", name="Show in light colours").click()
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    page.goto(f"{site.as_uri()}/stories.html?theme=dark")
    assert page.evaluate(ground) == dark
    page.emulate_media(media="print")
    assert page.evaluate(ground) == "rgb(255, 255, 255)"


def test_the_board_shows_only_what_is_asked_for(site, open_):
    page = open_(site, "stories.html")
    rows = page.locator(".story:visible")
    whole = rows.count()
    page.get_by_role("button", name="Contradicted").click()
    assert 0 < rows.count() < whole
    page.goto(f"{site.as_uri()}/stories.html?verdicts=mixed")
    expect(page.locator(".none")).to_be_visible()


@pytest.fixture
def strict(site):
    """The folder behind a server that allows nothing but itself."""

    class Handler(SimpleHTTPRequestHandler):
        def end_headers(self):
            self.send_header("Content-Security-Policy", STRICT)
            super().end_headers()

        def log_message(self, *_):
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(site)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_server_needs_to_allow_nothing_but_itself(site, strict, open_):
    asked = []
    page = open_(site, f"{strict}/stories.html")
    page.on("request", lambda request: asked.append(request.url))
    for path in (
        "index.html",
        f"story/{BASIS}.html?as_of=2025-04-18",
        "walk/premise.html",
        "audit.html",
    ):
        page.goto(f"{strict}/{path}")
        page.wait_for_load_state("networkidle")
    assert asked
    assert all(url.startswith(strict) for url in asked)
    page.goto(f"{strict}/story/{BASIS}.html?as_of=2025-04-18")
    assert "so far" in page.locator(".standing").inner_text()


def violations(page):
    page.evaluate(AXE)
    return page.evaluate(
        "tags => axe.run({runOnly: tags, preload: false}).then(r => r.violations.map(v => "
        "`${v.id}: ${v.nodes.map(n => n.target.join(' ')).slice(0, 3).join(', ')}`))",
        TAGS,
    )


def checked(folder, paths, open_, size, scheme):
    """axe on pages in a window as tall as they are, with all that is folded open."""
    page = open_(folder, "index.html", viewport=size, color_scheme=scheme, reduced_motion="reduce")
    found = {}
    for path in paths:
        page.set_viewport_size(size)
        page.goto(f"{folder.as_uri()}/{path}")
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        high = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({**size, "height": min(high, 30_000)})
        if wrong := violations(page):
            found[path] = wrong
    return found


LOADS = 20_000
"""Milliseconds that a page may take to load where much else runs."""
KINDS = [
    "index.html",
    "stories.html",
    f"story/{BASIS}.html",
    "walk/premise.html",
    "rivals.html",
    "watch.html",
    "data.html",
]


@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (PHONE, "dark")])
@pytest.mark.long
def test_axe_finds_nothing_on_a_page_of_each_kind(site, open_, size, scheme):
    assert checked(site, KINDS, open_, size, scheme) == {}


def test_axe_finds_nothing(site, open_):
    assert checked(site, KINDS[::3], open_, PHONE, "dark") == {}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole") / "site"
    build(Source(), folder)
    return folder


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["1280", "390"])
def test_axe_finds_nothing_on_any_page(whole, open_, size, scheme):
    assert checked(whole, every(whole), open_, size, scheme) == {}


@pytest.mark.long
def test_the_whole_site_opens_from_a_disk_without_a_complaint(whole, open_):
    for size in (WIDE, {"width": 820, "height": 1100}, {"width": 320, "height": 800}):
        page = open_(whole, "index.html", viewport=size)
        for path in every(whole):
            page.goto(f"{whole.as_uri()}/{path}")
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], path
