"""A verdict's memory: known turns with the releases that moved them, nothing from later days, sentences."""

import csv
import random
from datetime import date, timedelta
from itertools import pairwise

import pytest

from evidence import telling
from evidence.engine import Engine
from evidence.history import begins, course, files_of, history, stretches
from evidence.narrative import Condition
from evidence.observations import SNAPSHOT
from tests import ours
from tests.sampled import one_in
from tests.test_lookahead import SEED, multiply, other_world

CATALOGUE = ours.catalogue()
PROTEST, BASIS, OFFICIAL = (
    "foreign-private-protest",
    "basis-trade-unwind",
    "foreign-governments-retaliated",
)
QUICK = (PROTEST, "private-outflows-began-before", "swap-spread-unwind", "dollar-fell-before")


@pytest.fixture(scope="module")
def engine():
    return ours.engine()


@pytest.fixture(scope="module")
def protest(engine):
    return history(engine, PROTEST, None, None)


@pytest.fixture(scope="module")
def basis(engine):
    return history(engine, BASIS, None, date(2025, 5, 9))


# ---------------------------------------------------------------- known answers


def test_it_begins_with_the_event_or_with_who_said_it_first(engine):
    narrative = engine.narratives[PROTEST]
    assert begins(engine, narrative) == engine.anchors[narrative.event] == date(2025, 4, 2)
    early = narrative.said[0].model_copy(update={"on": date(2025, 3, 1), "assumed": False})
    said = narrative.model_copy(update={"said": (*narrative.said, early)})
    assert begins(engine, said) == date(2025, 3, 1)
    unsure = early.model_copy(update={"assumed": True})
    assert begins(engine, narrative.model_copy(update={"said": (unsure,)})) == date(2025, 4, 2)


def test_each_turn_names_the_release_that_moved_it(basis):
    """The CFTC's report of Tuesday 15 April came on Good Friday."""
    [turn] = [t for t in basis.turns if t.changed_direction]
    assert turn.on == date(2025, 4, 18)
    assert [p.words for p in turn.moved_by] == ["futures positions (CFTC) for 15 April 2025"]
    assert (turn.direction_before, turn.direction) == ("insufficient_data", "contradicted")
    assert "net-short-shrinks" in {m.test for m in turn.tests}
    assert {m.how for m in turn.tests} == {"figures"}
    closed = {d.on: d.so_far for d in basis.days}
    assert closed[date(2025, 4, 18)]
    assert not closed[date(2025, 5, 2)], "the fourth week came on 2 May"


def test_the_survey_of_april_came_on_18_june(protest):
    turn = next(t for t in protest.turns if t.on == date(2025, 6, 18))
    [release] = turn.moved_by
    assert (release.release, release.periods) == ("tic", (date(2025, 4, 30),))
    assert turn.label == "TIC for April"
    assert turn.sentence.startswith("18 June 2025: cross-border flows (TIC) for April 2025")
    assert "Not enough data yet → mixed" in turn.sentence


def test_what_was_published_is_what_the_files_say(engine, protest):
    """Counted again from the snapshot's own lines: which months came, and which were revised, on which days."""
    narrative = engine.narratives[PROTEST]
    names = sorted(files_of(CATALOGUE, [s for t in narrative.tests for s in t.reads]))
    lines = []
    for name in names:
        with (SNAPSHOT / "series" / f"{name}.csv").open(encoding="utf-8") as file:
            own = [r for r in csv.DictReader(file) if r["known_at"]]
        for row in own:
            # TIC is printed at 16:00 in New York: the same day in UTC
            older = any(
                o["period"] == row["period"] and o["known_at"] < row["known_at"] for o in own
            )
            lines.append((row["known_at"][:10], row["period"], older))
    for day in protest.days:
        tic = [p for p in day.published if p.release == "tic"]
        told = {(f"{e:%Y-%m}", False) for p in tic for e in p.periods}
        told |= {(f"{e:%Y-%m}", True) for p in tic for e in p.revised}
        came = {(period, older) for known, period, older in lines if known == day.on.isoformat()}
        came -= {(period, True) for period, older in came if not older}
        if came:
            assert told >= came, day.on
        # what has no recorded second comes by the rule, and never as a revision
        assert {t for t in told if t[1]} <= came, day.on


