"""A search of the catalogue: the series that have all the words, the best first, misspelt or called otherwise."""

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from evidence.catalogue import Series as Entry
from evidence.drafting.suggest import LITTLE
from evidence.observations import View
from evidence.shelf import SeriesRow, row
from evidence.yaml_nodes import load_trusted

POINTS = 60
"""Values of a sparkline."""
_WORD = re.compile(r"[a-z0-9]+")
_HELD = 3.0
"""What a word of the title counts, against one of the id or the publisher."""
_LESS = 0.75
"""What each phrase of a wish counts, against the one before it."""

Phrase = tuple[str, ...]
"""Words that stand for one thing."""
Wish = tuple[Phrase, ...]
"""One thing that is looked for: any of these phrases is it, the likeliest first."""


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
    """Up to `most` of the `matching` series, each with what it looks like."""
    return tuple(found(view, name) for name in matching(view, words, only)[:most])


def found(view: View, series_id: str) -> Found:
    """A series and its course of late."""
    return Found(row(view, series_id, ()), sparkline(view, series_id))


def matching(
    view: View, words: str, only: Callable[[Entry], bool] = lambda _: True
) -> tuple[str, ...]:
    """The ids of the series that have all the words, the best match first; without words, in the catalogue's order.

    only: which entries may be found at all, such as those that a kind can read.
    """
    every = tuple(view.catalogue.series.values())
    wishes = _wishes(words, frozenset[str]().union(*(_words(_said(entry)) for entry in every)))
    scored = [
        (_score(wishes, entry), -at, entry.id) for at, entry in enumerate(every) if only(entry)
    ]
    return tuple(name for score, _, name in sorted(scored, reverse=True) if score or not wishes)


def sparkline(view: View, series_id: str, points: int = POINTS) -> tuple[float, ...]:
    """The newest values of a series, up to `points` of them, the oldest first."""
    series = view.series(series_id)
    return tuple(float(value) for value in series.latest[-points:]) if len(series) else ()


def _said(entry: Entry) -> str:
    """All that an entry says of itself."""
    return f"{entry.title} {entry.id} {entry.short} {entry.named} {entry.publisher}"


def _stems(text: str) -> Phrase:
    """The words of a text, one and many alike."""
    return tuple(_stem(word) for word in _WORD.findall(text.lower()))


def _stem(word: str) -> str:
    if len(word) < 4 or not word.endswith("s") or word.endswith("ss"):
        return word
    return f"{word[:-3]}y" if word.endswith("ies") else word[:-1]


@cache
def _words(text: str) -> frozenset[str]:
    return frozenset(_stems(text))


@cache
def _other_names() -> Mapping[Phrase, Wish]:
    """What people call things, to what the catalogue calls them."""
    text = Path(__file__).with_name("other_names.yaml").read_text("utf-8")
    return {_stems(name): tuple(map(_stems, ours)) for name, ours in load_trusted(text).items()}


def _wishes(words: str, vocabulary: frozenset[str]) -> list[Wish]:
    """What is looked for, thing by thing: its words as they stand, misspelt, or by another name."""
    said = _stems(words)
    told = [word for word in said if word not in LITTLE] or list(said)
    found: list[Wish] = []
    while told:
        length = next((n for n in (2, 1) if tuple(told[:n]) in _other_names()), 1)
        thing, told = tuple(told[:length]), told[length:]
        if length == 1:
            found.append((*_meant(thing[0], vocabulary), *_other_names().get(thing, ())))
        else:
            found.append((thing, *_other_names()[thing]))
    return found


def _meant(word: str, vocabulary: frozenset[str]) -> Wish:
    """The word itself where any entry has it or a longer one; else those that it may be misspelt for."""
    if len(word) < 4 or any(other.startswith(word) for other in vocabulary):
        return ((word,),)
    near = difflib.get_close_matches(word, sorted(vocabulary), n=3, cutoff=0.75)
    return tuple((other,) for other in near) or ((word,),)


def _score(wishes: list[Wish], entry: Entry) -> float:
    """How well an entry has all that is looked for; nought where it lacks any of it."""
    title, every = _words(entry.title), _words(_said(entry))
    found = [
        max(_LESS**at * _phrase(phrase, title, every) for at, phrase in enumerate(wish))
        for wish in wishes
    ]
    # of two that match alike, the shorter title
    return sum(found) / (1 + len(title) / 50) if all(found) else 0.0


def _phrase(phrase: Phrase, title: frozenset[str], every: frozenset[str]) -> float:
    """How well an entry has all words of a phrase; nought where it lacks one."""
    held = [max(_HELD * _alike(word, title), _alike(word, every)) for word in phrase]
    return sum(held) / len(held) if all(held) else 0.0


def _alike(word: str, words: frozenset[str]) -> float:
    """1 for the word itself, a half for the beginning of one."""
    if word in words:
        return 1.0
    return 0.5 if any(other.startswith(word) for other in words) else 0.0
