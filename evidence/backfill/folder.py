"""What a backfill has made, in a folder: one file of JSON lines for each story, and the table of calibration.

A block's lines are written to `parts/` when it is done: aside, on disk, then under its name. When the last
block of a story is there its file is put together and its parts go; a row of calibration keeps its own. So
a backfill that was stopped at any moment goes on where it was. Every file says in its first line for which
work on which data and code it is, and what the rest of it hashes to; one that says something else is made
again.
"""

import hashlib
import json
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidence.backfill.blocks import Span, Tale
from evidence.backfill.ground import Ground
from evidence.calibration import Table, Trial
from evidence.transaction import write_whole

STORIES, PARTS, TRIALS = "stories", "parts", "calibration"


def key_of(*what: str) -> str:
    """sha256 over some texts, told apart."""
    return hashlib.sha256(json.dumps(what).encode()).hexdigest()


@dataclass(frozen=True)
class Folder:
    """The folder of a backfill on a ground."""

    path: Path
    ground: Ground

    def part(self, block: Span | Trial) -> "File":
        """The file of a block."""
        if isinstance(block, Span):
            return File(self._parts(block.tale) / f"{block.first}.jsonl", self._span(block))
        asked = (block.key, *block.tests, str(block.anchor), *map(str, block.avoid))
        return File(self.path / TRIALS / f"{block.key}.jsonl", key_of(self.ground.mark, *asked))

    def story(self, blocks: Sequence[Span]) -> "File":
        """The file of a story: of all its blocks, in order."""
        tale = blocks[0].tale
        return File(
            self.path / STORIES / f"{tale.story.id}.jsonl", key_of(*map(self._span, blocks))
        )

    def finish(self, blocks: Sequence[Span]) -> int:
        """Puts a story's file together from its parts, all of which are there; the number of its lines."""
        whole = [line for block in blocks for line in self.part(block).lines() or ()]
        tale = blocks[0].tale
        about = {
            "id": tale.story.id,
            "title": tale.story.title,
            "from": blocks[0].first.isoformat(),
            "to": blocks[-1].last.isoformat(),
        }
        self.story(blocks).write(whole, about)
        shutil.rmtree(self._parts(tale), ignore_errors=True)
        return len(whole)

    def keep(self, table: Table) -> None:
        """Writes the table of calibration, byte for byte as `calibrate --json` prints it."""
        write_whole(
            self.path / f"{TRIALS}.json",
            json.dumps(table.model_dump(mode="json"), indent=1, ensure_ascii=False, allow_nan=False)
            + "\n",
        )

    def _parts(self, tale: Tale) -> Path:
        return self.path / PARTS / tale.story.id

    def _span(self, block: Span) -> str:
        days = (block.begin, block.first, block.last)
        return key_of(self.ground.mark, block.tale.mark, *map(str, days))


@dataclass(frozen=True)
class File:
    """A file of JSON lines under a key. The first line is its head: the key, the number and hash of the others."""

    path: Path
    key: str

    def lines(self) -> tuple[str, ...] | None:
        """The lines below the head; None where there is no whole file of this key."""
        try:
            head, _, body = self.path.read_bytes().partition(b"\n")
            told = json.loads(head)
        except (OSError, ValueError):
            return None
        hashed = hashlib.sha256(body).hexdigest()
        if not isinstance(told, dict) or (told.get("key"), told.get("sha256")) != (
            self.key,
            hashed,
        ):
            return None
        return tuple(body.decode("utf-8").split("\n")[:-1])

    def write(self, lines: Iterable[str], about: dict[str, Any] | None = None) -> None:
        """Writes the file at once. about: what its head says besides."""
        kept = tuple(lines)
        body = "".join(f"{line}\n" for line in kept)
        head = {
            **(about or {}),
            "lines": len(kept),
            "key": self.key,
            "sha256": hashlib.sha256(body.encode()).hexdigest(),
        }
        write_whole(self.path, f"{line_of(head)}\n{body}")


def line_of(document: Any) -> str:
    """A document on one line, the same bytes for the same content."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
