"""docs/extending.md, done: each of its blocks is put where its heading says, in a copy of the repository, and used.

Nothing else is edited there. The quick part reads, lints, scores, explains, draws and refreshes; the long one runs
the static checks and those tests of the copy that look at all kinds, charts, publishers and series.
"""

import ast
import json
import re
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from evidence.engine import Engine
from evidence.library import read_library
from evidence.observations import Store

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "extending.md"
TEXT = PAGE.read_text("utf-8")
KIND, CHART = "evidence/kinds/stays_above.py", "charts/stays_above.py"
STORY, STEM = "narratives/liberation-day/custody-holds.yaml", "custody-holds"
SERIES, PUBLISHER = "evidence/catalogue/yield_7y.yaml", "evidence/publishers/boe.py"
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv*", ".*_cache", "__pycache__", ".hypothesis", "test-results", "screens"
)
WHAT = ("evidence", "charts", "briefs", "walkthrough", "narratives", "docs", "tests", ".vscode")
MADE = {
    "docs/contract/narrative.schema.json": ("-m", "evidence", "schema"),
    "docs/reference.md": ("-m", "evidence.reference"),
    "docs/data.md": ("-m", "evidence.data_page"),
}
"""What is made from the code, and by what: a new kind or source is in it by being made anew."""


