"""The engine against golden verdicts that another program wrote from docs/method.md."""

import ast
import importlib
import json
import math
import re
from datetime import date
from pathlib import Path

import pytest

from evidence import ENGINE_VERSION
from evidence.audit import audit
from evidence.calibration import table
from evidence.kinds import is_fact
from evidence.trace import dump
from tests import ours

HERE = Path(__file__).parent
ROOT = HERE.parent
PROGRAM = sorted((HERE / "golden").glob("*.py"))
GOLDEN = json.loads((HERE / "golden" / "verdicts.json").read_text(encoding="utf-8"))
DAYS = list(GOLDEN["days"])
PROJECT = {"evidence", "charts", "walkthrough", "briefs", "tests"}


@pytest.fixture(scope="module")
def recompute():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(HERE / "golden")
        yield importlib.import_module("recompute")


@pytest.fixture(scope="module")
def store():
    return ours.store()


@pytest.fixture(scope="module")
def library(store):
    return ours.library()


@pytest.fixture(scope="module")
def engine(store, library):
    return ours.engine()


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
        "value": of(trace, "statistic", "value"),
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
        document = dump(engine.score(name, date.fromisoformat(day)).verdict)
        document["down"] = [step["name"] for step in document["downgrades"]]
        for key in ("direction", "confidence", "down"):
            if golden[key] != document[key]:
                yield (name, key), golden[key], document[key]
        for key in ("agree", "of"):
            if golden[key] != of(document, "robustness", key):
                yield (name, key), golden[key], of(document, "robustness", key)
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


def test_every_live_story_is_among_the_golden_verdicts(library):
    live = {name for name, story in library.narratives.items() if story.status == "live"}
    assert all(set(GOLDEN["days"][day]) == live for day in DAYS)


def test_the_kept_calibration_equals_the_golden_one():
    """Counts of quiet dates, alarms, and effects seen and missed, of every ranked test."""
    rows = {test: row for row in table().rows for test in row.tests}
    assert set(rows) == set(GOLDEN["calibration"])
    found = []
    for name, golden in GOLDEN["calibration"].items():
        row = rows[name]
        counts = {
            "dates": row.dates,
            "first": row.first and row.first.isoformat(),
            "last": row.last and row.last.isoformat(),
            "alarms": row.alarms,
            "nominal": row.nominal,
            "fired": row.fired,
            "seen": [round(share * row.dates) for share in row.seen],
            "missed": round((row.missed or 0) * row.dates),
        }
        found += [
            f"{name}.{key}: golden {golden[key]}, engine {counts[key]}"
            for key in counts
            if not same(golden[key], counts[key])
        ]
    assert not found, "; ".join(found)


def audited(figure):
    """What the audit says of a figure, in the words of verdicts.json."""
    rows = {}
    for reading in figure["readings"]:
        row = {"counts": reading["counts"]}
        for when in ("then", "today"):
            taken = reading[when]
            row[when] = {key: taken[key] for key in ("outcome", "agrees")}
            row[when]["value"] = of(taken, "amount", "value")
        if reading["each_day"]:
            days = reading["each_day"]
            row["each_day"] = {key: days[key]["value"] for key in ("lowest", "highest")}
            row["each_day"] |= {key: days[key] for key in ("days", "agreeing")}
        rows[reading["id"]] = row
    return {key: figure[key] for key in ("status", "turned", "distance")} | {"readings": rows}


def unlike(golden, found, *path):
    """(where, golden, engine) of every number in which two tables differ; golden may hold more."""
    if isinstance(found, dict):
        for key in found:
            yield from unlike((golden or {}).get(key), found[key], *path, key)
    elif not same(golden, found):
        yield ".".join(path), golden, found


def test_the_audit_equals_the_golden_one(library, engine):
    figures = [
        figure.model_dump(mode="json")
        for event in library.audits
        for figure in audit(library, engine, event).figures
    ]
    assert {figure["id"] for figure in figures} == set(GOLDEN["audit"])
    found = [
        row
        for figure in figures
        for row in unlike(GOLDEN["audit"][figure["id"]], audited(figure), figure["id"])
    ]
    assert not found


@pytest.mark.long
@pytest.mark.parametrize("day", DAYS)
def test_recomputing_gives_the_golden_verdicts_again(recompute, day):
    again = recompute.table(date.fromisoformat(day), *recompute.places())
    assert json.loads(json.dumps(again)) == GOLDEN["days"][day]


def test_recomputing_the_newest_day_gives_its_golden_verdicts_again(recompute):
    """All stories but the one that takes longer than all others together."""
    longest = "everything-fell-together"
    again = recompute.table(
        date.fromisoformat(DAYS[-1]), *recompute.places(), leaving_out=(longest,)
    )
    golden = {name: row for name, row in GOLDEN["days"][DAYS[-1]].items() if name != longest}
    assert len(golden) == len(GOLDEN["days"][DAYS[-1]]) - 1
    assert json.loads(json.dumps(again)) == golden


def test_recomputing_gives_the_golden_audit_again(recompute):
    assert json.loads(json.dumps(recompute.audit())) == GOLDEN["audit"]


@pytest.mark.long
def test_recomputing_gives_the_golden_calibration_again(recompute):
    assert json.loads(json.dumps(recompute.calibration())) == GOLDEN["calibration"]


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module.split(".")[0] if node.module and not node.level else "."
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield from {"__import__", "exec", "eval"} & {node.func.id}


def test_recompute_stands_alone():
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in PROGRAM]
    names = {name for tree in trees for name in imported(tree)}
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
