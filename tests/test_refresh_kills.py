"""A refresh that is killed, run twice at once, or out of room: real processes, the real command.

The clock of each process stands still, so that what comes out can be compared byte by byte with the
folder of a refresh that nobody disturbed.
"""

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from evidence import calendar
from evidence.mending import GOOD
from evidence.observations import Store, read_manifest
from evidence.publishers import discover
from evidence.refresh import Sources, Wish, refresh
from evidence.transaction import ASIDE, PENDING
from evidence.web import Web
from tests import ours
from tests.hosts import Hosts, serving, wait_until
from tests.stops import everything

ROOT = Path(__file__).parent.parent
EARLIER = calendar.seconds("2026-06-26T12:00:00Z")
NOW = calendar.seconds("2026-11-22T12:00:00Z")
ASKED = ("cftc", "fred", "nyfed")
PROCESS = """
import runpy, sys, time
now = float(sys.argv.pop(1))
time.time = lambda: now
runpy.run_module("evidence", run_name="__main__", alter_sys=True)
"""
SOURCES = Sources(discover(), ours.catalogue(), {})


@pytest.fixture(scope="module")
def hosts() -> Iterator[Hosts]:
    with serving() as running:
        yield running


def in_here(hosts: Hosts, folder: Path, now: int = NOW):
    """The next refresh, in this process."""
    client = Web("test", hosts.bases, sleep=lambda _: None)
    try:
        return refresh(folder, SOURCES, client, now, Wish(publishers=ASKED))
    finally:
        client.close()


