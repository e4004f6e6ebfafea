"""Quantities with units: how they are written in a narrative, and how they are read aloud.

Units of statistics: `USD bn`, `percent`, `bp`, `contracts`, `points` (of an index), `percentage points`, `sd` (standard
deviations), `days`, `correlation`. No page formats a number by itself; it comes through here.
"""

import math
import re
from typing import Any

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

_WORDS = {
    "%": "percent",
    "bp": "bp",
    "bn": "USD bn",
    "contracts": "contracts",
    "points": "points",
    "pp": "percentage points",
    "sd": "sd",
    "days": "days",
    "correlation": "correlation",
}
_SHAPE = re.compile(
    r"^(?P<number>-?[0-9]{1,12}(\.[0-9]{1,6})?) (?P<unit>%|bp|bn|contracts|points|sd|days|correlation|pp)\Z"
)
_SCHEMA = r"^-?[0-9]{1,12}(\.[0-9]{1,6})? (%|bp|bn|contracts|points|sd|days|correlation|pp)$"
FROM_FILE = "from a file"
"""The validation context in which only the written form is accepted."""


class Quantity(BaseModel):
    """A number with its unit, written as text: `2 %`, `20 bp`, `38 bn`, `0.5 sd`, `45 days`."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    value: float
    unit: str

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_before_validator_function(
            cls._parse,
            handler(source),
            json_schema_input_schema=core_schema.str_schema(pattern=_SCHEMA),
        )

    @classmethod
    def _parse(cls, given: object, info: core_schema.ValidationInfo) -> object:
        """Text to a quantity. Inside our own code a quantity may be built by its fields; in a file it is text."""
        if isinstance(given, str):
            match = _SHAPE.match(given)
            if match is None:
                raise ValueError(
                    f"write a number, a space and a unit (one of {', '.join(_WORDS)}), such as `2 %` or `20 bp`"
                )
            return cls.model_construct(value=float(match["number"]), unit=_WORDS[match["unit"]])
        if isinstance(given, Quantity) or (isinstance(given, dict) and info.context != FROM_FILE):
            return given
        raise ValueError("write a number, a space and a unit, such as `2 %` or `20 bp`")


def written(unit: str) -> str:
    """A unit as a narrative writes it: `%` for percent; a unit that no quantity has stands as it is."""
    return next((word for word, name in _WORDS.items() if name == unit), unit)


def tidy(value: float) -> float | int:
    """A number for JSON: ten significant digits, and whole where it is whole. Not-a-number raises."""
    rounded = float(f"{value:.10g}")
    if not math.isfinite(rounded):
        raise ValueError("a trace holds finite numbers only")
    return int(rounded) if rounded == int(rounded) and abs(rounded) < 1e15 else rounded


def _grouped(value: float, digits: int) -> str:
    return f"{abs(value):,.{digits}f}"


def _digits(size: float) -> int:
    if size >= 9.95:
        return 0
    return 1 if size >= 0.095 or size == 0 else 2


def amount(value: float, unit: str) -> str:
    """The size of a quantity in words, without its sign: `$27 bn`, `9 bp`, `2.1 %`, `665,275 contracts`."""
    size = abs(value)
    if unit == "USD bn":
        if size >= 1000:
            return f"${_grouped(size / 1000, 2)} tn"
        return f"${_grouped(size, _digits(size))} bn"
    if unit == "percent":
        return f"{_grouped(size, 0 if size >= 99.5 else 1)} %"
    if unit == "bp":
        return f"{_grouped(size, 0 if size >= 0.95 or size < 0.05 else 1)} bp"
    if unit == "contracts":
        return f"{_grouped(size, 0)} contracts"
    if unit == "sd":
        return f"{_grouped(size, 1 if size >= 0.995 else 2)} standard deviations"
    if unit == "days":
        return f"{_grouped(size, 0)} day{'' if round(size) == 1 else 's'}"
    if unit == "correlation":
        return _grouped(size, 2)
    if unit == "percentage points":
        return f"{_grouped(size, 1)} percentage points"
    if unit == "points":
        return f"{_grouped(size, _digits(size) if size >= 9.95 else 2)} points"
    return f"{_grouped(size, _digits(size))} {unit}"


def signed(value: float, unit: str) -> str:
    """As `amount`, with a sign: `+$6.0 bn`, `−12 bp`."""
    shown = amount(value, unit)
    if not any(c in "123456789" for c in shown):
        return shown
    return ("−" if value < 0 else "+") + shown


def level(value: float, unit: str) -> str:
    """As `amount`, with a minus where the quantity is negative."""
    return ("−" if value < 0 else "") + amount(value, unit)


def moved(value: float, unit: str) -> str:
    """A change as a verb: `rose by $6.0 bn`, `fell by 12 bp`, `did not move`."""
    shown = amount(value, unit)
    if not any(c in "123456789" for c in shown):
        return "did not move"
    return f"{'rose' if value > 0 else 'fell'} by {shown}"


def one_in(share: float) -> str:
    """A share as odds: `1 in 14`, or `about half`, `3 in 4`, `nearly all`."""
    if share >= 0.95:
        return "nearly all"
    if share >= 0.85:
        return "about 9 in 10"
    if share >= 0.7:
        return "about 3 in 4" if share < 0.775 else "about 4 in 5"
    if share >= 0.6:
        return "about 2 in 3"
    if share >= 0.4:
        return "about half"
    if share >= 0.29:
        return "about 1 in 3"
    return f"about 1 in {round(1 / share):,}"
