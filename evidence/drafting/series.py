"""A search of the catalogue: the series whose id or title holds the words, the best first, misspelt or not."""

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from evidence.catalogue import Series as Entry
from evidence.observations import View
from evidence.shelf import SeriesRow, row

POINTS = 60
"""Values of a sparkline."""
_WORD = re.compile(r"[a-z0-9]+")
_HELD = 3.0
"""What a word of the title counts, against one of the id or the publisher."""


@dataclass(frozen=True)
class Found:
    """A series with its last values, the oldest first, for a small line without axes."""

    row: SeriesRow
    values: tuple[float, ...]


def find_series(
    view: View,
    words: str,
    only: Callable[[Entry], bool] = lambda _: True,
    most: int = 20,
) -> tuple[Found, ...]:
    """Up to `most` series that have the words, the best match first; without words, in the catalogue's order.

    Where none has all of them, those that have the most.
    only: which entries may be found at all, such as those that a kind can read.
    """
    every = tuple(view.catalogue.series.values())
    vocabulary = frozenset[str]().union(*(_words(_said(entry)) for entry in every))
    asked = [_meant(word, vocabulary) for word in _WORD.findall(words.lower())]
    scored = [
        (*_score(asked, entry), -place, entry.id)
        for place, entry in enumerate(every)
        if only(entry)
    ]
    fullest = max((words for words, *_ in scored), default=0)
    best = (
        sorted((one for one in scored if one[0] == fullest), reverse=True)
        if fullest or not asked
        else []
    )
    return tuple(Found(row(view, name, ()), sparkline(view, name)) for *_, name in best[:most])


def sparkline(view: View, series_id: str, points: int = POINTS) -> tuple[float, ...]:
    """The newest values of a series, up to `points` of them, the oldest first."""
    series = view.series(series_id)
    return tuple(float(value) for value in series.latest[-points:]) if len(series) else ()


def _said(entry: Entry) -> str:
    """All that an entry says of itself."""
    return f"{entry.title} {entry.id} {entry.short} {entry.publisher}"


@cache
def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower()))


def _meant(word: str, vocabulary: frozenset[str]) -> tuple[str, ...]:
    """The word itself where any entry has it or a longer one; else those that it may be misspelt for."""
    if len(word) < 4 or any(other.startswith(word) for other in vocabulary):
        return (word,)
    return tuple(difflib.get_close_matches(word, sorted(vocabulary), n=3, cutoff=0.75)) or (word,)


def _score(asked: list[tuple[str, ...]], entry: Entry) -> tuple[int, float]:
    """(how many of the words the entry has, how well)."""
    title, every = _words(entry.title), _words(_said(entry))
    found = [max(max(_HELD * _alike(w, title), _alike(w, every)) for w in word) for word in asked]
    # of two that match alike, the shorter title
    return sum(one > 0 for one in found), sum(found) / (1 + len(title) / 50)


def _alike(word: str, words: frozenset[str]) -> float:
    """1 for the word itself, a half for the beginning of one."""
    if word in words:
        return 1.0
    return 0.5 if any(other.startswith(word) for other in words) else 0.0
