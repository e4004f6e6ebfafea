"""A backfill: the same bytes from one process or two, in whatever order, and after workers and runs were killed."""

import io
import json
import os
import pickle
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from types import ModuleType, SimpleNamespace

import jsonschema
import pytest
from typer.testing import CliRunner

from evidence.backfill import cluster, options, running
from evidence.backfill.bar import bar
from evidence.backfill.blocks import Lines, Span, Tale, by_year, spans, years
from evidence.backfill.filling import Plan, fill, survey
from evidence.backfill.folder import Folder
from evidence.backfill.ground import Ground, GroundFault
from evidence.backfill.histories import histories, planned
from evidence.backfill.processes import processes
from evidence.backfill.running import BlockFault, Crew, Lost, Watch, as_done, run
from evidence.calibration import trials
from evidence.cli import app
from evidence.contract import schemas
from evidence.history import begins, chapter, history, moments
from evidence.library import read_library
from evidence.machine import cores
from evidence.observations import SNAPSHOT, Store
from evidence.register import days, entry_of
from tests.blocks import Damaged, Deadly, Echo, Faulty, WhichStore
from tests.libraries import copies, renamed
from tests.snapshots import CATALOGUE, NARRATIVES, PROTEST, SWAPS, copied, engine_on, library_in

ROOT = Path(__file__).parent.parent
CROWDED, FRAMEWORK = "us-crowds-the-index", "framework-holds"
SINCE, UNTIL = date(2024, 11, 1), date(2025, 6, 30)


