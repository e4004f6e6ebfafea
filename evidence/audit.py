"""The audit: each figure of the note, recomputed under its readings, as known when it was printed and today.

docs/method.md (The audit) defines every number. A reading is asked through `evidence.answer`, as any
test is. Sentences are filled by named slots (`evidence.sheet`); no number is typed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from pydantic import Field

from evidence.answer import answer
from evidence.days import day as in_words
from evidence.engine import Engine
from evidence.frozen import Frozen
from evidence.kinds import KINDS
from evidence.kinds.base import Outcome, TestBase
from evidence.library import Library
from evidence.observations import View
from evidence.quantity import Quantity, amount, level, tidy
from evidence.sheet import SLOT, Note, PrintedFigure, Reading
from evidence.trace import Amount, Number, TestTrace
from evidence.wording import declared, listed, sentence

Status = Literal[
    "not_reproduced", "reproduced_under_another_definition", "reproduced", "not_checkable"
]
STATUSES: Mapping[Status, str] = {
    "not_reproduced": "Not reproduced",
    "reproduced_under_another_definition": "Under another definition",
    "reproduced": "Reproduced",
    "not_checkable": "Not checkable with open data",
}
"""In the order of surprise."""


class Taken(Frozen):
    """A reading as known on a day: the number, the same in words, and whether the note's words hold (None: open).

    Where the note prints a number, a balance or flow is given in its sense: a deficit is positive. seen: the
    test's own sentence. trace: all behind it; the JSON document leaves it out.
    """

    as_of: date
    amount: Amount | None
    value: str | None
    agrees: bool | None
    outcome: Outcome
    seen: str
    trace: TestTrace = Field(exclude=True)


class EachDay(Frozen):
    """The same reading, asked on each of several days: how far it goes, and on how many it agrees."""

    lowest: Amount
    lowest_on: date
    highest: Amount
    highest_on: date
    days: int
    agreeing: int


class ReadingTrace(Frozen):
    """A reading, when the note was printed (`then`) and on the day of the audit (`today`).

    story: the narrative whose test it is. counts: whether it may decide; quoted figures and what
    stands beside may not.
    """

    id: str
    definition: str
    story: str | None
    counts: bool
    then: Taken
    today: Taken
    each_day: EachDay | None

    @property
    def taken(self) -> Taken:
        """What decides: the day of the print, or today where nothing was known then."""
        return self.today if self.then.value is None else self.then

    @property
    def turned(self) -> bool:
        """Whether what is known today says otherwise than what was known then."""
        return None not in (self.then.agrees, self.today.agrees) and (
            self.then.agrees is not self.today.agrees
        )


class FigureTrace(Frozen):
    """A figure, judged.

    printed, recomputed, today: as text with units (recomputed: as known on `vintage`, under
    `definition`); `*_amount` the same as numbers. distance: of the first reading from the print, as a
    share of the larger of the two.
    """

    id: str
    title: str
    where: str
    quote: str
    printed: str
    printed_amount: Amount | None
    recomputed: str | None
    recomputed_amount: Amount | None
    today: str | None
    definition: str
    vintage: date | None
    vintage_quality: str | None
    status: Status
    turned: bool
    distance: Number
    sentence: str
    needs: str | None
    private_data: bool
    readings: tuple[ReadingTrace, ...]


class Audit(Frozen):
    """The note's own figures, the most surprising first. then, today: the two days of the readings."""

    event: str
    note: Note
    then: date
    today: date
    figures: tuple[FigureTrace, ...]

    def figure(self, figure_id: str) -> FigureTrace:
        """A figure by its id. Raises KeyError."""
        for figure in self.figures:
            if figure.id == figure_id:
                return figure
        raise KeyError(figure_id)

    def count(self, status: Status) -> int:
        """How many figures have that status."""
        return sum(figure.status == status for figure in self.figures)


