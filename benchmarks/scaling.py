"""How a backfill grows: with stories, dates and specifications, and with workers; what a large one would cost.

    python -m benchmarks.scaling [growth | work]

Prints the tables of docs/scaling.md. Growth is measured in processor time, since others may use the machine
too; throughput on a clock, over the same library of renamed stories, so that it wants a quiet machine.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import import_module
from importlib.util import find_spec
from itertools import chain
from math import log
from multiprocessing import active_children
from pathlib import Path
from pickle import dumps
from typing import Any

from benchmarks import machine
from benchmarks.figures import median
from evidence.backfill.cluster import cluster
from evidence.backfill.folder import line_of
from evidence.backfill.histories import planned
from evidence.backfill.processes import processes
from evidence.backfill.running import Crew, run
from evidence.calibration import trials
from evidence.engine import Engine
from evidence.history import history
from evidence.library import Library, read_library
from evidence.observations import Store
from tests.blocks import Peak
from tests.libraries import copies, renamed

ROOT = Path(__file__).resolve().parent.parent
SINCE = date(2018, 1, 1)
STORIES, SHARES = (5, 10, 20), (0.25, 0.5, 1.0)
SPAN = (date(2025, 1, 1), date(2025, 6, 30))
"""The days on which throughput is measured: half of them before the event, half after."""
READ, TRIALS = 100, 10


@dataclass(frozen=True)
class Work:
    """A piece of work and what it took. seconds: on a clock; cpu: of processors."""

    blocks: int
    verdicts: int
    seconds: float
    cpu: float


def desk(folder: Path | None = None) -> tuple[Engine, Library]:
    store = Store()
    library = (
        read_library(folder, store.catalogue) if folder else read_library(catalogue=store.catalogue)
    )
    return Engine(
        store, library.narratives, {e.id: e.date for e in library.events.values()}
    ), library


def slope(cells: Sequence[tuple[float, float]]) -> float:
    """The exponent by which a cost grows between the first and the last of (size, cost): 1 is linear."""
    (size, cost), (larger, dearer) = cells[0], cells[-1]
    return log(dearer / cost) / log(larger / size)


# -- growth -----------------------------------------------------------------------------------------


def grown(engine: Engine, stories: Sequence[str], since: date, share: float) -> Work:
    """The histories of some stories over the last share of the days since one: in this process, block after block."""
    newest = engine.store.newest_day
    first = newest - timedelta(days=round((newest - since).days * share))
    begun, cpu = time.perf_counter(), time.process_time()
    blocks = list(chain.from_iterable(planned(engine, story, first, newest) for story in stories))
    verdicts = sum(len(result.get()) for result in run(blocks, engine.store))
    return Work(len(blocks), verdicts, time.perf_counter() - begun, time.process_time() - cpu)


def by_stories(since: date, names: Sequence[str]) -> Mapping[tuple[int, float], Work]:
    """Each number of stories on each share of the days, the last days of them.

    The stories are drawn evenly from the board, so that each number has quick ones and slow ones.
    """
    found: dict[tuple[int, float], Work] = {}
    for count in STORIES:
        some = names[:: len(names) // count][:count]
        for share in SHARES:
            engine, _ = desk()
            found[count, share] = grown(engine, some, since, share)
            print(f"  {count} stories, {share:.0%} of the days", file=sys.stderr, flush=True)
    return found


def moved(engine: Engine, story: str) -> Engine:
    """An engine that knows one story, whose event came at the beginning of 2018: every day since then counts."""
    other = engine.narratives[story].model_copy(update={"anchor": SINCE, "when": ()})
    return Engine(engine.store, {story: other}, engine.anchors)


def after_the_event(story: str) -> list[tuple[int, float]]:
    """(days, processor seconds) of one history, whole, with its event `moved`."""
    engine, _ = desk()
    found = []
    for years in (2, 4, 8):
        own = moved(engine, story)
        cpu = time.process_time()
        days = len(history(own, story, SINCE, SINCE + timedelta(days=365 * years)).days)
        found.append((days, time.process_time() - cpu))
    return found


def by_specifications(names: Sequence[str]) -> list[tuple[int, float]]:
    """(specifications, processor seconds) of a verdict in all ways, each story once, from few to many."""
    engine, _ = desk()
    for name in names:
        engine.score(name)  # the series are read
    found = []
    for name in names:
        own = Engine(engine.store, engine.narratives, engine.anchors)
        cpu = time.process_time()
        asked = own.sensitivity(name)
        found.append((len(asked.specifications), time.process_time() - cpu))
    return sorted(found)


def calibrated(count: int) -> Work:
    """Some trials of calibration, in this process. verdicts: the quiet dates on which a test was ranked."""
    engine, library = desk()
    every = trials(library.live, engine.anchors, library.loud_days, engine.store)
    some = every[:: max(1, len(every) // count)][:count]
    begun, cpu = time.perf_counter(), time.process_time()
    dates = sum(result.get().dates for result in run(some, engine.store))
    return Work(len(some), dates, time.perf_counter() - begun, time.process_time() - cpu)


# -- throughput -------------------------------------------------------------------------------------


def throughput(
    engine: Engine, stories: Sequence[str], who: AbstractContextManager[Crew | None]
) -> Work:
    """Half a year of some stories. seconds: with the start of processes; cpu: of all that took part, Dask's too."""
    blocks = [block for story in stories for block in planned(engine, story, *SPAN)]
    before = os.times()
    with who as crew:
        begun = time.perf_counter()
        verdicts = sum(len(result.get()) for result in run(blocks, engine.store, crew))
        seconds = time.perf_counter() - begun
    while active_children():  # what a child took is known when it has ended
        time.sleep(0.05)
    cpu = sum(b - a for a, b in zip(before[:4], os.times()[:4], strict=True))
    return Work(len(blocks), verdicts, seconds, cpu)


