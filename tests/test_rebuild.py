"""The snapshot is append-only: nothing new changes no byte, a revision is a new line."""

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from evidence import calendar
from evidence.catalogue import Catalogue, Release, Series
from evidence.catalogue import read as read_catalogue
from evidence.ledger import read_lines
from evidence.observations import SNAPSHOT, Store
from evidence.publishers import Observation, Parsed, Problem, discover, feeds_of
from evidence.rebuild import main, rebuild
from evidence.transaction import LOCK, change

FIXTURES = Path(__file__).parent / "fixtures" / "publishers"
TODAY = date(2026, 11, 22)


def small_catalogue() -> Catalogue:
    release = Release(
        id="thursday",
        name="Thursday",
        time="16:30",
        weekday="thursday",
        stale_after_days=5,
        source="a test",
    )
    common = {
        "unit": "USD bn", "frequency": "weekly", "behaves": "stock", "source_group": "test",
        "release": "thursday", "publisher": "Test", "url": "https://example.org", "citation": "Test",
    }  # fmt: skip
    series = {
        name: Series.model_validate({"id": name, "title": name, "short": name, **common})
        for name in ("test.one", "test.two")
    }
    owned = {
        "id": "test.owned",
        "title": "owned",
        "short": "owned",
        **common,
        "licence": "licensed",
    }
    series["test.owned"] = Series.model_validate(owned)
    return Catalogue(series=series, releases={"thursday": release})


class Fake:
    """A publisher whose one file is said to hold these observations."""

    SOURCES = ("fake.csv",)

    def __init__(self, rows: Iterable[Observation], problems: Iterable[Problem] = ()) -> None:
        self.parsed = Parsed(tuple(rows), tuple(problems))

    def parse(self, name: str, data: bytes) -> Parsed:
        return self.parsed


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / "fake.csv").write_text("x", encoding="utf-8")
    return folder


def run(raw: Path, rows: Iterable[tuple[str, ...]], **more: object):
    publishers = {"fake": Fake([Observation(*row) for row in rows])}
    out = raw.parent / "snapshot"
    return rebuild(raw, out, small_catalogue(), publishers, today=TODAY, **more)  # type: ignore[arg-type]


def text(raw: Path, series: str) -> list[str]:
    return (raw.parent / "snapshot" / "series" / f"{series}.csv").read_text("utf-8").splitlines()


def everything(raw: Path) -> dict[str, bytes]:
    out = raw.parent / "snapshot"
    files = (p for p in out.rglob("*") if p.is_file() and p.name != LOCK)
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in files}


FIRST = [("test.one", "2025-04-02", "10"), ("test.one", "2025-04-09", "11")]


def test_the_first_run(raw: Path) -> None:
    outcome = run(raw, FIRST)
    assert (outcome.snapshot, outcome.added, outcome.problems) == (1, {"test.one": 2}, ())
    assert text(raw, "test.one") == [
        "period,value,known_at,added",
        "2025-04-02,10,,1",
        "2025-04-09,11,,1",
    ]
    manifest = json.loads(everything(raw)["manifest.json"])
    assert manifest["snapshot"] == 1
    assert manifest["newest_release"] == "2025-04-10"
    entry = manifest["series"]["test.one"]
    data = everything(raw)["series/test.one.csv"]
    assert entry["sha256"] == hashlib.sha256(data).hexdigest()
    assert (entry["rows"], entry["first"], entry["last"], entry["added"]) == (
        2,
        "2025-04-02",
        "2025-04-09",
        1,
    )


def test_the_same_again_changes_no_byte(raw: Path) -> None:
    run(raw, FIRST)
    before = everything(raw)
    assert run(raw, FIRST).added == {}
    assert run(raw, [("test.one", "2025-04-02", "10.0")]).added == {}  # less, and written otherwise
    assert everything(raw) == before


def test_a_revision_is_a_new_line_known_with_the_newest_release(raw: Path) -> None:
    run(raw, FIRST)
    later = [
        ("test.one", "2025-04-02", "10.5"),
        ("test.one", "2025-04-09", "11"),
        ("test.one", "2025-04-16", "12"),
    ]
    outcome = run(raw, later)
    assert (outcome.snapshot, outcome.added) == (2, {"test.one": 2})
    assert text(raw, "test.one")[1:] == [
        "2025-04-02,10,,1",
        "2025-04-02,10.5,2025-04-17T20:30:00Z,2",
        "2025-04-09,11,,1",
        "2025-04-16,12,,2",
    ]
    before = everything(raw)
    assert run(raw, later).added == {}
    assert run(raw, FIRST).added == {}  # an old copy, read once more
    assert everything(raw) == before


