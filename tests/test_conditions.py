"""If-then stories: `when` by direction and by a test's outcome, what identity covers, and days that stand for others."""

from datetime import date

import pytest
from pydantic import TypeAdapter, ValidationError

from evidence.engine import Engine, condition
from evidence.kinds import Test
from evidence.narrative import Condition
from tests.test_changes import DAY, END, EVENT, WEEKS, a_test, lines, moved
from tests.test_engine import narrative
from tests.test_sensitivity import MORE
from tests.worlds import rows, shop

WAITS = date(2025, 4, 3)  # the event's own week is out, nothing of the four after it
IF = {"narrative": "base-story", "direction": "supported"}
IF_TEST = {"narrative": "base-story", "test": "a", "outcome": "consistent"}


def told(name, *tests, **more):
    return narrative(id=name, tests=TypeAdapter(list[Test]).validate_python(list(tests)), **more)


BASE = told("base-story", a_test("a", "doubly_decisive", "a.stock"))


def then(*when, **more):
    return told("then-story", a_test("b", "doubly_decisive", "b.stock"), when=when, **more)


def desk(*stories, anchors=None, **ends):
    files = lines(**{"a": -9.0, "b": -9.0, "c": -9.0, **ends})
    return over(files, *stories)


def over(files, *stories):
    return Engine(shop(MORE, files), {s.id: s for s in stories}, {"an-event": EVENT})


def verdict(engine, name="then-story", day=DAY):
    return engine.score(name, day).verdict


FELL, STAYED, ROSE = (
    -9.0,
    -0.9,
    6.0,
)  # consistent, open and inconsistent; supported, too little, contradicted


def test_what_the_three_worlds_say_of_the_story_named():
    found = [verdict(desk(BASE, a=end), "base-story") for end in (FELL, STAYED, ROSE)]
    assert [v.direction for v in found] == ["supported", "insufficient_data", "contradicted"]
    assert [v.tests[0].outcome for v in found] == ["consistent", "neutral", "inconsistent"]


@pytest.mark.parametrize(
    ("wanted", "world", "met"),
    [
        (IF, FELL, True),
        (IF, STAYED, None),
        (IF, ROSE, False),
        ({**IF, "direction": "contradicted"}, ROSE, True),
        ({**IF, "direction": "contradicted"}, FELL, False),
        ({**IF, "direction": "insufficient_data"}, STAYED, True),
        ({**IF, "direction": "insufficient_data"}, FELL, False),
        (IF_TEST, FELL, True),
        (IF_TEST, STAYED, False),
        (IF_TEST, ROSE, False),
        ({**IF_TEST, "outcome": "neutral"}, STAYED, True),
        ({**IF_TEST, "outcome": "inconsistent"}, ROSE, True),
        ({**IF_TEST, "outcome": "not_evaluable"}, ROSE, False),
    ],
)
def test_a_condition_is_met_unmet_or_open(wanted, world, met):
    found = verdict(desk(BASE, then(wanted), a=world))
    [told_of] = found.conditions
    assert told_of.met is met
    alone = verdict(desk(BASE, then(), a=world))
    assert alone.direction == "supported"
    rule = {True: alone.rule, False: "condition_unmet", None: "condition_waits"}[met]
    assert found.rule == rule
    assert found.direction == ("supported" if met else "insufficient_data")
    assert found.tests == alone.tests, "the tests are asked whatever the condition"
    assert (told_of.narrative, told_of.test) == ("base-story", wanted.get("test"))
    assert told_of.title == ("Test a" if "test" in wanted else "A story")


@pytest.mark.parametrize("wanted", [IF, IF_TEST])
def test_before_the_data_are_out_a_condition_is_open(wanted):
    found = verdict(desk(BASE, then(wanted)), day=WAITS)
    assert found.conditions[0].met is None
    assert found.rule == "condition_waits"


def test_a_condition_may_want_that_there_is_no_answer():
    found = verdict(desk(BASE, then({**IF_TEST, "outcome": "not_evaluable"})), day=WAITS)
    assert found.conditions[0].met is True
    assert found.rule not in ("condition_waits", "condition_unmet")


