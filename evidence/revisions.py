"""How far a series is usually revised: the yardstick for facts that rest on first prints."""

import numpy as np

from evidence.observations import Series


def revision_error(series: Series) -> float:
    """Standard deviation of newest less first print over the revised periods, in the series' unit.

    Nought for a series that is never revised, or that the snapshot holds in one vintage only.
    """
    if not series.revised:
        return 0.0
    versions = np.bincount(series.owner, minlength=len(series))
    moved = (series.latest - series.values[series.first])[versions > 1]
    return float(np.sqrt(np.mean(moved**2)))
