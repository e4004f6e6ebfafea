"""The lines of a series file, and what a batch of observations adds to them.

No line is ever changed or taken out. A revision is a line of its own, and so is a withdrawal (a line
without a value): it says that from its snapshot on the earlier line of that period and time no longer
stands, because the publisher's own record of what was printed has taken its place. Every line carries
the snapshot's number at which it came, so an older snapshot reads as it always did.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter, itemgetter
from pathlib import Path

import numpy as np

from evidence import calendar
from evidence.catalogue import Release
from evidence.observations import HEADER
from evidence.publishers import Observation

AHEAD = 24
"""How many periods past the newest one the last scheduled release is looked for."""


@dataclass(frozen=True)
class Line:
    """One line of a series file.

    value: empty where the line withdraws the earlier ones of the same period and `known_at`. known_at:
    empty where the release rule gives it.
    """

    period: str
    value: str
    known_at: str
    added: int

    def __str__(self) -> str:
        return f"{self.period},{self.value},{self.known_at},{self.added}"


@dataclass(frozen=True)
class Fetch:
    """When a batch was read, and when its feed was last read in good order before. Seconds, UTC."""

    now: int
    seen: int | None = None


@dataclass(frozen=True)
class Version:
    """A value that stands, the second at which it became known, and that second as its line has it."""

    second: int
    value: str
    known_at: str


_second = itemgetter(0)


def read_lines(path: Path) -> list[Line]:
    """A series file's lines; none where there is no file yet."""
    if not path.exists():
        return []
    return lines_of(path.read_text(encoding="utf-8"))


def lines_of(text: str) -> list[Line]:
    """The lines of a series file's text."""
    rows = (line.split(",") for line in text.splitlines()[1:])
    return [Line(row[0], row[1], row[2], int(row[3])) for row in rows]


def text_of(release: Release, lines: Sequence[Line]) -> str:
    """A series file's text: lines by period, then when known, then when added."""
    seconds = known_seconds(release, lines)
    keyed = sorted(
        zip(lines, seconds, strict=True), key=lambda pair: (pair[0].period, pair[1], pair[0].added)
    )
    return "\n".join([HEADER, *(str(line) for line, _ in keyed)]) + "\n"


def known_seconds(release: Release, rows: Sequence[Observation | Line]) -> list[int]:
    """When each row became known, in seconds UTC: as recorded, or by the release rule."""
    if not rows:
        return []
    ends = np.array([calendar.period_end(row.period) for row in rows], dtype="datetime64[D]")
    rule = calendar.known_at(release, ends)
    return [
        calendar.seconds(row.known_at) if row.known_at else int(at)
        for row, at in zip(rows, rule, strict=True)
    ]


def standing(release: Release, held: Sequence[Line]) -> dict[str, list[Version]]:
    """What stands of each period, by time known: without what was withdrawn, the later line at one second."""
    left: dict[tuple[str, str], Version] = {}
    in_order = sorted(
        zip(held, known_seconds(release, held), strict=True), key=lambda pair: pair[0].added
    )
    for line, second in in_order:
        if line.value:
            left[line.period, line.known_at] = Version(second, line.value, line.known_at)
        else:
            left.pop((line.period, line.known_at), None)
    by_second: dict[str, dict[int, Version]] = {}
    for (period, _), version in left.items():
        by_second.setdefault(period, {})[version.second] = version
    return {period: [v[s] for s in sorted(v)] for period, v in by_second.items()}


def merge(
    release: Release, held: Sequence[Line], found: Sequence[Observation], added: int
) -> tuple[list[Line], list[str]]:
    """The lines that a batch of kept files adds to `held`, and what could not be placed.

    A recorded observation is held against the version that stood at its time, one without a recorded
    time against the version that stands at the newest release in `found`. Equal ones bring no line. A
    value that differs and has no time of its own is a revision that the newest release brought.
    """
    stands = standing(release, held)
    batch, faults = _batch(release, found)
    if faults:
        return [], faults
    newest = max((second for rows in batch.values() for second in rows), default=0)
    new: list[Line] = []
    for period in sorted(batch):
        for value, known_at in _fresh(stands.get(period, []), batch[period], newest, faults):
            new.append(Line(period, value, known_at, added))
    return new, faults


