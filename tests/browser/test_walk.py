"""The walkthrough in a real browser: as somebody walks it with the mouse, on two widths and in two lights."""

import re
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from briefs.address import STEPS
from tests import ours
from tests.browser.drawn import charts
from tests.browser.settled import rerun, settled
from walkthrough.house import places

STORY, SHORT = "basis-trade-unwind", "dollar-fell-before"
DESK = ours.desk()
TITLE = DESK.stories[SHORT].title
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
TESTS = ".st-key-steps p:nth-child(3)"
"""The row of a story's tests, under that of its steps."""
SCREENS = Path(__file__).resolve().parents[2] / "test-results" / "screens"
"""Pictures of every page, kept for whoever wants to look at them (not in git)."""
OWN_NOISE = re.compile(r"/_stcore/(health|host-config)$")
"""Opening a sub-page directly makes Streamlit ask for two addresses that are not there (its own doing)."""


class Faults(list):
    """What a page complained of."""

    def watch(self, page: Page) -> None:
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.append(str(error)))

    def _heard(self, message):
        if message.type == "error" and not OWN_NOISE.search(message.location.get("url", "")):
            self.append(f"{message.text} ({message.location.get('url', '')})")


@pytest.fixture
def faults(page):
    """Everything that goes wrong in the browser's console; nothing may."""
    found = Faults()
    found.watch(page)
    yield found
    assert found == []


@pytest.fixture
def visit(page):
    """Open an address and wait until it is drawn."""

    def go(address: str) -> Page:
        page.goto(address)
        settled(page)
        return page

    return go


def click(page: Page, name: str, exact: bool = True) -> None:
    with rerun(page):
        page.get_by_role("link", name=name, exact=exact).first.click()


def onward(page: Page, which: str = "Next") -> None:
    with rerun(page):
        page.locator(".st-key-walk").get_by_role("button", name=which).click()


def read(page: Page) -> str:
    """The text of the page, without the field that a browser may draw its own way."""
    return page.locator('[data-testid="stMain"]').inner_text()


def place(page: Page) -> str:
    return page.url.split("/", 3)[3]


def test_a_whole_story_with_the_mouse_and_back(page, visit, faults):
    page.set_viewport_size(WIDE)
    visit("/")
    assert page.locator("h1").inner_text() == DESK.the_event.question
    entries = page.evaluate("history.length")
    click(page, "Stories")
    click(page, TITLE)
    assert place(page) == f"story?story={SHORT}&step=claim&as_of=latest"
    expect(page.locator("h1")).to_have_text(TITLE)
    seen = [place(page)]
    box = page.locator(".st-key-walk").get_by_role("button", name="Next").bounding_box()
    for _ in range(len(STEPS) - 1 + len(DESK.stories[SHORT].tests) - 1):
        onward(page)
        seen.append(place(page))
        now = page.locator(".st-key-walk").get_by_role("button").last.bounding_box()
        assert abs(now["y"] - box["y"]) < 1
    assert len(set(seen)) == len(seen)
    assert page.evaluate("history.length") == entries + 1 + len(seen)
    assert seen[-1] == f"story?story={SHORT}&step=change&as_of=latest"
    expect(page.locator("h2").first).to_have_text("What would change it")
    # one entry in the history for each step: the browser's own Back walks back through them
    for before in (seen[-2], seen[-3]):
        with rerun(page):
            page.go_back()
        assert place(page) == before
    expect(page.locator("h2").first).to_have_text("What the rival stories expect")
    with rerun(page):
        page.go_forward()
    assert place(page) == seen[-2]


def test_the_day_changes_the_verdict_and_stays_with_the_reader(page, visit, faults):
    page.set_viewport_size(WIDE)
    visit("/stories?as_of=2025-04-12")
    row = page.locator(f".st-key-story-{STORY}")
    expect(row).to_contain_text("Not enough data yet")
    day = page.get_by_label("As known on")
    with rerun(page):
        day.fill("2025-04-25")
    assert place(page) == "stories?as_of=2025-04-25"
    expect(row).to_contain_text("so far")
    click(page, "Back to the newest")
    expect(row).to_contain_text("Contradicted")
    with rerun(page):
        page.get_by_role("slider").press("ArrowLeft")
    assert "as_of=20" in place(page)
    with rerun(page):
        page.go_back()
    assert place(page) == "stories?as_of=latest"
    click(page, "18 Apr 2025", exact=False)
    assert place(page) == "stories?as_of=2025-04-18"
    expect(row).to_contain_text("so far")
    click(page, "Method")
    assert place(page) == "method?as_of=2025-04-18"


