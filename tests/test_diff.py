"""What differs between two days or two snapshots: known answers, nothing missed, a valid feed, bad arguments."""

import hashlib
import json
import shutil
import xml.etree.ElementTree as ET
from datetime import date, datetime
from uuid import UUID

import pytest
from typer.testing import CliRunner

from evidence import calendar
from evidence.cli import app
from evidence.diff import ATOM, Side, atom, difference, lines
from evidence.engine import Engine
from evidence.library import read_library
from evidence.observations import SNAPSHOT, Store

pytestmark = pytest.mark.usefixtures("read_once")

PROTEST = "foreign-private-protest"
BONDS = "tic.net.private_bonds_notes"


def engine_on(folder=SNAPSHOT):
    store = Store(folder)
    library = read_library(catalogue=store.catalogue)
    return Engine(store, library.narratives, {e.id: e.date for e in library.events.values()})


@pytest.fixture(scope="module")
def engine():
    return engine_on()


def between(engine, old, new):
    n = engine.store.n
    sides = [Side(as_of=date.fromisoformat(text), snapshot_n=n) for text in (old, new)]
    return difference(engine, *sides)


@pytest.fixture(scope="module")
def june(engine):
    """The day on which the Treasury's survey of April 2025 came out."""
    return between(engine, "2025-06-17", "2025-06-18")


@pytest.fixture(scope="module")
def two(tmp_path_factory, engine):
    """The snapshot with one more after it: one figure of April revised, one week of custody new."""
    folder = tmp_path_factory.mktemp("two") / "snapshot"
    shutil.copytree(SNAPSHOT, folder)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    n = manifest["snapshot"] + 1
    known = f"{manifest['newest_release']}T12:00:00Z"
    added = {
        BONDS: f"2025-04,-99.5,{known},{n}",
        "fed.custody.treasuries": f"2030-01-02,1.5,{known},{n}",
    }
    for name, line in added.items():
        path = folder / "series" / f"{name}.csv"
        path.write_text(path.read_text("utf-8") + line + "\n", "utf-8")
        manifest["series"][name]["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    manifest["snapshot"] = n
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return folder, n, known


# ---------------------------------------------------------------- known answers


def test_the_survey_of_april(june):
    [april] = [o for o in june.observations if (o.series, o.what) == (BONDS, "new")]
    assert (april.period, april.before, april.after) == (date(2025, 4, 30), None, -46.8)
    assert april.known == "2025-06-18T20:00:00Z"
    revised = {(o.series, str(o.period)): o for o in june.observations if o.what == "revised"}
    march = revised["tic.net.private_equities", "2025-03-31"]
    assert (march.before, march.after) == (10.5, 10.9)


def test_a_changed_verdict_says_why(june):
    change = next(v for v in june.verdicts if v.id == PROTEST)
    assert (change.before.direction, change.after.direction) == ("insufficient_data", "mixed")
    assert {t.test for t in change.tests} >= {"private-bonds-sold", "private-equities-sold"}
    bonds = next(t for t in change.tests if t.test == "private-bonds-sold")
    assert (bonds.before, bonds.after) == ("not_evaluable", "consistent")
    assert "$47 bn" in bonds.seen
    assert change.releases == ("cross-border flows (TIC) for April 2025, with March 2025 revised",)
    assert change.known == "2025-06-18T20:00:00Z"


def test_every_observation_that_differs_is_there_and_no_other(engine, june):
    """By a second route: every file's values as of both days, compared period by period."""
    old, new = engine.view(date(2025, 6, 17)), engine.view(date(2025, 6, 18))
    expected = {}
    for name, entry in new.catalogue.series.items():
        if entry.derived or not new.held(name):
            continue
        before, after = (
            dict(zip(s.periods.astype(object), s.latest, strict=True))
            for s in (old.series(name), new.series(name))
        )
        for period, value in after.items():
            if before.get(period) != value:
                expected[name, period] = (before.get(period), value)
    found = {(o.series, o.period): (o.before, o.after) for o in june.observations}
    assert found.keys() == expected.keys()
    for key, (before, after) in expected.items():
        assert found[key][1] == pytest.approx(after)
        assert (found[key][0] is None) == (before is None)


def test_only_verdicts_that_differ_are_named(engine, june):
    for name in engine.narratives:
        old, new = (engine.score(name, date(2025, 6, d)).verdict for d in (17, 18))
        same = (old.direction, old.confidence, old.so_far, old.by_proxy) == (
            new.direction, new.confidence, new.so_far, new.by_proxy,
        ) and [t.outcome for t in old.tests] == [t.outcome for t in new.tests]  # fmt: skip
        assert (name in {v.id for v in june.verdicts}) != same


def test_a_day_without_releases_is_empty(engine):
    found = between(engine, "2025-06-21", "2025-06-22")  # a weekend
    assert (found.observations, found.releases, found.verdicts) == ((), (), ())
    assert lines(found) == ["0 verdicts changed, 0 figures revised, 0 new"]
    feed = ET.fromstring(atom(found))
    assert feed.findtext(f"{{{ATOM}}}updated") == "2025-06-23T03:59:59Z"


def test_nothing_is_later_than_the_later_day(june):
    end = calendar.end_of_day(date(2025, 6, 18))
    assert all(calendar.seconds(o.known) <= end for o in june.observations)


def test_two_snapshots(two):
    folder, n, known = two
    engine = engine_on(folder)
    today = engine.store.newest_day
    found = difference(engine, Side(as_of=today, snapshot_n=n - 1), Side(as_of=today, snapshot_n=n))
    told = {(o.series, str(o.period)): o for o in found.observations}
    assert set(told) == {(BONDS, "2025-04-30"), ("fed.custody.treasuries", "2030-01-02")}
    april = told[BONDS, "2025-04-30"]
    assert (april.what, april.after, april.known) == ("revised", -99.5, known)
    assert april.before is not None
    assert told["fed.custody.treasuries", "2030-01-02"].what == "new"
    assert {p.release for p in found.releases} == {"tic", "h41"}
    assert "April 2025 revised" in next(p.words for p in found.releases if p.release == "tic")
    for change in found.verdicts:
        assert change.before.identity != change.after.identity


# ---------------------------------------------------------------- the feed


def test_the_feed_is_atom(june):
    """RFC 4287: what a feed and an entry must have, in the right form."""
    text = atom(june)
    feed = ET.fromstring(text)
    assert feed.tag == f"{{{ATOM}}}feed"
    assert feed.findtext(f"{{{ATOM}}}author/{{{ATOM}}}name") == "Flowcheck"
    entries = feed.findall(f"{{{ATOM}}}entry")
    assert len(entries) == len(june.verdicts) + len(june.releases)
    for node in (feed, *entries):
        for tag in ("id", "title", "updated"):
            assert len(node.findall(f"{{{ATOM}}}{tag}")) == 1
        name = node.findtext(f"{{{ATOM}}}id")
        assert name.startswith("urn:uuid:")
        UUID(name.removeprefix("urn:uuid:"))
        updated = datetime.fromisoformat(node.findtext(f"{{{ATOM}}}updated"))
        assert updated.utcoffset() is not None
        assert updated.date() == date(2025, 6, 18)
    ids = [e.findtext(f"{{{ATOM}}}id") for e in entries]
    assert len(set(ids)) == len(ids)
    assert all(e.find(f"{{{ATOM}}}content").get("type") == "text" for e in entries)


def test_the_feed_is_the_same_whenever_it_is_made(engine, june):
    assert atom(june) == atom(between(engine_on(), "2025-06-17", "2025-06-18"))


def test_what_stands_in_a_title_is_escaped(june):
    nasty = 'a <b>&amp; "c" ]]> \x0b d'
    change = june.verdicts[0].model_copy(update={"sentence": nasty})
    feed = ET.fromstring(atom(june.model_copy(update={"verdicts": (change,)})))
    title = feed.findall(f"{{{ATOM}}}entry")[0].findtext(f"{{{ATOM}}}title")
    assert title == nasty.replace("\x0b", "\N{REPLACEMENT CHARACTER}")


# ---------------------------------------------------------------- the command


def run(*arguments):
    return CliRunner().invoke(app, ["diff", *arguments], prog_name="python -m evidence")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["1", "999"], "there is no snapshot 999"),
        (["0", "1"], "there is no snapshot 0"),
        (["1", "1"], "has to come before"),
        (["2025-06-18", "2025-06-17"], "has to come before"),
        (["2025-06-18", "2025-06-18"], "has to come before"),
        (["1", "2025-06-17"], "not one of each"),
        (["2025-06-17", "1"], "not one of each"),
        (["yesterday", "2025-06-17"], "`yesterday` is not a date"),
        (["2025-06-17", "2025-02-30"], "`2025-02-30` is not a date"),
        (["2025-06-17"], "Missing argument"),
        (["2025-06-17", "2025-06-18", "--format", "xml"], "'xml' is not one of"),
    ],
    ids=" ".join,
)
def test_wrong_use_ends_in_2_with_a_sentence(arguments, told):
    done = run(*arguments)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert told in " ".join(done.stderr.split())


