"""Sums of a series over whole periods: what `total`, `record`, `ratio` and `share_bought` share.

Only series of whole months have them (monthly, quarterly, yearly): a span of months is a number of
their observations, and a gap between two periods is seen by their months.
"""

from datetime import date

import numpy as np

from evidence.calendar import MONTHS, Days
from evidence.kinds.base import TestBase
from evidence.observations import Floats, Ints, Series
from evidence.revisions import revision_error


def observations(span: str, frequency: str) -> int:
    """A span of months as a number of observations: 12 months of a quarterly series are 4.

    Raises ValueError where the span is not a whole number of the series' periods.
    """
    count, unit = span.split(" ")
    step = MONTHS.get(frequency)
    if step is None or not unit.startswith("month") or int(count) % step:
        raise ValueError(f"a {frequency} series has no sum over {span}")
    return int(count) // step


def per_year(frequency: str, count: int) -> float:
    """What turns a sum of `count` periods into a sum at an annual rate."""
    return 12 / (MONTHS[frequency] * count)


def rolling(periods: Days, values: Floats, frequency: str, count: int) -> Floats:
    """The sum of each period and the `count` - 1 before it, (n,); NaN where these are not all there."""
    sums = np.full(len(values), np.nan)
    if count == 1:
        return np.asarray(values, dtype=float).copy()
    if len(values) >= count:
        months = periods.astype("datetime64[M]").astype(np.int64)
        whole = months[count - 1 :] - months[: 1 - count] == (count - 1) * MONTHS[frequency]
        each = np.lib.stride_tricks.sliding_window_view(values, count).sum(axis=1)
        sums[count - 1 :] = np.where(whole, each, np.nan)
    return sums


def sum_error(series: Series, frequency: str, count: int) -> float:
    """How far a sum of `count` periods is usually revised: root mean square of newest less first print.

    Taken over the sums themselves, of which every period has been revised, because revisions of
    neighbouring periods go together; where there is no such sum, √count times that of one period.
    """
    if not series.revised:
        return 0.0
    often = np.asarray(np.bincount(series.owner, minlength=len(series)) > 1, dtype=np.float64)
    first = rolling(series.periods, series.values[series.first], frequency, count)
    newest = rolling(series.periods, series.latest, frequency, count)
    moved = (newest - first)[rolling(series.periods, often, frequency, count) == count]
    if len(moved) == 0:
        return float(np.sqrt(count)) * revision_error(series)
    return float(np.sqrt(np.mean(moved**2)))


def newest_known(series: Series, at: Ints) -> int:
    """When the last of the versions that stand for some periods became known."""
    newest = np.append(series.first[1:], len(series.owner)) - 1
    return int(series.known[newest][at].max())


def begin(last: date, months: int) -> date:
    """The first day of the `months` months that end on `last`."""
    first: date = (np.datetime64(last, "M") - (months - 1)).astype("datetime64[D]").astype(object)
    return first


def band(test: TestBase, *, up: bool) -> tuple[float | None, float | None]:
    """What the claim allows a level: from `at_least` (to `at_most`) if it says up, at most `at_least` if down."""
    bound, most = test.matters.at_least.value, test.matters.at_most
    return (bound, most.value if most else None) if up else (None, bound)