@pytest.mark.long
def test_the_day_goes_along_to_every_page(page, visit, faults):
    page.set_viewport_size(WIDE)
    visit("/stories?as_of=2025-04-18")
    for name, there in places().items():
        click(page, there.title)
        assert place(page).split("?")[0] == name
        assert "as_of=2025-04-18" in place(page)
        assert ("step=" in place(page)) == (name in ("story", "walk"))


def test_the_field_of_the_day_takes_days_that_there_are_and_follows_the_page(page, visit, faults):
    page.set_viewport_size(PHONE)
    visit("/stories?as_of=2025-04-12")
    day = page.get_by_label("As known on")
    expect(day).to_have_value("2025-04-12")
    # neither a day after the data, nor none at all; who leaves it sees the page's own day again
    for wrong in (str(DESK.newest + timedelta(days=1)), "0202-04-12", ""):
        day.fill(wrong)
        page.locator("h1").click()
        expect(day).to_have_value("2025-04-12")
        assert place(page) == "stories?as_of=2025-04-12"
    # keys: nothing is asked while somebody types on, and Enter does not wait
    day.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert place(page) == "stories?as_of=2025-04-12"
    chosen = day.input_value()
    assert chosen != "2025-04-12"
    with rerun(page):
        page.keyboard.press("Enter")
    assert place(page) == f"stories?as_of={chosen}"
    with rerun(page):
        page.go_back()
    assert place(page) == "stories?as_of=2025-04-12"
    expect(day).to_have_value("2025-04-12")
    # who only stops typing is understood as well
    day.focus()
    with rerun(page):
        page.keyboard.press("ArrowUp")
        page.wait_for_url(lambda url: "as_of=2025-04-12" not in url)
    assert place(page) == f"stories?as_of={day.input_value()}"
    with rerun(page):
        day.fill(str(DESK.newest))
    assert place(page) == f"stories?as_of={DESK.newest}"


def test_a_link_in_a_text_is_followed_like_any_other(page, visit, faults):
    """In the same window, each as one entry in the history; with a key held, in a new window, as in any browser."""
    page.set_viewport_size(WIDE)
    visit(f"/story?story={STORY}&step=tests&as_of=latest")
    entries, before = page.evaluate("history.length"), place(page)
    number = page.locator(f"{TESTS} a").nth(2)
    assert number.get_attribute("title") == DESK.stories[STORY].tests[2].title
    with rerun(page):
        number.focus()
        page.keyboard.press("Enter")
    assert f"test={DESK.stories[STORY].tests[2].id}" in place(page)
    expect(page.locator(f"{TESTS} strong")).to_contain_text("3")
    click(page, "The rivals")
    click(page, "Rivals")
    assert place(page).startswith("rivals?")
    assert page.evaluate("history.length") == entries + 3
    for _ in range(3):
        with rerun(page):
            page.go_back()
    assert place(page) == before
    with page.context.expect_page() as opened:
        page.locator(".st-key-pages").get_by_role("link", name="Method").click(
            modifiers=["Control"]
        )
    other = opened.value
    other.wait_for_url("**/method?**")
    other.close()
    assert place(page) == before


def test_nothing_of_a_chart_stays_in_the_next(page, visit, new_context, faults):
    """Pictures of one size are one chart, to which rows come and go: each is as where it is opened alone."""
    story = DESK.stories["foreign-governments-retaliated"]
    tests = [t.id for t in story.tests]
    first = tests.index(
        "official-equities"
    )  # lines and dots; then bars, areas, dots alone, bars again
    page.set_viewport_size(WIDE)
    other = new_context(viewport=WIDE).new_page()
    visit(f"/story?story={story.id}&step=tests&test={tests[first]}&as_of=latest")
    shown = []
    for number in range(first, len(tests)):
        assert f"test={tests[number]}" in place(page)
        shown.append(charts(page))
        other.goto(page.url)
        settled(other)
        assert shown[-1] == charts(other), tests[number]
        onward(page)
    assert all(one != after for one, after in pairwise(shown))


@pytest.mark.long
def test_a_copied_address_shows_the_same_elsewhere(page, visit, new_context, faults):
    address = f"/story?story={STORY}&step=tests&test=net-short-shrinks&as_of=2025-05-02"
    visit(address)
    other = new_context(viewport=WIDE).new_page()
    page.set_viewport_size(WIDE)
    other.goto(page.url)
    settled(other)
    settled(page)
    assert read(other) == read(page)
    assert "665,275" in read(page)


