"""The training in a real browser: every story and exercise, by mouse and by keyboard; nothing is lost, and the file comes back."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from briefs import figures
from briefs.training.record import Record, Tried, read, written
from tests import ours
from tests.browser.drawn import charts, words
from tests.browser.settled import rerun, settled

DESK = ours.desk()
WIDE = {"width": 1280, "height": 900}
QUICK_STORIES = ("swap-spread-unwind",)
QUICK_EXERCISES = DESK.exercise_ids[:1]
FOCUSED = (
    "() => document.activeElement?.closest('[role=radiogroup]')?.getAttribute('aria-label') ?? ''"
)
PRESSES = 120


def opened(page: Page, url: str) -> Page:
    page.goto(url)
    settled(page)
    page.wait_for_function("!document.body.innerText.includes('Looking for what this browser')")
    settled(page)
    return page


def kept(page: Page) -> Record:
    """The record that this browser keeps."""
    text = page.evaluate("localStorage.getItem('flowcheck-training')")
    found = read(json.dumps(json.loads(text)["record"]))
    assert isinstance(found, Record)
    return found


def tab_to(page: Page, script: str, wanted: str) -> None:
    """Presses Tab until what has the focus is what is wanted."""
    for _ in range(PRESSES):
        if page.evaluate(script) == wanted:
            return
        page.keyboard.press("Tab")
    pytest.fail(f"no way to “{wanted}” by the Tab key")


def choose(page: Page, group: str, at: int, how: str) -> None:
    """The option at a place of a group of choices."""
    if how == "mouse":
        label = page.get_by_role("radiogroup", name=group).locator("label").nth(at)
        with rerun(page):
            label.click()
        return
    tab_to(page, FOCUSED, group)
    with rerun(page):
        page.keyboard.press("Space")
    for _ in range(at):
        with rerun(page):
            page.keyboard.press("ArrowDown")


def press(page: Page, name: str, how: str) -> None:
    button = page.get_by_role("button", name=name, exact=True)
    if how == "mouse":
        with rerun(page):
            button.click()
        return
    tab_to(page, "() => document.activeElement?.innerText ?? ''", name)
    with rerun(page):
        page.keyboard.press("Enter")


def focus_is(page: Page, begins: str) -> None:
    """What has the focus by now, or in a moment: something that begins with these words."""
    script = "begins => (document.activeElement?.innerText ?? '').startsWith(begins)"
    page.wait_for_function(script, arg=begins, timeout=5000)


def onward(page: Page) -> None:
    with rerun(page):
        page.locator(".st-key-walk").get_by_role("button", name="Next").click()


def surer(page: Page, how: str) -> None:
    """One step surer, by the arrow key: that moves the slider and not the lesson."""
    slider = page.get_by_role("slider", name="How sure are you?")
    before = slider.input_value()
    if how == "mouse":
        slider.focus()
    else:
        tab_to(page, "() => document.activeElement?.type ?? ''", "range")
    with rerun(page):
        page.keyboard.press("ArrowRight")
    assert int(slider.input_value()) == int(before) + 5


def learn(page: Page, app_url: str, story: str, how: str) -> None:
    """A whole story as a lesson."""
    tests = DESK.stories[story].tests
    opened(page, f"{app_url}/train?story={story}&step=claim")
    for number, _ in enumerate(tests):
        onward(page)
        assert f"Test {number + 1} of {len(tests)}" in words(page)
        choose(page, "If the claim is true, we would expect …", number % 3, how)
        choose(page, "What will the data say?", number % 4, how)
        if number == 0:
            surer(page, how)
        press(page, "Show what happened", how)
        expect(page.get_by_text("You were", exact=False).first).to_be_visible()
        assert "Traceback" not in words(page)
    onward(page)
    choose(page, "What do all the tests together say?", 1, how)
    press(page, "Compare with the engine", how)
    expect(page.locator(".st-key-engine-verdict")).to_be_visible()
    day = DESK.verdict(story, DESK.newest).stands_for
    record = kept(page)
    for number, test in enumerate(tests):
        said = record.prediction(story, day, test.id)
        assert said is not None
        assert said.was == DESK.verdict(story, DESK.newest).test(test.id).outcome
        assert (
            said.outcome == ("consistent", "inconsistent", "neutral", "not_evaluable")[number % 4]
        )
        assert said.sure == (75 if number == 0 else 70)
    assert record.conclusion(story, day).was == DESK.verdict(story, DESK.newest).direction


def solve(page: Page, app_url: str, name: str, how: str) -> None:
    """An exercise: a wrong answer, a hint, then the right one."""
    posed = figures.posed(DESK, name)
    answers = list(posed.answers)
    wrong = next(a for a in answers if not posed.judge(a).right)
    right = next(a for a in answers if posed.judge(a).right)
    opened(page, f"{app_url}/train?exercise={name}")
    for answer in (wrong, right):
        for field in posed.fields:
            at = [o.id for o in field.options].index(answer[field.id])
            group = page.get_by_role("radiogroup", name=field.label)
            taken = group.locator("label").nth(at).locator("input")
            if not taken.is_checked():
                choose_from_here(page, field.label, at, how)
        press(page, "Check", how)
        judged = posed.judge(answer)
        said = " ".join(words(page).replace("\u2060", "").split())
        assert " ".join(judged.says[0].split()) in said
        assert ("Right." in said) == judged.right
        if not judged.right:
            press(page, "A hint", how)
            assert posed.exercise.hints[0] in " ".join(words(page).split())
    assert posed.exercise.after in " ".join(words(page).split())
    tried = kept(page).tried(name)
    assert (tried.solved, len(tried.answers), tried.hints) == (True, 2, 1)


def choose_from_here(page: Page, group: str, at: int, how: str) -> None:
    """As `choose`; by keyboard from whichever option is taken."""
    if how == "mouse":
        choose(page, group, at, how)
        return
    tab_to(page, FOCUSED, group)
    labels = page.get_by_role("radiogroup", name=group).locator("input")
    checked = [i for i in range(labels.count()) if labels.nth(i).is_checked()]
    if not checked:
        choose(page, group, at, how)
        return
    for _ in range(abs(at - checked[0])):
        with rerun(page):
            page.keyboard.press("ArrowDown" if at > checked[0] else "ArrowUp")


@pytest.mark.parametrize("how", [pytest.param("mouse", marks=pytest.mark.long), "keyboard"])
def test_a_story_and_an_exercise(new_context, app_url, tmp_path, how):
    page = new_context(viewport=WIDE).new_page()
    for story in QUICK_STORIES:
        learn(page, app_url, story, how)
    for name in QUICK_EXERCISES:
        solve(page, app_url, name, how)
    _nothing_is_lost(page, app_url)
    _the_file_comes_back(page, new_context(viewport=WIDE).new_page(), app_url, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("how", ["mouse", "keyboard"])
def test_every_story_and_every_exercise(new_context, app_url, tmp_path, how):
    page = new_context(viewport=WIDE).new_page()
    for story in DESK.stories:
        learn(page, app_url, story, how)
    for name in DESK.exercise_ids:
        solve(page, app_url, name, how)
    record = kept(page)
    assert len(record.predictions) == sum(len(s.tests) for s in DESK.stories.values())
    assert len(record.conclusions) == len(DESK.stories)
    assert all(record.tried(name).solved for name in DESK.exercise_ids)
    _nothing_is_lost(page, app_url)
    _the_file_comes_back(page, new_context(viewport=WIDE).new_page(), app_url, tmp_path)


def _nothing_is_lost(page: Page, app_url: str) -> None:
    """What was said, what is shown of it, and a choice that is only begun, after a reload."""
    opened(page, f"{app_url}/train")
    before, said, drawn = kept(page), words(page), charts(page)
    page.reload()
    opened(page, page.url)
    assert kept(page) == before
    assert words(page) == said
    assert charts(page) == drawn
    opened(page, f"{app_url}/train?story=dollar-fell-before&step=tests&as_of=2025-06-20")
    choose(page, "What will the data say?", 2, "mouse")
    opened(page, page.url)
    chosen = page.get_by_role("radiogroup", name="What will the data say?").locator("input").nth(2)
    expect(chosen).to_be_checked()


def _the_file_comes_back(page: Page, elsewhere: Page, app_url: str, folder: Path) -> None:
    """The downloaded record, in a browser that knows nothing, is the same record."""
    opened(page, f"{app_url}/train")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download your record").click()
    file = folder / "record.json"
    download.value.save_as(file)
    record = read(file.read_text("utf-8"))
    assert record == kept(page)
    assert written(record) == file.read_text("utf-8")
    opened(elsewhere, f"{app_url}/train")
    assert "Nothing is predicted yet" in words(elsewhere)
    with rerun(elsewhere):
        elsewhere.locator('input[type="file"]').set_input_files(file)
    settled(elsewhere)
    assert kept(elsewhere) == record
    assert "came out as you said" in words(elsewhere)


@pytest.mark.long
@pytest.mark.parametrize("how", [pytest.param("mouse", marks=pytest.mark.long), "keyboard"])
def test_the_keyboard_goes_on_where_something_was_shown(new_context, app_url, how):
    """A button that shows something is gone afterwards; the focus is then at the heading of what it showed."""
    page = new_context(viewport=WIDE).new_page()
    opened(page, f"{app_url}/train?story=swap-spread-unwind&step=tests&as_of=2025-06-20")
    choose(page, "If the claim is true, we would expect …", 0, how)
    choose(page, "What will the data say?", 0, how)
    press(page, "Show what happened", how)
    focus_is(page, DESK.stories["swap-spread-unwind"].tests[0].title)
    assert page.evaluate("document.activeElement.tagName") == "H2"
    name = DESK.exercise_ids[0]
    field = figures.posed(DESK, name).fields[0]
    opened(page, f"{app_url}/train?exercise={name}")
    press(page, "A hint", how)
    focus_is(page, "Hint 1 of")
    choose(page, field.label, 0, how)
    press(page, "Check", how)
    focus_is(page, "✕")


@pytest.mark.long
def test_a_link_to_a_test_that_is_not_open_leads_to_the_first_that_is(new_context, app_url):
    story, day = DESK.stories["swap-spread-unwind"], "2025-06-20"
    page = new_context(viewport=WIDE).new_page()
    last = f"{app_url}/train?story={story.id}&step=tests&test={story.tests[2].id}&as_of={day}"
    opened(page, last)
    assert "Test 3 opens once the tests before it are predicted" in words(page)
    which = page.locator(".st-key-which-test")
    expect(which.get_by_role("link")).to_have_count(1)
    expect(page.locator(".st-key-walk").get_by_role("button", name="Next")).to_be_disabled()
    for done in range(2):
        choose(page, "If the claim is true, we would expect …", 0, "mouse")
        choose(page, "What will the data say?", 0, "mouse")
        press(page, "Show what happened", "mouse")
        assert f"test={story.tests[done].id}" in page.url
        assert "opens once" not in words(page)
        onward(page)
    opened(page, last)
    assert "opens once" not in words(page)
    expect(which.get_by_role("link")).to_have_count(3)


@pytest.mark.long
def test_a_trainers_link(new_context, app_url):
    """A chosen set in its order, each story on its day; at the end of one the next is offered."""
    plan = f"exercise.{DESK.exercise_ids[0]},swap-spread-unwind@2025-05-02"
    page = opened(new_context(viewport=WIDE).new_page(), f"{app_url}/train?plan={plan}")
    course = [row.inner_text() for row in page.locator('[class*="st-key-item-"]').all()]
    assert DESK.exercises.by_id[DESK.exercise_ids[0]].title in course[0]
    assert DESK.stories["swap-spread-unwind"].title in course[1]
    solve(page, app_url, DESK.exercise_ids[0], "mouse")
    opened(page, f"{app_url}/train?exercise={DESK.exercise_ids[0]}&plan={plan}")
    with rerun(page):
        page.get_by_role("link", name="Next: ").click()
    assert "as_of=2025-05-02" in page.url
    assert "plan=" in page.url
    assert "as known on 2 May 2025" in words(page)


def test_a_bad_file_and_a_bad_link_are_told(new_context, app_url, tmp_path):
    page = opened(
        new_context(viewport=WIDE).new_page(),
        f"{app_url}/train?plan=no-such-story,swap-spread-unwind@2025-13-01,exercise.nothing",
    )
    assert words(page).count("The plan in the address") == 3
    file = tmp_path / "record.json"
    file.write_text('{"kind": "<script>alert(1)</script>"}', encoding="utf-8")
    with rerun(page):
        page.locator('input[type="file"]').set_input_files(file)
    assert "This is no record of a training" in words(page)
    page.evaluate("localStorage.setItem('flowcheck-training', '{\"record\": 7}')")
    opened(page, f"{app_url}/train")
    assert "could not be read" in words(page)
    assert "Stories as lessons" in words(page)


@pytest.mark.long
def test_two_tabs_of_one_browser_lose_nothing(new_context, app_url):
    """What is done in one tab while another stands open is in both, and in the browser."""
    context = new_context(viewport=WIDE)
    first, second = context.new_page(), context.new_page()
    place = f"{app_url}/train?story=swap-spread-unwind&step=tests"
    opened(first, place)
    opened(second, f"{app_url}/train?story=dollar-fell-before&step=tests")
    for page in (first, second):
        choose(page, "If the claim is true, we would expect …", 0, "mouse")
        choose(page, "What will the data say?", 0, "mouse")
        press(page, "Show what happened", "mouse")
    settled(second)
    opened(first, place)
    assert {p.story for p in kept(first).predictions} == {
        "swap-spread-unwind",
        "dollar-fell-before",
    }


@pytest.mark.long
def test_what_cannot_be_read_is_not_thrown_away(new_context, app_url, tmp_path):
    page = opened(new_context(viewport=WIDE).new_page(), f"{app_url}/train")
    strange = '{"record": {"version": 2}}'
    page.evaluate("text => localStorage.setItem('flowcheck-training', text)", strange)
    opened(page, f"{app_url}/train")
    assert "could not be read" in words(page)
    opened(page, f"{app_url}/train?story=swap-spread-unwind&step=claim")
    assert page.evaluate("localStorage.getItem('flowcheck-training')") == strange
    opened(page, f"{app_url}/train")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download what is kept").click()
    download.value.save_as(tmp_path / "kept.json")
    assert (tmp_path / "kept.json").read_text("utf-8") == strange
    with rerun(page):
        page.get_by_role("button", name="Begin anew").click()
    assert page.evaluate("localStorage.getItem('flowcheck-training')") == strange
    with rerun(page):
        page.get_by_role("button", name="Yes, forget it").click()
    assert "could not be read" not in words(page)


@pytest.mark.long
def test_forgetting_forgets_also_what_was_brought(new_context, app_url, tmp_path):
    file = tmp_path / "record.json"
    tried = Tried(exercise=DESK.exercise_ids[0], answers=({"answer": "x"},))
    file.write_text(written(Record(exercises=(tried,))), encoding="utf-8")
    page = opened(new_context(viewport=WIDE).new_page(), f"{app_url}/train")
    with rerun(page):
        page.locator('input[type="file"]').set_input_files(file)
    assert kept(page).tried(DESK.exercise_ids[0]) == tried
    for answer in ("Keep it", "Yes, forget it"):
        with rerun(page):
            page.get_by_role("button", name="Forget everything").click()
        with rerun(page):
            page.get_by_role("button", name=answer).click()
        expect(page.locator('[data-testid="stPopoverBody"]')).to_have_count(0)
        if answer == "Keep it":
            assert kept(page).tried(DESK.exercise_ids[0]) == tried
            focus_is(page, "Forget everything")
    opened(page, f"{app_url}/train")
    assert page.evaluate("localStorage.getItem('flowcheck-training')") is None


@pytest.mark.long
def test_one_story_on_two_days_in_a_plan(new_context, app_url):
    plan = "swap-spread-unwind@2025-04-12,swap-spread-unwind@2025-05-02,dollar-fell-before"
    page = opened(new_context(viewport=WIDE).new_page(), f"{app_url}/train?plan={plan}")
    assert page.locator('[data-testid="stException"]').count() == 0
    opened(
        page, f"{app_url}/train?plan={plan}&story=swap-spread-unwind&step=verdict&as_of=2025-04-12"
    )
    with rerun(page):
        page.get_by_role("link", name="Next: ").click()
    assert "as_of=2025-05-02" in page.url
    opened(
        page, f"{app_url}/train?plan={plan}&story=swap-spread-unwind&step=verdict&as_of=2025-05-02"
    )
    with rerun(page):
        page.get_by_role("link", name="Next: ").click()
    assert "story=dollar-fell-before" in page.url
    assert "as_of=latest" in page.url
