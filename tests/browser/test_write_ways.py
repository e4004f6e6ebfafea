"""Ways about the page *Write*: to what lacks an answer, to the next question by keyboard, past a cut list, out of it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.settled import rerun
from tests.browser.test_write import WIDE, begun, fill, opened, typed

FOCUS = "() => document.activeElement.closest('[class*=st-key-ask]')?.className ?? ''"
RING = """() => { let e = document.activeElement
  while (e && getComputedStyle(e).outlineStyle !== 'solid') e = e.parentElement
  return e ? [getComputedStyle(e).outlineWidth, e.getClientRects()[0].width] : null }"""


@pytest.fixture
def page(new_context, app_url):
    return opened(new_context(viewport=WIDE).new_page(), f"{app_url}/write")


def focused(page: Page, key: str) -> None:
    page.wait_for_function(f"() => ({FOCUS})().includes('st-key-ask-{key}')", timeout=15_000)


def test_what_lacks_an_answer_leads_to_its_field(page):
    with rerun(page):
        page.get_by_role("button", name="Write the YAML").click()
    expect(page.get_by_text("These questions still need an answer")).to_be_visible()
    expect(page.get_by_role("textbox", name="The story as YAML")).to_have_count(0)
    for words, key in (
        ("How would it work, if it were true?", "mechanism"),
        ("On which day?", "event-date"),
        ("Test 1: In which data?", "t1-test-series-words"),
        ("Who said it?", "said-who"),
    ):
        page.get_by_role("button", name=words, exact=True).click()
        focused(page, key)
    with rerun(page):
        page.keyboard.type("Commentators")
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Who said it?", exact=True)).to_have_count(0)


@pytest.mark.long
def test_the_keyboard_goes_on_from_a_series_that_was_taken(page):
    fill(page, "In which data?", "custody")
    with rerun(page):
        page.get_by_role("button", name="Take it").first.press("Enter")
    focused(page, "t1-test-kind")
    with rerun(page):
        page.get_by_role("button", name="Choose another series").press("Enter")
    focused(page, "t1-test-series-words")


@pytest.mark.long
def test_every_field_shows_that_it_has_the_keyboard(page):
    with rerun(page):
        box = page.get_by_role("combobox", name="Which event does it explain?")
        box.click()
        box.press("ArrowDown")
        page.get_by_role("option").first.click()
    for field in (
        page.get_by_role("combobox", name="Which other stories explain the same event?"),
        page.get_by_role("combobox", name="Which event does it explain?"),
        page.get_by_label("What is the claim, as something that could be measured?", exact=True),
        page.get_by_label("What is the story called?", exact=True),
    ):
        field.focus()
        width, of = page.evaluate(RING)
        assert width == "3px"
        assert of >= field.bounding_box()["width"]


@pytest.mark.long
def test_a_long_list_of_problems_says_how_many_more(new_context, app_url):
    page = begun(new_context(viewport=WIDE).new_page(), app_url)
    typed(page, "schema: 1\n" + "".join(f"x{n}: 1\n" for n in range(20)))
    rows = page.get_by_role("button", name=re.compile(r"^✕ Line"))
    expect(rows).to_have_count(8, timeout=15_000)
    told = page.locator(".state").inner_text()
    every = sum(int(n) for n in re.findall(r"\d+", told))
    page.get_by_role("button", name=f"Show {every - 8} more", exact=True).click()
    expect(page.get_by_role("button", name=re.compile("Line \\d"))).to_have_count(every)
    expect(page.get_by_role("button", name=re.compile("^Show"))).to_have_count(0)


@pytest.mark.long
def test_an_emptied_text_stays_and_what_is_forgotten_is_asked(new_context, app_url):
    page = begun(new_context(viewport=WIDE).new_page(), app_url)
    typed(page, "")
    expect(page.get_by_text("The text is empty.")).to_be_visible()
    typed(page, "schema: 1\nid: mine\n")
    with rerun(page):
        page.get_by_role("button", name="Back to the questions").click()
    page.get_by_role("button", name="Forget what I wrote").click()
    expect(page.get_by_text("Nobody can bring them back.")).to_be_visible()
    expect(page.get_by_role("button", name="Back to the text")).to_be_visible()
    with rerun(page):
        page.get_by_role("button", name="Yes, forget it").click()
    expect(page.get_by_role("button", name="Back to the text")).to_have_count(0)


def test_what_is_downloaded_is_what_stands_there(new_context, app_url, tmp_path):
    page = begun(new_context(viewport=WIDE).new_page(), app_url)
    box = page.get_by_role("textbox", name="The story as YAML")
    box.focus()
    page.keyboard.press("Control+End")
    page.keyboard.type("title: Ünder way")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download YAML").click()
    download.value.save_as(tmp_path / "saved.yaml")
    assert (tmp_path / "saved.yaml").read_text("utf-8").endswith("title: Ünder way")
