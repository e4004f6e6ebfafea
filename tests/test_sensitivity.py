"""Sensitivity: the grid counted by hand, and each way of asking against a story that is written that way."""

from collections import Counter
from datetime import date
from itertools import product

import numpy as np
import pytest
from pydantic import TypeAdapter

from evidence.engine import Engine, score
from evidence.kinds import Test
from evidence.sensitivity import DECLARED, FIRST, NEWEST, Sensitivity, Specification, ways
from tests.sampled import one_in
from tests.test_changes import DAY, END, ENTRIES, EVENT, MONTHS, WEEKS, a_test, lines, moved, story
from tests.test_engine import narrative, restless
from tests.worlds import MONTHLY, WEEKLY, compound, entry, rows, shop

MORE = [
    *ENTRIES,
    entry("b.other", WEEKLY, "stock", release="thursday"),
    entry("c.other", WEEKLY, "stock", release="thursday"),
    entry("f.flow", MONTHLY, "flow", release="slow"),
]
REVISED = f"{WEEKS[300]},1000.0,2025-03-03T16:00:00Z,1\n"


def scored(found_story, files, day=DAY):
    return score(found_story, shop(MORE, files).as_of(day), EVENT)


def grid(found):
    return [s for s in found.specifications if not s.left_out]


def choices(found, dimension):
    return list(dict.fromkeys(getattr(s, dimension) for s in grid(found)))


BOTH = [a_test("a", "doubly_decisive", "a.stock"), a_test("b", "smoking_gun", "b.stock")]
WEAK = {"a": -4.5, "b": -3.0, "c": -6.0, "d": -4.5}


# ---------------------------------------------------------------- the grid, counted


@pytest.mark.parametrize(
    ("changes", "count"),
    [
        ({}, 3 * 3 * 3),  # windows, bars, tails
        ({"window": {"after": "1 week"}}, 2 * 3 * 3),  # no shorter than a week
        ({"window": {"after": "2 weeks"}}, 3 * 3 * 3),
        ({"vary": {"windows": ["2 weeks"]}}, 2 * 3 * 3),
        ({"vary": {"windows": ["2 weeks", "3 weeks"]}}, 3 * 3 * 3),
        ({"vary": {"series": ["c.stock"]}}, 3 * 3 * 3 * 2),
        ({"vary": {"series": ["c.stock", "d.stock"], "windows": ["2 weeks"]}}, 2 * 3 * 3 * 3),
        ({"kind": "level", "on": "2025-04-30", "matters": {"at_least": "900 bn", "why": "A test."}}, 3),
    ],
)  # fmt: skip
def test_the_number_of_ways_to_ask_one_test(changes, count):
    found = scored(story(a_test("a", "doubly_decisive", "a.stock", **changes)), lines(**WEAK))
    assert len(found.specifications) == len(set(map(repr, found.specifications))) == count
    assert found.sole == ("a",), "with its only source left out nothing speaks"
    assert found.verdict.robustness.of == count


def test_a_revised_series_is_asked_with_first_prints_too():
    files = lines(**WEAK)
    files["a.stock"] += REVISED
    found = scored(story(BOTH[0]), files)
    assert len(found.specifications) == 3 * 3 * 3 * 2
    assert Counter(s.prints for s in found.specifications) == {NEWEST: 27, FIRST: 27}


def test_two_tests_move_together_and_each_source_is_left_out_once():
    found = scored(story(*BOTH), lines(**WEAK))
    assert len(found.specifications) == 27 + 2
    assert [s.left_out for s in found.specifications if s.left_out] == ["a", "b"]
    assert found.sole == ()
    other = [BOTH[0], {**BOTH[1], "vary": {"windows": ["2 weeks", "3 weeks"]}}]
    found = scored(story(*other), lines(**WEAK))
    assert choices(found, "windows") == [
        DECLARED, "shorter windows", "longer windows", "other window (1)", "other window (2)",
    ]  # fmt: skip
    assert len(grid(found)) == 5 * 9


