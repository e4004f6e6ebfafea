"""The look-ahead test: nothing that became known after a day moves a byte of what was said on that day.

The series that the narratives read are copied, and whatever is known only after day D is multiplied,
taken out, or joined by made-up periods and revisions. Verdicts, every other way of asking them, and histories up
to D keep their bytes.
"""

import hashlib
import json
import random
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from evidence import calendar
from evidence.engine import Engine
from evidence.history import history
from evidence.observations import HEADER, SNAPSHOT, Store
from evidence.trace import dump
from tests import ours

SEED = 20250402
FIRST, LAST = date(2025, 4, 3), date(2026, 10, 7)
QUICK = ("2025-04-04", "2025-04-12", "2025-04-25", "2025-06-20", "2025-10-20", "2026-03-19")


def random_days(count, seed=SEED):
    """The same days in every run."""
    draw = random.Random(seed)
    return sorted(
        FIRST + timedelta(days=draw.randrange((LAST - FIRST).days + 1)) for _ in range(count)
    )


@pytest.fixture(scope="module")
def real():
    return ours.engine()


def used_files(engine):
    """The files behind all tests: what they read or might have, and the open interest behind their positions."""
    catalogue = engine.store.catalogue
    tests = [t for n in engine.narratives.values() for t in n.tests]
    reads = {s for t in tests for s in (*t.reads, *t.vary.series)}
    reads |= {catalogue.series[s].open_interest for s in reads} - {None}
    files = {f for s in reads for f in catalogue.files(s)}
    return sorted(f for f in files if (SNAPSHOT / "series" / f"{f}.csv").exists())


def known(lines, release):
    """When each line (period, value, known_at, snapshot) became known: as it says, or by the release calendar."""
    ends = np.array([calendar.period_end(line[0]) for line in lines], dtype="datetime64[D]")
    seconds = calendar.known_at(release, ends).tolist()
    return [
        calendar.seconds(line[2]) if line[2] else ruled
        for line, ruled in zip(lines, seconds, strict=True)
    ]


def later_second(draw, cutoff):
    return calendar.iso(cutoff + draw.randrange(1, 400 * 86400))


def multiply(draw, period, value, recorded):
    return [f"{period},{float(value) * draw.choice([-3, 0.1, 0.5, 1.01, 40])!r},{recorded},1"]


def delete(draw, period, value, recorded):
    return []


def tampered(text, release, cutoff, draw, change):
    """A file's text with every line known after the cutoff changed, and lines known later put in."""
    lines = [line.split(",") for line in text.splitlines()[1:]]
    kept, touched = [], 0
    for line, second in zip(lines, known(lines, release), strict=True):
        period, value, recorded, _ = line
        if second <= cutoff:
            kept.append(",".join(line))
            if draw.random() < 0.02:  # a revision that comes later
                kept.append(f"{period},{draw.uniform(-1e4, 1e4)!r},{later_second(draw, cutoff)},1")
        else:
            touched += 1
            kept += change(draw, period, value, recorded)
    printed = {line[0] for line in lines}
    day = calendar.new_york_day(cutoff)
    for offset in (-900, -35, -3, 0, 3, 40, 300):  # periods that nobody had printed by then
        end = day + timedelta(days=offset)
        period = end.isoformat()[: len(lines[0][0])]
        if period not in printed:
            kept.append(f"{period},{draw.uniform(-1e4, 1e4)!r},{later_second(draw, cutoff)},1")
            touched += 1
    return "\n".join([HEADER, *kept]) + "\n", touched