def test_every_day_reads_as_the_engine_scores_it(engine, protest):
    for day in protest.days:
        verdict = engine.score(PROTEST, day.on).verdict
        assert (day.direction, day.confidence) == (verdict.direction, verdict.confidence)
        assert (day.so_far, day.by_proxy) == (verdict.so_far, verdict.by_proxy)
        assert day.identity == verdict.identity
        assert {s.test: s.outcome for s in day.tests} == {t.id: t.outcome for t in verdict.tests}


def test_between_two_days_nothing_changes(engine, protest):
    for before, after in pairwise(protest.days):
        eve = after.on - timedelta(days=1)
        assert engine.score(PROTEST, eve).verdict.identity == before.identity


def test_turns_are_the_days_on_which_direction_or_confidence_changed(protest):
    changed = [
        after.on
        for before, after in pairwise(protest.days)
        if (before.direction, before.confidence) != (after.direction, after.confidence)
    ]
    assert [t.on for t in protest.turns] == changed
    assert changed


def test_a_delay_is_told_on_the_day_of_its_announcement(engine):
    """The CFTC's plans after the shutdown of 2025: of 18 November, brought forward on 9 December."""
    found = history(engine, BASIS, date(2025, 11, 17), date(2025, 12, 10))
    delays = {d.on: h.words for d in found.days for h in d.happened if h.what == "delay"}
    assert set(delays) == {date(2025, 11, 18), date(2025, 12, 9)}
    assert "futures positions (CFTC)" in delays[date(2025, 11, 18)]
    assert "the first on 19 November 2025" in delays[date(2025, 11, 18)]


def test_a_survey_that_stayed_away_is_overdue_and_then_stale(protest):
    """August 2025 was due on 17 October and came on 18 November."""
    told = {(d.on, h.what) for d in protest.days for h in d.happened if h.release == "tic"}
    assert (date(2025, 10, 17), "overdue") in told
    assert (date(2025, 11, 2), "stale") in told


def test_a_turn_by_the_comparison_alone_says_so(engine):
    """On 18 September 2025 nothing of April was revised, but the earlier windows were read a month older."""
    found = history(engine, OFFICIAL, date(2025, 9, 17), date(2025, 9, 19))
    for turn in found.turns:
        by_comparison = {m.how for m in turn.tests} == {"comparison"}
        assert (telling.COMPARISON in turn.sentence) == by_comparison
        for moved in turn.tests:
            before, after = (
                engine.score(OFFICIAL, on).verdict.test(moved.test)
                for on in (date(2025, 9, 17), date(2025, 9, 18))
            )
            same = before.statistic == after.statistic and before.window == after.window
            assert (moved.how == "comparison") == same


def test_a_condition_that_is_met_turns_a_verdict_and_is_named(engine):
    """An if-then waits for the basis story, which the CFTC's report of 18 April answers."""
    condition = Condition(narrative=BASIS, direction="contradicted")
    waits = engine.narratives["dollar-fell-before"].model_copy(
        update={"id": "if-then", "when": (condition,)}
    )
    own = Engine(engine.store, {**engine.narratives, waits.id: waits}, engine.anchors)
    found = history(own, waits.id, date(2025, 4, 16), date(2025, 4, 30))
    by_day = {d.on: d for d in found.days}
    assert by_day[date(2025, 4, 17)].conditions[0].met is None
    assert by_day[date(2025, 4, 18)].conditions[0].met is True
    assert any(p.release == "cftc_tff" for p in by_day[date(2025, 4, 18)].published), (
        "what the condition rests on is published too"
    )
    before, after = by_day[date(2025, 4, 17)], by_day[date(2025, 4, 18)]
    turned = [t for t in found.turns if t.on == date(2025, 4, 18)]
    assert bool(turned) == (
        (before.direction, before.confidence) != (after.direction, after.confidence)
    )
    for turn in turned:
        assert [c.narrative for c in turn.conditions] == [BASIS]
        assert "cftc_tff" in {p.release for p in turn.moved_by}