def test_a_month_has_no_three_quarters():
    test = a_test("f", "doubly_decisive", "f.flow", kind="net_flow", window={"after": "1 month"},
                  matters={"at_least": "10 bn", "why": "A test."})  # fmt: skip
    flows = [-100.0 if m == "2025-04" else 20 * x for m, x in zip(MONTHS, restless(120), strict=True)]  # fmt: skip
    found = scored(story(test), {"f.flow": rows(MONTHS, flows)}, date(2025, 7, 20))
    assert choices(found, "windows") == [DECLARED, "longer windows"]
    variants = ways(story(test))
    [longer] = variants.tests["longer windows", DECLARED]
    assert (longer.window.after, longer.window.before) == ("2 months", None)


@pytest.mark.parametrize(
    ("window", "shorter", "longer"),
    [
        ({"after": "4 weeks"}, "3 weeks", "5 weeks"),
        ({"after": "1 week"}, None, "2 weeks"),
        ({"after": "2 weeks"}, "1 week", "3 weeks"),
        ({"before": "8 weeks"}, "6 weeks", "10 weeks"),
        ({"after": "10 days", "skip": "1 day"}, "7 days", "13 days"),
    ],
)
def test_windows_are_a_quarter_shorter_and_longer(window, shorter, longer):
    side = "after" if "after" in window else "before"
    variants = ways(story(a_test("a", "hoop", "a.stock", window=window)))
    found = {w: getattr(variants.tests[w, DECLARED][0].window, side) for w in variants.windows}
    assert found.pop(DECLARED) == window[side]
    assert found.pop("longer windows") == longer
    assert found == ({} if shorter is None else {"shorter windows": shorter})
    moved_too = variants.tests["longer windows", DECLARED][0].window
    assert moved_too.skip == window.get("skip")


def test_tests_without_an_answer_add_no_choices():
    waits = a_test("w", "hoop", "d.stock", window={"after": "12 weeks"},
                   vary={"windows": ["10 weeks", "11 weeks"], "series": ["c.stock"]})  # fmt: skip
    files = lines(**WEAK)
    found = scored(story(BOTH[0], waits), files)
    assert found.verdict.test("w").outcome == "not_evaluable"
    assert choices(found, "windows") == [DECLARED, "shorter windows", "longer windows"]
    assert choices(found, "series") == [DECLARED]
    assert len(grid(found)) == 27
    assert found.sole == ("a",)
    live = {**waits, "window": {"after": "4 weeks"}, "vary": {"windows": ["2 weeks"], "series": ["c.stock"]}}  # fmt: skip
    found = scored(story(BOTH[0], live), files)
    assert choices(found, "series") == [DECLARED, "another series"]
    assert "other window (1)" in choices(found, "windows")


def test_nothing_with_an_answer_leaves_only_the_declared_way():
    """On the day of the event there is nothing to vary."""
    found = scored(story(*BOTH), lines(**WEAK), EVENT)
    assert {t.outcome for t in found.verdict.tests} == {"not_evaluable"}
    assert [(s.direction, s.declared) for s in found.specifications] == [
        ("insufficient_data", True)
    ]
    assert found.sole == ()


# ---------------------------------------------------------------- each way, by a second route


SPANS = {
    "shorter windows": {"4 weeks": "3 weeks", "2 weeks": "1 week"},
    "longer windows": {"4 weeks": "5 weeks", "2 weeks": "3 weeks"},
}
FACTORS = {DECLARED: 1, "a quarter lower": 0.75, "a quarter higher": 1.25}
TAILS = {DECLARED: "5 %", "half": "2.5 %", "double": "10 %"}


