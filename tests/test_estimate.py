"""How long a story would take: near the truth on the project's stories, and at once for monsters."""

import time
from datetime import date

import pytest

from evidence.engine import score
from evidence.estimate import LIMIT, estimate, refused, spoken
from evidence.narrative import Narrative
from evidence.sensitivity import ways
from tests import ours

STORE, LIBRARY = ours.store(), ours.library()
VIEW = STORE.as_of(STORE.newest_day)
FACTOR = 4
"""How far the estimate may be from the truth, either way, at this machine's pace."""


def a_test(index, kind="change_after", bar="20 bp", after="2 weeks", legs=(), **fields):
    """One test that can be asked in March 2023."""
    given = {
        "id": f"t-{index}", "title": "A move", "kind": kind, "matters": {"at_least": bar, "why": "As told."},
        "role": "hoop", "why": "As told.", "window": {"after": after}, **fields,
    }  # fmt: skip
    if legs:
        return {**given, "legs": [{"series": name, "direction": "up"} for name in legs]}
    return {"series": "ust.yield.10y", "predicts": {"direction": "up"}, **given}


def story(*tests, **fields):
    base = LIBRARY.narratives["basis-trade-unwind"].written
    return Narrative.model_validate(
        {**base, "rivals": [], "controls": [], "cases": [], "tests": tests, **fields}
    )


DAYS = tuple(f"{n} days" for n in range(2, 12))
SIX = ("ust.yield.10y", "ust.yield.2y", "ust.yield.5y", "ust.yield.30y", "fed.h10.broad_dollar", "fed.h10.usd_per_eur")  # fmt: skip
SLOW = {
    "many tests": story(*(a_test(i) for i in range(24))),
    "many windows": story(*(a_test(i, vary={"windows": DAYS}) for i in range(4))),
    "six legs": story(
        a_test(0, "falls_together", "0.5 sd", legs=SIX, vary={"windows": DAYS[:4]})
    ),
    "a long window": story(a_test(0, "spike_after", after="140 days")),
    "a revised series": story(
        a_test(0, bar="2 %", series="fed.h10.broad_dollar", vary={"windows": DAYS})
    ),
    "flows in many windows": story(
        *(
            a_test(
                i, "net_flow", "38 bn", "2 months", series="tic.net.official_bonds_notes",
                vary={"windows": ["1 month", "3 months", "4 months"]},
            )
            for i in range(6)
        )
    ),
}  # fmt: skip
ALL_DAYS = tuple(f"{n} days" for n in range(1, 600))
MONSTERS = {
    "all windows in every test": story(
        *(a_test(i, vary={"windows": ALL_DAYS}) for i in range(24))
    ),
    "all series and all windows": story(
        *(
            a_test(i, vary={"windows": ALL_DAYS, "series": [s for s in STORE.catalogue.ids if s.startswith("ust.yield")] * 50})
            for i in range(24)
        )
    ),
    "six legs in every test": story(
        *(
            a_test(i, "falls_together", "0.5 sd", legs=SIX, vary={"windows": ALL_DAYS[:200]})
            for i in range(24)
        )
    ),
    "the longest window in every test": story(
        *(a_test(i, "spike_after", after="140 days") for i in range(24))
    ),
}  # fmt: skip


def taken(narrative, anchor):
    """The processor seconds that scoring takes once its series are read; the better of two."""
    best = []
    for _ in range(3):
        begin = time.process_time()
        score(narrative, VIEW, anchor, ways=ways(narrative))
        best.append(time.process_time() - begin)
    return min(best[1:])


@pytest.fixture(scope="module")
def pace():
    """Seconds that this machine needs for an estimated one: the middle of three unlike stories, timed now."""
    ratios = [
        taken(SLOW[name], date(2023, 3, 10)) / estimate(SLOW[name], STORE)
        for name in ("many tests", "many windows", "flows in many windows")
    ]
    return sorted(ratios)[1]


def near(estimated, measured, pace):
    """Within the factor; a few hundredths of a second are noise."""
    slack, expected = 0.05, estimated * pace
    return expected <= FACTOR * measured + slack and measured <= FACTOR * expected + slack


@pytest.mark.long
def test_the_machine_keeps_about_the_pace_of_the_one_that_was_measured(pace):
    """A refusal rests on it: a machine that is as many times slower would be let run for as many times the limit."""
    assert pace < FACTOR


@pytest.mark.long
@pytest.mark.parametrize("story_id", LIBRARY.narratives)
def test_the_stories_take_about_as_long_as_estimated(story_id, pace):
    narrative = LIBRARY.narratives[story_id]
    assert near(estimate(narrative, STORE), taken(narrative, LIBRARY.anchor(narrative)), pace)
    assert refused(narrative, STORE, LIBRARY.narratives) is None


@pytest.mark.long
@pytest.mark.parametrize("name", SLOW)
def test_slow_stories_take_about_as_long_as_estimated(name, pace):
    assert near(estimate(SLOW[name], STORE), taken(SLOW[name], date(2023, 3, 10)), pace)


@pytest.mark.parametrize("name", MONSTERS)
def test_monsters_are_refused_at_once(name):
    times = []
    for _ in range(3):  # the least counts: what else runs on the machine is no part of it
        begin = time.process_time()
        sentence = refused(MONSTERS[name], STORE)
        times.append(time.process_time() - begin)
    assert min(times) < 0.05  # processor seconds
    assert sentence is not None
    assert sentence.startswith("Scoring this story would take about ")
    assert "It may take 5 seconds." in sentence
    assert estimate(MONSTERS[name], STORE) > LIMIT


def test_what_a_refusal_says():
    sentence = refused(MONSTERS["all windows in every test"], STORE)
    assert "it asks 24 tests in 600 ways" in sentence
    assert sentence.endswith("Name fewer `windows` and `series` under `vary`.")
    plain = refused(SLOW["many tests"], STORE, limit=0.5)
    assert "it asks 24 tests in 3 ways" in plain
    assert plain.endswith("Take fewer tests or shorter windows.")


def test_more_of_anything_takes_longer():
    one = estimate(story(a_test(0)), STORE)
    assert estimate(story(a_test(0), a_test(1)), STORE) > one
    assert estimate(story(a_test(0, vary={"windows": DAYS})), STORE) > one
    assert estimate(story(a_test(0, vary={"series": ["ust.yield.2y"]})), STORE) > one
    assert estimate(story(a_test(0, series="fed.h10.broad_dollar", bar="2 %")), STORE) > one


def test_what_a_story_rests_on_is_scored_too():
    resting = next(n for n in LIBRARY.narratives.values() if n.when)
    alone = estimate(resting, STORE)
    others = {c.narrative for c in resting.when}
    together = estimate(resting, STORE, LIBRARY.narratives)
    assert together == pytest.approx(
        alone + sum(estimate(LIBRARY.narratives[n], STORE) for n in others)
    )


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 second"), (7.6, "8 seconds"), (100, "100 seconds"), (180, "3 minutes"), (7300, "2 hours"), (1e9, "more than a day")],
)  # fmt: skip
def test_lengths_of_time_in_words(seconds, words):
    assert spoken(seconds) == words
