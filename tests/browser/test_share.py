"""Links that last, cards for other pages, the board's state, the keyboard alone, and text at twice its size."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from briefs import share
from tests import ours
from tests.browser.drawn import charts, words
from tests.browser.settled import rerun, settled

DESK = ours.desk()
STORY, TEST = "basis-trade-unwind", "net-short-shrinks"
WIDE = {"width": 1280, "height": 900}


def popover(page: Page) -> dict[str, str]:
    """The texts that the open popover offers to copy, by their first word."""
    codes = page.locator('[data-testid="stPopoverBody"] [data-testid="stCode"]').all_inner_texts()
    links = [c.strip() for c in codes if c.strip().startswith("http")]
    return {"live": links[0], "lasting": links[1], "citation": codes[2], "card": codes[3]}


def opened(page: Page, url: str) -> Page:
    page.goto(url)
    settled(page)
    return page


def test_the_links_of_a_story_open_elsewhere(new_context, app_url):
    page = new_context(viewport=WIDE).new_page()
    opened(page, f"{app_url}/story?story={STORY}&step=verdict&as_of=2025-04-25")
    with rerun(page):
        page.get_by_role("button", name="Share").click()
    found = popover(page)
    assert parse_qs(urlsplit(found["live"]).query)["as_of"] == ["latest"]
    code = page.locator(".st-key-share-qr img")
    expect(code).to_have_attribute("alt", "QR code of the link")
    assert code.evaluate("e => e.naturalWidth") > 100
    assert "As known on 25 April 2025".lower() in found["citation"].lower()
    assert "<iframe" in found["card"]
    page.keyboard.press("Escape")
    other = opened(new_context(viewport=WIDE).new_page(), found["lasting"])
    body = words(other)
    assert "A frozen view" in body
    assert "This is the verdict as known on 25 April 2025" in body
    assert charts(other)[-1] == charts(page)[-1]
    with rerun(other):
        other.locator(".st-key-walk").get_by_role("button", name="Back").click()
    assert "seal=" in other.url
    live = opened(new_context(viewport=WIDE).new_page(), found["live"])
    assert "frozen" not in words(live)


@pytest.mark.long
def test_a_link_brings_its_colours(new_context, app_url):
    page = new_context(viewport=WIDE, color_scheme="light").new_page()
    opened(page, f"{app_url}/stories?as_of=2025-06-20")
    with rerun(page):
        page.get_by_role("button", name="Share").click()
    with rerun(page):
        page.get_by_role("radio", name="Dark").click()
    dark = page.locator('[data-testid="stPopoverBody"] [data-testid="stCode"]').first.inner_text()
    other = opened(new_context(viewport=WIDE, color_scheme="light").new_page(), dark.strip())
    background = "getComputedStyle(document.querySelector('.stApp')).backgroundColor"
    assert other.evaluate(background) == "rgb(20, 23, 28)"
    with rerun(other):
        other.get_by_role("link", name="Method", exact=True).click()
    assert other.evaluate(background) == "rgb(20, 23, 28)"


@pytest.mark.parametrize(
    "width",
    [320, pytest.param(600, marks=pytest.mark.long), pytest.param(900, marks=pytest.mark.long)],
)
def test_a_card_fits_its_frame(new_context, app_url, width):
    page = new_context(viewport={"width": width, "height": 400}).new_page()
    for step, height in (("claim", share.CARD), ("tests", share.CHART)):
        address = f"{app_url}/story?story={STORY}&step={step}&test={TEST}&embed=true"
        opened(page, address)
        main = page.locator('[data-testid="stMain"]')
        assert main.evaluate("e => e.scrollWidth <= e.clientWidth")
        foot = page.locator(".st-key-card").bounding_box()
        assert foot["y"] + foot["height"] <= height, (width, step)
        body = words(page)
        assert DESK.stories[STORY].title in body
        assert "not investment advice" in body
        assert ("Source: " in body) == (step == "tests")
        assert page.locator("summary").count() == 0
        assert page.locator('[data-testid="stVegaLiteChart"]').count() == (step == "tests")
        assert page.get_by_role("link", name="Stories", exact=True).count() == 0
        whole = page.get_by_role("link", name="the whole story")
        assert "embed" not in whole.get_attribute("href")


@pytest.mark.long
def test_the_board_is_in_the_address(new_context, app_url):
    page = new_context(viewport=WIDE).new_page()
    opened(page, f"{app_url}/stories?as_of=2025-06-20")
    with rerun(page):
        page.get_by_role("radio", name="Verdict").click()
    with rerun(page):
        page.get_by_role("button", name="Contradicted").click()
    query = parse_qs(urlsplit(page.url).query)
    assert (query["sort"], query["verdicts"]) == (["verdict"], ["contradicted"])
    other = opened(new_context(viewport=WIDE).new_page(), page.url)
    heads = [h for h in other.locator("h2").all_inner_texts() if h]
    assert heads == ["Contradicted"]
    assert words(other) == words(page)
    with rerun(page):
        page.go_back()
    assert "verdicts" not in page.url
    assert len(page.locator("h2").all_inner_texts()) > 1


@pytest.mark.long
def test_the_whole_walk_by_keyboard_alone(new_context, app_url):
    page = new_context(viewport=WIDE).new_page()
    opened(page, f"{app_url}/start")
    _tab_to(page, "Take the guided walk")
    with rerun(page):
        page.keyboard.press("Enter")
    with rerun(page):
        page.keyboard.press("ArrowRight")
    assert "step=yields" in page.url
    _tab_to(page, "Share")
    with rerun(page):
        page.keyboard.press("Enter")
    body = page.locator('[data-testid="stPopoverBody"]')
    expect(body).to_be_visible()
    page.keyboard.press("Escape")
    expect(body).not_to_be_visible()
    _tab_to(page, "Next")
    with rerun(page):
        page.keyboard.press("Enter")
    assert "step=stocks" in page.url


def _tab_to(page: Page, label: str) -> None:
    """Press Tab until that link or button has the focus, which has to be seen there."""
    for _ in range(80):
        page.keyboard.press("Tab")
        text, outline = page.evaluate(
            "() => {const e = document.activeElement, s = getComputedStyle(e);"
            "return [/^(A|BUTTON)$/.test(e.tagName) ? e.innerText : '', s.outlineStyle + s.outlineWidth]}"
        )
        if label in text.replace("\n", " "):
            assert "none" not in outline
            assert not outline.endswith("0px")
            return
    raise AssertionError(f"the keyboard does not reach “{label}”")


CUT = """
() => [...document.querySelectorAll('[data-testid="stMain"] p, [data-testid="stMain"] h1, [data-testid="stMain"] h2, [data-testid="stMain"] li')]
  .filter(e => e.getClientRects().length && !e.closest('[data-testid="stVegaLiteChart"]'))
  .filter(e => ['hidden', 'clip'].includes(getComputedStyle(e).overflowX) && e.scrollWidth > e.clientWidth + 1)
  .map(e => e.textContent.slice(0, 60))
