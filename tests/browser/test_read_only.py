"""What the image promises: a tree that nothing can be written to, a home that is not there, and all of it works."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser import acts
from tests.browser.drawn import charts, words
from tests.hosted import ROOT, Replica, image_feed, replica

pytestmark = pytest.mark.long
BOUND = ["setpriv", "--bounding-set", "-all", "--inh-caps", "-all"]
"""Root, too, has to heed what a file allows."""


def copied(tree: Path) -> None:
    """The files that the image has, and nothing else."""
    text = (ROOT / "hosting/Dockerfile").read_text("utf-8")
    for line in re.findall(r"^COPY (.+)$", text, re.MULTILINE):
        *names, _ = line.split()
        for name in names:
            source = ROOT / name
            if source.is_dir():
                ignored = shutil.ignore_patterns("__pycache__", ".good", ".lock", "damaged")
                shutil.copytree(source, tree / name, ignore=ignored)
            else:
                shutil.copy(source, tree / name)
    image_feed(tree)
    for path in (*tree.rglob("*"), tree):
        path.chmod(path.stat().st_mode & ~0o222)


def state(tree: Path) -> dict[str, tuple[int, int]]:
    return {str(p): (p.stat().st_mtime_ns, p.stat().st_size) for p in tree.rglob("*")}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    found = tmp_path_factory.mktemp("image") / "flowcheck"
    found.mkdir()
    copied(found)
    yield found
    for path in (found, *found.rglob("*")):
        path.chmod(path.stat().st_mode | 0o200)


@pytest.fixture(scope="module")
def hosted(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replica]:
    before = BOUND if os.geteuid() == 0 else []
    probe = subprocess.run([*before, "touch", tree / "probe"], capture_output=True, check=False)
    assert probe.returncode != 0, "the tree can be written to: the test would prove nothing"
    environment = {
        "HOME": str(tree / "home"),
        "TMPDIR": str(tmp_path_factory.mktemp("tmp")),
        "PYTHONDONTWRITEBYTECODE": "1",
        "FLOWCHECK_FEED": "static/changes/changes.atom",
        "PYTHON": sys.executable,
    }
    folder = tmp_path_factory.mktemp("log")
    found = replica(folder / "log", cwd=tree, environment=environment, before=before)
    try:
        found.until()
        yield found
    finally:
        found.stop()


def test_all_of_it_works(hosted: Replica, tree: Path, elsewhere, tmp_path: Path) -> None:
    before = state(tree)
    page: Page = elsewhere(viewport={"width": 1280, "height": 1000}).new_page()
    for place, drawn in acts.READ.items():
        acts.reads(page, hosted.url, place)
        assert not drawn or charts(page)
        assert len(words(page)) > 200
    acts.takes_the_brief(page, hosted.url, tmp_path / "brief.pdf")
    acts.scores_a_text(page, hosted.url)
    said = "\n".join(hosted.lines())
    assert not re.search(r"Traceback|Permission denied|Read-only|\"fault\"", said)
    assert state(tree) == before