def written(test, spec):
    """A test as a narrative would have to declare it to be asked that way."""
    out = {k: v for k, v in test.items() if k != "vary"}
    vary = test.get("vary", {})
    if "window" in test:
        [(side, span)] = test["window"].items()
        if spec.windows in SPANS and "windows" not in vary:
            out["window"] = {side: SPANS[spec.windows].get(span, span)}
        if spec.windows.startswith("other window") and "windows" in vary:
            place = int(spec.windows[-2]) - 1
            if place < len(vary["windows"]):
                out["window"] = {side: vary["windows"][place]}
        out["tail"] = TAILS[spec.tail]
    if spec.series != DECLARED and vary.get("series"):
        out["series"] = vary["series"][0]
    number, unit = test["matters"]["at_least"].split(" ")
    low = FACTORS[spec.bars] * float(number)
    out["matters"] = {**test["matters"], "at_least": f"{low:.6f} {unit}"}
    if "at_most" in test["matters"]:  # a band widens where the bar is lower
        high = float(test["matters"]["at_most"].split(" ")[0])
        middle, half = (float(number) + high) / 2, (high - float(number)) / 2
        half *= {1: 1, 0.75: 1.25, 1.25: 0.75}[FACTORS[spec.bars]]
        out["matters"] |= {"at_least": f"{middle - half:.6f} {unit}", "at_most": f"{middle + half:.6f} {unit}"}  # fmt: skip
    return out


SMALL = {**BOTH[1], "matters": {"at_least": "0.5 %", "why": "A test."}}
FACT = a_test("l", "smoking_gun", "b.other", kind="level", on="2025-04-30", predicts={"direction": "up"},
              matters={"at_least": "1000 bn", "why": "A test."})  # fmt: skip
NEAR = -2.2  # of the placebos, more than one in forty and less than one in twenty fell as much
GROUNDS = {
    "one test": ([BOTH[0]], WEAK),
    "hoop and gun": (BOTH, WEAK),
    "three guns of three sources": ([a_test(k, "smoking_gun", f"{k}.stock") for k in "abc"], WEAK),
    "three guns, two lengths": (
        [a_test("a", "smoking_gun", "a.stock"), a_test("b", "doubly_decisive", "b.stock", window={"after": "2 weeks"}),
         a_test("c", "hoop", "c.stock", window={"before": "4 weeks"})],
        WEAK,
    ),
    "other series and windows": (
        [a_test("a", "doubly_decisive", "a.stock", vary={"series": ["c.stock"], "windows": ["2 weeks", "3 weeks"]}),
         a_test("b", "smoking_gun", "b.stock", vary={"series": ["d.stock"]})],
        WEAK,
    ),
    "a fact with a band": (
        [a_test("a", "smoking_gun", "a.stock"),
         {**FACT, "role": "hoop", "series": "b.stock", "matters": {"at_least": "0 bn", "at_most": "1000 bn", "why": "A test."}}],
        WEAK,
    ),
    "a small bar": ([SMALL], {"b": NEAR}),
    "a rise": ([{**BOTH[0], "predicts": {"direction": "up"}}, BOTH[1]], WEAK),
}  # fmt: skip


@pytest.mark.parametrize("name", one_in(4, GROUNDS, 1))
def test_each_way_of_asking_is_a_story_written_that_way(name):
    tests, ends = GROUNDS[name]
    files = lines(**ends)
    found = scored(story(*tests), files)
    for spec in grid(found):
        other = scored(story(*(written(t, spec) for t in tests)), files).verdict
        assert spec.direction == other.direction, spec
        assert spec.agrees == (other.direction == found.verdict.direction)
        if len(other.parts) == 1:
            joint = None if other.direction == "insufficient_data" else other.parts[0].joint
            assert spec.joint == joint or other.direction in ("insufficient_data", "mixed"), spec


def test_the_ways_of_the_grounds_do_differ():
    """So that the test above can fail: in each dimension some choice turns some verdict."""
    turned = set()
    for tests, ends in GROUNDS.values():
        found = scored(story(*tests), lines(**ends))
        for s in grid(found):
            others = {d: getattr(s, d) for d in ("windows", "bars", "tail", "series")}
            away = [d for d, choice in others.items() if choice != DECLARED]
            if len(away) == 1 and not s.agrees:
                turned.add(away[0])
    assert turned >= {"bars", "tail"}
    assert turned & {"windows", "series"}


