"""Every publisher's real format, cut, with flipped bytes, with lines swapped: at random places.

What is asserted is what a file can tell of itself; what only the past can tell is in test_plausible.py.

* Whatever is done to it, a parser never raises, and what it hands out is well formed.
* Of a file that breaks off, nothing is taken that the whole file does not say: what is cut is missing or
  a problem, never another value. (A refresh refuses one without any value of a series.)
* Where each line stands for itself, two lines that change places change no value; where one of them was
  above the table, it is a problem, or the row is missing.
"""

import random
import re
from datetime import date
from decimal import Decimal

import pytest

from evidence.publishers import Feed, Parsed, discover, feeds_of, period_fault
from tests.hosts import route_of, routes, stored

PUBLISHERS = discover()
KEYS = {"FRED_API_KEY": "k" * 32, "BEA_API_KEY": "k" * 36}
SERVED = routes()
FEEDS = {
    feed.name: (publisher, feed)
    for keys in ({}, KEYS, {"BEA_API_KEY": KEYS["BEA_API_KEY"]})
    for publisher, module in PUBLISHERS.items()
    for feed in feeds_of(module, keys)
}
"""All feeds, with keys and without."""
FEW = 12
MANY = 300
LINE_BY_LINE = {
    name
    for name, (publisher, feed) in FEEDS.items()
    if name.endswith(".csv") or re.search(r"slt_table[123]\.txt$", name)
}
"""Tables with one row for each period, and nothing between the lines. (JSON goes over several lines; the TIC's
other tables have their months above the rows.)"""


def whole(name: str) -> tuple[str, Feed, bytes]:
    publisher, feed = FEEDS[name]
    return publisher, feed, stored(publisher, route_of(publisher, feed, SERVED).file)


def told(parsed: Parsed) -> set[tuple[str, str, str]]:
    return {(row.series, row.period, row.value) for row in parsed.observations}


def well_formed(feed: Feed, parsed: Parsed) -> None:
    for row in parsed.observations:
        assert period_fault(row.period) == ""
        assert Decimal(row.value).is_finite()
        assert row.known_at == "" or date.fromisoformat(row.known_at[:10])
    for problem in parsed.problems:
        assert problem.source == feed.name
        assert problem.message
        assert str(problem)


def chances(name: str, count: int) -> random.Random:
    return random.Random(f"{name} {count}")


def cut(name: str, count: int) -> None:
    publisher, feed, data = whole(name)
    parse, chance = PUBLISHERS[publisher].parse, chances(name, count)
    right = told(parse(name, data))
    places = {chance.randrange(len(data)) for _ in range(count)} | {0, 1, len(data) // 2}
    for place in sorted(places):
        found = parse(name, data[:place])
        well_formed(feed, found)
        assert told(found) <= right, place


def flipped(name: str, count: int) -> None:
    publisher, feed, data = whole(name)
    parse, chance = PUBLISHERS[publisher].parse, chances(name, count)
    for _ in range(count):
        spoiled = bytearray(data)
        for _ in range(chance.choice((1, 1, 2, 20))):
            spoiled[chance.randrange(len(data))] = chance.randrange(256)
        well_formed(feed, parse(name, bytes(spoiled)))


def swapped(name: str, count: int) -> None:
    publisher, feed, data = whole(name)
    parse, chance = PUBLISHERS[publisher].parse, chances(name, count)
    right = parse(name, data)
    assert right.problems == ()
    lines = data.splitlines(keepends=True)
    for _ in range(count):
        one, other = sorted(chance.sample(range(len(lines)), 2))
        turned = [*lines]
        turned[one], turned[other] = lines[other], lines[one]
        found = parse(name, b"".join(turned))
        well_formed(feed, found)
        assert found.problems or told(found) <= told(right), (one, other)


def names(count: int) -> list[pytest.param]:
    marks = [] if count == FEW else [pytest.mark.long]
    return [pytest.param(name, count, marks=marks) for name in sorted(FEEDS)]


BOTH = [*names(FEW), *names(MANY)]


def test_all_formats_are_here_and_read_whole():
    assert len(FEEDS) > 55
    for name in FEEDS:
        publisher, feed, data = whole(name)
        parsed = PUBLISHERS[publisher].parse(name, data)
        assert parsed.problems == (), name
        assert {row.series for row in parsed.observations} == set(feed.series), name
    assert len(LINE_BY_LINE) > 25


@pytest.mark.parametrize(("name", "count"), BOTH)
def test_a_file_that_breaks_off_says_nothing_wrong(name, count):
    cut(name, count)


@pytest.mark.parametrize(("name", "count"), BOTH)
def test_flipped_bytes_never_break_a_parser(name, count):
    flipped(name, count)


@pytest.mark.parametrize(
    ("name", "count"), [given for given in BOTH if given.values[0] in LINE_BY_LINE]
)
def test_the_order_of_lines_changes_no_value(name, count):
    swapped(name, count)
