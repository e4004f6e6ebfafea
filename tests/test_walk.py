"""The guided walk: what each step says and shows, on days when much was known and when nothing was."""

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from briefs import answers, walk
from briefs.address import parse
from briefs.walk.step import WORDS, sentences, told
from charts.stages import STAGES
from charts.theme import DARK, LIGHT
from evidence.trace import TestTrace
from tests import ours

DESK = ours.desk()
EARLY, MIDDLE, LATE = date(2025, 4, 12), date(2025, 6, 20), DESK.newest
DAYS = (EARLY, MIDDLE, LATE)
STAGED = [
    (story.id, story.shelf) for story in DESK.stories.values() if story.shelf in ("premise", "said")
]


@pytest.fixture(scope="module")
def walks():
    return {day: walk.walk(DESK, day) for day in DAYS}


def steps(found):
    return [step for chapter in found for step in chapter.steps]


def test_the_chapters_lead_from_what_happened_to_what_to_watch(walks):
    assert [c.name for c in walks[LATE]] == ["premise", "stories", "evidence", "audit", "watch"]
    titles = walk.titles()
    assert all(chapter.title == titles[chapter.name] for chapter in walks[LATE])


@pytest.mark.parametrize("day", DAYS)
def test_the_steps_are_named_the_same_on_every_day(walks, day):
    """They stand in links."""
    assert {c.name: tuple(s.name for s in c.steps) for c in walks[day]} == dict(DESK.chapters)
    names = [(c.name, s.name) for c in walks[day] for s in c.steps]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("day", DAYS)
def test_each_step_has_a_heading_and_at_most_sixty_words(walks, day):
    for step in steps(walks[day]):
        assert step.heading
        assert 0 < len(step.text.split()) <= WORDS, step.name
        assert step.text == step.text.strip()
        assert bool(step.mark) == bool(step.said), step.name
        assert step.to is None or step.to_label


def test_each_step_of_the_newest_day_has_a_picture_that_is_read_aloud(walks):
    for step in steps(walks[LATE]):
        for look in (LIGHT, DARK):
            figure = step.figure(look)
            assert figure is not None, step.name
            assert len(figure.alt) > 40
            assert figure.source
            assert len(figure.frame)


@pytest.mark.parametrize(("story", "shelf"), STAGED)
def test_a_story_is_told_over_one_chart_that_gains_rows(walks, story, shelf):
    chapter = next(
        c for c in walks[LATE] if c.name == ("premise" if shelf == "premise" else "stories")
    )
    own = {s.name.rpartition(".")[2]: s for s in chapter.steps if s.name.startswith(f"{story}.")}
    assert list(own)[: len(STAGES)] == list(STAGES)
    drawn = [own[stage].figure(LIGHT) for stage in STAGES]
    first = {name: value for name, value in drawn[0].spec.items() if name != "description"}
    for before, after in pairwise(drawn):
        assert {n: v for n, v in after.spec.items() if n != "description"} == first
        assert set(before.frame["layer"]) < set(after.frame["layer"])
        held = after.frame.merge(before.frame.drop_duplicates(), how="inner")
        assert len(held) >= len(before.frame.drop_duplicates())
        assert before.title != after.title
    verdict = DESK.verdict(story, LATE)
    trace = answers.deciding(verdict)
    assert own["verdict"].mark == verdict.direction
    assert own["verdict"].said == answers.says(verdict)
    assert trace is not None
    assert own["event"].text == trace.expected
    assert trace.seen in own["verdict"].text
    assert not any(own[stage].mark for stage in STAGES[:-1])


def test_what_decides_is_one_click_down(walks):
    chapter = next(c for c in walks[LATE] if c.name == "stories")
    trace: TestTrace = DESK.verdict("basis-trade-unwind", LATE).test("net-short-shrinks")
    step = next(s for s in chapter.steps if s.name == "basis-trade-unwind.verdict")
    folds = {fold.name: fold for fold in step.folds}
    assert list(folds) == ["rule", "numbers", "caveats"]
    assert trace.seen in folds["numbers"].lines
    assert trace.caveat in folds["caveats"].lines
    assert any("10 %" in line for line in folds["rule"].lines)


def test_before_the_answer_the_walk_says_that_nobody_could_know(walks):
    chapter = next(c for c in walks[EARLY] if c.name == "stories")
    ends = [s for s in chapter.steps if s.name.endswith(".verdict")]
    assert len(ends) == 3
    for step in ends:
        assert step.mark == "insufficient_data"
        assert "there was no answer" in step.text
    audit = next(c for c in walks[EARLY] if c.name == "audit")
    assert {step.heading for step in audit.steps} == {"The note was not out yet"}
    assert all(step.figure(LIGHT) is None for step in audit.steps)


def test_the_audit_walks_the_figures_of_the_greatest_surprise(walks):
    chapter = next(c for c in walks[LATE] if c.name == "audit")
    made = DESK.audit(LATE)
    surprising = [f.id for f in made.figures if f.status != "reproduced"]
    assert [s.name for s in chapter.steps][:-1] == surprising[: len(chapter.steps) - 1]
    first = made.figure(chapter.steps[0].name)
    assert "18.4 %" in chapter.steps[0].text
    assert first.quote in chapter.steps[0].said


@pytest.mark.parametrize("day", DAYS)
def test_a_stop_has_an_address_and_comes_back_from_it(walks, day):
    at = "latest" if day == LATE else day.isoformat()
    for chapter in walks[day]:
        for step in chapter.steps:
            here = parse("walk", {"chapter": chapter.name, "step": step.name, "as_of": at}, DESK)
            assert (here.chapter, here.step, here.faults) == (chapter.name, step.name, ())
            assert parse("walk", here.parameters(), DESK) == here
            if step.to is not None:
                there = parse(step.to.page, step.to.parameters(), DESK)
                assert (there.faults, there.day) == ((), day)


def test_sentences_are_kept_whole():
    text = "It fell by 2.7 % in April. Then it rose. “So” it ended."
    assert sentences(text) == ["It fell by 2.7 % in April.", "Then it rose.", "“So” it ended."]
    long = " ".join(["word"] * WORDS) + "."
    assert told("One.", long, "Two.") == "One. Two."
    assert told(long) == long
    assert told(f"more {long}") == ""


def test_nothing_here_knows_a_screen():
    for file in Path(walk.__file__).parent.glob("*.py"):
        assert "streamlit" not in file.read_text("utf-8")