def test_a_revision_taken_back_is_a_line_again(raw: Path) -> None:
    run(raw, FIRST)
    run(raw, [("test.one", "2025-04-02", "10.5"), ("test.one", "2025-04-16", "12")])
    run(raw, [("test.one", "2025-04-02", "10"), ("test.one", "2025-04-23", "13")])
    assert [line for line in text(raw, "test.one") if line.startswith("2025-04-02")] == [
        "2025-04-02,10,,1",
        "2025-04-02,10.5,2025-04-17T20:30:00Z,2",
        "2025-04-02,10,2025-04-24T20:30:00Z,3",
    ]


def test_recorded_vintages_keep_their_times_and_equal_ones_bring_no_line(raw: Path) -> None:
    vintages = [
        ("test.one", "2025-04-02", "10", "2025-04-04T20:00:00Z"),
        ("test.one", "2025-04-02", "10", "2025-05-04T20:00:00Z"),
        ("test.one", "2025-04-02", "9", "2025-06-04T20:00:00Z"),
    ]
    run(raw, reversed(vintages))
    assert text(raw, "test.one")[1:] == [
        "2025-04-02,10,2025-04-04T20:00:00Z,1",
        "2025-04-02,9,2025-06-04T20:00:00Z,1",
    ]
    before = everything(raw)
    run(raw, vintages)
    assert everything(raw) == before
    # an older vintage found later comes in between, marked with the number it came in with
    run(raw, [*vintages, ("test.one", "2025-04-02", "9.5", "2025-05-14T20:00:00Z")])
    assert text(raw, "test.one")[2] == "2025-04-02,9.5,2025-05-14T20:00:00Z,2"


def test_two_values_for_one_moment_are_a_problem(raw: Path) -> None:
    outcome = run(raw, [*FIRST, ("test.one", "2025-04-02", "99"), ("test.two", "2025-04-02", "1")])
    assert outcome.added == {"test.two": 1}
    (problem,) = outcome.problems
    assert problem.source == "test.one"
    assert "2025-04-02 is 10 and 99" in problem.message


def test_a_change_that_has_no_place_leaves_the_line_and_is_told(raw: Path) -> None:
    run(raw, FIRST)
    before = everything(raw)
    outcome = run(
        raw, [FIRST[0], ("test.one", "2025-04-09", "99")]
    )  # no newer release has brought it
    assert "differs from what was known at 2025-04-10T20:30:00Z" in outcome.problems[0].message
    assert everything(raw) == before


def test_unknown_licensed_and_future_observations_stay_out(raw: Path) -> None:
    outcome = run(raw, [
        ("test.three", "2025-04-02", "1"),
        ("test.owned", "2025-04-02", "1"),
        ("test.two", "2027-04-07", "1"),
    ])  # fmt: skip
    assert outcome.added == {}
    assert [p.source for p in outcome.problems] == ["test.owned", "test.three", "test.two"]
    assert everything(raw) == {}


def test_a_stop_halfway_heals_on_the_next_run(raw: Path) -> None:
    run(raw, FIRST)
    manifest = everything(raw)["manifest.json"]
    later = [*FIRST, ("test.one", "2025-04-16", "12")]
    run(raw, later)
    (raw.parent / "snapshot" / "manifest.json").write_bytes(
        manifest
    )  # as if it stopped before that
    outcome = run(raw, later)
    assert outcome.snapshot == 2
    store = Store(raw.parent / "snapshot", small_catalogue())
    assert len(store.as_of(TODAY).series("test.one")) == 3


