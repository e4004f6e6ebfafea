"""What the snapshot's folder remembers: the engine's own histories, believed only while they would come out the same."""

import json
import shutil
from datetime import date, timedelta
from itertools import pairwise

import pytest
from filelock import FileLock
from typer.testing import CliRunner

from evidence import remembered
from evidence.cli import app
from evidence.engine import Engine
from evidence.history import History, Stood, history, moments
from evidence.observations import SNAPSHOT, Store
from evidence.register import Busy
from evidence.transaction import LOCK, sha256
from tests.sampled import one_in
from tests.snapshots import CATALOGUE, PROTEST, REVISED, copied, engine_on, grown

CONDITIONAL = "framework-holds"
QUICK = (PROTEST, "dollar-fell-before", "swap-spread-unwind")
FILE = f"histories/{PROTEST}.jsonl"


@pytest.fixture(scope="module")
def engine():
    return engine_on()


@pytest.fixture
def folder(tmp_path):
    return copied(tmp_path / "snapshot")


@pytest.fixture(scope="module")
def scored(engine):
    """A history that every day was scored for."""
    return history(engine, PROTEST, None, None)


@pytest.fixture
def scores(monkeypatch):
    """The days that the engine is asked for."""
    asked, score = [], Engine.score

    def listen(self, narrative_id, day=None, snapshot=None):
        asked.append((narrative_id, day))
        return score(self, narrative_id, day, snapshot)

    monkeypatch.setattr(Engine, "score", listen)
    return asked


def live(engine):
    return [n.id for n in engine.narratives.values() if n.status == "live"]


def stood(told: History) -> list[dict]:
    return [day.model_dump(include=set(Stood.model_fields)) for day in told.days]


# ---------------------------------------------------------------- what is committed


def test_every_story_is_remembered_whole(engine):
    """`make register` remembers what is new."""
    assert {s: days for s in live(engine) if (days := remembered.forgotten(engine, s))} == {}


@pytest.mark.parametrize("story", QUICK)
def test_what_is_remembered_is_what_the_engine_gives(engine, story):
    assert remembered.remembered(engine, story) == history(engine, story, None, None)


@pytest.mark.long
def test_what_is_remembered_of_every_story_is_what_the_engine_gives(engine):
    for story in live(engine):
        assert remembered.remembered(engine, story) == history(engine, story, None, None), story


def test_its_last_day_is_the_newest_verdict(engine):
    for story in live(engine):
        verdict, last = engine.score(story).verdict, remembered.remembered(engine, story).days[-1]
        assert (last.identity, last.direction, last.confidence, last.so_far) == (
            verdict.identity, verdict.direction, verdict.confidence, verdict.so_far,
        )  # fmt: skip
        assert [t.outcome for t in last.tests] == [t.outcome for t in verdict.tests]


def test_nothing_is_scored_that_is_remembered(engine, scores):
    for story in live(engine):
        remembered.remembered(engine, story)
    assert scores == []


