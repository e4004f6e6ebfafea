"""The feed of what changed, as the night wrote it; one without entries before the first night."""

from collections.abc import Callable
from pathlib import Path

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from briefs.desk import Desk
from evidence.diff import Difference, Side, atom
from evidence.observations import SnapshotFault
from hosting.documents import Document, Refusal, tag
from hosting.night import rolled


class Feed:
    """The file, whose place the nightly work knows too."""

    def __init__(self, desk: Callable[[], Desk], path: Path) -> None:
        self.desk = desk
        self.path = path
        self.routes = [Route("/api/changes.atom", self.answer)]

    async def answer(self, request: Request) -> Response:
        """The feed with a tag."""
        try:
            text = await to_thread.run_sync(self._text)
        except SnapshotFault as fault:
            return Refusal(503, f"The data cannot be read: {fault}.").answer()
        return Document(tag(text), text).answer(request, "application/atom+xml")

    def _text(self) -> bytes:
        try:
            found = self.path.read_bytes()
        except OSError:
            found = b""
        return found or self._empty().encode()

    def _empty(self) -> str:
        found = self.desk()
        side = Side(as_of=found.newest, snapshot_n=found.snapshot)
        nothing = Difference(old=side, new=side, observations=(), releases=(), verdicts=())
        return rolled("", atom(nothing))
