"""The helper: it holds what every story needs, and makes a child for each job that it is given.

Jobs come through one file and answers leave through another, both as frames: four bytes that say how long the
rest is, then JSON. A job is `{"n": …, "lane": …, …}`; its answer `{"n": …, "end": …}`, a line break, and the
documents that the child made until its end, one a line.

The helper has one thread and reads no text itself. It ends when the file of jobs does.
"""

import json
import os
import selectors
import signal
import struct
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from briefs.sandbox import limits
from evidence.machine import cores

Job = Mapping[str, Any]
Work = Callable[[Job, Callable[[], bool]], Iterator[Mapping[str, Any]]]
"""What a child does with a job, given whether there is still time for what comes last."""
End = Literal["done", "slow", "much", "ours", "busy"]
"""How a job ended: answered whole, stopped by the clock, out of memory, by a fault of ours, or not begun."""

LENGTH = struct.Struct(">I")
LANES = ("problems", "finished", "scored")
"""Kinds of job. Each has its own places, so that whoever types never waits for whoever scores."""
SPARED = 1
"""Processors that no scoring takes: they are for who reads."""
WAITING = 24
"""Jobs of one lane that may wait."""
PATIENCE = 60.0
"""Seconds that a job may wait for its child: as long as those before it in a full lane need, most of which take two or three."""
IDLE = 600.0
"""Seconds without a job after which the helper ends."""
PIECE = 1 << 16
HERE = f"{limits.ROOT}{os.sep}"
END = b'{"end": '
"""How the last line of a child begins."""


def at_once(lane: str, cores: int) -> int:
    """How many children of a lane there may be at a time."""
    return 2 if lane == "problems" else max(1, cores - SPARED)


@dataclass(frozen=True)
class Limits:
    """What a child may take: seconds, bytes of memory, bytes of answer."""

    seconds: float = limits.SECONDS
    memory: int = limits.MEMORY
    answer: int = limits.ANSWER


@dataclass
class _Child:
    """A job that is being done: its process, what it has said, and when it is stopped."""

    number: int
    lane: str
    process: int
    until: float
    said: bytearray = field(default_factory=bytearray)


def frame(payload: bytes) -> bytes:
    """A payload with its length before it."""
    return LENGTH.pack(len(payload)) + payload


def payloads(held: bytearray) -> Iterator[bytes]:
    """The whole payloads at the beginning of what has come, taken out of it."""
    while len(held) >= LENGTH.size:
        end = LENGTH.size + LENGTH.unpack_from(held)[0]
        if len(held) < end:
            return
        found = bytes(held[LENGTH.size : end])
        del held[:end]
        yield found


