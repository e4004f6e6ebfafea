"""The register: the committed verdicts are the engine's, lines are checked, nothing but what is new is added."""

import json
from datetime import date

import pytest
from filelock import FileLock
from pydantic import ValidationError
from typer.testing import CliRunner

from evidence import private_folder, register
from evidence.cli import app
from evidence.observations import SNAPSHOT
from evidence.register import (
    FIELDS,
    HEADER,
    Busy,
    Entry,
    Register,
    days,
    entry_from,
    entry_of,
    mark_of,
    wanting,
)
from evidence.transaction import LOCK
from tests.snapshots import PROTEST, REVISED, SWAPS, copied, engine_on, filled, grown

CONDITIONAL = "framework-holds"
JUNE = date(2025, 6, 18)
LINE = "0123456789ab,2025-06-18,3,1.1,aaaaaaaaaaaa,bbbbbbbbbbbb,mixed,very_low,yes,no"


@pytest.fixture(scope="module")
def engine():
    return engine_on()


@pytest.fixture
def empty(tmp_path):
    return Register(tmp_path)


def live(engine):
    return [n.id for n in engine.narratives.values() if n.status == "live"]


def put(folder, story, *lines, header=HEADER, end="\n"):
    path = folder / "verdicts" / f"{story}.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes("\n".join([header, *lines]).encode() + end.encode())
    return path


def run(folder, *arguments, env=None):
    return CliRunner().invoke(
        app, ["register", "--snapshot", str(folder), *arguments], env=env or {}
    )


# ---------------------------------------------------------------- what is committed


def test_the_newest_verdict_of_every_story_is_kept(engine):
    """Quick; the days before stand in the long test below. `make register` adds what is missing."""
    for story in live(engine):
        made = entry_of(engine, story, engine.store.newest_day)
        kept = Register(SNAPSHOT).find(story, made.mark)
        assert kept is not None, story
        assert kept.model_copy(update={"snapshot": made.snapshot}) == made
        assert kept.snapshot <= made.snapshot


@pytest.mark.long
def test_the_verdict_of_every_day_is_kept_as_the_engine_gives_it(engine):
    """A reading that moved under the same identity would be a change of the engine without a new version."""
    total = 0
    for story in live(engine):
        kept = {entry.mark: entry for entry in Register(SNAPSHOT).read(story).entries}
        for day in days(engine, engine.narratives[story]):
            made = entry_of(engine, story, day)
            assert kept[made.mark].model_copy(update={"snapshot": made.snapshot}) == made
            total += 1
    assert total > 1900


def test_every_line_that_is_committed_can_be_read(engine):
    files = sorted((SNAPSHOT / "verdicts").iterdir())
    names = {n.id for n in engine.narratives.values()} | {
        old for n in engine.narratives.values() for old in n.was
    }
    for path in files:
        kept = Register(SNAPSHOT).read(path.stem)
        assert kept.problems == ()
        assert len(kept.entries) == path.read_bytes().count(b"\n") - 1
        assert path.stem in names
    assert {path.stem for path in files} >= set(live(engine))


def test_what_was_known_in_june(engine):
    """The Treasury's survey of April came out on the 18th, and the story's verdict turned."""
    stood = {e.stands_for: e for e in Register(SNAPSHOT).read(PROTEST).entries}
    before = max(day for day in stood if day < JUNE)
    assert (stood[before].direction, stood[JUNE].direction) == ("insufficient_data", "mixed")


@pytest.mark.parametrize("story", [PROTEST, CONDITIONAL, SWAPS])
def test_the_identity_is_known_without_a_score(engine, story):
    for day in (date(2025, 4, 1), date(2025, 5, 25), JUNE, engine.store.newest_day):
        assert engine.identity_of(story, day) == engine.score(story, day).verdict.identity


def test_every_date_of_a_memory_has_its_verdict_kept(engine):
    kept = Register(SNAPSHOT).read(PROTEST).marks
    for day in (date(2025, 4, 2), date(2025, 5, 30), date(2025, 6, 22), date(2026, 1, 1)):
        assert mark_of(engine.identity_of(PROTEST, day)) in kept


# ---------------------------------------------------------------- lines


