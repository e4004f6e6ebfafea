"""The page *Data*: outages are told, a new snapshot is seen, and only who sits at the machine can refresh."""

import json
import shutil
import subprocess
import sys
import types
from pathlib import Path

import pytest

from briefs import desk as briefs_desk
from evidence.observations import SNAPSHOT
from tests.visits import session, visit
from walkthrough import desk as desks
from walkthrough import refreshing

ROOT = Path(__file__).parent.parent
STORY = "basis-trade-unwind"
DOWN = {
    "seen": {},
    "failing": {
        "nyfed/sofr.json": {
            "publisher": "nyfed",
            "since": "2026-11-20",
            "message": "nyfed/sofr.json: status 503",
            "series": ["nyfed.sofr", "nyfed.sofr_p99"],
        }
    },
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A snapshot of the test's own, which the app opens."""
    place = tmp_path / "snapshot"
    shutil.copytree(SNAPSHOT, place, ignore=shutil.ignore_patterns(".*"))
    (place / "fetches.json").unlink(missing_ok=True)
    monkeypatch.setattr(desks, "SNAPSHOT", place)
    monkeypatch.setattr(briefs_desk, "Store", lambda *a, **k: _opened(place, k))
    desks.opened.clear()
    yield place
    desks.opened.clear()


def _opened(place, named):
    from evidence.observations import Store

    return Store(place, **{k: v for k, v in named.items() if k != "folder"})


def infos(app):
    return [info.value.replace("\\", "") for info in app.info]


def test_a_source_that_is_down_is_told_where_its_series_count(folder):
    app = session()
    assert infos(visit(app, "data")) == []
    (folder / "fetches.json").write_text(json.dumps(DOWN), encoding="utf-8")
    (told,) = infos(visit(app, "data"))
    assert told.startswith("Federal Reserve Bank of New York: not readable since 20 November 2026.")
    assert "The last good data are of 23 July 2026." in told
    assert infos(visit(app, "story", story=STORY, step="verdict")) == [told]
    assert infos(visit(app, "story", story="dollar-fell-before", step="verdict")) == []
    on_a_day = visit(app, "story", story=STORY, step="verdict", as_of="2025-05-02")
    assert infos(on_a_day) == []


def test_a_new_snapshot_is_opened_and_an_old_one_stays_as_long_as_it_is_the_newest(folder):
    first = desks.desk()
    assert desks.desk() is first
    manifest = folder / "manifest.json"
    told = json.loads(manifest.read_text("utf-8"))
    manifest.write_text(json.dumps({**told, "snapshot": told["snapshot"] + 1}), encoding="utf-8")
    second = desks.desk()
    assert second is not first
    assert second.store.n == first.store.n + 1


@pytest.mark.parametrize(
    ("url", "hosted", "wanted"),
    [
        ("http://localhost:8501/data", "", True),
        ("http://127.0.0.1:8501/data", "", True),
        ("http://localhost:8501/data", "1", False),
        ("https://flowcheck.example.org/data", "", False),
        ("http://localhost.example.org/data", "", False),
        (None, "", False),
    ],
)
def test_only_who_sits_at_the_machine_may_refresh(monkeypatch, url, hosted, wanted):
    monkeypatch.setenv("FLOWCHECK_HOSTED", hosted)
    monkeypatch.setattr(refreshing.st, "context", types.SimpleNamespace(url=url))
    assert refreshing.allowed() is wanted


def test_a_server_without_a_refresh_loads_nothing_of_it():
    """What asks publishers takes 10 MB."""
    load = "import sys, hosting.asgi; from walkthrough.house import places; places()"
    said = f"{load}; print(*sys.modules.keys() & {{'httpx', 'tenacity', 'walkthrough.job'}})"
    done = subprocess.run([sys.executable, "-c", said], cwd=ROOT, capture_output=True, text=True, check=True)  # fmt: skip
    assert done.stdout.strip() == ""


def test_who_may_not_refresh_sees_no_button(folder):
    app = session()
    visit(app, "data")
    assert [b for b in app.button if b.key == "refresh"] == []
    assert "Refresh" not in [h.value for h in app.header]
