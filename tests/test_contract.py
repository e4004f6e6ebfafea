"""The command line and its JSON: docs/contract/ describes what is printed, and what is printed fits it."""

import copy
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from datetime import date
from functools import cache
from pathlib import Path

import jsonschema
import pytest
from typer.testing import CliRunner

from evidence.cli import app
from evidence.commands import discover
from evidence.contract import FOLDER, schemas, text
from evidence.shelf import SeriesRow
from evidence.trace import PlaceboTrace, TestTrace, Verdict, WindowTrace

pytestmark = pytest.mark.usefixtures("read_once")

ROOT = Path(__file__).parent.parent
SCHEMAS = schemas()
COMMANDS = tuple(discover())
STORY = "foreign-governments-retaliated"


@cache
def run(*arguments):
    """The command in this process: stdout, stderr and exit status."""
    return CliRunner().invoke(app, list(arguments), prog_name="python -m evidence")


def apart(*arguments, cwd=ROOT):
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "evidence", *arguments], cwd=cwd, capture_output=True, text=True, timeout=180,
        check=False, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def document(*arguments):
    done = run(*arguments, "--json")
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def strict(schema):
    """The schema with every object closed, so that a field that it does not name is an error."""
    closed = copy.deepcopy(schema)
    nodes = [closed]
    while nodes:
        node = nodes.pop()
        if isinstance(node, dict):
            if "properties" in node:
                node["additionalProperties"] = False
            nodes += node.values()
        elif isinstance(node, list):
            nodes += node
    return jsonschema.Draft202012Validator(closed, format_checker=jsonschema.FormatChecker())


WRITING = ("backfill", "refresh", "import", "site", "new")
"""Commands that change a store or fill a folder: their own modules run them, on places of their own."""
DOCUMENTS = {
    name: tuple(word for word in shlex.split(module.EXAMPLE) if word != "--json")
    for name, module in discover().items()
    if hasattr(module, "document") and name not in WRITING
}
"""Each command's own example, as its help prints it."""
LENGTHY = ("library",)
"""Commands that score every story on every day: their examples run among the long tests, and on two stories here."""


def examples(commands):
    """The commands as parameters, the lengthy ones marked."""
    return [
        pytest.param(name, marks=pytest.mark.long if name in LENGTHY else ()) for name in commands
    ]


@pytest.fixture(scope="module")
def two_stories(tmp_path_factory):
    """A folder of narratives with two of the project's stories, which name no rival."""
    folder = tmp_path_factory.mktemp("two") / "narratives"
    (folder / "liberation-day").mkdir(parents=True)
    for name in ("event", "deficit-front-loading", "us-crowds-the-index"):
        path = Path("liberation-day") / f"{name}.yaml"
        shutil.copyfile(ROOT / "narratives" / path, folder / path)
    return folder


def misfits(command, printed):
    """Where a document does not fit the schema of its command, or has what the schema does not name."""
    return [
        f"{'/'.join(map(str, e.path))}: {e.message}"
        for e in strict(SCHEMAS[command]).iter_errors(printed)
    ]


@pytest.mark.parametrize("command", sorted(SCHEMAS))
def test_the_committed_schema_is_the_one_of_the_models(command):
    committed = (FOLDER / f"{command}.schema.json").read_text("utf-8")
    assert committed == text(SCHEMAS[command]), "run `python -m evidence.contract`"
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[command])


def test_every_command_with_json_has_a_schema():
    assert (
        set(SCHEMAS) == set(COMMANDS) - {"schema"} == set(DOCUMENTS) | set(WRITING) & set(COMMANDS)
    )
    files = {p.name for p in FOLDER.glob("*.schema.json")}
    assert files == {f"{c}.schema.json" for c in (*SCHEMAS, "narrative", "exercise")}


@pytest.mark.parametrize("command", examples(sorted(DOCUMENTS)))
def test_what_is_printed_fits_its_schema(command):
    assert misfits(command, document(*DOCUMENTS[command])) == []


def test_what_is_printed_of_two_stories_fits_the_schema_of_library(two_stories):
    asked = (*DOCUMENTS["library"], "--narratives", str(two_stories))
    printed = document(*asked)
    assert misfits("library", printed) == []
    told = run(*asked).stdout.splitlines()
    assert [line.partition(":")[0] for line in told] == [s["id"] for s in printed["stories"]]
    assert {s["id"] for s in printed["stories"]} == {"deficit-front-loading", "us-crowds-the-index"}