def test_a_line_reads_as_it_is_written():
    found = entry_from("a-story", LINE)
    assert isinstance(found, Entry)
    assert (found.story, found.stands_for, found.snapshot) == ("a-story", JUNE, 3)
    assert (found.direction, found.confidence) == ("mixed", "very_low")
    assert (found.so_far, found.by_proxy) == (True, False)
    assert found.line == LINE
    assert len(FIELDS) == LINE.count(",") + 1


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("mixed", "proven", "direction"),
        ("very_low", "certain", "confidence"),
        ("0123456789ab", "0123456789AB", "mark"),
        ("0123456789ab", "0123456789", "mark"),
        ("aaaaaaaaaaaa", "aaaaaaaaaaag", "narrative"),
        ("bbbbbbbbbbbb", "", "data"),
        ("2025-06-18", "2025-6-18", "stands_for"),
        ("2025-06-18", "1750204800", "it should read"),
        ("2025-06-18", "2025-02-30", "stands_for"),
        (",3,", ",0,", "snapshot"),
        (",3,", ",+3,", "it should read"),
        (",3,", ",\N{ARABIC-INDIC DIGIT THREE},", "snapshot"),
        (",1.1,", ",newest,", "engine"),
        ("yes", "1", "it should read"),
        ("yes", "perhaps", "so_far"),
        (",no", ",no\r", "by_proxy"),
        (",no", ",no,more", "11 fields, where 10 are expected"),
        (LINE, "mixed", "1 fields"),
    ],
)
def test_a_bad_line_is_told_and_the_others_stand(empty, tmp_path, old, new, told):
    bad, good = LINE.replace(old, new), LINE.replace("0123", "ffff")
    put(tmp_path, "a-story", bad, good)
    found = empty.read("a-story")
    assert [entry.line for entry in found.entries] == [good]
    [problem] = found.problems
    assert (problem.source, problem.line) == ("verdicts/a-story.csv", 2)
    assert told in problem.message
    assert empty.find("a-story", bad.split(",")[0]) is None
    assert empty.find("a-story", "ffff456789ab").line == good


def test_of_two_lines_with_a_mark_the_first_counts(empty, tmp_path):
    put(tmp_path, "a-story", LINE, LINE.replace("mixed", "supported"))
    found = empty.read("a-story")
    assert [entry.direction for entry in found.entries] == ["mixed"]
    assert [problem.line for problem in found.problems] == [3]
    assert empty.find("a-story", "0123456789ab").direction == "mixed"


@pytest.mark.parametrize("content", [b"something else\n1,2\n", b"\xff\xfe\n", b"\n"])
def test_a_file_that_is_no_register_is_told_and_left_as_it_is(engine, empty, tmp_path, content):
    path = put(tmp_path, SWAPS)
    path.write_bytes(content)
    found = empty.read(SWAPS)
    assert (found.entries, found.whole, len(found.problems)) == ((), False, 1)
    lacking = wanting(engine, empty, SWAPS)
    assert (lacking.days, lacking.problems) == ((), found.problems)
    assert empty.add([entry_of(engine, SWAPS, JUNE)]) == {}
    assert path.read_bytes() == content


def test_without_a_file_nothing_is_kept(empty):
    assert empty.read("a-story").entries == ()
    assert empty.read("a-story").problems == ()
    assert empty.find("a-story", "0123456789ab") is None


@pytest.mark.parametrize("story", ["../manifest", "a/b", "", ".", "A-Story"])
def test_a_story_names_no_other_place(empty, story):
    with pytest.raises(ValidationError):
        empty.find(story, "0123456789ab")


# ---------------------------------------------------------------- adding


def test_only_what_is_new_is_added_at_the_end(engine, empty, tmp_path):
    before, june, newest = (
        entry_of(engine, PROTEST, day) for day in (date(2025, 5, 2), JUNE, engine.store.newest_day)
    )
    assert empty.add([june]) == {PROTEST: 1}
    path = tmp_path / "verdicts" / f"{PROTEST}.csv"
    first = path.read_bytes()
    assert empty.add([june]) == {}
    assert path.read_bytes() == first
    assert empty.add([before, june, newest]) == {PROTEST: 2}
    assert path.read_bytes() == first + f"{before.line}\n{newest.line}\n".encode()
    assert empty.find(PROTEST, june.mark) == june


def test_a_line_that_was_cut_off_stays_and_harms_no_other(engine, empty, tmp_path):
    path = put(tmp_path, SWAPS, LINE, "0123456789ac,2025-0", end="")
    cut = path.read_bytes()
    made = entry_of(engine, SWAPS, JUNE)
    assert empty.add([made]) == {SWAPS: 1}
    assert path.read_bytes() == cut + f"\n{made.line}\n".encode()
    assert [problem.line for problem in empty.read(SWAPS).problems] == [3]