def test_met_or_not_it_is_told_and_only_a_met_one_is_varied():
    met, unmet = (desk(BASE, then(IF), a=end).score("then-story", DAY) for end in (FELL, ROSE))
    assert (met.verdict.robustness.of, len(met.verdict.changes)) == (27, 1)
    assert len(met.specifications) == 27
    assert (unmet.verdict.robustness, unmet.verdict.changes, unmet.specifications) == (None, (), ())
    assert unmet.verdict.confidence == "very_low"
    assert unmet.verdict.downgrades == ()
    assert any("A story" in line for line in (*unmet.verdict.reasons, *unmet.verdict.would_change))


def test_every_condition_has_to_be_met():
    other = told("other-story", a_test("c", "doubly_decisive", "c.stock"))
    both = then(IF, {"narrative": "other-story", "direction": "supported"})
    rules = {}
    for a, c in ((FELL, FELL), (FELL, STAYED), (FELL, ROSE), (STAYED, ROSE)):
        found = verdict(desk(BASE, other, both, a=a, c=c))
        rules[a, c] = found.rule
        assert [t.narrative for t in found.conditions] == ["base-story", "other-story"]
    assert list(rules.values()) == ["smoking_gun", "condition_waits", "condition_unmet", "condition_unmet"]  # fmt: skip


def test_the_verdict_of_the_story_named_is_the_one_it_has_by_itself():
    engine = desk(BASE, then(IF), a=ROSE)
    found = verdict(engine)
    own = verdict(engine, "base-story")
    assert found.conditions[0].found == own.direction == "contradicted"
    assert condition(Condition.model_validate(IF), own) == found.conditions[0]


@pytest.mark.parametrize(
    "wrong",
    [
        {"narrative": "base-story"},
        {"narrative": "base-story", "test": "a"},
        {"narrative": "base-story", "outcome": "consistent"},
        {**IF, "test": "a"},
        {**IF, "outcome": "consistent"},
        {**IF_TEST, "direction": "supported"},
        {**IF, "direction": "consistent"},
        {**IF_TEST, "outcome": "supported"},
    ],
)
def test_a_condition_names_a_verdict_or_an_outcome(wrong):
    with pytest.raises(ValidationError):
        Condition.model_validate(wrong)


# ---------------------------------------------------------------- identity


def identity(engine, day=DAY, name="then-story"):
    return verdict(engine, name, day).identity


def test_identity_rests_on_the_stories_named():
    files = lines(a=FELL, b=FELL, c=FELL)
    same = identity(over(files, BASE, then(IF)))
    assert identity(over(files, BASE, then(IF))) == same
    assert identity(over(files, BASE, then())) != same, "the condition itself"
    assert identity(over(moved(files, "a.stock", -91.0), BASE, then(IF))) != same, "its data"
    reworded = told("base-story", *[t.model_dump(exclude_none=True) for t in BASE.tests], claim="Something rose.")  # fmt: skip
    assert identity(over(files, reworded, then(IF))) != same, "its file"
    assert identity(over(moved(files, "c.stock", -91.0), BASE, then(IF))) == same, "nothing else"
    extra = told("extra-story", a_test("c", "hoop", "c.stock"))
    assert identity(over(files, BASE, then(IF), extra)) == same


def test_without_a_condition_the_other_story_is_no_part_of_it():
    files = lines(a=FELL, b=FELL)
    assert identity(over(files, BASE, then())) == identity(over(moved(files, "a.stock", 50.0), BASE, then()))  # fmt: skip


@pytest.mark.parametrize("wanted", [IF, IF_TEST])
def test_what_becomes_known_later_moves_no_byte_of_an_if_then(wanted):
    """Data of the story named that come after the day, and revisions of what was out, change nothing."""
    files = lines(a=FELL, b=FELL)
    day = date(2025, 5, 2)
    kept = [x for x in files["a.stock"].splitlines() if x.split(",")[0] <= END.isoformat()]
    later = "\n".join(kept) + f"\n2025-05-07,1.0,,1\n{END},5000.0,2025-05-03T16:00:00Z,1\n"
    engines = [over(f, BASE, then(wanted)) for f in (files, {**files, "a.stock": later})]
    one, two = (verdict(e, day=day) for e in engines)
    assert one.model_dump_json() == two.model_dump_json()
    assert one.direction == "supported"
    afterwards = [verdict(e, day=date(2025, 5, 5)) for e in engines]
    assert [v.direction for v in afterwards] == ["supported", "insufficient_data"]
    assert len({v.identity for v in afterwards}) == 2


