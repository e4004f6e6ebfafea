"""The specification curve: which column stands where, what it says, and that it agrees with the verdict."""

from datetime import date

import pytest

from charts.specifications import curve
from charts.theme import DARK, LIGHT
from evidence.catalogue import read
from evidence.sensitivity import Sensitivity, Specification
from evidence.wording import SOURCES, choice, source_name
from tests import ours

DESK = ours.desk()
OWN = {
    "windows": "as declared",
    "bars": "as declared",
    "tail": "as declared",
    "prints": "newest figures",
    "series": "as declared",
    "left_out": "",
}


def spec(direction, joint, **other):
    return Specification(
        **{**OWN, **other}, direction=direction, joint=joint, agrees=direction == "contradicted"
    )


@pytest.fixture(scope="module")
def found():
    """Five ways: three contradict, the declared one among them; one leaves it open, one supports."""
    return Sensitivity(
        id="a",
        title="A story",
        as_of=date(2025, 6, 20),
        identity="sha256:0",
        direction="contradicted",
        specifications=(
            spec("contradicted", 0.01),
            spec("contradicted", 0.002, windows="longer windows"),
            spec("contradicted", 0.05, bars="a quarter higher"),
            spec("insufficient_data", None, bars="a quarter lower"),
            spec("supported", 0.8, left_out="tic"),
        ),
        sole=("fx",),
    )


def bars(figure, layer, choice=""):
    """(first column, last column) of each bar of a layer, of one choice where it has several."""
    rows = figure.frame[(figure.frame.layer == layer) & (figure.frame.key == choice)]
    return [(int(row.x), int(row.x2)) for row in rows.itertuples()]


def test_the_headline_counts_who_agrees(found):
    figure = curve(found, LIGHT)
    assert figure.title == "3 of 5 ways of asking agree"
    assert "contradicted" in figure.alt
    assert "Without exchange rates nothing decisive is left" in figure.alt


def test_columns_stand_by_verdict_then_from_weak_to_strong_evidence(found):
    """Supported first, then open, then contradicted with joint .05, .01, .002."""
    figure = curve(found, LIGHT)
    assert bars(figure, "top-supported") == [(0, 0)]
    assert bars(figure, "top-insufficient_data") == [(1, 1)]
    assert bars(figure, "top-contradicted") == [(2, 2), (3, 3), (4, 4)]
    assert bars(figure, "choices-contradicted", "what matters a quarter higher") == [(2, 2)]
    assert bars(figure, "choices-contradicted", "longer windows") == [(4, 4)]
    assert bars(figure, "choices-supported", "without the Treasury’s survey (TIC)") == [(0, 0)]


def test_the_declared_way_is_marked_where_it_stands(found):
    figure = curve(found, LIGHT)
    mark = figure.frame[figure.frame.layer == "declared"]
    assert list(mark.x) == [3.5]
    assert list(figure.table["as declared"]) == ["no", "no", "no", "yes", "no"]


def test_every_choice_is_named_at_its_row(found):
    expr = curve(found, LIGHT).spec["encoding"]["y"]["axis"]["labelExpr"]
    for label in (
        "● Supported",
        "✕ Contradicted",
        "longer windows",
        "what matters a quarter lower",
        "without the Treasury’s survey (TIC)",
        "every source",
    ):
        assert label in expr
    assert "tail" not in expr  # it was not varied


def test_many_columns_run_together():
    """200 equal columns are one bar, so that the picture stays light at any width."""
    many = Sensitivity(
        id="a",
        title="A story",
        as_of=date(2025, 6, 20),
        identity="sha256:1",
        direction="contradicted",
        specifications=tuple(spec("contradicted", 0.01) for _ in range(200)),
        sole=(),
    )
    figure = curve(many, DARK)
    assert bars(figure, "top-contradicted") == [(0, 200)]


@pytest.mark.parametrize("story", DESK.stories)
def test_the_picture_of_a_story_agrees_with_its_verdict(story):
    verdict = DESK.verdict(story, DESK.newest)
    if verdict.robustness is None:
        assert any(c.met is not True for c in verdict.conditions)
        return
    sensitivity = DESK.engine.sensitivity(story)
    figure = curve(sensitivity, LIGHT)
    told = verdict.robustness
    assert figure.title == f"{told.agree} of {told.of} ways of asking agree"
    assert len(figure.table) == told.of
    assert (figure.table["agrees"] == "yes").sum() == told.agree
    assert (figure.table["as declared"] == "yes").sum() == 1
    assert len(figure.frame) < 2000


def test_every_source_has_a_name():
    groups = {entry.source_group for entry in read().series.values()}
    assert groups <= set(SOURCES)
    assert source_name("no_such_source") == "no such source"
    assert choice("left_out", "fed_custody") == "without the Fed’s custody count"
    assert choice("bars", "a quarter lower") == "what matters a quarter lower"
