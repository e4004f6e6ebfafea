"""The store's one door: what a view shows, what it hides, and the series that are made of others."""

import hashlib
import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence import calendar
from evidence.catalogue import Catalogue, Release
from evidence.catalogue import Series as Entry
from evidence.observations import SnapshotFault, Store, combine, parse
from tests import ours

THURSDAY = Release(
    id="thursday",
    name="Thursday",
    time="16:30",
    weekday="thursday",
    stale_after_days=5,
    source="a test",
)
HEADER = "period,value,known_at,added\n"
REVISED = HEADER + (
    "2025-04-02,10,,1\n"
    "2025-04-02,11,2025-05-01T20:00:00Z,1\n"
    "2025-04-02,12,2025-06-01T20:00:00Z,2\n"
    "2025-04-09,20,,1\n"
)


def day(text: str) -> np.ndarray:
    return np.array([text], dtype="datetime64[D]")


def second(text: str) -> int:
    return calendar.end_of_day(date.fromisoformat(text))


def test_a_version_stands_until_the_next_is_known() -> None:
    series = parse("test.one", REVISED, THURSDAY, 2)
    assert series.revised
    index = series.index(day("2025-04-02"))

    def stood(at: str) -> float:
        return float(series.value(index, second(at))[0])

    assert np.isnan(stood("2025-04-02"))
    assert [stood(d) for d in ("2025-04-03", "2025-04-30", "2025-05-01", "2025-06-01")] == [
        10,
        10,
        11,
        12,
    ]
    assert series.latest.tolist() == [12, 20]
    assert [calendar.iso(s) for s in series.first_known.tolist()] == [
        "2025-04-03T20:30:00Z",
        "2025-04-10T20:30:00Z",
    ]


def test_an_older_snapshot_has_not_the_later_lines() -> None:
    assert parse("test.one", REVISED, THURSDAY, 1).latest.tolist() == [11, 20]
    assert len(parse("test.one", REVISED, THURSDAY, 0)) == 0


def test_a_cut_series_forgets_what_came_later() -> None:
    series = parse("test.one", REVISED, THURSDAY, 2)
    seen = series.upto(second("2025-04-09"))
    assert seen.periods.tolist() == [date(2025, 4, 2)]
    assert seen.latest.tolist() == [10]
    assert series.upto(second("2025-12-31")) is series
    assert seen.digest != series.digest
    alone = parse("test.one", HEADER + "2025-04-02,10,,1\n", THURSDAY, 1)
    assert seen.digest == alone.digest


def test_what_was_never_revised_is_cut_without_a_copy() -> None:
    """A server keeps dozens of views, each of which would hold copies of all that it was asked for."""
    store = ours.store()
    whole = store.whole("nyfed.sofr", store.n)
    assert not whole.revised
    for count in (0, 1, len(whole) // 2, len(whole) - 1):
        cut = whole.upto(int(whole.known[count]) - 1)
        assert len(cut) == count
        for part in ("periods", "owner", "known", "values"):
            assert np.array_equal(getattr(cut, part), getattr(whole, part)[:count])
            assert count == 0 or np.shares_memory(getattr(cut, part), getattr(whole, part))
    with pytest.raises(ValueError, match="read-only"):
        whole.values[0] = 0.0


def test_index_is_the_last_period_on_or_before() -> None:
    series = parse("test.one", REVISED, THURSDAY, 2)
    days = np.array(
        ["2025-04-01", "2025-04-02", "2025-04-08", "2025-04-09", "2025-05-01"],
        dtype="datetime64[D]",
    )
    assert series.index(days).tolist() == [-1, 0, 0, 1, 1]
    assert np.isnan(series.value(np.array([-1, 7]), second("2025-12-31"))).all()


def test_months_end_on_their_last_day() -> None:
    series = parse("test.month", HEADER + "2024-02,1,2024-04-15T20:00:00Z,1\n", THURSDAY, 1)
    assert series.periods.tolist() == [date(2024, 2, 29)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "does not begin with"),
        ("period,value\n", "does not begin with"),
        ("<html>\n", "does not begin with"),
        (HEADER + "2025-04-02,10,1\n", "has not four fields"),
    ],
)
def test_a_broken_series_file_is_a_fault_with_its_name(text: str, says: str) -> None:
    with pytest.raises(SnapshotFault, match=f"test.one: .*{says}"):
        parse("test.one", text, THURSDAY, 1)


def test_a_sum_has_the_periods_and_the_later_of_the_times_of_its_members() -> None:
    one = parse("test.one", HEADER + "2025-04-02,10,,1\n2025-04-09,20,,1\n", THURSDAY, 1)
    two = parse(
        "test.two", HEADER + "2025-04-02,1,2025-04-20T00:00:00Z,1\n2025-04-16,5,,1\n", THURSDAY, 1
    )
    difference = combine("test.sum", [(one, 1.0, None), (two, -1.0, None)])
    assert difference.periods.tolist() == [date(2025, 4, 2)]
    assert difference.latest.tolist() == [9]
    assert [calendar.iso(s) for s in difference.known.tolist()] == ["2025-04-20T00:00:00Z"]