# ---------------------------------------------------------------- the days on which anything changed


def test_the_moments_of_the_story_named_are_moments_of_this_one():
    """The flow of b comes monthly; the weekly releases of a move the condition, and so the day."""
    late = {**lines(a=FELL, b=FELL), "b.stock": rows(WEEKS, [1000.0] * len(WEEKS), ["2025-05-01T20:30:00Z"] * len(WEEKS))}  # fmt: skip
    alone, tied = (over(late, BASE, then(*when)) for when in ((), (IF,)))
    assert alone.stands_for(then(), date(2025, 4, 20)) == EVENT
    assert tied.stands_for(then(IF), date(2025, 4, 20)) == date(2025, 4, 17)
    assert tied.stands_for(BASE, date(2025, 4, 20)) == date(2025, 4, 17)


def test_the_event_of_the_story_named_is_a_moment_of_this_one():
    """Its window of the four weeks before Sunday 18 May was out on Thursday; on Sunday the event has happened."""
    sunday = date(2025, 5, 18)
    base = told(
        "base-story", a_test("a", "doubly_decisive", "a.stock", window={"before": "4 weeks"}, predicts={"direction": "up"}),
        anchor=sunday,
    )  # fmt: skip
    files = lines(a=0.0, b=FELL)
    files["a.stock"] += (
        f"2025-05-14,{1.2 * float(files['a.stock'].splitlines()[-1].split(',')[1])!r},,1\n"
    )
    engine = over(files, base, then(IF))
    assert engine.stands_for(then(IF), date(2025, 5, 20)) == sunday
    before, after = (verdict(engine, day=d) for d in (date(2025, 5, 17), sunday))
    assert (before.conditions[0].met, after.conditions[0].met) == (None, True)
    assert after.direction == "supported"


def test_a_named_series_that_stays_away_is_a_moment_too():
    """a's figure of 14 May was due on the 15th and did not come; b's came."""
    files = lines(a=FELL, b=FELL)
    last = float(files["b.stock"].splitlines()[-1].split(",")[1])
    files["b.stock"] += f"2025-05-14,{last!r},2025-05-09T20:30:00Z,1\n"
    engine = over(files, BASE, then(IF))
    assert engine.stands_for(then(IF), date(2025, 5, 16)) == date(2025, 5, 15)


# ---------------------------------------------------------------- chains


def chain(**ends):
    last = told("last-story", a_test("c", "doubly_decisive", "c.stock"), when=({"narrative": "then-story", "direction": "supported"},))  # fmt: skip
    return desk(BASE, then(IF), last, **ends)


@pytest.mark.parametrize(
    ("a", "rules"),
    [
        (FELL, ("smoking_gun", "smoking_gun")),
        (STAYED, ("condition_waits", "condition_waits")),
        # what is not met leaves the middle one without a verdict, and so the last one open
        (ROSE, ("condition_unmet", "condition_waits")),
    ],
)
def test_a_chain_goes_through(a, rules):
    engine = chain(a=a)
    assert tuple(verdict(engine, name).rule for name in ("then-story", "last-story")) == rules


def test_the_end_of_a_chain_rests_on_its_beginning():
    """Identity and moments reach through the story between."""
    assert identity(chain(a=FELL), name="last-story") != identity(chain(a=-9.1), name="last-story")
    assert identity(chain(a=FELL), name="last-story") == identity(chain(a=FELL), name="last-story")
    engine = chain()
    last = engine.narratives["last-story"]
    assert [n.id for n in engine._with_those_named(last)] == ["last-story", "then-story", "base-story"]  # fmt: skip


def test_in_whatever_order_stories_and_days_are_asked_they_say_the_same():
    days = (date(2025, 4, 3), date(2025, 4, 17), date(2025, 5, 1), DAY)
    names = ("base-story", "then-story", "last-story")
    fresh = {(n, d): verdict(chain(), n, d).model_dump_json() for n in names for d in days}
    engine = chain()
    for name in reversed(names):
        for day in reversed(days):
            assert verdict(engine, name, day).model_dump_json() == fresh[name, day]
