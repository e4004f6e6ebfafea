"""The real hosts: does each feed still come in the form that its parser reads? `pytest -m live` asks them."""

import os
import time

import pytest

from evidence import calendar
from evidence.fetches import Marks
from evidence.publishers import discover, feeds_of
from evidence.web import Web, agent

pytestmark = pytest.mark.live
FEEDS = [
    pytest.param(name, feed, id=feed.name)
    for name, module in sorted(discover().items())
    for feed in feeds_of(module, os.environ)
]


@pytest.fixture(scope="module")
def web():
    found = Web(agent(os.environ.get("FLOWCHECK_PROJECT_URL")))
    yield found
    found.close()


@pytest.mark.parametrize(("publisher", "feed"), FEEDS)
def test_a_feed_comes_in_the_form_that_its_parser_reads(web, publisher, feed):
    today = calendar.new_york_day(int(time.time()))
    url = feed.url.replace("{today}", today.isoformat())
    answer = web.get(publisher, url, feed.secret, Marks(), feed.link)
    parsed = discover()[publisher].parse(feed.name, answer.body)
    assert [str(problem) for problem in parsed.problems] == []
    assert {row.series for row in parsed.observations} == set(feed.series)
    newest = max(calendar.period_end(row.period) for row in parsed.observations)
    assert newest <= today
