"""The app's side of the sandbox: it starts the helper, gives it jobs, and waits no longer than it should."""

import json
import os
import queue
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Late
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock, Thread
from typing import Any

from briefs.sandbox import limits
from briefs.sandbox.forks import IDLE, PATIENCE, PIECE, End, frame, payloads
from evidence.observations import SNAPSHOT

MODULE = "briefs.sandbox"
START = 45.0
"""Seconds that the helper may take until it is ready, on a slow machine."""
GRACE = 2.0
TRIES = 2
"""How often a job is given to a helper: once more where the first one ended under it."""
AGAIN = 10.0
"""Seconds after which a helper that ended before it answered anything is started again."""
SPARE = 30.0
"""Seconds before its end at which an idle helper is not asked any more."""
FORKS = hasattr(os, "fork")

KEPT = (
    "HOME",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "LD_LIBRARY_PATH",
    "PATH",
    "PYTHONHOME",
    "PYTHONPATH",
    "SYSTEMROOT",
    "TZ",
    "VIRTUAL_ENV",
)
"""What the helper has of the app's environment: enough for Python to start. Keys and tokens stay with the app."""
SET: Mapping[str, str] = {
    "FLOWCHECK_PRIVATE": "off",  # a visitor's story sees the open snapshot only
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONUTF8": "1",
    "OMP_NUM_THREADS": "1",  # a fork takes one thread along, so there is to be no other
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}

Answer = tuple[End, bytes]


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """The environment of the helper."""
    return {**{name: given[name] for name in KEPT if name in given}, **SET}


class _Helper:
    """One helper process, the jobs that it has and the answers that it owes."""

    def __init__(self, command: Sequence[str]) -> None:
        self.process = subprocess.Popen(  # noqa: S603  (our own module, no shell)
            command,
            cwd=limits.ROOT,
            env=environment(os.environ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        self.begun = self.used = time.monotonic()
        self.answered = self.retired = False
        self._owed: dict[int, Future[Answer | None]] = {}
        self._jobs: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._lock = Lock()
        self._number = 0
        for loop in (self._write, self._read):
            Thread(target=loop, name=f"sandbox{loop.__name__}", daemon=True).start()

    @property
    def alive(self) -> bool:
        """Whether it can be given a job."""
        fresh = time.monotonic() - self.used < IDLE - SPARE
        return fresh and not self.retired and self.process.poll() is None

    @property
    def broken(self) -> bool:
        """Whether it ended before it answered anything, and another would do the same."""
        dead = self.process.poll() is not None and not self.answered
        return dead and time.monotonic() - self.begun < AGAIN

    def give(self, job: Mapping[str, Any]) -> "Future[Answer | None]":
        """Hands a job over. What comes is its answer, or None where the helper ended."""
        answer: Future[Answer | None] = Future()
        with self._lock:
            if self.retired:
                answer.set_result(None)
                return answer
            self._number += 1
            self._owed[self._number] = answer
            self._jobs.put(frame(json.dumps({**job, "n": self._number}).encode()))
            self.used = time.monotonic()
        return answer

    def retire(self) -> None:
        """Lets it answer what it has, and end."""
        with self._lock:
            self.retired = True
            if not self._owed:
                self._jobs.put(None)

    def _write(self) -> None:
        pipe = self.process.stdin
        assert pipe is not None
        with pipe:
            while (job := self._jobs.get()) is not None:
                left = memoryview(job)
                try:
                    while left:
                        left = left[pipe.write(left) :]
                except OSError:  # it has ended: the reader sees that too
                    return

    def _read(self) -> None:
        pipe, held = self.process.stdout, bytearray()
        assert pipe is not None
        with pipe:
            while piece := pipe.read(PIECE):
                held += piece
                for payload in payloads(held):
                    self._answered(payload)
        self.process.wait()
        with self._lock:
            self.retired = True
            owed, self._owed = self._owed, {}
            self._jobs.put(None)
        for answer in owed.values():
            answer.set_result(None)

    def _answered(self, payload: bytes) -> None:
        head, _, said = payload.partition(b"\n")
        told = json.loads(head)
        with self._lock:
            self.answered = True
            answer = self._owed.pop(told["n"])
            if self.retired and not self._owed:
                self._jobs.put(None)
        answer.set_result((told["end"], said))


@dataclass
class Asking:
    """The one helper of now: started when it is first needed, and again when it ended or the data have changed."""

    command: Sequence[str] = (sys.executable, "-m", MODULE)
    _helper: _Helper | None = None
    _state: object = None
    _lock: Lock = field(default_factory=Lock)

    def warm(self) -> None:
        """Has the helper start, for a job that is to come."""
        if FORKS:
            with suppress(OSError):  # a job that comes will say so
                self._now()

    def ask(self, job: Mapping[str, Any]) -> Answer:
        """The answer to a job. It never raises, and comes in any case."""
        if not FORKS:
            return alone(self.command, job)
        until = time.monotonic() + START + PATIENCE + limits.SECONDS + GRACE
        try:
            for _ in range(TRIES):
                helper = self._now()
                if helper.broken:
                    break
                answer = helper.give(job).result(max(until - time.monotonic(), 0))
                if answer is not None:
                    return answer
        except Late:
            return "busy", b""
        except OSError:  # the machine starts no more processes
            pass
        return "ours", b""

    def end(self) -> None:
        """Lets the helper end."""
        with self._lock:
            if self._helper is not None:
                self._helper.retire()
            self._helper = None

    def _now(self) -> _Helper:
        with self._lock:
            state = _state()
            now = self._helper
            if now is not None and (now.broken or (now.alive and self._state == state)):
                return now
            if now is not None:
                now.retire()
            self._helper, self._state = _Helper(self.command), state
            return self._helper


def alone(command: Sequence[str], job: Mapping[str, Any]) -> Answer:
    """The answer to a job from a process that was made for it: where nothing can be forked."""
    try:
        done = subprocess.run(  # noqa: S603  (our own module, no shell)
            [*command, "alone"],
            cwd=limits.ROOT,
            env=environment(os.environ),
            input=json.dumps(job).encode(),
            stdout=subprocess.PIPE,
            timeout=START + limits.SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        return "slow", late.stdout or b""
    except OSError:
        return "ours", b""
    return ("done" if done.returncode == 0 else "ours"), done.stdout


def _state() -> object:
    """What changes with the snapshot's manifest."""
    try:
        found = (SNAPSHOT / "manifest.json").stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
