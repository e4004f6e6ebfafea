"""A refresh: one change with one number, from small files and from the publishers' real formats.

The first part asks a publisher on paper. The second runs the command against all publishers, as
tests/hosts.py serves them, and holds the result against the committed snapshot.
"""

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from evidence import calendar
from evidence.cli import app
from evidence.fetches import Fetches, asked_for, down
from evidence.fetches import read as read_record
from evidence.observations import SNAPSHOT, Series, Store
from evidence.publishers import Feed, Observation, Parsed, discover, feeds_of
from evidence.refresh import Busy, Sources, Wish
from evidence.transaction import ASIDE, PENDING, WriteFault
from tests import ours
from tests.hosts import Asked, Hosts, carried, serving
from tests.small_feeds import CATALOGUE, FEEDS, MONTH, ONE, PRINTS, TWO, Desk, Paper, quoted
from tests.stops import everything

pytestmark = pytest.mark.usefixtures("read_once")

FIRST, REST = FEEDS
MONDAY = "2025-04-14T12:00:00Z"
TUESDAY = "2025-04-15T12:00:00Z"
FRIDAY = "2025-04-18T12:00:00Z"
NEXT_FRIDAY = "2025-04-25T12:00:00Z"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    found = Desk(tmp_path / "snapshot")
    found.post.put(FIRST, *quoted(ONE, [("2025-04-02", 10), ("2025-04-09", 11)]))
    rest = [*quoted(TWO, [("2025-04-09", -3)]), *quoted(MONTH, [("2025-01", 7)])]
    found.post.put(REST, *rest)
    return found


def written(folder: Path) -> dict[str, int]:
    """When each file was written last."""
    return {p.name: p.stat().st_mtime_ns for p in folder.rglob("*.*") if p.name != ".lock"}


# One change with one number.


def test_the_first_refresh_fills_an_empty_folder(desk):
    report = desk.refresh(MONDAY)
    assert (report.before, report.snapshot, report.asked, report.unchanged) == (0, 1, 2, 0)
    assert report.added == {ONE: 2, TWO: 1, MONTH: 1}
    assert (report.problems, report.failing, report.mended, report.revised) == ((), (), (), {})
    assert report.words[0] == "Snapshot 1: 4 new lines in 3 series (0 of them revisions)."
    assert desk.lines() == ["2025-04-02,10,,1", "2025-04-09,11,,1"]
    store = desk.store()
    assert store.verify() == {}
    assert store.newest_day == date(2025, 4, 10)
    assert not (desk.folder / PENDING).exists()
    assert not (desk.folder / ASIDE).exists()


def test_nothing_new_changes_no_byte_and_asks_by_the_marks(desk):
    desk.refresh(MONDAY)
    before, times = everything(desk.folder), written(desk.folder)
    desk.post.asked.clear()
    report = desk.refresh(TUESDAY)
    assert (report.before, report.snapshot, report.added, report.unchanged) == (1, 1, {}, 2)
    assert report.words[0] == "Nothing new: the snapshot stays at number 1."
    assert everything(desk.folder) == before
    assert written(desk.folder) == times, "not even with the same bytes is a file written"
    assert all(marks.etag for _, marks in desk.post.asked)


def test_without_marks_the_same_file_is_unchanged_too(desk):
    desk.post.marked = False
    desk.refresh(MONDAY)
    before = everything(desk.folder)
    assert desk.refresh(TUESDAY).unchanged == 2
    assert everything(desk.folder) == before


def test_a_second_refresh_adds_lines_under_the_next_number(desk):
    desk.refresh(MONDAY)
    desk.post.put(
        FIRST, *quoted(ONE, [("2025-04-02", 10.5), ("2025-04-09", 11), ("2025-04-16", 12)])
    )
    report = desk.refresh(FRIDAY)
    assert (report.before, report.snapshot, report.added, report.revised) == (
        1,
        2,
        {ONE: 2},
        {ONE: 1},
    )
    assert desk.lines() == [
        "2025-04-02,10,,1",
        "2025-04-02,10.5,2025-04-17T20:30:00Z,2",
        "2025-04-09,11,,1",
        "2025-04-16,12,,2",
    ]
    store = desk.store()
    assert store.n == 2
    assert store.as_of(date(2025, 4, 18), 1).series(ONE).latest.tolist() == [10, 11]
    assert store.as_of(date(2025, 4, 18), 2).series(ONE).latest.tolist() == [10.5, 11, 12]
    assert store.as_of(date(2025, 4, 16), 2).series(ONE).latest.tolist() == [10, 11]


