"""The app's verdicts as JSON: the documents that `python -m evidence score --json` prints."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from threading import Lock

from anyio import CapacityLimiter, to_thread
from cachetools import LRUCache
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

import evidence
from briefs.address import LATEST
from briefs.desk import Desk
from evidence.commands import printed
from evidence.commands.score import told
from evidence.observations import SnapshotFault
from evidence.problems import nearest
from hosting.documents import Document, Refusal, known, tag

AT_ONCE = 2
"""Documents made at a time: the processors are there for readers first."""
WAITING = 16
"""Requests that may wait for that; the next one is asked to come again."""
KEPT = 32
"""Documents kept, of 300 kB at most: the newest day's, and those that are asked for again."""
FORM = "as_of takes one date of the form 2025-06-20, or latest."
"""What is said of any other."""


class Twins:
    """Makes the documents in threads, a few at a time, and keeps the last of them."""

    def __init__(self, desk: Callable[[], Desk]) -> None:
        self.desk = desk
        self.routes = [
            Route("/api/verdicts.json", self.verdicts),
            Route("/api/story/{story}.json", self.story),
        ]
        self._turns = CapacityLimiter(AT_ONCE)
        self._of: Desk | None = None
        self._kept: LRUCache[tuple[str, date], Document] = LRUCache(KEPT)
        self._lock = Lock()

    async def verdicts(self, request: Request) -> Response:
        """All live stories."""
        return await self._answer(request, "")

    async def story(self, request: Request) -> Response:
        """One story, by its id or a former one."""
        return await self._answer(request, request.path_params["story"])

    async def _answer(self, request: Request, story: str) -> Response:
        try:
            day = asked_day(request.query_params.getlist("as_of"))
            made = await self._in_turn(story, day, known(request))
        except Refusal as refusal:
            return refusal.answer()
        return made.answer(request, "application/json")

    async def _in_turn(self, story: str, day: date | None, has: frozenset[str]) -> Document:
        if self._turns.statistics().tasks_waiting >= WAITING:
            raise Refusal(503, "Many are asking at once. Ask again in a second.")
        return await to_thread.run_sync(self._document, story, day, has, limiter=self._turns)

    def _document(self, story: str, day: date | None, has: frozenset[str]) -> Document:
        """A document, without its text where the asking side has it: then nothing is scored."""
        try:
            desk = self.desk()
            asked = [_id(desk, story)] if story else [n.id for n in desk.library.live]
            when = min(max(day or desk.newest, desk.oldest), desk.newest)
            kept = self._recall(desk, key := (asked[0] if story else "", when))
            if kept is not None:
                return kept
            named = tag_of(desk, asked, when)
            if named in has:
                return Document(named)
            made = Document(named, printed(told(desk.engine, asked, when)).encode())
        except SnapshotFault as fault:
            raise Refusal(503, f"The data cannot be read: {fault}.") from fault
        with self._lock:
            if desk is self._of:
                self._kept[key] = made
        return made

    def _recall(self, desk: Desk, key: tuple[str, date]) -> Document | None:
        """What is kept; nothing of a desk that is no longer the one."""
        with self._lock:
            if desk is not self._of:
                self._of = desk
                self._kept.clear()
            return self._kept.get(key)


def asked_day(given: Sequence[str]) -> date | None:
    """The day that a query asks for; None is the newest. A day without data stands for the nearest that has some."""
    if len(given) > 1:
        raise Refusal(400, FORM)
    if not given or given[0] == LATEST:
        return None
    try:
        day = date.fromisoformat(given[0])
    except ValueError:
        raise Refusal(400, FORM) from None
    if day.isoformat() != given[0]:
        raise Refusal(400, FORM)
    return day


def tag_of(desk: Desk, asked: Sequence[str], when: date) -> str:
    """A document's tag: all that it is a function of, each story by the identity of its verdict."""
    identities = [desk.engine.identity_of(name, when) for name in asked]
    rests_on = [_code(), desk.store.hash, str(desk.snapshot), when.isoformat()]
    return tag("\n".join([*rests_on, *asked, *identities]))


@cache
def _code() -> str:
    """The engine's files in short: another sentence is another document, also where no verdict has moved."""
    home = Path(evidence.__file__).parent
    return sha256(b"".join(path.read_bytes() for path in sorted(home.rglob("*.py")))).hexdigest()


def _id(desk: Desk, given: str) -> str:
    name = desk.was.get(given, given)
    if name in desk.stories:
        return name
    near = nearest(given, desk.stories).strip("`")
    raise Refusal(404, "There is no story of this id.", **({"did_you_mean": near} if near else {}))
