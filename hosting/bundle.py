"""Streamlit's own scripts and styles, compressed once.

Streamlit compresses all but its bundle, since 3.75 MB for each visitor cost more than they save. The bundle's files
carry their digest in their names, so once is enough for all visitors: 1.43 MB of memory.
"""

from collections.abc import MutableMapping

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FOLDER = "/static/"
MOST = 512
"""Files that are kept: more than the bundle has. Odd spellings of a path cannot fill the memory."""


class Bundle:
    """Keeps the bundle as it was compressed for the first who asked."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.compressed = GZipMiddleware(app)
        self.kept: MutableMapping[str, list[Message]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _lasting(scope):
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        if path in self.kept:
            for message in self.kept[path]:
                await send(message)
            return
        said: list[Message] = []

        async def answer(message: Message) -> None:
            said.append(message)
            await send(message)

        await self.compressed(scope, receive, answer)
        if said and _is_for_ever(said[0]) and len(self.kept) < MOST:
            self.kept[path] = said


def _is_for_ever(start: Message) -> bool:
    """Whether this is a file of the bundle. For any other path Streamlit answers with its page."""
    said = Headers(raw=start["headers"]).get("cache-control", "")
    return start["status"] == 200 and "immutable" in said


def _lasting(scope: Scope) -> bool:
    """Whether a request asks for a whole compressed file of the bundle."""
    if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(FOLDER):
        return False
    asked = Headers(scope=scope)
    special = {"range", "if-none-match", "if-modified-since", "if-range"} & set(asked.keys())
    return not special and "gzip" in asked.get("accept-encoding", "")
