"""What would change a verdict: known answers, and by a second route the same value put into the data."""

from datetime import date
from itertools import chain

import numpy as np
import pytest
from pydantic import TypeAdapter

from evidence.engine import score
from evidence.kinds import Test
from tests.test_engine import narrative, restless
from tests.worlds import MONTHLY, RELEASES, WEEKLY, compound, entry, months, rows, shop, weeks

EVENT = date(2025, 4, 2)
DAY = date(2025, 5, 16)
END = date(2025, 4, 30)  # the end of four weeks after the event
WEEKS = weeks(date(2025, 5, 7), 326)  # 320 to the event's, 5 after
QUIET = compound(1000, restless(320))
NAMES = ("a.stock", "b.stock", "c.stock", "d.stock")
ENTRIES = [entry(name, WEEKLY, "stock", release="thursday") for name in NAMES]


def levels(end, seed=0, before=None):
    """Quiet percentages up to the event, then five weeks at the same level but for the fourth, at `end`."""
    changes = restless(320 + seed)[seed:] if before is None else before
    past = compound(1000, changes)
    base = past[-1]
    return [*past, base, base, base, base * (1 + end / 100), base]


def lines(**ends):
    """Each series by its letter: how many percent it moved in the four weeks after the event."""
    return {f"{k}.stock": rows(WEEKS, levels(v, 7 * i)) for i, (k, v) in enumerate(ends.items())}


def a_test(name, role, series, **more):
    given = {
        "id": name, "title": f"Test {name}", "kind": "change_after", "series": series, "role": role, "why": "A test.",
        "window": {"after": "4 weeks"}, "predicts": {"direction": "down"}, "matters": {"at_least": "2 %", "why": "A test."},
        **more,
    }  # fmt: skip
    if given["kind"] == "level":
        given.pop("window")
    return given


def story(*tests, **more):
    return narrative(tests=TypeAdapter(list[Test]).validate_python(list(tests)), **more)


def told(found_story, files, day=DAY, entries=ENTRIES, releases=RELEASES):
    return score(found_story, shop(entries, files, releases).as_of(day), EVENT).verdict


def moved(files, name, change):
    """The files with the last value of the window such that the statistic is `change` in units."""
    text = files[name].splitlines()
    values = {line.split(",")[0]: float(line.split(",")[1]) for line in text}
    values[END.isoformat()] = values[EVENT.isoformat()] + change
    return {**files, name: rows(list(values), list(values.values()))}


def turns(found_story, files, change, name):
    """The direction just short of a reported value and just past it, by scoring a world that has them."""
    before = told(found_story, files)
    way = 1 if change.at > change.value else -1
    slack = 1e-6 * max(1.0, abs(change.at))
    short, past = (
        told(found_story, moved(files, name, change.at - way * slack * side)).direction
        for side in (1, -1)
    )
    assert before.direction != change.to
    assert change.side == ("above" if way > 0 else "below")
    return short == before.direction, past == change.to


HOOP = a_test("a", "hoop", "a.stock")
GUN = a_test("b", "smoking_gun", "b.stock")
STORIES = {
    "a hoop": (story(HOOP), ("a",)),
    "a hoop and a smoking gun": (story(HOOP, GUN), ("a", "b")),
    "doubly decisive": (story(a_test("a", "doubly_decisive", "a.stock")), ("a",)),
    "up": (story(a_test("a", "doubly_decisive", "a.stock", predicts={"direction": "up"})), ("a",)),
    "three guns": (
        story(*(a_test(k, "smoking_gun", f"{k}.stock") for k in "abc")),
        ("a", "b", "c"),
    ),
    "two parts": (
        story(
            a_test("a", "doubly_decisive", "a.stock"),
            a_test("b", "doubly_decisive", "b.stock", part="lasting"),
            parts={"act": "It fell.", "lasting": "It stayed down."},
        ),
        ("a", "b"),
    ),
    "three hoops": (story(*(a_test(k, "hoop", f"{k}.stock") for k in "abc")), ("a", "b", "c")),
}


