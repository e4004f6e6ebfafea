"""The night's work: the shell script, the workflow that keeps its result, the files for a host.

The workflow's own steps are run, in order, in a git clone in a temporary folder. There the commands of
`python -m evidence` are stubs that say what a test wants them to say, and so is `gh`.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ET
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from threading import Thread
from zoneinfo import ZoneInfo

import pytest
import yaml

from evidence.publishers import discover
from tests.hosted import image_feed

REPO = Path(__file__).resolve().parent.parent
HOSTING = REPO / "hosting"
ATOM = "{http://www.w3.org/2005/Atom}"
TODAY = datetime.now(ZoneInfo("America/New_York")).date()

_spec = spec_from_file_location("night", HOSTING / "night.py")
assert _spec is not None
assert _spec.loader is not None
night = module_from_spec(_spec)
_spec.loader.exec_module(night)

WORKFLOW = yaml.safe_load((REPO / ".github/workflows/refresh.yml").read_text(encoding="utf-8"))
COMPOSE = yaml.safe_load((HOSTING / "compose.yaml").read_text(encoding="utf-8"))

PYTHON = """#!{python}
import json, os, sys
from pathlib import Path

if sys.argv[1:3] != ["-m", "evidence"]:
    os.execv({python!r}, [{python!r}, *sys.argv[1:]])
plan = Path({plan!r})
with (plan / "calls").open("a") as out:
    out.write(" ".join(sys.argv[3:]) + chr(10))
step = json.loads((plan / (sys.argv[3] + ".json")).read_text())
for name, text in step["writes"].items():
    Path(name).write_text(text)
sys.stderr.write(step["err"])
sys.stdout.write(step["out"])
raise SystemExit(step["status"])
"""

GH = """#!{python}
import sys
from pathlib import Path

plan, arguments = Path({plan!r}), sys.argv[1:]
if arguments[:2] == ["issue", "list"]:
    print((plan / "open").read_text() if (plan / "open").exists() else "", end="")
    raise SystemExit
body = Path(arguments[arguments.index("--body-file") + 1]).read_text() if "--body-file" in arguments else ""
with (plan / "gh").open("a") as out:
    out.write(" ".join(arguments[:2]) + chr(10) + body)
if arguments[:2] == ["issue", "create"]:
    (plan / "open").write_text("7")
if arguments[:2] == ["issue", "close"]:
    (plan / "open").unlink()
"""


def feed(*entries: tuple[str, str]) -> str:
    """An Atom feed as `diff` prints it, with entries of these names and times."""
    rows = "".join(
        f"<entry><id>urn:{name}</id><title>{name}</title><updated>{at}</updated>"
        f'<content type="text">{name}</content></entry>'
        for name, at in entries
    )
    head = "<id>urn:night</id><title>a night</title><updated>2026-01-01T00:00:00Z</updated>"
    author = "<author><name>Flowcheck</name></author>"
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{head}{author}{rows}</feed>\n'


def names(text: str) -> list[str]:
    """The titles of a feed's entries, in order."""
    return [
        entry.findtext(f"{ATOM}title") or "" for entry in ET.fromstring(text).iter(f"{ATOM}entry")
    ]


