"""The page of rivals and the rivals' step: ties as ties, what is worth nothing called so, rows by test."""

from datetime import date
from pathlib import Path

import pytest

from briefs import answers
from charts.matrix import letters
from evidence.rivals import explaining, rivals
from evidence.wording import first_place
from tests import ours
from tests.visits import session, visit
from walkthrough.prose import plain
from walkthrough.steps import rivals as step

ROOT = Path(__file__).resolve().parent.parent
DESK = ours.desk()
EVENT = DESK.the_event
DAYS = ("latest", "2025-06-20", "2025-04-12", "2019-01-01")


@pytest.fixture(scope="module")
def app():
    return session()


def words(app):
    return [str(e.value) for e in [*app.markdown, *app.caption, *app.header]]


def links(app):
    return [link.proto.label for link in app.get("page_link")]


def contest(as_of):
    day = DESK.newest if as_of == "latest" else date.fromisoformat(as_of)
    ids = explaining(DESK.engine, EVENT.id)
    return rivals(DESK.engine, EVENT.id, EVENT.question, ids, day)


@pytest.mark.parametrize("as_of", DAYS)
def test_the_ranking_shows_every_story_with_its_place_its_sources_and_its_ties(app, as_of):
    visit(app, "rivals", as_of=as_of)
    found, text = contest(as_of), words(app)
    assert plain(first_place(found)) in text
    for one in found.standings:
        tie = " (tied)" if one.tied else ""
        assert f"Place {one.place}{tie}" in text
        assert f"{one.against} against, {one.fits} for, {one.open} open" in text
        assert f"**{letters(found)[one.story]}: {plain(one.title)}**" in links(app)
    for place in {one.place for one in found.standings}:
        same = [one for one in found.standings if one.place == place]
        assert text.count(f"Place {place} (tied)") == (len(same) if len(same) > 1 else 0)


@pytest.mark.parametrize("as_of", DAYS)
def test_what_is_worth_nothing_stands_apart_and_is_called_so(app, as_of):
    visit(app, "rivals", as_of=as_of)
    nothing = [row for row in contest(as_of).rows if row.worth == "nothing"]
    assert ("Worth nothing here" in words(app)) == bool(nothing)
    for row in nothing:
        assert plain(row.title) in links(app)


def test_each_source_is_left_out_once(app):
    visit(app, "rivals", as_of="latest")
    found, letter = contest("latest"), letters(contest("latest"))
    told = [line for line in words(app) if line.startswith("- Without ")]
    changing = [one for one in found.without if one.changes]
    assert len(told) == len(changing)
    for line, one in zip(told, changing, strict=True):
        assert all(letter[story] in line.split("goes to")[1] for story in one.first)


def test_the_pictures_hold_the_tests_that_tell_apart_and_those_that_could(app):
    visit(app, "rivals", as_of="latest")
    found = contest("latest")
    apart = sum(row.worth == "tells_apart" for row in found.rows)
    assert any(
        w.startswith(f"**{apart} of {len(found.rows)} tests tell the stories apart**\n")
        for w in words(app)
    )
    # the other picture is folded, and drawn only once it is asked for
    assert not any("could tell the stories apart, but" in w for w in words(app))


def test_two_tests_of_one_title_keep_a_row_each():
    verdict = DESK.verdict("foreign-private-protest", DESK.newest)
    first, second = verdict.tests[0], verdict.tests[1]
    twins = (first, second.model_copy(update={"title": first.title}), *verdict.tests[2:])
    assert len(step.ordered(twins)) == len(twins)


@pytest.mark.parametrize("story", DESK.stories)
def test_the_step_puts_what_tells_apart_first(story):
    verdict = DESK.verdict(story, DESK.newest)
    apart = [step.tells_apart(trace) for trace in step.ordered(verdict.tests)]
    assert apart == sorted(apart, reverse=True)
    assert len(apart) == sum(t.checks is None for t in verdict.tests)
    assert sum(apart) == sum(
        any(o != "consistent" for o in t.rivals_expect.values())
        for t in verdict.tests
        if t.checks is None
    )


def test_bold_is_only_spoken_of_where_some_rows_are_and_some_are_not():
    """Where every test tells the story from a rival, weight says nothing."""
    expects = {
        "apart": {"a-rival": "inconsistent"},
        "alike": {"a-rival": "consistent"},
        "alone": {},
    }
    one = DESK.verdict("basis-trade-unwind", DESK.newest).tests[0]
    tests = {name: one.model_copy(update={"rivals_expect": held}) for name, held in expects.items()}
    assert [answers.tells_apart(tests[name]) for name in expects] == [True, False, False]
    assert answers.in_bold([tests["apart"], tests["alike"]]) == [True, False]
    assert answers.in_bold([tests["apart"]] * 2) == [False, False]
    assert answers.in_bold([tests["alike"], tests["alone"]]) == [False, False]
    assert "bold" in answers.which_tell_apart([tests["apart"], tests["alike"]])
    assert "Each of these" in answers.which_tell_apart([tests["apart"]] * 2)
    assert "None of these" in answers.which_tell_apart([tests["alike"], tests["alone"]])