"""


@pytest.mark.parametrize(
    ("width", "size"),
    [
        pytest.param(1280, 2.0, marks=pytest.mark.long),
        pytest.param(390, 2.0, marks=pytest.mark.long),
        pytest.param(320, 1.0, marks=pytest.mark.long),
    ],
)
def test_text_at_twice_its_size_and_on_the_narrowest_screen(new_context, app_url, width, size):
    page = new_context(viewport={"width": width, "height": 900}).new_page()
    for address in (
        f"/walk?chapter=stories&step={STORY}.verdict",
        f"/story?story={STORY}&step=tests&test={TEST}",
        f"/story?story={STORY}&step=rivals",
        "/stories",
        "/audit",
    ):
        opened(page, app_url + address)
        if size > 1:
            page.evaluate(
                "k => {const r = document.documentElement;"
                "r.style.fontSize = parseFloat(getComputedStyle(r).fontSize) * k + 'px'}",
                size,
            )
            settled(page)
        main = page.locator('[data-testid="stMain"]')
        assert main.evaluate("e => e.scrollWidth <= e.clientWidth"), address
        assert page.evaluate(CUT) == [], address


@pytest.mark.long
def test_plain_words_explain_a_term_where_it_first_stands(new_context, app_url):
    page = new_context(viewport=WIDE).new_page()
    opened(page, f"{app_url}/walk?chapter=stories&step={STORY}.verdict&as_of=latest")
    notes = page.locator("[class*='st-key-term-']")
    assert notes.count() == 0
    with rerun(page):
        page.get_by_role("link", name="Explain the terms").click()
    assert "words=plain" in page.url
    expect(notes.first).to_contain_text("leveraged funds: Funds that invest with borrowed money.")
    # those in a closed fold have no text yet
    names = [text.partition(":")[0] for text in notes.all_inner_texts() if text]
    assert len(names) == len(set(names)) >= 3
    with rerun(page):
        page.keyboard.press("ArrowRight")
    assert "words=plain" in page.url


@pytest.mark.parametrize("form", ["HTML", pytest.param("PDF", marks=pytest.mark.long)])
def test_the_brief_is_taken_along(new_context, app_url, tmp_path, form):
    page = new_context(viewport=WIDE).new_page()
    opened(page, f"{app_url}/story?story={STORY}&step=verdict&as_of=2025-04-25")
    with rerun(page):
        page.get_by_role("button", name="Share").click()
    page.get_by_role("radio", name=form, exact=True).click()
    take = page.get_by_role("button", name=f"Take the brief along ({form})")
    expect(take).to_be_visible(timeout=120_000)
    with page.expect_download() as download:
        take.click()
    assert download.value.suggested_filename == f"{STORY}-2025-04-25.{form.lower()}"
    file = tmp_path / "brief"
    download.value.save_as(file)
    if form == "PDF":
        found = PdfReader(file)
        assert len(found.pages) == 1
        text = found.pages[0].extract_text()
    else:
        text = file.read_text("utf-8")
        assert text.lower().startswith("<!doctype html>")
    assert "25 April 2025" in text
    assert app_url.removeprefix("http://") in text.replace("\n", "")
