"""The JSON Schema of a narrative, made from its models: for editors that complete and check while one writes.

A test's fields depend on its kind. They are given by if/then on `kind`: with `oneOf` an editor names
the wrong branch. What a schema cannot say (`evidence.lint`) is said by `python -m evidence lint`.
"""

from typing import Any

from evidence.kinds import KINDS
from evidence.kinds.base import TestBase
from evidence.narrative import Narrative

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def narrative_schema() -> dict[str, Any]:
    """The schema, draft 2020-12; the same bytes for the same models."""
    schema: dict[str, Any] = Narrative.model_json_schema(by_alias=True, mode="validation")
    definitions = schema["$defs"]
    common = TestBase.model_json_schema(by_alias=True, mode="validation")
    definitions.update(common.pop("$defs", {}))
    definitions["Test"] = _test(common)
    schema["properties"]["tests"]["items"] = {"$ref": "#/$defs/Test"}
    for definition in [schema, *definitions.values()]:
        _plainer(definition)
    schema["$defs"] = dict(sorted(definitions.items()))
    return {"$schema": DRAFT, **schema}


def _test(common: dict[str, Any]) -> dict[str, Any]:
    """Any test: the fields of all kinds, and for each kind its own model."""
    names = {kind.name: kind.model.__name__ for kind in KINDS.values()}
    kinds = {
        "enum": list(names),
        "description": "\n".join(f"{k.name}: {k.example}" for k in KINDS.values()),
    }
    return {
        "type": "object",
        "title": "Test",
        "description": "One prediction on one series or declared combination.",
        "properties": {"kind": kinds, **common["properties"]},
        "required": ["kind", *common["required"]],
        "allOf": [
            {
                "if": {"properties": {"kind": {"const": name}}, "required": ["kind"]},
                "then": {"$ref": f"#/$defs/{model}"},
            }
            for name, model in names.items()
        ],
    }


def _plainer(definition: dict[str, Any]) -> None:
    """Takes out the titles that only repeat a field's name, and defaults that YAML does not write so."""
    for field in definition.get("properties", {}).values():
        field.pop("title", None)
        if isinstance(field.get("default"), dict) and set(field["default"]) == {"value", "unit"}:
            field["default"] = f"{field['default']['value']:g} %"
