"""The picture of the calibration: dots, intervals, what is off its nominal rate and what is uncalibrated."""

from datetime import date

import pytest

from charts.calibration import FAR, grouped, rates
from charts.theme import DARK, LIGHT
from evidence import calibration
from evidence.calibration import Row, Table, interval, overall


def row(name, kind, alarms, dates):
    low, high = interval(alarms, dates) if dates else (None, None)
    return Row(
        key=name,
        tests=(f"a/{name}",),
        title=f"Test {name}",
        kind=kind,
        series=("x",),
        window="4 weeks after",
        tail=0.05,
        nominal=0.05,
        dates=dates,
        first=date(2012, 1, 1) if dates else None,
        last=date(2024, 1, 1) if dates else None,
        alarms=alarms,
        rate=alarms / dates if dates else None,
        low=low,
        high=high,
        fired=0,
        seen=(0.3, 0.9) if dates else (),
        missed=0.1 if dates else None,
        nominal_missed=0.1,
    )


@pytest.fixture(scope="module")
def found():
    rows = (
        row("good", "net_flow", 6, 120),
        row("loud", "change_after", 20, 100),
        row("thin", "net_flow", 1, 12),
        row("none", "spike_after", 0, 0),
        row("new", "a_new_kind", 5, 100),
    )
    return Table(engine="1.0", rule="A rule.", rows=rows, overall=overall(rows))


@pytest.mark.parametrize("look", [LIGHT, DARK])
def test_a_dot_stands_at_its_rate_and_a_thin_one_is_hollow(found, look):
    frame = rates(found, look).frame
    assert sorted(frame[frame.layer == "good"].x) == [0.05, 0.05, 0.2]
    assert list(frame[frame.layer == "thin"].x) == [1 / 12]
    assert list(frame[frame.layer == "counts"].text) == [
        "20 of 100",
        "6 of 120",
        "1 of 12, uncalibrated",
        "5 of 100",
    ]


def test_only_an_interval_that_misses_the_nominal_rate_is_marked(found):
    frame = rates(found, LIGHT).frame
    off = frame[frame.layer == "spans-off"]
    low, high = interval(20, 100)
    assert list(off.x) == [low]
    assert list(off.x2) == [min(high, FAR)]
    assert low > 0.05
    assert set(frame[frame.layer == "nominal"].x) == {0.05}
    assert rates(found, LIGHT).title == (
        "The nominal rate lies in the interval of 2 of 3 calibrated tests"
    )


def test_fewer_alarms_than_nominal_are_told_as_such():
    rows = (row("good", "net_flow", 6, 120), row("quiet", "net_flow", 1, 200))
    table = Table(engine="1.0", rule="A rule.", rows=rows, overall=overall(rows))
    assert rates(table, LIGHT).title.endswith(
        "1 of 2 calibrated tests; the others cry wolf less often"
    )


def test_tests_stand_by_kind_and_a_new_kind_goes_last(found):
    assert list(grouped(found.rows)) == ["change_after", "net_flow", "spike_after", "a_new_kind"]
    assert set(rates(found, LIGHT).table["test"]) == {r.title for r in found.rows}


def test_the_kept_table_is_read_whole(tmp_path, monkeypatch, found):
    kept = tmp_path / "calibration.json"
    kept.write_text(found.model_dump_json(), encoding="utf-8")
    monkeypatch.setattr(calibration, "TABLE", kept)
    calibration.table.cache_clear()
    try:
        assert calibration.table() == found
        monkeypatch.setattr(calibration, "TABLE", tmp_path / "none.json")
        calibration.table.cache_clear()
        assert calibration.table() is None
    finally:
        calibration.table.cache_clear()
