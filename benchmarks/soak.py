"""Fifty visitors for twenty minutes, who come and go: no error, nobody lost, and no more memory at the end. `make soak`.

They go round all tests of all stories on three days. Before it counts they go round once, so that what is drawn once for
all is drawn, and long enough for Streamlit to let go of the first who left.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time

from benchmarks import machine, servers, stops
from benchmarks.crowd import wrong
from benchmarks.sessions import Load, Session, crowd
from benchmarks.table import Row, show

SESSIONS, EVERY = 50, 5.0
STAYS = 60.0
"""Seconds that a visitor stays."""
WARM = 240.0
GROWTH = 1.1


def queries() -> list[str]:
    """Every test of every story on three days."""
    return [
        stops.Stop(story.id, "tests", test.id).query(day)
        for day in stops.DAYS
        for story in stops.stories().values()
        for test in story.tests
    ]


def rows(minutes: float, sessions: int = SESSIONS) -> list[Row]:
    with servers.project() as server:
        return asyncio.run(_rows(server, minutes, sessions))


async def _rows(server: servers.Server, minutes: float, sessions: int) -> list[Row]:
    asked = queries()
    one, _ = await Session.opened(server.stream, "story", asked[0])
    for query in asked:
        await one.go(query)
    await one.close()
    await _rounds(server, asked, sessions, WARM)
    weights = [server.own()]
    loads, weighed = await _rounds(server, asked, sessions, 60 * minutes)
    weights += weighed
    seconds = [s for load in loads for s in load.seconds]
    half = len(loads) // 2
    late, early = (_p95(some) for some in (loads[half:], loads[:half]))
    note = f"{len(seconds)} acts of {sessions * len(loads)} visitors in {minutes:g} minutes"
    return [
        Row("acts of the second half, p95", late, early, "the first half", least=2, note=note, wrong=wrong(loads)),
        Row("memory at the end", weights[-1], weights[0], "at the beginning", unit="MB", least=GROWTH,
            note=f"most {max(weights):.0f} MB, each minute: {' '.join(f'{w:.0f}' for w in weights)}"),
    ]  # fmt: skip


def _p95(loads: list[Load]) -> float:
    return 1000 * Load(0, seconds=[s for load in loads for s in load.seconds]).p95


async def _rounds(
    server: servers.Server, asked: list[str], sessions: int, seconds: float
) -> tuple[list[Load], list[float]]:
    """One crowd after the other. Each is weighed while all of it is connected."""
    loads: list[Load] = []
    weights: list[float] = []
    ends = time.perf_counter() + seconds
    while time.perf_counter() < ends:
        at = (len(loads) * 37) % len(asked)
        loads.append(
            await crowd(
                server.stream,
                "story",
                asked[at:] + asked[:at],
                sessions=sessions,
                every=EVERY,
                seconds=STAYS,
                seed=len(loads),
                over=lambda: weights.append(server.own()),
            )
        )
        print(f"  p95 {1000 * loads[-1].p95:.0f} ms, {weights[-1]:.0f} MB, {len(loads[-1].faults)} errors", file=sys.stderr, flush=True)  # fmt: skip
    return loads, weights


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=20)
    arguments = parser.parse_args()
    return show(rows(arguments.minutes), machine.words())


if __name__ == "__main__":
    raise SystemExit(main())