def test_a_look_that_was_written_down_dates_what_comes_after_it(desk):
    """On Friday something else was new, so the look is on record; one was not there yet."""
    desk.refresh(MONDAY)
    desk.post.put(
        REST,
        *quoted(TWO, [("2025-04-09", -3), ("2025-04-16", 4)]),
        *quoted(MONTH, [("2025-01", 7)]),
    )
    desk.refresh(FRIDAY)
    desk.post.put(
        FIRST, *quoted(ONE, [("2025-04-02", 10), ("2025-04-09", 11.5), ("2025-04-16", 12)])
    )
    desk.refresh("2025-04-21T12:00:00Z")
    assert desk.lines()[1:] == [
        "2025-04-09,11,,1",
        "2025-04-09,11.5,2025-04-21T12:00:00Z,3",
        "2025-04-16,12,2025-04-21T12:00:00Z,3",
    ]


def test_asking_anew_leaves_marks_out_and_remembers_when_it_looked(desk):
    """`--anew` is no reason to date a revision before the last time that the old value was seen."""
    desk.refresh(MONDAY)
    desk.post.put(
        REST,
        *quoted(TWO, [("2025-04-09", -3), ("2025-04-16", 4)]),
        *quoted(MONTH, [("2025-01", 7)]),
    )
    desk.refresh(FRIDAY)
    desk.post.asked.clear()
    desk.post.put(FIRST, *quoted(ONE, [("2025-04-02", 10), ("2025-04-09", 11.5)]))
    desk.refresh("2025-04-21T12:00:00Z", Wish(anew=True))
    assert desk.lines()[-1] == "2025-04-09,11.5,2025-04-21T12:00:00Z,3"
    assert not any(marks.headers for _, marks in desk.post.asked)


# What fails, and what goes on.


def test_one_that_fails_leaves_the_others_done_and_says_since_when(desk):
    desk.post.fail(REST)
    report = desk.refresh(MONDAY)
    assert report.added == {ONE: 2}
    (trouble,) = report.problems
    assert trouble.words == "paper/rest.csv: https://two.example/rest.csv: status 500 (4 tries)"
    (failing,) = report.failing
    assert (failing.feed, failing.publisher, failing.since) == (
        REST.name,
        "paper",
        date(2025, 4, 14),
    )
    assert set(down(desk.folder)) == {TWO, MONTH}
    before = everything(desk.folder)
    (still,) = desk.refresh(FRIDAY).failing
    assert still == failing
    assert everything(desk.folder) == before, "a night on which it still fails changes no byte"
    desk.post.put(REST, *quoted(TWO, [("2025-04-09", -3)]), *quoted(MONTH, [("2025-01", 7)]))
    report = desk.refresh(NEXT_FRIDAY)
    assert (report.failing, report.problems) == ((), ())
    assert report.added == {TWO: 1, MONTH: 1}
    assert down(desk.folder) == {}


def test_a_failure_begins_and_ends_also_where_nothing_is_new(desk):
    desk.refresh(MONDAY)
    good = desk.post.files[REST.url]
    desk.post.fail(REST)
    assert desk.refresh(FRIDAY).snapshot == 1
    assert read_record(desk.folder).failing[REST.name].since == "2025-04-18"
    desk.post.files[REST.url] = good
    assert desk.refresh(NEXT_FRIDAY).failing == ()
    assert read_record(desk.folder).failing == {}


def test_a_feed_that_is_no_longer_offered_does_not_fail_for_ever(desk):
    """With the key another file is asked for; the one without it could never cease to fail."""
    desk.post.fail(FIRST)
    assert [f.feed for f in desk.refresh(MONDAY).failing] == [FIRST.name]
    desk.keys["PAPER_KEY"] = PRINTS.secret["key"]
    desk.post.put(PRINTS, f"{ONE},2025-04-02,10", f"{ONE},2025-04-09,11")
    assert desk.refresh(FRIDAY).failing == ()


def test_whatever_happens_to_one_feed_the_others_go_on(desk):
    desk.post.fail(REST, RuntimeError(f"boom at {PRINTS.secret['key']}"))
    report = desk.refresh(MONDAY)
    assert report.added == {ONE: 2}
    assert [p.words for p in report.problems] == [
        "paper/rest.csv: it could not be asked for: RuntimeError"
    ]


def test_a_parser_that_breaks_is_a_problem(desk, monkeypatch):
    parse = Paper.parse

    def broken(paper: Paper, name: str, data: bytes) -> Parsed:
        if name == REST.name:
            raise IndexError("list index out of range")
        return parse(paper, name, data)

    monkeypatch.setattr(Paper, "parse", broken)
    report = desk.refresh(MONDAY)
    assert report.added == {ONE: 2}
    assert [p.words for p in report.problems] == [
        "paper/rest.csv: it cannot be read: IndexError: list index out of range"
    ]


