"""The pictures of a verdict's memory: they hold the histories and nothing else, and can be read."""

import json
import re
from datetime import date, timedelta

import numpy as np
import pytest

from charts.drawing import PHONE, Axis
from charts.figure import COLUMNS
from charts.history import MOST_RULES, OPACITY, Scale, Strip, knowable, strip, timeline
from charts.letters import width_of
from charts.theme import DARK, LIGHT, SHAPES, contrast
from evidence.history import History, history, stretches
from evidence.trace import CONFIDENCES
from evidence.wording import DIRECTIONS
from tests import ours, vega_lite

EVENT = (date(2025, 4, 2), "The tariffs")
STORIES = ("foreign-private-protest", "private-outflows-began-before", "swap-spread-unwind")
LOOKS = pytest.mark.parametrize(
    "look",
    [pytest.param(LIGHT, id="light"), pytest.param(DARK, marks=pytest.mark.long, id="dark")],
)


@pytest.fixture(scope="module")
def told() -> dict[str, History]:
    return {name: history(ours.engine(), name, None, None) for name in STORIES}


def sound(figure):
    """What holds for every figure (tests/test_charts.py)."""
    assert tuple(figure.frame.columns) == COLUMNS
    assert not figure.frame.isna().any().any()
    assert np.isfinite(figure.frame[["x", "x2", "y", "y2"]].to_numpy()).all()
    text = json.dumps(figure.spec)
    layers = re.findall(r"datum\.layer === '([^']+)'", text)
    assert set(layers) == set(figure.frame["layer"]), "every row is drawn, every layer has rows"
    assert figure.spec["description"] == figure.alt
    assert figure.spec["width"] == "container"
    assert figure.spec["data"] == {"name": "source"}
    assert all(size >= 12 for size in map(int, re.findall(r'"fontSize": (\d+)', text)))
    assert figure.source.startswith("Flowcheck")
    assert figure.title.strip()
    assert figure.subtitle.strip()
    vega_lite.validate(figure.full_spec(640))


def bars(figure):
    """The bars that carry text."""
    return figure.frame[figure.frame["layer"].str.endswith(("-says", "-waits"))]


@LOOKS
@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("day", ["2025-04-02", "2025-04-12", "2025-06-20", "2026-10-07"])
def test_a_strip_has_a_bar_for_every_stretch(told, look, story, day):
    one = told[story].upto(date.fromisoformat(day))
    figure = strip(one, look)
    sound(figure)
    scale = Scale(one.first, one.last)
    drawn = sorted(bars(figure)["x"])
    assert drawn == pytest.approx([scale.place(s.first) for s in stretches(one)])
    for row in bars(figure).itertuples():
        assert row.key[0] in {SHAPES[d] for d in DIRECTIONS}
        assert row.key[2:] in DIRECTIONS.values()
    assert len(figure.table) == len(stretches(one))
    for turn in one.turns:
        assert turn.sentence in figure.alt


@LOOKS
@pytest.mark.parametrize("day", ["2025-04-02", "2025-04-12", "2025-05-10", "2026-10-07"])
def test_a_timeline_has_a_row_for_every_story(told, look, day):
    known = [h.upto(date.fromisoformat(day)) for h in told.values()]
    figure = timeline({"What people said": known[:1], "What happened": known[1:]}, EVENT, look)
    sound(figure)
    assert {h.title for h in known} <= set(figure.frame["text"])
    assert {"What people said", "What happened"} <= set(figure.frame["text"])
    assert len(bars(figure)) == sum(len(stretches(h)) for h in known)
    assert set(figure.table["story"]) == {h.title for h in known}
    rules = figure.frame[figure.frame["layer"].str.fullmatch(r"rule[1-9]\d*")]
    [event] = figure.frame[figure.frame["layer"] == "rule0"]["text"]
    assert event == EVENT[1]
    days = {f"{t.on.day} {t.on:%b}" for h in known for t in h.turns}
    assert len(rules) <= MOST_RULES
    assert all(re.match(r"\d+ [A-Z][a-z]+", label)[0] in days for label in rules["text"])
    assert bool(len(rules)) == any(h.turns for h in known)


