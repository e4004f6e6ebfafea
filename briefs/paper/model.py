"""What stands in a brief: words from the trace, pictures, and where it all comes from. No layout."""

from datetime import date
from functools import cached_property
from typing import Literal

from evidence.frozen import Frozen
from evidence.trace import Confidence, Direction

Format = Literal["html", "pdf", "json", "csv"]
Paper = Literal["a4", "letter"]
KEPT = 0
"""The rank of what is never left out."""
PICTURE = -1
"""In the order of what may go, the line's number where it is a picture."""
STRIP, FIRST, SECOND = "strip", "first", "second"
"""The places of a story's pictures: the verdict's history, the two charts."""
PREMISE = "premise"
"""The place of an event's first pictures."""


class Picture(Frozen):
    """A figure as it is printed: `svg` holds its text as text. place: where it stands; a finding's has its name.

    spare: as of an item.
    """

    place: str
    title: str
    subtitle: str
    alt: str
    source: str
    svg: str
    spare: int = KEPT


class Item(Frozen):
    """A line of a section; `head` runs in before it. spare: items of the highest rank are left out first."""

    text: str
    head: str = ""
    spare: int = KEPT


class Section(Frozen):
    """A heading and its lines."""

    name: str
    heading: str
    items: tuple[Item, ...]


class Ruling(Frozen):
    """A verdict as it is shown. rests_on: `so far, by proxy`. dots: of five; nought where nothing was judged."""

    direction: Direction
    word: str
    rests_on: str
    confidence: Confidence
    sure: str
    dots: int
    says: str
    why: tuple[str, ...]


class Score(Frozen):
    """A story in the event's table. shelf: the heading that it stands under. tally: its tests as shapes with counts."""

    id: str
    title: str
    shelf: str
    ruling: Ruling
    tally: str
    mark: str


class Imprint(Frozen):
    """Where a brief comes from and how to get back to it.

    identity: of a story's verdict, empty for an event (its stories' marks stand in the table). mark: its
    first digits. kind: of the link. found: one line on how to find the same view.
    """

    as_of: date
    day: str
    snapshot_n: int
    engine: str
    identity: str
    mark: str
    kind: Literal["frozen", "live", "none"]
    link: str
    found: str
    sources: str
    name: str
    operator: str
    disclaimers: tuple[str, ...]


class Brief(Frozen):
    """A brief. lead: the claim, or what happened. ruling: of a story; scores: of an event's stories.

    key: what the shapes of its table mean. left_out: how many lines and pictures found no room.
    """

    id: str
    kind: Literal["story", "event"]
    title: str
    lead: str
    said: str
    ruling: Ruling | None
    pictures: tuple[Picture, ...]
    sections: tuple[Section, ...]
    scores: tuple[Score, ...]
    key: str = ""
    imprint: Imprint
    left_out: int = 0

    @property
    def pages(self) -> int:
        """How many pages it has."""
        return 1 if self.kind == "story" else 2

    @property
    def spare(self) -> int:
        """How many lines and pictures may be left out."""
        return len(self._order)

    def section(self, name: str) -> Section | None:
        """A section by its name."""
        return next((section for section in self.sections if section.name == name), None)

    def without(self, count: int) -> "Brief":
        """The brief without its `count` most dispensable lines and pictures."""
        out = set(self._order[:count])
        sections = (
            section.model_copy(
                update={
                    "items": tuple(
                        item
                        for at, item in enumerate(section.items)
                        if (section.name, at) not in out
                    )
                }
            )
            for section in self.sections
        )
        return self.model_copy(
            update={
                "sections": tuple(section for section in sections if section.items),
                "pictures": tuple(p for p in self.pictures if (p.place, PICTURE) not in out),
                "left_out": len(out),
            }
        )

    @cached_property
    def _order(self) -> list[tuple[str, int]]:
        """What may go (a section and its line, or a picture's place), in the order in which it goes.

        Of the highest rank first, of one rank the last first.
        """
        every = [
            (item.spare, order, at, section.name)
            for order, section in enumerate(self.sections)
            for at, item in enumerate(section.items)
        ]
        every += [(p.spare, order, PICTURE, p.place) for order, p in enumerate(self.pictures)]
        every.sort(key=lambda found: (-found[0], -found[2], -found[1]))
        return list(dict.fromkeys((name, at) for spare, _, at, name in every if spare > KEPT))
