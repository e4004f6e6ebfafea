"""Every figure that a narrative's tests, the pages and the data list can ask for, on the days that matter."""

import json
import re
from datetime import date

import numpy as np
import pandas as pd
import pytest

import charts
from charts.figure import COLUMNS, Figure
from charts.flows import purchases
from charts.holdings import holdings
from charts.placebos import place
from charts.positions import positions
from charts.premise import EPISODES, premise
from charts.scene import Scene, scene
from charts.theme import DARK, LIGHT, Look
from charts.window import pair
from evidence import placebo
from evidence.answer import score_test, sign_of
from evidence.kinds import KINDS, is_fact
from evidence.library import Library
from evidence.observations import Store, View
from evidence.quantity import amount
from tests import ours, vega_lite

EVENT = date(2025, 4, 2)
MOST_MARKS = 2000
"""How many rows a browser draws without a pause."""
DAYS = (date(2025, 3, 1), date(2025, 4, 12), date(2025, 4, 25), date(2025, 6, 20))
COLOUR = re.compile(r"#[0-9a-f]{6}")


def on(quick: date) -> pytest.MarkDecorator:
    """On that day; on the others among the long tests."""
    marked = [
        pytest.param(d, marks=() if d == quick else pytest.mark.long, id=str(d)) for d in DAYS
    ]
    return pytest.mark.parametrize("day", marked)


@pytest.fixture(scope="module")
def store() -> Store:
    return ours.store()


@pytest.fixture(scope="module")
def library() -> Library:
    return ours.library()


_SCORED: dict[tuple[int, date], list[tuple[object, Scene]]] = {}


def _scenes(library: Library, view: View) -> list[tuple[object, Scene]]:
    """Every test of every narrative, scored once for each store and day."""
    key = (id(view.store), view.day)
    if key not in _SCORED:
        _SCORED[key] = [
            (test, scene(test, view, library.anchor(narrative), "the tariffs"))
            for narrative in library.narratives.values()
            for test in narrative.tests
        ]
    return _SCORED[key]


def _one_of_each_kind(library: Library, view: View) -> list[tuple[object, Scene]]:
    found: dict[str, tuple[object, Scene]] = {}
    for test, given in _scenes(library, view):
        found.setdefault(given.trace.kind, (test, given))
    return list(found.values())


def _drawn(test, given: Scene, view: View, look: Look) -> Figure:
    return charts.for_test(
        test, given.trace, given.ranked, view, given.anchor, look, event_name=given.name
    )


def _pages(view: View, look: Look) -> list[Figure]:
    since, until = date(2024, 7, 1), date(2025, 12, 31)
    return [
        *premise(view, EVENT, look),
        purchases(view, look, "bonds_notes", since, until, focus=EVENT),
        purchases(view, look, "equities", since, until, focus=EVENT),
        holdings(view, look, EVENT, since, until, event_name="the tariffs"),
        positions(view, look, EVENT, event_name="the tariffs"),
    ]


def _sound(figure: Figure, view: View) -> None:
    """What holds for every figure."""
    assert tuple(figure.frame.columns) == COLUMNS
    assert len(figure.frame) <= MOST_MARKS
    assert not figure.frame.isna().any().any()
    assert np.isfinite(figure.frame[["x", "x2", "y", "y2"]].to_numpy()).all()
    assert figure.spec["data"] == {"name": "source"}
    text = json.dumps(figure.spec)
    assert '"values": [{' not in text
    assert '"datasets"' not in text
    layers = re.findall(r"datum\.layer === '([^']+)'", text)
    assert set(layers) == set(figure.frame["layer"]), "every row is drawn, every layer has rows"
    assert figure.spec["description"] == figure.alt
    assert figure.spec["width"] == "container"
    assert isinstance(figure.spec["padding"], dict), "Streamlit writes into it"
    assert all(size >= 12 for size in map(int, re.findall(r'"fontSize": (\d+)', text)))
    for words in (figure.title, figure.subtitle, figure.alt, figure.source):
        assert words.strip()
        assert "nan" not in re.findall(r"[a-z]+", words.lower())
        assert "{" not in words
    released = re.search(r"As released by (\d+ \w+ \d{4})\.$", figure.source)
    if released:
        assert pd.to_datetime(released[1], format="%d %B %Y").date() <= view.day
    else:
        assert "No data by then" in figure.source or figure.source.startswith("Flowcheck")
    json.dumps(figure.full_spec(640), allow_nan=False)


