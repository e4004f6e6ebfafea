"""The user's own file into the private store: strict, and all or nothing for each series.

`bring` reads a file as a table (evidence.tables), takes from it what its map says (evidence.mapping,
evidence.own_file), and hands that to the store (evidence.private).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from evidence import calendar, private, tables
from evidence.frozen import Frozen
from evidence.mapping import FileMap
from evidence.observations import View
from evidence.own_file import Reader
from evidence.private import Batch
from evidence.publishers import Problem, SourceFault
from evidence.trouble import Trouble


class Tally(Frozen):
    """What a file has for one series, and what of it was new.

    added, revised: lines of the store, and those of them for a period that was held. Left out: days
    without a value, weekends, and days without a value of the series that is subtracted.
    """

    series: str
    unit: str
    values: int
    first: date
    last: date
    low: float
    high: float
    added: int
    revised: int
    empty: int
    weekends: int
    unmatched: int

    @property
    def words(self) -> list[str]:
        """The same in lines, so that somebody sees at once whether the figures are theirs."""
        left = {
            "days without a value": self.empty,
            "days of a weekend": self.weekends,
            "days without the series that is subtracted": self.unmatched,
        }
        span = f"from {self.first} to {self.last}"
        sizes = f"between {self.low:,.6g} and {self.high:,.6g} {self.unit}"
        return [
            f"{self.series}: {self.values:,} values {span}, {sizes}",
            f"  {self.added:,} new lines, {self.revised:,} of them revisions",
            *(f"  left out: {count:,} {what}" for what, count in left.items() if count),
        ]


class Report(Frozen):
    """What an import did. `before` and `number` are the private store's."""

    folder: str
    before: int
    number: int
    series: tuple[Tally, ...]
    problems: tuple[Trouble, ...]
    mended: tuple[str, ...]

    @property
    def words(self) -> list[str]:
        """What it did, line by line."""
        told = [*self.mended, *(line for tally in self.series for line in tally.words)]
        if self.number > self.before:
            return [*told, f"The private store {self.folder} has number {self.number} now."]
        return [*told, f"Nothing new: the private store {self.folder} stays at {self.number}."]


@dataclass(frozen=True)
class Wish:
    """What is to be brought: a file, the series in it, its map, when its values became known (a rule).

    anew: the series begin again with this file.
    """

    path: Path
    series: Sequence[str]
    form: FileMap
    known_at: str = "release"
    anew: bool = False


def bring(wish: Wish, view: View, folder: Path, now: int) -> Report:
    """Reads a file and keeps in the private store what is new. now: the second of the import, UTC.

    view: the open data as known now, from which what is subtracted is taken.
    """
    name = wish.path.name
    problems: list[Problem] = []
    readers: dict[str, Reader] = {}
    try:
        table = tables.read(name, wish.path.read_bytes(), wish.form.sheet, wish.form.skip)
        for series in wish.series:
            readers[series] = Reader(name, table, wish.form, series, wish.known_at, view, now)
    except SourceFault as fault:
        problems.append(Problem(name, fault.line, fault.message))
    batches = {}
    for series, reader in readers.items():
        problems += reader.parsed.problems
        rows = reader.parsed.observations
        if rows:
            recorded = bool(reader.rule.column)
            batches[series] = Batch(rows, name, wish.known_at, reader.column.note, recorded)
    if not batches:
        return refused(folder, _troubles(problems))
    kept = private.keep(folder, view.catalogue, batches, now, anew=wish.anew)
    for series, faults in kept.faults.items():
        problems += [Problem(name, 0, f"{series}: {fault}") for fault in faults]
    return Report(
        folder=str(folder),
        before=kept.before,
        number=kept.number,
        series=tuple(
            _tally(readers[series], kept) for series in batches if series not in kept.faults
        ),
        problems=_troubles(problems),
        mended=tuple(f"{one.file}: {one.sentence}" for one in kept.mended),
    )


def refused(folder: Path, troubles: Sequence[Trouble]) -> Report:
    """The report of an import that brought nothing, and touched nothing."""
    at, told = private.number(folder), tuple(troubles)
    return Report(folder=str(folder), before=at, number=at, series=(), problems=told, mended=())


def _troubles(problems: Sequence[Problem]) -> tuple[Trouble, ...]:
    return tuple(Trouble(source=p.source, line=p.line, message=p.message) for p in problems)


def _tally(reader: Reader, kept: private.Kept) -> Tally:
    """What was read of one series, and what of it was new."""
    rows = reader.parsed.observations
    values = [float(row.value) for row in rows]
    ends = [calendar.period_end(row.period) for row in rows]
    return Tally(
        series=reader.entry.id,
        unit=reader.entry.unit,
        values=len(rows),
        first=min(ends),
        last=max(ends),
        low=min(values),
        high=max(values),
        added=kept.added.get(reader.entry.id, 0),
        revised=kept.revised.get(reader.entry.id, 0),
        empty=reader.empty,
        weekends=reader.weekends,
        unmatched=reader.unmatched,
    )
