"""When a fetched figure became known, and what a batch adds to the lines that are held. Answers by hand.

The weekly series' Wednesday comes out on Thursday at 16:30 in New York: 2025-04-09 at 20:30 UTC on 10 April.
The monthly one's month comes out on the 18th of the second month after, at 16:00.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from evidence import calendar
from evidence.catalogue import Catalogue, Release
from evidence.ledger import (
    Fetch,
    Line,
    last_scheduled,
    lines_of,
    merge_fetched,
    merge_vintages,
    read_lines,
    standing,
    text_of,
)
from evidence.manifest import describe
from evidence.manifest import text_of as manifest_text
from evidence.observations import Store
from evidence.publishers import Observation
from tests.worlds import RELEASES, WEEKLY, entry

THURSDAY, SLOW = RELEASES["thursday"], RELEASES["slow"]
SERIES = "test.one"


def at(text: str) -> int:
    return calendar.seconds(text)


def rows(*given: str) -> list[Observation]:
    """`2025-04-09 10` or `2025-04-09 10 2025-04-12T20:30:00Z`."""
    return [Observation(SERIES, *text.split()) for text in given]


def held(*given: str) -> list[Line]:
    """`2025-04-09,10,,1`."""
    return lines_of("\n".join(["period,value,known_at,added", *given]))


def fetched(
    lines: Sequence[Line],
    found: Sequence[Observation],
    now: str,
    seen: str = "",
    release: Release = THURSDAY,
    frequency: str = WEEKLY,
) -> list[str]:
    fetch = Fetch(at(now), at(seen) if seen else None)
    new, faults = merge_fetched(release, frequency, lines, found, 2, fetch)
    assert faults == []
    return [str(line) for line in new]


def faults(lines: Sequence[Line], found: Sequence[Observation], now: str) -> list[str]:
    return merge_fetched(THURSDAY, WEEKLY, lines, found, 2, Fetch(at(now)))[1]


def printed(lines: Sequence[Line], found: Sequence[Observation], now: str) -> list[str]:
    new, told = merge_vintages(THURSDAY, lines, found, 2, at(now))
    assert told == []
    return [str(line) for line in new]


TWO = held("2025-04-02,10,,1", "2025-04-09,11,,1")


def test_noise_in_the_last_digit_is_no_revision():
    """A sum in binary: 0.102 was once written as 0.10200000000000001."""
    noisy = held("2025-04-09,0.10200000000000001,,1")
    assert fetched(noisy, rows("2025-04-09 0.102"), "2025-04-21T12:00:00Z") == []
    (line,) = fetched(noisy, rows("2025-04-09 0.1020000001"), "2025-04-21T12:00:00Z")
    assert line.startswith("2025-04-09,0.1020000001,")
    assert fetched(held("2025-04-09,0,,1"), rows("2025-04-09 0"), "2025-04-21T12:00:00Z") == []
    assert fetched(held("2025-04-09,0,,1"), rows("2025-04-09 1e-9"), "2025-04-21T12:00:00Z")


# A period that was not held.


def test_a_new_period_is_known_by_the_release_rule():
    found = rows("2025-04-02 10", "2025-04-09 11", "2025-04-16 12")
    assert fetched([], found, "2025-04-21T12:00:00Z") == [
        "2025-04-02,10,,2",
        "2025-04-09,11,,2",
        "2025-04-16,12,,2",
    ]
    assert fetched(TWO, found, "2025-04-21T12:00:00Z", "2025-04-14T12:00:00Z") == [
        "2025-04-16,12,,2"
    ]


def test_before_its_hour_it_became_known_with_the_fetch():
    found = rows("2025-04-16 12")
    assert fetched(TWO, found, "2025-04-17T20:29:59Z") == ["2025-04-16,12,2025-04-17T20:29:59Z,2"]
    assert fetched(TWO, found, "2025-04-17T20:30:00Z") == ["2025-04-16,12,,2"]


@pytest.mark.parametrize(
    ("seen", "known_at"),
    [
        ("2025-04-16T12:00:00Z", ""),  # before its day
        ("2025-04-17T22:00:00Z", ""),  # later on that day: days are what a view is of
        ("2025-04-18T03:59:59Z", ""),  # still that day in New York
        ("2025-04-18T04:00:00Z", "2025-04-21T12:00:00Z"),  # the next one: it was late
    ],
)
def test_what_was_not_there_on_a_later_day_became_known_with_the_fetch(seen, known_at):
    new = fetched(TWO, rows("2025-04-16 12"), "2025-04-21T12:00:00Z", seen)
    assert new == [f"2025-04-16,12,{known_at},2"]


def test_a_gap_that_is_filled_later_is_late_too():
    """A day that was withheld: the rule would have it known while everybody saw that it was not there."""
    lines = held("2025-04-02,10,,1", "2025-04-16,12,,1")
    now, seen = "2025-05-05T12:00:00Z", "2025-04-28T12:00:00Z"
    assert fetched(lines, rows("2025-04-09 11"), now, seen) == [f"2025-04-09,11,{now},2"]


def test_more_of_the_past_is_known_by_the_rule():
    new = fetched(TWO, rows("2025-03-26 9"), "2025-05-05T12:00:00Z", "2025-04-28T12:00:00Z")
    assert new == ["2025-03-26,9,,2"]


# A revision.


def test_the_last_scheduled_release_brought_a_revision():
    """On Friday 18 April: that of Thursday the 17th."""
    found = rows("2025-04-02 10.5", "2025-04-09 11", "2025-04-16 12")
    assert fetched(TWO, found, "2025-04-18T12:00:00Z", "2025-04-14T12:00:00Z") == [
        "2025-04-02,10.5,2025-04-17T20:30:00Z,2",
        "2025-04-16,12,,2",
    ]


def test_also_where_that_release_brought_nothing_else():
    assert fetched(TWO, rows("2025-04-02 10.5", "2025-04-09 11"), "2025-05-02T12:00:00Z") == [
        "2025-04-02,10.5,2025-05-01T20:30:00Z,2"
    ]


def test_a_revision_that_was_not_there_after_that_release_became_known_with_the_fetch():
    found, now = rows("2025-04-02 10.5", "2025-04-09 11"), "2025-04-21T12:00:00Z"
    assert fetched(TWO, found, now, "2025-04-17T20:29:59Z") == [
        "2025-04-02,10.5,2025-04-17T20:30:00Z,2"
    ]
    assert fetched(TWO, found, now, "2025-04-17T20:30:00Z") == [f"2025-04-02,10.5,{now},2"]


def test_a_revision_is_later_than_what_it_revises():
    lines = held("2025-04-02,10,,1", "2025-04-02,10.5,2025-04-17T20:30:00Z,2")
    new = fetched(lines, rows("2025-04-02 10"), "2025-04-18T12:00:00Z")
    assert new == ["2025-04-02,10,2025-04-18T12:00:00Z,2"]


def test_the_same_number_written_otherwise_is_no_revision():
    assert fetched(TWO, rows("2025-04-02 10.00", "2025-04-09 11"), "2025-05-02T12:00:00Z") == []


def test_what_is_held_cannot_have_become_known_after_the_fetch():
    (told,) = faults(TWO, rows("2025-04-09 12"), "2025-04-10T12:00:00Z")
    assert told == (
        "2025-04-09: what is held became known at 2025-04-10T20:30:00Z, after this fetch"
    )


def test_two_values_in_one_fetch_are_a_fault():
    assert faults([], rows("2025-04-09 12", "2025-04-09 13"), "2025-05-02T12:00:00Z") == [
        "2025-04-09 is 12 and 13 in one fetch"
    ]


# The last scheduled release.


@pytest.mark.parametrize(
    ("release", "frequency", "period", "now", "last"),
    [
        (THURSDAY, "weekly", "2025-04-09", "2025-04-10T20:30:00Z", "2025-04-10T20:30:00Z"),
        (THURSDAY, "weekly", "2025-04-09", "2025-04-10T20:29:59Z", None),
        # the Thursday after Thanksgiving Wednesday is a holiday, so Friday
        (THURSDAY, "weekly", "2025-04-09", "2025-12-02T12:00:00Z", "2025-11-28T21:30:00Z"),
        (SLOW, "monthly", "2025-01", "2025-04-17T12:00:00Z", "2025-03-18T20:00:00Z"),
        (SLOW, "monthly", "2021-01", "2025-04-18T21:00:00Z", "2025-04-18T20:00:00Z"),
        (SLOW, "quarterly", "2024-12", "2025-06-02T12:00:00Z", "2025-05-19T20:00:00Z"),
        (SLOW, "yearly", "2024-12", "2026-06-02T12:00:00Z", "2026-02-18T21:00:00Z"),
        (SLOW, "yearly", "2033-12", "2034-06-02T12:00:00Z", "2034-02-21T21:00:00Z"),
        (SLOW, "irregular", "2021-01", "2025-04-18T21:00:00Z", "2021-03-18T20:00:00Z"),
    ],
)
def test_the_last_scheduled_release(release, frequency, period, now, last):
    """Also of a series of which nothing has come for years, and near the calendar's end."""
    found = last_scheduled(release, frequency, [Observation(SERIES, period, "1")], at(now))
    assert found == (at(last) if last else 0)


