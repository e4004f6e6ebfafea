"""A backfill into a folder: every day of every story, asked in every way, and every test on quiet dates."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from evidence import ENGINE_VERSION
from evidence.backfill.blocks import Span
from evidence.backfill.folder import Folder, line_of
from evidence.backfill.running import NOBODY, Crew, Watch, as_done
from evidence.calibration import RULE, Row, Table, Trial, overall
from evidence.observations import Store


@dataclass(frozen=True)
class Plan:
    """What is wanted: the blocks of each story by its id, in order and at least one, and the trials of calibration."""

    stories: Mapping[str, Sequence[Span]]
    trials: Sequence[Trial]

    @property
    def blocks(self) -> list[Span | Trial]:
        """All blocks; the trials last, since the stories are what most wait for."""
        return [*chain.from_iterable(self.stories.values()), *self.trials]


@dataclass(frozen=True)
class Found:
    """What of a plan a folder has: whole stories with the number of their days, and the blocks that are missing."""

    days: Mapping[str, int]
    missing: Sequence[Span | Trial]


@dataclass(frozen=True)
class Filled:
    """What a folder has after a backfill: days of each whole story, the table if it is whole, faults by block."""

    days: Mapping[str, int]
    table: Table | None
    faults: Mapping[str, str]


def survey(plan: Plan, folder: Folder) -> Found:
    """Looks at what is there. A story of which only its last step was missing is put together."""
    days: dict[str, int] = {}
    missing: list[Span | Trial] = []
    for name, blocks in plan.stories.items():
        there = folder.story(blocks).lines()
        lacks = [] if there is not None else [b for b in blocks if folder.part(b).lines() is None]
        missing += lacks
        if not lacks:
            days[name] = folder.finish(blocks) if there is None else len(there)
    missing += [trial for trial in plan.trials if folder.part(trial).lines() is None]
    return Found(days, missing)


def fill(
    plan: Plan,
    found: Found,
    store: Store,
    folder: Folder,
    crew: Crew | None = None,
    watch: Watch = NOBODY,
) -> Filled:
    """Makes what is missing: the same files whoever does the work, in whatever order, and however often it began.

    A block that could not be done is named with its fault; its story has no file, the others have theirs.
    Raises as `running.run` does; what was done by then is kept.
    """
    days, faults = dict(found.days), dict[str, str]()
    lacks = Counter(block.tale.story.id for block in found.missing if isinstance(block, Span))
    for result in as_done(found.missing, store, crew, watch):
        block = result.block
        assert isinstance(block, Span | Trial)
        if result.fault:
            faults[block.name] = result.fault
            continue
        folder.part(block).write(_lines(result.value))
        if isinstance(block, Span):
            story = block.tale.story.id
            lacks[story] -= 1
            if not lacks[story]:
                days[story] = folder.finish(plan.stories[story])
    return Filled(
        days={story: days[story] for story in plan.stories if story in days},
        table=_table(plan.trials, folder),
        faults={b.name: faults[b.name] for b in found.missing if b.name in faults},
    )


def _lines(value: object) -> list[str]:
    """What a block gave, a line for each day (of a trial: one)."""
    rows = value if isinstance(value, tuple) else (value,)
    return [line_of(row.model_dump(mode="json")) for row in rows]


def _table(trials: Sequence[Trial], folder: Folder) -> Table | None:
    """The table of calibration, kept in the folder; None while a row is missing."""
    kept = [folder.part(trial).lines() for trial in trials]
    if any(lines is None for lines in kept):
        return None
    rows = [Row.model_validate_json(line) for lines in kept for line in lines or ()]
    table = Table(engine=ENGINE_VERSION, rule=RULE, rows=tuple(rows), overall=overall(rows))
    folder.keep(table)
    return table
