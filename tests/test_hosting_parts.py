"""The pieces of the hosting, each by itself: options, paths, traces, the kept bundle, warmth, meters."""

import asyncio
import json
import os
import re
import subprocess
import threading
from datetime import date, timedelta
from types import SimpleNamespace

import httpx
import pytest
from prometheus_client.exposition import generate_latest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute

from briefs.desk import open_desk
from evidence import fetches
from evidence.observations import SnapshotFault
from hosting import bundle, headers, journal, options, tracing
from hosting.addresses import addresses
from hosting.bundle import Bundle
from hosting.documents import Document
from hosting.feed import Feed
from hosting.health import Warmth
from hosting.meters import Meters, Nearby
from hosting.origins import Origins
from hosting.twins import Twins
from tests.hosted import ROOT, ask
from walkthrough import runs


def data(newest, damaged=()):
    """As much of a desk as the meters read."""
    return SimpleNamespace(snapshot=7, newest=newest, store=SimpleNamespace(damaged=damaged))


# -- options ------------------------------------------------------------------------------------------


def test_without_a_setting_only_the_app_itself_may_frame_it_and_only_this_machine_read_its_meters():
    found = options.read({})
    assert found.embedders == ("'self'",)
    assert [found.near(a) for a in ("127.0.0.1", "127.8.8.8", "::1", "10.0.0.1", "testclient")] == [
        True, True, True, False, False,
    ]  # fmt: skip


def test_embedders_and_networks_as_a_host_writes_them():
    found = options.read(
        {
            "FLOWCHECK_EMBEDDERS": "self https://news.example.org http://localhost:3000 https://*.example.com",
            "FLOWCHECK_METRICS_FROM": "10.0.0.0/8",
        }
    )
    assert found.embedders == ("'self'", "https://news.example.org", "http://localhost:3000", "https://*.example.com")  # fmt: skip
    assert (found.near("10.9.9.9"), found.near("127.0.0.1")) == (True, False)
    assert options.read({"FLOWCHECK_EMBEDDERS": "none"}).embedders == ("'none'",)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FLOWCHECK_EMBEDDERS", "news.example.org"),
        ("FLOWCHECK_EMBEDDERS", "https://a.org/path"),
        ("FLOWCHECK_EMBEDDERS", "'unsafe-inline'"),
        ("FLOWCHECK_EMBEDDERS", "https://a.org;"),
        ("FLOWCHECK_METRICS_FROM", "everybody"),
        ("FLOWCHECK_METRICS_FROM", "10.0.0.1/8"),
    ],
)
def test_what_cannot_be_meant_is_refused(name, value):
    with pytest.raises(ValueError, match=f"^{name}: "):
        options.read({name: value})


def test_a_script_in_the_page_is_allowed_by_its_digest():
    found = headers.policy("<script>x</script><script src='a.js'></script>", ("'self'",))
    digest = "LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE="  # printf x | openssl dgst -sha256 -binary | base64
    assert f"'sha256-{digest}'" in found
    assert found.count("sha256-") == 1


# -- tracing ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "sort", "told"),
    [
        ("/", "page", "/"),
        ("/story", "page", "/story"),
        ("/api/verdicts.json", "api", "/api/verdicts.json"),
        ("/_stcore/stream", "session", "/_stcore/stream"),
        ("/static/js/a.js", "file", "/static/js/a.js"),
        ("/media/5f.pdf", "file", "/media/…"),
        ("/_stcore/upload_file/s/f", "file", "/_stcore/upload_file/…"),
        ("/health", "upkeep", "/health"),
        ("/story/_stcore/health", "upkeep", "/story/_stcore/health"),
        ("/" + "x" * 500, "page", "/" + "x" * 118 + "…"),
    ],
)
def test_what_a_path_is_and_how_it_is_told(path, sort, told):
    assert (tracing.sort_of(path), tracing.shown(path)) == (sort, told)


@pytest.mark.parametrize(
    ("path", "query", "story"),
    [
        ("/story", "story=basis-trade-unwind&step=tests", "basis-trade-unwind"),
        ("/api/story/basis-trade-unwind.json", "", "basis-trade-unwind"),
        ("/story", "story=Ada%20Lovelace", ""),
        ("/story", "story=" + "x" * 65, ""),
        ("/story", "name=ada", ""),
        ("/story", "story=%ff%fe", ""),
    ],
)
def test_the_story_of_a_request(path, query, story):
    assert tracing.story_of({"path": path, "query_string": query.encode()}) == story


async def fails(_):
    raise RuntimeError("broken")


