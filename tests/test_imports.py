"""The user's own data: from a file into the private store, and from there into verdicts. Every figure is made up."""

import io
import json
import os
import re
import shlex
import struct
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import jsonschema
import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from briefs.desk import open_desk
from evidence import calendar, private, private_folder
from evidence.cli import app
from evidence.contract import schemas
from evidence.engine import Engine, brought
from evidence.explaining import lines as explained
from evidence.imports import Wish, bring
from evidence.library import read_library
from evidence.mapping import FileMap, findings, shift
from evidence.narrative import Condition
from evidence.observations import SNAPSHOT, Store
from evidence.own_file import rule_of
from evidence.reading import read_map
from evidence.shelf import row as shelf_row
from evidence.trace import dump
from evidence.wording import brought as told
from tests import ours
from tests.visits import session, visit
from walkthrough import desk as desks

pytestmark = pytest.mark.usefixtures("read_once")

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ours.catalogue()
NOW = calendar.seconds("2025-09-10T16:00:00Z")
INDEX, BUND, SPREAD = "market.sp500", "market.bund_10y", "swap.spread.10y"
OPEN = ours.store()
VIEW = OPEN.as_of(calendar.new_york_day(NOW))


@pytest.fixture
def store(tmp_path):
    return tmp_path / "own" / "store"


def put(folder, name, content):
    """A file; text as UTF-8."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


EMPTY = {"snapshot": 1, "newest_release": "2025-01-01", "series": {}}


def take(store, path, of=INDEX, known_at="release", now=NOW, anew=False, **form):
    """An import into a private store of the test's own."""
    wanted = (of,) if isinstance(of, str) else of
    found = FileMap.model_validate(form)
    return bring(Wish(path, wanted, found, known_at, anew), VIEW, store, now)


def kept(store, series=INDEX):
    file = store / "series" / f"{series}.csv"
    return file.read_text("utf-8").splitlines()[1:] if file.exists() else []


def everything(store):
    return {
        p.relative_to(store).as_posix(): p.read_bytes() for p in store.rglob("*") if p.is_file()
    }


def problems(report):
    return [f"{p.line}: {p.message}" for p in report.problems]


# --- files of every kind


def clock(*parts):
    """A time of a spreadsheet, which knows no zone."""
    return datetime(*parts)  # noqa: DTZ001


def xlsx(rows, title="Sheet"):
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xls(rows):
    """A workbook of Excel 2: the shortest there is (records of a code, a length and their data)."""

    def record(code, data):
        return struct.pack("<HH", code, len(data)) + data

    out = record(0x09, struct.pack("<HH", 2, 0x10)) + record(0x1F, struct.pack("<H", 2))
    out += b"".join(record(0x1E, bytes([len(f)]) + f) for f in (b"General", b"yyyy-mm-dd"))
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            place = struct.pack("<HH", at, column)
            if isinstance(cell, date):
                serial = float((cell - date(1899, 12, 30)).days)
                out += record(0x03, place + bytes([0, 1, 0]) + struct.pack("<d", serial))
            elif isinstance(cell, str):
                text = bytes(3) + bytes([len(cell)]) + cell.encode()
                out += record(0x04, place + text)
            else:
                out += record(0x03, place + bytes(3) + struct.pack("<d", cell))
    return out + record(0x0A, b"")


def parquet(**columns):
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    return out.getvalue()


DAYS = [date(2025, 4, 1), date(2025, 4, 2), date(2025, 4, 3)]
VALUES = [100.25, 101.5, 99.75]
EXPECTED = ["2025-04-01,100.25,,1", "2025-04-02,101.5,,1", "2025-04-03,99.75,,1"]
PLAIN = "date,value\n2025-04-01,100.25\n2025-04-02,101.5\n2025-04-03,99.75\n"
ROWS = list(zip(DAYS, VALUES, strict=True))
NEW_YORK_MIDNIGHT = [datetime(d.year, d.month, d.day, tzinfo=ZoneInfo("America/New_York")) for d in DAYS]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", PLAIN),
        ("a.CSV", PLAIN.replace("\n", "\r\n")),
        ("bom.csv", "\ufeff" + PLAIN),
        ("newest-first.csv", "\n".join(["date,value", *reversed(PLAIN.split()[1:])])),
        ("own-name.csv", PLAIN.replace("date,value", "Date,INDEX")),
        ("fred.csv", PLAIN.replace("date,value", "observation_date,ID") + "2025-04-04,.\n2025-04-07,\n"),
        ("semicolon.csv", PLAIN.replace(",", ";")),
        ("tab.tsv", PLAIN.replace(",", "\t")),
        ("blank-lines.txt", "\n" + PLAIN.replace("\n", "\n\n")),
        ("a.xlsx", xlsx([["date", "value"], *ROWS])),
        ("text-dates.xlsx", xlsx([["date", "value"], *((f"{d}", v) for d, v in ROWS)])),
        ("blank-rows.xlsx", xlsx([[], ["Date", "Level"], *ROWS, [None, None], [None, ""]])),
        ("a.xls", xls([["date", "value"], *ROWS])),
        ("a.parquet", parquet(date=DAYS, value=VALUES)),
        ("times.parquet", parquet(date=NEW_YORK_MIDNIGHT, value=VALUES)),
        ("index.parquet", parquet(INDEX=VALUES, Date=[clock(*d.timetuple()[:3]) for d in DAYS])),
    ],
)  # fmt: skip
def test_a_plain_file(store, tmp_path, name, content):
    report = take(store, put(tmp_path, name, content))
    assert problems(report) == []
    assert kept(store) == EXPECTED
    [tally] = report.series
    assert (tally.values, tally.added, tally.revised) == (3, 3, 0)
    assert (tally.first, tally.last, tally.low, tally.high) == (DAYS[0], DAYS[-1], 99.75, 101.5)
    assert tally.empty == (2 if name == "fred.csv" else 0)


def test_the_store_reads_what_was_kept(store, tmp_path):
    take(store, put(tmp_path, "a.csv", PLAIN), note="an index of a test")
    own = Store(SNAPSHOT, private=store)
    series = own.as_of(date(2025, 4, 2)).series(INDEX)
    assert series.latest.tolist() == [100.25, 101.5], "what was known by then"
    assert [calendar.iso(s) for s in series.known.tolist()] == [
        "2025-04-01T22:00:00Z",
        "2025-04-02T22:00:00Z",
    ]
    assert own.brought[INDEX]["note"] == "an index of a test"
    assert own.brought[INDEX]["file"] == "a.csv"
    assert own.brought[INDEX]["known_by"] == "release"
    assert own.brought[INDEX]["imported"] == "2025-09-10T16:00:00Z"
    assert (own.hash, own.n, own.newest_day) == (OPEN.hash, OPEN.n, OPEN.newest_day)


