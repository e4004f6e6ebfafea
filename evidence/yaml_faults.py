"""What is wrong with a text as YAML, in plain words, at the line where it began.

A parser says where it could go no further, which is often lines after the slip: an open quote runs on to the next one, and a
line that is indented wrongly is noticed at its colon. So the text before that place is looked at again.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from evidence.problems import listed

_BREAK = re.compile("\r\n|\n|\r")
_KEY = re.compile(r" *(- +)?[A-Za-z_][\w.-]*:( |$)")
_STUCK = re.compile(r" *(- +)?[A-Za-z_][\w.-]*:[^\s/]")
_BLOCK = re.compile(r"[:-] +[|>][-+]? *$")


@dataclass(frozen=True)
class Mark:
    """A place in a text, counted from one."""

    line: int
    column: int


class YamlFault(ValueError):
    """What is wrong with a document as YAML, and where."""

    def __init__(self, code: str, message: str, mark: Mark) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.mark = mark


def mark(at: Any) -> Mark:
    """A place as the parser tells it."""
    return Mark(at.line + 1, at.column + 1) if at else Mark(1, 1)


def split(text: str) -> list[str]:
    """The lines of a text as YAML counts them (`str.splitlines` also breaks at form feeds)."""
    return _BREAK.split(text)


@dataclass(frozen=True)
class _Slip:
    """A text that the parser gave up: in its words, where, and where what it was reading began."""

    text: str
    lines: list[str]
    said: str
    mark: Mark
    began: Mark
    loader: Any

    def row(self, number: int) -> str:
        """A line by its number; empty where there is none."""
        return self.lines[number - 1] if 1 <= number <= len(self.lines) else ""

    def fault(self, message: str, at: Mark | None = None, code: str = "syntax") -> YamlFault:
        """What is wrong, where the parser stopped or elsewhere."""
        return YamlFault(code, message, at or self.mark)


def syntax(text: str, fault: yaml.MarkedYAMLError, loader: Any) -> YamlFault:
    """A fault of the parser's in our words, at the place where it can be mended."""
    lines = split(text)
    at = _within(lines, mark(fault.problem_mark or fault.context_mark))
    began = _within(lines, mark(fault.context_mark)) if fault.context_mark else at
    said = f"{fault.context or ''} {fault.problem or ''}"
    slip = _Slip(text, lines, said, at, began, loader)
    found = (look(slip) for look in _LOOKS)
    return next((one for one in found if one is not None), slip.fault(_told(said)))


def _within(lines: list[str], at: Mark) -> Mark:
    """A place in the text; its end for one that lies beyond."""
    return at if at.line <= len(lines) else Mark(len(lines), len(lines[-1]) + 1)


def _tab(slip: _Slip) -> YamlFault | None:
    """A tab in the indent, or anywhere that a value could begin."""
    row, at = slip.row(slip.mark.line), slip.mark
    indent = row[: len(row) - len(row.lstrip())]
    if "\t" in indent:
        place = Mark(at.line, indent.index("\t") + 1)
        return slip.fault("indent with spaces, not with a tab", place, "tab")
    if "cannot start any token" not in slip.said:
        return None
    odd = row[at.column - 1 : at.column]
    if odd == "\t":
        return slip.fault("use spaces here, not a tab", code="tab")
    return slip.fault(f"a text may not begin with `{odd}`; put quotes around it")


def _quote(slip: _Slip) -> YamlFault | None:
    """A quote that is never closed, or by the quote that opens another text; or one that ends too soon."""
    if "quoted" in slip.said:
        if "unexpected" not in slip.said:
            return None
        return slip.fault("a quoted text opens here and is never closed", slip.began)
    last: Any = None
    for token in _tokens(slip):
        if getattr(token, "style", None) in ("'", '"'):
            begin, end = mark(token.start_mark), mark(token.end_mark)
            if begin.line < slip.mark.line == end.line:
                told = f"a quoted text opens here and is closed only on line {end.line}, by the next quote that stands there; close it where it ends"
                return slip.fault(told, begin)
        last = token
    if getattr(last, "style", None) in ("'", '"') and mark(last.end_mark).line == slip.mark.line:
        return slip.fault(
            "a quoted text ends before this; where the quote belongs to the text, put quotes of the other kind around it"
        )
    return None


def _tokens(slip: _Slip) -> Iterator[Any]:
    """What stands before the place where the parser stopped."""
    try:
        for token in yaml.scan(slip.text, Loader=slip.loader):
            begin = mark(token.start_mark)
            if (begin.line, begin.column) >= (slip.mark.line, slip.mark.column):
                return
            yield token
    except yaml.YAMLError:
        return


def _bracket(slip: _Slip) -> YamlFault | None:
    if "flow" not in slip.said or "expected ','" not in slip.said:
        return None
    told = f"a bracket is not closed, or a comma is missing (seen on line {slip.mark.line})"
    return slip.fault(told, slip.began)


