"""A story as a lesson: which tests are open, what a picture would give away, and the sentences that say so."""

from datetime import date

import pytest

from briefs import figures
from briefs.address import parse
from briefs.stand import Stand
from briefs.training import lesson
from charts.theme import LIGHT
from tests import ours

DESK = ours.desk()
STORY = DESK.stories["foreign-private-protest"]
IDS = [t.id for t in STORY.tests]


def stand(story, test, as_of="2025-10-01"):
    query = {"story": story, "step": "tests", "test": test, "as_of": as_of}
    here = parse("train", query, DESK)
    return Stand(DESK, here, DESK.stories[story], DESK.verdict(story, here.day))


@pytest.mark.parametrize("done", range(len(IDS) + 1))
def test_what_is_predicted_and_the_next_are_open(done):
    assert lesson.opened(STORY, IDS[:done]) == tuple(IDS[: done + 1])
    assert lesson.waiting(STORY, IDS[:done]) == ("" if done == len(IDS) else IDS[done])


def test_what_an_older_record_predicted_out_of_order_stays_open():
    assert lesson.opened(STORY, {IDS[3]}) == (IDS[0], IDS[3])


def test_sentences():
    assert lesson.about_order(STORY, IDS[3], IDS[1]) == (
        "Test 4 opens once the tests before it are predicted: it could show what they ask. This is test 2."
    )
    assert lesson.about_picture(STORY, IDS[2:3]) == (
        "The picture waits for test 3: it would show what it asks."
    )
    assert lesson.neutral(STORY, IDS[2], DESK) == (
        "3. Private foreigners, Treasuries: when a flow turned"
    )


def test_a_picture_answers_a_later_test_of_its_series_on_other_days():
    assert figures.answers(stand(STORY.id, IDS[0])) == (IDS[2], IDS[3])
    assert figures.answers(stand(STORY.id, IDS[1])) == ()
    assert figures.answers(stand(STORY.id, IDS[3])) == ()
    # the same three weeks of the same series: its own picture gives nothing more away
    assert figures.answers(stand("everything-fell-together", "all-three-fall")) == ()
    # one of two series is no answer
    assert figures.answers(stand("foreign-governments-retaliated", "custody-falls")) == ()


def test_before_a_prediction_nothing_is_drawn_that_a_later_test_asks():
    blank = figures.blank(stand(STORY.id, IDS[0]), LIGHT)
    first = DESK.stories[STORY.id].test(IDS[2]).since
    assert first == date(2025, 1, 1)
    assert (blank.table["month"] < f"{first:%Y-%m}").all()


def test_whoever_names_no_test_is_told_which_tells_most():
    given = stand(STORY.id, IDS[0])
    found = lesson.telling(DESK, STORY, given)
    best = given.verdict.test(next(iter(found))).title
    told = lesson.about_telling(given, None, found)
    assert told.endswith("about the claim.")
    assert best in told
    assert lesson.about_telling(given, None, {}) == lesson.NONE_TELLS