# --- append-only


def test_the_same_file_again_changes_no_byte(store, tmp_path):
    path = put(tmp_path, "a.csv", PLAIN)
    take(store, path, note="a note")
    before = everything(store)
    again = take(store, path, now=NOW + 86400)
    assert everything(store) == before
    assert (again.before, again.number, again.series[0].added) == (1, 1, 0)
    assert "Nothing new" in again.words[-1]
    take(store, put(tmp_path, "a.xlsx", xlsx([["date", "value"], *ROWS])), now=NOW + 86400)
    assert everything(store) == before, "the same figures in another form"


def test_a_revision_is_a_line_of_its_own_known_with_the_last_release(store, tmp_path):
    take(store, put(tmp_path, "a.csv", PLAIN))
    longer = PLAIN.replace("101.5", "102") + "2025-04-04,98\n"
    report = take(store, put(tmp_path, "b.csv", longer), now=NOW + 86400)
    assert kept(store) == [
        "2025-04-01,100.25,,1",
        "2025-04-02,101.5,,1",
        "2025-04-02,102,2025-09-10T22:00:00Z,2",  # the release of the evening before the import
        "2025-04-03,99.75,,1",
        "2025-04-04,98,,2",
    ]
    assert (report.number, report.series[0].added, report.series[0].revised) == (2, 2, 1)
    own = Store(SNAPSHOT, private=store)
    assert own.as_of(date(2025, 9, 9)).series(INDEX).latest.tolist() == [100.25, 101.5, 99.75, 98]
    assert own.as_of(date(2025, 9, 10)).series(INDEX).latest.tolist() == [100.25, 102, 99.75, 98]


def test_an_older_file_may_come_after_a_newer_one(store, tmp_path):
    take(store, put(tmp_path, "a.csv", PLAIN))
    report = take(store, put(tmp_path, "old.csv", "date,value\n2025-03-28,101\n2025-03-31,100\n"))
    assert problems(report) == []
    assert [line.split(",")[0] for line in kept(store)] == [
        "2025-03-28", "2025-03-31", "2025-04-01", "2025-04-02", "2025-04-03",
    ]  # fmt: skip


def test_anew_begins_again_and_sets_aside_what_was_there(store, tmp_path):
    take(store, put(tmp_path, "wrong.csv", PLAIN), note="the wrong file")
    before = (store / "series" / f"{INDEX}.csv").read_bytes()
    right = "date,value\n2025-04-01,5000\n2025-04-02,5100\n"
    report = take(store, put(tmp_path, "right.csv", right), anew=True)
    assert problems(report) == []
    assert kept(store) == ["2025-04-01,5000,,2", "2025-04-02,5100,,2"]
    assert (store / "replaced" / f"{INDEX}.1.csv").read_bytes() == before
    assert Store(SNAPSHOT, private=store).brought[INDEX]["note"] == ""


def test_a_damaged_file_is_left_out_and_the_next_import_puts_it_back(store, tmp_path):
    path = put(tmp_path, "a.csv", PLAIN)
    take(store, path)
    file = store / "series" / f"{INDEX}.csv"
    good = file.read_bytes()
    file.write_bytes(good.replace(b"101.5", b"201.5"))
    own = Store(SNAPSHOT, private=store)
    assert len(own.as_of(date(2025, 9, 10)).series(INDEX)) == 0
    assert INDEX in own.damaged
    report = take(store, path)
    assert file.read_bytes() == good
    assert [line.partition(":")[0] for line in report.mended] == [f"series/{INDEX}.csv"]
    assert Store(SNAPSHOT, private=store).verify() == {}


def test_two_imports_at_once(store, tmp_path, monkeypatch):
    path = put(tmp_path, "a.csv", PLAIN)
    take(store, path)
    monkeypatch.setattr(private, "PATIENCE", 0.05)
    with private._locked(store), pytest.raises(private.PrivateFault, match="another import"):
        take(store, path)


# --- maps


def test_an_export_of_a_terminal(store, tmp_path):
    """Lines above the header, text dates of another country, its word for no value, a wider row above."""
    rows = [
        ["Security", "MADE UP Index", None, None, "a stray note"],
        ["Start Date", clock(2025, 4, 1)],
        [],
        ["Date", "PX_LAST", "PX_VOLUME"],
        ["01/04/2025", 2.5, 7],
        ["02/04/2025", "#N/A N/A", None],
        ["03/04/2025", 2.75, 9],
        ["05/04/2025", 2.8, 9],
    ]
    path = put(tmp_path, "export.xlsx", xlsx(rows, "Worksheet"))
    form = {
        "sheet": "Worksheet", "skip": 3, "date": "Date", "value": "PX_LAST", "format": "%d/%m/%Y",
        "missing": ("#N/A N/A",), "weekends": "skip",
    }  # fmt: skip
    report = take(store, path, BUND, **form)
    assert problems(report) == []
    assert kept(store, BUND) == ["2025-04-01,2.5,,1", "2025-04-03,2.75,,1"]
    assert (report.series[0].empty, report.series[0].weekends) == (1, 1)
    refused = take(store, path, BUND, **{**form, "weekends": "refuse"})
    assert problems(refused) == [f"8: {BUND}: 2025-04-05 is a Saturday; a map can leave such days out (`weekends: skip`)"]  # fmt: skip
    unknown = take(store, path, BUND, **{**form, "missing": ()})
    assert len(unknown.problems) == 1
    assert unknown.problems[0].line == 6
    assert "`#N/A N/A` is not a number" in unknown.problems[0].message


@pytest.mark.parametrize(
    ("form", "texts"),
    [
        ({"decimal": "comma"}, ("1234,5", "-0,25", "7")),
        ({"decimal": "comma", "thousands": "point"}, ("1.234,5", "-0,25", "7")),
        ({"decimal": "comma", "thousands": "space"}, ("1 234,5", "-0,25", "7")),
        ({"thousands": "comma"}, ('"1,234.5"', "-0.25", "7")),
        ({"thousands": "apostrophe"}, ("1'234.5", "-0.25", "7.0")),
    ],
)
def test_numbers_of_other_countries(store, tmp_path, form, texts):
    sign = "," if '"' in texts[0] else ";"
    rows = [f"2025-04-0{i}{sign}{text}" for i, text in enumerate(texts, 1)]
    path = put(tmp_path, "a.csv", "\n".join([f"date{sign}value", *rows]))
    report = take(store, path, SPREAD, **form)
    assert problems(report) == []
    assert [line.split(",")[1] for line in kept(store, SPREAD)] == ["1234.5", "-0.25", "7"]


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ({}, "1234,5"),
        ({}, "1,234.5"),
        ({}, "1 234"),
        ({}, "1234.5 %"),
        ({}, "n/a"),
        ({}, "−5"),
        ({}, "\uff11\uff12"),
        ({"decimal": "comma"}, "1234.5"),
        ({"decimal": "comma", "thousands": "point"}, "12.34,5"),
        ({"decimal": "comma", "thousands": "point"}, "1.2345"),
        ({"thousands": "comma"}, "12,34"),
        ({"thousands": "comma"}, "1,234,5"),
    ],
)
def test_a_number_is_read_in_one_way_only(store, tmp_path, form, text):
    path = put(tmp_path, "a.csv", f"date;value\n2025-04-01;1\n2025-04-02;{text}\n")
    report = take(store, path, SPREAD, **form)
    assert [p.line for p in report.problems] == [3]
    assert "is not a number such as" in report.problems[0].message
    assert kept(store, SPREAD) == []


