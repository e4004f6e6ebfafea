"""Readers while others attack the server, come all at once, or score stories of their own. `make attack`.

Each row holds the readers' p95 against their own while nobody else was there. A reader's error, a lost reader or a
server that holds on to memory makes it fail.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from benchmarks import machine, servers, stops
from benchmarks.attackers import ATTACKS
from benchmarks.crowd import queries, wrong
from benchmarks.sessions import Load, Lost, Session, crowd
from benchmarks.table import ANY, Row, show

READERS, EVERY = 10, 2.0
SECONDS = 20.0
EDITORS, NEWCOMERS = 20, 50
THINKS = 5.0
"""Seconds between two texts of a writer, and that a newcomer stays."""
REST = 130.0
"""Seconds after which Streamlit lets go of a session that was hung up on."""
GROWTH = 1.1
SCORED = "Test by test"
"""A heading of a story that was scored."""


def rows(seconds: float = SECONDS, rest: float = REST) -> list[Row]:
    with servers.project() as server:
        return asyncio.run(_rows(server, seconds, rest))


async def _rows(server: servers.Server, seconds: float, rest: float) -> list[Row]:
    asked = queries(await stops.heaviest(server.stream))
    host, port = _place(server)

    faults: list[str] = []

    async def editors(stop: asyncio.Event) -> int:
        writers = (writing(server.stream, number, stop, faults) for number in range(EDITORS))
        return sum(await asyncio.gather(*writers))

    async def newcomers(stop: asyncio.Event) -> int:
        visits = (
            visiting(server.stream, asked, number, stop, faults) for number in range(NEWCOMERS)
        )
        return sum(await asyncio.gather(*visits))

    others: dict[str, Callable[[asyncio.Event], Coroutine[Any, Any, int]]] = {
        f"{EDITORS} editors at once": editors,
        f"{NEWCOMERS} who come at once": newcomers,
        **{name: partial(attack, host, port) for name, attack in ATTACKS.items()},
    }
    await editors(_set())  # the first text starts the process that scores
    await _read(server, asked, seconds)
    await asyncio.sleep(rest)
    before, quiet = server.own(), await _read(server, asked, seconds)
    found = []
    for name, attack in others.items():
        stop = asyncio.Event()
        attacking = asyncio.create_task(attack(stop))
        await asyncio.sleep(1)
        load = await _read(server, asked, seconds)
        stop.set()
        done = await attacking
        load.faults += faults
        faults.clear()
        found.append(
            Row(f"readers beside {name}, p95", load.p95 * 1000, quiet.p95 * 1000, "nobody else",
                least=2 if attack is editors else ANY, goal=1.5 if attack is editors else None,
                note=f"{done} times; p50 {load.p50 * 1000:.0f} ms", wrong=wrong([load]))
        )  # fmt: skip
        print(f"  {found[-1].cells}", file=sys.stderr, flush=True)
    await asyncio.sleep(rest)
    after = server.own()
    again = await _read(server, asked, seconds)
    return [
        *found,
        Row("readers after all that, p95", again.p95 * 1000, quiet.p95 * 1000, "nobody else", least=ANY, wrong=wrong([again])),
        Row("memory after all that", after, before, "before", unit="MB", least=GROWTH, wrong="" if servers.healthy(server.url) else "the server does not answer"),
    ]  # fmt: skip


def _set() -> asyncio.Event:
    found = asyncio.Event()
    found.set()
    return found


def _place(server: servers.Server) -> tuple[str, int]:
    at = urlsplit(server.url)
    assert at.hostname is not None
    assert at.port is not None
    return at.hostname, at.port


async def _read(server: servers.Server, asked: list[str], seconds: float) -> Load:
    return await crowd(server.stream, "story", asked, sessions=READERS, every=EVERY, seconds=seconds)  # fmt: skip


async def writing(stream: str, number: int, stop: asyncio.Event, faults: list[str]) -> int:
    """One who pastes a story and has it scored, changes it, and has it scored again: how often, at least once.

    faults: gets what went wrong. A writer is no attacker: one who is lost, or whose story is not scored, is a fault.
    """
    story = list(stops.stories())[number % len(stops.stories())]
    text = (servers.ROOT / stops.written(story)).read_text("utf-8")
    done = 0
    session, run = await Session.opened(stream, "write", "")
    try:
        while not done or not stop.is_set():
            if not done:
                held = json.dumps({"text": f"{text}\n# {number}\n", "answers": {}})
                run = await session.tell(run.components["keeping"], {"held": held})
            else:
                run = await session.tell(run.components["editor"], {"text": f"{text}\n# {number} {done}\n"})  # fmt: skip
            run = await session.press(run.buttons["Score it"])
            faults += run.exceptions
            if SCORED not in run.words:
                faults.append(f"not scored: {' '.join(run.words)[:200]}")
            done += 1
            if not stop.is_set():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), THINKS)
    except (Lost, KeyError) as fault:
        faults.append(repr(fault))
    finally:
        await session.close()
    return done


async def visiting(
    stream: str, asked: list[str], number: int, stop: asyncio.Event, faults: list[str]
) -> int:
    """One who opens a story's page, reads, goes, and comes again as somebody new: how often.

    faults: gets what went wrong, as with a writer.
    """
    done = 0
    try:
        while not stop.is_set():
            session, run = await Session.opened(stream, "story", asked[number % len(asked)])
            faults += run.exceptions
            done += 1
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), THINKS)
            await session.close()
    except (Lost, OSError) as fault:
        faults.append(repr(fault))
    return done


def main() -> int:
    return show(rows(), machine.words())


if __name__ == "__main__":
    raise SystemExit(main())
