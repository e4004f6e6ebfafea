"""A refresh that finds nothing new, beside the same files read and held against their hashes.

The publishers are those of the tests (`tests/hosts.py`: their real formats, short files). They answer inside this
process to the client that really asks, so no network and no server counts. The snapshot is a copy of the committed
one that has taken from them, once, what it did not have.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import parse_qs

import httpx

from benchmarks.figures import median
from benchmarks.repeats import taken
from benchmarks.table import Row, show
from evidence import calendar
from evidence import manifest as manifests
from evidence.catalogue import read as read_catalogue
from evidence.observations import SNAPSHOT, read_manifest
from evidence.publishers import discover
from evidence.refresh import Report, Sources, refresh
from evidence.web import Web
from tests.hosts import MODIFIED, Route, routes, stored
from tests.stops import everything

TIMES, ONCE = 9, 1
HERE = "http://127.0.0.1"
NOW = calendar.seconds("2026-11-22T12:00:00Z")
LATER = 60
"""Seconds between two refreshes."""


@dataclass(frozen=True)
class Sent:
    """A file that a publisher sends."""

    route: Route
    body: bytes

    @cached_property
    def hash(self) -> str:
        """What the publisher knows it by."""
        return hashlib.sha256(self.body).hexdigest()

    def fits(self, request: httpx.Request) -> bool:
        query = parse_qs(request.url.query.decode(), keep_blank_values=True)
        publisher, _, path = request.url.path.removeprefix("/").partition("/")
        return publisher == self.route.publisher and self.route.fits(f"/{path}", query)


@dataclass
class Publishers:
    """All publishers. marked: whether they say so where a file has not changed, or send it again."""

    files: tuple[Sent, ...]
    marked: bool = True

    def answer(self, request: httpx.Request) -> httpx.Response:
        file = next(file for file in self.files if file.fits(request))
        marks = {"ETag": f'"{file.hash}"', "Last-Modified": MODIFIED} if self.marked else {}
        if marks and request.headers.get("If-None-Match") == marks["ETag"]:
            return httpx.Response(304, headers=marks)
        return httpx.Response(200, headers=marks, stream=httpx.ByteStream(file.body))


@dataclass
class Snapshot:
    """A copy of the committed snapshot, and whom it asks. now: the second of its last refresh."""

    folder: Path
    publishers: Publishers
    sources: Sources
    now: int = NOW

    def refresh(self) -> Report:
        """A minute after the last one. A feed that fails raises."""
        self.now += LATER
        bases = {name: f"{HERE}/{name}" for name in self.sources.publishers}
        web = Web("Flowcheck", bases, transport=httpx.MockTransport(self.publishers.answer))
        try:
            report = refresh(self.folder, self.sources, web, self.now)
        finally:
            web.close()
        if report.problems or not report.asked:
            raise AssertionError(f"a refresh failed: {report.words}")
        return report

    def nothing_new(self) -> None:
        """A refresh; whatever is new raises."""
        report = self.refresh()
        if report.added or report.unchanged != report.asked:
            raise AssertionError(f"there was something new: {report.words}")

    def hashed(self) -> None:
        """Its files, and those that are sent again, held against their hashes."""
        for name, told in read_manifest(self.folder)[1]["series"].items():
            file = self.folder / manifests.series_file(name)
            _same(file.read_bytes(), told["sha256"])
        for sent in () if self.publishers.marked else self.publishers.files:
            _same(sent.body, sent.hash)


def _same(data: bytes, known: str) -> None:
    if hashlib.sha256(data).hexdigest() != known:
        raise AssertionError("a file has another hash than the one that is known")


def rows() -> list[Row]:
    files = tuple(Sent(route, stored(route.publisher, route.file)) for route in routes())
    with tempfile.TemporaryDirectory(prefix="measured-") as folder:
        copy = Path(folder) / "snapshot"
        shutil.copytree(SNAPSHOT, copy, ignore=shutil.ignore_patterns(".*", "damaged"))
        held = Snapshot(copy, Publishers(files), Sources(discover(), read_catalogue()))
        asked = held.refresh().asked
        series = len(read_manifest(copy)[1]["series"])
        note = f"{asked} feeds of short files, {series} series"
        found = [quiet(held, TIMES, "publishers say so", "its files hashed", note)]
        held.publishers.marked = False
        note = f"{note}; measured once"
        return [*found, quiet(held, ONCE, "files come again", "its files and theirs hashed", note)]


def quiet(held: Snapshot, times: int, how: str, against: str, note: str) -> Row:
    """A refresh after which every byte is as it was before; else this raises."""
    before = everything(held.folder)
    both = [(taken(held.nothing_new), taken(held.hashed)) for _ in range(times)]
    if everything(held.folder) != before:
        raise AssertionError("a refresh that found nothing new changed a file")
    ours, peer = (1000 * median(values) for values in zip(*both, strict=True))
    return Row(f"refresh, nothing new, {how}", ours, peer, against, note=note)


def main() -> int:
    return show(rows())


if __name__ == "__main__":
    raise SystemExit(main())