@pytest.mark.parametrize(
    ("series", "unit", "given", "value"),
    [
        (BUND, "bp", "266.5", "2.665"),
        (BUND, "fraction", "0.02665", "2.665"),
        (SPREAD, "percent", "-0.446", "-44.6"),
        ("flows.foreign_us_equity_funds", "USD m", "-1250", "-1.25"),
        ("flows.foreign_us_equity_funds", "USD", "3000000", "0.003"),
        ("market.msci_world_us_share", "fraction", "0.7123", "71.23"),
    ],
)
def test_units_are_moved_exactly(store, tmp_path, series, unit, given, value):
    path = put(tmp_path, "a.csv", f"date,value\n2025-04-30,{given}\n")
    assert problems(take(store, path, series, unit=unit)) == []
    assert kept(store, series)[0].split(",")[1] == value


def test_units_that_measure_something_else():
    assert shift("percent", "USD bn") is None
    assert shift("index points", "USD") is None
    assert shift("percent", "percent") == 0


def test_a_rate_less_a_yield(store, tmp_path):
    """In percent less percent, in bp; known when both are; days without the other are left out and counted."""
    yields = {
        day: (value, known)
        for day, value, known in zip(
            VIEW.series("ust.yield.10y").periods.tolist(),
            VIEW.series("ust.yield.10y").latest.tolist(),
            VIEW.series("ust.yield.10y").known.tolist(),
            strict=True,
        )
    }
    rows = "date,swap\n2025-04-17,3.90\n2025-04-18,3.91\n2025-04-21,4.0000001\n"
    assert date(2025, 4, 18) not in yields, "Good Friday"
    path = put(tmp_path, "a.csv", rows)
    report = take(store, path, SPREAD, value="swap", unit="percent", less="ust.yield.10y")
    assert problems(report) == []
    assert report.series[0].unmatched == 1
    got = [line.split(",") for line in kept(store, SPREAD)]
    assert [line[0] for line in got] == ["2025-04-17", "2025-04-21"]
    for (period, value, known, _), rate in zip(got, (3.9, 4.0000001), strict=True):
        other, since = yields[date.fromisoformat(period)]
        assert float(value) == pytest.approx(100 * (rate - other), abs=1e-9)
        assert calendar.seconds(known) == since, "the yield's own release, a business day later"
    before = everything(store)
    take(store, path, SPREAD, value="swap", unit="percent", less="ust.yield.10y", now=NOW + 86400)
    assert everything(store) == before


def test_a_rate_without_a_yield_to_subtract(store, tmp_path):
    path = put(tmp_path, "a.csv", "date,value\n2025-04-18,3.91\n")
    report = take(store, path, SPREAD, unit="percent", less="ust.yield.10y")
    assert problems(report) == [
        f"0: {SPREAD}: the file has no value of it on a day with one of ust.yield.10y"
    ]
    bare = Store(put(tmp_path, "empty/manifest.json", json.dumps(EMPTY)).parent).as_of(VIEW.day)
    form = FileMap.model_validate({"unit": "percent", "less": "ust.yield.10y"})
    again = bring(Wish(path, (SPREAD,), form), bare, store, NOW)
    assert problems(again) == problems(report)
    assert not store.exists()


def test_several_series_all_or_nothing_for_each(store, tmp_path):
    rows = "date,ten,thirty\n2025-04-01,-40.5,-80\n2025-04-02,-41,eighty\n"
    both = (SPREAD, "swap.spread.30y")
    form = {
        "series": {SPREAD: {"value": "ten"}, "swap.spread.30y": {"value": "thirty", "note": "n"}}
    }
    report = take(store, put(tmp_path, "a.csv", rows), both, **form)
    assert [(p.line, p.message.split(":")[0]) for p in report.problems] == [(3, "swap.spread.30y")]
    assert kept(store, SPREAD) == ["2025-04-01,-40.5,,1", "2025-04-02,-41,,1"]
    assert kept(store, "swap.spread.30y") == []
    assert [tally.series for tally in report.series] == [SPREAD]
    mended = take(store, put(tmp_path, "a.csv", rows.replace("eighty", "-80")), both, **form)
    assert (mended.number, [t.added for t in mended.series]) == (2, [0, 2])


def test_a_month_by_its_last_trading_day(store, tmp_path):
    share = "market.msci_world_us_share"
    path = put(tmp_path, "a.csv", "date,value\n2025-05-30,71.5\n2025-06-30,71.25\n")
    assert problems(take(store, path, share)) == []
    assert kept(store, share) == ["2025-05,71.5,,1", "2025-06,71.25,,1"]
    months = put(tmp_path, "m.csv", "date,value\n2025-05,71.5\n2025-06,71.25\n")
    before = everything(store)
    assert problems(take(store, months, share, format="%Y-%m")) == []
    assert everything(store) == before
    middle = put(tmp_path, "a.csv", "date,value\n2025-07-15,71.5\n")
    assert "does not end a period" in problems(take(store, middle, share))[0]


# --- when a value was known


@pytest.mark.parametrize(
    ("rule", "known"),
    [
        ("release", ""),
        ("same-day 16:30", "2025-04-17T20:30:00Z"),
        ("next-day 08:00", "2025-04-21T12:00:00Z"),  # over Good Friday and the weekend
    ],
)
def test_a_rule_says_when(store, tmp_path, rule, known):
    take(store, put(tmp_path, "a.csv", "date,value\n2025-04-17,100\n"), known_at=rule)
    assert kept(store) == [f"2025-04-17,100,{known},1"]


@pytest.mark.parametrize(
    "rule", ["same-day", "same-day 24:00", "next-day 8:00", "column:", "later", ""]
)
def test_no_rule(rule):
    with pytest.raises(ValueError, match="is no rule"):
        rule_of(rule, CATALOGUE.releases["licensed_daily"])


