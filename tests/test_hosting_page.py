"""Streamlit's page as it is served: what it names, and what it says of its server. In a browser: tests/browser/test_policy.py."""

import re
from pathlib import Path

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.routing import Mount

from hosting import page
from tests.hosted import ROOT, ask

STATIC = Path(st.__file__).with_name("static")
CONFIG = ROOT / ".streamlit" / "config.toml"
LOOK = ROOT / "walkthrough" / "look.css"
LARGE = "x" * page.LEAST


@pytest.fixture
def static(tmp_path):
    """A Streamlit: its page, and scripts that import one another, two of them in a circle."""
    (tmp_path / "static" / "js").mkdir(parents=True)
    own = '<head><script type="module" crossorigin src="./static/js/index.D.js"></script></head><body>\n<p id="root"></body></html>'
    (tmp_path / "index.html").write_text(own, encoding="utf-8")
    for name, text in {
        "index.D.js": LARGE,
        "BidiComponent.A-_1.js": f'import{{a as b}}from"./around.B.js";import"./index.D.js";{LARGE}',
        "around.B.js": f'import{{t}}from"./BidiComponent.A-_1.js";import"./small.C.js";{LARGE * 2}',
        "small.C.js": 'export{a}from"./far.E.js";import("./later.F.js")',
        "far.E.js": LARGE,
        "later.F.js": LARGE,
        "PlotlyChart.G.js": LARGE,
    }.items():
        (tmp_path / "static" / "js" / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_it_follows_what_is_imported_at_once_and_leaves_out_what_is_small_or_named_by_the_page(static):  # fmt: skip
    assert page.scripts(static) == ["around.B.js", "BidiComponent.A-_1.js", "far.E.js"]


def test_without_a_script_there_is_no_hint_for_it(static):
    for path in (static / "static" / "js").glob("BidiComponent.*"):
        path.unlink()
    assert page.scripts(static) == []
    assert page.later([]) in page.page(static, CONFIG, ["https://a.example"], LOOK)


def test_all_elements_are_found_in_the_installed_streamlit():
    """They are Streamlit's own words for them: after an upgrade one may be called otherwise."""
    folder = STATIC / "static" / "js"
    found = {e: [p.name for p in folder.glob(f"{e}.*.js")] for e in page.ELEMENTS}
    assert {len(names) for names in found.values()} == {1}
    stems = {name.split(".")[0] for name in page.scripts(STATIC)}
    assert {"embed", "ArrowVegaLiteChart", "BidiComponent"} <= stems


def test_the_fonts_are_those_that_every_page_shows():
    urls = page.fonts(CONFIG)
    assert [re.sub(r".*/", "", url) for url in urls] == [
        "SourceSans3-latin.woff2", "SourceSerif4-latin.woff2",
    ]  # fmt: skip
    assert all((ROOT / url.removeprefix("app/")).is_file() for url in urls)


def test_all_else_of_the_page_is_streamlits_own(static):
    own = (static / "index.html").read_text("utf-8")
    made = page.page(static, CONFIG, ["https://a.example"], LOOK)
    added = r"  <(script|link|style)[^>]*>(?:[^<]*</(?:script|style)>)?\n"
    assert re.sub(added, "", made) == own
    assert made.index("window.__streamlit") < made.index("</head>")
    look = LOOK.read_text("utf-8")
    assert made.count(look) == 1
    assert made.index("</head>") < made.index("<style>") < made.index(look) < made.index("root")


def test_a_style_sheet_that_would_end_itself_is_refused(tmp_path):
    sheet = tmp_path / "look.css"
    sheet.write_text("p::before { content: '</style><script>' }", encoding="utf-8")
    with pytest.raises(ValueError, match=r"look\.css holds `<`"):
        page.style(sheet)


def test_nothing_that_a_script_is_given_ends_it():
    said = page.server(["</script><script>alert(1)"]) + page.later(["</script>.js"])
    assert "<" not in said
    assert "\\u003c/script>" in said


def test_where_nobody_may_steer_it_the_page_asks_first():
    """Streamlit skips its questions only where it knows of an origin."""
    assert '"allowedOrigins": []' in page.server([])


@pytest.mark.parametrize(
    ("asked", "to"),
    [
        ("/story/a-tale", "/story?story=a-tale"),
        ("/story/a-tale?as_of=2025-06-30&words=plain", "/story?story=a-tale&as_of=2025-06-30&words=plain"),
        ("/story/a-tale?story=another", "/story?story=another"),
        ("/story/", "/story"),
        ("/story/a%2Fb/c", "/story?story=a%2Fb%2Fc"),
        ("/story/%3Cscript%3E%26words=plain", "/story?story=%3Cscript%3E%26words%3Dplain"),
        ("/walk/story/three", "/walk"),
        ("/walk/x?chapter=premise", "/walk?chapter=premise"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("under", ["", "/shared"])
def test_an_address_below_a_page_leads_to_the_page(asked, to, under):
    """A browser found nothing there: Streamlit's page names its scripts beside itself."""
    app = Starlette(routes=[Mount(under, routes=page.pages("<p>", ["story", "walk"]))])
    answer = ask(app, under + asked)
    assert answer.status_code == 302
    assert answer.headers["location"].startswith("../")
    led = ask(app, under + asked, follow=True)
    assert str(led.url).removeprefix("http://app") == under + to
    assert led.text == "<p>"


def test_an_address_of_slashes_leads_to_no_other_host():
    app = Starlette(routes=page.pages("<p>", ["story"]))
    answer = ask(app, "/story//evil.example/")
    assert answer.headers["location"] == "../../../story?story=%2Fevil.example%2F"


def test_a_script_that_looks_below_a_page_is_told_that_nothing_is_there():
    """As Streamlit's own does, which asks whether its server is under the page."""
    app = Starlette(routes=page.pages("<p>", ["story"]))
    assert ask(app, "/story/_stcore/health").status_code == 404
    assert ask(app, "/story/static/js/index.js").status_code == 404