def test_the_schema_has_the_models_fields():
    definitions = SCHEMAS["score"]["$defs"]
    assert set(definitions["Verdict"]["properties"]) == set(Verdict.model_fields)
    assert set(definitions["TestTrace"]["properties"]) == set(TestTrace.model_fields)
    for name, model in (("PlaceboTrace", PlaceboTrace), ("WindowTrace", WindowTrace)):
        renamed = {"first": "from", "last": "to"}
        assert set(definitions[name]["properties"]) == {
            renamed.get(f, f) for f in model.model_fields
        }
    assert set(SCHEMAS["series"]["$defs"]["SeriesRow"]["properties"]) == set(SeriesRow.model_fields)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda d: d.pop("engine"),
        lambda d: d["verdicts"][0].update(direction="true"),
        lambda d: d["verdicts"][0].update(identity="sha256:1"),
        lambda d: d["verdicts"][0]["tests"][0].update(role="straw"),
        lambda d: d["verdicts"][0]["tests"][0].pop("placebo"),
        lambda d: next(t for v in d["verdicts"] for t in v["tests"] if t["window"])["window"].pop(
            "from"
        ),
        lambda d: d.update(as_of="yesterday"),
    ],
)
def test_a_document_that_breaks_the_contract_is_refused(spoil):
    spoilt = copy.deepcopy(document("score", "--as-of", "2025-05-02"))
    spoil(spoilt)
    checker = jsonschema.Draft202012Validator(
        SCHEMAS["score"], format_checker=jsonschema.FormatChecker()
    )
    assert not checker.is_valid(spoilt)


def test_a_field_may_be_added():
    more = copy.deepcopy(document("score", "--as-of", "2025-05-02"))
    more["verdicts"][0]["new"] = more["new"] = 1
    assert jsonschema.Draft202012Validator(SCHEMAS["score"]).is_valid(more)


def test_the_names_of_the_contract():
    """CONTRACT.md's example, field by field; its order too."""
    whole = document("score", "--as-of", "2025-05-02")
    assert list(whole) == ["engine", "snapshot", "as_of", "snapshot_n", "verdicts"]
    verdict = whole["verdicts"][0]
    assert set(verdict) >= {
        "id", "identity", "title", "claim", "direction", "confidence", "rule", "reasons", "downgrades", "would_change",
        "next_release", "so_far", "private_data", "parts", "tests",
    }  # fmt: skip
    basis = next(v for v in whole["verdicts"] if v["id"] == "basis-trade-unwind")["tests"][0]
    assert set(basis) >= {
        "id", "kind", "role", "series", "source_group", "outcome", "reason", "evaluable_on", "statistic", "matters",
        "abnormal", "placebo", "power", "window", "data", "expected", "seen",
    }  # fmt: skip
    assert list(basis["placebo"]) == ["p", "p_if_true", "dates", "effective", "tail", "from", "to"]
    assert set(basis["window"]) >= {"from", "to", "so_far"}
    assert set(basis["data"]) >= {"first", "last", "known_at", "vintage_quality", "grade"}
    assert set(basis["statistic"]) >= {"value", "unit", "label"}
    assert basis["expected"].startswith("If the claim were true, we would expect ")
    facts = [t for v in whole["verdicts"] for t in v["tests"] if t["kind"] == "record"]
    assert facts
    assert all(t["placebo"] is None for t in facts)


# ---------------------------------------------------------------- stdout, stderr, exit status


@pytest.mark.parametrize("command", examples(sorted(DOCUMENTS)))
def test_json_is_one_document_and_nothing_else(command):
    done = run(*DOCUMENTS[command], "--json")
    assert done.stdout.endswith("}\n")
    assert json.JSONDecoder().raw_decode(done.stdout)[1] == len(done.stdout) - 1
    assert "NaN" not in done.stdout
    assert "Infinity" not in done.stdout


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory):
    """The project's narratives with one that cannot be read."""
    folder = tmp_path_factory.mktemp("spoilt") / "narratives"
    for path in (ROOT / "narratives").rglob("*.yaml"):
        copy = folder / path.relative_to(ROOT / "narratives")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text("utf-8"), "utf-8")
    bad = folder / "liberation-day" / "swap-spread-unwind.yaml"
    bad.write_text(bad.read_text("utf-8").replace("status: live", "status: alive"), "utf-8")
    return folder