def test_what_cannot_be_placed_is_a_problem_of_its_series(desk, monkeypatch):
    """A parser that takes less care than `Collector.add`."""
    parse = Paper.parse

    def careless(paper: Paper, name: str, data: bytes) -> Parsed:
        if name == REST.name:
            return Parsed(
                (Observation(TWO, "2025-04-09", "much"), Observation(MONTH, "2025-01", "7"))
            )
        return parse(paper, name, data)

    monkeypatch.setattr(Paper, "parse", careless)
    report = desk.refresh(MONDAY)
    assert report.added == {ONE: 2, MONTH: 1}
    (trouble,) = report.problems
    assert trouble.source == REST.name
    assert trouble.message.startswith(f"{TWO}: it cannot be placed: ")
    assert desk.refresh(TUESDAY).failing[0].feed == REST.name


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([f"{TWO},2025-04-09,-3"], f"no value of {MONTH} is in it: is it cut off?"),
        (
            [f"{TWO},2025-04-09,-3", f"{MONTH},2025-01,7", f"{ONE},2025-04-16,99"],
            f"it brings {ONE}, which this feed is not said to hold",
        ),
        (
            [f"{TWO},2025-04-09,-3", f"{MONTH},2025-01,7", "test.owned,2025-04-16,99"],
            "it brings test.owned, which this feed is not said to hold",
        ),
    ],
)
def test_a_feed_brings_what_it_is_said_to_hold(desk, lines, told):
    desk.post.put(REST, *lines)
    report = desk.refresh(MONDAY)
    assert [p.words for p in report.problems] == [f"paper/rest.csv: {told}"]
    assert report.added[ONE] == 2
    assert desk.lines()[-1] == "2025-04-09,11,,1"
    assert not desk.held("test.owned")


def test_a_licensed_series_never_enters_the_snapshot(desk):
    owned = Feed("paper/owned.csv", "https://one.example/owned.csv", ("test.owned", "test.none"))
    desk.paper.offered = (FIRST, owned)
    desk.post.put(owned, "test.owned,2025-04-09,1", "test.none,2025-04-09,1")
    report = desk.refresh(MONDAY)
    assert report.added == {ONE: 2}
    assert {p.message.split(":")[0] for p in report.problems} == {"test.owned", "test.none"}
    assert all("no open series of this id" in p.message for p in report.problems)


def test_a_thousand_faults_are_told_shortly(desk):
    desk.refresh(MONDAY)
    desk.post.put(FIRST, *quoted(ONE, [(f"2026-{m:02d}-01", 10) for m in range(1, 13)]))
    told = [p.message for p in desk.refresh(FRIDAY).problems]
    assert len(told) == 6
    assert told[0] == f"{ONE}: 2026-01-01 lies after 2025-04-18, the day of the fetch"
    assert told[-1] == f"{ONE}: and 7 more of this kind"


def test_a_part_that_is_not_taken_leaves_the_feed_without_marks(desk):
    """Two is good and comes in; the month is not, so the whole file is asked for again."""
    desk.post.put(REST, *quoted(TWO, [("2025-04-09", -3)]), *quoted(MONTH, [("2027-01", 7)]))
    assert desk.refresh(MONDAY).added == {ONE: 2, TWO: 1}
    assert set(read_record(desk.folder).seen) == {FIRST.name}
    desk.post.asked.clear()
    desk.refresh(TUESDAY)
    assert [bool(marks.headers) for _, marks in sorted(desk.post.asked, key=lambda a: a[0])] == [
        True,
        False,
    ]


# Several files for one series, pages, secrets.


def test_one_of_two_files_may_end_before_the_other(desk):
    """The history, and the running month: today only the history has changed."""
    history = Feed("paper/history.csv", "https://one.example/history.csv", (ONE,))
    desk.paper.offered = (history, FIRST)
    desk.post.put(history, *quoted(ONE, [("2025-03-26", 9), ("2025-04-02", 10)]))
    desk.post.put(FIRST, *quoted(ONE, [("2025-04-09", 11)]))
    assert desk.refresh(MONDAY).added == {ONE: 3}
    desk.post.put(history, *quoted(ONE, [("2025-03-19", 8), ("2025-03-26", 9), ("2025-04-02", 10)]))
    report = desk.refresh(FRIDAY)
    assert (report.problems, report.added) == ((), {ONE: 1})
    # but not before it ended the last time
    desk.post.put(history, *quoted(ONE, [("2025-03-19", 8), ("2025-03-26", 9)]))
    assert [p.words for p in desk.refresh(FRIDAY).problems] == [
        "paper/history.csv: it ends with 2025-03-26, and ended with 2025-04-02 before: is it cut off?"
    ]
    desk.post.put(history, *quoted(ONE, [("2025-03-19", 8), ("2025-03-26", 9), ("2025-04-02", 10)]))
    # read together they are all there is, and that ends too early
    desk.post.put(FIRST, *quoted(ONE, [("2025-03-05", 7)]))
    (first, second) = desk.refresh(NEXT_FRIDAY, Wish(anew=True)).problems
    assert first.message == second.message
    assert "it ends with 2025-04-02, and 2025-04-09 is held already" in first.message