def test_a_sum_of_revised_members_has_a_version_for_each_revision() -> None:
    one = parse("test.one", REVISED, THURSDAY, 2)
    two = parse(
        "test.two", HEADER + "2025-04-02,1,2025-05-10T00:00:00Z,1\n2025-04-09,2,,1\n", THURSDAY, 1
    )
    total = combine("test.sum", [(one, 1.0, None), (two, 1.0, None)])
    at = total.index(day("2025-04-02"))
    stood = [
        float(total.value(at, second(d))[0]) for d in ("2025-05-02", "2025-05-20", "2025-06-02")
    ]
    assert np.isnan(stood[0])  # the second member was not known yet
    assert stood[1:] == [12, 13]
    assert total.latest.tolist() == [13, 22]


def test_a_member_counts_as_nought_before_it_begins() -> None:
    old = parse(
        "test.old", HEADER + "2016-01-05,10,,1\n2016-01-12,11,,1\n2016-01-19,12,,1\n", THURSDAY, 1
    )
    new = parse("test.new", HEADER + "2016-01-12,1,,1\n", THURSDAY, 1)
    total = combine("test.sum", [(old, 1.0, None), (new, 1.0, date(2016, 1, 12))])
    # the last week, which the new one lacks though it had begun, is a gap and not a nought
    assert total.periods.tolist() == [date(2016, 1, 5), date(2016, 1, 12)]
    assert total.latest.tolist() == [10, 12]


def small_store(folder: Path, text: str) -> Store:
    import hashlib

    (folder / "series").mkdir(parents=True, exist_ok=True)
    (folder / "series" / "test.one.csv").write_bytes(text.encode())
    told = {"sha256": hashlib.sha256(text.encode()).hexdigest()}
    manifest = {"snapshot": 2, "newest_release": "2025-06-01", "series": {"test.one": told}}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    entry = Entry(
        id="test.one", title="One", short="One", unit="USD bn", frequency="weekly", behaves="stock", source_group="test",
        release="thursday", publisher="Test", url="https://example.org", citation="Test",
    )  # fmt: skip
    return Store(folder, Catalogue(series={"test.one": entry}, releases={"thursday": THURSDAY}))


def test_a_changed_file_or_a_missing_one_is_left_out_and_named(tmp_path: Path) -> None:
    store = small_store(tmp_path, REVISED)
    assert store.as_of(date(2025, 6, 1)).series("test.one").latest.tolist() == [12, 20]
    assert store.damaged == {}
    file = tmp_path / "series" / "test.one.csv"
    file.write_text(REVISED.replace("20,", "21,"), encoding="utf-8")
    for said in ("does not have the manifest’s sha256", "missing"):
        store = Store(tmp_path, store.catalogue)
        assert len(store.as_of(date(2025, 6, 1)).series("test.one")) == 0
        assert said in store.damaged["test.one"]
        file.unlink(missing_ok=True)


