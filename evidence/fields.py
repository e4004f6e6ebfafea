"""What a field that people write is told with: what it is, values that fit, and values that do not.

A field is told where it stands, by `about`. The JSON Schema (`evidence.schema`) and the reference
(`evidence.reference`) are made from that, and a test tries every value, so that none is out of date.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml
from pydantic import Field

_PLAIN = re.compile(r"'([0-9]{4}-[0-9]{2}-[0-9]{2}|on(?=':))'")
"""What our reader takes without quotes, unlike YAML 1.1: a date that is a text, and the key `on`."""

NotThis = tuple[Any, str]
"""A value as YAML holds it (a date is a text), and why it does not fit."""


def about(
    what: str,
    *,
    good: Sequence[Any],
    bad: Sequence[NotThis] = (),
    lint: Sequence[NotThis] = (),
    **given: Any,
) -> Any:
    """A field of a model, with what people are told of it.

    what: what it is, and what to write. good: values that fit. bad: values that the field or its model
    refuses. lint: values that only `python -m evidence lint` refuses, because it takes another field, the
    catalogue or another file to see it. given: what else pydantic's `Field` takes.
    """
    refused: list[Any] = [{"value": v, "why": why, "by": "field"} for v, why in bad]
    refused += [{"value": v, "why": why, "by": "lint"} for v, why in lint]
    return Field(
        description=what,
        examples=list(good),
        json_schema_extra={"badExamples": refused},
        **given,
    )


@dataclass(frozen=True)
class Told:
    """One field as a schema tells it. bad: `value`, `why`, and `by` whom it is refused (`field` or `lint`)."""

    name: str
    what: str
    good: tuple[Any, ...]
    bad: tuple[Mapping[str, Any], ...]
    required: bool
    default: Any


def told(schema: Mapping[str, Any]) -> tuple[Told, ...]:
    """The fields of an object, from its JSON Schema, in the order of the model; those that are told elsewhere not."""
    required = schema.get("required", ())
    return tuple(
        Told(
            name,
            field.get("description", ""),
            tuple(field.get("examples", ())),
            tuple(field.get("badExamples", ())),
            name in required,
            field.get("default"),
        )
        for name, field in schema.get("properties", {}).items()
        if not elsewhere(field)
    )


def elsewhere(field: Mapping[str, Any]) -> bool:
    """Whether a field is nothing but a reference to the same field of another object."""
    return "/properties/" in field.get("$ref", "")


def untold(name: str, schema: Mapping[str, Any]) -> Iterator[str]:
    """What the fields of an object lack, a sentence each. name: the object's."""
    for field in told(schema):
        lacks = {
            "description": field.what,
            "example": field.good,
            "bad example": field.bad and all(bad["why"] for bad in field.bad),
        }
        for what, there in lacks.items():
            if not there:
                yield f"`{name}.{field.name}` has no {what}"


def flow(value: Any) -> str:
    """A value as one line of YAML; dates and keys stand without quotes, as people write them."""
    [line] = yaml.safe_dump(
        [value],
        default_flow_style=True,
        allow_unicode=True,
        sort_keys=False,
        width=float("inf"),
    ).splitlines()
    return _PLAIN.sub(r"\1", line[1:-1])
