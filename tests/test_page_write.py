"""The page *Write* without a browser: the questions in their order, what a series is chosen from, and the text."""

import pytest

from briefs import sandbox, spark
from evidence.drafting.questions import QUESTIONS, STAGES
from evidence.yaml_nodes import load_trusted
from tests import ours
from tests.visits import session, visit
from walkthrough.writing import form, outcome, sheet
from walkthrough.writing.lacking import lacking

DESK = ours.desk()
FED = {
    "claim": "After US banks failed on 10 March 2023, foreign officials sold US Treasuries in unusual amounts.",
    "mechanism": "Foreign central banks hold Treasuries to have dollars when they need them. They sell some.",
    "event-of": form.NEW,
    "event": "bank-failures-2023",
    "event-name": "The bank failures of March 2023",
    "event-date": "2023-03-10",
    "event-question": "Did foreign officials sell?",
    "t1-test-title": "Custody holdings fall",
    "t1-test-series": "fed.custody.treasuries",
    "t1-test-kind": "change_after",
    "t1-test-direction": "down",
    "t1-test-window": "4 weeks",
    "t1-test-at-least": "2 %",
    "t1-test-matters-why": "Half of the fall of March 2020.",
    "t1-test-role": "hoop",
    "t1-test-grade": "proxy",
    "t1-test-why": "Officials keep most of their Treasuries there.",
    "confounders": "Pledged bonds leave custody.\n\nFlights to safety.",
    "said-who": "Commentators",
    "said-where": "In the press",
    "said-on": "2023-03-24",
}


@pytest.fixture(scope="module", autouse=True)
def ended():
    yield
    sandbox._asking.end()


@pytest.fixture
def app():
    """A session whose browser keeps nothing."""
    made = session()
    made.session_state[sheet.READY] = True
    made.session_state[sheet.ANSWERS], made.session_state[sheet.TEXT] = {}, ""
    made.session_state[sheet.STAMP] = 1
    return made


def fields(app):
    return [
        f.label
        for kind in ("text_area", "text_input", "date_input", "selectbox")
        for f in getattr(app, kind)
    ]


def test_every_question_of_the_command_line_is_asked_here_too(app):
    app.session_state[sheet.ANSWERS] = dict(FED)
    visit(app, "write")
    heads = [h.value for h in app.header]
    assert heads[: len(STAGES)] == [f"{n}. {head}" for n, head in enumerate(STAGES.values(), 1)]
    labels = " ".join(fields(app))
    for one in QUESTIONS:
        if (one.kinds and "change_after" not in one.kinds) or one.id in (
            "test-series",
            "test-legs",
        ):
            continue
        if one.stage == "rivals":
            continue  # the library has no other story about this event
        assert one.ask in labels or one.id == "event", one.id


def test_what_is_usual_stands_beside_the_size(app):
    app.session_state[sheet.ANSWERS] = dict(FED)
    visit(app, "write")
    assert any("earlier" in c.value or "windows before it" in c.value for c in app.caption)
    assert any("Known faults" in c.value for c in app.caption)


def test_a_wrong_answer_is_told_beside_its_field(app):
    app.session_state[sheet.ANSWERS] = {**FED, "t1-test-window": "soon", "id": "Not An Id"}
    visit(app, "write")
    text = " ".join(m.value for m in app.markdown)
    assert "Use small letters, digits and hyphens" in text
    assert "✕" in text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("uk", "United Kingdom"),
        ("net purchases", "more have all of these words. More words find fewer."),
        ("custody zzzzqqqq", "No series has all of these words. Fewer words find more."),
    ],
)
def test_a_search_says_what_it_found(app, words, told):
    app.session_state[sheet.ANSWERS] = {"t1-test-series-words": words}
    visit(app, "write")
    assert told in " ".join(e.value for e in (*app.markdown, *app.caption))


def test_the_answers_become_a_draft():
    made = form.draft_of(dict(FED), DESK, DESK.newest, 1)
    assert made.event_is.name == "The bank failures of March 2023"
    assert made.confounders == ("Pledged bonds leave custody.", "Flights to safety.")
    assert (made.tests[0].series, made.tests[0].after, made.tests[0].grade) == (
        "fed.custody.treasuries", "4 weeks", "proxy",
    )  # fmt: skip
    assert made.said[0].who == "Commentators"
    assert made.thresholds_set == DESK.newest


def test_rivals_and_what_they_expect_become_part_of_it():
    answers = {
        **FED, "event-of": "liberation-day", "rivals": ["basis-trade-unwind", "no-such-story"],
        "t1-expects-basis-trade-unwind": "inconsistent",
    }  # fmt: skip
    made = form.draft_of(answers, DESK, DESK.newest, 1)
    assert (made.event, made.event_is, made.rivals) == (
        "liberation-day",
        None,
        ("basis-trade-unwind",),
    )
    assert made.tests[0].rivals_expect == {"basis-trade-unwind": "inconsistent"}


def test_an_answer_that_cannot_be_taken_is_a_sentence():
    found = form.draft_of({**FED, "event-date": "tomorrow"}, DESK, DESK.newest, 1)
    assert isinstance(found, str)
    assert found.startswith("One of the answers cannot be taken")


def test_write_the_yaml(app):
    app.session_state[sheet.ANSWERS] = dict(FED)
    visit(app, "write")
    next(b for b in app.button if b.label == "Write the YAML").click().run()
    assert not app.exception
    document = load_trusted(app.session_state[sheet.TEXT])
    assert document["event_is"]["name"] == "The bank failures of March 2023"
    assert document["tests"][0]["grade"] == "proxy"
    assert document["cases"]
    assert "Score it" in [b.label for b in app.button]
    assert "Back to the questions" in [b.label for b in app.button]


