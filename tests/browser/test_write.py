"""A story written in a real browser by somebody who follows docs/writing-a-narrative.md and nothing else.

The answers are read from that page: each stands under its question, those of a test in a table. So the page is
tested with the form.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from evidence.wording import day
from tests import hostile, ours
from tests.browser.drawn import charts, words
from tests.browser.settled import rerun, settled

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "writing-a-narrative.md").read_text("utf-8")
FORM = GUIDE.partition("\n## 1.")[2].partition("\n## 7.")[0]
WIDE = {"width": 1280, "height": 1000}
DESK = ours.desk()
NAMED = {"Which event does it explain?": "What is the event’s short name?"}
"""What the form asks once *a new event* is chosen."""
CHOSEN = (
    "What kind of move is it?",
    "Which way would it go?",
    "What would its outcome tell?",
    "Do these data measure the thing itself?",
)


@dataclass
class Guide:
    """What the page says to answer: questions with answers, and those of each test."""

    answers: dict[str, str] = field(default_factory=dict)
    tests: list[dict[str, str]] = field(default_factory=list)


def guide() -> Guide:
    found = Guide()
    for asked, answer in re.findall(
        r"\*\*([^*\n]+\?)\*\*[^\n]*\n\n```\n(.*?)\n```", FORM, re.DOTALL
    ):
        found.answers[asked] = answer
    for table in re.findall(
        r"\| the question \| your answer \|\n\|---\|---\|\n((?:\|.*\n)+)", FORM
    ):
        rows = [re.match(r"\| (.+?) \| (.+) \|$", line) for line in table.strip().splitlines()]
        found.tests.append({row[1]: row[2] for row in rows if row})
    return found


def code(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def opened(page: Page, url: str) -> Page:
    page.goto(url)
    settled(page)
    page.wait_for_function("!document.body.innerText.includes('Looking for what this browser')")
    settled(page)
    return page


def fill(page: Page, question: str, answer: str, within: Locator | None = None) -> None:
    box = (within or page).get_by_label(question, exact=True).first
    with rerun(page):
        box.fill(answer)
        box.press("Tab")


def fill_day(page: Page, question: str, answer: str) -> None:
    group = page.get_by_role("group", name=question).first
    parts = group.get_by_role("spinbutton")
    for part, digits in zip(parts.all(), answer.split("-"), strict=True):
        part.click()
        page.keyboard.type(digits)
    with rerun(page):  # the field takes a day when it is left
        page.locator("h1").click()


def select(question: str, word: str, box: Locator) -> None:
    """An option by its word: alone, before a colon, or in brackets at the end."""
    combobox = box.get_by_role("combobox", name=question)
    named = re.compile(rf"^{word}(:|$)|\({word}\)$")
    if named.search(combobox.input_value()):
        return
    option = box.page.get_by_role("option").filter(has_text=named).first
    combobox.click()
    if not option.is_visible():
        combobox.press("ArrowDown")
    with rerun(box.page):
        option.click()


def answer_test(page: Page, number: int, rows: dict[str, str]) -> None:
    box = page.locator(f".st-key-written-test-{number}")
    for question, cell in rows.items():
        answers = code(cell)
        if question == "In which data?":
            series, looked_for = answers
            fill(page, question, looked_for, box)
            with rerun(page):
                box.locator(
                    f'[class*="st-key-settled-t{number}-test-series-{series.replace(".", "-")}"]'
                ).get_by_role("button", name="Take it").click()
            assert series in box.inner_text()
        elif question in CHOSEN:
            select(question, answers[0], box)
        else:
            fill(page, question, answers[0], box)


def write(page: Page, app_url: str) -> str:
    """The whole form by the guide; what stands in the editor then."""
    found = guide()
    opened(page, f"{app_url}/write")
    for question, answer in found.answers.items():
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", answer):
            fill_day(page, question, answer)
        else:
            fill(page, NAMED.get(question, question), answer)
    for number, rows in enumerate(found.tests, 1):
        if number > 1:
            with rerun(page):
                page.get_by_role("button", name="Add a test").click()
        answer_test(page, number, rows)
    with rerun(page, timeout=60):
        page.get_by_role("button", name="Write the YAML").click()
    expect(page.get_by_text("This story can be scored.")).to_be_visible(timeout=30_000)
    return page.get_by_role("textbox", name="The story as YAML").input_value()


def test_the_guide_has_an_answer_to_every_question_that_is_needed():
    found = guide()
    assert len(found.answers) >= 12
    assert len(found.tests) >= 3
    assert all("In which data?" in rows for rows in found.tests)


@pytest.mark.long
def test_from_an_empty_form_to_a_verdict(new_context, app_url, tmp_path):
    page = new_context(viewport=WIDE).new_page()
    text = write(page, app_url)
    with rerun(page, timeout=60):
        page.get_by_role("button", name="Score it").click()
    body = words(page)
    for part in (
        "The verdict",
        "Test by test",
        "The rivals",
        "Other ways of asking",
        "Can these tests tell anything?",
    ):
        assert part in body
    assert "ways of asking agree" in body
    assert f"As known on {day(DESK.newest)}." in body
    assert "nothing after" not in body  # all windows were out long before these series end
    assert len(charts(page)) == 1, "the ways of asking; those of a test are folded"
    with rerun(page):
        page.get_by_text("Its charts").first.click()
    assert len(charts(page)) == 3
    file = _downloaded(page, tmp_path)
    assert file.read_text("utf-8") == text
    assert file.name == "foreign-officials-sold-treasuries.yaml"
    linted = command("lint", str(file))
    assert (linted.returncode, linted.stderr) == (0, "0 errors, 0 warnings\n")
    scored = _as_the_command_scores_it(body, file)
    assert scored["direction"] == "contradicted"
    assert {t["outcome"] for t in scored["tests"]} <= {"consistent", "inconsistent", "neutral"}
    _a_reload_loses_nothing(page, app_url, text)


def _downloaded(page: Page, folder: Path) -> Path:
    with page.expect_download() as download:
        page.get_by_role("button", name="Download YAML").click()
    file = folder / str(download.value.suggested_filename)
    download.value.save_as(file)
    return file


def _as_the_command_scores_it(body: str, file: Path) -> dict[str, Any]:
    """The verdict of the command line on a file, each sentence of which stands on the page."""
    scored: dict[str, Any] = json.loads(command("score", str(file), "--json").stdout)["verdicts"][0]
    assert scored["direction"].replace("_", " ").capitalize() in body
    said = " ".join(body.replace("\u2060", "").replace("\u00a0", " ").split())
    for trace in scored["tests"]:
        assert " ".join(trace["seen"].split()) in said
    return scored


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "evidence", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )  # fmt: skip


def _a_reload_loses_nothing(page: Page, app_url: str, text: str) -> None:
    opened(page, f"{app_url}/write")
    box = page.get_by_role("textbox", name="The story as YAML")
    assert box.input_value() == text
    with rerun(page):
        page.get_by_role("button", name="Back to the questions").click()
    claim = page.get_by_label("What is the claim, as something that could be measured?", exact=True)
    assert (
        claim.input_value()
        == guide().answers["What is the claim, as something that could be measured?"]
    )


def typed(page: Page, text: str) -> None:
    """A text in the place of what stands in the editor."""
    box = page.get_by_role("textbox", name="The story as YAML")
    with rerun(page):
        box.fill(text)


def begun(page: Page, app_url: str) -> Page:
    opened(page, f"{app_url}/write")
    with rerun(page):
        page.get_by_role("button", name="Begin with the YAML").click()
    return page


def test_problems_stand_at_their_lines_as_one_types(new_context, app_url):
    page = begun(new_context(viewport=WIDE).new_page(), app_url)
    text = DESK.library.sources["dollar-fell-before"].text
    typed(page, text.replace("role: doubly_decisive", "role: douby_decisive"))
    line = next(i for i, row in enumerate(text.splitlines(), 1) if "role: doubly_decisive" in row)
    problem = page.get_by_role(
        "button", name=re.compile(rf"Line {line}: .*did you mean `doubly_decisive`")
    )
    expect(problem.first).to_be_visible(timeout=15_000)
    expect(page.get_by_role("button", name="Score it")).to_be_disabled()
    problem.first.click()
    box = page.get_by_role("textbox", name="The story as YAML")
    start = box.evaluate("e => e.value.slice(0, e.selectionStart).split('\\n').length")
    assert start == line
    with rerun(page):
        page.keyboard.type("doubly_decisive")
    expect(page.get_by_role("button", name="Score it")).to_be_enabled(timeout=15_000)


def test_what_one_writes_nobody_else_sees(new_context, app_url):
    first = begun(new_context(viewport=WIDE).new_page(), app_url)
    typed(first, "schema: 1\nid: a-secret-of-mine\n")
    expect(first.get_by_text("to mend")).to_be_visible(timeout=15_000)
    other = opened(new_context(viewport=WIDE).new_page(), f"{app_url}/write")
    assert "a-secret-of-mine" not in other.content()
    board = opened(new_context(viewport=WIDE).new_page(), f"{app_url}/stories")
    assert "a-secret-of-mine" not in board.content()


@pytest.mark.parametrize("width", [pytest.param(1280, marks=pytest.mark.long), 390])
def test_a_text_is_scored_as_the_command_scores_it_and_fits(new_context, app_url, tmp_path, width):
    page = begun(new_context(viewport={"width": width, "height": 900}).new_page(), app_url)
    typed(page, DESK.library.sources["dollar-fell-before"].text)
    expect(page.get_by_role("button", name="Score it")).to_be_enabled(timeout=15_000)
    with rerun(page, timeout=60):
        page.get_by_role("button", name="Score it").click()
    main = page.locator('[data-testid="stMain"]')
    assert main.evaluate("e => e.scrollWidth <= e.clientWidth")
    body = words(page)
    assert "The verdict" in body
    file = _downloaded(page, tmp_path)
    assert file.read_text("utf-8") == DESK.library.sources["dollar-fell-before"].text
    assert len(_as_the_command_scores_it(body, file)["tests"]) > 1


HOSTILE = hostile.by_hand()
OTHERS_WAIT = 20
"""Seconds within which another visitor's page is whole on a busy machine; alone it takes one or two."""
FEW = ["bombs: alias bomb", "in_fields: script 0 everywhere", "in_fields: script 9 everywhere"]
MANY = [*FEW, *list(HOSTILE)[::3]]
"""Each third of them: the others go through the same door in tests/test_hostile.py."""