def started(hosts: Hosts, folder: Path, **more) -> subprocess.Popen:
    """`python -m evidence refresh`, at work."""
    words = ["refresh", "--json", "--snapshot", str(folder), *hosts.options]
    words += [word for name in ASKED for word in ("--only", name)]
    return subprocess.Popen(
        [sys.executable, "-c", PROCESS, str(NOW), *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **more,
    )


@dataclass(frozen=True)
class Course:
    """A refresh that nobody disturbed: where it began, where it ended, and when what happened, in seconds."""

    before: Path
    after: Path
    views: dict[str, str]
    aside: float
    pending: float
    finished: float
    over: float


@pytest.fixture(scope="module")
def course(hosts, tmp_path_factory) -> Course:
    """From a snapshot of June, which lacks a release and has a value that was revised since, to November."""
    before = tmp_path_factory.mktemp("before") / "snapshot"
    custody = hosts.body("fred", "WMTSECL1.csv").decode()
    older = custody.replace("2026-06-24,2636947\n", "").replace("2646964", "2646000")
    hosts.put("fred", "WMTSECL1.csv", older.encode())
    client = Web("test", hosts.bases, sleep=lambda _: None)
    wish = Wish(series=("fed.custody.treasuries",))
    report = refresh(before, SOURCES, client, EARLIER, wish)
    client.close()
    hosts.instead.clear()
    assert report.added == {"fed.custody.treasuries": 13}
    after = Path(shutil.copytree(before, tmp_path_factory.mktemp("after") / "snapshot"))
    times = timed(hosts, after)
    report = in_here(hosts, after)
    assert (report.added, report.problems) == ({}, ())
    return Course(before, after, views(before), *times)


def timed(hosts: Hosts, folder: Path) -> tuple[float, float, float, float]:
    """Runs to the end; when the writing aside, the finishing, the copying began, and when all was over."""
    began = time.monotonic()
    running = started(hosts, folder)
    marks = []
    for reached in (
        (folder / ASIDE).exists,
        (folder / PENDING).exists,
        lambda: number(folder) == 2,
    ):
        assert wait_until(lambda reached=reached: reached() or running.poll() is not None)
        marks.append(time.monotonic() - began)
    out, err = running.communicate(timeout=120)
    assert running.returncode == 0, err
    added = json.loads(out)["added"]
    assert added["fed.custody.treasuries"] == 2
    assert len(added) > 80
    return (*marks, time.monotonic() - began)


def number(folder: Path) -> int:
    return int(read_manifest(folder)[1]["snapshot"])


def views(folder: Path) -> dict[str, str]:
    """What snapshot 1 shows."""
    store = Store(folder)
    days = (date(2026, 6, 4), calendar.new_york_day(EARLIER), calendar.new_york_day(NOW))
    return {
        f"{name} {day}": store.as_of(day, 1).series(name).digest
        for name in ("fed.custody.treasuries", "ust.yield.10y", "nyfed.sofr")
        for day in days
    }


def where(folder: Path) -> str:
    """How far a refresh had come when it was killed."""
    if (folder / PENDING).exists():
        return "decided"
    if (folder / ASIDE).exists():
        return "writing aside"
    return "asking" if number(folder) == 1 else "copying"


def unharmed(hosts: Hosts, folder: Path, course: Course) -> None:
    """Whatever was killed: all can be read, nothing that was there has changed, and the next one completes it."""
    store = Store(folder)
    assert store.verify() == {}
    assert views(folder) == course.views
    lines = (folder / "series" / "fed.custody.treasuries.csv").read_text("utf-8").splitlines()
    held = (course.before / "series" / "fed.custody.treasuries.csv").read_text("utf-8").splitlines()
    assert set(held) <= set(lines)
    report = in_here(hosts, folder)
    assert (report.problems, report.mended) == ((), ())
    assert everything(folder, hidden=False) == everything(course.after, hidden=False)
    for name, data in everything(folder, hidden=False).items():
        assert name == "fetches.json" or (folder / GOOD / name).read_bytes() == data
    assert views(folder) == course.views
    quiet = everything(folder)
    assert in_here(hosts, folder).added == {}
    assert everything(folder) == quiet


def killed(hosts: Hosts, course: Course, folder: Path, chance: random.Random) -> str:
    """Kills a refresh at a random moment: of all of it, of the writing, of the finishing, of the copying."""
    shutil.copytree(course.before, folder)
    running = started(hosts, folder)
    reached, span = chance.choice(
        [
            (lambda: True, course.over),
            ((folder / ASIDE).exists, course.pending - course.aside),
            ((folder / PENDING).exists, course.finished - course.pending),
            (lambda: number(folder) == 2, course.over - course.finished),
        ]
    )
    wait_until(lambda: reached() or running.poll() is not None)
    if wait_until(lambda: running.poll() is not None, chance.uniform(0, span)):
        running.communicate(timeout=120)
        return "too late"
    running.send_signal(signal.SIGKILL)
    running.communicate(timeout=120)
    return where(folder)


def test_three_kills(hosts, course, tmp_path):
    """With this seed one in the writing, one in the finishing, one in the copying."""
    chance = random.Random(54)
    for turn in range(3):
        folder = tmp_path / str(turn)
        killed(hosts, course, folder, chance)
        unharmed(hosts, folder, course)


@pytest.mark.long
def test_a_hundred_kills(hosts, course, tmp_path):
    """They fall before the writing, in it, when it is decided, and when it is done and copies are made."""
    chance, fell = random.Random(2026), Counter()
    for turn in range(100):
        folder = tmp_path / str(turn)
        fell[killed(hosts, course, folder, chance)] += 1
        unharmed(hosts, folder, course)
        shutil.rmtree(folder)
    for moment in ("asking", "writing aside", "decided", "copying"):
        assert fell[moment] >= 3, fell


@pytest.mark.long
def test_killed_again_and_again_it_comes_to_its_end(hosts, course, tmp_path):
    """Five refreshes of one folder, each killed while it writes."""
    folder, chance = tmp_path / "snapshot", random.Random(7)
    shutil.copytree(course.before, folder)
    for _ in range(3):
        running = started(hosts, folder)
        wait_until(lambda running=running: (folder / ASIDE).exists() or running.poll() is not None)
        time.sleep(chance.uniform(0, course.finished - course.aside))
        running.send_signal(signal.SIGKILL)
        running.communicate(timeout=120)
        assert Store(folder).verify() == {}
    unharmed(hosts, folder, course)


def test_two_refreshes_at_once(hosts, course, tmp_path):
    """Both end well; one of them finds nothing left to do."""
    folder = Path(shutil.copytree(course.before, tmp_path / "snapshot"))
    both = [started(hosts, folder) for _ in range(2)]
    reports = []
    for running in both:
        out, err = running.communicate(timeout=120)
        assert running.returncode == 0, err
        reports.append(json.loads(out))
    assert sorted(bool(report["added"]) for report in reports) == [False, True]
    assert {report["snapshot"] for report in reports} == {2}
    unharmed(hosts, folder, course)


def test_a_reader_never_meets_anything_but_one_snapshot_or_the_other(hosts, course, tmp_path):
    """Opens the store over and over while a refresh writes."""
    folder = Path(shutil.copytree(course.before, tmp_path / "snapshot"))
    running, met = started(hosts, folder), Counter()
    while running.poll() is None:
        store = Store(folder)
        for name in list(store.manifest["series"])[:40]:
            store.whole(name, store.n)
        assert store.damaged == {}
        assert store.as_of(calendar.new_york_day(NOW), 1).series("fed.custody.treasuries").digest
        met[store.n] += 1
    assert running.wait() == 0
    running.communicate()
    assert met[1] > 0
    unharmed(hosts, folder, course)


def limited() -> None:
    """No file of this process may grow beyond 30 kB, as on a disk that is full."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))


def test_without_room_nothing_changes_and_the_next_refresh_does_it(hosts, course, tmp_path):
    folder = Path(shutil.copytree(course.before, tmp_path / "snapshot"))
    before = everything(folder)
    running = started(hosts, folder, preexec_fn=limited)
    out, err = running.communicate(timeout=120)
    assert (running.returncode, out) == (1, "")
    assert "nothing was changed: " in err
    assert "File too large" in err
    assert "Traceback" not in err
    assert everything(folder) == before
    unharmed(hosts, folder, course)
