"""A cold `score` beside `import pandas`: what a process costs that is started for one verdict."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

from benchmarks import servers
from benchmarks.figures import median
from benchmarks.table import Row, show

TIMES = 9
SCORE = ("-m", "evidence", "score", "foreign-governments-retaliated")
PANDAS = ("-c", "import pandas")


@dataclass(frozen=True)
class Cost:
    """Milliseconds of one process: by the clock, and of the processor."""

    wall: float
    processor: float


def run(arguments: tuple[str, ...], environment: dict[str, str]) -> Cost:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, *arguments],
        cwd=servers.ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    wall = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(1000 * wall, 1000 * used)


def rows(times: int = TIMES) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="measured-") as folder:
        # both sides read their byte code from one place, which a first run fills: that of installed
        # packages would be there, and that of the project's own modules perhaps not
        settings = servers.environment(PYTHONPYCACHEPREFIX=folder)
        settings.pop("PYTHONDONTWRITEBYTECODE", None)
        costs: dict[tuple[str, ...], list[Cost]] = {SCORE: [], PANDAS: []}
        for arguments in costs:
            run(arguments, settings)
        for number in range(times):
            for arguments in (SCORE, PANDAS) if number % 2 else (PANDAS, SCORE):
                costs[arguments].append(run(arguments, settings))
    ours, peer = costs[SCORE], costs[PANDAS]
    wall, floor = median([c.wall for c in ours]), median([c.wall for c in peer])
    return [
        Row("cold score of one story, processor time", median([c.processor for c in ours]),
            median([c.processor for c in peer]), "import pandas", goal=1.5, least=2.5,
            note=f"by the clock {wall:.0f} and {floor:.0f} ms, {wall / floor:.2f} ×"),
    ]  # fmt: skip


def main() -> int:
    return show(rows())


if __name__ == "__main__":
    raise SystemExit(main())
