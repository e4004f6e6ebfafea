"""Every page under the hosted copy's Content-Security-Policy: it works, and the browser refuses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import ConsoleMessage, Page, Route

from tests.browser import acts
from tests.browser.drawn import charts, words
from tests.hosted import Replica, served

WIDE = {"width": 1280, "height": 1000}
MAIN = '[data-testid="stMainBlockContainer"]'
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


@pytest.fixture
def page(elsewhere) -> Iterator[Page]:
    """A page that fails its test where the browser has refused anything."""
    made = elsewhere(viewport=WIDE).new_page()
    made.add_init_script(TOLD)
    refused: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if "refused: " in message.text or "Content Security Policy" in message.text:
            refused.append(message.text[:300])

    made.on("console", heard)
    yield made
    assert refused == []


@pytest.mark.parametrize(
    ("place", "drawn"),
    [
        pytest.param(*of, marks=() if number == 3 else pytest.mark.long)
        for number, of in enumerate(acts.READ.items())
    ],
)
def test_a_page(page: Page, hosted: Replica, place: str, drawn: bool) -> None:
    acts.reads(page, hosted.url, place)
    assert len(words(page)) > 200
    assert not drawn or charts(page)
    # the look comes with the page and not with the session, and outweighs Streamlit's own
    assert page.get_by_test_id("stHtml").count() == 0
    assert widest(page) == 72


def widest(page: Page) -> float:
    """How wide the text may be, in letters: Streamlit itself sets no bound."""
    script = """e => parseFloat(getComputedStyle(e).maxWidth)
      / parseFloat(getComputedStyle(document.documentElement).fontSize)"""
    return float(page.locator(MAIN).evaluate(script))


def test_an_address_that_is_no_pages_has_the_look_too(page: Page, hosted: Replica) -> None:
    """Streamlit answers it with its own page, which has no look of ours."""
    acts.reads(page, hosted.url, "/Start")
    assert page.locator("body > style").count() == 0
    assert widest(page) == 72


def test_a_presentation_outweighs_the_look(page: Page, hosted: Replica) -> None:
    acts.reads(page, hosted.url, "/walk?presenter=on")
    large = "e => parseFloat(getComputedStyle(e).fontSize)"
    assert page.locator("h1").evaluate(large) > 40


def test_a_page_knows_where_its_server_is(page: Page, hosted: Replica) -> None:
    """Streamlit's own page would ask under `/story/` first, and wait for two answers before it opens the websocket."""
    held: list[Route] = []
    asked: list[str] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/_stcore/h*", hold)
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    page.on("websocket", lambda opened: asked.append(urlsplit(opened.url).path))
    acts.reads(page, hosted.url, next(place for place in acts.READ if place.startswith("/story")))
    assert charts(page)
    assert {urlsplit(one.request.url).path for one in held} == {"/_stcore/health", "/_stcore/host-config"}  # fmt: skip
    for one in held:
        one.continue_()
    drawn = [path for path in asked if "ArrowVegaLiteChart" in path]
    assert len(drawn) == 1
    assert asked.index(drawn[0]) < asked.index("/_stcore/stream")


def test_the_editor_hears_and_speaks(page: Page, hosted: Replica) -> None:
    acts.sees_a_mistake(page, hosted.url)


@pytest.mark.long
def test_what_is_written_is_scored(page: Page, hosted: Replica) -> None:
    acts.scores_a_text(page, hosted.url)


@pytest.mark.long
def test_the_brief_is_made_and_taken(page: Page, hosted: Replica, tmp_path: Path) -> None:
    acts.takes_the_brief(page, hosted.url, tmp_path / "brief.pdf")
    page.emulate_media(media="print")
    assert len(words(page)) > 200
