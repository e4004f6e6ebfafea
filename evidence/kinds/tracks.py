"""`tracks`: one series moves with another, so that the quick one may stand in for the slow one.

Statistic (a fact, no placebo): Pearson correlation of the two series' monthly changes (last value in
each month) over the last `months` common months by `until`. Error: half of the distance from the
correlation to its upper two-standard-error bound by Fisher's z (1915, Biometrika 10, 507-521), so
that `inconsistent` needs the bound itself to stay under `matters.at_least`.
"""

from datetime import date
from typing import Literal

import numpy as np

from evidence.calendar import Days
from evidence.catalogue import SeriesId
from evidence.fields import about
from evidence.kinds.base import Details, Fact, FactKind, NotYet, TestBase
from evidence.observations import Floats, Ints, Series, View
from evidence.quantity import level


class Tracks(TestBase):
    """A quick series and the slow one that it is taken to follow."""

    kind: Literal["tracks"] = about(
        "How closely a quick series follows the slow one that it stands for.",
        good=["tracks"],
        bad=[("follows", "the kind is called `tracks`")],
    )
    quick: SeriesId = about(
        "The stand-in, which is out early.",
        good=["fed.custody.treasuries"],
        bad=[("custody", "an id is written with dots: `fed.custody.treasuries`")],
        lint=[("tic.holdings.china_japan_offshore", "a series does not stand in for itself")],
    )
    slow: SeriesId = about(
        "What it stands for, which is out late.",
        good=["tic.holdings.china_japan_offshore"],
        bad=[("holdings", "an id is written with dots: `tic.holdings.china_japan_offshore`")],
        lint=[
            (
                "tic.holdings.offshore",
                "there is no such series; `python -m evidence series` lists them",
            )
        ],
    )
    months: int = about(
        "Over how many months the two are compared.",
        good=[24, 60],
        bad=[("60 months", "the number alone")],
        lint=[(6, "from 12 to 240")],
        default=24,
    )
    until: date = about(
        "The last day of the last month, so that the event itself is not among them.",
        good=["2025-03-31"],
        bad=[("March 2025", "year, month, day: `2025-03-31`")],
    )

    @property
    def reads(self) -> tuple[str, ...]:
        """Both series."""
        return (self.quick, self.slow)


class _Tracks(FactKind):
    name = "tracks"
    model = Tracks
    label = "one series following another"
    example = "Custody holdings follow the holdings of China, Japan, Belgium and Luxembourg."
    counts = (("months", 12, 240),)

    def expected(self, test: Tracks) -> str:
        return f"a correlation of at least {{matters}} between the monthly changes of {{series}} over {test.months} months"

    def unit(self, test: Tracks, view: View) -> str:
        return "correlation"

    def hopeless(self, test: Tracks) -> str | None:
        least = test.matters.at_least.value
        if -1 < least < 1:
            return None
        verb = "pass" if least >= 1 else "fail"
        return f"a correlation lies between -1 and 1: this test cannot {verb}"

    def told(self, value: float, unit: str, first: date, details: Details) -> str:
        return f"a correlation of {level(value, unit)}"

    def find(self, test: Tracks, view: View, anchor: date, until: date) -> Fact | NotYet:
        quick, slow = view.series(test.quick), view.series(test.slow)
        last = np.datetime64(test.until, "M")
        pairs = [_monthly(series) for series in (quick, slow)]
        common = np.intersect1d(pairs[0][0], pairs[1][0])
        common = common[common <= last]
        if len(common) < test.months + 1 or common[-1] - common[-1 - test.months] != np.timedelta64(
            test.months, "M"
        ):
            return NotYet(f"fewer than {test.months} common months were out by then")
        if common[-1] < last - 3:
            return NotYet(
                f"{view.catalogue.series[test.slow].named} was not out near {test.until:%B %Y} by then"
            )
        chosen = common[-1 - test.months :]
        changes = [np.diff(values[np.searchsorted(months, chosen)]) for months, values, _ in pairs]
        if any(np.ptp(change) == 0 for change in changes):
            return NotYet("one of the two moved by the same amount in every month")
        r = float(np.corrcoef(changes[0], changes[1])[0, 1])
        inside = np.clip(r, -1 + 1e-12, 1 - 1e-12)  # at one itself Fisher's z has no end
        upper = float(np.tanh(np.arctanh(inside) + 2 / np.sqrt(test.months - 3)))
        known = max(int(known[np.searchsorted(months, chosen)].max()) for months, _, known in pairs)
        return Fact(
            value=r,
            low=test.matters.at_least.value,
            high=None,
            error=(upper - r) / 2,
            first=chosen[0].astype("datetime64[D]").astype(object),
            last=((chosen[-1] + 1).astype("datetime64[D]") - 1).astype(object),
            known=known,
            details={"upper": upper, "months": test.months},
        )

    def seen(self, test: Tracks, fact: Fact, unit: str) -> str:
        d = fact.details or {}
        return (
            f"the correlation of monthly changes in {{series}} was {level(fact.value, unit)} over {int(d['months'])} months to "
            f"{fact.last:%B %Y} (at most {level(float(d['upper']), unit)} allowing for chance)"
        )


def _monthly(series: Series) -> tuple[Days, Floats, Ints]:
    """(months, last value in each month, when that became known)."""
    months = series.periods.astype("datetime64[M]")
    last = np.append(months[1:] != months[:-1], True) if len(months) else np.zeros(0, bool)
    newest = np.append(series.first[1:], len(series.owner)) - 1
    return months[last], series.latest[last], series.known[newest][last]


KIND = _Tracks()