def _batch(
    release: Release, found: Sequence[Observation]
) -> tuple[dict[str, dict[int, Observation]], list[str]]:
    """A batch by period and second; two values for one moment are a fault."""
    batch: dict[str, dict[int, Observation]] = {}
    faults: list[str] = []
    for row, second in zip(found, known_seconds(release, found), strict=True):
        same = batch.setdefault(row.period, {}).setdefault(second, row)
        if Decimal(same.value) != Decimal(row.value):
            when = calendar.iso(second)
            faults.append(f"{row.period} is {same.value} and {row.value}, both known at {when}")
    return batch, faults


def _fresh(
    held: Sequence[Version], rows: Mapping[int, Observation], newest: int, faults: list[str]
) -> list[tuple[str, str]]:
    """What `rows` (by second) add to one period's `held` versions, as (value, known_at)."""
    stands = [(v.second, v.value) for v in held]
    taken = {second for second, _ in stands}
    added: list[tuple[str, str]] = []
    for second in sorted(rows):
        row, last = rows[second], second == max(rows)
        at = newest if held and last and not row.known_at else second
        now = [value for when, value in stands if when <= at]
        if now and Decimal(now[-1]) == Decimal(row.value):
            continue
        placed, known_at = second, row.known_at
        if second in taken:  # a version of that second is there, and lines are never changed
            if newest in taken or not last:
                told = calendar.iso(second)
                faults.append(f"{row.period}: {row.value} differs from what was known at {told}")
                continue
            placed, known_at = newest, calendar.iso(newest)
        added.append((row.value, known_at))
        stands = sorted([*stands, (placed, row.value)], key=_second)
    return added


def merge_fetched(
    release: Release,
    frequency: str,
    held: Sequence[Line],
    found: Sequence[Observation],
    added: int,
    fetch: Fetch,
) -> tuple[list[Line], list[str]]:
    """The lines that a fetch adds to `held`, and what could not be placed.

    A new period is dated by the release rule. Where that day has not come yet, or has passed and a look
    on a later day did not find the period, it became known to us with this fetch. A recorded
    observation has its own time, and at that second stands in for what the rule had reconstructed. An
    undated value that differs from what stands now is a revision: the last scheduled release before
    the fetch brought it, unless we have looked since and not seen it; then this fetch did.
    """
    dated = [row for row in found if row.known_at]
    undated: dict[str, Observation] = {}
    faults: list[str] = []
    for row in found:
        same = row if row.known_at else undated.setdefault(row.period, row)
        if Decimal(same.value) != Decimal(row.value):
            faults.append(f"{row.period} is {same.value} and {row.value} in one fetch")
    batch, clashes = _batch(release, dated)
    if faults or clashes:
        return [], [*faults, *clashes]
    stands = standing(release, held)
    new: list[Line] = []
    for period in sorted(batch):
        versions = stands.setdefault(period, [])
        new += _recorded(versions, batch[period], added, fetch.now, faults)
    scheduled = last_scheduled(release, frequency, [*held, *found], fetch.now)
    last_held = max((line.period for line in held), default="")
    rule = dict(zip(undated, known_seconds(release, list(undated.values())), strict=True))
    for period, row in sorted(undated.items()):
        versions = stands.get(period, [])
        known_at = ""
        if versions:
            if Decimal(versions[-1].value) == Decimal(row.value):
                continue
            after = max(versions[-1].second, fetch.seen or 0)
            known_at = calendar.iso(scheduled if scheduled > after else fetch.now)
        elif rule[period] > fetch.now or (
            fetch.seen is not None
            and last_held
            and period > last_held
            and calendar.new_york_day(rule[period]) < calendar.new_york_day(fetch.seen)
        ):
            known_at = calendar.iso(fetch.now)
        new.append(Line(period, row.value, known_at, added))
    return new, faults


