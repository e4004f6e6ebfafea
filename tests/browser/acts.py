"""What a visitor does that takes more of the app than reading: takes the brief along, writes a story and scores it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from evidence.library import read_library
from tests.browser.drawn import words
from tests.browser.settled import rerun, settled

STORY = "/story?story=basis-trade-unwind&as_of=2025-04-25"
READ = {
    "/": True,
    "/walk": True,
    "/stories": False,
    f"{STORY}&step=tests&test=net-short-shrinks": True,
    f"{STORY}&step=verdict": True,
    f"{STORY}&step=tests&embed=true": True,
    "/evidence": True,
    "/rivals": True,
    "/known": False,
    "/audit": False,
    "/watch": True,
    "/data": False,
    "/method": True,
    "/train": False,
}
"""Every page that is read, and whether it has charts from the start."""
LONG = 120
"""Seconds that a page may take on a machine that does much else."""


REMEMBERING = ("/stories", "/known")
"""Pages that look again and again while histories are being made: on a busy machine they settle late."""


def reads(page: Page, url: str, place: str) -> None:
    """Opens a page and waits until it stands."""
    page.goto(f"{url}{place}")
    if place in REMEMBERING:
        expect(page.locator("h1").first).to_be_visible(timeout=LONG * 1000)
    else:
        settled(page, timeout=LONG)


def takes_the_brief(page: Page, url: str, file: Path) -> None:
    """As a PDF, from *Share*."""
    page.goto(f"{url}{STORY}&step=verdict")
    settled(page, timeout=LONG)
    with rerun(page, timeout=LONG):
        page.get_by_role("button", name="Share").click()
    page.get_by_role("radio", name="PDF").click()
    take = page.get_by_role("button", name="Take the brief along (PDF)")
    expect(take).to_be_visible(timeout=LONG * 1000)
    with page.expect_download() as download:
        take.click()
    download.value.save_as(file)
    assert file.read_bytes().startswith(b"%PDF")


def sees_a_mistake(page: Page, url: str) -> str:
    """The YAML of a story, typed into the editor with a mistake, which is seen at its line. Returns it without one."""
    page.goto(f"{url}/write")
    settled(page, timeout=LONG)
    page.wait_for_function("!document.body.innerText.includes('Looking for what this browser')")
    settled(page, timeout=LONG)
    with rerun(page, timeout=LONG):
        page.get_by_role("button", name="Begin with the YAML").click()
    text = read_library().sources["dollar-fell-before"].text
    box = page.get_by_role("textbox", name="The story as YAML")
    box.fill(text.replace("role: doubly_decisive", "role: douby_decisive"))
    mistake = page.get_by_role("button").filter(has_text="did you mean `doubly_decisive`")
    expect(mistake.first).to_be_visible(timeout=LONG * 1000)
    return text


def scores_a_text(page: Page, url: str) -> None:
    """A story with its mistake mended, scored."""
    text = sees_a_mistake(page, url)
    page.get_by_role("textbox", name="The story as YAML").fill(text)
    score = page.get_by_role("button", name="Score it")
    expect(score).to_be_enabled(timeout=LONG * 1000)
    with rerun(page, timeout=LONG):
        score.click()
    expect(page.get_by_role("heading", name="The verdict").first).to_be_visible(timeout=LONG * 1000)
    assert "The verdict" in words(page)
