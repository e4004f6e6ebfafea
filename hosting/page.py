"""Streamlit's page as a first visit needs it: it names what will be wanted soon, and says where its server is.

Streamlit's frontend asks for the scripts of a chart or of a date field once the first one has come over the websocket,
and for our fonts once the theme has. A browser that knows of them before fetches them while it would wait. The frontend also looks for its server under
the page's own path first (`/start/_stcore/health`), and opens the websocket only after two answers. A page that brings
`window.__streamlit` with these words is connected at once, and hears the answers later.
"""

import json
import re
import tomllib
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from hosting.documents import Document, absent, tag

ELEMENTS = ("ArrowVegaLiteChart", "BidiComponent", "PageLink")
"""What most pages show and Streamlit's page does not name. Its words: with a digest they are the names of files."""
KEPT = "no-cache"
"""A page is asked for again each time, for it names files that a release may change."""
LEAST = 8000
"""Bytes. Smaller scripts are left out: a request costs more than they do."""
STORY = "story"
"""The page of a story, and what its address calls the story."""
FILES = ("_stcore/", "static/", "app/", "media/")
"""What a script of Streamlit's may look for below a page before it looks at the root."""
_IMPORTED = re.compile(r'\b(?:from|import)"\./([^"/]+\.js)"')
_HEAD, _BODY = "</head>", "<body>\n"


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
    return sorted(large, key=lambda name: (-sizes[name], name))


def fonts(config: Path) -> list[str]:
    """The upright fonts of the theme: every page has a heading and text, few have an italic."""
    faces = tomllib.loads(config.read_text("utf-8"))["theme"]["fontFaces"]
    return [face["url"] for face in faces if face["style"] == "normal"]


def server(origins: Sequence[str]) -> str:
    """A script that says where the page's server is, and who may steer the page from outside.

    origins: `client.allowedOrigins`, the same as the server will say. The address is the page's own folder, so it holds
    under a path too.
    """
    host = _json({"allowedOrigins": list(origins), "useExternalAuthToken": False})
    return f'window.__streamlit = {{BACKEND_BASE_URL: new URL("./", location.href).href, HOST_CONFIG: {host}}}'


def later(names: Sequence[str]) -> str:
    """A script that has these fetched while the page waits for its first words.

    Not before Streamlit's own scripts have run: a browser with two processors is busy with those, and each script that
    it reads beside them makes the first words come later.
    """
    return f"""addEventListener("DOMContentLoaded", () => {{
  for (const name of {_json(list(names))}) {{
    const link = Object.assign(document.createElement("link"), {{rel: "modulepreload", crossOrigin: ""}})
    link.href = "./static/js/" + name
    document.head.append(link)
  }}
}})"""


def page(static: Path, config: Path, origins: Sequence[str], look: Path) -> str:
    """Streamlit's page with all of it. Addresses are relative, as its own are.

    look: the app's style sheet. In the body it outweighs what Streamlit adds to the head; before the root it gives way to
    what a page sends besides, such as the look of a presentation. It is there before the first words are.
    """
    head, rest = (static / "index.html").read_text("utf-8").split(_HEAD)
    between, body = rest.split(_BODY)
    lines = (f"  {line}\n" for line in _lines(static, config, origins))
    return "".join((head, *lines, _HEAD, between, _BODY, f"  {style(look)}\n", body))


def style(look: Path) -> str:
    """The style sheet as it may stand in a page. Raises ValueError where its text would end it."""
    text = look.read_text("utf-8")
    if "<" in text:
        raise ValueError(f"{look.name} holds `<`, with which a style sheet in a page may end")
    return f"<style>\n{text}</style>"


def _lines(static: Path, config: Path, origins: Sequence[str]) -> Iterator[str]:
    for url in fonts(config):
        yield f'<link rel="preload" as="font" type="font/woff2" crossorigin href="./{url}">'
    yield f"<script>{server(origins)}</script>"
    yield f"<script>{later(scripts(static))}</script>"


def _json(value: object) -> str:
    """As it may stand in a script within a page."""
    return json.dumps(value).replace("<", "\\u003c")


def pages(text: str, names: Sequence[str]) -> list[Route]:
    """The routes that answer with it: each page of the app by its name, and the root; and those below a page, which lead to it."""
    found = Document(tag(text), text.encode())

    async def answer(request: Request) -> Response:
        return found.answer(request, "text/html", KEPT)

    return [
        *(Route(f"/{name}", answer) for name in ("", *names)),
        *(Route(f"/{name}/{{rest:path}}", _above(name)) for name in names),
    ]


def _above(name: str) -> Callable[[Request], Awaitable[Response]]:
    """Leads a reader from an address below a page to the page, where Streamlit would show nothing at all.

    `/story/<id>`, which somebody may have typed, is understood. The way is a relative one: it holds under a path too.
    """

    async def answer(request: Request) -> Response:
        asked, rest = request.query_params, request.path_params["rest"]
        if rest.startswith(FILES):
            return await absent(request)
        if name == STORY and rest:
            asked = QueryParams({STORY: rest, **asked})
        back = "../" * (_raw(request).partition(f"/{name}/")[2].count("/") + 1)
        headers = {"Cache-Control": KEPT}
        return RedirectResponse(f"{back}{name}?{asked}".removesuffix("?"), 302, headers)

    return answer


def _raw(request: Request) -> str:
    """The path as it was asked for: a browser takes `%2F` for no slash."""
    raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
    return raw.decode("latin-1")
