"""Makes the folder: every page in a process of its own, everything written aside, and the whole swapped in at once."""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from briefs.desk import Desk
from briefs.site import days
from briefs.site.leaf import Leaf
from briefs.site.pages import (
    audit,
    evidence,
    known,
    method,
    rivals,
    start,
    stories,
    story,
    turnstile,
    walk,
    watch,
)
from briefs.site.pages import data as data_page
from briefs.site.shell import Site
from charts import theme
from evidence import ENGINE_VERSION, private_folder
from evidence.engine import Engine
from evidence.history import begins, history
from evidence.library import read_library
from evidence.observations import SNAPSHOT, Store

ROOT = Path(__file__).resolve().parents[2]
ASSETS = Path(__file__).with_name("assets")
FONTS = (
    "SourceSans3-latin",
    "SourceSans3-Italic-latin",
    "SourceSerif4-latin",
    "SourceSerif4-Italic-latin",
)
MARKER = ".flowcheck-site"
"""The file that says that a folder was made here, and may be replaced."""
PAGES: Mapping[str, Callable[[Site], Iterator[tuple[Leaf, str]]]] = {
    "walk": walk.write,
    "audit": audit.write,
    "watch": watch.write,
    "evidence": evidence.write,
    "rivals": rivals.write,
    "start": start.write,
    "stories": stories.write,
    "known": known.write,
    "method": method.write,
    "data": data_page.write,
    "turnstile": turnstile.write,
}
"""What is made once every story's memory is: the slowest first."""
Files = dict[str, bytes]
Tell = Callable[[str], None]


class NotOurs(Exception):
    """The folder holds something that was not made here."""


@dataclass(frozen=True)
class Source:
    """Where a site is made from. `only`: some stories, for tests; else all that are live."""

    narratives: Path = ROOT / "narratives"
    snapshot: Path | None = None
    day: date | None = None
    only: tuple[str, ...] = ()

    def desk(self) -> Desk:
        """Reads it all. What somebody brought counts only in the newest snapshot of this repository."""
        brought = private_folder.folder(os.environ) if self.snapshot is None else None
        store = Store(self.snapshot or SNAPSHOT, private=brought)
        library = read_library(self.narratives, store.catalogue)
        anchors = {event.id: event.date for event in library.events.values()}
        desk = Desk(store, library, Engine(store, library.narratives, anchors))
        if self.only:
            desk.stories = {name: s for name, s in desk.stories.items() if name in self.only}
        return desk


@dataclass(frozen=True)
class Made:
    """What was written: how many files and bytes, and on which day the site stands."""

    folder: Path
    day: date
    pages: int
    files: int
    bytes: int


_desk: Desk
_day: date
_told: dict[str, days.Told]


def build(
    source: Source, folder: Path, tell: Tell = lambda _: None, workers: int | None = None
) -> Made:
    """The whole site into a folder, which is replaced if it is one of ours. Raises NotOurs."""
    refuse_strange(folder)
    desk = source.desk()
    day = source.day or desk.newest
    files = _files(source, desk, day, tell, workers or os.cpu_count() or 1)
    made = dict(sorted({**files, **assets()}.items()))
    made[MARKER] = _marker(desk, day)
    write(made, folder)
    pages = sum(name.endswith(".html") for name in made)
    return Made(folder, day, pages, len(made), sum(map(len, made.values())))


def _files(source: Source, desk: Desk, day: date, tell: Tell, workers: int) -> Files:
    """Every page and what it offers; the stories first, because the other pages tell of their memories."""
    found: Files = {}
    names = [n for n, s in desk.stories.items() if day >= begins(desk.engine, s)]
    steps = len(names) + len(PAGES)
    told: dict[str, days.Told] = {}
    with _many(source, day, workers) as each:
        for i, (name, one, own) in enumerate(each(_story, names), 1):
            told[name] = one
            found |= own
            tell(f"{i} of {steps}: {desk.stories[name].title}")
        jobs = [(page, told) for page in PAGES]
        for i, (page, own) in enumerate(each(_page, jobs), len(names) + 1):
            found |= own
            tell(f"{i} of {steps}: {page}")
    found["days/board.js"] = days.board(told).encode()
    return found


@contextmanager
def _many(source: Source, day: date, workers: int) -> Iterator[Callable[..., Iterable[Any]]]:
    """`map` over several processes; in this one where one is enough."""
    if workers == 1:
        _begin(source, day)
        yield map
        return
    with ProcessPoolExecutor(workers, get_context("spawn"), _begin, (source, day)) as pool:
        yield pool.map


def _begin(source: Source, day: date) -> None:
    """What every process of the pool reads once."""
    global _desk, _day
    _desk, _day = source.desk(), day


def _story(name: str) -> tuple[str, days.Told, Files]:
    """A story's memory, its pages and its days."""
    told = days.told(_desk, history(_desk.engine, name, None, _day))
    found = _written(story.write(Site(_desk, _day, {name: told}), name, told))
    return name, told, {**found, f"days/{name}.js": told.script.encode()}


def _page(job: tuple[str, dict[str, days.Told]]) -> tuple[str, Files]:
    """A page that tells of all stories."""
    page, told = job
    return page, _written(PAGES[page](Site(_desk, _day, told)))


def _written(leaves: Iterable[tuple[Leaf, str]]) -> Files:
    found: Files = {}
    for leaf, html in leaves:
        found[leaf.path] = html.encode()
        found |= {name: text.encode() for name, text in leaf.files.items()}
    return found


def assets() -> Files:
    """The sheet, the script, the fonts and the icon."""
    sheet = theme.css() + (ASSETS / "site.css").read_text("utf-8")
    found = {"assets/site.css": sheet.encode(), "assets/site.js": (ASSETS / "site.js").read_bytes()}
    for name in FONTS:
        found[f"assets/fonts/{name}.woff2"] = (
            ROOT / "static" / "fonts" / f"{name}.woff2"
        ).read_bytes()
    found["assets/fonts/OFL.txt"] = (ROOT / "static" / "fonts" / "OFL.txt").read_bytes()
    found["assets/favicon.png"] = (ROOT / "static" / "favicon.png").read_bytes()
    return {**found, ".nojekyll": b""}


def _marker(desk: Desk, day: date) -> bytes:
    said = {"engine": ENGINE_VERSION, "snapshot": desk.store.hash, "as_of": day.isoformat()}
    return (json.dumps(said, indent=1) + "\n").encode()


def refuse_strange(folder: Path) -> None:
    """Raises NotOurs where writing would cost somebody files."""
    if not folder.exists() and not folder.is_symlink():
        return
    if folder.is_symlink() or not folder.is_dir():
        raise NotOurs(f"{folder} is not a folder")
    if any(folder.iterdir()) and not (folder / MARKER).is_file():
        raise NotOurs(
            f"{folder} holds files that are not a site made here; give an empty or a new folder"
        )


def write(files: Mapping[str, bytes], folder: Path) -> None:
    """All files aside first; then the folder is replaced. A failure leaves it as it was."""
    folder = folder.absolute()
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        new = aside / "new"
        for name, content in files.items():
            place = new / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        if not folder.exists():
            new.rename(folder)
            return
        folder.rename(aside / "old")
        try:
            new.rename(folder)
        except OSError:
            (aside / "old").rename(folder)
            raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)
