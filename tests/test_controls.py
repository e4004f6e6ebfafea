"""Cases and controls: the rule of the quiet dates, what passes and what fails, and that `check` says so."""

import re
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from scipy.stats import binom
from typer.testing import CliRunner

from evidence import controls
from evidence.cli import app
from evidence.controls import LEAST_QUIET, Check, quiet_dates, run, run_case
from evidence.episode import episode, settled_day
from evidence.mutation import Bench
from evidence.narrative import Case, Condition, ControlUse
from tests import ours

NARRATIVES = Path(__file__).parent.parent / "narratives"


@pytest.fixture(scope="module")
def ground():
    return Bench(ours.store(), ours.library())


def checks(ground, narrative, **changes):
    other = narrative.model_copy(update={"cases": (), "controls": (), **changes})
    return list(run([other], ground.anchors, ground.episodes, ground.store))


# ---------------------------------------------------------------- quiet dates


def test_the_quiet_dates_are_the_15th_of_each_quarters_middle_month():
    days = quiet_dates([])
    assert len(days) == 13 * 4
    assert days[:4] == [date(2012, 2, 15), date(2012, 5, 15), date(2012, 8, 15), date(2012, 11, 15)]
    assert days[-1] == date(2024, 11, 15)
    assert {(d.month, d.day) for d in days} == {(2, 15), (5, 15), (8, 15), (11, 15)}


@pytest.mark.parametrize(
    ("days", "kept"), [(0, False), (60, False), (-60, False), (61, True), (-61, True)]
)
def test_a_date_within_60_days_of_an_episode_is_left_out(days, kept):
    quiet = date(2018, 5, 15)
    assert (quiet in quiet_dates([quiet + timedelta(days=days)])) == kept


def test_no_episode_of_ours_is_near_a_quiet_date(ground):
    taken = [*ground.anchors.values(), *ground.episodes.values()]
    days = quiet_dates(taken)
    assert date(2020, 2, 15) not in days, "three weeks before the dash for cash"
    assert date(2020, 5, 15) in days, "72 days after it"
    assert date(2019, 8, 15) not in days
    assert date(2022, 5, 15) not in days
    assert min(abs(d - t).days for d in days for t in taken) > 60


def test_alarms_are_bounded_by_the_binomial():
    """At 5 % and 40 dates the 97.5 % point is 5: P(X ≤ 4) = .952, P(X ≤ 5) = .986."""
    assert int(binom.ppf(0.975, 40, 0.05)) == 5
    assert int(binom.ppf(0.975, 8, 0.05)) == 2


class FakeTrace:
    """An outcome in a window far from any episode; one that waits has no window, as with a real one."""

    def __init__(self, outcome):
        self.outcome = outcome
        far = SimpleNamespace(first=date(2018, 5, 15), last=date(2018, 6, 12))
        self.window = None if outcome == "not_evaluable" else far


@pytest.mark.parametrize(
    ("outcomes", "passed", "found"),
    [
        (["neutral"] * 40, True, "0 alarms on 40 dates"),
        (["consistent"] * 5 + ["neutral"] * 35, True, "5 alarms on 40 dates"),
        (["consistent"] * 6 + ["inconsistent"] * 34, False, "6 alarms on 40 dates"),
        (["neutral"] * 8 + ["not_evaluable"] * 40, True, "0 alarms on 8 dates"),
        (["neutral"] * 7 + ["not_evaluable"] * 40, False, "0 alarms on 7 dates"),
        ([], False, "0 alarms on 0 dates"),
    ],
)
def test_quiet_dates_may_give_as_many_alarms_as_chance(
    ground, monkeypatch, outcomes, passed, found
):
    given = iter(outcomes)
    monkeypatch.setattr(controls, "quiet_dates", lambda avoid: list(range(len(outcomes))))
    monkeypatch.setattr(
        controls, "episode", lambda test, store, day: (FakeTrace(next(given)), None, None)
    )
    use = ControlUse(test="net-short-shrinks", dates="quiet", expects="stays_quiet")
    [check] = checks(ground, ground.library.narratives["basis-trade-unwind"], controls=(use,))
    assert check.passed == passed
    assert check.found == found
    assert LEAST_QUIET == 8


# ---------------------------------------------------------------- episodes