def pasted(page, text):
    """In place of all that stands there; a long text as the editor takes it from the clipboard."""
    box = page.get_by_role("textbox", name="The story as YAML")
    if text.count("\n") < 200:
        box.fill(text)
        return
    before = time.monotonic()
    box.evaluate(
        "(area, text) => { area.select(); const data = new DataTransfer(); data.setData('text/plain', text);"
        "const paste = { clipboardData: data, bubbles: true, cancelable: true };"
        "area.dispatchEvent(new ClipboardEvent('paste', paste)) }",
        text,
    )
    assert time.monotonic() - before < 5
    assert box.input_value() == text.replace("\r\n", "\n").replace("\r", "\n")[:65_536]


@pytest.mark.long
@pytest.mark.parametrize(
    "names", [FEW, pytest.param(MANY, marks=pytest.mark.long)], ids=["some", "many"]
)
def test_hostile_texts_in_the_editor(new_context, app_url, names):
    """Pasted one by one: each is answered, nothing runs, nothing is fetched, and another visitor's page answers."""
    page = new_context(viewport=WIDE).new_page()
    asked, opened_dialogs = set(), []
    page.on("request", lambda request: asked.add(urlsplit(request.url).hostname))
    page.on("dialog", lambda dialog: (opened_dialogs.append(dialog.message), dialog.dismiss()))
    begun(page, app_url)
    other = opened(new_context(viewport=WIDE).new_page(), f"{app_url}/stories")
    for number, name in enumerate(names):
        text = HOSTILE[name]
        if text.encode("utf-8", "ignore").decode() != text:
            continue  # half a surrogate: no keyboard types it, and no test can send it
        pasted(page, text)
        page.wait_for_function(
            "() => { const all = [...document.querySelectorAll('*')].map(e => e.shadowRoot).filter(Boolean);"
            "const state = all.map(r => r.querySelector('.state')).find(Boolean);"
            "return !state || state.textContent !== 'Checking …' }",
            timeout=15_000,
        )
        settled(page)
        score = page.get_by_role("button", name="Score it")
        if score.count() and score.is_enabled():
            score.click()
            settled(page, timeout=20)
        assert not opened_dialogs, name
        assert page.title() != "owned", name
        assert page.locator("main script").count() == 0
        assert asked <= {"127.0.0.1", None}, (name, asked)
        assert "Traceback" not in words(page)
        if number % 20 == 0:
            before = time.monotonic()
            opened(other, f"{app_url}/stories")
            assert time.monotonic() - before < OTHERS_WAIT
            assert "Which stories hold up?" in words(other)
        assert page.locator('[data-testid="stException"]').count() == 0, name


