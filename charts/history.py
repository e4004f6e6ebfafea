"""The memory of a verdict: one story's strip, and all stories of an event under one time axis.

Most happens in the weeks after an event and little in the months that follow, so the axis gives early
days more room: a day's place is the square root of the days since the first one.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from math import sqrt
from typing import Any

import altair as alt
import pandas as pd

from charts.drawing import PHONE, Align, Axis, Plot
from charts.figure import Figure, key
from charts.letters import width_of
from charts.theme import SHAPES, SMALL, THIN, Look
from evidence.days import day, short_day
from evidence.history import History, Stretch, Turn, course, stretches
from evidence.trace import CONFIDENCES
from evidence.wording import CONFIDENCES as CONFIDENCE_WORDS
from evidence.wording import DIRECTIONS

OPACITY = (0.14, 0.21, 0.28, 0.36, 0.44)
"""Of a bar by confidence, least first: text in ink stays readable on the fullest one."""
BAR, TITLE, HEAD, GAP = 20, 17, 26, 9
"""Pixels: a bar, the line with a story's title over it, a shelf's head, the room below a bar."""
INSET = 6
"""Pixels from the rule at the left to what is written beside it."""
MOST_RULES = 5
"""How many days are named above the timeline; above a strip as many turns."""
SHORT, WEEKS = 75, (1, 8, 15, 22)
"""Days up to which the time axis counts in weeks, and the days of the month that begin one there."""
APART = 34
"""Pixels that two labels of the time axis need on a phone."""


class Strip(Plot):
    """A plot whose bars carry as much of their text as they have room for, at every width."""

    def named(self, rules: Sequence[tuple[float, str, bool]]) -> None:
        """Rules (place, label, strong): the first label stands highest, so that no later rule runs through it."""
        for i, (at, label, strong) in reversed(list(enumerate(rules))):
            place = PHONE * at / self.x.high
            # the longest form that a phone has room for, on whichever side
            forms = (label, label.split(" for ", maxsplit=1)[0], label.split(": ", maxsplit=1)[0])
            rooms = {"left": PHONE - place + INSET, "right": place}
            fits = [(f, s) for f in forms for s, room in rooms.items() if width_of(f) <= room]
            text, side = fits[0] if fits else (forms[-1], "left")
            align: Align = "left" if side == "left" else "right"
            self.event(f"rule{i}", at, text, strong=strong, align=align)

    def words(self, name: str, rows: Sequence[dict[str, Any]], *, halo: bool = False) -> None:
        """`text` inside a bar from x to x2 at y; where it is too long `key`, else its first sign, else nothing."""
        if not rows:
            return
        room = f"width*(datum.x2-datum.x)/{self.x.high - self.x.low:.6g}"
        letter = SMALL * 0.54
        fits = [f"{room}>={letter:.4g}*length(datum.{c})+10" for c in ("text", "key")]
        shown = f"{fits[0]}?datum.text:{fits[1]}?datum.key:{room}>=13?substring(datum.key,0,1):''"
        style: dict[str, Any] = {
            "text": alt.ExprRef(expr=shown),
            "align": "left",
            "baseline": "middle",
            "dx": INSET,
            "fontSize": SMALL,
            "fontWeight": 600,
            "aria": False,
        }
        layer = self._layer(name, rows)
        if halo:
            page = self.look.page
            self.layers.append(layer.mark_text(color=page, stroke=page, strokeWidth=5, **style))
        self.layers.append(layer.mark_text(color=self.look.ink, **style))


class Scale:
    """Days as places on the axis: early ones get more room."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.last = first, max(last, first + timedelta(days=1))

    def place(self, on: date) -> float:
        """A day's place; one before the first stands with it."""
        return sqrt(max((on - self.first).days, 0))

    def axis(self) -> Axis:
        """Ticks at the first day, then at starts of months (of weeks in a short span), as many as a phone has room for."""
        high = self.place(self.last)
        short = (self.last - self.first).days <= SHORT
        ticks = [(0.0, f"{self.first.day} {self.first:%b}\n{self.first.year}")]
        year = self.first.year
        for offset in range(1, (self.last - self.first).days + 1):
            on = self.first + timedelta(days=offset)
            place = self.place(on)
            begins = on.day in WEEKS if short else on.day == 1
            if not begins or (place - ticks[-1][0]) / high * PHONE < APART:
                continue
            label = f"{on.day} {on:%b}" if short else f"{on:%b}"
            ticks.append((place, label + (f"\n{on.year}" if on.year != year else "")))
            year = on.year
        return Axis(0.0, high, tuple(ticks))


