"""Blocks done by any `concurrent.futures.Executor`, and their results in the order of the blocks.

A worker may die: it is killed, or a block takes all memory. What had not come back is done again, first
with the others; a block that was lost twice is done alone, so that one which kills its workers is told from
those that were beside it. Lost a third time, it is named and given up, and the rest goes on.
"""

import traceback
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    wait,
)
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from evidence.backfill.ground import Ground
from evidence.observations import Store

ALONE, GIVEN_UP = 2, 3
"""How often a block has been lost when it is done alone, and when it is given up."""
IN_VAIN = 3
"""Blocks given up in a row, none done between: the workers themselves are at fault, and the run ends."""
AHEAD = 8
"""Results that are kept for blocks before them that are not done, in multiples of the blocks under way."""
PATIENCE = 60.0
"""Seconds without a result after which the crew is asked whether anybody is left."""

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Block(Protocol[T_co]):
    """A piece of work that can be pickled. The same block on the same ground gives the same value."""

    @property
    def name(self) -> str:
        """What it is called where it is told of."""

    def work(self, store: Store) -> T_co:
        """Does it. What it raises is told as its fault."""


class Lost(Exception):
    """The workers cannot do the work: there are none, or they die whatever they are given."""


class BlockFault(Exception):
    """A block that could not be done, and why."""


def _shut(executor: Executor) -> None:
    executor.shutdown(wait=False, cancel_futures=True)


def _leave(_: object) -> None:
    """Nothing is to be done."""


@dataclass(frozen=True)
class Crew:
    """Who does the work.

    make: gives the executor, anew after each time that it broke. abreast: how many blocks are under way
    at a time. lost: what a future raises, beside BrokenExecutor, whose worker died. left: how many workers
    there are, where it can be known. close: puts an executor away.
    """

    make: Callable[[], Executor]
    abreast: int
    lost: tuple[type[Exception], ...] = ()
    left: Callable[[], int] | None = None
    close: Callable[[Executor], None] = _shut

    @classmethod
    def of(cls, executor: Executor, abreast: int = 4) -> "Crew":
        """An executor that somebody else made and will close; once broken it stays so."""
        return cls(lambda: executor, abreast, close=_leave)


@dataclass(frozen=True)
class Watch:
    """Who is told of a run while it goes on: of each block that is done or given up, and of those done again."""

    done: Callable[[str], None] = _leave
    again: Callable[[Sequence[str]], None] = _leave


NOBODY = Watch()


@dataclass(frozen=True)
class Result(Generic[T]):
    """What came of a block: its value, or a fault in words."""

    block: Block[T]
    value: T | None = None
    fault: str = ""

    def get(self) -> T:
        """The value. Raises BlockFault where there is none."""
        if self.fault:
            raise BlockFault(f"{self.block.name}: {self.fault}")
        assert self.value is not None
        return self.value


@dataclass(frozen=True)
class _Done(Generic[T]):
    """What a worker sends back; damaged: the files that it had to leave out so far."""

    value: T | None
    fault: str
    damaged: dict[str, str]


def run(
    blocks: Iterable[Block[T]],
    store: Store,
    crew: Crew | Executor | None = None,
    watch: Watch = NOBODY,
) -> Iterator[Result[T]]:
    """The result of each block, in the order of the blocks, whoever finishes when; without a crew, one by one here.

    What workers found damaged is added to `store.damaged`. Raises GroundFault where a worker reads other
    code or data than this process, and Lost where no worker is left or none stays alive.
    """
    if crew is None:
        yield from _here(blocks, store, watch)
        return
    going = _Run(list(blocks), store, _crew(crew), watch, given=0)
    held: dict[int, Result[T]] = {}
    for index, result in going.results():
        held[index] = result
        while going.given in held:
            following = held.pop(going.given)
            going.given += 1
            yield following


def as_done(
    blocks: Iterable[Block[T]],
    store: Store,
    crew: Crew | Executor | None = None,
    watch: Watch = NOBODY,
) -> Iterator[Result[T]]:
    """As `run`, in the order in which the blocks are done: for who keeps each by its name."""
    if crew is None:
        yield from _here(blocks, store, watch)
        return
    for _, result in _Run(list(blocks), store, _crew(crew), watch).results():
        yield result


def _crew(given: Crew | Executor) -> Crew:
    return given if isinstance(given, Crew) else Crew.of(given)


def _here(blocks: Iterable[Block[T]], store: Store, watch: Watch) -> Iterator[Result[T]]:
    for block in blocks:
        done = _work(block, store)
        watch.done(block.name)
        yield Result(block, done.value, done.fault)


def _do(ground: Ground, block: Block[T]) -> _Done[T]:
    """What a worker does."""
    return _work(block, ground.store())


