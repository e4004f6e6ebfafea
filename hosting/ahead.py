"""What a first visit needs soon, named by the answer that brings the page (`Link`).

Streamlit's frontend asks for the scripts of a chart or of a date field once the first one has come over the websocket,
and for our fonts once the theme has. A browser that knows of them from the start fetches them while it would wait.
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ELEMENTS = ("ArrowVegaLiteChart", "DateInput", "PageLink", "Html")
"""What most pages show and Streamlit's page does not name. Its words: with a digest they are the names of files."""
LEAST = 8000
"""Bytes. Smaller scripts are left out: a proxy takes 4 kB of headers (nginx: proxy_buffer_size)."""
_IMPORTED = re.compile(r'\b(?:from|import)"\./([^"/]+\.js)"')


def scripts(static: Path) -> list[str]:
    """The larger scripts that these elements are made of and that Streamlit's page does not name, largest first."""
    page = (static / "index.html").read_text("utf-8")
    folder = static / "static" / "js"
    sizes: dict[str, int] = {}
    waiting = [path.name for element in ELEMENTS for path in folder.glob(f"{element}.*.js")]
    while waiting:
        name = waiting.pop()
        if name not in sizes and name not in page:
            text = (folder / name).read_text("utf-8")
            sizes[name] = len(text)
            waiting += _IMPORTED.findall(text)
    large = [name for name, size in sizes.items() if size >= LEAST]
    return sorted(large, key=lambda name: -sizes[name])


def fonts(config: Path) -> list[str]:
    """The upright fonts of the theme: every page has a heading and text, few have an italic."""
    faces = tomllib.loads(config.read_text("utf-8"))["theme"]["fontFaces"]
    return [face["url"] for face in faces if face["style"] == "normal"]


def link(static: Path, config: Path) -> str:
    """The header. Addresses are relative, as in Streamlit's page, so they hold under a path too.

    Scripts come after those that the page itself names (`fetchpriority`), or they would delay its first text.
    """
    return ", ".join(_hints(static, config))


def _hints(static: Path, config: Path) -> Iterator[str]:
    for url in fonts(config):
        yield f"<./{url}>;rel=preload;as=font;crossorigin"
    for name in scripts(static):
        yield f"<./static/js/{name}>;rel=modulepreload;fetchpriority=low"


class Ahead:
    """Says so with every page, and with nothing else."""

    def __init__(self, app: ASGIApp, link: str) -> None:
        self.app = app
        self.link = link

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = MutableHeaders(scope=message)
                if own.get("content-type", "").startswith("text/html"):
                    own.append("Link", self.link)
            await send(message)

        await self.app(scope, receive, answer if scope["type"] == "http" else send)