def strip(found: History, look: Look) -> Figure:
    """One story's verdict from its first day to the last, its turns named."""
    scale = Scale(found.first, found.last)
    height = BAR + 6
    plot = Strip(look, scale.axis(), Axis(0, height, ()), height=height)
    _bars(plot, scale, stretches(found), height / 2, look, "verdict")
    named = _named(found.turns)
    plot.named(
        [
            (scale.place(t.on), _label(t.on, t.label, found.first), t.changed_direction)
            for t in named
        ]
    )
    title = course(found)
    told = " ".join(turn.sentence for turn in found.turns) or "It has not turned."
    alt_text = (
        f"The verdict on “{found.title}” from {day(found.first)} to {day(found.last)}. "
        f"{day(found.first)}: {found.days[0].words}. {told}"
    )
    rest = "" if len(named) == len(found.turns) else " The turns that weigh most are named."
    return Figure(
        key=key("history", found, look.mode),
        spec=plot.spec(alt_text),
        frame=plot.frame(),
        title=title,
        subtitle=(
            f"As known on each day from {day(found.first)} to {day(found.last)}; early days are drawn wider. "
            f"The fuller the colour, the surer the verdict.{rest}"
        ),
        alt=alt_text,
        table=pd.DataFrame(_rows(found)),
        source=f"Flowcheck: {len(found.days):,} days on which something changed for this story, each scored with what was known by then.",
    )


def timeline(
    shelves: Mapping[str, Sequence[History]], event: tuple[date, str], look: Look
) -> Figure:
    """All stories by shelf, each with its verdicts over time; the days that moved most are named.

    shelves: a shelf's title to the histories on it, in the order drawn. event: its day and its name.
    """
    every = [h for histories in shelves.values() for h in histories]
    last = max(h.last for h in every)
    scale = Scale(event[0], last)
    height = sum(HEAD + len(h) * (TITLE + BAR + GAP) for h in shelves.values())
    plot = Strip(look, scale.axis(), Axis(0, height, ()), height=height)
    rules = _rules(every, scale)
    plot.named([(0.0, event[1], True), *((scale.place(at), name, False) for at, name in rules)])
    top, heads, titles = float(height), [], []
    for title, histories in shelves.items():
        heads.append({"x": 0.0, "y": top - HEAD / 2, "text": title})
        top -= HEAD
        for one in histories:
            titles.append({"x": 0.0, "y": top - TITLE / 2, "text": one.title})
            shown = [s for s in stretches(one) if s.last >= event[0]]
            _bars(plot, scale, shown, top - TITLE - BAR / 2, look, one.id)
            top -= TITLE + BAR + GAP
    plot.text("shelves", heads, look.soft, dx=INSET, bold=True)
    plot.text("titles", titles, look.ink, dx=INSET)
    table = [{"story": h.title, **row} for h in every for row in _rows(h)]
    alt_text = " ".join(
        [f"{knowable(every, event[0])}.", *(f"{h.title}: {course(h)}." for h in every)]
    )
    return Figure(
        key=key("timeline", event, *every, look.mode),
        spec=plot.spec(alt_text),
        frame=plot.frame(),
        title=knowable(every, event[0]),
        subtitle=(
            f"The verdict on each story, as known on each day to {day(last)}; early days are drawn wider. "
            "The fuller the colour, the surer the verdict."
            + (" The dotted rules are the releases that moved most stories." if rules else "")
        ),
        alt=alt_text,
        table=pd.DataFrame(table),
        source="Flowcheck: every day scored with what was known by then. The data behind a verdict are on its story’s page.",
    )


def knowable(every: Sequence[History], first: date) -> str:
    """How many stories could be judged on the first day, and on the last."""

    def judged(one: History, on: date) -> bool:
        known = [d for d in one.days if d.on <= on]
        return bool(known) and known[-1].direction != "insufficient_data"

    last = max(h.last for h in every)
    early, late = (sum(judged(h, on) for h in every) for on in (first, last))
    if late == 0:
        return f"By {day(last)} none of {len(every)} stories could be judged"
    if last <= first:
        return f"On {day(first)} {late} of {len(every)} stories could be judged"
    return f"On {day(first)} {early or 'none'} of {len(every)} stories could be judged; on {day(last)} {late} could"


