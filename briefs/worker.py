"""Briefs for the app, each made in a process of its own: what draws and typesets takes 300 MB, and gives it back.

The process is the command `brief`, so that the app and the command line cannot differ. Two run at a time.
What was made is kept by the identity of what it rests on, so that a second click is instant.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Hashable
from datetime import date
from pathlib import Path
from threading import BoundedSemaphore, Lock

from cachetools import LRUCache

from briefs.paper.model import Format, Paper
from evidence.trouble import Trouble

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 180
"""After which a brief is given up. Most take five; a story that daily series move takes twenty on a quiet machine."""
AT_ONCE = 2
KEPT = 24

_turn = BoundedSemaphore(AT_ONCE)
_kept: LRUCache[Hashable, bytes] = LRUCache(KEPT)
_lock = Lock()


def made(
    name: str,
    form: Format,
    as_of: date,
    snapshot_n: int | None,
    app_url: str | None,
    paper: Paper = "a4",
    *,
    identity: str = "",
) -> bytes | Trouble:
    """The brief of a story or event, or why there is none.

    snapshot_n: an older snapshot, or None for the newest with what was brought. identity: of the story's verdict
    (of an event: whatever changes with its data); with it the brief is kept, without it made anew.
    """
    key = (identity, name, form, as_of, snapshot_n, app_url, paper)
    with _lock:
        if identity and key in _kept:
            return _kept[key]
    with _turn:
        found = _made(name, form, as_of, snapshot_n, app_url, paper)
    if identity and isinstance(found, bytes):
        with _lock:
            _kept[key] = found
    return found


def _made(
    name: str, form: Format, as_of: date, snapshot_n: int | None, app_url: str | None, paper: Paper
) -> bytes | Trouble:
    options = ["--format", form, "--as-of", as_of.isoformat(), "--paper", paper]
    options += ["--snapshot-n", str(snapshot_n)] if snapshot_n is not None else []
    options += ["--app-url", app_url] if app_url else []
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "brief"
        # "--" ends the options: an id from a URL cannot be one
        asked = [sys.executable, "-m", "evidence", "brief", *options, "-o", str(target), "--", name]
        try:
            done = subprocess.run(  # noqa: S603 - our own command, no shell
                asked,
                cwd=ROOT,
                env=os.environ,
                capture_output=True,
                text=True,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Trouble(source=name, line=0, message=f"not made within {SECONDS} seconds")
        if target.exists():
            return target.read_bytes()
        told = done.stderr.strip().splitlines()
        return Trouble(source=name, line=0, message=told[-1] if told else "no brief was made")