@pytest.mark.long
def test_score_it_right_after_a_key(new_context, app_url):
    """The click that follows a key at once counts, and it is the newest text that is scored."""
    page = begun(new_context(viewport=WIDE).new_page(), app_url)
    text = DESK.library.sources["dollar-fell-before"].text
    typed(page, text)
    expect(page.get_by_role("button", name="Score it")).to_be_enabled(timeout=15_000)
    box = page.get_by_role("textbox", name="The story as YAML")
    box.fill(text.replace("title: ", "title: Mine, ", 1))
    page.get_by_role("button", name="Score it").click()
    expect(page.get_by_role("heading", name="The verdict", exact=True)).to_be_visible(
        timeout=20_000
    )


@pytest.mark.long
def test_a_second_text_is_asked_for_and_another_tab_is_heard(new_context, app_url):
    context = new_context(viewport=WIDE)
    page = begun(context.new_page(), app_url)
    typed(page, "schema: 1\nid: the-first\n")
    other = opened(context.new_page(), f"{app_url}/write")
    typed(other, "schema: 1\nid: the-second\n")
    settled(other)
    typed(page, "schema: 1\nid: the-third\n")
    expect(page.get_by_text("Another tab of yours has changed the text")).to_be_visible(
        timeout=15_000
    )
    with rerun(page):
        page.get_by_role("button", name="Take its text").click()
    box = page.get_by_role("textbox", name="The story as YAML")
    assert "the-second" in box.input_value()
    with rerun(page):
        page.get_by_role("button", name="Back to the questions").click()
    assert "There is a text already" in words(page)
    expect(page.get_by_role("button", name="Replace the text")).to_be_visible()
