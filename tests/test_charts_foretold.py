"""Nothing past the event before one has said what one expects, and one's own number beside the data after it."""

from datetime import date, timedelta
from functools import cache

import numpy as np
import pytest

from charts.drawing import day_of, number
from charts.foretold import asks, beside, blank, drawable
from charts.scene import Scene
from charts.theme import LIGHT
from charts.window import window
from evidence.answer import score_test
from evidence.cases import CaseView
from tests import ours

STORE, LIBRARY = ours.store(), ours.library()
EVENT = date(2025, 4, 2)
DAYS = (date(2025, 4, 25), pytest.param(STORE.newest_day, marks=pytest.mark.long))


@cache
def scenes(day):
    """One test of each kind, shape of window and way its series behaves, as known on a day."""
    return list(_scenes(day))


@cache
def blanks(day):
    return [(test, given, blank(test, given, view, LIGHT)) for test, given, view in scenes(day)]


def _scenes(day):
    view, had = STORE.as_of(day), set()
    for story in LIBRARY.live:
        for test in story.tests:
            shape = (
                test.kind,
                str(getattr(test, "window", "")),
                STORE.catalogue.series[test.reads[0]].behaves,
            )
            held = all(view.held(s) and len(view.series(s)) for s in test.reads)
            if drawable(test.kind) and held and shape not in had:
                had.add(shape)
                anchor = LIBRARY.anchor(story)
                event = LIBRARY.events[story.event]
                yield (
                    test,
                    Scene(*score_test(test, view, anchor), anchor, event.name, event.marks),
                    view,
                )


def ends(given, figure):
    """The last place that may be drawn: of the event, or of the base of a window that begins before it."""
    if given.trace.window is None:
        return number(given.anchor)
    first = given.trace.window.first
    first = first.replace(day=1) if figure.table.columns[0] == "month" else first
    return min(number(first), number(given.anchor))


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_nothing_of_the_series_lies_past_the_event_or_the_beginning_of_its_window(day):
    seen = 0
    for test, given, figure in blanks(day):
        drawn = figure.frame[
            figure.frame["layer"].str.match(
                r"(series\d|after\d|window\d|hover\d|bars|first-prints)"
            )
        ]
        assert (drawn["x"] <= ends(given, figure)).all(), test.id
        assert not figure.frame["layer"].str.match(r"(seen|top|foretold)").any(), test.id
        seen += len(drawn) > 0
    assert seen > 5


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_no_word_and_no_table_tells_the_end(day):
    for test, given, figure in blanks(day):
        assert figure.title.endswith("what comes next?")
        assert figure.steps == ()
        assert given.trace.seen not in figure.alt
        assert figure.spec["description"] == figure.alt
        stamps, last = figure.table.iloc[:, 0].astype(str), day_of(ends(given, figure))
        if figure.table.columns[0] == "month":
            # the window's own months are not among them: they are the answer
            assert (stamps < f"{last:%Y-%m}").all(), test.id
        else:
            assert (stamps <= last.isoformat()).all(), test.id
        whole = window(test, given, STORE.as_of(day), LIGHT)
        assert len(figure.table) <= len(whole.table)


def world(name, series, past, after, story="foreign-governments-retaliated"):
    view = CaseView(STORE.catalogue, {series: f"{past} | {after}"}, None, EVENT)
    test = LIBRARY.narratives[story].test(name)
    return test, Scene(*score_test(test, view, EVENT), EVENT, "the tariffs"), view


@pytest.mark.parametrize(
    ("name", "series", "past", "futures"),
    [
        ("custody-falls", "fed.custody.treasuries", "3000^20x330", ("2800-60x9", "3200+300x9")),
        ("official-net-sales", "tic.net.official_bonds_notes", "10~20x150", ("-90x4", "120x4")),
    ],
)
def test_two_futures_give_one_picture(name, series, past, futures):
    """What comes after changes neither the axis nor a label of the empty picture, nor a byte of it or of its table."""
    worlds = [world(name, series, past, after) for after in futures]
    one, other = (blank(*given, LIGHT) for given in worlds)
    assert one.frame.equals(other.frame)
    assert one.spec == other.spec
    assert (one.title, one.subtitle, one.alt, one.source) == (
        other.title, other.subtitle, other.alt, other.source,
    )  # fmt: skip
    assert one.table.equals(other.table)
    whole, another = (window(*given, LIGHT) for given in worlds)
    assert not whole.frame.equals(another.frame)


