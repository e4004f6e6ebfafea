"""The audit: statuses in small worlds worked out by hand, what the committed sheet holds, look-ahead, bad files."""

import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from evidence.audit import STATUSES, audit, fit, lines
from evidence.engine import Engine
from evidence.library import HOME, Library, read_library, read_paths
from evidence.narrative import Event
from evidence.observations import Series, Store
from evidence.reading import read_sheet
from evidence.sheet import Sheet
from tests import ours, worlds

NOTE = date(2025, 5, 30)
TODAY = date(2025, 8, 29)


def made(figures, entries, rows, today=TODAY):
    """The audit of some figures in a small world, and the figures by id."""
    store = worlds.shop(entries, rows)
    sheet = Sheet.model_validate(
        {"schema": 1, "note": {"who": "A house", "where": "a note", "on": NOTE}, "figures": figures}
    )
    event = Event.model_validate(
        {"schema": 1, "id": "tariffs", "name": "The tariffs", "date": date(2025, 4, 2), "question": "Why?"}
    )  # fmt: skip
    library = Library({}, {"tariffs": event}, {}, audits={"tariffs": sheet})
    found = audit(library, Engine(store, {}, {"tariffs": event.date}), "tariffs", today)
    return found, {figure.id: figure for figure in found.figures}


def figure(readings, says="It came to {first}.", name="one", value=None, **more):
    printed = {"quote": "a figure", **({"value": value} if value else {})}
    return {"id": name, "title": "A figure", "where": "Somewhere", "printed": printed, "says": says,
            "readings": readings, **more}  # fmt: skip


def level(name, series, low, high, on=date(2025, 4, 9), **more):
    matters = {"at_least": low, "at_most": high, "why": "What rounds to it."}
    test = {"kind": "level", "series": series, "on": on, "matters": matters}
    return {"id": name, "definition": f"The share called {name}", "test": test, **more}


SHARES = [
    worlds.entry("a.share", "irregular", "share", "percent"),
    worlds.entry("b.share", "irregular", "share", "percent"),
]


def shares(a, b):
    days = [date(2025, 3, 12), date(2025, 4, 9)]
    return {"a.share": worlds.rows(days, [30.0, a]), "b.share": worlds.rows(days, [40.0, b])}


@pytest.mark.parametrize(
    ("a", "b", "beside", "status", "definition"),
    [
        (88.2, 18.0, False, "reproduced", "first"),
        (18.0, 88.2, False, "reproduced_under_another_definition", "second"),
        (18.0, 88.2, True, "not_reproduced", "first"),
        (18.0, 20.0, False, "not_reproduced", "first"),
        (88.2, 88.2, False, "reproduced", "first"),
    ],
)
def test_the_first_reading_decides_and_what_stands_beside_never_does(
    a, b, beside, status, definition
):
    readings = [
        level("first", "a.share", "87.5 %", "88.5 %"),
        level("second", "b.share", "87.5 %", "88.5 %", beside=beside),
    ]
    _, found = made([figure(readings, value="88 %")], SHARES, shares(a, b))
    one = found["one"]
    assert one.status == status
    assert one.definition == f"The share called {definition}"
    assert one.recomputed_amount.value == (a if definition == "first" else b)
    assert one.printed == "88 %"
    assert one.distance == pytest.approx(abs(a - 88) / max(a, 88))
    assert one.vintage == NOTE
    assert one.sentence == f"It came to {a:.1f} %."


def test_slots_take_their_numbers_from_the_readings():
    readings = [
        level("first", "a.share", "87.5 %", "88.5 %"),
        level("second", "b.share", "87.5 %", "88.5 %"),
    ]
    says = "{printed} in print, {first} and {second.size}. {second.seen}"
    _, found = made([figure(readings, says, value="88 %")], SHARES, shares(18.4, -12.0))
    told = found["one"].sentence
    assert told.startswith("88 % in print, 18.4 % and 12.0 %. ")
    assert "−12.0 %" in told
    assert "{" not in told


