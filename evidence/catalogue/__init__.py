"""The catalogue: what each series is, who publishes it, when it becomes known, where it breaks.

One YAML file for each publisher family stands beside this module. It holds `releases` (the rules and
recorded exceptions that `evidence.calendar` turns into times) and `series`. A module of
`evidence/publishers/` may carry the same text as its constant `CATALOGUE`, which is taken from the file
without running it. So a new source is a new file; nothing else is edited.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from evidence.frozen import Frozen
from evidence.yaml_nodes import load_trusted

HERE = Path(__file__).parent
CARRIED = "CATALOGUE"
"""The constant of a publisher's module that holds its part of the catalogue."""

Frequency = Literal["daily", "weekly", "monthly", "quarterly", "yearly", "irregular"]
"""A month, quarter or year is written as the month that ends it: 2025-03 is also the first quarter of 2025."""
Behaviour = Literal["stock", "flow", "net_position", "price", "rate", "share", "index"]
"""How a series moves, which decides how a change in it is scaled (docs/method.md, Statistic)."""
VintageQuality = Literal["recorded", "reconstructed", "latest_only"]
Licence = Literal["open", "licensed", "quoted"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday"]
SeriesId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)+$", max_length=80)]


class Deviation(Frozen):
    """One release that did not follow its rule, and the day on which that was known.

    `scheduled` is the day that was expected until `announced`; from then on `actual` was. Where that
    day was itself a change of plan, `scheduled_announced` says since when it was known.
    """

    period: str = Field(pattern=r"^\d{4}-\d{2}(-\d{2})?$")
    actual: date
    announced: date
    scheduled: date | None = None
    scheduled_announced: date | None = None
    why: str = ""

    def known_by(self, day: date) -> date | None:
        """The release day that this entry gave to people on `day`; None where it was not known yet."""
        if self.announced <= day:
            return self.actual
        if self.scheduled is not None and (self.scheduled_announced or day) <= day:
            return self.scheduled
        return None


class Release(Frozen):
    """When the observation of a period becomes known, in New York time.

    Exactly one of `weekday` (the first such weekday after the period), `business_days`, `days` (both
    counted from the period's last day) and `month_day` (months after, day of the month) is given. A
    day that falls on a holiday moves to the next business day. `no_observation` names the holidays on
    which a daily series has no value, where they are not the ones on which its publisher rests.
    """

    id: str
    name: str
    time: str = Field(pattern=r"^\d{2}:\d{2}$")
    weekday: Weekday | None = None
    business_days: int | None = None
    days: int | None = None
    month_day: tuple[int, int] | None = None
    at_least_business_days: int = 0
    holidays: Literal["federal", "bond_market"] = "federal"
    no_observation: Literal["federal", "bond_market"] | None = None
    stale_after_days: int
    source: str
    deviations: tuple[Deviation, ...] = ()

    @cached_property
    def by_period(self) -> Mapping[str, tuple[Deviation, ...]]:
        """The deviations of each period, as the period is written."""
        found: dict[str, tuple[Deviation, ...]] = {}
        for deviation in self.deviations:
            found[deviation.period] = (*found.get(deviation.period, ()), deviation)
        return found

    @cached_property
    def due(self) -> dict[date, date]:
        """The days that the rule alone has given so far, by period: the same ones are asked for many times."""
        return {}

    @cached_property
    def following(self) -> dict[tuple[str, date], date | None]:
        """The periods that have been asked for so far, by frequency and the period before; None where none follows."""
        return {}

    @model_validator(mode="after")
    def _one_rule(self) -> Self:
        given = [self.weekday, self.business_days, self.days, self.month_day]
        if sum(rule is not None for rule in given) != 1:
            raise ValueError(
                f"release {self.id}: give exactly one of weekday, business_days, days, month_day"
            )
        return self


class Break(Frozen):
    """A change of method: windows may not be compared across it but by a scaled statistic."""

    on: date
    why: str


class Combination(Frozen):
    """A declared sum: all of `plus` less all of `minus`, on the periods that all of them have.

    `begins` names members that did not exist before a date; they count as nought until then.
    """

    plus: tuple[SeriesId, ...]
    minus: tuple[SeriesId, ...] = ()
    begins: Mapping[SeriesId, date] = Field(default_factory=dict)


class Bridge(Frozen):
    """Two collections of nearly the same thing: levels from one, changes across its gaps from the other."""

    levels: SeriesId
    changes: SeriesId