def test_a_page_that_leads_to_another_file_is_asked_for_the_whole_of_it(desk):
    linked = Feed("paper/one.csv", "https://one.example/page", (ONE,), link="x")
    desk.paper.offered = (linked,)
    desk.post.files[linked.url] = "https://one.example/april.csv"
    april = Feed("april", "https://one.example/april.csv", (ONE,))
    may = Feed("may", "https://one.example/may.csv", (ONE,))
    desk.post.put(april, *quoted(ONE, [("2025-04-02", 10)]))
    desk.refresh(MONDAY)
    desk.refresh(TUESDAY)
    desk.post.files[linked.url] = may.url
    desk.post.put(may, *quoted(ONE, [("2025-04-02", 10), ("2025-04-09", 11)]))
    desk.refresh(FRIDAY)
    assert [(url, bool(marks.headers)) for url, marks in desk.post.asked] == [
        (april.url, False),
        (april.url, True),
        (may.url, False),
    ]


def test_no_secret_is_in_any_word_or_file(desk):
    """Not even where the publisher's answer repeats what it was asked."""
    key = PRINTS.secret["key"]
    desk.keys["PAPER_KEY"] = key
    desk.post.put(PRINTS, f"{ONE},2025-04-02,{key}")
    report = desk.refresh(MONDAY)
    assert report.problems[0].words == (
        f"paper/prints.csv:1: {ONE}: `…` is not a number such as 1234.5"
    )
    assert key not in report.model_dump_json()
    assert not any(key.encode() in data for data in everything(desk.folder).values())
    assert key not in repr(PRINTS)
    assert key not in repr(Sources({"paper": desk.paper}, CATALOGUE, desk.keys))


def test_another_address_or_another_series_makes_marks_worthless():
    feed = Feed("a", "https://a.example/a", (ONE,), secret={"key": "1"})
    same = Feed("a", "https://a.example/a", (ONE,), secret={"key": "2"})
    assert asked_for(feed) == asked_for(same), "another key asks for the same"
    others = [
        asked_for(Feed("a", "https://a.example/b", (ONE,), secret={"key": "1"})),
        asked_for(Feed("a", "https://a.example/a", (ONE, TWO), secret={"key": "1"})),
        asked_for(Feed("a", "https://a.example/a", (ONE,))),
        asked_for(feed, "https://a.example/linked"),
    ]
    assert len({asked_for(feed), *others}) == 5


# Only some of it.


def test_only_the_series_that_are_wanted(desk):
    report = desk.refresh(MONDAY, Wish(series=(TWO,)))
    assert (report.asked, report.added) == (1, {TWO: 1})
    assert read_record(desk.folder).seen == {}, "the month in the same file was not taken"
    assert desk.refresh(TUESDAY).added == {ONE: 2, MONTH: 1}


# A recorded past.


def test_with_the_key_the_past_is_recorded_from_then_on(desk):
    desk.refresh(MONDAY)
    desk.keys["PAPER_KEY"] = PRINTS.secret["key"]
    desk.post.put(
        PRINTS, f"{ONE},2025-04-02,9", f"{ONE},2025-04-02,10,2025-04-11T20:30:00Z", f"{ONE},2025-04-09,11"
    )  # fmt: skip
    report = desk.refresh(FRIDAY)
    assert (report.snapshot, report.added) == (2, {ONE: 2})
    store = desk.store()
    assert [store.quality(ONE, n) for n in (1, 2)] == ["reconstructed", "recorded"]
    assert store.quality(TWO, 2) == "reconstructed"
    assert store.as_of(date(2025, 4, 10), 2).series(ONE).latest.tolist() == [9, 11]
    assert store.as_of(date(2025, 4, 10), 1).series(ONE).latest.tolist() == [10, 11]
    before = everything(desk.folder)
    assert desk.refresh(NEXT_FRIDAY).added == {}
    assert everything(desk.folder) == before


