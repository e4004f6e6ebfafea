"""A visitor's text in a process of its own: the same answer as the engine's, and nothing else that it could do."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

import charts
from briefs import drafted, sandbox
from briefs.sandbox import asking, forks, limits, reply
from briefs.sandbox.asking import Asking
from briefs.sandbox.forks import frame, payloads
from charts import placebos, specifications
from charts.theme import DARK, LIGHT
from evidence import machine
from evidence.drafting import finishing
from evidence.drafting.draft import Draft, DraftTest
from tests import misbehaving, ours

ROOT = Path(__file__).parent.parent
DAY = date(2025, 6, 20)
STORY = "deficit-is-the-target"
SECOND = 1.0


@pytest.fixture(scope="module")
def desk():
    return ours.desk()


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    """Where the odd helpers say what went wrong."""
    path = tmp_path_factory.mktemp("helper") / "log"
    path.touch()
    return path


def odd_one(log, idle=60.0):
    """A helper whose jobs do what no story can."""
    return Asking((sys.executable, "-m", "tests.misbehaving", str(idle), str(log)))


@pytest.fixture(scope="module")
def odd(log):
    made = odd_one(log)
    yield made
    made.end()


@pytest.fixture(scope="module", autouse=True)
def ended():
    yield
    sandbox._asking.end()


def text_of(desk, story=STORY):
    return desk.library.sources[story].text


def ask(asked, act, **more):
    return asked.ask({"lane": "scored", "text": act, **more})


def same(one, other):
    for name in ("key", "spec", "title", "subtitle", "alt", "source", "steps", "stage"):
        assert getattr(one, name) == getattr(other, name), name
    pd.testing.assert_frame_equal(one.frame, other.frame)
    pd.testing.assert_frame_equal(one.table, other.table)
    assert one.full_spec() == other.full_spec()


def files(*folders):
    return {
        (str(path), path.stat().st_mtime_ns, path.stat().st_size)
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.parts and ".venv" not in path.parts
    }


# -- a good story ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("story", "mode"),
    [(STORY, "light"), pytest.param("rebound-fits-the-framework", "dark", marks=pytest.mark.long)],
)
def test_a_story_is_scored_as_the_engine_scores_it(desk, story, mode):
    found = sandbox.scored(text_of(desk, story), DAY, mode)
    assert found.fault is None
    assert found.sound
    assert found.id == story
    narrative, scored = desk.stories[story], desk.score(story, DAY)
    assert found.verdict == scored.verdict
    look = DARK if mode == "dark" else LIGHT
    view, event = desk.view(scored.verdict.stands_for), desk.event(narrative)
    assert found.pictures.keys() == {t.id for t in narrative.tests}
    for test in narrative.tests:
        own = charts.for_test(
            test, scored.verdict.test(test.id), scored.ranked.get(test.id), view, desk.anchor(narrative), look,
            event_name=event.name, marks=event.marks,
        )  # fmt: skip
        same(found.pictures[test.id], own)
    assert found.places.keys() == scored.ranked.keys()
    for name, ranked in scored.ranked.items():
        same(found.places[name], placebos.place(scored.verdict.test(name), ranked, look))
    same(found.curve, specifications.curve(desk.engine.sensitivity(story, DAY), look))
    assert found.checks
    assert all(check.passed for check in found.checks)
    assert len(found.checks) + found.left == len(narrative.cases) + len(narrative.controls)


def test_a_claim_that_was_not_judged_has_no_curve(desk):
    """A condition is not met: a picture of no ways at all would never be drawn."""
    story = next(s for s in desk.stories if desk.verdict(s, desk.newest).robustness is None)
    found = sandbox.scored(text_of(desk, story))
    assert found.verdict.robustness is None
    assert found.curve is None


def test_without_a_day_it_is_scored_on_the_newest(desk):
    assert sandbox.scored(text_of(desk)).verdict == desk.verdict(STORY, desk.newest)


def test_a_story_of_a_visitor_may_rest_on_stories_that_there_are(desk):
    mine = re.sub(r"^id: .*$", "id: mine", text_of(desk, "framework-holds"), flags=re.MULTILINE)
    found = sandbox.scored(mine, DAY)
    other = desk.verdict("framework-holds", DAY)
    assert found.id == "mine"
    assert found.verdict.conditions == other.conditions != ()
    assert found.verdict.direction == other.direction


def test_problems_stand_at_their_line(desk):
    text = text_of(desk).replace("kind: ", "kind: no_such_", 1)
    line = next(i for i, one in enumerate(text.split("\n"), 1) if "no_such_" in one)
    for found in (sandbox.problems(text), sandbox.scored(text)):
        assert not found.sound
        assert found.fault is None
        assert found.verdict is None
        assert [(p.line, p.code, p.severity) for p in found.problems] == [
            (line, "unknown-kind", "error")
        ]
    good = sandbox.problems(text_of(desk))
    assert good.sound
    assert good.verdict is None


def test_lint_for_inference_stands_at_its_line(desk):
    text = text_of(desk, "deficit-front-loading").replace("at_least: ", "at_least: ", 1)
    weak = text_of(desk, "private-outflows-began-before")
    found = sandbox.scored(weak)
    assert [f.code for f in found.findings] == ["never-passes"]
    assert "at_least" in weak.split("\n")[found.findings[0].line - 1]
    assert not sandbox.scored(text).findings


def test_a_story_that_would_run_for_minutes_is_refused_with_its_estimate(desk):
    windows = ", ".join(f"{n} weeks" for n in range(1, 200))
    text = text_of(desk, "everything-fell-together").replace("vary:", "vary_:")
    text = re.sub(r"(?m)^    role: ", f"    vary: {{windows: [{windows}]}}\n    role: ", text)
    begun = time.monotonic()
    found = sandbox.scored(text)
    assert time.monotonic() - begun < 2
    assert found.fault.code == "refused", found
    assert "would take about" in found.fault.sentence


def test_answers_become_a_story_with_its_cases(desk):
    """The third kind of job: the form's answers. Each case that is worked out for them passes."""
    test = DraftTest(
        id="custody-falls", title="Custody falls", kind="change_after", series="fed.custody.treasuries", after="4 weeks",
        direction="down", at_least="2 %", matters_why="Half of the fall of March 2020.", role="hoop",
        why="Officials keep their Treasuries there.",
    )  # fmt: skip
    answers = Draft(
        claim="Foreign officials sold Treasuries in April.",
        event="liberation-day",
        tests=(test,),
    )
    found = sandbox.finished(answers.model_dump_json())
    assert found.fault is None
    assert "custody-falls" in found.text
    assert found.text == finishing.finished(answers, desk.library, desk.store).text
    assert sandbox.finished(Draft().model_dump_json()).text
    assert sandbox.finished("no answers").fault.code == "ours"


