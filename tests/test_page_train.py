"""The page *Train* without a browser: what is asked, what is said of an answer, and that nothing is told beforehand."""

from datetime import date

import pytest

from briefs.desk import open_desk
from briefs.training.record import Conclusion, Prediction, Record, Tried
from evidence.wording import outcome_sentence
from tests.visits import session, visit
from walkthrough.training.notebook import BEGUN, RECORD

DESK = open_desk()
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


@pytest.mark.parametrize("story", list(DESK.stories)[1::4])
def test_no_test_is_told_before_it_is_predicted(app, story):
    """Neither its title nor what was seen nor its outcome stands on the page of a test, and there is a question."""
    verdict = DESK.verdict(story, date.fromisoformat(DAY))
    for trace in verdict.tests[:3]:
        visit(app, "train", story=story, step="tests", test=trace.id, as_of=DAY)
        text = said(app)
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
    record = Record()
    for trace in verdict.tests:
        record = record.predicted(
            Prediction(
                story=STORY, test=trace.id, as_of=day, snapshot=DESK.store.n, says="as_claimed", outcome="neutral",
                sure=60, telling="repo-rate-spikes", was=trace.outcome,
            )
        )  # fmt: skip
    app.session_state[RECORD] = record
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
    next(b for b in app.button if b.label == "Begin this story anew").click().run()
    assert app.session_state[RECORD].conclusions == (other,)


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
