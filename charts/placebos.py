"""The event's place among the earlier windows.

Each earlier window is a dot (where there are many, or a pile grows too tall, bars count them), at the size
that it would have had at the event's usual size. The strip underneath is the rule itself: from `low` on
lies where a claim true at the size that matters would put nine in ten outcomes, from `high` on an outcome
is as the claim predicts.
"""

import numpy as np
import pandas as pd

from charts.drawing import PHONE, Axis, Plot, amounts, brief, plain, spread, steps
from charts.figure import Figure, key
from charts.letters import width_of
from charts.theme import LOW, Look
from evidence import placebo
from evidence.observations import Floats
from evidence.placebo import Ranked
from evidence.quantity import amount, signed
from evidence.trace import TestTrace
from evidence.wording import could_have_seen, how_unusual, if_true

MOST_DOTS, HIGHEST = 420, 45
"""How many dots, and how many on top of each other, can still be told apart; past that, bars."""
BINS = 44


def place(trace: TestTrace, ranked: Ranked, look: Look, expected: float | None = None) -> Figure:
    """The event's dot among the dots of all earlier windows, with the two bars that decide.

    expected: what somebody thought that it would be, in its unit and with the data's sign.
    """
    assert trace.statistic is not None
    assert trace.placebo is not None
    unit, value = trace.statistic.unit, float(trace.statistic.value)
    sign = 1 if float(trace.statistic.as_predicted) == value else -1
    earlier = np.sort(sign * ranked.shown)
    low, high = placebo.bars(ranked, float(trace.placebo.tail))
    bar = sign * ranked.matters
    edges = [sign * v for v in (low, high) if v is not None]
    marks = [value, bar, *edges, *([] if expected is None else [expected])]
    least, most = min([earlier[0], *marks]), max([earlier[-1], *marks])
    room = (most - least) * 0.07 or 1.0
    least, most = least - room, most + room
    bins = np.linspace(least, most, BINS + 1)
    index = np.clip(np.searchsorted(bins, earlier, side="right") - 1, 0, BINS - 1)
    counts = np.bincount(index, minlength=BINS)
    top = float(counts.max()) * 1.12 + 1
    strip = top * 0.085
    plot = Plot(
        look,
        amounts(least, most, unit, "", 5),
        Axis(
            -2.6 * strip,
            top,
            tuple((v, plain(v, 0)) for v in steps(0, top, 4) if v == int(v)),
            "earlier windows",
        ),
        height=LOW,
    )
    _zones(plot, sign, (low, high), strip, look)
    width = bins[1] - bins[0]
    dots = len(earlier) <= MOST_DOTS and int(counts.max()) <= HIGHEST
    if dots:
        height = np.concatenate([np.arange(c) for c in counts if c])
        rows = [
            {"x": bins[i] + width / 2, "y": h + 0.5, "tip": signed(v, unit)}
            for i, h, v in zip(index, height, earlier, strict=True)
        ]
        plot.dots("earlier", rows, look.pale, size=float(min(30, (0.8 * LOW / top) ** 2)))
    else:
        rows = [
            {
                "x": bins[i] + width * 0.1,
                "x2": bins[i + 1] - width * 0.1,
                "y": 0.0,
                "y2": float(c),
                "tip": f"{c:,} windows from {signed(bins[i], unit)} to {signed(bins[i + 1], unit)}",
            }
            for i, c in enumerate(counts)
            if c
        ]
        plot.block("earlier", rows, look.pale)
    plot.event("matters", bar, f"what matters: {brief(bar, unit)}", strong=False, foot=0.0)
    if expected is not None:
        says = f"you said: {brief(expected, unit)}"
        plot.event("foretold", expected, says, foot=0.0, colour=look.primary)
    plot.event("seen", value, f"seen: {brief(value, unit)}", foot=0.0)
    plot.dots(
        "event",
        [{"x": value, "y": 0.0, "tip": trace.seen}],
        look.verdict(trace.outcome),
        size=190,
        halo=True,
    )
    alt = _alt(trace, ranked, earlier, (low, high), sign)
    if expected is not None:
        alt = f"{alt} You expected {signed(expected, unit)}."
    table = pd.DataFrame(
        {
            "anchor of the earlier window": [str(d) for d in ranked.dates],
            f"{trace.statistic.label}, at the event’s usual size ({unit})": sign * ranked.shown,
        }
    )
    title = how_unusual(trace).removesuffix(".")
    what = "Each dot is an earlier window" if dots else "The bars count earlier windows"
    return Figure(
        key=key("place", trace, ranked.dates[-1], ranked.p, expected, look.mode),
        spec=plot.spec(alt),
        frame=plot.frame(),
        title=title,
        subtitle=(
            f"“{trace.title}”. {what} of this length ({trace.placebo.first:%Y} to {trace.placebo.last:%Y}), "
            f"in {_unit(unit)}, put at the event’s usual size. The strip is the rule."
        ),
        alt=alt,
        table=table,
        source=f"Flowcheck, from {len(earlier):,} windows of the same series; their publishers stand with the test.",
    )