def test_a_text_that_is_too_long_is_not_sent(monkeypatch):
    monkeypatch.setattr(Asking, "ask", lambda *_: pytest.fail("sent"))
    for text in ("x" * (limits.LONGEST + 1), "é" * (limits.LONGEST // 2 + 1)):
        for found in (sandbox.problems(text), sandbox.scored(text)):
            assert found.fault.code == "long"
            assert "at most 64 kB" in found.fault.sentence


def test_half_a_surrogate_is_a_problem_and_no_accident():
    found = sandbox.problems("title: \ud800")
    assert [p.code for p in found.problems] == ["character"]


# -- limits ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", misbehaving.REFUSED)
def test_what_reading_never_needs_is_refused(odd, act, tmp_path, log):
    target = tmp_path / "target"
    if act in ("append", "remove"):
        target.write_text("there", "utf-8")
    before, told = files(tmp_path), len(log.read_text("utf-8"))
    end, said = ask(odd, act, mode=str(target))
    assert end == "ours"
    assert [json.loads(line)["id"] for line in said.splitlines()] == ["before"]
    assert files(tmp_path) == before
    assert "Refused at " in log.read_text("utf-8")[told:]


@pytest.mark.parametrize(
    ("act", "end"),
    [("loop", "slow"), ("sleep", "slow"), ("allocate", "much"), ("talk", "much"), ("die", "ours"),
     ("recurse", "ours"), ("quit", "ours")],
)  # fmt: skip
def test_what_takes_too_much_is_stopped_and_told(odd, act, end):
    ask(odd, "well")
    begun = time.monotonic()
    found = ask(odd, act)
    assert found[0] == end
    assert json.loads(found[1].splitlines()[0])["id"] == "before"
    assert time.monotonic() - begun < misbehaving.SECONDS + SECOND
    told = reply.replied(*found)
    assert told.fault.code == end
    assert told.fault.sentence
    assert told.id == "before"
    assert ask(odd, "well")[0] == "done"


def test_the_kernel_holds_the_limits_too(odd):
    """Without the guard: what a fault in a library could do."""
    code = (
        "import os, resource, sys\n"
        "from briefs.sandbox import limits\n"
        "sys.addaudithook = lambda _: None\n"
        "r, w = os.pipe()\n"
        "limits.enter(w, 60, 1 << 26)\n"
        "found = [resource.getrlimit(x)[0] for x in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE, resource.RLIMIT_NPROC,\n"
        "         resource.RLIMIT_CPU)]\n"
        "try:\n"
        "    bytearray(1 << 27)\n"
        "    found.append('allocated')\n"
        "except MemoryError:\n"
        "    found.append('no memory')\n"
        "try:\n"
        "    with open(sys.argv[1], 'wb', buffering=0) as file:\n"
        "        file.write(b'x' * 10)\n"
        "        found.append('written')\n"
        "except OSError:\n"
        "    found.append('not written')\n"
        "print(found, os.nice(0), os.getsid(0) == os.getpid())\n"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", code, "/dev/shm/flowcheck-test" if Path("/dev/shm").is_dir() else os.devnull],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    Path("/dev/shm/flowcheck-test").unlink(missing_ok=True)
    assert done.stdout.strip() == "[0, 0, 0, 61, 'no memory', 'not written'] 10 True"


def test_a_fault_is_told_without_a_word_of_the_text(odd, log):
    before = len(log.read_text("utf-8"))
    assert ask(odd, "quote")[0] == "ours"
    told = log.read_text("utf-8")[before:]
    assert "ValueError at " in told
    assert "quote" not in told.replace("misbehaving", "")


# -- many, and accidents -----------------------------------------------------------------------------


@pytest.mark.long
def test_twenty_at_once_are_all_answered(desk):
    text = text_of(desk)
    texts = [re.sub(r"(?m)^id: .*$", f"id: mine-{i}", text) for i in range(20)]
    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(sandbox.scored, texts))
        read = list(pool.map(sandbox.problems, texts))
    assert [one.id for one in read] == [f"mine-{i}" for i in range(20)]
    for i, one in enumerate(found):
        busy = one.fault is not None and one.fault.code == "busy"
        assert busy or (one.fault is None and one.verdict.id == f"mine-{i}")
    assert sum(one.verdict is not None for one in found) >= 6


def test_a_figure_is_made_once_it_is_looked_at(monkeypatch):
    made = []
    monkeypatch.setattr(reply, "figure", made.append)
    held = reply.assembled([{"picture": {"key": "a"}, "test": "one"}, {"place": {}, "test": "two"}])
    assert "one" in held.pictures
    assert list(held.places) == ["two"]
    assert made == []
    for _ in range(2):
        assert held.pictures["one"] is None  # what append gives back
    assert made == [{"key": "a"}]


def test_scoring_leaves_a_processor_to_who_reads():
    assert [forks.at_once("scored", cores) for cores in (1, 2, 4)] == [1, 1, 3]
    assert [forks.at_once("problems", cores) for cores in (1, 8)] == [2, 2]


def test_each_gets_the_answer_to_its_own_text(odd):
    texts = [f"echo {i}" for i in range(40)]
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda text: reply.replied(*ask(odd, text)).fault.sentence, texts))
    assert found == texts


