"""From answers to a story: the YAML says what was answered, the cases are right by the engine, suggestions fit."""

import json
import time
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence import yaml_nodes
from evidence.controls import run
from evidence.drafting.answers import fault, lines
from evidence.drafting.draft import Draft, DraftTest, tidied, yaml_of
from evidence.drafting.finishing import completed, engine_with, event_of, finished
from evidence.drafting.pull_request import LONGEST, pull_request
from evidence.drafting.questions import QUESTIONS, STAGES, asked, question
from evidence.drafting.series import _other_names, find_series, matching
from evidence.drafting.suggest import OFFERED, kinds_for, prefilled, slug, title, usual
from evidence.drafting.worked_cases import JUST, NOT_OUT, PAST, SHORT, episodes, worked
from evidence.kinds import KINDS
from evidence.mutation import Bench
from evidence.narrative import Narrative
from tests import ours

HERE = Path(__file__).parent / "fixtures" / "drafts"
STORE, LIBRARY = ours.store(), ours.library()
VIEW = STORE.as_of(STORE.newest_day)
MARCH = date(2023, 3, 10)


def draft(name):
    return Draft.model_validate_json((HERE / f"{name}.json").read_text("utf-8"))


BANKS = draft("bank-failures-2023")


@pytest.fixture(scope="module")
def banks():
    return finished(BANKS, LIBRARY, STORE)


# ---------------------------------------------------------------- the text


def plain(text):
    return yaml_nodes.load_trusted(text)


def test_the_text_says_what_was_answered_in_the_order_of_the_library(banks):
    found = plain(banks.text)
    order = [field.alias or name for name, field in Narrative.model_fields.items()]
    assert list(found) == sorted(found, key=order.index)
    assert found["claim"] == BANKS.claim
    assert found["mechanism"] == BANKS.mechanism
    assert found["event_is"]["date"] == MARCH
    assert found["confounders"] == list(BANKS.confounders)
    assert found["tests"][0]["window"] == {"after": "4 weeks"}
    assert found["tests"][1]["caveat"] == BANKS.tests[1].caveat
    assert max(map(len, banks.text.splitlines())) <= 118
    assert (
        "  - {test: custody-holdings-fall, event: dash-for-cash-2020, expects: fires}\n"
        in banks.text
    )


def test_the_same_answers_make_the_same_text(banks):
    assert finished(draft("bank-failures-2023"), LIBRARY, STORE).text == banks.text


def test_what_is_empty_is_left_out():
    assert yaml_of(Draft()) == "schema: 1\nstatus: draft\nshelf: said\n"
    test = DraftTest(title="Custody falls", at_least="2%")
    found = plain(yaml_of(Draft(claim="They sold.", tests=(test,), confounders=("", " "))))
    assert found["tests"] == [{"title": "Custody falls", "matters": {"at_least": "2 %"}}]
    assert "confounders" not in found


ODD = ["NO", "yes", "2", "2.0", "1e5", "2023-03-10", "~", "null", "", "a: b", "a #b", "- x", "x:", "{a}", "[a]", "*a", "&a", "!a",
       "'a'", '"a"', "a\nb", "a\tb", "%", "@", "`", "|", ">", "?", "---", "🙃", "ü", "\\n", "a, b", "…", " a ", "# a", "a  b", "x" * 300,
       "word " * 60 + "end", "word  two " * 30, "\u200b", "a\u202eb", "\x00", "= a", "<script>", "${HOME}", "a\rb", "<<"]  # fmt: skip
TEXTS = st.one_of(st.sampled_from(ODD), st.text(max_size=200))


@settings(max_examples=150, deadline=None)
@given(TEXTS, TEXTS, TEXTS, TEXTS, TEXTS)
def test_any_text_comes_back_as_it_was_given(claim, where, caveat, link, confounder):
    test = DraftTest(id="a", title=claim, caveat=caveat, rivals_expect={"b": link} if link else {})
    given_ = {"who": where, "where": link, "on": MARCH}
    made = Draft.model_validate(
        {
            "claim": claim, "said": [given_], "chain": [link, where], "tests": [test],
            "confounders": [confounder], "parts": {"act": caveat},
        }
    )  # fmt: skip
    found = plain(yaml_of(made))
    assert found.get("claim", "") == tidied(claim)
    assert found["said"][0].get("who", "") == tidied(where)
    assert found.get("chain", []) == [t for t in (tidied(link), tidied(where)) if t]
    assert found["tests"][0].get("caveat", "") == tidied(caveat)
    assert found.get("confounders", [""])[0] == tidied(confounder)


