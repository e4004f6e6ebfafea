"""A helper whose jobs do what no story can: `python -m tests.misbehaving IDLE LOG`. The job's text says which."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from briefs.sandbox import limits
from briefs.sandbox.forks import Helper, Limits

SECONDS = 1.0


def _loop(_):
    while True:
        pass


def _sleep(_):
    time.sleep(60)


def _allocate(_):
    held = []
    while True:
        held.append(bytearray(16 * 1024 * 1024))


def _talk(_):
    for _ in range(1000):
        yield {"noise": "x" * 100_000}


def _die(_):
    os.abort()


def _recurse(job):
    return [_recurse(job)]


ACTS = {
    "loop": _loop,
    "sleep": _sleep,
    "allocate": _allocate,
    "talk": _talk,
    "die": _die,
    "recurse": _recurse,
    "quit": lambda _: sys.exit("quit"),
    "quote": lambda job: int(job["text"]),
    "write": lambda job: Path(job["mode"]).write_text("written", "utf-8"),
    "append": lambda job: os.open(job["mode"], os.O_WRONLY | os.O_APPEND | os.O_CREAT),
    "remove": lambda job: Path(job["mode"]).unlink(),
    "folder": lambda job: Path(job["mode"]).mkdir(),
    "read": lambda _: Path("/etc/passwd").read_text("utf-8"),
    "secrets": lambda _: (limits.ROOT / "settings.yaml").read_text("utf-8"),
    "fork": lambda _: os.fork(),
    "spawn": lambda _: subprocess.run(["/bin/true"], check=True),
    "shell": lambda _: os.system("true"),
    "socket": lambda _: socket.socket(),
    "name": lambda _: socket.getaddrinfo("localhost", 80),
    "eval": lambda _: eval("1 + 1"),
    "kill": lambda _: os.kill(os.getppid(), 9),
}
REFUSED = (
    "write", "append", "remove", "folder", "read", "secrets", "fork", "spawn", "shell", "socket", "name", "eval",
    "kill",
)  # fmt: skip


def work(job, in_time):
    yield {"problems": [], "id": "before", "event": "one"}
    if job["text"] == "well":
        return
    if job["text"].startswith("echo"):
        yield {"refused": job["text"]}
        return
    if job["text"] == "seen":
        yield {"refused": repr((sys.argv, sorted(os.environ), str(Path.cwd()), os.nice(0)))}
        return
    done = ACTS[job["text"]](job)
    if hasattr(done, "send"):
        yield from done
    yield {"problems": [], "id": "after", "event": "one"}


if __name__ == "__main__":
    idle, log = float(sys.argv[1]), sys.argv[2]
    os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
    source, sink = os.dup(0), os.dup(1)
    Helper(work, source, sink, idle, Limits(SECONDS, 128 * 1024 * 1024, 1_000_000)).serve()
