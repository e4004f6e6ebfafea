"""Stops what is written at a chosen step, as a kill would: that step and all after it do not happen."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest


class Stopped(BaseException):
    """Nothing is written after this, not even by what tidies up."""


class Steps:
    """Counts what is written, and stops before step `at` (never, where it is None)."""

    def __init__(self, at: int | None = None) -> None:
        self.at, self.taken, self.stopped = at, 0, False

    def take(self) -> None:
        self.stopped = self.stopped or self.taken == self.at
        if self.stopped:
            raise Stopped
        self.taken += 1


@contextmanager
def counted(at: int | None = None) -> Iterator[Steps]:
    """Opening a file to write, its way to the disk, renames, removals: each is a step."""
    steps = Steps(at)
    opened, synced = Path.open, os.fsync

    def open_(path: Path, mode: str = "r", *more: Any, **named: Any) -> Any:
        if set(mode) & set("wax+"):
            steps.take()
        return opened(path, mode, *more, **named)

    def fsync(fileno: int) -> None:
        try:
            steps.take()
        except Stopped:
            os.ftruncate(fileno, os.fstat(fileno).st_size // 2)  # half of it had come to the disk
            raise
        synced(fileno)

    def step(function: Callable[..., Any]) -> Callable[..., Any]:
        def taken(*given: Any, **named: Any) -> Any:
            steps.take()
            return function(*given, **named)

        return taken

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "open", open_)
        patch.setattr(Path, "replace", step(Path.replace))
        patch.setattr(Path, "unlink", step(Path.unlink))
        patch.setattr(os, "rename", step(os.rename))
        patch.setattr(os, "fsync", fsync)
        patch.setattr(shutil, "rmtree", step(shutil.rmtree))
        yield steps


def stop_at(step: int, act: Callable[[], object]) -> bool:
    """Whether `act` was stopped at that step, or came to its end before."""
    with counted(step) as steps:
        try:
            act()
        except Stopped:
            return True
    assert not steps.stopped, "it went on after it was stopped"
    return False


def everything(folder: Path, *, hidden: bool = True) -> dict[str, bytes]:
    """All files of a folder but the lock, by name; without `hidden`, none below a name with a dot."""
    found = {}
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if (
            path.is_file()
            and parts != (".lock",)
            and (hidden or not any(p[0] == "." for p in parts))
        ):
            found["/".join(parts)] = path.read_bytes()
    return found
