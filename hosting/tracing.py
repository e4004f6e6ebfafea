"""A name for each request, and word of it to whoever listens once it has ended.

What is told names no visitor: no address, no cookie, no browser, and of a query nothing but the story.
"""

import re
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from walkthrough.runs import TRACE

Sort = Literal["page", "api", "session", "file", "upkeep"]
FILES = ("/static/", "/app/static/", "/component/", "/media/", "/_stcore/upload_file/")
LONGEST = 120
SWITCHING, REFUSED, BROKEN = 101, 403, 500
_TRACE = re.compile(r"^[0-9a-f]{8,32}$")
_STORY = re.compile(r"^[a-z0-9][a-z0-9-]{0,63}$")
_OWN = re.compile(r"^(/(?:media|_stcore/upload_file))/.+$")
"""Paths that name a visitor's session or what was made for it."""


@dataclass(frozen=True)
class Request:
    """A request that has ended; a session is one from its handshake to its end."""

    sort: Sort
    method: str
    path: str
    story: str
    status: int
    seconds: float
    trace: str


def sort_of(path: str) -> Sort:
    """What kind of thing a path is."""
    if path.endswith("/_stcore/stream"):
        return "session"
    if path.startswith("/api/"):
        return "api"
    if path.startswith(FILES):
        return "file"
    return "upkeep" if path in ("/health", "/metrics") or "/_stcore/" in path else "page"


def shown(path: str) -> str:
    """A path as it may be told."""
    told = _OWN.sub(r"\1/…", path)
    return told if len(told) <= LONGEST else told[: LONGEST - 1] + "…"


def story_of(scope: Scope) -> str:
    """The story that a request is about, where it names one as stories are named."""
    path = re.fullmatch(r"/api/story/(.+)\.json", scope["path"])
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("story", [""])
    name = path[1] if path else asked[0]
    return name if _STORY.match(name) else ""


class Tracing:
    """Names each request, or takes the proxy's name for it; sends the name back; tells when it has ended."""

    def __init__(
        self,
        app: ASGIApp,
        listeners: Sequence[Callable[[Request], None]] = (),
        moves: Callable[[int], None] = lambda _: None,
    ) -> None:
        self.app = app
        self.listeners = listeners
        self.moves = moves

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get(TRACE, "")
        trace = given if _TRACE.match(given) else secrets.token_hex(8)
        scope = {**scope, "headers": [*scope["headers"]]}
        MutableHeaders(scope=scope)[TRACE] = trace  # the script reads it in `st.context.headers`
        began, status, open_ = time.perf_counter(), 0, False

        async def answer(message: Message) -> None:
            nonlocal status, open_
            kind = message["type"]
            if kind in ("http.response.start", "websocket.http.response.start"):
                status = message["status"]
                MutableHeaders(scope=message)[TRACE] = trace
            elif kind == "websocket.accept":
                status, open_ = SWITCHING, True
                self.moves(1)
            elif kind == "websocket.close":
                status = status or REFUSED
            await send(message)

        try:
            await self.app(scope, receive, answer)
        finally:
            if open_:
                self.moves(-1)
            ended = Request(
                sort=sort_of(scope["path"]),
                method=scope.get("method", "GET"),
                path=shown(scope["path"]),
                story=story_of(scope),
                status=status or BROKEN,
                seconds=time.perf_counter() - began,
                trace=trace,
            )
            for listener in self.listeners:
                listener(ended)