def test_a_file_that_a_later_refresh_wrote_reads_as_it_was(tmp_path: Path) -> None:
    """A store that was opened before sees its own snapshot; so does one that meets a change half-done."""
    before = small_store(tmp_path, REVISED)
    newer = REVISED + "2025-04-23,30,,3\n"
    file = tmp_path / "series" / "test.one.csv"
    file.write_bytes(newer.encode())
    hashed = hashlib.sha256(newer.encode()).hexdigest()
    listed = {"series/test.one.csv": {"before": "", "after": hashed}}
    (tmp_path / "pending.json").write_text(json.dumps(listed), "utf-8")
    assert before.as_of(date(2025, 6, 1)).series("test.one").latest.tolist() == [12, 20]
    (tmp_path / "pending.json").unlink()
    manifest = {**before.manifest, "snapshot": 3, "series": {"test.one": {"sha256": hashed}}}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    late = Store(tmp_path, before.catalogue)
    assert late.as_of(date(2025, 6, 1)).series("test.one").latest.tolist() == [12, 20, 30]
    opened_before = small_store(tmp_path / "other", REVISED)
    (tmp_path / "other" / "series" / "test.one.csv").write_bytes(newer.encode())
    (tmp_path / "other" / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    assert opened_before.as_of(date(2025, 6, 1)).series("test.one").latest.tolist() == [12, 20]
    assert opened_before.damaged == {}


def test_a_withdrawn_line_stands_in_older_snapshots_only(tmp_path: Path) -> None:
    text = (
        "period,value,known_at,added\n2025-04-09,10,,1\n2025-04-09,,,2\n"
        "2025-04-09,9,2025-04-12T20:30:00Z,2\n2025-04-16,20,,1\n"
    )
    store = small_store(tmp_path, text)
    day = date(2025, 6, 1)
    assert store.as_of(day, 1).series("test.one").latest.tolist() == [10, 20]
    assert store.as_of(day, 2).series("test.one").latest.tolist() == [9, 20]
    assert len(store.as_of(date(2025, 4, 11), 1).series("test.one")) == 1
    assert len(store.as_of(date(2025, 4, 11), 2).series("test.one")) == 0


def test_a_manifest_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(SnapshotFault, match="no readable manifest"):
        Store(tmp_path)


def test_a_snapshot_number_has_to_be_there(tmp_path: Path) -> None:
    store = small_store(tmp_path, REVISED)
    for number in (0, 3):
        with pytest.raises(ValueError, match="there is no snapshot"):
            store.as_of(date(2025, 6, 1), number)
    assert store.as_of(date(2025, 6, 1), 1).series("test.one").latest.tolist() == [11, 20]


# The real snapshot, through the same door.

STORE = ours.store()


def seen(as_of: str, series: str, period: str) -> float | None:
    """The value of a period as it stood at the end of a day; None where it was not known."""
    found = STORE.as_of(date.fromisoformat(as_of)).series(series)
    hit = np.flatnonzero(found.periods == np.datetime64(period))
    return float(found.latest[hit[0]]) if len(hit) else None


@pytest.mark.parametrize(
    ("series", "period", "before", "on", "value"),
    [
        ("fed.custody.treasuries", "2025-04-09", "2025-04-09", "2025-04-10", 2932.857),
        ("cftc.lev_net.all", "2025-04-08", "2025-04-10", "2025-04-11", -8250377),
        ("cftc.lev_net.all", "2025-04-29", "2025-05-01", "2025-05-02", -8777455),
        ("tic.net.official_bonds_notes", "2025-04-30", "2025-06-17", "2025-06-18", 6.0),
        ("tic.holdings.china", "2025-04-30", "2025-06-17", "2025-06-18", 757.2),
        ("fed.h10.broad_dollar", "2025-04-02", "2025-04-06", "2025-04-07", 126.6284),
        ("nyfed.sofr", "2019-09-17", "2019-09-17", "2019-09-18", 5.25),
        ("ust.auction10y.indirect_share", "2025-04-09", "2025-04-08", "2025-04-09", 87.896),
        ("ust.auction10y.foreign_class_share", "2025-04-09", "2025-04-22", "2025-04-23", 18.3793),
        ("quoted.tbac.swap_spread_10y.low", "2025-04-29", "2025-04-29", "2025-04-30", -60.0),
    ],
)
def test_the_day_on_which_it_became_known(
    series: str, period: str, before: str, on: str, value: float
) -> None:
    assert seen(before, series, period) is None
    assert seen(on, series, period) == value


def test_what_was_revised_later() -> None:
    assert seen("2025-06-20", "tic.net.official_bonds_notes", "2025-04-30") == 6.0
    assert seen("2026-07-13", "tic.net.official_bonds_notes", "2025-04-30") == 6.0
    assert seen("2026-07-14", "tic.net.official_bonds_notes", "2025-04-30") == -5.692
    assert seen("2026-03-17", "tic.holdings.china", "2025-04-30") == 757.2
    assert seen("2026-03-18", "tic.holdings.china", "2025-04-30") == 743.6


def test_the_broad_dollars_vintages_never_stand_side_by_side() -> None:
    last_of_the_first = STORE.as_of(date(2026, 5, 25)).series("fed.h10.broad_dollar")
    assert last_of_the_first.periods[-1] == np.datetime64("2025-11-21")
    assert not last_of_the_first.revised
    assert seen("2026-05-25", "fed.h10.broad_dollar", "2025-04-02") == 126.6284
    assert seen("2026-05-26", "fed.h10.broad_dollar", "2025-04-02") == 126.3811
    assert seen("2026-05-26", "fed.h10.broad_dollar", "2026-05-22") is not None


def test_leveraged_net_over_april_2025() -> None:
    start, end = (seen("2025-05-02", "cftc.lev_net.all", d) for d in ("2025-04-01", "2025-04-29"))
    assert start is not None
    assert end is not None
    assert (start, end - start) == (-8_112_180, -665_275)


@settings(deadline=None, derandomize=True)
@given(st.dates(date(2007, 8, 1), date(2026, 10, 7)), st.sampled_from(ours.catalogue().ids))
def test_no_view_shows_what_became_known_after_its_day(as_of: date, series: str) -> None:
    found = STORE.as_of(as_of).series(series)
    assert (found.known <= calendar.end_of_day(as_of)).all()
    assert (np.diff(found.periods.astype(np.int64)) > 0).all()
    assert not np.isnan(found.latest).any()
    earlier = STORE.as_of(as_of - timedelta(days=30)).series(series)
    assert np.isin(earlier.periods, found.periods).all()
