"""Every way in which a publisher can fail: named, nothing lost, nothing wrong taken in, the others done.

All start from a snapshot that was filled from the good files, so that whatever a broken one brings in
would be seen: no series file and no manifest may change by a byte.
"""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from evidence import calendar, web
from evidence.fetches import read as read_record
from evidence.observations import Store
from evidence.publishers import discover, feeds_of
from evidence.refresh import Report, Sources, Wish, refresh
from evidence.web import Web
from tests import ours
from tests.hosts import CONTENTS, KINDS, Hosts, form_of, nobody, routes, serving, stored
from tests.sampled import one_in
from tests.stops import everything

NOW = calendar.seconds("2026-11-22T12:00:00Z")
SOURCES = Sources(discover(), ours.catalogue(), {})
PATIENT = {"status 500", "status 429, a second", "status 429, until a date", "cut off", "hangs up"}
"""What is gone when the publisher is asked once more."""


@pytest.fixture(scope="module")
def running() -> Iterator[Hosts]:
    with serving() as hosts:
        yield hosts


@pytest.fixture
def hosts(running) -> Iterator[Hosts]:
    yield running
    running.heal()
    running.instead.clear()


@pytest.fixture(scope="module")
def filled(running, tmp_path_factory) -> Path:
    """From all publishers."""
    folder = tmp_path_factory.mktemp("filled") / "snapshot"
    assert ask(running, folder).problems == ()
    return folder


@pytest.fixture(scope="module")
def two(running, tmp_path_factory) -> Path:
    """From the two whose tables and JSON fail first."""
    folder = tmp_path_factory.mktemp("two") / "snapshot"
    assert ask(running, folder, "fred", "nyfed").problems == ()
    return folder


@pytest.fixture
def folder(filled, tmp_path) -> Path:
    return Path(shutil.copytree(filled, tmp_path / "snapshot"))


@pytest.fixture
def copy(two, tmp_path) -> Path:
    return Path(shutil.copytree(two, tmp_path / "snapshot"))


def ask(
    hosts: Hosts,
    folder: Path,
    *publishers: str,
    now: int = NOW,
    anew: bool = False,
    bases: dict[str, str] | None = None,
) -> Report:
    client = Web("test", {**hosts.bases, **(bases or {})}, sleep=lambda _: None)
    try:
        return refresh(folder, SOURCES, client, now, Wish(publishers=publishers, anew=anew))
    finally:
        client.close()


def kept(folder: Path) -> dict[str, bytes]:
    """All but the record of fetches."""
    return {n: b for n, b in everything(folder, hidden=False).items() if n != "fetches.json"}


# What is said of each, for a table and for JSON.

CUSTODY = ("fred", "WMTSECL1.csv", "fred/live/WMTSECL1.csv")
SOFR = ("nyfed", "sofr.json", "nyfed/sofr.json")
SAID = {
    "Latin-1": ("the file is not UTF-8 text", "the file is not UTF-8 text"),
    "UTF-16": ("the file is not UTF-8 text", "the file is not UTF-8 text"),
    "an error page": ("this is a web page, not the data file",) * 2,
    "empty": ("the file is empty", "the file is empty"),
    "slow": ("the answer took more than 0 seconds",) * 2,
    "other units": ("what is held comes again at 1,000 times its value: other units?",) * 2,
    "one value a thousand times too large": ("1,000 times as much or as little",) * 2,
    "the newest value a thousand times too large": ("1,000 times as much or as little",) * 2,
    "decimal comma": ("2 fields expected, 3 found", "this is not whole JSON"),
    "a date in the future": ("lies after 2026-11-22, the day of the fetch",) * 2,
    "a period twice": ("stands here again",) * 2,
    "a changed column": (
        "the header has to have observation_date",
        "no record has `percentRate`: has it another name?",
    ),
    "cut at a line": ("it ends with 2026-05-20, and 2026-06-24 is held already", "not whole JSON"),
}  # fmt: skip


@pytest.mark.parametrize("kind", one_in(2, KINDS))
@pytest.mark.parametrize(("source", "place"), [(CUSTODY, 0), (SOFR, 1)], ids=["table", "json"])
def test_each_failure_is_named_and_nothing_changes(hosts, two, monkeypatch, kind, source, place):
    publisher, file, feed = source
    monkeypatch.setattr(web, "LONGEST", 0.05 if kind == "slow" else web.LONGEST)
    before, whole, record = kept(two), everything(two), read_record(two)
    hosts.spoil(kind, publisher, file)
    # asked by its marks a publisher may well say that nothing has changed
    report = ask(hosts, two, publisher, anew=kind == "304 unasked")
    assert {p.source for p in report.problems} == {feed}
    if kind in SAID:
        assert SAID[kind][place] in " ".join(p.words for p in report.problems)
    assert (report.added, report.snapshot) == ({}, 1)
    assert kept(two) == before
    (failing,) = report.failing
    assert (failing.feed, failing.publisher, failing.since) == (feed, publisher, date(2026, 11, 22))
    assert read_record(two).seen == record.seen, "what was good is asked for by its marks again"
    hosts.heal()
    healed = ask(hosts, two, publisher, now=NOW + 86_400)
    assert (healed.problems, healed.failing, healed.added) == ((), (), {})
    assert everything(two) == whole


