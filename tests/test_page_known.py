"""The page *What could we have known?*, the strip on a story's verdict, and the as-of control, without a browser."""

import json
import re
from datetime import date, timedelta
from pathlib import Path
from threading import Thread

import pytest

from briefs.address import parse
from evidence import telling
from evidence.days import day as in_words
from tests.visits import session, visit, ways
from walkthrough import asof, house, memory, wordmarks
from walkthrough import desk as desks
from walkthrough.prose import plain

ROOT = Path(__file__).resolve().parent.parent
EARLY, MIDDLE = date(2025, 4, 12), date(2025, 6, 20)
STORY = "foreign-private-protest"


DEAR = (
    "basis-trade-unwind",
    "everything-fell-together",
    "foreigners-still-exposed",
    "rebound-fits-the-framework",
)
"""They read what comes every day: their histories take longer than those of all other stories together."""


@pytest.fixture(
    scope="module", params=["without-the-dear", pytest.param("all", marks=pytest.mark.long)]
)
def app(request):
    """A session, with all stories among the long tests."""
    desks.opened.clear()
    if request.param != "all":
        found = desks.desk()
        found.stories = {name: s for name, s in found.stories.items() if name not in DEAR}
        assert len(found.stories) > 12
    yield session()
    desks.opened.clear()


@pytest.fixture(scope="module")
def desk(app):
    """The desk that the app itself works with, with all its histories made."""
    found = desks.desk()
    for story in found.stories:
        memory.whole(found, story)
    return found


@pytest.fixture
def background(monkeypatch):
    """Histories are made in the background after all."""
    monkeypatch.setattr(memory, "Thread", Thread)


def words(app):
    parts = [*app.title, *app.header, *app.subheader, *app.markdown, *app.caption, *app.warning]
    return "\n".join(str(part.value) for part in parts)


def links(app):
    """The links as (label, as-of)."""
    found = []
    for label, query in ways(app):
        day = re.search(r"as_of=([\w-]+)", query)
        found.append((label, day[1] if day else None))
    return found


def drawn(app):
    """The alternative texts of the charts."""
    return [json.loads(c.proto.spec).get("description", "") for c in app.get("vega_lite_chart")]


def test_a_page_does_not_wait_for_histories(app, monkeypatch):
    """Right after the start none is made: the page says so, and the control still takes any day."""
    desk = desks.desk()
    monkeypatch.setattr(memory.memory(desk), "made", {})
    monkeypatch.setattr(memory.Memory, "_all", lambda self: None)
    visit(app, "known", as_of=EARLY.isoformat())
    assert telling.reading(0, len(desk.stories)) in words(app)
    assert drawn(app) == []
    assert app.select_slider(key=asof.SLIDER).value == EARLY
    visit(app, "stories", as_of=EARLY.isoformat())
    assert app.select_slider(key=asof.SLIDER).value == EARLY
    visit(app, "story", story=STORY, step="claim", as_of=EARLY.isoformat())
    visit(app, "story", story=STORY, step="verdict", as_of=EARLY.isoformat())
    assert "Reading each day as it was known then …" in words(app)
    assert "What this cannot tell" in words(app), "the rest of the step stands"


def test_the_story_that_somebody_looks_at_comes_first(desk, background, monkeypatch):
    asked = []
    fresh = memory.Memory(desk.engine)

    def made(story):
        asked.append(story)
        fresh.made[story] = None
        if len(asked) == 1:  # somebody opens another story meanwhile
            fresh._next = [STORY, *desk.stories]

    monkeypatch.setattr(fresh, "whole", made)
    fresh.read(desk.stories)
    fresh._thread.join(30)
    assert asked[1] == STORY
    assert sorted(asked) == sorted(desk.stories)


def test_the_background_makes_what_is_missing(desk, background):
    kept = {story: memory.whole(desk, story) for story in desk.stories}
    fresh = memory.Memory(desk.engine, {s: h for s, h in kept.items() if s != STORY})
    fresh.read(desk.stories)
    fresh._thread.join(120)
    assert fresh.made == kept
    before = fresh._thread
    fresh.read(desk.stories)
    assert fresh._thread is before, "nothing is missing, so nothing is started"


def test_the_page_is_in_the_navigation():
    assert "known" in house.places()
    assert list(house.places()).index("known") < list(house.places()).index("data")


def test_on_12_april_nobody_could_know(app, desk):
    visit(app, "known", as_of=EARLY.isoformat())
    said = [s for s in desk.stories.values() if s.shelf == "said"]
    text = words(app)
    assert "On 12 April 2025 nobody could know" in text
    assert f"none of the {len(said)} stories that people told" in text
    assert text.count("Open on 12 April 2025.") >= len(said)


def test_the_first_answer_is_the_custody_report_of_17_april(app, desk):
    visit(app, "known", as_of="latest")
    text = words(app)
    assert "Until 16 April 2025 nobody could know" in text
    assert "17 April 2025, with Fed custody holdings" in text