def _bars(
    plot: Strip, scale: Scale, shown: Sequence[Stretch], middle: float, look: Look, name: str
) -> None:
    """A bar for each stretch: colour, shape and word say the direction, opacity and dots the confidence."""
    low, high = middle - BAR / 2, middle + BAR / 2
    waits: list[dict[str, Any]] = []
    says: list[dict[str, Any]] = []
    for i, one in enumerate(shown):
        end = one.last if i + 1 == len(shown) else one.last + timedelta(days=1)
        span = {"x": scale.place(one.first), "x2": scale.place(end)}
        short, long = _inside(one)
        bar = {**span, "y": low, "y2": high, "tip": _tip(one)}
        # the rules of the days end at a bar: under its colour lies the page
        plot.block(f"{name}-{i}-page", [bar], look.page)
        open_yet = one.direction == "insufficient_data"
        if not open_yet:
            colour, full = look.verdict(one.direction), OPACITY[CONFIDENCES.index(one.confidence)]
            plot.block(f"{name}-{i}", [bar], colour, opacity=full)
        row = {**span, "y": middle, "y2": middle, "key": short, "text": long}
        (waits if open_yet else says).append(row)
    for i, one in enumerate(shown):
        edge = {"x": scale.place(one.first), "y": low, "y2": high}
        thick = 3 * THIN if one.turn is not None or i == 0 else THIN
        plot.rules(f"{name}-{i}-edge", [edge], look.verdict(one.direction), width=thick)
    plot.rules(f"{name}-open", waits, look.verdict("insufficient_data"), dash=[3, 3])
    plot.words(f"{name}-waits", waits, halo=True)
    plot.words(f"{name}-says", says)


def _inside(one: Stretch) -> tuple[str, str]:
    short = f"{SHAPES[one.direction]} {DIRECTIONS[one.direction]}"
    if one.direction == "insufficient_data":
        return short, short
    filled = CONFIDENCES.index(one.confidence) + 1
    so_far = " so far" if one.so_far else ""
    return short, f"{short}{so_far} {'●' * filled}{'○' * (len(CONFIDENCES) - filled)}"


def _tip(one: Stretch) -> str:
    span = f"From {day(one.first)} to {day(one.last)}: {one.words}."
    return f"{span} {one.turn.sentence}" if one.turn else span


def _named(turns: Sequence[Turn]) -> list[Turn]:
    """The turns that are named: of many those of direction first, then the latest."""
    order = sorted(turns, key=lambda t: (not t.changed_direction, -t.on.toordinal()))
    return sorted(order[:MOST_RULES], key=lambda t: t.on)


def _label(on: date, name: str, near: date) -> str:
    head = short_day(on) if on.year != near.year else f"{on.day} {on:%b}"
    return f"{head}: {name}" if name else head


def _rules(every: Sequence[History], scale: Scale) -> list[tuple[date, str]]:
    """The days that moved most stories, in order, with the release that did; no two so near that they touch."""
    turns = sorted((t for h in every for t in h.turns if t.on > scale.first), key=lambda t: t.on)
    weights: list[tuple[int, date, str]] = []
    for on, group in groupby(turns, key=lambda t: t.on):
        own = list(group)
        names = Counter(t.label for t in own if t.label)
        name = names.most_common(1)[0][0] if names else ""
        weights.append((sum(2 if t.changed_direction else 1 for t in own), on, name))
    chosen: list[tuple[date, str]] = []
    least = 9 / PHONE * scale.place(scale.last)
    for _, on, name in sorted(weights, key=lambda w: (-w[0], w[1])):
        near = any(abs(scale.place(on) - scale.place(other)) < least for other, _ in chosen)
        if len(chosen) < MOST_RULES and not near:
            chosen.append((on, _label(on, name, scale.first)))
    return sorted(chosen)


def _rows(found: History) -> list[dict[str, str]]:
    return [
        {
            "from": one.first.isoformat(),
            "to": one.last.isoformat(),
            "verdict": DIRECTIONS[one.direction].lower(),
            "confidence": CONFIDENCE_WORDS[one.confidence],
            "so far": "yes" if one.so_far else "no",
            "by proxy": "yes" if one.by_proxy else "no",
            "moved by": "; ".join(p.words for p in one.turn.moved_by) if one.turn else "",
        }
        for one in stretches(found)
    ]