@pytest.mark.parametrize(
    ("outcome", "fires", "quiet"),
    [
        ("consistent", True, False),
        ("inconsistent", False, True),
        ("neutral", False, True),
        ("not_evaluable", False, False),
    ],
)
def test_what_an_episode_has_to_show(ground, monkeypatch, outcome, fires, quiet):
    trace = FakeTrace(outcome)
    trace.seen = "It moved."
    monkeypatch.setattr(controls, "episode", lambda test, store, day: (trace, None, None))
    for expects, passed in (("fires", fires), ("stays_quiet", quiet)):
        use = ControlUse(test="net-short-shrinks", event="dash-for-cash-2020", expects=expects)
        [check] = checks(ground, ground.library.narratives["basis-trade-unwind"], controls=(use,))
        assert check.passed == passed
        assert check.found == f"{outcome} (It moved.)"


def test_an_episode_is_scored_on_the_day_its_window_was_out(ground):
    """Anchor 4 March 2020: Tuesdays to 31 March, out on Friday 3 April. Custody: Wednesdays to 1 April, out on the 2nd."""
    day = date(2020, 3, 4)
    shorts = ground.library.narratives["basis-trade-unwind"].test("net-short-shrinks")
    assert settled_day(shorts, ground.store, day) == date(2020, 4, 3)
    custody = ground.library.narratives["foreign-governments-retaliated"].test("custody-falls")
    assert settled_day(custody, ground.store, day) == date(2020, 4, 2)
    trace, ranked, view = episode(custody, ground.store, day)
    assert view.day == date(2020, 4, 2)
    assert trace.window.last == date(2020, 4, 1)
    assert not trace.so_far
    assert ranked is not None


def test_a_window_that_is_not_out_has_no_settled_day(ground):
    shorts = ground.library.narratives["basis-trade-unwind"].test("net-short-shrinks")
    assert settled_day(shorts, ground.store, date(2026, 7, 30)) is None
    fact = ground.library.narratives["dollar-fell-before"].test("half-before")
    assert settled_day(fact, ground.store, date(2020, 3, 4)) is None
    licensed = ground.library.narratives["everything-fell-together"].test("sp500-falls")
    assert settled_day(licensed, ground.store, date(2020, 3, 4)) is None


def test_a_window_that_holds_an_episode_is_not_quiet(ground):
    """Half a year from 15 November 2024 holds 2 April 2025, though it begins 138 days before it."""
    test = ground.library.narratives["foreigners-still-exposed"].test("custody-leaks")
    days, event = [date(2023, 11, 15), date(2024, 11, 15)], date(2025, 4, 2)
    starts = [t.window.first for t in controls.quiet_outcomes(test, ground.store, days)]
    assert starts == [date(2023, 11, 15), date(2024, 11, 13)], "the Wednesday on or before"
    kept = controls.quiet_outcomes(test, ground.store, days, [event])
    assert [t.window.first for t in kept] == starts[:1]


# ---------------------------------------------------------------- cases


CASE = Case(
    name="half of the fall before",
    series={"fed.h10.broad_dollar": "95x1199 95+0.05x79 98.95-0.041667x60 | 96.3905-0.059524x41"},
    expects={"half-before": "consistent"},
)


def test_a_case_passes_and_fails(ground):
    story = ground.library.narratives["dollar-fell-before"]
    [passed] = checks(ground, story, cases=(CASE,))
    assert passed.passed
    assert passed.line() == "passed  dollar-fell-before: case: half of the fall before"
    wrong = CASE.model_copy(
        update={"expects": {"half-before": "inconsistent", "peak-around-new-year": "consistent"}}
    )
    [failed] = checks(ground, story, cases=(wrong,))
    assert not failed.passed
    assert (failed.expected, failed.found) == ("half-before inconsistent", "half-before consistent")
    assert failed.line() == (
        "FAILED  dollar-fell-before: case: half of the fall before: expected half-before inconsistent, found half-before consistent"
    )


def test_a_case_may_expect_a_direction(ground):
    story = ground.library.narratives["dollar-fell-before"]
    right = CASE.model_copy(update={"expects": {}, "direction": "supported"})
    wrong = CASE.model_copy(update={"expects": {}, "direction": "contradicted"})
    assert [c.passed for c in checks(ground, story, cases=(right, wrong))] == [True, False]