def test_what_came_after_the_note_counts_as_of_today_and_what_was_revised_is_said():
    rows = shares(88.0, 10.0)
    # b is printed on 9 April and revised in July; a comes out in July only
    days = [date(2025, 3, 12), date(2025, 4, 9), date(2025, 4, 9)]
    known = ["2025-03-13T12:00:00Z", "2025-04-10T12:00:00Z", "2025-07-10T12:00:00Z"]
    rows["b.share"] = worlds.rows(days, [40.0, 88.0, 50.0], known)
    rows["a.share"] = worlds.rows(days[:2], [30.0, 88.0], [known[0], known[2]])
    figures = [
        figure([level("first", "a.share", "87.5 %", "88.5 %")], name="late"),
        figure([level("first", "b.share", "87.5 %", "88.5 %")], name="revised"),
    ]
    made_, found = made(figures, SHARES, rows)
    late, revised = found["late"], found["revised"]
    assert (late.status, late.vintage, late.turned) == ("reproduced", TODAY, False)
    assert late.readings[0].then.value is None
    assert (revised.status, revised.vintage, revised.turned) == ("reproduced", NOTE, True)
    assert (revised.recomputed, revised.today) == ("88.0 %", "50.0 %")
    assert revised.sentence.endswith("With the figures of today it no longer reproduces.")
    assert [f.id for f in made_.figures] == ["revised", "late"]


def test_later_data_do_not_move_what_was_known_when_the_note_was_out():
    readings = [level("first", "a.share", "87.5 %", "88.5 %")]
    before, _ = made([figure(readings)], SHARES, shares(88.0, 10.0))
    rows = shares(88.0, 10.0)
    rows["a.share"] += worlds.rows(
        [date(2025, 4, 9), date(2025, 6, 11)], [12.0, 99.0], ["2025-06-02T12:00:00Z"] * 2
    )
    after, _ = made([figure(readings)], SHARES, rows)
    then = [one.figures[0].readings[0].then for one in (before, after)]
    assert then[0] == then[1]
    assert after.figures[0].readings[0].today.value == "12.0 %"


def test_before_the_note_nothing_later_is_seen():
    readings = [level("first", "a.share", "87.5 %", "88.5 %")]
    _, found = made([figure(readings)], SHARES, shares(88.0, 10.0), today=date(2025, 4, 5))
    one = found["one"]
    assert one.status == "not_checkable"
    assert one.readings[0].then == one.readings[0].today
    assert "9 April 2025 was not out" in one.sentence


def test_a_deficit_is_told_in_the_sense_of_the_print():
    """Months of −100 and a last quarter of −130: 12 months −1,290, three at an annual rate −1,560."""
    entries = [worlds.entry("t.balance", "monthly", "flow")]
    months = worlds.months("2025-03", 36)
    rows = {"t.balance": worlds.rows(months, [-100.0] * 33 + [-130.0] * 3)}

    def total(name, since, **more):
        matters = {"at_least": "1550 bn", "at_most": "1570 bn", "why": "What rounds to it."}
        test = {"kind": "total", "series": "t.balance", "since": since, "until": date(2025, 3, 31),
                "predicts": {"direction": "down"}, "matters": matters, **more}  # fmt: skip
        return {"id": name, "definition": f"The {name}", "test": test}

    readings = [
        total("year", date(2024, 4, 1)),
        total("quarter", date(2025, 1, 1), annualised=True),
    ]
    says = "{year.size} in a year, {quarter} at an annual rate."
    _, found = made([figure(readings, says, value="1560 bn")], entries, rows)
    one = found["one"]
    assert one.status == "reproduced_under_another_definition"
    assert one.recomputed_amount.value == 1560
    assert one.sentence == "$1.29 tn in a year, $1.56 tn at an annual rate."
    assert one.distance == pytest.approx(270 / 1560)


def test_each_day_is_read_as_if_the_claim_had_been_made_on_it():
    """A fall from 110: 5 by the split; read to the last three days it is 10, 20 and 12.5: 50, 25 and 40 %."""
    days = worlds.weekdays(date(2025, 5, 30), 60)
    split = days[39]
    values = list(np.linspace(110, 105, 40)) + [104.0] * 17 + [100.0, 90.0, 97.5]
    entries = [worlds.entry("d.dollar", "daily", "price", "index")]
    test = {"kind": "share_before", "series": "d.dollar", "since": days[0], "split": split, "frozen": date(2025, 5, 30),
            "matters": {"at_least": "45 %", "at_most": "55 %", "why": "About half."}}  # fmt: skip
    reading = {"id": "first", "definition": "The share before", "test": test, "each_day_since": days[57]}  # fmt: skip
    says = "{first}; {first.lowest} to {first.highest}."
    _, found = made([figure([reading], says)], entries, {"d.dollar": worlds.rows(days, values)})
    each = found["one"].readings[0].each_day
    assert (each.days, each.agreeing) == (3, 1)
    assert (each.lowest.value, each.lowest_on) == (25, days[58])
    assert (each.highest.value, each.highest_on) == (50, days[57])
    assert found["one"].sentence == "40.0 %; 25.0 % to 50.0 %."


