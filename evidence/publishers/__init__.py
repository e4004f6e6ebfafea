"""The publishers: one module each, found by its place, that turns a publisher's file into observations.

A module has `SOURCES`, the files it reads in a rebuild (globs below the raw folder), and
`parse(name, data) -> Parsed`. It may have `BESIDE`, files that lie next to the module itself, and
`feeds(keys)`, what a refresh asks the publisher for, with `KEYS`, the environment variables that may
hold the keys to it. It may carry its entries of the catalogue as `CATALOGUE`, and as `SAMPLES` a short
answer to each of its feeds by name, which stands in for the publisher in tests. The same `parse` reads a file that was fetched and one that was kept. Parsers are
strict: what they do not understand becomes a Problem that names the source, the line and what was
expected, and the series that it concerns gets nothing from that file; the others go on.
"""

import csv
import importlib
import io
import pkgutil
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Protocol, cast

import numpy as np

from evidence import calendar, closures
from evidence.catalogue import Series
from evidence.catalogue import read as read_catalogue

HERE = Path(__file__).parent
EARLIEST_YEAR = 1940

_NUMBER = re.compile(r"^[-+]?\d{1,18}(\.\d{1,18})?([eE]-?\d{1,2})?$")
_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_MONTH = re.compile(r"^\d{4}-\d{2}$")
_MOMENT = re.compile(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$")


@dataclass(frozen=True)
class Observation:
    """One value as one publication gave it.

    period: `2025-04-30` or `2025-04` (a quarter or year: the month that ends it). value: decimal text in the catalogue's unit. known_at: ISO 8601
    in UTC where it is recorded, empty where the release rule gives it.
    """

    series: str
    period: str
    value: str
    known_at: str = ""


@dataclass(frozen=True)
class Problem:
    """What a parser could not take, where, and what it expected. `line` counts from one; 0 is the whole file."""

    source: str
    line: int
    message: str

    def __str__(self) -> str:
        return (
            f"{self.source}:{self.line}: {self.message}"
            if self.line
            else f"{self.source}: {self.message}"
        )


@dataclass(frozen=True)
class Parsed:
    """What came out of one file."""

    observations: tuple[Observation, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Feed:
    """One file that a publisher offers.

    name: how `parse` knows it, and its key in the snapshot's record of fetches: `fred/WMTSECL1.csv`.
    url: its address, https; `{today}` in it stands for the day of the fetch. series: the ids that it
    brings, all of them. link: where the address is that of a page, a regular expression of the address
    within it that leads to the file (the first match counts). secret: parameters of the query that no
    message and no file may show. vintages: the file holds every print of every period with its day,
    so what it says of the past stands in the place of what was reconstructed.
    """

    name: str
    url: str
    series: tuple[str, ...]
    link: str = ""
    secret: Mapping[str, str] = field(default_factory=dict, repr=False)
    vintages: bool = False


class Publisher(Protocol):
    """A module of this folder."""

    SOURCES: tuple[str, ...]

    def parse(self, name: str, data: bytes) -> Parsed:
        """The observations of one file. `name` is its path below the raw folder, with slashes."""


def feeds_of(module: Publisher, keys: Mapping[str, str]) -> tuple[Feed, ...]:
    """What a refresh asks a publisher for, with those of its keys that are set; nothing where it has no feeds."""
    own = {name: keys[name] for name in getattr(module, "KEYS", ()) if keys.get(name)}
    found: tuple[Feed, ...] = getattr(module, "feeds", lambda _: ())(own)
    return found


@cache
def declarations() -> Mapping[str, tuple[Series, ...]]:
    """The series that say in the catalogue where a publisher has them (`source: {read: fred, id: DGS7}`), by publisher."""
    found: dict[str, tuple[Series, ...]] = {}
    for entry in read_catalogue().series.values():
        if "read" in entry.source:
            found[entry.source["read"]] = (*found.get(entry.source["read"], ()), entry)
    return found


def declared(publisher: str) -> tuple[Series, ...]:
    """The series that say that this publisher has them.

    Raises ValueError where one has no `id`.
    """
    found = declarations().get(publisher, ())
    nameless = next((s.id for s in found if not s.source.get("id")), None)
    if nameless is not None:
        raise ValueError(f"{nameless}: `source` needs the publisher's own `id` beside `read`")
    return found


def discover() -> dict[str, Publisher]:
    """Every publisher of this folder by name. Adding one is adding a file."""
    found: dict[str, Publisher] = {}
    for module in pkgutil.iter_modules([str(HERE)]):
        loaded = importlib.import_module(f"{__name__}.{module.name}")
        if not (hasattr(loaded, "SOURCES") and hasattr(loaded, "parse")):
            raise TypeError(f"evidence/publishers/{module.name}.py has no SOURCES or no parse")
        found[module.name] = cast(Publisher, loaded)
    return found


class SourceFault(Exception):
    """A file that is not what its parser reads, as a whole."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


class Collector:
    """Gathers the observations of one file and drops the series that have a fault."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._seen: dict[tuple[str, str, str], int] = {}
        self._rows: list[Observation] = []
        self._problems: list[Problem] = []
        self._dropped: set[str] = set()

    def fault(self, line: int, message: str, series: Iterable[str] = ()) -> None:
        """Notes a problem; the named series get nothing from this file."""
        self._problems.append(Problem(self.source, line, message))
        self._dropped.update(series)

    def add(
        self, line: int, series: str, period: str, text: str, shift: int = 0, known_at: str = ""
    ) -> bool:
        """Takes one value; `shift` moves the decimal point (-3: from millions to billions).

        False where it was refused, with a problem noted.
        """
        key = (series, period, known_at)
        wrong = period_fault(period)
        if not wrong and not _NUMBER.match(text.strip()):
            wrong = f"`{text.strip()[:40]}` is not a number such as 1234.5"
        if not wrong and known_at and not _MOMENT.match(known_at):
            wrong = f"`{known_at[:40]}` is not a time such as 2025-06-18T20:00:00Z"
        if not wrong and key in self._seen:
            wrong = f"{period} stands here again (first in line {self._seen[key]})"
        if wrong:
            self.fault(line, f"{series}: {wrong}", [series])
            return False
        self._seen[key] = line
        self._rows.append(Observation(series, period, decimal_text(text.strip(), shift), known_at))
        return True

    def done(self) -> Parsed:
        """What is left."""
        rows = tuple(row for row in self._rows if row.series not in self._dropped)
        return Parsed(rows, tuple(self._problems))


def gather(name: str, data: bytes, read: Callable[[Collector, bytes], None]) -> Parsed:
    """What `read` collects from a file; nothing but a problem where it refuses the file as a whole."""
    found = Collector(name)
    try:
        read(found, data)
    except SourceFault as fault:
        return Parsed((), (Problem(name, fault.line, fault.message),))
    return found.done()


def period_fault(period: str) -> str:
    """What is wrong with a period, or nothing."""
    try:
        if _DAY.match(period):
            year = date.fromisoformat(period).year
        elif _MONTH.match(period):
            year = date.fromisoformat(period + "-01").year
        else:
            return f"`{period[:40]}` is not a date such as 2025-04-30 or 2025-04"
    except ValueError:
        return f"`{period}` is not a day of the calendar"
    if not EARLIEST_YEAR <= year <= closures.LAST_YEAR:
        return f"`{period}` lies outside {EARLIEST_YEAR} to {closures.LAST_YEAR}"
    return ""


def decimal_text(text: str, shift: int = 0) -> str:
    """A decimal number moved by `shift` places, exactly, in its shortest plain form."""
    number = Decimal(text).scaleb(shift)
    if number == 0:
        return "0"
    plain = format(number, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def text_of(data: bytes) -> str:
    """The file as text. Raises SourceFault for bytes that are not UTF-8, nothing at all, or a web page."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data[: fault.start].count(b"\n") + 1
        raise SourceFault(line, "the file is not UTF-8 text") from None
    if not text.strip():
        raise SourceFault(0, "the file is empty")
    start = text.lstrip()[:200].lower()
    if start.startswith(("<!doctype", "<html", "<?xml", "<head")):
        raise SourceFault(
            1, "this is a web page, not the data file (an error page or a changed address?)"
        )
    return text


def table(
    data: bytes, columns: Sequence[str], *, exact: bool = True
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The rows of a CSV file by column name, with their lines.

    `columns` have to be there; with `exact` they are all there is, in that order. Raises SourceFault
    for another header or for a row with another number of fields.
    """
    rows = cells(text_of(data))
    header = next(rows)[1]
    missing = [name for name in columns if name not in header]
    if missing or (exact and header != list(columns)):
        wanted = ", ".join(missing or columns)
        raise SourceFault(1, f"the header has to have {wanted}; it is {', '.join(header)[:200]}")
    for line, row in rows:
        if len(row) != len(header):
            raise SourceFault(
                line, f"{len(header)} fields expected, {len(row)} found: a cut or changed line?"
            )
        yield line, dict(zip(header, row, strict=True))


def cells(text: str, delimiter: str = ",") -> Iterator[tuple[int, list[str]]]:
    """The lines of a delimited text that are not empty, as (line, stripped cells)."""
    reader = csv.reader(
        io.StringIO(text), delimiter=delimiter, skipinitialspace=delimiter == ",", strict=True
    )
    try:
        for row in reader:
            if row:
                yield reader.line_num, [cell.strip() for cell in row]
    except csv.Error as fault:
        raise SourceFault(reader.line_num, f"not readable as a table: {fault}") from None


def dated_values(
    name: str, data: bytes, known: Collection[str]
) -> Iterator[tuple[str, int, str, str]]:
    """A file of one series as (key, line, date, value): FRED's graph download, or a plain `date,value`.

    FRED's header is `observation_date,ID` (before 2024 `DATE,ID`) and gives the key; its `.` or
    nothing is a day without a value. A plain file's key is its name. Keys other than `known` raise.
    """
    header = text_of(data).splitlines()[0].strip().split(",")
    if len(header) != 2 or not (
        header == ["date", "value"] or header[0] in ("observation_date", "DATE")
    ):
        raise SourceFault(
            1,
            f"the header has to be date,value or observation_date,ID; it is {','.join(header)[:200]}",
        )
    plain = header == ["date", "value"]
    key = PurePosixPath(name).stem if plain else header[1]
    if key not in known:
        raise SourceFault(1, f"`{key}` is none of the series read here: {', '.join(known)}")
    for line, row in table(data, header):
        value = row[header[1]]
        if not plain and value in (".", ""):
            continue
        yield key, line, row[header[0]], value


def period_of(line: int, text: str, months: int) -> str:
    """The period that FRED dates by its first day, as the month that ends it.

    `2025-01-01` is `2025-01` for `months` 1, `2025-03` for a quarter (3). Raises SourceFault for a day
    that begins no such period.
    """
    day = day_of(line, text)
    if day.day != 1 or (day.month - 1) % months:
        raise SourceFault(line, f"`{text}` is not the first day of a period of {months} months")
    return f"{day.year}-{day.month + months - 1:02d}"


def period_ended(line: int, text: str, months: int) -> str:
    """The period that is dated by its last day, as the month that ends it: `2025-03-31` is `2025-03`.

    Raises SourceFault for a day that ends no period of `months` months.
    """
    day = day_of(line, text)
    if day.month % months or calendar.period_end(f"{day:%Y-%m}") != day:
        raise SourceFault(line, f"`{text}` is not the last day of a period of {months} months")
    return f"{day:%Y-%m}"


def day_of(line: int, text: str, form: str = "%Y-%m-%d") -> date:
    """A day as text; raises SourceFault where it is none."""
    try:
        day = datetime.strptime(text, form).replace(tzinfo=UTC).date()
    except ValueError:
        raise SourceFault(
            line, f"`{text[:40]}` is not a date such as {date(2025, 6, 18):{form}}"
        ) from None
    if not EARLIEST_YEAR <= day.year <= closures.LAST_YEAR:
        raise SourceFault(line, f"`{text}` lies outside {EARLIEST_YEAR} to {closures.LAST_YEAR}")
    return day


def new_york(day: date, clock: str) -> str:
    """A time in New York as ISO 8601 in UTC."""
    hours, minutes = (int(part) for part in clock.split(":"))
    moment = datetime.combine(day, time(hours, minutes), calendar.NEW_YORK)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@cache
def released(release: str, period: str) -> str:
    """When a release brought a period, by the catalogue's calendar, as ISO 8601 in UTC."""
    wrong = period_fault(period)
    if wrong:
        raise SourceFault(0, wrong)
    end = np.array([calendar.period_end(period)], dtype="datetime64[D]")
    return calendar.iso(int(calendar.known_at(read_catalogue().releases[release], end)[0]))
