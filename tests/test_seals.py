"""Frozen links: the same verdict after a refresh, what has changed after an edit, and nothing believed from a link."""

import json
import shutil
from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from evidence import ENGINE_VERSION, engine, register, seals, verdict
from evidence.observations import SNAPSHOT, Store
from evidence.register import Register, entry_of
from evidence.seals import Seal, may_freeze, opened, parse_seal, seal_of
from evidence.trace import dump
from tests.snapshots import (
    NARRATIVES,
    PROTEST,
    REVISED,
    SPREAD,
    SWAPS,
    copied,
    engine_on,
    filled,
    grown,
)

MAY, JUNE = date(2025, 5, 30), date(2025, 6, 20)
MARK = "0123456789ab"


@pytest.fixture(scope="module")
def desk():
    return engine_on()


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """An engine after a refresh that changes the live verdict: the snapshot with one more after it."""
    folder = copied(tmp_path_factory.mktemp("two") / "snapshot")
    number, _ = grown(folder, *REVISED)
    made = engine_on(folder)
    assert made.store.n == number
    return made


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """An engine on a machine with a private store."""
    return engine_on(own=filled(tmp_path_factory.mktemp("own") / "store"))


def bytes_of(found):
    return json.dumps(dump(found), ensure_ascii=False).encode()


def shared(made, day, story=PROTEST):
    """A verdict as it is shared: itself and its seal."""
    found = made.score(story, day).verdict
    return found, seal_of(found, made.store.n)


def words(found):
    return f"{found.direction} ({found.confidence.replace('_', ' ')} confidence)"


def long(day):
    return f"{day.day} {day:%B %Y}"


# ---------------------------------------------------------------- the same verdict


@pytest.mark.parametrize("day", [MAY, JUNE, None], ids=["may", "june", "newest"])
def test_after_a_refresh_the_verdict_is_the_same_to_the_byte(desk, two, day):
    day = day or desk.store.newest_day
    then, seal = shared(desk, day)
    found = opened(two, PROTEST, day, seal)
    assert found.same
    assert found.verdict.identity == then.identity
    assert bytes_of(found.verdict) == bytes_of(then)
    assert found.changed == ()
    assert found.entry == Register(SNAPSHOT).find(PROTEST, seal.mark)


def test_the_live_verdict_has_moved(desk, two):
    newest = desk.store.newest_day
    then, seal = shared(desk, newest)
    found = opened(two, PROTEST, newest, seal)
    assert (then.direction, found.live.direction) == ("contradicted", "mixed")
    assert found.live.as_of == two.store.newest_day == newest + timedelta(days=2)
    assert found.moved
    assert found.sentences == (
        f"This is the verdict as known on {long(newest)}: contradicted (low confidence).",
        f"Today, with the data to {long(found.live.as_of)}, it reads: mixed (very low confidence).",
    )


def test_the_live_verdict_stands(desk):
    _, seal = shared(desk, desk.store.newest_day)
    found = opened(desk, PROTEST, desk.store.newest_day, seal)
    assert (found.same, found.moved) == (True, False)
    assert found.sentences[-1].endswith("it reads the same.")


def test_moved_is_told_of_an_older_day_without_a_refresh(desk):
    _, seal = shared(desk, MAY)
    found = opened(desk, PROTEST, MAY, seal)
    assert (found.same, found.moved) == (True, True)
    assert found.sentences[0] == "This is the verdict as known on 30 May 2025: not enough data yet."


def test_an_older_snapshot_ends_where_it_ended(desk, two):
    """A day that was still to come is not shown as one that the snapshot knew."""
    older, newest = two.at(desk.store.n), desk.store.newest_day
    assert (older.store.n, older.store.newest_day) == (desk.store.n, newest)
    _, seal = shared(desk, newest)
    found = opened(two, PROTEST, newest + timedelta(days=1), seal)
    assert found.as_of == newest
    assert found.sentences[0].startswith(f"Snapshot {desk.store.n} ends with ")


# ---------------------------------------------------------------- an engine on an older snapshot


def test_an_older_snapshot_sees_nothing_later(desk, two):
    older = two.at(desk.store.n)
    later = two.store.newest_day
    for name in (REVISED[0], "fed.custody.treasuries"):
        one, other = (e.view(later).series(name) for e in (older, desk))
        assert one.digest == other.digest
    assert older.view(later).series(REVISED[0]).digest != two.view(later).series(REVISED[0]).digest
    with pytest.raises(ValueError, match="there is no snapshot"):
        older.view(later, two.store.n)


def test_repeated_views_are_kept_and_old_ones_let_go(two, monkeypatch):
    older = two.at(1)
    assert two.at(1) is older
    assert older.score(SWAPS, MAY).ranked is older.score(SWAPS, MAY).ranked
    monkeypatch.setattr(engine, "OLDER", 1)
    assert two.at(2) is two.at(2)
    assert two.at(1) is not older


