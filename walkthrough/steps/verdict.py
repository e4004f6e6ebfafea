"""The verdict: the word, how sure and why, the rule that decided, the parts, the limits."""

import streamlit as st

from evidence import verdict as rules
from evidence.wording import PARTS, day, first_up
from walkthrough import address, wordmarks
from walkthrough.prose import bullets, para, plain
from walkthrough.stand import Stand


def draw(stand: Stand) -> None:
    """The step."""
    found = stand.verdict
    st.header("The verdict", anchor=False)
    with st.container(key="verdict"):
        st.markdown(wordmarks.verdict(found))
    para(found.rule_sentence)
    if found.reasons:
        st.subheader(
            "Why" if found.direction != "insufficient_data" else "What is missing", anchor=False
        )
        bullets(found.reasons)
    if sure := wordmarks.how_sure(found):
        st.subheader("How sure", anchor=False)
        st.markdown(f"{sure}. {plain(found.grounds)}")
    if found.downgrades:
        st.markdown("Steps down:")
        bullets(f"{first_up(d.name)}: {d.why}." for d in found.downgrades)
    if len(found.parts) > 1:
        _parts(stand)
    _tests(stand)
    _limits(stand)


def _parts(stand: Stand) -> None:
    st.subheader("Part by part", anchor=False)
    for part in stand.verdict.parts:
        st.markdown(f"**{first_up(PARTS[part.part])}**: {plain(part.sentence)}")
        st.markdown(f"{wordmarks.direction(part.direction)}. {rules.RULES[part.rule]}")


def _tests(stand: Stand) -> None:
    st.subheader("Test by test", anchor=False)
    for trace in stand.verdict.tests:
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.markdown(wordmarks.outcome(trace.outcome), width="content")
            address.link(plain(trace.title), stand.here.at(step="tests", test=trace.id))


def _limits(stand: Stand) -> None:
    story, found = stand.story, stand.verdict
    st.subheader("What this cannot tell", anchor=False)
    bullets([*story.cannot_tell, *story.confounders])
    st.markdown(
        f"What counts in each test was set on {day(found.thresholds_set)}, after the event and after most of these data. "
        "The placebos and the controls guard against fitting; they do not undo hindsight."
    )
    if found.notices:
        st.caption(
            plain(f"Of the series read here, some go no further: {'; '.join(found.notices)}.")
        )
    with st.expander("The identity of this verdict", type="compact"):
        st.markdown(
            f"The same story, data and engine give the same verdict and the same mark: `{found.identity}`. "
            f"Nothing that the story rests on changed between {day(found.stands_for)} and {day(found.as_of)}."
        )
