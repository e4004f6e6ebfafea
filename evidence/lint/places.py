"""What the rules say of a test, and where in it: its kind, its window, where it names a series."""

from collections.abc import Iterator
from typing import Any

from evidence.kinds import KINDS
from evidence.kinds.base import FactKind, PlaceboKind, TestBase, Window
from evidence.problems import Finding

Findings = Iterator[Finding]


def kind_of(test: TestBase) -> str:
    """The name of a test's kind."""
    return str(test.kind)  # type: ignore[attr-defined]


def told_of(test: TestBase) -> PlaceboKind | FactKind:
    """What a test's kind says of itself."""
    return KINDS[kind_of(test)]


def place_of(test: TestBase, series_id: str) -> tuple[str | int, ...]:
    """Where in a test a series is named."""

    def search(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
        if value == series_id:
            yield path
        elif isinstance(value, dict):
            for key, inner in value.items():
                yield from search(inner, (*path, key))
        elif isinstance(value, list | tuple):
            for index, inner in enumerate(value):
                yield from search(inner, (*path, index))

    own = test.model_dump(exclude=set(TestBase.model_fields) | {"kind"})
    return next(search(own, ()), ())


def window_of(test: TestBase) -> Window | None:
    """A test's window, where its kind has one."""
    window = getattr(test, "window", None)
    return window if isinstance(window, Window) else None
