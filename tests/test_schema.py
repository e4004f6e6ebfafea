"""The JSON Schemas of a narrative and of an exercise: committed as made, of one mind with the reader, a help in an editor."""

import json
import re
from fnmatch import fnmatchcase
from pathlib import Path

import jsonschema
import pytest

from evidence.catalogue import read as read_catalogue
from evidence.exercises.base import ExerciseBase
from evidence.exercises.forms import FORMS
from evidence.exercises.reading import read_exercise
from evidence.kinds import KINDS
from evidence.kinds.base import TestBase
from evidence.reading import read_text
from evidence.schema import exercise_schema, narrative_schema
from evidence.yaml_faults import YamlFault
from evidence.yaml_nodes import load_trusted

HERE = Path(__file__).parent
FIXTURES = HERE / "fixtures" / "narratives"
COMMITTED = HERE.parent / "docs" / "contract" / "narrative.schema.json"
CATALOGUE = read_catalogue(FIXTURES / "catalogue")
SCHEMA = narrative_schema()
CHECK = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
EXERCISE = exercise_schema()
CHECK_EXERCISE = jsonschema.Draft202012Validator(
    EXERCISE, format_checker=jsonschema.FormatChecker()
)
EXERCISES = sorted((HERE.parent / "narratives" / "exercises").glob("*.yaml"))
STORIES = sorted((HERE.parent / "narratives" / "liberation-day").glob("*-*.yaml"))
BY_FIELD = (
    "wrong-type",
    "wrong-word",
    "wrong-size",
    "wrong-form",
    "wrong-value",
    "unknown-key",
    "missing-key",
    "unknown-kind",
)
BEYOND_A_SCHEMA = ("date-as-spoken", "two-sides", "no-side", "tail-too-wide")
"""Faults of one field that only the reader sees."""


def as_json(text):
    """A narrative as an editor's schema check sees it: dates are texts."""
    return json.loads(json.dumps(load_trusted(text), default=str))


def test_the_committed_schema_is_the_one_of_the_models():
    made = json.dumps(SCHEMA, indent=1, ensure_ascii=False) + "\n"
    assert COMMITTED.read_text("utf-8") == made, (
        "run `python -m evidence schema > docs/contract/narrative.schema.json`"
    )
    assert json.dumps(narrative_schema()) == json.dumps(SCHEMA)


def test_it_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert "oneOf" not in json.dumps(SCHEMA)
    assert SCHEMA["$defs"]["Test"]["properties"]["kind"]["enum"] == list(KINDS)


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.good.yaml")), ids=lambda p: p.name)
def test_good_narratives_fit(path):
    assert [e.message for e in CHECK.iter_errors(as_json(path.read_text("utf-8")))] == []


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.bad.yaml")), ids=lambda p: p.name)
def test_the_reader_and_the_schema_are_of_one_mind(path):
    """What the reader refuses by a single field, the schema refuses; what only a rule refuses, it lets pass."""
    text = path.read_text("utf-8")
    try:
        document = as_json(text)
    except YamlFault:
        return
    if path.name.split(".")[1] in BEYOND_A_SCHEMA:
        return
    codes = {p.code for p in read_text(text, "x", CATALOGUE).problems}
    refused = [error.message for error in CHECK.iter_errors(document)]
    assert bool(refused) == bool(codes & set(BY_FIELD)), refused


@pytest.mark.parametrize("path", STORIES, ids=lambda p: p.stem)
def test_the_projects_stories_fit(path):
    assert [e.message for e in CHECK.iter_errors(as_json(path.read_text("utf-8")))] == []


# -- what an editor makes of it ---------------------------------------------------------------------


def story():
    return as_json((FIXTURES / "story.good.yaml").read_text("utf-8"))


def told(document):
    """Each error of a document: where it is, and what it says."""
    return [("/".join(map(str, e.path)), e.message) for e in CHECK.iter_errors(document)]