def test_steps_down_that_came_or_went_are_told():
    assert telling.steps([], ["fragile"]) == "Now also: fragile."
    assert telling.steps(["imprecise", "revised"], ["revised"]) == "No longer: imprecise."
    assert telling.steps(["revised"], ["revised"]) == ""


# ---------------------------------------------------------------- nothing from later days


@pytest.mark.parametrize("last", ["2025-04-20", "2025-06-18", "2025-11-02", "2026-07-13"])
def test_a_history_cut_is_the_history_to_that_day(engine, protest, last):
    last = date.fromisoformat(last)
    assert protest.upto(last) == history(engine, PROTEST, None, last)


@pytest.mark.parametrize("day", one_in(3, ["2025-06-18", "2025-04-17", "2025-10-20"]))
def test_what_comes_later_moves_no_byte_of_a_history(engine, tmp_path, day):
    last = date.fromisoformat(day)
    other, touched = other_world(engine, last, tmp_path / "later", multiply, random.Random(SEED))
    assert touched > 50
    for name in QUICK:
        own, same = (history(e, name, None, last).model_dump_json() for e in (engine, other))
        assert own == same, name


def test_the_tampered_world_has_another_history_afterwards(engine, tmp_path):
    """So that the test above can fail."""
    last, after = date(2025, 4, 17), date(2025, 8, 1)
    other, _ = other_world(engine, last, tmp_path / "later", multiply, random.Random(SEED))
    assert history(engine, PROTEST, None, after) != history(other, PROTEST, None, after)


# ---------------------------------------------------------------- bad input, edges


def test_unknown_stories_and_days_in_disorder_are_refused(engine):
    with pytest.raises(KeyError):
        history(engine, "no-such-story", None, None)
    with pytest.raises(ValueError, match="comes after"):
        history(engine, PROTEST, date(2025, 6, 1), date(2025, 5, 1))


def test_one_day_is_a_history(engine):
    found = history(engine, PROTEST, date(2025, 5, 1), date(2025, 5, 1))
    assert [d.on for d in found.days] == [date(2025, 5, 1)]
    assert found.turns == ()
    assert found.settled is None
    [only] = stretches(found)
    assert (only.first, only.last) == (date(2025, 5, 1), date(2025, 5, 1))


def test_a_history_before_the_event_knows_nothing(engine):
    found = history(engine, PROTEST, None, date(2025, 3, 1))
    assert (found.first, found.last) == (date(2025, 3, 1), date(2025, 3, 1))
    assert found.days[0].direction == "insufficient_data"


def test_stretches_cover_every_day_once(protest):
    parts = stretches(protest)
    assert (parts[0].first, parts[-1].last) == (protest.first, protest.last)
    for one, following in pairwise(parts):
        assert following.first - one.last == timedelta(days=1)
        assert one.words != following.words
    assert [s.turn for s in parts if s.turn] == list(protest.turns)


def test_settled_is_the_last_turn_of_direction(protest, basis):
    assert basis.settled is not None
    assert basis.settled.on == date(2025, 4, 18)
    assert protest.settled == [t for t in protest.turns if t.changed_direction][-1]
    assert protest.upto(date(2025, 4, 30)).settled is None


# ---------------------------------------------------------------- sentences


def days(*texts):
    return [date.fromisoformat(t) for t in texts]