def _recorded(
    versions: list[Version],
    rows: Mapping[int, Observation],
    added: int,
    now: int,
    faults: list[str],
) -> list[Line]:
    """What dated observations of one period add; `versions` is brought up to date with them.

    Where a dated value of that second is held already, another one is a correction: known with this
    fetch if nothing later is told of the period, and else a contradiction.
    """
    new: list[Line] = []
    for second in sorted(rows):
        row, at, known_at = rows[second], second, rows[second].known_at
        before = [v for v in versions if v.second <= second]
        if before and Decimal(before[-1].value) == Decimal(row.value):
            continue
        if before and before[-1].second == second and before[-1].known_at:
            later = [v.value for v in versions if v.second > second]
            if any(Decimal(value) == Decimal(row.value) for value in later):
                continue
            if later or second != max(rows):
                told = calendar.iso(second)
                faults.append(f"{row.period}: {row.value} differs from what was known at {told}")
                continue
            at, known_at = now, calendar.iso(now)
        kept = [v for v in versions if v.second != at]
        versions[:] = sorted([*kept, Version(at, row.value, known_at)], key=attrgetter("second"))
        new.append(Line(row.period, row.value, known_at, added))
    return new


def last_scheduled(
    release: Release, frequency: str, rows: Sequence[Observation | Line], now: int
) -> int:
    """The last second at or before `now` for which the calendar has a release; 0 where it has none."""
    ends = {calendar.period_end(period) for period in {row.period for row in rows}}
    if not ends:
        return 0
    ends |= set(calendar.next_periods(frequency, max(ends), AHEAD, release))
    known = calendar.known_at(release, np.array(sorted(ends), dtype="datetime64[D]"))
    past = known[known <= now]
    return int(past.max()) if len(past) else 0


def merge_vintages(
    release: Release, held: Sequence[Line], found: Sequence[Observation], added: int
) -> tuple[list[Line], list[str]]:
    """The lines that a publisher's whole record of prints adds to `held`, and what could not be placed.

    What the record knows stands: a held line that says otherwise for its time is withdrawn. An
    observation without a time is the oldest print that the record has, and was known by the release
    rule. Periods that the record does not have keep what they had.
    """
    batch, faults = _batch(release, found)
    if faults:
        return [], faults
    stands = standing(release, held)
    new: list[Line] = []
    for period in sorted(batch):
        rows, versions = batch[period], stands.get(period, [])
        by_text = {v.known_at: v for v in versions}
        told = [(second, rows[second].value) for second in sorted(rows)]
        for version in versions:
            then = [value for second, value in told if second <= version.second]
            wrong = not then or Decimal(then[-1]) != Decimal(version.value)
            # a line of the same time takes its place below, and needs no withdrawal
            replaced = any(version.known_at == row.known_at for row in rows.values())
            if wrong and not replaced:
                new.append(Line(period, "", version.known_at, added))
        right = [
            v for v in versions
            if (then := [value for s, value in told if s <= v.second])
            and Decimal(then[-1]) == Decimal(v.value)
        ]  # fmt: skip
        for second in sorted(rows):
            row = rows[second]
            same = by_text.get(row.known_at)
            if same is not None:
                if Decimal(same.value) != Decimal(row.value):
                    new.append(Line(period, row.value, row.known_at, added))
                continue
            before = [v for v in right if v.second <= second]
            earlier = [value for s, value in told if s < second]
            if before and before[-1].second == second:
                continue  # the rule had it, with this value
            if earlier and Decimal(earlier[-1]) == Decimal(row.value):
                continue  # printed again, unchanged
            new.append(Line(period, row.value, row.known_at, added))
    return new, faults
