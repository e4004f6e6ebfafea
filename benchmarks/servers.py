"""A server that is measured: started on a free port of this machine, weighed, and ended by its own id."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.sessions import warmed

ROOT = Path(__file__).resolve().parent.parent
BASELINES = Path(__file__).resolve().parent / "baselines"
PROJECT = "streamlit_app.py"
HEALTHY = 90.0
WAITS = 0.02

STOCK = """
[server]
headless = true
[browser]
gatherUsageStats = false
"""
"""What a plain app must say to start without questions; all else is as it comes."""
TUNED = """
[runner]
postScriptGC = false
[browser]
gatherUsageStats = false
[server]
headless = true
fileWatcherType = "none"
"""
"""Without the collection after each run, and without a look at all loaded modules after each run."""


@dataclass
class Server:
    """A process that answers at `url`. started: seconds until it did."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path
    started: float
    folder: Path | None = None
    _over: bool = field(default=False)

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def stream(self) -> str:
        """Where its websocket is."""
        return f"{self.url.replace('http', 'ws', 1)}/_stcore/stream"

    def memory(self) -> float:
        """What it and its children hold, in MB."""
        return sum(resident(pid) for pid in family(self.pid)) / 1e6

    def own(self) -> float:
        """What it and its children have made, in MB.

        Without the pages of files: their share falls with every other process that maps the same libraries, by 35 MB beside
        three of them, so that whatever else begins or ends beside a long run would read as growth.
        """
        return sum(anonymous(pid) for pid in family(self.pid)) / 1e6

    def worked(self) -> float:
        """Seconds of processor time that the process has used so far; nought where the system does not tell."""
        try:
            fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def said(self) -> str:
        return self.log.read_text(errors="replace")[-20_000:]

    def stop(self) -> None:
        if self._over:
            return
        self._over = True
        children = family(self.pid)[1:]
        for end in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(end)
            try:
                self.process.wait(8)
                break
            except subprocess.TimeoutExpired:
                continue
        for child in children:  # a helper may outlive who started it
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(child, signal.SIGTERM)
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)


def family(pid: int) -> list[int]:
    """A process and all that it has started, as `ps` knows them."""
    listing = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
    ).stdout
    parents = dict(tuple(map(int, line.split())) for line in listing.splitlines())
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def resident(pid: int) -> int:
    """Bytes of memory that a process holds. Pages that it shares with its parent count in part, where the system says so."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        return next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) * 1024  # fmt: skip
    except (OSError, StopIteration):
        found = subprocess.run(
            ["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=False
        ).stdout
        return int(found.strip() or 0) * 1024


def anonymous(pid: int) -> int:
    """Bytes that a process has made, shared ones in part; all that it holds, where the system does not tell them apart."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        return next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss_Anon:")) * 1024  # fmt: skip
    except (OSError, StopIteration):
        return resident(pid)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def environment(**more: str) -> dict[str, str]:
    """That of this process without what a developer has set for Streamlit, and without private data."""
    own = {k: v for k, v in os.environ.items() if not k.startswith("STREAMLIT_")}
    return {**own, "PYTHONUNBUFFERED": "1", "FLOWCHECK_PRIVATE": "off", **more}


@contextlib.contextmanager
def plain(script: str | Path, config: str | None = None, **settings: str) -> Iterator[Server]:
    """`streamlit run`, as it comes. Without a config the script is served from the project's folder with the project's own."""
    run = [sys.executable, "-m", "streamlit", "run", str(script), "--server.address", "127.0.0.1"]
    with _running(lambda port: [*run, "--server.port", port], config, settings) as server:
        yield server


@contextlib.contextmanager
def asgi(app: str, config: str | None = None, **settings: str) -> Iterator[Server]:
    """uvicorn with one worker."""
    run = [sys.executable, "-m", "uvicorn", app, "--host", "127.0.0.1", "--log-level", "warning"]
    run += ["--app-dir", str(ROOT)]
    with _running(lambda port: [*run, "--port", port], config, settings) as server:
        yield server


_held: list[Server] = []


@contextlib.contextmanager
def held() -> Iterator[None]:
    """One server of the project for all that is measured inside: it takes long until it makes nothing any more."""
    with project() as server:
        _held.append(server)
        try:
            yield
        finally:
            _held.remove(server)


@contextlib.contextmanager
def project(**settings: str) -> Iterator[Server]:
    """The project as it is hosted, once it makes nothing in the background any more."""
    if _held and not settings:
        yield _held[0]
        return
    serve = ["bash", str(ROOT / "hosting" / "serve.sh")]
    with _running(lambda _: serve, None, {"PYTHON": sys.executable, **settings}) as server:
        asyncio.run(warmed(server.stream))
        yield server


@contextlib.contextmanager
def tuned(script: Path, **settings: str) -> Iterator[Server]:
    """A baseline under uvicorn, without the three taxes."""
    app = "benchmarks.baselines.entry:app"
    with asgi(app, TUNED, BASELINE=str(script), **settings) as server:
        yield server


@contextlib.contextmanager
def _running(
    command: Callable[[str], list[str]], config: str | None, settings: Mapping[str, str]
) -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="measured-"))
    if config is not None:
        (folder / ".streamlit").mkdir()
        (folder / ".streamlit" / "config.toml").write_text(config)
    log, port = folder / "server.log", free_port()
    begun = time.perf_counter()
    with log.open("wb") as out:
        process = subprocess.Popen(
            command(str(port)),
            cwd=ROOT if config is None else folder,
            env=environment(PYTHONPATH=str(ROOT), PORT=str(port), **settings),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    server = Server(f"http://127.0.0.1:{port}", process, log, 0.0, folder)
    try:
        while not healthy(server.url):
            late = time.perf_counter() - begun > HEALTHY
            if late or process.poll() is not None:
                raise RuntimeError(f"a server did not start; its log:\n{server.said()}")
            time.sleep(WAITS)
        server.started = time.perf_counter() - begun
        yield server
    finally:
        server.stop()


def running() -> bool:
    """Whether a server is held for several measurements."""
    return bool(_held)


def healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False