def test_a_chart_is_of_a_kind_that_there_is():
    assert set(charts.draws()) <= set(KINDS)


@on(DAYS[3])
def test_figures_of_all_tests_are_sound(library: Library, store: Store, day: date):
    view = store.as_of(day)
    for test, given in _scenes(library, view):
        figure = _drawn(test, given, view, LIGHT)
        _sound(figure, view)
        if given.trace.statistic is not None:
            assert (
                amount(float(given.trace.statistic.value), given.trace.statistic.unit) in figure.alt
            ), given.trace.id
        else:
            assert given.trace.seen in figure.alt
        if given.ranked is not None:
            _sound(place(given.trace, given.ranked, LIGHT), view)


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_figures_of_the_pages_are_sound(store: Store, day: date):
    view = store.as_of(day)
    for figure in _pages(view, DARK):
        _sound(figure, view)


def test_specs_are_valid_vega_lite(library: Library, store: Store):
    view = store.as_of(store.newest_day)
    figures = _pages(view, LIGHT)
    for test, given in _one_of_each_kind(library, view):
        figures.append(_drawn(test, given, view, LIGHT))
        if given.ranked is not None:
            figures.append(place(given.trace, given.ranked, LIGHT))
    for figure in figures:
        vega_lite.validate(figure.spec)
    spoilt = json.loads(json.dumps(figures[0].spec))
    spoilt["layer"][0]["mark"] = {"type": "no such mark"}
    with pytest.raises(ValueError, match="no such mark"):
        vega_lite.validate(spoilt)


def test_the_two_looks_differ_in_colours_only(library: Library, store: Store):
    view = store.as_of(date(2025, 6, 20))
    for test, given in _one_of_each_kind(library, view):
        both = [_drawn(test, given, view, look) for look in (LIGHT, DARK)]
        if given.ranked is not None:
            both += [place(given.trace, given.ranked, look) for look in (LIGHT, DARK)]
        for light, dark in zip(both[::2], both[1::2], strict=True):
            assert light.spec != dark.spec
            assert COLOUR.sub("#", json.dumps(light.spec)) == COLOUR.sub("#", json.dumps(dark.spec))
            assert light.frame.equals(dark.frame)
            assert (light.title, light.alt, light.source) == (dark.title, dark.alt, dark.source)
            assert light.key != dark.key


def test_the_same_bytes_twice(library: Library):
    def whole() -> str:
        view = Store().as_of(date(2025, 4, 25))
        figures = _pages(view, LIGHT)
        for test, given in _one_of_each_kind(library, view):
            figures.append(_drawn(test, given, view, LIGHT))
            if given.ranked is not None:
                figures.append(place(given.trace, given.ranked, LIGHT))
        return json.dumps(
            [
                [f.key, f.full_spec(), f.title, f.subtitle, f.alt, f.source, f.table.to_csv()]
                for f in figures
            ]
        )

    assert whole() == whole()


@pytest.mark.long
def test_keys_tell_figures_apart(library: Library, store: Store):
    view = store.as_of(date(2025, 6, 20))
    figures = [_drawn(test, given, view, LIGHT) for test, given in _scenes(library, view)]
    pictures: dict[str, str] = {}
    for figure in figures:
        drawn = json.dumps(figure.full_spec())
        assert pictures.setdefault(figure.key, drawn) == drawn


