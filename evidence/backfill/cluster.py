"""Workers of a Dask cluster, on as many machines as it has. The only file that knows Dask, which is optional.

Every worker needs this project's folder as its working directory (or on its PYTHONPATH), the same code and
the same snapshot. One thread a worker: Python does not get quicker by more.
"""

from concurrent.futures import Executor
from importlib import import_module
from typing import Any

from evidence.backfill.processes import IN_HAND
from evidence.backfill.running import Crew, Lost

TIMEOUT = 20.0
"""Seconds in which the scheduler has to answer."""


def cluster(address: str) -> Crew:
    """The workers of the scheduler at an address such as `tcp://10.0.0.5:8786`. Raises Lost where there are none.

    Dask itself gives a block whose worker died to another one, three times; after that it counts as lost here.
    """
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        raise Lost(
            "Dask is not installed; `pip install -r requirements-cluster.txt` does it"
        ) from None
    try:
        client = distributed.Client(address, timeout=TIMEOUT, set_as_default=False)
    except (OSError, ValueError) as fault:
        raise Lost(f"no Dask scheduler answers at {address}: {fault}") from None

    def threads() -> int:
        return sum(client.ncores().values())

    def close(executor: Executor) -> None:
        executor.shutdown(wait=False)
        client.close()

    if not threads():
        client.close()
        raise Lost(f"the Dask scheduler at {address} has no worker")
    return Crew(
        lambda: client.get_executor(pure=False),
        abreast=IN_HAND * threads(),
        lost=(distributed.KilledWorker,),
        left=threads,
        close=close,
    )
