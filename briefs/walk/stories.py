"""The stories that people told, each by the test that decides it."""

from collections.abc import Iterator
from datetime import date

from briefs.desk import Desk
from briefs.walk.staging import Led, led
from briefs.walk.step import Maker, Step


def _told(desk: Desk) -> list[Led]:
    return [led(desk, story) for story in desk.stories.values() if story.shelf == "said"]


def names(desk: Desk) -> Iterator[str]:
    """The steps' names."""
    for one in _told(desk):
        yield from one.names


def steps(desk: Desk, day: date) -> Iterator[Step]:
    """The steps."""
    for one in _told(desk):
        yield from one.steps(day)


CHAPTER = Maker(20, "stories", "The three stories", names, steps)