def test_only_what_no_file_may_hold_is_lost():
    assert tidied(" a\u202eb\x00c ") == "abc"
    assert tidied("“Über” – 🙃\n№") == "“Über” – 🙃\n№"


def test_nonsense_is_told_at_its_lines():
    found = finished(draft("nonsense"), LIBRARY, STORE)
    assert plain(found.text)["claim"] == draft("nonsense").claim
    assert found.reading.value is None
    codes = {p.code for p in found.reading.problems}
    assert {"unknown-kind", "wrong-size"} <= codes
    rows = found.text.splitlines()
    [kind] = [p for p in found.reading.problems if p.code == "unknown-kind"]
    assert rows[kind.line - 1].strip() == "kind: vibes"


# ---------------------------------------------------------------- the worked example


def test_the_banks_read_without_a_problem(banks):
    assert banks.reading.problems == ()
    assert banks.left_out == ()
    assert banks.reading.value.id == "foreign-officials-sold-treasuries"


def test_the_banks_verdict(banks):
    story = banks.reading.value
    verdict = engine_with([story], LIBRARY, STORE).score(story.id).verdict
    assert verdict.direction == "contradicted"
    told = {t.id: (t.outcome, t.statistic.value) for t in verdict.tests}
    assert told["custody-holdings-fall"] == ("neutral", pytest.approx(2907.392 - 2950.306))
    assert told["survey-shows-official-net-sales"] == ("inconsistent", pytest.approx(5.217))
    assert told["officials-let-treasury-bills-go"][0] == "neutral"
    assert told["long-yields-rise"] == ("inconsistent", pytest.approx(-32))
    assert event_of(story, LIBRARY).date == MARCH


def test_the_banks_cases_hold_and_pin_every_threshold(banks):
    story = banks.reading.value
    alone = story.model_copy(update={"controls": ()})
    checks = list(run([alone], {story.event: MARCH}, {}, STORE))
    assert [c.line() for c in checks if not c.passed] == []
    assert len(checks) == 7
    bench = Bench(STORE, LIBRARY)
    bench.anchors[story.event] = MARCH
    bench.library = type("Told", (), {"anchor": lambda _self, _n: MARCH})()
    assert [str(m) for m in bench.survivors([alone])] == []


def test_what_cases_say(banks):
    cases = {case.name: case for case in banks.reading.value.cases}
    assert set(cases[PAST].expects.values()) == set(cases[JUST].expects.values()) == {"consistent"}
    assert "consistent" not in cases[SHORT].expects.values()
    assert set(cases[NOT_OUT].expects.values()) == {"not_evaluable"}
    assert cases[PAST].direction == "supported"


@pytest.mark.parametrize(
    "story_id",
    [
        "foreign-private-protest",
        "exceptionalism-lasts",
        "swap-spread-unwind",
        pytest.param("basis-trade-unwind", marks=pytest.mark.long),
        pytest.param("everything-fell-together", marks=pytest.mark.long),
    ],
)
def test_cases_worked_out_for_the_library_hold(story_id):
    """Kinds, behaviours and frequencies that the worked example does not have."""
    narrative = LIBRARY.narratives[story_id]
    begin = time.process_time()
    found = worked(narrative, LIBRARY.anchor(narrative), STORE)
    assert time.process_time() - begin < len(
        narrative.tests
    )  # a second for each test, and much less
    assert found == worked(narrative, LIBRARY.anchor(narrative), STORE)
    again = narrative.model_copy(update={"cases": found.cases, "controls": ()})
    anchors = {event.id: event.date for event in LIBRARY.events.values()}
    checks = list(run([again], anchors, {}, STORE))
    assert len(checks) == len(found.cases) > 2
    assert [c.line() for c in checks if not c.passed] == []