@dataclass(frozen=True)
class Asked:
    """What a reading asks: a test at an anchor, of a story or of its own."""

    test: TestBase
    anchor: date
    story: str | None


def asked(reading: Reading, event: str, library: Library, engine: Engine) -> Asked | None:
    """The test behind a reading; None where it belongs to a story that could not be read."""
    if reading.of is None:
        assert reading.asked is not None
        return Asked(reading.asked, engine.anchors[event], None)
    story = library.find(reading.of.narrative)
    if story is None or reading.of.test not in {t.id for t in story.tests}:
        return None
    return Asked(story.test(reading.of.test), engine.anchor(story), story.id)


def audit(library: Library, engine: Engine, event: str, today: date | None = None) -> Audit:
    """The sheet of an event, as known on its note's day and on `today` (the newest day in the data).

    Before the note's own day both are `today`. A reading whose story could not be read is left out.
    """
    sheet = library.audits[event]
    end = today or engine.store.newest_day
    days = (min(sheet.note.on, end), end)
    figures = [_figure(figure, event, days, library, engine) for figure in sheet.figures]
    order = list(STATUSES)
    figures.sort(
        key=lambda f: (
            order.index(f.status),
            not f.turned,
            f.printed_amount is None,
            -f.distance,
        )
    )
    return Audit(event=event, note=sheet.note, then=days[0], today=end, figures=tuple(figures))


def _figure(
    figure: PrintedFigure,
    event: str,
    days: tuple[date, date],
    library: Library,
    engine: Engine,
) -> FigureTrace:
    readings = []
    for reading in figure.readings:
        found = asked(reading, event, library, engine)
        if found is not None:
            readings.append(_reading(reading, found, days, engine, figure.printed.value))
    status, decided = _status(figure, readings)
    taken = decided.taken if decided is not None and decided.taken.agrees is not None else None
    spoken = taken if decided is not None and decided.counts else None
    printed = figure.printed.value
    return FigureTrace(
        id=figure.id,
        title=figure.title,
        where=figure.where,
        quote=figure.printed.quote,
        printed=declared(printed) if printed else f"“{figure.printed.quote}”",
        printed_amount=Amount(value=printed.value, unit=printed.unit) if printed else None,
        recomputed=spoken.value if spoken else None,
        recomputed_amount=spoken.amount if spoken else None,
        today=decided.today.value if spoken and decided else None,
        definition=decided.definition if decided else figure.readings[0].definition,
        vintage=spoken.as_of if spoken else None,
        vintage_quality=spoken.trace.data.vintage_quality if spoken and spoken.trace.data else None,
        status=status,
        turned=decided is not None and decided.counts and decided.turned,
        distance=_distance(figure, readings),
        sentence=_sentence(figure, readings, decided if spoken else None),
        needs=figure.needs,
        private_data=any(
            engine.store.catalogue.series[name].licence == "licensed"
            for reading in readings
            for taken in (reading.then, reading.today)
            if taken.value is not None
            for name in taken.trace.series
        ),
        readings=tuple(readings),
    )


def _reading(
    reading: Reading,
    found: Asked,
    days: tuple[date, date],
    engine: Engine,
    printed: Quantity | None,
) -> ReadingTrace:
    then, today = (_taken(reading, found, engine.view(day), printed) for day in days)
    return ReadingTrace(
        id=reading.id,
        definition=reading.definition,
        story=found.story,
        counts=not reading.beside and found.test.grade != "quoted",
        then=then,
        today=today,
        each_day=_each_day(reading, found, engine.view(days[1]), printed),
    )


def _taken(reading: Reading, found: Asked, view: View, printed: Quantity | None) -> Taken:
    trace = answer(found.test, view, found.anchor).trace
    # a window that is neither unusual nor ruled out leaves the words open; a fact fits its band or does not
    silent = trace.outcome == "not_evaluable" or (
        trace.outcome == "neutral" and trace.placebo is not None
    )
    fits = trace.outcome in reading.agrees
    return Taken(
        as_of=view.day,
        amount=held(trace, printed),
        value=shown(trace, printed),
        agrees=None if silent and not fits else fits,
        outcome=trace.outcome,
        seen=trace.seen,
        trace=trace,
    )