def test_prints_that_agree_with_all_that_is_held_make_it_recorded_too(desk):
    """Without a line: from the next number on, so that what stands under this one stays as it is."""
    desk.refresh(MONDAY)
    desk.keys["PAPER_KEY"] = PRINTS.secret["key"]
    desk.post.put(
        PRINTS, f"{ONE},2025-04-02,10", f"{ONE},2025-04-09,11,2025-04-10T20:30:00Z"
    )  # fmt: skip
    report = desk.refresh(FRIDAY)
    assert (report.snapshot, report.added) == (1, {})
    assert desk.store().quality(ONE, 1) == "reconstructed"
    before = everything(desk.folder)
    desk.refresh("2025-04-19T12:00:00Z")
    assert everything(desk.folder) == before
    desk.post.put(
        REST,
        *quoted(TWO, [("2025-04-09", -3), ("2025-04-16", 4)]),
        *quoted(MONTH, [("2025-01", 7)]),
    )
    desk.refresh(NEXT_FRIDAY)
    assert [desk.store().quality(ONE, n) for n in (1, 2)] == ["reconstructed", "recorded"]
    # the archive's oldest print has no day of its own: what came before it is as it was
    days = (date(2025, 4, 2), date(2025, 4, 9))
    assert [desk.store().quality(ONE, 2, day) for day in days] == ["reconstructed", "recorded"]


# Damage, a lock, a disk that takes nothing more.


def test_a_damaged_series_is_put_back_and_asked_for_anew(desk):
    desk.refresh(MONDAY)
    good = everything(desk.folder)
    file = desk.folder / "series" / f"{ONE}.csv"
    file.write_text("?", encoding="utf-8")
    assert "sha256" in desk.store().verify()[ONE]
    desk.post.asked.clear()
    report = desk.refresh(TUESDAY)
    assert [m.words for m in report.mended] == [
        f"series/{ONE}.csv: it was damaged and set aside; put back as it was"
    ]
    marked = {url: bool(marks.headers) for url, marks in desk.post.asked}
    assert marked == {FIRST.url: False, REST.url: True}
    left = everything(desk.folder)
    assert {name: left[name] for name in good} == good
    assert desk.refresh(FRIDAY).mended == ()


def test_a_damaged_series_of_which_nobody_has_a_copy_is_fetched_anew(desk):
    desk.refresh(MONDAY)
    shutil.rmtree(desk.folder / ".good")
    (desk.folder / "series" / f"{ONE}.csv").unlink()
    report = desk.refresh(FRIDAY)
    assert report.added == {ONE: 2}
    assert desk.lines() == ["2025-04-02,10,,2", "2025-04-09,11,,2"]
    assert desk.store().verify() == {}


def test_a_snapshot_without_its_series_is_filled_although_the_record_has_marks(desk):
    desk.refresh(MONDAY)
    for name in ("series", ".good"):
        shutil.rmtree(desk.folder / name)
    (desk.folder / "manifest.json").unlink()
    assert desk.refresh(FRIDAY).added == {ONE: 2, TWO: 1, MONTH: 1}


@pytest.mark.parametrize("text", ["", "{", '{"seen": 1}', '{"seen": {}, "failing": {"x": {}}}'])
def test_a_record_that_cannot_be_read_is_begun_anew(desk, text):
    desk.refresh(MONDAY)
    (desk.folder / "fetches.json").write_text(text, encoding="utf-8")
    assert read_record(desk.folder) == Fetches()
    assert desk.refresh(TUESDAY).added == {}


def test_while_another_is_at_work_a_refresh_waits_and_then_gives_up(desk, monkeypatch):
    from filelock import FileLock

    from evidence import refresh as module

    monkeypatch.setattr(module, "PATIENCE", 0.05)
    desk.folder.mkdir()
    with FileLock(desk.folder / ".lock"), pytest.raises(Busy, match="another refresh is at work"):
        desk.refresh(MONDAY)
    assert desk.refresh(MONDAY).snapshot == 1


def test_where_nothing_can_be_written_that_is_what_is_said(desk):
    desk.folder.write_text("a file, not a folder", encoding="utf-8")
    with pytest.raises(WriteFault, match="snapshot cannot be written"):
        desk.refresh(MONDAY)


def test_copies_that_cannot_be_kept_are_a_problem_and_no_loss(desk, monkeypatch):
    from evidence import refresh as module

    def full(folder: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "keep_good", full)
    report = desk.refresh(MONDAY)
    assert report.snapshot == 1
    assert [p.source for p in report.problems] == [".good"]
    assert desk.store().verify() == {}


# The command, against all publishers.

NOW = calendar.seconds("2026-11-22T12:00:00Z")
CATALOGUED = ours.catalogue()


@pytest.fixture(scope="module")
def hosts() -> Iterator[Hosts]:
    with serving() as running:
        yield running


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("time.time", lambda: float(NOW))
    for name in ("FRED_API_KEY", "BEA_API_KEY", "FLOWCHECK_PROJECT_URL"):
        monkeypatch.delenv(name, raising=False)


def command(hosts: Hosts, folder: Path, *words: str):
    given = ["refresh", *words, "--snapshot", str(folder), *hosts.options]
    return CliRunner().invoke(app, given, catch_exceptions=False)