@pytest.fixture(scope="module", autouse=True)
def _no_page_is_main():
    """Streamlit's AppTest leaves its page as `__main__`, and a spawned worker would begin by running it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "__main__", ModuleType("__main__"))
        yield


@pytest.fixture(scope="module")
def engine():
    return engine_on()


@pytest.fixture(scope="module")
def plan(engine):
    return plan_on(engine)


def plan_on(engine):
    """Three stories on two years and one test on quiet dates: seven blocks."""
    stories = {name: planned(engine, name, SINCE, UNTIL) for name in (SWAPS, PROTEST, CROWDED)}
    [trial, *_] = trials(
        [engine.narratives[PROTEST]],
        engine.anchors,
        library_in(NARRATIVES).loud_days,
        engine.store,
    )
    return Plan(stories, [trial])


def filled(plan, store, path, crew=None, watch=running.NOBODY):
    folder = Folder(path, Ground.of(store))
    return fill(plan, survey(plan, folder), store, folder, crew, watch)


def texts(folder):
    """Every file of a folder, by its place in it."""
    every = (path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in every}


@pytest.fixture(scope="module")
def serial(engine, plan, tmp_path_factory):
    """What one process makes."""
    folder = tmp_path_factory.mktemp("serial")
    done = filled(plan, engine.store, folder)
    assert not done.faults
    return texts(folder)


def values(results):
    return [result.value for result in results]


# ---------------------------------------------------------------- blocks


def test_years_follow_the_calendar():
    assert list(years(date(2024, 3, 1), date(2026, 2, 1))) == [
        (date(2024, 3, 1), date(2024, 12, 31)),
        (date(2025, 1, 1), date(2025, 12, 31)),
        (date(2026, 1, 1), date(2026, 2, 1)),
    ]
    assert list(years(UNTIL, UNTIL)) == [(UNTIL, UNTIL)]
    assert list(years(UNTIL, SINCE)) == []


def test_a_block_is_the_same_after_a_journey(engine):
    for name in (PROTEST, FRAMEWORK):
        [block, *_] = spans(Tale.of(engine, name), SINCE, UNTIL)
        again = pickle.loads(pickle.dumps(block))
        assert again == block
        assert again.tale.mark == block.tale.mark
        assert len(pickle.dumps(block)) < 100_000


def test_a_tale_has_the_stories_that_its_conditions_rest_on(engine):
    tale = Tale.of(engine, FRAMEWORK)
    assert {n.id for n in tale.named} == {c.narrative for c in engine.narratives[FRAMEWORK].when}
    day = date(2025, 6, 18)
    own = tale.engine(engine.store)
    assert own.score(FRAMEWORK, day).verdict == engine.score(FRAMEWORK, day).verdict
    assert tale.mark != replace(tale, anchors={"liberation-day": day}).mark


@pytest.mark.parametrize("name", [PROTEST, SWAPS, FRAMEWORK])
def test_chapters_hold_what_the_whole_history_holds(engine, name):
    """Cut where nothing happens, where something does, and on every day of a week with a release."""
    first, last = date(2025, 3, 28), UNTIL
    whole = history(engine, name, first, last)
    turn = whole.turns[0].on if whole.turns else date(2025, 6, 18)
    cuts = [date(2025, 5, 1), date(2025, 5, 2), turn, date(2025, 6, 20)]
    edges = [first, *sorted(set(cuts)), date(2025, 7, 1)]
    parts = [
        chapter(engine, name, first, a, min(b.fromordinal(b.toordinal() - 1), last))
        for a, b in pairwise(edges)
    ]
    assert tuple(day for part in parts for day in part.days) == whole.days
    assert tuple(turn for part in parts for turn in part.turns) == whole.turns


def test_the_moments_of_a_span_are_what_its_days_stand_for(engine):
    for name in (PROTEST, SWAPS, FRAMEWORK):
        narrative = engine.narratives[name]
        every = (date.fromordinal(n) for n in range(SINCE.toordinal(), UNTIL.toordinal() + 1))
        wanted = sorted({engine.stands_for(narrative, day) for day in every})
        assert moments(engine, narrative, SINCE, UNTIL) == wanted


def test_histories_are_put_together_in_order(engine):
    names = (SWAPS, PROTEST)
    wanted = [planned(engine, name, SINCE, UNTIL) for name in names]
    found = list(histories(engine, wanted, ThreadPoolExecutor(2)))
    assert [told.history for told in found] == [history(engine, n, SINCE, UNTIL) for n in names]
    for told in found:
        verdict = engine.score(told.history.id, UNTIL).verdict
        assert told.history.days[-1].identity == verdict.identity
        assert verdict.robustness.agree == told.ways.agree
        assert verdict.robustness.of == told.ways.of


def test_a_day_tells_which_choices_turn_its_verdict(engine):
    [block] = spans(Tale.of(engine, PROTEST), date(2025, 6, 1), UNTIL)
    for told in block.work(engine.store):
        asked = engine.sensitivity(PROTEST, told.day.on)
        assert told.ways.flips == tuple(flip for flip in asked.flips if flip.turned)
        assert (told.ways.agree, told.ways.of) == (asked.robustness.agree, asked.robustness.of)
        assert told.ways.sole == asked.sole


def test_the_registers_lines_come_in_blocks_of_a_year(engine):
    own = engine.at(engine.store.n)
    every = days(own, own.narratives[PROTEST])
    blocks = [Lines(Tale.of(own, PROTEST), days) for days in by_year(every)]
    assert [block.days[0].year for block in blocks] == sorted({day.year for day in every})
    entries, stood = zip(*[pair for r in run(blocks, own.store) for pair in r.get()], strict=True)
    assert list(entries) == [entry_of(own, PROTEST, day) for day in every]
    told = history(own, PROTEST, None, None)
    assert [day.model_dump() for day in stood] == [
        day.model_dump(exclude={"published", "happened"}) for day in told.days
    ]


def test_a_plan_without_a_day_is_refused(engine):
    with pytest.raises(ValueError, match="comes after"):
        planned(engine, PROTEST, UNTIL, SINCE)
    [block, *_] = planned(engine, PROTEST, None, None)
    assert block.first == begins(engine, engine.narratives[PROTEST])


# ---------------------------------------------------------------- running


def test_results_come_in_the_order_of_the_blocks(engine):
    blocks = [Echo(n, 0.05 * (5 - n)) for n in range(5)]
    with ThreadPoolExecutor(3) as pool:
        assert values(run(blocks, engine.store, pool)) == [0, 1, 2, 3, 4]
        assert sorted(values(as_done(blocks, engine.store, pool))) == [0, 1, 2, 3, 4]
        assert values(run(blocks, engine.store)) == values(run(blocks, engine.store, pool))
    assert values(run([], engine.store, processes(2))) == []


def test_a_slow_block_holds_up_no_more_than_what_is_kept_for_it(engine):
    """Nothing is begun that lies far ahead of the first block that is not done."""
    begun = []

    class Counted(ThreadPoolExecutor):
        def submit(self, fn, /, *args, **kwargs):
            begun.append(args[1].number)
            return super().submit(fn, *args, **kwargs)

    blocks = [Echo(0, 1.0), *(Echo(n) for n in range(1, 200))]
    with Counted(2) as pool:
        results = run(blocks, engine.store, Crew.of(pool, abreast=2))
        assert next(results).value == 0
        assert max(begun) <= 2 * running.AHEAD + 1
        assert values(results) == list(range(1, 200))


def test_a_fault_is_told_and_the_rest_goes_on(engine):
    for crew in (None, ThreadPoolExecutor(1)):
        good, bad, last = run([Echo(1), Faulty(), Echo(2)], engine.store, crew)
        assert (good.get(), last.get()) == (1, 2)
        assert re.fullmatch(r"ValueError: no such thing \(blocks\.py, line \d+\)", bad.fault)
        with pytest.raises(BlockFault, match=r"^faulty: ValueError: no such thing"):
            bad.get()


@pytest.mark.long
def test_damage_that_a_worker_met_is_known_here():
    store = Store(catalogue=CATALOGUE)
    blocks = [Echo(1), Damaged()]
    assert values(run(blocks, store, processes(1))) == [1, 0]
    assert store.damaged == {"fed.custody.treasuries": "fed.custody.treasuries: gone"}


@pytest.mark.long
def test_a_worker_opens_the_store_once(engine):
    found = values(run([WhichStore(n) for n in range(12)], engine.store, processes(2)))
    assert len(set(found)) == len({pid for pid, _ in found})
    assert os.getpid() not in {pid for pid, _ in found}


def test_a_run_that_nobody_asks_any_more_is_called_off(engine):
    with ThreadPoolExecutor(1) as pool:
        results = run([Echo(n, 0.1) for n in range(50)], engine.store, pool)
        assert next(results).value == 0
        begun = time.monotonic()
        results.close()
    assert time.monotonic() - begun < 2


# ---------------------------------------------------------------- workers that die


@pytest.mark.long
def test_one_of_two_workers_killed_in_mid_run(engine, plan, serial, tmp_path):
    """The pool breaks with blocks under way; they are done again in a new one, and no byte differs."""
    pools, again, killed = [], [], []
    crew = processes(2)

    def make():
        pools.append(crew.make())
        return pools[-1]

    def done(_):
        if not killed:
            killed.append(min(pools[0]._processes))
            os.kill(killed[0], signal.SIGKILL)

    watch = Watch(done=done, again=again.extend)
    found = filled(plan, engine.store, tmp_path, replace(crew, make=make), watch)
    assert not found.faults
    assert len(pools) == 2
    assert again, "nothing was under way when the worker was killed"
    assert texts(tmp_path) == serial


def test_a_block_that_kills_its_worker_is_named_and_the_rest_is_done(engine):
    blocks = [Echo(0), Deadly(), *(Echo(n) for n in range(1, 5))]
    again = []
    results = list(run(blocks, engine.store, processes(2), Watch(again=again.append)))
    assert [r.value for r in results if r.block.name != "deadly"] == [0, 1, 2, 3, 4]
    assert results[1].fault == "its worker died 3 times"
    assert "deadly" in again[-2]
    assert again[-1] == [], "the last time it went alone, so nothing else was lost with it"
    with pytest.raises(BlockFault, match=r"^deadly: its worker died 3 times$"):
        results[1].get()


@pytest.mark.long
def test_a_worker_that_dies_once_costs_nothing_but_time(engine, tmp_path):
    blocks = [Echo(0), Deadly(once=tmp_path / "died"), Echo(1)]
    assert values(run(blocks, engine.store, processes(1))) == [0, 0, 1]


def test_workers_that_die_whatever_they_are_given_end_the_run(engine):
    class Broken(Executor):
        tried = 0

        def submit(self, fn, /, *args, **kwargs):
            self.tried += 1
            raise BrokenExecutor

    pool = Broken()
    with pytest.raises(Lost, match="workers die whatever they are given, the last time of echo 2"):
        list(run([Echo(n) for n in range(100)], engine.store, pool))
    assert pool.tried == 9


class Silent(Executor):
    """Takes blocks and never gives anything back."""

    def submit(self, fn, /, *args, **kwargs):
        return Future()


def test_a_run_without_a_worker_ends(engine, monkeypatch):
    monkeypatch.setattr(running, "PATIENCE", 0.01)
    asked = iter([1, 1, 0])
    crew = replace(Crew.of(Silent()), left=lambda: next(asked))
    with pytest.raises(Lost, match="no worker is left"):
        list(run([Echo(0)], engine.store, crew))


def test_a_run_that_was_called_off_elsewhere_ends(engine):
    class Cancelled(Executor):
        def submit(self, fn, /, *args, **kwargs):
            future = Future()
            future.cancel()
            future.set_running_or_notify_cancel()
            return future

    with pytest.raises(Lost, match="called off"):
        list(run([Echo(0)], engine.store, Cancelled()))


# ---------------------------------------------------------------- the ground


def test_a_worker_with_other_data_refuses(tmp_path):
    store = Store(copied(tmp_path / "snapshot"), CATALOGUE)
    [result] = run([Echo(1)], store, processes(1))
    assert result.value == 1
    manifest = tmp_path / "snapshot" / "manifest.json"
    manifest.write_text(f"{manifest.read_text('utf-8')}\n", "utf-8")
    with pytest.raises(GroundFault, match="another version of the code or of the data"):
        list(run([Echo(1)], store, processes(1)))
    manifest.unlink()
    with pytest.raises(GroundFault, match="cannot read the snapshot"):
        list(run([Echo(1)], store, processes(1)))


def test_the_usual_snapshot_is_each_workers_own(tmp_path):
    """On another machine the folder may have another name."""
    assert Ground.of(Store(catalogue=CATALOGUE)).snapshot is None
    other = Ground.of(Store(copied(tmp_path / "snapshot"), CATALOGUE))
    assert other.snapshot == tmp_path / "snapshot"
    assert other.mark == Ground.of(Store(catalogue=CATALOGUE)).mark


def test_what_somebody_brought_is_part_of_the_ground():
    plain = Store(catalogue=CATALOGUE)
    assert Ground.of(plain).private is None
    own = SimpleNamespace(
        folder=SNAPSHOT, hash=plain.hash, brought={"a": {}}, private=SNAPSHOT, private_fault=""
    )
    assert Ground.of(own).private == SNAPSHOT
    assert Ground.of(own).mark != Ground.of(plain).mark


# ---------------------------------------------------------------- the folder


def test_one_file_for_each_story_with_a_line_for_each_day(engine, plan, serial):
    assert {name.partition("/")[0] for name in serial} == {
        "stories",
        "calibration",
        "calibration.json",
    }
    for name, blocks in plan.stories.items():
        head, *rows = serial[f"stories/{name}.jsonl"].decode().splitlines()
        told, rows = json.loads(head), [json.loads(row) for row in rows]
        whole = history(engine, name, SINCE, UNTIL).model_dump(mode="json")
        assert [row["day"] for row in rows] == whole["days"]
        assert [row["turn"] for row in rows if row["turn"]] == whole["turns"]
        assert (told["id"], told["from"], told["to"]) == (name, str(SINCE), str(UNTIL))
        assert told["lines"] == len(rows)
        assert len(blocks) == 2


def test_what_is_there_and_whole_is_not_made_again(engine, plan, serial, tmp_path):
    filled(plan, engine.store, tmp_path)
    done = []
    watch = Watch(done=done.append)
    filled(plan, engine.store, tmp_path, watch=watch)
    assert done == []
    story = tmp_path / "stories" / f"{SWAPS}.jsonl"
    story.write_bytes(story.read_bytes()[:-10])
    [trial] = (tmp_path / "calibration").iterdir()
    trial.write_text("{}", "utf-8")
    (tmp_path / "stories" / f"{PROTEST}.jsonl").write_bytes(b"[]\n\xff")
    filled(plan, engine.store, tmp_path, watch=watch)
    assert sorted(done) == sorted(
        [b.name for name in (SWAPS, PROTEST) for b in plan.stories[name]] + [plan.trials[0].name]
    )
    assert texts(tmp_path) == serial


def test_a_block_is_known_by_its_work_its_code_and_its_data(engine, plan, tmp_path):
    ground = Ground.of(engine.store)
    folder = Folder(tmp_path, ground)
    block, following = plan.stories[PROTEST]
    other = replace(block.tale, story=block.tale.story.model_copy(update={"title": "Another"}))
    keys = [
        folder.part(block).key,
        folder.part(following).key,
        folder.part(replace(block, begin=date(2024, 1, 1))).key,
        folder.part(replace(block, tale=other)).key,
        Folder(tmp_path, replace(ground, mark="0")).part(block).key,
        folder.story([block]).key,
        folder.story([block, following]).key,
        folder.part(plan.trials[0]).key,
        folder.part(replace(plan.trials[0], avoid=())).key,
    ]
    assert len(set(keys)) == len(keys)


def test_a_story_whose_block_fails_has_no_file_and_the_others_have(engine, plan, tmp_path):
    broken = replace(plan.stories[PROTEST][0].tale, anchors={})
    bad = replace(plan.stories[PROTEST][0], tale=broken)
    spoilt = Plan({**plan.stories, PROTEST: [bad, plan.stories[PROTEST][1]]}, plan.trials)
    found = filled(spoilt, engine.store, tmp_path)
    assert list(found.faults) == [bad.name]
    assert "KeyError" in found.faults[bad.name]
    assert list(found.days) == [SWAPS, CROWDED]
    assert found.table is not None
    assert not (tmp_path / "stories" / f"{PROTEST}.jsonl").exists()
    assert list((tmp_path / "parts").iterdir()) == [tmp_path / "parts" / PROTEST]


def test_stopped_before_a_story_was_put_together(engine, plan, serial, tmp_path):
    folder = Folder(tmp_path, Ground.of(engine.store))
    once = Plan({SWAPS: plan.stories[SWAPS]}, [])
    filled(once, engine.store, tmp_path)
    path = tmp_path / "stories" / f"{SWAPS}.jsonl"
    rows = path.read_text("utf-8").splitlines()[1:]
    path.unlink()
    for block in plan.stories[SWAPS]:
        on = {row: date.fromisoformat(json.loads(row)["day"]["on"]) for row in rows}
        folder.part(block).write(r for r in rows if block.first <= on[r] <= block.last)
    assert survey(once, folder).missing == []
    assert path.read_bytes() == serial[f"stories/{SWAPS}.jsonl"]
    assert not (tmp_path / "parts" / SWAPS).exists()


# ---------------------------------------------------------------- the command line


def invoke(*arguments):
    return CliRunner().invoke(app, list(map(str, arguments)))


def test_backfill_on_the_command_line_and_again(tmp_path):
    wanted = ("backfill", "-o", tmp_path / "out", SWAPS, "--from", SINCE, "--to", UNTIL)
    first = invoke(*wanted, "--workers", 1, "--json")
    assert first.exit_code == 0, first.output
    told = json.loads(first.stdout)
    jsonschema.validate(told, schemas()["backfill"])
    assert (told["there_before"], told["faults"]) == (0, [])
    assert [(s["id"], s["from"], s["to"]) for s in told["stories"]] == [
        (SWAPS, str(SINCE), str(UNTIL))
    ]
    before = texts(tmp_path / "out")
    second = json.loads(invoke(*wanted, "--json").stdout)
    assert second["there_before"] == second["blocks"] == told["blocks"]
    assert texts(tmp_path / "out") == before
    plain = invoke(*wanted, "--workers", 2)
    assert plain.stdout.startswith(f"{tmp_path / 'out'}: 1 of 1 stories, ")
    assert invoke("calibrate", SWAPS, "--json").stdout.encode() == before["calibration.json"]


def test_two_backfills_do_not_share_a_folder(tmp_path):
    from filelock import FileLock

    with FileLock(tmp_path / ".lock"):
        found = invoke("backfill", "-o", tmp_path, SWAPS, "--to", UNTIL)
    assert found.exit_code == 1
    assert found.stderr == f"another backfill is at work on {tmp_path}\n"


@pytest.mark.long
def test_a_backfill_that_was_killed_goes_on(tmp_path):
    """The process is killed when the first blocks are there; its workers end with it."""
    out = tmp_path / "out"
    wanted = [
        sys.executable, "-m", "evidence", "backfill", "-o", str(out), CROWDED, SWAPS,
        "--from", "2023-01-01", "--to", "2025-03-31", "--workers", "2", "--json",
    ]  # fmt: skip
    running_ = subprocess.Popen(wanted, cwd=ROOT, stdout=subprocess.DEVNULL)
    until = time.monotonic() + 120
    while not list(out.glob("parts/*/*.jsonl")):
        assert time.monotonic() < until
        assert running_.poll() is None, "it ended before it could be killed"
        time.sleep(0.02)
    children = _children(running_.pid)
    assert len(children) >= 2
    running_.kill()
    running_.wait()
    whole = tmp_path / "whole"
    again = subprocess.run(wanted, cwd=ROOT, check=True, capture_output=True)
    assert json.loads(again.stdout)["there_before"] > 0
    wanted[wanted.index(str(out))] = str(whole)
    subprocess.run(wanted, cwd=ROOT, check=True, capture_output=True)
    assert texts(out) == texts(whole)
    assert not any(Path(f"/proc/{pid}").exists() for pid in children)


def _children(pid):
    """The processes that a process began (Linux)."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


