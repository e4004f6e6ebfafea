"""Refreshing the snapshot from the page *Data*, for those who run the app themselves.

The work is done in a thread of the process, so a reader may walk on meanwhile; the page looks in on it.
A hosted copy offers none of this: its snapshot is refreshed on a schedule (docs/hosting.md).
"""

import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import streamlit as st

from briefs.desk import open_desk
from briefs.settings import settings
from evidence.catalogue import read as read_catalogue
from evidence.diff import Side, difference, lines
from evidence.observations import SNAPSHOT, SnapshotFault, Store
from evidence.publishers import discover
from evidence.refresh import Busy, Report, Sources, Step, refresh
from evidence.transaction import WriteFault
from evidence.web import HERE, Web, agent
from walkthrough.prose import bullets, para, plain

LOOKS_AGAIN = 0.7
"""Seconds after which the page looks in on a refresh."""
LOG = 12
"""Lines of the log that are shown."""


@dataclass
class Job:
    """One refresh: what it has read so far, and what came of it."""

    folder: Path
    thread: Thread | None = None
    steps: list[Step] = field(default_factory=list)
    report: Report | None = None
    changes: list[str] = field(default_factory=list)
    fault: str = ""

    @property
    def running(self) -> bool:
        """Whether it is at work."""
        return self.thread is not None and self.thread.is_alive()

    def start(self) -> None:
        """Begins, unless it is at work already."""
        if not self.running:
            self.steps, self.report, self.changes, self.fault = [], None, [], ""
            self.thread = Thread(target=self._run, daemon=True)
            self.thread.start()

    def _run(self) -> None:
        sources = Sources(discover(), read_catalogue(), dict(os.environ))
        web = Web(agent(settings().project_url), bases())
        try:
            before = Store(self.folder).newest_day
            report = refresh(self.folder, sources, web, int(time.time()), tell=self.steps.append)
            if report.added:
                found = open_desk()
                old = Side(as_of=before, snapshot_n=report.before)
                new = Side(as_of=found.newest, snapshot_n=report.snapshot)
                self.changes = lines(difference(found.engine, old, new))
            self.report = report
        except (Busy, SnapshotFault, WriteFault) as fault:
            self.fault = str(fault)
        finally:
            web.close()


def bases() -> dict[str, str]:
    """Addresses that stand in for publishers' hosts: `FLOWCHECK_BASE_URLS`, as `fred=http://… bea=http://…`."""
    given = os.environ.get("FLOWCHECK_BASE_URLS", "").split()
    return dict(text.split("=", 1) for text in given if "=" in text)


@st.cache_resource(show_spinner=False)
def job() -> Job:
    """The one job of this process."""
    return Job(SNAPSHOT)


def allowed() -> bool:
    """Whether the reader is at the machine that runs the app, and the copy is not a hosted one."""
    if os.environ.get("FLOWCHECK_HOSTED"):
        return False
    return (urlsplit(st.context.url or "").hostname or "") in HERE


def section() -> None:
    """The button, and what the refresh does and did."""
    if not allowed():
        return
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


def _watch(found: Job) -> None:
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


def _result(found: Job) -> None:
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
