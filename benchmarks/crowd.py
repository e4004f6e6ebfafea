"""Many visitors on a story page: 50 that act once a second beside the stock page, and 200 every five seconds."""

import asyncio

from benchmarks import servers, stops
from benchmarks.sessions import Load, Session, crowd
from benchmarks.table import ANY, Row, show

SECONDS = 15.0
ROUNDS = 2
ALONE = 20


def rows(seconds: float = SECONDS, rounds: int = ROUNDS) -> list[Row]:
    with servers.project() as ours:
        heavy = asyncio.run(stops.heaviest(ours.stream))
        story = {"STORY": stops.written(heavy.story), "FLOWCHECK_HOME": str(servers.ROOT)}
        with servers.plain(servers.BASELINES / "story.py", servers.STOCK, **story) as stock:
            return asyncio.run(_rows(ours, stock, heavy, seconds, rounds))


def queries(heavy: stops.Stop) -> list[str]:
    """The heaviest story's tests on several days: each act changes the step, the day or both."""
    tests = [test.id for test in stops.stories()[heavy.story].tests if stops.drawn(test)]
    return [
        stops.Stop(heavy.story, "tests", test).query(day) for day in stops.DAYS for test in tests
    ]


async def _rows(
    ours: servers.Server, stock: servers.Server, heavy: stops.Stop, seconds: float, rounds: int
) -> list[Row]:
    asked = queries(heavy)
    plain = [query.replace("as_of=latest", "as_of=2026-11-20") for query in asked]
    alone = await _alone(ours, asked)
    loads: list[Load] = []
    peers: list[Load] = []
    broken = await _faults(stock, plain)
    if broken:
        raise AssertionError(f"the stock page cannot show what ours shows: {broken[0]}")
    for number in range(rounds):
        loads.append(await crowd(ours.stream, "story", asked, sessions=50, every=1, seconds=seconds, seed=number))  # fmt: skip
        peers.append(await crowd(stock.stream, "", plain, sessions=50, every=1, seconds=seconds, seed=number))  # fmt: skip
    many = await crowd(ours.stream, "story", asked, sessions=200, every=5, seconds=seconds * 2)
    mine, theirs = (sum(load.p95 for load in some) * 1000 / len(some) for some in (loads, peers))
    note = f"{_spread(loads)}; stock {_spread(peers)}; {heavy.query()}"
    return [
        Row("50 sessions × 1 action/s, p95", mine, theirs, "plain streamlit run, st.altair_chart",
            goal=20, least=10, faster=True, note=note, wrong=wrong(loads)),
        Row("200 sessions × 1 action/5 s, p95", many.p95 * 1000, alone.p95 * 1000, "one session, p95",
            goal=5, least=ANY, note=_spread([many]), wrong=wrong([many])),
    ]  # fmt: skip


async def _alone(server: servers.Server, asked: list[str]) -> Load:
    """One visitor who has the server for himself."""
    session, _ = await Session.opened(server.stream, "story", asked[0])
    load = Load(1)
    for number in range(ALONE + len(asked)):
        run = await session.go(asked[number % len(asked)])
        if number >= len(asked):  # the first round draws what is not drawn yet
            load.seconds.append(run.seconds)
    await session.close()
    return load


async def _faults(server: servers.Server, asked: list[str]) -> list[str]:
    """Exceptions of a page that is only a peer while it works, and charts that it does not draw."""
    session, first = await Session.opened(server.stream, "", asked[0])
    runs = [first, *[await session.go(query) for query in asked]]
    await session.close()
    return [
        *(f for run in runs for f in run.exceptions),
        *("no chart" for run in runs if not run.charts),
    ]


def _spread(loads: list[Load]) -> str:
    rates = "/".join(f"{load.rate:.0f}" for load in loads)
    middles = "/".join(f"{load.p50 * 1000:.0f}" for load in loads)
    return f"{rates} acts/s, p50 {middles} ms"


def wrong(loads: list[Load]) -> str:
    """What makes a row fail: errors on a page, and sessions that were lost."""
    faults = [fault for load in loads for fault in load.faults]
    return f"{len(faults)} errors: {faults[0]}" if faults else ""


def main() -> int:
    return show(rows())


if __name__ == "__main__":
    raise SystemExit(main())
