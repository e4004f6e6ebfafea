"""The page *Train* without a browser: what is asked, what is said of an answer, and that nothing is told beforehand."""

from datetime import date

import pytest

from briefs.training.record import Conclusion, Prediction, Record, Tried
from evidence.wording import outcome_sentence
from tests import ours
from tests.visits import session, visit, ways
from walkthrough.training.notebook import BEGUN, RECORD

DESK = ours.desk()
STORY, TEST, DAY = "basis-trade-unwind", "net-short-shrinks", "2025-06-20"


@pytest.fixture(scope="module")
def app():
    return session()


@pytest.fixture(autouse=True)
def anew(app):
    """An empty record, as a browser hands it over that keeps nothing yet."""
    app.session_state[RECORD], app.session_state[BEGUN] = Record(), {}


def said(app):
    return "\n".join(
        str(element.value)
        for kind in ("title", "header", "subheader", "markdown", "caption")
        for element in getattr(app, kind)
    ).replace("\\", "")


def radio(app, begins):
    return next(r for r in app.radio if r.label.startswith(begins))


def predict(app, outcome=0):
    radio(app, "If the claim").set_value(radio(app, "If the claim").options[0]).run()
    box = radio(app, "What will")
    box.set_value(("consistent", "inconsistent", "neutral", "not_evaluable")[outcome]).run()
    next(b for b in app.button if b.label == "Show what happened").click().run()
    assert not app.exception


def test_the_first_page_names_all_there_is(app):
    visit(app, "train")
    links = said(app) + " ".join(str(e.proto) for e in app.get("page_link"))
    for name in (*DESK.stories, *DESK.exercise_ids):
        assert name in links, name
    assert "Nothing is predicted yet" in said(app)


def predictions(story, tests, **more):
    """What somebody said of some tests of a story on the day."""
    verdict = DESK.verdict(story, date.fromisoformat(DAY))
    usual = {"says": "as_claimed", "outcome": "neutral", "sure": 60, "telling": None, **more}
    return tuple(
        Prediction(
            story=story, test=name, as_of=verdict.stands_for, snapshot=DESK.store.n, was=verdict.test(name).outcome, **usual
        )
        for name in tests
    )  # fmt: skip


def ids(story):
    return [t.id for t in DESK.stories[story].tests]


@pytest.mark.parametrize("story", list(DESK.stories)[1::4])
def test_no_test_is_told_before_it_is_predicted(app, story):
    """Neither its title nor what was seen nor its outcome stands on the page of a test, and there is a question."""
    verdict = DESK.verdict(story, date.fromisoformat(DAY))
    for at, trace in enumerate(verdict.tests[:3]):
        app.session_state[RECORD] = Record(predictions=predictions(story, ids(story)[:at]))
        visit(app, "train", story=story, step="tests", test=trace.id, as_of=DAY)
        text = said(app)
        assert f"Test {at + 1} of " in text
        assert outcome_sentence(trace) not in text
        assert trace.seen.removesuffix(".") not in text
        assert "Show what happened" in [b.label for b in app.button]
        assert [r.label[:12] for r in app.radio] == ["If the claim", "What will th"]


def test_a_prediction_is_kept_with_what_came(app):
    visit(app, "train", story=STORY, step="tests", test=TEST, as_of=DAY)
    predict(app, outcome=1)
    record = app.session_state[RECORD]
    [one] = record.predictions
    verdict = DESK.verdict(STORY, date.fromisoformat(DAY))
    assert (one.story, one.test, one.as_of) == (STORY, TEST, verdict.stands_for)
    assert (one.outcome, one.was, one.sure) == ("inconsistent", verdict.test(TEST).outcome, 70)
    text = said(app)
    assert "As you expected: against the claim." in text
    assert outcome_sentence(verdict.test(TEST)) in text.replace("\u2060", "").replace("\u00a0", " ")


