"""Asking publishers: patience, limits, marks, and nothing secret in any word."""

import gzip
import logging
import random
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs

import httpx
import pytest

from evidence import ENGINE_VERSION, web
from evidence.fetches import Marks
from evidence.web import LARGEST, PAUSE, REDIRECTS, TRIES, Answer, Web, WebFault, agent
from tests.hosts import KINDS, MODIFIED, Hosts, nobody, serving

GRAPH = "https://fred.stlouisfed.org/graph/fredgraph.csv?id="
SECRET = "0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="module")
def running() -> Iterator[Hosts]:
    with serving() as hosts:
        yield hosts


@pytest.fixture
def hosts(running: Hosts) -> Iterator[Hosts]:
    running.forget()
    yield running
    running.heal()
    running.instead.clear()
    running.unmarked.clear()


class Waits:
    """A clock that only waiting moves."""

    def __init__(self) -> None:
        self.now, self.waited = 1000.0, list[float]()

    def sleep(self, seconds: float) -> None:
        self.waited.append(round(seconds, 6))
        self.now += seconds

    def clock(self) -> float:
        return self.now


class Parts(httpx.SyncByteStream):
    """Bytes that come one at a time."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def __iter__(self) -> Iterator[bytes]:
        return (self.data[at : at + 1] for at in range(len(self.data)))


def sent(status: int = 200, content: bytes = b"", headers: object = None) -> httpx.Response:
    return httpx.Response(status, headers=headers, stream=Parts(content))


def asking(hosts: Hosts, waits: Waits | None = None) -> Web:
    waits = waits or Waits()
    return Web("Flowcheck/test", hosts.bases, sleep=waits.sleep)


def far(answer: Callable[[httpx.Request], httpx.Response], waits: Waits | None = None) -> Web:
    """A client for real addresses that never leaves the machine."""
    waits = waits or Waits()
    return Web("t", sleep=waits.sleep, clock=waits.clock, transport=httpx.MockTransport(answer))


def fault(ask: Callable[[], object]) -> str:
    with pytest.raises(WebFault) as found:
        ask()
    return str(found.value)


# The good case.


def test_a_file_comes_whole_and_leaves_marks_to_ask_by(hosts):
    client = asking(hosts)
    first = client.get("fred", GRAPH + "WMTSECL1")
    assert first.body == hosts.body("fred", "WMTSECL1.csv")
    assert first.marks.modified == MODIFIED
    assert first.marks.etag.startswith('"')
    assert client.get("fred", GRAPH + "WMTSECL1", None, first.marks) == Answer(None, first.marks)
    hosts.put("fred", "WMTSECL1.csv", b"observation_date,WMTSECL1\n2026-07-01,1\n")
    news = client.get("fred", GRAPH + "WMTSECL1", None, first.marks)
    assert news.body == b"observation_date,WMTSECL1\n2026-07-01,1\n"
    assert news.marks.etag != first.marks.etag
    bare, again, changed = hosts.forget()
    assert (bare.conditional, again.conditional, changed.conditional) == (False, True, True)
    assert (bare.status, again.status, changed.status) == (200, 304, 200)
    assert again.headers["if-none-match"] == first.marks.etag
    assert again.headers["if-modified-since"] == MODIFIED
    assert bare.headers["user-agent"] == "Flowcheck/test"
    assert bare.headers["accept-encoding"] == "gzip"


def test_who_asks_is_said():
    assert agent("https://example.org/flowcheck") == (
        f"Flowcheck/{ENGINE_VERSION} (+https://example.org/flowcheck)"
    )
    assert agent(None) == f"Flowcheck/{ENGINE_VERSION}"


def test_one_address_stands_in_for_all_hosts_of_a_publisher():
    client = Web("t", {"bea": "http://127.0.0.1:1/bea/"})
    assert client.address("bea", "https://apps.bea.gov/api/data?a=1&b=%20") == (
        "http://127.0.0.1:1/bea/api/data?a=1&b=%20"
    )
    assert client.address("fred", "https://fred.example/x") == "https://fred.example/x"


@pytest.mark.parametrize(
    ("etag", "kept"),
    [('"abc"', '"abc"'), ('W/"abc"', 'W/"abc"'), ('"é"', ""), ('"' + "x" * 300 + '"', "")],
)
def test_a_mark_that_could_not_be_sent_back_is_none(etag, kept):
    headers = [(b"ETag", etag.encode("utf-8"))]
    client = far(lambda _: sent(200, headers=headers, content=b"x"))
    assert client.get("fred", GRAPH).marks == Marks(kept, "")


# Patience.


@pytest.mark.parametrize(("share", "waited"), [(0.0, [1, 2, 4]), (1.0, [2, 3, 5])])
def test_a_busy_host_is_asked_again_after_longer_and_longer_waits(monkeypatch, share, waited):
    monkeypatch.setattr(random, "uniform", lambda low, high: low + share * (high - low))
    asked, waits = [], Waits()

    def busy(request: httpx.Request) -> httpx.Response:
        asked.append(waits.now)
        return sent(503)

    told = fault(lambda: far(busy, waits).get("fred", GRAPH + "DGS10"))
    assert told == "https://fred.stlouisfed.org/graph/fredgraph.csv: status 503 (4 tries)"
    assert len(asked) == TRIES == 4
    assert waits.waited == waited


def test_a_host_that_recovers_is_read(hosts):
    hosts.spoil("status 500", "fred", times=TRIES - 1)
    assert asking(hosts).get("fred", GRAPH + "DGS10").body == hosts.body("fred", "DGS10.csv")
    assert [asked.status for asked in hosts.forget()] == [500, 500, 500, 200]


@pytest.mark.parametrize(
    ("headers", "waited"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "0"}, 0.0),
        ({"Retry-After": "Sun, 22 Nov 2026 12:00:40 GMT", "Date": "Sun, 22 Nov 2026 12:00:30 GMT"}, 10.0),
        ({"Retry-After": "Sun, 22 Nov 2026 12:00:20 GMT", "Date": "Sun, 22 Nov 2026 12:00:30 GMT"}, 0.0),
        ({"Retry-After": "Sun, 22 Nov 2026 12:00:40 GMT"}, 1.0),
        ({"Retry-After": "soon"}, 1.0),
        ([(b"Retry-After", "²".encode())], 1.0),
    ],
)  # fmt: skip
def test_a_host_says_how_long_to_wait(monkeypatch, headers, waited):
    """What it says without sense, or against no clock of its own, is waited for as without it."""
    monkeypatch.setattr(random, "uniform", lambda low, high: low)
    waits, answers = (
        Waits(),
        [sent(429, headers=headers), sent(200, content=b"x")],
    )
    assert far(lambda _: answers.pop(0), waits).get("fred", GRAPH).body == b"x"
    assert waits.waited[0] == waited


def test_who_asks_for_too_long_a_wait_is_left_for_another_night():
    asked = []

    def busy(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return sent(429, headers={"Retry-After": "3600"})

    assert "status 429, and asks us to wait 3600 seconds" in fault(
        lambda: far(busy).get("f", GRAPH)
    )
    assert len(asked) == 1


def test_a_pause_between_two_questions_to_one_host(monkeypatch):
    monkeypatch.setattr(random, "uniform", lambda low, high: low)
    waits = Waits()
    client = far(lambda _: sent(200, content=b"x"), waits)
    for url in ("https://a.example/1", "https://a.example/2", "https://b.example/1"):
        client.get("p", url)
    assert waits.waited == [PAUSE]
    waits.now += 10
    client.get("p", "https://a.example/3")
    assert waits.waited == [PAUSE]


def test_this_machine_needs_no_pause(hosts):
    waits = Waits()
    client = asking(hosts, waits)
    for _ in range(3):
        client.get("fred", GRAPH + "DGS10")
    assert waits.waited == []


# What is refused, and what is tried again. The number of requests is the number of tries.

REFUSED = {
    "status 500": ("status 500 (4 tries)", 4),
    "status 404": ("status 404", 1),
    "status 429, a second": ("status 429 (4 tries)", 4),
    "status 429, until a date": ("status 429 (4 tries)", 4),
    "status 429, an hour": ("asks us to wait 3600 seconds", 1),
    "cut off": ("the answer broke off: remote protocol error (4 tries)", 4),
    "packed and cut off": ("broke off before the end of what is packed (4 tries)", 4),
    "said to be packed": ("the answer cannot be unpacked (4 tries)", 4),
    "packed otherwise": ("it is packed as `br`, which was not asked for", 1),
    "an image": ("this is image/png, not a data file", 1),
    "a PDF": ("this is application/pdf, not a data file", 1),
    "redirected in circles": ("it sends us on and on", REDIRECTS + 1),
    "redirected elsewhere": ("it sends us to http://stats.example.org/data.csv, where we do not go", 1),
    "redirected to nowhere": ("it sends us to what is no address", 1),
    "gzip bomb": (f"the answer is larger than {LARGEST:,} bytes", 1),
    "304 unasked": ("status 304", 1),
    "hangs up": ("no answer: remote protocol error (4 tries)", 4),
}  # fmt: skip
READ = {"slow", "Latin-1", "UTF-16", "an error page", "empty"}
"""What only time or a parser can tell."""


@pytest.mark.parametrize("kind", REFUSED)
def test_a_broken_answer_is_a_sentence_without_secrets(hosts, caplog, kind):
    caplog.set_level(logging.DEBUG)
    said, tries = REFUSED[kind]
    hosts.spoil(kind, "fred")
    url = "https://api.stlouisfed.org/fred/series/observations?file_type=json&series_id=DTWEXBGS"
    told = fault(lambda: asking(hosts).get("fred", url, {"api_key": SECRET}))
    assert said in told
    assert told.startswith(f"{hosts.base('fred')}/fred/series/observations: ")
    asked = hosts.forget()
    assert len(asked) == tries
    assert parse_qs(asked[0].query)["api_key"] == [SECRET]
    assert SECRET not in told + caplog.text


def test_every_kind_of_failure_is_met_here_or_by_the_parsers():
    from tests.hosts import CONTENTS

    assert set(KINDS) == set(REFUSED) | READ | set(CONTENTS)
    assert len(KINDS) >= 20


def test_nobody_listens():
    waits = Waits()
    client = Web("t", {"fred": nobody()}, sleep=waits.sleep)
    assert "no answer: connect error (4 tries)" in fault(lambda: client.get("fred", GRAPH))
    assert len(waits.waited) == TRIES - 1


def test_a_host_that_stays_silent_is_asked_once_for_each_of_the_rest():
    """A publisher whose line is dead costs a night two rounds of waiting, not forty; an answer ends that."""
    asked, dead = [], True

    def answer(request):
        asked.append(request.url.path)
        if dead and request.url.host == "dead.example.org":
            raise httpx.ConnectTimeout("", request=request)
        return httpx.Response(200, stream=httpx.ByteStream(b"x"))

    client = Web("test", transport=httpx.MockTransport(answer), sleep=lambda _: None)
    for name in "abcd":
        with pytest.raises(WebFault, match="no answer"):
            client.get("one", f"https://dead.example.org/{name}")
    assert Counter(asked) == {"/a": TRIES, "/b": TRIES, "/c": 1, "/d": 1}
    assert client.get("one", "https://well.example.org/e").body == b"x"
    dead = False
    assert client.get("one", "https://dead.example.org/f").body == b"x"
    dead = True
    asked.clear()
    with pytest.raises(WebFault, match=f"{TRIES} tries"):
        client.get("one", "https://dead.example.org/g")
    assert asked == ["/g"] * TRIES


def test_an_answer_that_drips_is_given_up(hosts, monkeypatch):
    """Each byte comes in time; all of them would take a minute."""
    monkeypatch.setattr(web, "LONGEST", 0.3)
    hosts.put("fred", "DGS10.csv", b"x" * 3000)
    hosts.spoil("slow", "fred")
    began = time.monotonic()
    told = fault(lambda: asking(hosts).get("fred", GRAPH + "DGS10"))
    assert "the answer took more than 0 seconds" in told
    assert time.monotonic() - began < 10
    assert len(hosts.forget()) == 1


def test_a_bomb_is_stopped_at_the_limit_with_flat_memory(hosts):
    """300 MB in 300 kB: what is held at once is no more than twice the limit."""
    hosts.spoil("gzip bomb", "fred")
    client = asking(hosts)
    tracemalloc.start()
    try:
        assert "larger than" in fault(lambda: client.get("fred", GRAPH + "DGS10"))
        assert tracemalloc.get_traced_memory()[1] < 2 * LARGEST
    finally:
        tracemalloc.stop()


def test_what_is_too_large_unpacked_is_stopped_as_well(hosts, monkeypatch):
    monkeypatch.setattr(web, "LARGEST", 100)
    hosts.put("fred", "DGS10.csv", b"x" * 101)
    assert "larger than 100 bytes" in fault(lambda: asking(hosts).get("fred", GRAPH + "DGS10"))
    hosts.put("fred", "DGS10.csv", b"x" * 100)
    assert asking(hosts).get("fred", GRAPH + "DGS10").body == b"x" * 100


def test_one_packed_stream_may_follow_the_other():
    packed = gzip.compress(b"one ") + gzip.compress(b"two")
    client = far(lambda _: sent(200, packed, {"Content-Encoding": "gzip"}))
    assert client.get("fred", GRAPH).body == b"one two"


# Where we go.


def test_only_https_is_asked():
    asked = []
    client = far(lambda request: asked.append(request) or sent())
    assert fault(lambda: client.get("fred", "http://fred.stlouisfed.org/x")).endswith(
        "only HTTPS is asked"
    )
    assert "only HTTPS is asked" in fault(lambda: client.get("fred", "ftp://fred.stlouisfed.org/x"))
    assert asked == []


def test_a_redirect_is_followed_and_takes_no_secret_along():
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        if request.url.host == "old.example":
            return sent(301, headers={"Location": "https://new.example/file"})
        return sent(200, content=b"x")

    assert far(answer).get("p", "https://old.example/file", {"key": SECRET}).body == b"x"
    assert asked == [f"https://old.example/file?key={SECRET}", "https://new.example/file"]


@pytest.mark.parametrize(
    "where", ["http://new.example/file", "https://127.0.0.1/x", "file:///etc/passwd"]
)
def test_a_redirect_leads_to_https_and_not_to_this_machine(where):
    client = far(lambda _: sent(302, headers={"Location": where}))
    assert "where we do not go" in fault(lambda: client.get("p", "https://old.example/file"))


@pytest.mark.parametrize(
    ("html", "address"),
    [
        ('<a href="/files/a-2026.xls">A</a>', "https://home.example/files/a-2026.xls"),
        ('<a href="b-2026.xls?x=1&amp;y=2">B</a>', "https://home.example/data/b-2026.xls?x=1&y=2"),
        ('<a href="https://cdn.example/c-2026.xls">C</a>', "https://cdn.example/c-2026.xls"),
    ],
)
def test_a_link_is_found_on_its_page(html, address):
    client = far(lambda _: sent(200, f"<html>{html}<a href='z-2026.xls'>Z</a></html>".encode()))
    link = r'href="([^"]+-2026\.xls[^"]*)"'
    assert client.follow("p", "https://home.example/data/page", link) == (address, Marks())


def test_a_page_that_has_not_changed_is_not_sent_again():
    def answer(request):
        if request.headers.get("If-None-Match") == '"one"':
            return sent(304, b"")
        return sent(200, b"href=/a.xls ", {"ETag": '"one"'})

    client = far(answer)
    address, marks = client.follow("p", "https://home.example/page", r"href=(\S+)")
    assert (address, marks.etag) == ("https://home.example/a.xls", '"one"')
    assert client.follow("p", "https://home.example/page", r"href=(\S+)", marks) == ("", marks)


def test_a_page_without_the_link_is_a_fault():
    client = far(lambda _: sent(200, b"<html>moved</html>"))
    told = fault(lambda: client.follow("p", "https://home.example/page?x=1", r"href=(\S+)"))
    assert told == r"https://home.example/page: the page has no link of the form href=(\S+)"
    broken = far(lambda _: sent(200, b"href=http://[x"))
    assert "is no address" in fault(
        lambda: broken.follow("p", "https://home.example/", r"href=(\S+)")
    )


def test_a_linked_file_is_asked_for_at_the_same_base(hosts):
    client = asking(hosts)
    there, _ = client.follow(
        "tic",
        "https://home.treasury.gov/data/treasury-international-capital-tic-system/tic-press-releases-by-topic",
        r'href="?([^" >]*/news/press-releases/sb0365)',
    )
    assert client.get("tic", there).body == hosts.body("tic", "sb0365.html")
    assert {asked.publisher for asked in hosts.forget()} == {"tic"}
