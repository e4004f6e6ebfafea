"""Blocks for the tests of a run: ones that do what they are told in whatever process has them."""

import os
import re
import signal
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Echo:
    """Gives its number back, after a while."""

    number: int
    seconds: float = 0.0

    @property
    def name(self):
        return f"echo {self.number}"

    def work(self, store):
        time.sleep(self.seconds)
        return self.number


@dataclass(frozen=True)
class Faulty:
    """Raises."""

    name: str = "faulty"

    def work(self, store):
        raise ValueError("no such\nthing")


@dataclass(frozen=True)
class Deadly:
    """Kills the process that does it, as the system does when memory runs out; `once` by leaving a file behind."""

    name: str = "deadly"
    once: Path | None = None

    def work(self, store):
        if self.once is None or not self.once.exists():
            if self.once is not None:
                self.once.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return 0


@dataclass(frozen=True)
class Damaged:
    """Finds a file damaged."""

    name: str = "damaged"

    def work(self, store):
        store.damaged["fed.custody.treasuries"] = "fed.custody.treasuries: gone"
        return 0


@dataclass(frozen=True)
class WhichStore:
    """The process and the store that it works on."""

    number: int

    @property
    def name(self):
        return f"store {self.number}"

    def work(self, store):
        time.sleep(0.05)
        return os.getpid(), id(store)


@dataclass(frozen=True)
class Peak:
    """The largest memory that its process has had, in bytes (Linux)."""

    name: str = "peak"

    def work(self, store):
        # not getrusage: a child's figure there begins with what its parent had
        status = Path("/proc/self/status").read_text("utf-8")
        return int(re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)[1]) * 1024
