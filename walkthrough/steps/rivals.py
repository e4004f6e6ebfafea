"""The rivals: what each story expects of these tests, beside what was seen."""

from collections.abc import Sequence

import streamlit as st

from briefs import answers
from briefs.answers import tells_apart
from briefs.stand import Stand
from evidence.kinds.base import Outcome
from evidence.trace import TestTrace
from walkthrough import address, wordmarks
from walkthrough.prose import plain
from walkthrough.wordmarks import voting

WIDTHS = [44, 56]
EXPECTS = {
    "consistent": "expects this too",
    "inconsistent": "expects the opposite",
    "neutral": "expects nothing either way",
    "not_evaluable": "cannot be asked",
}


def draw(stand: Stand) -> None:
    """The step."""
    st.header("What the rival stories expect", anchor=False)
    rivals = list(
        dict.fromkeys(
            [*stand.story.rivals, *(r for t in stand.verdict.tests for r in t.rivals_expect)]
        )
    )
    if not rivals:
        st.markdown(
            "This story has no rival among the stories here: it describes what happened, it does not explain it."
        )
        return
    tests = ordered(stand.verdict.tests)
    st.markdown(answers.which_tell_apart(tests))
    for trace, bold in zip(tests, answers.in_bold(tests), strict=True):
        _row(stand, trace, rivals, bold=bold)
    st.caption("Where a rival is not named, nothing is written down about what it expects there.")
    address.link("All stories against all of the evidence", stand.here.at("rivals"))
    known = [r for r in rivals if r in stand.desk.stories]
    if known:
        with st.container(horizontal=True, gap="small"):
            st.markdown("Read a rival:", width="content")
            for rival in known:
                address.link(plain(stand.title_of(rival)), stand.here.at(story=rival))


def _row(stand: Stand, trace: TestTrace, rivals: list[str], *, bold: bool) -> None:
    """The test and what was seen on the left, what each rival expects of it on the right."""
    with st.container(key=f"settled-rival-{trace.id}"):
        seen, expected = st.columns(WIDTHS, gap="medium")
        with seen.container(gap="xxsmall"):
            title = plain(trace.title)
            address.link(
                f"**{title}**" if bold else title,
                stand.here.at(step="tests", test=trace.id),
            )
            st.markdown(f"We saw: {wordmarks.small_outcome(trace.outcome)}")
        with expected:
            held = [(r, trace.rivals_expect[r]) for r in rivals if r in trace.rivals_expect]
            if held:
                st.markdown("\n".join(f"- {_expects(stand, *one)}" for one in held))
            else:
                st.caption("No rival expects anything of it.")


def _expects(stand: Stand, rival: str, word: Outcome) -> str:
    return f"{wordmarks.shape(word)} “{plain(stand.title_of(rival))}” {EXPECTS[word]}"


def ordered(tests: Sequence[TestTrace]) -> list[TestTrace]:
    """The tests that vote, those first that tell the story from a rival."""
    return sorted(voting(tests), key=lambda trace: not tells_apart(trace))
