"""The histories of some stories, put together from their blocks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, groupby

from evidence.backfill.blocks import BlockDay, Span, Tale, Ways, spans
from evidence.backfill.running import NOBODY, Crew, Result, Watch, run
from evidence.engine import Engine
from evidence.history import History, begins


@dataclass(frozen=True)
class Told:
    """A story's history, and how its last verdict fares when asked in other ways."""

    history: History
    ways: Ways


def planned(engine: Engine, story: str, first: date | None, last: date | None) -> list[Span]:
    """The blocks of a story's history: by default from where its memory begins to the newest release.

    An unknown id raises KeyError; a first day after the last one raises ValueError.
    """
    last = last or engine.store.newest_day
    first = first or min(begins(engine, engine.narratives[story]), last)
    if first > last:
        raise ValueError(f"{first} comes after {last}")
    return spans(Tale.of(engine, story), first, last)


def histories(
    engine: Engine,
    stories: Sequence[Sequence[Span]],
    crew: Crew | None = None,
    watch: Watch = NOBODY,
) -> Iterator[Told]:
    """The history of each story, in order: the same as `evidence.history.history` gives.

    Raises as `running.run` does, and BlockFault where a block could not be done.
    """
    results = run(chain.from_iterable(stories), engine.store, crew, watch)
    for _, found in groupby(results, key=_tale):
        yield _told(list(found))


def _tale(result: Result[tuple[BlockDay, ...]]) -> str:
    assert isinstance(result.block, Span)
    return result.block.tale.story.id


def _told(results: Sequence[Result[tuple[BlockDay, ...]]]) -> Told:
    blocks = [result.block for result in results if isinstance(result.block, Span)]
    days = [day for result in results for day in result.get()]
    story = blocks[0].tale.story
    history = History(
        id=story.id,
        title=story.title,
        first=blocks[0].begin,
        last=blocks[-1].last,
        days=tuple(day.day for day in days),
        turns=tuple(day.turn for day in days if day.turn is not None),
    )
    return Told(history, days[-1].ways)
