"""Memory of the server by the number of sessions, beside an app with as many charts."""

import asyncio
from collections.abc import Sequence
from threading import Event, Thread

from benchmarks import crowd, servers, stops
from benchmarks.figures import median
from benchmarks.sessions import crowd as visitors
from benchmarks.table import Row, show

COUNTS = (0, 10, 50)
SECONDS, APART = 14.0, 0.5


def rows(counts: Sequence[int] = COUNTS) -> list[Row]:
    with servers.project() as ours:
        heavy = asyncio.run(stops.heaviest(ours.stream))
        charts, points = str(heavy.charts), str(heavy.charts * 1000)
        with servers.tuned(
            servers.BASELINES / "charts_only.py", CHARTS=charts, POINTS=points
        ) as peer:
            asked = crowd.queries(heavy)
            mine = [held(ours, "story", asked, count) for count in counts]
            theirs = [held(peer, "", [f"step={i}" for i in range(4)], count) for count in counts]
    told = ", ".join(
        f"{a:.0f} and {b:.0f} MB with {n}" for n, a, b in zip(counts, mine, theirs, strict=True)
    )
    against = f"{charts} charts, no logic"
    return [
        Row(f"server memory, {counts[-1]} sessions", mine[-1], theirs[-1], against, unit="MB",
            goal=1.15, least=1.4, note=told),
    ]  # fmt: skip


def held(server: servers.Server, page: str, queries: list[str], sessions: int) -> float:
    """MB held while so many sessions are connected and act: the median of the second half of the time.

    A single reading would tell where between two collections of garbage it fell: 141 to 193 MB of the same server.
    """
    if not sessions:
        return server.memory()
    found: list[float] = []
    over = Event()

    def weigh() -> None:
        while not over.wait(APART):
            found.append(server.memory())

    watch = Thread(target=weigh)
    watch.start()
    try:
        asyncio.run(
            visitors(server.stream, page, queries, sessions=sessions, every=1, seconds=SECONDS)
        )
    finally:
        over.set()
        watch.join()
    return median(found[len(found) // 2 :])


def main() -> int:
    return show(rows())


if __name__ == "__main__":
    raise SystemExit(main())
