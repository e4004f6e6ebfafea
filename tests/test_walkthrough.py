"""The walkthrough without a browser: every page, every story and step, addresses, escaping, no typed numbers."""

import ast
import re
import shutil
import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from briefs import answers
from briefs import desk as briefs_desk
from briefs.address import STEPS, parse
from briefs.settings import settings
from charts.theme import DARK, LIGHT, contrast
from evidence.days import day as day_in_words
from evidence.narrative import Said
from evidence.wording import DIRECTIONS, how_unusual
from tests import ours
from tests.sampled import one_in
from tests.visits import headlines, session, visit, ways
from walkthrough import asof, house, wordmarks
from walkthrough import desk as desks
from walkthrough.prose import plain
from walkthrough.steps import claim

ROOT = Path(__file__).resolve().parent.parent
DESK = ours.desk()
STORIES = list(DESK.stories)
SOME = one_in(4, STORIES, 1)
EARLY, LATE = date(2025, 4, 12), date(2025, 6, 20)


@pytest.fixture(scope="module")
def app():
    return session()


def words(app):
    """All text of the page."""
    parts = [*app.title, *app.header, *app.subheader, *app.markdown, *app.caption, *app.warning]
    return "\n".join(str(part.value) for part in parts)


# --- addresses


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("step", STEPS)
def test_an_address_comes_back_as_it_went(story, step):
    test = DESK.stories[story].tests[-1].id if step == "tests" else None
    here = parse("story", {}, DESK).at(story=story).at(step=step, test=test).on(EARLY)
    assert here.parameters()["as_of"] == "2025-04-12"
    assert parse("story", here.parameters(), DESK) == here


@pytest.mark.parametrize("name", house.places())
def test_every_page_keeps_the_day(name):
    here = parse("stories", {"as_of": "2025-04-12"}, DESK).at(name)
    assert here.parameters()["as_of"] == "2025-04-12"
    assert parse("stories", {}, DESK).at(name).parameters()["as_of"] == "latest"


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"as_of": "2025-02-30"}, "not a date"),
        ({"as_of": "yesterday"}, "not a date"),
        ({"as_of": "20250412"}, "not a date"),
        ({"as_of": ""}, "not a date"),
        ({"as_of": "2099-01-01"}, "data end"),
        ({"as_of": "1901-01-01"}, "first data"),
        ({"story": "no-such-story"}, "no story"),
        ({"story": STORIES[0], "step": "epilogue"}, "no step"),
        ({"story": STORIES[0], "step": "tests", "test": "no-such-test"}, "no test"),
    ],
)
def test_a_bad_value_is_replaced_and_the_reader_is_told(app, query, told):
    found = parse("story", query, DESK)
    assert len(found.faults) == 1
    assert told in found.faults[0]
    visit(app, "story", **query)
    assert len(app.warning) == 1
    assert told in app.warning[0].value


def test_a_near_miss_is_named():
    found = parse("story", {"story": "basis-trade-unwinds"}, DESK)
    assert "basis" in found.faults[0]
    assert "Did you mean" in found.faults[0]


def test_a_former_id_still_leads_there():
    class Renamed:
        stories, was = DESK.stories, {"old-name": STORIES[1]}
        oldest, newest = DESK.oldest, DESK.newest

    found = parse("story", {"story": "old-name"}, Renamed)
    assert (found.story, found.faults) == (STORIES[1], ())


def test_a_story_address_is_completed_but_never_where_it_is_wrong(app):
    visit(app, "story")
    assert app.query_params["step"] == "claim"
    assert app.query_params["as_of"] == "latest"
    visit(app, "story", story="nope")
    assert app.query_params["story"] == "nope"


@pytest.mark.parametrize(
    "nasty",
    [
        "<script>alert(1)</script>",
        "[a](https://x.example)",
        "$x^2$ and $y$",
        ":red[hot]",
        "**bold** _it_ `code`",
        ":material/home:",
        "# head",
        "- item",
        "1. item",
        "&lt;b&gt;",
        "![i](https://x.example/i.png)",
        "www.example.org",
        "a@example.org",
        "a | b",
        "~~gone~~",
    ],
)
def test_other_peoples_text_stays_text(nasty):
    shown = plain(nasty)
    assert not re.search(r"(?<!\\)[<>\[\]`*_$~|]", shown)
    assert not re.search(r"(?<!\\):(?=[A-Za-z/])", shown)
    assert not re.match(r"[#-]|\d+[.)]", shown)
    assert not re.search(r"https?://|www\.|\w@\w", shown)
    assert "\n" not in plain(f"{nasty}\n\n{nasty}")


