"""A small site, made once for all tests of a process, and read as a browser would: links, what is loaded, text."""

import atexit
import json
import re
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from posixpath import dirname, normpath
from urllib.parse import unquote, urlsplit

from briefs.site.build import Source, build

ROOT = Path(__file__).resolve().parents[1]
BASIS, PREMISE, HOSTILE = "basis-trade-unwind", "everything-fell-together", "swap-spread-unwind"
DAY = date(2025, 4, 22)
EVIL = "</script><img src=x onerror=alert(1)> <b>{{7*7}}</b> & \"quotes\" 'too' javascript:alert(2)"
HIDDEN = ("script", "style", "title", "desc")


@cache
def scratch():
    """A folder that goes with the process."""
    folder = Path(tempfile.mkdtemp(prefix="site-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def source():
    """Two of the project's stories on one day; the claim of one tries to break out of the page."""
    folder = scratch() / "narratives"
    shutil.copytree(ROOT / "narratives", folder)
    file = folder / "liberation-day" / f"{HOSTILE}.yaml"
    claim = f"claim: {json.dumps(EVIL)}\n"
    spoilt = re.sub(r"(?m)^claim: .*\n(?:  .*\n)*", lambda _: claim, file.read_text("utf-8"))
    assert claim in spoilt
    file.write_text(spoilt, encoding="utf-8")
    return Source(narratives=folder, day=DAY, only=(BASIS, HOSTILE))


@cache
def desk():
    """What that site is made from."""
    return source().desk()


@cache
def small():
    """The site's folder."""
    build(source(), scratch() / "site", workers=1)
    return scratch() / "site"


@dataclass
class Page(HTMLParser):
    """One page. `links`: (element, address); `handlers`: attributes that would run code."""

    links: list = field(default_factory=list)
    ids: list = field(default_factory=list)
    elements: list = field(default_factory=list)
    handlers: list = field(default_factory=list)
    data: dict = field(default_factory=dict)
    words: list = field(default_factory=list)
    _open: list = field(default_factory=list)

    def __post_init__(self):
        super().__init__()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.elements.append((tag, given))
        self.handlers += [name for name, value in attrs if name.startswith("on") or name == "style"]
        if given.get("id"):
            self.ids.append(given["id"])
        self.links += [(tag, given[name]) for name in ("href", "src") if given.get(name)]
        if tag not in ("meta", "link", "input", "br", "img", "hr"):
            self._open.append((tag, given))

    def handle_endtag(self, tag):
        assert self._open, f"</{tag}> closes nothing"
        assert self._open.pop()[0] == tag, f"</{tag}> crosses another element"

    def handle_data(self, text):
        tag, given = self._open[-1] if self._open else ("", {})
        if tag == "script":
            self.data.setdefault(given.get("class"), []).append(text)
        if not {t for t, _ in self._open} & set(HIDDEN) and text.strip():
            self.words.append(text)

    @property
    def text(self):
        """All that is written on the page, in one line."""
        return " ".join("".join(self.words).split())


def read(path):
    """A page, parsed; its elements nest."""
    page = Page()
    page.feed(Path(path).read_text("utf-8"))
    assert page._open == []
    return page


def pages(folder):
    """Every page by its path in the folder."""
    return {p.relative_to(folder).as_posix(): read(p) for p in sorted(Path(folder).rglob("*.html"))}


def target(path, address):
    """The file in the folder and the section that an address on a page stands for; None for another site."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return None
    file = normpath(f"{dirname(path)}/{unquote(parts.path)}".lstrip("/")) if parts.path else path
    return file, unquote(parts.fragment)


def loads(path, page):
    """The files that come with a page, without any that a reader asks for."""
    return {
        target(path, address)[0] for tag, address in page.links if tag in ("link", "script", "img")
    }


def days(folder, name):
    """The data of a story's slider, or of the board."""
    text = (Path(folder) / "days" / f"{name}.js").read_text("utf-8")
    kind = "board" if name == "board" else "days"
    head = f'flowcheck.{kind}("{name}",'
    assert text.startswith(head)
    assert text.endswith(");\n")
    return json.loads(text[len(head) : -len(");\n")])