def sizes(engine: Engine, stories: Sequence[str]) -> dict[str, float]:
    """Bytes: of a block as it is sent, of a day as it comes back and as it is kept; and the workers' memory."""
    blocks = [block for story in stories for block in planned(engine, story, *SPAN)]
    values = [result.get() for result in run(blocks, engine.store)]
    days = [day for value in values for day in value]
    return {
        "block sent": median([len(dumps(block)) for block in blocks]),
        "day sent back": len(dumps(values)) / len(days),
        "day kept": sum(len(line_of(day.model_dump(mode="json"))) + 1 for day in days) / len(days),
    }


def memory(engine: Engine, stories: Sequence[str]) -> tuple[float, float]:
    """(bytes of a worker that has opened the store, its most after these stories' half year)."""
    [idle] = run([Peak()], engine.store, processes(1))
    blocks: list[Any] = [b for story in stories for b in planned(engine, story, *SPAN)]
    *_, busy = run([*blocks, Peak()], engine.store, processes(1))
    return float(idle.get()), float(busy.get())


def reading(folder: Path, count: int) -> float:
    """Processor seconds that a story of a large library takes to be read and linted."""
    renamed(folder, count)
    cpu = time.process_time()
    library = read_library(folder)
    return (time.process_time() - cpu) / len(library.narratives)