def test_what_is_left_out_is_a_story_without_those_tests():
    tests = [a_test(k, r, f"{k}.stock") for k, r in (("a", "doubly_decisive"), ("b", "smoking_gun"), ("c", "hoop"))]  # fmt: skip
    for ends in (
        {"a": -8, "b": -8, "c": 4},
        {"a": 1, "b": -8, "c": -8},
        {"a": -1, "b": -1, "c": 9},
    ):
        files = lines(**ends)
        found = scored(story(*tests), files)
        left = {s.left_out: s for s in found.specifications if s.left_out}
        assert set(left) == {"a", "b", "c"}
        for source, spec in left.items():
            other = scored(story(*(t for t in tests if t["id"] != source)), files).verdict
            assert spec.direction == other.direction, (ends, source)
            assert (spec.windows, spec.bars, spec.tail, spec.prints, spec.series) == (
                DECLARED, DECLARED, DECLARED, NEWEST, DECLARED,
            )  # fmt: skip


def test_a_source_that_bears_a_part_alone_cannot_be_left_out():
    """The part `lasting` rests on c; without it that part would not be judged by less, but not at all."""
    tests = [*BOTH, a_test("c", "doubly_decisive", "c.stock", part="lasting"), a_test("s", "straw_in_the_wind", "d.stock")]  # fmt: skip
    two = story(*tests, parts={"act": "It fell.", "lasting": "It stayed down."})
    found = scored(two, lines(**WEAK))
    assert found.sole == ("c",)
    assert [s.left_out for s in found.specifications if s.left_out] == ["a", "b"]
    assert "d" not in found.sole, "a straw decides nothing"


def test_first_prints_are_those_of_the_day_the_window_was_out():
    """−9 % at first, revised to +4 % three weeks later: with first prints it is what it was."""
    files = lines(a=-9.0)
    base = 1.0 / 0.91
    first = scored(story(BOTH[0]), files, date(2025, 5, 2)).verdict
    at_end = next(x for x in files["a.stock"].splitlines() if x.startswith(END.isoformat()))
    up = float(at_end.split(",")[1]) * base * 1.04
    files["a.stock"] += f"{END},{up!r},2025-05-15T16:00:00Z,1\n"
    found = scored(story(BOTH[0]), files)
    assert (first.direction, found.verdict.direction) == ("supported", "contradicted")
    plain = {
        s.prints: s.direction for s in grid(found) if {s.windows, s.bars, s.tail} == {DECLARED}
    }
    assert plain == {NEWEST: "contradicted", FIRST: "supported"}


# ---------------------------------------------------------------- what two ways share, and what they do not


def test_ways_that_look_alike_but_rest_on_other_sources_are_judged_apart():
    """A fact that is open on either series. On the test's own source there is one chance to pass and p may be 5 %;
    on another source there are two, and it may not.
    """
    files = {}
    other = [1000.0 if w != END else 999.0 for w in WEEKS]
    for name in ("b.other", "c.other"):
        files[name] = rows(WEEKS, other) + f"{WEEKS[10]},1010.0,2020-01-03T16:00:00Z,1\n"
    tests = [SMALL, {**FACT, "vary": {"series": ["c.other"]}}]
    for end in np.arange(-0.8, -4, -0.05):
        files["b.stock"] = lines(a=0, b=end)["b.stock"]
        found = scored(story(*tests), files)
        trace = found.verdict.test("b")
        if 0.025 < trace.placebo.p <= 0.05 and trace.outcome == "consistent":
            break
    else:
        pytest.fail("no such p")
    assert found.verdict.test("l").outcome == "neutral"
    assert found.verdict.direction == "supported"
    plain = {
        s.series: s.direction for s in grid(found) if {s.windows, s.bars, s.tail} == {DECLARED}
    }
    assert plain == {DECLARED: "supported", "another series": "mixed"}