@on(DAYS[1])
def test_nothing_past_the_day_is_drawn(library: Library, store: Store, day: date):
    """A figure as of a day is made of what was out: its data points end there, and a later store changes nothing."""
    view = store.as_of(day)
    last = float(np.datetime64(day).astype(int))
    for test, given in _scenes(library, view):
        figure = _drawn(test, given, view, LIGHT)
        if given.trace.kind == "quoted":
            continue
        layers = (
            r"bars"
            if given.trace.kind in ("net_flow", "flow_shift")
            else r"(hover|all|bars|months|series|before|window\d|after)"
        )
        points = figure.frame[figure.frame["layer"].str.match(layers)]
        assert (points["x"] <= last).all(), given.trace.id
        dates = figure.table.iloc[:, 0].astype(str)
        values = figure.table.iloc[:, 1]
        assert (dates[values.notna()] <= day.isoformat()).all(), given.trace.id


def test_a_pair_shares_its_scale(library: Library, store: Store):
    view = store.as_of(store.newest_day)
    seen = 0
    for narrative in library.narratives.values():
        for use in narrative.controls:
            if use.event is None or use.expects != "fires":
                continue
            test = narrative.test(use.test)
            if is_fact(test.kind):
                continue
            control = library.controls[use.event]
            left, right = pair(
                test,
                scene(test, view, control.date, control.name),
                scene(test, view, library.anchor(narrative), "the tariffs"),
                view,
                LIGHT,
            )
            for figure in (left, right):
                _sound(figure, view)
            domains = [f.spec["encoding"]["y"]["scale"]["domain"] for f in (left, right)]
            lengths = [np.ptp(f.spec["encoding"]["x"]["scale"]["domain"]) for f in (left, right)]
            titles = [f.spec["encoding"]["y"]["axis"].get("title") for f in (left, right)]
            assert domains[0] == domains[1]
            assert lengths[0] == lengths[1]
            assert titles[0] == titles[1]
            seen += 1
    assert seen >= 3


def test_the_strip_says_what_the_engine_says(library: Library, store: Store):
    """The event's dot stands over the zone of its outcome, and has its colour."""
    names = {"consistent": "zone-for", "inconsistent": "zone-against", "neutral": "zone-open"}
    view = store.as_of(store.newest_day)
    seen = 0
    for _, given in _scenes(library, view):
        if given.ranked is None or given.trace.off_range:
            continue
        figure = place(given.trace, given.ranked, LIGHT)
        at = float(given.trace.statistic.value)
        row = figure.frame[figure.frame["layer"] == names[given.trace.outcome]]
        assert len(row) == 1, given.trace.id
        room = 1e-6 * float(np.ptp(figure.spec["encoding"]["x"]["scale"]["domain"]))
        assert float(row["x"].iloc[0]) - room <= at <= float(row["x2"].iloc[0]) + room, (
            given.trace.id
        )
        dot = next(layer for layer in figure.spec["layer"] if "'event'" in json.dumps(layer))
        assert dot["mark"]["fill"] == LIGHT.verdict(given.trace.outcome)
        seen += 1
    assert seen >= 10


def test_the_ribbon_ends_where_the_placebos_do(library: Library, store: Store):
    """At the end of a whole window the ribbon is the 5 and 95 % quantiles of the placebos, in the unit of the axis."""
    view = store.as_of(store.newest_day)
    narrative = library.narratives["foreign-governments-retaliated"]
    test = next(
        t
        for t in narrative.tests
        if t.kind == "change_after" and t.series == "fed.custody.treasuries"
    )
    given = scene(test, view, EVENT, "the tariffs")
    figure = _drawn(test, given, view, LIGHT)
    ribbon = figure.frame[figure.frame["layer"] == "normal"]
    series = view.series(test.series)
    base = float(series.latest[series.index(np.array([EVENT], dtype="datetime64[D]"))[0]])
    shown = sign_of(test) * given.ranked.shown
    ends = sorted([float(ribbon["y"].iloc[-1]) - base, float(ribbon["y2"].iloc[-1]) - base])
    assert ends == pytest.approx(np.quantile(shown, [0.05, 0.95]), rel=1e-9)
    bar = figure.frame[figure.frame["layer"] == "bar"]
    assert float(bar["y"].iloc[0]) - base == pytest.approx(sign_of(test) * given.ranked.matters)


