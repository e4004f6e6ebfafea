"""Hostile and broken documents in the editor: each answered in time, with words, and nothing else happens."""

import html
import json
import random
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import vl_convert

from briefs import drafted, sandbox
from briefs.drafted import Wanted
from briefs.sandbox import limits
from evidence.kinds import KINDS
from tests import hostile, ours

ROOT = Path(__file__).parent.parent
CANARY = Path("/tmp/flowcheck-hostile")
LATE = limits.SECONDS + 1.5
"""Seconds within which each is answered: the limit, and what it takes to say so on a busy machine."""
BY_HAND = hostile.by_hand()
ALWAYS = (
    "bombs: alias bomb", "bombs: merge bomb", "shapes: brackets nested and closed", "masses: many keys",
    "masses: duplicate keys", "signs: half a surrogate at the top", "signs: UTF-16 read as Latin-1",
    "in_fields: script 0 everywhere", "in_fields: script 9 everywhere", "values: basis-trade-unwind anchored at 2035-12-31",
    "values: foreign-private-protest anchored at 2035-12-31", "whole: largest among 24", "whole: 6 legs over 3 weeks",
    "whole: 24 times 6 legs", "ways: 700 windows", "ways: everything-fell-together over all series and windows",
    "worlds: 10 cases of 6,000 values", "conditions: rests on itself by a test",
    "conditions: takes the place of us-crowds-the-index and rests on others", "matching: many unknown series",
    "too long: by far",
)  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def helper():
    """The helper is ready before the clock runs, and is the same when all is over."""
    assert sandbox.problems("a: b").fault is None
    process = sandbox._asking._helper.process
    before = files()
    yield
    assert sandbox._asking._helper.process is process, "a text has ended the helper"
    assert process.poll() is None
    assert files() == before
    assert not CANARY.exists()
    sandbox._asking.end()


def files():
    """What lies where a story's name or text could have led: the root, the stories and the snapshot."""
    folders = (
        ROOT,
        ROOT / "narratives" / "liberation-day",
        ROOT / "evidence" / "snapshot",
        ROOT / ".streamlit",
    )
    return {str(path) for folder in folders if folder.is_dir() for path in folder.iterdir()}


def answered(text):
    """Both questions about a text: the seconds that each took, and what came of the second."""
    begun = time.monotonic()
    read = sandbox.problems(text)
    between = time.monotonic()
    found = sandbox.scored(text)
    took = between - begun, time.monotonic() - between
    assert max(took) < LATE
    for one in (read, found):
        assert one.fault is None or one.fault.code in ("long", "refused", "slow"), one.fault
        assert one.fault is None or one.fault.sentence
        assert one.sound or one.problems or one.fault
        for problem in one.problems:
            assert problem.line >= 1
            assert problem.message.isprintable()
    assert read.problems == found.problems
    assert read.verdict is None
    assert found.verdict is not None or not found.sound or found.fault is not None
    return *took, found


def few():
    """Those that are always tried, some of the others, and some mutants."""
    others = sorted(name for name in BY_HAND if name not in ALWAYS)
    chosen = [*ALWAYS, *random.Random(hostile.SEED).sample(others, 6)]
    return {**{name: BY_HAND[name] for name in chosen}, **hostile.mutated(2)}


def test_there_are_more_than_two_hundred_and_they_are_the_same_on_every_run():
    assert len(BY_HAND) + len(hostile.mutated(200)) > 700
    assert hostile.by_hand() == BY_HAND
    assert hostile.mutated(20) == hostile.mutated(20)
    assert set(ALWAYS) <= BY_HAND.keys()


@pytest.mark.parametrize("name", FEW := few())
def test_a_few_of_all_sorts(name):
    answered(FEW[name])


@pytest.mark.long
def test_all_of_them():
    told = []
    for name, text in {**BY_HAND, **hostile.mutated(400)}.items():
        try:
            read, scored, _ = answered(text)
        except AssertionError as fault:
            raise AssertionError(name) from fault
        told.append((read, scored))
    for what, seconds in zip(("problems", "scored"), zip(*told, strict=True), strict=True):
        every = sorted(seconds)
        print(
            f"{what}: {len(every)} texts, 95 in 100 within {every[len(every) * 95 // 100]:.2f} s, all within {every[-1]:.2f} s"
        )