@pytest.mark.parametrize("command", ["lint", "score", "check"])
def test_a_broken_narrative_is_told_on_stderr_and_ends_in_1(spoilt, command):
    asked = [] if command == "lint" else ["dollar-fell-before"]
    done = run(command, *asked, "--narratives", str(spoilt), "--json")
    assert done.exit_code == 1
    whole = json.loads(done.stdout)
    if command == "lint":
        [error] = [p for p in whole["problems"] if p["severity"] == "error"]
        assert whole["errors"] == 1
        assert error["file"].endswith("swap-spread-unwind.yaml")
        bad = spoilt / "liberation-day" / "swap-spread-unwind.yaml"
        assert bad.read_text("utf-8").splitlines()[error["line"] - 1] == "status: alive"
    else:
        assert "swap-spread-unwind.yaml" in done.stderr
        assert "alive" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["score", "no-such-story"], "there is no narrative `no-such-story`"),
        (["score", "basis-trade-unwin"], "did you mean `basis-trade-unwind`?"),
        (["score", "--as-of", "yesterday"], "`yesterday` is not a date"),
        (["score", "--as-of", "2025-02-30"], "is not a date"),
        (["score", "--narratives", "no/such/folder"], "there is no folder"),
        (["score", "--snapshot", "no/such/folder"], "no readable manifest.json"),
        (["explain"], "Missing argument"),
        (["explain", STORY, "--test", "custody"], "has no test `custody`"),
        (["series", "fed.custody.treasurys"], "did you mean `fed.custody.treasuries`?"),
        (["check", "no-such-story"], "there is no narrative"),
        (["score", "--no-such-option"], "No such option"),
        (["no-such-command"], "No such command"),
    ],
    ids=lambda a: " ".join(a) if isinstance(a, list) else "",
)
def test_wrong_use_ends_in_2_with_a_sentence(arguments, told):
    done = run(*arguments)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert told in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", examples(c for c in COMMANDS if c not in WRITING))
def test_the_example_in_the_help_runs(command):
    done = run(command, "--help")
    assert done.exit_code == 0
    unwrapped = " ".join(
        re.sub(r"-\n *", "-", done.stdout).split()
    )  # the help may break a line after a hyphen
    found = re.search(r"Example: python -m evidence (.+?)(?: > \S+)?$", unwrapped)
    assert found, done.stdout
    arguments = found[1].split()
    assert arguments[0] == command
    if arguments == ["check"]:
        arguments.append("dollar-fell-before")  # all of them are run by tests/test_controls.py
    example = run(*arguments)
    assert example.exit_code == 0, example.stderr
    assert example.stdout or example.stderr


@pytest.fixture(scope="module")
def faulty(request, tmp_path_factory):
    """The project's snapshot with one file that every command below reads, spoilt."""
    folder = tmp_path_factory.mktemp(request.param) / "snapshot"
    shutil.copytree(ROOT / "evidence" / "snapshot", folder)
    file = folder / "series" / "fed.h10.broad_dollar.csv"
    if request.param == "missing":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[:-20])
    return folder


READING = (
    ("score", "dollar-fell-before"),
    ("score",),
    ("explain", "dollar-fell-before"),
    ("check", "everything-fell-together"),
    ("series", "fed.h10.broad_dollar"),
    ("series",),
)
DEAR = (("score",), ("check", "everything-fell-together"), ("series",))
"""These ask for everything: quickly in one form with each fault, in the other form among the long tests."""
DAMAGES = [
    pytest.param(
        fault,
        arguments,
        form,
        id=f"{fault}-{' '.join((*arguments, *form))}",
        marks=pytest.mark.long if arguments in DEAR and i == j else (),
    )
    for i, fault in enumerate(("corrupted", "missing"))
    for arguments in READING
    for j, form in enumerate(((), ("--json",)))
]


@pytest.mark.parametrize(("faulty", "arguments", "form"), DAMAGES, indirect=["faulty"])
def test_a_damaged_file_is_left_out_named_and_ends_in_1(faulty, arguments, form):
    """The rest is answered; what the file would have told is not."""
    done = run(*arguments, "--snapshot", str(faulty), *form)
    assert done.exit_code == 1
    assert done.stderr.startswith("fed.h10.broad_dollar: ")
    assert done.stderr.count("\n") == 1
    assert "left out" in done.stderr
    if form and arguments[0] == "score":
        found = json.loads(done.stdout)["verdicts"]
        told = [t for v in found for t in v["tests"] if "fed.h10.broad_dollar" in t["series"]]
        assert told
        assert {t["outcome"] for t in told} == {"not_evaluable"}
        assert {"damaged" in t["reason"] for t in told} == {True}
        if arguments == ("score",):
            assert {"consistent", "inconsistent"} < {
                t["outcome"] for v in found for t in v["tests"]
            }


def test_a_manifest_that_cannot_be_read_is_one_sentence(tmp_path):
    (tmp_path / "manifest.json").write_text("{", encoding="utf-8")
    done = run("score", "--snapshot", str(tmp_path), "--json")
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "no readable manifest.json" in done.stderr


def test_the_schema_is_json_with_and_without_the_option():
    plain, asked = run("schema"), run("schema", "--json")
    assert plain.exit_code == asked.exit_code == 0
    assert asked.stdout == plain.stdout
    assert json.loads(plain.stdout)["$schema"]