def test_what_lacks_an_answer_is_listed_at_once_and_nothing_is_written(app, monkeypatch):
    told, asked = [], []
    monkeypatch.setattr(form.leading, "ways", lambda key, words, every: told.append(every))
    monkeypatch.setattr(sandbox, "finished", asked.append)
    visit(app, "write")
    assert told == []
    next(b for b in app.button if b.label == "Write the YAML").click().run()
    assert [way.words for way in told[-1]] == [
        "What is the claim, as something that could be measured?",
        "How would it work, if it were true?",
        "What is the event’s short name?",
        "What happened, in a few words?",
        "On which day?",
        "What do people ask about it?",
        "Test 1: What would we see if the claim were true?",
        "Test 1: In which data?",
        "Who said it?",
        "Where?",
        "When?",
    ]
    keys = {f.key for kind in ("text_area", "text_input", "date_input") for f in getattr(app, kind)}
    assert {way.to for way in told[-1]} <= keys
    assert (app.session_state[sheet.TEXT], asked) == ("", [])
    app.text_input(key="ask-said-who").set_value("Commentators").run()
    assert "Who said it?" not in [way.words for way in told[-1]]


def test_what_still_lacks_an_answer():
    assert lacking(FED, DESK, 1) == ()
    several = {**FED, "claim": " ", "t1-test-at-least": "a lot", "event-date": "2023-02-30"}
    assert [(lack.name, lack.why) for lack in lacking(several, DESK, 2)] == [
        ("claim", ""),
        ("event-date", "`2023-02-30` is not a day of the calendar."),
        ("t1-test-at-least", "Write a number, a space and a unit, such as `2 %`."),
        ("t2-test-title", ""),
        ("t2-test-series-words", ""),
    ]
    of_the_library = {n: a for n, a in FED.items() if not n.startswith("event")}
    assert lacking({**of_the_library, "event-of": "liberation-day"}, DESK, 1) == ()


def test_what_lacks_is_told_in_the_words_of_the_form(app):
    series = {n: a for n, a in FED.items() if n in ("t1-test-series", "t1-test-kind")}
    app.session_state[sheet.ANSWERS] = dict(series)
    visit(app, "write")
    labels = fields(app)
    for lack in lacking(series, DESK, 1):
        assert lack.asked.removeprefix("Test 1: ") in labels


def test_an_emptied_text_stays_the_editor(app):
    visit(app, "write")
    next(b for b in app.button if b.label == "Begin with the YAML").click().run()
    app.session_state[sheet.TEXT] = ""
    app.run()
    labels = [b.label for b in app.button]
    assert "Score it" in labels
    assert "Write the YAML" not in labels
    next(b for b in app.button if b.label == "Back to the questions").click().run()
    assert "Write the YAML" in [b.label for b in app.button]


def test_to_forget_is_asked_once_more(app):
    app.session_state[sheet.ANSWERS] = dict(FED)
    visit(app, "write")
    assert "Forget what I wrote" not in [b.label for b in app.button]
    next(b for b in app.button if b.label == "Yes, forget it").click().run()
    assert "claim" not in app.session_state[sheet.ANSWERS]
    assert app.text_area(key="ask-claim").value == ""


def test_only_what_bears_on_the_verdict_is_noted_of_its_data():
    """A series that ends after all that is read of it is no news; one that a test still waits for is."""
    closed = DESK.engine.score("foreign-private-protest", DESK.newest).verdict
    waits = [t for t in closed.tests if t.outcome == "not_evaluable" or t.so_far]
    assert len(closed.notices) > len(outcome._notices(DESK, closed))
    named = {DESK.store.catalogue.series[name].named for t in waits for name in t.series}
    assert all(n.split(":")[0] in named for n in outcome._notices(DESK, closed))
    trace = closed.tests[0].model_copy(update={"outcome": "not_evaluable"})
    waiting = closed.model_copy(update={"tests": (trace, *closed.tests[1:])})
    own = DESK.store.catalogue.series[trace.series[0]].named
    if any(n.startswith(own) for n in closed.notices):
        assert any(n.startswith(own) for n in outcome._notices(DESK, waiting))


def test_hostile_answers_stay_text(app):
    """Markdown, HTML and markup of ours in an answer are shown as they are, wherever it comes back."""
    evil = "<script>alert(1)</script> ![x](https://example.org/x.png) :red[no] $x$ [link](javascript:alert(1))"
    app.session_state[sheet.ANSWERS] = {**FED, "claim": evil, "t1-test-title": evil, "title": evil}
    visit(app, "write")
    for element in (*app.markdown, *app.caption, *app.header, *app.subheader):
        assert "<script>" not in element.value
        assert "](https://example.org" not in element.value
        assert "](javascript" not in element.value


def test_a_sparkline_is_an_image_with_words():
    made = spark.image((1.0, 2.0, 1.5), 'a "title" <b>', "#123456")
    assert made.startswith('<img src="data:image/svg+xml;base64,')
    assert 'alt="a &quot;title&quot; &lt;b&gt;"' in made


def test_a_browser_that_hands_over_nonsense_does_no_harm():
    for held in ("", "7", "[]", '{"text": 7}', '{"answers": []}', "[" * 10_000, "x" * 10_000_000):
        assert sheet._parsed(held) == {}
    assert sheet._parsed('{"text": "schema: 1"}')["text"] == "schema: 1"