@pytest.mark.parametrize(
    "arguments",
    [
        ("history", PROTEST, "--from", "2024-12-01", "--to", "2025-06-30"),
        pytest.param(
            ("history", FRAMEWORK, "--from", "2024-12-15", "--to", "2025-01-31"),
            marks=pytest.mark.long,
        ),
        ("register", SWAPS, "--check"),
    ],
)
def test_commands_print_the_same_with_two_workers(arguments):
    alone, two = invoke(*arguments, "--json"), invoke(*arguments, "--json", "--workers", 2)
    assert alone.exit_code == two.exit_code == 0, two.output
    assert alone.stdout == two.stdout


@pytest.mark.long
def test_the_register_is_the_same_with_two_workers(tmp_path):
    written = []
    for workers in (1, 2):
        folder = copied(tmp_path / str(workers))
        for path in (folder / "verdicts").glob("*.csv"):
            path.unlink()
        made = invoke("register", PROTEST, "--snapshot", folder, "--workers", workers)
        assert made.exit_code == 0, made.output
        written.append((folder / "verdicts" / f"{PROTEST}.csv").read_bytes())
    assert written[0] == written[1]


@pytest.mark.long
def test_the_library_is_the_same_with_two_workers(tmp_path):
    """Three copies of quick stories, beside retired originals."""
    folder = renamed(tmp_path / "narratives", 3, (PROTEST, SWAPS, CROWDED))
    for path in folder.glob("liberation-day/*.yaml"):
        text = path.read_text("utf-8")
        if not copies([path.stem]):
            path.write_text(text.replace("status: live", "status: draft"), "utf-8")
    wanted = ("library", "--narratives", folder, "--as-of", "2025-06-30", "--json")
    alone, two = invoke(*wanted), invoke(*wanted, "--workers", 2)
    assert alone.exit_code == two.exit_code == 0, two.output
    assert alone.stdout == two.stdout
    assert len(json.loads(two.stdout)["stories"]) == 3