def other_world(engine, day, folder, change, draw):
    """A snapshot that knows the same by the end of `day`, and something else afterwards."""
    catalogue, cutoff = engine.store.catalogue, calendar.end_of_day(day)
    (folder / "series").mkdir(parents=True)
    held, touched = {}, 0
    for name in used_files(engine):
        text = (SNAPSHOT / "series" / f"{name}.csv").read_text("utf-8")
        release = catalogue.releases[catalogue.series[name].release]
        text, count = tampered(text, release, cutoff, draw, change)
        touched += count
        (folder / "series" / f"{name}.csv").write_text(text, "utf-8")
        held[name] = {"sha256": hashlib.sha256(text.encode()).hexdigest()}
    manifest = {
        "snapshot": engine.store.n,
        "newest_release": LAST.isoformat(),
        "series": held,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return Engine(Store(folder, catalogue), engine.narratives, engine.anchors), touched


def said(engine, day):
    """Everything said on a day, as bytes: verdicts with what would turn them, and every other way of asking."""
    whole = []
    for name in engine.narratives:
        scored = engine.score(name, day)
        specifications = [s.model_dump(mode="json") for s in scored.specifications]
        whole.append([dump(scored.verdict), specifications, scored.sole])
    return json.dumps(whole, indent=1, ensure_ascii=False, allow_nan=False).splitlines()


def compare(real, day, folder, change, seed):
    other, touched = other_world(real, day, folder, change, random.Random(seed))
    assert touched > 50, "nothing was changed, so nothing was tested"
    assert other.store.hash != real.store.hash
    assert said(other, day) == said(real, day)
    return other


@pytest.mark.parametrize(
    ("day", "change"),
    [
        # every second day with one of the two changes in turn; the others are among the long ones
        pytest.param(
            day, change, marks=() if i % 2 == 0 and (i // 2 + j) % 2 == 0 else pytest.mark.long
        )
        for i, day in enumerate(QUICK)
        for j, change in enumerate((multiply, delete))
    ],
)
def test_what_comes_later_moves_no_byte(real, tmp_path, day, change):
    compare(real, date.fromisoformat(day), tmp_path / "later", change, SEED)


def test_the_tampered_snapshot_does_differ_afterwards(real, tmp_path):
    """So that the test above can fail: a month on, the same copy says something else of every story with data."""
    day = date(2025, 4, 12)
    other = compare(real, day, tmp_path / "later", multiply, SEED)
    after = date(2025, 7, 1)
    different = {
        n for n in real.narratives
        if other.score(n, after).verdict.tests != real.score(n, after).verdict.tests
    }  # fmt: skip
    assert different >= {
        "foreign-governments-retaliated",
        "foreign-private-protest",
        "basis-trade-unwind",
        "everything-fell-together",
    }


def test_a_leak_of_one_day_is_noticed(real, tmp_path):
    """Tampered from the end of the day before, Friday's own releases (11 April) change what Friday says."""
    other, _ = other_world(
        real, date(2025, 4, 10), tmp_path / "later", multiply, random.Random(SEED)
    )
    assert said(other, date(2025, 4, 10)) == said(real, date(2025, 4, 10))
    assert said(other, date(2025, 4, 11)) != said(real, date(2025, 4, 11))


def remembered(engine, day):
    """The history of every story over the weeks up to a day, as bytes."""
    first = day - timedelta(days=40)
    return [history(engine, name, first, day).model_dump_json() for name in engine.narratives]


@pytest.mark.long
@pytest.mark.parametrize("day", random_days(50), ids=str)
def test_what_comes_later_moves_no_byte_on_fifty_days(real, tmp_path, day):
    for change in (multiply, delete):
        folder, seed = tmp_path / change.__name__, f"{SEED} {day} {change.__name__}"
        other = compare(real, day, folder, change, seed)
        if change is multiply:
            assert remembered(other, day) == remembered(real, day)


@pytest.mark.parametrize("step", [8, pytest.param(1, marks=pytest.mark.long)])
def test_nothing_that_a_test_rests_on_is_later_than_its_day(real, step):
    """All narratives on 50 days (an eighth of them): neither the data's time nor a window's end lies after the day."""
    evaluated, days = 0, random_days(50)[::step]
    for day in days:
        end = calendar.end_of_day(day)
        for name in real.narratives:
            verdict = real.score(name, day).verdict
            assert verdict.as_of == day
            assert verdict.stands_for <= day
            for test in verdict.tests:
                if test.data is None:
                    assert test.outcome == "not_evaluable"
                    continue
                evaluated += 1
                assert calendar.seconds(test.data.known_at) <= end, f"{name} {test.id} on {day}"
                assert test.window.last <= day, f"{name} {test.id} on {day}"
                assert test.data.last <= day
                if test.placebo is not None:
                    assert test.placebo.last < verdict.anchor
    assert evaluated > 20 * len(days)


def test_the_days_are_the_stored_ones():
    """A seed whose days wander off would test nothing that anyone can repeat."""
    days = random_days(50)
    assert len(days) == 50
    assert FIRST <= days[0] < date(2025, 6, 1)
    assert date(2026, 8, 1) < days[-1] <= LAST
    assert [str(d) for d in days[:3]] == ["2025-04-19", "2025-04-23", "2025-05-11"]
    assert random_days(50, seed=SEED + 1) != days


def test_an_unused_series_is_not_even_there(real, tmp_path):
    """The copy holds only what is read, so nothing else can matter."""
    assert Path(SNAPSHOT / "series" / "tic.net.banks.csv").exists()
    assert "tic.net.banks" not in used_files(real)
    assert "cftc.tff.open_interest.us10y" in used_files(real)