@pytest.mark.parametrize(
    ("change", "where", "says"),
    [
        ({"legs": []}, "tests/1", "'legs' was unexpected"),
        ({"against": "12 months"}, "tests/1", "'against' was unexpected"),
        ({"rol": "hoop"}, "tests/1", "'rol' was unexpected"),
        ({"series": None}, "tests/1", "'series' is a required property"),
        ({"title": None}, "tests/1", "'title' is a required property"),
        ({"role": "smoking gun"}, "tests/1/role", "'smoking gun' is not one of"),
        ({"part": "cause"}, "tests/1/part", "'cause' is not one of"),
        ({"tail": 0.05}, "tests/1/tail", "0.05 is not of type 'string'"),
        ({"kind": "net_sales"}, "tests/1/kind", "'net_sales' is not one of"),
        ({"kind": None}, "tests/1", "'kind' is a required property"),
        (
            {"matters": {"at_least": "2%", "why": "So."}},
            "tests/1/matters/at_least",
            "'2%' does not",
        ),
        ({"matters": {"at_least": "2 %"}}, "tests/1/matters", "'why' is a required property"),
        ({"window": {"for": "1 month"}}, "tests/1/window", "'for' was unexpected"),
        ({"window": "1 month"}, "tests/1/window", "'1 month' is not of type 'object'"),
        ({"predicts": {"direction": "fall"}}, "tests/1/predicts/direction", "'fall' is not one of"),
        ({"rivals_expect": {"A B": "neutral"}}, "tests/1/rivals_expect", "'A B' does not match"),
    ],
    ids=str,
)
def test_a_wrong_test_is_told_once_at_its_place_and_of_the_right_kind(change, where, says):
    document = story()
    test = document["tests"][1]
    assert test["kind"] == "net_flow"
    for key, value in change.items():
        test.pop(key, None)
        if value is not None:
            test[key] = value
    [(place, message)] = told(document)
    assert place == where
    assert says in message


@pytest.mark.parametrize(
    ("key", "value", "where"),
    [
        ("status", "published", "status"),
        ("thresholds_set", "November 2026", "thresholds_set"),
        ("parts", {"cause": "They sold."}, "parts"),
        ("said", [], "said"),
        ("mechanism", "They sold.", "mechanism"),
        ("rivals", "basis-trade", "rivals"),
        ("cases", [{"name": "a fall", "series": {"custody": "1x3 | 1"}}], "cases/0/series"),
    ],
)
def test_a_wrong_narrative_is_told_once_at_its_place(key, value, where):
    [(place, _)] = told({**story(), key: value})
    assert place == where


def offered(written, top=SCHEMA["$defs"]["Test"], definitions=SCHEMA["$defs"]):
    """The keys that an editor offers inside a test, or an exercise: those of every schema that applies to it."""
    keys, waiting = set(), [top]
    while waiting:
        schema = waiting.pop()
        if "$ref" in schema:
            schema = definitions[schema["$ref"].removeprefix("#/$defs/")]
        keys |= set(schema.get("properties", {}))
        waiting += schema.get("allOf", [])
        if "if" in schema:
            branch = jsonschema.Draft202012Validator(schema["if"]).is_valid(written)
            waiting.append(schema.get("then" if branch else "else", {}))
    return keys


@pytest.mark.parametrize("kind", KINDS)
def test_within_a_test_the_fields_of_its_kind_complete_and_no_others(kind):
    assert offered({"kind": kind}) == set(KINDS[kind].model.model_fields)
    definition = SCHEMA["$defs"][KINDS[kind].model.__name__]
    assert definition["additionalProperties"] is False


def test_before_a_kind_is_written_what_all_tests_have_completes():
    assert offered({}) == {"kind", *TestBase.model_fields}
    assert offered({"kind": "no_such"}) == {"kind"}
    choice = SCHEMA["$defs"]["Test"]["properties"]["kind"]
    assert len(choice["enumDescriptions"]) == len(choice["enum"])


def test_the_committed_schema_of_an_exercise_is_the_one_of_its_forms():
    made = json.dumps(EXERCISE, indent=1, ensure_ascii=False) + "\n"
    assert COMMITTED.with_name("exercise.schema.json").read_text("utf-8") == made, (
        "run `python -m evidence schema exercise > docs/contract/exercise.schema.json`"
    )
    jsonschema.Draft202012Validator.check_schema(EXERCISE)
    assert "oneOf" not in json.dumps(EXERCISE)
    assert EXERCISE["$defs"]["Test"] == SCHEMA["$defs"]["Test"]


