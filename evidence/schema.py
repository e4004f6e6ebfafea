"""The JSON Schemas of a narrative and of an exercise, made from their models: for editors that complete and check.

A test's fields depend on its kind, an exercise's on its form. They are given by if/then on `kind` and `form`: with
`oneOf` an editor names the wrong branch. Each kind's definition is closed, so within a test only that kind's fields
complete, and others are marked. What a schema cannot say (`evidence.lint`) is said by `python -m evidence lint`.
Editors show `description` and not our `badExamples`, so `markdownDescription` tells those too.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from evidence.exercises.base import ExerciseBase
from evidence.exercises.forms import FORMS
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
    definitions = {**schema.pop("$defs"), **_tests()}
    schema["properties"]["tests"]["items"] = {"$ref": "#/$defs/Test"}
    return {"$schema": DRAFT, **schema, "$defs": dict(sorted(definitions.items()))}


def exercise_schema() -> dict[str, Any]:
    """The schema of an exercise: what it asks is its form; the rest is the model of that form."""
    definitions: dict[str, Any] = {}
    for form in FORMS.values():
        own = schema_of(form.model)
        definitions |= own.pop("$defs")
        definitions[form.model.__name__] = own
    definitions |= _tests()
    models = {form.name: form.model for form in FORMS.values()}
    _common(ExerciseBase, models.values(), definitions)
    chosen = _chosen(
        "form",
        ("Exercise", "A question on real data whose answers the engine works out."),
        "What the exercise asks.",
        models,
        [form.label for form in FORMS.values()],
        ExerciseBase,
    )
    schema: dict[str, Any] = _with_tests({**chosen, "$defs": dict(sorted(definitions.items()))})
    return {"$schema": DRAFT, **schema}


def _tests() -> dict[str, Any]:
    """The definitions of any test, of each kind, and of what they have in common."""
    definitions: dict[str, Any] = {**schema_of(TestBase).pop("$defs")}
    for kind in KINDS.values():
        own = schema_of(kind.model)
        definitions |= own.pop("$defs")
        definitions[kind.model.__name__] = own
    models = {kind.name: kind.model for kind in KINDS.values()}
    _common(TestBase, models.values(), definitions)
    definitions["Test"] = _chosen(
        "kind",
        ("Test", "One prediction on one series or declared combination."),
        "What the test asks.",
        models,
        [f"{kind.label}. {kind.example}" for kind in KINDS.values()],
        TestBase,
    )
    return definitions


def _common(
    base: type[BaseModel], models: Iterable[type[BaseModel]], definitions: dict[str, Any]
) -> None:
    """Tells the fields of a base once, and has its models refer to them."""
    common = schema_of(base)
    definitions |= common.pop("$defs")
    del common["additionalProperties"]
    definitions[base.__name__] = common
    for model in models:
        _share(definitions[model.__name__]["properties"], common["properties"], base.__name__)


def _with_tests(node: Any) -> Any:
    """A schema in which every choice between kinds of tests is the one definition of a test."""
    if isinstance(node, list):
        return [_with_tests(item) for item in node]
    if not isinstance(node, dict):
        return node
    if any("discriminator" in one for one in (node, *node.get("anyOf", ()))):
        # a test that may be left out is left out, and not written as null
        kept = {name: node[name] for name in ("description", "examples") if name in node}
        return {**kept, "$ref": "#/$defs/Test"}
    return {name: _with_tests(value) for name, value in node.items()}


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


def _chosen(
    key: str,
    named: tuple[str, str],
    what: str,
    models: Mapping[str, type[BaseModel]],
    says: Sequence[str],
    base: type[BaseModel],
) -> dict[str, Any]:
    """An object whose other fields depend on one of them: they are those of the model that it names.

    named: its title and description. While the field is not written yet, those that all have complete.
    """
    told = "\n".join(f"{name}: {said}" for name, said in zip(models, says, strict=True))
    return {
        "type": "object",
        "title": named[0],
        "description": named[1],
        "properties": {
            key: {
                "enum": list(models),
                "enumDescriptions": list(says),
                "description": f"{what} The other fields depend on it.\n{told}",
            }
        },
        "required": [key],
        "if": {"required": [key]},
        "else": {"$ref": f"#/$defs/{base.__name__}"},
        "allOf": [
            {
                "if": {"properties": {key: {"const": name}}, "required": [key]},
                "then": {"$ref": f"#/$defs/{model.__name__}"},
            }
            for name, model in models.items()
        ],
    }


def _share(fields: dict[str, Any], common: Mapping[str, Any], base: str) -> None:
    """Puts a reference in the place of each field that a kind has in common with all others."""
    for name in fields.keys() & common.keys():
        if fields[name] == common[name]:
            fields[name] = {"$ref": f"#/$defs/{base}/properties/{name}"}


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