def test_ways_that_rank_alike_but_for_the_range_are_judged_apart():
    """Two series of one source and the same placebos: on one the event is the largest, on the other far off all of them."""
    short = WEEKS[-72:]
    past = compound(1000, restless(66))
    base = past[-1]

    def stock(end):
        return rows(short, [*past, *[base + end] * 5])

    quiet = stock(0.0)
    tests = [
        a_test("a", "smoking_gun", "c.stock", window={"after": "1 week"}, vary={"series": ["c.other"]}),
        a_test("b", "smoking_gun", "b.stock", window={"after": "1 week"}),
    ]  # fmt: skip
    zero = scored(story(*tests), {"c.other": quiet, "b.stock": quiet, "c.stock": quiet}).ranked["a"]
    off = float(zero.centre + 3 * abs(zero.noise).max() * zero.scale)
    files = {"c.stock": stock(-0.9 * off), "c.other": stock(-1.1 * off), "b.stock": quiet}
    found = scored(story(*tests), files)
    plain = {
        s.series: s.direction for s in grid(found) if {s.windows, s.bars, s.tail} == {DECLARED}
    }
    assert plain == {DECLARED: "mixed", "another series": "supported"}


# ---------------------------------------------------------------- what is told of it


def test_the_declared_way_is_the_verdict_and_agreement_is_counted():
    for tests, ends in GROUNDS.values():
        found = scored(story(*tests), lines(**ends))
        [declared] = [s for s in found.specifications if s.declared]
        assert declared is found.specifications[0]
        assert declared.direction == found.verdict.direction
        assert declared.agrees
        agree = [s.direction == found.verdict.direction for s in found.specifications]
        assert [s.agrees for s in found.specifications] == agree
        assert (found.verdict.robustness.agree, found.verdict.robustness.of) == (sum(agree), len(agree))  # fmt: skip


def test_a_verdict_that_few_ways_give_is_fragile():
    """Three quarters of the ways must agree; a step down says how many do."""
    seen = set()
    for end in (-2.0, -2.4, -2.8, -3.2, -3.6, -5.0, -9.0):
        found = scored(story(BOTH[0]), lines(a=end)).verdict
        fragile = found.robustness.agree < 0.75 * found.robustness.of
        named = [d.name for d in found.downgrades]
        assert ("fragile" in named) == (fragile and found.direction != "insufficient_data")
        seen.add("fragile" in named)
    assert seen == {True, False}


def spec(direction="supported", agrees=True, **changes):
    given = {"windows": DECLARED, "bars": DECLARED, "tail": DECLARED, "prints": NEWEST, "series": DECLARED, "left_out": ""}  # fmt: skip
    return Specification(**{**given, **changes}, direction=direction, joint=None, agrees=agrees)


def test_which_choices_turn_it_by_hand():
    """Two by two: a lower bar never turns it, half the tail turns it in both, and a source left out once."""
    found = Sensitivity(
        id="x", title="X", as_of=DAY, identity="i", direction="supported", sole=(),
        specifications=(
            spec(), spec(bars="a quarter lower"),
            spec("mixed", False, tail="half"), spec("mixed", False, tail="half", bars="a quarter lower"),
            spec("contradicted", False, left_out="a"), spec(left_out="b"),
        ),
    )  # fmt: skip
    assert (found.robustness.agree, found.robustness.of) == (3, 6)
    told = {(f.dimension, f.choice): (f.turned, f.of, f.to, f.more) for f in found.flips}
    assert told == {
        ("bars", "a quarter lower"): (1, 2, ("mixed",), False),  # as declared: 2 of 4
        ("tail", "half"): (2, 2, ("mixed",), True),
        ("left_out", "a"): (1, 1, ("contradicted",), True),
        ("left_out", "b"): (0, 1, (), False),
    }


# ---------------------------------------------------------------- look-ahead, and one engine's memory