def _each_day(
    reading: Reading, found: Asked, view: View, printed: Quantity | None
) -> EachDay | None:
    """The reading as if made on each day of its series from `each_day_since` to its own `frozen`."""
    if reading.each_day_since is None:
        return None
    frozen: date = getattr(found.test, "frozen")  # noqa: B009  (only some kinds have it: a rule sees to that)
    periods = view.series(found.test.reads[0]).periods
    since, until = np.datetime64(reading.each_day_since), np.datetime64(frozen)
    values = []
    for period in periods[(periods >= since) & (periods <= until)]:
        on = period.astype(object)
        test = found.test.model_copy(update={"frozen": on})
        taken = _taken(reading, Asked(test, found.anchor, found.story), view, printed)
        if taken.amount is not None:
            values.append((float(taken.amount.value), on, taken.amount, taken.agrees is True))
    if not values:
        return None
    low, high = min(values, key=lambda v: v[:2]), max(values, key=lambda v: v[:2])
    return EachDay(
        lowest=low[2],
        lowest_on=low[1],
        highest=high[2],
        highest_on=high[1],
        days=len(values),
        agreeing=sum(agrees for *_, agrees in values),
    )


def _status(
    figure: PrintedFigure, readings: list[ReadingTrace]
) -> tuple[Status, ReadingTrace | None]:
    """The status, and the reading that the figure is shown under."""
    first = next((r for r in readings if r.id == figure.readings[0].id), None)
    able = [r for r in readings if r.counts and r.taken.agrees is not None]
    fits = next((r for r in able if r.taken.agrees), None)
    if fits is not None:
        return ("reproduced" if fits is first else "reproduced_under_another_definition"), fits
    return ("not_reproduced" if first in able else "not_checkable"), first


def held(trace: TestTrace, printed: Quantity | None) -> Amount | None:
    """The number that a reader is told of a test: for a record the value itself, not its distance."""
    if trace.statistic is None:
        return None
    value, unit = trace.statistic.value, trace.statistic.unit
    own = KINDS[trace.kind].stands_at(unit, trace.details or {})
    if own is not None:
        return Amount(value=tidy(own[0]), unit=own[1])
    if printed is not None and printed.unit == unit:
        value = trace.statistic.as_predicted
    return Amount(value=value, unit=unit)


def shown(trace: TestTrace, printed: Quantity | None) -> str | None:
    """What a test measured, in words: `87.9 %`, `−$12 bn`, `13 January 2025`, `a correlation of 0.11`."""
    found = held(trace, printed)
    if found is None:
        return None
    assert trace.window is not None
    kind, details = KINDS[trace.kind], trace.details or {}
    return kind.told(float(found.value), found.unit, trace.window.first, details)


def _distance(figure: PrintedFigure, readings: list[ReadingTrace]) -> Number:
    """How far the first reading is from the print, as a share of the larger of the two.

    Where no number is printed: from its bar, and nought where it fits.
    """
    if not readings or not readings[0].counts or readings[0].taken.agrees is None:
        return 0
    trace, printed = readings[0].taken.trace, figure.printed.value
    assert trace.statistic is not None
    value, target = float(trace.statistic.as_predicted), float(trace.matters.at_least)
    if printed is not None and printed.unit == trace.statistic.unit:
        target = printed.value
    elif readings[0].taken.agrees:
        return 0
    largest = max(abs(value), abs(target))
    return tidy(abs(value - target) / largest) if largest else 0