@pytest.mark.parametrize(
    ("name", "end"),
    [
        # one or two ends for each story, in turn; the rest among the long tests
        pytest.param(name, end, marks=() if (i + j) % 4 == 0 else pytest.mark.long)
        for i, name in enumerate(STORIES)
        for j, end in enumerate((-9.0, -6.0, -3.5, -1.5, 0.0, 2.0))
    ],
)
def test_the_value_that_is_told_turns_the_verdict_and_one_short_of_it_does_not(name, end):
    found_story, letters = STORIES[name]
    files = lines(**{k: end + 0.3 * i for i, k in enumerate(letters)})
    found = told(found_story, files)
    series = {t.id: t.series[0] for t in found.tests}
    for change in found.changes:
        assert turns(found_story, files, change, series[change.test]) == (True, True), change
    # and a test that is not told turns nothing, wherever it goes
    silent = set(series) - {c.test for c in found.changes}
    for test in silent:
        for percent in (-40, -9, -4, -2, -1, 0, 1, 3, 8, 40):
            other = told(found_story, moved(files, series[test], 10 * percent))
            assert other.direction == found.direction, (test, percent)


def test_every_story_of_the_table_is_turned_somewhere():
    """So that the test above can fail."""
    for found_story, letters in STORIES.values():
        ends = [told(found_story, lines(**dict.fromkeys(letters, e))).changes for e in (-9.0, -1.5)]
        assert len(list(chain(*ends))) >= 1


def test_a_doubly_decisive_test_alone_by_hand():
    """It fell by far: it is supported until it falls short of what one in twenty placebos did, or of 2 %.

    A quiet world (steps of at most 1 %): the four-week falls of the worst five in a hundred lie within 4 %.
    """
    found = told(story(a_test("a", "doubly_decisive", "a.stock")), lines(a=-9.0))
    assert found.direction == "supported"
    [change] = found.changes
    base = QUIET[-1]
    assert (change.test, change.title, change.unit) == ("a", "Test a", "USD bn")
    assert change.value == pytest.approx(-0.09 * base)
    assert change.to == "insufficient_data", "neutral, a lone test leaves nothing that speaks"
    assert change.side == "above"
    assert -0.04 * base < change.at <= -0.02 * base
    ranked = score(story(a_test("a", "doubly_decisive", "a.stock")), shop(ENTRIES, lines(a=-9.0)).as_of(DAY), EVENT).ranked["a"]  # fmt: skip
    # p = (1 + those at least as extreme) / (n + 1) stays within 5 % up to the k-th largest placebo
    count = len(ranked.noise)
    allowed = next(k for k in range(count, -1, -1) if (1 + k) / (count + 1) <= 0.05)
    nth = sorted(ranked.noise)[::-1][allowed]
    bar = max(0.02 * base, ranked.centre + ranked.scale * nth)
    assert change.at == pytest.approx(-bar, rel=1e-6)
    assert change.away == pytest.approx((0.09 * base - bar) / ranked.scale, rel=1e-6)


def test_the_turn_the_other_way_is_told_where_it_is_nearer():
    """One that rose by 2 % is contradicted; falling a little instead would leave it open."""
    found = told(story(a_test("a", "doubly_decisive", "a.stock")), lines(a=2.0))
    assert found.direction == "contradicted"
    [change] = found.changes
    assert (change.to, change.side) == ("insufficient_data", "below")
    assert change.at < 0.02 * QUIET[-1] == pytest.approx(change.value)


def test_the_sign_is_the_datas_and_not_the_claims():
    """The same world told as a fall and as the absence of a rise: values and bars keep the data's sign."""
    falls = told(STORIES["doubly decisive"][0], lines(a=-9.0)).changes[0]
    rises = told(STORIES["up"][0], lines(a=9.0)).changes[0]
    assert falls.value < falls.at < 0 < rises.at < rises.value
    assert (falls.side, rises.side) == ("above", "below")
    trace = told(STORIES["doubly decisive"][0], lines(a=-9.0)).tests[0]
    assert trace.statistic.as_predicted > 0 > trace.statistic.value == falls.value


