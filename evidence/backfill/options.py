"""Where the work of a heavy command is done: one pair of options, the same for all of them.

Loads nothing of the engine, since every command file is read when any command runs.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from evidence.backfill.running import Crew

Workers = Annotated[
    int | None,
    typer.Option("--workers", min=1, help="Processes that share the work.", show_default=False),
]
Cluster = Annotated[
    str | None,
    typer.Option(
        "--cluster", help="A Dask scheduler whose workers do it, such as tcp://10.0.0.5:8786."
    ),
]


@contextmanager
def hands(workers: int | None, cluster: str | None) -> Iterator["Crew | None"]:
    """Who does the work: a cluster, processes, or (None) this process alone.

    A crew that cannot work, and a block that could not be done, are a sentence on stderr and exit status 1;
    both options at once are wrong use.
    """
    from evidence.backfill.ground import GroundFault  # noqa: PLC0415 - as above
    from evidence.backfill.running import BlockFault, Lost  # noqa: PLC0415
    from evidence.commands import wrong  # noqa: PLC0415

    if workers is not None and cluster is not None:
        wrong("--workers, --cluster: one of them says who does the work")
    try:
        if cluster is not None:
            from evidence.backfill.cluster import cluster as dask  # noqa: PLC0415

            yield dask(cluster)
        elif workers is not None and workers > 1:
            from evidence.backfill.processes import processes  # noqa: PLC0415

            yield processes(workers)
        else:
            yield None
    except (BlockFault, GroundFault, Lost) as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(1) from None