@pytest.fixture(scope="module")
def filled(hosts, tmp_path_factory) -> tuple[Path, dict, list[Asked]]:
    """An empty folder, filled from all publishers: the folder, the report, what was asked."""
    folder = tmp_path_factory.mktemp("filled") / "snapshot"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("time.time", lambda: float(NOW))
        patch.delenv("FRED_API_KEY", raising=False)
        patch.delenv("BEA_API_KEY", raising=False)
        hosts.forget()
        done = command(hosts, folder, "--json")
    assert done.exit_code == 0, done.stderr
    return folder, json.loads(done.stdout), hosts.forget()


@pytest.fixture
def copy(filled, tmp_path) -> Path:
    return Path(shutil.copytree(filled[0], tmp_path / "snapshot"))


def test_all_publishers_are_served_and_asked(hosts, filled):
    """Each has its fixtures, and every feed is asked for once (a page and its file are two questions)."""
    _, report, asked = filled
    feeds = [(name, feed) for name, module in discover().items() for feed in feeds_of(module, {})]
    assert {route.publisher for route in hosts.routes} == {name for name, _ in feeds}
    assert report["asked"] == len(feeds) > 40
    assert (report["problems"], report["failing"]) == ([], [])
    assert len(asked) == len(feeds) + sum(bool(feed.link) for _, feed in feeds)
    assert {a.status for a in asked} == {200}
    assert not any(a.conditional for a in asked)
    assert {a.headers["user-agent"].split("/")[0] for a in asked} == {"Flowcheck"}


def newest(series: Series) -> np.ndarray:
    """When the newest version of each period became known."""
    return series.known[np.append(series.first[1:], len(series.owner)) - 1]


def by_rule(name: str) -> bool:
    """Whether the committed snapshot leaves every time of a series to the release rule."""
    text = (SNAPSHOT / "series" / f"{name}.csv").read_text(encoding="utf-8")
    return not any(line.split(",")[2] for line in text.splitlines()[1:])


NEW = {
    "ecb.bund_10y_month": "the ECB is read live only",
    "nyfed.bgcr": "the Markets API has it; no kept file had",
    "tic.abroad.": "table 2 of the SLT is read live only",
    "tic.slt.": "the bills of table 3 are read live only",
    **{
        series: "no kept file, and none of its answers either"
        for name, module in discover().items()
        for feed in feeds_of(module, {})
        if (name, feed.name.rpartition("/")[2]) in carried()
        for series in feed.series
    },
}
"""What is fetched and not in the committed snapshot."""
NOT_OFFERED = {
    "bea.niip": "closed: as printed in releases to 2025",
    "imf.gg_balance_projected.": "an edition's projections, closed",
    "quoted.": "known only from print",
    "tic.survey.": "the yearly surveys are read from a kept table",
    "z1.row_equity_in": "closed: the vintage of June 2026",
    "z1.row_equity_out": "closed: the vintage of June 2026",
}
"""What is in the committed snapshot and no publisher offers."""
DATED_BY_ITS_FILE = {
    "tic.holdings.": "table 5 is one vintage: known with the release of its newest month",
}
"""Series that the committed snapshot leaves to the rule and whose live file says more, and later."""


PRINTED = {
    "tic.net.": "each release dates its own prints, and four of them do not hold all later ones",
}
"""Series of which each value is held against what the committed snapshot has for its own second."""


def one_of(name: str, names: dict[str, str]) -> bool:
    return any(name == n or (n.endswith(".") and name.startswith(n)) for n in names)


def test_from_an_empty_folder_come_the_values_of_the_committed_snapshot(filled):
    """Every value of every period that the fixtures have, as it stands; and all series but those named above."""
    found, committed = Store(filled[0]), Store()
    compared = 0
    for name in found.manifest["series"]:
        series = found.whole(name, found.n)
        if name not in committed.manifest["series"]:
            assert one_of(name, NEW), name
            continue
        there = committed.whole(name, committed.n)
        at = np.searchsorted(there.periods, series.periods)
        assert np.array_equal(there.periods[np.minimum(at, len(there) - 1)], series.periods), name
        stands = there.value(at, newest(series)) if one_of(name, PRINTED) else there.latest[at]
        assert np.array_equal(stands, series.latest), name
        compared += len(series)
    assert compared > 3500
    missing = set(committed.manifest["series"]) - set(found.manifest["series"])
    assert {name for name in missing if not one_of(name, NOT_OFFERED)} == set()


def test_from_an_empty_folder_come_the_times_of_the_committed_snapshot(filled):
    """What is never revised became known at the same second.

    Elsewhere the two may differ: an empty folder has no earlier print, so the newest value stands from
    its first day on, and the committed one dates the copy that it was read from.
    """
    found, committed = Store(filled[0]), Store()
    same = 0
    for name in found.manifest["series"]:
        if name not in committed.manifest["series"] or not by_rule(name):
            continue
        series, there = found.whole(name, found.n), committed.whole(name, committed.n)
        at = np.searchsorted(there.periods, series.periods)
        if one_of(name, DATED_BY_ITS_FILE):
            assert (series.first_known >= there.first_known[at]).all(), name
        else:
            assert np.array_equal(series.known, there.known[at]), name
            same += len(series)
    assert same > 2500


