"""Where visitors go in a measurement: the stops of the stories, and the heaviest of them, found by asking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlencode

from benchmarks.servers import ROOT
from benchmarks.sessions import Session
from briefs.desk import NARRATIVES, Desk
from evidence.engine import Engine
from evidence.kinds.base import TestBase
from evidence.library import read_library
from evidence.narrative import Narrative
from evidence.observations import SNAPSHOT, Store

DAYS = ("2025-06-20", "2025-09-20", "latest")


@dataclass(frozen=True)
class Stop:
    """One address of the page *Story*, and what it cost: seconds, bytes, charts."""

    story: str
    step: str
    test: str = ""
    seconds: float = 0.0
    bytes: int = 0
    charts: int = 0

    def query(self, day: str = "latest") -> str:
        asked = {"story": self.story, "step": self.step, "test": self.test, "as_of": day}
        return urlencode({name: value for name, value in asked.items() if value})


@cache
def desk() -> Desk:
    """The desk of this process, without anybody's private data."""
    store = Store()
    library = read_library(NARRATIVES, store.catalogue)
    anchors = {event.id: event.date for event in library.events.values()}
    return Desk(store, library, Engine(store, library.narratives, anchors))


def stories() -> Mapping[str, Narrative]:
    """The live stories by id."""
    return desk().stories


def written(story: str) -> str:
    """Where a story's file lies, from the project's folder."""
    return str(next(NARRATIVES.glob(f"*/{story}.yaml")).relative_to(ROOT))


async def heaviest(stream: str) -> Stop:
    """The stop of any story that takes the longest when everything it shows is already drawn."""
    found: list[Stop] = []
    for story in stories().values():
        stops = [Stop(story.id, "tests", test.id) for test in story.tests if drawn(test)]
        session = None
        for stop in stops:
            if session is None:
                session, _ = await Session.opened(stream, "story", stop.query())
            await session.go(stop.query())
            runs = [await session.go(stop.query()) for _ in range(2)]
            best = min(runs, key=lambda run: run.seconds)
            found.append(
                Stop(stop.story, stop.step, stop.test, best.seconds, best.bytes, best.charts)
            )
        if session is not None:
            await session.close()
    most = max(stop.charts for stop in found)
    return max((s for s in found if s.charts == most), key=lambda stop: stop.bytes)


def drawn(test: TestBase) -> bool:
    """Whether the stock page can draw the test as well: it names one series or several legs, and each is a file."""
    named = hasattr(test, "series") or hasattr(test, "legs")
    return named and all((SNAPSHOT / "series" / f"{name}.csv").exists() for name in test.reads)