def _colon(slip: _Slip) -> YamlFault | None:
    """A colon inside a text: the line is a key that is indented too far, or the text needs quotes."""
    if "mapping values are not allowed" not in slip.said:
        return None
    row = slip.row(slip.mark.line)
    key = _KEY.match(row)
    indent = _indent(row)
    above = _above(slip.lines, slip.mark.line)
    if key is None or slip.mark.column >= key.end() or not above or indent <= above[-1]:
        return slip.fault(
            "a colon and a space stand inside a text here; put quotes around the text"
        )
    told = f"this line is indented deeper than the key above it, which has its value already; {_by(above[-1:])}"
    return slip.fault(told, Mark(slip.mark.line, indent + 1))


def _key(slip: _Slip) -> YamlFault | None:
    """A line that is no key: told where it begins, not where the next one does."""
    if "could not find expected ':'" not in slip.said:
        return None
    row, before = slip.row(slip.began.line), slip.row(slip.began.line - 1)
    if _BLOCK.search(before):
        told = "this text belongs to the line above it and has to be indented deeper"
    elif _STUCK.match(row):
        told = "a space has to follow the colon"
    else:
        told = "this is neither a key with a colon nor a list item"
    return slip.fault(told, slip.began)


def _level(slip: _Slip) -> YamlFault | None:
    """A line whose indent is that of nothing above it, or of something else than it is."""
    needles = ("expected key", "expected '-' indicator", "expected <block end>")
    if "block" not in slip.said or not any(needle in slip.said for needle in needles):
        return None
    row, number = slip.row(slip.mark.line), slip.mark.line
    indent, above = _indent(row), _above(slip.lines, slip.mark.line)
    if slip.mark.column != indent + 1 or not above:
        return None
    here = Mark(number, indent + 1)
    less, more = [n for n in above if n < indent], [n for n in above if n > indent]
    if indent not in above:
        told = "this line is indented like none of those above it"
        return slip.fault(f"{told}; {_by((*less[-1:], *more[:1]))}", here)
    if row[indent:].startswith("- "):
        told = "a list item cannot stand among keys"
        return slip.fault(f"{told}; {_by(less[-1:])}" if less else told, here)
    told = "a list goes on here; begin its next item with `- `"
    return slip.fault(f"{told}, or {_by(more[:1])}" if more else told, here)


def _by(indents: Iterable[int]) -> str:
    """What to do about a line that should have one of these indents."""
    every = list(indents)
    if every == [0]:
        return "begin it at the left edge"
    told = [f"{n} space{'' if n == 1 else 's'}" if n else "no space" for n in every]
    return f"indent it by {listed(told, 'or')}"


def _edge(slip: _Slip) -> YamlFault | None:
    """A first line that does not stand at the left edge."""
    if "<document start>" not in slip.said:
        return None
    first = next((n for n, row in enumerate(slip.lines, 1) if _speaks(row)), 1)
    indent = _indent(slip.row(first))
    if not indent:
        return None
    told = "the first line is indented, and those after it are not; begin it at the left edge"
    return slip.fault(told, Mark(first, indent + 1))


_LOOKS: tuple[Callable[[_Slip], YamlFault | None], ...] = (
    _tab, _quote, _bracket, _colon, _key, _level, _edge,
)  # fmt: skip


def _indent(row: str) -> int:
    return len(row) - len(row.lstrip(" "))


def _speaks(row: str) -> bool:
    """Whether a line is more than space and a comment."""
    return bool(row.strip()) and not row.lstrip().startswith("#")


def _above(lines: list[str], number: int) -> list[int]:
    """The indents that a line may have by the lines above it, the smallest first."""
    found: list[int] = []
    for row in reversed(lines[: number - 1]):
        if not _speaks(row):
            continue
        indent = _indent(row)
        item = re.match(r"- +", row[indent:])
        for place in (indent + len(item[0]), indent) if item else (indent,):
            if not found or place < found[-1]:
                found.append(place)
        if indent == 0:
            break
    return found[::-1]


_SAID = (
    (
        "did not find expected key",
        "this does not belong here; a quote or a bracket before it is odd",
    ),
    ("did not find expected '-' indicator", "a list item was expected here; it begins with `- `"),
    (
        "block sequence entries are not allowed",
        "a list may not begin here; put it on a line of its own",
    ),
    ("did not find expected ','", "a bracket is not closed, or a comma is missing"),
    ("did not find expected node content", "a value is missing here"),
    (
        "unknown escape character",
        "this escape is unknown; use single quotes, or write the backslash twice",
    ),
    ("escape code", "this escape names no character"),
    ("did not find expected hexdecimal", "this escape names no character"),
    ("undefined tag handle", "tags are not allowed; put quotes around a text that begins with `!`"),
    ("alphabetic or numeric character", "a text that begins with `*` or `&` needs quotes"),
    (
        "did not find expected <document start>",
        "the text before this is not indented like a narrative; a key at the left edge was expected",
    ),
    ("found undefined alias", "aliases are not allowed; write the value out"),
)


def _told(said: str) -> str:
    """What the parser said, in our words, where nothing better is known."""
    known = (ours for needle, ours in _SAID if needle in said)
    return next(known, "this cannot be read as YAML")
