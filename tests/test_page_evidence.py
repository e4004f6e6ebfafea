"""The page of findings: each sentence is made from traces, and turns when they turn."""

import ast
import re
from datetime import date
from pathlib import Path

import pytest

from evidence import findings
from evidence.findings import HOLDERS
from tests import ours
from tests.visits import session
from walkthrough import note
from walkthrough.prose import plain

ROOT = Path(__file__).resolve().parent.parent
DESK = ours.desk()
DAY = date(2025, 6, 20)
VERDICTS = {name: DESK.verdict(name, DAY) for name in DESK.stories}


def with_outcome(outcome, *tests, **more):
    """The verdicts with other outcomes of some tests."""
    changed = dict(VERDICTS)
    for name, verdict in VERDICTS.items():
        traces = [
            t.model_copy(update={"outcome": outcome, **more}) if t.id in tests else t
            for t in verdict.tests
        ]
        changed[name] = verdict.model_copy(update={"tests": tuple(traces)})
    return changed


def told(name, verdicts, on=DAY):
    return next(f for f in findings.findings(verdicts, on) if f.name == name)


ALL = [h.test for h in HOLDERS]


def test_who_sold_names_the_holders_that_the_data_bear_out():
    found = told("sold", with_outcome("neutral", *ALL))
    assert (
        found.sentence
        == "On 20 June 2025 no sale of the size that would matter showed in the data."
    )
    found = told("sold", VERDICTS)
    trace = VERDICTS["foreign-private-protest"].test("private-bonds-sold")
    assert trace.outcome == "consistent"
    assert (
        f"private foreigners sold Treasuries (${abs(trace.statistic.value):.0f} bn, net)"
        in found.sentence
    )
    assert found.sentence.startswith("In April 2025 ")
    assert "foreign-private-protest" in found.stories


def test_a_holder_moves_from_one_sentence_to_the_other():
    before = told("not", VERDICTS)
    assert "drawing down their custody account" in before.sentence
    turned = with_outcome("consistent", "custody-falls")
    assert "drawing down" not in told("not", turned).sentence
    assert (
        "foreign governments drew down their custody account ($12 bn, net)"
        in told("sold", turned).sentence
    )
    against = with_outcome("inconsistent", "private-bonds-sold")
    assert "private foreigners selling Treasuries" in told("not", against).sentence
    assert "private foreigners sold Treasuries" not in told("sold", against).sentence


def test_what_speaks_against_is_told_with_what_would_matter():
    trace = VERDICTS["foreign-governments-retaliated"].test("custody-falls")
    assert (
        f"(−$12 bn, where −${trace.matters.at_least:.0f} bn would matter)"
        in told("not", VERDICTS).sentence
    )


def test_when_it_turned_follows_the_onset_the_months_after_and_the_peak():
    newest = {name: DESK.verdict(name, DESK.newest) for name in DESK.stories}
    whole = told("when", newest, DESK.newest).sentence
    assert (
        "sold Treasuries for $10 bn or more, net, in April 2025 (in no month before it, from January 2025 on)"
        in whole
    )
    assert "from January 2025 on) and bought again" in whole
    assert "bought again in the 2 months to June 2025 (+$" in whole
    assert "the dollar had peaked on 13 January 2025" in whole
    protest = newest["foreign-private-protest"]
    went_on = protest.test("bonds-still-sold")
    selling = went_on.statistic.model_copy(update={"value": -90.0, "as_predicted": 90.0})
    changed = {
        "foreign-private-protest": protest.model_copy(
            update={
                "tests": (
                    went_on.model_copy(update={"outcome": "consistent", "statistic": selling}),
                )
            }
        )
    }
    assert (
        told("when", changed).sentence == "Went on selling in the 2 months to June 2025 (−$90 bn)."
    )
    assert told("when", {}).sentence.startswith("On 20 June 2025 nobody could know when it turned")


def test_an_onset_that_has_not_come_is_told_so():
    changed = with_outcome("inconsistent", "selling-began-in-april", details={"began": 0})
    assert "had not begun" in told("when", changed).sentence


def test_what_nobody_can_tell_groups_holders_by_what_they_did():
    found = told("open", VERDICTS).sentence
    assert (
        "China or Japan sold Treasuries (the moves are too small to tell from the usual ones)"
        in found
    )
    assert "why anybody sold (no test reaches a motive)" in found
    settled = {"foreign-private-protest": with_outcome("consistent", *ALL)["basis-trade-unwind"]}
    assert told("open", settled).sentence.startswith("Of what people said, nothing")


def test_in_the_first_days_nobody_could_know():
    early = {name: DESK.verdict(name, date(2025, 4, 4)) for name in DESK.stories}
    for name in ("sold", "not"):
        assert "On 4 April 2025 nobody could know" in told(name, early, date(2025, 4, 4)).sentence
    assert "(no figures by then)" in told("open", early, date(2025, 4, 4)).sentence


@pytest.mark.parametrize("day", ["2025-04-12", "2025-04-25", "2025-06-20", "2026-01-31"])
def test_each_finding_is_one_sentence_with_its_stories(day):
    on = date.fromisoformat(day)
    verdicts = {name: DESK.verdict(name, on) for name in DESK.stories}
    for found in findings.findings(verdicts, on):
        assert found.sentence.endswith(".")
        assert found.sentence[0].isupper()
        assert ". " not in found.sentence
        assert set(found.stories) <= set(verdicts)


def test_no_finding_holds_a_typed_number_or_verdict():
    tree = ast.parse((ROOT / "evidence" / "findings.py").read_text(encoding="utf-8"))
    texts = [
        part.value
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in node.values
        if isinstance(part, ast.Constant)
    ]
    assert texts
    assert [t for t in texts if re.search(r"\d", t.replace("-01", ""))] == []
    assert [t for t in texts if re.search(r"2025|April|contradicted|supported", t)] == []


@pytest.fixture(scope="module")
def app():
    return session()


@pytest.mark.parametrize("as_of", ["latest", "2025-06-20", "2025-04-04"])
def test_the_page_shows_the_four_findings_and_the_notes_figures(app, as_of):
    for name in list(app.query_params):
        del app.query_params[name]
    app.query_params["as_of"] = as_of
    app.switch_page("walkthrough/pages/evidence.py").run()
    assert not app.exception, [e.value for e in app.exception]
    day = DESK.newest if as_of == "latest" else date.fromisoformat(as_of)
    verdicts = {name: DESK.verdict(name, day) for name in DESK.stories}
    text = "\n".join(str(e.value) for e in [*app.markdown, *app.caption, *app.header])
    links = [link.proto.label for link in app.get("page_link")]
    for found in findings.findings(verdicts, day):
        assert found.heading in text
        assert plain(found.sentence) in text
        for story in found.stories:
            assert plain(DESK.stories[story].title) in links
    for lead in note.LEADS.values():
        assert lead in text
    assert "bring the series" in text


def test_the_notes_figures_stand_on_the_stories_that_rest_on_them(app):
    for story, name in note.FIGURES.items():
        for key in list(app.query_params):
            del app.query_params[key]
        app.query_params["story"], app.query_params["step"] = story, "claim"
        app.switch_page("walkthrough/pages/story.py").run()
        assert not app.exception
        text = "\n".join(str(e.value) for e in app.markdown)
        assert note.LEADS[name] in text, story
