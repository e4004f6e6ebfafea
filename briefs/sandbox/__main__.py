"""The process that holds the data for stories that visitors write: `python -m briefs.sandbox`.

The app starts it and talks to it (`briefs.sandbox.asking`). With `alone` it does the one job that comes in and ends:
for systems on which no process can be forked.
"""

import gc
import json
import os
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

import scipy.stats  # noqa: F401 - counting quiet dates needs it, and a child may load nothing any more

from briefs import drafted
from briefs.desk import Desk, open_desk
from briefs.sandbox import limits
from briefs.sandbox.forks import IDLE, Helper, Job


def work(desk: Desk) -> Callable[[Job, Callable[[], bool]], Iterator[Mapping[str, Any]]]:
    """What is done with a job: a text, what is to be done with it, the day and the look."""

    def done(job: Job, in_time: Callable[[], bool]) -> Iterator[Mapping[str, Any]]:
        if job["lane"] == "finished":
            return drafted.finished(job["text"], desk)
        wanted = None
        if job["lane"] == "scored":
            day = date.fromisoformat(job["as_of"]) if job["as_of"] else None
            wanted = drafted.Wanted(day, job["mode"])
        return drafted.drafted(job["text"], desk, wanted, in_time)

    return done


def rehearse(desk: Desk) -> None:
    """Reads every series, and scores a story, so that no child has to import or open anything."""
    desk.store.verify()
    for story in desk.library.live[:1]:
        text = desk.library.sources[story.id].text
        for _ in drafted.drafted(text, desk, drafted.Wanted(), lambda: False):
            pass


def _alone() -> None:
    """One job, read from the standard input to its end."""
    begun = time.monotonic()
    job = json.loads(sys.stdin.buffer.read())
    desk = open_desk()
    for document in work(desk)(job, lambda: time.monotonic() - begun < limits.CHECKED):
        sys.stdout.buffer.write(json.dumps(document, allow_nan=False).encode() + b"\n")
        sys.stdout.buffer.flush()


def _helper() -> None:
    """Many jobs, each in a child."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who ends the app at a terminal ends this by it
    source, sink = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)  # whatever prints does not speak in between
    os.dup2(nothing, 1)
    warnings.simplefilter("ignore")  # to print one, Python would open a file
    desk = open_desk()
    rehearse(desk)
    gc.collect()
    gc.freeze()  # what children share stays shared
    Helper(work(desk), source, sink, IDLE).serve()


if __name__ == "__main__":
    if sys.argv[1:] == ["alone"]:
        _alone()
    else:
        _helper()