def test_nothing_is_known_after_the_fetch_that_brought_it(filled):
    store = Store(filled[0])
    for name in store.manifest["series"]:
        assert store.whole(name, store.n).known.max() <= NOW, name


def test_the_second_run_changes_no_byte_and_asks_by_the_marks(hosts, filled, copy, monkeypatch):
    """Files, and the pages that lead to them."""
    before = everything(copy)
    for later in (60, 86_400):
        monkeypatch.setattr("time.time", lambda later=later: float(NOW + later))
        hosts.forget()
        done = command(hosts, copy, "--json")
        assert done.exit_code == 0
        report = json.loads(done.stdout)
        assert (report["added"], report["snapshot"]) == ({}, 1)
        assert report["unchanged"] == report["asked"]
        asked = hosts.forget()
        assert len(asked) > report["asked"]
        assert [a.path for a in asked if not a.conditional] == []
        assert {a.status for a in asked} == {304}
        assert everything(copy) == before


def test_a_file_without_marks_is_read_again_and_changes_no_byte(hosts, filled, copy):
    before = everything(copy)
    hosts.unmarked.add(("ofr", "fsi.csv"))
    try:
        done = command(hosts, copy, "--only", "ofr")
    finally:
        hosts.unmarked.clear()
    assert done.exit_code == 0
    assert everything(copy) == before


@pytest.mark.long
def test_onto_the_committed_snapshot_come_new_series_only(hosts, tmp_path):
    """No line for a period that is held: no parser reads, rounds or dates otherwise than the kept files'."""
    folder = tmp_path / "snapshot"
    shutil.copytree(SNAPSHOT, folder, ignore=shutil.ignore_patterns(".*", "damaged"))
    done = command(hosts, folder, "--json")
    assert done.exit_code == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["revised"] == {}
    assert {name for name in report["added"] if not one_of(name, NEW)} == set()
    committed, found = Store(), Store(folder)
    assert found.n == committed.n + 1
    for name in committed.manifest["series"]:
        file = f"series/{name}.csv"
        assert (folder / file).read_bytes() == (SNAPSHOT / file).read_bytes(), name
    before = everything(folder)
    assert command(hosts, folder).exit_code == 0
    assert everything(folder) == before


def test_a_publisher_that_is_down_is_named_and_the_others_are_done(
    hosts, filled, tmp_path, monkeypatch
):
    folder = tmp_path / "snapshot"
    hosts.spoil("status 500", "ofr")
    try:
        done = command(hosts, folder, "--json")
    finally:
        hosts.heal()
    assert done.exit_code == 1
    report = json.loads(done.stdout)
    down_now = {"ofr/fsi.csv", "ofr/repo.json", "ofr/sponsored.json"}
    assert {p["source"] for p in report["problems"]} == down_now
    assert {f["feed"]: f["since"] for f in report["failing"]} == dict.fromkeys(
        down_now, "2026-11-22"
    )
    assert done.stderr.count("status 500 (4 tries)") == 3
    whole = filled[1]["added"]
    assert report["added"] == {n: c for n, c in whole.items() if not n.startswith("ofr.")}
    monkeypatch.setattr("time.time", lambda: float(NOW + 86_400))
    again = command(hosts, folder, "--json")
    assert again.exit_code == 0
    report = json.loads(again.stdout)
    assert (report["failing"], report["problems"]) == ([], [])
    assert report["added"] == {n: c for n, c in whole.items() if n.startswith("ofr.")}
    now, then = Store(folder), Store(filled[0])
    for name in then.manifest["series"]:
        assert now.whole(name, 2).digest == then.whole(name, 1).digest, name


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--only", "fredd"], "there is no publisher `fredd` (did you mean `fred`?)"),
        (["nyfed.sofrr"], "there is no series `nyfed.sofrr`"),
        (["bea.niip"], "no publisher offers `bea.niip` as a feed"),
        (["--base-url", "fred"], "--base-url: `fred`; write it as"),
        (["--base-url", "nobody=http://127.0.0.1:1"], "--base-url: `nobody=http"),
    ],
)
def test_wrong_use_is_one_sentence(tmp_path, words, told):
    done = CliRunner().invoke(app, ["refresh", *words, "--snapshot", str(tmp_path)])
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(told)