def test_what_is_folded_opens_and_the_data_can_be_taken_along(page, visit, faults):
    page.set_viewport_size(WIDE)
    visit(f"/story?story={STORY}&step=tests&test=net-short-shrinks&as_of=latest")
    charts = page.locator('[data-testid="stVegaLiteChart"]')
    assert charts.count() == 2
    with rerun(page):
        page.get_by_text("How unusual is that?").click()
    assert charts.count() == 3
    with rerun(page):
        page.get_by_text("The data behind this chart").first.click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download this table (CSV)").first.click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert text.count("\n") > 3
    assert "," in text.splitlines()[0]


def test_what_is_typed_into_the_address_is_never_run_or_linked(page, visit, faults):
    visit(
        "/story?story=<img src=x onerror=alert(1)>&step=[a](https://x.example)&as_of=$x^2$ :red[hot]"
    )
    notices = page.locator('[data-testid="stAlert"]')
    assert notices.count() == 3
    text = "\n".join(notices.all_inner_texts()).replace("\N{WORD JOINER}", "")
    assert "<img src=x onerror=alert(1)>" in text
    assert "[a](https://x.example)" in text
    assert "$x^2$ :red[hot]" in text
    assert notices.locator("a, img, .katex").count() == 0


EVERYWHERE = [
    *(f"/{name}" for name in places() if name not in ("story", "walk")),
    *(f"/story?story={STORY}&step={step}&as_of=latest" for step in STEPS),
]
MAIN = ["/start", "/stories", f"/story?story={STORY}&step=tests&as_of=latest"]


@pytest.mark.parametrize(
    ("size", "scheme", "addresses"),
    [
        pytest.param(WIDE, "light", EVERYWHERE, marks=pytest.mark.long, id="1280"),
        pytest.param(PHONE, "light", EVERYWHERE, marks=pytest.mark.long, id="390"),
        pytest.param(WIDE, "dark", MAIN, marks=pytest.mark.long, id="1280-dark"),
        pytest.param(PHONE, "dark", MAIN, marks=pytest.mark.long, id="390-dark"),
    ],
)
def test_every_page_fits_and_is_said_aloud(new_context, app_url, size, scheme, addresses):
    page = new_context(viewport=size, color_scheme=scheme).new_page()
    found = Faults()
    found.watch(page)
    SCREENS.mkdir(parents=True, exist_ok=True)
    for number, address in enumerate(addresses):
        page.goto(app_url + address)
        settled(page)
        main = page.locator('[data-testid="stMain"]')
        wide, room, high = main.evaluate("(e) => [e.scrollWidth, e.clientWidth, e.scrollHeight]")
        assert wide <= room, f"{address} is wider than the window"
        levels = page.eval_on_selector_all(
            "h1,h2,h3,h4", "(all) => all.map(e => Number(e.tagName[1]))"
        )
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels)), (address, levels)
        for chart in page.locator('[data-testid="stVegaLiteChart"]').all():
            said = chart.locator("[aria-label]").evaluate_all("all => all.map(e => e.ariaLabel)")
            assert max(map(len, said)) > 60, "its words are the label of a mark, or its own"
        page.set_viewport_size({"width": size["width"], "height": min(high + 40, 6000)})
        name = re.sub(r"\W+", "-", address).strip("-")
        picture = SCREENS / f"{size['width']}-{scheme}-{number:02}-{name}.png"
        page.screenshot(path=picture)
        assert picture.stat().st_size > 10_000
        page.set_viewport_size(size)
    assert found == []


def test_it_can_be_walked_with_the_keyboard_and_the_focus_is_seen(page, visit):
    page.set_viewport_size(WIDE)
    visit("/stories")
    seen = []
    for _ in range(20):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                "() => {const e = document.activeElement, s = getComputedStyle(e);"
                "return [e.tagName, e.innerText || e.getAttribute('aria-label') || '', s.outlineStyle, s.outlineWidth]}"
            )
        )
    links = [row for row in seen if row[0] == "A"]
    assert {row[1] for row in links} >= {"Start", "Stories", "Data", "Method"}
    assert all(row[2] != "none" and row[3] != "0px" for row in links)
    data = page.get_by_role("link", name="Data", exact=True)
    data.focus()
    with rerun(page):
        page.keyboard.press("Enter")
    assert place(page).startswith("data")
