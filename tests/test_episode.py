"""A test at another date: the day its window was wholly out, by hand, and what was known then."""

from datetime import date

import pytest
from pydantic import TypeAdapter

from evidence.answer import score_test
from evidence.episode import episode, settled_day
from evidence.kinds import Test
from tests.test_changes import a_test
from tests.test_engine import restless
from tests.worlds import MONTHLY, WEEKLY, compound, entry, months, rows, shop, weeks

AT = date(2024, 6, 5)
WEEKS = weeks(date(2025, 5, 7), 326)
LEVELS = compound(1000, restless(325))
MONTHS = months("2025-03", 120)
FLOWS = [20 * x for x in restless(120)]
ENTRIES = [
    entry("a.stock", WEEKLY, "stock", release="thursday"),
    entry("b.stock", WEEKLY, "stock", release="thursday"),
    entry("f.flow", MONTHLY, "flow", release="slow"),
]
LINES = {"a.stock": rows(WEEKS, LEVELS), "b.stock": rows(WEEKS, LEVELS), "f.flow": rows(MONTHS, FLOWS)}  # fmt: skip


def made(series="a.stock", **changes):
    return TypeAdapter(Test).validate_python(a_test("a", "hoop", series, **changes))


def flow(**changes):
    return made(kind="net_flow", series="f.flow", matters={"at_least": "5 bn", "why": "A test."}, **changes)  # fmt: skip


def both(**changes):
    given = {k: v for k, v in a_test("a", "hoop", "a.stock", **changes).items() if k not in ("series", "predicts")}  # fmt: skip
    legs = [{"series": s, "direction": "down"} for s in ("a.stock", "b.stock")]
    sd = {"at_least": "0.5 sd", "why": "A test."}
    return TypeAdapter(Test).validate_python({**given, "kind": "falls_together", "legs": legs, "matters": sd})  # fmt: skip


def late(text, period, known):
    """The file with one period's release recorded, as late as it came."""
    return "".join(
        f"{x.split(',')[0]},{x.split(',')[1]},{known},1\n" if x.startswith(period) else x + "\n"
        for x in text.splitlines()
    )


@pytest.mark.parametrize(
    ("test", "day"),
    [
        (made(), date(2024, 7, 5)),  # Wednesday 3 July on Thursday, which is a holiday: on Friday
        (made(window={"after": "2 weeks"}), date(2024, 6, 20)),  # 19 June on Thursday
        (made(window={"after": "1 week", "skip": "1 week"}), date(2024, 6, 20)),
        (made(window={"before": "4 weeks"}), date(2024, 6, 6)),  # the event's own week
        (flow(window={"after": "1 month"}), date(2024, 8, 19)),  # June on 18 August, a Sunday
        (flow(window={"before": "2 months"}), date(2024, 7, 18)),  # May
        (both(window={"after": "2 weeks"}), date(2024, 6, 20)),
    ],
)
def test_the_day_a_window_was_wholly_out(test, day):
    store = shop(ENTRIES, LINES)
    assert settled_day(test, store, AT) == day
    trace, ranked, view = episode(test, store, AT)
    assert view.day == day
    assert ranked is not None
    assert not trace.so_far
    assert (trace, ranked.p) == (score_test(test, store.as_of(day), AT)[0], ranked.p)


def test_the_slowest_series_settles_it():
    lines = {**LINES, "b.stock": late(LINES["b.stock"], "2024-06-19", "2024-07-30T16:00:00Z")}
    store = shop(ENTRIES, lines)
    assert settled_day(both(window={"after": "2 weeks"}), store, AT) == date(2024, 7, 30)
    assert settled_day(made(window={"after": "2 weeks"}), store, AT) == date(2024, 6, 20)


def test_a_release_that_came_late_is_waited_for_and_one_outside_is_not():
    for period, day in (("2024-06-12", date(2024, 7, 30)), ("2024-06-26", date(2024, 6, 20))):
        lines = {"a.stock": late(LINES["a.stock"], period, "2024-07-30T16:00:00Z")}
        assert settled_day(made(window={"after": "2 weeks"}), shop(ENTRIES, lines), AT) == day


def test_a_revision_does_not_unsettle_it():
    """The window is read as it was first out; what it says with the revised figure is another question."""
    plain = shop(ENTRIES, LINES)
    lines = {**LINES, "a.stock": LINES["a.stock"] + "2024-06-19,5.0,2024-08-01T16:00:00Z,1\n"}
    revised = shop(ENTRIES, lines)
    test = made(window={"after": "2 weeks"})
    assert settled_day(test, revised, AT) == settled_day(test, plain, AT)
    assert episode(test, revised, AT)[0] == episode(test, plain, AT)[0]


def test_nothing_after_its_day_is_read():
    """Everything from 3 July 2024 on is another number."""
    test = made(window={"after": "2 weeks"})
    other = rows(WEEKS, [x if w < date(2024, 7, 3) else 9 * x for w, x in zip(WEEKS, LEVELS, strict=True)])  # fmt: skip
    one, two = (episode(test, shop(ENTRIES, {"a.stock": text}), AT) for text in (LINES["a.stock"], other))  # fmt: skip
    assert one[0] == two[0]
    assert (one[1].noise == two[1].noise).all()
    assert episode(made(window={"after": "8 weeks"}), shop(ENTRIES, {"a.stock": other}), AT)[0] != episode(made(window={"after": "8 weeks"}), shop(ENTRIES, LINES), AT)[0]  # fmt: skip


def test_what_is_not_out_or_not_here_or_a_fact_has_no_day():
    store = shop(ENTRIES, LINES)
    assert settled_day(made(), store, date(2025, 4, 30)) is None
    assert settled_day(made(), shop(ENTRIES, {"b.stock": LINES["b.stock"]}), AT) is None
    fact = TypeAdapter(Test).validate_python(
        {k: v for k, v in {**a_test("l", "hoop", "a.stock", kind="level", on="2024-06-05",
                                    matters={"at_least": "1 bn", "why": "A test."})}.items() if k != "window"}
    )  # fmt: skip
    assert settled_day(fact, store, AT) is None
    trace, ranked, view = episode(fact, store, AT)
    assert (view.day, ranked, trace.outcome) == (store.newest_day, None, "inconsistent")
