"""Every live story shows all that a careful reader asks of it, on the newest day and while the data came in."""

from datetime import date
from pathlib import Path

import pytest

from evidence.days import day
from evidence.wording import OUTCOMES, change, choice_words, first_up, in_full, sole, ways
from tests import ours, visits
from tests.sampled import one_in
from tests.visits import session
from walkthrough import wordmarks
from walkthrough.prose import plain
from walkthrough.steps import rivals as rivals_step

ROOT = Path(__file__).resolve().parent.parent
DESK = ours.desk()
DAYS = (DESK.newest, date(2025, 6, 20))
TESTS = list(
    {(s.id, t.kind): (s.id, t.id) for s in DESK.stories.values() for t in s.tests}.values()
)
"""Of each story a test of each kind: their pages are made alike."""
HEADS = (
    "What is measured",
    "Window",
    "Why",
    "What counts",
    "Compared with",
    "What it could have seen",
    "What turns it",
)


@pytest.fixture(scope="module")
def app():
    return session()


def visit(app, **query):
    return visits.visit(app, "story", **query)


def words(app):
    parts = [*app.title, *app.header, *app.subheader, *app.markdown, *app.caption]
    return "\n".join(str(part.value) for part in parts)


def table_of(app):
    """The table of the rule in full: a heading to a text."""
    found = [t.value for t in app.table if "What is measured" in map(str, t.value.index)]
    assert len(found) == 1
    frame = found[0]
    return {str(head): str(frame.iloc[i, 0]) for i, head in enumerate(frame.index)}


@pytest.mark.parametrize("on", DAYS, ids=str)
@pytest.mark.parametrize("story", DESK.stories)
def test_each_test_is_told_in_full(story, on):
    """Not one heading without its words; a fact says what stands in place of dates and of power."""
    for trace in DESK.verdict(story, on).tests:
        full = in_full(trace, DESK.store.catalogue)
        assert tuple(full) == HEADS
        for head, text in full.items():
            assert len(text) > 10, (story, trace.id, head)
            assert text.endswith((".", "?", "!")), (story, trace.id, head, text)
        if trace.placebo is not None:
            assert f"{trace.placebo.dates:,} earlier windows" in full["Compared with"]
            assert day(trace.placebo.first) in full["Compared with"]
            assert full["What it could have seen"]
        elif trace.outcome != "not_evaluable":
            assert "compared with no other dates" in full["Compared with"]
            assert "In place of it stands its error" in full["What it could have seen"]
        if trace.window is not None:
            assert day(trace.window.first) in full["Window"]
        assert trace.matters.declared in full["What counts"]
        for flip in trace.flips:
            assert f"it would read “{OUTCOMES[flip.to]}”" in full["What turns it"]


@pytest.mark.parametrize(
    ("story", "test"),
    one_in(9, TESTS),
)
def test_the_page_of_a_test_shows_it_in_full_and_when_it_was_set(app, story, test):
    app.session_state["rule"] = True  # unfolded
    visit(app, story=story, step="tests", test=test)
    found = DESK.verdict(story, DESK.newest)
    shown = table_of(app)
    for head, text in in_full(found.test(test), DESK.store.catalogue).items():
        assert shown[head] == plain(text)
    assert day(found.thresholds_set) in shown["When that was set"]
    assert "after the event" in shown["When that was set"]


@pytest.mark.parametrize("story", DESK.stories)
def test_the_rivals_step_says_what_the_rivals_expect(app, story):
    visit(app, story=story, step="rivals")
    text, tests = words(app), DESK.verdict(story, DESK.newest).tests
    expected = {r for t in tests for r in t.rivals_expect} | set(DESK.stories[story].rivals)
    if not expected:
        assert "This story has no rival among the stories here" in text
        return
    assert text.count("We saw: ") == sum(t.checks is None for t in tests)
    stated = [(r, o) for t in tests if t.checks is None for r, o in t.rivals_expect.items()]
    said = sum(text.count(f"” {words_of}") for words_of in rivals_step.EXPECTS.values())
    assert said == len(stated)
    for rival, outcome in stated:
        title = plain(DESK.library.narratives[rival].title)
        assert f"“{title}” {rivals_step.EXPECTS[outcome]}" in text


@pytest.mark.parametrize("story", DESK.stories)
def test_the_verdict_step_says_how_it_was_asked_otherwise_and_when_the_thresholds_were_set(
    app, story
):
    visit(app, story=story, step="verdict")
    text, found = words(app), DESK.verdict(story, DESK.newest)
    assert wordmarks.verdict(found) in text
    assert day(found.thresholds_set) in text
    assert found.thresholds_set.year > found.anchor.year
    assert "after the event and after most of these data" in text
    if found.robustness is None:
        assert "the claim was not judged" in text
        return
    assert f"**{ways(found.robustness)}**" in text
    sensitivity = DESK.engine.sensitivity(story)
    for flip in sensitivity.flips:
        assert (plain(f"{first_up(choice_words(flip))}.") in text) == flip.more
    for source in sensitivity.sole:
        assert plain(f"{first_up(sole(source))}.") in text


@pytest.mark.parametrize("story", DESK.stories)
def test_the_last_step_says_what_flips_it_and_when_to_ask_again(app, story):
    visit(app, story=story, step="change")
    text, found = words(app), DESK.verdict(story, DESK.newest)
    assert "When to ask again" in text
    for one in found.changes:
        assert plain(first_up(change(one).removeprefix(f"{one.title}: "))) in text
    told = {change(one) for one in found.changes}
    for line in found.would_change:
        assert line in told or plain(line) in text
    if found.next_release is not None:
        assert f"**{day(found.next_release.on)}**" in text
    else:
        assert "revision of old" in text
