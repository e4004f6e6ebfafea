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
from dataclasses import astuple, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from evidence import calendar, ledger, plausible
from evidence import fetches as records
from evidence import manifest as manifests
from evidence.catalogue import Catalogue
from evidence.fetches import Fetches, Marks, Seen
from evidence.frozen import Frozen
from evidence.ledger import Fetch, Line
from evidence.mending import GOOD, keep_good, mend
from evidence.observations import read_manifest
from evidence.publishers import Feed, Observation, Parsed, Problem, Publisher, feeds_of
from evidence.transaction import LOCK, WriteFault, change, finish, write_whole
from evidence.trouble import Trouble
from evidence.web import Answer, Web, WebFault

PATIENCE = 30.0
"""Seconds that a refresh waits for another one."""
MANY = 5
"""Faults of one series in one file that are told one by one."""


class Busy(Exception):
    """Another refresh is at work on the same snapshot."""


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
    """What one refresh has gathered so far. secrets: what no message may show."""

    secrets: Collection[str] = ()
    rows: dict[str, list[tuple[Feed, Observation]]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    faulty: dict[str, str] = field(default_factory=dict)
    seen: dict[str, Seen] = field(default_factory=dict)
    unchanged: set[str] = field(default_factory=set)

    def fault(self, feed: str, problems: Iterable[Problem]) -> None:
        """Notes what is wrong with a feed."""
        for problem in problems:
            message = problem.message
            for secret in self.secrets:  # a publisher's answer may repeat what it was asked
                message = message.replace(secret, "…")
            told = replace(problem, message=message)
            self.problems.append(told)
            self.faulty.setdefault(feed, str(told))


def refresh(
    folder: Path,
    sources: Sources,
    web: Web,
    now: int,
    wish: Wish | None = None,
    tell: Callable[[Step], None] = lambda _: None,
) -> Report:
    """Asks the publishers and appends what is new. now: the second of the fetch, UTC.

    Raises Busy where another refresh holds the snapshot, WriteFault where the disk takes nothing more, and
    SnapshotFault where the manifest is damaged and nobody has a copy.
    """
    lock = FileLock(folder / LOCK)
    with ExitStack() as ending:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock.acquire(timeout=PATIENCE)
            ending.callback(lock.release)
            return _refresh(folder, sources, web, now, wish or Wish(), tell)
        except Timeout:
            raise Busy(f"another refresh is at work on {folder.name}") from None
        except OSError as fault:
            raise WriteFault(f"{folder.name} cannot be written: {fault}") from fault


def _refresh(
    folder: Path,
    sources: Sources,
    web: Web,
    now: int,
    wish: Wish,
    tell: Callable[[Step], None],
) -> Report:
    finish(folder)
    mended = mend(folder)
    told = read_manifest(folder)[1] if (folder / manifests.NAME).exists() else _EMPTY
    before = int(told["snapshot"])
    record = records.read(folder)
    wanted = sources.feeds(wish)
    sound = set(told["series"]) - {Path(m.file).stem for m in mended}
    today = calendar.new_york_day(now)
    asking = _Asking(Fetches() if wish.anew else record, sound, now, today)
    batch = _gather(wanted, sources, web, asking, tell)
    if wish.series:
        batch.rows = {name: rows for name, rows in batch.rows.items() if name in wish.series}
    lines, printed = _place(folder, sources.catalogue, batch, wanted, record, before + 1, now)
    recorded = {
        name: first for name, first in printed.items()
        if name in lines or manifests.RECORDED not in told["series"].get(name, {})
    }  # fmt: skip
    after = _remember(record, wanted, batch, wish, today)
    after = after.only({feed.name for _, feed in sources.feeds(Wish())})
    if lines or recorded:
        texts, manifest = _texts(folder, sources.catalogue, told, lines, recorded)
        after = replace(after, seen={**after.seen, **batch.seen})
        change(
            folder,
            {
                **texts,
                records.NAME: records.text_of(after),
                manifests.NAME: manifests.text_of(manifest),
            },
        )
    elif after != record:
        write_whole(folder / records.NAME, records.text_of(after))
    if (folder / manifests.NAME).exists():
        _keep_good(folder, batch)
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


def _keep_good(folder: Path, batch: _Batch) -> None:
    """Copies of what is good now. What was fetched stands, whether they can be kept or not."""
    try:
        keep_good(folder)
    except OSError as fault:
        batch.problems.append(Problem(GOOD, 0, f"no copies could be kept: {fault}"))


@dataclass(frozen=True)
class _Asking:
    """By what the feeds are asked: the record, the series that are held in good order, the moment."""

    record: Fetches
    sound: Collection[str]
    now: int
    today: date


@dataclass(frozen=True)
class _Come:
    """An answer, and the file that a page led to with the page's marks (empty where the feed is the file)."""

    answer: Answer
    linked: str
    page: Marks


def _gather(
    wanted: Sequence[tuple[str, Feed]],
    sources: Sources,
    web: Web,
    asking: _Asking,
    tell: Callable[[Step], None],
) -> _Batch:
    """Asks one feed after the other at each host, and all hosts at once; takes the answers in order."""
    batch = _Batch({value for _, feed in wanted for value in feed.secret.values() if value})
    hosts = {urlsplit(feed.url).netloc for _, feed in wanted}
    pools = {host: ThreadPoolExecutor(1) for host in sorted(hosts)}
    try:
        asked: list[Future[_Come]] = [
            pools[urlsplit(feed.url).netloc].submit(_ask, web, publisher, feed, asking)
            for publisher, feed in wanted
        ]
        for done, ((publisher, feed), future) in enumerate(zip(wanted, asked, strict=True), 1):
            what: Literal["read", "unchanged", "failed"] = "read"
            try:
                what = _take(batch, sources.publishers[publisher], feed, future.result(), asking)
            except WebFault as fault:
                batch.fault(feed.name, [Problem(feed.name, 0, str(fault))])
            except Exception as fault:  # noqa: BLE001  (whatever happens to one, the others go on)
                wrong = f"it could not be asked for: {type(fault).__name__}"
                batch.fault(feed.name, [Problem(feed.name, 0, wrong)])
            if feed.name in batch.faulty:
                what = "failed"
            tell(Step(done, len(wanted), feed.name, what, batch.faulty.get(feed.name, "")))
    finally:
        for pool in pools.values():
            pool.shutdown(cancel_futures=True)
    return batch


def _ask(web: Web, publisher: str, feed: Feed, asking: _Asking) -> _Come:
    """Asks for a feed: by what it left the last time, where all that it brought is still held."""
    url, linked, page = feed.url.replace("{today}", asking.today.isoformat()), "", Marks()
    if feed.link:
        before = asking.record.page(feed)
        found, page = web.follow(
            publisher, url, feed.link, before.page_marks if before is not None else Marks()
        )
        url = linked = found or (before.linked if before is not None else "")
    last = asking.record.last(feed, linked)
    marks = last.marks if last is not None and set(feed.series) <= set(asking.sound) else Marks()
    return _Come(web.get(publisher, url, feed.secret, marks), linked, page)


def _take(
    batch: _Batch, module: Publisher, feed: Feed, come: _Come, asking: _Asking
) -> Literal["read", "unchanged"]:
    """Parses an answer; what is wrong with it is noted, and its observations wait to be placed."""
    answer = come.answer
    last = asking.record.last(feed, come.linked)
    if answer.body is None:
        assert last is not None, "a host can say that nothing has changed only if there are marks"
        batch.unchanged.add(feed.name)
        batch.seen[feed.name] = replace(
            last, at=asking.now, page_etag=come.page.etag, page_modified=come.page.modified
        )
        return "unchanged"
    try:
        parsed = module.parse(feed.name, answer.body)
    except Exception as fault:  # noqa: BLE001  (whatever a file does to its parser, the others go on)
        wrong = f"it cannot be read: {type(fault).__name__}: {fault}"[:300]
        parsed = Parsed((), (Problem(feed.name, 0, wrong),))
    batch.fault(feed.name, parsed.problems or _strangers(feed, parsed))
    ends = max((row.period for row in parsed.observations), default="")
    if ends and last is not None and ends < last.ends:
        wrong = f"it ends with {ends}, and ended with {last.ends} before: is it cut off?"
        batch.fault(feed.name, [Problem(feed.name, 0, wrong)])
    for row in parsed.observations:
        if row.series in feed.series:
            batch.rows.setdefault(row.series, []).append((feed, row))
    body, marks = hashlib.sha256(answer.body).hexdigest(), answer.marks
    of = records.asked_for(feed, come.linked)
    batch.seen[feed.name] = Seen(
        of, marks.etag, marks.modified, body, asking.now, ends, come.linked, *astuple(come.page)
    )
    if last is None or last.body != body:
        return "read"
    batch.unchanged.add(feed.name)
    return "unchanged"


def _strangers(feed: Feed, parsed: Parsed) -> list[Problem]:
    """Series that a feed brings and is not said to hold, and those that it should and does not."""
    come = {row.series for row in parsed.observations}
    told = [
        f"it brings {series}, which this feed is not said to hold"
        for series in sorted(come - set(feed.series))
    ]
    told += [
        f"no value of {series} is in it: is it cut off?"
        for series in feed.series
        if series not in come
    ]
    return [Problem(feed.name, 0, wrong) for wrong in told]


def _place(
    folder: Path,
    catalogue: Catalogue,
    batch: _Batch,
    wanted: Sequence[tuple[str, Feed]],
    record: Fetches,
    number: int,
    now: int,
) -> tuple[dict[str, list[Line]], dict[str, str]]:
    """The new lines of each series, and the first dated print of those whose prints are recorded.

    Faults go to the batch.
    """
    lines: dict[str, list[Line]] = {}
    recorded: dict[str, str] = {}
    for series, rows in sorted(batch.rows.items()):
        feeds = {feed.name for feed, _ in rows}
        whole = feeds == {feed.name for _, feed in wanted if series in feed.series}
        fetch = Fetch(now, max((at for name in feeds if (at := record.at(name))), default=None))
        file = folder / manifests.series_file(series)
        try:
            new, faults = _new(
                catalogue, series, ledger.read_lines(file), rows, number, fetch, whole
            )
        except Exception as fault:  # noqa: BLE001  (whatever is in one series, the others go on)
            new, faults = [], [f"it cannot be placed: {type(fault).__name__}: {fault}"[:300]]
        if len(faults) > MANY:
            faults = [*faults[:MANY], f"and {len(faults) - MANY} more of this kind"]
        for name in sorted(feeds):
            batch.fault(name, [Problem(name, 0, f"{series}: {fault}") for fault in faults])
        if faults:
            continue
        if new:
            lines[series] = new
        dated = [row.period for feed, row in rows if feed.vintages and row.known_at]
        if dated:
            recorded[series] = min(dated)
    return lines, recorded


def _new(
    catalogue: Catalogue,
    series: str,
    held: Sequence[Line],
    rows: Sequence[tuple[Feed, Observation]],
    number: int,
    fetch: Fetch,
    whole: bool,  # noqa: FBT001
) -> tuple[list[Line], list[str]]:
    """The lines that a series gets, and what speaks against them: where anything does, it gets none."""
    entry = catalogue.series.get(series)
    if entry is None or entry.derived or entry.licence == "licensed":
        return [], ["the catalogue has no open series of this id with a file of its own"]
    release = catalogue.releases[entry.release]
    found = [row for _, row in rows]
    today = calendar.new_york_day(fetch.now)
    stands = ledger.standing(release, held)
    faults = plausible.faults(entry, held, stands, found, today, whole=whole)
    if faults:
        return [], faults
    printed = [row for feed, row in rows if feed.vintages]
    running = [row for feed, row in rows if not feed.vintages]
    new: list[Line] = []
    if printed:
        new, faults = ledger.merge_vintages(release, held, printed, number, fetch.now)
    if running and not faults:
        more, faults = ledger.merge_fetched(
            release, entry.frequency, [*held, *new], running, number, fetch
        )
        new = [*new, *more]
    return new, faults


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
    told: Mapping[str, Any],
    lines: Mapping[str, Sequence[Line]],
    recorded: Mapping[str, str],
) -> tuple[dict[str, str], dict[str, object]]:
    """The files that change, and the manifest that goes with them.

    A past that is recorded counts from the next number on, also where its prints bring no line: what an
    older snapshot says of itself stays as it was.
    """
    entries: dict[str, Any] = dict(told["series"])
    number = int(told["snapshot"]) + 1
    newest = [str(told["newest_release"])]
    texts: dict[str, str] = {}
    for series, new in sorted(lines.items()):
        entry = catalogue.series[series]
        release = catalogue.releases[entry.release]
        name = manifests.series_file(series)
        texts[name] = ledger.text_of(release, [*ledger.read_lines(folder / name), *new])
        entries[series] = manifests.describe(
            entry, texts[name], ledger.lines_of(texts[name]), entries.get(series)
        )
        known = max(ledger.known_seconds(release, new))
        newest.append(calendar.new_york_day(known).isoformat())
    for series, first in recorded.items():
        entries[series] = {
            manifests.RECORDED: number,
            **entries[series],
            manifests.PRINTS_FROM: first,
        }
    snapshot = number if lines else number - 1
    return texts, {"snapshot": snapshot, "newest_release": max(newest), "series": entries}


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
