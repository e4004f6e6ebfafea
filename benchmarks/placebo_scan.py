"""The placebos of one test beside one NumPy pass over the same windows."""

from __future__ import annotations

from datetime import date

import numpy as np

from benchmarks.baselines.one_pass import scan
from benchmarks.figures import median
from benchmarks.repeats import interleaved
from benchmarks.stops import desk
from benchmarks.table import Row, show
from evidence import calendar, placebo
from evidence.answer import last_release
from evidence.kinds import KINDS
from evidence.observations import View

STORY, TEST = "foreign-governments-retaliated", "custody-falls"
TIMES = 200


def rows(times: int = TIMES) -> list[Row]:
    story = desk().stories[STORY]
    test, anchor = story.test(TEST), desk().anchor(story)
    view, kind = desk().view(desk().newest), KINDS[test.kind]
    extent = kind.extent(test, view, anchor)
    newest = last_release(test.reads, view)

    def ours() -> placebo.Ranked:
        return placebo.rank(test, kind, view, anchor, extent, newest)

    ranked = ours()
    peer, found = floor(view, test.series, anchor, ranked, extent, test.predicts.sign)
    if not np.allclose(found, ranked.noise, rtol=1e-9):
        raise AssertionError("the one pass has other placebos than the engine")
    mine, theirs = interleaved(ours, peer, times)
    note = f"{len(ranked.noise)} windows"
    return [
        Row("placebo scan of one test", 1000 * median(mine), 1000 * median(theirs), "one NumPy pass",
            goal=2, least=4, note=note)
    ]  # fmt: skip


def floor(view: View, name: str, anchor: date, ranked: placebo.Ranked, extent, sign: int):
    """The one pass as a function without arguments, and what it finds at the engine's own windows."""
    series = view.series(name)
    days = series.periods.astype("datetime64[D]").astype(np.int64)
    levels, known = series.latest, series.first_known
    ends = calendar.ends_of_days(series.periods)
    at = series.index(ranked.dates)
    base = int(series.index(np.array([anchor], dtype="datetime64[D]"))[0])
    first, last = int(at[0]), int(at[-1])

    def peer() -> tuple[float, float, np.ndarray]:
        z = scan(levels, known, ends, days, length=extent.published, first=first, last=last, sign=sign)  # fmt: skip
        event = scan(levels, known, ends, days, length=extent.published, first=base, last=base, sign=sign)[0]  # fmt: skip
        z = z[~np.isnan(z)]
        departures = (z - np.median(z)) * ranked.scale
        p = (1 + (z >= event - 1e-9).sum()) / (len(z) + 1)
        p_if_true = (1 + (departures + ranked.matters <= ranked.raw + 1e-9).sum()) / (len(z) + 1)
        return float(p), float(p_if_true), z

    p, p_if_true, z = peer()
    if (p, p_if_true) != (ranked.p, ranked.p_if_true):
        raise AssertionError("the one pass ranks the event elsewhere")
    return peer, z


def main() -> int:
    return show(rows())


if __name__ == "__main__":
    raise SystemExit(main())