@pytest.mark.long
def test_others_are_answered_meanwhile():
    slow = BY_HAND["values: basis-trade-unwind anchored at 2020-03-15"]
    good = hostile.story("us-crowds-the-index")
    with ThreadPoolExecutor(3) as pool:
        busy = [pool.submit(sandbox.scored, slow) for _ in range(3)]
        for _ in range(10):
            begun = time.monotonic()
            assert sandbox.problems(good).sound
            assert time.monotonic() - begun < 2
        for one in busy:
            fault = one.result().fault
            assert fault is None or fault.code in ("slow", "busy", "refused")


# -- what a figure is made of ------------------------------------------------------------------------

MARK = "zq' + toString(6*111127) + '\\"
EVALUATED = "666762"
MOST_SHOWN = 4
"""Pictures that are drawn to the end: that takes half a second each."""


def strings(value, path=()):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from strings(inner, (*path, key))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from strings(inner, (*path, index))
    elif isinstance(value, str):
        yield path, value


def marked(name):
    """A story with the mark in every text of its own, and with an event of its own that is called so."""
    made = hostile.plain(name)
    for field in hostile.TEXTS:
        if field != "event_is":
            made[field] = hostile.injected(name, field, MARK)[field] if field in made else None
    told = hostile.injected(name, "event_is", MARK)
    made |= {"event": told["event"], "event_is": {**told["event_is"], "name": MARK}}
    for test in made["tests"]:
        test["rivals_expect"] = {}
    made |= {"rivals": [], "controls": [], "cases": [], "status": "draft"}
    return hostile.written({key: value for key, value in made.items() if value is not None})


def test_no_text_of_a_story_becomes_an_expression():
    """Vega-Lite evaluates what stands under a few keys. A story's texts stand in rows and in the description only."""
    desk, drawn, shown = ours.desk(), set(), 0
    for story in desk.library.live:
        kinds = {test.kind for test in story.tests}
        if kinds <= drawn:
            continue
        drawn |= kinds
        documents = list(drafted.drafted(marked(story.id), desk, Wanted(), lambda: False))
        assert documents[0]["id"] == "mine", documents[0]["problems"]
        figures = [
            one[key] for one in documents for key in ("picture", "place", "curve") if key in one
        ]
        assert len(figures) > 1
        for figure in map(drafted.figure, figures):
            for path, text in strings(figure.spec):
                assert "zq" not in text or path == ("description",)
            if shown < MOST_SHOWN and figure.frame.text.str.contains("zq", regex=False).any():
                svg = vl_convert.vegalite_to_svg(json.dumps(figure.full_spec(620)))
                assert EVALUATED not in svg
                shown += html.escape(MARK, quote=False) in html.unescape(
                    svg
                ) or MARK in html.unescape(svg)
    assert shown == MOST_SHOWN
    assert drawn == KINDS.keys() - {"quoted"} | (drawn & {"quoted"})


def test_a_label_of_an_axis_is_a_text_whatever_stands_in_it():
    from charts.drawing import Axis, Plot
    from charts.theme import LIGHT

    ticks = (
        (0.0, MARK),
        (1.0, "\\"),
        (2.0, "a\u2028b"),
        (3.0, "']+toString(6*111127)+['\nnext"),
        (4.0, "</text><script>"),
    )
    plot = Plot(LIGHT, Axis(0, 4, ticks), Axis(0, 4, ticks))
    plot.dots("dots", [{"x": 1.0, "y": 1.0}], LIGHT.ink)
    spec = plot.spec("none")
    spec["data"] = {"name": "source", "values": plot.frame().to_dict(orient="records")}
    spec["encoding"]["x"]["axis"] |= {"labelOverlap": False, "labelLimit": 900}
    svg = vl_convert.vegalite_to_svg(json.dumps({**spec, "width": 2000}))
    assert EVALUATED not in svg
    assert "<script>" not in svg
    for text in ("zq’ + toString(6*111127) + ’\\", ">\\<", "a b", "next"):
        assert text in html.unescape(svg), text
