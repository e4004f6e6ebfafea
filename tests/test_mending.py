"""A damaged file is named, set aside, and put back by the best copy that there is."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from evidence.ledger import lines_of
from evidence.manifest import describe, text_of
from evidence.mending import DAMAGED, GOOD, keep_good, mend
from evidence.observations import SnapshotFault, read_manifest
from evidence.transaction import hash_of, write_whole
from tests.stops import counted, everything, stop_at
from tests.worlds import WEEKLY, entry

HEAD = "period,value,known_at,added\n"
ONE = HEAD + "2025-04-02,10,,1\n2025-04-09,11,,1\n"
ONE_LATER = ONE + "2025-04-16,12,,2\n"
TWO = HEAD + "2025-04-02,20,,1\n"
FILE = "series/test.one.csv"


def write(folder: Path, number: int, **texts: str) -> None:
    """A snapshot as a refresh leaves it, without copies."""
    entries = {}
    for slug, text in texts.items():
        series = f"test.{slug}"
        write_whole(folder / "series" / f"{series}.csv", text)
        entries[series] = describe(entry(series, WEEKLY, "stock"), text, lines_of(text))
    manifest = {"snapshot": number, "newest_release": "2025-04-17", "series": entries}
    write_whole(folder / "manifest.json", text_of(manifest))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "snapshot"
    write(place, 1, one=ONE, two=TWO)
    keep_good(place)
    return place


def visible(folder: Path) -> dict[str, bytes]:
    return {n: b for n, b in everything(folder, hidden=False).items() if not n.startswith(DAMAGED)}


def aside(folder: Path) -> list[str]:
    return sorted(p.read_text(encoding="utf-8") for p in (folder / DAMAGED).glob("*"))


def told(folder: Path) -> dict[str, str]:
    return {found.file: found.sentence for found in mend(folder)}


def test_in_good_order_nothing_is_touched(folder):
    before = everything(folder)
    assert mend(folder) == []
    assert everything(folder) == before


@pytest.mark.parametrize("damage", ["", "x", ONE[:-9], ONE.replace("11", "12"), "\x00" * 40])
def test_a_damaged_file_is_set_aside_and_put_back(folder, damage):
    before = visible(folder)
    (folder / FILE).write_text(damage, encoding="utf-8")
    assert told(folder) == {FILE: "it was damaged and set aside; put back as it was"}
    assert visible(folder) == before
    assert aside(folder) == [damage]
    assert mend(folder) == []


def test_a_missing_file_is_put_back(folder):
    before = visible(folder)
    (folder / FILE).unlink()
    assert told(folder) == {FILE: "it was missing; put back as it was"}
    assert visible(folder) == before


def test_where_there_is_only_an_older_copy_the_manifest_follows(folder):
    """A kill came between the change and its copies, and then the file was damaged."""
    write(folder, 2, one=ONE_LATER, two=TWO)
    (folder / FILE).write_text("?", encoding="utf-8")
    assert told(folder) == {FILE: "it was damaged and set aside; put back as of snapshot 1"}
    manifest = read_manifest(folder)[1]
    assert (folder / FILE).read_text("utf-8") == ONE
    assert manifest["series"]["test.one"]["sha256"] == hash_of(folder / FILE)
    assert manifest["series"]["test.one"]["rows"] == 2
    assert manifest["snapshot"] == 2, "the number goes on; the next change is number 3"
    assert mend(folder) == []


def test_nobody_has_a_copy_and_the_series_is_left_to_the_next_fetch(folder):
    shutil.rmtree(folder / GOOD)
    (folder / FILE).write_text("?", encoding="utf-8")
    assert told(folder) == {
        FILE: "it was damaged and set aside; nobody has a copy, so it is to be fetched anew"
    }
    assert set(read_manifest(folder)[1]["series"]) == {"test.two"}
    assert aside(folder) == ["?"]


def test_a_damaged_copy_is_no_copy(folder):
    """What the copy's own manifest does not vouch for comes last: only where nothing else is there."""
    cut = HEAD + "2025-04-02,10,,1\n"
    (folder / GOOD / FILE).write_text(cut, encoding="utf-8")
    committed(folder.parent, folder)
    (folder / FILE).write_text("?", encoding="utf-8")
    assert told(folder) == {FILE: "it was damaged and set aside; put back as it was"}
    assert (folder / FILE).read_text("utf-8") == ONE


@pytest.mark.parametrize(
    "copy", ["?", HEAD, HEAD + "2025-04-02,10,,1", HEAD + "2025-04-02,10,,x\n"]
)
def test_a_copy_that_does_not_read_well_is_no_copy(folder, copy):
    (folder / GOOD / FILE).write_text(copy, encoding="utf-8")
    (folder / FILE).write_text("?", encoding="utf-8")
    assert "nobody has a copy" in told(folder)[FILE]


def committed(repo: Path, folder: Path) -> None:
    """The snapshot as the last commit of a repository; copies and the like are not in it."""
    (repo / ".gitignore").write_text(".*\ndamaged/\n", encoding="utf-8")
    who = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    for words in (["init", "-q"], ["add", str(folder)], [*who, "commit", "-qm", "x"]):
        subprocess.run(["git", *words], cwd=repo, check=True, capture_output=True)


def test_the_last_commit_has_a_copy_too(folder):
    shutil.rmtree(folder / GOOD)
    before = visible(folder)
    committed(folder.parent, folder)
    (folder / FILE).write_text("?", encoding="utf-8")
    (folder / "manifest.json").write_text("{", encoding="utf-8")
    assert told(folder) == {
        "manifest.json": "it could not be read, and was put back from a copy",
        FILE: "it was damaged and set aside; put back as it was",
    }
    assert visible(folder) == before