@pytest.mark.parametrize(
    ("cell", "known"),
    [
        ("2025-04-02 16:30", "2025-04-02T20:30:00Z"),
        ("2025-01-15T16:30:15", None),  # before the period was over
        ("2025-04-02T21:00:00Z", "2025-04-02T21:00:00Z"),
        ("2025-04-03", "2025-04-04T03:59:59Z"),  # the end of that day
        ("2025-09-10 11:59", "2025-09-10T15:59:00Z"),
        ("2025-09-10", "2025-09-10T16:00:00Z"),  # today: with the import
        ("2025-09-10 12:01", None),  # not yet
        ("2025-09-11", None),
        ("2025-04-01 23:00", None),
        ("soon", None),
        ("", None),
    ],
)
def test_a_column_says_when(store, tmp_path, cell, known):
    path = put(tmp_path, "a.csv", f"date,value,known\n2025-04-02,100,{cell}\n")
    report = take(store, path, known_at="column:known")
    if known is None:
        assert [p.line for p in report.problems] == [2]
        assert kept(store) == []
    else:
        assert problems(report) == []
        assert kept(store) == [f"2025-04-02,100,{known},1"]


@pytest.mark.parametrize(
    ("cell", "known"),
    [
        (clock(2025, 4, 2, 16, 30), "2025-04-02T20:30:00Z"),
        (clock(2025, 4, 2), "2025-04-03T03:59:59Z"),
        (date(2025, 4, 2), "2025-04-03T03:59:59Z"),
    ],
)
def test_a_column_of_a_spreadsheet_says_when(store, tmp_path, cell, known):
    rows = [["date", "value", "known"], [date(2025, 4, 2), 100, cell]]
    assert problems(take(store, put(tmp_path, "a.xlsx", xlsx(rows)), known_at="column:known")) == []
    assert kept(store) == [f"2025-04-02,100,{known},1"]


def test_a_column_of_times_gives_prints_and_revisions(store, tmp_path):
    rows = "date,value,known\n2025-04-02,100,2025-04-02 18:00\n2025-04-02,99,2025-05-02 18:00\n"
    path = put(tmp_path, "a.csv", rows)
    assert problems(take(store, path, known_at="column:known")) == []
    assert kept(store) == ["2025-04-02,100,2025-04-02T22:00:00Z,1", "2025-04-02,99,2025-05-02T22:00:00Z,1"]  # fmt: skip
    before = everything(store)
    take(store, path, known_at="column:known", now=NOW + 86400)
    assert everything(store) == before


def test_no_rule_makes_a_value_known_before_it_could_be(store, tmp_path):
    """Imported before the rule's hour: known with the import."""
    morning = calendar.seconds("2025-04-02T14:00:00Z")
    path = put(tmp_path, "a.csv", "date,value\n2025-04-01,100\n2025-04-02,101\n")
    take(store, path, known_at="same-day 16:30", now=morning)
    assert kept(store) == ["2025-04-01,100,2025-04-01T20:30:00Z,1", "2025-04-02,101,2025-04-02T14:00:00Z,1"]  # fmt: skip
    take(store / "b", path, now=morning)
    assert kept(store / "b") == ["2025-04-01,100,,1", "2025-04-02,101,2025-04-02T14:00:00Z,1"]


# --- bad files


@pytest.mark.parametrize(
    ("name", "content", "line", "message"),
    [
        ("a.csv", "", 0, "the file is empty"),
        ("a.csv", " \n\n", 0, "the file is empty"),
        ("a.csv", "<!DOCTYPE html><html>", 1, "this is a web page"),
        ("a.csv", PLAIN.encode("utf-16"), 1, "the file is not UTF-8 text"),
        # a workbook's own bytes hold the time at which it was written, and sometimes that is an end of line
        ("a.csv", b"PK\x03\x04\x14\x00\x08\xff a workbook", 1, "the file is not UTF-8 text"),
        ("a.csv", "date,value\n", 0, "the file has no value of it"),
        ("a.csv", "date,value\n2025-04-01,\n", 0, "the file has no value of it"),
        ("a.csv", "day,value\n2025-04-01,1\n", 1, "has no column `date`"),
        ("a.csv", "date,open,close\n2025-04-01,1,2\n", 1, "does not say which column is the value"),
        ("a.csv", "date,value,value\n2025-04-01,1,2\n", 1, "more than one column `value`"),
        ("a.csv", "date,date\n2025-04-01,1\n", 1, "more than one column `date`"),
        ("a.csv", "2025-04-01,1\n2025-04-02,2\n", 1, "no column `date`"),
        ("a.csv", PLAIN + "2025-04-04\n", 5, "2 fields expected, 1 found"),
        ("a.csv", PLAIN + "2025-04-04,1,5\n", 5, "2 fields expected, 3 found"),
        ("a.csv", PLAIN + "Source: somebody,\n", 5, "is not a date such as"),
        ("a.csv", PLAIN + ",101\n", 5, "a value without a date"),
        ("a.csv", PLAIN + "04/04/2025,101\n", 5, "is not a date such as 2025-06-18"),
        ("a.csv", PLAIN + "2025-02-30,101\n", 5, "is not a date such as"),
        ("a.csv", PLAIN + "2025-04-04 16:00:00,101\n", 5, "is not a date such as"),
        ("a.csv", PLAIN + "1890-04-04,101\n", 5, "lies outside"),
        ("a.csv", PLAIN + "2025-09-11,101\n", 5, "2025-09-11 has not been yet"),
        (
            "a.csv",
            PLAIN + "2025-04-01,100.25\n",
            5,
            "2025-04-01 stands here again (first in line 2)",
        ),
        ("a.csv", PLAIN + "2025-04-05,101\n", 5, "2025-04-05 is a Saturday"),
        ("a.csv", PLAIN + "2025-04-04,nan\n", 5, "`nan` is not a number"),
        ("a.csv", PLAIN + "2025-04-04,0\n", 0, "2025-04-04: 0 index points cannot be"),
        ("a.csv", PLAIN + "2025-04-04,-99\n", 0, "2025-04-04: -99 index points cannot be"),
        ("a.csv", PLAIN + "2025-04-04,998\n", 0, "a slipped decimal point"),
        ("a.csv", PLAIN + "2025-04-04,9.98\n", 0, "a slipped decimal point"),
        ("a.csv", PLAIN + '2025-04-04,"1', 5, "not readable as a table"),
        ("a.xlsx", b"PK\x03\x04 not a workbook", 0, "it cannot be read as an Excel file"),
        (
            "a.xlsx",
            xlsx([["date", "value"], *ROWS])[:-400],
            0,
            "it cannot be read as an Excel file",
        ),
        ("a.xlsx", PLAIN, 0, "it cannot be read as an Excel file"),
        (
            "a.xlsx",
            xlsx([["date", "value"], [clock(2025, 4, 1, 9, 30), 1]]),
            2,
            "has a time of day",
        ),
        ("a.xlsx", xlsx([["date", "value"], [45748, 1]]), 2, "`45748` is not a date"),
        ("a.xlsx", xlsx([["date", "value"], [DAYS[0], True]]), 2, "`True` is not a number"),
        ("a.xlsx", xlsx([["date", "value"], [DAYS[0], DAYS[0]]]), 2, "is not a number"),
        ("a.xlsx", xlsx([["date", "value"], [DAYS[0], "#N/A"]]), 2, "`#N/A` is not a number"),
        ("a.xlsx", xlsx([["date", "value"], [DAYS[0], "=1+1"]]), 0, "the file has no value of it"),
        ("a.xlsx", xlsx([]), 0, "the file is empty"),
        ("a.xlsx", xlsx([["date", "value"], [DAYS[0], 1, 2]]), 2, "2 fields expected, 3 found"),
        ("a.xls", b"\xd0\xcf\x11\xe0 cut off", 0, "it cannot be read as an old Excel file"),
        ("a.parquet", b"PAR1 cut off", 0, "it cannot be read as a Parquet file"),
        ("a.parquet", parquet(date=DAYS[:1], value=[float("inf")]), 1, "`inf` is not a number"),
        ("a.parquet", parquet(date=DAYS[:1], value=[[1.0]]), 1, "is not a number"),
        ("a.pdf", "x", 0, "`.pdf` is no ending that is read"),
    ],
)
def test_a_bad_file_is_named_and_nothing_is_taken(store, tmp_path, name, content, line, message):
    report = take(store, put(tmp_path, name, content))
    assert [(p.source, p.line) for p in report.problems] == [(name, line)], problems(report)
    assert message in report.problems[0].message
    assert (kept(store), report.series, report.number) == ([], (), 0)


