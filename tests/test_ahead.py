"""What the page's answer names for a browser to fetch at once. How it is served: tests/test_hosting_served.py."""

import re
from pathlib import Path

import pytest
import streamlit as st

from hosting import ahead
from tests.hosted import ROOT

STATIC = Path(st.__file__).with_name("static")
CONFIG = ROOT / ".streamlit" / "config.toml"
LARGE = "x" * ahead.LEAST


@pytest.fixture
def static(tmp_path):
    """A Streamlit: its page, and scripts that import one another, two of them in a circle."""
    (tmp_path / "static" / "js").mkdir(parents=True)
    page = '<script type="module" crossorigin src="./static/js/index.D.js"></script>'
    (tmp_path / "index.html").write_text(page, encoding="utf-8")
    for name, text in {
        "index.D.js": LARGE,
        "DateInput.A-_1.js": f'import{{a as b}}from"./DateField.B.js";import"./index.D.js";{LARGE}',
        "DateField.B.js": f'import{{t}}from"./DateInput.A-_1.js";import"./small.C.js";{LARGE * 2}',
        "small.C.js": 'export{a}from"./far.E.js";import("./later.F.js")',
        "far.E.js": LARGE,
        "later.F.js": LARGE,
        "PlotlyChart.G.js": LARGE,
    }.items():
        (tmp_path / "static" / "js" / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_it_follows_what_is_imported_at_once_and_leaves_out_what_is_small_or_named_by_the_page(static):  # fmt: skip
    assert ahead.scripts(static) == ["DateField.B.js", "DateInput.A-_1.js", "far.E.js"]


def test_without_a_script_there_is_no_hint_for_it(static):
    for path in (static / "static" / "js").glob("DateInput.*"):
        path.unlink()
    assert ahead.scripts(static) == []
    assert "modulepreload" not in ahead.link(static, CONFIG)


def test_all_elements_are_found_in_the_installed_streamlit():
    """They are Streamlit's own words for them: after an upgrade one may be called otherwise."""
    folder = STATIC / "static" / "js"
    found = {e: [p.name for p in folder.glob(f"{e}.*.js")] for e in ahead.ELEMENTS}
    assert {len(names) for names in found.values()} == {1}
    stems = {name.split(".")[0] for name in ahead.scripts(STATIC)}
    assert {"embed", "ArrowVegaLiteChart", "DateField", "purify"} <= stems


def test_the_fonts_are_those_that_every_page_shows():
    urls = ahead.fonts(CONFIG)
    assert [re.sub(r".*/", "", url) for url in urls] == [
        "SourceSans3-latin.woff2", "SourceSerif4-latin.woff2",
    ]  # fmt: skip
    assert all((ROOT / url.removeprefix("app/")).is_file() for url in urls)