# --- pages


@pytest.mark.parametrize("name", house.places())
def test_every_page_stands_on_any_day(app, name):
    for as_of in ("latest", "2025-04-02", "2025-04-12", "2019-01-01", DESK.oldest.isoformat()):
        visit(app, name, as_of=as_of)
        text = words(app)
        assert "Not investment advice" in text
        assert "Neuberger" in text
        assert settings().operator in text
        assert f"snapshot {DESK.store.n}" in text
        assert len(headlines(app)) == 1


def test_a_source_unfolds_its_data_but_not_in_a_presentation(app):
    place = {"chapter": "what_happened", "as_of": "latest"}
    visit(app, "walk", **place)
    (folded,) = [e.label for e in app.expander if e.label.startswith("Source: ")]
    assert folded.endswith(" **The data behind this chart**")
    source = folded.removesuffix(" **The data behind this chart**")
    assert source not in [c.value for c in app.caption]
    visit(app, "walk", presenter="on", **place)
    assert [e.label for e in app.expander if "Source: " in e.label] == []
    assert [c.value for c in app.caption].count(source) == 1


def test_no_two_ways_on_from_the_first_page_bear_one_name(app):
    """Three tests of records once gave three links to one auction, two of them to trade and to flows."""
    visit(app, "start", as_of="latest")
    labels = [label for label, _ in ways(app)]
    ways_on = labels[labels.index("Did they fall together?") :]
    assert ways_on == [
        "Did they fall together?", "Who bought at the auction?", "What the evidence says", "The note’s own figures",
        "All stories on one board", "How a story is checked",
    ]  # fmt: skip


@pytest.mark.parametrize("story", SOME)
def test_every_step_of_every_story_says_the_verdict(app, story):
    for step in STEPS:
        visit(app, "story", story=story, step=step, as_of="latest")
        assert DIRECTIONS[DESK.verdict(story, DESK.newest).direction] in words(app)
        assert plain(DESK.stories[story].title) == app.title[0].value


@pytest.mark.parametrize(
    ("story", "as_of"),
    [
        # every fourth story on one of the days in turn; the others among the long tests
        pytest.param(
            story, as_of, marks=() if i % 4 == 0 and (i // 4 + j) % 3 == 0 else pytest.mark.long
        )
        for i, story in enumerate(STORIES)
        for j, as_of in enumerate(("2025-04-12", "2025-06-20", "latest"))
    ],
)
def test_every_test_shows_its_prediction_and_its_outcome(app, story, as_of):
    for test in DESK.stories[story].tests:
        visit(app, "story", story=story, step="tests", test=test.id, as_of=as_of)
        day = DESK.newest if as_of == "latest" else date.fromisoformat(as_of)
        trace = DESK.verdict(story, day).test(test.id)
        text = words(app)
        assert plain(trace.expected) in text
        assert wordmarks.of_test(trace) in text


def test_a_check_of_a_stand_in_bears_no_sign_for_or_against_the_claim(app):
    """It says whether custody may stand for what it stands for, and nothing of retaliation."""
    visit(
        app,
        "story",
        story="foreign-governments-retaliated",
        step="tests",
        test="custody-follows-holdings",
    )
    text = words(app)
    assert "> **◇ A check of the stand-in**" in text
    assert "The stand-in fails this check." in text
    assert "Against the claim" not in text


def test_the_board_shows_every_story_with_word_shape_and_tally(app):
    visit(app, "stories", as_of=LATE.isoformat())
    text = words(app)
    for story in STORIES:
        found = DESK.verdict(story, LATE)
        assert wordmarks.verdict(found) in text
        assert wordmarks.strip(found.tests) in text
        assert wordmarks.tally(found.tests) in text


def test_moving_the_day_changes_the_verdict_and_the_address(app):
    story = "basis-trade-unwind"
    before, after = DESK.verdict(story, EARLY), DESK.verdict(story, LATE)
    assert before.direction != after.direction
    visit(app, "stories", as_of=LATE.isoformat())
    assert wordmarks.verdict(after) in words(app)
    visit(app, "stories", as_of=EARLY.isoformat())
    assert not app.exception
    assert words(app).count("Not enough data yet") >= 3
    app.select_slider(key=asof.SLIDER).set_value(DESK.newest).run()
    assert app.query_params["as_of"] == DESK.newest.isoformat()
    assert wordmarks.verdict(DESK.verdict(story, DESK.newest)) in words(app)


def test_the_walk_goes_through_everything_once():
    from briefs.stand import Stand

    story = DESK.stories["basis-trade-unwind"]
    here = parse("story", {"story": story.id}, DESK)
    stops = Stand(DESK, here, story, DESK.verdict(story.id, DESK.newest)).walk
    assert len(stops) == len(set(stops)) == len(STEPS) - 1 + len(story.tests)
    assert [s.step for s in stops if s.step != "tests"] == [s for s in STEPS if s != "tests"]


def test_nothing_released_later_is_named_as_the_last_release():
    for day in (EARLY, date(2025, 4, 18), LATE):
        for story in (None, *STORIES):
            last = DESK.last_release(day, story)
            assert last is None or last.on <= day


def test_a_broken_story_takes_no_page_down(tmp_path, monkeypatch):
    shutil.copytree(briefs_desk.NARRATIVES, tmp_path / "narratives")
    (tmp_path / "narratives" / "liberation-day" / "basis-trade-unwind.yaml").write_text(
        "schema: [1\n<b>not yaml"
    )
    monkeypatch.setattr(briefs_desk, "NARRATIVES", tmp_path / "narratives")
    desks.opened.clear()
    try:
        app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60).run()
        for page in house.places():
            visit(app, page)
        visit(app, "data")
        assert "basis-trade-unwind.yaml" in words(app)
        visit(app, "stories")
        assert "basis-trade-unwind.yaml" in words(app)
        assert "Hedge funds" not in "".join(link.value for link in app.page_link)
    finally:
        desks.opened.clear()


