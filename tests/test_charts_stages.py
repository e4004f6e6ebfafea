"""A picture by its stages: rows are added and nothing jumps, and no early stage tells the end."""

import json
import re
from datetime import date, timedelta
from itertools import combinations, pairwise

import pytest

import charts
from charts.drawing import ROOM, Axis, Plot, Words
from charts.figure import COLUMNS, STAGES, Figure
from charts.flows import purchases
from charts.heads import EDGE, Wanted, arranged
from charts.holdings import holdings
from charts.positions import positions
from charts.premise import premise
from charts.scene import named, scene
from charts.stages import staged
from charts.theme import LIGHT
from charts.window import pair
from tests import ours

EVENT = date(2025, 4, 2)
STORE, LIBRARY = ours.store(), ours.library()
DAYS = (date(2025, 3, 1), date(2025, 4, 25), STORE.newest_day)


def drawn(day):
    """(figure, its trace) of one test of each kind, with one of each shape of window."""
    view, found = STORE.as_of(day), {}
    for narrative in LIBRARY.live:
        event = LIBRARY.events[narrative.event]
        for test in narrative.tests:
            if (test.kind, narrative.shelf) in found:
                continue
            given = scene(test, view, LIBRARY.anchor(narrative), event.name)
            figure = charts.for_test(
                test, given.trace, given.ranked, view, given.anchor, LIGHT,
                event_name=event.name, marks=event.marks,
            )  # fmt: skip
            found[test.kind, narrative.shelf] = figure, given.trace
    return list(found.values())


def pages(day):
    view, span = STORE.as_of(day), (date(2024, 9, 1), date(2025, 10, 1))
    return [
        *premise(view, EVENT, LIGHT),
        purchases(view, LIGHT, "bonds_notes", *span, focus=EVENT),
        holdings(view, LIGHT, EVENT, *span, event_name="the tariffs"),
        positions(view, LIGHT, EVENT, event_name="the tariffs"),
    ]


@pytest.fixture(
    scope="module",
    params=[pytest.param(DAYS[0], marks=pytest.mark.long), *DAYS[1:]],
    ids=str,
)
def figures(request):
    return [(figure, trace) for figure, trace in drawn(request.param)] + [
        (figure, None) for figure in pages(request.param)
    ]


def layers(figure: Figure) -> set[str]:
    return set(figure.frame["layer"])


def test_every_layer_has_a_stage(figures):
    """What no step holds comes with the verdict; each step's layers are drawn, and later steps hold more."""
    for figure, _ in figures:
        assert figure.steps, figure.key
        held: set[str] = set()
        for step in figure.steps:
            assert step.stage in STAGES[:-1]
            assert held < step.layers <= layers(figure)
            held = set(step.layers)


def test_steps_add_rows_and_end_with_the_figure(figures):
    for figure, _ in figures:
        steps = staged(figure)
        assert steps[-1] is figure
        order = [STAGES.index(step.stage) for step in steps]
        assert order == sorted(set(order))
        for before, after in pairwise(steps):
            assert layers(before) < layers(after)
            kept = after.frame[after.frame["layer"].isin(layers(before))].reset_index(drop=True)
            assert before.frame.equals(kept), "what was drawn stays as it was"
        for step in steps[:-1]:
            assert tuple(step.frame.columns) == COLUMNS
            assert {k: v for k, v in step.spec.items() if k != "description"} == {
                k: v for k, v in figure.spec.items() if k != "description"
            }
            assert step.spec["layer"] is figure.spec["layer"]
            assert staged(step) == (step,)
        assert len({step.key for step in steps}) == len(steps)


def test_words_fit_what_is_drawn(figures):
    for figure, trace in figures:
        steps = staged(figure)
        for step in steps[:-1]:
            assert step.spec["description"] == step.alt
            assert step.title.strip()
            assert step.title != figure.title
            assert ("Dashed" in step.subtitle) <= ("bar" in layers(step))
            assert ("Grey: where" in step.subtitle) <= ("normal" in layers(step))
            if trace is not None and trace.statistic is not None:
                assert trace.seen not in step.alt
                assert figure.title not in f"{step.title} {step.alt}"
                assert "at least as far" not in step.alt
        first = steps[0]
        held = first.frame[first.frame["tip"] != ""]
        # a picture of something reads its numbers aloud from the first step on
        assert held.empty or re.search(r"\d", first.alt.split(".", 1)[1])


def test_the_event_comes_before_the_range_and_the_range_before_the_verdict(figures):
    stages = {
        "event": "event",
        "window": "event",
        "normal": "range",
        "claimed": "range",
        "seen0": "verdict",
    }
    for figure, trace in figures:
        if trace is None:
            continue
        for step in figure.steps:
            for layer, stage in stages.items():
                if layer in layers(figure):
                    comes = STAGES.index(step.stage) >= STAGES.index(stage)
                    assert (layer in step.layers) == comes, (figure.key, layer)


def test_the_range_is_said_in_numbers():
    seen = 0
    for figure, trace in drawn(STORE.newest_day):
        for step in staged(figure)[:-1]:
            if step.stage == "range" and trace.placebo is not None:
                assert re.search(r"between \S*\d.* and \S*\d", step.title), step.title
                assert step.title in figure.alt
                seen += 1
    assert seen >= 8