def test_what_lies_between_an_event_and_a_later_window_is_not_drawn():
    """It may be what another test asks; and a level that is drawn at the window's beginning would tell of it."""
    between = ("4.0+0.02x60", "4.0-0.02x60")
    given = [
        world("yields-rise", "ust.yield.10y", "4~0.05x400", after, "rebound-fits-the-framework")
        for after in between
    ]
    one, other = (blank(*scene, LIGHT) for scene in given)
    assert one.frame.equals(other.frame)
    assert one.table.equals(other.table)
    assert one.alt == other.alt
    assert one.table.iloc[-1, 0] <= EVENT.isoformat()
    assert not one.frame["layer"].isin(["base", "normal", "bar"]).any()


def test_what_a_later_test_asks_about_is_left_out():
    test, given, view = world(
        "official-net-sales", "tic.net.official_bonds_notes", "10~20x150", "-90x4"
    )
    assert asks(test, given, view) == (date(2025, 4, 1), date(2025, 4, 30))
    whole = blank(test, given, view, LIGHT)
    cut = blank(test, given, view, LIGHT, date(2025, 1, 1))
    assert (whole.table.iloc[-1, 0], cut.table.iloc[-1, 0]) == ("2025-03", "2024-12")
    for told in (cut.subtitle, cut.alt):
        assert told.endswith("From 1 January 2025 on a later test asks.")
    assert cut.key != whole.key
    later = blank(test, given, view, LIGHT, date(2025, 5, 1))
    assert later.frame.equals(whole.frame)
    assert later.subtitle == whole.subtitle


def foretold(figure):
    return figure.frame[figure.frame["layer"] == "foretold-end"]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_who_foretells_the_number_meets_the_data(day):
    """The prediction of what was seen stands where the event itself stands."""
    met = 0
    for test, given, view in scenes(day):
        if given.trace.statistic is None or test.kind == "falls_together":
            continue
        figure = beside(test, given, view, LIGHT, float(given.trace.statistic.value))
        place = foretold(figure)
        if test.kind == "spike_after":
            seen = figure.frame[figure.frame["layer"] == "seen0"]
        elif test.kind == "change_after":
            seen = figure.frame[figure.frame["layer"] == "seen0"]
            assert place["x"].item() == pytest.approx(seen["x"].item())
        else:
            name = "top" if "top" in set(figure.frame["layer"]) else "mean0"
            seen = figure.frame[figure.frame["layer"] == name]
        assert place["y"].item() == pytest.approx(seen["y2"].iloc[0], rel=1e-6, abs=1e-6), test.id
        met += 1
    assert met > 5


def test_a_prediction_is_drawn_in_the_datas_own_units():
    """Custody stood at some level; a fall of 100 bn is drawn 100 bn under it, and said aloud."""
    test, given, view = next(
        (t, g, v) for t, g, v in scenes(date(2025, 5, 30)) if t.id == "custody-falls"
    )
    figure = beside(test, given, view, LIGHT, -100.0)
    line = figure.frame[figure.frame["layer"] == "foretold"]
    assert line["y2"].item() - line["y"].item() == pytest.approx(-100.0)
    base = view.series("fed.custody.treasuries")
    eve = base.latest[np.flatnonzero(base.periods <= np.datetime64(EVENT))[-1]]
    assert line["y"].item() == pytest.approx(eve)
    assert "You expected −$100 bn." in figure.alt
    assert "you said: −$100 bn" in figure.frame["text"].tolist()


def test_no_answer_yet_draws_no_prediction():
    test, given, view = next(
        (t, g, v) for t, g, v in scenes(EVENT + timedelta(days=1)) if t.id == "custody-falls"
    )
    assert foretold(beside(test, given, view, LIGHT, -100.0)).empty


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_side_that_the_claim_predicts_is_not_given_away(day):
    """It is the first thing that is asked; the size that would matter lies on that side."""
    for test, _, figure in blanks(day):
        texts = " ".join([figure.alt, figure.subtitle, *figure.frame["text"]])
        assert "would matter" not in texts, test.id
        assert "bar" not in set(figure.frame["layer"]), test.id
