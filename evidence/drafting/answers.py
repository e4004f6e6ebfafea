"""Whether an answer can be taken, and if not why: asked at each question, before the whole can be read.

The same models and rules decide as in `evidence lint`; here they are asked about one field.
"""

import re
from datetime import date
from typing import get_args

from pydantic import TypeAdapter, ValidationError

from evidence.catalogue import Catalogue
from evidence.drafting.draft import DraftTest
from evidence.drafting.questions import Question
from evidence.drafting.suggest import OFFERED, kinds_for, prefilled
from evidence.kinds import is_fact
from evidence.kinds.base import Direction, Line, Role, Slug, Span, periods_in
from evidence.library import Library
from evidence.problems import listed, nearest, shown
from evidence.quantity import FROM_FILE, Quantity
from evidence.reading import EARLIEST, LATEST

_SLUG, _LINE, _SPAN = (TypeAdapter(kind) for kind in (Slug, Line, Span))
_QUANTITY = TypeAdapter(Quantity)
_DAY = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
_SLUGS, _DATES = ("id", "event"), ("event-date", "said-on", "thresholds-set", "test-on", "test-since", "test-until")  # fmt: skip
_WORDS = {
    "test-direction": get_args(Direction),
    "test-role": get_args(Role),
    "test-grade": ("direct", "proxy"),
    "test-of": ("highest", "lowest"),
}
LEAST_MECHANISM, MOST_MECHANISM = 20, 1200


def fault(
    question: Question,
    answer: str,
    catalogue: Catalogue,
    library: Library,
    test: DraftTest | None = None,
) -> str | None:
    """Why an answer cannot be taken, in a sentence; None where it can. test: what is known of the test so far."""
    text = answer.strip()
    if not text:
        return "This is needed." if question.needed else None
    if question.id in _SLUGS:
        return _slug(text)
    if question.id in _DATES:
        return _date(text)
    if question.id in _WORDS:
        return _word(text, _WORDS[question.id])
    if question.id == "test-series":
        return _series(text, catalogue)
    if question.id == "test-kind":
        return _kind(text, test, catalogue)
    if question.id == "test-window":
        return _window(text, test, catalogue)
    if question.id == "test-at-least":
        return _size(text, test, catalogue)
    if question.id == "rivals":
        return _rivals(text, library)
    if question.id == "mechanism":
        return _mechanism(text)
    return None if question.many or _fits(_LINE, text) else "Write between 3 and 600 characters."


def _fits(kind: TypeAdapter[str], text: str) -> bool:
    try:
        kind.validate_python(text)
    except ValidationError:
        return False
    return True


def slug_like(text: str) -> bool:
    """Whether a text may be the id of a story, and the name of its file."""
    return _fits(_SLUG, text)


def _slug(text: str) -> str | None:
    if slug_like(text):
        return None
    return "Use small letters, digits and hyphens between them, at most 60 characters."


def _date(text: str) -> str | None:
    try:
        day = date.fromisoformat(text) if _DAY.match(text) else None
    except ValueError:
        return f"{shown(text)} is not a day of the calendar."
    if day is None:
        return "Write the date as year-month-day, such as 2023-03-10."
    if not EARLIEST <= day <= LATEST:
        return f"The date has to lie between {EARLIEST.year} and {LATEST.year}."
    return None


def _word(text: str, options: tuple[str, ...]) -> str | None:
    if text in options:
        return None
    return f"Write {listed(options, 'or')}{_meant(text, options)}."


def _meant(text: str, options: tuple[str, ...]) -> str:
    near = nearest(text, options)
    return f" (did you mean {near}?)" if near else ""


def _series(text: str, catalogue: Catalogue) -> str | None:
    if text in catalogue.series:
        return None
    return f"There is no series {shown(text)}{_meant(text, tuple(catalogue.ids))}."


def _kind(text: str, test: DraftTest | None, catalogue: Catalogue) -> str | None:
    fitting: tuple[str, ...] = OFFERED
    if test is not None and test.series in catalogue.series:
        fitting = kinds_for(test.series, catalogue)
    if text in fitting:
        return None
    if text in OFFERED and test is not None:
        return (
            f"A `{text}` does not fit {shown(test.series)}; what fits is {listed(fitting, 'or')}."
        )
    return _word(text, fitting)


def _first(test: DraftTest | None) -> str:
    return "" if test is None else test.series or (test.legs[0].series if test.legs else "")


def _window(text: str, test: DraftTest | None, catalogue: Catalogue) -> str | None:
    if not _fits(_SPAN, text):
        return "Write a number and days, weeks or months, such as `4 weeks`."
    entry = catalogue.series.get(_first(test))
    if entry is None:
        return None
    try:
        periods_in(text, entry.frequency)
    except ValueError:
        units = {"daily": "days, weeks or months", "weekly": "weeks", "monthly": "months"}
        return f"The series is {entry.frequency}; write its window in {units.get(entry.frequency, 'nothing')}."
    return None


def _size(text: str, test: DraftTest | None, catalogue: Catalogue) -> str | None:
    unit = ""
    if test is not None and _first(test) in catalogue.series and test.kind in OFFERED:
        unit = prefilled(test.kind, _first(test), catalogue).unit
    try:
        size = _QUANTITY.validate_python(text, context=FROM_FILE)
    except ValidationError:
        return f"Write a number, a space and a unit, such as `2 {unit or '%'}`."
    if unit and text.split(" ")[1] != unit and not _other_unit(text, test):
        return f"Here sizes are in `{unit}`."
    if test is not None and test.kind and not is_fact(test.kind) and size.value <= 0:
        return "Write more than nought; the direction says which way."
    return None


def _other_unit(text: str, test: DraftTest | None) -> bool:
    """A change of a holding may be told in dollars as well as in percent; `lint` has the last word."""
    return test is not None and test.kind == "change_after" and text.endswith((" bn", " contracts"))


def _rivals(text: str, library: Library) -> str | None:
    for name in lines(text):
        if library.find(name) is None:
            near = library.nearest(name)
            return f"There is no story {shown(name)}{f' (did you mean {near}?)' if near else ''}."
    return None


def _mechanism(text: str) -> str | None:
    if LEAST_MECHANISM <= len(text) <= MOST_MECHANISM:
        return None
    return f"Write between {LEAST_MECHANISM} and {MOST_MECHANISM:,} characters."


def lines(text: str) -> tuple[str, ...]:
    """The parts of an answer that holds several: one on each line, or with semicolons between them."""
    return tuple(part.strip() for part in re.split(r"[;\n]", text) if part.strip())
