"""What differs between two days, or between two snapshots: figures that came or were revised, verdicts that changed.

Two views are compared, so nothing that was not known on the later day can take part.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import NAMESPACE_URL, uuid5

import numpy as np

from evidence import calendar, telling
from evidence.engine import Engine
from evidence.frozen import Frozen
from evidence.history import Published, files_of, releases
from evidence.kinds.base import Outcome
from evidence.observations import Series, View
from evidence.quantity import tidy
from evidence.trace import Confidence, Direction, Number, Verdict

ATOM = "http://www.w3.org/2005/Atom"
AUTHOR = "Flowcheck"
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Side(Frozen):
    """One of the two: the end of a day in New York, in a snapshot."""

    as_of: date
    snapshot_n: int


class Observation(Frozen):
    """One period of one series: new, or with another value. Values in the series' unit; `known` in UTC."""

    series: str
    release: str
    period: date
    what: Literal["new", "revised"]
    before: Number | None
    after: Number
    unit: str
    known: str


class TestChange(Frozen):
    """A test whose outcome changed, with what it saw."""

    __test__ = False

    test: str
    title: str
    before: Outcome
    after: Outcome
    seen: str

    @property
    def words(self) -> str:
        """The test, how it reads now, and what it saw."""
        return f"{telling.moved(self.title, self.before, self.after)}. {self.seen}"


class Reading(Frozen):
    """A verdict in short."""

    identity: str
    direction: Direction
    confidence: Confidence
    so_far: bool
    by_proxy: bool

    @property
    def words(self) -> str:
        """The verdict in words."""
        return telling.standing(
            self.direction, self.confidence, so_far=self.so_far, by_proxy=self.by_proxy
        )


class VerdictChange(Frozen):
    """A verdict that reads otherwise (`before` and `after` differ in more than identity, or a test does)."""

    id: str
    title: str
    before: Reading
    after: Reading
    tests: tuple[TestChange, ...]
    releases: tuple[str, ...]
    known: str
    sentence: str


class Difference(Frozen):
    """All that differs; in order of id, observations then of period."""

    old: Side
    new: Side
    observations: tuple[Observation, ...]
    releases: tuple[Published, ...]
    verdicts: tuple[VerdictChange, ...]


@dataclass(frozen=True)
class Ends:
    """The two sides as views."""

    old: View
    new: View


def difference(engine: Engine, old: Side, new: Side) -> Difference:
    """What differs from `old` to `new`. A snapshot that does not exist raises ValueError."""
    ends = Ends(
        engine.view(old.as_of, old.snapshot_n),
        engine.view(new.as_of, new.snapshot_n),
    )
    catalogue = ends.new.catalogue
    names = [n for n in catalogue.ids if not catalogue.series[n].derived and ends.new.held(n)]
    arrived = {name: at for name in names if len(at := _arrived(ends, name))}
    observations = [one for name, at in arrived.items() for one in _observations(ends, name, at)]
    rows = [(name, ends.new.series(name), at) for name, at in arrived.items()]
    verdicts = (
        _verdict(engine, name, (old, new), rows)
        for name, narrative in engine.narratives.items()
        if narrative.status == "live"
    )
    return Difference(
        old=old,
        new=new,
        observations=tuple(observations),
        releases=releases(catalogue, rows, new.as_of),
        verdicts=tuple(v for v in verdicts if v is not None),
    )


def _arrived(ends: Ends, name: str) -> calendar.Seconds:
    """The versions of a file that only the newer view has, by index."""
    old, new = ends.old.series(name), ends.new.series(name)
    at = old.index(new.periods)
    same = (
        (at >= 0) & (old.periods[np.maximum(at, 0)] == new.periods)
        if len(old)
        else np.zeros(len(new.periods), bool)
    )
    owner = new.owner
    before = old.value(np.where(same, at, -1)[owner], new.known)
    # known by then, and with this value: an older line of the other view
    held = same[owner] & (before == new.values)
    if len(old):
        held &= new.known <= old.known.max()
    return np.flatnonzero(~held)


def _observations(ends: Ends, name: str, at: calendar.Seconds) -> Iterable[Observation]:
    entry = ends.new.catalogue.series[name]
    old, new = ends.old.series(name), ends.new.series(name)
    for owner in np.unique(new.owner[at]):
        period = new.periods[owner]
        place = int(old.index(np.array([period]))[0]) if len(old) else -1
        had = place >= 0 and old.periods[place] == period
        before = float(old.latest[place]) if had else None
        after = float(new.latest[owner])
        if before == after:
            continue
        known = int(new.known[new.owner == owner].max())
        yield Observation(
            series=name,
            release=entry.release,
            period=period.astype(object),
            what="revised" if had else "new",
            before=None if before is None else tidy(before),
            after=tidy(after),
            unit=entry.unit,
            known=calendar.iso(known),
        )