def test_what_cannot_be_worked_out_is_said():
    narrative = LIBRARY.narratives["dollar-fell-before"]
    found = worked(narrative, LIBRARY.anchor(narrative), STORE)
    assert found.cases == ()
    assert len(found.left_out) == len(narrative.tests)
    assert "are not worked out; write them by hand" in found.left_out[0]


def test_facts_have_worlds_of_their_own_day():
    tests = (
        DraftTest(title="Foreigners take little", kind="level", series="ust.auction10y.foreign_class_share",
                  direction="down", on=date(2023, 4, 12), at_least="11 %", matters_why="As told.", role="hoop", why="As told."),
        DraftTest(title="A record yield", kind="record", series="ust.yield.2y", of="highest", direction="up",
                  on=date(2023, 3, 8), at_least="0.1 pp", matters_why="As told.", role="hoop", why="As told."),
        DraftTest(title="The facility is used", kind="reaches", series="nyfed.srf_accepted", direction="up",
                  since=date(2023, 3, 13), until=date(2023, 3, 31), at_least="5 bn", matters_why="As told.", role="hoop", why="As told."),
    )  # fmt: skip
    found = finished(BANKS.model_copy(update={"tests": tests, "episodes": ()}), LIBRARY, STORE)
    assert [p.text() for p in found.reading.problems] == []
    assert found.left_out == ()
    days = {case.at for case in found.reading.value.cases}
    assert days == {date(2023, 4, 12), date(2023, 3, 8), date(2023, 3, 31)}
    checks = run([found.reading.value], {BANKS.event: MARCH}, {}, STORE)
    assert all(check.passed for check in checks)


def test_past_episodes_are_offered_with_what_came_out(banks):
    offered = {(o.use.test, o.use.event): o for o in episodes(banks.reading.value, STORE, LIBRARY.controls)}  # fmt: skip
    dash = offered["custody-holdings-fall", "dash-for-cash-2020"]
    assert (dash.outcome, dash.use.expects) == ("consistent", "fires")
    assert "fell by $128 bn" in dash.seen
    assert offered["custody-holdings-fall", "rate-shock-2022"].use.expects == "stays_quiet"


# ---------------------------------------------------------------- suggestions


@pytest.mark.parametrize(
    ("series", "kinds", "first"),
    [
        ("fed.custody.treasuries", {"change_after", "level"}, ("4 weeks", "%")),
        ("tic.net.official_bonds_notes", {"net_flow", "flow_shift"}, ("1 month", "bn")),
        ("ust.yield.10y", {"change_after", "spike_after", "falls_together"}, ("2 weeks", "bp")),
        ("ust.auction10y.indirect_share", {"level", "record"}, ("", "%")),
        ("cftc.lev_net.all", {"change_after"}, ("4 weeks", "%")),
    ],
)
def test_kinds_that_fit_a_series(series, kinds, first):
    found = kinds_for(series, STORE.catalogue)
    assert kinds <= set(found) <= set(OFFERED) <= set(KINDS)
    suits = prefilled(found[0], series, STORE.catalogue)
    assert (suits.window, suits.unit) == first


def test_kinds_that_do_not_fit():
    assert "net_flow" not in kinds_for("fed.custody.treasuries", STORE.catalogue)
    assert "change_after" not in kinds_for("ust.auction10y.indirect_share", STORE.catalogue)
    assert (
        kinds_for("imf.gg_balance.usa", STORE.catalogue) == ()
    )  # no size can be written in its unit


def test_what_is_usual_before_the_event():
    found = usual(DraftTest(kind="change_after", series="fed.custody.treasuries", after="4 weeks"), VIEW, MARCH)  # fmt: skip
    assert found.unit == "percent"
    assert 0.3 < found.median < 1.2 < found.most < 3
    assert found.words.startswith(f"Half of the {found.windows:,} windows before it moved by 0.7 %")
    assert usual(DraftTest(kind="level", series="fed.custody.treasuries"), VIEW, MARCH) is None
    assert usual(DraftTest(kind="change_after", series="no.such"), VIEW, MARCH) is None
    assert usual(DraftTest(kind="change_after", series="ust.yield.10y"), VIEW, VIEW.day).windows > 100  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Foreign officials sold US Treasuries", "foreign-officials-sold-us-treasuries"),
        ("Über the “Größe” of it", "uber-grosse-it"),
        ("the", "the"),
        ("x" * 90, "x" * 50),
        ("🙃", ""),
        ("../../etc/passwd", "etc-passwd"),
    ],
)
def test_ids_from_sentences(text, found):
    assert slug(text) == found


