"""The JSON Schema of what each command prints with `--json` (draft 2020-12).

Made from the trace's own models, so that a field cannot be renamed in silence. The wrappers around
them are written out here. A schema lets unknown fields pass: fields may be added, never renamed.
`python -m evidence.contract` writes them to `docs/contract/`; a test holds the two equal.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evidence.schema import DRAFT
from evidence.shelf import SeriesRow
from evidence.trace import Verdict

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "contract"
DAY: dict[str, Any] = {"type": "string", "format": "date"}
HASH: dict[str, Any] = {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"}
TEXT: dict[str, Any] = {"type": "string"}
COUNT: dict[str, Any] = {"type": "integer", "minimum": 0}
PLACE: dict[str, Any] = {"type": "integer", "minimum": 1}


def schemas() -> dict[str, dict[str, Any]]:
    """The schema of each command's document, by command; the same bytes for the same models."""
    return {
        "check": _document("check", _check()),
        "explain": _document("explain", _explain()),
        "lint": _document("lint", _lint()),
        "score": _document("score", _score()),
        "series": _document("series", _series()),
    }


def text(schema: dict[str, Any]) -> str:
    """A schema as it is committed."""
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def _document(command: str, body: dict[str, Any]) -> dict[str, Any]:
    return {
        "$schema": DRAFT,
        "title": f"python -m evidence {command} --json",
        **body,
    }


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _list(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


def _lint() -> dict[str, Any]:
    problem = _object(
        file=TEXT,
        line=PLACE,
        column=PLACE,
        code=TEXT,
        message=TEXT,
        hint=TEXT,
        severity={"enum": ["error", "warning"]},
        snippet=TEXT,
    )
    return _object(problems=_list(problem), errors=COUNT, warnings=COUNT)


def _check() -> dict[str, Any]:
    one = _object(narrative=TEXT, name=TEXT, passed={"type": "boolean"}, expected=TEXT, found=TEXT)
    return _object(passed=COUNT, failed=COUNT, checks=_list(one))


def _explain() -> dict[str, Any]:
    return _object(id=TEXT, identity=HASH, as_of=DAY, lines=_list(TEXT))


def _series() -> dict[str, Any]:
    row = _model(SeriesRow)
    return {
        **_object(as_of=DAY, series=_list({"$ref": "#/$defs/SeriesRow"})),
        "$defs": row,
    }


def _score() -> dict[str, Any]:
    definitions = _model(Verdict)
    definitions["Verdict"]["properties"]["identity"] = HASH
    for name in ("PlaceboTrace", "WindowTrace"):
        _renamed(definitions[name])
    return {
        **_object(
            engine=TEXT,
            snapshot=HASH,
            as_of=DAY,
            snapshot_n=PLACE,
            verdicts=_list({"$ref": "#/$defs/Verdict"}),
        ),
        "$defs": definitions,
    }


def _model(model: type[Verdict] | type[SeriesRow]) -> dict[str, Any]:
    """The definitions of a model and of all that it holds, as it is written out."""
    schema: dict[str, Any] = model.model_json_schema(mode="serialization")
    definitions: dict[str, Any] = schema.pop("$defs", {})
    definitions[model.__name__] = schema
    for definition in definitions.values():
        for part in _parts(definition):
            _plainer(part)
        if "properties" in definition:
            definition["required"] = list(definition["properties"])
            definition.pop("additionalProperties", None)
    return dict(sorted(definitions.items()))


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