def test_the_newest_snapshot_is_the_engine_itself_where_nothing_is_private(desk):
    assert desk.at(desk.store.n) is desk


@pytest.mark.parametrize("snapshot", [0, -1, 999])
def test_a_snapshot_that_does_not_exist_is_misuse(desk, snapshot):
    with pytest.raises(ValueError, match="there is no snapshot"):
        desk.at(snapshot)


# ---------------------------------------------------------------- what has changed


@pytest.fixture
def older_engine(tmp_path, monkeypatch):
    """A snapshot whose register has a verdict of an engine 0.9 that was surer, and that verdict's seal."""
    folder = copied(tmp_path / "snapshot")
    with monkeypatch.context() as patched:
        for module in (engine, register):
            patched.setattr(module, "ENGINE_VERSION", "0.9")
        patched.setattr(verdict, "confidence", lambda *_: ("very_high", ()))
        made = engine_on(folder)
        days = (JUNE, made.store.newest_day)
        Register(folder).add([entry_of(made, PROTEST, day) for day in days])
        _, seal = shared(made, JUNE)
    return folder, seal


def test_a_changed_engine_is_told_with_the_old_verdict_beside_the_new(desk, older_engine):
    folder, seal = older_engine
    found = opened(engine_on(folder), PROTEST, JUNE, seal)
    assert (found.state, found.changed) == ("changed", ("engine",))
    assert (found.entry.engine, found.entry.confidence) == ("0.9", "very_high")
    assert bytes_of(found.verdict) == bytes_of(desk.score(PROTEST, JUNE).verdict)
    assert found.moved
    assert found.sentences == (
        f"The engine has changed since this link was made (0.9, now {ENGINE_VERSION}).",
        "Then, on what was out by 18 June 2025, it read: mixed (very high confidence).",
        f"Now the verdict as known on 20 June 2025 reads: {words(found.verdict)}.",
        f"Today, with the data to {long(found.live.as_of)}, it reads: {words(found.live)}.",
    )


def test_what_was_shared_has_moved_if_only_the_engine_reads_it_otherwise(older_engine):
    """The verdict of the newest day: it is today's, and was another."""
    folder, _ = older_engine
    made, newest = engine_on(folder), Register(folder).read(PROTEST).entries[-1]
    assert newest.engine == "0.9"
    seal = Seal(snapshot=newest.snapshot, mark=newest.mark)
    found = opened(made, PROTEST, made.store.newest_day, seal)
    assert (found.state, found.verdict) == ("changed", found.live)
    assert found.moved
    assert len(found.sentences) == 3, "how it reads today was just said"


def test_a_changed_engine_that_says_the_same_says_so(tmp_path, monkeypatch):
    folder = copied(tmp_path / "snapshot")
    made = engine_on(folder)
    _, seal = shared(made, JUNE)
    for module in (engine, register, seals):
        monkeypatch.setattr(module, "ENGINE_VERSION", "9.0")
    found = opened(engine_on(folder), PROTEST, JUNE, seal)
    assert found.changed == ("engine",)
    assert f"({ENGINE_VERSION}, now 9.0)" in found.sentences[0]
    assert found.sentences[2] == "Now the verdict as known on 20 June 2025 still reads so."


@pytest.fixture
def edited(tmp_path):
    """The narratives with a story whose bar is ten times as high."""
    folder = tmp_path / "narratives"
    shutil.copytree(NARRATIVES, folder)
    path = folder / "liberation-day" / f"{PROTEST}.yaml"
    text = path.read_text("utf-8")
    assert "at_least: 42 bn" in text
    path.write_text(text.replace("at_least: 42 bn", "at_least: 420 bn"), "utf-8")
    return folder


def test_a_changed_story_is_told_with_the_old_verdict_beside_the_new(desk, edited):
    then, seal = shared(desk, JUNE)
    found = opened(engine_on(narratives=edited), PROTEST, JUNE, seal)
    assert (found.state, found.changed) == ("changed", ("narrative",))
    assert found.entry.direction == then.direction == "mixed"
    assert found.verdict.direction != "mixed"
    assert found.sentences[0] == "The story has been edited since this link was made."
    assert "it read: mixed" in found.sentences[1]
    assert found.sentences[2].startswith("Now the verdict as known on 20 June 2025 reads: ")


def test_of_a_story_that_reads_other_data_now_nothing_is_said_of_the_data(desk, tmp_path):
    folder = tmp_path / "narratives"
    shutil.copytree(NARRATIVES, folder)
    path = folder / "liberation-day" / f"{PROTEST}.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("tic.net.private_equities", "tic.net.equities"), "utf-8")
    assert path.read_text("utf-8") != text
    _, seal = shared(desk, JUNE)
    assert opened(engine_on(narratives=folder), PROTEST, JUNE, seal).changed == ("narrative",)


