"""The proxy's committed configuration, run by a real nginx in front of two stand-ins for the app."""

import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx
import pytest
import yaml

from tests.hosted import NO_PROXY, ROOT, Proxy, nginx, proxied
from tests.hosts import wait_until

pytestmark = pytest.mark.skipif(nginx() is None, reason=NO_PROXY)


class StandIn(BaseHTTPRequestHandler):
    """Says who it is, and what it was asked with."""

    def do_GET(self) -> None:
        told = {"port": self.server.server_port, "path": self.path, "headers": dict(self.headers)}
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if self.path.startswith("/static/"):
            self.send_header("Cache-Control", "public, immutable, max-age=31536000")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keeps quiet."""


class Crowd(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512


@pytest.fixture
def stand_ins() -> Iterator[list[Crowd]]:
    made = [Crowd(("127.0.0.1", 0), StandIn) for _ in range(2)]
    for one in made:
        Thread(target=one.serve_forever, args=(0.05,), daemon=True).start()
    yield made
    for one in made:
        one.shutdown()
        one.server_close()


@pytest.fixture
def proxy(stand_ins, tmp_path) -> Iterator[Proxy]:
    with proxied(tmp_path / "proxy", [one.server_port for one in stand_ins]) as found:
        yield found


@pytest.fixture
def visitor(proxy):
    """Visitors, each with cookies of their own."""
    made = []

    def visit() -> httpx.Client:
        made.append(httpx.Client(base_url=proxy.url, verify=False, timeout=20))
        return made[-1]

    yield visit
    for one in made:
        one.close()


def test_a_visitor_stays_with_a_replica_and_visitors_are_spread(visitor):
    seen = Counter()
    for _ in range(40):  # each is put by chance
        client = visitor()
        client.get("/")
        ports = {client.get(path).json()["port"] for path in ("/", "/story", "/media/x", "/_stcore/stream")}  # fmt: skip
        assert len(ports) == 1
        seen.update(ports)
    assert len(seen) == 2


def test_who_brings_no_cookie_stays_too(proxy):
    asked = [httpx.get(f"{proxy.url}/", verify=False).json()["port"] for _ in range(6)]
    assert len(set(asked)) == 1


def test_the_cookie_says_nothing_and_is_given_once(visitor):
    client = visitor()
    cookie = client.get("/").headers["set-cookie"]
    assert re.fullmatch(
        r"flowcheck_visitor=\d+-\d+\.\d+; Path=/; HttpOnly; Secure; SameSite=Lax", cookie
    )
    assert "set-cookie" not in client.get("/story").headers
    assert "set-cookie" not in visitor().get("/api/verdicts.json").headers


def test_a_replica_that_is_gone_is_left_at_once_and_a_reader_hears_when_all_are(visitor, stand_ins):
    clients = [visitor() for _ in range(24)]  # each is put by chance
    for client in clients:
        client.get("/")
    before = [client.get("/").json()["port"] for client in clients]
    gone, left = stand_ins[0].server_port, stand_ins[1].server_port
    assert set(before) == {gone, left}
    stand_ins[0].shutdown()
    stand_ins[0].server_close()
    for _ in range(3):
        assert {client.get("/").json()["port"] for client in clients} == {left}
    stand_ins[1].shutdown()
    stand_ins[1].server_close()
    away = clients[0].get("/")
    assert (away.status_code, away.headers["retry-after"]) == (503, "5")
    assert "Reload the page" in away.text


def test_a_replica_that_is_back_takes_over_from_the_next_one_at_once(visitor, stand_ins):
    """As in a new release: no reader is refused between the one and the other."""
    clients = [visitor() for _ in range(8)]
    for client in clients:
        client.get("/")
    for number, old in enumerate(stand_ins):
        old.shutdown()
        old.server_close()
        assert {client.get("/").status_code for client in clients} == {200}
        stand_ins[number] = Crowd(old.server_address, StandIn)
        Thread(target=stand_ins[number].serve_forever, args=(0.05,), daemon=True).start()


def test_the_meters_are_out_of_reach(proxy):
    for path in ("/metrics", "/metrics/", "/_stcore/metrics", "/%6detrics", "/x/%2e%2e/metrics"):
        assert httpx.get(proxy.url + path, verify=False).status_code == 404, path


def test_a_replica_learns_of_the_way_and_not_of_the_visitor(visitor):
    told = visitor().get(
        "/story",
        headers={
            "X-Forwarded-For": "127.0.0.1",
            "Forwarded": "for=127.0.0.1",
            "X-Trace-Id": "f" * 32,
            "Accept-Encoding": "gzip, deflate, br",
        },
    )
    headers = {name.lower(): value for name, value in told.json()["headers"].items()}
    assert headers["forwarded"] == "proto=https"
    assert "x-forwarded-for" not in headers
    assert "x-real-ip" not in headers
    assert re.fullmatch(r"[0-9a-f]{32}", headers["x-trace-id"])
    assert headers["x-trace-id"] != "f" * 32
    assert headers["accept-encoding"] == "gzip"
    assert "127.0.0.1" in headers["host"]
    assert told.headers["strict-transport-security"] == "max-age=31536000"


def test_files_of_the_bundle_are_kept(visitor):
    client = visitor()
    first, second = (client.get("/static/js/a.js").json() for _ in range(2))
    traces = {told["headers"]["X-Trace-Id"] for told in (first, second)}
    assert len(traces) == 1


def test_plain_http_leads_to_tls(proxy):
    found = httpx.get(f"http://127.0.0.1:{proxy.plain_port}/story?story=a&as_of=latest")
    assert found.status_code == 301
    assert found.headers["location"] == "https://127.0.0.1/story?story=a&as_of=latest"


def test_who_opens_one_session_after_another_is_told_to_wait(proxy, stand_ins):
    """A conference call comes in at once; whoever goes on at that rate does not.

    The replicas are gone, so that only the proxy's own speed counts: who is let through hears of that (503).
    """
    for one in stand_ins:
        one.shutdown()
        one.server_close()
    with httpx.Client(base_url=proxy.url, verify=False, timeout=60) as client:
        client.get("/")  # two more, which find out that nobody is there
        client.get("/")
        began = time.monotonic()
        found = [client.get("/_stcore/stream").status_code for _ in range(300)]
        let_in = 200 + 5 * (time.monotonic() - began)
        assert found[:200] == [503] * 200
        assert set(found) == {503, 429}
        assert found.count(503) <= let_in + 2
        assert client.get("/story").status_code == 503


def test_what_is_too_large_is_refused(proxy):
    found = httpx.put(f"{proxy.url}/_stcore/upload_file/a/b", content=b"x" * 3_000_000, verify=False)  # fmt: skip
    assert found.status_code == 413


def test_the_journal_names_no_visitor(proxy, visitor):
    # No word of these can stand in a trace by chance: those hold hexadecimal digits alone.
    visitor().get("/story?story=a&name=quinn", headers={"User-Agent": "Lynx of Quinn"})
    visitor().get("/media/of-quinn.pdf")
    # A line is written once its answer is sent.
    assert wait_until(lambda: len(proxy.lines()) > 1, 10)
    lines = proxy.lines()
    assert [line["path"] for line in lines] == ["/story", "/media/…"]
    assert set(lines[0]) == {"at", "event", "method", "path", "status", "seconds", "replica", "trace"}  # fmt: skip
    text = (proxy.folder / "log").read_text("utf-8")
    assert not re.search(r"(?i)quinn|lynx|flowcheck_visitor", text)


def test_compose_and_the_proxy_name_the_same_replicas():
    compose = yaml.safe_load((ROOT / "hosting/compose.yaml").read_text("utf-8"))
    listed = (ROOT / "hosting/proxy/replicas.conf").read_text("utf-8")
    named = [name for name in compose["services"] if name.startswith("app-")]
    assert re.findall(r"^server (\S+):8501 ", listed, re.MULTILINE) == named
    assert len(named) > 1