@pytest.mark.parametrize(
    ("given", "direction"),
    [
        ({}, "supported"),
        ({"basis-trade-unwind": "contradicted"}, "supported"),
        ({"everything-fell-together": "contradicted"}, "supported"),
        ({"basis-trade-unwind": "supported"}, "insufficient_data"),
        ({"basis-trade-unwind": "insufficient_data"}, "insufficient_data"),
        ({"everything-fell-together": "supported"}, "insufficient_data"),
    ],
)
def test_a_case_gives_the_verdicts_that_its_conditions_rest_on(ground, given, direction):
    """A test that is asked for has the outcome that goes with the verdict; what is not given counts as met."""
    story = ground.library.narratives["dollar-fell-before"]
    when = (
        Condition(narrative="basis-trade-unwind", direction="contradicted"),
        Condition(narrative="everything-fell-together", test="a-test", outcome="inconsistent"),
    )
    case = CASE.model_copy(update={"expects": {}, "direction": direction, "given": given})
    [check] = checks(ground, story, when=when, cases=(case,))
    assert check.passed, check.line()


def test_what_a_case_gives_is_told_in_the_verdict(ground):
    story = ground.library.narratives["dollar-fell-before"].model_copy(
        update={"when": (Condition(narrative="basis-trade-unwind", direction="supported"),)}
    )
    case = CASE.model_copy(update={"given": {"basis-trade-unwind": "mixed"}})
    found = run_case(story, case, date(2025, 4, 2), ground.store).verdict
    [told] = found.conditions
    assert (told.wanted, told.found, told.met) == ("supported", "mixed", False)
    assert (found.direction, found.rule) == ("insufficient_data", "condition_unmet")


def all_pass(ground, stories):
    found = list(run(stories, ground.anchors, ground.episodes, ground.store))
    assert [c.line() for c in found if not c.passed] == []
    assert len(found) == sum(len(n.cases) + len(n.controls) for n in stories)
    names = [(c.narrative, c.name) for c in found]
    assert len(names) == len(set(names))
    return len(found)


def test_every_case_and_episode_of_ours_passes_and_a_quiet_control_of_each_story(ground):
    quick = []
    for story in ground.library.narratives.values():
        quiet = [use for use in story.controls if use.event is None]
        controls = tuple(use for use in story.controls if use not in quiet[1:])
        quick.append(story.model_copy(update={"controls": controls}))
    assert all_pass(ground, quick) > 80


@pytest.mark.long
def test_every_case_and_control_of_ours_passes_and_none_is_left_out(ground):
    assert all_pass(ground, ground.library.narratives.values()) > 80


# ---------------------------------------------------------------- the command


@pytest.fixture
def copied(tmp_path):
    """A library of one narrative, with its rivals' names taken out."""
    folder = tmp_path / "narratives"
    (folder / "liberation-day").mkdir(parents=True)
    for name in (
        "controls.yaml",
        "liberation-day/event.yaml",
        "liberation-day/dollar-fell-before.yaml",
        "liberation-day/foreign-private-protest.yaml",
    ):
        text = (NARRATIVES / name).read_text("utf-8")
        text = re.sub(r"rivals:\n(?:  - .*\n)+", "", text)
        (folder / name).write_text(text, "utf-8")
    return folder


def check_command(folder):
    return CliRunner().invoke(app, ["check", "dollar-fell-before", "--narratives", str(folder)])


def test_a_failing_case_makes_check_end_in_1(copied):
    path = copied / "liberation-day" / "dollar-fell-before.yaml"
    text = path.read_text("utf-8")
    spoilt = text.replace("      half-before: consistent", "      half-before: neutral", 1)
    assert spoilt != text
    path.write_text(spoilt, "utf-8")
    done = check_command(copied)
    assert done.exit_code == 1
    assert done.stdout.endswith("4 passed, 1 failed\n")
    assert "FAILED  dollar-fell-before: case: a peak in the winter" in done.stdout


def test_check_without_a_failure_ends_in_0():
    done = check_command(NARRATIVES)
    assert done.exit_code == 0
    assert done.stdout.endswith("5 passed, 0 failed\n")


def test_a_check_says_what_it_expected():
    line = Check("a-story", "case: one", passed=False, expected="x", found="y").line()
    assert line == "FAILED  a-story: case: one: expected x, found y"
