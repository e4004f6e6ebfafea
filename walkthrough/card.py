"""A card of one story, or of one of its charts, for another page (`embed=true`): 320 to 900 pixels wide."""

from dataclasses import replace

import streamlit as st

from briefs import answers, figures, share
from briefs.settings import settings
from briefs.stand import Stand
from evidence.days import day as in_words
from walkthrough import sharing, wordmarks
from walkthrough.drawing import look, show
from walkthrough.prose import para, plain


def draw(stand: Stand, changed: str = "") -> None:
    """The card. `changed`: what a frozen link has to say first."""
    with st.container(key="card", gap="xsmall"):
        if changed:
            para(changed)
        if stand.here.step == "tests":
            _chart(stand)
        else:
            _story(stand)
        _foot(stand)


def _story(stand: Stand) -> None:
    found = stand.verdict
    with st.container(key="card-title"):
        st.markdown(f"# {plain(found.title)}")
    st.markdown(wordmarks.verdict(found))
    if sure := wordmarks.how_sure(found):
        st.caption(sure)
    trace = answers.deciding(found)
    para(f"{answers.says(found)} {answers.because(trace) if trace else ''}")
    st.markdown(f"{wordmarks.strip(found.tests)}")
    st.caption(wordmarks.tally(found.tests))


def _chart(stand: Stand) -> None:
    pair = figures.pair(stand, look())
    with st.container(key="card-title"):
        st.markdown(f"# {plain(stand.verdict.title)}")
    at = [t.id for t in stand.verdict.tests].index(stand.trace.id)
    st.markdown(f"Test {at + 1} of {len(stand.verdict.tests)}: {wordmarks.of_test(stand.trace)}")
    if pair:
        show(pair[-1], "card")
    else:
        para(stand.trace.seen)


def _foot(stand: Stand) -> None:
    whole = share.url(sharing.base(stand.here), replace(stand.here, presenter=False))
    st.caption(
        f"As known on {in_words(stand.day)} · not investment advice · [{plain(settings().name)}: the whole story]({whole})"
    )