def test_a_quoted_figure_never_decides():
    entries = [
        worlds.entry("q.share", "irregular", "share", "percent", licence="quoted"),
        worlds.entry("l.share", "irregular", "share", "percent", licence="licensed", terms="Bring a file."),
    ]  # fmt: skip
    rows = {"q.share": worlds.rows([date(2025, 4, 9)], [88.0])}
    quoted = {"kind": "quoted", "figure": "q.share", "predicts": {"direction": "up"},
              "matters": {"at_least": "87.5 %", "why": "What rounds to it."}}  # fmt: skip
    readings = [
        level("first", "l.share", "87.5 %", "88.5 %"),
        {"id": "printed", "definition": "In print", "test": quoted},
    ]
    _, found = made([figure(readings, needs="A file of shares.")], entries, rows)
    one = found["one"]
    assert (one.status, one.recomputed, one.vintage) == ("not_checkable", None, None)
    assert one.readings[1].then.agrees
    assert not one.readings[1].counts
    assert fit(one.readings[1]) == "in print only: it does not decide"
    assert "Bring a file." in one.sentence


def test_surprise_is_computed_and_not_typed():
    """By status, then what has turned, then figures with a number, then the distance."""
    figures = [
        figure([level("first", "a.share", "17 %", "19 %")], name="fits", value="18 %"),
        figure([level("first", "a.share", "22 %", "23 %")], name="near", value="22.5 %"),
        figure([level("first", "a.share", "87 %", "89 %")], name="far", value="88 %"),
        figure([level("first", "a.share", "87 %", "89 %")], name="words"),
        figure([level("first", "a.share", "1 %", "2 %", on=date(2025, 4, 30))], name="open"),
    ]
    found, _ = made(figures, SHARES, shares(18.0, 10.0))
    assert [f.id for f in found.figures] == ["far", "near", "words", "fits", "open"]


# --- the committed sheet

STORE, LIBRARY = ours.store(), ours.library()
EVENT = "liberation-day"
COMMITTED = audit(
    LIBRARY,
    ours.engine(),
    EVENT,
)

ASKED = {
    "88 % of the 10-year auction": "88%",
    "the highest share": "highest share on record",
    "custody": "does not suggest a material change",
    "custody against the survey": "tend to track the TIC data",
    "3.5 against 2.7": "$3.5 billion outflow at that time versus $2.7 billion",
    "the largest this year": "largest foreign outflow",
    "outflows commenced": "outflows commenced after the German",
    "German spending": "20% of GDP",
    "the dollar's peak": "peaked around the start of this year",
    "roughly half": "roughly half of this year's depreciation",
    "71 %": "71% of the MSCI World",
    "nine of ten": "nine of the index's top 10",
    "22 %": "22% of the total index",
    "slightly negative": "slightly negative in 2019",
    "6.3 trillion": "$6.3 trillion",
    "a record in 2024": "inflows into U.S. equities hit a record",
    "10 % of output": "10% of U.S. GDP",
    "1 % of output": "only 1% of U.S. GDP",
    "1.57 trillion": "$1.57 trillion in March",
    "above 6 %": "above 6% of GDP",
    "futures": "switching their positioning in Treasury futures",
    "repo": "nor did repo rates spike",
    "swap spreads": "asset swap spread trades",
}


@pytest.mark.parametrize("words", ASKED.values(), ids=ASKED.keys())
def test_every_figure_of_the_note_is_there(words):
    assert any(words in f.quote for f in COMMITTED.figures)


@pytest.mark.parametrize("one", COMMITTED.figures, ids=lambda f: f.id)
def test_every_figure_says_something_and_types_no_number(one):
    assert one.status in STATUSES
    assert len(one.sentence) > 30
    assert "{" not in one.sentence
    assert (one.recomputed is None) == (one.status == "not_checkable") == (one.needs is not None)
    if one.status == "not_checkable":
        return
    own = LIBRARY.audits[EVENT].figure(one.id)
    assert own.readings[0].id == one.readings[0].id
    assert re.search(r"\{[a-z0-9.-]+\}", own.says)


