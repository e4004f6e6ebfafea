"""The form in which a page shows a figure draws what the figure's own spec draws, and differs between figures in its rows alone."""

import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import replace

import pyarrow as pa
import pytest
import vl_convert

from briefs import figures
from briefs.address import parse
from briefs.stand import Stand
from charts import marks, primitives
from charts.drawing import Axis, Plot
from charts.figure import Figure
from charts.rows import Rows
from charts.theme import DARK, LIGHT, Look
from evidence.kinds.base import TestBase
from evidence.narrative import Narrative
from tests import ours, vega_lite

WIDE, NARROW = 620, 320
NEAR = 3.5
"""Pixels by which the two forms may differ: a label's own box is not quite that of an axis' label."""
MOVED = re.compile(r"translate\(([-\d.]+),\s*([-\d.]+)\)")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def desk():
    return ours.desk()


def one_of_each_kind(desk) -> list[tuple[Narrative, TestBase]]:
    found = {test.kind: (story, test) for story in desk.stories.values() for test in story.tests}
    return list(found.values())


def stand(desk, story: Narrative, test: TestBase) -> Stand:
    here = parse("story", {"story": story.id, "step": "tests", "test": test.id}, desk)
    return Stand(desk, here, story, desk.verdict(story.id, here.day))


def of(desk, story: Narrative, test: TestBase, look: Look = LIGHT) -> list[Figure]:
    at = stand(desk, story, test)
    drawn = [*figures.pair(at, look), figures.place(at, look), figures.wider(at, look)]
    return [figure for figure in drawn if figure is not None]


def first(desk, look: Look = LIGHT) -> Figure:
    return next(figure for each in one_of_each_kind(desk) for figure in of(desk, *each, look))


def read(figure: Figure) -> dict[str, list[dict]]:
    return {n: pa.ipc.open_stream(s).read_all().to_pylist() for n, s in figure.drawn.sets.items()}


def as_svg(spec: dict, width: int) -> ET.Element:
    return ET.fromstring(vl_convert.vegalite_to_svg(json.dumps({**spec, "width": width})))


def shown(figure: Figure, width: int) -> ET.Element:
    return as_svg({**figure.drawn.spec, "datasets": read(figure)}, width)


def placed(element: ET.Element, at=(0.0, 0.0)):
    """Each leaf of a picture with where it stands; what is wholly unseen left out."""
    move = MOVED.search(element.get("transform", ""))
    at = (at[0] + float(move[1]), at[1] + float(move[2])) if move else at
    if element.get("opacity") == "0":
        return
    if element.tag in (f"{SVG}text", f"{SVG}path", f"{SVG}line"):
        yield element, at
    for child in element:
        yield from placed(child, at)


def texts(picture: ET.Element) -> list[tuple[str, float, float]]:
    """Labels in order, an outline and its label once."""
    found = {
        ("".join(e.itertext()).strip(), *at) for e, at in placed(picture) if e.tag.endswith("text")
    }
    return sorted(one for one in found if one[0])


def paths(picture: ET.Element) -> Counter:
    """How many marks there are of each colour, of those with one."""
    inks = [e.get("stroke") if e.get("fill") in (None, "none") else e.get("fill")
            for e, _ in placed(picture) if e.tag.endswith("path")]  # fmt: skip
    return Counter(ink[:7].lower() for ink in inks if ink and ink.startswith("#"))


def outline(picture: ET.Element) -> list[tuple[str, float, float, float, float]]:
    """Of each long line its colour and the box around it."""
    found = []
    for e, (x, y) in placed(picture):
        steps = e.get("d", "") if e.tag.endswith("path") else ""
        if e.get("fill") == "none" and steps.count("L") > 3:
            numbers = [float(n) for n in NUMBER.findall(steps)]
            xs, ys = [x + n for n in numbers[::2]], [y + n for n in numbers[1::2]]
            found.append((e.get("stroke", "")[:7], min(xs), max(xs), min(ys), max(ys)))
    return sorted(found)