def test_an_empty_library_takes_no_page_down(tmp_path, monkeypatch):
    monkeypatch.setattr(briefs_desk, "NARRATIVES", tmp_path)
    desks.opened.clear()
    try:
        app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60).run()
        for page in house.places():
            visit(app, page)
    finally:
        desks.opened.clear()


# --- words and looks


def test_the_answers_follow_the_traces():
    for story in STORIES:
        for day in (EARLY, LATE, DESK.newest):
            found = DESK.verdict(story, day)
            said = answers.says(found)
            assert ("so far" in said) <= found.so_far
            assert ("by proxy" in said) <= found.by_proxy
            trace = answers.deciding(found)
            if found.direction == "contradicted":
                assert trace is not None
                assert trace.outcome != "consistent"


@pytest.mark.parametrize("story", STORIES)
def test_the_odds_are_counts_wherever_they_are_said(story):
    """`None of 1,225`, never `about 1 in 1,226`: the page, the first page and the picture say one sentence."""
    for trace in DESK.verdict(story, DESK.newest).tests:
        if trace.placebo is None:
            assert answers.how_rare(trace) == trace.seen
            continue
        told = answers.how_rare(trace)
        assert told.startswith(how_unusual(trace).removesuffix("."))
        assert told.endswith(f"(since {trace.placebo.first:%Y}).")
        further = round(float(trace.placebo.p) * (trace.placebo.dates + 1)) - 1
        assert told.startswith(f"{further:,} of " if further else "None of ")


def test_the_bar_of_an_open_window_is_said_to_be_the_whole_windows():
    """On 25 April 2025 the window of the net short is half over; by 20 June it is closed."""
    for day in (date(2025, 4, 25), LATE):
        traces = [t for s in STORIES for t in DESK.verdict(s, day).tests]
        told = [(t, text) for t in traces if (text := answers.against_need(t))]
        assert told
        for trace, text in told:
            assert text.endswith("over the whole window.") == trace.so_far, text
    opened = DESK.verdict("basis-trade-unwind", date(2025, 4, 25)).test("net-short-shrinks")
    assert opened.so_far


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.long)])
@pytest.mark.parametrize("story", SOME)
def test_a_caveat_says_when_it_was_written(app, story, every):
    """On the page of every test; here of one that has a caveat and of one that has none."""
    found = DESK.verdict(story, LATE)
    asked = found.tests if every else {bool(t.caveat): t for t in found.tests}.values()
    for trace in asked:
        visit(app, "story", story=story, step="tests", test=trace.id, as_of=LATE.isoformat())
        app.session_state["rule"] = True  # unfolded
        app.run()
        head = f"Caveat, written on {day_in_words(found.thresholds_set)}"
        assert (head in words(app)) == bool(trace.caveat)