def test_a_changed_engine_and_story_are_both_told(older_engine, edited):
    folder, seal = older_engine
    found = opened(engine_on(folder, narratives=edited), PROTEST, JUNE, seal)
    assert found.changed == ("engine", "narrative")
    assert len(found.sentences) == 5


def test_a_story_that_rests_on_an_edited_one_has_changed_too(desk, tmp_path):
    story, named = "framework-holds", desk.narratives["framework-holds"].when[0].narrative
    folder = tmp_path / "narratives"
    shutil.copytree(NARRATIVES, folder)
    path = folder / "liberation-day" / f"{named}.yaml"
    text = path.read_text("utf-8")
    title = next(line for line in text.splitlines() if line.startswith("title: "))
    path.write_text(text.replace(title, f"{title} indeed"), "utf-8")
    _, seal = shared(desk, JUNE, story)
    assert opened(engine_on(narratives=folder), story, JUNE, seal).changed == ("narrative",)


def test_changed_data_are_told(desk, tmp_path):
    """A file of the snapshot is damaged and left out: neither the engine nor the story has changed."""
    folder = copied(tmp_path / "snapshot")
    path = folder / "series" / f"{REVISED[0]}.csv"
    path.write_bytes(path.read_bytes()[:-10])
    _, seal = shared(desk, JUNE)
    found = opened(engine_on(folder), PROTEST, JUNE, seal)
    assert (found.state, found.changed) == ("changed", ("data",))
    assert found.sentences[0].startswith("The data behind it")
    assert found.entry.direction == "mixed"


def test_data_and_engine_are_told_apart(older_engine):
    folder, seal = older_engine
    path = folder / "series" / f"{REVISED[0]}.csv"
    path.write_bytes(path.read_bytes()[:-10])
    assert opened(engine_on(folder), PROTEST, JUNE, seal).changed == ("engine", "data")


def test_a_changed_calibration_is_the_engines(desk, monkeypatch):
    _, seal = shared(desk, JUNE)
    monkeypatch.setattr(engine, "dates_on_record", lambda _: 7)
    found = opened(engine_on(), PROTEST, JUNE, seal)
    assert found.changed == ("engine",)
    assert found.sentences[0].startswith("The engine’s record of how often its tests err")


def test_a_renamed_story_keeps_its_links(desk, tmp_path):
    folder = tmp_path / "narratives"
    shutil.copytree(NARRATIVES, folder)
    old = folder / "liberation-day" / f"{PROTEST}.yaml"
    text = old.read_text("utf-8").replace(f"id: {PROTEST}\n", "id: protest\n")
    old.with_name("protest.yaml").write_text(f"{text}was: [{PROTEST}]\n", "utf-8")
    old.unlink()
    for path in folder.rglob("*.yaml"):
        path.write_text(path.read_text("utf-8").replace(f"narrative: {PROTEST}", "narrative: protest"), "utf-8")  # fmt: skip
    _, seal = shared(desk, JUNE)
    found = opened(engine_on(narratives=folder), "protest", JUNE, seal)
    assert (found.state, found.changed) == ("changed", ("narrative",))
    assert found.entry.story == PROTEST


# ---------------------------------------------------------------- what a link says is not believed


def test_a_mark_that_nobody_gave(desk):
    found = opened(desk, PROTEST, JUNE, Seal(snapshot=desk.store.n, mark=MARK))
    assert (found.state, found.entry, found.changed) == ("unknown", None, ())
    assert found.sentences[:2] == (
        "No copy of the verdict that this link names is kept here, so what it said cannot be shown.",
        f"As known on 20 June 2025, it reads: {words(found.verdict)}.",
    )


def test_a_mark_of_another_story_is_nobodys(desk):
    _, other = shared(desk, JUNE, "basis-trade-unwind")
    assert opened(desk, PROTEST, JUNE, other).state == "unknown"


@pytest.mark.parametrize(("made", "asked"), [(JUNE, MAY), (MAY, JUNE)])
def test_a_mark_of_another_day_is_told_as_that(desk, made, asked):
    """Nothing has changed, so nothing is said to have."""
    _, seal = shared(desk, made)
    found = opened(desk, PROTEST, asked, seal)
    assert (found.state, found.changed) == ("elsewhere", ())
    assert found.entry.mark == seal.mark
    assert found.sentences[0].startswith("The seal of this link belongs to another day’s verdict, ")
    assert long(found.entry.stands_for) in found.sentences[0]
    assert found.verdict == desk.score(PROTEST, asked).verdict


