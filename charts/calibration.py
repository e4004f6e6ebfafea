"""Calibration: each test's false alarms on quiet dates, with their interval, beside the nominal rate."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from charts.drawing import Axis, plain, steps
from charts.figure import Figure, key
from charts.rows import LINE, Rows, lines
from charts.theme import LINE as WIDE
from charts.theme import Look
from evidence.calibration import Row, Table
from evidence.days import day
from evidence.kinds import KINDS
from evidence.wording import calibrated, calibrated_together, first_up

DOT, HEAD, FAR = 18, 30, 0.25
"""Pixels: the line with the dot, a group's head. The rate at which the axis ends."""


def rates(found: Table, look: Look) -> Figure:
    """A dot with its 95 % interval for each test, grouped by kind; hollow where the dates are too few."""
    groups = grouped(found.rows)
    height = sum(
        HEAD + sum(LINE * lines(row.title) + DOT for row in rows) for rows in groups.values()
    )
    at = steps(0.0, FAR, 6)
    x = Axis(
        0.0,
        FAR,
        tuple((v, f"{plain(100 * v, 0)} %") for v in at),
        "share of quiet dates with an alarm",
    )
    plot = Rows(look, x, Axis(0, max(height, 1), ()), height=max(height, 1))
    for tail in sorted({row.tail for row in found.rows}):
        plot.event(f"tail{tail}", tail, f"the tail: {plain(100 * tail, 0)} %", strong=False)
    top = float(height)
    heads, names, counts, marks = [], [], [], []
    dots: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
    spans: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
    for kind, rows in groups.items():
        heads.append({"x": 0.0, "y": top - HEAD / 2, "text": heading(kind)})
        top -= HEAD
        for row in rows:
            top -= LINE * lines(row.title)
            names.append({"x": 0.0, "y": top, "text": row.title})
            y = top - DOT / 2
            top -= DOT
            if row.rate is None or row.low is None or row.high is None:
                continue
            span = {"x": row.low, "x2": min(row.high, FAR), "y": y, "y2": y}
            spans[row.holds].append(span)
            marks.append({"x": row.nominal, "x2": row.nominal, "y": y - DOT / 3, "y2": y + DOT / 3})
            counts.append({"x": min(row.high, FAR), "y": y, "text": _count(row)})
            dots[row.calibrated].append({"x": min(row.rate, FAR), "y": y, "tip": calibrated(row)})
    plot.text("kinds", heads, look.soft, bold=True)
    plot.titles("tests", names)
    plot.rules("spans", spans[True], look.primary, width=WIDE)
    plot.rules("spans-off", spans[False], look.contradicted, width=WIDE)
    plot.rules("nominal", marks, look.ink, width=WIDE)
    plot.dots("good", dots[True], look.primary, size=70, halo=True)
    plot.dots("thin", dots[False], look.soft, size=60, hollow=True)
    plot.text("counts", counts, look.soft, dx=6)
    off = [row for row in found.rows if row.calibrated and not row.holds]
    ready = sum(row.calibrated for row in found.rows)
    title = (
        f"The nominal rate lies in the interval of {ready - len(off)} of {ready} calibrated tests"
    )
    if off and all(row.rate is not None and row.rate < row.nominal for row in off):
        title += "; the others cry wolf less often"
    told = calibrated_together(found.overall) if found.overall else ""
    alt_text = " ".join(
        [f"{title}.", f"{told}." if told else "", *(f"{calibrated(r)}." for r in found.rows)]
    )
    return Figure(
        key=key("calibration", found, look.mode),
        spec=plot.spec(alt_text),
        frame=plot.frame(),
        title=title,
        subtitle=(
            "Each test run on dates on which nothing is known to have happened. The dot is the share of them on which it raised "
            "an alarm, the line its exact 95 % interval, the short mark the nominal rate: the tail, or a little less where there are few "
            "earlier windows to rank among. Hollow: uncalibrated, the dates are too few."
        ),
        alt=alt_text,
        table=table(found),
        source=f"Flowcheck, engine {found.engine}. {found.rule}",
    )


def grouped(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """The tests by kind, in the order of the kinds; those of kinds that are no more come last."""
    order = [*KINDS, *sorted({row.kind for row in rows} - set(KINDS))]
    found = {kind: [row for row in rows if row.kind == kind] for kind in order}
    return {kind: own for kind, own in found.items() if own}


def heading(kind: str) -> str:
    """What stands over the tests of a kind."""
    if kind not in KINDS:
        return kind.replace("_", " ")
    return KINDS[kind].heading or first_up(KINDS[kind].label)


def _count(row: Row) -> str:
    return f"{row.alarms:,} of {row.dates:,}{'' if row.calibrated else ', uncalibrated'}"


def table(found: Table) -> pd.DataFrame:
    """Every test with its rate, interval, power and dates."""
    return pd.DataFrame(
        [
            {
                "test": row.title,
                "kind": heading(row.kind),
                "window": row.window,
                "quiet dates": row.dates,
                "alarms": row.alarms,
                "rate (%)": None if row.rate is None else round(100 * row.rate, 1),
                "95 % from": None if row.low is None else round(100 * row.low, 1),
                "95 % to": None if row.high is None else round(100 * row.high, 1),
                "nominal (%)": round(100 * row.nominal, 1),
                "sees an effect that matters (%)": _seen(row, 0),
                "sees one twice that size (%)": _seen(row, 1),
                "misses one that matters (%)": None
                if row.missed is None
                else round(100 * row.missed, 1),
                "first date": day(row.first) if row.first else "",
                "last date": day(row.last) if row.last else "",
                "calibrated": "yes" if row.calibrated else "uncalibrated",
                "used by": ", ".join(row.tests),
            }
            for group in grouped(found.rows).values()
            for row in group
        ]
    )


def _seen(row: Row, size: int) -> float | None:
    return round(100 * row.seen[size], 1) if len(row.seen) > size else None
