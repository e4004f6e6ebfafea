"""`falls_together`: several things move in the predicted directions at once.

Statistic: each leg's change over the window divided by its usual size (the 60-day deviation times
√k), signed as that leg is predicted; raw = the smallest of them, in standard deviations. It is large
only if every leg moved as predicted: a min-test of a joint claim (Berger 1982, Technometrics 24,
295-300). Days that some leg does not have are left out for all, so that every leg is read from the
same day to the same day.
"""

from datetime import date
from typing import Literal

import numpy as np
import numpy.typing as npt

from evidence import windows
from evidence.calendar import Days
from evidence.catalogue import SeriesId
from evidence.days import day, day_month
from evidence.fields import about
from evidence.frozen import Frozen
from evidence.kinds.base import (
    NO_EFFECT,
    Direction,
    Extent,
    NotYet,
    PlaceboKind,
    Sample,
    TestBase,
    Window,
)
from evidence.kinds.change_after import change, native
from evidence.observations import Floats, Ints, View
from evidence.quantity import moved, signed


class Leg(Frozen):
    """One of the things that move."""

    series: SeriesId = about(
        "The series of this leg.",
        good=["ust.yield.10y"],
        bad=[("yields", "an id is written with dots: `ust.yield.10y`")],
        lint=[
            ("fed.custody.treasuries", "all legs have one frequency: they move over the same days")
        ],
    )
    direction: Direction = about(
        "Which way it moves, in its own sign: Treasuries fall when their yield goes up.",
        good=["up", "down"],
        bad=[("fall", "the two words are `up` and `down`")],
    )


class FallsTogether(TestBase):
    """Two to six legs over one window."""

    kind: Literal["falls_together"] = about(
        "Whether several series move as predicted over one window, all of them.",
        good=["falls_together"],
        bad=[
            ("rises_together", "each leg has its own direction, so this kind serves for rises too")
        ],
    )
    legs: tuple[Leg, ...] = about(
        "The two to six things that move, each with its direction.",
        good=[
            [
                {"series": "ust.yield.10y", "direction": "up"},
                {"series": "fed.h10.broad_dollar", "direction": "down"},
            ]
        ],
        bad=[
            (
                [{"series": "ust.yield.10y", "direction": "up"}],
                "one leg alone is a `change_after`",
            )
        ],
        min_length=2,
        max_length=6,
    )
    window: Window = about(
        "Where the test looks. This kind looks after the event only.",
        good=[{"after": "3 weeks", "min": "8 days"}],
        bad=[("3 weeks", "write `{after: 3 weeks}`")],
        lint=[({"before": "3 weeks"}, "write `after`")],
    )

    @property
    def reads(self) -> tuple[str, ...]:
        """The legs' series."""
        return tuple(leg.series for leg in self.legs)


class _FallsTogether(PlaceboKind):
    name = "falls_together"
    model = FallsTogether
    label = "several moves at once"
    example = "Stocks, Treasuries and the dollar all fall over two weeks."
    heading = "Moves together"
    scaled = True
    looks_back = False
    one_frequency = True

    def expected(self, test: FallsTogether) -> str:
        ways = [f"{{{i}}} {leg.direction}" for i, leg in enumerate(test.legs)]
        return f"{_listed(ways)} over {test.window.after}, each by at least {{matters}}"

    def unit(self, test: FallsTogether, view: View) -> str:
        return "sd"

    def hopeless(self, test: FallsTogether) -> str | None:
        return NO_EFFECT if test.matters.at_least.value < 0 else None

    def grid(self, test: FallsTogether, view: View) -> Days:
        return windows.together(view, test.reads)[0].grid

    def extent(self, test: FallsTogether, view: View, anchor: date) -> Extent | NotYet:
        return windows.extent(view, test.reads, test.window, anchor)

    def measure(
        self,
        test: FallsTogether,
        view: View,
        anchors: Days,
        cutoffs: Ints,
        starts: Ints,
        length: int,
    ) -> Sample:
        each = self.legs(test, view, anchors, cutoffs, starts, length)
        z = np.vstack([sample.z for sample in each])
        weakest = z.min(axis=0)  # NaN where any leg is missing
        units = tuple(_leg_unit(view, leg.series) for leg in test.legs)
        ways = np.array([[1 if leg.direction == "up" else -1] for leg in test.legs])
        return Sample(
            anchors,
            weakest,
            np.zeros(len(weakest)),
            np.ones(len(weakest)),
            np.full(len(weakest), np.nan),
            np.vstack([s.first for s in each]).min(axis=0),
            np.vstack([s.last for s in each]).max(axis=0),
            np.vstack([s.known for s in each]).max(axis=0),
            ways * np.vstack([s.raw for s in each]),
            units,
        )

    def legs(
        self,
        test: FallsTogether,
        view: View,
        anchors: Days,
        cutoffs: Ints,
        starts: Ints,
        length: int,
    ) -> list[Sample]:
        """Each leg's own sample on the days that all legs have, in the order of the test."""
        tracks = windows.together(view, test.reads, until=anchors.max())
        ways = [1 if leg.direction == "up" else -1 for leg in test.legs]
        return [
            change(track, test.window, way, anchors, cutoffs, starts, length)
            for track, way in zip(tracks, ways, strict=True)
        ]

    def material(self, test: FallsTogether, sample: Sample, length: int, whole: int) -> Floats:
        return np.full(len(sample.raw), test.matters.at_least.value)

    def comparable(
        self, test: FallsTogether, sample: Sample, event: Sample
    ) -> npt.NDArray[np.bool_]:
        return np.ones(len(sample.raw), dtype=bool)

    def seen(self, test: FallsTogether, value: float, unit: str, event: Sample) -> str:
        first, last = event.window
        moves = [] if event.legs is None else list(event.legs[:, 0])
        told = [
            f"{{{i}}} {moved(float(move), leg)}"
            for i, (move, leg) in enumerate(zip(moves, event.leg_units, strict=True))
        ]
        return (
            f"{_listed(told)}, {day_month(first)} to {day(last)}; "
            f"the weakest is {signed(value, unit)} the predicted way"
        )


def _listed(parts: list[str]) -> str:
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def _leg_unit(view: View, series_id: str) -> str:
    entry = view.catalogue.series[series_id]
    return native(entry.behaves, entry.unit)[0]


KIND = _FallsTogether()
