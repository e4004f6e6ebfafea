"""The app as a host serves it, on this machine: `hosting/serve.sh`, and `hosting/proxy/` in front of some of them."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 180
NO_PROXY = "No nginx was found: install Debian's package `nginx-light` (or nginx of your system), then test again."
SECRET = "the same on every replica of a test"


@dataclass
class Replica:
    """One process of the app."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def again(self) -> Replica:
        """Another process in its place, under the same address."""
        return replica(self.log, self.port, environment=self.environment)

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


def image_feed(tree: Path) -> None:
    """Does in a tree what the Dockerfile does for the feed, by its own lines."""
    text = (ROOT / "hosting/Dockerfile").read_text("utf-8")
    [lines] = re.findall(r"^RUN (mkdir static/changes .*?)&& chown", text, re.MULTILINE | re.DOTALL)
    subprocess.run(["sh", "-ec", lines.replace("\\\n", " ")], cwd=tree, check=True)


def ask(
    app: Any, path: str, client: str = "127.0.0.1", *, follow: bool = False, **headers: str
) -> httpx.Response:
    """What an ASGI app answers, without a server."""

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(client, 1))
        async with httpx.AsyncClient(
            transport=transport, base_url="http://app", follow_redirects=follow
        ) as asking:
            return await asking.get(path, headers=headers)

    return asyncio.run(asked())


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def replica(
    log: Path,
    port: int | None = None,
    cwd: Path = ROOT,
    environment: dict[str, str] | None = None,
    before: Sequence[str] = (),
) -> Replica:
    """Starts one; it need not answer yet. What a developer has set for Streamlit changes nothing."""
    port = port or free_port()
    settings = {
        k: v for k, v in os.environ.items() if not k.startswith(("STREAMLIT_", "FLOWCHECK_"))
    }
    settings |= {"FLOWCHECK_HOSTED": "1", "STREAMLIT_SERVER_COOKIE_SECRET": SECRET}
    settings |= {"HOST": "127.0.0.1", "PORT": str(port), "PYTHON": sys.executable}
    with log.open("ab") as out:
        process = subprocess.Popen(
            [*before, "bash", cwd / "hosting" / "serve.sh"],
            cwd=cwd,
            env={**settings, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    return Replica(port, process, log, environment or {})


@contextmanager
def served(log: Path, environment: dict[str, str] | None = None) -> Iterator[Replica]:
    """One that is warm."""
    found = replica(log, environment=environment)
    try:
        found.until()
        yield found
    finally:
        found.stop()


def nginx() -> str | None:
    """The proxy's binary, which lies outside the PATH of most people."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


@dataclass
class Proxy:
    """nginx with the configuration of hosting/proxy: other ports, other replicas, a certificate of its own."""

    port: int
    plain_port: int
    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def lines(self) -> list[dict[str, object]]:
        """Its journal so far."""
        text = (self.folder / "log").read_text("utf-8")
        return [json.loads(line) for line in text.splitlines() if line.startswith("{")]

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)


def configured(folder: Path, ports: list[int], secure: int, plain: int) -> Path:
    """The committed configuration for this machine: only addresses, places and, for root, the user are others."""
    (folder / "certs").mkdir(parents=True)
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=127.0.0.1", "-keyout", folder / "certs/privkey.pem",
         "-out", folder / "certs/fullchain.pem"],
        check=True,
        capture_output=True,
    )  # fmt: skip
    text = (ROOT / "hosting/proxy/nginx.conf").read_text("utf-8")
    for old, new in (
        ("listen 8080", f"listen 127.0.0.1:{plain}"),
        ("listen 8443", f"listen 127.0.0.1:{secure}"),
        ("/tmp/", f"{folder}/"),
        (" /certs/", f" {folder}/certs/"),
    ):
        assert old in text
        text = text.replace(old, new)
    if os.geteuid() == 0:
        text = f"user root;\n{text}"
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    lines = (ROOT / "hosting/proxy/replicas.conf").read_text("utf-8").splitlines()
    options = [line.split(" resolve ")[1] for line in lines if line.startswith("server ")]
    assert len(set(options)) == 1
    servers = "".join(f"server 127.0.0.1:{port} {options[0]}\n" for port in ports)
    (folder / "replicas.conf").write_text(servers, encoding="utf-8")
    return folder / "nginx.conf"


@contextmanager
def proxied(folder: Path, ports: list[int]) -> Iterator[Proxy]:
    """The proxy in front of replicas on these ports, once it answers."""
    binary, secure, plain = nginx(), free_port(), free_port()
    assert binary is not None
    config = configured(folder, ports, secure, plain)
    with (folder / "log").open("wb") as out:
        process = subprocess.Popen(
            [binary, "-p", folder, "-c", config, "-g", "daemon off;"],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    found = Proxy(secure, plain, folder, process)
    try:
        _until_open(found)
        yield found
    finally:
        found.stop()


def _until_open(proxy: Proxy) -> None:
    end = time.monotonic() + 15
    while time.monotonic() < end and proxy.process.poll() is None:
        with socket.socket() as asking:
            if asking.connect_ex(("127.0.0.1", proxy.port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail(f"the proxy did not start:\n{(proxy.folder / 'log').read_text('utf-8')}")
