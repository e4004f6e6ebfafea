"""python -m benchmarks [names …] [--write]: the table of all that is measured, or of what is named."""

from __future__ import annotations

import argparse
import importlib
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack

from benchmarks import machine, servers
from benchmarks.table import Row, show

# Memory first: later rows leave more in the server than its visitors need.
SERVED = ("memory", "first_visit", "move", "crowd")
ALONE = ("cold_score", "placebo_scan", "warm_score", "growth", "refresh", "papers")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join((*ALONE, *SERVED)))
    parser.add_argument(
        "--write", action="store_true", help="keep the rows in benchmarks/results.json"
    )
    arguments = parser.parse_args()
    unknown = set(arguments.names) - {*ALONE, *SERVED}
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    # a server must not outlive what started it
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    begun = time.perf_counter()
    rows = list(measured(arguments.names or [*ALONE, *SERVED]))
    status = show(rows, f"{machine.words()}; {time.perf_counter() - begun:.0f} s")
    if arguments.write:
        machine.write(rows)
    return status


def measured(names: list[str]) -> Iterator[Row]:
    with ExitStack() as stack:
        for name in sorted(names, key=[*ALONE, *SERVED].index):
            if name in SERVED and not servers.running():
                stack.enter_context(servers.held())
            print(f"{name} …", file=sys.stderr, flush=True)
            yield from importlib.import_module(f"benchmarks.{name}").rows()


if __name__ == "__main__":
    raise SystemExit(main())
