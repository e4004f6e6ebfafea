"""A trainer's plan: which stories, as known on which days, and which exercises, in which order. It fits into a link.

`basis-trade-unwind@2025-05-02,exercise.choose-the-window`: a story without a day is taken on the newest data.
"""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date

MOST = 40
EXERCISE = "exercise."
_ITEM = re.compile(r"^(exercise\.)?([a-z0-9-]{1,60})(?:@(\d{4}-\d{2}-\d{2}))?$")


@dataclass(frozen=True)
class Item:
    """A story (on a day, or on the newest data) or an exercise (which has a day of its own)."""

    name: str
    exercise: bool = False
    on: date | None = None

    @property
    def written(self) -> str:
        """As it stands in a link."""
        if self.exercise:
            return f"{EXERCISE}{self.name}"
        return f"{self.name}@{self.on.isoformat()}" if self.on else self.name


Plan = tuple[Item, ...]


def written(plan: Iterable[Item]) -> str:
    """The plan as it stands in a link."""
    return ",".join(item.written for item in plan)


def parse(
    text: str,
    stories: Collection[str],
    exercises: Collection[str],
    usable: Callable[[date], bool],
) -> tuple[Plan, tuple[str, ...]]:
    """The plan of a link, and the pieces that mean nothing. `usable`: whether there are data as of a day."""
    items: list[Item] = []
    odd: list[str] = []
    for piece in [p for p in text.split(",") if p]:
        item = _item(piece)
        known = item is not None and item.name in (exercises if item.exercise else stories)
        fits = known and item is not None and (item.on is None or usable(item.on))
        if fits and item not in items and len(items) < MOST:
            assert item is not None
            items.append(item)
        elif not fits:
            odd.append(piece)
    return tuple(items), tuple(odd)


def _item(piece: str) -> Item | None:
    match = _ITEM.match(piece)
    if match is None:
        return None
    try:
        on = date.fromisoformat(match[3]) if match[3] else None
    except ValueError:
        return None
    return Item(match[2], exercise=bool(match[1]), on=None if match[1] else on)
