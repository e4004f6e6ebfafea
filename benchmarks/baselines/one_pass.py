"""The floor of a placebo scan: all windows of one weekly stock in one pass of NumPy over the series.

It knows that the series is never revised and has no break, so every level reads the same at any time; it does
nothing that `evidence.placebo.rank` does not have to do as well.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

TRAILING = 52
ENOUGH = 0.6


def scan(
    levels: np.ndarray,
    known: np.ndarray,
    ends: np.ndarray,
    days: np.ndarray,
    *,
    length: int,
    first: int,
    last: int,
    sign: int,
) -> np.ndarray:
    """The z of each window of `length` weeks after the places `first` to `last`: (m,), NaN where it has none.

    levels, known, ends, days: (n,), the value of each period, the second it was out, its own last second, its day.
    """
    at = np.arange(first, last + 1)
    before = np.abs(levels[:-1])
    percent = 100 * np.diff(levels) / before
    percent[np.abs(np.diff(days) - 7) > 3] = np.nan
    rows = sliding_window_view(np.concatenate([np.full(TRAILING, np.nan), percent]), TRAILING)
    newest = np.searchsorted(np.maximum.accumulate(known), ends[at], side="right") - 1
    trailing = rows[newest]
    held = ~np.isnan(trailing)
    count = held.sum(axis=1)
    mean = np.where(held, trailing, 0.0).sum(axis=1) / count
    away = np.where(held, trailing - mean[:, None], 0.0)
    deviation = np.sqrt((away**2).sum(axis=1) / (count - 1))
    change = levels[at + length] - levels[at]
    size = np.abs(levels[at]) / 100
    z = sign * (change - mean * length * size) / (deviation * np.sqrt(length) * size)
    whole = np.abs(days[at + length] - days[at] - 7 * length) <= 3
    return np.where(whole & (count >= ENOUGH * TRAILING), z, np.nan)
