"""The lines of a series file, and what a batch of observations adds to them.

No line is ever changed or taken out. A revision is a line of its own, and so is a withdrawal (a line
without a value): it says that from its snapshot on the earlier line of that period and time no longer
stands, because the publisher's own record of what was printed has taken its place. Every line carries
the snapshot's number at which it came, so an older snapshot reads as it always did.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import NamedTuple

import numpy as np

from evidence import calendar
from evidence.catalogue import Release
from evidence.observations import HEADER
from evidence.publishers import Observation

NOISE = Decimal("1e-14")
"""The share of a value below which a difference is none: no publisher prints so many digits."""
DAYS = {"daily": 1, "weekly": 7, "monthly": 28, "quarterly": 89, "yearly": 365}
"""The fewest days of a period, by frequency."""


class Line(NamedTuple):
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


class Version(NamedTuple):
    """A value that stands, the second at which it became known, and that second as its line has it."""

    second: int
    value: str
    known_at: str


_second = itemgetter(0)


def _same(one: str, other: str) -> bool:
    """Whether two texts are the same number, but for the noise that a sum in binary leaves in the 17th digit."""
    a, b = Decimal(one), Decimal(other)
    return a == b or abs(a - b) <= NOISE * abs(a)


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
    undated = [row.period for row in rows if not row.known_at]
    rule = iter(calendar.known_at(release, _ends(undated)).tolist())
    return [calendar.seconds(row.known_at) if row.known_at else next(rule) for row in rows]


def _ends(periods: Sequence[str]) -> calendar.Days:
    """The last days of periods, all of which are days or all months."""
    if periods and len(periods[0]) == 7:
        months = np.array(periods, dtype="datetime64[M]")
        return np.asarray((months + 1).astype("datetime64[D]") - np.timedelta64(1, "D"))
    return np.array(periods, dtype="datetime64[D]")


def standing(release: Release, held: Sequence[Line]) -> dict[str, list[Version]]:
    """What stands of each period, by time known: of two versions at one second, the one that came later."""
    found = _left(release, held)
    for period, versions in found.items():
        if len(versions) > 1:
            by_second = {version.second: version for version in versions}
            found[period] = [by_second[second] for second in sorted(by_second)]
    return found


def _left(release: Release, held: Sequence[Line]) -> dict[str, list[Version]]:
    """What was neither withdrawn nor replaced of each period, in the order in which it came."""
    left: dict[tuple[str, str], Version] = {}
    seconds = known_seconds(release, held)
    for line, second in sorted(zip(held, seconds, strict=True), key=_added):
        key = line.period, line.known_at
        left.pop(key, None)
        if line.value:
            left[key] = Version(second, line.value, line.known_at)
    found: dict[str, list[Version]] = {}
    for (period, _), version in left.items():
        found.setdefault(period, []).append(version)
    return found


def _added(pair: tuple[Line, int]) -> int:
    return pair[0].added


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
        if not _same(same.value, row.value):
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
        if now and _same(now[-1], row.value):
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
    on a later day did not find the period, it became known to us with this fetch. (A period before all
    that is held is no news: the publisher has begun to offer more of the past.) A recorded observation
    has its own time, and at that second stands in for what the rule had reconstructed. An undated value
    that differs from what stands now is a revision: the last scheduled release before the fetch brought
    it, unless we have looked since and not seen it; then this fetch did.
    """
    undated: dict[str, Observation] = {}
    faults: list[str] = []
    for row in found:
        same = row if row.known_at else undated.setdefault(row.period, row)
        if not _same(same.value, row.value):
            faults.append(f"{row.period} is {same.value} and {row.value} in one fetch")
    batch, clashes = _batch(release, [row for row in found if row.known_at])
    if faults or clashes:
        return [], [*faults, *clashes]
    stands = standing(release, held)
    new: list[Line] = []
    for period in sorted(batch):
        versions = stands.setdefault(period, [])
        rows = _by_now(batch[period], versions, fetch.now)
        new += _recorded(versions, rows, added, fetch.now, faults)
    scheduled = last_scheduled(release, frequency, [*held, *found], fetch.now)
    first_held = min((line.period for line in held), default="9999")
    rule = dict(zip(undated, known_seconds(release, list(undated.values())), strict=True))
    for period, row in sorted(undated.items()):
        versions = stands.get(period, [])
        if not versions:
            known_at = _first_known(rule[period], period > first_held, fetch)
        elif _same(versions[-1].value, row.value):
            continue
        elif versions[-1].second > fetch.now:
            told = calendar.iso(versions[-1].second)
            faults.append(f"{period}: what is held became known at {told}, after this fetch")
            continue
        else:
            after = max(versions[-1].second, fetch.seen or 0)
            known_at = calendar.iso(scheduled if scheduled > after else fetch.now)
        new.append(Line(period, row.value, known_at, added))
    return new, faults


