"""`quoted`: a change between two figures known only from print.

Statistic (a fact, no placebo): the figure `to` less the figure `from` (nought where no `from` is
named), in their unit, signed as predicted. Consistent at `matters.at_least` or more. Whatever it
says, quoted figures alone decide nothing (docs/method.md, Verdict).
"""

from datetime import date
from typing import Literal

import numpy as np

from evidence.catalogue import SeriesId
from evidence.days import day
from evidence.fields import about
from evidence.kinds.base import Fact, FactKind, Grade, NotYet, Predicts, TestBase
from evidence.observations import View
from evidence.quantity import amount, level


class Quoted(TestBase):
    """One or two quoted figures; `on` picks the period of a figure that was printed for several."""

    kind: Literal["quoted"] = about(
        "What a printed figure says, or the change between two of them.",
        good=["quoted"],
        bad=[("printed", "the kind is called `quoted`")],
    )
    figure: SeriesId = about(
        "The printed figure, the later one of two.",
        good=["quoted.tbac.swap_spread_10y.low"],
        bad=[("−60 bp", "the id of the figure; its value stands in the catalogue")],
        lint=[
            (
                "quoted.nobody.figure",
                "there is no such figure; `python -m evidence series` lists them",
            )
        ],
    )
    from_figure: SeriesId | None = about(
        "The earlier figure, for a change between two.",
        good=["quoted.tbac.swap_spread_10y.start"],
        bad=[("−44 bp", "the id of the figure; its value stands in the catalogue")],
        lint=[
            (
                "quoted.nobody.figure",
                "there is no such figure; `python -m evidence series` lists them",
            )
        ],
        default=None,
    )
    on: date | None = about(
        "The last day of the period, of a figure that was printed for several.",
        good=["2025-10-31"],
        bad=[("October", "year, month, day: `2025-10-31`")],
        default=None,
    )
    predicts: Predicts = about(
        "Which way the figure, or the change, is to point.",
        good=[{"direction": "down"}],
        bad=[("down", "write `{direction: down}`")],
    )
    grade: Grade = about(
        "`quoted`, which goes without saying here.",
        good=["quoted"],
        bad=[("printed", "the word is `quoted`")],
        lint=[("direct", "a figure known only from print is `quoted`")],
        default="quoted",
    )

    @property
    def reads(self) -> tuple[str, ...]:
        """The figures."""
        return (self.figure, *([self.from_figure] if self.from_figure else []))


class _Quoted(FactKind):
    name = "quoted"
    model = Quoted
    label = "quoted figures"
    example = "The Treasury's advisers printed a fall of the swap spread from −44 to −60 bp."
    printed = True

    def expected(self, test: Quoted) -> str:
        up = test.predicts.direction == "up"
        if test.from_figure is None:
            return f"{{series}} of {'' if up else 'minus '}{{matters}} or {'more' if up else 'lower'} in print"
        return f"{'a rise' if up else 'a fall'} of at least {{matters}} in the printed figures"

    def unit(self, test: Quoted, view: View) -> str:
        return view.catalogue.series[test.figure].unit

    def find(self, test: Quoted, view: View, anchor: date, until: date) -> Fact | NotYet:
        values, known, last = [], 0, until
        for name in test.reads:
            series = view.series(name)
            if len(series) == 0:
                return NotYet(f"{view.catalogue.series[name].named} was not in print by then")
            at = len(series) - 1
            if test.on is not None:
                at = int(series.index(np.array([test.on], dtype="datetime64[D]"))[0])
                if at < 0 or series.periods[at] != np.datetime64(test.on):
                    return NotYet(
                        f"{view.catalogue.series[name].named} of {day(test.on)} was not in print by then"
                    )
            values.append(float(series.latest[at]))
            known = max(known, int(series.known[series.owner == at].max()))
            last = series.periods[at].astype(object)
        change = values[0] - (values[1] if len(values) > 1 else 0.0)
        return Fact(
            value=test.predicts.sign * change,
            low=test.matters.at_least.value,
            high=None,
            error=0.0,
            first=last,
            last=last,
            known=known,
            sign=test.predicts.sign,
            details={"to": values[0], **({"from": values[1]} if len(values) > 1 else {})},
        )

    def seen(self, test: Quoted, fact: Fact, unit: str) -> str:
        d = fact.details or {}
        if "from" not in d:
            return f"{{series}}: {level(float(d['to']), unit)} in print"
        change = float(d["to"]) - float(d["from"])
        verb = "a rise" if change > 0 else "a fall"
        return f"the printed figures are {level(float(d['from']), unit)}, then {level(float(d['to']), unit)}: {verb} of {amount(change, unit)}"


KIND = _Quoted()