# What says itself when it was known.


def test_a_recorded_value_stands_in_for_what_the_rule_had_at_that_second():
    found = rows("2025-04-09 9 2025-04-10T20:30:00Z")
    new = fetched(TWO, found, "2025-05-02T12:00:00Z")
    assert new == ["2025-04-09,9,2025-04-10T20:30:00Z,2"]
    assert standing(THURSDAY, [*TWO, *held(*new)])["2025-04-09"][0].value == "9"


def test_a_recorded_revision_has_its_own_time_and_equal_ones_bring_no_line():
    found = rows(
        "2025-04-09 11 2025-04-10T20:30:00Z",
        "2025-04-09 11 2025-04-24T20:30:00Z",
        "2025-04-09 12 2025-05-01T20:30:00Z",
    )
    new = fetched(TWO, found, "2025-05-02T12:00:00Z")
    assert new == ["2025-04-09,12,2025-05-01T20:30:00Z,2"]
    assert fetched([*TWO, *held(*new)], found, "2025-05-03T12:00:00Z") == []


def test_a_corrected_record_is_known_with_the_fetch():
    lines = held("2025-04-09,11,2025-04-12T20:30:00Z,1")
    new = fetched(lines, rows("2025-04-09 12 2025-04-12T20:30:00Z"), "2025-05-02T12:00:00Z")
    assert new == ["2025-04-09,12,2025-05-02T12:00:00Z,2"]
    again = rows("2025-04-09 12 2025-04-12T20:30:00Z")
    assert fetched([*lines, *held(*new)], again, "2025-05-03T12:00:00Z") == []


