"""The verdict: the word, how sure and why, the rule that decided, the parts, the limits."""

import streamlit as st

from briefs import figures
from briefs.stand import Stand
from evidence import verdict as rules
from evidence.days import day
from evidence.history import begins
from evidence.wording import PARTS, UNJUDGED, choice_words, first_up, sole
from walkthrough import address, chain, memory, wordmarks
from walkthrough.drawing import look, show
from walkthrough.prose import bullets, para, plain


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
    if found.conditions:
        _conditions(stand)
    _history(stand)
    _ways(stand)
    _tests(stand)
    _limits(stand)


def _history(stand: Stand) -> None:
    if stand.day < begins(stand.desk.engine, stand.story):
        return
    st.subheader("How it came about", anchor=False)
    if not memory.awaited(stand.desk, stand.story.id, alone=stand.here.frozen):
        return
    known = memory.upto(stand.desk, stand.story.id, stand.day)
    if known is not None:
        show(figures.strip(known, look()), "strip")
        bullets(turn.sentence for turn in known.turns)


def _conditions(stand: Stand) -> None:
    st.subheader("The conditions", anchor=False)
    chain.draw(stand)


def _ways(stand: Stand) -> None:
    """The specification curve, and the choices that turn the verdict."""
    st.subheader("Asked in other ways", anchor=False)
    told = stand.verdict.robustness
    if told is None:
        para(UNJUDGED)
        return
    found = stand.desk.engine.sensitivity(stand.story.id, stand.day)
    turning = [choice_words(flip) for flip in found.flips if flip.more]
    show(figures.curve(stand, look()), "ways")
    if turning:
        st.markdown("What turns the verdict more often than the story’s own choice does:")
    elif told.agree == told.of:
        para("No other choice that was declared turns the verdict.")
    bullets(
        [
            *(f"{first_up(line)}." for line in turning),
            *(f"{first_up(sole(s))}." for s in found.sole),
        ]
    )


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
