"""Problems as data: what is wrong in a file that somebody wrote, where, and what to write instead."""

import difflib
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal, get_args

Severity = Literal["error", "warning"]

WIDEST = 100
"""How much of a source line is shown, in characters."""
LONGEST_QUOTE = 60


def visible(text: str) -> str:
    """The text with everything that does not print written as an escape, on one line."""
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text
    )


def shown(value: object) -> str:
    """A value from a file as it may stand in a message: in backticks, on one line, cut where it is long."""
    text = str(value)
    cut = text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1] + "…"
    plain = visible(cut).replace("`", "'")
    return f"`{plain}`"


def listed(names: Iterable[str], word: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    every = list(names)
    if len(every) < 2:
        return "".join(every)
    return f"{', '.join(every[:-1])} {word} {every[-1]}"


def nearest(word: object, options: Iterable[str], most: int = 1) -> str:
    """The options that look most like the word, as they stand in `did you mean …?`; empty where none does."""
    close = difflib.get_close_matches(str(word)[:80], list(options), n=most, cutoff=0.6)
    return listed((f"`{name}`" for name in close), "or")


def _columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) != 0 for c in text)


def snippet(line: str, column: int, length: int = 1) -> str:
    """The source line with a row of carets below it; cut to `WIDEST` characters around the place."""
    at = min(max(column - 1, 0), len(line))
    start = 0 if at < WIDEST - 20 else at - WIDEST // 2
    end = min(start + WIDEST, len(line))
    lead = ("…" if start else "") + visible(line[start:at])
    rest = visible(line[at:end]) + ("…" if end < len(line) else "")
    marked = _columns(visible(line[at : min(at + max(length, 1), end)])) or 1
    return f"    {lead}{rest}".rstrip() + "\n    " + " " * _columns(lead) + "^" * marked


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong. Line and column count from one; `snippet` is the source with carets below."""

    file: str
    line: int
    column: int
    code: str
    message: str
    hint: str = ""
    severity: Severity = "error"
    snippet: str = ""

    def text(self) -> str:
        """`file:line:col: code: message (did you mean …?)`, then the source line and a caret."""
        mild = "warning: " if self.severity == "warning" else ""
        meant = f" (did you mean {self.hint}?)" if self.hint else ""
        head = f"{visible(self.file)}:{self.line}:{self.column}: {self.code}: {mild}{self.message}{meant}"
        return f"{head}\n{self.snippet}" if self.snippet else head

    def document(self) -> dict[str, str | int]:
        """The problem as JSON holds it."""
        return asdict(self)


def tally(problems: Iterable[Problem]) -> str:
    """`1 error, 2 warnings`."""
    every = [problem.severity for problem in problems]
    counts = {word: every.count(word) for word in get_args(Severity)}
    return ", ".join(f"{n} {word}{'' if n == 1 else 's'}" for word, n in counts.items())


@dataclass(frozen=True)
class Finding:
    """What a rule found, by the path of keys and indexes to it; a reader turns it into a Problem.

    at: whether the key or the value at the path's end is meant.
    """

    path: tuple[str | int, ...]
    message: str
    hint: str = ""
    severity: Severity = "error"
    at: Literal["key", "value"] = "value"
    code: str = ""