def _work(block: Block[T], store: Store) -> _Done[T]:
    try:
        return _Done(block.work(store), "", dict(store.damaged))
    except Exception as fault:  # noqa: BLE001 - one story's fault is told, and does not end the others' work
        return _Done(None, _told(fault), dict(store.damaged))


def _told(fault: Exception) -> str:
    """A fault in words, and the line that raised it."""
    at = traceback.extract_tb(fault.__traceback__)[-1]
    words = " ".join("".join(traceback.format_exception_only(fault)).split())
    return f"{words} ({Path(at.filename).name}, line {at.lineno})"


@dataclass
class _Run(Generic[T]):
    """A run under way. Blocks are known by their place in the order.

    given: how many results were passed on in order; None where the order does not matter.
    """

    blocks: Sequence[Block[T]]
    store: Store
    crew: Crew
    watch: Watch
    given: int | None = None
    waiting: deque[int] = field(init=False)
    alone: deque[int] = field(default_factory=deque)
    flying: dict[Future[_Done[T]], int] = field(default_factory=dict)
    done: dict[int, Result[T]] = field(default_factory=dict)
    losses: Counter[int] = field(default_factory=Counter)
    in_vain: int = 0
    executor: Executor | None = None

    def __post_init__(self) -> None:
        """All blocks wait; the executor is made when the first is sent."""
        self.waiting = deque(range(len(self.blocks)))
        self.ground = Ground.of(self.store)

    def results(self) -> Iterator[tuple[int, Result[T]]]:
        """Each place and its result, as they come. What is under way when nobody asks any more is called off."""
        try:
            while self.waiting or self.alone or self.flying or self.done:
                while self.done:
                    yield self.done.popitem()
                self._send()
                self._receive()
        finally:
            for future in self.flying:
                future.cancel()
            if self.executor is not None:
                self.crew.close(self.executor)

    def _send(self) -> None:
        """Fills the crew's hands; a block that was lost twice goes when nothing else is under way."""
        if self.alone:
            if not self.flying:
                self._submit(self.alone.popleft())
            return
        ahead = len(self.blocks) if self.given is None else self.given + AHEAD * self.crew.abreast
        while self.waiting and len(self.flying) < self.crew.abreast and self.waiting[0] < ahead:
            if not self._submit(self.waiting.popleft()):
                return

    def _submit(self, index: int) -> bool:
        """Sends a block. Where the executor turns out to be broken, it and all under way are lost."""
        self.executor = self.executor or self.crew.make()
        try:
            future = self.executor.submit(_do, self.ground, self.blocks[index])
        except BrokenExecutor:
            self._lost([index], broken=True)
            return False
        self.flying[future] = index
        return True

    def _receive(self) -> None:
        """Takes what has come back; what was lost will be done again."""
        if not self.flying:
            return
        came, _ = wait(self.flying, timeout=PATIENCE, return_when=FIRST_COMPLETED)
        if not came and self.crew.left is not None and self.crew.left() == 0:
            raise Lost("no worker is left; start some, and begin again")
        lost, broken = [], False
        for future in came:
            index = self.flying.pop(future)
            try:
                self._finish(index, future.result())
            except BrokenExecutor:
                lost.append(index)
                broken = True
            except self.crew.lost:
                lost.append(index)
            except CancelledError:
                raise Lost("the work was called off, or the scheduler is gone") from None
        if lost:
            self._lost(lost, broken=broken)

    def _finish(self, index: int, found: _Done[T]) -> None:
        block = self.blocks[index]
        self.store.damaged.update(found.damaged)
        self.done[index] = Result(block, found.value, found.fault)
        self.in_vain = 0
        self.watch.done(block.name)

    def _lost(self, indexes: Sequence[int], *, broken: bool) -> None:
        """Blocks whose worker died: again, alone, or given up. A broken executor takes all under way with it."""
        every = list(indexes)
        if broken and self.executor is not None:
            every += self.flying.values()
            self.flying.clear()
            self.crew.close(self.executor)
            self.executor = None
        self.losses.update(every)
        again = [i for i in sorted(every) if self.losses[i] < GIVEN_UP]
        self.waiting.extendleft(reversed([i for i in again if self.losses[i] < ALONE]))
        self.alone.extend(i for i in again if self.losses[i] >= ALONE)
        self.watch.again([self.blocks[i].name for i in again])
        for index in sorted(set(every) - set(again)):
            self._give_up(index)

    def _give_up(self, index: int) -> None:
        block = self.blocks[index]
        self.done[index] = Result(block, fault=f"its worker died {self.losses[index]} times")
        self.in_vain += 1
        if self.in_vain >= IN_VAIN:
            raise Lost(f"workers die whatever they are given, the last time of {block.name}")
        self.watch.done(block.name)