@pytest.mark.parametrize(
    ("frequency", "ends", "words"),
    [
        ("monthly", ["2025-04-30"], "April 2025"),
        ("monthly", ["2025-01-31", "2025-03-31"], "January and March 2025"),
        ("monthly", ["2024-12-31", "2025-01-31"], "December 2024 and January 2025"),
        ("monthly", ["2025-01-31", "2025-02-28", "2025-03-31"], "January to March 2025"),
        ("weekly", ["2025-04-15"], "15 April 2025"),
        ("daily", ["2025-04-14", "2025-04-15", "2025-04-18"], "14 to 18 April 2025"),
        ("daily", ["2025-03-31", "2025-04-01"], "31 March and 1 April 2025"),
        ("quarterly", ["2025-03-31"], "the first quarter of 2025"),
        (
            "quarterly",
            ["2025-03-31", "2025-12-31"],
            "the first quarter and the fourth quarter of 2025",
        ),
        ("yearly", ["2023-12-31", "2024-12-31"], "2023 and 2024"),
        ("irregular", ["2025-04-09"], "9 April 2025"),
        ("monthly", [], ""),
    ],
)
def test_periods_in_words(frequency, ends, words):
    assert telling.periods(frequency, days(*ends)) == words


def test_releases_in_words():
    tic, cftc = CATALOGUE.releases["tic"], CATALOGUE.releases["cftc_tff"]
    h41 = CATALOGUE.releases["h41"]
    april = days("2025-04-30")
    assert telling.published(tic, "monthly", april, []) == (
        "cross-border flows (TIC) for April 2025"
    )
    assert telling.published(tic, "monthly", [], april) == (
        "cross-border flows (TIC): April 2025 revised"
    )
    on = date(2025, 6, 18)
    assert telling.label(CATALOGUE, tic, "monthly", april, on) == "TIC for April"
    assert telling.label(CATALOGUE, tic, "monthly", april, date(2027, 1, 1)) == "TIC for April 2025"
    assert telling.label(CATALOGUE, tic, "monthly", [], on) == "TIC, revised"
    assert telling.revised("TIC for April") == telling.revised("TIC, revised") == "TIC, revised"
    assert telling.label(CATALOGUE, cftc, "weekly", days("2025-04-15"), on) == "CFTC"
    assert telling.label(CATALOGUE, h41, "weekly", days("2025-04-16"), on) == "Fed custody holdings"


def test_an_abbreviation_that_two_releases_share_names_neither():
    shared = [r for r in CATALOGUE.releases.values() if "(OFR)" in r.name]
    assert len(shared) > 1
    assert all("OFR" not in telling.short_name(CATALOGUE, r) for r in shared)


def test_a_verdict_in_words():
    def says(direction, **more):
        return telling.standing(direction, "low", **{"so_far": False, "by_proxy": False, **more})

    assert says("contradicted") == "contradicted (low confidence)"
    assert says("contradicted", so_far=True, by_proxy=True) == (
        "contradicted so far, by proxy (low confidence)"
    )
    assert says("insufficient_data", so_far=True) == "not enough data yet"


def test_the_way_of_a_verdict_in_a_line(protest, basis):
    assert course(basis) == (
        "Not enough data yet until 17 April 2025, contradicted since 18 April 2025"
    )
    early = protest.upto(date(2025, 5, 1))
    assert course(early) == "Not enough data yet from 2 April 2025 to 1 May 2025"


def test_the_first_answer():
    first = telling.Answer(date(2025, 4, 17), ("custody",))
    told = telling.first_answer([first, None], date(2025, 5, 1))
    assert told.startswith("Until 16 April 2025 nobody could know")
    assert "on 17 April 2025, with custody" in told
    assert told.endswith("By 1 May 2025 1 of them could be judged.")
    none = telling.first_answer([None, None], date(2025, 4, 12))
    assert none == (
        "On 12 April 2025 nobody could know: the data could judge none of the 2 stories that people told."
    )
    start = telling.first_answer([telling.Answer(date(2025, 4, 2), ()), None], date(2025, 4, 12))
    assert start == (
        "On 2 April 2025 the data could already judge 1 of the 2 stories that people told."
    )


def test_many_causes_are_counted():
    assert telling.causes(["a"]) == "a"
    assert telling.causes(["a", "b", "c"]) == "a, b and c"
    assert telling.causes(["a", "b", "c", "d"]) == "a, b and 2 more"
    assert telling.counted(1, "day") == "1 day"
    assert telling.counted(1200, "day") == "1,200 days"
