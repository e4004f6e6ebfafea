"""WCAG 2.2 AA on every page and state, light and dark, wide and narrow: nothing beyond what is Streamlit's own."""

import pytest

from evidence.library import HOME
from tests.browser.axe import tall, violations
from tests.browser.settled import rerun, settled
from walkthrough.house import places

STORY, TEST = "basis-trade-unwind", "net-short-shrinks"
WRITTEN = (HOME / "liberation-day" / "swap-spread-unwind.yaml").read_text("utf-8")
STREAMLITS_OWN = frozenset({("presentation-role-conflict", "section")})
"""(rule, selector) of what Streamlit itself breaks and this app cannot mend: the field for a file is a section with
`role="presentation"` that can have the focus."""
PAGES = [
    *(f"/{name}" for name in places() if name not in ("story", "walk", "audit")),
    "/audit?figure=foreign-governments-at-the-auction",
    "/audit?as_of=2025-04-12",
    *(
        f"/story?story={STORY}&step={step}"
        for step in ("claim", "predictions", "tests", "rivals", "verdict", "change")
    ),
    f"/story?story={STORY}&step=verdict&as_of=2025-04-12",
    f"/story?story={STORY}&step=verdict&as_of=2025-05-30&snapshot=2&seal=0123456789ab",
    "/story?story=rebound-fits-the-framework&step=verdict&words=plain",
    "/story?story=nothing&step=nowhere",
    f"/story?story={STORY}&embed=true",
    f"/story?story={STORY}&step=tests&embed=true",
    f"/walk?chapter=stories&step={STORY}.verdict",
    "/walk?chapter=premise&step=dollar&words=plain",
    "/walk?chapter=audit&step=count&presenter=on",
    "/walk?chapter=watch&step=next&as_of=2025-04-12",
    "/stories?sort=verdict&verdicts=supported,mixed",
    f"/train?story={STORY}&step=claim",
    f"/train?story={STORY}&step=tests&as_of=2025-06-20",
    f"/train?story={STORY}&step=verdict&as_of=2025-06-20",
    "/train?exercise=choose-the-window",
]
MODES = [
    pytest.param(1280, "light", PAGES[7::18], id="1280-light-some"),
    pytest.param(390, "dark", PAGES[4::18], id="390-dark-some"),
    pytest.param(1280, "light", PAGES, marks=pytest.mark.long, id="1280-light"),
    pytest.param(390, "dark", PAGES, marks=pytest.mark.long, id="390-dark"),
    pytest.param(1280, "dark", PAGES, marks=pytest.mark.long, id="1280-dark"),
    pytest.param(390, "light", PAGES, marks=pytest.mark.long, id="390-light"),
]
OPENED = [
    pytest.param(1280, "light"),
    pytest.param(390, "dark", marks=pytest.mark.long),
    pytest.param(1280, "dark", marks=pytest.mark.long),
    pytest.param(390, "light", marks=pytest.mark.long),
]


def judged(page):
    tall(page)
    settled(page)
    return [v for v in violations(page) if v[:2] not in STREAMLITS_OWN]


@pytest.mark.parametrize(("width", "scheme", "pages"), MODES)
def test_every_page(new_context, app_url, width, scheme, pages):
    page = new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    ).new_page()
    broken = {}
    for address in pages:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(app_url + address)
        settled(page)
        assert page.evaluate("document.documentElement.lang") == "en"
        main = page.locator('[data-testid="stMain"]')
        assert main.evaluate("e => e.scrollWidth <= e.clientWidth"), address
        if found := judged(page):
            broken[address] = found
    assert broken == {}


@pytest.mark.long
@pytest.mark.parametrize(("width", "scheme"), OPENED)
def test_what_opens(new_context, app_url, width, scheme):
    """Popover, folds and tables, opened."""
    page = new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
    page.goto(f"{app_url}/story?story={STORY}&step=tests&test={TEST}")
    settled(page)
    for name in ("How unusual is that?", "The data behind this chart"):
        with rerun(page):
            page.get_by_text(name).first.click()
    page.get_by_text("The rule in full, why this test, and its caveat").click()
    assert judged(page) == []
    page.set_viewport_size({"width": width, "height": 900})
    with rerun(page):
        page.get_by_role("button", name="Share").click()
    assert judged(page) == []


def predicted(page):
    """A test of a lesson, predicted and shown."""
    page.get_by_role("radiogroup", name="If the claim is true").locator("label").first.click()
    settled(page)
    with rerun(page):
        page.get_by_role("radiogroup", name="What will the data say?").locator(
            "label"
        ).first.click()
    with rerun(page):
        page.get_by_role("button", name="Show what happened").click()


def answered(page):
    """An exercise, answered."""
    with rerun(page):
        page.get_by_role("radiogroup").first.locator("label").first.click()
    with rerun(page):
        page.get_by_role("button", name="Check").click()
    with rerun(page):
        page.get_by_role("button", name="A hint").click()


def written(page):
    """A story with a problem in the editor."""
    with rerun(page):
        page.get_by_role("button", name="Begin with the YAML").click()
    with rerun(page):
        page.get_by_role("textbox", name="The story as YAML").fill("schema: 1\nid: Not An Id\n")
    page.get_by_text("to mend").wait_for()


def scored(page):
    """A story that is written and scored."""
    written(page)
    with rerun(page):
        page.get_by_role("textbox", name="The story as YAML").fill(WRITTEN)
    page.get_by_text("This story can be scored.").wait_for()
    with rerun(page, timeout=60):
        page.get_by_role("button", name="Score it").click()


@pytest.mark.long
@pytest.mark.parametrize(("width", "scheme"), OPENED)
@pytest.mark.parametrize(
    ("address", "act"),
    [
        (f"/train?story={STORY}&step=tests&as_of=2025-06-20", predicted),
        pytest.param("/train?exercise=choose-the-window", answered, marks=pytest.mark.long),
        pytest.param("/write", written, marks=pytest.mark.long),
        ("/write", scored),
    ],
)
def test_what_a_learner_and_a_writer_come_to(new_context, app_url, width, scheme, address, act):
    page = new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
    page.goto(app_url + address)
    settled(page)
    act(page)
    assert judged(page) == []


def test_nothing_moves_for_who_asks_for_rest(new_context, app_url):
    page = new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce").new_page()
    page.goto(f"{app_url}/walk")
    settled(page)
    longest = page.evaluate(
        "Math.max(...[...document.querySelectorAll('.stApp *')].flatMap(e => {const s = getComputedStyle(e);"
        "return [s.transitionDuration, s.animationDuration].flatMap(d => d.split(',').map(parseFloat))}))"
    )
    assert longest < 0.01


def test_axe_finds_what_is_wrong(page):
    """The check can fail: a picture without words, grey on white, a field without a name."""
    page.set_content(
        "<html lang='en'><title>x</title><main><h1>x</h1><img src='data:,'>"
        "<p style='color:#999;background:#fff'>grey</p><input></main></html>"
    )
    assert {rule for rule, *_ in violations(page)} >= {"image-alt", "color-contrast", "label"}
