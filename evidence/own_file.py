"""What somebody's own file has for one series: observations in the catalogue's unit, or what is wrong.

A row that is not understood is a problem with its line, and the series gets nothing from the file.
When a value became known is said by a rule: `release` is the catalogue's own; `same-day 16:30` and
`next-day 08:00` count business days in New York; `column:NAME` is a column of the file.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from statistics import median

import numpy as np

from evidence import calendar
from evidence.catalogue import Release
from evidence.mapping import SIGNS, FileMap, months_only, shift
from evidence.observations import View
from evidence.publishers import Collector, Parsed, SourceFault, day_of, decimal_text
from evidence.tables import Cell, Table

DATES = ("date", "observation_date")
"""What a column of dates may be called where no map names it, in small or large letters."""
NO_VALUE = ("", ".")
"""What a day without a value holds where no map says more; the point is FRED's."""
MONTH_END = timedelta(days=4)
"""How long before its end the last trading day of a month may lie."""
SPACED: Mapping[str, tuple[int, int]] = {"daily": (1, 3), "weekly": (5, 9)}
"""How many days lie between two dates: at least, and usually at most."""
ENOUGH = 8
"""Dates that have to be there before what is usual can be told."""

_CLOCK = re.compile(r"^(same-day|next-day) ((?:[01]\d|2[0-3]):[0-5]\d)$")
_MOMENT = re.compile(r"^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(Z?)$")

Places = tuple[int, int, int | None]


@dataclass(frozen=True)
class Rule:
    """When a value became known: by a release rule (the catalogue's where `own`), or by a column."""

    release: Release
    column: str = ""
    own: bool = False


def rule_of(text: str, release: Release) -> Rule:
    """A rule as it is written. release: the catalogue's. Raises ValueError for what is none."""
    clock = _CLOCK.match(text)
    if clock is not None:
        days = {"days": 0} if clock[1] == "same-day" else {"business_days": 1}
        named = {"id": "import", "name": text, "source": text, "time": clock[2]}
        about = {"holidays": release.holidays, "stale_after_days": release.stale_after_days}
        return Rule(Release.model_validate({**named, **about, **days}))
    if text.startswith("column:") and text != "column:":
        return Rule(release, column=text.removeprefix("column:"))
    if text != "release":
        raise ValueError(
            f"`{text}` is no rule; write release, same-day 16:30, next-day 08:00 or column:NAME"
        )
    return Rule(release, own=True)


@dataclass(frozen=True)
class Row:
    """One value of a file. known: the second at which it became known, where the file says so."""

    line: int
    period: str
    text: str
    known: int | None


