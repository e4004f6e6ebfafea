"""The matrix of rivals: what is tinted, what stands apart, and the order of both sides."""

from datetime import date

import pytest

from charts.matrix import letters, matrix
from charts.theme import DARK, LIGHT
from evidence.rivals import Expectation, Rivals, Row, Standing, Without
from evidence.wording import first_place, without


def expects(**by_story):
    return tuple(Expectation(story=s, expects=e, fares=f) for s, (e, f) in by_story.items())


def row(test, story, outcome, worth, apart, expected, title=None):
    return Row(
        story=story,
        test=test,
        title=title or f"Test {test}",
        role="hoop",
        source_group="tic",
        outcome=outcome,
        seen="We saw something.",
        expected=expected,
        apart=apart,
        worth=worth,
    )


def standing(story, place, *, tied=False, against=0, fits=0):
    return Standing(
        story=story,
        title=f"Story {story}",
        place=place,
        tied=tied,
        against=against,
        fits=fits,
        open=0,
        direction="mixed",
        confidence="low",
    )


def made(standings):
    rows = (
        row(
            "weak",
            "x",
            "inconsistent",
            "tells_apart",
            0.5,
            expects(x=("consistent", "against"), y=("neutral", "open"), z=(None, "silent")),
            title="The same title",
        ),
        row(
            "strong",
            "y",
            "consistent",
            "tells_apart",
            1.0,
            expects(x=("inconsistent", "against"), y=("consistent", "fits"), z=(None, "silent")),
            title="The same title",
        ),
        row(
            "late",
            "z",
            "not_evaluable",
            "waits",
            1.0,
            expects(x=("inconsistent", "open"), y=(None, "silent"), z=("consistent", "open")),
        ),
        row(
            "idle",
            "z",
            "consistent",
            "nothing",
            0.0,
            expects(x=(None, "silent"), y=(None, "silent"), z=("consistent", "fits")),
        ),
    )
    return Rivals(
        event="e",
        question="Why?",
        as_of=date(2025, 6, 20),
        stories=("x", "y", "z"),
        rows=rows,
        standings=standings,
        without=(Without(source="tic", first=("z",), changes=True),),
    )


@pytest.fixture(scope="module")
def found():
    return made(
        (standing("y", 1, fits=1), standing("z", 1, tied=True), standing("x", 3, against=1))
    )


def lines(figure, layer):
    """The rows of a layer by the line of the matrix that they stand on, from the top: columns and texts."""
    frame = figure.frame
    tops = list(frame[frame.layer == "titles"].y)
    found = {i: [] for i in range(len(tops))}
    for row in frame[frame.layer == layer].itertuples():
        found[next(i for i, top in enumerate(tops) if row.y < top <= row.y + 30)].append(row)
    return found


def tinted(figure, kind, place):
    return [int(row.x) for row in lines(figure, kind)[place]]


def test_letters_follow_the_ranking(found):
    assert letters(found) == {"y": "A", "z": "B", "x": "C"}


@pytest.mark.parametrize("look", [LIGHT, DARK])
def test_what_tells_most_apart_stands_first_and_cells_are_tinted_by_how_a_story_fares(found, look):
    """Columns: 1 is y (A), 2 is z (B), 3 is x (C). Row 0 is `strong`, row 1 is `weak`: one title, two rows."""
    figure = matrix(found, look)
    titles = figure.frame[figure.frame.layer == "titles"]
    assert list(titles.text) == ["A: The same title", "C: The same title"]
    assert tinted(figure, "fits", 0) == [1]
    assert tinted(figure, "against", 0) == [3]
    assert tinted(figure, "fits", 1) == []
    assert tinted(figure, "against", 1) == [3]
    assert figure.title == "2 of 4 tests tell the stories apart"
    assert "against “Story x”; fits “Story y”" in figure.alt


def test_a_story_that_says_nothing_has_an_empty_cell(found):
    figure = matrix(found, LIGHT)
    cells = [*lines(figure, "own")[0], *lines(figure, "others")[0]]
    assert sorted(row.x for row in cells) == [1.5, 3.5]  # none for z
    assert [row.text for row in cells if row.x == 3.5] == ["✕ expects not"]


def test_what_could_tell_apart_is_another_picture_and_what_is_worth_nothing_in_neither(found):
    could = matrix(found, LIGHT, apart=False)
    assert list(could.frame[could.frame.layer == "titles"].text) == ["B: Test late"]
    assert "Test idle" not in matrix(found, LIGHT).alt + could.alt
    assert dict(zip(could.table["test"], could.table["worth"], strict=True))["Test idle"] == (
        "worth nothing here"
    )


def test_the_first_place_is_told_with_ties_and_with_silence(found):
    told = first_place(found)
    assert told.startswith("No source speaks against “Story y” and “Story z”")
    assert "Of “Story z” that is silence" in told
    assert "Of “Story y”" not in told
    clear = made(
        (
            standing("x", 1, against=1, fits=1),
            standing("y", 2, against=2),
            standing("z", 3, against=3),
        )
    )
    assert first_place(clear) == "1 source speaks against “Story x”, as known on 20 June 2025."
    even = made(tuple(standing(s, 1, tied=True, against=2) for s in "xyz"))
    assert (
        first_place(even)
        == "As known on 20 June 2025 nothing ranks the stories: 2 sources speak against each."
    )


def test_a_source_left_out_is_named(found):
    assert without(found.without[0], found) == (
        "Without the Treasury’s survey (TIC) the first place goes to Story z."
    )
