"""Worker processes on this machine."""

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from threading import Thread

from evidence.backfill.running import Crew

IN_HAND = 2
"""Blocks for each worker at a time: the one that it does, and the next, so that none waits for this process."""


def processes(workers: int) -> Crew:
    """So many processes, begun from nothing (spawn), so that they are the same on every system."""

    def make() -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            workers, mp_context=get_context("spawn"), initializer=_end_with_parent
        )

    return Crew(make, abreast=IN_HAND * workers)


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for work for ever."""
    parent = parent_process()
    assert parent is not None

    def wait() -> None:
        parent.join()
        os._exit(1)

    Thread(target=wait, daemon=True).start()