def test_what_is_begun_is_kept_until_it_is_given(app):
    visit(app, "train", story=STORY, step="tests", test=TEST, as_of=DAY)
    radio(app, "What will").set_value("neutral").run()
    held = dict(app.session_state[BEGUN])
    assert list(held.values()) == ["neutral"]
    radio(app, "If the claim").set_value(radio(app, "If the claim").options[0]).run()
    next(b for b in app.button if b.label == "Show what happened").click().run()
    assert not any(TEST in key and "outcome" in key for key in app.session_state[BEGUN])


def test_the_verdict_waits_for_all_tests(app):
    visit(app, "train", story=STORY, step="verdict", as_of=DAY)
    assert "Some tests are not predicted yet" in said(app)
    day = DESK.verdict(STORY, date.fromisoformat(DAY)).stands_for
    verdict = DESK.verdict(STORY, day)
    made = predictions(STORY, ids(STORY), telling="repo-rate-spikes")
    app.session_state[RECORD] = Record(predictions=made)
    visit(app, "train", story=STORY, step="verdict", as_of=DAY)
    radio(app, "What do all").set_value("supported").run()
    next(b for b in app.button if b.label == "Compare with the engine").click().run()
    text = said(app)
    assert "You said: supported. The engine says: contradicted." in text
    assert verdict.rule_sentence in text
    assert "tells most: its outcome is worth" in text
    kept = app.session_state[RECORD].conclusion(STORY, day)
    assert kept == Conclusion(
        story=STORY, as_of=day, snapshot=DESK.store.n, direction="supported", sure=70, was="contradicted"
    )  # fmt: skip


def test_a_story_begun_anew_forgets_only_itself(app):
    day = DESK.verdict(STORY, date.fromisoformat(DAY)).stands_for
    made = Conclusion(
        story=STORY, as_of=day, snapshot=1, direction="mixed", sure=50, was="contradicted"
    )
    other = made.model_copy(update={"story": "dollar-fell-before"})
    app.session_state[RECORD] = Record(conclusions=(made, other))
    visit(app, "train", story=STORY, step="verdict", as_of=DAY)
    app.button(key="anew-no").click().run()
    assert app.session_state[RECORD].conclusions == (made, other)
    app.button(key="anew-yes").click().run()
    assert app.session_state[RECORD].conclusions == (other,)


def test_the_tests_of_a_story_open_one_by_one(app):
    """A later one could show what an earlier one asks. A link to one that is not open leads to the first that is."""
    first, second, *rest = ids(STORY)
    visit(app, "train", story=STORY, step="tests", test=rest[-1], as_of=DAY)
    text = said(app)
    assert f"Test 1 of {len(ids(STORY))}" in text
    assert "They open one by one" in text
    told = app.info[0].value.replace("\\", "")
    assert told.startswith(f"Test {len(ids(STORY))} opens once the tests before it are predicted")
    assert told.endswith("This is test 1.")
    led = str(ways(app))
    assert f"test={second}" not in led
    assert not any(f"test={name}" in led for name in rest[:-1])
    assert next(b for b in app.button if b.label == "Next").disabled
    predict(app)
    assert [p.test for p in app.session_state[RECORD].predictions] == [first]
    assert first in app.query_params["test"]
    assert not app.info
    assert not next(b for b in app.button if b.label == "Next").disabled
    assert f"test={second}" in str(ways(app))
    visit(app, "train", story=STORY, step="tests", test=second, as_of=DAY)
    assert not app.info
    assert "Show what happened" in [b.label for b in app.button]


def test_a_picture_waits_that_would_answer_a_later_test(app):
    story = "foreign-private-protest"
    made = predictions(story, ids(story))
    app.session_state[RECORD] = Record(predictions=made[:1])
    visit(app, "train", story=story, step="tests", test=ids(story)[0], as_of=DAY)
    assert "The picture waits for tests 3 and 4: it would show what they ask." in said(app)
    before = len(app.get("vega_lite_chart"))
    app.session_state[RECORD] = Record(predictions=made[:4])
    visit(app, "train", story=story, step="tests", test=ids(story)[0], as_of=DAY)
    assert "The picture waits" not in said(app)
    assert len(app.get("vega_lite_chart")) == before + 1