async def greets(socket):
    await socket.accept()
    await socket.send_text(socket.headers["x-trace-id"])
    await socket.receive_text()


async def turns_away(socket):
    await socket.close()


@pytest.fixture
def traced():
    """An app in `Tracing`, what was told of its requests, and how its sessions came and went."""
    ended, sessions = [], []
    routes = [
        Route("/fails", fails),
        WebSocketRoute("/_stcore/stream", greets),
        WebSocketRoute("/no/_stcore/stream", turns_away),
    ]
    return (
        tracing.Tracing(Starlette(routes=routes), [ended.append], sessions.append),
        ended,
        sessions,
    )


def connected(app, path, between=lambda: None):
    """What a websocket is sent by an app that hears `connect`, a word and nothing more."""
    said = []

    async def visit():
        heard = iter(({"type": "websocket.connect"}, {"type": "websocket.receive", "text": "bye"}))

        async def receive():
            return next(heard)

        async def send(message):
            said.append(message)
            between()

        scope = {"type": "websocket", "path": path, "query_string": b"", "headers": []}
        await app(scope, receive, send)

    asyncio.run(visit())
    return said


def test_a_session_is_told_when_it_has_ended_and_counted_while_it_lasts(traced):
    app, ended, sessions = traced
    during = []
    said = connected(app, "/_stcore/stream", lambda: during.append((list(sessions), list(ended))))
    assert during == [([1], []), ([1], [])]
    assert sessions == [1, -1]
    [found] = ended
    assert (found.sort, found.status) == ("session", 101)
    assert said[1]["text"] == found.trace
    connected(app, "/no/_stcore/stream")
    assert (ended[-1].status, sessions) == (403, [1, -1])


def test_what_breaks_is_told_too(traced):
    app, ended, _ = traced
    assert ask(app, "/fails").status_code == 500
    assert [e.status for e in ended] == [500]


def test_a_run_is_told_with_the_connection_it_belongs_to(monkeypatch):
    heard = []
    monkeypatch.setattr(runs, "listeners", [heard.append])
    monkeypatch.setattr(
        runs.st, "context", SimpleNamespace(headers={"X-Trace-Id": "0123456789abcdef"})
    )
    here = SimpleNamespace(page="story", story="a", chapter="", step="tests")
    with pytest.raises(KeyError), runs.told(here):
        raise KeyError
    with runs.told(SimpleNamespace(page="data", story="", chapter="", step="claim")):
        pass
    assert [(r.page, r.story, r.step, r.trace) for r in heard] == [
        ("story", "a", "tests", "0123456789abcdef"),
        ("data", "", "", "0123456789abcdef"),
    ]


def test_the_journal_leaves_out_what_is_empty(capsys):
    journal.run(runs.Run("data", "", "", 0.01234, ""))
    journal.fault(KeyError("a visitor's own words"))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [{k: v for k, v in line.items() if k != "at"} for line in lines] == [
        {"event": "run", "page": "data", "ms": 12.3},
        {"event": "fault", "kind": "KeyError"},
    ]


# -- documents ----------------------------------------------------------------------------------------


def test_more_than_can_wait_are_asked_to_come_again(monkeypatch):
    """Two are made, sixteen wait, the others hear so at once; and all of those who waited are served."""
    go, at_work = threading.Event(), []
    found = Twins(lambda: None)

    def document(story, day, has):
        at_work.append(story)
        go.wait(20)
        return Document("tag", b"{}")

    monkeypatch.setattr(found, "_document", document)

    async def visit():
        app = Starlette(routes=found.routes)
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://app") as asking:
            waiting = [asyncio.create_task(asking.get("/api/verdicts.json")) for _ in range(18)]
            while len(at_work) < 2 or found._turns.statistics().tasks_waiting < 16:  # noqa: ASYNC110  (no event tells)
                await asyncio.sleep(0.001)
            late = [await asking.get(f"/api/story/{n}.json") for n in range(3)]
            assert len(at_work) == 2
            go.set()
            return late, await asyncio.gather(*waiting)

    late, served = asyncio.run(visit())
    assert {a.status_code for a in served} == {200}
    for answer in late:
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert answer.json() == {"error": "Many are asking at once. Ask again in a second."}


def test_where_readers_sign_in_there_are_no_documents(tmp_path):
    for sign_in, status in ((False, 400), (True, 404)):
        warmth = Warmth(lambda: None, lambda *_, **__: None)
        meters = Meters(lambda: None, tmp_path, lambda: False)
        found = addresses(lambda: None, tmp_path, warmth, meters, sign_in=sign_in)
        app = Starlette(routes=found)
        assert ask(app, "/api/verdicts.json?as_of=x").status_code == status
        assert ask(app, "/health").status_code == 503
        assert ask(app, "/metrics").status_code == 200
    assert ask(app, "/api/changes.atom").status_code == 404


