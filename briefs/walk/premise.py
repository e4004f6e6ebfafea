"""What happened: the dollar, yields and stocks one by one, then how rare it is that all three fall."""

from collections.abc import Callable, Iterator
from datetime import date

from briefs import figures
from briefs.address import Address
from briefs.desk import Desk
from briefs.walk.staging import led
from briefs.walk.step import Maker, Step, nothing, sentences, told
from charts.figure import Figure
from charts.theme import LIGHT, Look
from evidence.narrative import Narrative

MOVES = ("dollar", "yields", "stocks")
"""In the order of `figures.premise`."""
MEANS = {
    "yields": "A bond has lost value when its yield has risen. In trouble money usually flees into Treasuries, and their yield falls.",
    "stocks": "Prices of stock indexes are licensed data. Drawn instead is how much stocks add to a public index of stress. It moves little "
    "where prices fall without panic.",
}
"""How the two pictures after the first are to be read."""


def _premise(desk: Desk) -> Narrative | None:
    return next((s for s in desk.stories.values() if s.shelf == "premise"), None)


def names(desk: Desk) -> Iterator[str]:
    """The steps' names."""
    if desk.the_event is None:
        return
    yield from MOVES
    story = _premise(desk)
    if story is not None:
        yield from led(desk, story).names


def steps(desk: Desk, day: date) -> Iterator[Step]:
    """The steps."""
    event = desk.the_event
    if event is None:
        return
    there = Address("start", day, day == desk.newest)
    drawn = figures.premise(desk, day, LIGHT)
    for number, name in enumerate(MOVES):
        one = drawn[number] if number < len(drawn) else None
        text = event.background if number == 0 else MEANS[name]
        heading = event.question if number == 0 else one.title if one else "Nothing was known yet"
        yield Step(
            name,
            heading,
            told(*sentences(text)),
            _drawn(desk, day, number) if one else nothing,
            to=there,
            to_label="All three side by side",
        )
    story = _premise(desk)
    if story is not None:
        yield from led(desk, story).steps(day)


def _drawn(desk: Desk, day: date, number: int) -> Callable[[Look], Figure | None]:
    return lambda look: figures.premise(desk, day, look)[number]


CHAPTER = Maker(10, "premise", "What happened", names, steps)
