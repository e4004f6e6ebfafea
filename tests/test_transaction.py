"""Several files change together or not at all, wherever the process is stopped."""

import errno
import json
import os
from pathlib import Path

import pytest

from evidence.transaction import (
    ASIDE,
    PENDING,
    WriteFault,
    change,
    finish,
    hash_of,
    pending,
    sha256,
    write_whole,
)
from tests.stops import counted, everything, stop_at

OLD = {"a.txt": "a one\n", "series/b.txt": "b one\n"}
NEW = {"series/b.txt": "b two\n", "series/c.txt": "c two – new\n", "a.txt": "a two\n"}
BEFORE = {name: text.encode() for name, text in OLD.items()}
AFTER = {name: text.encode() for name, text in {**OLD, **NEW}.items()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in OLD.items():
        write_whole(tmp_path / name, text)
    return tmp_path


def test_a_change_gives_all_files_their_texts_and_leaves_nothing_else(folder):
    change(folder, NEW)
    assert everything(folder) == AFTER
    assert pending(folder) == {}
    assert finish(folder) is False
    assert everything(folder) == AFTER


def test_a_hash_is_that_of_the_bytes(tmp_path):
    assert sha256(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert hash_of(tmp_path / "none") == ""


def test_stopped_at_any_step_all_have_changed_or_none(folder):
    """Every step is tried. Before the list is there the old texts stand; after it whoever comes finishes."""
    with counted() as steps:
        change(folder, NEW)
    assert steps.taken > 12
    decided = []
    for step in range(steps.taken):
        place = folder / f"copy{step}"
        for name, text in OLD.items():
            write_whole(place / name, text)
        assert stop_at(step, lambda place=place: change(place, NEW))
        listed = pending(place)
        decided.append(bool(listed) or everything(place, hidden=False) == AFTER)
        for name, hashed in listed.items():
            assert hash_of(place / name) in (hashed, sha256(BEFORE.get(name, b"?")), "")
        finish(place)
        assert everything(place, hidden=False) == (AFTER if decided[-1] else BEFORE), step
        assert not (place / ASIDE).exists()
        assert not (place / PENDING).exists()
    assert decided == sorted(decided), "once decided, it stays decided"
    assert {True, False} == set(decided)


def test_finishing_may_be_stopped_at_any_step_as_well(folder):
    with counted() as steps:
        change(folder / "other", NEW)
    lists = next(s for s in range(steps.taken) if _listed(folder / f"try{s}", s))
    with counted() as steps:
        finish(folder / f"try{lists}")
    for step in range(steps.taken):
        place = folder / f"again{step}"
        _listed(place, lists)
        assert stop_at(step, lambda place=place: finish(place))
        finish(place)
        assert everything(place, hidden=False) == {n: t.encode() for n, t in NEW.items()}


def _listed(place: Path, step: int) -> bool:
    """Whether a change that is stopped at that step is decided and has yet to be finished."""
    stop_at(step, lambda: change(place, NEW))
    return bool(pending(place))


def test_a_reader_finds_what_is_newer_than_its_manifest_in_the_list(folder):
    with counted() as steps:
        change(folder / "other", NEW)
    met = set()
    for step in range(steps.taken):
        place = folder / f"copy{step}"
        stop_at(step, lambda place=place: change(place, NEW))
        for name in NEW:
            if (place / name).exists() and (place / PENDING).exists():
                assert pending(place)[name] == hash_of(place / name)
                met.add(name)
    assert met == set(NEW)


# What a full or a failing disk does.


@pytest.mark.parametrize("room", range(8))
def test_on_a_full_disk_nothing_changes(folder, monkeypatch, room):
    left = [room]

    def fsync(fileno: int) -> None:
        if not left[0]:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        left[0] -= 1

    monkeypatch.setattr(os, "fsync", fsync)
    if room < 4:  # three texts and the list
        with pytest.raises(WriteFault, match=r"nothing was changed: .*No space left on device"):
            change(folder, NEW)
        assert everything(folder) == BEFORE
    else:
        change(folder, NEW)
        assert everything(folder) == AFTER


def test_a_disk_that_gives_back_something_else_changes_nothing(folder, monkeypatch):
    read = Path.read_bytes
    monkeypatch.setattr(
        Path, "read_bytes", lambda path: read(path)[:-1] if ASIDE in path.parts else read(path)
    )
    with pytest.raises(WriteFault, match=r"nothing was changed: b\.txt: .* does not read back"):
        change(folder, NEW)
    monkeypatch.undo()
    assert everything(folder) == BEFORE


def test_a_rename_that_fails_is_told_and_finished_later(folder, monkeypatch):
    replace = Path.replace

    def refused(path: Path, target: Path) -> Path:
        if target.name == "c.txt" and ASIDE not in target.parts:
            raise OSError(errno.EACCES, "Permission denied")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", refused)
    with pytest.raises(WriteFault, match="the change is decided, the next refresh finishes it"):
        change(folder, NEW)
    monkeypatch.undo()
    assert finish(folder) is True
    assert everything(folder) == AFTER


# Where somebody else was there in between.


def decided(place: Path) -> None:
    """A change that is decided; none of its files has taken its name."""
    for name, text in OLD.items():
        write_whole(place / name, text)
    for name, text in NEW.items():
        write_whole(place / ASIDE / name, text)
    hashes = {
        name: {"before": hash_of(place / name), "after": sha256(text.encode())}
        for name, text in NEW.items()
    }
    write_whole(place / PENDING, json.dumps(hashes))


def test_what_somebody_else_wrote_is_not_written_over(tmp_path):
    """As when the folder was set to another commit after a kill."""
    decided(tmp_path)
    (tmp_path / "a.txt").write_text("a three\n", encoding="utf-8")
    assert finish(tmp_path) is False
    assert everything(tmp_path) == {**BEFORE, "a.txt": b"a three\n"}


@pytest.mark.parametrize("text", [None, "b tw", ""])
def test_a_change_whose_texts_are_gone_or_damaged_is_given_up(tmp_path, text):
    decided(tmp_path)
    staged = tmp_path / ASIDE / "series" / "b.txt"
    staged.unlink() if text is None else staged.write_text(text, encoding="utf-8")
    assert finish(tmp_path) is False
    assert everything(tmp_path) == BEFORE


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"a.txt": 1}', '{"a.txt": {"after": "x"}}']
)
def test_a_list_that_cannot_be_read_decides_nothing(tmp_path, text):
    decided(tmp_path)
    (tmp_path / PENDING).write_text(text, encoding="utf-8")
    assert pending(tmp_path) == {}
    assert finish(tmp_path) is False
    assert everything(tmp_path) == BEFORE
