"""Two replicas behind the committed proxy, with visitors on them: one is killed, or all are restarted in turn.

No session moves: all that matters stands in the visitor's address. So a reload, or the page's own way back, brings
the same story, step and day on the other replica.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests import ours
from tests.hosted import NO_PROXY, Proxy, Replica, nginx, proxied, replica

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(nginx() is None, reason=NO_PROXY),
]
VISITORS = 10
PATIENCE = 5.0
"""Seconds within which a visitor must have the page back."""
BACK = 60.0
"""Seconds within which a page must have found a server by itself: it looks less often the longer it has looked."""
STEPS = ("claim", "predictions", "tests", "verdict", "change")
PLACES = ("h1", ".st-key-steps p:nth-child(2) strong", ".st-key-day p:first-child")
"""Where a page says which story, which step and which day it shows."""
DAYS = {"2025-04-25": "25 April 2025", "2025-06-20": "20 June 2025"}


@dataclass
class Visitor:
    """Somebody in a browser, and what they were reading."""

    page: Page
    address: str
    reading: tuple[str, str, str]
    replica: str = ""


@dataclass
class Host:
    replicas: list[Replica]
    proxy: Proxy

    def serves(self, visitor: Visitor) -> Replica:
        """The replica that a visitor's session is on."""
        return next(r for r in self.replicas if f"127.0.0.1:{r.port}" == visitor.replica)


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    warm = {"FLOWCHECK_WARM_FIRST": "1"}
    replicas = [replica(tmp_path / f"log{n}", environment=warm) for n in range(2)]
    found = None
    try:
        for one in replicas:
            one.until()
        with proxied(tmp_path / "proxy", [r.port for r in replicas]) as proxy:
            found = Host(replicas, proxy)
            yield found
    finally:
        for one in found.replicas if found else replicas:
            one.stop()


def reading(page: Page) -> tuple[str, str, str]:
    """The story, the step and the day as the page says them."""
    story, step, day = (page.locator(place) for place in PLACES)
    return story.inner_text(), step.inner_text(), day.inner_text()


@pytest.fixture
def visitors(host: Host, elsewhere: Callable[..., BrowserContext]) -> list[Visitor]:
    """Ten, each with a story, a step and a day of their own."""
    stories = list(ours.desk().stories)
    found = []
    for number in range(VISITORS):
        day, in_words = list(DAYS.items())[number % len(DAYS)]
        place = f"/story?story={stories[number]}&step={STEPS[number % len(STEPS)]}&as_of={day}"
        context = elsewhere(ignore_https_errors=True, viewport={"width": 1280, "height": 900})
        page = context.new_page()
        page.goto(host.proxy.url + place)
        for said in PLACES:
            expect(page.locator(said)).to_have_text(re.compile(r"\w"), timeout=90_000)
        expect(page.locator(PLACES[-1])).to_contain_text(in_words)
        page.wait_for_url(re.compile(f"as_of={day}"))
        found.append(Visitor(page, page.url, reading(page)))
    place_on_replicas(host, found)
    for one in host.replicas:
        calm(one)
    return found


def calm(one: Replica) -> None:
    """Waits while the first visitors' histories are made in the background: what is tried here is the way back."""

    def seconds() -> float:
        meters = httpx.get(f"{one.url}/metrics", timeout=60).text
        return float(re.findall(r"^process_cpu_seconds_total (\S+)", meters, re.MULTILINE)[0])

    end = time.monotonic() + 300
    before = seconds()
    while time.monotonic() < end:
        time.sleep(2)
        now = seconds()
        if now - before < 0.4:
            return
        before = now


def place_on_replicas(host: Host, visitors: Sequence[Visitor]) -> None:
    """Which replica each is on: asked with the visitor's own cookie, and looked up in the proxy's journal."""
    for visitor in visitors:
        answer = visitor.page.request.get(f"{host.proxy.url}/health")
        trace = answer.headers["x-trace-id"]
        end = time.monotonic() + 10
        while time.monotonic() < end:
            told = [line for line in host.proxy.lines() if line["trace"] == trace]
            if told:
                visitor.replica = str(told[0]["replica"])
                break
            time.sleep(0.02)


def reads_on(visitor: Visitor, patience: float = PATIENCE) -> None:
    """Holds once the visitor has the same story, step and day before them, and nothing that is out of date."""
    for place, said in zip(PLACES, visitor.reading, strict=True):
        shown = visitor.page.locator(place)
        expect(shown).to_have_text(said, use_inner_text=True, timeout=patience * 1000)
    assert visitor.page.url == visitor.address


def goes_on(visitor: Visitor) -> None:
    """Holds once the page answers again: the visitor's next step is drawn, which no page does without a server."""
    other = "The rivals"
    link = visitor.page.locator(".st-key-steps p:nth-child(2)").get_by_role("link", name=other)
    end = time.monotonic() + BACK
    while time.monotonic() < end:
        link.click()
        try:
            expect(visitor.page.locator(PLACES[1])).to_have_text(other, timeout=5000)
        except AssertionError:  # it is still looking for a server
            continue
        return
    pytest.fail("the page did not find a server again")


def test_a_replica_is_killed(host: Host, visitors: list[Visitor]) -> None:
    """After a reload each has the same story, step and day within five seconds."""
    assert {visitor.replica for visitor in visitors} == {f"127.0.0.1:{r.port}" for r in host.replicas}  # fmt: skip
    host.replicas[0].kill()
    waits = []
    for visitor in visitors:
        began = time.monotonic()
        visitor.page.reload(wait_until="commit")
        reads_on(visitor)
        waits.append(time.monotonic() - began)
    assert [r.status() for r in host.replicas] == [0, 200]
    print("seconds to the same page:", ", ".join(f"{wait:.2f}" for wait in sorted(waits)))
    assert max(waits) < PATIENCE


def test_visitors_of_a_killed_replica_come_back_by_themselves(
    host: Host, visitors: list[Visitor]
) -> None:
    """Without a reload: Streamlit's page looks for its server again, and the proxy leads it to the other one."""
    gone = host.replicas[0]
    stranded = [v for v in visitors if host.serves(v) is gone]
    assert stranded
    gone.kill()
    for visitor in stranded:
        goes_on(visitor)
        visitor.page.go_back()
        reads_on(visitor, BACK)


def test_all_are_restarted_in_turn(host: Host, visitors: list[Visitor]) -> None:
    """A new release: each replica makes way for a warm one, and no visitor has to do anything."""
    for number, old in enumerate(host.replicas):
        old.stop()
        host.replicas[number] = old.again()
        host.replicas[number].until()
    for visitor in visitors:
        goes_on(visitor)
        visitor.page.go_back()
        reads_on(visitor, BACK)
    away = [line for line in host.proxy.lines() if int(str(line["status"])) in (502, 503, 504)]
    assert away == []
