"""The app as a host serves it, on this machine: `uvicorn hosting.asgi:app` in a process of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 90
SECRET = "the same on every replica of a test"


@dataclass
class Replica:
    """One process of the app."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def status(self, path: str = "/health") -> int:
        """What it answers; 0 where it does not."""
        try:
            return httpx.get(f"{self.url}{path}", timeout=5).status_code
        except httpx.HTTPError:
            return 0

    def until(self, path: str = "/health", status: int = 200) -> None:
        """Waits until it answers so."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            if self.status(path) == status:
                return
            time.sleep(0.05)
        said = self.log.read_text("utf-8", errors="replace")[-5000:]
        pytest.fail(f"{path} did not answer {status}; the log:\n{said}", pytrace=False)

    def lines(self) -> list[str]:
        """What it has written so far."""
        return self.log.read_text("utf-8").splitlines()

    def kill(self) -> None:
        """As a machine that loses its power."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> None:
        """As a host that restarts it."""
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def replica(
    log: Path, port: int | None = None, cwd: Path = ROOT, environment: dict[str, str] | None = None
) -> Replica:
    """Starts one; it need not answer yet. What a developer has set for Streamlit changes nothing."""
    port = port or free_port()
    settings = {
        k: v for k, v in os.environ.items() if not k.startswith(("STREAMLIT_", "FLOWCHECK_"))
    }
    settings |= {"FLOWCHECK_HOSTED": "1", "STREAMLIT_SERVER_COOKIE_SECRET": SECRET}
    options = ["--host", "127.0.0.1", "--port", str(port), "--no-proxy-headers"]
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", "hosting.asgi:app", *options],
            cwd=cwd,
            env={**settings, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    return Replica(port, process, log)


@contextmanager
def served(log: Path, environment: dict[str, str] | None = None) -> Iterator[Replica]:
    """One that is warm."""
    found = replica(log, environment=environment)
    try:
        found.until()
        yield found
    finally:
        found.stop()
