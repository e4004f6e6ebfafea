"""Mutation of thresholds: all mutants are there, cases kill them, and without cases they live."""

import pytest

from evidence.mutation import Bench, mutants
from evidence.narrative import Case
from tests import ours

STORY = "dollar-fell-before"


@pytest.fixture(scope="module")
def bench():
    return Bench(ours.store(), ours.library())


@pytest.fixture(scope="module")
def story(bench):
    return bench.library.narratives[STORY]


def test_the_mutants_of_a_story_of_facts(story):
    """Three tests with at_least, two of them with at_most: ×2 and ÷2 each. No tail, for facts have none."""
    found = [str(m) for m in mutants(story)]
    assert len(found) == len(set(found)) == 2 * (3 + 2)


def test_a_mutant_moves_one_number(bench):
    ranked = list(mutants(bench.library.narratives["foreign-private-protest"]))
    assert len(ranked) == 4 * 4 + 2, (
        "four ranked tests with a size and a tail, one fact with a size"
    )
    for mutant in ranked:
        old = mutant.narrative.test(mutant.test.id)
        size = mutant.test.matters.at_least.value / old.matters.at_least.value
        tail = mutant.test.tail.value / old.tail.value
        assert {size, tail} in ({1, 2}, {1, 0.5})
        assert mutant.path == (("tail",) if size == 1 else ("matters", "at_least"))


def test_cases_kill_mutants_and_without_them_they_live(bench, story):
    assert bench.unsound(story) == []
    assert list(bench.survivors([story])) == []
    bare = story.model_copy(update={"cases": ()})
    assert len(list(bench.survivors([bare]))) == len(list(mutants(bare)))


def test_a_mutant_shows_nothing_of_a_test_that_fails_a_case_already(story):
    wrong = Case(
        name="a wrong case", series=story.cases[0].series, expects={"half-before": "neutral"}
    )
    bench = Bench(ours.store(), ours.library())
    assert bench.unsound(story.model_copy(update={"cases": (wrong,)})) == ["half-before"]
