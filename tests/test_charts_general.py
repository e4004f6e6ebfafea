"""The picture of a kind without one of its own: sound for the tests of every kind there is, told by its stages."""

from datetime import date
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

import charts
from charts.figure import COLUMNS
from charts.general import general
from charts.scene import Scene
from charts.stages import staged
from charts.theme import DARK, LIGHT
from evidence.answer import score_test
from evidence.kinds import KINDS
from evidence.quantity import amount
from tests import ours, vega_lite

STORE, LIBRARY = ours.store(), ours.library()
DAYS = (
    pytest.param(date(2025, 3, 1), marks=pytest.mark.long),
    pytest.param(date(2025, 4, 25), marks=pytest.mark.long),
    STORE.newest_day,
)


@cache
def scenes(day):
    """The first test of each kind, scored on a day, with the view of that day."""
    view, found, seen = STORE.as_of(day), [], set()
    for story in LIBRARY.narratives.values():
        for test in story.tests:
            if test.kind not in seen and all(view.held(name) for name in test.reads):
                seen.add(test.kind)
                anchor = LIBRARY.anchor(story)
                given = Scene(*score_test(test, view, anchor), anchor, "the event")
                found.append((test, given, view))
    return found


def first(kind, day=STORE.newest_day):
    return next(found for found in scenes(day) if found[0].kind == kind)


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_it_is_sound_for_every_kind(day):
    drawn = 0
    for test, given, view in scenes(day):
        figure = general(test, given, view, LIGHT)
        vega_lite.validate(figure.spec)
        assert tuple(figure.frame.columns) == COLUMNS
        assert not figure.frame.isna().any().any()
        assert np.isfinite(figure.frame[["x", "x2", "y", "y2"]].to_numpy()).all()
        assert figure.spec["description"] == figure.alt
        assert figure.table["date"].max() <= day.isoformat()
        statistic = given.trace.statistic
        if statistic is None:
            assert given.trace.seen in figure.alt
            assert "this-dot" not in set(figure.frame["layer"])
        else:
            assert amount(float(statistic.value), statistic.unit) in figure.alt
            assert "this-dot" in set(figure.frame["layer"])
        drawn += 1
    assert drawn >= 15


def test_a_stage_adds_to_the_one_before():
    for test, given, view in scenes(STORE.newest_day):
        steps = staged(general(test, given, view, LIGHT))
        layers = [set(step.frame["layer"]) for step in steps]
        assert all(few < more for few, more in pairwise(layers))
        wanted = ["series", "event", "range", "verdict"]
        assert [s.stage for s in steps] == (
            wanted if KINDS[test.kind].is_level else [wanted[i] for i in (0, 1, 3)]
        )
        assert given.trace.seen.split(".")[0] not in steps[0].alt


def test_a_value_of_the_series_is_marked_where_it_stood_beside_its_bar():
    test, given, view = first("reaches")
    frame = general(test, given, view, LIGHT).frame.set_index("layer")
    series = view.series(test.series)
    on = np.datetime64(given.trace.details["on"])
    value = float(series.latest[series.periods == on][0])
    dot = frame.loc["this-dot"]
    assert (dot.x, dot.y) == (float(on.astype(int)), value)
    assert frame.loc["claimed"].y == test.matters.at_least.value
    assert "window" not in frame.index


def test_a_change_is_told_at_the_end_of_its_window_without_a_bar():
    test, given, view = first("change_after")
    figure = general(test, given, view, LIGHT)
    frame = figure.frame.set_index("layer")
    assert frame.loc["this-dot"].x == float(np.datetime64(given.trace.window.last).astype(int))
    assert frame.loc["this"].text.startswith(("+", "−"))
    assert not {"claimed", "claimed-edges"} & set(frame.index)
    assert frame.loc["window"].x == float(np.datetime64(given.trace.window.first).astype(int))


def test_of_several_series_those_of_one_unit_are_drawn_and_named():
    test, given, view = first("largest")
    frame = general(test, given, view, LIGHT).frame
    assert {f"series{i}" for i in range(len(test.reads))} <= set(frame["layer"])
    names = frame.loc[frame["layer"].str.match(r"names\d"), "text"]
    assert set(names) == {view.catalogue.series[name].short for name in test.reads}
    test, given, view = first("falls_together")
    units = [view.catalogue.series[name].unit for name in test.reads]
    assert len(set(units)) > 1
    layers = set(general(test, given, view, LIGHT).frame["layer"])
    assert len({name for name in layers if name.startswith("series")}) == units.count(units[0])


def test_two_names_for_a_day_are_two_figures_and_looks_differ_in_colours_only():
    test, given, view = first("level")
    one = general(test, given, view, LIGHT)
    other = general(test, Scene(given.trace, given.ranked, given.anchor, "a day"), view, LIGHT)
    dark = general(test, given, view, DARK)
    assert len({one.key, other.key, dark.key}) == 3
    assert one.frame.equals(dark.frame)
    assert (one.title, one.alt) == (dark.title, dark.alt)


def test_it_is_drawn_where_a_kind_has_none_of_its_own(monkeypatch):
    test, given, view = first("reaches")
    own = charts.for_test(test, given.trace, given.ranked, view, given.anchor, LIGHT)
    others = {kind: draw for kind, draw in charts.draws().items() if kind != "reaches"}
    monkeypatch.setattr(charts, "draws", lambda: others)
    plain = charts.for_test(test, given.trace, given.ranked, view, given.anchor, LIGHT)
    assert plain.key == general(test, given, view, LIGHT).key != own.key