@pytest.mark.long
def test_more_than_may_wait_are_told_so(odd):
    with ThreadPoolExecutor(60) as pool:
        ends = list(pool.map(lambda _: ask(odd, "sleep")[0], range(40)))
    assert set(ends) == {"slow", "busy"}
    assert ends.count("busy") >= 40 - forks.WAITING - forks.at_once("scored", machine.cores())
    assert ask(odd, "well")[0] == "done"


def test_who_types_does_not_wait_for_who_scores(odd):
    ask(odd, "well")
    with ThreadPoolExecutor(4) as pool:
        slow = [pool.submit(ask, odd, "sleep") for _ in range(4)]
        time.sleep(0.1)
        begun = time.monotonic()
        assert odd.ask({"lane": "problems", "text": "well"})[0] == "done"
        assert time.monotonic() - begun < 0.5
        assert {one.result()[0] for one in slow} == {"slow"}


def test_a_helper_that_is_killed_is_replaced_under_the_job(odd):
    ask(odd, "well")
    first = odd._helper.process
    answers = []
    thread = threading.Thread(target=lambda: answers.append(ask(odd, "sleep")))
    thread.start()
    time.sleep(0.3)
    os.kill(first.pid, signal.SIGKILL)
    thread.join()
    assert answers[0][0] == "slow"  # asked again of the next helper, which did its work
    assert odd._helper.process.pid != first.pid
    assert ask(odd, "well")[0] == "done"


def test_a_helper_that_cannot_start_is_not_started_over_and_over():
    broken = Asking((sys.executable, "-c", "raise SystemExit(3)"))
    begun = time.monotonic()
    assert [ask(broken, "well") for _ in range(5)] == [("ours", b"")] * 5
    assert time.monotonic() - begun < 3
    assert Asking(("/no/such/program",)).ask({"lane": "scored", "text": "well"}) == ("ours", b"")


@pytest.mark.long
def test_the_helper_ends_when_the_app_does_or_nobody_asks(log):
    made = odd_one(log, 0.3)
    assert ask(made, "well")[0] == "done"
    assert made._helper.process.wait(5) == 0
    second = odd_one(log)
    assert ask(second, "well")[0] == "done"
    process = second._helper.process
    second.end()
    assert process.wait(5) == 0