def test_a_change_that_was_decided_is_finished_first(raw: Path) -> None:
    """A refresh that was killed between its list and its renames: the rebuild goes on from what it decided."""
    run(raw, FIRST)
    out = raw.parent / "snapshot"
    folder = everything(raw)
    later = [*FIRST, ("test.one", "2025-04-16", "12")]
    run(raw, later)
    done = everything(raw)
    for name, data in folder.items():
        (out / name).write_bytes(data)
    staged = {name: data.decode() for name, data in done.items() if data != folder.get(name)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("evidence.transaction.finish", lambda _: None)
        change(out, staged)
    outcome = run(raw, later)
    assert (outcome.snapshot, outcome.added) == (2, {})
    assert everything(raw) == done


def test_frozen_snapshots_read_as_they_were(raw: Path) -> None:
    run(raw, FIRST)
    run(raw, [("test.one", "2025-04-02", "10.5"), ("test.one", "2025-04-16", "12")])
    store = Store(raw.parent / "snapshot", small_catalogue())
    assert store.as_of(TODAY, 1).series("test.one").latest.tolist() == [10, 11]
    assert store.as_of(TODAY, 2).series("test.one").latest.tolist() == [10.5, 11, 12]
    assert store.as_of(date(2025, 4, 16), 2).series("test.one").latest.tolist() == [10, 11]


def test_nothing_below_licensed_is_read(raw: Path) -> None:
    (raw / "licensed").mkdir()
    (raw / "licensed" / "SP500.csv").write_text("date,value\n2025-04-02,1\n", encoding="utf-8")
    greedy = Fake([Observation("test.one", "2025-04-02", "1")])
    greedy.SOURCES = ("licensed/*.csv",)
    outcome = rebuild(
        raw, raw.parent / "snapshot", small_catalogue(), {"greedy": greedy}, today=TODAY
    )
    assert outcome.added == {}
    assert [p.source for p in outcome.problems] == ["licensed/SP500.csv"]


def test_the_real_parsers_over_the_excerpts(tmp_path: Path) -> None:
    outcome = rebuild(FIXTURES, tmp_path, today=TODAY)
    assert {p.message.split(";")[0] for p in outcome.problems} == {"no such file"}
    assert outcome.added["tic.net.official_bonds_notes"] > 4
    lines = [
        str(line) for line in read_lines(tmp_path / "series" / "tic.net.official_bonds_notes.csv")
    ]
    assert [line for line in lines if line.startswith("2025-04")] == [
        "2025-04,6,2025-06-18T20:00:00Z,1",
        "2025-04,-5.692,2026-07-14T20:00:00Z,1",
    ]
    china = [str(line) for line in read_lines(tmp_path / "series" / "tic.holdings.china.csv")]
    assert [line for line in china if line.startswith("2025-04")] == [
        "2025-04,757.2,2025-06-18T20:00:00Z,1",
        "2025-04,743.6,2026-03-18T20:00:00Z,1",
    ]
    before = {p: p.read_bytes() for p in tmp_path.rglob("*.*")}
    assert rebuild(FIXTURES, tmp_path, today=TODAY).added == {}
    assert {p: p.read_bytes() for p in tmp_path.rglob("*.*")} == before


def test_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "nowhere")]) == 2
    assert "is no folder" in capsys.readouterr().err
    assert (
        main([str(FIXTURES), "--out", str(tmp_path)]) == 1
    )  # some files are not among the excerpts
    told = capsys.readouterr()
    assert told.out.startswith("snapshot 1: ")
    assert "no such file" in told.err


# The snapshot as it is committed.


def test_the_snapshot_is_what_its_manifest_says() -> None:
    catalogue = read_catalogue()
    manifest = json.loads((SNAPSHOT / "manifest.json").read_text("utf-8"))
    files = sorted((SNAPSHOT / "series").glob("*.csv"))
    assert {file.stem for file in files} == set(manifest["series"])
    for file in files:
        entry, told = catalogue.series[file.stem], manifest["series"][file.stem]
        assert told["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
        assert (told["publisher"], told["licence"]) == (entry.publisher, entry.licence)
        assert told["citation"]
    size = sum(file.stat().st_size for file in SNAPSHOT.rglob("*") if file.is_file())
    assert size < 15e6


def test_every_open_series_has_its_file_and_no_licensed_one_has() -> None:
    store = Store()
    offered = {s for m in discover().values() for feed in feeds_of(m, {}) for s in feed.series}
    for name, entry in store.catalogue.series.items():
        if "In no kept copy" in entry.faults:  # the first refresh brings it
            assert entry.licence == "open"
            assert name in offered
            continue
        assert store.held(name) == (entry.licence != "licensed"), name
        if entry.licence == "licensed":
            assert "your own file" in entry.terms
            assert "you bring" in entry.faults


def test_no_publisher_reads_licensed_files() -> None:
    for module in discover().values():
        assert not any("licensed" in glob for glob in module.SOURCES)


def test_first_versions_become_known_in_the_order_of_their_periods() -> None:
    store = Store()
    for name in store.catalogue.ids:
        series = store.whole(name, store.n)
        if len(series) > 1 and not name.startswith("quoted."):
            late = series.first_known[1:] < series.first_known[:-1]
            assert not late.any(), (name, series.periods[1:][late][:3])


def test_nothing_is_known_before_its_period_is_over() -> None:
    store = Store()
    for name in store.catalogue.ids:
        series = store.whole(name, store.n)
        for end, second in zip(
            series.periods[series.owner].tolist(), series.known.tolist(), strict=True
        ):
            assert calendar.new_york_day(second) >= end, (name, end)