@pytest.mark.parametrize("path", EXERCISES, ids=lambda p: p.stem)
def test_the_projects_exercises_fit(path):
    document = as_json(path.read_text("utf-8"))
    assert [e.message for e in CHECK_EXERCISE.iter_errors(document)] == []


@pytest.mark.parametrize("form", FORMS)
def test_within_an_exercise_the_fields_of_its_form_complete_and_no_others(form):
    definitions = EXERCISE["$defs"]
    assert offered({"form": form}, EXERCISE, definitions) == set(written_keys(FORMS[form].model))
    assert definitions[FORMS[form].model.__name__]["additionalProperties"] is False
    assert offered({}, EXERCISE, definitions) == {"form", *written_keys(ExerciseBase)}


def written_keys(model):
    """The keys of an exercise as its file has them."""
    return [field.alias or name for name, field in model.model_fields.items()]


@pytest.mark.parametrize(
    ("old", "new", "where", "says"),
    [
        ("form: holds", "form: hold", "form", "'hold' is not one of"),
        ("order: 6", "order: first", "order", "'first' is not of type 'integer'"),
        ("statements:", "sentences:", "", "'statements' is a required property"),
        ("kind: level", "kind: levle", "before/kind", "'levle' is not one of"),
        ("on: 2024-12-31", "in: 2024-12-31", "before", "'in' was unexpected"),
        ("    text: Prices", "    words: Prices", "statements/1", "'words' was unexpected"),
    ],
)
def test_what_is_wrong_in_an_exercise_is_told_at_its_place_and_refused_by_the_reader(
    tmp_path, old, new, where, says
):
    path = tmp_path / "flow-or-valuation.yaml"
    text = next(p for p in EXERCISES if p.stem == path.stem).read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    errors = list(CHECK_EXERCISE.iter_errors(as_json(path.read_text("utf-8"))))
    assert any("/".join(map(str, e.path)) == where and says in e.message for e in errors), errors
    assert read_exercise(path, read_catalogue()).value is None


def test_what_is_wrong_stands_in_what_editors_show():
    series = SCHEMA["$defs"]["NetFlow"]["properties"]["series"]
    assert series["description"] == "The monthly flow that is summed."
    assert series["markdownDescription"].startswith("The monthly flow that is summed.\n\nNot `")
    assert "Not `fed.custody.treasuries`: that is a stock" in series["markdownDescription"]
    assert series["examples"] == ["tic.net.official_bonds_notes"]
    matters = SCHEMA["$defs"]["TestBase"]["properties"]["matters"]
    assert list(matters["examples"][0]) == ["at_least", "why"]


def test_vs_code_lays_each_schema_on_its_files_and_on_nothing_else():
    home = HERE.parent
    text = (home / ".vscode" / "settings.json").read_text("utf-8")
    patterns = json.loads(re.sub(r"^ *//.*$", "", text, flags=re.MULTILINE))["yaml.schemas"]
    told = {home / schema: pattern for schema, pattern in patterns.items()}
    assert set(told) == {COMMITTED, COMMITTED.with_name("exercise.schema.json")}

    def laid(path, schema=COMMITTED):
        steps, wanted = path.split("/"), told[schema].split("/")
        return len(steps) == len(wanted) and all(map(fnmatchcase, steps, wanted))

    held = {
        path.relative_to(home).as_posix(): path for path in (home / "narratives").rglob("*.yaml")
    }
    assert {name for name in held if laid(name)} == {
        path.relative_to(home).as_posix() for path in STORIES
    }
    on_exercises = COMMITTED.with_name("exercise.schema.json")
    assert {path for name, path in held.items() if laid(name, on_exercises)} == set(EXERCISES)
    assert {name.rpartition("/")[2] for name in held if not laid(name)} >= {
        "event.yaml",
        "audit.yaml",
        "controls.yaml",
    }
    wanted = json.loads((home / ".vscode" / "extensions.json").read_text("utf-8"))
    assert wanted == {"recommendations": ["redhat.vscode-yaml"]}