def test_a_line_is_named_where_there_is_one(hosts, copy):
    text = (
        hosts.body("fred", "WMTSECL1.csv").decode().replace("2026-05-06,2726298", "2026-05-06,27x")
    )
    hosts.put("fred", "WMTSECL1.csv", text.encode())
    (trouble,) = ask(hosts, copy, "fred").problems
    assert (trouble.source, trouble.line) == ("fred/live/WMTSECL1.csv", 8)
    assert trouble.message.endswith("`27x` is not a number such as 1234.5")


@pytest.mark.parametrize("kind", sorted(PATIENT))
def test_what_is_gone_at_the_next_try_is_no_failure(hosts, copy, kind):
    hosts.spoil(kind, "fred", "WMTSECL1.csv", times=web.TRIES - 1)
    before = everything(copy)
    assert ask(hosts, copy, "fred").problems == ()
    assert everything(copy) == before


def test_a_publisher_at_whose_address_nobody_listens(hosts, copy):
    report = ask(hosts, copy, "ecb", "fred", bases={"ecb": nobody()})
    assert [f.publisher for f in report.failing] == ["ecb"]
    assert "no answer: connect error (4 tries)" in report.problems[0].message


def test_all_publishers_down_at_once(hosts, folder):
    before = kept(folder)
    names = {name for name, module in SOURCES.publishers.items() if feeds_of(module, {})}
    for name in names:
        hosts.spoil("status 500", name)
    report = ask(hosts, folder)
    assert {f.publisher for f in report.failing} == names
    assert len(report.failing) == report.asked
    assert kept(folder) == before
    assert Store(folder).verify() == {}


def test_a_new_value_out_of_all_proportion_is_held_back(hosts, tmp_path):
    """The newest week is not held yet, so only its series' past can tell."""
    whole = hosts.body("fred", "WMTSECL1.csv").decode()
    hosts.put("fred", "WMTSECL1.csv", whole.replace("2026-06-24,2636947\n", "").encode())
    ask(hosts, tmp_path, "fred")
    hosts.put("fred", "WMTSECL1.csv", whole.replace("2636947", "2636947000").encode())
    report = ask(hosts, tmp_path, "fred")
    (trouble,) = report.problems
    assert trouble.message == (
        "fed.custody.treasuries: 2026-06-24: 2636947 is out of all proportion to what is held"
        " (typically 2693 USD bn): other units?"
    )
    assert report.added == {}
    hosts.instead.clear()
    assert ask(hosts, tmp_path, "fred").added == {"fed.custody.treasuries": 1}


# All publishers' files in all ways.

ALL = sorted({(route.publisher, route.file) for route in routes()})
FIRST = sorted({publisher: (publisher, file) for publisher, file in reversed(ALL)}.values())
READ = {"Latin-1", "UTF-16", "an error page", "empty"}
"""What only a parser can tell. The rest fails before it comes to one, whichever file of a publisher it is."""


def untouched(publisher: str, file: str, kind: str) -> bool:
    """Whether a file has nothing that could be wrong in this way (no decimals, no second period, …)."""
    text = stored(publisher, file).decode("latin-1")
    return kind in CONTENTS and CONTENTS[kind](text, form_of(publisher, file)) == text


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_no_file_of_any_publisher_brings_in_anything_wrong(hosts, folder, monkeypatch, kind):
    """One file after the other fails. It is named, or what it says is what is held; nothing else changes."""
    monkeypatch.setattr(web, "LONGEST", 0.05 if kind == "slow" else web.LONGEST)
    before, silent, tried = kept(folder), [], 0
    for publisher, file in ALL if kind in READ | set(CONTENTS) else FIRST:
        if untouched(publisher, file, kind):
            continue
        hosts.forget()
        hosts.spoil(kind, publisher, file)
        report = ask(hosts, folder, publisher, anew=kind == "304 unasked")
        hosts.heal()
        if any(asked.file == file for asked in hosts.forget()):  # those of keys are not asked for
            tried += 1
            if not report.problems:
                silent.append(f"{publisher}/{file}")
        assert report.added == {}, (publisher, file)
        assert kept(folder) == before, (publisher, file)
        assert ask(hosts, folder, publisher, now=NOW + 86_400).failing == (), (publisher, file)
    assert tried >= 10
    assert silent == SILENT.get(kind, []), silent


SILENT = {
    "Latin-1": ["auctions/allotments.html", "tic/releases.html"],  # only a link is read on them
    "cut at a line": ["auctions/allotments.html"],  # and it stands above the cut
    # the newest date there is that of a sale to come, which is passed over
    "a date in the future": ["auctions/results.json"],
    "a period twice": ["auctions/results.json"],
}
"""Files that say nothing of a failure, because it does not touch what is read."""
