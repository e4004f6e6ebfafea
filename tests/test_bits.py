"""How much a test tells: known answers of information theory, and the stories' own tests in order."""

import math

import numpy as np
import pytest

from evidence import placebo
from evidence.answer import answer
from evidence.bits import bits, information, telling
from evidence.inference import share
from tests import ours

DESK = ours.desk()
DAY = DESK.newest


def entropy(p):
    return -sum(q * math.log2(q) for q in (p, 1 - p) if q > 0)


def test_outcomes_that_fall_alike_tell_nothing():
    same = {"consistent": 0.2, "inconsistent": 0.5, "neutral": 0.3}
    assert information(same, same) == 0


def test_outcomes_that_give_the_world_away_tell_one_bit():
    assert information(
        {"consistent": 1.0, "inconsistent": 0.0}, {"consistent": 0.0, "inconsistent": 1.0}
    ) == pytest.approx(1)


@pytest.mark.parametrize("error", [0.05, 0.1, 0.25])
def test_a_channel_that_errs_both_ways_alike(error):
    """A binary symmetric channel carries 1 − H(e) bits (Shannon 1948)."""
    true = {"consistent": 1 - error, "inconsistent": error}
    ordinary = {"consistent": error, "inconsistent": 1 - error}
    assert information(true, ordinary) == pytest.approx(1 - entropy(error))


def ranked():
    for story in DESK.stories.values():
        view, anchor = DESK.view(DAY), DESK.anchor(story)
        for test in story.tests:
            found = answer(test, view, anchor)
            if found.ranked is not None:
                yield test, found


def test_many_values_are_told_as_one_by_one():
    """`outcomes` says of many values what `outcome` says of each, as they were and with the claim true."""
    for test, found in ranked():
        tail, own = test.tail.value / 100, found.ranked
        some = own.shown[:: max(1, len(own.shown) // 25)]
        one_by_one = [
            placebo.outcome(placebo.told_again(own, float(raw), own.matters), tail) for raw in some
        ]
        assert list(placebo.outcomes(own, some, tail)) == one_by_one, test.id
        event = np.array([own.raw])
        assert placebo.outcomes(own, event, tail)[0] == placebo.outcome(own, tail), test.id


def test_bits_of_the_stories_own_tests():
    """Recomputed from the shares themselves, and inside their bounds."""
    for test, found in ranked():
        tail = test.tail.value / 100
        got = bits(found.ranked, tail)
        expected = 0.0
        for outcome in ("consistent", "inconsistent", "neutral"):
            true, ordinary = (share(found.ranked, tail, size, outcome) for size in (1.0, None))
            for chance in (true, ordinary):
                if chance:
                    expected += chance / 2 * math.log2(2 * chance / (true + ordinary))
        assert got == pytest.approx(expected, abs=1e-12)
        assert 0 <= got <= 1


def test_what_decides_comes_first_and_checks_do_not_count():
    story = DESK.stories["foreign-governments-retaliated"]
    view, anchor = DESK.view(DAY), DESK.anchor(story)
    answers = {t.id: answer(t, view, anchor) for t in story.tests}
    found = list(telling(answers))
    decisive = [answers[name].trace.role != "straw_in_the_wind" for name in found]
    assert decisive == sorted(decisive, reverse=True)
    assert "custody-follows-holdings" not in found
    for same in (True, False):
        own = [telling(answers)[n] for n, d in zip(found, decisive, strict=True) if d is same]
        assert own == sorted(own, reverse=True)
