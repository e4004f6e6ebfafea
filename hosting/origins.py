"""Whose pages may open the app's websocket: the app's own."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

LOCAL = ("localhost", "127.0.0.1", "0.0.0.0")  # noqa: S104  (compared with, not listened on)
"""Which Streamlit takes too: somebody's own machine."""
REFUSED = 1008


class Origins:
    """Refuses a websocket that another site's page opens, before Streamlit sees it.

    Streamlit would refuse it as well, but only after it had asked a server on the internet for the address of this
    machine, each time anew and on the loop that serves everybody: a second or two for each try where that server is not
    to be reached. Browsers name the origin; who names none is no browser.

    allowed: `server.corsAllowedOrigins`.
    """

    def __init__(self, app: ASGIApp, allowed: Sequence[str]) -> None:
        self.app = app
        self.allowed = frozenset(urlsplit(origin).hostname for origin in allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and not self._own(Headers(scope=scope)):
            await receive()
            await send({"type": "websocket.close", "code": REFUSED})
            return
        await self.app(scope, receive, send)

    def _own(self, asked: Headers) -> bool:
        origin = asked.get("origin")
        if origin is None:
            return True
        try:
            there = urlsplit(origin)
            return (
                there.netloc == asked.get("host")
                or there.hostname in LOCAL
                or there.hostname in self.allowed
            )
        except ValueError:  # no address at all
            return False