@contextmanager
def dask(workers: int) -> Iterator[Crew]:
    """A scheduler and workers on this machine alone, a process each."""
    command = [sys.executable, "-m", "dask"]
    here = ["--host", "127.0.0.1", "--no-dashboard"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with tempfile.TemporaryDirectory() as folder:
        named = Path(folder) / "scheduler.json"
        begun = [["scheduler", "--port", "0", "--scheduler-file", str(named)]]
        begun += [
            ["worker", "--scheduler-file", str(named), "--nthreads", "1", "--no-nanny"]
        ] * workers
        every = []
        for arguments in begun:
            every.append(
                subprocess.Popen(
                    [*command, *arguments, *here],
                    cwd=folder,
                    env=environment,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            )
            while not named.exists():
                time.sleep(0.1)
        distributed: Any = import_module("distributed")
        with distributed.Client(scheduler_file=str(named), set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=60)
            address = client.scheduler.address
        try:
            yield cluster(address)
        finally:
            for process in reversed(every):
                process.kill()
                process.wait()


# -- the tables -------------------------------------------------------------------------------------


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table in Markdown."""
    for row in (heads, ["---"] * len(heads), *rows):
        print(f"| {' | '.join(map(str, row))} |")
    print(flush=True)


def growth(names: Sequence[str], since: date) -> None:
    """With stories, dates, and specifications, in processor time."""
    cells = by_stories(since, names)
    print(f"Histories since {since}, in this process:\n")
    table(
        ("stories", "share of the days", "blocks", "verdicts", "processor s", "ms a verdict"),
        [
            (n, f"{s:.0%}", w.blocks, w.verdicts, f"{w.cpu:.1f}", each(w.cpu, w.verdicts))
            for (n, s), w in cells.items()
        ],
    )
    along = [(w.verdicts, w.cpu) for (n, s), w in cells.items() if s == SHARES[-1]]
    dates = [(w.verdicts, w.cpu) for (n, s), w in cells.items() if n == STORIES[-1]]
    print(f"Cost ~ verdicts ^ {slope(along):.2f} with stories, ^ {slope(dates):.2f} with days.\n")

    after = after_the_event(names[3])
    print(f"One history of {names[3]}, not in blocks, its event moved to {SINCE}:\n")
    table(
        ("verdicts", "processor s", "ms a verdict"),
        [(days, f"{cpu:.1f}", each(cpu, days)) for days, cpu in after],
    )
    print(f"Cost ~ verdicts ^ {slope(after):.2f}.\n")

    asked = by_specifications(names)
    table(
        ("specifications", "processor s of a cold verdict", "ms a specification"),
        [
            (n, f"{cpu:.2f}", each(cpu, max(n, 1)))
            for n, cpu in (asked[0], asked[len(asked) // 2], asked[-1])
        ],
    )
    trial = calibrated(TRIALS)
    print(
        f"Calibration: {trial.blocks} tests on {trial.verdicts} quiet dates, {trial.cpu:.1f} processor s, "
        f"{trial.cpu / trial.blocks:.1f} s a test.\n"
    )


def work() -> None:
    """Throughput by who does it, sizes and memory."""
    with tempfile.TemporaryDirectory() as folder:
        a_story = reading(Path(folder) / "narratives", READ)
        engine, library = desk(Path(folder) / "narratives")
        some = copies(list(library.narratives))[:: READ // max(STORIES)]
        crews: dict[str, AbstractContextManager[Crew | None]] = {"this process": nullcontext()}
        for count in (1, 2):
            crews[f"processes: {count}"] = nullcontext(processes(count))
            if find_spec("distributed"):
                crews[f"workers of Dask: {count}"] = dask(count)
        done = {who: throughput(engine, some, crew) for who, crew in crews.items()}
        base = done["this process"].seconds
        print(f"{len(some)} stories from {SPAN[0]} to {SPAN[1]}:\n")
        table(
            ("done by", "blocks", "verdicts", "s", "verdicts a second", "×", "processor s of all"),
            [
                (
                    who,
                    w.blocks,
                    w.verdicts,
                    f"{w.seconds:.1f}",
                    f"{w.verdicts / w.seconds:.1f}",
                    f"{base / w.seconds:.2f}",
                    f"{w.cpu:.1f}",
                )
                for who, w in done.items()
            ],
        )
        told = sizes(engine, some)
        idle, busy = memory(engine, some)
    table(
        ("what", "how much"),
        [
            *((name, f"{value:,.0f} bytes") for name, value in told.items()),
            ("a worker that has opened the store", f"{idle / 1e6:.0f} MB"),
            ("the most that a worker had", f"{busy / 1e6:.0f} MB"),
            ("reading a story", f"{1000 * a_story:.1f} ms"),
        ],
    )


def each(cpu: float, count: float) -> str:
    """Milliseconds for one of so many."""
    return f"{1000 * cpu / count:.1f}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scaling", description=__doc__)
    parser.add_argument("part", nargs="?", choices=("growth", "work"), help="one half alone")
    part = parser.parse_args().part
    print(f"{machine.words()}\n")
    if part != "work":
        growth([n.id for n in desk()[1].live], SINCE)
    if part != "growth":
        work()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