def test_lint_says_where(spoilt):
    done = run("lint", "--narratives", str(spoilt))
    assert done.exit_code == 1
    assert re.search(
        r"narratives/liberation-day/swap-spread-unwind\.yaml:\d+:\d+: [a-z-]+: ", done.stdout
    )


def test_in_a_process_of_its_own_from_any_folder(tmp_path):
    """The same bytes as in this process; problems on stderr, and the status that a shell sees."""
    done = apart("score", "dollar-fell-before", "--as-of", "2025-06-20", "--json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert (
        done.stdout == run("score", "dollar-fell-before", "--as-of", "2025-06-20", "--json").stdout
    )
    wrong = apart("score", "dollar-fell", cwd=tmp_path)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert (
        wrong.stderr == "there is no narrative `dollar-fell` (did you mean `dollar-fell-before`?)\n"
    )


# ---------------------------------------------------------------- what the issue asks for by name


def test_of(story, day):
    whole = document("score", story, "--as-of", day)
    return {t["id"]: t for t in whole["verdicts"][0]["tests"]}


test_of.__test__ = False


def test_on_10_april_no_week_after_1_april_is_seen():
    tests = test_of("basis-trade-unwind", "2025-04-10")
    for name in ("net-short-shrinks", "ten-year-short-shrinks"):
        assert tests[name]["outcome"] == "not_evaluable"
        assert tests[name]["statistic"] is None
        assert tests[name]["data"] is None
        assert tests[name]["window"] is None
        assert "4" in tests[name]["reason"]
        assert tests[name]["evaluable_on"] == "2025-04-18", "15 April's positions, on Good Friday"


def test_on_2_may_the_net_short_has_grown_by_665_275_contracts():
    test = test_of("basis-trade-unwind", "2025-05-02")["net-short-shrinks"]
    assert test["statistic"]["value"] == -665275
    assert test["statistic"]["as_predicted"] == -665275
    assert test["statistic"]["unit"] == "contracts"
    assert (test["window"]["from"], test["window"]["to"]) == ("2025-04-01", "2025-04-29")
    assert test["window"]["so_far"] is False
    assert test["data"]["known_at"] == "2025-05-02T19:30:00Z"
    assert "665,275 contracts" in test["seen"]


TIC_APRIL = ("official-net-sales", "china-sells", "japan-sells", "official-equities")


def test_on_30_may_the_april_survey_waits_for_18_june():
    tests = test_of(STORY, "2025-05-30")
    for name in TIC_APRIL:
        assert tests[name]["outcome"] == "not_evaluable"
        assert tests[name]["evaluable_on"] == "2025-06-18"
        assert "18 June 2025" in tests[name]["seen"]


def test_on_20_june_it_speaks():
    tests = test_of(STORY, "2025-06-20")
    for name in TIC_APRIL:
        assert tests[name]["outcome"] != "not_evaluable"
        assert tests[name]["data"]["known_at"].startswith("2025-06-18")
        assert tests[name]["window"]["to"] == "2025-04-30"


def spent_on(act):
    """What comes of it, and the processor seconds, user's and system's, of the processes that it ran."""
    before = os.times()
    done = act()
    after = os.times()
    return done, sum(after[i] - before[i] for i in (2, 3))


def test_all_twenty_without_a_date_and_cold():
    """Under 3 s of processor time, or eight times what importing pandas takes on a machine that is slow just now."""
    done, spent = spent_on(lambda: apart("score", "--json"))
    loading = [sys.executable, "-c", "import pandas"]
    _, yardstick = spent_on(lambda: subprocess.run(loading, check=True))
    assert done.returncode == 0
    whole = json.loads(done.stdout)
    assert {v["id"] for v in whole["verdicts"]} == {
        "everything-fell-together", STORY, "foreign-private-protest", "basis-trade-unwind", "swap-spread-unwind",
        "private-outflows-began-before", "inflows-stalled-after-deepseek", "outflows-after-german-fiscal-shift",
        "dollar-fell-before", "unhedged-exposure-built-up", "us-crowds-the-index", "the-liability-turned-to-equity",
        "record-equity-inflow-2024", "deficit-front-loading", "exceptionalism-lasts", "deficit-is-the-target",
        "foreigners-still-exposed", "framework-holds", "smaller-deficit-means-outflow", "rebound-fits-the-framework",
    }  # fmt: skip
    manifest = json.loads((ROOT / "evidence" / "snapshot" / "manifest.json").read_text("utf-8"))
    assert whole["as_of"] == manifest["newest_release"]
    assert date.fromisoformat(whole["as_of"]) >= date(2026, 10, 7)
    assert spent < max(3, 8 * yardstick), f"{spent:.1f} s, pandas {yardstick:.1f} s"
