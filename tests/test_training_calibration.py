"""How sure against how right: known answers, and words that fit them."""

import pytest

from briefs.training.calibration import calibration, score, words
from briefs.training.record import Record
from tests.test_training_record import prediction


def record(*made):
    """(how sure, right) each."""
    return Record(
        predictions=tuple(
            prediction(f"test-{i}", sure=sure, outcome="neutral", was="neutral" if right else "consistent")
            for i, (sure, right) in enumerate(made)
        )
    )  # fmt: skip


def test_nothing_said_nothing_shown():
    assert calibration(Record()) is None


def test_counts_shares_and_brier():
    found = calibration(record((50, True), (55, False), (90, True), (100, True), (100, False)))
    assert (found.count, found.right, found.share, found.sure) == (5, 3, 60.0, 79.0)
    # (.5² + .55² + .1² + 0² + 1²) / 5
    assert found.brier == pytest.approx((0.25 + 0.3025 + 0.01 + 0 + 1) / 5)
    assert [(b.low, b.high, b.count, b.right) for b in found.bins] == [
        (50, 59, 2, 1),
        (90, 100, 3, 2),
    ]
    assert found.bins[0].sure == 52.5


def test_intervals_are_exact():
    """8 of 10: 44.4 to 97.5 % (Clopper and Pearson, any table of it); 0 of 3 begins at 0, 3 of 3 ends at 100."""
    found = calibration(
        record(*[(80, i < 8) for i in range(10)], *[(50, False)] * 3, *[(95, True)] * 3)
    )
    low, middle, high = found.bins
    assert (low.low_share, low.high_share) == (0.0, pytest.approx(70.76, abs=0.01))
    assert (middle.low_share, middle.high_share) == (
        pytest.approx(44.39, abs=0.01),
        pytest.approx(97.48, abs=0.01),
    )
    assert (high.low_share, high.high_share) == (pytest.approx(29.24, abs=0.01), 100.0)


@pytest.mark.parametrize(
    ("made", "says"),
    [
        ([(70, True)] * 3, "too few to say"),
        ([(90, i < 5) for i in range(10)], "more sure than right, by 40.0 percentage points"),
        ([(50, i < 9) for i in range(10)], "more often right than sure, by 40.0 percentage points"),
        ([(80, i < 8) for i in range(10)], "That fits well."),
    ],
)
def test_words_fit_the_numbers(made, says):
    assert says in words(calibration(record(*made)))


@pytest.mark.parametrize(
    ("made", "says"),
    [
        ([(100, True)], "Brier’s score: 0.00."),
        ([(50, True), (50, False)], "Brier’s score: 0.25."),
        ([(80, True), (60, False)], "Brier’s score: 0.20."),  # (.2² + .6²) / 2 = (.04 + .36) / 2
        ([(100, False)], "Brier’s score: 1.00."),
    ],
)
def test_briers_score_is_told_with_its_meaning(made, says):
    told = score(calibration(record(*made)))
    assert told.startswith(says)
    assert "0 is perfect, 0.25 is what always saying 50 % gives" in told


def test_all_that_can_be_said_falls_into_one_bin():
    for sure in range(50, 101):
        assert sum(b.count for b in calibration(record((sure, True))).bins) == 1