@dataclass
class Helper:
    """Jobs in, children, answers out. idle: after how many seconds without a job it ends."""

    work: Work
    source: int
    sink: int
    idle: float
    limits: Limits = Limits()
    _queues: dict[str, deque[tuple[float, Job]]] = field(
        default_factory=lambda: {lane: deque() for lane in LANES}
    )
    _children: dict[int, _Child] = field(default_factory=dict)
    _held: bytearray = field(default_factory=bytearray)

    def serve(self) -> None:
        """Works until the file of jobs ends, or nothing came for long."""
        with selectors.DefaultSelector() as selector:
            selector.register(self.source, selectors.EVENT_READ)
            try:
                self._serve(selector)
            finally:
                for pipe in list(self._children):
                    self._stop(selector, pipe)

    def _serve(self, selector: selectors.BaseSelector) -> None:
        last = time.monotonic()
        while True:
            for key, _ in selector.select(self._nap(last)):
                if key.fd != self.source:
                    self._hear(selector, key.fd)
                elif not self._take():
                    return
                else:
                    last = time.monotonic()
            self._look_at_the_clock(selector)
            for lane in LANES:
                self._begin(selector, lane)
            if self._children:
                last = time.monotonic()
            elif time.monotonic() - last >= self.idle:
                return

    def _nap(self, last: float) -> float:
        """Seconds until something has to be done unasked."""
        ends = [child.until for child in self._children.values()]
        ends += [since + PATIENCE for queue in self._queues.values() for since, _ in queue]
        return max(min([*ends, last + self.idle]) - time.monotonic(), 0.0)

    def _take(self) -> bool:
        """Reads what jobs have come; False where no more can."""
        piece = os.read(self.source, PIECE)
        self._held += piece
        for payload in payloads(self._held):
            job = json.loads(payload)
            queue = self._queues[job["lane"]]
            if len(queue) >= WAITING:
                self._answer(job["n"], "busy", b"")
            else:
                queue.append((time.monotonic(), job))
        return bool(piece)

    def _begin(self, selector: selectors.BaseSelector, lane: str) -> None:
        """A child for each job of a lane that has a place."""
        queue = self._queues[lane]
        most = at_once(lane, cores())
        while queue and sum(c.lane == lane for c in self._children.values()) < most:
            _, job = queue.popleft()
            pipe, end = os.pipe()
            process = os.fork()
            if process == 0:
                _child(self.work, job, end, self.limits)
            os.close(end)
            os.set_blocking(pipe, False)
            until = time.monotonic() + self.limits.seconds
            self._children[pipe] = _Child(job["n"], lane, process, until)
            selector.register(pipe, selectors.EVENT_READ)

    def _hear(self, selector: selectors.BaseSelector, pipe: int) -> None:
        """What a child says; at its end, or where it says too much, its answer goes out."""
        child = self._children[pipe]
        piece = os.read(pipe, PIECE)
        child.said += piece
        if piece and len(child.said) <= self.limits.answer:
            return
        self._stop(selector, pipe)
        if piece:
            self._answer(child.number, "much", bytes(child.said))
            return
        whole, _, last = child.said.removesuffix(b"\n").rpartition(b"\n")
        if not last.startswith(
            END
        ):  # it was ended from outside, in the middle of a line or after one
            self._answer(child.number, "ours", bytes(child.said))
            return
        told = json.loads(last)
        if told["fault"]:
            sys.stderr.write(f"A story could not be read or scored: {told['fault']}\n")
        self._answer(child.number, told["end"], bytes(whole + b"\n" if whole else b""))

    def _look_at_the_clock(self, selector: selectors.BaseSelector) -> None:
        """Ends the children whose time is up, and answers the jobs that have waited too long."""
        now = time.monotonic()
        for pipe, child in list(self._children.items()):
            if child.until <= now:
                self._stop(selector, pipe)
                self._answer(child.number, "slow", bytes(child.said))
        for queue in self._queues.values():
            while queue and queue[0][0] + PATIENCE <= now:
                _, job = queue.popleft()
                self._answer(job["n"], "busy", b"")

    def _stop(self, selector: selectors.BaseSelector, pipe: int) -> None:
        """Ends a child with all that it may have started, and forgets it."""
        child = self._children.pop(pipe)
        for end in (os.killpg, os.kill):  # it may not have come to have a group of its own
            try:
                end(child.process, signal.SIGKILL)
            except ProcessLookupError:
                continue
        os.waitpid(child.process, 0)
        selector.unregister(pipe)
        os.close(pipe)

    def _answer(self, number: int, end: End, said: bytes) -> None:
        head = json.dumps({"n": number, "end": end}).encode()
        left = memoryview(frame(head + b"\n" + said))
        while left:
            left = left[os.write(self.sink, left) :]


def _child(work: Work, job: Job, end: int, allowed: Limits) -> None:
    """The life of a child. It never returns."""
    begun = time.monotonic()
    try:
        ended: End = "ours"
        fault = ""
        with open(end, "wb", closefd=False) as pipe:
            try:
                limits.enter(end, allowed.seconds, allowed.memory)
                for document in work(job, lambda: time.monotonic() - begun < limits.CHECKED):
                    pipe.write(json.dumps(document, allow_nan=False).encode() + b"\n")
                    pipe.flush()
                ended = "done"
            except MemoryError:
                ended = "much"
            except Exception as caught:  # noqa: BLE001  (whatever it is, it is told)
                fault = _place(caught)
            pipe.write(
                END
                + json.dumps(ended).encode()
                + b', "fault": '
                + json.dumps(fault).encode()
                + b"}\n"
            )
    finally:
        os._exit(0)


def _place(fault: BaseException) -> str:
    """What went wrong, and where in our code, without a word of what was read: messages may quote it."""
    where = ""
    trail = fault.__traceback__
    while trail is not None:
        file = trail.tb_frame.f_code.co_filename
        if file.startswith(HERE):
            where = f" at {file.removeprefix(HERE)}:{trail.tb_lineno}"
        trail = trail.tb_next
    return f"{type(fault).__name__}{where}"
