"""The page of what to watch: gauges with their levels, the chain of conditions, and the releases to come."""

from datetime import date
from math import inf
from pathlib import Path

import pytest

from charts.gauge import course, dial, edge, spans
from charts.theme import DARK, LIGHT
from evidence.days import day
from evidence.shelf import row
from evidence.trace import Flip, MattersTrace, Statistic, TestTrace
from tests import ours, visits
from tests.visits import session
from walkthrough import chain, wordmarks
from walkthrough.prose import plain

ROOT = Path(__file__).resolve().parent.parent
DESK = ours.desk()
WATCHED = [s for s in DESK.stories.values() if s.shelf == "watch"]
DAYS = ("latest", "2025-06-20", "2025-04-12", "2019-01-01")


def trace(value, outcome, *flips):
    """A fact's trace with a reading and its turning points (to, at, side)."""
    return TestTrace(
        id="t",
        title="A test",
        kind="level",
        part="act",
        role="hoop",
        series=("x",),
        source_group="x",
        outcome=outcome,
        statistic=None
        if value is None
        else Statistic(value=value, unit="USD bn", label="a level", as_predicted=value),
        matters=MattersTrace(at_least=90, unit="USD bn", declared="$90 bn", why="Because."),
        flips=tuple(Flip(to=to, at=at, unit="USD bn", side=side) for to, at, side in flips),
        rivals_expect={},
        expected="We expect it.",
        seen="We saw it.",
        why="It matters.",
        caveat="",
    )


# --- gauges


def test_a_reading_past_the_level_stands_in_the_claims_span():
    one = trace(140, "consistent", ("neutral", 90, "below"), ("inconsistent", 30, "below"))
    assert spans(one) == {"consistent": (90, inf), "inconsistent": (-inf, 30)}
    assert edge(one) == (90, "as predicted: $90 bn or more")


def test_a_reading_against_the_claim_points_at_the_level_that_would_answer_it():
    one = trace(485, "inconsistent", ("consistent", -130, "below"))
    assert spans(one) == {"inconsistent": (-130, inf), "consistent": (-inf, -130)}
    assert edge(one) == (-130, "as predicted: −$130 bn or less")


def test_an_open_reading_lies_between_the_two():
    one = trace(324, "neutral", ("consistent", 350, "above"), ("inconsistent", 286, "below"))
    assert spans(one) == {"consistent": (350, inf), "inconsistent": (-inf, 286)}
    assert edge(one) == (350, "as predicted: $350 bn or more")


def test_a_band_ends_on_both_sides():
    one = trace(100, "consistent", ("neutral", 90, "below"), ("neutral", 120, "above"))
    assert spans(one)["consistent"] == (90, 120)


@pytest.mark.parametrize("look", [LIGHT, DARK])
def test_the_dial_stands_at_the_reading_and_tints_both_sides(look):
    one = trace(140, "consistent", ("neutral", 90, "below"), ("inconsistent", 30, "below"))
    figure = dial(one, look)
    frame = figure.frame
    assert list(frame[frame.layer == "now"].x) == [140]
    assert list(frame[frame.layer == "consistent"].x) == [90]
    assert list(frame[frame.layer == "inconsistent"].x2) == [30]
    assert figure.alt == "A test: the reading is $140 bn; as predicted: $90 bn or more."
    assert dial(trace(None, "not_evaluable"), look) is None


@pytest.mark.parametrize("story", [s.id for s in DESK.stories.values()])
def test_every_reading_lies_in_the_span_of_its_own_outcome(story):
    for one in DESK.verdict(story, DESK.newest).tests:
        if one.statistic is None:
            continue
        value, found = float(one.statistic.value), spans(one)
        for outcome, (low, high) in found.items():
            inside = low <= value <= high
            assert inside == (outcome == one.outcome), (story, one.id, outcome)


def test_a_course_ends_with_the_newest_value_known_then():
    name = "tic.net.private_equities"
    for on in (date(2025, 6, 20), date(2026, 1, 31)):
        view = DESK.view(on)
        series = view.series(name)
        figure = course(view, name, LIGHT, ())
        assert figure.table.iloc[-1, 0] == str(series.periods[-1])
        assert figure.table.iloc[-1, 1] == series.latest[-1]
        assert day(series.periods[-1].astype(object)) in figure.alt


def test_a_series_without_a_value_draws_an_empty_course():
    figure = course(DESK.view(date(2001, 1, 1)), "tic.net.private_equities", LIGHT, ())
    assert "nothing was out" in figure.alt
    assert len(figure.table) == 0


# --- the page


@pytest.fixture(scope="module")
def app():
    return session()


def visit(app, **query):
    return visits.visit(app, "watch", **query)


def words(app):
    return [str(e.value) for e in [*app.markdown, *app.caption, *app.header, *app.subheader]]


def asked(as_of):
    return DESK.newest if as_of == "latest" else date.fromisoformat(as_of)


@pytest.mark.parametrize("as_of", DAYS)
def test_every_story_to_watch_stands_with_its_verdict(app, as_of):
    assert WATCHED
    visit(app, as_of=as_of)
    text = words(app)
    for story in WATCHED:
        assert plain(story.title) in text
        assert plain(story.claim) in text
        assert wordmarks.verdict(DESK.verdict(story.id, asked(as_of))) in text


def test_the_first_storys_gauges_are_open_and_each_says_its_reading(app):
    visit(app, as_of="latest")
    text = words(app)
    for one in DESK.verdict(WATCHED[0].id, DESK.newest).tests:
        assert wordmarks.outcome(one.outcome) in text
        assert plain(one.seen) in text
    labels = [e.label for e in app.expander]
    for story in WATCHED:
        tests = DESK.verdict(story.id, DESK.newest).tests
        assert plain(f"The gauges: {wordmarks.tally(tests)}") in labels


@pytest.mark.parametrize("as_of", DAYS)
def test_the_calendar_names_only_days_to_come(app, as_of):
    visit(app, as_of=as_of)
    on = asked(as_of)
    view = DESK.view(on)
    names = {name for story in WATCHED for test in story.tests for name in test.reads}
    due = [row(view, name, ()).next_release for name in names]
    coming = sorted({d for d in due if d is not None and d >= on})
    text = words(app)
    for ahead in coming[:12]:
        assert f"**{day(ahead)}**" in text
    for late in {d for d in due if d is not None and d < on}:
        assert f"**{day(late)}**" not in text
    assert any(w.startswith("Due before") for w in text) == any(
        d is not None and d < on for d in due
    )


@pytest.mark.parametrize("story", [s.id for s in WATCHED if s.when])
def test_each_condition_is_a_link_of_the_chain(app, story):
    visit(app, as_of="latest")
    found = DESK.verdict(story, DESK.newest)
    assert found.conditions
    shown = next(w for w in words(app) if plain(DESK.stories[story].title) in w and "Then: " in w)
    for number, one in enumerate(found.conditions, 1):
        link = chain._link(one)
        assert f"{number}. {link}" in shown
        assert {True: "Met", False: "Not met", None: "Open"}[one.met] in link


def test_the_story_of_an_if_then_shows_its_chain_and_asks_nothing_where_it_was_not_judged(app):
    for story in WATCHED:
        found = DESK.verdict(story.id, DESK.newest)
        if not found.conditions:
            continue
        for name in list(app.query_params):
            del app.query_params[name]
        app.query_params["story"], app.query_params["step"] = story.id, "verdict"
        app.switch_page("walkthrough/pages/story.py").run()
        assert not app.exception
        text = "\n".join(words(app))
        assert "The conditions" in text
        assert ("the claim was not judged" in text) == (found.robustness is None)