def test_every_bad_row_is_told(store, tmp_path):
    rows = PLAIN + "2025-04-04,x\n2025-04-07,102\n2025-04-32,1\n"
    assert [p.line for p in take(store, put(tmp_path, "a.csv", rows)).problems] == [5, 7]


def test_a_gap_in_a_parquet_file_is_a_day_without_a_value(store, tmp_path):
    data = parquet(date=DAYS, value=[100.25, float("nan"), None])
    report = take(store, put(tmp_path, "a.parquet", data))
    assert (problems(report), report.series[0].empty) == ([], 2)


@pytest.mark.parametrize(
    ("series", "step", "ok"),
    [
        (INDEX, 1, True),
        (INDEX, 7, False),
        (INDEX, 30, False),
        ("flows.foreign_us_equity_funds", 7, True),
        ("flows.foreign_us_equity_funds", 1, False),
        ("flows.foreign_us_equity_funds", 28, False),
    ],
)
def test_dates_have_to_lie_as_those_of_the_series(store, tmp_path, series, step, ok):
    every = [date(2024, 1, 2) + timedelta(days=step * i) for i in range(14)]
    days = [d for d in every if d.weekday() < 5]
    path = put(tmp_path, "a.csv", "\n".join(["date,value", *(f"{d},100" for d in days)]))
    found = take(store, path, series).problems
    assert bool(found) != ok
    assert all("the series is" in p.message for p in found)


@pytest.mark.parametrize(
    ("series", "held", "found", "message"),
    [
        (INDEX, [100, 101, 99, 100, 102], ["1", "1.01", "0.99", "1", "1.02"], "other units?"),
        (SPREAD, [-40, -41, -42, -40, -43], ["-0.4", "-0.41", "-0.42", "-0.4", "-0.43"], "other units?"),
        ("market.nvda", [120, 121, 122], ["120", "121", "122", "12.2"], "a split that is not adjusted for"),
    ],
)  # fmt: skip
def test_what_cannot_be_true_of_what_is_held(store, tmp_path, series, held, found, message):
    days = [date(2025, 3, 3) + timedelta(days=i) for i in range(5)]
    for name, values in (("held.csv", held), ("found.csv", found)):
        text = "\n".join(["date,value", *(f"{d},{v}" for d, v in zip(days, values, strict=False))])
        report = take(store, put(tmp_path, name, text), series)
    assert len(report.problems) == 1
    assert message in report.problems[0].message
    assert len(kept(store, series)) == len(held)


def test_a_share_lies_between_0_and_100(store, tmp_path):
    path = put(tmp_path, "a.csv", "date,value\n2025-04-30,7123\n")
    assert "cannot be" in problems(take(store, path, "market.msci_world_us_share"))[0]


# --- bad maps


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("format: %d/%m/%Y\n", ["1:9: syntax: a text may not begin with `%`"]),
        ("date: A\ndate: B\n", ["2:1: duplicate-key"]),
        ("a: &x 1\n", ["1:4: alias"]),
        ("note: !!python/name:os.system x\n", ["1:7: tag"]),
        ("- date\n", ["1:1: not-a-mapping"]),
        ("", ["1:1: empty"]),
        ("vlaue: A\n", ["1:1: unknown-key: there is no key `vlaue` (did you mean `value`?)"]),
        ("series:\n  swap.spread.10y: {valu: a}\n", ["2:21: unknown-key: there is no key `valu` (did you mean `value`?)"]),
        ("series:\n  swap.spread.10: {value: a}\n", ["2:3: not-to-bring"]),
        ("series:\n  ust.yield.10y: {value: a}\n", ["2:3: not-to-bring: `ust.yield.10y` is open data"]),
        ("value: 10\n", ["1:8: wrong-type: `value` has to be a text; put quotes around `10`"]),
        ("skip: two\n", ["1:7: wrong-type"]),
        ("skip: -1\n", ["1:7: wrong-size"]),
        ("decimal: kommas\n", ["1:10: wrong-word: `decimal` has to be point or comma"]),
        ("thousands: comma\ndecimal: comma\n", ["1:12: wrong-value"]),
        ("unit: percnt\n", ["1:7: wrong-word"]),
        ("unit: USD bn\n", ["1:7: wrong-unit: swap.spread.10y is in bp"]),
        ("format: '%d'\n", ["1:9: wrong-form"]),
        ("format: '%m/%Y'\n", ["1:9: wrong-form"]),
        ("less: ust.yield.10\nunit: percent\n", ["1:7: unknown-series: there is no series `ust.yield.10` (did you mean `ust.yield.10y`?)"]),
        ("less: ust.yield.10y\n", ["1:7: missing-key: `less` needs the `unit`"]),
        ("less: market.bund_10y\nunit: percent\n", ["1:7: wrong-value"]),
        ("less: tic.net.banks\nunit: percent\n", ["1:7: wrong-value"]),
        ("less: fed.h10.usd_per_eur\nunit: percent\n", ["1:7: wrong-unit"]),
        ("series: {swap.spread.10y: {unit: USD}}\n", ["1:34: wrong-unit"]),
        ("missing: n/a\n", ["1:10: wrong-type"]),
        ("note: ''\n", ["1:7: wrong-size"]),
    ],
)  # fmt: skip
def test_a_bad_map_is_told_with_its_place(tmp_path, text, wanted):
    reading = read_map(put(tmp_path, "m.yaml", text), "m.yaml")
    if reading.parsed is not None:
        reading = reading.also(findings(reading.parsed, CATALOGUE, [SPREAD]))
    assert reading.value is None
    found = [problem.text().removeprefix("m.yaml:") for problem in reading.problems]
    assert len(found) == len(wanted), found
    for one, begins in zip(found, wanted, strict=True):
        assert one.startswith(begins), one