def test_a_hoop_turns_a_supported_claim_only_where_it_fails():
    """Hoop and smoking gun passed: supported. A hoop that is open would not matter; one that fails does."""
    files = lines(a=-9.0, b=-9.0)
    found = told(STORIES["a hoop and a smoking gun"][0], files)
    assert found.direction == "supported"
    by_test = {c.test: c for c in found.changes}
    assert by_test["b"].to == "mixed"
    assert by_test["a"].to == "mixed"
    assert by_test["a"].at > by_test["b"].at, "to fail takes more than to fall short"
    assert [c.test for c in found.changes] == ["b", "a"], "the nearest first"
    assert found.changes[0].away < found.changes[1].away


def test_no_single_test_can_turn_a_claim_that_three_sources_contradict():
    files = lines(a=12.0, b=12.0, c=12.0)
    found = told(STORIES["three hoops"][0], files)
    assert found.direction == "contradicted"
    assert found.changes == ()
    assert found.would_change == ("No change in one test alone would turn the verdict.",)


def test_a_test_that_checks_another_does_not_count():
    fact = a_test("c", "hoop", "b.stock", kind="level", on="2025-04-30", matters={"at_least": "1 bn", "why": "A test."},
                  checks="a", predicts={"direction": "up"})  # fmt: skip
    found = told(story(a_test("a", "doubly_decisive", "a.stock"), fact), lines(a=-9.0, b=0.0))
    assert found.test("c").outcome == "consistent"
    assert [c.test for c in found.changes] == ["a"]
    voting = told(story(a_test("a", "doubly_decisive", "a.stock"), {**fact, "checks": None}), lines(a=-9.0, b=0.0))  # fmt: skip
    assert {c.test for c in voting.changes} == {"a", "c"}, "if it voted, it would count"


# ---------------------------------------------------------------- turns that come and go


def test_a_turn_between_two_like_directions_is_told():
    """One part is borne out by its smoking gun, the other waits: mixed. A gun that says nothing leaves too little
    data; one that fails makes it mixed again. Going one way only, bisection would see no turn at all.
    """
    waits = a_test("b", "smoking_gun", "b.stock", part="lasting", window={"after": "12 weeks"})
    found_story = story(
        a_test("a", "smoking_gun", "a.stock"), waits, parts={"act": "It fell.", "lasting": "It stayed down."}
    )  # fmt: skip
    files = lines(a=-9.0, b=0.0)
    found = told(found_story, files)
    assert found.direction == "mixed"
    assert found.test("b").outcome == "not_evaluable"
    [change] = found.changes
    assert change.to == "insufficient_data"
    assert turns(found_story, files, change, "a.stock") == (True, True)
    far = told(found_story, moved(files, "a.stock", 400.0))
    assert far.direction == "mixed", "the last of the directions is the first again"


def test_a_value_far_off_the_range_may_turn_what_a_rank_cannot():
    """Few placebos and two sources that could pass: no rank is low enough for both, three times the range is."""
    count = 66  # enough to know the usual size by, and 32 windows of one week
    short = WEEKS[-(count + 6) :]
    tests = [a_test(k, "smoking_gun", f"{k}.stock", window={"after": "1 week"}) for k in "ab"]
    found_story = story(*tests)

    def files(first, second):
        made = {}
        for k, seed, end in (("a", 0, first), ("b", 7, second)):
            past = compound(1000, restless(count + seed)[seed:])
            made[f"{k}.stock"] = rows(short, [*past, *[past[-1] + end] * 5])
        return made

    quiet = files(0.0, 0.0)
    ranked = score(found_story, shop(ENTRIES, quiet).as_of(DAY), EVENT).ranked["a"]
    assert 19 <= ranked.effective == len(ranked.noise) < 39
    off = ranked.centre + 3 * np.abs(ranked.noise).max() * ranked.scale
    near = files(-0.95 * off, 0.0)
    found = told(found_story, near)
    assert (found.test("a").outcome, found.test("a").off_range) == ("consistent", False)
    assert found.direction == "mixed"
    change = next(c for c in found.changes if c.test == "a")
    assert change.to == "supported"
    assert change.at == pytest.approx(-off, rel=1e-6)
    assert told(found_story, files(change.at * 1.0001, 0.0)).direction == "supported"
    assert told(found_story, files(change.at * 0.9999, 0.0)).direction == "mixed"


