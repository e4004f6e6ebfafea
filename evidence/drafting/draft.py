"""What somebody has answered so far, and the YAML that it makes: one text for the same answers, for ever.

Answers are texts as they were given. Nothing is checked here: what is empty is left out of the YAML, and
`evidence.lint` says at its line what is wrong or missing.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Literal

from evidence import yaml_nodes
from evidence.frozen import Frozen
from evidence.kinds.base import Direction
from evidence.narrative import Case, ControlUse

WIDEST = 118
"""Characters of a line, as in the library's own files."""


Day = date
"""The type, where a field is called `date`."""


class DraftLeg(Frozen):
    """One of several series that move at once."""

    series: str = ""
    direction: Direction = "down"


class DraftTest(Frozen):
    """What the claim would have us see in one series. Which fields count depends on the kind."""

    id: str = ""
    title: str = ""
    kind: str = ""
    series: str = ""
    legs: tuple[DraftLeg, ...] = ()
    direction: Direction | None = None
    says: str = ""
    after: str = ""
    before: str = ""
    skip: str = ""
    against: str = ""
    on: date | None = None
    since: date | None = None
    until: date | None = None
    of: Literal["", "highest", "lowest"] = ""
    at_least: str = ""
    at_most: str = ""
    matters_why: str = ""
    part: str = ""
    role: str = ""
    grade: str = ""
    rivals_expect: Mapping[str, str] = {}
    why: str = ""
    caveat: str = ""


class DraftSaid(Frozen):
    """Somebody who said it."""

    who: str = ""
    where: str = ""
    on: date | None = None
    assumed: bool = False


class DraftEvent(Frozen):
    """What happened, where the library does not have the event."""

    name: str = ""
    date: Day | None = None
    question: str = ""
    background: str = ""


class Draft(Frozen):
    """All answers. `episodes` are the controls that the author chose beside the quiet dates."""

    id: str = ""
    title: str = ""
    claim: str = ""
    status: Literal["draft", "live"] = "draft"
    shelf: str = "said"
    event: str = ""
    event_is: DraftEvent | None = None
    said: tuple[DraftSaid, ...] = ()
    mechanism: str = ""
    chain: tuple[str, ...] = ()
    parts: Mapping[str, str] = {}
    rivals: tuple[str, ...] = ()
    confounders: tuple[str, ...] = ()
    cannot_tell: tuple[str, ...] = ()
    thresholds_set: date | None = None
    tests: tuple[DraftTest, ...] = ()
    episodes: tuple[ControlUse, ...] = ()


def yaml_of(draft: Draft, cases: Sequence[Case] = (), controls: Sequence[ControlUse] = ()) -> str:
    """The narrative's YAML, in the order of the library's files.

    Reading it back gives the same texts, without space around them and without the characters that no file
    may hold (`yaml_nodes`). cases, controls: those that `worked_cases` has found.
    """
    return "".join(f"{line}\n" for line in _lines(_document(draft, cases, controls), ""))


def tidied(text: str) -> str:
    """A text as a file may hold it: without what does not print, and without space around it."""
    return yaml_nodes.printable(text).strip()


# -- answers to values -----------------------------------------------------------------------------


class _Flow(dict[str, Any]):
    """Keys and values that stand on one line, where they fit."""


class _Row(tuple[Any, ...]):
    """A list that stands on one line, where it fits."""

    __slots__ = ()


class _Plain(str):
    """A short text that is never folded: a quantity, a span."""

    __slots__ = ()


class _Quoted(str):
    """A text that stands in quotes, whatever it is."""

    __slots__ = ()


def _document(
    draft: Draft, cases: Sequence[Case], controls: Sequence[ControlUse]
) -> dict[str, Any]:
    event = draft.event_is
    uses = dict.fromkeys((*draft.episodes, *controls))
    return _without_empty(
        {
            "schema": 1,
            "id": draft.id,
            "title": draft.title,
            "claim": draft.claim,
            "status": draft.status,
            "shelf": draft.shelf,
            "event": draft.event,
            "event_is": _without_empty(dict(event)) if event else None,
            "said": [_Flow(one) for one in map(_without_empty, map(dict, draft.said)) if one],
            "mechanism": draft.mechanism,
            "chain": _Row(filter(tidied, draft.chain)),
            "parts": dict(draft.parts),
            "rivals": _Row(filter(tidied, draft.rivals)),
            "confounders": list(filter(tidied, draft.confounders)),
            "cannot_tell": list(filter(tidied, draft.cannot_tell)),
            "thresholds_set": draft.thresholds_set,
            "tests": [_test(test) for test in draft.tests],
            "controls": [_control(use) for use in _ordered(draft, uses)],
            "cases": [_case(case) for case in cases],
        }
    )


def _ordered(draft: Draft, uses: Mapping[ControlUse, None]) -> list[ControlUse]:
    """Controls in the order of the tests; of one test the episodes first."""
    places = {test.id: place for place, test in enumerate(draft.tests)}
    return sorted(uses, key=lambda u: (places.get(u.test, len(places)), u.event is None))


def _test(test: DraftTest) -> dict[str, Any]:
    predicts = _Flow(_without_empty({"direction": test.direction, "says": test.says}))
    window = {"after": test.after, "before": test.before, "skip": test.skip}
    matters = {
        "at_least": _quantity(test.at_least),
        "at_most": _quantity(test.at_most),
        "why": test.matters_why,
    }
    return _without_empty(
        {
            "id": test.id,
            "title": test.title,
            "part": test.part,
            "kind": test.kind,
            "series": test.series,
            "legs": [_Flow(_without_empty(dict(leg))) for leg in test.legs],
            "on": test.on,
            "of": test.of,
            "since": test.since,
            "until": test.until,
            "window": _Flow({k: _Plain(v.strip()) for k, v in window.items() if v.strip()}),
            "against": test.against,
            "predicts": predicts,
            "matters": _without_empty(matters),
            "role": test.role,
            "grade": test.grade,
            "rivals_expect": _Flow(test.rivals_expect),
            "why": test.why,
            "caveat": test.caveat,
        }
    )