def test_many_windows_become_bars(store: Store, library: Library):
    view = store.as_of(store.newest_day)
    counted = 0
    for _, given in _scenes(library, view):
        if given.ranked is not None and len(given.ranked.noise) > 420:
            frame = place(given.trace, given.ranked, LIGHT).frame
            assert frame.loc[frame["layer"] == "earlier", "y2"].sum() == len(given.ranked.noise)
            counted += 1
    assert counted


def test_a_sum_that_waits_shows_the_earlier_ones_and_marks_none(library: Library, store: Store):
    """On 20 June 2025 the half-year to September is not out; those to April are, and none of them counts."""
    story = library.narratives["foreigners-still-exposed"]
    test = next(test for test in story.tests if test.id == "stocks-bought")
    shown = {}
    for day in (date(2025, 6, 20), store.newest_day):
        view = store.as_of(day)
        given = scene(test, view, library.anchor(story), "the tariffs")
        shown[given.trace.outcome == "not_evaluable"] = _drawn(test, given, view, LIGHT)
    waits, counts = shown[True], shown[False]
    assert len(waits.table) > 100
    assert str(waits.table["span to"].iloc[-1]) == "2025-04-30"
    assert not set(waits.frame["layer"]) & {"this", "this-label"}
    assert any(layer.startswith("this") for layer in counts.frame["layer"])


def test_an_event_that_has_not_happened_is_drawn_as_open(library: Library, store: Store):
    view = store.as_of(date(2025, 3, 1))
    for test, given in _scenes(library, view):
        assert given.ranked is None
        frame = _drawn(test, given, view, LIGHT).frame
        assert not set(frame["layer"]) & {"normal", "bar", "seen0"} or given.trace.kind in {
            "onset",
            "quoted",
        }


def test_episodes_are_the_controls(library: Library):
    days = {control.date for control in library.controls.values()}
    assert {episode.day for episode in EPISODES} <= days
    assert [e.day for e in EPISODES] == sorted(e.day for e in EPISODES)


def test_the_premise_counts_from_the_last_close(store: Store):
    view = store.as_of(store.newest_day)
    for figure in premise(view, EVENT, LIGHT):
        now = figure.frame[figure.frame["layer"] == "now"]
        assert float(now.loc[now["x"] == 0, "y"].iloc[0]) == 0.0
        assert (now["x"].min(), now["x"].max()) == (-20, 40)
        assert "trading days" in figure.table.columns[0]


def test_no_chart_is_drawn_twice_for_a_kind(monkeypatch: pytest.MonkeyPatch):
    from charts import facts

    monkeypatch.setattr(facts, "DRAWS", {"change_after": facts.DRAWS["record"]})
    charts.draws.cache_clear()
    with pytest.raises(ValueError, match="two charts want to draw change_after"):
        charts.draws()
    monkeypatch.undo()
    charts.draws.cache_clear()
    assert charts.draws()


def test_bars_of_a_placebo_picture_come_from_the_engine(library: Library, store: Store):
    """The text that a reader hears names the same two bars that the engine decides by."""
    view = store.as_of(store.newest_day)
    test = library.narratives["basis-trade-unwind"].tests[0]
    trace, ranked = score_test(test, view, EVENT)
    low, high = placebo.bars(ranked, float(trace.placebo.tail))
    heard = place(trace, ranked, LIGHT).alt
    for bar in (low, high):
        assert amount(bar, trace.statistic.unit) in heard


def test_a_line_that_ends_before_the_event_has_no_change_since_then(store):
    """Its base is nought by definition, and no finding."""
    since, until = date(2024, 7, 1), date(2025, 12, 31)
    drawn = {
        day: holdings(store.as_of(day), LIGHT, EVENT, since, until, event_name="the tariffs")
        for day in (date(2025, 4, 25), date(2025, 6, 20))
    }
    early, later = drawn.values()
    assert "known to February" in " ".join(early.frame["text"])
    assert "nothing after 28 February 2025 yet" in early.alt
    assert "$0.0 bn" not in early.alt
    assert "nothing after" not in later.alt
