"""What every block stands on: the code and the data that a worker has to have as whoever sent the block has them.

A worker opens the snapshot once and keeps it. One that would read something else refuses to work, because
its verdicts would be others.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from evidence.observations import SNAPSHOT, SnapshotFault, Store

HOME = Path(__file__).resolve().parent.parent
READ = (".py", ".yaml", ".json", ".csv")
"""Endings of the files that the engine is made of; the snapshot has a manifest of its own."""


class GroundFault(Exception):
    """A worker has other code or data than whoever sent the block, or cannot read them."""


@dataclass(frozen=True)
class Ground:
    """A snapshot's folder (None: the worker's own), the private store's, and a sha256 over what they and the code hold."""

    snapshot: Path | None
    private: Path | None
    mark: str

    @classmethod
    def of(cls, store: Store) -> "Ground":
        """The ground of a store that is open here. A worker elsewhere reads its own copy of the usual snapshot."""
        own = store.folder.resolve() == SNAPSHOT.resolve()
        private = store.private if store.brought or store.private_fault else None
        return cls(None if own else store.folder.resolve(), private, _mark(store))

    def store(self) -> Store:
        """The store, opened once for a process. Raises GroundFault where it is not the one that was meant."""
        if self not in _OPEN:
            try:
                found = Store(self.snapshot or SNAPSHOT, private=self.private)
            except SnapshotFault as fault:
                raise GroundFault(f"a worker cannot read the snapshot: {fault}") from None
            if _mark(found) != self.mark:
                raise GroundFault(
                    "a worker has another version of the code or of the data; "
                    "put the same on every machine, and start the workers anew"
                )
            _OPEN.clear()
            _OPEN[self] = found
        return _OPEN[self]


_OPEN: dict[Ground, Store] = {}
"""The one store that this process works on."""


def _mark(store: Store) -> str:
    whole = hashlib.sha256(f"{_code()} {store.hash}".encode())
    if store.brought and store.private is not None:
        whole.update((store.private / "manifest.json").read_bytes())
    return whole.hexdigest()


@cache
def _code() -> str:
    """sha256 over the engine's own files, the catalogue and the table of calibration among them."""
    whole = hashlib.sha256()
    every = (p for p in HOME.rglob("*") if p.suffix in READ and "snapshot" not in p.parts)
    for path in sorted(every, key=lambda p: p.relative_to(HOME).as_posix()):
        whole.update(path.relative_to(HOME).as_posix().encode())
        whole.update(path.read_bytes())
    return whole.hexdigest()
