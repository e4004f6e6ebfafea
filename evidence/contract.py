"""The JSON Schema of what each command prints with `--json` (draft 2020-12).

Made from the trace's own models, so that a field cannot be renamed in silence. The wrappers around
them stand beside each command. A schema lets unknown fields pass: fields may be added, never renamed.
`python -m evidence.contract` writes them to `docs/contract/`; a test holds the two equal.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from evidence.commands import discover
from evidence.schema import DRAFT

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "contract"
DAY: dict[str, Any] = {"type": "string", "format": "date"}
HASH: dict[str, Any] = {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"}
TEXT: dict[str, Any] = {"type": "string"}
COUNT: dict[str, Any] = {"type": "integer", "minimum": 0}
PLACE: dict[str, Any] = {"type": "integer", "minimum": 1}


def schemas() -> dict[str, dict[str, Any]]:
    """The schema of each command's document, by command; the same bytes for the same models."""
    return {
        name: {
            "$schema": DRAFT,
            "title": f"python -m evidence {name} --json",
            **module.document(),
        }
        for name, module in discover().items()
        if hasattr(module, "document")
    }


def text(schema: dict[str, Any]) -> str:
    """A schema as it is committed."""
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def fields(**properties: dict[str, Any]) -> dict[str, Any]:
    """An object with these fields, all of them always there."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def rows(of: dict[str, Any]) -> dict[str, Any]:
    """A list of one thing."""
    return {"type": "array", "items": of}


def definitions(*models: type[BaseModel]) -> dict[str, Any]:
    """The definitions of models and of all that they hold, as they are written out."""
    found: dict[str, Any] = {}
    for model in models:
        schema: dict[str, Any] = model.model_json_schema(mode="serialization")
        found |= schema.pop("$defs", {})
        found[model.__name__] = schema
    for definition in found.values():
        for part in _parts(definition):
            _plainer(part)
        if "properties" in definition:
            definition["required"] = list(definition["properties"])
            definition.pop("additionalProperties", None)
    for name in found.keys() & {"PlaceboTrace", "WindowTrace"}:
        _renamed(found[name])
    return dict(sorted(found.items()))


def item(model: type[BaseModel]) -> dict[str, Any]:
    """A reference to one of the definitions."""
    return {"$ref": f"#/$defs/{model.__name__}"}


def _parts(node: Any) -> Iterator[dict[str, Any]]:
    """Every schema inside a schema, itself included."""
    if isinstance(node, dict):
        yield node
        for child in node.values():
            yield from _parts(child)
    elif isinstance(node, list):
        for child in node:
            yield from _parts(child)


def _plainer(part: dict[str, Any]) -> None:
    """Takes out what says nothing to a reader of the output: repeated titles, defaults, integer beside number."""
    if isinstance(part.get("title"), str):
        part.pop("title")
    part.pop("default", None)
    choices = part.get("anyOf")
    if isinstance(choices, list) and {"type": "number"} in choices:
        choices[:] = [c for c in choices if c != {"type": "integer"}]
        if len(choices) == 1:
            part.update(part.pop("anyOf")[0])


def _renamed(definition: dict[str, Any]) -> None:
    """`first` and `last` go by `from` and `to` in the document (words of Python's)."""
    names = {"first": "from", "last": "to"}
    definition["properties"] = {names.get(k, k): v for k, v in definition["properties"].items()}
    definition["required"] = list(definition["properties"])


if __name__ == "__main__":
    for command, schema in schemas().items():
        (FOLDER / f"{command}.schema.json").write_text(text(schema), encoding="utf-8")
