"""The JSON Schema of a narrative, made from its models: for editors that complete and check while one writes.

A test's fields depend on its kind. They are given by if/then on `kind`: with `oneOf` an editor names
the wrong branch. Each kind's definition is closed, so within a test only that kind's fields complete,
and others are marked. What a schema cannot say (`evidence.lint`) is said by `python -m evidence lint`.
Editors show `description` and not our `badExamples`, so `markdownDescription` tells those too.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from evidence.fields import flow
from evidence.kinds import KINDS
from evidence.kinds.base import TestBase
from evidence.narrative import Narrative

DRAFT = "https://json-schema.org/draft/2020-12/schema"
COMMON = TestBase.__name__
"""The definition of the fields that all tests have."""


class _AsWritten(GenerateJsonSchema):
    """Keeps keys in the order of the models, so that an example stands as it was written."""

    def sort(self, value: JsonSchemaValue, parent_key: str | None = None) -> JsonSchemaValue:  # noqa: ARG002
        return value


def narrative_schema() -> dict[str, Any]:
    """The schema, draft 2020-12; the same bytes for the same models."""
    schema = schema_of(Narrative)
    definitions = {**schema.pop("$defs"), **schema_of(TestBase).pop("$defs")}
    definitions[COMMON] = schema_of(TestBase)
    del definitions[COMMON]["$defs"], definitions[COMMON]["additionalProperties"]
    for kind in KINDS.values():
        _share(definitions[kind.model.__name__]["properties"], definitions[COMMON]["properties"])
    definitions["Test"] = _test()
    schema["properties"]["tests"]["items"] = {"$ref": "#/$defs/Test"}
    return {"$schema": DRAFT, **schema, "$defs": dict(sorted(definitions.items()))}


def schema_of(model: type[BaseModel]) -> dict[str, Any]:
    """The schema of one model, with the definitions of those that it holds."""
    schema: dict[str, Any] = model.model_json_schema(schema_generator=_AsWritten)
    definitions = schema.setdefault("$defs", {})
    for definition in [schema, *definitions.values()]:
        for field in definition.get("properties", {}).values():
            if "$ref" in field:  # pydantic leaves a description out that the model itself has too
                field.setdefault("description", definitions[named(field)]["description"])
            _plainer(field)
    return schema


def named(field: Mapping[str, Any]) -> str:
    """The name of the definition that a field refers to."""
    return str(field["$ref"]).removeprefix("#/$defs/")


def _test() -> dict[str, Any]:
    """Any test: what it asks is its kind; the rest is the model of that kind.

    While no kind is written yet, the fields that all tests have complete.
    """
    names = {kind.name: kind.model.__name__ for kind in KINDS.values()}
    says = {kind.name: f"{kind.label}. {kind.example}" for kind in KINDS.values()}
    return {
        "type": "object",
        "title": "Test",
        "description": "One prediction on one series or declared combination.",
        "properties": {
            "kind": {
                "enum": list(names),
                "enumDescriptions": list(says.values()),
                "description": "What the test asks. The other fields depend on it.\n"
                + "\n".join(f"{name}: {said}" for name, said in says.items()),
            }
        },
        "required": ["kind"],
        "if": {"required": ["kind"]},
        "else": {"$ref": f"#/$defs/{COMMON}"},
        "allOf": [
            {
                "if": {"properties": {"kind": {"const": name}}, "required": ["kind"]},
                "then": {"$ref": f"#/$defs/{model}"},
            }
            for name, model in names.items()
        ],
    }


def _share(fields: dict[str, Any], common: Mapping[str, Any]) -> None:
    """Puts a reference in the place of each field that a kind has in common with all others."""
    for name in fields.keys() & common.keys():
        if fields[name] == common[name]:
            fields[name] = {"$ref": f"#/$defs/{COMMON}/properties/{name}"}


def _plainer(field: dict[str, Any]) -> None:
    """Takes out the title that only repeats the name, and a default that YAML does not write so; tells what is wrong."""
    field.pop("title", None)
    if "patternProperties" in field:
        field["additionalProperties"] = False
    if isinstance(field.get("default"), dict) and set(field["default"]) == {"value", "unit"}:
        field["default"] = f"{field['default']['value']:g} %"
    if "badExamples" in field:
        field["markdownDescription"] = "\n\n".join(_told(field))


def _told(field: Mapping[str, Any]) -> Iterator[str]:
    """A field's description, then a paragraph for each value that does not fit."""
    yield field["description"]
    for bad in field["badExamples"]:
        yield f"Not `{flow(bad['value'])}`: {bad['why']}."
