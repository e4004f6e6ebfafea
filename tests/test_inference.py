"""Lint for inference: on small worlds each rule fires where it should, and only there."""

from datetime import date

import numpy as np
import pytest
from pydantic import TypeAdapter

from evidence.inference import findings, on_its_data, share
from evidence.kinds import Test
from evidence.mutation import Bench, mutants
from evidence.narrative import Case
from tests import ours
from tests.test_placebo import Fixed, ranked
from tests.worlds import WEEKLY, compound, entry, rows, weeks, world

EVENT = date(2025, 4, 2)
STEPS = [float(x) for x in np.random.default_rng(7).normal(0, 1, 400)]
PERIODS = weeks(date(2025, 5, 28), 401)


def one(at_least, role):
    return TypeAdapter(Test).validate_python(
        {
            "id": "falls", "title": "It falls", "kind": "change_after", "series": "a.stock",
            "window": {"after": "4 weeks"}, "predicts": {"direction": "down"}, "role": role, "why": "A test.",
            "matters": {"at_least": at_least, "why": "A test."},
        }
    )  # fmt: skip


def codes(at_least, role):
    view = world(
        [entry("a.stock", WEEKLY, "stock", release="thursday")],
        {"a.stock": rows(PERIODS, compound(1000, STEPS))},
        date(2025, 5, 30),
    )
    return [f.code for f in on_its_data(one(at_least, role), view, EVENT)]


def test_a_hoop_that_fails_as_often_when_true_as_when_false():
    """Steps of 1 % a week: four weeks move by 2 %, so a fall of 0.1 % is lost in the noise, one of 6 % is not."""
    assert codes("0.1 %", "hoop") == ["never-fails"]
    assert codes("6 %", "hoop") == []
    assert codes("0.1 %", "straw_in_the_wind") == [], "a straw sinks nothing"


def test_a_gun_that_would_not_see_twice_the_size():
    assert codes("0.1 %", "smoking_gun") == ["never-passes"]
    assert codes("6 %", "smoking_gun") == []


def test_the_shares_by_hand():
    """Placebos 0 … 39 tenths, M 1: as they were those with raw ≥ Q95 and ≥ 1 pass; true at M, deviations count."""
    found = ranked(Fixed([i / 10 for i in range(40)], 0.0))
    # (1 + those as far) / 41 is at most 5 % for the farthest alone
    assert share(found, 0.05, None, "consistent") == pytest.approx(1 / 40)
    # (1 + those as weak) / 41 is at most 10 % for the weakest three
    assert share(found, 0.05, 1.0, "inconsistent") == pytest.approx(3 / 40)


@pytest.fixture(scope="module")
def library():
    return ours.library()


def test_a_threshold_that_no_case_notices_is_named_at_its_line(library):
    store = ours.store()
    story = library.narratives["dollar-fell-before"]
    bare = story.model_copy(update={"cases": ()})
    view = store.as_of(store.newest_day)
    found = list(findings(bare, view, EVENT, Bench(store, library)))
    assert {f.code for f in found} == {"unpinned"}
    assert len(found) == len(list(mutants(bare)))
    problem = library.sources[story.id].on(found[0])
    assert problem.line > 1
    assert problem.file.endswith("dollar-fell-before.yaml")


def test_a_case_that_fails_as_it_stands_is_named_first(library):
    store = ours.store()
    story = library.narratives["dollar-fell-before"]
    wrong = Case(
        name="a wrong case", series=story.cases[0].series, expects={"half-before": "neutral"},
        event_at=story.cases[0].event_at, at=story.cases[0].at,
    )  # fmt: skip
    spoilt = story.model_copy(update={"cases": (wrong,)})
    found = list(findings(spoilt, store.as_of(store.newest_day), EVENT, Bench(store, library)))
    assert found[0].code == "case-fails"