def _unit(unit: str) -> str:
    return {"USD bn": "$ bn", "sd": "standard deviations", "bp": "basis points"}.get(unit, unit)


def _zones(
    plot: Plot, sign: int, edges: tuple[float | None, float | None], strip: float, look: Look
) -> None:
    """The strip under the dots: against the claim, no clear answer, as the claim predicts."""
    low, high = edges
    far = plot.x.high if sign > 0 else plot.x.low
    near = plot.x.low if sign > 0 else plot.x.high
    against = near if low is None else sign * low
    # a value past both bars is as predicted: that rule is asked first
    passed = far if high is None else sign * high
    if sign * (against - passed) > 0:
        against = passed
    zones = [
        ("against", near, against, look.contradicted, "against the claim"),
        ("open", against, passed, look.pale, "no clear answer"),
        ("for", passed, far, look.supported, "as predicted"),
    ]
    whole = plot.x.high - plot.x.low
    shown = [
        (name, min(start, end), max(start, end), colour, label)
        for name, start, end, colour, label in zones
        if abs(start - end) > 0.002 * whole
    ]
    widths = [(width_of(label) + 8) / PHONE * whole for _, _, _, _, label in shown]
    places = spread(
        [(first + last) / 2 for _, first, last, _, _ in shown], widths, plot.x.low, plot.x.high
    )
    for (name, first, last, colour, label), at in zip(shown, places, strict=True):
        plot.block(
            f"zone-{name}",
            [{"x": first, "x2": last, "y": -0.7 * strip, "y2": -1.3 * strip, "tip": label}],
            colour,
        )
        plot.text(
            f"zone-{name}-says",
            [{"x": at, "y": -2.15 * strip, "text": label}],
            look.soft if name == "open" else colour,
            align="center",
            halo=False,
        )


def _alt(
    trace: TestTrace,
    ranked: Ranked,
    earlier: Floats,
    edges: tuple[float | None, float | None],
    sign: int,
) -> str:
    assert trace.statistic is not None
    assert trace.placebo is not None
    unit, value = trace.statistic.unit, float(trace.statistic.value)
    low, high = edges
    parts = [
        (
            f"Distribution of {len(earlier):,} earlier windows, from {signed(float(earlier[0]), unit)} to {signed(float(earlier[-1]), unit)}, "
            f"half of them under {signed(float(np.median(earlier)), unit)}. The event stands at {signed(value, unit)}. "
            f"{how_unusual(trace)} What matters begins at {amount(ranked.matters, unit)}."
        )
    ]
    if low is not None:
        parts.append(f"Weaker than {signed(sign * low, unit)} would speak against the claim.")
    if high is not None:
        parts.append(f"{signed(sign * high, unit)} or stronger would be as the claim predicts.")
    return " ".join([*parts, if_true(trace), could_have_seen(trace)]).strip()
