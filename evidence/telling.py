"""How a story's memory reads: what was published on a day, what moved, and how the verdict turned.

Pure functions of the catalogue and of plain values; no page or command writes such a sentence itself.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from evidence.catalogue import Catalogue, Release
from evidence.days import day, day_month, short_day
from evidence.kinds.base import Outcome
from evidence.trace import Confidence, Direction
from evidence.wording import CONFIDENCES, DIRECTIONS, OUTCOMES, first_up, listed

if TYPE_CHECKING:
    from evidence.history import History

_IN_BRACKETS = re.compile(r" ?\(([^()]*)\)")
_ABBREVIATION = re.compile(r"^[A-Z]{2,}$")
QUARTERS = ("first", "second", "third", "fourth")
COMPARISON = "The story’s own figures stood; the earlier windows that they are compared with moved."
MOST_NAMED = 2
"""How many periods or releases are named one by one; of more, the first and the last, or their number."""


def plain_name(release: Release) -> str:
    """What a release is, without the abbreviation behind it: `cross-border flows`."""
    return _IN_BRACKETS.sub("", release.name)


def short_name(catalogue: Catalogue, release: Release) -> str:
    """A release where there is little room: `TIC`; its plain name where it has no abbreviation in letters of its own."""
    found = _IN_BRACKETS.search(release.name)
    if found is None or not _ABBREVIATION.match(found[1]):
        return plain_name(release)
    shared = sum(found[0] in other.name for other in catalogue.releases.values())
    return found[1] if shared == 1 else plain_name(release)


def _period(frequency: str, period: date, *, with_year: bool = True) -> str:
    if frequency == "monthly":
        return f"{period:%B %Y}" if with_year else f"{period:%B}"
    if frequency == "quarterly":
        quarter = f"the {QUARTERS[(period.month - 1) // 3]} quarter"
        return f"{quarter} of {period.year}" if with_year else quarter
    if frequency == "yearly":
        return str(period.year)
    return day(period) if with_year else day_month(period)


def periods(frequency: str, ends: Sequence[date]) -> str:
    """Periods by their last days: `April 2025`, `January and March 2025`, `14 to 18 April 2025`."""
    if not ends:
        return ""
    first, last = ends[0], ends[-1]
    if first == last:
        return _period(frequency, first)
    same_year = first.year == last.year and frequency != "yearly"
    begins = _period(frequency, first, with_year=not same_year)
    by_day = frequency in ("daily", "weekly", "irregular")
    if by_day and (first.year, first.month) == (last.year, last.month):
        begins = str(first.day)
    joined = "and" if len(ends) == MOST_NAMED else "to"
    return f"{begins} {joined} {_period(frequency, last)}"


def published(
    release: Release, frequency: str, new: Sequence[date], revised: Sequence[date]
) -> str:
    """What came out: `cross-border flows (TIC) for April 2025, with January to March 2025 revised`."""
    older = f"{periods(frequency, revised)} revised" if revised else ""
    if not new:
        return f"{release.name}: {older}"
    joined = "of" if frequency == "irregular" else "for"
    out = f"{release.name} {joined} {periods(frequency, new)}"
    return f"{out}, with {older}" if older else out


def label(
    catalogue: Catalogue, release: Release, frequency: str, new: Sequence[date], on: date
) -> str:
    """The same for a mark on a chart or a button: `TIC for April`, `CFTC`, `TIC, revised`."""
    name = short_name(catalogue, release)
    if not new:
        return f"{name}, revised"
    if frequency in ("daily", "weekly", "irregular"):
        return name
    near = timedelta(days=330) > on - new[-1]
    return f"{name} for {_period(frequency, new[-1], with_year=not near)}"


def revised(label_: str) -> str:
    """A release's label where what counted were its revisions: `TIC, revised`."""
    name = label_.partition(" for ")[0]
    return name if name.endswith(", revised") else f"{name}, revised"


def replanned(release: Release, frequency: str, moves: Sequence[tuple[date, date, date]]) -> str:
    """A change of plan; moves: period, day expected until then, new day. Of several only the first day is said."""
    _, was, now = moves[0]
    what = f"{release.name} for {periods(frequency, [m[0] for m in moves])}"
    if len(moves) > 1:
        return f"new plan for {what}; the first on {day(now)}"
    return f"{what} {'put off' if now > was else 'brought forward'} from {day(was)} to {day(now)}"


def overdue(what: str, frequency: str, period: date) -> str:
    """Something that was due and is not in the data."""
    return f"{what} for {periods(frequency, [period])}: due, and not in the data"


def stale(what: str, frequency: str, last: date) -> str:
    """Something that has gone stale."""
    return f"{what}: nothing after {periods(frequency, [last])} in the data"


def standing(direction: Direction, confidence: Confidence, *, so_far: bool, by_proxy: bool) -> str:
    """A verdict in words: `contradicted so far, by proxy (low confidence)`."""
    words = DIRECTIONS[direction].lower()
    if direction == "insufficient_data":
        return words
    words += (" so far" if so_far else "") + (", by proxy" if by_proxy else "")
    return f"{words} ({CONFIDENCES[confidence]} confidence)"


