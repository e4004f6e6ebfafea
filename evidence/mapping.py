"""A map: a few lines of YAML that say where in somebody's own file the catalogue's series stand.

docs/own-data.md has examples. Nothing of a file is guessed that changes a figure: the form of its
dates, the decimal sign and the unit are ISO, a point and the catalogue's unless a map says otherwise.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Literal, get_args

from pydantic import Field

from evidence.calendar import MONTHS
from evidence.catalogue import Catalogue
from evidence.frozen import Frozen
from evidence.problems import Finding, listed, nearest, shown

Unit = Literal[
    "fraction", "percent", "bp", "index points", "USD", "USD k", "USD m", "USD bn", "USD tn"
]
SCALES: Mapping[str, tuple[str, int]] = {
    "fraction": ("share", 0),
    "percent": ("share", -2),
    "bp": ("share", -4),
    "USD": ("money", 0),
    "USD k": ("money", 3),
    "USD m": ("money", 6),
    "USD bn": ("money", 9),
    "USD tn": ("money", 12),
}
"""What a unit measures, and its size as a power of ten."""
SIGNS = {"point": ".", "comma": ",", "space": " ", "apostrophe": "'"}
ISO = "%Y-%m-%d"
TRIAL = date(2025, 6, 18)


class Column(Frozen):
    """Where one series stands, and what it is.

    less: a series of the catalogue that is subtracted on the same day: a swap rate less the Treasury
    yield is the swap spread. note: what the data are, in the user's words.
    """

    date: str = Field("", min_length=1)
    value: str = Field("", min_length=1)
    unit: Unit | None = None
    less: str = Field("", min_length=1)
    note: str = Field("", min_length=1, max_length=200)


class FileMap(Column):
    """A whole file. What stands beside `series` holds for each of them that does not say otherwise.

    format: of dates, as `strptime` takes it. skip: lines above the header. missing: texts that stand
    for a day without a value. weekends: whether rows of a Saturday or Sunday are left out.
    """

    format: str = ISO
    decimal: Literal["point", "comma"] = "point"
    thousands: Literal["point", "comma", "space", "apostrophe"] | None = None
    sheet: str = Field("", min_length=1)
    skip: int = Field(0, ge=0, le=1000)
    missing: tuple[str, ...] = ()
    weekends: Literal["refuse", "skip"] = "refuse"
    series: Mapping[str, Column] = Field(default_factory=dict)

    def column(self, series: str) -> Column:
        """What is said of one series, by itself or for all."""
        own = self.series.get(series, Column())
        said = {
            name: getattr(own if name in own.model_fields_set else self, name)
            for name in Column.model_fields
        }
        return Column.model_construct(**said)


def shift(unit: str, to: str) -> int | None:
    """By how many places the decimal point moves from one unit to another; None where no move does it."""
    if unit == to:
        return 0
    (what, size), (other, wanted) = SCALES.get(unit, (unit, 0)), SCALES.get(to, (to, 0))
    return size - wanted if what == other else None


def findings(found: FileMap, catalogue: Catalogue, wanted: Collection[str]) -> Iterator[Finding]:
    """What is wrong with a map beyond its fields, for the series that are wanted from it."""
    licensed = [name for name in catalogue.ids if catalogue.series[name].licence == "licensed"]
    for name in found.series:
        if name not in licensed:
            what = "is open data" if name in catalogue.series else "is not in the catalogue"
            yield Finding(
                ("series", name),
                f"{shown(name)} {what}; what may be brought is {listed(licensed)}",
                nearest(name, licensed),
                at="key",
                code="not-to-bring",
            )
    if found.thousands == found.decimal:
        yield Finding(
            ("thousands",), "`thousands` and `decimal` cannot be the same sign", code="wrong-value"
        )
    for name in wanted:
        if name in licensed:
            yield from _dates(found, catalogue.series[name].frequency)
            yield from _units(found, catalogue, name)
            yield from _less(found, catalogue, name)


def months_only(form: str) -> bool:
    """Whether dates of this form tell a month and no day. Raises ValueError where they tell neither."""
    told = datetime.strptime(TRIAL.strftime(form), form).replace(tzinfo=UTC).date()
    if told not in (TRIAL, TRIAL.replace(day=1)):
        raise ValueError(form)
    return told != TRIAL


def _dates(found: FileMap, frequency: str) -> Iterator[Finding]:
    try:
        short = months_only(found.format)
    except ValueError:
        told = f"{shown(found.format)} does not tell a day; write it as `%d/%m/%Y`, in quotes"
        yield Finding(("format",), told, code="wrong-form")
        return
    if short and frequency not in MONTHS:
        told = f"{shown(found.format)} tells a month, and the series is {frequency}"
        yield Finding(("format",), told, code="wrong-form")


def _units(found: FileMap, catalogue: Catalogue, name: str) -> Iterator[Finding]:
    unit, wanted = found.column(name).unit, catalogue.series[name].unit
    if unit is not None and shift(unit, wanted) is None:
        fit = [one for one in get_args(Unit) if shift(one, wanted) is not None]
        told = f"{name} is in {wanted}, which cannot be had from {unit}; it can from {listed(fit, 'or')}"
        yield Finding(_at(found, name, "unit"), told, code="wrong-unit")


def _less(found: FileMap, catalogue: Catalogue, name: str) -> Iterator[Finding]:
    said, entry = found.column(name), catalogue.series[name]
    if not said.less:
        return
    at = _at(found, name, "less")
    other = catalogue.series.get(said.less)
    if other is None:
        near = nearest(said.less, catalogue.ids)
        yield Finding(at, f"there is no series {shown(said.less)}", near, code="unknown-series")
    elif other.licence != "open" or other.frequency != entry.frequency:
        told = f"{name} can be had less an open {entry.frequency} series; {other.id} is {other.licence} and {other.frequency}"
        yield Finding(at, told, code="wrong-value")
    elif shift(other.unit, entry.unit) is None:
        told = f"{other.id} is in {other.unit}, and {name} in {entry.unit}"
        yield Finding(at, told, code="wrong-unit")
    if said.unit is None:
        told = (
            "`less` needs the `unit` of the column from which it is taken, such as `unit: percent`"
        )
        yield Finding(at, told, code="missing-key")


def _at(found: FileMap, name: str, field: str) -> tuple[str, ...]:
    """Where a field of a series stands in the map: with it, or for all."""
    own = found.series.get(name)
    return ("series", name, field) if own and field in own.model_fields_set else (field,)