def test_it_is_started_again_when_the_data_have_changed(log, monkeypatch):
    asked = odd_one(log)
    ask(asked, "well")
    first = asked._helper.process
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(ask, asked, "sleep")
        time.sleep(0.3)
        monkeypatch.setattr(asking, "_state", lambda: "another")
        assert ask(asked, "well")[0] == "done"
        assert slow.result()[0] == "slow"  # who was at it still gets an answer
    assert asked._helper.process.pid != first.pid
    assert first.wait(5) == 0
    asked.end()


# -- nothing is left ---------------------------------------------------------------------------------


def test_nothing_of_a_text_is_left_anywhere(desk, capfd, monkeypatch, tmp_path):
    monkeypatch.setenv("FRED_API_KEY", "a-key-of-the-operator")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    asked = Asking()
    word = "zanzibar-quokka"
    text = text_of(desk) + f"# {word}\n"
    before = files(
        ROOT / "evidence", ROOT / "briefs", ROOT / "narratives", ROOT / "charts", tmp_path
    )
    for lane in ("problems", "scored"):
        assert asked.ask({"lane": lane, "text": text, "as_of": "", "mode": "light"})[0] == "done"
    helper = asked._helper.process.pid
    for what in ("cmdline", "environ"):
        told = Path(f"/proc/{helper}/{what}").read_bytes()
        assert word.encode() not in told
        assert b"a-key-of-the-operator" not in told
    assert b"FLOWCHECK_PRIVATE=off" in Path(f"/proc/{helper}/environ").read_bytes()
    assert before == files(
        ROOT / "evidence", ROOT / "briefs", ROOT / "narratives", ROOT / "charts", tmp_path
    )
    asked.end()
    out, err = capfd.readouterr()
    assert word not in out + err


def test_the_helper_sees_no_secret(odd, monkeypatch):
    given = {"PATH": "/bin", "FRED_API_KEY": "x", "GITHUB_TOKEN": "x", "FLOWCHECK_PRIVATE": "/data"}
    assert asking.environment(given) == {"PATH": "/bin", **asking.SET}
    assert asking.SET["FLOWCHECK_PRIVATE"] == "off"
    seen = reply.replied(*ask(odd, "seen")).fault.sentence
    assert "FRED_API_KEY" not in seen
    assert not any(path.startswith(str(ROOT / ".streamlit")) for path in limits.READABLE)
    assert f"{ROOT}{os.sep}" not in limits.READABLE


# -- where nothing can be forked ---------------------------------------------------------------------


@pytest.mark.long
def test_without_a_fork_each_text_has_a_process(desk, monkeypatch):
    monkeypatch.setattr(asking, "FORKS", False)
    asked = Asking()
    end, said = asked.ask(
        {"lane": "scored", "text": text_of(desk), "as_of": DAY.isoformat(), "mode": "light"}
    )
    assert asked._helper is None
    assert end == "done"
    assert reply.replied(end, said).verdict == desk.verdict(STORY, DAY)
    monkeypatch.setattr(asking, "START", -limits.SECONDS + 0.2)
    assert ask(asked, "a: b")[0] == "slow"


# -- the wire ----------------------------------------------------------------------------------------


def test_frames_come_out_as_they_went_in_however_they_are_cut():
    whole = b"".join(map(frame, (b"one", b"", b"x" * 70_000, b"last")))
    for size in (1, 3, 4, 5, 1000, len(whole)):
        held, out = bytearray(), []
        for start in range(0, len(whole), size):
            held += whole[start : start + size]
            out += payloads(held)
        assert out == [b"one", b"", b"x" * 70_000, b"last"]
        assert not held


def test_a_line_that_was_not_finished_is_left_out():
    line = json.dumps({"problems": [], "id": "mine", "event": "one"}).encode() + b"\n"
    found = reply.replied("slow", line + b'{"verdict": {"id"')
    assert found.id == "mine"
    assert found.fault.code == "slow"
    checked = (
        line
        + b'{"to_check": 5}\n{"check": {"narrative": "a", "name": "b", "passed": true, "expected": "", "found": ""}}\n'
    )
    found = reply.replied("slow", checked)
    assert found.fault is None
    assert found.left == 4


def test_a_figure_with_gaps_is_the_same_after_a_journey(desk):
    found = desk.score("basis-trade-unwind", DAY)
    name, ranked = next(iter(found.ranked.items()))
    figure = placebos.place(found.verdict.test(name), ranked, LIGHT)
    figure.table["gaps"] = [float("nan")] + [1.5] * (len(figure.table) - 1)
    figure.table["whole"] = range(len(figure.table))
    same(drafted.figure(json.loads(json.dumps(drafted.written(figure), allow_nan=False))), figure)
