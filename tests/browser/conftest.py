"""Fixtures of the browser tests: a Chromium, the app as people run it, pages that are watched."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.chromium import NONE_FOUND, QUIET_BROWSER, find_chromium
from tests.browser.settled import watch

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
START_SECONDS = 60
ATTEMPTS = 3


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark all that is in this folder."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of the Chromium. Without one the test fails; it never skips."""
    path = find_chromium()
    if path is None:
        pytest.fail(NONE_FOUND, pytrace=False)
    return path


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], chromium: str
) -> dict[str, Any]:
    """Start that Chromium, and let it talk to nobody but the app."""
    args = [*browser_type_launch_args.get("args", []), *QUIET_BROWSER]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        args.append("--no-sandbox")
    return {**browser_type_launch_args, "executable_path": chromium, "args": args}


@pytest.fixture
def new_context(
    new_context: Callable[..., BrowserContext],
) -> Callable[..., BrowserContext]:
    """Watch each page from its birth, so that `settled(page)` can tell when a run has ended."""

    def make(**options: Any) -> BrowserContext:
        context = new_context(**options)
        context.on("page", watch)
        return context

    return make


@pytest.fixture
def elsewhere(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """As `new_context`, for a test that starts its own server: it does not start the session's app."""
    made: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        context = browser.new_context(**options)
        context.on("page", watch)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


@dataclass
class Server:
    """The app, run as people run it."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def stop(self) -> None:
        """End this one process, by its own id."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)

    def said(self, since: int = 0) -> str:
        with self.log.open("rb") as file:
            file.seek(since)
            return file.read().decode(errors="replace")[-20_000:]


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _start(log: Path, environment: dict[str, str] | None = None) -> Server:
    port = _free_port()
    options = {
        "server.address": "127.0.0.1",
        "server.port": port,
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
    }
    flags = [f"--{name}={value}" for name, value in options.items()]
    # What a developer has set for Streamlit must not change what is tested.
    settings = {k: v for k, v in os.environ.items() if not k.startswith("STREAMLIT_")}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", *flags],
            cwd=ROOT,
            env={**settings, "PYTHONUNBUFFERED": "1", **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    return Server(f"http://127.0.0.1:{port}", process, log)


@pytest.fixture(scope="session")
def app_server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """Run the app for the whole session; with xdist each worker has its own."""
    server = started(tmp_path_factory.mktemp("app") / "server.log")
    request.config.stash[SERVER] = server
    yield server
    server.stop()


def started(log: Path, environment: dict[str, str] | None = None) -> Server:
    """The app with these settings of its environment, once it answers."""
    # Another process can take the free port before the app does, so there is more than one try.
    for _ in range(ATTEMPTS):
        server = _start(log, environment)
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and server.process.poll() is None:
            if server.answers():
                return server
            time.sleep(0.05)
        server.stop()
        if not re.search(r"port .*(in use|not available)", server.said(), re.IGNORECASE):
            break
    pytest.fail(f"the app did not start; its log:\n{server.said()}", pytrace=False)


@pytest.fixture(scope="session")
def app_url(app_server: Server) -> str:
    """Return the address of the running app, without a slash at the end."""
    return app_server.url


@pytest.fixture(scope="session")
def base_url(app_url: str) -> str:
    """Let `page.goto("/story")` mean the app."""
    return app_url


SERVER = pytest.StashKey[Server]()
LOG_START = pytest.StashKey[int]()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Note where the log of the app stands."""
    server = item.config.stash.get(SERVER, None)
    item.stash[LOG_START] = server.log.stat().st_size if server else 0


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what the app said during a test that failed."""
    report = yield
    server = item.config.stash.get(SERVER, None)
    if report.failed and server is not None:
        with contextlib.suppress(OSError):
            said = server.said(item.stash.get(LOG_START, 0)).strip()
            if said:
                report.sections.append(("Log of the app", said))
    return report
