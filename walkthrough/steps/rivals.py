"""The rivals: what each story expects of these tests, beside what was seen."""

import pandas as pd
import streamlit as st

from briefs.stand import Stand
from evidence.kinds.base import Outcome
from evidence.trace import TestTrace
from walkthrough import address, wordmarks
from walkthrough.prose import plain

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
    st.markdown(
        "A test helps to choose between stories only where they expect different things. Rows in bold tell this story from at least one rival."
    )
    with st.container(key="rivals-table"):
        st.table(_matrix(stand, rivals), border="horizontal")
    st.caption(
        "Each row is something that this story expects. A blank: nothing is written down about what the rival expects there."
    )
    address.link("All stories against all of the evidence", stand.here.at("rivals"))
    known = [r for r in rivals if r in stand.desk.stories]
    if known:
        with st.container(horizontal=True, gap="small"):
            st.markdown("Read a rival:", width="content")
            for rival in known:
                address.link(plain(stand.title_of(rival)), stand.here.at(story=rival))


def _matrix(stand: Stand, rivals: list[str]) -> pd.DataFrame:
    """A row for each test, those that tell stories apart first; two tests may share a title."""
    rows = {
        trace.id: [
            _head(trace),
            wordmarks.small_outcome(trace.outcome),
            *(_expects(trace.rivals_expect.get(r)) for r in rivals),
        ]
        for trace in sorted(stand.verdict.tests, key=lambda t: not tells_apart(t))
        if trace.checks is None
    }
    columns = ["**Test**", "**We saw**", *(plain(stand.title_of(r)) for r in rivals)]
    found = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    return found.set_index("**Test**").rename_axis(None)


def _head(trace: TestTrace) -> str:
    title = plain(trace.title)
    return f"**{title}**" if tells_apart(trace) else title


def _expects(word: Outcome | None) -> str:
    if word is None:
        return ""
    return f"{wordmarks.shape(word)} {EXPECTS[word]}"


def tells_apart(trace: TestTrace) -> bool:
    """Whether some rival expects what this story does not."""
    return any(expected != "consistent" for expected in trace.rivals_expect.values())