def test_titles_from_claims():
    assert title("Officials sold. Prices fell.") == "Officials sold"
    assert title(BANKS.claim) == "After US banks failed on 10 March 2023, foreign officials sold US"
    assert len(title("x" * 200)) == 70


def test_ids_and_windows_are_filled_in():
    whole = completed(
        Draft(
            claim="They sold.",
            tests=(DraftTest(title="A", kind="change_after", series="ust.yield.10y"),) * 2,
        ),
        STORE,
    )
    assert (whole.id, whole.title) == ("they-sold", "They sold")
    assert [t.id for t in whole.tests] == ["a", "a-2"]
    assert [t.after for t in whole.tests] == ["2 weeks"] * 2


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("custody", "fed.custody.treasuries"),
        ("custdoy", "fed.custody.treasuries"),
        ("Official NOTES net", "tic.net.official_bonds_notes"),
        ("2-year yeild", "ust.yield.2y"),
        ("fed.custody.treasuries", "fed.custody.treasuries"),
    ],
)
def test_series_are_found(words, first):
    found = find_series(VIEW, words)
    assert found[0].row.id == first
    assert len(found[0].values) == 60
    assert found[0].row.freshness


def readable(entry):
    return bool(kinds_for(entry.id, STORE.catalogue))


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        ("uk", "tic.slt.united_kingdom.treasuries.position"),
        ("Britain treasuries", "tic.holdings.united_kingdom"),
        ("hedge funds net", "cftc.lev_net.us10y"),
        ("hedge fund 10-year", "cftc.lev_net.us10y"),
        ("holdings of japan", "tic.holdings.japan"),
        ("custody holdings", "fed.custody.treasuries"),
        ("yields 10 years", "ust.yield.10y"),
    ],
)
def test_a_search_knows_what_people_call_things(words, holds):
    assert holds in matching(VIEW, words, readable)


def test_every_other_name_is_of_use():
    for name in _other_names():
        assert matching(VIEW, " ".join(name)), name


def test_a_search_asks_for_every_word():
    assert matching(VIEW, "custody zzzzqqqq") == ()
    found = matching(VIEW, "china bills", readable)
    assert found == ("tic.slt.china.bills.position",)
    assert len(matching(VIEW, "net purchases", readable)) > len(
        matching(VIEW, "net purchases china", readable)
    )
    assert matching(VIEW, "the") != ()


def test_a_search_may_be_narrowed():
    weekly = find_series(VIEW, "treasuries", only=lambda e: e.frequency == "weekly")
    assert {one.row.frequency for one in weekly} == {"weekly"}
    assert find_series(VIEW, "zzzzqqqq") == ()
    assert len(find_series(VIEW, "", most=5)) == 5


# ---------------------------------------------------------------- questions and answers


def test_the_questions_are_in_order_and_fill_the_draft():
    stages = [q.stage for q in QUESTIONS]
    assert list(dict.fromkeys(stages)) == list(STAGES)
    assert stages == sorted(stages, key=list(STAGES).index)
    assert len({q.id for q in QUESTIONS}) == len(QUESTIONS)
    for one in QUESTIONS:
        assert one.ask.endswith("?")
        assert one.help
        assert one.good
        assert one.bad
        assert one.why_bad
        model = Draft
        for name in one.fills.split("."):
            assert name in model.model_fields, one.fills
            model = {"event_is": "DraftEvent", "tests": "DraftTest", "said": "DraftSaid"}.get(name)
            model = None if model is None else getattr(__import__("evidence.drafting.draft", fromlist=[model]), model)  # fmt: skip


def test_good_answers_are_taken():
    test = DraftTest(kind="change_after", series="fed.custody.treasuries")
    for one in QUESTIONS:
        about = DraftTest(kind=one.kinds[0]) if one.kinds else test
        about = test if one.id in ("test-series", "test-direction", "test-window") else about
        assert fault(one, one.good, STORE.catalogue, LIBRARY, about) is None, one.id