@pytest.mark.parametrize("as_of", [EARLY.isoformat(), MIDDLE.isoformat(), "latest"])
def test_every_story_has_its_verdict_and_when_it_was_settled(app, desk, as_of):
    visit(app, "known", as_of=as_of)
    day = desk.newest if as_of == "latest" else date.fromisoformat(as_of)
    text = words(app)
    labels = [label for label, _ in links(app)]
    for name, story in desk.stories.items():
        assert f"**{plain(story.title)}**" in labels
        assert wordmarks.verdict(desk.verdict(name, day)) in text
        turn = memory.upto(desk, name, day).settled
        if turn is not None:
            assert turn.on <= day
            assert f"Since {in_words(turn.on)}" in text
            assert desk.verdict(name, day).direction == turn.direction


def test_the_timeline_shows_every_story_and_nothing_later(app, desk):
    visit(app, "known", as_of=MIDDLE.isoformat())
    [alt] = drawn(app)
    for name, story in desk.stories.items():
        assert story.title in alt
        for turn in memory.whole(desk, name).turns:
            if turn.on > MIDDLE:
                assert in_words(turn.on) not in alt


@pytest.mark.parametrize("as_of", ["2025-04-01", "2019-06-01"])
def test_before_the_event_there_was_nothing_to_know(app, desk, as_of):
    visit(app, "known", as_of=as_of)
    event = desk.the_event
    told = telling.too_early(date.fromisoformat(as_of), event.name, event.date)
    assert plain(told) in words(app)
    assert drawn(app) == []


def test_the_verdict_step_shows_how_it_came_about(app, desk):
    visit(app, "story", story=STORY, step="verdict", as_of=MIDDLE.isoformat())
    known = memory.upto(desk, STORY, MIDDLE)
    assert known.turns
    assert any(in_words(known.turns[0].on) in alt for alt in drawn(app))
    text = words(app)
    for turn in memory.whole(desk, STORY).turns:
        assert (plain(turn.sentence) in text) == (turn.on <= MIDDLE)
    visit(app, "story", story=STORY, step="verdict", as_of="2025-03-03")
    assert not any(alt.startswith("The verdict on") for alt in drawn(app))


# --- the as-of control


def test_the_stops_are_the_turns_with_their_releases(desk):
    stops = memory.stops(desk, STORY)
    turns = {t.on: t for t in memory.whole(desk, STORY).turns}
    assert {s.on for s in stops} == {*turns, desk.the_event.date, desk.newest}
    assert all(s.name == turns[s.on].label for s in stops if s.weight)
    every = {s.on for s in memory.stops(desk, None)}
    assert every == {s.on for name in desk.stories for s in memory.stops(desk, name)}
    april = next(s for s in stops if s.on == date(2025, 6, 18))
    assert april.label == "18 Jun 2025: TIC for April"
    assert {s.label for s in stops} >= {"The tariffs of 2 April 2025"}


def test_before_and_after_step_from_turn_to_turn(app, desk):
    stops = [s.on for s in memory.stops(desk, STORY)]
    for here in (EARLY, stops[1], MIDDLE):
        visit(app, "story", story=STORY, step="claim", as_of=here.isoformat())
        steps = {
            label[-1] if label.endswith("→") else label[0]: to
            for label, to in links(app)
            if "→" in label or "←" in label
        }
        before = max(d for d in stops if d < here)
        after = min(d for d in stops if d > here)
        assert steps["←"] == before.isoformat()
        assert steps["→"] == ("latest" if after == desk.newest else after.isoformat())


@pytest.mark.parametrize("page", ["stories", "known"])
def test_the_slider_moves_the_day_and_begins_on_any_day(app, desk, page):
    odd = date(2025, 5, 11)
    assert odd not in {s.on for s in memory.stops(desk, None)}
    visit(app, page, as_of=odd.isoformat())
    slider = app.select_slider(key=asof.SLIDER)
    assert slider.value == odd
    assert "18 Jun 2025: TIC for April" in slider.options
    slider.set_value(date(2025, 6, 18)).run()
    assert not app.exception
    assert app.query_params["as_of"] == "2025-06-18"


def test_the_greatest_days_are_few_and_in_order(desk):
    shown = asof.greatest(memory.stops(desk, None), desk)
    assert [s.on for s in shown] == sorted(s.on for s in shown)
    assert shown[0].on == desk.the_event.date
    assert len(shown) <= asof.MOST_LINKS + 1


def test_a_history_for_the_pages_is_cut_at_the_readers_day(desk):
    whole = memory.whole(desk, STORY)
    assert memory.whole(desk, STORY) is whole, "made once"
    assert memory.upto(desk, STORY, MIDDLE).last == MIDDLE
    assert memory.upto(desk, STORY, whole.first - timedelta(days=1)) is None
    assert parse("known", {"as_of": "2025-04-12"}, desk).day == EARLY