def _sentence(
    figure: PrintedFigure, readings: list[ReadingTrace], decided: ReadingTrace | None
) -> str:
    """The figure's own words with its slots filled; where one has nothing, what the first reading says."""
    slots = {r.id: r for r in readings}
    missing = False

    def fill(match: re.Match[str]) -> str:
        nonlocal missing
        text = slot(match[1], figure, slots)
        missing = missing or text is None
        return text or ""

    told = SLOT.sub(fill, figure.says)
    if missing:
        told = readings[0].taken.seen if readings else "Its story could not be read."
    lines = [sentence(told)]
    if decided is not None and decided.turned:
        now = "it reproduces" if decided.today.agrees else "it no longer reproduces"
        lines.append(f"With the figures of today {now}.")
    return " ".join(lines)


def slot(name: str, figure: PrintedFigure, readings: Mapping[str, ReadingTrace]) -> str | None:
    """What stands in a slot: `printed`, a reading's id, or that with forms. None where there is nothing."""
    if name == "printed":
        return declared(figure.printed.value) if figure.printed.value else None
    own, *forms = name.split(".")
    reading = readings.get(own)
    if reading is None:
        return None
    taken = reading.today if "today" in forms else reading.taken
    if "seen" in forms:
        return taken.seen
    for end in ("lowest", "highest"):
        if end in forms:
            extreme: Amount | None = getattr(reading.each_day, end, None)
            return level(float(extreme.value), extreme.unit) if extreme else None
    if "size" in forms and taken.amount is not None:
        return amount(float(taken.amount.value), taken.amount.unit)
    return taken.value


def lines(found: Audit) -> list[str]:
    """The audit for people who read a terminal: a head, then each figure with its readings."""
    counts = ", ".join(
        f"{found.count(status)} {words.lower()}" for status, words in STATUSES.items()
    )
    text = [f"{found.note.who}, {found.note.where}: {len(found.figures)} figures, {counts}."]
    for figure in found.figures:
        text += ["", f"{figure.title} [{figure.id}]: {STATUSES[figure.status].lower()}"]
        text.append(f"  “{figure.quote}”")
        text.append(f"  {figure.sentence}")
        text += [f"  - {reading_line(reading)}" for reading in figure.readings]
        if figure.needs:
            text.append(f"  To check it, bring: {figure.needs}")
    return text


def reading_line(reading: ReadingTrace) -> str:
    """One reading: `Share of indirect bidders: 87.9 %; fits the print`."""
    return f"{reading.definition}: {known(reading)}; {fit(reading)}"


def summary(made: Audit) -> str:
    """How many figures reproduce, in a sentence."""
    counts = [f"{made.count(status)} {words.lower()}" for status, words in STATUSES.items()]
    return f"Of {len(made.figures)} figures and statements in the note: {listed(counts)}."


def known(reading: ReadingTrace) -> str:
    """Its value on both days: once where they agree, else each with its day."""
    then, today = reading.then, reading.today
    if then.value == today.value:
        return today.value or "not known"
    if then.value is None:
        return f"{today.value} (not known on {in_words(then.as_of)})"
    return f"{then.value} on {in_words(then.as_of)}, {today.value or 'nothing'} on {in_words(today.as_of)}"


def fit(reading: ReadingTrace) -> str:
    """Whether a reading fits the print, and why it does not count where it does not."""
    agrees = reading.taken.agrees
    if reading.taken.value is None:
        return "no answer"
    if reading.counts:
        return (
            "leaves it open" if agrees is None else "fits the print" if agrees else "does not fit"
        )
    if reading.taken.trace.quoted:
        return "in print only: it does not decide"
    return (
        "the number fits, but it is something else" if agrees else "something else, for comparison"
    )


def each_day_line(found: EachDay) -> str:
    """How far a reading goes over the days on which it could have been made, and how often it fits."""
    low, high = (
        f"{level(float(extreme.value), extreme.unit)} on {in_words(on)}"
        for extreme, on in ((found.lowest, found.lowest_on), (found.highest, found.highest_on))
    )
    return f"Read to each of {found.days} days: lowest {low}, highest {high}; {found.agreeing} of {found.days} fit the print."