def test_of_two_older_copies_the_newer_one_is_taken(folder):
    """The commit has snapshot 2, the copies beside it are of snapshot 1, the file was of snapshot 3."""
    write(folder, 2, one=ONE_LATER, two=TWO)
    committed(folder.parent, folder)
    write(folder, 3, one=ONE_LATER + "2025-04-23,13,,3\n", two=TWO)
    (folder / FILE).write_text("?", encoding="utf-8")
    assert told(folder)[FILE].endswith("put back as of snapshot 2")
    assert (folder / FILE).read_text("utf-8") == ONE_LATER


def test_a_copy_that_is_vouched_for_comes_before_one_that_only_reads_well(folder):
    """The copy beside it was changed by somebody, and says that it is of snapshot 9."""
    committed(folder.parent, folder)
    (folder / GOOD / FILE).write_text(ONE + "2025-04-16,99,,9\n", encoding="utf-8")
    write(folder, 2, one=ONE_LATER, two=TWO)
    (folder / FILE).write_text("?", encoding="utf-8")
    assert told(folder)[FILE].endswith("put back as of snapshot 1")
    assert (folder / FILE).read_text("utf-8") == ONE
    assert read_manifest(folder)[1]["series"]["test.one"]["added"] == 1


# The manifest.


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"snapshot": 1}', None])
def test_a_damaged_or_missing_manifest_is_put_back(folder, damage):
    before = visible(folder)
    manifest = folder / "manifest.json"
    manifest.unlink() if damage is None else manifest.write_text(damage, encoding="utf-8")
    assert told(folder) == {"manifest.json": "it could not be read, and was put back from a copy"}
    assert visible(folder) == before


@pytest.mark.parametrize("damage", ["{", None])
def test_without_any_copy_a_damaged_manifest_stops_the_refresh(folder, damage):
    """Without it nobody can say which lines are right. Nothing is taken as an empty snapshot."""
    shutil.rmtree(folder / GOOD)
    manifest = folder / "manifest.json"
    manifest.unlink() if damage is None else manifest.write_text(damage, encoding="utf-8")
    before = everything(folder)
    with pytest.raises(SnapshotFault, match=r"no readable manifest\.json"):
        mend(folder)
    assert everything(folder) == before


def test_an_app_sees_that_something_was_put_back(folder):
    """It opens the data again when the manifest's time or size is another; its text stays the same here."""
    manifest = folder / "manifest.json"
    os.utime(manifest, (1, 1))
    assert mend(folder) == []
    assert manifest.stat().st_mtime == 1
    text = manifest.read_bytes()
    (folder / FILE).write_bytes(b"")
    assert told(folder) == {FILE: "it was damaged and set aside; put back as it was"}
    assert manifest.stat().st_mtime > 1
    assert manifest.read_bytes() == text


def test_an_empty_folder_has_nothing_to_mend(tmp_path):
    assert mend(tmp_path) == []
    assert everything(tmp_path) == {}


def test_an_older_manifest_never_gives_a_number_a_second_time(folder):
    """Snapshot 2 had lines, and only the manifest of snapshot 1 is left: what comes next is number 3."""
    write(folder, 2, one=ONE_LATER, two=TWO)
    (folder / "manifest.json").write_text("{", encoding="utf-8")
    assert set(told(folder)) == {"manifest.json", FILE}
    assert read_manifest(folder)[1]["snapshot"] == 2
    assert (folder / FILE).read_text("utf-8") == ONE
    assert ONE_LATER in aside(folder), "what is not vouched for is not lost either"
    assert mend(folder) == []


def test_a_file_that_the_manifest_does_not_know_is_set_aside(folder):
    write_whole(folder / "series" / "test.three.csv", ONE)
    assert told(folder) == {
        "series/test.three.csv": "the manifest does not know it; it was set aside"
    }
    assert not (folder / "series" / "test.three.csv").exists()
    assert aside(folder) == [ONE]


# Copies.


def test_copies_are_made_of_what_is_good_only(folder):
    write(folder, 2, one=ONE_LATER, two=TWO)
    (folder / FILE).write_text("?", encoding="utf-8")
    keep_good(folder)
    assert (folder / GOOD / FILE).read_text("utf-8") == ONE
    (folder / FILE).write_bytes(b"\xff\xfe")
    keep_good(folder)
    assert (folder / GOOD / FILE).read_text("utf-8") == ONE
    write(folder, 2, one=ONE_LATER, two=TWO)
    keep_good(folder)
    assert (folder / GOOD / FILE).read_text("utf-8") == ONE_LATER
    before = everything(folder)
    keep_good(folder)
    assert everything(folder) == before


def test_mending_may_be_stopped_at_any_step(folder):
    """Whatever had been done by then, the next one comes to the same end."""
    before = visible(folder)

    def broken(place: Path) -> Path:
        shutil.copytree(folder, place)
        (place / FILE).write_text("?", encoding="utf-8")
        (place / "series" / "test.two.csv").unlink()
        (place / "manifest.json").write_text("{", encoding="utf-8")
        return place

    whole = broken(folder.parent / "whole")
    with counted() as steps:
        mend(whole)
    assert steps.taken > 8
    for step in range(steps.taken):
        place = broken(folder.parent / f"copy{step}")
        assert stop_at(step, lambda place=place: mend(place))
        mend(place)
        assert visible(place) == before, step
        assert mend(place) == []
        assert "?" in aside(place)


def test_what_is_said_of_a_file_is_in_the_manifest_text(folder):
    found = json.loads((folder / "manifest.json").read_text("utf-8"))["series"]["test.one"]
    assert (found["rows"], found["first"], found["last"], found["added"]) == (
        2,
        "2025-04-02",
        "2025-04-09",
        1,
    )
