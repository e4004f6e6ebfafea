"""A backfill by Dask: the serial run's bytes from two workers, one of which is killed in mid-run."""

import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evidence.backfill import cluster as module
from evidence.backfill.running import Lost, Watch, run
from evidence.cli import app
from tests.blocks import Echo, WhichStore
from tests.snapshots import PROTEST, engine_on
from tests.test_backfill import filled, plan_on, texts

pytest.importorskip("distributed", reason="Dask is optional: requirements-cluster.txt has it")

ROOT = Path(__file__).parent.parent
DASK = [sys.executable, "-m", "dask"]
HERE = ["--host", "127.0.0.1", "--no-dashboard"]
PATIENCE = 120


def begun(arguments, folder):
    """A process of Dask's that says nothing to us, from the project's folder."""
    with (folder / f"{arguments[0]}-{time.monotonic_ns()}.log").open("wb") as log:
        return subprocess.Popen(
            [*DASK, *arguments, *HERE],
            cwd=ROOT,
            stdout=log,
            stderr=log,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )


@pytest.fixture
def scheduler(tmp_path_factory):
    """(address, worker): a scheduler on this machine alone, and what begins a worker for it, a process of one thread."""
    folder = tmp_path_factory.mktemp("dask")
    named = folder / "scheduler.json"
    processes = [begun(["scheduler", "--port", "0", "--scheduler-file", str(named)], folder)]
    until = time.monotonic() + PATIENCE
    while not (named.exists() and "tcp://" in named.read_text("utf-8")):
        assert processes[0].poll() is None, "the scheduler ended"
        assert time.monotonic() < until, "the scheduler does not answer"
        time.sleep(0.05)
    address = re.search(r"tcp://127\.0\.0\.1:\d+", named.read_text("utf-8"))[0]

    def worker():
        options = ["--nthreads", "1", "--no-nanny", "--local-directory", str(folder)]
        processes.append(begun(["worker", address, *options], folder))
        return processes[-1]

    yield address, worker
    for process in reversed(processes):
        process.kill()
        process.wait()


def crew_of(address, workers):
    """The crew, once so many workers are there."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            crew = module.cluster(address)
        except Lost as fault:
            assert "has no worker" in str(fault)  # noqa: PT017 - what is expected until they are there
        else:
            while crew.left() < workers:
                assert time.monotonic() < until
                time.sleep(0.05)
            return replace(crew, abreast=2 * workers)
        assert time.monotonic() < until
        time.sleep(0.1)


def test_one_of_two_workers_killed_in_mid_run(scheduler, tmp_path):
    """Also: each worker opens the store once, and the survivor does what the other had begun."""
    engine = engine_on()
    plan = plan_on(engine)
    assert not filled(plan, engine.store, tmp_path / "serial").faults
    address, worker = scheduler
    two = [worker(), worker()]
    stores = [r.get() for r in run([WhichStore(n) for n in range(12)], engine.store, crew_of(address, 2))]  # fmt: skip
    assert {pid for pid, _ in stores} == {w.pid for w in two}
    assert len(set(stores)) == 2
    crew, killed = crew_of(address, 2), []

    def done(_):
        if not killed:
            killed.append(two[0])
            os.kill(two[0].pid, signal.SIGKILL)

    found = filled(plan, engine.store, tmp_path / "dask", crew, Watch(done=done))
    assert not found.faults
    assert two[0].wait() == -signal.SIGKILL
    assert two[1].poll() is None
    assert texts(tmp_path / "dask") == texts(tmp_path / "serial")


@pytest.mark.long
def test_the_command_line_prints_the_same(scheduler, monkeypatch):
    address, worker = scheduler
    wanted = ("history", PROTEST, "--from", "2025-05-01", "--to", "2025-06-30", "--json")
    alone = CliRunner().invoke(app, wanted)
    nobody = CliRunner().invoke(app, [*wanted, "--cluster", address])
    assert (nobody.exit_code, nobody.stdout) == (1, "")
    assert nobody.stderr == f"the Dask scheduler at {address} has no worker\n"
    worker()
    crew = crew_of(address, 1)
    crew.close(crew.make())
    shared = CliRunner().invoke(app, [*wanted, "--cluster", address])
    assert shared.exit_code == 0, shared.stderr
    assert shared.stdout == alone.stdout


@pytest.mark.long
def test_all_workers_lost_is_told(scheduler, monkeypatch):
    monkeypatch.setattr("evidence.backfill.running.PATIENCE", 1.0)
    address, worker = scheduler
    only = worker()
    crew = crew_of(address, 1)

    def done(_):
        only.kill()

    with pytest.raises(Lost, match="no worker is left"):
        list(run([Echo(n, 0.2) for n in range(20)], engine_on().store, crew, Watch(done=done)))


def test_nobody_at_the_address(monkeypatch):
    monkeypatch.setattr(module, "TIMEOUT", 0.5)
    found = CliRunner().invoke(app, ["calibrate", PROTEST, "--cluster", "tcp://127.0.0.1:9"])
    assert (found.exit_code, found.stdout) == (1, "")
    assert "no Dask scheduler answers at tcp://127.0.0.1:9" in found.stderr
