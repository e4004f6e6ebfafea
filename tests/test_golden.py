"""The engine against golden verdicts that another program wrote from docs/method.md."""

import ast
import importlib.util
import json
import math
import re
from datetime import date
from pathlib import Path

import pytest

from evidence import ENGINE_VERSION
from evidence.engine import Engine
from evidence.kinds import is_fact
from evidence.library import read_library
from evidence.observations import SNAPSHOT, Store
from evidence.trace import dump

HERE = Path(__file__).parent
ROOT = HERE.parent
RECOMPUTE = HERE / "golden" / "recompute.py"
GOLDEN = json.loads((HERE / "golden" / "verdicts.json").read_text(encoding="utf-8"))
DAYS = list(GOLDEN["days"])
PROJECT = {"evidence", "charts", "walkthrough", "briefs", "tests"}


@pytest.fixture(scope="module")
def recompute():
    spec = importlib.util.spec_from_file_location("golden_recompute", RECOMPUTE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def engine():
    store = Store(SNAPSHOT)
    library = read_library(ROOT / "narratives", store.catalogue)
    anchors = {event.id: event.date for event in library.events.values()}
    return Engine(store, library.narratives, anchors)


def same(golden, found):
    if isinstance(golden, float | int) and isinstance(found, float | int):
        return math.isclose(golden, found, rel_tol=1e-6, abs_tol=1e-12)
    return golden == found


def of(row, *path):
    for key in path:
        row = (row or {}).get(key)
    return row


def told(trace):
    """What the engine says of a test, in the words of verdicts.json."""
    known = of(trace, "data", "known_at")
    row = {
        "outcome": trace["outcome"],
        "raw": of(trace, "statistic", "as_predicted"),
        "first": of(trace, "window", "from"),
        "last": of(trace, "window", "to"),
        "so_far": of(trace, "window", "so_far"),
        "known_at": known and known[:10],
    }
    if trace["outcome"] != "not_evaluable":
        row["matters"] = of(trace, "matters", "at_least")
    if not is_fact(trace["kind"]):
        row |= {
            "value": of(trace, "statistic", "value"),
            "abnormal": of(trace, "abnormal", "value"),
            "p": of(trace, "placebo", "p"),
            "p_if_true": of(trace, "placebo", "p_if_true"),
            "dates": of(trace, "placebo", "dates"),
            "effective": of(trace, "placebo", "effective"),
            "placebo_from": of(trace, "placebo", "from"),
            "placebo_to": of(trace, "placebo", "to"),
            "mde80": of(trace, "power", "mde80"),
            "first_print_outcome": trace["first_print_outcome"],
        }
    return row


def differences(engine, day):
    """(what, golden, engine) wherever the two differ on a day."""
    for name, golden in GOLDEN["days"][day].items():
        verdict = engine.score(name, date.fromisoformat(day)).verdict
        document = dump(verdict)
        for key in ("direction", "confidence"):
            if golden[key] != document[key]:
                yield (name, key), golden[key], document[key]
        parts = {part["part"]: part for part in document["parts"]}
        for part, row in golden["parts"].items():
            found = parts[part]
            # the engine prints J with four digits
            joint = row["joint"] and float(f"{row['joint']:.4g}")
            if (row["direction"], joint) != (found["direction"], found["joint"]):
                yield (name, part), row, found
        traces = {trace["id"]: trace for trace in document["tests"]}
        assert list(traces) == list(golden["tests"])
        for test, row in golden["tests"].items():
            for key, found in told(traces[test]).items():
                if not same(row.get(key), found):
                    yield (test, key), row.get(key), found


@pytest.mark.parametrize("day", DAYS)
def test_the_engine_equals_the_golden_verdicts(engine, day):
    found = [
        f"{'.'.join(where)}: golden {golden}, engine {other}"
        for where, golden, other in differences(engine, day)
    ]
    assert not found, f"{day}: " + "; ".join(found)


def test_the_golden_days_end_with_the_newest_release(engine):
    expected = ["2025-04-12", "2025-04-25", "2025-06-20", engine.store.newest_day.isoformat()]
    assert expected == DAYS


@pytest.mark.parametrize("day", DAYS)
def test_recomputing_gives_the_golden_verdicts_again(recompute, day):
    again = recompute.table(date.fromisoformat(day), *recompute.places())
    assert json.loads(json.dumps(again)) == GOLDEN["days"][day]


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module.split(".")[0] if node.module and not node.level else "."
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield from {"__import__", "exec", "eval"} & {node.func.id}


def test_recompute_stands_alone():
    names = set(imported(ast.parse(RECOMPUTE.read_text(encoding="utf-8"))))
    forbidden = PROJECT | {".", "importlib", "runpy", "subprocess", "__import__", "exec", "eval"}
    assert not names & forbidden


def test_a_moved_golden_verdict_raises_the_engine_version(recompute):
    digest = recompute.digest(GOLDEN["days"])
    assert digest == GOLDEN["sha256"], (
        "verdicts.json was changed by hand: run recompute.py --write."
    )
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    lines = re.findall(rf"^\W*Engine {re.escape(ENGINE_VERSION)}\b.*$", changelog, re.MULTILINE)
    marks = [mark for line in lines for mark in re.findall(r"\b[0-9a-f]{12}\b", line)]
    assert (GOLDEN["engine"], marks) == (ENGINE_VERSION, [digest[:12]]), (
        "The golden verdicts moved: raise ENGINE_VERSION, run tests/golden/recompute.py --write and "
        f"add a line “Engine <version> (verdicts {digest[:12]}): …” to CHANGELOG.md."
    )


@pytest.mark.parametrize(
    ("day", "narrative", "test", "key", "printed"),
    [
        ("2025-06-20", "basis-trade-unwind", "net-short-shrinks", "value", -665275),
        ("2025-06-20", "foreign-governments-retaliated", "custody-falls", "value", -12.38),
        ("2025-06-20", "foreign-governments-retaliated", "official-net-sales", "value", 6.0),
        (DAYS[-1], "foreign-governments-retaliated", "official-net-sales", "value", -5.692),
        ("2025-06-20", "basis-trade-unwind", "repo-rate-spikes", "value", 9),
        (
            "2025-06-20",
            "foreign-governments-retaliated",
            "auction-short-of-record",
            "level",
            87.896,
        ),
        (
            "2025-06-20",
            "foreign-governments-retaliated",
            "auction-short-of-record",
            "earlier",
            79.453,
        ),
    ],
)
def test_published_figures_come_out(day, narrative, test, key, printed):
    assert same(GOLDEN["days"][day][narrative]["tests"][test][key], printed)
