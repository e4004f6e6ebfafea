"""The app as others are served it: `uvicorn hosting.asgi:app`.

One worker: sessions live in its memory. More of them stand beside one another behind the proxy (docs/hosting.md).
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from anyio import to_thread
from starlette.middleware import Middleware

from briefs.settings import settings
from evidence.observations import SNAPSHOT
from hosting import journal, options
from hosting.addresses import addresses
from hosting.bundle import Bundle
from hosting.headers import Headers, headers
from hosting.health import Warmth
from hosting.meters import Meters, Nearby
from hosting.origins import Origins
from hosting.page import page, pages
from hosting.tracing import Tracing
from walkthrough import runs, shell
from walkthrough.desk import desk
from walkthrough.house import places

ROOT = Path(__file__).resolve().parent.parent
STATIC = Path(st.__file__).with_name("static")
FEED = Path(os.environ.get("FLOWCHECK_FEED", ROOT / "static" / "changes.atom"))

journal.alone()
chosen = options.read(os.environ)
warmth = Warmth(desk, journal.tell)
shown = page(
    STATIC, ROOT / ".streamlit" / "config.toml", st.get_option("client.allowedOrigins"), shell.LOOK
)
meters = Meters(desk, SNAPSHOT, lambda: warmth.seconds is not None)


@asynccontextmanager
async def life(_: st.App) -> AsyncIterator[None]:
    """Warms up beside the first visitors, or before them."""
    listeners = [journal.run, meters.run]
    runs.listeners.extend(listeners)
    shell.brought = True
    warmth.start()
    if chosen.warm_first:
        await to_thread.run_sync(warmth.wait)
    yield
    warmth.stop()
    shell.brought = False
    for listener in listeners:
        runs.listeners.remove(listener)


app = st.App(
    ROOT / "streamlit_app.py",
    lifespan=life,
    routes=[
        *pages(shown, list(places())),
        *addresses(desk, ROOT / FEED, warmth, meters, sign_in=settings().sign_in),
    ],
    middleware=[
        Middleware(Tracing, listeners=(journal.request, meters.request), moves=meters.sessions.inc),
        Middleware(Headers, added=headers(shown, chosen.embedders)),
        Middleware(Origins, allowed=st.get_option("server.corsAllowedOrigins") or ()),
        Middleware(Nearby, options=chosen),
        Middleware(Bundle),
    ],
    on_script_error=journal.fault,
)
