"""JSON as publishers send it: numbers exactly as they are written, and faults that name the place."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import NoReturn

from evidence.publishers import SourceFault, text_of

Record = Mapping[str, object]


def document(data: bytes) -> Record:
    """A JSON object; fractions are Decimals. Raises SourceFault for a page, a cut-off file, anything else."""
    text = text_of(data)
    try:
        found = json.loads(
            text, parse_float=Decimal, parse_constant=_refuse, object_pairs_hook=_once
        )
    except json.JSONDecodeError as fault:
        raise SourceFault(fault.lineno, f"this is not whole JSON: {fault.msg}") from None
    except (ValueError, RecursionError) as fault:
        raise SourceFault(0, f"this JSON is not readable: {str(fault)[:80]}") from None
    return record(found, "the answer")


def record(found: object, place: str) -> Record:
    """An object of a document. Raises SourceFault where something else stands."""
    if not isinstance(found, dict):
        raise SourceFault(0, f"{place}: an object is expected, not {_seen(found)}")
    return found


def items(found: Record, *path: str) -> list[object]:
    """The list at a path such as ("repo", "operations"). Raises SourceFault where there is none, or nothing in it."""
    place, here = ".".join(path), found
    for name in path[:-1]:
        here = record(here.get(name), name)
    listed = here.get(path[-1])
    if not isinstance(listed, list) or not listed:
        raise SourceFault(
            0, f"{place}: a list with something in it is expected, not {_seen(listed)}"
        )
    return listed


def records(found: Record, *path: str) -> list[Record]:
    """The objects of the list at a path."""
    place = ".".join(path)
    return [record(item, f"{place}[{at}]") for at, item in enumerate(items(found, *path))]


def written(value: object) -> str:
    """A value as it is written; nothing for what stands for none: null, "", "NA", and "*" (withheld)."""
    return "" if value is None or value in ("", "NA", "*") else str(value)


def _seen(found: object) -> str:
    return "nothing" if found is None else f"`{str(found)[:40]}`"


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object whose names are each there once; Python would keep the last of two in silence."""
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"`{twice}` stands twice in one object")
    return found


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number of JSON")