@dataclass
class Host:
    """A git clone with its remote, the stubs that stand in for the commands, and what they are to say."""

    tree: Path
    plan: Path
    environment: dict[str, str] = field(default_factory=dict)

    def say(
        self,
        command: str,
        out: object,
        status: int = 0,
        err: str = "",
        writes: dict[str, str] | None = None,
    ) -> None:
        """A command prints this, ends with this status and writes these files."""
        text = out if isinstance(out, str) else json.dumps(out)
        step = {"out": text, "status": status, "err": err, "writes": writes or {}}
        (self.plan / f"{command}.json").write_text(json.dumps(step), encoding="utf-8")

    def refreshed(self, before: int, after: int, **more: object) -> None:
        """`refresh` says this; a new number means new lines in one series, and a file that has them."""
        said: dict[str, object] = {
            "before": before,
            "snapshot": after,
            "added": {"tic.net.equities": 1} if after > before else {},
            "problems": [],
            "failing": [],
            **more,
        }
        new = {"evidence/snapshot/manifest.json": f'{{"snapshot": {after}}}\n'}
        writes = new if after > before else {}
        self.say("refresh", said, status=1 if said["problems"] else 0, writes=writes)

    def checked(self, *failed: str) -> None:
        rows = [
            {
                "narrative": "basis",
                "name": n,
                "passed": False,
                "expected": "fires",
                "found": "neutral",
            }
            for n in failed
        ]
        told = {"passed": 250 - len(failed), "failed": len(failed), "checks": rows}
        self.say("check", told, status=1 if failed else 0)

    def registered(self, added: int, **more: object) -> None:
        """`register` says that it added so many verdicts, and writes them where it added any."""
        told = {
            "kept": 1938 + added,
            "added": {"basis": added} if added else {},
            "problems": [],
            **more,
        }
        rows = "".join(f"line {n}\n" for n in range(added))
        writes = {"evidence/snapshot/basis.csv": rows} if added else {}
        self.say("register", told, status=1 if told["problems"] else 0, writes=writes)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.tree,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def git(self, *arguments: str) -> str:
        done = self.run("git", *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def night(self) -> int:
        """The workflow's steps, in order, as a runner would run them; the status of the one that failed."""
        failed = 0
        for step in WORKFLOW["jobs"]["refresh"]["steps"]:
            if "run" not in step or step["name"] == "Install":
                continue
            if failed and step.get("if") != "always()":
                continue
            done = self.run("bash", "-e", "-c", step["run"])
            failed = failed or done.returncode
        return failed

    def calls(self) -> list[str]:
        path = self.plan / "calls"
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    def issues(self) -> list[str]:
        """What was asked of `gh issue`, but for the lists."""
        path = self.plan / "gh"
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        return [line for line in text.splitlines() if re.match(r"issue \w+$", line)]

    def pushed(self) -> list[str]:
        """The subjects of the remote's commits, the newest first."""
        return self.git("log", "--format=%s", "origin/main").splitlines()


@pytest.fixture
def host(tmp_path: Path) -> Host:
    tree, plan, tools, remote = (tmp_path / n for n in ("tree", "plan", "bin", "remote.git"))
    for folder in (tree, plan, tools, tree / "evidence/snapshot", tree / "static"):
        folder.mkdir(parents=True)
    for name, text in (("python", PYTHON), ("gh", GH)):
        (tools / name).write_text(
            text.format(python=sys.executable, plan=str(plan)), encoding="utf-8"
        )
        (tools / name).chmod(0o755)
    shutil.copytree(HOSTING, tree / "hosting", ignore=shutil.ignore_patterns("__pycache__"))
    (tree / "evidence/snapshot/manifest.json").write_text('{"snapshot": 4}\n', encoding="utf-8")
    (tree / "static/favicon.png").write_bytes(b"")
    environment = {
        **{
            k: v
            for k, v in os.environ.items()
            if not k.startswith(("GIT_", "FLOWCHECK_", "GITHUB_"))
        },
        "PATH": f"{tools}:{os.environ['PATH']}",
        "PYTHON": "python",
        "HOME": str(tmp_path),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GITHUB_STEP_SUMMARY": str(plan / "shown"),
    }
    found = Host(tree, plan, environment)
    found.git("init", "--quiet", "--initial-branch", "main")
    found.git("-c", "init.defaultBranch=main", "init", "--quiet", "--bare", str(remote))
    for key, value in (("user.name", "t"), ("user.email", "t@example.org")):
        found.git("config", key, value)
    found.git("add", "--all")
    found.git("commit", "--quiet", "--message", "start")
    found.git("remote", "add", "origin", str(remote))
    found.git("push", "--quiet", "--set-upstream", "origin", "main")
    found.checked()
    found.registered(0)
    found.say("diff", feed(("first", "2026-11-20T21:00:00Z")))
    return found


def failing(days: int) -> list[dict[str, str]]:
    """A feed that has failed for this many days."""
    since = (TODAY - timedelta(days=days)).isoformat()
    return [{"feed": "tic/x.txt", "publisher": "tic", "since": since, "message": "status 500"}]


def test_a_night_with_news_is_kept_and_told(host: Host) -> None:
    host.refreshed(4, 5)
    assert host.night() == 0
    assert host.pushed() == ["Snapshot 5: 1 new lines in 1 series", "start"]
    changed = host.git("show", "--name-only", "--format=", "origin/main").split()
    assert changed == ["evidence/snapshot/manifest.json", "static/changes.atom"]
    assert "diff 4 5 --snapshot evidence/snapshot --format atom" in host.calls()
    assert names((host.tree / "static/changes.atom").read_text(encoding="utf-8")) == ["first"]
    assert "tic.net.equities: 1" in (host.plan / "shown").read_text(encoding="utf-8")
    assert host.issues() == []


def test_a_night_without_news_changes_no_byte(host: Host) -> None:
    host.refreshed(4, 5)
    assert host.night() == 0
    before = (host.tree / "static/changes.atom").read_bytes()
    host.refreshed(5, 5)
    assert host.night() == 0
    assert len(host.pushed()) == 2
    assert (host.tree / "static/changes.atom").read_bytes() == before
    assert sum(call.startswith("diff") for call in host.calls()) == 1
    assert host.git("status", "--porcelain", "--untracked-files=no") == ""


def test_new_verdicts_are_kept_with_the_data_that_made_them(host: Host) -> None:
    host.refreshed(4, 5)
    host.registered(3)
    assert host.night() == 0
    assert host.pushed() == ["Snapshot 5: 1 new lines in 1 series", "start"]
    changed = host.git("show", "--name-only", "--format=", "origin/main").split()
    assert set(changed) >= {"evidence/snapshot/manifest.json", "evidence/snapshot/basis.csv"}
    shown = (host.plan / "shown").read_text(encoding="utf-8")
    assert "3 verdicts were added to the register, which has 1,941." in shown


def test_verdicts_that_are_new_without_new_data_are_kept_and_named(host: Host) -> None:
    """As after a change of the engine."""
    host.refreshed(4, 4)
    host.registered(2)
    assert host.night() == 0
    assert host.pushed() == ["Snapshot 4: 2 more verdicts in the register", "start"]


def test_a_line_of_the_register_that_cannot_be_read_is_told(host: Host) -> None:
    host.refreshed(4, 5)
    host.registered(1, problems=[{"source": "verdicts/basis.csv", "line": 7, "message": "odd"}])
    done = host.run("hosting/nightly.sh", "report")
    assert done.returncode == 1
    assert "- verdicts/basis.csv:7: odd" in done.stdout


def test_a_push_by_somebody_else_is_taken_in(host: Host, tmp_path: Path) -> None:
    other = tmp_path / "other"
    remote = str(tmp_path / "remote.git")
    host.git("clone", "--quiet", remote, str(other))
    (other / "NOTES").write_text("a note\n", encoding="utf-8")
    for command in (
        ["add", "NOTES"],
        ["-c", "user.name=o", "-c", "user.email=o@example.org", "commit", "--quiet", "-m", "note"],
        ["push", "--quiet"],
    ):
        host.git("-C", str(other), *command)
    host.refreshed(4, 5)
    assert host.night() == 0
    assert host.pushed() == ["Snapshot 5: 1 new lines in 1 series", "note", "start"]


def test_one_issue_from_the_third_day_to_the_end(host: Host) -> None:
    problem = [{"source": "tic/x.txt", "line": 0, "message": "status 500"}]
    for days, wanted in (
        (0, []),
        (2, []),
        (3, ["issue create"]),
        (4, ["issue create", "issue edit"]),
        (5, ["issue create", "issue edit", "issue edit"]),
    ):
        host.refreshed(4, 4, problems=problem, failing=failing(days))
        assert host.night() == 0
        assert host.issues() == wanted
    assert "tic, tic/x.txt, since" in (host.plan / "gh").read_text(encoding="utf-8")
    host.refreshed(4, 4)
    assert host.night() == 0
    assert host.issues()[-1] == "issue close"
    assert host.night() == 0
    assert host.issues().count("issue close") == 1
    assert host.pushed() == ["start"]


def test_a_control_that_stops_firing_calls_at_once_and_loses_no_data(host: Host) -> None:
    host.refreshed(4, 5)
    host.checked("control: repo at 2019-09")
    assert host.night() == 0
    assert host.issues() == ["issue create"]
    told = (host.plan / "gh").read_text(encoding="utf-8")
    assert "basis, control: repo at 2019-09: expected fires, found neutral" in told
    assert len(host.pushed()) == 2


def test_a_refresh_that_breaks_off_fails_the_job_and_keeps_nothing(host: Host) -> None:
    host.say("refresh", "", status=1, err="another refresh is at work on snapshot\n")
    assert host.night() != 0
    assert host.pushed() == ["start"]
    assert host.issues() == []
    shown = (host.plan / "shown").read_text(encoding="utf-8")
    assert "another refresh is at work on snapshot" in shown
    assert not (host.tree / "static/changes.atom").exists()


@pytest.mark.parametrize("command", ["refresh", "check", "diff", "register"])
def test_a_command_that_breaks_off_gives_status_2(host: Host, command: str) -> None:
    host.refreshed(4, 5)
    host.say(command, '{"cut', status=1, err="it broke\n")
    done = host.run("hosting/nightly.sh", "report")
    assert done.returncode == 2
    assert "it broke" in done.stdout
    told = (host.tree / "static/changes.atom").exists()
    assert told == (command in ("check", "register"))
    assert host.calls()[-1].startswith("register") != (command == "refresh")


def test_problems_give_status_1_and_stand_in_the_summary(host: Host) -> None:
    problem = {"source": "cftc/live/tff.csv", "line": 12, "message": "a column is missing"}
    host.refreshed(4, 5, problems=[problem], failing=failing(0))
    done = host.run("hosting/nightly.sh", "report")
    assert done.returncode == 1
    assert "- cftc/live/tff.csv:12: a column is missing" in done.stdout
    assert not (host.tree / "report/alarm.md").exists()
    assert (host.tree / "static/changes.atom").exists()


def test_other_places_and_options_are_passed_on(host: Host) -> None:
    host.refreshed(4, 5)
    host.environment |= {"FLOWCHECK_SNAPSHOT": "elsewhere", "FLOWCHECK_FEED": "out/feed.atom"}
    done = host.run("hosting/nightly.sh", "report", "--only", "fred")
    assert done.returncode == 0
    assert host.calls() == [
        "refresh --snapshot elsewhere --json --only fred",
        "check --snapshot elsewhere --json",
        "diff 4 5 --snapshot elsewhere --format atom",
        "register --snapshot elsewhere --json",
    ]
    assert names((host.tree / "out/feed.atom").read_text(encoding="utf-8")) == ["first"]
    assert not (host.tree / "static/changes.atom").exists()


def test_what_an_earlier_night_left_in_the_report_counts_no_more(host: Host) -> None:
    host.refreshed(4, 4, failing=failing(9))
    host.run("hosting/nightly.sh", "report")
    assert (host.tree / "report/alarm.md").exists()
    host.refreshed(4, 4)
    assert host.run("hosting/nightly.sh", "report").returncode == 0
    assert not (host.tree / "report/alarm.md").exists()


def test_the_feed_rolls() -> None:
    one = night.rolled("", feed(("a", "2026-11-18T21:00:00Z"), ("b", "2026-11-17T21:00:00Z")))
    two = night.rolled(one, feed(("c", "2026-11-16T21:00:00Z"), ("b", "2026-11-17T21:00:00Z")))
    assert names(one) == ["a", "b"]
    assert names(two) == ["c", "b", "a"]
    assert ET.fromstring(one).findtext(f"{ATOM}id") == ET.fromstring(two).findtext(f"{ATOM}id")
    assert ET.fromstring(two).findtext(f"{ATOM}updated") == "2026-11-18T21:00:00Z"
    assert (
        night.rolled(two, feed(("c", "2026-11-16T21:00:00Z"), ("b", "2026-11-17T21:00:00Z"))) == two
    )
    many = feed(*((str(n), "2026-11-16T21:00:00Z") for n in range(night.ENTRIES + 5)))
    assert names(night.rolled(two, many)) == [str(n) for n in range(night.ENTRIES)]
    assert names(night.rolled(two, feed())) == ["c", "b", "a"]


def test_three_days_are_three_days() -> None:
    told = {"failing": [{"feed": "f", "publisher": "p", "since": "2026-11-20", "message": "m"}]}
    assert night.alarm(told, None, date(2026, 11, 22)) == ""
    assert "p, f, since 2026-11-20: m" in night.alarm(told, None, date(2026, 11, 23))


def test_a_summary_stays_short() -> None:
    rows = [{"source": f"s{n}", "line": 0, "message": "m"} for n in range(100)]
    told = {"before": 1, "snapshot": 1, "added": {}, "problems": rows, "failing": []}
    kept = {"kept": 1, "added": {}, "problems": rows}
    text = night.summary(Path(), told, {"passed": 1, "failed": 0, "checks": []}, kept)
    assert text.count(f"- and {100 - night.TOLD} more") == 2
    assert len(text.splitlines()) < 2 * night.TOLD + 20


class Treasury(BaseHTTPRequestHandler):
    """A publisher that has one file."""

    def do_GET(self) -> None:
        body = (REPO / "tests/fixtures/web/fiscal/MTSDS133FMS.csv").read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", "text/csv")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keeps quiet."""


@pytest.mark.long
def test_the_real_commands(tmp_path: Path) -> None:
    """A snapshot without its newest month of the federal balance, and a register without the verdict on it.

    One night brings both, the next changes no byte.
    """
    snapshot, atom = tmp_path / "snapshot", tmp_path / "changes.atom"
    ignored = shutil.ignore_patterns(".*", "damaged")
    shutil.copytree(REPO / "evidence/snapshot", snapshot, ignore=ignored)
    file = snapshot / "series/ust.monthly_balance.csv"
    whole = file.read_text(encoding="utf-8")
    cut = whole[: whole.rstrip("\n").rindex("\n") + 1]
    file.write_text(cut, encoding="utf-8")
    manifest = json.loads((snapshot / "manifest.json").read_text(encoding="utf-8"))
    manifest["series"]["ust.monthly_balance"]["sha256"] = hashlib.sha256(cut.encode()).hexdigest()
    (snapshot / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Treasury)
    Thread(target=server.serve_forever, daemon=True).start()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.endswith("_API_KEY")},
        "PYTHON": sys.executable,
        "FLOWCHECK_SNAPSHOT": str(snapshot),
        "FLOWCHECK_FEED": str(atom),
    }
    base = f"fiscal=http://127.0.0.1:{server.server_port}/fiscal"

    def one_night() -> str:
        done = subprocess.run(
            [HOSTING / "nightly.sh", tmp_path / "report", "--only", "fiscal", "--base-url", base],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "cases and controls hold, 0 do not." in done.stdout
        return done.stdout.splitlines()[0]

    register = snapshot / "verdicts/exceptionalism-lasts.csv"
    *stood, verdict = register.read_text(encoding="utf-8").splitlines()
    register.write_text("\n".join(stood), encoding="utf-8")

    def kept() -> dict[Path, bytes]:
        return {p: p.read_bytes() for p in [*snapshot.rglob("*.*"), atom] if p.is_file()}

    number = manifest["snapshot"] + 1
    try:
        assert one_night() == f"Snapshot {number}: 1 new lines in 1 series"
        missing = whole.splitlines()[-1].split(",")
        back = file.read_text(encoding="utf-8").splitlines()[-1].split(",")
        assert (back[:2], back[3]) == (missing[:2], str(number))
        kept_again = register.read_text(encoding="utf-8").splitlines()
        old, new = verdict.split(","), kept_again[-1].split(",")
        assert kept_again[:-1] == stood
        assert new == [*old[:2], str(number), *old[3:]]
        assert any("Treasury" in name for name in names(atom.read_text(encoding="utf-8")))
        before = kept()
        assert one_night() == f"Nothing new: snapshot {number}"
        assert kept() == before
    finally:
        server.shutdown()
        server.server_close()


def test_the_workflow() -> None:
    on = WORKFLOW[True]  # YAML reads `on` as a truth
    assert on["schedule"] == [{"cron": "30 23 * * 1-5"}]
    assert "workflow_dispatch" in on
    assert WORKFLOW["permissions"] == {"contents": "write", "issues": "write"}
    steps = WORKFLOW["jobs"]["refresh"]["steps"]
    assert (
        next(s for s in steps if "setup-python" in s.get("uses", ""))["with"]["python-version"]
        == "3.11"
    )
    named = {path for s in steps for path in re.findall(r"\bhosting/[\w.]+", s.get("run", ""))}
    assert named == {"hosting/nightly.sh", "hosting/issue.sh"}
    for path in (*named, "requirements.txt"):
        assert (REPO / path).is_file()
    for path in named:
        assert os.access(REPO / path, os.X_OK)


def test_keys_reach_the_publishers_and_nobody_else_sees_them() -> None:
    keys = {key for module in discover().values() for key in getattr(module, "KEYS", ())}
    steps = WORKFLOW["jobs"]["refresh"]["steps"]
    given = {name: value for step in steps for name, value in step.get("env", {}).items()}
    secrets = {name for name, value in given.items() if "secrets." in value}
    assert keys <= secrets
    for name in keys:
        assert given[name] == f"${{{{ secrets.{name} }}}}"
        assert COMPOSE["services"]["refresh"]["environment"][name] == f"${{{name}:-}}"
    for name, service in COMPOSE["services"].items():
        assert name == "refresh" or not keys & set(service.get("environment", ()))
    for step in steps:
        assert "secrets." not in step.get("run", "")


def test_compose_and_image() -> None:
    services = deepcopy(COMPOSE["services"])
    replicas = [service for name, service in services.items() if name.startswith("app-")]
    refresh = services["refresh"]
    assert len(replicas) > 1
    # several that build would write one image at the same time, and Docker refuses all but one
    (build,) = [service.pop("build") for service in services.values() if "build" in service]
    assert (HOSTING / build["context"]).resolve() == REPO
    assert (REPO / build["dockerfile"]).is_file()
    assert os.access(REPO / refresh["command"][0], os.X_OK)
    for app in replicas:
        assert app == replicas[0]
        assert app["environment"]["FLOWCHECK_HOSTED"] == "1"
        shared = {volume.split(":")[0] for volume in app["volumes"]}
        assert shared == set(COMPOSE["volumes"]) == {v.split(":")[0] for v in refresh["volumes"]}
        assert "snapshot:/flowcheck/evidence/snapshot:ro" in app["volumes"]
    assert "snapshot:/flowcheck/evidence/snapshot" in refresh["volumes"]
    for service in services.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert re.fullmatch(r"flowcheck|nginx:\d+\.\d+\.\d+-alpine", service["image"])
    for place in services["proxy"]["volumes"]:
        path = place.split(":")[0]
        # a folder: a file that an editor replaced would stay the old one inside
        assert (
            path.startswith(("${FLOWCHECK_CERTS", "${FLOWCHECK_ACME")) or (HOSTING / path).is_dir()
        )


def test_the_image_holds_all_that_the_app_imports() -> None:
    text = (HOSTING / "Dockerfile").read_text(encoding="utf-8")
    assert re.search(r"^FROM python:3\.11\.\d+-slim-bookworm$", text, re.MULTILINE)
    assert re.search(r"^USER \d+$", text, re.MULTILINE)
    copied = [
        path
        for line in re.findall(r"^COPY (?:--\S+ )?(.+)$", text, re.MULTILINE)
        for path in line.split()[:-1]
    ]
    project = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))
    packages = project["tool"]["importlinter"]["root_packages"]
    assert {*packages, "narratives", "static", ".streamlit", "settings.yaml"} <= set(copied)
    sent = (HOSTING / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    for path in copied:
        assert (REPO / path).exists()
        assert f"!{path}" in sent


def test_the_image_begins_with_a_feed(tmp_path: Path) -> None:
    """Streamlit adds up the sizes of its folder when it starts, and ends at a link that leads nowhere."""
    (tmp_path / "static").mkdir()
    image_feed(tmp_path)
    link = tmp_path / "static" / "changes.atom"
    assert link.is_symlink()
    assert link.stat().st_size == 0
    assert link.resolve() == tmp_path / "static" / "changes" / "changes.atom"


def test_the_container_waits_for_half_past_eleven(tmp_path: Path) -> None:
    """Started at 10:00, 23:30 and 23:31 UTC, it sleeps until the next 23:30."""
    (tmp_path / "hosting").mkdir()
    shutil.copy(HOSTING / "daily.sh", tmp_path / "hosting")
    tools = tmp_path / "bin"
    tools.mkdir()
    for path, text in (
        (tmp_path / "hosting/nightly.sh", 'echo "night $*"'),
        (tools / "date", 'echo "$NOW"'),
        (tools / "sleep", 'echo "sleep $1"; kill "$PPID"'),
    ):
        path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        path.chmod(0o755)
    midnight = 1_790_000_000 // 86400 * 86400
    for clock, wait in ((36_000, 48_600), (84_600, 86_400), (84_660, 86_340)):
        done = subprocess.run(
            [tmp_path / "hosting/daily.sh", "report"],
            env={"PATH": f"{tools}:{os.environ['PATH']}", "NOW": str(midnight + clock)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout == f"night report\nsleep {wait}\n"


@pytest.mark.parametrize("script", sorted(HOSTING.glob("*.sh")), ids=lambda path: path.name)
def test_scripts_are_shell(script: Path) -> None:
    done = subprocess.run(["bash", "-n", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_no_path_of_a_machine_is_in_the_files() -> None:
    files = [*HOSTING.rglob("*"), REPO / ".github/workflows/refresh.yml", REPO / "docs/hosting.md"]
    for path in files:
        if path.is_file() and "__pycache__" not in path.parts:
            assert not re.search(r"/(work|home|root|Users)/", path.read_text(encoding="utf-8")), (
                path
            )