def test_the_committed_sheet_has_no_problem_and_is_told_in_full():
    assert not [p for p in LIBRARY.problems if p.file.endswith("audit.yaml")]
    assert len(COMMITTED.figures) == len(LIBRARY.audits[EVENT].figures)
    told = "\n".join(lines(COMMITTED))
    for one in COMMITTED.figures:
        assert one.sentence in told
        assert all(reading.definition in told for reading in one.readings)


def test_what_the_words_mean_decides_in_the_committed_sheet():
    """The statuses that the note's reader would get wrong, each checked by hand from the publishers' files."""
    auction = COMMITTED.figure("foreign-governments-at-the-auction")
    assert auction.status == "not_reproduced"
    assert auction.recomputed_amount.value == pytest.approx(18.3793)
    assert auction.readings[1].then.amount.value == pytest.approx(87.896)
    deficit = COMMITTED.figure("annual-trade-deficit")
    assert deficit.status == "reproduced_under_another_definition"
    assert deficit.readings[0].then.amount.value == pytest.approx(1094.359)
    assert deficit.recomputed_amount.value == pytest.approx(1562.4)
    assert deficit.turned
    record = COMMITTED.figure("record-inflow-of-2024")
    assert [record.readings[0].then.amount.value, record.readings[0].today.amount.value] == [
        pytest.approx(572.1),
        pytest.approx(307.492),
    ]
    half = COMMITTED.figure("half-before-april")
    assert half.recomputed_amount.value == pytest.approx(100 * (130.2142 - 126.6284) / (130.2142 - 121.7283))  # fmt: skip
    assert half.readings[0].each_day.days == 21
    assert COMMITTED.figure("custody-tracks-the-survey").status == "not_reproduced"
    assert COMMITTED.figure("net-equity-now").vintage == COMMITTED.today


class Shaken(Store):
    """The snapshot with everything that became known after the note doubled."""

    def whole(self, series_id, snapshot):
        real = super().whole(series_id, snapshot)
        late = real.known > np.datetime64("2025-05-31T03:59:59").astype(np.int64)
        values = np.where(late, 2 * real.values + 1, real.values)
        return Series(real.id, real.periods, real.owner, real.known, values)


def test_nothing_that_came_after_the_note_moves_what_was_known_then():
    store = Shaken()
    anchors = {e.id: e.date for e in LIBRARY.events.values()}
    shaken = audit(LIBRARY, Engine(store, LIBRARY.narratives, anchors), EVENT)
    moved = 0
    for one in COMMITTED.figures:
        other = shaken.figure(one.id)
        for mine, theirs in zip(one.readings, other.readings, strict=True):
            assert mine.then == theirs.then, (one.id, mine.id)
            assert mine.then.trace == theirs.then.trace, (one.id, mine.id)
            moved += mine.today.value != theirs.today.value
    assert moved >= 8


# --- bad files

CATALOGUE = ours.catalogue()
GOOD = (Path(HOME) / EVENT / "audit.yaml").read_text("utf-8")