@pytest.mark.parametrize("apart", [2, pytest.param(1, marks=pytest.mark.long)], ids=["some", "all"])
def test_figures_of_one_size_have_one_spec(desk, apart):
    """So that a browser, on the next step, exchanges rows and builds nothing anew."""
    found = {}
    for story in list(desk.stories.values())[::apart]:
        for test in story.tests:
            for figure in figures.pair(stand(desk, story, test), LIGHT):
                rows = dict.fromkeys(marks.MARKS, 0) | {
                    n: len(own) for n, own in read(figure).items()
                }
                assert set(rows) == set(marks.MARKS), figure.key
                assert {name for name, count in rows.items() if count} == set(figure.drawn.sets)
                assert {"said", "room", "labels"} <= set(figure.drawn.sets)
                size = figure.spec["height"]
                spec = json.dumps(figure.drawn.spec, sort_keys=True)
                assert found.setdefault(size, spec) == spec
    assert len(found) < 6
    assert figure.title not in spec
    assert figure.alt not in spec


def test_what_a_page_shows_is_what_the_figure_draws(desk):
    compared = 0
    for story, test in one_of_each_kind(desk):
        for figure in of(desk, story, test):
            vega_lite.validate({**figure.drawn.spec, "datasets": read(figure)})
            own, page = as_svg(figure.full_spec(), WIDE), shown(figure, WIDE)
            mine, theirs = texts(own), texts(page)
            assert [t for t, *_ in mine] == [t for t, *_ in theirs], figure.key
            for (_, x, y), (_, x2, y2) in zip(mine, theirs, strict=True):
                assert abs(x - x2) < NEAR, figure.key
                assert abs(y - y2) < NEAR, figure.key
            lines, drawn = outline(own), outline(page)
            assert len(lines) == len(drawn), figure.key
            for (ink, *box), (ink2, *box2) in zip(lines, drawn, strict=True):
                assert ink == ink2
                assert max(abs(a - b) for a, b in zip(box, box2, strict=True)) < NEAR, figure.key
            compared += 1
    assert compared > 20


def shapes(picture: ET.Element, *, painted: bool = False) -> list[tuple]:
    """Bars, areas, dots, rules, ticks and grid: of each its colour with its cover, and the box around it.

    painted: in the order in which they are painted.
    """
    found = []
    for e, (x, y) in placed(picture):
        filled = e.get("fill") not in (None, "none", "transparent")
        ink = (e.get("fill") if filled else e.get("stroke")) or ""
        if e.tag.endswith("text") or (e.tag.endswith("path") and not filled) or "#" not in ink:
            continue
        if e.tag.endswith("line"):
            xs, ys = [0.0, float(e.get("x2") or 0)], [0.0, float(e.get("y2") or 0)]
        else:
            box = ET.fromstring(f"<svg>{ET.tostring(e, 'unicode')}</svg>")
            xs, ys = corners(box[0].get("d", ""))
        cover = float(e.get("opacity") or 1) * int(ink[7:] or "ff", 16) / 255
        # a dot of no size is only looked for by its place
        found.append((e.tag, ink[:7].lower(), round(cover, 2),
                      x + min(xs), x + max(xs), y + min(ys), y + max(ys)))  # fmt: skip
    return found if painted else sorted(found)


def corners(path: str) -> tuple[list[float], list[float]]:
    """Places that a path of absolute lines, horizontals, verticals and arcs goes through."""
    xs, ys, x, y = [], [], 0.0, 0.0
    for kind, rest in re.findall(r"([MLHVAhvmlaZz])([^MLHVAhvmlaZz]*)", path):
        numbers = [float(n) for n in re.findall(r"-?\d*\.?\d+(?:e-?\d+)?", rest)]
        step = x, y
        if kind in "ML":
            pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
        elif kind == "A":
            pairs = list(zip(numbers[5::7], numbers[6::7], strict=True))
        elif kind in "Hh":
            pairs = [(n if kind == "H" else step[0] + n, step[1]) for n in numbers]
        elif kind in "Vv":
            pairs = [(step[0], n if kind == "V" else step[1] + n) for n in numbers]
        else:
            assert kind in "Zz", kind
            pairs = []
        for x, y in pairs:
            xs.append(x)
            ys.append(y)
    return xs, ys


