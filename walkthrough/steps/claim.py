"""The claim: one sentence, who said it, how it would work."""

import streamlit as st

from briefs.stand import Stand
from evidence.days import day
from evidence.narrative import Said
from walkthrough import note
from walkthrough.prose import para, plain


def draw(stand: Stand) -> None:
    """The step."""
    story = stand.story
    st.header("The claim", anchor=False)
    with st.container(key="claim"):
        para(story.claim)
    said = [f"- {plain(s.who)}, *{plain(s.where)}*, {_when(s)}" for s in story.said]
    st.markdown("**Said by**\n\n" + "\n".join(said))
    st.subheader("How it would work", anchor=False)
    for paragraph in story.mechanism.split("\n\n"):
        para(paragraph)
    if story.chain:
        with st.container(key="chain"):
            st.markdown("\n".join(f"{n}. {plain(link)}" for n, link in enumerate(story.chain, 1)))
    if story.id in note.FIGURES:
        st.subheader("The note’s figure, from open data", anchor=False)
        note.draw(stand.desk, note.FIGURES[story.id], stand.verdict.stands_for)


def _when(said: Said) -> str:
    """The day, or only its month where the source does not print the day."""
    return f"{said.on:%B %Y} (day not printed)" if said.assumed else day(said.on)