def test_what_is_kept_is_of_one_desk():
    """A document is made once for each desk; nothing of an old one is shown, and little is kept."""
    desks = [object(), object()]
    found = Twins(lambda: None)
    made = Document("tag", b"{}")
    assert found._recall(desks[0], ("a", date(2025, 1, 1))) is None
    for number in range(100):
        found._kept["a", date(2025, 1, 1) + timedelta(number)] = made
    assert len(found._kept) == 32
    last = ("a", date(2025, 1, 1) + timedelta(99))
    assert found._recall(desks[0], last) is made
    assert found._recall(desks[1], last) is None


# -- what the page says -------------------------------------------------------------------------------


def test_the_page_has_every_setting_path_and_meter(tmp_path):
    page = (ROOT / "docs/hosting.md").read_text("utf-8")
    compose = (ROOT / "hosting/compose.yaml").read_text("utf-8")
    settings = {options.EMBEDDERS, options.METRICS_FROM, options.WARM_FIRST, "FLOWCHECK_CERTS"}
    assert settings <= set(re.findall(r"FLOWCHECK_\w+", page)) & set(
        re.findall(r"FLOWCHECK_\w+", compose)
    )
    desk = data(date(2026, 1, 1))
    meters = Meters(lambda: desk, tmp_path, lambda: True)
    made = {family.name for family in meters.registry.collect()}
    told = set(re.findall(r"`(flowcheck_\w+|process_\w+)`", page)) - {"flowcheck_visitor"}
    assert told <= made
    assert {name for name in made if name.startswith("flowcheck_")} - told == {"flowcheck_snapshot"}
    routes = addresses(lambda: None, tmp_path, Warmth(lambda: None, print), meters, sign_in=False)
    paths = {route.path.replace("{story}", "ID") for route in routes if "rest" not in route.path}
    assert paths - {"/api"} == set(re.findall(r"^\| `(/[\w/.]+)", page, re.MULTILINE))


# -- the bundle ---------------------------------------------------------------------------------------


def test_a_file_of_the_bundle_is_asked_for_once():
    asked = []

    async def file(request):
        asked.append(request.url.path)
        lasts = "no-cache" if "none" in request.url.path else "public, immutable, max-age=31536000"
        return PlainTextResponse("x" * 10_000, headers={"Cache-Control": lasts})

    kept = Bundle(Starlette(routes=[Route("/{path:path}", file)]))
    for path in ("/static/a.js", "/static/a.js", "/static/none.js", "/static/none.js", "/b", "/b"):
        assert ask(kept, path).text == "x" * 10_000
    assert asked == ["/static/a.js", "/static/none.js", "/static/none.js", "/b", "/b"]
    assert list(kept.kept) == ["/static/a.js"]


def test_the_kept_files_have_an_end(monkeypatch):
    monkeypatch.setattr(bundle, "MOST", 3)
    kept = Bundle(PlainTextResponse("x", headers={"Cache-Control": "immutable"}))
    for number in range(9):
        ask(kept, f"/static/{number}")
    assert len(kept.kept) == 3


# -- warmth -------------------------------------------------------------------------------------------


def test_data_that_cannot_be_read_are_said_and_looked_at_again(monkeypatch):
    monkeypatch.setattr("hosting.health.AGAIN", 0.01)
    mended, tried = threading.Event(), threading.Event()

    def desk():
        if not mended.is_set():
            tried.set()
            raise SnapshotFault("the manifest is cut short")
        return SimpleNamespace(stories={}, newest=date(2025, 6, 20))

    told = []
    warmth = Warmth(desk, lambda event, **fields: told.append((event, *fields.values())))

    def asked():
        answer = asyncio.run(warmth.answer(None))
        return answer.status_code, json.loads(answer.body)

    assert asked() == (503, {"status": "warming"})
    warmth.start()
    tried.wait(5)
    while not warmth.fault:
        pass
    closed = {"status": "closed", "fault": "The data cannot be read: the manifest is cut short."}
    assert asked() == (503, closed)
    mended.set()
    warmth._thread.join(5)
    assert asked() == (200, {"status": "warm"})
    fault, warm = told
    assert fault == ("closed", "the manifest is cut short")
    assert warm[0] == "warm"


