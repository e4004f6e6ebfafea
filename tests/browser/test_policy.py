"""Every page under the hosted copy's Content-Security-Policy: it works, and the browser refuses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from tests.browser.drawn import charts, words
from tests.browser.settled import rerun, settled
from tests.hosted import Replica, served

WIDE = {"width": 1280, "height": 1000}
STORY = "story?story=basis-trade-unwind&as_of=2025-04-25"
TOLD = """
document.addEventListener('securitypolicyviolation', e => {
  const place = `${e.sourceFile}:${e.lineNumber}`;
  console.error(`refused: ${e.violatedDirective} ${e.blockedURI.slice(0, 80)} ${place}`);
});
"""


@pytest.fixture(scope="module")
def hosted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replica]:
    with served(tmp_path_factory.mktemp("hosted") / "log") as found:
        yield found


@pytest.fixture(scope="module")
def base_url(hosted: Replica) -> str:
    """The hosted copy; the app as people run it is not wanted here."""
    return hosted.url


@pytest.fixture
def page(new_context) -> Iterator[Page]:
    """A page that fails its test where the browser has refused anything."""
    made = new_context(viewport=WIDE).new_page()
    made.add_init_script(TOLD)
    refused: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if "refused: " in message.text or "Content Security Policy" in message.text:
            refused.append(message.text[:300])

    made.on("console", heard)
    yield made
    assert refused == []


def opened(page: Page, url: str) -> Page:
    page.goto(url)
    settled(page)
    return page


@pytest.mark.parametrize(
    ("place", "drawn"),
    [
        ("", True),
        ("walk", True),
        ("stories", False),
        (f"{STORY}&step=tests&test=net-short-shrinks", True),
        (f"{STORY}&step=verdict", True),
        (f"{STORY}&step=tests&embed=true", True),
        ("evidence", True),
        ("rivals", True),
        ("known", False),
        ("audit", False),
        ("watch", True),
        ("data", False),
        ("method", True),
        ("train", False),
    ],
)
def test_a_page(page: Page, hosted: Replica, place: str, drawn: bool) -> None:
    opened(page, f"{hosted.url}/{place}")
    assert len(words(page)) > 200
    assert not drawn or charts(page)


def test_the_editor_hears_and_speaks(page: Page, hosted: Replica) -> None:
    opened(page, f"{hosted.url}/write")
    page.wait_for_function("!document.body.innerText.includes('Looking for what this browser')")
    text = page.get_by_label("The story as YAML")
    if not text.count():
        with rerun(page):
            page.get_by_text("The text", exact=False).first.click()
    expect(text).to_be_visible()
    with rerun(page):
        text.fill("schema: 1\nid: x\n")
    expect(page.get_by_role("status")).not_to_be_empty()


def test_the_brief_is_made_and_taken(page: Page, hosted: Replica, tmp_path: Path) -> None:
    opened(page, f"{hosted.url}/{STORY}&step=verdict")
    with rerun(page):
        page.get_by_role("button", name="Share").click()
    with rerun(page, timeout=60):
        page.get_by_role("radio", name="pdf").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Take the brief along (PDF)").click()
    file = tmp_path / "brief.pdf"
    download.value.save_as(file)
    assert file.read_bytes().startswith(b"%PDF")
    page.emulate_media(media="print")
    assert len(words(page)) > 200
