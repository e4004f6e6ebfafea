"""The guided walk: chapters of steps, from what happened to what to watch. Each file here that has `CHAPTER` is one."""

import importlib
import pkgutil
from collections.abc import Mapping
from datetime import date
from functools import cache
from weakref import WeakKeyDictionary

from briefs.desk import Desk
from briefs.walk.step import Chapter, Maker, Step

_names: WeakKeyDictionary[Desk, Mapping[str, tuple[str, ...]]] = WeakKeyDictionary()


@cache
def makers() -> tuple[Maker, ...]:
    """The chapters' makers, in order."""
    found = []
    for module in pkgutil.iter_modules(__path__):
        maker = getattr(importlib.import_module(f"{__name__}.{module.name}"), "CHAPTER", None)
        if isinstance(maker, Maker):
            found.append(maker)
    return tuple(sorted(found, key=lambda maker: maker.order))


def chapter(desk: Desk, name: str, day: date) -> Chapter:
    """One chapter as known on a day. Raises KeyError for a name that is none."""
    maker = {maker.name: maker for maker in makers()}[name]
    return Chapter(maker.name, maker.title, tuple(maker.steps(desk, day)))


def walk(desk: Desk, day: date) -> tuple[Chapter, ...]:
    """The whole walk as known on a day; chapters without a step are left out."""
    return tuple(chapter(desk, name, day) for name in names(desk))


def names(desk: Desk) -> Mapping[str, tuple[str, ...]]:
    """The steps' names by chapter, in order: the same on every day, because they stand in links."""
    if desk not in _names:
        found = {maker.name: tuple(maker.names(desk)) for maker in makers()}
        _names[desk] = {name: steps for name, steps in found.items() if steps}
    return _names[desk]


def titles() -> Mapping[str, str]:
    """Each chapter's title by its name."""
    return {maker.name: maker.title for maker in makers()}


__all__ = ["Chapter", "Step", "chapter", "makers", "names", "titles", "walk"]
