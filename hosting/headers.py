"""Headers that every answer carries: what a browser may load, and in whose frames it may show it."""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def policy(page: str, embedders: Sequence[str]) -> str:
    """The Content-Security-Policy of Streamlit's page. Scripts written into the page are allowed by their digest.

    No `unsafe-eval`: Streamlit draws Vega's charts with the interpreter that does without. `wasm-unsafe-eval`, for its
    protobuf multiplies long numbers in WebAssembly; no text becomes code by that. Styles stay `unsafe-inline`, for its
    frontend writes them as it draws. Components bring their script as a blob, icons come as a font in a data address.
    """
    inline = [b64encode(sha256(text.encode()).digest()).decode() for text in _INLINE.findall(page)]
    rules: Mapping[str, Sequence[str]] = {
        "default-src": ("'self'",),
        "script-src": (
            "'self'",
            "blob:",
            "'wasm-unsafe-eval'",
            *(f"'sha256-{digest}'" for digest in inline),
        ),
        "style-src": ("'self'", "'unsafe-inline'"),
        "img-src": ("'self'", "data:", "blob:"),
        "font-src": ("'self'", "data:"),
        "worker-src": ("'self'", "blob:"),
        "object-src": ("'none'",),
        "base-uri": ("'self'",),
        "form-action": ("'self'",),
        "frame-ancestors": embedders,
    }
    return "; ".join(" ".join((name, *sources)) for name, sources in rules.items())


def headers(page: str, embedders: Sequence[str]) -> dict[str, str]:
    """All of them. What belongs to TLS (HSTS) is the proxy's to say."""
    return {
        "Content-Security-Policy": policy(page, embedders),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    }


class Headers:
    """Puts them on every answer that does not bring its own."""

    def __init__(self, app: ASGIApp, added: Mapping[str, str]) -> None:
        self.app = app
        self.added = added

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = MutableHeaders(scope=message)
                for name, value in self.added.items():
                    own.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, answer if scope["type"] == "http" else send)