def test_where_only_the_range_speaks_a_value_within_it_is_no_answer():
    """Twelve windows that do not overlap: off the range it is consistent, within it not evaluable."""
    count = 104
    short = WEEKS[-(count + 6) :]
    past = compound(1000, restless(count))
    base = past[-1]
    test = a_test("a", "doubly_decisive", "a.stock")

    def files(change):
        return {"a.stock": rows(short, [*past, base, base, base, base + change, base])}

    found = told(story(test), files(-400.0))
    assert found.direction == "supported"
    assert found.tests[0].placebo.effective < 19
    [change] = found.changes
    assert change.to == "insufficient_data"
    assert told(story(test), files(change.at * 1.001)).direction == "supported"
    within = told(story(test), files(change.at * 0.999))
    assert within.direction == "insufficient_data"
    assert within.tests[0].outcome == "not_evaluable"


# ---------------------------------------------------------------- facts


def a_level(value, role="doubly_decisive", revised=None, **more):
    """A story of one fact: the value of 30 April is at least 900 (the world has a value of `value`)."""
    test = a_test(
        "l", role, "a.stock", kind="level", on="2025-04-30", predicts={"direction": "up"},
        matters={"at_least": "900 bn", "why": "A test."}, **more,
    )  # fmt: skip
    values = [value if w == END else 1000.0 for w in WEEKS]
    text = rows(WEEKS, values)
    if revised is not None:  # one revision of that size: the error of the series
        text += f"{WEEKS[10]},{1000.0 + revised!r},2020-01-03T16:00:00Z,1\n"
    return test, {"a.stock": text}


def test_a_fact_turns_at_its_bar():
    test, files = a_level(950.0)
    found = told(story(test), files)
    assert found.direction == "supported"
    assert [(c.to, c.at) for c in found.changes] == [("contradicted", 900)]
    hoop = {**test, "role": "hoop"}
    found = told(story(hoop), files)
    assert found.direction == "mixed"
    [change] = found.changes
    assert (change.to, change.at, change.side, change.away) == ("contradicted", 900, "below", None)
    assert told(story(hoop), a_level(899.9)[1]).direction == "contradicted"


def test_a_fact_with_an_error_turns_at_the_bar_or_two_errors_below():
    """Beside a passed smoking gun an open hoop is as good as a passed one; only a failed one turns the verdict."""
    test, files = a_level(950.0, "hoop", revised=10.0)
    gun = a_test("b", "smoking_gun", "b.stock")
    files |= {"b.stock": lines(a=0.0, b=-9.0)["b.stock"]}
    found_story = story(test, gun)
    found = told(found_story, files)
    assert (found.test("l").outcome, found.direction) == ("consistent", "supported")
    change = next(c for c in found.changes if c.test == "l")
    assert (change.to, change.at, change.side) == ("mixed", 880, "below")
    for value, direction in ((880.1, "supported"), (879.9, "mixed")):
        again = a_level(value, "hoop", revised=10.0)[1]
        assert told(found_story, {**files, **again}).direction == direction


def test_an_open_fact_may_turn_either_way():
    """890 with an error of 10: 900 makes it consistent, below 880 it fails. The nearer turn is told."""
    test, files = a_level(884.0, "hoop", revised=10.0)
    found = told(story(test), files)
    assert (found.test("l").outcome, found.direction) == ("neutral", "insufficient_data")
    [change] = found.changes
    assert (change.to, change.at, change.side) == ("contradicted", 880, "below")
    flips = {(f.to, f.at, f.side) for f in found.test("l").flips}
    assert flips == {("consistent", 900, "above"), ("inconsistent", 880, "below")}


