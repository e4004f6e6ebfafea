"""The tools that measure: what they compare is the same, what they count is there, and a bad ratio is seen."""

import asyncio
from io import StringIO
from urllib.parse import parse_qs, urlsplit

import pytest
from rich.console import Console
from websockets.exceptions import PayloadTooBig
from websockets.server import ServerProtocol

from benchmarks import (
    attackers,
    crowd,
    figures,
    growth,
    papers,
    placebo_scan,
    servers,
    stops,
    warm_score,
)
from benchmarks.refresh import Publishers, Sent, Snapshot
from benchmarks.sessions import Session
from benchmarks.sessions import crowd as visitors
from benchmarks.table import ANY, Row, markdown, show
from evidence.catalogue import read as read_catalogue
from evidence.publishers import discover
from evidence.refresh import Sources
from tests.hosts import routes, stored, wait_until
from tests.sampled import one_in


@pytest.mark.parametrize(
    "story", ["private-outflows-began-before", "inflows-stalled-after-deepseek"]
)
def test_the_pandas_loop_gives_the_engines_numbers(story):
    found = stops.stories()[story]
    assert warm_score.ranked(found)
    assert warm_score.looped(found) > 0  # other numbers raise


def test_a_loop_with_another_number_is_not_timed(monkeypatch):
    monkeypatch.setattr("benchmarks.baselines.pandas_loop.TIES", 1e9)
    with pytest.raises(AssertionError, match="the loop says"):
        warm_score.looped(stops.stories()["private-outflows-began-before"])


def test_the_one_pass_gives_the_engines_placebos():
    (row,) = placebo_scan.rows(times=1)
    assert row.peer > 0  # other placebos raise


@pytest.mark.parametrize(("share", "exponent"), [(1, 1), (4, 2), (0.5, 0.5)])
def test_growth_is_the_exponent_from_a_part_to_the_whole(share, exponent):
    found = growth.Growth([], 1.0, growth.exponent(4, share))
    assert found.exponent == pytest.approx(exponent)
    assert found.row("a", "").verdict == ("missed" if exponent > 1 else "goal")


def test_growth_holds_the_same_work_against_its_parts():
    found = growth.grows(range(4), lambda some: (sum(range(10_000 * one)) for one in some))
    assert found.came == [sum(range(10_000 * one)) for one in range(4)]
    with pytest.raises(AssertionError, match="something else"):
        growth.grows(range(4), lambda some: iter([len(some)] * len(some)))


def test_nothing_new_is_a_refresh_that_brings_nothing(tmp_path):
    files = [Sent(r, stored(r.publisher, r.file)) for r in routes() if r.publisher == "ecb"]
    sources = Sources({"ecb": discover()["ecb"]}, read_catalogue())
    held = Snapshot(tmp_path / "snapshot", Publishers(tuple(files)), sources)
    with pytest.raises(AssertionError, match="something new"):
        held.nothing_new()
    for marked in (True, False):
        held.publishers.marked = marked
        held.nothing_new()
        held.hashed()
    held.publishers.files = tuple(Sent(f.route, b"") for f in files)
    with pytest.raises(AssertionError, match="failed"):
        held.nothing_new()


def test_another_chart_than_the_papers_is_not_timed(monkeypatch):
    monkeypatch.setattr(papers, "svg", lambda *_: "<svg/>")
    with pytest.raises(AssertionError, match="another one"):
        papers.Drawn([(None, 395, "<svg></svg>")]).again()


@pytest.fixture(scope="module")
def server():
    """A stock story page: it is up in a second and makes nothing in the background."""
    story = {"STORY": stops.written("foreign-governments-retaliated")}
    home = {"FLOWCHECK_HOME": str(servers.ROOT)}
    with servers.plain(servers.BASELINES / "story.py", servers.STOCK, **story, **home) as found:
        yield found


def test_a_visitor_without_a_browser_gets_a_page_and_its_charts(server):
    async def visit():
        session, first = await Session.opened(server.stream, "", "test=china-sells")
        again = await session.go("test=custody-falls&as_of=2025-05-30")
        await session.close()
        return first, again

    first, again = asyncio.run(visit())
    assert not first.exceptions
    assert not again.exceptions
    assert (first.charts, again.charts) == (2, 2)
    assert first.bytes > 10_000
    assert first.seconds > 0
    assert any("Foreign governments" in words for words in first.words)