def test_it_ends_while_it_waits():
    def desk():
        raise SnapshotFault("gone")

    warmth = Warmth(desk, lambda *_, **__: None)
    warmth.start()
    warmth.stop()
    warmth._thread.join(5)
    assert not warmth._thread.is_alive()


# -- meters -------------------------------------------------------------------------------------------


def read(desk, folder, *, warm=True):
    found = Meters(desk, folder, lambda: warm, lambda: date(2026, 11, 29))
    lines = generate_latest(found.registry).decode().splitlines()
    return dict(
        line.rsplit(" ", 1)
        for line in lines
        if line.startswith("flowcheck_") and not line.endswith("#")
    )


def test_the_meters_of_the_data(tmp_path):
    failing = {
        "tic/a": fetches.Failing("tic", "2026-11-20", "status 500", ()),
        "fred/b": fetches.Failing("fred", "2026-11-28", "status 500", ()),
    }
    (tmp_path / fetches.NAME).write_text(
        fetches.text_of(fetches.Fetches({}, failing)), encoding="utf-8"
    )
    desk = data(date(2026, 11, 19), {"fed.custody.treasuries": "its file is damaged"})
    found = read(lambda: desk, tmp_path)
    assert found["flowcheck_damaged_series"] == "1.0"
    assert found["flowcheck_data_age_days"] == "10.0"
    assert found["flowcheck_snapshot"] == "7.0"
    assert found["flowcheck_refresh_failing_feeds"] == "2.0"
    assert found["flowcheck_refresh_failing_days"] == "9.0"


def test_meters_never_open_the_data_nor_fail_with_them(tmp_path):
    def desk():
        raise SnapshotFault("gone")

    for warm in (False, True):
        found = read(desk, tmp_path, warm=warm)
        assert found["flowcheck_warm"] == f"{float(warm)}"
        assert found["flowcheck_refresh_failing_days"] == "0.0"
        assert "flowcheck_data_age_days" not in found


def test_only_who_is_near_reads_them():
    inner = PlainTextResponse("meters")
    near = options.read({"FLOWCHECK_METRICS_FROM": "192.0.2.0/24"})

    def status(client, path="/metrics", **headers):
        return ask(Nearby(inner, near), path, client, **headers).status_code

    assert status("192.0.2.7") == 200
    assert status("192.0.2.7", **{"X-Forwarded-For": "192.0.2.7"}) == 404
    assert status("198.51.100.7") == 404
    assert status("198.51.100.7", "/_stcore/metrics") == 404
    assert status("198.51.100.7", "/story") == 200


# -- origins ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("origin", "taken"),
    [
        (None, True),
        ("https://flow.example", True),
        ("http://localhost:3000", True),
        ("https://partner.example", True),
        ("https://evil.example", False),
        ("https://flow.example.evil.example", False),
        ("https://flow.example:444", False),
        ("null", False),
        ("https://[", False),
    ],
)
def test_a_websocket_of_another_sites_page_is_refused_before_streamlit_sees_it(origin, taken):
    """Streamlit would ask the internet for its own address first, on the loop that serves everybody."""
    seen, sent = [], []

    async def app(scope, receive, send):
        seen.append(scope)

    async def receive():
        return {"type": "websocket.connect"}

    async def send(message):
        sent.append(message)

    headers = [(b"host", b"flow.example")] + ([(b"origin", origin.encode())] if origin else [])
    scope = {"type": "websocket", "path": "/_stcore/stream", "headers": headers}
    asyncio.run(Origins(app, ["https://partner.example"])(scope, receive, send))
    assert (seen == [scope]) == taken
    assert sent == ([] if taken else [{"type": "websocket.close", "code": 1008}])


def test_an_empty_feed_is_one_without_entries(tmp_path):
    """An image begins with an empty file."""
    feed = Feed(open_desk, tmp_path / "changes.atom")
    without = feed._text()
    feed.path.write_bytes(b"")
    assert feed._text() == without
    assert without.startswith(b"<?xml")


@pytest.mark.parametrize(("given", "found"), [({}, "1"), ({"FLOWCHECK_HOSTED": ""}, "")])
def test_who_serves_it_to_others_need_not_know_that_it_must_be_said(tmp_path, given, found):
    """A host's own data would be read and shown, and any visitor could start a refresh."""
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\nprintf %s "$FLOWCHECK_HOSTED"\n', encoding="utf-8")
    python.chmod(0o755)
    environment = {k: v for k, v in os.environ.items() if k != "FLOWCHECK_HOSTED"}
    done = subprocess.run(
        [ROOT / "hosting/serve.sh"],
        env={**environment, "PYTHON": str(python), **given},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == found