def test_a_mark_of_a_later_day_is_not_the_old_verdict_of_an_earlier_one(older_engine):
    folder, seal = older_engine
    assert opened(engine_on(folder), PROTEST, MAY, seal).state == "elsewhere"


def test_a_register_that_is_damaged_shows_nothing(tmp_path, older_engine):
    folder, seal = older_engine
    path = folder / "verdicts" / f"{PROTEST}.csv"
    path.write_text(path.read_text("utf-8").replace("mixed,very_high", "mixed,sure"), "utf-8")
    assert opened(engine_on(folder), PROTEST, JUNE, seal).state == "unknown"


def test_misuse_raises(desk):
    with pytest.raises(KeyError):
        opened(desk, "no-such-story", JUNE, Seal(snapshot=1, mark=MARK))
    with pytest.raises(ValueError, match="there is no snapshot"):
        opened(desk, PROTEST, JUNE, Seal(snapshot=999, mark=MARK))
    with pytest.raises(ValidationError):
        Seal(snapshot=0, mark=MARK)
    with pytest.raises(ValidationError):
        Seal(snapshot=1, mark=f"{MARK}\n")


@pytest.mark.parametrize(
    ("snapshot", "mark", "told"),
    [
        ("9", MARK, "was made on snapshot 9, and this copy has the snapshots up to 3"),
        ("999999999", MARK, "was made on snapshot 999,999,999"),
        ("0", MARK, "not a number from 1 on"),
        ("-1", MARK, "not a number from 1 on"),
        ("03", MARK, "not a number from 1 on"),
        ("3.0", MARK, "not a number from 1 on"),
        ("3\n", MARK, "not a number from 1 on"),
        ("\N{ARABIC-INDIC DIGIT THREE}", MARK, "not a number from 1 on"),
        ("9" * 5000, MARK, "not a number from 1 on"),
        ("<b>3</b>", MARK, "not a number from 1 on"),
        ("3", MARK[:-1], "not 12 digits"),
        ("3", f"{MARK}c", "not 12 digits"),
        ("3", f"{MARK}\n", "not 12 digits"),
        ("3", MARK.upper(), "not 12 digits"),
        ("3", "<script>ab>", "not 12 digits"),
        ("3", None, "needs both"),
        (None, MARK, "needs both"),
        ("", "", "needs both"),
    ],
)
def test_what_cannot_be_a_seal_is_told_to_the_reader(snapshot, mark, told):
    found = parse_seal(snapshot, mark, 3)
    assert isinstance(found, str)
    assert told in found
    assert found.endswith("You see the verdict on the newest snapshot.")
    assert "<" not in found
    assert len(found) < 200


def test_a_seal_reads_as_it_is_written(desk):
    found, seal = shared(desk, JUNE)
    assert found.identity.startswith(f"sha256:{seal.mark}")
    assert parse_seal(str(seal.snapshot), seal.mark, desk.store.n) == seal


# ---------------------------------------------------------------- private data


def test_a_private_verdict_has_no_seal(own):
    found = own.score(SWAPS, JUNE).verdict
    assert found.private_data
    assert "data that you brought" in may_freeze(found)
    assert own.store.catalogue.series[SPREAD].named in may_freeze(found)
    with pytest.raises(ValueError, match="private data"):
        seal_of(found, own.store.n)


def test_any_other_verdict_has_one(desk):
    assert may_freeze(desk.score(SWAPS, JUNE).verdict) is None


@pytest.mark.parametrize("day", [JUNE, None], ids=["june", "newest"])
def test_a_frozen_view_is_the_same_beside_private_data(desk, own, day):
    """Also on the newest snapshot, where the live pages of that machine show what it brought."""
    day = day or desk.store.newest_day
    assert own.score(SWAPS, day).verdict.private_data
    _, seal = shared(desk, day, SWAPS)
    assert opened(own, SWAPS, day, seal) == opened(desk, SWAPS, day, seal)
    assert opened(own, SWAPS, day, seal).same


def test_the_open_store_beside_a_private_one_reads_nothing_of_it(own):
    store = own.store.at(own.store.n)
    assert store.brought == {}
    assert (store.n, store.hash, store.newest_day) == (Store().n, Store().hash, Store().newest_day)
    assert len(store.as_of(JUNE).series(SPREAD)) == 0


@pytest.mark.long
def test_no_story_of_any_day_is_touched_by_a_later_snapshot(desk, two):
    """Every story, in every month: as it was, to the byte, though one more snapshot came."""
    newest, older = desk.store.newest_day, two.at(desk.store.n)
    for story in desk.narratives:
        for back in range(0, 500, 31):
            day = newest - timedelta(days=back)
            one, other = (made.score(story, day).verdict for made in (desk, older))
            assert bytes_of(one) == bytes_of(other)
