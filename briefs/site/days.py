"""A story on every day of its memory, as small as a page can read it: what the slider over the days says.

Written as a classic script, because a page that is opened from a disk may not fetch. Texts stand once, in
a list; a day names them by their place. Each day is scored by the engine with what was known by then.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from briefs import answers
from briefs.desk import Desk
from briefs.site import words
from evidence import telling
from evidence.days import day as in_words
from evidence.days import short_day
from evidence.history import History, HistoryDay, Turn
from evidence.register import mark_of
from evidence.trace import Verdict
from evidence.wording import DIRECTIONS, OUTCOMES, first_up, outcome_sentence

CODES: Mapping[str, str] = {
    "consistent": "c",
    "inconsistent": "x",
    "neutral": "o",
    "not_evaluable": "n",
}
"""An outcome as one letter; site.js has the same."""


@dataclass
class Texts:
    """Texts, each once, by their place."""

    found: dict[str, int] = field(default_factory=dict)

    def place(self, text: str) -> int:
        """Where a text stands; at the end if it is new."""
        return self.found.setdefault(text, len(self.found))

    @property
    def list(self) -> list[str]:
        """All of them, in order."""
        return list(self.found)


@dataclass(frozen=True)
class Told:
    """A story's memory for the site: its days for its own page (`script`), and in short for the board."""

    history: History
    script: str
    short: dict[str, Any]


def told(desk: Desk, history: History) -> Told:
    """A story's days. Each is scored here again, which the engine remembers from the history."""
    texts, phrases = Texts(), Texts()
    rows: list[list[Any]] = []
    short: list[list[Any]] = []
    for one in history.days:
        verdict = desk.verdict(history.id, one.on)
        phrase = phrases.place(json.dumps(_phrase(verdict), ensure_ascii=False))
        outcomes = "".join(CODES[t.outcome] for t in verdict.tests)
        seen = [texts.place(outcome_sentence(t)) for t in verdict.tests]
        need = [texts.place(answers.against_need(t)) for t in verdict.tests]
        rule = texts.place(verdict.rule_sentence)
        came = texts.place(came_with(one))
        says = texts.place(_says(verdict))
        mark = mark_of(one.identity)
        rows.append([one.on.isoformat(), phrase, outcomes, rule, came, says, seen, need, mark])
        marks = "".join(CODES[t.outcome] for t in words.voting(verdict.tests))
        short.append([one.on.isoformat(), phrase, marks, says])
    own = [json.loads(phrase) for phrase in phrases.list]
    whole = {
        "texts": texts.list,
        "phrases": own,
        "days": rows,
    }
    board = _board(own, short, texts.list)
    return Told(history, script("days", history.id, whole), board)


def _board(phrases: list[Any], short: list[list[Any]], texts: list[str]) -> dict[str, Any]:
    """The days on which what the board shows changed, with their own texts."""
    own, rows = Texts(), list[list[Any]]()
    for on, phrase, marks, says in short:
        row = [on, phrase, marks, own.place(texts[says])]
        if not rows or row[1:] != rows[-1][1:]:
            rows.append(row)
    return {"phrases": phrases, "texts": own.list, "days": rows}


def _phrase(found: Verdict) -> list[str]:
    """The verdict in words: its direction, its name, what it rests on, how sure."""
    return [
        found.direction,
        DIRECTIONS[found.direction],
        words.rests_on(found),
        words.how_sure(found),
    ]


def _says(found: Verdict) -> str:
    trace = answers.deciding(found)
    return f"{answers.says(found)} {answers.because(trace) if trace else ''}".strip()


def came_with(one: HistoryDay) -> str:
    """What a day brought, in words."""
    came = [p.words for p in one.published] + [h.words for h in one.happened]
    return first_up(telling.causes(came))


def script(kind: str, name: str, value: object) -> str:
    """Values as a classic script that hands them to site.js."""
    written = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return f"flowcheck.{kind}({json.dumps(name)},{written});\n"


@dataclass(frozen=True)
class Stop:
    """A day of the board's slider, and what moved on it."""

    on: date
    label: str
    weight: int


def stops(histories: Iterable[History], event: tuple[date, str] | None, last: date) -> list[Stop]:
    """Every day on which a verdict turned, the event and the last day, with what moved most on it."""
    turns: dict[date, list[Turn]] = {}
    for history in histories:
        for turn in history.turns:
            turns.setdefault(turn.on, []).append(turn)
    found = {last: Stop(last, short_day(last), 0)}
    if event is not None and event[0] <= last:
        found[event[0]] = Stop(event[0], telling.stop(*event), 0)
    for on, own in turns.items():
        named = Counter(t.label for t in own if t.label).most_common(1)
        weight = sum(2 if t.changed_direction else 1 for t in own)
        found[on] = Stop(on, telling.stop(on, named[0][0] if named else ""), weight)
    return [found[on] for on in sorted(found)]


def greatest(
    histories: Iterable[History], event: tuple[date, str] | None, last: date
) -> tuple[tuple[date, str], ...]:
    """The event, and the days that moved most verdicts, in order: what the board names beside its slider."""
    found = stops(histories, event, last)
    moved = sorted((s for s in found if s.weight), key=lambda s: (-s.weight, s.on))[:MOST_LINKS]
    first = [s for s in found if event is not None and s.on == event[0] and s not in moved]
    return tuple((s.on, s.label) for s in sorted([*first, *moved], key=lambda s: s.on))


def turns(history: History) -> tuple[tuple[date, str], ...]:
    """The days on which a story's verdict turned, as its own slider names them."""
    return tuple((t.on, telling.stop(t.on, t.label)) for t in history.turns)


def board(all_: Mapping[str, Told]) -> str:
    """The board's days: each story in short, and every day on which anything came for any of them."""
    came: dict[date, list[str]] = {}
    for one in all_.values():
        for own in one.history.days:
            came.setdefault(own.on, []).extend(p.label for p in own.published)
    texts = Texts()
    days = [
        [on.isoformat(), texts.place(first_up(telling.causes(list(dict.fromkeys(came[on])))))]
        for on in sorted(came)
    ]
    short = {name: one.short for name, one in all_.items()}
    return script("board", "board", {"texts": texts.list, "days": days, "stories": short})


MOST_LINKS = 6
"""Turns that the board names beside the slider."""


def tally_words() -> dict[str, str]:
    """The outcomes by their letter, in words."""
    return {CODES[o]: OUTCOMES[o] for o in words.OUTCOME_ORDER}


def long_days(found: History) -> list[tuple[str, str, str]]:
    """Every day of a history for a plain table: the day, the verdict in words, what came."""
    return [(in_words(d.on), d.words, came_with(d)) for d in found.days]
