"""A small publisher that says what a test wants it to say, without a server, and refreshes from it."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from evidence import calendar
from evidence.catalogue import Catalogue
from evidence.fetches import Marks
from evidence.ledger import Line, read_lines
from evidence.observations import Store
from evidence.publishers import Collector, Feed, Parsed, SourceFault, cells, gather, text_of
from evidence.refresh import Report, Sources, Wish, refresh
from evidence.web import Answer, WebFault
from tests.worlds import MONTHLY, RELEASES, WEEKLY, entry

ONE, TWO, MONTH = "test.one", "test.two", "test.month"
CATALOGUE = Catalogue(
    series={
        ONE: entry(ONE, WEEKLY, "stock", release="thursday"),
        TWO: entry(TWO, WEEKLY, "flow", release="thursday"),
        MONTH: entry(MONTH, MONTHLY, "flow", release="slow"),
        "test.owned": entry("test.owned", WEEKLY, "price", release="thursday", licence="licensed"),
    },
    releases=dict(RELEASES),
)
FEEDS = (
    Feed("paper/one.csv", "https://one.example/one.csv", (ONE,)),
    Feed("paper/rest.csv", "https://two.example/rest.csv", (TWO, MONTH)),
)
PRINTS = Feed(
    "paper/prints.csv",
    "https://one.example/prints.csv",
    (ONE,),
    secret={"key": "geheim-0123456789"},
    vintages=True,
)


@dataclass
class Paper:
    """A publisher. A file is `series,period,value` or `series,period,value,known_at`, line by line."""

    offered: tuple[Feed, ...] = FEEDS
    SOURCES: tuple[str, ...] = ()
    KEYS: tuple[str, ...] = ("PAPER_KEY",)

    def feeds(self, keys: Mapping[str, str]) -> tuple[Feed, ...]:
        return (PRINTS, *self.offered[1:]) if keys else self.offered

    def parse(self, name: str, data: bytes) -> Parsed:
        def read(found: Collector, data: bytes) -> None:
            for line, row in cells(text_of(data)):
                if len(row) not in (3, 4):
                    raise SourceFault(line, "three or four fields are expected")
                found.add(line, row[0], row[1], row[2], 0, row[3] if len(row) == 4 else "")

        return gather(name, data, read)


@dataclass
class Post:
    """Stands in for the web: a text for each address, with marks; an exception where one is given."""

    files: dict[str, str | Exception] = field(default_factory=dict)
    asked: list[tuple[str, Marks]] = field(default_factory=list)
    marked: bool = True

    def put(self, feed: Feed, *lines: str) -> None:
        self.files[feed.url] = "".join(f"{line}\n" for line in lines)

    def fail(self, feed: Feed, fault: Exception | None = None) -> None:
        self.files[feed.url] = fault or WebFault(f"{feed.url}: status 500 (4 tries)")

    def follow(
        self, publisher: str, url: str, link: str, marks: Marks | None = None
    ) -> tuple[str, Marks]:
        found = self.files[url]
        assert isinstance(found, str)
        return found.strip(), Marks()

    def get(
        self,
        publisher: str,
        url: str,
        secret: Mapping[str, str] | None = None,
        marks: Marks | None = None,
    ) -> Answer:
        marks = marks or Marks()
        self.asked.append((url, marks))
        found = self.files[url]
        if isinstance(found, Exception):
            raise found
        left = Marks(hashlib.sha256(found.encode()).hexdigest()) if self.marked else Marks()
        return Answer(None, marks) if left == marks != Marks() else Answer(found.encode(), left)


def at(text: str) -> int:
    return calendar.seconds(text)


@dataclass
class Desk:
    """A folder, a publisher, and what it has posted."""

    folder: Path
    paper: Paper = field(default_factory=Paper)
    post: Post = field(default_factory=Post)
    keys: dict[str, str] = field(default_factory=dict)

    def refresh(self, now: str | int, wish: Wish | None = None) -> Report:
        sources = Sources({"paper": self.paper}, CATALOGUE, self.keys)
        second = at(now) if isinstance(now, str) else now
        return refresh(self.folder, sources, self.post, second, wish)  # type: ignore[arg-type]

    def store(self) -> Store:
        return Store(self.folder, CATALOGUE)

    def lines(self, series: str = ONE) -> list[str]:
        return [str(line) for line in self.held(series)]

    def held(self, series: str = ONE) -> list[Line]:
        return read_lines(self.folder / "series" / f"{series}.csv")


def quoted(series: str, pairs: Iterable[tuple[str, object]]) -> list[str]:
    """Lines of a file, without times."""
    return [f"{series},{period},{value}" for period, value in pairs]