def test_an_earlier_part_is_what_was_known_then(engine, scored):
    whole = remembered.remembered(engine, PROTEST)
    day = scored.days[len(scored.days) // 2].on
    assert whole.upto(day) == history(engine, PROTEST, None, day)


def test_a_test_that_stands_as_the_day_before_is_held_once(engine):
    """Thousands of standings are one in sixteen new, and a server holds the histories of all stories."""
    told = remembered.remembered(engine, "dollar-fell-before")
    every = [test for day in told.days for test in day.tests]
    changed = [
        b for a, b in pairwise(told.days) for x, b in zip(a.tests, b.tests, strict=True) if x != b
    ]
    assert (
        len({id(test) for test in every}) == len(told.days[0].tests) + len(changed) < len(every) / 4
    )
    sets = {id(one.__pydantic_fields_set__) for one in (*told.days, *every)}
    assert len(sets) == 2, "one for all days, one for all tests"
    assert all(one.model_fields_set == set(type(one).model_fields) for one in (*told.days, *every))


# ---------------------------------------------------------------- lines


def test_a_day_more_is_a_line_more(scored):
    days = [Stood(**day) for day in stood(scored)]
    _, _, *shorter = remembered.text_of("basis", days[:-1]).splitlines()
    _, _, *whole = remembered.text_of("basis", days).splitlines()
    assert whole[:-1] == shorter
    assert json.loads(whole[0]) == days[0].model_dump(mode="json")
    assert json.loads(whole[-1]).keys() < Stood.model_fields.keys(), "only what changed"


def test_order_does_not_matter(scored):
    days = [Stood(**day) for day in stood(scored)]
    assert remembered.text_of("", days[::-1]) == remembered.text_of("", days)


def sealed(*lines):
    text = "".join(f"{line}\n" for line in lines)
    return f"{sha256(text.encode())}\n{text}"


@pytest.mark.parametrize(
    "spoil",
    one_in(3, [
        lambda seal, lines: "",
        lambda seal, lines: "\n".join([seal, *lines[:-1]]) + "\n",  # a line lost
        lambda seal, lines: "\n".join([seal, lines[0], *lines[2:]]) + "\n",
        lambda seal, lines: "\n".join(["<<<<<<< ours", seal, *lines]) + "\n",
        lambda seal, lines: "\n".join([seal, *lines]).replace("neutral", "consistent", 1) + "\n",
        lambda seal, lines: sealed(lines[0], lines[1].replace('"on":', '"no":'), *lines[2:]),
        lambda seal, lines: sealed(*lines, "[1]"),
        lambda seal, lines: sealed(*lines, '{"tests":{"0":{"outcome":"<script>"}}}'),
        lambda seal, lines: sealed(*lines, "[" * 100_000),
        lambda seal, lines: sealed(*lines, "NaN"),
        lambda seal, lines: sealed("x" * (remembered.MOST + 1)),
    ]),
)  # fmt: skip
def test_a_file_that_does_not_hold_together_counts_as_not_there(folder, scored, spoil):
    path = folder / FILE
    seal, *lines = path.read_text("utf-8").splitlines()
    text = spoil(seal, lines)
    assert text != path.read_text("utf-8")
    path.write_text(text, "utf-8")
    assert remembered.read(folder, PROTEST) == remembered.Kept()
    assert remembered.remembered(engine_on(folder), PROTEST) == scored


def test_bytes_that_are_no_text_count_as_no_file(folder):
    (folder / FILE).write_bytes(b"\xff\xfe\x00")
    assert remembered.read(folder, PROTEST) == remembered.Kept()


@pytest.mark.parametrize("story", ["../manifest", "a/b", "", "A"])
def test_a_story_names_no_other_place(folder, story):
    with pytest.raises(ValueError, match="String should"):
        remembered.read(folder, story)


# ---------------------------------------------------------------- what makes it wrong


def test_a_story_that_was_rewritten_is_scored_anew(engine, scores):
    story = engine.narratives[PROTEST]
    other = story.model_copy(update={"tests": story.tests[:1], "rivals": ()})
    own = Engine(engine.store, {**engine.narratives, PROTEST: other}, engine.anchors)
    told = remembered.remembered(own, PROTEST)
    assert {len(day.tests) for day in told.days} == {1}
    assert len([name for name, _ in scores if name == PROTEST]) >= len(told.days)
    scores.clear()
    assert remembered.remembered(engine, PROTEST).days
    assert scores == []


def test_after_a_release_only_the_new_days_are_scored(folder, scores):
    before = remembered.remembered(engine_on(folder), PROTEST)
    _, came = grown(folder, *REVISED)
    engine = engine_on(folder)
    missing = remembered.forgotten(engine, PROTEST)
    assert missing
    assert all(day > before.days[-1].on for day in missing)
    assert came in missing
    scores.clear()
    told = remembered.remembered(engine, PROTEST)
    assert {day for name, day in scores if name == PROTEST} == set(missing)
    assert told == history(engine, PROTEST, None, None)


def test_what_rests_on_another_story_changes_with_it(engine):
    rested = engine.narratives[CONDITIONAL].when[0].narrative
    other = engine.narratives[rested].model_copy(
        update={"tests": engine.narratives[rested].tests[:1], "rivals": ()}
    )
    own = Engine(engine.store, {**engine.narratives, rested: other}, engine.anchors)
    assert remembered.forgotten(engine, CONDITIONAL) == []
    narrative = own.narratives[CONDITIONAL]
    last = own.store.newest_day
    assert remembered.forgotten(own, CONDITIONAL)[-1] == moments(own, narrative, last, last)[-1]


def with_plans_moved(days: int) -> Engine:
    """An engine to whom each delay of TIC within the story's memory was announced some days later."""
    release = CATALOGUE.releases["tic"]
    moved = tuple(
        d.model_copy(update={"announced": d.announced + timedelta(days=days)})
        if date(2025, 4, 2) < d.announced < date(2026, 3, 1)
        else d
        for d in release.deviations
    )
    assert moved != release.deviations
    other = release.model_copy(update={"deviations": moved})
    catalogue = CATALOGUE.model_copy(update={"releases": {**CATALOGUE.releases, "tic": other}})
    own = engine_on()
    return Engine(Store(SNAPSHOT, catalogue), own.narratives, own.anchors)


def test_a_correction_of_when_a_delay_was_announced_is_noticed(engine):
    """The newest verdict is the same, since all is announced by then; those before it are not."""
    own = with_plans_moved(3)
    last = own.store.newest_day
    assert own.identity_of(PROTEST, last) == engine.identity_of(PROTEST, last)
    assert remembered.forgotten(own, PROTEST)
    assert remembered.remembered(own, PROTEST) == history(own, PROTEST, None, None)


def test_a_basis_that_moved_without_a_day_is_written_anew(folder):
    """Else every page would ask each day for its identity again."""
    engine, path = engine_on(folder), folder / FILE
    path.write_text(
        remembered.text_of("older", remembered.known(engine, PROTEST).values()), "utf-8"
    )
    assert remembered.forgotten(engine, PROTEST) == []
    assert not remembered.current(engine, PROTEST)
    assert run(folder, "--check").exit_code == 1
    assert run(folder).exit_code == 0
    assert path.read_bytes() == (SNAPSHOT / FILE).read_bytes()


# ---------------------------------------------------------------- the command


def run(folder, *arguments):
    return CliRunner().invoke(app, ["register", PROTEST, "--snapshot", str(folder), *arguments])


def test_the_command_says_what_is_forgotten_then_remembers_it(folder):
    wanted = (SNAPSHOT / FILE).read_bytes()
    shutil.rmtree(folder / "histories")
    asked = run(folder, "--check", "--json")
    days = len(wanted.splitlines()) - 2
    assert asked.exit_code == 1
    assert json.loads(asked.stdout)["histories_missing"] == {PROTEST: days}
    assert f"{days} days of its history missing" in run(folder, "--check").output
    assert not (folder / "histories").exists()
    assert run(folder).exit_code == 0
    assert (folder / FILE).read_bytes() == wanted
    assert run(folder, "--check").exit_code == 0


def test_only_what_is_missing_is_scored_and_the_rest_stays(folder, scored):
    days = [Stood(**day) for day in stood(scored)]
    (folder / FILE).write_text(remembered.text_of("of another day", days[:-2]), "utf-8")
    assert json.loads(run(folder, "--check", "--json").stdout)["histories_missing"] == {PROTEST: 2}
    assert run(folder).exit_code == 0
    assert (folder / FILE).read_bytes() == (SNAPSHOT / FILE).read_bytes()


def test_while_a_refresh_is_at_work_it_waits_and_gives_up(folder, scored, monkeypatch):
    monkeypatch.setattr(remembered, "PATIENCE", 0.1)
    engine = engine_on(folder)
    with FileLock(folder / LOCK), pytest.raises(Busy):
        remembered.write(engine, {PROTEST: []})
    assert (folder / FILE).read_bytes() == (SNAPSHOT / FILE).read_bytes()