@pytest.fixture
def worked_out_once(monkeypatch):
    """Two sides are compared once, however often they are asked for: it is the forms that are tested."""
    kept = {}

    def once(engine, *sides):
        if sides not in kept:
            kept[sides] = difference(engine, *sides)
        return kept[sides]

    monkeypatch.setattr("evidence.diff.difference", once)
    return kept


def test_the_three_forms_say_the_same(worked_out_once):
    days = ("2025-06-17", "2025-06-18")
    asked, form = run(*days, "--json"), run(*days, "--format", "json")
    assert asked.stdout == form.stdout
    document = json.loads(asked.stdout)
    plain, feed = run(*days), run(*days, "--format", "atom")
    assert plain.exit_code == feed.exit_code == 0
    assert feed.stdout.startswith('<?xml version="1.0" encoding="utf-8"?>\n<feed')
    titles = [e.text for e in ET.fromstring(feed.stdout.encode()).iter(f"{{{ATOM}}}title")]
    assert document["verdicts"]
    for change in document["verdicts"]:
        assert change["sentence"] in plain.stdout
        assert change["sentence"] in titles
    revised = [o for o in document["observations"] if o["what"] == "revised"]
    assert f"{len(revised)} figures revised" in plain.stdout
    assert len(worked_out_once) == 1


def test_snapshots_by_number(two):
    folder, n, _ = two
    done = run(str(n - 1), str(n), "--snapshot", str(folder), "--json")
    assert done.exit_code == 0, done.stderr
    document = json.loads(done.stdout)
    assert (document["old"]["snapshot_n"], document["new"]["snapshot_n"]) == (n - 1, n)
    assert len(document["observations"]) == 2