def told(tmp_path, text):
    path = tmp_path / "audit.yaml"
    path.write_text(text, "utf-8")
    return read_sheet(path, CATALOGUE, "audit.yaml")


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        ("series: ust.auction10y.foreign_class_share", "series: ust.auction10y.foreign_class_shares",
         "unknown-series", "did you mean `ust.auction10y.foreign_class_share`"),
        ("kind: level", "kind: levels", "unknown-kind", "did you mean `level`"),
        ("    where: Why", "    were: Why", "unknown-key", "did you mean `where`"),
        ("value: 88 %", "value: 88", "wrong-value", "write a number, a space and a unit"),
        ("{indirect-bidders} went", "{indirect-bider} went", "slot", "did you mean `indirect-bidders`"),
        ("{indirect-bidders} went", "{indirect-bidders.siz} went", "slot", "did you mean `size`"),
        ("{indirect-bidders} went", "{indirect-bidders.lowest} went", "slot", "no `each_day_since`"),
        ("{indirect-bidders} went", "87.9 % went", "slot", "typed number"),
        ("{indirect-bidders} went", "{printed} and", None, ""),
        ("at_least: 87.5 %, at_most: 88.5 %", "at_least: 87.5 bn, at_most: 88.5 %", "unit", "measured in `%`"),
        ("at_least: 87.5 %, at_most: 88.5 %", "at_least: 88.5 %, at_most: 87.5 %", "unit", "has to be more"),
        ("  - id: highest-share-on-record", "  - id: foreign-governments-at-the-auction",
         "duplicate-figure", "two figures"),
        ("agrees: [inconsistent]", "agrees: [not_evaluable]", "reading", "agrees with nothing"),
        ("    needs: A daily file of 10-year swap spreads from a provider of yours.\n", "", "needs", "say what to bring"),
        ("    readings:\n      - id: all-foreign", "    needs: A file.\n    readings:\n      - id: all-foreign",
         "needs", "only where"),
        ("each_day_since: 2025-05-01", "each_day_since: 2025-06-01", "each-day", "on a later day"),
        ("schema: 1", "schema: 2", "wrong-word", "has to be 1"),
    ],
)  # fmt: skip
def test_a_bad_sheet_is_told_with_its_place(tmp_path, old, new, code, words):
    assert old in GOOD
    reading = told(tmp_path, GOOD.replace(old, new, 1))
    if code is None:
        assert reading.value is not None
        return
    found = [p for p in reading.problems if p.code == code]
    assert found, [p.text() for p in reading.problems]
    assert words in found[0].text()
    assert found[0].line > (0 if code == "wrong-word" else 1)
    assert reading.value is None


def test_what_stands_first_cannot_stand_beside(tmp_path):
    text = GOOD.replace("investor classes\n        test:", "investor classes\n        beside: true\n        test:", 1)  # fmt: skip
    [problem] = told(tmp_path, text).problems
    assert (problem.code, "does not stand beside" in problem.message) == ("reading", True)


def test_one_thing_is_asked(tmp_path):
    text = GOOD.replace("        of: {narrative: basis-trade-unwind, test: net-short-shrinks}\n", "", 1)  # fmt: skip
    [problem] = told(tmp_path, text).problems
    assert "exactly one of `test` and `of`" in problem.message


@pytest.mark.parametrize(
    ("old", "new", "code", "hint"),
    [
        ("narrative: basis-trade-unwind, test: net-short-shrinks", "narrative: basis-trade-unwinds, test: net-short-shrinks",
         "unknown-narrative", "`basis-trade-unwind`"),
        ("test: net-short-shrinks", "test: net-short-shrink", "unknown-test", "`net-short-shrinks`"),
    ],
)  # fmt: skip
def test_an_unknown_story_or_test_is_named_and_takes_nothing_else_down(
    tmp_path, old, new, code, hint
):
    home = tmp_path / "narratives" / EVENT
    home.mkdir(parents=True)
    for path in (HOME / EVENT).glob("*.yaml"):
        (home / path.name).write_text(path.read_text("utf-8"), "utf-8")
    (tmp_path / "narratives" / "controls.yaml").write_text((HOME / "controls.yaml").read_text("utf-8"), "utf-8")  # fmt: skip
    (home / "audit.yaml").write_text(GOOD.replace(old, new, 1), "utf-8")
    library = read_library(tmp_path / "narratives", CATALOGUE)
    [problem] = [p for p in library.problems if p.severity == "error"]
    assert (problem.code, problem.hint) == (code, hint)
    assert problem.line == GOOD[: GOOD.index(old)].count("\n") + 1
    assert library.audits == {}
    assert set(library.narratives) == set(LIBRARY.narratives)
    assert [p.code for p in read_paths([home / "audit.yaml"], HOME, CATALOGUE)] == [code]


def test_a_story_that_cannot_be_read_leaves_the_rest_of_the_audit(tmp_path):
    home = tmp_path / "narratives" / EVENT
    home.mkdir(parents=True)
    for path in (HOME / EVENT).glob("*.yaml"):
        (home / path.name).write_text(path.read_text("utf-8"), "utf-8")
    (home / "basis-trade-unwind.yaml").write_text("schema: [1", "utf-8")
    library = read_library(tmp_path / "narratives", CATALOGUE)
    anchors = {e.id: e.date for e in library.events.values()}
    found = audit(library, Engine(STORE, library.narratives, anchors), EVENT)
    assert len(found.figures) == len(COMMITTED.figures)
    lost = found.figure("no-switch-in-futures")
    assert (lost.status, lost.readings) == ("not_checkable", ())
    assert lost.sentence == "Its story could not be read."
