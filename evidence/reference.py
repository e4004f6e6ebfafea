"""The reference part of `docs/reference.md`, made from the models, the kinds, the commands and the catalogue.

    python -m evidence.reference

writes it between the two markers of the page; a test holds the committed page against it. What has
nothing to be told of it is named by the functions that begin with `untold`, and a test refuses it.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from inspect import getdoc
from itertools import chain
from pathlib import Path
from types import ModuleType
from typing import Any

from evidence import fields
from evidence.catalogue import Catalogue, Series
from evidence.catalogue import read as read_catalogue
from evidence.commands import discover
from evidence.fields import Told, flow, told
from evidence.kinds import KINDS, is_fact
from evidence.kinds.base import Kind
from evidence.made_page import cell, remade
from evidence.narrative import Controls, Event
from evidence.schema import COMMON, named, narrative_schema, schema_of

REPO = Path(__file__).resolve().parent.parent
PAGE = REPO / "docs/reference.md"
MODULE = "evidence.reference"
TEST = "Test"
"""The definition that only chooses a kind's own."""

Schema = Mapping[str, Any]


def page(text: str) -> str:
    """The page with its reference part made anew. Raises ValueError where a marker is missing."""
    return remade(text, PAGE.name, MODULE, reference)


def reference() -> str:
    """Fields, kinds, commands and series."""
    parts = (_narrative(), _kinds(), _others(), _commands(), _series(read_catalogue()))
    return "\n".join(chain.from_iterable(parts)).rstrip() + "\n"


# -- what has nothing to be told of it --------------------------------------------------------------


def untold_fields(schema: Schema) -> Iterator[str]:
    """Fields of a schema and its definitions without a description, an example or a bad one."""
    yield from fields.untold(schema["title"], schema)
    for name, definition in schema["$defs"].items():
        if name != TEST:
            yield from fields.untold(name, definition)


def untold_kinds(kinds: Mapping[str, Kind]) -> Iterator[str]:
    """Kinds without their words: what they are called, an example, and a docstring with the statistic."""
    for name, kind in kinds.items():
        lacks = {
            "label": kind.label,
            "example": kind.example,
            "docstring": kind.model.__doc__ and sys.modules[type(kind).__module__].__doc__,
        }
        yield from (
            f"the kind `{name}` has no {what}" for what, there in lacks.items() if not there
        )


def untold_commands(commands: Mapping[str, ModuleType]) -> Iterator[str]:
    """Commands without a docstring or an example."""
    for name, module in commands.items():
        lacks = {"docstring": getdoc(module.command), "example": getattr(module, "EXAMPLE", "")}
        yield from (f"the command `{name}` has no {w}" for w, there in lacks.items() if not there)


def untold_series(catalogue: Catalogue) -> Iterator[str]:
    """Series of which the catalogue does not say what they are, who publishes them and where it stands."""
    for name in catalogue.ids:
        entry = catalogue.series[name]
        for what in ("title", "short", "unit", "publisher", "citation", "url"):
            if not getattr(entry, what).strip():
                yield f"the series `{name}` has no {what}"


# -- fields -----------------------------------------------------------------------------------------


def _narrative() -> Iterator[str]:
    schema = narrative_schema()
    yield "## A narrative"
    yield ""
    yield from _table(schema)
    for key, definition in _held(schema, schema["$defs"]):
        yield from _object(f"### Under `{key}`", definition)


def _others() -> Iterator[str]:
    for file, model in (("event.yaml", Event), ("controls.yaml", Controls)):
        schema = schema_of(model)
        yield from _object(f"## `{file}`", schema)
        for key, definition in _held(schema, schema["$defs"]):
            yield from _object(f"### Under `{key}` of `{file}`", definition)


def _held(schema: Schema, definitions: Mapping[str, Schema]) -> Iterator[tuple[str, Schema]]:
    """The objects that an object holds, each once, with the key under which it stands; tests apart."""
    for key, name in _refers(schema):
        if name != TEST:
            yield key, definitions[name]
            yield from _held(definitions[name], definitions)


def _refers(schema: Schema) -> Iterator[tuple[str, str]]:
    """The definitions that an object's own fields refer to, with the field's key."""
    for key, field in schema["properties"].items():
        choices = (field, field.get("items", {}), *field.get("anyOf", ()))
        for choice in choices:
            if "$ref" in choice and not fields.elsewhere(choice):
                yield key, named(choice)


