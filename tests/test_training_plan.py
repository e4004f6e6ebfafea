"""A trainer's link: which stories on which days, and which exercises, in which order."""

from datetime import date

from briefs.training.plan import MOST, Item, parse, written

STORIES = ("basis-trade-unwind", "everything-fell-together")
EXERCISES = ("choose-the-window",)


def usable(day):
    return date(2025, 1, 1) <= day <= date(2026, 10, 7)


def read(text):
    return parse(text, STORIES, EXERCISES, usable)


def test_order_and_days_are_kept():
    text = "basis-trade-unwind@2025-05-02,exercise.choose-the-window,everything-fell-together"
    items, odd = read(text)
    assert items == (
        Item("basis-trade-unwind", on=date(2025, 5, 2)),
        Item("choose-the-window", exercise=True),
        Item("everything-fell-together"),
    )
    assert odd == ()
    assert written(items) == text


def test_one_story_may_stand_there_on_two_days_but_not_twice_on_one():
    items, odd = read(
        "basis-trade-unwind@2025-05-02,basis-trade-unwind,basis-trade-unwind@2025-05-02"
    )
    assert [item.on for item in items] == [date(2025, 5, 2), None]
    assert odd == ()


def test_what_means_nothing_is_named():
    strange = [
        "no-such-story",
        "exercise.no-such",
        "choose-the-window",
        "basis-trade-unwind@2025-02-30",
        "basis-trade-unwind@1999-01-01",
        "basis-trade-unwind@today",
        "../../etc/passwd",
        "<script>",
        "exercise.choose-the-window@2025-05-02x",
    ]
    items, odd = read(",".join(strange))
    assert items == ()
    assert list(odd) == strange


def test_an_exercise_has_its_own_day():
    assert read("exercise.choose-the-window@2025-05-02")[0] == (
        Item("choose-the-window", exercise=True),
    )


def test_a_plan_has_an_end():
    days = ",".join(
        f"basis-trade-unwind@2025-{m:02d}-{d:02d}" for m in (3, 4) for d in range(1, 29)
    )
    items, _ = read(days)
    assert len(items) == MOST
    assert read("") == ((), ())
