"""The same two pieces of work in turn, so that whatever slows the machine slows both."""

import time
from collections.abc import Callable


def taken(work: Callable[[], object]) -> float:
    """Seconds of processor time of one run."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def interleaved(
    ours: Callable[[], object], peer: Callable[[], object], times: int
) -> tuple[list[float], list[float]]:
    """Seconds of processor time of each, `times` over, after one run of each that does not count."""
    ours()
    peer()
    found: tuple[list[float], list[float]] = ([], [])
    for number in range(times):
        both = [(0, ours), (1, peer)]
        for at, work in both if number % 2 else reversed(both):
            found[at].append(taken(work))
    return found