# --- which folder


def test_which_store_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(private_folder, "home", lambda: tmp_path / "home")
    assert private_folder.folder({}) is None, "nobody has made one"
    (tmp_path / "home").mkdir()
    named = {"FLOWCHECK_PRIVATE": str(tmp_path / "named")}
    assert private_folder.folder({}) == tmp_path / "home"
    assert private_folder.folder({"FLOWCHECK_PRIVATE": " "}) == tmp_path / "home"
    assert private_folder.folder({"FLOWCHECK_PRIVATE": "off"}) is None
    assert private_folder.folder(named) == tmp_path / "named"
    assert private_folder.folder({"FLOWCHECK_HOSTED": "1"}) is None
    assert private_folder.folder({"FLOWCHECK_HOSTED": "1", **named}) == tmp_path / "named"


def test_the_tests_read_none():
    assert private_folder.folder(os.environ) is None
    assert open_desk().store.private is None


def test_where_an_import_may_write(tmp_path, monkeypatch):
    monkeypatch.setattr(private_folder, "home", lambda: tmp_path / "home")
    assert private_folder.place({}) == tmp_path / "home"
    assert private_folder.place({"FLOWCHECK_PRIVATE": "off"}, tmp_path / "x") == tmp_path / "x"
    (tmp_path / "tree" / ".git").mkdir(parents=True)
    (tmp_path / "link").symlink_to(ROOT)
    put(tmp_path, "file", "x")
    for environ, given in [
        ({"FLOWCHECK_PRIVATE": "off"}, None),
        ({"FLOWCHECK_HOSTED": "1"}, None),
        ({}, ROOT),
        ({}, ROOT / "licensed"),
        ({}, tmp_path / "link" / "deeper"),
        ({"FLOWCHECK_PRIVATE": str(ROOT / "evidence" / "snapshot")}, None),
        ({}, tmp_path / "tree" / "a" / "b"),
        ({}, tmp_path / "file"),
    ]:
        with pytest.raises(private.PrivateFault):
            private_folder.place(environ, given)


def test_a_folder_with_open_data_is_no_private_store(tmp_path):
    manifest = {
        "snapshot": 1,
        "newest_release": "2025-01-01",
        "series": {"ust.yield.10y": {"sha256": "x"}},
    }
    store = put(tmp_path, "store/manifest.json", json.dumps(manifest)).parent
    (store / "series").mkdir()
    with pytest.raises(private.PrivateFault, match="no private store"):
        take(store, put(tmp_path, "a.csv", PLAIN))


# --- the command


def run(*arguments, store=None, **environ):
    given = {"FLOWCHECK_PRIVATE": str(store)} if store else {}
    runner = CliRunner(env={**given, **environ})
    return runner.invoke(app, [str(a) for a in arguments], prog_name="python -m evidence")


def test_the_command_prints_what_came(store, tmp_path):
    done = run("import", INDEX, put(tmp_path, "a.csv", PLAIN), store=store)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        f"{INDEX}: 3 values from 2025-04-01 to 2025-04-03, between 99.75 and 101.5 index points",
        "  3 new lines, 0 of them revisions",
        f"The private store {store} has number 1 now.",
    ]
    shown = run("series", INDEX, store=store)
    assert (
        shown.stdout
        == f"{INDEX}  2025-04-03 99.75 index points  stale  latest_only  brought by you\n"
    )


def test_its_document_fits_the_contract(store, tmp_path):
    check = jsonschema.Draft202012Validator(schemas()["import"])
    bad = put(tmp_path, "m.yaml", "vlaue: x\n")
    for path, more, status in (
        (put(tmp_path, "a.csv", PLAIN), (), 0),
        (put(tmp_path, "b.csv", PLAIN + "2025-04-04,x\n" * 30), (), 1),
        (put(tmp_path, "c.csv", PLAIN), ("--map", bad), 1),
    ):
        done = run("import", INDEX, path, "--json", *more, store=store)
        assert done.exit_code == status
        document = json.loads(done.stdout)
        assert list(check.iter_errors(document)) == []
        assert document["number"] == 1
        assert len(document["problems"]) == {"a.csv": 0, "b.csv": 30, "c.csv": 1}[path.name]
        assert bool(done.stderr) == bool(status)
    assert "m.yaml:1:1: unknown-key" in done.stderr
    assert "did you mean `value`?" in done.stderr


def test_with_another_folder_it_says_how_to_read_it(store, tmp_path):
    done = run("import", INDEX, put(tmp_path, "a.csv", PLAIN), "--private", store)
    assert done.exit_code == 0
    assert done.stderr == f"To use these data set FLOWCHECK_PRIVATE={store}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("market.sp50", "a.csv"), "did you mean `market.sp500`?"),
        (("ust.yield.10y", "a.csv"), "is open"),
        (("tic.net.banks", "a.csv"), "is open"),
        ((INDEX, "b.csv"), "there is no file"),
        ((INDEX, "."), "there is no file"),
        ((INDEX, "a.csv", "--known-at", "soon"), "--known-at: `soon` is no rule"),
        ((INDEX, "a.csv", "--private", str(ROOT / "own")), "lies in the repository"),
        (("all", "a.csv"), "--map"),
        (("all", "a.csv", "--map", "plain.yaml"), "names no `series`"),
        ((INDEX, "a.csv", "--map", "swaps.yaml"), "has no series `market.sp500`"),
        ((), "Missing argument"),
    ],
)
def test_wrong_use_is_one_sentence(tmp_path, monkeypatch, store, arguments, message):
    monkeypatch.chdir(tmp_path)
    put(tmp_path, "a.csv", PLAIN)
    put(tmp_path, "plain.yaml", "date: date\n")
    put(tmp_path, "swaps.yaml", "series: {swap.spread.10y: {value: value}}\n")
    done = run("import", *arguments, store=store)
    assert done.exit_code == 2
    assert message in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert not store.exists()
    assert not (ROOT / "own").exists()