class Series(Frozen):
    """One entry of the catalogue. `short` labels charts; `phrase` names the series in a sentence."""

    id: SeriesId
    title: str
    short: str
    phrase: str = ""
    unit: str
    frequency: Frequency
    behaves: Behaviour
    source_group: str
    release: str
    publisher: str
    url: str
    citation: str
    licence: Licence = "open"
    terms: str = ""
    vintage_quality: VintageQuality = "reconstructed"
    source: Mapping[str, str] = Field(default_factory=dict)
    combination: Combination | None = None
    bridge: Bridge | None = None
    open_interest: SeriesId | None = None
    breaks: tuple[Break, ...] = ()
    not_first_prints: tuple[str, ...] = ()
    faults: str = ""

    @property
    def named(self) -> str:
        """The series as a noun phrase for sentences."""
        return self.phrase or self.short

    @property
    def derived(self) -> bool:
        """Whether the series is computed from others and so has no file of its own."""
        return self.combination is not None or self.bridge is not None

    @property
    def members(self) -> tuple[str, ...]:
        """The series it is computed from (none for a series with a file of its own)."""
        if self.combination is not None:
            return (*self.combination.plus, *self.combination.minus)
        if self.bridge is not None:
            return (self.bridge.levels, self.bridge.changes)
        return ()


class Catalogue(Frozen):
    """All series and releases by id."""

    series: Mapping[str, Series]
    releases: Mapping[str, Release]

    @model_validator(mode="after")
    def _closed(self) -> Self:
        for entry in self.series.values():
            if entry.release not in self.releases:
                raise ValueError(f"{entry.id}: unknown release {entry.release}")
            for member in (*entry.members, *([entry.open_interest] if entry.open_interest else [])):
                if member not in self.series:
                    raise ValueError(f"{entry.id}: unknown member {member}")
        return self

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """All ids in order."""
        return tuple(sorted(self.series))

    def calling(self, phrases: Mapping[str, str]) -> "Catalogue":
        """The same catalogue with other phrases for some series."""
        renamed = {
            name: self.series[name].model_copy(update={"phrase": p}) for name, p in phrases.items()
        }
        return self.model_copy(update={"series": {**self.series, **renamed}})

    def files(self, series_id: str) -> tuple[str, ...]:
        """The ids of the files that a series rests on: itself, or the members of its members."""
        entry = self.series[series_id]
        if not entry.derived:
            return (series_id,)
        return tuple(dict.fromkeys(f for member in entry.members for f in self.files(member)))


def read(folder: Path = HERE) -> Catalogue:
    """Reads every YAML file of `folder`, and what the modules of `publishers` beside it carry.

    A fault in the catalogue is a fault of ours: it raises.
    """
    series: dict[str, Series] = {}
    releases: dict[str, Release] = {}
    for path, text in (*_files(folder), *_carried(folder.parent / "publishers")):
        document = load_trusted(text)
        defaults = document.get("defaults", {})
        for release in document.get("releases", []):
            entry = Release.model_validate(release)
            if entry.id in releases:
                raise ValueError(f"{path.name}: release {entry.id} is already defined")
            releases[entry.id] = entry
        for item in document.get("series", []):
            row = Series.model_validate({**defaults, **item})
            if row.id in series:
                raise ValueError(f"{path.name}: series {row.id} is already defined")
            series[row.id] = row
    return Catalogue(series=series, releases=releases)


def _files(folder: Path) -> Iterator[tuple[Path, str]]:
    """Each YAML file of a folder with its text."""
    for path in sorted(folder.glob("*.yaml")):
        yield path, path.read_text(encoding="utf-8")


def _carried(folder: Path) -> Iterator[tuple[Path, str]]:
    """Each module of a folder that carries entries, with their text."""
    for path in sorted([*folder.glob("*.py"), *folder.glob("*/__init__.py")]):
        text = path.read_text(encoding="utf-8")
        if not re.search(rf"^{CARRIED}\b", text, re.MULTILINE):
            continue
        own = [node for node in ast.parse(text).body if isinstance(node, ast.Assign)]
        found = [node.value for node in own if ast.unparse(node.targets[0]) == CARRIED]
        held = found[0].value if found and isinstance(found[0], ast.Constant) else None
        if not isinstance(held, str):
            raise TypeError(f"{path.name}: write `{CARRIED} = ` and one text in quotes")
        yield path, held