class Reader:
    """A table, and what it has for one series. Left out: `empty`, `weekends` and `unmatched` days."""

    def __init__(
        self,
        source: str,
        table: Table,
        form: FileMap,
        series: str,
        known_at: str,
        view: View,
        now: int,
    ) -> None:
        self.table, self.form, self.view, self.now = table, form, view, now
        self.entry = view.catalogue.series[series]
        self.column = form.column(series)
        self.rule = rule_of(known_at, view.catalogue.releases[self.entry.release])
        self.shift = shift(self.column.unit or self.entry.unit, self.entry.unit) or 0
        self.today = calendar.new_york_day(now)
        self.empty = self.weekends = self.unmatched = 0
        self._found = Collector(source)

    @cached_property
    def parsed(self) -> Parsed:
        """The observations; nothing but problems where there are any."""
        rows = []
        try:
            places = self._places()
        except SourceFault as fault:
            self._fault(fault)
            return self._found.done()
        for line, cells in self.table.rows:
            try:
                row = self._row(line, cells, places)
            except SourceFault as fault:
                self._fault(fault)
                continue
            if row is not None:
                rows.append(row)
        if rows:
            self._spacing(rows)
            self._add(rows)
        parsed = self._found.done()
        if not rows and not parsed.problems:
            less = f" on a day with one of {self.column.less}" if self.unmatched else ""
            self._fault(SourceFault(0, f"the file has no value of it{less}"))
            parsed = self._found.done()
        return parsed

    def _fault(self, fault: SourceFault) -> None:
        self._found.fault(fault.line, f"{self.entry.id}: {fault.message}", [self.entry.id])

    def _places(self) -> Places:
        """The columns of the date, the value and the time known (None where a rule gives it)."""
        header = self.table.header
        dates = [name for name in header if name.lower() in DATES]
        date_name = self.column.date or (dates[0] if dates else DATES[0])
        at_date = self._place(date_name)
        values = [name for name in header if name.lower() == "value"]
        others = [name for name in header if name != date_name]
        if not self.column.value and not values and len(others) != 1:
            raise self._header(
                "does not say which column is the value; a map can name it (`value:`)"
            )
        known = self._place(self.rule.column) if self.rule.column else None
        value_name = self.column.value or (values or others)[0]
        return at_date, self._place(value_name), known

    def _place(self, name: str) -> int:
        count = self.table.header.count(name)
        if count != 1:
            what = "no column" if count == 0 else "more than one column"
            raise self._header(f"has {what} `{name}`")
        return self.table.header.index(name)

    def _header(self, what: str) -> SourceFault:
        names = ", ".join(self.table.header)
        return SourceFault(self.table.line, f"the header {what}; it is {names[:200]}")

    def _row(self, line: int, cells: tuple[Cell, ...], places: Places) -> Row | None:
        """A row of the file; None where it has no value to take."""
        if len(cells) != len(self.table.header):
            told = f"{len(self.table.header)} fields expected, {len(cells)} found"
            raise SourceFault(line, f"{told}: a cut line, a footnote, or a decimal comma?")
        at_date, at_value, at_known = places
        if _word(cells[at_date]) == "" and _word(cells[at_value]) == "":
            return None
        day = self._day(line, cells[at_date])
        text = self._number(line, cells[at_value])
        if text is None:
            self.empty += 1
        elif self.entry.frequency == "daily" and day.weekday() > 4:
            if self.form.weekends == "refuse":
                told = f"{day} is a {day:%A}; a map can leave such days out (`weekends: skip`)"
                raise SourceFault(line, told)
            self.weekends += 1
        else:
            period = self._period(line, day)
            known = None if at_known is None else self._moment(line, cells[at_known], period)
            if not self.column.less or calendar.period_end(period) in self._less:
                return Row(line, period, text, known)
            self.unmatched += 1
        return None

    def _day(self, line: int, cell: Cell) -> date:
        """The day of a cell; raises SourceFault where it is none, or lies ahead."""
        if _word(cell) == "":
            raise SourceFault(line, "a value without a date")
        if isinstance(cell, datetime) and cell.time() != time():
            raise SourceFault(line, f"`{cell}` has a time of day; a date was expected")
        if isinstance(cell, date):  # a datetime is one, too
            day = day_of(line, f"{cell:%Y-%m-%d}")
        else:
            day = day_of(line, _word(cell), self.form.format)
        if day > self.today:
            raise SourceFault(line, f"{day} has not been yet")
        return day

    def _period(self, line: int, day: date) -> str:
        """The period of a day: itself, or the month that it ends."""
        months = calendar.MONTHS.get(self.entry.frequency)
        if months is None:
            return day.isoformat()
        period = f"{day:%Y-%m}"
        early = calendar.period_end(period) - day > MONTH_END and not months_only(self.form.format)
        if early or day.month % months:
            told = f"{day} does not end a period; the series is {self.entry.frequency}"
            raise SourceFault(line, told)
        return period

    def _number(self, line: int, cell: Cell) -> str | None:
        """A number as plain text; None for a day without one."""
        if isinstance(cell, float) and math.isnan(cell):
            return None
        if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
            return str(cell)
        text = _word(cell)
        if text in (*NO_VALUE, *self.form.missing):
            return None
        shape, example = self._shape
        if not shape.fullmatch(text):
            raise SourceFault(
                line,
                f"`{text[:40]}` is not a number such as {example}"
                " (a map says how they are written: `decimal:`, `thousands:`, `missing:`)",
            )
        if self.form.thousands:
            text = text.replace(SIGNS[self.form.thousands], "")
        return text.replace(SIGNS[self.form.decimal], ".")

    @cached_property
    def _shape(self) -> tuple[re.Pattern[str], str]:
        """How numbers are written in this file, and an example."""
        point = SIGNS[self.form.decimal]
        group = SIGNS[self.form.thousands] if self.form.thousands else ""
        whole = rf"(?:\d{{1,3}}(?:{re.escape(group)}\d{{3}})+|\d+)" if group else r"\d+"
        pattern = rf"[-+]?{whole}(?:{re.escape(point)}\d+)?(?:[eE]-?\d{{1,2}})?"
        return re.compile(pattern, re.ASCII), f"1{group}234{point}5"

    def _moment(self, line: int, cell: Cell, period: str) -> int:
        """When a value became known, as the file has it: a time in New York, or the end of a day there."""
        told = None if isinstance(cell, date) else _MOMENT.match(_word(cell))
        if isinstance(cell, datetime) and cell.time() != time():
            zone = cell.tzinfo or calendar.NEW_YORK
            second = int(cell.replace(tzinfo=zone).timestamp())
        elif told is not None:
            day = day_of(line, told[1])
            clock = time.fromisoformat(told[2])
            zone = UTC if told[3] else calendar.NEW_YORK
            second = int(datetime.combine(day, clock, zone).timestamp())
        else:
            second = min(calendar.end_of_day(self._day(line, cell)), self.now)
        known = calendar.new_york_day(second)
        if known < calendar.period_end(period):
            raise SourceFault(line, f"known on {known}, before {period} was over")
        if second > self.now:
            raise SourceFault(line, f"known only on {known}, which has not been yet")
        return second

    def _spacing(self, rows: Sequence[Row]) -> None:
        """Notes a file whose dates do not lie as those of the series do."""
        least, most = SPACED.get(self.entry.frequency, (0, 10_000))
        dated = sorted({(calendar.period_end(row.period), row.line) for row in rows})
        apart = [(line, (day - before).days) for (before, _), (day, line) in pairwise(dated)]
        told = f"days apart; the series is {self.entry.frequency}"
        for line, days in apart:
            if 0 < days < least:
                self._fault(SourceFault(line, f"this date and the one before lie {days} {told}"))
        usual = median(days for _, days in apart) if len(apart) >= ENOUGH else 0
        if usual > most:
            self._fault(SourceFault(0, f"as a rule its dates lie {usual:g} {told}"))

    def _add(self, rows: Sequence[Row]) -> None:
        """Takes the rows, each with the second at which it became known where the rule alone does not say."""
        ends = np.array([calendar.period_end(row.period) for row in rows], dtype="datetime64[D]")
        ruled = calendar.known_at(self.rule.release, ends).tolist()
        for row, by_rule in zip(rows, ruled, strict=True):
            known, text, moved = by_rule if row.known is None else row.known, row.text, self.shift
            if self.column.less:
                other, since = self._less[calendar.period_end(row.period)]
                known = max(known, since)
                text, moved = format(Decimal(decimal_text(text, moved)) - other, "f"), 0
            blank = self.rule.own and known == by_rule
            at = "" if blank else calendar.iso(min(known, self.now))
            self._found.add(row.line, self.entry.id, row.period, text, moved, at)

    @cached_property
    def _less(self) -> Mapping[date, tuple[Decimal, int]]:
        """The series that is subtracted, by day: its newest value in our unit, and since when it is known."""
        series = self.view.series(self.column.less)
        unit = self.view.catalogue.series[self.column.less].unit
        moved = shift(unit, self.entry.unit) or 0
        newest = np.append(series.first, len(series.owner))[1:] - 1
        values, known = series.values[newest].tolist(), series.known[newest].tolist()
        return {
            day: (Decimal(repr(value)).scaleb(moved), second)
            for day, value, second in zip(series.periods.tolist(), values, known, strict=True)
        }


def _word(cell: Cell) -> str:
    """A cell as text; a whole number without its point, as an old Excel file holds a year."""
    if cell is None:
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
