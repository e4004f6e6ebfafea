"""A learner's record: what is kept of it, that it comes back as it went, and that a strange file does no harm."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefs.training.record import (
    LARGEST,
    Conclusion,
    Prediction,
    Record,
    Tried,
    read,
    written,
)

DAY = date(2025, 6, 20)


def prediction(test="custody-falls", **more):
    usual = {
        "story": "foreign-governments-retaliated", "test": test, "as_of": DAY, "snapshot": 3, "says": "as_claimed",
        "outcome": "neutral", "sure": 70, "telling": "custody-falls", "number": -12.5, "was": "inconsistent",
    }  # fmt: skip
    return Prediction.model_validate({**usual, **more})


def conclusion(**more):
    usual = {
        "story": "foreign-governments-retaliated", "as_of": DAY, "snapshot": 3, "direction": "mixed", "sure": 55,
        "was": "contradicted",
    }  # fmt: skip
    return Conclusion.model_validate({**usual, **more})


WHOLE = Record(
    predictions=(prediction(), prediction("china-sells", number=None, telling=None, was="neutral")),
    conclusions=(conclusion(),),
    exercises=(Tried(exercise="choose-the-window", answers=({"answer": "one-week"},), hints=2),),
)


def test_a_record_comes_back_as_it_went():
    assert read(written(WHOLE)) == WHOLE
    assert written(read(written(WHOLE))) == written(WHOLE)
    assert read(written(Record())) == Record()
    assert Record().empty
    assert not WHOLE.empty


def test_a_record_from_before_a_choice_could_be_left_open_still_loads():
    """Once every prediction named a test, and a file may have lost the line of one that names none."""
    document = json.loads(written(WHOLE))
    first, second = document["predictions"]
    assert first["telling"] == "custody-falls"
    del second["telling"]
    assert read(json.dumps(document)) == WHOLE


@given(
    st.lists(
        st.builds(
            prediction,
            test=st.from_regex(r"[a-z]{1,8}(-[a-z]{1,8})?", fullmatch=True),
            sure=st.integers(50, 100),
            number=st.none() | st.floats(-1e12, 1e12),
            telling=st.sampled_from([None, "custody-falls"]),
            outcome=st.sampled_from(["consistent", "inconsistent", "neutral", "not_evaluable"]),
        ),
        max_size=6,
    )
)
def test_any_record_round_trips(made):
    record = Record()
    for one in made:
        record = record.predicted(one)
    assert read(written(record)) == record


def test_what_was_seen_cannot_be_predicted_again():
    again = WHOLE.predicted(prediction(outcome="inconsistent", sure=100))
    assert again == WHOLE
    assert WHOLE.concluded(conclusion(direction="contradicted")) == WHOLE
    other_day = prediction(as_of=date(2025, 4, 25))
    assert len(WHOLE.predicted(other_day).predictions) == 3


def test_right_is_what_the_engine_said_then():
    assert not prediction().right
    assert prediction(outcome="inconsistent").right
    assert conclusion(direction="contradicted").right


def test_a_story_can_be_begun_anew_and_nothing_else_is_lost():
    other = prediction("net-short-shrinks", story="basis-trade-unwind")
    left = WHOLE.predicted(other).without("foreign-governments-retaliated", DAY)
    assert left.predictions == (other,)
    assert left.conclusions == ()
    assert left.exercises == WHOLE.exercises


def test_two_records_are_joined_by_what_was_said_first():
    mine = Record(predictions=(prediction(sure=60),))
    both = mine.joined(WHOLE)
    assert both.prediction("foreign-governments-retaliated", DAY, "custody-falls").sure == 60
    assert [p.test for p in both.predictions] == ["custody-falls", "china-sells"]
    assert both.conclusions == WHOLE.conclusions
    solved = Tried(exercise="choose-the-window", answers=({"answer": "four-weeks"},), solved=True)
    assert Record(exercises=(solved,)).joined(WHOLE).exercises == (solved,)
    assert WHOLE.joined(Record(exercises=(solved,))).exercises == (solved,)
    assert WHOLE.joined(WHOLE) == WHOLE


def test_an_exercise_keeps_its_place():
    first, second = Tried(exercise="one"), Tried(exercise="two")
    record = Record().worked(first).worked(second)
    solved = Tried(exercise="one", answers=({"answer": "a"},), solved=True)
    assert record.worked(solved).exercises == (solved, second)


def changed(**more):
    return json.dumps({**json.loads(written(WHOLE)), **more})


BAD = {
    "not JSON": "nonsense",
    "cut": written(WHOLE)[:-40],
    "another file": '{"type": "FeatureCollection"}',
    "a list": "[]",
    "a number": "7",
    "empty": "",
    "deep": "[" * 100_000,
    "too large": " " * (LARGEST + 1),
    "another version": changed(version=2),
    "unknown fields": changed(name="somebody"),
    "a script for a story": changed(
        conclusions=[{**json.loads(conclusion().model_dump_json()), "story": "<script>"}]
    ),
    "too sure": changed(predictions=[{**json.loads(prediction().model_dump_json()), "sure": 101}]),
    "not a number": written(WHOLE).replace("-12.5", "NaN"),
    "a huge number": written(WHOLE).replace("-12.5", "1e300"),
    "text for a number": written(WHOLE).replace("70", '"70"'),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_strange_file_is_told_in_a_sentence(name):
    found = read(BAD[name])
    assert isinstance(found, str)
    assert found.endswith(".")
    assert len(found) < 200
    assert "<" not in found
