"""The catalogue on a day: last value, freshness, next release, and where a series is used."""

from datetime import date

import pytest

from evidence.shelf import row, rows
from tests import ours
from tests.worlds import MONTHLY, WEEKLY, entry, shop, weeks
from tests.worlds import rows as lines

LAST = date(2025, 4, 30)  # a Wednesday, out on Thursday 1 May
ENTRIES = [
    entry(
        "a.b",
        WEEKLY,
        "stock",
        release="thursday",
        title="A series",
        faults="None known.",
        vintage_quality="reconstructed",
    ),
    entry("a.printed", "irregular", "rate", "bp", licence="quoted"),
    entry("a.licensed", WEEKLY, "stock", licence="licensed", terms="Bring your own."),
    entry("a.flow", MONTHLY, "flow", release="slow"),
]
FILES = {
    "a.b": lines(weeks(LAST, 5), [1, 2, 3, 4, 5.25]),
    "a.printed": "2025-04-01,-44,2025-04-30T12:30:00Z,1\n",
    "a.flow": "2025-03,1,,1\n2025-03,2.5,2025-06-18T20:00:00Z,1\n",
}


def on(series, day, used=()):
    return row(shop(ENTRIES, FILES).as_of(date.fromisoformat(day)), series, used)


def test_a_row_by_hand():
    found = on("a.b", "2025-05-02", ("a-story",))
    assert (found.observations, found.first, found.last, found.last_value) == (
        5,
        date(2025, 4, 2),
        LAST,
        5.25,
    )
    assert found.known_at == "2025-05-01T20:30:00Z"
    assert found.next_release == date(2025, 5, 8)
    assert found.freshness == "fresh"
    assert found.used_in == ("a-story",)
    assert found.line() == "a.b  2025-04-30 5.25 USD bn  fresh  reconstructed  open"


def test_a_row_shows_what_was_known():
    found = on("a.b", "2025-04-30")
    assert (found.observations, found.last, found.last_value) == (4, date(2025, 4, 23), 4)
    assert on("a.flow", "2025-06-17").last_value == 1
    assert on("a.flow", "2025-06-18").last_value == 2.5, "revised"
    assert on("a.flow", "2025-06-18").observations == 1


@pytest.mark.parametrize(
    ("day", "freshness"),
    [
        ("2025-05-08", "fresh"),  # due today
        ("2025-05-09", "overdue"),
        ("2025-05-13", "overdue"),  # five days late
        ("2025-05-14", "stale"),
        ("2026-05-14", "stale"),
    ],
)
def test_how_fresh(day, freshness):
    found = on("a.b", day)
    assert found.next_release == date(2025, 5, 8)
    assert found.freshness == freshness


def test_a_figure_from_print_is_never_late():
    found = on("a.printed", "2026-05-14")
    assert (found.freshness, found.next_release, found.last_value) == ("closed", None, -44)
    before = on("a.printed", "2025-04-29")
    assert (before.last, before.last_value, before.known_at) == (None, None, None)


def test_a_licensed_series_is_not_held():
    found = on("a.licensed", "2025-05-02")
    assert (found.freshness, found.observations, found.last, found.next_release) == (
        "not_held",
        0,
        None,
        None,
    )
    assert found.line() == "a.licensed  not held  licensed  a.licensed"


def test_before_anything_was_out():
    found = on("a.b", "2025-04-02")
    assert (found.observations, found.freshness) == (0, "not_held")


@pytest.fixture(scope="module")
def real():
    return ours.store(), ours.library()


def test_every_series_once_in_order_with_its_uses(real):
    store, library = real
    found = rows(store.as_of(date(2025, 6, 20)), library.narratives.values())
    ids = [r.id for r in found]
    assert ids == sorted(store.catalogue.series)
    by_id = {r.id: r for r in found}
    assert by_id["fed.custody.treasuries"].used_in == (
        "foreign-governments-retaliated",
        "foreigners-still-exposed",
    )
    assert by_id["ust.auction10y.indirect_share"].used_in == ("foreign-governments-retaliated",)
    assert by_id["tic.net.banks"].used_in == ()
    for r in found:
        if r.last is not None:
            assert r.last <= date(2025, 6, 20)
            assert r.known_at <= "2025-06-21T03:59:59Z"
        assert (r.freshness == "not_held") == (r.last is None)


def test_one_series_alone(real):
    store, library = real
    [found] = rows(store.as_of(date(2025, 5, 2)), library.narratives.values(), "cftc.lev_net.all")
    assert found.derived
    assert found.last == date(2025, 4, 29)
    assert found.known_at == "2025-05-02T19:30:00Z"
    assert found.next_release == date(2025, 5, 9)
    assert found.freshness == "fresh"