def test_a_record_that_contradicts_what_came_after_is_a_fault():
    lines = held("2025-04-09,11,2025-04-12T20:30:00Z,1", "2025-04-09,13,2025-04-19T20:30:00Z,1")
    (told,) = faults(lines, rows("2025-04-09 12 2025-04-12T20:30:00Z"), "2025-05-02T12:00:00Z")
    assert told == "2025-04-09: 12 differs from what was known at 2025-04-12T20:30:00Z"


def test_what_is_dated_after_the_fetch_became_known_with_it():
    """A print of today's release, seen an hour before the hour of that release."""
    found = rows("2025-04-16 12 2025-04-17T20:30:00Z")
    new = fetched(TWO, found, "2025-04-17T19:30:00Z")
    assert new == ["2025-04-16,12,2025-04-17T19:30:00Z,2"]
    for later in ("2025-04-17T20:00:00Z", "2025-04-18T20:00:00Z"):
        assert fetched([*TWO, *held(*new)], found, later) == []


# A publisher's whole record of prints.

RECORD = rows(
    "2025-04-02 9",  # the oldest print that it has: by the release rule
    "2025-04-02 10 2025-04-24T20:30:00Z",
    "2025-04-09 11 2025-04-10T20:30:00Z",
)
LATER = "2025-05-05T12:00:00Z"


def test_a_record_begins_a_series():
    assert printed([], RECORD, LATER) == [
        "2025-04-02,9,,2",
        "2025-04-02,10,2025-04-24T20:30:00Z,2",
        "2025-04-09,11,2025-04-10T20:30:00Z,2",
    ]


def test_a_record_takes_the_place_of_what_was_reconstructed():
    """The rule had the newest value as known from the first day. (11 at its rule's second is what was printed.)"""
    new = printed(TWO, RECORD, LATER)
    assert new == ["2025-04-02,9,,2", "2025-04-02,10,2025-04-24T20:30:00Z,2"]
    stands = standing(THURSDAY, [*TWO, *held(*new)])
    assert [(v.value, v.second) for v in stands["2025-04-02"]] == [
        ("9", at("2025-04-03T20:30:00Z")),
        ("10", at("2025-04-24T20:30:00Z")),
    ]
    assert printed([*TWO, *held(*new)], RECORD, LATER) == []


def test_what_was_printed_later_than_the_rule_has_it_is_withdrawn():
    found = rows("2025-04-09 11 2025-04-14T20:30:00Z")
    assert printed(TWO, found, LATER) == ["2025-04-09,,,2", "2025-04-09,11,2025-04-14T20:30:00Z,2"]


def test_a_revision_at_a_reconstructed_time_is_withdrawn():
    lines = [*TWO, *held("2025-04-09,12,2025-04-17T20:30:00Z,1")]
    found = rows("2025-04-09 11", "2025-04-09 12 2025-04-24T20:30:00Z")
    assert printed(lines, found, LATER) == [
        "2025-04-09,,2025-04-17T20:30:00Z,2",
        "2025-04-09,12,2025-04-24T20:30:00Z,2",
    ]