def _verdict(
    engine: Engine,
    name: str,
    sides: tuple[Side, Side],
    rows: Sequence[tuple[str, Series, calendar.Seconds]],
) -> VerdictChange | None:
    old, new = (engine.score(name, s.as_of, s.snapshot_n).verdict for s in sides)
    before, after = _reading(old), _reading(new)
    tests = [
        TestChange(test=a.id, title=a.title, before=b.outcome, after=a.outcome, seen=a.seen)
        for b, a in zip(old.tests, new.tests, strict=True)
        if b.outcome != a.outcome
    ]
    if before.words == after.words and not tests:
        return None
    catalogue = engine.store.catalogue
    reads = {s for t in engine.narratives[name].tests for s in t.reads}
    moved = {s for t in tests for s in engine.narratives[name].test(t.test).reads}
    files = files_of(catalogue, moved or reads)
    own = [row for row in rows if row[0] in files]
    seconds = [int(series.known[at].max()) for _, series, at in own]
    words = tuple(p.words for p in releases(catalogue, own, sides[1].as_of))
    return VerdictChange(
        id=name,
        title=new.title,
        before=before,
        after=after,
        tests=tuple(tests),
        releases=words,
        known=calendar.iso(max(seconds, default=calendar.end_of_day(sides[1].as_of))),
        sentence=telling.changed(new.title, before.words, after.words),
    )


def _reading(verdict: Verdict) -> Reading:
    return Reading(
        identity=verdict.identity,
        direction=verdict.direction,
        confidence=verdict.confidence,
        so_far=verdict.so_far,
        by_proxy=verdict.by_proxy,
    )


def lines(found: Difference) -> list[str]:
    """The difference as text: verdicts first, then revisions one by one, then new figures by release."""
    revised = [o for o in found.observations if o.what == "revised"]
    new = len(found.observations) - len(revised)
    counts = (
        telling.counted(len(found.verdicts), "verdict") + " changed",
        telling.counted(len(revised), "figure") + " revised",
        f"{new:,} new",
    )
    text = [", ".join(counts)]
    for change in found.verdicts:
        text.append(change.sentence)
        text += [f"  {test.words}" for test in change.tests]
        text += [f"  {words}" for words in change.releases]
    text += [
        f"{o.series} {o.period}: {o.before} → {o.after} {o.unit} (known {o.known})" for o in revised
    ]
    text += [f"{release.words}" for release in found.releases]
    return text


def atom(found: Difference) -> str:
    """The difference as an Atom feed (RFC 4287). Its times are the data's own, so it is the same whenever made."""
    ET.register_namespace("", ATOM)
    whole = f"{_named(found.old)} to {_named(found.new)}"
    times = [o.known for o in found.observations] + [v.known for v in found.verdicts]
    newest = max(times, default=calendar.iso(calendar.end_of_day(found.new.as_of)))
    feed = ET.Element(f"{{{ATOM}}}feed")
    _element(feed, "id", _urn(whole))
    _element(feed, "title", f"{AUTHOR}: {whole}")
    _element(feed, "updated", newest)
    author = ET.SubElement(feed, f"{{{ATOM}}}author")
    _element(author, "name", AUTHOR)
    for change in found.verdicts:
        body = [*(t.words for t in change.tests), *change.releases]
        _entry(feed, f"{whole} {change.id}", change.sentence, change.known, body)
    for release in found.releases:
        own = [o for o in found.observations if o.series in release.series]
        revised = [
            f"{o.series} {o.period}: {o.before} → {o.after} {o.unit}"
            for o in own
            if o.what == "revised" and o.release == release.release
        ]
        if own:
            _entry(
                feed,
                f"{whole} {release.release} {release.frequency}",
                release.words,
                max(o.known for o in own),
                [f"{telling.counted(len(own) - len(revised), 'new figure')}", *revised],
            )
    ET.indent(feed, " ")
    head = '<?xml version="1.0" encoding="utf-8"?>\n'
    return head + ET.tostring(feed, encoding="unicode") + "\n"


def _named(side: Side) -> str:
    return f"{side.as_of.isoformat()} (snapshot {side.snapshot_n})"


def _urn(name: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'flowcheck diff {name}')}"


def _entry(feed: ET.Element, name: str, title: str, updated: str, body: Sequence[str]) -> None:
    entry = ET.SubElement(feed, f"{{{ATOM}}}entry")
    _element(entry, "id", _urn(name))
    _element(entry, "title", title)
    _element(entry, "updated", updated)
    _element(entry, "content", "\n".join(body) or title).set("type", "text")


def _element(parent: ET.Element, tag: str, text: str) -> ET.Element:
    child = ET.SubElement(parent, f"{{{ATOM}}}{tag}")
    child.text = _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
    return child