def _first_known(rule: int, news: bool, fetch: Fetch) -> str:  # noqa: FBT001
    """`known_at` of a period that was not held: empty (the rule), or the time of the fetch."""
    missed = (
        news
        and fetch.seen is not None
        and calendar.new_york_day(rule) < calendar.new_york_day(fetch.seen)
    )
    return calendar.iso(fetch.now) if rule > fetch.now or missed else ""


def _by_now(
    rows: Mapping[int, Observation], versions: Sequence[Version], now: int
) -> dict[int, Observation]:
    """`rows` by second, none after `now`: one that is dated later was seen before its time.

    It became known with this fetch, or with the earlier one that brought the version which stands.
    """
    found = {second: row for second, row in rows.items() if second <= now}
    stands = next((v for v in reversed(versions) if v.second <= now), None)
    for _, row in sorted((second, row) for second, row in rows.items() if second > now):
        if stands is not None and _same(stands.value, row.value):
            found[stands.second] = replace(row, known_at=stands.known_at)
        else:
            found[now] = replace(row, known_at=calendar.iso(now))
    return found


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
        if before and _same(before[-1].value, row.value):
            continue
        if before and before[-1].second == second and before[-1].known_at:
            later = [v.value for v in versions if v.second > second]
            if any(_same(value, row.value) for value in later):
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
    """The last second at or before `now` for which the calendar has a release; 0 where it has none.

    Also where nothing has come for long: what is scheduled goes on.
    """
    if not rows:
        return 0
    ends, today = _ends(sorted({row.period for row in rows})), calendar.new_york_day(now)
    last: date = ends[-1].astype(object)
    count = max((today - last).days // DAYS.get(frequency, 1) + 1, 0)
    following = calendar.next_periods(frequency, last, count, release)
    ends = np.union1d(ends, np.array(following, dtype="datetime64[D]"))
    known = calendar.known_at(release, ends[ends <= np.datetime64(today)])
    past = known[known <= now]
    return int(past.max()) if len(past) else 0


def merge_vintages(
    release: Release, held: Sequence[Line], found: Sequence[Observation], added: int, now: int
) -> tuple[list[Line], list[str]]:
    """The lines that a publisher's whole record of prints adds to `held`, and what could not be placed.

    What the record knows stands: a held line that says otherwise for its time is withdrawn, or gives way
    to one of the same time. An observation without a time is the oldest print that the record has, and
    was known by the release rule. Periods that the record does not have keep what they had.
    """
    batch, faults = _batch(release, found)
    if faults:
        return [], faults
    left, stands = _left(release, held), standing(release, held)
    new: list[Line] = []
    for period in sorted(batch):
        rows = _by_now(batch[period], stands.get(period, []), now)
        prints = [
            Version(second, rows[second].value, rows[second].known_at) for second in sorted(rows)
        ]
        right = [v for v in left.get(period, []) if _printed(prints, v)]
        wrong = [v.known_at for v in left.get(period, []) if v not in right]
        come: list[Version] = []
        for row in prints:
            before = [v for v in [*right, *come] if v.second <= row.second]
            latest = max(before, key=attrgetter("second"), default=None)
            if latest is None or not _same(latest.value, row.value):
                come.append(row)
        replaced = {row.known_at for row in come}
        new += [Line(period, "", known_at, added) for known_at in wrong if known_at not in replaced]
        new += [Line(period, row.value, row.known_at, added) for row in come]
    return new, faults


def _printed(prints: Sequence[Version], version: Version) -> bool:
    """Whether a version is what a record of prints has for its time."""
    then = [row.value for row in prints if row.second <= version.second]
    return bool(then) and _same(then[-1], version.value)
