"""The conditions of an if-then as a small chain: each met, not met or open, and then the claim."""

from briefs.site import words
from briefs.site.leaf import Leaf
from briefs.site.markup import Content, tag
from briefs.stand import Stand
from evidence.kinds.base import Outcome
from evidence.trace import ConditionTrace
from evidence.wording import needed

STATES: dict[bool | None, tuple[Outcome, str]] = {
    True: ("consistent", "Met"),
    False: ("inconsistent", "Not met"),
    None: ("not_evaluable", "Open"),
}


def write(stand: Stand, leaf: Leaf) -> list[Content]:
    """The chain, and a link to each story that a condition rests on."""
    found = stand.verdict
    links = [tag("li", _link(one)) for one in found.conditions]
    then = tag("li", f"Then: {stand.story.title}. ", words.verdict(found))
    names = [
        n for n in dict.fromkeys(c.narrative for c in found.conditions) if n in stand.desk.stories
    ]
    own = [
        [", " if i else "", leaf.link(stand.title_of(name), stand.here.at("story", story=name))]
        for i, name in enumerate(names)
    ]
    return [
        tag("ol", links, then, class_="chain"),
        tag("p", "A condition’s own story: ", own) if own else None,
    ]


def _link(one: ConditionTrace) -> Content:
    state, word = STATES[one.met]
    return [
        tag("span", words.shape(state), f" {word}", class_=f"mark {state}"),
        f" {needed(one)}",
    ]
