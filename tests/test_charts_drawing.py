"""The pencil box: labels that lie on no line, averages that are drawn, typefaces exchanged for an export."""

import json

import numpy as np
import pytest
import vl_convert

import charts
from charts.drawing import Axis, Plot
from charts.figure import Figure
from charts.finish import claimed, labelled
from charts.letters import width_of
from charts.scene import scene
from charts.theme import LIGHT, SANS
from tests import ours

STORE, LIBRARY = ours.store(), ours.library()
NEWEST = STORE.as_of(STORE.newest_day)


def drawn(story, test):
    narrative = LIBRARY.narratives[story]
    test = narrative.test(test)
    anchor, event = LIBRARY.anchor(narrative), LIBRARY.events[narrative.event]
    given = scene(test, NEWEST, anchor, event.name)
    figure = charts.for_test(
        test, given.trace, given.ranked, NEWEST, anchor, LIGHT, event_name=event.name
    )
    return figure, given


def rows(figure, layer):
    return figure.frame[figure.frame["layer"] == layer]


def mark(figure, layer, kind):
    """The layer of a spec that draws some rows with a kind of mark."""
    return next(
        found
        for found in figure.spec["layer"]
        if f"'{layer}'" in json.dumps(found["transform"]) and found["mark"]["type"] == kind
    )


def test_every_kind_of_picture_compiles():
    """What Altair's schema lets pass Vega-Lite can still refuse."""
    seen = set()
    for narrative in LIBRARY.live:
        for test in narrative.tests:
            if test.kind not in seen:
                seen.add(test.kind)
                figure, _ = drawn(narrative.id, test.id)
                vl_convert.vegalite_to_vega(json.dumps(figure.full_spec(620)))
    assert len(seen) >= 15


def test_averages_over_months_are_drawn_from_edge_to_edge():
    figure, given = drawn("foreign-private-protest", "bonds-still-sold")
    (average,) = rows(figure, "mean0").itertuples()
    assert average.y == pytest.approx(
        float(given.trace.statistic.value) / given.trace.window.published
    )
    window = rows(figure, "window").iloc[0]
    assert average.x == window["x"]
    # not beyond: the months after were not asked about
    assert average.x2 == window["x2"]
    figure, given = drawn("inflows-stalled-after-deepseek", "stocks-slow")
    window = rows(figure, "window").iloc[0]
    before = next(m for m in ("mean0", "mean1") if rows(figure, m)["x2"].iloc[0] <= window["x"])
    assert rows(figure, before)["y"].iloc[0] == pytest.approx(float(given.ranked.event.base[0]))


def test_months_outside_the_window_are_not_greyed_by_the_ribbon():
    figure, _ = drawn("foreign-private-protest", "private-bonds-sold")
    assert rows(figure, "bars-ground")["y2"].tolist() == rows(figure, "bars")["y2"].tolist()
    assert mark(figure, "bars-ground", "rect")["mark"]["color"] == LIGHT.page
    inside = rows(figure, "bars-inside")
    assert len(inside) == 1
    assert inside["y2"].iloc[0] in rows(figure, "bars")["y2"].tolist()


def test_a_marked_value_has_its_label_on_top_and_a_rule_down_to_it():
    plot = Plot(LIGHT, Axis(0, 100, ()), Axis(0, 50, ()))
    plot.line("series", [0, 100], [0, 50], LIGHT.ink)
    labelled(plot, "this", 40, 20, "9 April: 20 %", LIGHT.ink)
    figure = Figure("k", plot.spec("a"), plot.frame(), "t", "s", "a", plot.frame(), "src")
    rule, label = mark(figure, "this", "rule"), mark(figure, "this", "text")
    assert label["encoding"]["y"]["value"] < 0, "above the plot, where no line is"
    assert rule["encoding"]["y2"]["value"] <= label["encoding"]["y"]["value"] + 1
    assert rows(figure, "this")["y"].iloc[0] == 20.0, "the rule ends at the dot"
    assert rows(figure, "this-dot")["y"].iloc[0] == 20.0


@pytest.mark.parametrize(("turn", "side"), [(1, "right"), (-1, "left")])
def test_the_claim_is_named_where_the_line_is_not(turn, side):
    """The line runs along the claim's edge over one half of the plot and far from it over the other."""
    x = np.linspace(0, 100, 101)
    y = np.where(turn * (x - 50) < 0, 54.0, 5.0)
    plot = Plot(LIGHT, Axis(0, 100, ()), Axis(0, 100, ()))
    claimed(plot, 50.0, None, x, y, over=True)
    (row,) = [r for r in plot.rows if r[0] == "claimed-says"]
    assert row[1] == (100.0 if side == "right" else 0.0)
    assert row[3] > 50.0, "inside the claim's band"


def test_an_export_can_have_another_typeface():
    figure, _ = drawn("foreign-governments-retaliated", "custody-falls")
    spec = figure.full_spec(620, "'Some Face', serif")
    assert SANS not in json.dumps(spec, ensure_ascii=False)
    assert spec["config"]["axis"]["labelFont"] == spec["config"]["font"] == "'Some Face', serif"
    assert spec["config"]["axis"]["labelFontSize"] == figure.spec["config"]["axis"]["labelFontSize"]
    assert figure.spec["config"]["font"] == SANS, "the figure stays as it was"
    assert figure.full_spec(620)["config"] == figure.spec["config"]


@pytest.mark.parametrize(
    ("text", "width"),
    [
        # advances of the shipped Source Sans 3, semi-bold, at 12 px, read with fontTools
        ("what would matter:", 102.1),
        ("−$12 bn (−0.4 %)", 84.9),
        ("Germany's fiscal shift", 110.6),
        ("The tariffs of 2 April 2025", 127.8),
    ],
)
def test_widths_are_those_of_our_typeface_and_a_little_more(text, width):
    assert width <= width_of(text) <= 1.08 * width


def test_a_label_of_several_lines_is_as_wide_as_its_longest():
    assert width_of("short\nmuch longer") == width_of("much longer")
    assert width_of("") == 0.0


def test_single_values_of_peers_can_be_seen():
    figure, _ = drawn("exceptionalism-lasts", "projected-largest")
    assert len(rows(figure, "only0")) == 1
    assert rows(figure, "only0")["y"].tolist() == rows(figure, "series0")["y"].tolist()
