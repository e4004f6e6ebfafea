"""What a snapshot remembers of its fetches: marks to ask by, when each feed was last seen, what is failing.

Kept in `fetches.json` beside the manifest. It changes only when a refresh brings something, or when a
feed begins or ceases to fail, so that a night without news changes no byte.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from evidence.publishers import Feed

NAME = "fetches.json"


@dataclass(frozen=True)
class Marks:
    """What an answer left to ask by the next time: its ETag and Last-Modified, empty where it has none."""

    etag: str = ""
    modified: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """The headers of a conditional request."""
        found = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True)
class Seen:
    """The last good look at a feed.

    of: what was asked for. body: sha256 of the answer. at: when, in seconds UTC. ends: the newest period in it.
    linked, page_etag, page_modified: where a page led to the file, which file, and the page's own marks.
    """

    of: str
    etag: str
    modified: str
    body: str
    at: int
    ends: str = ""
    linked: str = ""
    page_etag: str = ""
    page_modified: str = ""

    @property
    def page_marks(self) -> Marks:
        """What to ask for the page by the next time."""
        return Marks(self.page_etag, self.page_modified)

    @property
    def marks(self) -> Marks:
        """What to ask by the next time."""
        return Marks(self.etag, self.modified)


@dataclass(frozen=True)
class Failing:
    """A feed that brings nothing, or not all that it should, since a day."""

    publisher: str
    since: str
    message: str
    series: tuple[str, ...]


@dataclass(frozen=True)
class Fetches:
    """The record, by feed."""

    seen: Mapping[str, Seen] = field(default_factory=dict)
    failing: Mapping[str, Failing] = field(default_factory=dict)

    def last(self, feed: Feed, linked: str = "") -> Seen | None:
        """The last good look at a feed; None where it was asked for otherwise then. linked: as `asked_for`."""
        last = self.seen.get(feed.name)
        return last if last is not None and last.of == asked_for(feed, linked) else None

    def page(self, feed: Feed) -> Seen | None:
        """The last good look at a feed that a page leads to; None where it was asked for otherwise then."""
        last = self.seen.get(feed.name)
        return self.last(feed, last.linked) if last is not None and last.linked else None

    def at(self, feed: str) -> int | None:
        """When a feed was last seen in good order."""
        return self.seen[feed].at if feed in self.seen else None

    def failed(self, feed: Feed, publisher: str, today: str, message: str) -> "Fetches":
        """With a feed that fails; since when it does is kept, and so is the message it began with."""
        if feed.name in self.failing:
            return self
        told = Failing(publisher, today, message, feed.series)
        return replace(self, failing={**self.failing, feed.name: told})

    def fine(self, feed: str) -> "Fetches":
        """With a feed that no longer fails."""
        left = {name: told for name, told in self.failing.items() if name != feed}
        return replace(self, failing=left)

    def only(self, feeds: Collection[str]) -> "Fetches":
        """With failures of these feeds alone: one that is no longer offered could never cease to fail."""
        left = {name: told for name, told in self.failing.items() if name in feeds}
        return replace(self, failing=left)


def asked_for(feed: Feed, linked: str = "") -> str:
    """What a feed asks for, in short: another address or other series make earlier marks worthless.

    linked: where the feed is a page's, the file that it leads to. Another file may be the older one.
    """
    text = json.dumps([feed.url, feed.link, linked, feed.series, sorted(feed.secret)])
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def read(folder: Path) -> Fetches:
    """A snapshot's record; an empty one where there is none, or none that can be read."""
    try:
        found = json.loads((folder / NAME).read_text(encoding="utf-8"))
        return Fetches(
            {name: Seen(**told) for name, told in found["seen"].items()},
            {
                name: Failing(**{**told, "series": tuple(told["series"])})
                for name, told in found["failing"].items()
            },
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return Fetches()


def down(folder: Path) -> dict[str, Failing]:
    """The series that a failing feed should bring, with the failure that began first."""
    found: dict[str, Failing] = {}
    for told in sorted(read(folder).failing.values(), key=lambda f: f.since, reverse=True):
        found.update(dict.fromkeys(told.series, told))
    return found


def text_of(fetches: Fetches) -> str:
    """The record as it is written."""
    return json.dumps(asdict(fetches), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
