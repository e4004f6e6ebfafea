"""The series around the event: what we saw, in its window, against where earlier windows ended.

The ribbon holds nine in ten of the placebos: centre·k/n + scale·√(k/n)·(their 5 and 95 % quantiles) at
observation k of n, in the unit of the picture. `pair` draws a control and the event at one scale.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from charts import monthly
from charts.drawing import Label, Plot, Words, amounts, brief, day_of, ends, months, number, numbers
from charts.figure import Figure, key, source_line
from charts.scene import Draw, Scene
from charts.theme import HEAVY, HEIGHT, LINE, Look
from charts.values import headline, unit_words, value_text
from evidence import calendar, windows
from evidence.answer import sign_of
from evidence.days import day, day_month
from evidence.kinds import KINDS
from evidence.kinds.base import TestBase, periods_in
from evidence.kinds.change_after import native
from evidence.kinds.spike_after import CALM
from evidence.observations import Floats, View
from evidence.placebo import Ranked
from evidence.quantity import amount, level, signed
from evidence.trace import TestTrace
from evidence.wording import could_have_seen, first_up, how_unusual, listed, outcome_sentence

STEP = {"daily": 7 / 5, "weekly": 7.0, "monthly": 30.44}
QUANTILES = (0.05, 0.95)
OUTSIDE, AFTER, PALE = 0.6, 0.28, 0.38
"""How opaque a line is outside its window and after it (where labels stand over it), and a bar outside."""
DASHES: tuple[tuple[float, ...] | None, ...] = (None, (7, 3), (2, 3))
"""Of lines that share a colour."""


@dataclass(eq=False)
class Content:
    """What a window picture shows, all in the picture's unit. Places are days since 1970.

    curves: (name, places, values, colour). bars: (first, last, value, inside the window, tip). means:
    (stage, first, last, value), averages over months. inside: the window from its base to its planned
    end. until: the last place of what is out of it. bar: what would matter. points: (place, value,
    colour) of what was seen. foretold: what somebody expected, drawn beside it (charts.foretold). table: what
    a reader downloads.
    """

    unit: str
    axis: str
    subtitle: str
    curves: list[tuple[str, Floats, Floats, str]] = field(default_factory=list)
    tips: list[list[str]] = field(default_factory=list)
    bars: list[tuple[float, float, float, bool, str]] = field(default_factory=list)
    firsts: list[tuple[float, float, float]] = field(default_factory=list)
    means: list[tuple[str, float, float, float]] = field(default_factory=list)
    inside: tuple[float, float] | None = None
    until: float | None = None
    ribbon: tuple[Floats, Floats, Floats] | None = None
    ribbon_says: str = "where 9 in 10\nearlier ones went"
    bar: float | None = None
    bar_says: str = ""
    points: list[tuple[float, float, str]] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    tops: list[tuple[float, float, str]] = field(default_factory=list)
    level_line: float | None = None
    zero: bool = False
    foretold: float | None = None
    table: pd.DataFrame = field(default_factory=pd.DataFrame)

    def values(self) -> list[float]:
        """Everything that the y axis has to hold."""
        held = (
            [float(v) for _, _, y, _ in self.curves for v in y]
            + [v for *_, v, _, _ in self.bars]
            + [v for *_, v in self.firsts]
            + [v for *_, v in self.means]
        )
        if self.ribbon is not None:
            held += [float(self.ribbon[1].min()), float(self.ribbon[2].max())]
        return held + [v for v in (self.bar, self.level_line, self.foretold) if v is not None]


@dataclass(frozen=True, eq=False)
class Shot:
    """Everything that a content is made from. relative: changes from the base instead of levels."""

    test: Any
    scene: Scene
    view: View
    look: Look
    low: float
    high: float
    relative: bool


def spans(test: Any, view: View) -> tuple[float, float]:
    """Days before and after the anchor that show the window with room to compare and room for labels."""
    frequency = view.catalogue.series[test.reads[0]].frequency
    offset, length, _ = windows.span(test.window, frequency)
    step = STEP[frequency]
    ahead = max((offset + length) * step, 0.0)
    back = max(-offset * step, 0.0)
    if frequency == "monthly":
        return 380.0 + back, ahead + 0.5 * (380.0 + back + ahead)
    before = max(35.0, 1.25 * length * step) + back
    return before, ahead + 0.62 * (before + ahead)


def _slice(
    track: windows.Track, view: View, low: float, high: float
) -> tuple[npt.NDArray[np.int64], Floats, Floats]:
    """(grid positions, places, levels) of what is out between two places."""
    places = numbers(track.grid)
    at = np.flatnonzero((places >= low) & (places <= high))
    values = track.level(at, np.full(len(at), view.cutoff))
    there = ~np.isnan(values)
    return at[there], places[at][there], values[there]


def _track(shot: Shot, series: str) -> tuple[windows.Track, int, int, int]:
    """(track, position of the window's base, its planned length, observations out)."""
    until = date.fromordinal(
        shot.scene.anchor.toordinal() + int(max(shot.high - number(shot.scene.anchor), 40))
    )
    track = windows.track(shot.view, series, until=until)
    offset, length, _ = windows.span(shot.test.window, track.entry.frequency)
    base = (
        int(track.position(np.array([shot.scene.anchor], dtype="datetime64[D]"))[0]) + offset
        if track.published
        else -1
    )
    window = shot.scene.trace.window
    return track, base, length, window.published if window else 0


def _planned(track: windows.Track, base: int, length: int) -> tuple[float, float] | None:
    if base < 0 or base >= len(track.grid):
        return None
    last = base + length
    end = (
        number(track.grid[last])
        if last < len(track.grid)
        else number(track.grid[base]) + length * STEP[track.entry.frequency]
    )
    return number(track.grid[base]), end


def _quantiles(ranked: Ranked, sign: int, share: Floats) -> tuple[Floats, Floats]:
    """The normal range of the raw statistic, with the data's sign, at shares of the window."""
    low, high = np.quantile(ranked.noise, QUANTILES)
    both = [sign * (ranked.centre * share + ranked.scale * np.sqrt(share) * q) for q in (low, high)]
    return np.minimum(*both), np.maximum(*both)


def _change(shot: Shot) -> Content:
    test, trace, ranked, look = shot.test, shot.scene.trace, shot.scene.ranked, shot.look
    track, base, length, published = _track(shot, test.series)
    entry, sign = track.entry, sign_of(test)
    inside = _planned(track, base, length)
    at, places, values = _slice(track, shot.view, shot.low, shot.high)
    own = (
        float(track.level(np.array([base]), np.array([shot.view.cutoff]))[0])
        if inside
        else float("nan")
    )
    unit, factor = native(entry.behaves, entry.unit)
    percent = entry.behaves in {"stock", "net_position"}

    def shown(change: Floats) -> Floats:
        """A change in the statistic's unit as a place on the picture's axis."""
        if shot.relative:
            return 100 * change / abs(own) if percent else change
        return own * (1 + change / 100) if entry.behaves == "price" else own + change / factor

    def drawn(levels: Floats) -> Floats:
        if not shot.relative:
            return levels
        return (
            100 * (levels - own) / abs(own)
            if percent or entry.behaves == "price"
            else (levels - own) * factor
        )

    known = inside is not None and not np.isnan(own)
    turn = " Up: the net short shrinks." if entry.behaves == "net_position" and own < 0 else ""
    relative_unit = "percent" if percent else unit
    words = {"percent": "percent", "bp": "basis points", "points": "points"}.get(
        relative_unit, relative_unit
    )
    content = Content(
        unit=relative_unit if shot.relative else entry.unit,
        axis=f"change, {'%' if relative_unit == 'percent' else relative_unit}"
        if shot.relative
        else "",
        subtitle=f"{entry.title}: {f'change in {words} since the event' if shot.relative else unit_words(entry)}, {entry.frequency}.{turn}",
        inside=inside,
    )
    if shot.relative and not known:
        content.table = pd.DataFrame({"date": [], f"{entry.title} ({unit_words(entry)})": []})
        return content
    content.curves = [(entry.short, places, drawn(values), look.ink)]
    content.tips = [
        [
            f"{day(track.grid[i].astype(object))}: {value_text(v, entry)}"
            for i, v in zip(at, values, strict=True)
        ]
    ]
    content.table = pd.DataFrame(
        {
            "date": [track.grid[i].astype(object).isoformat() for i in at],
            f"{entry.title} ({unit_words(entry)})": values,
        }
    )
    if known:
        content.level_line = 0.0 if shot.relative else own
    if ranked is not None and inside is not None and known and trace.statistic is not None:
        steps = np.arange(length + 1)
        where = np.array(
            [
                min(number(track.grid[base + k]), inside[1])
                if base + k < len(track.grid)
                else inside[1]
                for k in steps
            ]
        )
        low, high = _quantiles(ranked, sign, steps / published)
        content.ribbon = (where, shown(low), shown(high))
        content.until = number(track.grid[min(base + published, len(track.grid) - 1)])
        content.bar = float(shown(np.array([sign * ranked.matters]))[0])
        content.bar_says = (
            f"{_matters(trace)}:\n{_both(sign * ranked.matters, unit, own, percent=percent)}"
        )
        value = float(trace.statistic.value)
        end = float(shown(np.array([value]))[0])
        content.points = [(content.until, end, look.ink)]
        content.labels = [Label(end, _both(value, unit, own, percent=percent), look.ink, bold=True)]
        ribbon = pd.DataFrame(
            {
                "date": [day_of(p).isoformat() for p in where],
                f"normal range, low ({content.unit})": content.ribbon[1],
                f"normal range, high ({content.unit})": content.ribbon[2],
            }
        )
        content.table = content.table.merge(ribbon, on="date", how="left")
    return content


def _both(value: float, unit: str, base: float, *, percent: bool) -> str:
    """A change in its unit, and in percent of its base where the unit is not a percentage."""
    if not percent or unit == "percent" or not base:
        return signed(value, unit)
    if unit == "contracts":
        return f"{brief(value, unit)}\n({signed(100 * value / abs(base), 'percent')})"
    return f"{signed(value, unit)} ({signed(100 * value / abs(base), 'percent')})"


def _flow(shot: Shot) -> Content:
    test, trace, ranked, look = shot.test, shot.scene.trace, shot.scene.ranked, shot.look
    track, base, length, published = _track(shot, test.series)
    entry, sign = track.entry, sign_of(test)
    found = monthly.read(shot.view, test.series, shot.low, shot.high)
    content = Content(
        unit=entry.unit,
        axis="",
        zero=True,
        subtitle=f"{entry.title}: {unit_words(entry)} a month, latest figures known then; short lines: first prints.",
        ribbon_says="9 in 10\nearlier ones",
    )
    first_inside = number(track.grid[base]) if 0 <= base < len(track.grid) else float("-inf")
    last_inside = (
        number(track.grid[base + length]) if base + length < len(track.grid) else float("inf")
    )
    content.bars = [
        (m.start + 3, m.end - 3, m.value, first_inside < m.end - 1 <= last_inside, m.tip)
        for m in found
    ]
    content.firsts = [(m.start + 3, m.end - 3, m.first) for m in found if m.revised]
    content.table = pd.DataFrame(
        {
            "month": [f"{m.day:%Y-%m}" for m in found],
            f"{entry.title}, latest ({unit_words(entry)})": [m.value for m in found],
            f"first print ({unit_words(entry)})": [m.first for m in found],
        }
    )
    if track.published and base + 1 >= 0:
        first_day = (
            track.grid[base].astype("datetime64[M]") + 1
            if 0 <= base < len(track.grid)
            else np.datetime64(shot.scene.anchor, "M")
        )
        start = number(first_day.astype("datetime64[D]"))
        end = number((first_day + length).astype("datetime64[D]"))
        content.inside = (start, end)
        if ranked is not None and trace.statistic is not None and published:
            many = published > 1
            # a `flow_shift` is counted from the pace before it, a flow from nought
            turned = trace.kind == "flow_shift"
            pace = float(ranked.event.base[0]) if turned else 0.0
            low, high = _quantiles(ranked, sign, np.ones(2))
            content.ribbon = (
                np.array([start, end]),
                pace + low / published,
                pace + high / published,
            )
            content.until = (
                end
                if published == length
                else number((first_day + published).astype("datetime64[D]"))
            )
            content.bar = pace + sign * ranked.matters / published
            content.bar_says = (
                f"{_matters(trace)}:\n{signed(content.bar, entry.unit)}{' a month' if many else ''}"
            )
            value = float(trace.statistic.value)
            mean = pace + value / published
            label = signed(value, entry.unit)
            if turned:
                label = f"{signed(mean, entry.unit)} ({label})"
            content.tops = [((start + content.until) / 2, mean, label)] if not many else []
            if many:
                label = f"{signed(value, entry.unit)} in all:\n{signed(mean, entry.unit)} a month"
                content.labels = [Label(mean, label, look.ink, bold=True)]
                content.means = [("verdict", start, content.until, mean)]
            if turned:
                earlier = first_day - periods_in(test.against, entry.frequency)
                before = number(earlier.astype("datetime64[D]"))
                content.means.append(("range", before, start, pace))
    return content


def _spike(shot: Shot) -> Content:
    test, trace, ranked, look = shot.test, shot.scene.trace, shot.scene.ranked, shot.look
    track, base, length, published = _track(shot, test.series)
    entry, sign = track.entry, sign_of(test)
    unit, factor = native(entry.behaves, entry.unit)
    inside = _planned(track, base, length)
    at, places, values = _slice(track, shot.view, shot.low, shot.high)
    calm = float("nan")
    if inside is not None:
        before = base - np.arange(CALM)
        quiet = track.level(before, np.full(CALM, shot.view.cutoff))
        if (~np.isnan(quiet)).any():
            calm = float(np.nanmedian(quiet)) * factor
    if np.isnan(calm):
        inside = None
    zero = calm if shot.relative and inside is not None else 0.0
    name = {"bp": "basis points"}.get(unit, unit)
    content = Content(
        unit=unit,
        axis=f"{unit} above its calm level" if shot.relative else "",
        subtitle=f"{entry.title}: {name}{' above its median of the 60 days before' if shot.relative else ''}, {entry.frequency}.",
        curves=[(entry.short, places, values * factor - zero, look.ink)],
        tips=[
            [
                f"{day(track.grid[i].astype(object))}: {level(v * factor, unit)}"
                for i, v in zip(at, values, strict=True)
            ]
        ],
        inside=inside,
        ribbon_says="where the peak fell\nin 9 of 10 windows",
        table=pd.DataFrame(
            {
                "date": [track.grid[i].astype(object).isoformat() for i in at],
                f"{entry.title} ({name})": values * factor,
            }
        ),
    )
    if inside is not None:
        content.level_line = calm - zero
    if ranked is not None and inside is not None and trace.statistic is not None:
        low, high = _quantiles(ranked, sign, np.ones(2))
        content.ribbon = (np.array(inside), calm - zero + low, calm - zero + high)
        content.until = number(track.grid[min(base + published, len(track.grid) - 1)])
        content.bar = calm - zero + sign * ranked.matters
        content.bar_says = f"{_matters(trace)}:\n{signed(sign * ranked.matters, unit)}"
        value = float(trace.statistic.value)
        within = (places > inside[0]) & (places <= content.until)
        if within.any():
            top = int(np.flatnonzero(within)[(sign * values[within]).argmax()])
            content.points = [(float(places[top]), float(values[top] * factor - zero), look.ink)]
        says = signed(value, unit)
        if content.points:
            says += f" on\n{_short_day(content.points[0][0])}"
        content.labels = [Label(calm - zero + value, says, look.ink, bold=True)]
    return content


def _matters(trace: TestTrace) -> str:
    return "what would matter so far" if trace.so_far else "what would matter"


def _short_day(place: float) -> str:
    return day_month(day_of(place))


def _together(shot: Shot) -> Content:
    test, trace, ranked, look = shot.test, shot.scene.trace, shot.scene.ranked, shot.look
    anchor = shot.scene.anchor
    content = Content(
        unit="sd",
        axis="usual moves, the predicted way up",
        subtitle="Each leg’s change since the event in its usual moves (standard deviations), turned so that the predicted way is up.",
        ribbon_says="the weakest leg in\n9 of 10 windows",
    )
    window = trace.window
    published = window.published if window else 0
    columns: list[pd.DataFrame] = []
    sample = None
    if ranked is not None and published:
        own = np.array([calendar.end_of_day(anchor)])
        sample = KINDS["falls_together"].legs(  # type: ignore[union-attr]
            test,
            shot.view,
            np.array([anchor], dtype="datetime64[D]"),
            np.array([shot.view.cutoff]),
            own,
            published,
        )
    for i, leg in enumerate(test.legs):
        track, base, length, _ = _track(shot, leg.series)
        inside = _planned(track, base, length)
        if inside is None:
            continue
        content.inside = (
            inside
            if content.inside is None
            else (min(content.inside[0], inside[0]), max(content.inside[1], inside[1]))
        )
        entry = track.entry
        at, places, values = _slice(track, shot.view, shot.low, shot.high)
        columns.append(
            pd.DataFrame(
                {
                    "date": [track.grid[i].astype(object).isoformat() for i in at],
                    f"{entry.title} ({unit_words(entry)})": values,
                }
            )
        )
        own_level = float(track.level(np.array([base]), np.array([shot.view.cutoff]))[0])
        if sample is None or np.isnan(own_level) or np.isnan(sample[i].scale[0]):
            continue
        turn = 1 if leg.direction == "up" else -1
        scale = float(sample[i].scale[0])
        moved = (
            100 * (values / own_level - 1)
            if entry.behaves == "price"
            else (values - own_level) * native(entry.behaves, entry.unit)[1]
        )
        y = turn * moved / scale
        content.curves.append((entry.short, places, y, look.series(leg.series)))
        content.tips.append(
            [
                f"{entry.short}, {day(track.grid[k].astype(object))}: {value_text(v, entry)}"
                for k, v in zip(at, values, strict=True)
            ]
        )
        end = number(track.grid[min(base + published, len(track.grid) - 1)])
        content.until = end if content.until is None else max(end, content.until)
        final = float(sample[i].z[0])
        content.points.append((end, final, look.series(leg.series)))
        arrow = "up" if leg.direction == "up" else "down"
        says = f"{arrow}, {brief(final, 'sd')}"
        colour = look.series(leg.series)
        content.labels.append(Label(final, says, colour, bold=True, name=entry.short))
    if ranked is not None and content.inside is not None and content.until is not None:
        share = np.linspace(
            0,
            (content.inside[1] - content.inside[0]) / max(content.until - content.inside[0], 1),
            12,
        )
        low, high = _quantiles(ranked, 1, share)
        content.ribbon = (
            content.inside[0] + share * (content.until - content.inside[0]),
            low,
            high,
        )
        content.bar = ranked.matters
        content.bar_says = f"{_matters(trace)},\neach: {brief(ranked.matters, 'sd')}"
        content.level_line = 0.0
    for frame in columns:
        content.table = (
            frame if content.table.empty else content.table.merge(frame, on="date", how="outer")
        )
    if content.table.empty:
        entries = [shot.view.catalogue.series[leg.series] for leg in test.legs]
        heads = [f"{entry.title} ({unit_words(entry)})" for entry in entries]
        content.table = pd.DataFrame({head: [] for head in ("date", *heads)})
    else:
        content.table = content.table.sort_values("date").reset_index(drop=True)
    return content


CONTENTS: Mapping[str, Callable[[Shot], Content]] = {
    "change_after": _change,
    "net_flow": _flow,
    "flow_shift": _flow,
    "spike_after": _spike,
    "falls_together": _together,
}


def content(
    test: TestBase,
    given: Scene,
    view: View,
    look: Look,
    span: tuple[float, float],
    *,
    relative: bool,
) -> tuple[Shot, Content]:
    """What there is to draw of one test at one anchor."""
    middle = number(given.anchor)
    shot = Shot(test, given, view, look, middle - span[0], middle + span[1], relative)
    return shot, CONTENTS[given.trace.kind](shot)


def domain(contents: Sequence[Content]) -> tuple[float, float]:
    """One y axis that holds them all."""
    return ends([v for c in contents for v in c.values()], zero=any(c.zero for c in contents))


def window(test: TestBase, given: Scene, view: View, look: Look) -> Figure:
    """The figure of one test at one anchor."""
    shot, drawn = content(test, given, view, look, spans(test, view), relative=False)
    return figure(shot, drawn, domain([drawn]))


def pair(
    test: TestBase, control: Scene, event: Scene, view: View, look: Look
) -> tuple[Figure, Figure]:
    """(the control, the event) as changes since their day, on one scale and over as many days."""
    width = spans(test, view)
    both = [content(test, given, view, look, width, relative=True) for given in (control, event)]
    scale = domain([drawn for _, drawn in both])
    left, right = (figure(shot, drawn, scale) for shot, drawn in both)
    return left, right


def figure(shot: Shot, drawn: Content, scale: tuple[float, float]) -> Figure:
    """A content on a y axis from one end of the scale to the other."""
    look, trace = shot.look, shot.scene.trace
    title = headline(trace)
    axis = amounts(*scale, drawn.unit)
    plot = Plot(
        look,
        months(shot.low, shot.high),
        replace(axis, title=drawn.axis or axis.title),
        height=HEIGHT,
    )
    _grounds(plot, drawn, shot)
    _bars(plot, drawn, shot)
    _curves(plot, drawn)
    with plot.stage("event"):
        plot.event("event", number(shot.scene.anchor), shot.scene.called)
        others = enumerate(shot.scene.others)
        plot.events([(f"mark{i}", number(m.on), m.name, False) for i, m in others])
    known = shot.view.day
    if number(known) < shot.high:
        with plot.stage("series"):
            plot.event("today", number(known), f"known to {day_month(known)}", strong=False)
    _seen(plot, drawn, shot)
    with plot.stage("series"):
        for i, ((_, x, y, _), tips) in enumerate(zip(drawn.curves, drawn.tips, strict=True)):
            plot.hover(f"hover{i}", x, y, tips)
        if not any(len(y) for _, _, y, _ in drawn.curves) and not drawn.bars:
            plot.y = replace(plot.y, ticks=(), title="")
            middle = {"x": (shot.low + shot.high) / 2, "y": sum(scale) / 2}
            says = [{**middle, "text": "nothing to draw by then"}]
            plot.text("nothing", says, look.soft, align="center")
    alt = _alt(plot, shot, drawn)
    return Figure(
        key=key(
            "window",
            trace,
            shot.test,
            shot.scene.anchor,
            shot.scene.name,
            *shot.scene.marks,
            shot.low,
            shot.high,
            scale,
            shot.relative,
            shot.view.day,
            shot.view.snapshot,
            look.mode,
        ),
        spec=plot.spec(alt),
        frame=plot.frame(),
        title=title,
        subtitle=_subtitle(drawn),
        alt=alt,
        table=drawn.table,
        source=source_line(shot.view, shot.test.reads),
        steps=plot.steps(_words(plot, drawn, shot)),
    )


def _subtitle(drawn: Content, stage: str = "verdict") -> str:
    parts = [drawn.subtitle]
    if drawn.ribbon is not None and stage in ("range", "verdict"):
        parts.append(f"Grey: {drawn.ribbon_says.replace(chr(10), ' ')}.")
    if drawn.bar is not None and stage == "verdict":
        parts.append("Dashed: what would matter.")
    return " ".join(parts)


def _words(plot: Plot, drawn: Content, shot: Shot) -> dict[str, Words]:
    """What is said of the picture before the verdict is drawn: only what can be seen by then."""
    given, reads = shot.scene, shot.test.reads
    entries = [shot.view.catalogue.series[name] for name in reads]
    what = first_up(listed([e.title if len(entries) == 1 else e.short for e in entries]))
    aloud = f"{_kind(drawn)}. {drawn.subtitle} {plot.said()}"
    words = {"series": Words(what, _subtitle(drawn, "series"), aloud)}
    looked = ""
    if drawn.inside is not None:
        # a window of months ends where the next month begins
        last = day_of(drawn.inside[1] - (1 if drawn.bars else 0))
        looked = f"the test looks at {day(day_of(drawn.inside[0]))} to {day(last)}"
    marks = [
        f"{m.name}, {day(m.on)}" for m in given.others if shot.low <= number(m.on) <= shot.high
    ]
    event = f"{given.called}: {looked}" if looked else given.called
    aloud = f"{aloud} A rule marks {given.called} ({day(given.anchor)})"
    aloud += f", thin ones {listed(marks)}." if marks else "."
    aloud += f" In the shaded band {looked}." if looked else ""
    words["event"] = Words(first_up(event), _subtitle(drawn, "event"), aloud)
    if drawn.ribbon is not None and given.ranked is not None:
        says = _usual(shot)
        words["range"] = Words(says, _subtitle(drawn, "range"), f"{aloud} {says}.")
    return words


def _usual(shot: Shot) -> str:
    """Between which values nine in ten earlier windows ended."""
    trace, ranked = shot.scene.trace, shot.scene.ranked
    assert trace.statistic is not None
    assert ranked is not None
    unit = trace.statistic.unit
    low, high = _quantiles(ranked, sign_of(shot.test), np.ones(1))
    return f"Nine in ten earlier windows lie between {signed(float(low[0]), unit)} and {signed(float(high[0]), unit)}"


def _grounds(plot: Plot, drawn: Content, shot: Shot) -> None:
    """What lies under the series: the window, the normal range, the level at the event."""
    look = shot.look
    with plot.stage("event"):
        if drawn.inside is not None:
            plot.band("window", *drawn.inside, look.band)
    with plot.stage("range"):
        if drawn.ribbon is not None:
            plot.area("normal", *drawn.ribbon, look.ribbon, opacity=0.85)
    with plot.stage("event"):
        if drawn.level_line is not None:
            row = {"x": shot.low, "x2": shot.high, "y": drawn.level_line, "y2": drawn.level_line}
            plot.rules("base", [row], look.faint)


def _bars(plot: Plot, drawn: Content, shot: Shot) -> None:
    """All months pale, those of the window in full colour over them, first prints as short lines."""
    colour = shot.look.series(shot.test.reads[0])
    rows = [{"x": a, "x2": b, "y": 0.0, "y2": v, "tip": t} for a, b, v, _, t in drawn.bars]
    firsts = [{"x": a, "x2": b, "y": v, "y2": v} for a, b, v in drawn.firsts]
    with plot.stage("series"):
        # the ribbon lies under the bars, and would grey them
        plot.block("bars-ground", [{**row, "tip": ""} for row in rows], plot.look.page)
        plot.block("bars", rows, colour, opacity=PALE)
    with plot.stage("event"):
        own = [row for row, bar in zip(rows, drawn.bars, strict=True) if bar[3]]
        plot.block("bars-inside", own, colour)
    with plot.stage("series"):
        plot.rules("first-prints", firsts, plot.look.ink, width=LINE)
        if drawn.bars:
            row = {"x": plot.x.low, "x2": plot.x.high, "y": 0.0, "y2": 0.0}
            plot.rules("nought", [row], plot.look.faint)


def _curves(plot: Plot, drawn: Content) -> None:
    """Each series thin, and heavy inside its window; those of one colour are told apart by their dashes."""
    used: list[str] = []
    for i, (name, x, y, colour) in enumerate(drawn.curves):
        dash = DASHES[used.count(colour) % len(DASHES)]
        used.append(colour)
        until = np.inf if drawn.until is None else drawn.until
        before, after = x <= until, x >= until
        with plot.stage("series"):
            plot.line(
                f"series{i}", x[before], y[before], colour, key=name, dash=dash, opacity=OUTSIDE
            )
            plot.line(f"after{i}", x[after], y[after], colour, key=name, dash=dash, opacity=AFTER)
        if drawn.inside is None or drawn.until is None:
            continue
        within = (x >= drawn.inside[0]) & before
        with plot.stage("event"):
            plot.line(f"window{i}", x[within], y[within], colour, width=HEAVY, key=name, dash=dash)


def _seen(plot: Plot, drawn: Content, shot: Shot) -> None:
    """What was seen, what would have mattered, and the labels beside the window."""
    look, title = shot.look, headline(shot.scene.trace)
    for i, (stage, first, last, value) in enumerate(drawn.means):
        with plot.stage(stage):
            row = {"x": first, "x2": last, "y": value, "y2": value}
            plot.rules(f"mean{i}", [row], look.ink, width=HEAVY if stage == "verdict" else LINE)
    with plot.stage("range"):
        if drawn.bar is not None and drawn.inside is not None:
            until = drawn.inside[1] if drawn.bars else drawn.until or drawn.inside[1]
            row = {"x": drawn.inside[0], "x2": until, "y": drawn.bar, "y2": drawn.bar}
            plot.rules("bar", [row], look.ink, width=LINE, dash=[5, 3])
    with plot.stage("verdict"):
        _foretold(plot, drawn, look)
        for i, (at, value, colour) in enumerate(drawn.points):
            spot: dict[str, Any] = {"x": at, "y": value, "tip": title}
            plot.dots(f"seen{i}", [spot], colour, size=70, halo=True)
        _labels(plot, drawn, look)


def _foretold(plot: Plot, drawn: Content, look: Look) -> None:
    """What somebody expected: from where the window begins to where they thought that it would end."""
    if drawn.foretold is None or drawn.inside is None:
        return
    end = drawn.until or drawn.inside[1]
    flat = drawn.level_line is None
    start = drawn.foretold if flat else drawn.level_line
    row = {"x": drawn.inside[0], "x2": end, "y": start, "y2": drawn.foretold}
    plot.rules("foretold", [row], look.primary, width=HEAVY, dash=[1, 4])
    spot: dict[str, Any] = {"x": end, "y": drawn.foretold, "tip": "what you expected"}
    plot.dots("foretold-end", [spot], look.primary, size=90, hollow=True)


def _labels(plot: Plot, drawn: Content, look: Look) -> None:
    labels = list(drawn.labels)
    if drawn.bar is not None:
        labels.append(Label(drawn.bar, drawn.bar_says, look.ink, bold=False, stage="range"))
    if drawn.ribbon is not None:
        low, high = float(drawn.ribbon[1][-1]), float(drawn.ribbon[2][-1])
        far = high if drawn.bar is None or abs(high - drawn.bar) > abs(low - drawn.bar) else low
        labels.append(Label(far, drawn.ribbon_says, look.soft, bold=False, stage="range"))
    if labels and drawn.inside is not None:
        plot.beside("label", plot.x.high if drawn.bars else drawn.inside[1], labels)
    for x, y, text in drawn.tops:
        row = {"x": x, "y": y, "text": text}
        plot.text("top", [row], look.ink, align="center", dy=-9 if y > 0 else 10, bold=True)


def _kind(drawn: Content) -> str:
    return "Bar chart" if drawn.bars else "Line chart"


def _alt(plot: Plot, shot: Shot, drawn: Content) -> str:
    """The picture in words, with the numbers of the trace."""
    trace, given = shot.scene.trace, shot.scene
    parts = [f"{_kind(drawn)} around {given.called} ({day(given.anchor)}). {drawn.subtitle}"]
    if trace.statistic is None:
        return " ".join(filter(None, [*parts, trace.seen, plot.said()]))
    value, unit = float(trace.statistic.value), trace.statistic.unit
    parts.append(outcome_sentence(trace))
    parts.append(
        f"The statistic is {signed(value, unit)}; what would matter is {amount(float(trace.matters.at_least), unit)} the predicted way."
    )
    if shot.scene.ranked is not None:
        parts.append(f"{_usual(shot)}.")
    parts.append(how_unusual(trace))
    parts.append(could_have_seen(trace))
    return " ".join(p for p in parts if p)


DRAWS: Mapping[str, Draw] = dict.fromkeys(CONTENTS, window)
