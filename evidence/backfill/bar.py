"""How far a run is, as a line on stderr where that is a terminal; elsewhere only what went wrong."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import typer

from evidence.backfill.running import Watch
from evidence.telling import counted


@contextmanager
def bar(label: str, count: int) -> Iterator[Watch]:
    """Watches a run of so many blocks."""
    out = sys.stderr

    def again(names: Sequence[str]) -> None:
        if names:
            typer.echo(f"a worker died; {counted(len(names), 'block')} begun again", file=out)

    if not out.isatty():
        yield Watch(again=again)
        return
    with typer.progressbar(length=count, label=label, file=out, show_pos=True) as shown:
        yield Watch(done=lambda _: shown.update(1), again=again)