def _control(use: ControlUse) -> dict[str, Any]:
    """A control on one line, in the order of the library's files."""
    where = {"event": use.event} if use.event else {"dates": use.dates}
    return _Flow({"test": use.test, **where, "expects": use.expects})


def _case(case: Case) -> dict[str, Any]:
    return _without_empty(
        {
            "name": case.name,
            "at": case.at,
            "series": {name: _Quoted(text) for name, text in case.series.items()},
            "expects": dict(case.expects),
            "direction": case.direction,
        }
    )


_QUANTITY = re.compile(r"^([-+]?[0-9][0-9,]*(?:\.[0-9]+)?)\s*(\S.*)$")


def _quantity(text: str) -> str:
    """A number and its unit with one space between them, as `2%` is often written."""
    match = _QUANTITY.match(text.strip())
    return f"{match[1].replace(',', '')} {match[2]}" if match else text


def _without_empty(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: value
        for key, value in values.items()
        if not (
            value is None or value is False or (hasattr(value, "__len__") and not _filled(value))
        )
    }


def _filled(value: Any) -> bool:
    return bool(tidied(value)) if isinstance(value, str) else bool(len(value))


# -- values to lines -------------------------------------------------------------------------------


def _lines(value: Mapping[str, Any], indent: str) -> Iterator[str]:
    """A mapping, one key on each line or block."""
    for key, inner in value.items():
        yield from _entry(f"{indent}{_key(key)}:", inner, indent)


def _entry(head: str, value: Any, indent: str) -> Iterator[str]:
    """A key (or the dash of a list) with its value: on the line, or in a block below it."""
    deeper = indent + "  "
    if isinstance(value, _Flow | _Row):
        line = f"{head} {_flow(value)}"
        if len(line) <= WIDEST:
            yield line
        elif isinstance(value, _Flow) and len(deeper) + len(_flow(value)) <= WIDEST:
            yield from (head, deeper + _flow(value))
        else:
            yield from _block(
                head, dict(value) if isinstance(value, _Flow) else list(value), indent
            )
    elif isinstance(value, Mapping | list):
        yield from _block(head, value, indent)
    elif isinstance(value, str) and not isinstance(value, _Plain | _Quoted):
        yield from _text(head, tidied(value), deeper)
    else:
        yield f"{head} {_scalar(value, flow=False)}"


def _block(head: str, value: Any, indent: str) -> Iterator[str]:
    deeper = indent + "  "
    yield head
    if isinstance(value, Mapping):
        yield from _lines(value, deeper)
        return
    for item in value:
        if isinstance(item, Mapping) and not isinstance(item, _Flow):
            lines = list(_lines(item, deeper + "  "))
            yield f"{deeper}- {lines[0].lstrip()}"
            yield from lines[1:]
        elif isinstance(item, _Flow) and len(f"{deeper}- {_flow(item)}") > WIDEST:
            lines = list(_lines(dict(item), deeper + "  "))
            yield f"{deeper}- {lines[0].lstrip()}"
            yield from lines[1:]
        else:
            yield from _entry(f"{deeper}-", item, deeper)


def _text(head: str, text: str, indent: str) -> Iterator[str]:
    """A text on the line where it fits, else folded below its key; what cannot be folded stays in quotes."""
    line = f"{head} {_scalar(text, flow=False)}"
    words = text.split(" ")
    foldable = all(words) and "\n" not in text and "\t" not in text and "\r" not in text
    if len(line) <= WIDEST or not foldable:
        yield line
        return
    yield f"{head} >-"
    row = indent + words[0]
    for word in words[1:]:
        if len(row) + 1 + len(word) > WIDEST:
            yield row
            row = indent + word
        else:
            row += f" {word}"
    yield row


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        inner = (f"{_key(k)}: {_flow(v)}" for k, v in value.items())
        return f"{{{', '.join(inner)}}}"
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(_flow, value))}]"
    return _scalar(value, flow=True)


_PLAIN_KEY = re.compile(r"^[A-Za-z_][A-Za-z0-9_.-]*$")


def _key(key: str) -> str:
    """A key: names of fields, series and tests stand as they are."""
    return key if _PLAIN_KEY.match(key) else json.dumps(tidied(key), ensure_ascii=False)


_SAFE = re.compile(r"^[^\W\d_][^\n\r\t]*$")
_IN_BLOCK, _IN_FLOW = re.compile(r": |:$| #"), re.compile(r"[:,\[\]{}#]")
_SPAN = re.compile(r"^-?[0-9]+(\.[0-9]+)? [A-Za-z%]+$")
_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
"""What some reader of YAML takes for something else than a text."""


def _scalar(value: Any, *, flow: bool) -> str:
    """A value on one line, in quotes where a reader could take it for something else."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return value.isoformat() if isinstance(value, date) else str(value)
    text = tidied(value)
    odd = _IN_FLOW if flow else _IN_BLOCK
    if not isinstance(value, _Quoted) and (
        _SPAN.match(text)
        or (_SAFE.match(text) and not odd.search(text) and text.lower() not in _WORDS)
    ):
        return text
    return json.dumps(text, ensure_ascii=False)
