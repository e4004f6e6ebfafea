"""What a URL means: everything that is shown follows from it, and what means nothing is told."""

from datetime import date
from types import MappingProxyType

import pytest

from briefs.address import SORTS, Address, parse
from tests import ours

DESK = ours.desk()
STORY = "basis-trade-unwind"
SEALED = {
    "story": STORY,
    "step": "verdict",
    "as_of": "2025-05-30",
    "snapshot": "2",
    "seal": "0123456789ab",
}


def test_the_presenter_and_plain_words_stay_with_the_reader():
    here = parse("story", {"presenter": "on", "words": "plain"}, DESK)
    assert (here.presenter, here.words, here.faults) == (True, True, ())
    for page in ("stories", "walk", "audit", "watch"):
        there = here.at(page, chapter=next(iter(DESK.chapters))).parameters()
        assert (there["presenter"], there["words"]) == ("on", "plain")
    assert "presenter" not in parse("story", {}, DESK).parameters()


@pytest.mark.parametrize(
    ("page", "query", "named"),
    [
        ("start", {"presenter": "yes"}, "presenter"),
        ("start", {"words": "many"}, "words"),
        ("stories", {"sort": "size"}, "sort"),
        ("stories", {"verdicts": "supported,true"}, "true"),
        ("stories", {"shelves": "nowhere"}, "nowhere"),
        ("walk", {"chapter": "epilogue"}, "epilogue"),
        ("walk", {"chapter": "premise", "step": "next"}, "next"),
        ("story", {**SEALED, "snapshot": "0"}, "snapshot"),
        ("story", {**SEALED, "snapshot": "٣"}, "snapshot"),
        ("story", {**SEALED, "snapshot": "99"}, "99"),
        ("story", {**SEALED, "seal": "nothing"}, "seal"),
        ("story", {**SEALED, "seal": "0123456789AB"}, "seal"),
        ("story", {**SEALED, "as_of": "latest"}, "day"),
        ("story", {k: v for k, v in SEALED.items() if k != "seal"}, "seal"),
    ],
)
def test_what_means_nothing_is_told_and_left_out(page, query, named):
    here = parse(page, query, DESK)
    assert len(here.faults) == 1
    assert named in here.faults[0]
    assert not here.frozen
    again = parse(page, here.parameters(), DESK)
    assert again.faults == ()


def test_a_frozen_view_keeps_its_seal_on_every_step_and_nowhere_else():
    here = parse("story", SEALED, DESK)
    assert (here.frozen, here.snapshot, here.seal) == (True, 2, "0123456789ab")
    assert parse("story", here.parameters(), DESK) == here
    assert here.at(step="tests", test="net-short-shrinks").frozen
    for other in (here.at("stories"), here.at(story="foreign-private-protest"), here.on(None)):
        assert not other.frozen
        assert "seal" not in other.parameters()


def test_the_board_is_as_it_was_sent():
    query = {"sort": "confidence", "verdicts": "mixed,supported", "shelves": "said,watch"}
    here = parse("stories", {**query, "as_of": "2025-06-20"}, DESK)
    assert here.sort == "confidence"
    assert set(here.verdicts) == {"mixed", "supported"}
    assert here.shelves == ("said", "watch")
    assert parse("stories", here.parameters(), DESK) == here
    assert "sort" not in parse("stories", {"sort": SORTS[0]}, DESK).parameters()
    assert here.at("story", story=STORY).parameters().keys() == {"story", "step", "as_of"}


def test_an_old_id_leads_to_the_step_of_the_walk():
    class Renamed:
        stories, figures, chapters = DESK.stories, DESK.figures, DESK.chapters
        was = MappingProxyType({"old-name": STORY})
        oldest, newest, snapshot = DESK.oldest, DESK.newest, DESK.snapshot

    here = parse("walk", {"chapter": "stories", "step": "old-name.verdict"}, Renamed)
    assert (here.step, here.faults) == (f"{STORY}.verdict", ())
    assert parse("story", {"story": "old-name"}, Renamed).story == STORY


def test_an_address_is_a_value():
    one = Address("start", date(2025, 4, 12), latest=False)
    assert one == Address("start", date(2025, 4, 12), latest=False)
