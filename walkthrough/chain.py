"""The conditions of an if-then as a small chain: each met, not met or open, and then the claim."""

import streamlit as st

from briefs.stand import Stand
from evidence.trace import ConditionTrace
from evidence.wording import needed
from walkthrough import address, wordmarks
from walkthrough.prose import plain

STATES = {
    True: (wordmarks.MARKS["consistent"], "Met"),
    False: (wordmarks.MARKS["inconsistent"], "Not met"),
    None: (wordmarks.MARKS["not_evaluable"], "Open"),
}


def draw(stand: Stand) -> None:
    """The chain, and a link to each story that a condition rests on."""
    found = stand.verdict
    links = [_link(one) for one in found.conditions]
    last = f"Then: {plain(stand.story.title)}. {wordmarks.verdict(found)}"
    with st.container(key=f"chain-{stand.story.id}"):
        st.markdown("\n".join(f"{n}. {text}" for n, text in enumerate([*links, last], 1)))
    with st.container(horizontal=True, gap="small"):
        st.markdown("A condition’s own story:", width="content")
        for name in dict.fromkeys(one.narrative for one in found.conditions):
            if name in stand.desk.stories:
                to = stand.here.at("story", story=name)
                address.link(plain(stand.title_of(name)), to)


def _link(one: ConditionTrace) -> str:
    (shape, colour), word = STATES[one.met]
    return f":{colour}[**{shape} {word}**] {plain(needed(one))}"