def test_the_right_side_of_a_pair_is_built_up_on_the_scale_of_both():
    view = STORE.as_of(STORE.newest_day)
    narrative = LIBRARY.narratives["basis-trade-unwind"]
    use = next(u for u in narrative.controls if u.event and u.expects == "fires")
    control, test = LIBRARY.controls[use.event], narrative.test(use.test)
    left, right = pair(
        test,
        scene(test, view, control.date, control.name),
        scene(test, view, EVENT, "the tariffs"),
        view,
        LIGHT,
    )
    steps = staged(right)
    assert [step.stage for step in steps] == list(STAGES)
    for step in steps:
        for axis in "xy":
            scale = step.spec["encoding"][axis]["scale"]
            assert scale["domain"] == right.spec["encoding"][axis]["scale"]["domain"]
            assert scale["nice"] is scale["zero"] is False
        assert (
            step.spec["encoding"]["y"]["scale"]["domain"]
            == left.spec["encoding"]["y"]["scale"]["domain"]
        )


def frame_of(node):
    """The plot's own group in Vega's scene graph."""
    if isinstance(node, dict):
        if node.get("role") == "frame":
            return node["items"][0]
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            if (found := frame_of(child)) is not None:
                return found
    return None


def test_nothing_jumps():
    """Vega lays out each step for a phone, where room is tightest; the plot has one size and place in all of them."""
    import vl_convert

    def place(figure):
        spec = json.dumps(figure.full_spec(340, "'Liberation Sans', Arial, sans-serif"))
        graph = vl_convert.vegalite_to_scenegraph(spec)
        plot = frame_of(graph["scenegraph"])
        return [graph["width"], graph["height"], *graph["origin"], plot["width"], plot["height"]]

    figures = [figure for figure, _ in drawn(STORE.newest_day)][::4] + pages(STORE.newest_day)
    for figure in figures:
        first, *rest = [place(step) for step in staged(figure)]
        for later in rest:
            assert later == pytest.approx(first, abs=1), figure.title


def test_a_layer_without_a_stage_is_refused():
    plot = Plot(LIGHT, Axis(0, 1, ()), Axis(0, 1, ()))
    with plot.stage("series"):
        plot.line("drawn", [0, 1], [0, 1], LIGHT.ink)
    plot.line("forgotten", [0, 1], [0, 1], LIGHT.ink)
    with pytest.raises(ValueError, match="layers without a stage: forgotten"):
        plot.steps({"series": Words("a", "b", "c")})


def test_a_picture_without_stages_is_one_step():
    plot = Plot(LIGHT, Axis(0, 1, ()), Axis(0, 1, ()))
    plot.line("drawn", [0, 1], [0, 1], LIGHT.ink)
    figure = Figure("k", plot.spec("a"), plot.frame(), "t", "s", "a", plot.frame(), "src")
    assert staged(figure) == (figure,)
    assert ROOM not in layers(figure)


# --- labels on top


def test_labels_on_top_do_not_touch_nor_cross():
    names = [
        ("DeepSeek", 208.0, 52.0),
        ("Germany", 227.0, 118.0),
        ("Tariffs", 241.0, 140.0),
        ("paused", 245.0, 84.0),
    ]
    wanted = [Wanted(at, width) for _, at, width in names]
    placed = arranged(wanted, 290)
    for i, (one, its) in enumerate(zip(wanted, placed, strict=True)):
        start, end = one.span(its.side)
        assert start >= -EDGE
        assert end <= 290 + EDGE
        for other, place in list(zip(wanted, placed, strict=True))[i + 1 :]:
            low, high = other.span(place.side)
            assert place.row != its.row or high <= start or end <= low
            if place.row > its.row:
                assert not start < other.at < end
            if its.row > place.row:
                assert not low < one.at < high


def test_a_lone_label_stands_over_its_rule():
    (placed,) = arranged([Wanted(145, 60)], 290)
    assert (placed.row, placed.side) == (0, "center")
    (edge,) = arranged([Wanted(288, 60)], 290)
    assert edge.side == "right"


def test_labels_far_apart_share_a_row():
    placed = arranged([Wanted(50, 40), Wanted(240, 40)], 290)
    assert [p.row for p in placed] == [0, 0]


def test_many_labels_are_stacked_without_trying_all_orders():
    placed = arranged([Wanted(float(10 * i), 200) for i in range(9)], 290)
    for (i, one), (j, other) in combinations(enumerate(placed), 2):
        low, high = (Wanted(10.0 * k, 200).span(p.side) for k, p in ((i, one), (j, other)))
        assert one.row != other.row or low[1] <= high[0] or high[1] <= low[0]


# --- what the anchor is called


def test_an_anchor_is_called_by_the_marked_day_that_it_is_or_precedes():
    event = LIBRARY.events["liberation-day"]
    marks = {mark.name: mark.on for mark in event.marks}
    german = LIBRARY.anchor(LIBRARY.narratives["outflows-after-german-fiscal-shift"])
    assert marks["Germany's fiscal shift"] - german == timedelta(days=1)
    assert named(event.name, german, event.marks) == "Germany's fiscal shift, 5 March"
    assert named(event.name, EVENT, event.marks) == "Tariffs announced, 2 April"
    assert named(event.name, EVENT, ()) == event.name
    assert named("a quiet day", date(2019, 6, 3), event.marks) == "a quiet day"


def test_an_open_window_says_to_which_day_it_is_known():
    view = STORE.as_of(date(2025, 4, 25))
    narrative = LIBRARY.narratives["foreign-governments-retaliated"]
    given = scene(narrative.test("custody-falls"), view, EVENT, "the tariffs")
    figure = charts.for_test(
        narrative.test("custody-falls"), given.trace, given.ranked, view, EVENT, LIGHT
    )
    frame = figure.frame
    assert list(frame.loc[frame["layer"] == "today", "text"]) == ["known to 25 April"]
    assert "today" in layers(staged(figure)[0])
