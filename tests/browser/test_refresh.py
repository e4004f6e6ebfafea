"""The button on the page *Data*, in a real browser, against publishers on this machine."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from evidence.observations import SNAPSHOT
from tests.browser.conftest import started
from tests.browser.settled import settled, watch
from tests.hosts import serving

SERIES = "nyfed.sofr"
MISSING = 5


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    """The project's snapshot as it was some days before SOFR's last."""
    folder = tmp_path / "snapshot"
    shutil.copytree(SNAPSHOT, folder, ignore=shutil.ignore_patterns(".*", "fetches.json"))
    file = folder / "series" / f"{SERIES}.csv"
    text = "\n".join(file.read_text("utf-8").splitlines()[:-MISSING]) + "\n"
    file.write_text(text, encoding="utf-8")
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    manifest["series"][SERIES]["sha256"] = hashlib.sha256(text.encode()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


@pytest.mark.long
def test_a_refresh_from_the_page(browser: Browser, snapshot: Path, tmp_path: Path) -> None:
    whole = (SNAPSHOT / "series" / f"{SERIES}.csv").read_text("utf-8").splitlines()
    number = json.loads((snapshot / "manifest.json").read_text("utf-8"))["snapshot"]
    with serving() as hosts:
        hosts.spoil("status 500", "cftc")
        addresses = " ".join(f"{name}={url}" for name, url in hosts.bases.items())
        server = started(
            tmp_path / "log",
            {"FLOWCHECK_SNAPSHOT": str(snapshot), "FLOWCHECK_BASE_URLS": addresses},
        )
        try:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            watch(page)
            page.goto(f"{server.url}/data")
            page.get_by_role("button", name="Refresh the data").click(timeout=60_000)
            result = page.get_by_role("heading", name="What changed")
            expect(result).to_be_visible(timeout=120_000)
            body = page.get_by_test_id("stMain")
            expect(body).to_contain_text("Some files could not be taken.")
            expect(body).to_contain_text("repo rates (New York Fed)")
            expect(body).to_contain_text(f"snapshot {number + 1}")
            page.goto(f"{server.url}/story?story=basis-trade-unwind&step=verdict")
            settled(page)
            told = "Commodity Futures Trading Commission: not readable since"
            expect(page.get_by_test_id("stAlert").filter(has_text=told)).to_be_visible(
                timeout=30_000
            )
        finally:
            server.stop()
    lines = (snapshot / "series" / f"{SERIES}.csv").read_text("utf-8").splitlines()
    assert [line.split(",")[:2] for line in lines] == [line.split(",")[:2] for line in whole]
    assert [line.split(",")[3] for line in lines[-MISSING:]] == [str(number + 1)] * MISSING


@pytest.mark.long
def test_a_hosted_copy_has_no_button(browser: Browser, tmp_path: Path) -> None:
    server = started(tmp_path / "log", {"FLOWCHECK_HOSTED": "1"})
    try:
        page = browser.new_page()
        watch(page)
        page.goto(f"{server.url}/data")
        expect(page.get_by_role("heading", name="One series")).to_be_visible(timeout=60_000)
        settled(page)
        assert page.get_by_role("button", name="Refresh the data").count() == 0
    finally:
        server.stop()