def test_a_timeline_of_twenty_stories_holds_them_apart(told):
    every = [
        h.model_copy(update={"id": f"{h.id}-{i}", "title": f"{h.title} {i}"})
        for i in range(7)
        for h in told.values()
    ]
    figure = timeline({"a": every[:7], "b": every[7:14], "c": every[14:]}, EVENT, LIGHT)
    sound(figure)
    middles = sorted(set(bars(figure)["y"]))
    assert len(middles) == len(every)
    assert min(np.diff(middles)) >= 40, "a row has room for a title and a bar"
    assert figure.spec["height"] >= len(every) * 40
    titles = figure.frame[figure.frame["layer"] == "titles"]
    assert titles["y"].max() < figure.spec["height"]
    assert titles["y"].min() > 0


def test_nothing_that_is_drawn_comes_later(told):
    day = date(2025, 6, 20)
    known = [h.upto(day) for h in told.values()]
    whole = timeline({"a": known}, EVENT, LIGHT)
    later = {t.sentence for h in told.values() for t in h.turns if t.on > day}
    assert later
    shown = " ".join([whole.alt, *whole.frame["tip"], whole.table.to_csv()])
    assert not any(sentence in shown for sentence in later)
    assert whole.frame["x2"].max() <= Scale(EVENT[0], day).place(day)


def test_how_many_could_be_judged(told):
    def says(day):
        return knowable([h.upto(day) for h in told.values()], EVENT[0])

    assert says(date(2025, 4, 12)) == "By 12 April 2025 none of 3 stories could be judged"
    assert says(date(2025, 6, 20)) == (
        "On 2 April 2025 none of 3 stories could be judged; on 20 June 2025 2 could"
    )


def test_the_axis_gives_early_days_more_room_and_keeps_their_order():
    scale = Scale(date(2025, 4, 2), date(2026, 10, 7))
    places = [scale.place(date(2025, 4, 2) + timedelta(days=i)) for i in range(554)]
    steps = np.diff(places)
    assert (steps > 0).all()
    assert (np.diff(steps) < 0).all()
    assert scale.place(date(2025, 1, 1)) == 0.0
    labels = [label for _, label in scale.axis().ticks]
    assert labels[0] == "2 Apr\n2025"
    assert "May" in labels[1]
    assert any("2026" in label for label in labels[1:])


def test_a_short_axis_counts_in_weeks():
    labels = [t for _, t in Scale(date(2025, 4, 2), date(2025, 5, 10)).axis().ticks]
    assert labels == ["2 Apr\n2025", "8 Apr", "15 Apr", "22 Apr", "1 May"]
    [only] = Scale(date(2025, 4, 2), date(2025, 4, 2)).axis().ticks
    assert only == (0.0, "2 Apr\n2025")


def test_a_label_that_is_too_long_for_a_phone_is_shortened():
    plot = Strip(LIGHT, Axis(0.0, 10.0, ()), Axis(0.0, 26.0, ()), height=26)
    name = "6 May: trade in goods and services"
    plot.named([(3.0, f"{name} for March", False), (9.9, f"{name} for March", False)])
    plot.named([(5.0, "7 May: " + "a release with a very long name " * 3, False)])
    shown = plot.frame()
    assert list(shown["text"]) == [f"{name} for March", name, "7 May"]
    assert all(width_of(text) <= PHONE for text in shown["text"])


def blend(colour, page, opacity):
    parts = [
        round(opacity * int(colour[i : i + 2], 16) + (1 - opacity) * int(page[i : i + 2], 16))
        for i in (1, 3, 5)
    ]
    return "#" + "".join(f"{p:02x}" for p in parts)


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])
def test_words_on_a_bar_can_be_read(look):
    assert len(OPACITY) == len(CONFIDENCES)
    assert list(OPACITY) == sorted(OPACITY)
    for direction in ("supported", "contradicted", "mixed"):
        for opacity in OPACITY:
            assert contrast(look.ink, blend(look.verdict(direction), look.page, opacity)) >= 4.5


def test_the_same_history_gives_the_same_figure(told):
    one = told[STORIES[0]]
    first, again = strip(one, LIGHT), strip(one, LIGHT)
    assert (first.key, first.spec) == (again.key, again.spec)
    assert first.key != strip(one, DARK).key
    assert first.key != strip(one.upto(date(2025, 6, 20)), LIGHT).key
