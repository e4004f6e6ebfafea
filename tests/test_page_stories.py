"""The board: sorted and filtered by a click, and a tally of the tests that vote."""

from datetime import date
from pathlib import Path

import pytest

from briefs.desk import SHELVES
from evidence.trace import CONFIDENCES
from evidence.wording import DIRECTIONS
from tests import ours
from tests.visits import session
from walkthrough import wordmarks
from walkthrough.prose import plain

ROOT = Path(__file__).resolve().parent.parent
DESK = ours.desk()
LATE = date(2025, 6, 20)
FOUND = {name: DESK.verdict(name, LATE) for name in DESK.stories}


@pytest.fixture
def board(app):
    app.query_params["as_of"] = LATE.isoformat()
    app.switch_page("walkthrough/pages/stories.py").run()
    return app


@pytest.fixture(scope="module")
def app():
    return session()


def titles(app):
    """The stories in the order shown."""
    names = {f"**{plain(s.title)}**": s.id for s in DESK.stories.values()}
    labels = [link.proto.label for link in app.get("page_link")]
    return [names[label] for label in labels if label in names]


def heads(app):
    return [str(head.value) for head in app.header]


def choose(app, key, value):
    next(b for b in app.button_group if b.key == key).set_value(value).run()
    assert not app.exception, [e.value for e in app.exception]


def test_the_board_stands_by_shelf(board):
    assert heads(board) == list(dict.fromkeys(SHELVES[s.shelf] for s in DESK.stories.values()))
    assert titles(board) == list(DESK.stories)


def test_a_click_sorts_by_verdict_and_by_confidence(board):
    choose(board, "board-sort", "verdict")
    shown = [FOUND[name].direction for name in titles(board)]
    assert sorted(titles(board)) == sorted(DESK.stories)
    order = list(wordmarks.SHAPES)
    assert shown == sorted(shown, key=order.index)
    assert heads(board) == [DIRECTIONS[d] for d in dict.fromkeys(shown)]
    choose(board, "board-sort", "confidence")
    sure = [
        -1 if FOUND[n].direction == "insufficient_data" else CONFIDENCES.index(FOUND[n].confidence)
        for n in titles(board)
    ]
    assert sure == sorted(sure, reverse=True)
    choose(board, "board-sort", "shelf")


def test_a_click_shows_only_one_verdict_or_shelf(board):
    choose(board, "board-verdicts", ["contradicted"])
    assert set(titles(board)) == {n for n, v in FOUND.items() if v.direction == "contradicted"}
    choose(board, "board-shelves", ["said"])
    both = {n for n, v in FOUND.items() if v.direction == "contradicted" and v.shelf == "said"}
    assert set(titles(board)) == both
    choose(board, "board-verdicts", ["supported"])
    left = {n for n, v in FOUND.items() if v.direction == "supported" and v.shelf == "said"}
    assert set(titles(board)) == left
    if not left:
        assert any("No story is of that kind" in str(m.value) for m in board.markdown)
    choose(board, "board-verdicts", [])
    choose(board, "board-shelves", [])
    assert len(titles(board)) == len(DESK.stories)


def test_a_test_that_only_checks_an_instrument_is_not_counted():
    """The story of governments has eight tests; one of them checks the custody count."""
    tests = FOUND["foreign-governments-retaliated"].tests
    checking = [t for t in tests if t.checks is not None]
    assert len(checking) == 1
    assert len(wordmarks.strip(tests).split()) == len(tests) - 1
    numbers = [int(part.split()[0]) for part in wordmarks.tally(tests).split(", ")]
    assert sum(numbers) == len(tests) - 1
    assert wordmarks.tally(checking) == ""