def blocks():
    """The page's blocks by the file that the heading above them names."""
    found = re.findall(r"^### `([\w./-]+)`\n\n```\w+\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
    assert len(dict(found)) == len(found)
    return dict(found)


FILES = blocks()


def copied(folder):
    """The repository without what only this machine has: files of every helper of a test, and the snapshot."""
    for name in WHAT:
        if (ROOT / name).exists():
            shutil.copytree(ROOT / name, folder / name, ignore=LEFT_OUT)
    for path in ROOT.iterdir():
        if path.is_file():
            shutil.copy2(path, folder / path.name)


def put(folder, *names):
    for name in names:
        path = folder / name
        assert not path.exists(), f"{name} is there already"
        path.write_text(FILES[name], "utf-8")


def digests(folder):
    """Every file of a copy but the snapshot, which a refresh writes, and what Python leaves behind."""
    passed_over = ("/snapshot/", "__pycache__", "_cache/", ".hypothesis/")
    return {
        name: sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
        and not any(part in (name := path.relative_to(folder).as_posix()) for part in passed_over)
    }


def run(folder, *words):
    """What a Python of the copy says."""
    done = subprocess.run(
        [sys.executable, *words],
        check=False,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=900,
        env={"PATH": "/usr/bin:/bin", "FLOWCHECK_PRIVATE": "off", "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of the repository with every file of the page."""
    folder = tmp_path_factory.mktemp("extended")
    copied(folder)
    before = digests(folder)
    put(folder, *FILES)
    yield folder
    after = digests(folder)
    assert {name for name in after if after[name] != before.get(name)} == set(FILES)
    assert set(before) <= set(after)


RULES = [
    ("window: {after: 8 weeks}", "window: {before: 8 weeks}", "window-side"),
    ("window: {after: 8 weeks}", "window: {after: 8 days}", "window-frequency"),
    ("at_least: 2900 bn", "at_least: 5 %", "unit"),
    ("at_least: 2900 bn", "at_least: 2900 bn, at_most: 3000 bn", "at-most"),
    (
        "series: fed.custody.treasuries\n    window",
        "series: fed.custody\n    window",
        "unknown-series",
    ),
]
"""What is right in the page's story, what would not be, and the rule that says so."""
DAYS = ("2025-04-30", "2025-05-28", "2025-05-30")

SCRIPT = """
import json
import sys
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter
from typer.testing import CliRunner

import charts
import charts.reaches
from charts import stays_above
from charts.general import general
from charts.scene import Scene
from charts.stages import staged
from charts.theme import DARK, LIGHT
from evidence.answer import score_test
from evidence.catalogue import read
from evidence.cli import app
from evidence.engine import Engine
from evidence.kinds import Test
from evidence.library import read_library
from evidence.observations import Store
from evidence.reading import read_text
from tests import vega_lite
from tests.hosts import serving

given = json.loads(sys.argv[1])
catalogue = read()
found = {}


def say(*words):
    return CliRunner().invoke(app, list(words), catch_exceptions=False)


found["schema"] = json.loads(say("schema").stdout)
found["lint"] = json.loads(say("lint", given["story"], "--json").stdout)
found["score"] = json.loads(say("score", given["stem"], "--json").stdout)
found["explain"] = say("explain", given["stem"]).stdout
found["check"] = say("check", given["stem"]).exit_code
found["rules"] = [
    [p.code for p in read_text(text, "custody-holds.yaml", catalogue).problems if p.severity == "error"]
    for text in given["spoilt"]
]

library, store = read_library(catalogue=catalogue), Store(catalogue=catalogue)
story = library.narratives[given["stem"]]
test, anchor = story.tests[0], library.anchor(story)
found["days"] = []
for day in given["days"]:
    trace, _ = score_test(test, store.as_of(date.fromisoformat(day)), anchor)
    found["days"].append([trace.outcome, str(trace.evaluable_on)])

found["drawn"] = {}
for day in (store.newest_day, anchor):
    view = store.as_of(day)
    trace, ranked = score_test(test, view, anchor)
    for look in (LIGHT, DARK):
        own = charts.for_test(test, trace, ranked, view, anchor, look)
        plain = general(test, Scene(trace, ranked, anchor, "the event"), view, look)
        for name, figure in (("own", own), ("general", plain)):
            vega_lite.validate(figure.spec)
            found["drawn"][f"{name} {'now' if day > anchor else 'then'} {look.mode}"] = {
                "title": figure.title,
                "alt": figure.alt,
                "subtitle": figure.subtitle,
                "stages": [step.stage for step in staged(figure)],
                "layers": sorted(set(figure.frame["layer"])),
            }
charts.reaches.DRAWS = stays_above.DRAWS
charts.draws.cache_clear()
try:
    charts.draws()
except ValueError as fault:
    found["twice"] = str(fault)

with serving() as hosts:
    words = ["refresh", *given["series"], "--json", "--snapshot", given["snapshot"], *hosts.options]
    done = say(*words)
    found["asked"] = sorted({asked.publisher for asked in hosts.asked})
found["report"] = json.loads(done.stdout)
fetched = Store(Path(given["snapshot"]), catalogue)
found["read"] = []
for name in given["series"]:
    level = {
        "id": "level", "title": "A level", "kind": "level", "series": name, "on": "2025-01-07", "role": "hoop",
        "why": "A test.", "matters": {"at_least": "1.5 %", "why": "A test."},
    }
    trace, _ = score_test(
        TypeAdapter(Test).validate_python(level), fetched.as_of(fetched.newest_day), date(2025, 1, 1)
    )
    found["read"].append([trace.outcome, trace.statistic.value])

engine = Engine(store, library.narratives, {e.id: e.date for e in library.events.values()})
found["identity"] = engine.identity_of(given["other"], store.newest_day)
print(json.dumps(found))
"""
OTHER = "basis-trade-unwind"


@pytest.fixture(scope="module")
def found(tree, tmp_path_factory):
    """All that one process of the copy says of the new files."""
    folder = tmp_path_factory.mktemp("fetched")
    given = {
        "story": STORY, "stem": STEM, "days": DAYS, "other": OTHER,
        "spoilt": [FILES[STORY].replace(right, wrong) for right, wrong, _ in RULES],
        "series": ["ust.yield.7y", "boe.sonia"], "snapshot": str(folder / "snapshot"),
    }  # fmt: skip
    return {**json.loads(run(tree, "-c", SCRIPT, json.dumps(given))), "folder": folder / "snapshot"}


def test_each_example_is_one_file_where_its_sort_lies():
    assert list(FILES) == [KIND, STORY, CHART, SERIES, PUBLISHER]
    for name in FILES:
        assert not (ROOT / name).exists()
    for name in (KIND, CHART, PUBLISHER):
        assert ast.get_docstring(ast.parse(FILES[name]))


def test_what_the_page_points_to_is_there():
    places = "evidence|charts|briefs|walkthrough|narratives|docs|tests"
    named = set(re.findall(rf"`((?:{places})/[\w./-]+)`", TEXT))
    assert len(named) > 12
    for name in named - set(FILES):
        assert (ROOT / name).exists(), name
    for name in re.findall(r"\]\((\w+)\.md", TEXT):
        assert (ROOT / "docs" / f"{name}.md").exists()


def test_the_kind_is_in_the_schema(found):
    definitions = found["schema"]["$defs"]
    assert "stays_above" in definitions["Test"]["properties"]["kind"]["enum"]
    assert {"kind", "series", "window"} <= set(definitions["StaysAbove"]["required"])


def test_a_story_that_uses_it_has_no_error(found):
    # it is a draft: to be live it needs more tests
    assert [p["code"] for p in found["lint"]["problems"]] == ["too-few-tests"]
    assert found["lint"]["errors"] == 0


def test_the_rules_hold_for_it(found):
    for (right, wrong, code), codes in zip(RULES, found["rules"], strict=True):
        assert FILES[STORY].count(right) == 1
        assert code in codes, wrong


def custody(until="2025-05-28"):
    """The weeks after the event, from the committed file: what the kind has to find."""
    text = (ROOT / "evidence/snapshot/series/fed.custody.treasuries.csv").read_text("utf-8")
    lines = [line.split(",") for line in text.splitlines()[1:]]
    return {day: float(value) for day, value, *_ in lines if "2025-04-02" < day <= until}


def test_it_is_scored(found):
    assert len(custody()) == 8
    on, lowest = min(custody().items(), key=lambda pair: pair[1])
    [verdict] = found["score"]["verdicts"]
    [test] = verdict["tests"]
    assert (test["outcome"], test["details"]["on"], test["window"]["to"]) == (
        "consistent", on, "2025-05-28",
    )  # fmt: skip
    assert test["statistic"]["value"] == pytest.approx(lowest)
    assert test["statistic"]["unit"] == "USD bn"


def test_it_waits_for_the_last_week(found):
    """Wednesday's value comes on Thursday."""
    waits = ["not_evaluable", "2025-05-29"]
    assert found["days"] == [waits, waits, ["consistent", "None"]]


def test_it_is_explained(found):
    assert (
        "custody holdings never under $2.90 tn over the 8 weeks after the event" in found["explain"]
    )
    assert "he lowest value of custody holdings was $2.91 tn, on 21 May 2025" in found["explain"]


def test_its_cases_pass(found):
    assert found["check"] == 0


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("which", ["own", "general"])
def test_a_picture_is_drawn_of_it(found, which, look):
    """Its own, and the one that it would have without."""
    now = found["drawn"][f"{which} now {look}"]
    assert "on 21 May 2025" in now["title"]
    assert "$2.91 tn" in now["alt"]
    assert "Shaded: what the claim says." in now["subtitle"]
    assert now["stages"] == ["series", "event", "range", "verdict"]
    assert {"claimed", "event", "this-dot"} <= set(now["layers"])
    assert ("all" in now["layers"]) == (which == "own")
    assert ("window0" in now["layers"]) == (which == "general")
    assert "this-dot" not in found["drawn"][f"{which} then {look}"]["layers"]


def test_two_charts_for_it_are_refused(found):
    assert found["twice"] == "two charts want to draw stays_above"


def test_its_series_are_refreshed_from_a_server_and_scored(found):
    report = found["report"]
    assert (report["problems"], report["failing"]) == ([], [])
    assert set(report["added"]) == {"boe.sonia", "ust.yield.7y"}
    assert found["asked"] == ["boe", "fred"]
    lines = (found["folder"] / "series/boe.sonia.csv").read_text("utf-8").splitlines()
    assert lines[1:] == ["2025-01-06,4.7,,1", "2025-01-07,4.7001,,1"]  # the page's own sample
    # what the tests' server makes up for a series that the catalogue names begins with 1.5 on 1 January
    assert found["read"] == [["consistent", 2.1], ["consistent", 4.7001]]


def test_no_other_verdict_moves(found):
    """Nothing new is in what another story's verdict is a function of."""
    library, store = read_library(), Store()
    engine = Engine(store, library.narratives, {e.id: e.date for e in library.events.values()})
    assert found["identity"] == engine.identity_of(OTHER, store.newest_day)


def test_style_and_form(tree):
    names = [name for name in FILES if name.endswith(".py")]
    run(tree, "-m", "ruff", "check", "--no-cache", *names)
    run(tree, "-m", "ruff", "format", "--check", "--no-cache", *names)


@pytest.mark.long
def test_types(tree):
    run(tree, "-m", "mypy", *(name for name in FILES if name.endswith(".py")))


@pytest.mark.long
def test_the_tests_of_everything_hold_for_it(tree):
    """Those that look at all kinds, charts, publishers and series there are; what is made is made anew before."""
    kept = {name: (tree / name).read_bytes() for name in MADE}
    try:
        for name, words in MADE.items():
            said = run(tree, *words)
            if "schema" in words:
                (tree / name).write_text(said, "utf-8")
        for name, which in OF_ALL.items():
            given = ("-q", "-p", "no:cacheprovider", "-m", "not long", "-k", which)
            said = run(tree, "-m", "pytest", *given, f"tests/test_{name}.py")
            assert re.search(r"^\d+ passed", said, re.MULTILINE), name
    finally:
        for name, data in kept.items():
            (tree / name).write_bytes(data)


OF_ALL = {
    "kinds": "the_kinds_are_the_files or says_of_itself",
    "charts": "of_a_kind_that_there_is or drawn_twice",
    "schema": "",
    "data_page": "",
    "declared": "",
    "publishers": "every_publisher_of_the_folder",
    "feed_bytes": "all_formats or DGS7 or IUDSOIA",
    "feeds_fred": "DGS7 or distinct",
    "refresh": "served_and_asked or committed_snapshot or changes_no_byte",
}
"""Those that run over all there is, by module; the others name what they look at."""
