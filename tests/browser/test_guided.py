"""The guided walk in a real browser: every chapter and step, at three sizes, by mouse, touch and keyboard."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from briefs import walk
from tests import ours
from tests.browser.drawn import charts, words
from tests.browser.settled import rerun, settled

DESK = ours.desk()
STEPS = [(c.name, s) for c in walk.walk(DESK, DESK.newest) for s in c.steps]
SIZES = {"1280": (1280, 900), "820": (820, 1100), "390": (390, 844)}
FEW = 9
"""Steps of the walk that is not among the long ones: two chapters and the way into a third."""
STILL, BREATH = 3, 80
"""Readings that have to agree, and milliseconds between them."""
STORY, TEST = "basis-trade-unwind", "net-short-shrinks"


def place(page: Page) -> tuple[str, str]:
    query = parse_qs(urlsplit(page.url).query)
    return query["chapter"][0], query["step"][0]


def onward(page: Page, how: str, which: str = "Next") -> None:
    with rerun(page):
        if how == "keyboard":
            page.keyboard.press("ArrowRight" if which == "Next" else "ArrowLeft")
        else:
            button = page.locator(".st-key-walk").get_by_role("button", name=which)
            button.tap() if how == "touch" else button.click()


def shown(page: Page) -> tuple[str, list[list[str]]]:
    """Words and charts once they stand still: the chart of the step before stays until the new one is drawn."""
    before, still = charts(page), 0
    while still < STILL:
        page.wait_for_timeout(BREATH)
        now = charts(page)
        still = still + 1 if now == before else 0
        before = now
    return words(page), before


WALKS = [
    pytest.param("390", "touch", FEW),
    pytest.param("390", "touch", len(STEPS), marks=pytest.mark.long),
    pytest.param("1280", "mouse", len(STEPS), marks=pytest.mark.long),
    pytest.param("820", "keyboard", len(STEPS), marks=pytest.mark.long),
    pytest.param("1280", "keyboard", len(STEPS), marks=pytest.mark.long),
    pytest.param("820", "mouse", len(STEPS), marks=pytest.mark.long),
    pytest.param("390", "keyboard", len(STEPS), marks=pytest.mark.long),
]


@pytest.mark.parametrize(("size", "how", "most"), WALKS)
def test_every_chapter_and_step(new_context, app_url, size, how, most):
    width, height = SIZES[size]
    options = {"viewport": {"width": width, "height": height}, "has_touch": how == "touch"}
    page = new_context(**options).new_page()
    page.goto(f"{app_url}/walk")
    settled(page)
    seen = {}
    for number, (chapter, step) in enumerate(STEPS[:most], 1):
        assert place(page) == (chapter, step.name)
        expect(page.locator("h1")).to_have_text(step.heading)
        text, drawn = shown(page)
        assert f"{number} of {len(STEPS)}" in text
        assert len(drawn) == 1, step.name
        assert "Traceback" not in text
        main = page.locator('[data-testid="stMain"]')
        assert main.evaluate("e => e.scrollWidth <= e.clientWidth"), step.name
        seen[page.url] = (text, drawn)
        if number < most:
            onward(page, how)
    assert len(seen) == most
    # the picture of a story's stages is one chart: its plot stands where it stood
    if (size, how) == ("1280", "mouse"):
        _the_browser_goes_back(page, list(seen))
        _the_same_elsewhere(new_context(**options).new_page(), dict(list(seen.items())[::4]))


@pytest.mark.long
@pytest.mark.parametrize("size", SIZES)
def test_every_address_shows_the_same_in_a_fresh_browser(new_context, app_url, size):
    """One context walks; each address is opened in a context of its own, which knows nothing."""
    width, height = SIZES[size]
    options = {"viewport": {"width": width, "height": height}}
    page = new_context(**options).new_page()
    page.goto(f"{app_url}/walk")
    settled(page)
    for number in range(len(STEPS)):
        other = new_context(**options)
        _the_same_elsewhere(other.new_page(), {page.url: shown(page)})
        other.close()
        if number + 1 < len(STEPS):
            onward(page, "mouse")


def _the_browser_goes_back(page: Page, urls: list[str]) -> None:
    for url in (urls[-2], urls[-3]):
        with rerun(page):
            page.go_back()
        assert page.url == url
    with rerun(page):
        page.go_forward()
    assert page.url == urls[-2]


def _the_same_elsewhere(page: Page, seen: dict) -> None:
    for url, before in seen.items():
        page.goto(url)
        settled(page)
        assert shown(page) == before, url


@pytest.mark.long
def test_any_chapter_can_be_reached_and_the_way_out_is_there(new_context, app_url):
    page = new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(f"{app_url}/start")
    settled(page)
    with rerun(page):
        page.get_by_role("link", name="Take the guided walk").click()
    assert place(page) == (STEPS[0][0], STEPS[0][1].name)
    for number, (name, title) in enumerate(walk.titles().items(), 1):
        with rerun(page):
            page.get_by_role("link", name=f"{number} {title}", exact=True).click()
        assert place(page) == (name, DESK.chapters[name][0])
    with rerun(page):
        page.locator(".st-key-step-to").get_by_role("link").click()
    assert urlsplit(page.url).path == "/story"


@pytest.mark.long
def test_the_chart_stays_while_rows_are_added(new_context, app_url):
    page = new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(f"{app_url}/walk?chapter=stories&step={STORY}.series&as_of=latest")
    settled(page)
    chart = page.locator('[data-testid="stVegaLiteChart"]')
    boxes, counts = [], []
    for _ in range(4):
        boxes.append(chart.bounding_box())
        counts.append(page.locator('[data-testid="stVegaLiteChart"] text').count())
        onward(page, "keyboard")
    assert max(b["y"] for b in boxes) - min(b["y"] for b in boxes) <= 1
    assert len({b["height"] for b in boxes}) == 1
    assert counts[0] < counts[-1]
    onward(page, "keyboard", "Back")
    assert place(page) == ("stories", f"{STORY}.verdict")


def test_what_is_deeper_is_one_click_down(new_context, app_url):
    page = new_context(viewport={"width": 390, "height": 844}).new_page()
    page.goto(f"{app_url}/walk?chapter=stories&step={STORY}.verdict&as_of=latest")
    settled(page)
    trace = DESK.verdict(STORY, DESK.newest).test(TEST)
    caveat = page.get_by_text(trace.caveat)
    expect(caveat).not_to_be_visible()
    page.get_by_text("The caveats", exact=True).click()
    expect(caveat).to_be_visible()


@pytest.mark.long
def test_a_presentation_has_the_idea_the_picture_and_the_way_on(new_context, app_url):
    page = new_context(viewport={"width": 1920, "height": 1080}).new_page()
    address = f"{app_url}/walk?chapter=stories&step={STORY}.verdict&as_of=latest"
    page.goto(address)
    settled(page)
    usual = page.locator("h1").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    label = "[data-testid=stVegaLiteChart] text"
    small = page.locator(label).first.evaluate("e => e.getBoundingClientRect().height")
    with rerun(page):
        page.get_by_role("link", name="Present", exact=True).click()
    assert "presenter=on" in page.url
    for gone in ("Data", "Method", "Stories", "Share"):
        assert page.get_by_role("link", name=gone, exact=True).count() == 0
    assert page.locator("h1").evaluate("e => parseFloat(getComputedStyle(e).fontSize)") > usual
    large = page.locator(label).first.evaluate("e => e.getBoundingClientRect().height")
    assert large > 1.3 * small
    chart = page.locator('[data-testid="stVegaLiteChart"] svg.marks').bounding_box()
    assert chart["x"] + chart["width"] <= 1920
    onward(page, "keyboard")
    assert "presenter=on" in page.url
    with rerun(page):
        page.get_by_role("link", name="Leave the presentation").click()
    assert "presenter" not in page.url
