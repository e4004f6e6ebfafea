"""Plain `streamlit run`, as on Streamlit's Community Cloud, within what that gives: all pages, a brief, a story scored."""

from __future__ import annotations

import time
from pathlib import Path
from threading import Event, Thread

import pytest
from playwright.sync_api import Page

from tests.browser import acts
from tests.browser.conftest import started

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="Linux counts memory so"),
]  # fmt: skip
MOST = 700
"""MB that all processes of the app may take together."""


def family(parent: int) -> list[int]:
    """A process and all that come from it."""
    found = [parent]
    for each in found:
        for thread in Path(f"/proc/{each}/task").glob("*/children"):
            found += [int(word) for word in thread.read_text().split()]
    return found


def megabytes(parent: int) -> float:
    """What they take together; a page of memory that they share counts once."""
    total = 0
    for each in family(parent):
        try:
            lines = Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
        except OSError:  # it has just ended
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


class Watch:
    """The most that they have taken at any time, looked at five times a second."""

    def __init__(self, parent: int) -> None:
        self.parent, self.most, self._ends = parent, 0.0, Event()
        self._thread = Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._ends.wait(0.2):
            self.most = max(self.most, megabytes(self.parent))

    def end(self) -> None:
        self._ends.set()
        self._thread.join()


def test_it_stays_within_what_the_cloud_gives(elsewhere, tmp_path: Path) -> None:
    server = started(tmp_path / "log")
    watch = Watch(server.process.pid)
    try:
        page: Page = elsewhere(viewport={"width": 1280, "height": 1000}).new_page()
        told = []
        for place in acts.READ:
            acts.reads(page, server.url, place)
        told.append(("all pages read", megabytes(server.process.pid)))
        acts.takes_the_brief(page, server.url, tmp_path / "brief.pdf")
        told.append(("a brief taken", megabytes(server.process.pid)))
        acts.scores_a_text(page, server.url)
        told.append(("a story scored", megabytes(server.process.pid)))
        time.sleep(1)
    finally:
        watch.end()
        server.stop()
    told.append(("the most at any time", watch.most))
    print("\n".join(f"{what}: {much:.0f} MB" for what, much in told))
    assert watch.most < MOST