def test_each_mark_stands_where_the_figure_has_it(desk):
    seen = Counter()
    for story, test in one_of_each_kind(desk):
        for figure in of(desk, story, test):
            own, page = shapes(as_svg(figure.full_spec(), WIDE)), shapes(shown(figure, WIDE))
            assert [one[:3] for one in own] == [one[:3] for one in page], figure.key
            for mine, theirs in zip(own, page, strict=True):
                off = max(abs(a - b) for a, b in zip(mine[3:], theirs[3:], strict=True))
                assert off < NEAR, (figure.key, mine, theirs)
                seen[mine[0].removeprefix(SVG)] += 1
    assert min(seen["path"], seen["line"]) > 300


def over(shapes: list[tuple]) -> set[tuple]:
    """Which fills, as (colour, cover), lie over which others that they touch."""
    found = set()
    for at, (*low, left, right, top, bottom) in enumerate(shapes):
        for *high, left2, right2, top2, bottom2 in shapes[at + 1 :]:
            wide = min(right, right2) - max(left, left2)
            if low != high and wide > NEAR and min(bottom, bottom2) - max(top, top2) > NEAR:
                found.add((*low, *high))
    return found


def test_nothing_is_painted_over_what_the_figure_has_on_top(desk):
    """Bars stand before the range of earlier ones, and the window lies behind it."""
    covered = 0
    for story, test in one_of_each_kind(desk):
        for figure in of(desk, story, test):
            own, page = (
                [(*one[1:3], *one[3:]) for one in shapes(picture, painted=True) if one[0] == f"{SVG}path"]
                for picture in (as_svg(figure.full_spec(), WIDE), shown(figure, WIDE))
            )  # fmt: skip
            assert over(own) == over(page), figure.key
            covered += len(over(own))
    assert covered > 20


def test_the_pointer_is_told_the_same(desk):
    """A tooltip for each row of a layer that has them, and no other."""
    told = 0
    for story, test in one_of_each_kind(desk):
        for figure in of(desk, story, test):
            tipped = {
                name
                for layer in figure.spec["layer"] if "tooltip" in layer["mark"]
                for name in primitives._NAMED.findall(layer["transform"][0]["filter"])
            }  # fmt: skip
            rows = figure.frame[figure.frame["layer"].isin(tipped) & (figure.frame["tip"] != "")]
            page = [row["tip"] for own in read(figure).values() for row in own if row.get("tip")]
            assert Counter(page) == Counter(rows["tip"]), figure.key
            told += len(page)
    assert told > 500


def test_no_mark_is_lost_and_none_is_added(desk):
    for story, test in one_of_each_kind(desk):
        for figure in of(desk, story, test):
            own, page = paths(as_svg(figure.full_spec(), WIDE)), paths(shown(figure, WIDE))
            own.pop("#ffffff", None), page.pop("#ffffff", None)  # outlines of labels
            assert own == page, figure.key


def test_the_words_are_read_aloud(desk):
    figure = first(desk)
    assert read(figure)["said"] == [
        {"x": 0.0, "y": 0.0, "x2": 1.0, "y2": 1.0, "text": figure.alt},
    ]
    labels = [e.get("aria-label") for e in shown(figure, WIDE).iter() if e.get("aria-label")]
    assert figure.alt in labels


def test_each_look_has_its_own_colours(desk):
    light, dark = first(desk), first(desk, DARK)
    assert light.drawn.sets["ground"] != dark.drawn.sets["ground"]
    inks = {row["ink"][:7] for row in read(dark)["ground"]}
    assert inks <= {DARK.grid, DARK.faint, DARK.ink, DARK.soft}


def lined(axis: Axis, look: Look = LIGHT) -> Figure:
    plot = Plot(look, axis, Axis(0.0, 10.0, ((0.0, "0"), (10.0, "10"))))
    plot.line("line", [0.0, 50.0, 100.0], [1.0, 9.0, 2.0], look.ink)
    return figure_of(plot)


def figure_of(plot: Plot) -> Figure:
    return Figure(
        key="a", spec=plot.spec("A line."), frame=plot.frame(), title="A", subtitle="",
        alt="A line.", table=plot.frame(), source="",
    )  # fmt: skip


