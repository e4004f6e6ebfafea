"""The claim: one sentence, who said it, how it would work."""

import streamlit as st

from evidence.wording import day
from walkthrough.prose import para, plain
from walkthrough.stand import Stand


def draw(stand: Stand) -> None:
    """The step."""
    story = stand.story
    st.header("The claim", anchor=False)
    with st.container(key="claim"):
        para(story.claim)
    said = [f"- {plain(s.who)}, *{plain(s.where)}*, {day(s.on)}" for s in story.said]
    st.markdown("**Said by**\n\n" + "\n".join(said))
    st.subheader("How it would work", anchor=False)
    for paragraph in story.mechanism.split("\n\n"):
        para(paragraph)
    if story.chain:
        with st.container(key="chain"):
            st.markdown("\n".join(f"{n}. {plain(link)}" for n, link in enumerate(story.chain, 1)))