def test_off_and_hosted_refuse_an_import(tmp_path):
    path = put(tmp_path, "a.csv", PLAIN)
    assert run("import", INDEX, path).exit_code == 2, "the tests’ own setting is off"
    hosted = run("import", INDEX, path, FLOWCHECK_PRIVATE="", FLOWCHECK_HOSTED="1")
    assert (hosted.exit_code, "hosted copy" in hosted.stderr) == (2, True)


# --- the page's own examples


def made_up(folder):
    """The files that the page speaks of, with figures of nobody's."""
    put(folder, "index.csv", PLAIN)
    put(folder, "etf.xlsx", xlsx([["Day", "Adj Close", "Volume"], *((d, v, 7) for d, v in ROWS)]))
    put(folder, "swaps.csv", "date,sofr_10y,sofr_30y\n2025-04-01,3.75,3.5\n2025-04-02,3.7,3.45\n")
    head = [["A terminal"], ["MADE UP"], [], [None]]
    rows = [
        ["Date", "PX_LAST"],
        ["01/04/2025", "2,5"],
        ["02/04/2025", "#N/A N/A"],
        ["05/04/2025", "2,6"],
    ]
    put(folder, "bund.xlsx", xlsx([*head, *rows], "Worksheet"))


def test_the_commands_of_the_page_run(tmp_path, monkeypatch):
    page = (ROOT / "docs" / "own-data.md").read_text("utf-8")
    monkeypatch.chdir(tmp_path)
    made_up(tmp_path)
    maps = dict(re.findall(r"`(\w+\.yaml)`\n\n```yaml\n(.*?)```", page, re.DOTALL))
    assert set(maps) == {"etf.yaml", "swaps.yaml", "bund.yaml"}
    for name, text in maps.items():
        put(tmp_path, name, text)
    commands = re.findall(r"^\.venv/bin/python -m evidence (.*)$", page, re.MULTILINE)
    assert len(commands) == 4
    for line in commands:
        done = run(*shlex.split(line), store=tmp_path / "store")
        assert done.exit_code == 0, done.stderr
    own, etf = (
        Store(SNAPSHOT, private=tmp_path / "store"),
        Store(SNAPSHOT, private=tmp_path / "etf-store"),
    )
    assert set(own.brought) == {INDEX, BUND, SPREAD, "swap.spread.30y"}
    assert kept(tmp_path / "etf-store")[0] == "2025-04-01,100.25,2025-04-01T20:30:00Z,1"
    assert "ETF" in etf.brought[INDEX]["note"]
    assert [line[:14] for line in kept(tmp_path / "store", BUND)] == ["2025-04-01,2.5"]
    for key in FileMap.model_fields:
        assert f"`{key}`" in page


# --- verdicts


MARKET = "everything-fell-together"
SWAPS = "swap-spread-unwind"


def trading_days():
    first, last = np.datetime64("2019-01-02"), np.datetime64("2025-06-02")
    every = np.arange(first, last)
    rest = calendar.holiday_days("bond_market")
    return [d.astype(object) for d in every[np.is_busday(every, holidays=rest)]]