def engine_of(tests, files):
    store = shop(MORE, files)
    return Engine(store, {"a-story": story(*tests)}, {"an-event": EVENT})


def test_what_comes_later_moves_no_specification():
    tests = GROUNDS["other series and windows"][0]
    files = lines(**WEAK)
    day = date(2025, 5, 2)
    before = scored(story(*tests), files, day)
    later = {}
    for name, text in files.items():
        kept = [x for x in text.splitlines() if x.split(",")[0] < "2025-05-03"]
        later[name] = "\n".join(kept) + "\n" + f"2025-05-07,1.0,,1\n{END},7.0,2025-05-03T16:00:00Z,1\n2024-01-03,3.0,2025-05-04T16:00:00Z,1\n"  # fmt: skip
    after = scored(story(*tests), later, day)
    assert [s.model_dump_json() for s in after.specifications] == [s.model_dump_json() for s in before.specifications]  # fmt: skip
    assert after.verdict.model_dump_json() == before.verdict.model_dump_json()
    moved_on = scored(story(*tests), later)
    assert moved_on.specifications != scored(story(*tests), files).specifications


def test_an_engine_that_remembers_says_what_a_fresh_one_does():
    """Every day of a month, in and out of order: specifications, turns and all."""
    tests = GROUNDS["other series and windows"][0]
    files = lines(**WEAK)
    files["a.stock"] += (
        f"{END},900.0,2025-05-09T16:00:00Z,1\n2024-01-03,1001.0,2025-05-13T16:00:00Z,1\n"
    )
    old = engine_of(tests, files)
    days = [date(2025, 4, d) for d in range(1, 31, 4)] + [date(2025, 5, d) for d in range(1, 20)]
    for day in (*days, *reversed(days)):
        kept, fresh = (e.score("a-story", day) for e in (old, engine_of(tests, files)))
        assert kept.verdict.model_dump_json() == fresh.verdict.model_dump_json(), day
        assert kept.specifications == fresh.specifications, day


def test_a_series_that_is_only_varied_to_is_part_of_what_a_verdict_is():
    """Robustness and confidence rest on it: identity and the days on which anything changes must too."""
    tests = [{**BOTH[0], "vary": {"series": ["c.stock"]}}]
    files = lines(**WEAK)
    other = moved(files, "c.stock", 100.0)
    one, two = (engine_of(tests, f).score("a-story", DAY) for f in (files, other))
    assert one.specifications != two.specifications
    assert one.verdict.identity != two.verdict.identity
    late = {**files, "c.stock": files["c.stock"] + f"{END},1.0,2025-05-13T16:00:00Z,1\n"}
    assert engine_of(tests, late).score("a-story", date(2025, 5, 14)).verdict.stands_for == date(2025, 5, 13)  # fmt: skip


def test_the_sensitivity_of_an_engine_is_the_scored_one():
    tests, ends = GROUNDS["hoop and gun"]
    engine = engine_of(tests, lines(**ends))
    found, whole = engine.sensitivity("a-story", DAY), engine.score("a-story", DAY)
    assert found.specifications == whole.specifications
    assert (found.identity, found.direction, found.as_of) == (whole.verdict.identity, whole.verdict.direction, DAY)  # fmt: skip
    assert found.robustness == whole.verdict.robustness
    product_of = list(product(choices(whole, "windows"), choices(whole, "bars"), choices(whole, "tail")))  # fmt: skip
    assert [(s.windows, s.bars, s.tail) for s in grid(whole)] == product_of


def test_each_variant_is_made_once():
    """Recall tells tests apart by object: a variant that were made anew for each question would never be found."""
    two = narrative(tests=TypeAdapter(list[Test]).validate_python([*BOTH, FACT]))
    variants = ways(two)
    assert variants.tests["longer windows", DECLARED][2] is two.tests[2], "a fact has no window"
    assert len(variants.everything) == len({id(t) for t in variants.everything}) == 3 + 2 * 2 + 2
