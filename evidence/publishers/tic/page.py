"""A page of the Treasury's press center, as far as it is read: title, time, and the body as text.

The body's tables come as lines of cells, `| 5 | Treasury Bonds & Notes, net | 544.5 |`. The reader
follows the site's own marks (Drupal fields) and takes nothing from the menus around them. Pages are
served packed: no line breaks, and quotes only where an attribute needs them.
"""

from dataclasses import dataclass
from html.parser import HTMLParser

from evidence.publishers import SourceFault

TIME, BODY = "field--name-field-news-publication-date", "field--name-field-news-body"
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr")
)
_BREAKS = frozenset(("br", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "p", "table"))


@dataclass(frozen=True)
class Page:
    """A press release. published: the time as the page has it, ISO 8601. body: text, one line a paragraph or row."""

    title: str
    published: str
    body: str


def read(data: bytes) -> Page:
    """A page's parts. Raises SourceFault for what is no whole page of the press center."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data[: fault.start].count(b"\n") + 1
        raise SourceFault(line, "the page is not UTF-8 text") from None
    if not text.strip():
        raise SourceFault(0, "the page is empty")
    reader = _Reader()
    reader.feed(text)
    reader.close()
    if not reader.seen:
        raise SourceFault(0, f"no field `{BODY}`: this is no press release (an error page?)")
    if not reader.whole:
        raise SourceFault(text.count("\n") + 1, f"the field `{BODY}` does not end: cut off?")
    if not reader.published:
        raise SourceFault(0, f"no time in a field `{TIME}`: when was this released?")
    title, body = " ".join(reader.title.split()), "\n".join(reader.lines)
    return Page(title, reader.published, body)


class _Reader(HTMLParser):
    """Walks a page. `_open` are the elements that are open, with what each is to us."""

    def __init__(self) -> None:
        super().__init__()
        self.title = ""
        self.published = ""
        self.lines: list[str] = []
        self.seen = self.whole = False
        self._open: list[tuple[str, str]] = []
        self._row: list[str] | None = None
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "time" and self._within(TIME) and not self.published:
            self.published = given.get("datetime", "")
        if self._within(BODY):
            self._begin(tag)
        if tag not in _VOID:
            classes = given.get("class", "").split()
            mark = next((mark for mark in (TIME, BODY) if mark in classes), "")
            self.seen = self.seen or mark == BODY
            self._open.append((tag, mark))

    def handle_endtag(self, tag: str) -> None:
        if not any(tag == name for name, _ in self._open):
            return
        if self._within(BODY):
            self._end(tag)
        name = ""
        while name != tag:
            name, mark = self._open.pop()
            self.whole = self.whole or mark == BODY

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][0] == "title" and not self._within(BODY):
            self.title += data
        elif self._within(BODY):
            self._text.append(data)

    def _within(self, mark: str) -> bool:
        return any(mark == found for _, found in self._open)

    def _begin(self, tag: str) -> None:
        if tag == "table" and self._inside("table"):
            raise SourceFault(self.getpos()[0], "a table within a table is not expected")
        if tag in ("tr", "td", "th") and self._inside("td", "th"):
            raise SourceFault(self.getpos()[0], f"a <{tag}> within a cell: a broken table?")
        if tag == "tr":
            self._line()
            self._row = []
        elif tag in ("td", "th"):
            self._text.clear()
        elif tag in _BREAKS and self._row is None:
            self._line()
        elif tag in _BREAKS:
            self._text.append(" ")

    def _end(self, tag: str) -> None:
        if tag in ("td", "th") and self._row is not None:
            self._row.append(self._taken())
        elif tag == "tr" and self._row is not None:
            self.lines.append(f"| {' | '.join(self._row)} |")
            self._row = None
            self._text.clear()
        elif tag in _BREAKS and self._row is None:
            self._line()

    def _inside(self, *tags: str) -> bool:
        """Whether one of these is open within the body."""
        names = [name for name, _ in self._open]
        start = next(at for at, (_, mark) in enumerate(self._open) if mark == BODY)
        return any(tag in names[start:] for tag in tags)

    def _taken(self) -> str:
        text = " ".join("".join(self._text).split())
        self._text.clear()
        return text

    def _line(self) -> None:
        if text := self._taken():
            self.lines.append(text)