def made_up_series(kind, falls):
    """A random walk of our own that falls (or does not) in the days after 2 April 2025."""
    days = trading_days()
    steps = np.random.default_rng(7).normal(0, 1, len(days))
    after = np.array([date(2025, 4, 2) < d <= date(2025, 4, 11) for d in days])
    steps[after] = -3.0 if falls else 0.5
    walk = np.cumsum(steps)
    values = 1000 * np.exp(0.008 * walk) if kind == "index" else walk - 30
    return "\n".join(["date,value", *(f"{d},{v:.4f}" for d, v in zip(days, values, strict=True))])


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A private store with an index and two spreads that fall."""
    folder = tmp_path_factory.mktemp("own")
    for series, kind in ((INDEX, "index"), (SPREAD, "spread"), ("swap.spread.30y", "spread")):
        path = put(folder, f"{series}.csv", made_up_series(kind, falls=True))
        report = take(folder / "store", path, series, note="made up")
        assert problems(report) == []
    return folder / "store"


@pytest.fixture(scope="module")
def engines(filled):
    """The engine on open data alone, and with the private store."""
    library = read_library(ROOT / "narratives", CATALOGUE)
    anchors = {event.id: event.date for event in library.events.values()}
    stores = (Store(SNAPSHOT), Store(SNAPSHOT, private=filled))
    return tuple(Engine(store, library.narratives, anchors) for store in stores)


DAY = date(2025, 5, 30)
READS = {
    MARKET: {"sp500-falls": INDEX},
    SWAPS: {"ten-year-spread-falls": SPREAD, "thirty-year-spread-falls": "swap.spread.30y"},
}


@pytest.mark.parametrize("story", READS)
def test_a_story_becomes_evaluable_on_direct_data(engines, story):
    without, having = (engine.score(story, DAY).verdict for engine in engines)
    assert not without.private_data
    assert without.brought == ()
    assert having.private_data
    assert [(b.series, b.note) for b in having.brought] == [
        (series, "made up") for series in READS[story].values()
    ]
    assert having.identity != without.identity
    for test, series in READS[story].items():
        waited, speaks = without.test(test), having.test(test)
        assert waited.outcome == "not_evaluable"
        assert f"python -m evidence import {series} FILE" in waited.reason
        assert speaks.outcome == "consistent"
        assert speaks.data.grade == "direct"
        assert speaks.placebo.effective > 19
        values = dict(line.split(",") for line in made_up_series("index" if series == INDEX else "spread", falls=True).splitlines()[1:])  # fmt: skip
        first, last = (
            float(values[d.isoformat()]) for d in (speaks.window.first, speaks.window.last)
        )
        change = 100 * (last / first - 1) if series == INDEX else last - first
        assert speaks.statistic.value == pytest.approx(change, abs=1e-6)
    same = {t.id: t for t in having.tests if t.id not in READS[story]}
    assert same == {t.id: t for t in without.tests if t.id not in READS[story]}


def test_direct_data_decide_the_swap_story(engines, tmp_path):
    without, having = (engine.score(SWAPS, DAY).verdict for engine in engines)
    assert (without.direction, without.confidence) == ("insufficient_data", "very_low")
    assert having.direction == "supported"
    for series in (SPREAD, "swap.spread.30y"):
        path = put(tmp_path, "quiet.csv", made_up_series("spread", falls=False))
        assert problems(take(tmp_path / "store", path, series)) == []
    quiet = Engine(
        Store(SNAPSHOT, private=tmp_path / "store"), engines[0].narratives, engines[0].anchors
    )
    assert quiet.score(SWAPS, DAY).verdict.direction == "contradicted"


def test_a_verdict_is_private_from_the_day_on_which_anything_could_be_seen(engines):
    open_data, private_data = engines
    before, first = date(2018, 12, 31), date(2019, 1, 2)
    assert private_data.score(SWAPS, before).verdict == open_data.score(SWAPS, before).verdict
    assert private_data.score(SWAPS, first).verdict.private_data, "though no test has an answer yet"
    waited = private_data.score(MARKET, date(2018, 6, 1)).verdict.test("sp500-falls")
    assert waited == open_data.score(MARKET, date(2018, 6, 1)).verdict.test("sp500-falls")


def test_other_verdicts_stay_as_they_are_to_the_byte(engines):
    stories = [s for s in engines[0].narratives if s not in READS]
    licensed = {n for n in CATALOGUE.ids if CATALOGUE.series[n].licence == "licensed"}
    told = 0
    for story in stories[:6]:
        reads = {s for t in engines[0].narratives[story].tests for s in t.reads}
        if not reads & licensed:
            one, other = (json.dumps(dump(e.score(story, DAY).verdict)) for e in engines)
            assert one == other
            told += 1
    assert told >= 4


def test_private_also_where_only_another_way_of_asking_reads_it(engines):
    engine = engines[1]
    story = next(n for n in engine.narratives.values() if n.id == "dollar-fell-before")
    view = engine.view(DAY)
    assert brought(story, view) == []
    first, *rest = story.tests
    varied = first.model_copy(update={"vary": first.vary.model_copy(update={"series": (INDEX,)})})
    other = story.model_copy(update={"tests": (varied, *rest)})
    assert [b.series for b in brought(other, view)] == [INDEX]


def test_private_also_where_a_condition_rests_on_it(engines):
    stories = dict(engines[0].narratives)
    when = (Condition(narrative=SWAPS, direction="supported"),)
    stories["then"] = stories["dollar-fell-before"].model_copy(update={"id": "then", "when": when})
    without, having = (
        Engine(engine.store, stories, engine.anchors).score("then", DAY).verdict
        for engine in engines
    )
    assert (without.private_data, having.private_data) == (False, True)
    assert [b.series for b in having.brought] == [SPREAD, "swap.spread.30y"]


def test_the_note_is_part_of_the_identity(engines, filled, tmp_path):
    other = Store(SNAPSHOT, private=filled)
    other.brought = {**other.brought, INDEX: {**other.brought[INDEX], "note": "something else"}}
    engine = Engine(other, engines[1].narratives, engines[1].anchors)
    assert (
        engine.score(MARKET, DAY).verdict.identity != engines[1].score(MARKET, DAY).verdict.identity
    )


def test_an_older_snapshot_has_no_private_data(engines):
    n = engines[1].store.n - 1
    old = [engine.score(SWAPS, DAY, n).verdict for engine in engines]
    assert not old[1].private_data
    assert old[0] == old[1]


def test_it_is_said_in_words(engines):
    verdict = engines[1].score(SWAPS, DAY).verdict
    sentence = (
        "Rests on data that you brought: the 10-year swap spread (made up) and the 30-year swap spread "
        "(made up). This copy cannot give a frozen link."
    )
    assert told(verdict.brought) == sentence
    assert sentence in explained(verdict)
    assert told(engines[0].score(SWAPS, DAY).verdict.brought) == ""


def test_freshness_of_what_was_brought(engines):
    having = engines[1]
    rows = {
        d: shelf_row(having.view(d), INDEX, ()) for d in (DAY, date(2025, 6, 3), date(2025, 6, 12))
    }
    assert [row.freshness for row in rows.values()] == ["fresh", "overdue", "stale"]
    assert rows[DAY].brought
    assert rows[DAY].note == "made up"
    assert rows[DAY].line().endswith("latest_only  brought by you: made up")
    absent = shelf_row(engines[0].view(DAY), INDEX, ())
    assert (absent.freshness, absent.brought, absent.note) == ("not_held", False, "")
    open_row = shelf_row(having.view(DAY), "ust.yield.10y", ())
    assert (open_row.brought, open_row.note) == (False, "")


@pytest.fixture
def captions(monkeypatch):
    """What stands small on the page of a story, with a desk opened under this environment."""
    app = session()

    def found(**environment):
        for name in ("FLOWCHECK_PRIVATE", "FLOWCHECK_HOSTED"):
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(f"FLOWCHECK_{name.upper()}", str(value))
        desks.opened.clear()
        text = []
        for step in ("claim", "verdict"):
            visit(app, "story", story=SWAPS, step=step, as_of="2025-05-30")
            text.append(" ".join(said.value for said in (*app.caption, *app.markdown)))
        assert ("you brought" in text[0]) == ("you brought" in text[1])
        return text[1]

    yield found
    desks.opened.clear()


def test_the_page_of_a_story_says_so(filled, captions):
    assert "data that you brought" not in captions(private="off")
    assert "Rests on data that you brought: the 10-year swap spread (made up)" in captions(
        private=filled
    )


@pytest.mark.long
def test_so_does_that_of_a_hosted_copy_that_was_told_where_they_lie(filled, captions):
    """`test_off_and_hosted_refuse_an_import` asks the same of the command."""
    assert "data that you brought" in captions(private=filled, hosted="1")
    assert "data that you brought" not in captions(hosted="1")


# --- nothing of it lands in the repository


def test_nothing_lands_in_the_repository(store, tmp_path):
    began = time.time() - 1
    mark = f"{4000 + 242}.{2424 + 1}"
    days = [date(2025, 4, 1) + timedelta(days=i) for i in range(4)]
    path = put(tmp_path, "a.csv", "\n".join(["date,value", *(f"{d},{mark}" for d in days)]))
    assert run("import", INDEX, path, store=store).exit_code == 0
    assert run("score", MARKET, "--as-of", "2025-05-30", store=store).exit_code == 0
    assert mark in "".join(kept(store))
    kept_out = {".git", ".venv"}
    for folder, below, names in os.walk(ROOT):
        below[:] = [name for name in below if name not in kept_out]
        for name in names:
            file = Path(folder) / name
            if file.is_file() and file.stat().st_mtime > began:
                assert mark.encode() not in file.read_bytes(), file
    licensed = {n for n in CATALOGUE.ids if CATALOGUE.series[n].licence == "licensed"}
    files = {file.stem for file in (ROOT / "evidence" / "snapshot" / "series").glob("*.csv")}
    assert licensed
    assert not files & licensed
    assert not set(OPEN.manifest["series"]) & licensed
