"""What to watch: the first questions that are still open as gauges, then the releases to come."""

from collections.abc import Callable, Iterator
from datetime import date

from briefs import answers, figures, releases
from briefs.address import Address
from briefs.desk import Desk
from briefs.stand import Stand
from briefs.walk.staging import led
from briefs.walk.step import Fold, Maker, Step, folds, told
from charts.figure import Figure
from charts.theme import Look
from evidence.narrative import Narrative
from evidence.wording import change

MOST = 3
"""How many questions are walked through; the page has them all."""
NEXT = "next"


def _asked(desk: Desk) -> list[Narrative]:
    return [story for story in desk.stories.values() if story.shelf == "watch"][:MOST]


def names(desk: Desk) -> Iterator[str]:
    """The steps' names."""
    asked = _asked(desk)
    yield from (story.id for story in asked)
    if asked:
        yield NEXT


def steps(desk: Desk, day: date) -> Iterator[Step]:
    """The steps."""
    asked = _asked(desk)
    for story in asked:
        yield _question(desk, story, day)
    if asked:
        yield _next(desk, day)


def _question(desk: Desk, story: Narrative, day: date) -> Step:
    verdict = desk.verdict(story.id, day)
    here = Address(
        "story", day, day == desk.newest, story=story.id, step="tests", test=led(desk, story).test
    )
    stand = Stand(desk, here, story, verdict)
    caveats = [*story.cannot_tell, *(change(one) for one in verdict.changes)]
    return Step(
        story.id,
        f"“{story.title}”",
        told(story.claim, stand.trace.seen, answers.against_need(stand.trace)),
        _gauge(stand),
        mark=verdict.direction,
        said=answers.says(verdict),
        verdict=verdict,
        folds=folds(desk, stand.trace, verdict, caveats),
        to=here.at(step="claim"),
        to_label="The whole story",
    )


def _gauge(stand: Stand) -> Callable[[Look], Figure | None]:
    def draw(look: Look) -> Figure | None:
        drawn = figures.pair(stand, look)
        return drawn[-1] if drawn else None

    return draw


def _next(desk: Desk, day: date) -> Step:
    due = releases.coming(desk, day).due
    return Step(
        NEXT,
        "When to ask again",
        told(
            f"The next release that these questions wait for: {due[0].sentence}"
            if due
            else "No release that these questions wait for is due.",
            "Each release can move a verdict; a story’s frozen link keeps what you saw.",
        ),
        lambda look: figures.agenda(desk, day, look),
        folds=(Fold("numbers", tuple(one.sentence for one in due)),) if due else (),
        to=Address("watch", day, day == desk.newest),
        to_label="All questions, and every release",
    )


CHAPTER = Maker(50, "watch", "What to watch", names, steps)