def causes(named: Sequence[str]) -> str:
    """What came on one day, named while there are few: `… and two more`."""
    if len(named) <= MOST_NAMED + 1:
        return listed(named)
    return f"{', '.join(named[:MOST_NAMED])} and {len(named) - MOST_NAMED} more"


def steps(before: Sequence[str], after: Sequence[str]) -> str:
    """The steps down in confidence that came or went: `Now also: fragile.`."""
    came = [name for name in after if name not in before]
    gone = [name for name in before if name not in after]
    told = [f"Now also: {listed(came)}."] if came else []
    return " ".join([*told, *([f"No longer: {listed(gone)}."] if gone else [])])


def turned(
    on: date, cause: str, before: str, after: str, *, only_comparison: bool, steps: str
) -> str:
    """A turn in a sentence: `18 June 2025: cross-border flows (TIC) for April 2025. Mixed (…) → …`."""
    turn = f"{day(on)}: {cause or 'no release'}. {first_up(before)} → {after}."
    return " ".join(part for part in (turn, COMPARISON if only_comparison else "", steps) if part)


def changed(title: str, before: str, after: str) -> str:
    """A verdict that changed: `Hedge funds blew up: not enough data yet → contradicted (medium confidence).`."""
    if before == after:
        return f"{title}: still {after}, with tests that read otherwise."
    return f"{title}: {before} → {after}."


def moved(title: str, before: Outcome, after: Outcome) -> str:
    """A test that reads otherwise: `Officials sold: no clear answer → against the claim`."""
    if before == after:
        return f"{title}: still {OUTCOMES[after]}"
    return f"{title}: {OUTCOMES[before]} → {OUTCOMES[after]}"


def course(spans: Sequence[tuple[date, date, Direction]]) -> str:
    """A verdict's way in a line: `Not enough data yet until 16 April 2025, contradicted since 17 April 2025`.

    spans: first day, last day and direction of each stretch, in order; directions change from one to the next.
    """
    if len(spans) == 1:
        return f"{DIRECTIONS[spans[0][2]]} from {day(spans[0][0])} to {day(spans[0][1])}"
    first, last = spans[0], spans[-1]
    parts = [f"{DIRECTIONS[first[2]].lower()} until {day(first[1])}"]
    if len(spans) == 3:
        parts.append(f"then {DIRECTIONS[spans[1][2]].lower()}")
    elif len(spans) > 3:
        parts.append(f"then {counted(len(spans) - 2, 'other answer')}")
    parts.append(f"{DIRECTIONS[last[2]].lower()} since {day(last[0])}")
    return first_up(", ".join(parts))


@dataclass(frozen=True)
class Answer:
    """The first day on which a story could be judged, and the releases that it came with."""

    on: date
    with_: tuple[str, ...]


def first_answer(answers: Sequence[Answer | None], last: date) -> str:
    """Until when nobody could know, and what brought the first answer; None stands for a story without one."""
    count = len(answers)
    stories = f"the {count} stories that people told" if count > 1 else "the story that people told"
    known = sorted((a for a in answers if a is not None), key=lambda a: (a.on, a.with_))
    if not known:
        return f"On {day(last)} nobody could know: the data could judge none of {stories}."
    first = known[0]
    if not first.with_:
        early = sum(a.on == first.on for a in known)
        return f"On {day(first.on)} the data could already judge {early} of {stories}."
    eve = first.on - timedelta(days=1)
    return (
        f"Until {day(eve)} nobody could know: the data could judge none of {stories}. "
        f"The first answer came on {day(first.on)}, with {causes(first.with_)}. "
        f"By {day(last)} {len(known) if len(known) < count else 'all'} of them could be judged."
    )


def reading(made: int, of: int) -> str:
    """While histories are being made."""
    return f"Reading every day as it was known then: {made} of {of} stories so far."


def too_early(asked: date, event: str, on: date) -> str:
    """A day before the event."""
    return f"On {day(asked)} there was nothing to know yet. {event}: {day(on)}."


def settled(on: date, with_: Sequence[str], turns: int) -> str:
    """Since when a verdict points the way that it does, by what, and how often it has turned."""
    came = f": {causes(with_)}" if with_ else ""
    often = "It turned once." if turns == 1 else f"It turned {turns} times, confidence included."
    return f"Since {day(on)}{came}. {often}"


def settled_from_the_start(first: date) -> str:
    """A story that could be judged from its first day on."""
    return f"From the first day on: {day(first)}."


def counted(number: int, noun: str) -> str:
    """`1 day`, `2 days`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def stop(on: date, cause: str) -> str:
    """A day and its name for a button: `18 Jun 2025: TIC for April`; a name that says the day stands alone."""
    if day(on) in cause:
        return cause
    return f"{short_day(on)}: {cause}" if cause else short_day(on)


def since(known: "History") -> str:
    """Since when a verdict stands and by which release; of an open one, that it is open."""
    turn = known.settled
    if turn is not None:
        return settled(turn.on, [p.words for p in turn.moved_by], len(known.turns))
    if known.days[-1].direction == "insufficient_data":
        return f"Open on {day(known.last)}."
    return settled_from_the_start(known.first)
