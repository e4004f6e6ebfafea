"""What a claim predicts of a test, beside the two things that it might be taken to predict.

A learner is asked before the data are shown. The opposite of a move is the same test turned round, in the kind's own
words; a fact is denied, and so is what its kind has no other words for.
"""

import hashlib
from collections.abc import Mapping
from itertools import permutations
from typing import Literal, get_args

from evidence import wording
from evidence.answer import kind_of
from evidence.catalogue import Catalogue
from evidence.kinds import KINDS, is_fact
from evidence.kinds.base import Predicts, TestBase

Says = Literal["as_claimed", "opposite", "nothing"]
SAYS: tuple[Says, ...] = get_args(Says)
_ORDERS = tuple(permutations(SAYS))
LEAD = "If the claim were true, we would expect "
_TURNS = {"before": "after", "after": "before"}
_VERBS = {"shrink": "grow", "grow": "shrink", "rise": "fall", "fall": "rise"}
"""What a prediction in a story's own words is turned into, so that both read alike."""


def choices(test: TestBase, catalogue: Catalogue) -> Mapping[Says, str]:
    """The three sentences by what they are, in an order of the test's own: which is right is not told by its place."""
    kind = KINDS[kind_of(test)]
    turned = mirrored(test)
    claimed = _clause(wording.expected(test, kind, catalogue))
    against = _clause(wording.expected(turned, kind, catalogue)) if turned is not None else claimed
    if against == claimed:
        against = f"anything but {claimed}"
    names = wording.listed([catalogue.series[name].named for name in test.reads])
    sentences: dict[Says, str] = {
        "as_claimed": claimed,
        "opposite": against,
        "nothing": f"nothing in particular of {names}",
    }
    place = hashlib.sha256(test.id.encode()).digest()[0] % len(_ORDERS)
    return {says: wording.sentence(sentences[says]) for says in _ORDERS[place]}


def mirrored(test: TestBase) -> TestBase | None:
    """The test with its direction or its side of a date turned round; None for what has no other side."""
    predicts, when = getattr(test, "predicts", None), getattr(test, "when", None)
    if when in _TURNS:
        return test.model_copy(update={"when": _TURNS[when]})
    if isinstance(predicts, Predicts) and not is_fact(kind_of(test)):
        other: Literal["up", "down"] = "up" if predicts.direction == "down" else "down"
        return test.model_copy(
            update={"predicts": Predicts(direction=other, says=_turned(predicts.says))}
        )
    return None


def _turned(says: str) -> str:
    """A story's own words with their verb turned round; empty (the kind's words) where there is no such verb."""
    lead, _, verb = says.rpartition(" ")
    return f"{lead} {_VERBS[verb]}" if verb in _VERBS else ""


def _clause(sentence: str) -> str:
    return sentence.removeprefix(LEAD).removesuffix(".")
