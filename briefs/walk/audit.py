"""The note's own figures: those that do not come out as printed, each with its picture, then the count of all."""

from collections.abc import Callable, Iterator
from datetime import date

from briefs import figures
from briefs.address import Address
from briefs.desk import Desk
from briefs.walk.step import Fold, Maker, Step, sentences, told
from charts.figure import Figure
from charts.tally import MARKS
from charts.theme import Look
from evidence.audit import STATUSES, FigureTrace, fit, known, summary
from evidence.days import day as in_words

MOST = 4
"""How many figures are walked through; the page has them all."""
COUNT = "count"
SURPRISING = ("not_reproduced", "reproduced_under_another_definition")


def _walked(desk: Desk) -> list[str]:
    """The figures of the greatest surprise that have a picture, on the newest data."""
    if desk.sheet is None or desk.newest < desk.sheet.note.on:
        return []
    found = [f for f in desk.audit(desk.newest).figures if f.status in SURPRISING]
    return [f.id for f in found if figures.pictured(f)][:MOST]


def names(desk: Desk) -> Iterator[str]:
    """The steps' names."""
    walked = _walked(desk)
    yield from walked
    if walked:
        yield COUNT


def steps(desk: Desk, day: date) -> Iterator[Step]:
    """The steps."""
    walked = _walked(desk)
    if not walked:
        return
    assert desk.sheet is not None
    out = day >= desk.sheet.note.on
    for name in walked:
        yield _figure(desk, name, day) if out else _early(desk, name, day)
    yield _count(desk, day) if out else _early(desk, COUNT, day)


def _early(desk: Desk, name: str, day: date) -> Step:
    assert desk.sheet is not None
    return Step(
        name,
        "The note was not out yet",
        f"It is of {desk.sheet.note.on:%B %Y}. On {in_words(day)} there was nothing to recompute.",
        lambda look: None,  # noqa: ARG005  (nothing to draw)
    )


def _figure(desk: Desk, name: str, day: date) -> Step:
    found = desk.audit(day).figure(name)
    return Step(
        name,
        f"{found.title}: {STATUSES[found.status].lower()}",
        told(*sentences(found.sentence)),
        _drawn(desk, found),
        mark=MARKS[found.status],
        said=f"The note prints “{found.quote}”.",
        folds=(
            Fold(
                "numbers", tuple(f"{r.definition}: {known(r)}, {fit(r)}." for r in found.readings)
            ),
        ),
        to=Address("audit", day, day == desk.newest, figure=name),
        to_label="This figure with all its readings",
    )


def _drawn(desk: Desk, found: FigureTrace) -> Callable[[Look], Figure | None]:
    def draw(look: Look) -> Figure | None:
        for reading in figures.pictured(found):
            asked = desk.asked(found.id, reading.id)
            made = figures.reading(desk, asked, reading.taken.as_of, look) if asked else None
            if made is not None:
                return made
        return None

    return draw


def _count(desk: Desk, day: date) -> Step:
    made = desk.audit(day)
    return Step(
        COUNT,
        "The note’s figures, all of them",
        told(summary(made)),
        lambda look: figures.tally(desk, made, look),
        folds=(
            Fold(
                "numbers", tuple(f"{f.title}: {STATUSES[f.status].lower()}." for f in made.figures)
            ),
        ),
        to=Address("audit", day, day == desk.newest),
        to_label="All figures",
    )


CHAPTER = Maker(40, "audit", "The note’s own figures", names, steps)