@pytest.mark.parametrize(
    ("value", "flips"),
    [
        (850.0, {("consistent", 900, "above")}),
        (950.0, {("inconsistent", 900, "below"), ("inconsistent", 1000, "above")}),
        (1050.0, {("consistent", 1000, "below")}),
    ],
)
def test_the_bars_of_a_band(value, flips):
    """From below a band one comes in at its lower end only, from above at its upper end only."""
    test, files = a_level(value, "hoop")
    test["matters"] = {"at_least": "900 bn", "at_most": "1000 bn", "why": "A test."}
    found = told(story(test), files).test("l")
    assert {(f.to, f.at, f.side) for f in found.flips} == flips


# ---------------------------------------------------------------- what could bring it, and when


MONTHS = months("2025-05", 120)


def flow(text=None, day=date(2025, 7, 1), window="1 month", release="slow", stale=None):
    """A story about a monthly flow that sold 100 in April; a month is out on the 18th of the second month after."""
    values = [-100.0 if m == "2025-04" else 20 * x for m, x in zip(MONTHS, restless(120), strict=True)]  # fmt: skip
    test = a_test("f", "doubly_decisive", "f.flow", kind="net_flow", window={"after": window, "min": "1 month"},
                  matters={"at_least": "10 bn", "why": "A test."})  # fmt: skip
    return told(
        story(test), {"f.flow": rows(MONTHS, values) + (text or "")}, day, [entry("f.flow", MONTHLY, "flow", release=release)]
    )  # fmt: skip


def test_nothing_is_due_for_figures_that_are_never_revised():
    found = flow()
    [change] = found.changes
    assert (change.by, change.on) == ("none", None)


def test_a_revision_comes_with_the_next_release():
    """April is out on 18 June; May's is due on 18 July, and by then April may read otherwise."""
    found = flow("2024-01,3.5,2024-09-16T16:00:00Z,1\n")
    [change] = found.changes
    assert (change.by, change.on) == ("revision", date(2025, 7, 18))


def test_a_revision_of_an_overdue_series_has_no_day():
    """June's month was due on 18 August and did not come."""
    found = flow("2024-01,3.5,2024-09-16T16:00:00Z,1\n", day=date(2025, 8, 20))
    [change] = found.changes
    assert (change.by, change.on) == ("revision", None)


def test_an_open_window_waits_for_its_next_release():
    """Two of three months: the third, June, is due on 18 August."""
    found = flow(day=date(2025, 7, 20), window="3 months")
    assert found.so_far
    [change] = found.changes
    assert (change.by, change.on) == ("release", date(2025, 8, 18))


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ({"last": "12 months"}, ("release", date(2025, 7, 18))),
        ({"since": "2024-05-01", "until": "2025-04-30"}, ("none", None)),
    ],
)
def test_the_newest_months_move_on_with_the_next_release(span, expected):
    """Twelve sales of 1 reach 10. May is due on 18 July: it enters the newest twelve months, not the fixed ones."""
    test = a_test("f", "doubly_decisive", "f.flow", kind="total", **span,
                  matters={"at_least": "10 bn", "why": "A test."})  # fmt: skip
    test.pop("window")
    files = {"f.flow": rows(MONTHS, [-1.0] * len(MONTHS))}
    entries = [entry("f.flow", MONTHLY, "flow", release="slow")]
    found = told(story(test), files, date(2025, 7, 1), entries)
    assert found.direction == "supported"
    [change] = found.changes
    assert (change.to, change.at) == ("contradicted", -10)
    assert (change.by, change.on) == expected


def test_an_open_window_that_is_overdue_has_no_day():
    found = flow(day=date(2025, 8, 22), window="3 months")
    assert found.so_far
    [change] = found.changes
    assert (change.by, change.on) == ("release", None)