def test_a_new_snapshot_adds_what_it_changed_and_no_more(engine, tmp_path):
    folder = copied(tmp_path / "snapshot")
    number, on = grown(folder, *REVISED)
    grown_engine, kept = engine_on(folder), Register(folder)
    missing = wanting(grown_engine, kept, PROTEST).days
    assert missing[-1] == on
    assert missing[0] > engine.store.newest_day, "what was given before is kept"
    made = entry_of(grown_engine, PROTEST, on)
    assert (made.snapshot, made.direction) == (number, "mixed")
    kept.add([entry_of(grown_engine, PROTEST, day) for day in missing])
    assert wanting(grown_engine, kept, PROTEST).days == ()


# ---------------------------------------------------------------- the command


@pytest.fixture
def bare(tmp_path):
    """A snapshot whose register has nothing of one story, and that story's file."""
    folder = copied(tmp_path / "snapshot")
    path = folder / "verdicts" / f"{SWAPS}.csv"
    path.unlink()
    return folder, path


def test_the_command_says_what_is_missing_then_adds_it(engine, bare):
    folder, path = bare
    expected = days(engine, engine.narratives[SWAPS])
    checked = run(folder, SWAPS, "--check")
    assert checked.exit_code == 1
    assert checked.stdout.startswith(f"{SWAPS}: {len(expected)} verdicts missing\n")
    assert not path.exists()
    added = run(folder, SWAPS, PROTEST, "--json")
    assert (added.exit_code, added.stderr) == (0, "")
    told = json.loads(added.stdout)
    assert (told["added"], told["missing"], told["stories"]) == ({SWAPS: len(expected)}, {}, 2)
    header, *lines = path.read_text("utf-8").splitlines()
    assert header == HEADER
    assert lines == [entry_of(engine, SWAPS, day).line for day in expected]
    assert run(folder, SWAPS, "--check").stdout == f"{SWAPS}: {len(expected)} verdicts kept\n"


def test_a_damaged_file_keeps_its_stories_out(tmp_path):
    folder = copied(tmp_path / "snapshot")
    series = folder / "series" / f"{REVISED[0]}.csv"
    series.write_bytes(series.read_bytes()[:-10])
    before = (folder / "verdicts" / f"{PROTEST}.csv").read_bytes()
    done = run(folder, PROTEST, SWAPS, "--json")
    assert done.exit_code == 1
    [problem] = json.loads(done.stdout)["problems"]
    assert problem["source"] == f"verdicts/{PROTEST}.csv"
    assert "without it no verdict is kept" in problem["message"]
    assert (folder / "verdicts" / f"{PROTEST}.csv").read_bytes() == before


def test_a_bad_line_ends_the_command_in_1(tmp_path):
    folder = copied(tmp_path / "snapshot")
    path = folder / "verdicts" / f"{SWAPS}.csv"
    lines = path.read_bytes().count(b"\n")
    path.write_bytes(path.read_bytes() + b"odd\n")
    done = run(folder, SWAPS)
    assert done.exit_code == 1
    assert f"verdicts/{SWAPS}.csv:{lines + 1}: 1 fields" in done.stderr


def test_while_a_refresh_is_at_work_it_waits_and_gives_up(engine, bare, monkeypatch):
    monkeypatch.setattr(register, "PATIENCE", 0.05)
    folder, path = bare
    with FileLock(folder / LOCK):
        with pytest.raises(Busy):
            Register(folder).add([entry_of(engine, SWAPS, JUNE)])
        done = run(folder, SWAPS)
    assert done.exit_code == 1
    assert "a refresh is at work on snapshot" in done.stderr
    assert not path.exists()


# ---------------------------------------------------------------- private data


@pytest.fixture
def own(tmp_path):
    return filled(tmp_path / "own")


def test_what_somebody_brought_is_never_kept(engine, bare, own):
    private_engine = engine_on(own=own)
    assert private_engine.score(SWAPS, JUNE).verdict.private_data
    with pytest.raises(ValueError, match="private data"):
        entry_of(private_engine, SWAPS, JUNE)
    folder, path = bare
    done = run(folder, SWAPS, env={private_folder.SETTING: str(own)})
    assert (done.exit_code, done.stderr) == (0, "")
    every = [entry_of(engine, SWAPS, day).line for day in days(engine, engine.narratives[SWAPS])]
    assert path.read_text("utf-8").splitlines()[1:] == every
