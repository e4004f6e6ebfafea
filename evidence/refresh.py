"""Current data: what the publishers offer now, into the snapshot; all or nothing for each series.

Every feed is asked for, parsed strictly and held against what the snapshot has. A feed that fails
leaves its series as they were, and the others go on. What is new is written as one change with one new
number (`evidence.transaction`), under a lock, so that a kill at any moment or a second refresh at the
same time loses nothing. Where nothing is new, no byte changes.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from evidence import calendar, ledger, plausible
from evidence import fetches as records
from evidence import manifest as manifests
from evidence.catalogue import Catalogue
from evidence.fetches import Fetches, Seen
from evidence.frozen import Frozen
from evidence.ledger import Fetch, Line
from evidence.mending import keep_good, mend
from evidence.observations import read_manifest
from evidence.publishers import Feed, Observation, Parsed, Problem, Publisher, feeds_of
from evidence.transaction import change, finish, write_whole
from evidence.web import Answer, Web, WebFault

LOCK = ".lock"
PATIENCE = 30.0
"""Seconds that a refresh waits for another one."""


class Busy(Exception):
    """Another refresh is at work on the same snapshot."""


class Trouble(Frozen):
    """What went wrong: the file or series, the line (0: the whole of it), what was expected."""

    source: str
    line: int
    message: str

    @property
    def words(self) -> str:
        """The trouble in one line."""
        return str(Problem(self.source, self.line, self.message))


class Down(Frozen):
    """A feed that fails, since when, and how it began."""

    feed: str
    publisher: str
    since: date
    message: str


class Report(Frozen):
    """What a refresh did. `before` and `snapshot` are numbers; added: lines by series; asked, unchanged: feeds."""

    before: int
    snapshot: int
    added: Mapping[str, int]
    revised: Mapping[str, int]
    asked: int
    unchanged: int
    problems: tuple[Trouble, ...]
    failing: tuple[Down, ...]
    mended: tuple[Trouble, ...]

    @property
    def words(self) -> list[str]:
        """What a refresh did, line by line: the whole, then each series that got lines."""
        lines, revised = sum(self.added.values()), sum(self.revised.values())
        told = [f"{m.source}: {m.message}" for m in self.mended]
        if not lines:
            told.append(f"Nothing new: the snapshot stays at number {self.snapshot}.")
        else:
            told.append(
                f"Snapshot {self.snapshot}: {lines:,} new lines in {len(self.added)} series"
                f" ({revised:,} of them revisions)."
            )
        told += [f"  {name}: {count:,}" for name, count in self.added.items()]
        told.append(
            f"{self.asked} feeds asked, {self.unchanged} unchanged, {len(self.failing)} failing."
        )
        return told


@dataclass(frozen=True)
class Step:
    """One step of a refresh, for whoever watches: `done` of `of` feeds."""

    done: int
    of: int
    feed: str
    what: Literal["read", "unchanged", "failed"]
    message: str = ""


@dataclass(frozen=True)
class Wish:
    """What is to be refreshed: these series and publishers (all where none are named); anew: without marks."""

    series: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    anew: bool = False


@dataclass(frozen=True)
class Sources:
    """Whom to ask and by what: the publishers, their keys, the catalogue."""

    publishers: Mapping[str, Publisher]
    catalogue: Catalogue
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)

    def feeds(self, wish: Wish) -> list[tuple[str, Feed]]:
        """The feeds that are wanted, with their publishers, in order."""
        return [
            (name, feed)
            for name, module in sorted(self.publishers.items())
            if not wish.publishers or name in wish.publishers
            for feed in feeds_of(module, self.keys)
            if not wish.series or set(wish.series) & set(feed.series)
        ]


@dataclass
class _Batch:
    """What one refresh has gathered so far."""

    rows: dict[str, list[tuple[Feed, Observation]]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    faulty: dict[str, str] = field(default_factory=dict)
    seen: dict[str, Seen] = field(default_factory=dict)
    unchanged: set[str] = field(default_factory=set)

    def fault(self, feed: str, problems: Iterable[Problem]) -> None:
        """Notes what is wrong with a feed."""
        for problem in problems:
            self.problems.append(problem)
            self.faulty.setdefault(feed, str(problem))


def refresh(
    folder: Path,
    sources: Sources,
    web: Web,
    now: int,
    wish: Wish | None = None,
    tell: Callable[[Step], None] = lambda _: None,
) -> Report:
    """Asks the publishers and appends what is new. now: the second of the fetch, UTC.

    Raises Busy where another refresh holds the snapshot, and WriteFault where the disk takes nothing more.
    """
    wish = wish or Wish()
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=PATIENCE)
    except Timeout:
        raise Busy(f"another refresh is at work on {folder.name}") from None
    with ExitStack() as ending:
        ending.callback(lock.release)
        return _refresh(folder, sources, web, now, wish, tell)


def _refresh(
    folder: Path,
    sources: Sources,
    web: Web,
    now: int,
    wish: Wish,
    tell: Callable[[Step], None],
) -> Report:
    finish(folder)
    mended = mend(folder) if (folder / manifests.NAME).exists() else []
    told = read_manifest(folder)[1] if (folder / manifests.NAME).exists() else _EMPTY
    before = int(told["snapshot"])
    record = Fetches() if wish.anew else records.read(folder)
    wanted = sources.feeds(wish)
    missing = {m.file for m in mended}
    today = calendar.new_york_day(now)
    batch = _gather(wanted, sources, web, _Asking(record, missing, now, today), tell)
    if wish.series:
        batch.rows = {name: rows for name, rows in batch.rows.items() if name in wish.series}
    lines, recorded = _place(folder, sources.catalogue, batch, record, before + 1, now)
    whole = records.read(folder)
    after = _remember(whole, wanted, batch, wish, today)
    if lines:
        texts, manifest = _texts(folder, sources.catalogue, told, lines, recorded)
        after = Fetches({**after.seen, **batch.seen}, after.failing)
        change(
            folder,
            {
                **texts,
                records.NAME: records.text_of(after),
                manifests.NAME: manifests.text_of(manifest),
            },
        )
    elif after != whole:
        write_whole(folder / records.NAME, records.text_of(after))
    if (folder / manifests.NAME).exists():
        keep_good(folder)
    return Report(
        before=before,
        snapshot=before + 1 if lines else before,
        added={name: len(new) for name, new in sorted(lines.items())},
        revised=_revised(folder, lines),
        asked=len(wanted),
        unchanged=len(batch.unchanged),
        problems=tuple(
            Trouble(source=p.source, line=p.line, message=p.message) for p in batch.problems
        ),
        failing=tuple(
            Down(
                feed=name,
                publisher=f.publisher,
                since=date.fromisoformat(f.since),
                message=f.message,
            )
            for name, f in sorted(after.failing.items())
        ),
        mended=tuple(Trouble(source=m.file, line=0, message=m.sentence) for m in mended),
    )


_EMPTY: dict[str, Any] = {"snapshot": 0, "newest_release": "", "series": {}}


@dataclass(frozen=True)
class _Asking:
    """By what the feeds are asked: the record, the files that were damaged, the moment."""

    record: Fetches
    damaged: Collection[str]
    now: int
    today: date


def _gather(
    wanted: Sequence[tuple[str, Feed]],
    sources: Sources,
    web: Web,
    asking: _Asking,
    tell: Callable[[Step], None],
) -> _Batch:
    """Asks one feed after the other at each host, and all hosts at once; takes the answers in order."""
    batch = _Batch()
    hosts = {urlsplit(feed.url).netloc for _, feed in wanted}
    pools = {host: ThreadPoolExecutor(1) for host in sorted(hosts)}
    try:
        asked: list[Future[Answer]] = [
            pools[urlsplit(feed.url).netloc].submit(_ask, web, publisher, feed, asking)
            for publisher, feed in wanted
        ]
        for done, ((publisher, feed), future) in enumerate(zip(wanted, asked, strict=True), 1):
            what: Literal["read", "unchanged", "failed"] = "read"
            try:
                what = _take(batch, sources.publishers[publisher], feed, future.result(), asking)
            except WebFault as fault:
                batch.fault(feed.name, [Problem(feed.name, 0, str(fault))])
            if feed.name in batch.faulty:
                what = "failed"
            tell(Step(done, len(wanted), feed.name, what, batch.faulty.get(feed.name, "")))
    finally:
        for pool in pools.values():
            pool.shutdown(cancel_futures=True)
    return batch


def _ask(web: Web, publisher: str, feed: Feed, asking: _Asking) -> Answer:
    damaged = any(manifests.series_file(series) in asking.damaged for series in feed.series)
    marks = Fetches().marks(feed) if damaged else asking.record.marks(feed)
    url = feed.url.replace("{today}", asking.today.isoformat())
    return web.get(publisher, url, feed.secret, marks, feed.link)


def _take(
    batch: _Batch, module: Publisher, feed: Feed, answer: Answer, asking: _Asking
) -> Literal["read", "unchanged"]:
    """Parses an answer; what is wrong with it is noted, and its observations wait to be placed."""
    last = asking.record.seen.get(feed.name)
    if answer.body is None:
        batch.unchanged.add(feed.name)
        if last is not None:
            batch.seen[feed.name] = Seen(last.of, last.etag, last.modified, last.body, asking.now)
        return "unchanged"
    try:
        parsed = module.parse(feed.name, answer.body)
    except Exception as fault:  # noqa: BLE001  (whatever a file does to its parser, the others go on)
        wrong = f"it cannot be read: {type(fault).__name__}: {fault}"[:300]
        parsed = Parsed((), (Problem(feed.name, 0, wrong),))
    batch.fault(feed.name, parsed.problems)
    come = {row.series for row in parsed.observations}
    batch.fault(
        feed.name,
        [
            Problem(feed.name, 0, f"it brings {series}, which this feed is not said to hold")
            for series in sorted(come - set(feed.series))
        ],
    )
    if not parsed.problems:
        batch.fault(
            feed.name,
            [
                Problem(feed.name, 0, f"no value of {series} is in it: is it cut off?")
                for series in feed.series
                if series not in come
            ],
        )
    for row in parsed.observations:
        if row.series in feed.series:
            batch.rows.setdefault(row.series, []).append((feed, row))
    body = hashlib.sha256(answer.body).hexdigest()
    marks = answer.marks
    same = last is not None and last.body == body and last.of == records.asked_for(feed)
    if same and last is not None:
        batch.unchanged.add(feed.name)
        batch.seen[feed.name] = Seen(last.of, last.etag, last.modified, body, asking.now)
        return "unchanged"
    batch.seen[feed.name] = Seen(
        records.asked_for(feed), marks.etag, marks.modified, body, asking.now
    )
    return "read"


def _place(
    folder: Path,
    catalogue: Catalogue,
    batch: _Batch,
    record: Fetches,
    number: int,
    now: int,
) -> tuple[dict[str, list[Line]], set[str]]:
    """The new lines of each series, and the series whose past is now as printed. Faults go to the batch."""
    today = calendar.new_york_day(now)
    lines: dict[str, list[Line]] = {}
    recorded: set[str] = set()
    for series in sorted(batch.rows):
        entry = catalogue.series.get(series)
        feeds = {feed.name: feed for feed, _ in batch.rows[series]}
        if entry is None or entry.derived or entry.licence == "licensed":
            wrong = "the catalogue has no open series of this id with a file of its own"
            for name in feeds:
                batch.fault(name, [Problem(series, 0, wrong)])
            continue
        release = catalogue.releases[entry.release]
        held = ledger.read_lines(folder / manifests.series_file(series))
        rows = [row for _, row in batch.rows[series]]
        faults = plausible.faults(entry, held, ledger.standing(release, held), rows, today)
        new: list[Line] = []
        printed = [row for feed, row in batch.rows[series] if feed.vintages]
        running = [row for feed, row in batch.rows[series] if not feed.vintages]
        if printed and not faults:
            new, faults = ledger.merge_vintages(release, held, printed, number)
        if running and not faults:
            seen = [at for name in feeds if (at := record.at(name)) is not None]
            fetch = Fetch(now, max(seen, default=None))
            more, faults = ledger.merge_fetched(
                release, entry.frequency, [*held, *new], running, number, fetch
            )
            new += more
        if faults:
            for name in feeds:
                batch.fault(name, [Problem(series, 0, fault) for fault in faults])
        elif new:
            lines[series] = new
            recorded |= {series} if printed else set()
    return lines, recorded


def _remember(
    record: Fetches,
    wanted: Sequence[tuple[str, Feed]],
    batch: _Batch,
    wish: Wish,
    today: date,
) -> Fetches:
    """The record with what began or ceased to fail. Feeds of which not all was taken leave no marks."""
    for publisher, feed in wanted:
        if feed.name in batch.faulty:
            batch.seen.pop(feed.name, None)
            message = batch.faulty[feed.name]
            record = record.failed(feed, publisher, today.isoformat(), message)
        else:
            record = record.fine(feed.name)
        if wish.series and not set(feed.series) <= set(wish.series):
            batch.seen.pop(feed.name, None)
    return record


def _texts(
    folder: Path,
    catalogue: Catalogue,
    told: Mapping[str, object],
    lines: Mapping[str, Sequence[Line]],
    recorded: Collection[str],
) -> tuple[dict[str, str], dict[str, object]]:
    """The files that change, and the manifest that goes with them."""
    entries: dict[str, object] = dict(told["series"])  # type: ignore[call-overload]
    newest = [str(told["newest_release"])] if told["newest_release"] else []
    texts: dict[str, str] = {}
    number = 0
    for series, new in sorted(lines.items()):
        entry = catalogue.series[series]
        release = catalogue.releases[entry.release]
        name = manifests.series_file(series)
        every = [*ledger.read_lines(folder / name), *new]
        texts[name] = ledger.text_of(release, every)
        number = max(line.added for line in new)
        before = entries.get(series)
        since = before.get(manifests.RECORDED) if isinstance(before, dict) else None
        if since is None and series in recorded:
            since = number
        entries[series] = manifests.describe(
            entry, texts[name], ledger.lines_of(texts[name]), since
        )
        known = max(ledger.known_seconds(release, new))
        newest.append(calendar.new_york_day(known).isoformat())
    manifest = {"snapshot": number, "newest_release": max(newest), "series": entries}
    return texts, manifest


def _revised(folder: Path, lines: Mapping[str, Sequence[Line]]) -> dict[str, int]:
    """How many of the new lines concern a period that was held before, by series."""
    found = {}
    for series, new in sorted(lines.items()):
        number = new[0].added
        every = ledger.read_lines(folder / manifests.series_file(series))
        older = {line.period for line in every if line.added < number}
        count = len({line.period for line in new} & older)
        if count:
            found[series] = count
    return found
