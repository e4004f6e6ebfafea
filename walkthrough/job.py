"""One refresh of the snapshot, at work in a thread of this process.

It loads what asks publishers, 6 MB that most servers never need: so it is only imported where a refresh is allowed.
"""

import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import streamlit as st

from briefs.desk import open_desk
from briefs.settings import settings
from evidence.catalogue import read as read_catalogue
from evidence.diff import Side, difference, lines
from evidence.observations import SNAPSHOT, SnapshotFault, Store
from evidence.publishers import discover
from evidence.refresh import Busy, Report, Sources, Step, refresh
from evidence.transaction import WriteFault
from evidence.web import Web, agent


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