def test_a_kind_is_asked_its_own_questions():
    ids = {kind: {q.id for q in asked("tests", kind)} for kind in OFFERED}
    assert "test-window" in ids["net_flow"]
    assert "test-on" not in ids["net_flow"]
    assert {"test-since", "test-until"} <= ids["reaches"]
    assert "test-window" not in ids["reaches"]
    assert "test-legs" in ids["falls_together"]
    assert "test-series" not in ids["falls_together"]


@pytest.mark.parametrize(
    ("question_id", "answer", "test", "told"),
    [
        ("claim", "", {}, "This is needed."),
        ("id", "Officials sold!", {}, "small letters"),
        ("event-date", "March 2023", {}, "year-month-day"),
        ("event-date", "2023-02-30", {}, "not a day of the calendar"),
        ("event-date", "1823-02-20", {}, "between 1990 and 2035"),
        ("test-series", "fed.custody.treasurys", {}, "did you mean `fed.custody.treasuries`?"),
        ("test-kind", "net_flow", {"series": "fed.custody.treasuries"}, "does not fit"),
        ("test-kind", "vibes", {}, "Write change_after"),
        ("test-window", "soon", {}, "such as `4 weeks`"),
        ("test-window", "5 days", {"series": "fed.custody.treasuries"}, "weekly; write its window in weeks"),
        ("test-at-least", "a lot", {}, "a number, a space and a unit"),
        ("test-at-least", "2 bp", {"series": "fed.custody.treasuries", "kind": "change_after"}, "in `%`"),
        ("test-at-least", "0 %", {"series": "fed.custody.treasuries", "kind": "change_after"}, "more than nought"),
        ("test-role", "important", {}, "Write hoop"),
        ("rivals", "basis-trade-unwin", {}, "did you mean `basis-trade-unwind`?"),
        ("mechanism", "They sell.", {}, "between 20 and 1,200"),
        ("title", "x", {}, "between 3 and 600"),
    ],
)  # fmt: skip
def test_why_an_answer_cannot_be_taken(question_id, answer, test, told):
    why = fault(question(question_id), answer, STORE.catalogue, LIBRARY, DraftTest(**test))
    assert why is not None
    assert told in why


def test_several_answers_in_one():
    assert lines("a; b\n\n c ") == ("a", "b", "c")


# ---------------------------------------------------------------- the link


def test_a_link_opens_a_new_file_with_the_story(banks):
    text = "id: a-b\n# “quotes” & 100 %?\n"
    link = pull_request("https://github.com/owner/project/", "a-b", "an-event", text)
    parts = urlsplit(link)
    assert (parts.netloc, parts.path) == (
        "github.com",
        "/owner/project/new/main/narratives/an-event",
    )
    assert parse_qs(parts.query) == {"filename": ["a-b.yaml"], "value": [text]}
    assert "value=id%3A%20a-b%0A" in link
    assert unquote(link).endswith(text)
    long = pull_request("https://github.com/owner/project", "a-b", "an-event", banks.text + "x" * LONGEST)  # fmt: skip
    assert long == "https://github.com/owner/project/new/main/narratives/an-event?filename=a-b.yaml"


@pytest.mark.parametrize(
    "url",
    ["", "github.com/a/b", "http://github.com/a/b", "https://github.com", "https://github.com/a", "https://user@github.com/a/b",
     "https://github.com:8443/a/b", "https://localhost/a/b", "javascript:alert(1)", "https://github.com/a/b?x=1", "https://[::1]/a/b",
     "https://github.com/a/../b", "https://git hub.com/a/b", "https://[/a/b"],
)  # fmt: skip
def test_no_link_without_a_plain_project(url):
    assert pull_request(url, "a-b", "an-event", "x") is None


def test_no_link_for_ids_that_name_no_file():
    for name in ("", "../x", "A b", "a/b"):
        assert pull_request("https://github.com/a/b", name, "e", "x") is None
        assert pull_request("https://github.com/a/b", "e", name, "x") is None


def test_the_fixtures_are_drafts_with_nothing_unknown():
    for path in HERE.glob("*.json"):
        assert Draft.model_validate(json.loads(path.read_text("utf-8")))