def test_a_day_that_is_not_printed_is_not_said(app):
    by = {"who": "Somebody", "where": "a note", "on": date(2025, 5, 30)}
    assert claim._when(Said(**by)) == "30 May 2025"
    assert claim._when(Said(**by, assumed=True)) == "May 2025 (day not printed)"
    for story in DESK.stories.values():
        visit(app, "story", story=story.id, step="claim", as_of="latest")
        text = words(app)
        assert text.count("(day not printed)") == sum(s.assumed for s in story.said)
        for said in story.said:
            assert (
                f"{said.on:%B %Y} (day not printed)" if said.assumed else day_in_words(said.on)
            ) in text


def test_the_theme_has_the_tokens_of_the_charts():
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"]
    for look in (LIGHT, DARK):
        own = theme[look.mode]
        assert own["backgroundColor"] == look.page
        assert own["textColor"] == look.ink
        assert own["secondaryBackgroundColor"] == look.panel
        assert own["primaryColor"] == look.primary
        for name, direction in (
            ("blue", "supported"),
            ("red", "contradicted"),
            ("violet", "mixed"),
            ("gray", "insufficient_data"),
        ):
            assert own[f"{name}Color"] == own[f"{name}TextColor"] == look.verdict(direction)
            assert contrast(own[f"{name}TextColor"], look.page) >= 4.5
        for name in ("linkColor", "primaryColor", "textColor", "dataframeHeaderTextColor"):
            assert contrast(own[name], look.page) >= 4.5


def test_the_fonts_and_the_icon_are_there():
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"]
    for face in theme["fontFaces"]:
        assert (ROOT / face["url"].removeprefix("app/")).is_file()
    assert (ROOT / "static" / "favicon.png").is_file()


def test_the_settings_say_who_runs_it_without_placeholders(app):
    said = settings()
    foot = words(visit(app, "start"))
    for text in (said.name, said.operator, said.contact, said.not_advice, said.not_affiliated):
        assert text.strip()
        assert not re.search(r"todo|tbd|xxx|example\.|lorem|<|your ", text, re.IGNORECASE)
        assert plain(text) in foot


ALLOWED = {
    "utf-8": "an encoding",
    "-1": "a place in the order of the keyboard",
    **{f"h{level}": "a heading's element" for level in range(1, 7)},
    r"^\d{4}-\d{2}-\d{2}$": "the form of a date in the address",
    r"^(?:[-+#=]|\d+(?=[.)]))": "what begins a list in Markdown",
}
"""The only strings with a digit, each with its reason."""


WORDED = (
    *(ROOT / "walkthrough").rglob("*.py"),
    *(ROOT / "briefs" / "walk").rglob("*.py"),
    *(ROOT / "briefs" / "site" / "pages").rglob("*.py"),
    *(ROOT / "briefs" / "paper").glob("[!dmpt]*.py"),
    *((ROOT / "briefs" / f"{name}.py") for name in ("answers", "figures", "releases", "stand")),
)
"""Where sentences are made for readers; what else is in briefs is markup."""


@pytest.mark.parametrize("path", sorted(WORDED), ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_no_page_holds_a_typed_number(path):
    """Data numbers come from traces: no digit in any string but docstrings, keys and the allowed ones."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    # a bare string below a constant is its documentation
    docs |= {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    found = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in docs
        and re.search(r"\d", node.value)
    ]
    assert [text for text in found if text not in ALLOWED] == []


def test_the_days_of_a_session_are_scored_once():
    """Moving back to a day that was seen costs nothing: the engine remembers what was visible, not the date."""
    first = DESK.score("basis-trade-unwind", LATE)
    assert DESK.score("basis-trade-unwind", LATE).verdict.tests is first.verdict.tests
    assert DESK.score(
        "basis-trade-unwind", LATE + timedelta(days=1)
    ).verdict.as_of == LATE + timedelta(days=1)