def test_wrong_use_is_told(monkeypatch):
    both = invoke("history", PROTEST, "--workers", 2, "--cluster", "tcp://127.0.0.1:1")
    assert both.exit_code == 2
    assert both.stderr == "--workers, --cluster: one of them says who does the work\n"
    assert invoke("history", PROTEST, "--workers", 0).exit_code == 2
    late = invoke("backfill", "-o", "nowhere", PROTEST, "--from", "2099-01-01")
    assert late.exit_code == 2
    assert "--from: 2099-01-01 comes after the last day" in late.stderr
    monkeypatch.setitem(sys.modules, "distributed", None)
    absent = invoke("history", PROTEST, "--to", UNTIL, "--cluster", "tcp://127.0.0.1:1")
    assert absent.exit_code == 1
    assert absent.stderr == "Dask is not installed; `pip install -r requirements-cluster.txt` does it\n"  # fmt: skip


def test_every_heavy_command_takes_the_same_options():
    for command in ("backfill", "calibrate", "history", "library", "register"):
        told = invoke(command, "--help").stdout
        assert "--workers" in told, command
        assert "--cluster" in told, command
    assert cores() >= 1
    assert cluster.TIMEOUT > 0
    assert options.Workers


# ---------------------------------------------------------------- the bar


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_the_bar_stands_on_a_terminal_only(monkeypatch):
    shown = Terminal()
    monkeypatch.setattr(sys, "stderr", shown)
    with bar("Blocks", 2) as watch:
        watch.done("a")
        watch.again(["b"])
        watch.done("b")
    text = shown.getvalue()
    assert "Blocks" in text
    assert "2/2" in text
    assert "a worker died; 1 block begun again" in text
    quiet = io.StringIO()
    monkeypatch.setattr(sys, "stderr", quiet)
    with bar("Blocks", 2) as watch:
        watch.done("a")
        watch.again(["a", "b"])
        watch.again([])
    assert quiet.getvalue() == "a worker died; 2 blocks begun again\n"


# ---------------------------------------------------------------- large libraries


def test_a_library_is_as_large_as_one_likes(tmp_path):
    library = read_library(renamed(tmp_path / "narratives", 45), CATALOGUE)
    assert not library.broken
    assert len(copies(list(library.narratives))) == 45


@pytest.mark.long
def test_every_story_on_every_day_with_one_worker_and_with_two(tmp_path):
    """Minutes: the whole library, with its calibration."""
    made = []
    for workers in (1, 2):
        out = tmp_path / str(workers)
        assert invoke("backfill", "-o", out, "--workers", workers).exit_code == 0
        made.append(texts(out))
    assert made[0] == made[1]


def test_a_span_is_named_in_words(engine):
    [first, *_] = planned(engine, SWAPS, SINCE, UNTIL)
    assert isinstance(first, Span)
    assert first.name == f"{SWAPS} from 2024-11-01 to 2024-12-31"