def test_a_line_behind_a_withdrawn_one_does_not_come_back():
    """Two lines at one second: the rule's, and one that was recorded in its place. Both were wrong."""
    lines = [*TWO, *held("2025-04-09,12,2025-04-10T20:30:00Z,1")]
    new = printed(lines, rows("2025-04-09 13 2025-04-14T20:30:00Z"), LATER)
    assert sorted(new) == [
        "2025-04-09,,,2",
        "2025-04-09,,2025-04-10T20:30:00Z,2",
        "2025-04-09,13,2025-04-14T20:30:00Z,2",
    ]
    stands = standing(THURSDAY, [*lines, *held(*new)])["2025-04-09"]
    assert [v.value for v in stands] == ["13"]


def test_a_value_that_came_back_is_three_prints():
    found = rows(
        "2025-04-09 11",
        "2025-04-09 12 2025-04-17T20:30:00Z",
        "2025-04-09 11 2025-04-24T20:30:00Z",
        "2025-04-09 11 2025-05-01T20:30:00Z",
    )
    assert printed(TWO, found, LATER) == [
        "2025-04-09,12,2025-04-17T20:30:00Z,2",
        "2025-04-09,11,2025-04-24T20:30:00Z,2",
    ]


def test_periods_that_the_record_does_not_have_keep_what_they_had():
    assert printed(TWO, rows("2025-04-09 11"), LATER) == []


def test_a_print_dated_after_the_fetch_became_known_with_it():
    found = rows("2025-04-16 12 2025-04-17T20:30:00Z")
    first = "2025-04-17T19:30:00Z"
    new = printed(TWO, found, first)
    assert new == [f"2025-04-16,12,{first},2"]
    assert printed([*TWO, *held(*new)], found, "2025-04-17T20:00:00Z") == []
    # when its hour has come, its own time stands
    assert printed([*TWO, *held(*new)], found, LATER) == [
        f"2025-04-16,,{first},2",
        "2025-04-16,12,2025-04-17T20:30:00Z,2",
    ]


def test_two_prints_at_one_second_are_a_fault():
    found = rows("2025-04-09 11 2025-04-10T20:30:00Z", "2025-04-09 12")
    new, told = merge_vintages(THURSDAY, [], found, 1, at(LATER))
    assert new == []
    assert told == ["2025-04-09 is 11 and 12, both known at 2025-04-10T20:30:00Z"]


# Older snapshots read as before.


def store_of(folder: Path, lines: Sequence[Line]) -> Store:
    one = entry(SERIES, WEEKLY, "stock", release="thursday")
    catalogue = Catalogue(series={SERIES: one}, releases={"thursday": THURSDAY})
    text = text_of(THURSDAY, lines)
    (folder / "series").mkdir(parents=True, exist_ok=True)
    (folder / "series" / f"{SERIES}.csv").write_text(text, encoding="utf-8")
    assert read_lines(folder / "series" / f"{SERIES}.csv") == lines_of(text)
    described = describe(one, text, lines_of(text))
    number = max(line.added for line in lines)
    manifest = {"snapshot": number, "newest_release": "2025-05-05", "series": {SERIES: described}}
    (folder / "manifest.json").write_text(manifest_text(manifest), encoding="utf-8")
    return Store(folder, catalogue)


DAYS = [date(2025, 4, day) for day in range(1, 31)]


def views(store: Store, number: int) -> list[str]:
    return [store.as_of(day, number).series(SERIES).digest for day in DAYS]


def test_older_snapshots_read_as_they_did(tmp_path):
    """First a fetch, then a revision, then the whole record: what was said under a number stays."""
    lines = TWO
    seen = {1: views(store_of(tmp_path, lines), 1)}
    fetch = Fetch(at("2025-04-21T12:00:00Z"), at("2025-04-14T12:00:00Z"))
    found = rows("2025-04-02 10.5", "2025-04-09 11", "2025-04-16 12")
    new, _ = merge_fetched(THURSDAY, WEEKLY, lines, found, 2, fetch)
    lines = [*lines, *new]
    seen[2] = views(store_of(tmp_path, lines), 2)
    record = [*RECORD, *rows("2025-04-02 10.5 2025-04-28T20:30:00Z", "2025-04-16 12")]
    new, _ = merge_vintages(THURSDAY, lines, record, 3, at(LATER))
    assert any(not line.value for line in new)
    lines = [*lines, *new]
    store = store_of(tmp_path, lines)
    seen[3] = views(store, 3)
    assert seen[1] != seen[2] != seen[3]
    for number, digests in seen.items():
        assert views(store, number) == digests
    held_then = store.as_of(date(2025, 4, 20), 2).series(SERIES)
    assert held_then.latest.tolist() == [10.5, 11, 12]
    assert store.as_of(date(2025, 4, 20), 3).series(SERIES).latest.tolist() == [9, 11, 12]
    assert store.as_of(date(2025, 4, 30), 3).series(SERIES).latest.tolist() == [10.5, 11, 12]
