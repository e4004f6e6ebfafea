"""What a claim may be taken to predict: three different sentences, of which one is its own."""

from itertools import permutations

from evidence.kinds import KINDS
from evidence.predictions import LEAD, SAYS, choices, mirrored
from evidence.wording import expected
from tests import ours

DESK = ours.desk()
TESTS = [(story, test) for story in DESK.stories.values() for test in story.tests]


def test_three_sentences_of_every_test():
    for _, test in TESTS:
        found = choices(test, DESK.store.catalogue)
        assert set(found) == set(SAYS)
        assert len(set(found.values())) == len(SAYS)
        for sentence in found.values():
            assert sentence[0].isupper()
            assert sentence.endswith(".")
            assert "{" not in sentence


def test_the_claims_own_is_the_sentence_that_the_story_shows():
    for _, test in TESTS:
        own = choices(test, DESK.store.catalogue)["as_claimed"]
        whole = expected(test, KINDS[test.kind], DESK.store.catalogue)
        assert whole.lower() == f"{LEAD}{own}".lower()


def test_the_place_tells_nothing():
    """Every order of the three occurs, and none of them much more often than another."""
    orders = [tuple(choices(test, DESK.store.catalogue)) for _, test in TESTS]
    counts = [orders.count(order) for order in permutations(SAYS)]
    assert min(counts) > len(orders) / 18
    assert max(counts) < len(orders) / 3


def test_the_opposite_of_a_move_in_the_kinds_words():
    custody = DESK.stories["foreign-governments-retaliated"].test("custody-falls")
    found = choices(custody, DESK.store.catalogue)
    assert (
        found["as_claimed"]
        == "Custody holdings to fall by at least 2 % over the 4 weeks after the event."
    )
    assert (
        found["opposite"]
        == "Custody holdings to rise by at least 2 % over the 4 weeks after the event."
    )


def test_the_opposite_in_a_storys_own_words():
    short = DESK.stories["basis-trade-unwind"].test("net-short-shrinks")
    found = choices(short, DESK.store.catalogue)
    assert "the net short in treasury futures to shrink" in found["as_claimed"].lower()
    assert "the net short in treasury futures to grow" in found["opposite"].lower()


def test_a_fact_is_denied_and_a_date_changes_sides():
    auction = DESK.stories["foreign-governments-retaliated"].test("foreign-share-low")
    assert mirrored(auction) is None
    assert choices(auction, DESK.store.catalogue)["opposite"].startswith("Anything but ")
    onset = next(t for _, t in TESTS if t.kind == "onset")
    assert mirrored(onset).when != onset.when


def test_turned_twice_is_the_same():
    for _, test in TESTS:
        turned = mirrored(test)
        if turned is not None and not getattr(getattr(test, "predicts", None), "says", ""):
            assert mirrored(turned) == test