@pytest.mark.parametrize("name", one_in(3, attackers.ATTACKS))
def test_an_attacker_attacks_and_ends_when_told(server, name, monkeypatch):
    monkeypatch.setattr(attackers, "QUICK", 40)
    for several in ("SLOW", "HALF_OPEN", "GARBAGE", "OVERSIZE"):
        monkeypatch.setattr(attackers, several, 3)
    at = urlsplit(server.url)

    async def some():
        stop = asyncio.Event()
        attacking = asyncio.create_task(attackers.ATTACKS[name](at.hostname, at.port, stop))
        await asyncio.sleep(0.5)
        stop.set()
        return await asyncio.wait_for(attacking, 20)

    assert asyncio.run(some()) > 0
    assert wait_until(lambda: servers.healthy(server.url))  # what was asked for is still drawn


def test_frames_are_what_a_websocket_library_reads():
    """The attackers' frames are sound but for what is wrong with them on purpose."""
    protocol = ServerProtocol(max_size=10_000)
    protocol.receive_data(attackers.asking("127.0.0.1", 1))
    [request] = protocol.events_received()
    protocol.send_response(protocol.accept(request))
    protocol.receive_data(attackers.frame(attackers.BINARY, b"sound"))
    protocol.receive_data(attackers.frame(attackers.BINARY, bytes(20_000)))
    read = protocol.events_received()
    assert [found.data for found in read] == [b"sound"]
    assert isinstance(protocol.parser_exc, PayloadTooBig)


def test_many_visitors_act_and_none_is_lost(server):
    queries = ["test=china-sells", "test=custody-falls"]
    seen = []
    load = asyncio.run(
        visitors(
            server.stream,
            "",
            queries,
            sessions=3,
            every=0.5,
            seconds=2,
            over=lambda: seen.append(server.memory()),
        )
    )
    assert (load.lost, load.faults) == (0, [])
    assert len(load.seconds) >= 3
    assert load.p50 <= load.p95
    assert seen[0] > 30


def test_a_server_ends_with_what_started_it(server):
    with servers.tuned(servers.BASELINES / "one_chart.py") as other:
        pid = other.pid
        assert pid in servers.family(pid)
        assert other.started > 0
    assert other.process.poll() is not None
    assert server.process.poll() is None


def test_both_sides_of_a_crowd_are_asked_the_same():
    heavy = stops.Stop("everything-fell-together", "tests")
    for query in crowd.queries(heavy):
        asked = parse_qs(query)
        assert asked["story"] == ["everything-fell-together"]
        assert asked["test"][0] in {t.id for t in stops.stories()[heavy.story].tests}


@pytest.mark.parametrize(
    ("row", "verdict", "status"),
    [
        (Row("a", 10, 9, "b", goal=1.2, least=2), "goal", 0),
        (Row("a", 15, 9, "b", goal=1.2, least=2), "acceptable", 0),
        (Row("a", 30, 9, "b", goal=1.2, least=2), "missed", 1),
        (Row("a", 1, 30, "b", goal=20, least=10, faster=True), "goal", 0),
        (Row("a", 1, 3, "b", goal=20, least=10, faster=True), "missed", 1),
        (Row("a", 100, 9, "b", goal=5, least=ANY), "acceptable", 0),
        (Row("a", 10, 9, "b", goal=5, least=ANY, wrong="1 error"), "missed", 1),
        (Row("a", 10, None, "b"), "told", 0),
    ],
)
def test_the_table_says_what_is_missed(row, verdict, status):
    assert row.verdict == verdict
    console = Console(record=True, width=160, file=StringIO(), force_terminal=True)
    assert show([row], console=console) == status
    said = console.export_text(styles=True)
    assert ("\x1b[1;31m" in said) == (status == 1)
    assert verdict in markdown([row])


def test_quantiles():
    assert figures.quantile([3, 1, 2], 0.5) == 2
    assert figures.quantile(list(range(1, 101)), 0.95) == 95
    assert figures.median([1, 2, 3, 10]) == 2.5
    with pytest.raises(ValueError, match="nothing"):
        figures.quantile([], 0.5)
