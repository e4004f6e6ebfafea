"""Find a Chromium for the browser tests, or get one.

    python tests/browser/chromium.py            prints the path of the one that is found
    python tests/browser/chromium.py --ensure   tries to get one where none is found

In this order: the one that Playwright installed, one of the system, a download by Playwright,
a package of the system. `--ensure` always ends with status 0: where no Chromium can be had, the
browser tests fail and say what to do.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

NONE_FOUND = (
    "No Chromium was found and none could be installed: install Debian's package `chromium` or "
    "Google Chrome, or run `.venv/bin/python -m playwright install chromium`, then test again."
)
SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SYSTEM_PLACES = ("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",)
PLAYWRIGHT_NAMES = (
    "chrome-headless-shell",
    "headless_shell",
    "chrome",
    "Google Chrome for Testing",
)
QUIET_BROWSER = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
)
DOWNLOAD_SECONDS = 60
PACKAGE_SECONDS = 300
DAY = 24 * 3600


def _run(command: list[str], seconds: float) -> str | None:
    """Return the output of a command that ends well and in time, else None."""
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
    except OSError:
        return None
    try:
        output, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        # What runs under sudo is not ours to kill: then it is left to end by itself.
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(5)
        return None
    return output if process.returncode == 0 else None


def _starts(path: str) -> bool:
    """Tell a browser from a stub that only asks to install a snap, or lacks its libraries."""
    return _run([path, "--version"], 20) is not None


def _playwright_own() -> str | None:
    listing = _run([sys.executable, "-m", "playwright", "install", "--dry-run", "chromium"], 20)
    for place in re.findall(r"Install location:\s*(.+)", listing or ""):
        folder = Path(place.strip())
        if "chromium" not in folder.name or not (folder / "INSTALLATION_COMPLETE").exists():
            continue
        for name in PLAYWRIGHT_NAMES:
            for path in sorted(folder.rglob(name)):
                if path.is_file() and os.access(path, os.X_OK) and _starts(str(path)):
                    return str(path)
    return None


def _system() -> str | None:
    for name in (*SYSTEM_NAMES, *SYSTEM_PLACES):
        path = shutil.which(name)
        if path and _starts(path):
            return path
    return None


def find_chromium() -> str | None:
    """Return the path of a Chromium that starts, or None. Installs nothing."""
    return _playwright_own() or _system()


def _download() -> None:
    print("Chromium: trying Playwright's download …", flush=True)
    command = [sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"]
    _run(command, DOWNLOAD_SECONDS)


def _package() -> None:
    """Install the system's package where that needs no password."""
    if not shutil.which("apt-get"):
        return
    if os.geteuid() == 0:
        prefix = ["env"]
    elif shutil.which("sudo") and _run(["sudo", "-n", "true"], 10) is not None:
        prefix = ["sudo", "-n", "env"]
    else:
        return
    print("Chromium: trying `apt-get install chromium` …", flush=True)
    apt = [*prefix, "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    _run([*apt, "update"], PACKAGE_SECONDS)
    _run([*apt, "install", "--yes", "--no-install-recommends", "chromium"], PACKAGE_SECONDS)


def ensure_chromium() -> str | None:
    """Return the path of a Chromium, got from outside where need be.

    An attempt that failed is remembered for a day, so that tests don't wait for it every time.
    """
    found = find_chromium()
    failed = Path(sys.prefix) / "chromium-could-not-be-had"
    tried_lately = failed.exists() and time.time() - failed.stat().st_mtime < DAY
    if found or tried_lately:
        return found
    for attempt in (_download, _package):
        attempt()
        found = find_chromium()
        if found:
            failed.unlink(missing_ok=True)
            return found
    if sys.prefix != sys.base_prefix:
        failed.touch()
    return None


def main() -> int:
    ensure = sys.argv[1:] == ["--ensure"]
    path = ensure_chromium() if ensure else find_chromium()
    print(f"Chromium: {path}" if path else NONE_FOUND, flush=True)
    return 0 if path or ensure else 1


if __name__ == "__main__":
    raise SystemExit(main())