def _object(heading: str, definition: Schema) -> Iterator[str]:
    yield heading
    yield ""
    yield _first(definition["description"])
    yield ""
    yield from _table(definition)


def _table(definition: Schema, without: str = "") -> Iterator[str]:
    """The fields of an object as a table; those that have to be there in bold."""
    yield "| field | what it is | for example | not |"
    yield "|---|---|---|---|"
    for field in told(definition):
        if field.name != without:
            key = f"**`{field.name}`**" if field.required else f"`{field.name}`"
            good = "<br>".join(f"`{flow(value)}`" for value in field.good)
            bad = "<br>".join(map(_refused, field.bad))
            yield f"| {key} | {cell(_what(field))} | {cell(good)} | {cell(bad)} |"
    yield ""


def _what(field: Told) -> str:
    """What a field is, and what it is where nothing is written."""
    default = field.default
    plain = not isinstance(default, dict) or any(default.values())
    if default in (None, "", 0, False) or default == [] or not plain:
        return field.what
    given = {k: v for k, v in default.items() if v} if isinstance(default, dict) else default
    return f"{field.what} If not given: `{flow(given)}`."


def _refused(bad: Mapping[str, Any]) -> str:
    seen = " (seen by `lint`)" if bad["by"] == "lint" else ""
    return f"`{flow(bad['value'])}`: {bad['why']}{seen}"


def _first(doc: str) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join(doc.split("\n\n", maxsplit=1)[0].split())


# -- kinds ------------------------------------------------------------------------------------------


def _kinds() -> Iterator[str]:
    definitions = narrative_schema()["$defs"]
    own = {name: definitions[kind.model.__name__] for name, kind in KINDS.items()}
    uses = Counter(held for definition in own.values() for _, held in _refers(definition))
    shared = {held: key for d in own.values() for key, held in _refers(d) if uses[held] > 1}
    yield "## A test"
    yield ""
    yield "Every test has a `kind`: what it asks. The other fields depend on it."
    yield ""
    yield "| kind | asks | such as | how it is judged |"
    yield "|---|---|---|---|"
    for name, kind in KINDS.items():
        yield f"| [`{name}`](#{name}) | {_asks(own[name])} | {cell(kind.example)} | {_judged(name)} |"
    yield ""
    yield from _object("### Every test", definitions[COMMON])
    for key, definition in _held(definitions[COMMON], definitions):
        yield from _object(f"### Under `{key}`", definition)
    for name, key in shared.items():
        yield from _object(f"### Under `{key}`", definitions[name])
    for name in KINDS:
        yield f"### `{name}`"
        yield ""
        yield f"{KINDS[name].label.capitalize()}. {_first(own[name]['description'])}"
        yield ""
        yield from _table(own[name], without="kind")
        for key, held in _refers(own[name]):
            if uses[held] == 1:
                yield from _object(f"#### Under `{key}`", definitions[held])


def _asks(definition: Schema) -> str:
    return cell(definition["properties"]["kind"]["description"])


def _judged(name: str) -> str:
    """How a kind comes to its outcome, and where its formula stands."""
    if is_fact(name):
        return "a fact: a value against a band ([formula](method.md#outcome))"
    return "ranked among placebos ([formula](method.md#the-statistic))"


# -- commands and series ----------------------------------------------------------------------------


def _commands() -> Iterator[str]:
    yield "## Commands"
    yield ""
    yield "| command | does | for example |"
    yield "|---|---|---|"
    for name, module in discover().items():
        does = _first(getdoc(module.command) or "")
        yield f"| `{name}` | {cell(does)} | `python -m evidence {cell(module.EXAMPLE)}` |"
    yield ""


def _series(catalogue: Catalogue) -> Iterator[str]:
    by_publisher: dict[str, list[Series]] = {}
    for name in catalogue.ids:
        entry = catalogue.series[name]
        by_publisher.setdefault(entry.publisher, []).append(entry)
    yield "## Series"
    yield ""
    for publisher, entries in sorted(by_publisher.items(), key=lambda item: item[0].casefold()):
        yield f"### {publisher}"
        yield ""
        yield "| series | what | unit | how often | source | licence |"
        yield "|---|---|---|---|---|---|"
        for entry in entries:
            group = entry.source_group
            yield (
                f"| `{entry.id}` | {cell(entry.title)} | {cell(entry.unit)} | {entry.frequency} "
                f"| [`{group}`](data.md#{group}) | {entry.licence} |"
            )
        yield ""


def main() -> int:
    """Writes the page."""
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(f"{PAGE.relative_to(REPO)} is made\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
