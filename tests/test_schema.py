"""The JSON Schema of a narrative: committed as it is made, and of one mind with the reader."""

import json
from pathlib import Path

import jsonschema
import pytest

from evidence.catalogue import read as read_catalogue
from evidence.kinds import KINDS
from evidence.reading import read_text
from evidence.schema import narrative_schema
from evidence.yaml_nodes import YamlFault, load_trusted

HERE = Path(__file__).parent
FIXTURES = HERE / "fixtures" / "narratives"
COMMITTED = HERE.parent / "docs" / "contract" / "narrative.schema.json"
CATALOGUE = read_catalogue(FIXTURES / "catalogue")
SCHEMA = narrative_schema()
CHECK = jsonschema.Draft202012Validator(SCHEMA)
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
BEYOND_A_SCHEMA = ("no-such-day", "date-as-spoken", "two-sides", "no-side", "tail-too-wide")
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


def test_a_wrong_field_is_told_of_the_right_kind():
    document = as_json((FIXTURES / "story.good.yaml").read_text("utf-8"))
    document["tests"][1]["legs"] = []
    [error] = CHECK.iter_errors(document)
    assert "'legs' was unexpected" in error.message
    assert list(error.path) == ["tests", 1]
