"""If it were true, we would see …: the tests as predictions, each with what hangs on it."""

import streamlit as st

from briefs.stand import Stand
from evidence.wording import PARTS, ROLES
from walkthrough import address
from walkthrough.prose import plain


def draw(stand: Stand) -> None:
    """The step."""
    st.header("If it were true, we would see …", anchor=False)
    st.markdown(_opening(len(stand.verdict.tests)))
    parts = {t.part for t in stand.verdict.tests}
    for trace in stand.verdict.tests:
        with st.container(border=True, gap="xsmall", key=f"prediction-{trace.id}"):
            address.link(f"**{plain(trace.title)}**", stand.here.at(step="tests", test=trace.id))
            st.markdown(plain(trace.expected))
            about = f"Part of the claim: {PARTS[trace.part]}. " if len(parts) > 1 else ""
            st.caption(about + ROLES[trace.role])


def _opening(count: int) -> str:
    turned = "one prediction that can fail" if count == 1 else "predictions that can fail"
    return (
        f"The claim was turned into {turned}. What counts is written down in the story, with a reason. It was set by "
        "people who knew what had happened; the verdict’s page says when."
    )