def test_only_some_series_and_publishers(hosts, tmp_path):
    done = command(hosts, tmp_path, "nyfed.sofr", "fed.custody.treasuries", "--json")
    assert done.exit_code == 0, done.stderr
    assert set(json.loads(done.stdout)["added"]) == {"nyfed.sofr", "fed.custody.treasuries"}
    done = command(hosts, tmp_path, "--only", "ecb")
    assert done.exit_code == 0
    assert "ecb.bund_10y_month: " in done.stdout


def test_a_manifest_of_which_nobody_has_a_copy_is_one_sentence(hosts, tmp_path):
    (tmp_path / "manifest.json").write_text("{", encoding="utf-8")
    done = command(hosts, tmp_path)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "no readable manifest.json" in done.stderr


# With a key to FRED: every print.

KEY = "abcdef0123456789abcdef0123456789"
STORY = "deficit-front-loading"


@pytest.fixture(scope="module")
def recorded(hosts, tmp_path_factory) -> tuple[Path, list[Asked]]:
    """The committed snapshot, refreshed from BEA's feeds with FRED_API_KEY set."""
    folder = tmp_path_factory.mktemp("recorded") / "snapshot"
    shutil.copytree(SNAPSHOT, folder, ignore=shutil.ignore_patterns(".*", "damaged"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("time.time", lambda: float(NOW))
        patch.delenv("BEA_API_KEY", raising=False)
        patch.setenv("FRED_API_KEY", KEY)
        hosts.forget()
        done = command(hosts, folder, "--only", "bea", "--json")
    assert done.exit_code == 0, done.stderr
    assert "bea.trade_balance" in json.loads(done.stdout)["added"]
    assert KEY not in done.stdout + done.stderr
    return folder, hosts.forget()


def test_with_a_key_the_archive_is_asked_and_the_key_is_nowhere(recorded):
    folder, asked = recorded
    assert {a.path for a in asked} == {"/fred/series/observations"}
    assert all(f"api_key={KEY}" in a.query for a in asked)
    assert not any(KEY.encode() in data for data in everything(folder).values())


def test_with_a_key_the_trade_balances_history_is_recorded(recorded):
    store, committed = Store(recorded[0]), Store()
    old, new = committed.n, committed.n + 1
    assert store.quality("bea.trade_balance", old) == "reconstructed"
    assert store.quality("bea.trade_balance", new) == "recorded"
    for name in committed.manifest["series"]:
        assert store.whole(name, old).digest == committed.whole(name, old).digest, name


@pytest.mark.parametrize(
    ("as_of", "month", "value"),
    [
        ("2025-05-05", "2025-03", None),
        ("2025-05-06", "2025-03", -140.5),
        ("2025-06-04", "2025-03", -140.5),
        ("2025-06-05", "2025-04", -61.62),
        ("2025-04-03", "2025-01", -130.65),
        ("2025-04-02", "2025-01", -131.4),
    ],
)
def test_a_past_day_sees_the_prints_of_that_day(recorded, as_of, month, value):
    """As the Census Bureau and BEA printed them: March 2025 at 140.5 bn on 6 May, January at 131.4 and then 130.65."""
    store = Store(recorded[0])
    view = store.as_of(date.fromisoformat(as_of)).series("bea.trade_balance")
    hit = view.periods == np.datetime64(calendar.period_end(month))
    assert (float(view.latest[hit][0]) if hit.any() else None) == value


def scored(folder: Path, as_of: str) -> dict:
    words = ["score", STORY, "--as-of", as_of, "--json", "--snapshot", str(folder)]
    done = CliRunner().invoke(app, words, catch_exceptions=False)
    assert done.exit_code == 0, done.stderr
    (verdict,) = json.loads(done.stdout)["verdicts"]
    return verdict


def test_a_verdict_on_a_past_day_rests_on_the_prints_of_that_day(recorded):
    """And says so where each month that it reads is a dated print: in the fixture from February 2025 on."""
    now, before = scored(recorded[0], "2025-06-20"), scored(SNAPSHOT, "2025-06-20")
    assert now["identity"] != before["identity"]
    told = {t["id"]: t["data"]["vintage_quality"] for t in now["tests"] if t["data"]}
    assert told["march-at-an-annual-rate"] == "recorded"
    assert told["record-month"] == told["twelve-months-sum"] == "reconstructed"
    assert {t["data"]["vintage_quality"] for t in before["tests"] if t["data"]} == {"reconstructed"}


def test_a_snapshot_before_the_record_is_scored_as_it_was(recorded):
    from evidence.commands import REPO, desk
    from evidence.trace import dump

    number = Store().n

    def told(folder: Path) -> list[dict]:
        engine, _ = desk(REPO / "narratives", folder)
        days = (date(2025, 5, 6), date(2025, 6, 20), date(2026, 1, 15))
        return [dump(engine.score(STORY, day, number).verdict) for day in days]

    assert told(recorded[0]) == told(SNAPSHOT)