def test_labels_that_would_touch_are_left_out():
    """As on Vega's own axes: every second one goes, the first stays."""
    ticks = tuple((float(i * 20), f"a long label {i}") for i in range(6))
    figure = lined(Axis(0.0, 100.0, ticks))
    for width, kept in ((1200, range(6)), (420, range(0, 6, 2)), (NARROW - 80, (0, 4))):
        seen = [text for text, *_ in texts(shown(figure, width)) if text.startswith("a long")]
        assert seen == [f"a long label {i}" for i in kept], width
    labels = [row for row in read(figure)["labels"] if row["text"].startswith("a long")]
    assert labels[0]["narrow"] == 0.0
    assert labels[1]["narrow"] > labels[2]["narrow"] > labels[4]["narrow"] > 0


def test_a_tick_says_what_its_label_says():
    awkward = "a\\b?'c:'\nd, “e”"
    figure = lined(Axis(0.0, 100.0, ((50.0, awkward),)))
    said = {row["text"] for row in read(figure)["labels"]}
    assert awkward.replace("'", "’") in said


def test_rows_that_no_mark_can_say_keep_their_own_spec():
    """Labels with a long and a short form, and bars with corners."""
    plot = Rows(LIGHT, Axis(0.0, 1.0, ()), Axis(0.0, 1.0, ()))
    plot.titles("titles", [{"x": 0.0, "y": 0.5, "text": "A title"}])
    round_ = Plot(LIGHT, Axis(0.0, 1.0, ()), Axis(0.0, 1.0, ()))
    round_.block("bar", [{"x": 0.0, "x2": 1.0, "y": 0.0, "y2": 1.0}], LIGHT.band, radius=3)
    for figure in map(figure_of, (plot, round_)):
        assert figure.drawn.spec == {**figure.spec, "description": figure.alt}
        ((name, sent),) = figure.drawn.sets.items()
        assert name == figure.spec["data"]["name"]
        assert len(pa.ipc.open_stream(sent).read_all()) == len(figure.frame)


@pytest.mark.parametrize("dash", [[4, 10], [2.5, 2], [6, 2, 1]], ids=str)
def test_dashes_that_no_digit_says_are_not_drawn_as_others(dash):
    plot = Plot(LIGHT, Axis(0.0, 1.0, ()), Axis(0.0, 1.0, ()))
    plot.line("line", [0.0, 1.0], [0.0, 1.0], LIGHT.ink, dash=dash)
    figure = figure_of(plot)
    assert figure.drawn.spec["layer"][0]["mark"]["strokeDash"] == dash


def test_a_property_that_is_not_known_is_not_dropped():
    figure = lined(Axis(0.0, 100.0, ()))
    spec = json.loads(json.dumps(figure.spec))
    spec["layer"][0]["mark"]["interpolate"] = "step"
    assert "source" in replace(figure, spec=spec).drawn.sets
    assert "source" in replace(figure, spec={**figure.spec, "title": "A title"}).drawn.sets


def test_the_same_bytes_twice(desk):
    one, again = first(desk), first(desk)
    assert one.drawn.sets == primitives.drawn(again.spec, again.frame, again.alt).sets


def test_dashes_and_cover_come_through():
    plot = Plot(LIGHT, Axis(0.0, 1.0, ()), Axis(0.0, 1.0, ()))
    plot.line("line", [0.0, 0.5, 1.0], [0.0, 1.0, 0.5], "#102030", dash=[6, 2], opacity=0.4)
    figure = figure_of(plot)
    row = read(figure)["lines"][0]
    assert (row["ink"], row["dash"]) == ("#10203066", 62.0)
    drawn = next(e for e, _ in placed(shown(figure, WIDE)) if e.get("stroke-dasharray"))
    assert drawn.get("stroke-dasharray") == "6,2"


def test_places_are_within_the_square(desk):
    """Rows of the frame from the lower left corner (0, 0) to the upper right one (1, 1)."""
    figure = lined(Axis(0.0, 100.0, ()))
    assert [(row["x"], pytest.approx(row["y"])) for row in read(figure)["lines"]] == [
        (0.0, 0.1), (0.5, 0.9), (1.0, 0.2),
    ]  # fmt: skip
