"""Refreshing the snapshot from the page *Data*, for those who run the app themselves.

The work is done in a thread of the process, so a reader may walk on meanwhile; the page looks in on it.
A hosted copy offers none of this: its snapshot is refreshed on a schedule (docs/hosting.md).
"""

import os
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import streamlit as st

from evidence.machine import HERE
from walkthrough.prose import bullets, para, plain

if TYPE_CHECKING:
    from walkthrough.job import Job

LOOKS_AGAIN = 0.7
"""Seconds after which the page looks in on a refresh."""
LOG = 12
"""Lines of the log that are shown."""


def allowed() -> bool:
    """Whether the reader is at the machine that runs the app, and the copy is not a hosted one."""
    if os.environ.get("FLOWCHECK_HOSTED"):
        return False
    return (urlsplit(st.context.url or "").hostname or "") in HERE


def section() -> None:
    """The button, and what the refresh does and did."""
    if not allowed():
        return
    from walkthrough.job import job  # noqa: PLC0415  (it loads what only a refresh needs)

    found = job()
    st.header("Refresh", anchor=False)
    st.markdown(
        "Asks every publisher for what is new. A source that fails leaves its series as they were. "
        "You can walk on meanwhile."
    )
    if st.button("Refresh the data", disabled=found.running, key="refresh"):
        found.start()
    if found.running:
        _watch(found)
    else:
        _result(found)


def _watch(found: "Job") -> None:
    @st.fragment(run_every=LOOKS_AGAIN)
    def look() -> None:
        steps = list(found.steps)
        if not found.running:
            st.rerun()
        if steps:
            st.progress(steps[-1].done / steps[-1].of, f"{steps[-1].done} of {steps[-1].of} files")
        else:
            st.progress(0, "Asking …")
        bullets(f"{step.feed}: {step.message or WHAT[step.what]}" for step in steps[-LOG:])

    look()


WHAT = {"read": "read", "unchanged": "unchanged", "failed": "failed"}


def _result(found: "Job") -> None:
    if found.fault:
        st.warning(plain(f"The refresh stopped: {found.fault}."))
    if found.report is None:
        return
    report = found.report
    para(
        f"{report.asked} files asked for: {report.unchanged} unchanged, {len(report.failing)} not to be had."
    )
    if not report.added:
        para("Nothing new was out. The data stay as they were.")
    if report.problems:
        st.warning("Some files could not be taken. Their series keep what they had.")
        with st.expander("What went wrong", type="compact"):
            bullets(problem.words for problem in report.problems)
    if found.changes:
        st.subheader("What changed", anchor=False)
        bullets(found.changes[:LOG])
        if found.changes[LOG:]:
            with st.expander("All changes", type="compact"):
                bullets(found.changes[LOG:])