def test_which_test_tells_most_is_chosen_by_nobody_else(app):
    """It begins with nothing chosen, and a choice that was made goes on to the next test."""
    first, second = ids(STORY)[:2]
    visit(app, "train", story=STORY, step="tests", test=first, as_of=DAY)
    assert app.selectbox[0].value is None
    assert app.selectbox[0].placeholder == "Choose"
    predict(app)
    assert app.session_state[RECORD].predictions[0].telling is None
    visit(app, "train", story=STORY, step="tests", test=second, as_of=DAY)
    assert app.selectbox[0].value is None
    app.selectbox[0].set_value(first).run()
    predict(app)
    assert app.session_state[RECORD].predictions[1].telling == first
    visit(app, "train", story=STORY, step="tests", test=ids(STORY)[2], as_of=DAY)
    assert app.selectbox[0].value == first


def test_a_fact_is_asked_for_by_what_it_is(app):
    story, test = "foreign-private-protest", "selling-began-in-april"
    app.session_state[RECORD] = Record(predictions=predictions(story, ids(story)[:2]))
    visit(app, "train", story=story, step="tests", test=test, as_of=DAY)
    assert "What is asked for here is when a flow turned" in said(app)


def test_the_first_page_tells_the_score_with_its_meaning(app):
    made = predictions(STORY, ids(STORY)[:2])
    right, wrong = (p.model_copy(update={"sure": s}) for p, s in zip(made, (80, 60), strict=True))
    right = right.model_copy(update={"outcome": right.was})
    wrong = wrong.model_copy(update={"outcome": "not_evaluable"})
    app.session_state[RECORD] = Record(predictions=(right, wrong))
    visit(app, "train")
    text = said(app).replace("\u2060", "").replace("\u00a0", " ")
    assert "Brier’s score: 0.20." in text  # (.2² + .6²) / 2
    assert "0.25 is what always saying 50 % gives" in text
    assert ", p 0" not in text


def test_a_course_says_of_each_story_as_of_which_day(app):
    visit(app, "train", plan=f"{STORY}@{DAY},exercise.{DESK.exercise_ids[0]},dollar-fell-before")
    captions = [c.value for c in app.caption]
    assert "as known on 20 June 2025" in captions
    assert "on the newest data" in captions


def test_everything_is_forgotten_only_once_it_is_confirmed(app):
    app.session_state[RECORD] = held = Record(predictions=predictions(STORY, ids(STORY)[:1]))
    visit(app, "train")
    app.button(key="forget-no").click().run()
    assert app.session_state[RECORD] == held
    app.button(key="forget-yes").click().run()
    assert app.session_state[RECORD].empty


def test_an_answer_of_an_exercise_that_was_written_anew_does_no_harm(app):
    """A record may name options that an exercise no longer has."""
    name = DESK.exercise_ids[0]
    old = Tried(exercise=name, answers=({"answer": "no-longer-there"},), hints=9)
    app.session_state[RECORD] = Record(exercises=(old,))
    visit(app, "train", exercise=name)
    assert not app.exception
    assert "Check" in [b.label for b in app.button]


def test_everybody_has_a_record_of_their_own():
    """Two sessions of one server share nothing."""
    mine, other = session(), session()
    for one in (mine, other):
        one.session_state[RECORD], one.session_state[BEGUN] = Record(), {}
    visit(mine, "train", story=STORY, step="tests", test=TEST, as_of=DAY)
    predict(mine)
    visit(other, "train", story=STORY, step="tests", test=TEST, as_of=DAY)
    assert other.session_state[RECORD] == Record()
    assert "Show what happened" in [b.label for b in other.button]
