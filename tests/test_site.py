"""The static twin: a small site of two stories on one day, one of them with hostile text; the whole one among the long tests."""

import json
import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner

import briefs.site.build as builder
from briefs import walk
from briefs.address import Address
from briefs.site import words
from briefs.site.build import MARKER, NotOurs, Source, build, write
from briefs.site.drawing import NARROW, WIDE, drawing
from briefs.site.leaf import data
from briefs.site.links import Links, path
from briefs.site.markup import Markup, tag, text
from charts.theme import LIGHT, tokens
from evidence.cli import app
from evidence.wording import DIRECTIONS, OUTCOMES, outcome_sentence
from tests import ours, sites
from tests.sites import BASIS, DAY, EVIL, HOSTILE, PREMISE, days, loads, pages, target

LIMIT = 1_500_000
OUTCOME_OF = {"c": "consistent", "x": "inconsistent", "o": "neutral", "n": "not_evaluable"}


@pytest.fixture(scope="module")
def site():
    """The small site's folder."""
    return sites.small()


@pytest.fixture(scope="module")
def made(site):
    """Its pages, parsed."""
    return pages(site)


@pytest.fixture(scope="module")
def desk():
    """What the site was made from."""
    return sites.desk()


# ---------------------------------------------------------------- the folder


def broken(folder, found):
    """Links that lead nowhere, and assets that are not there."""
    faults = []
    for own, page in found.items():
        for tag_, address in page.links:
            where = target(own, address)
            if where is None:
                if tag_ != "a":
                    faults.append(f"{own} loads {address}")
                continue
            file, section = where
            if not (folder / file).is_file():
                faults.append(f"{own}: {address} is no file")
            elif section and section not in found[file].ids:
                faults.append(f"{own}: {address} is no section")
    return faults


def faulty(folder, found):
    """What no page of a site may have, by page."""
    faults = []
    for own, page in found.items():
        if len(page.ids) != len(set(page.ids)):
            faults.append(
                f"{own}: ids twice: {sorted({i for i in page.ids if page.ids.count(i) > 1})}"
            )
        if page.handlers:
            faults.append(f"{own}: {sorted(set(page.handlers))}")
        weight = (folder / own).stat().st_size
        weight += sum((folder / file).stat().st_size for file in loads(own, page))
        weight += sum(f.stat().st_size for f in (folder / "assets" / "fonts").glob("*.woff2"))
        if weight >= LIMIT:
            faults.append(f"{own}: {weight:,} bytes")
        levels = [int(t[1]) for t, _ in page.elements if re.fullmatch("h[1-6]", t)]
        if levels[0] != 1 or levels.count(1) != 1 or any(b > a + 1 for a, b in pairwise(levels)):
            faults.append(f"{own}: headings {levels}")
        for svg in (given for t, given in page.elements if t == "svg"):
            named = svg.get("role") == "img" and svg["aria-labelledby"] in page.ids
            if not named or svg["aria-describedby"] not in page.ids:
                faults.append(f"{own}: a picture without words")
    return faults


def test_every_link_leads_somewhere_inside(site, made):
    assert len(made) > 15
    assert sum(len(page.links) for page in made.values()) > 300
    assert broken(site, made) == []


def test_no_page_is_heavy_or_runs_anything_of_its_own(site, made):
    assert faulty(site, made) == []


def test_one_script_by_relative_path_and_no_module(made):
    for own, page in made.items():
        scripts = [given for t, given in page.elements if t == "script" and "src" in given]
        assert all("type" not in given for given in scripts)
        files = {target(own, given["src"])[0] for given in scripts}
        assert {f for f in files if not f.startswith("days/")} == {"assets/site.js"}
        # what stands in the page is data, not code
        inline = [g.get("type") for t, g in page.elements if t == "script" and "src" not in g]
        assert set(inline) <= {"application/json"}
        assert all(json.loads(d) is not None for own_ in page.data.values() for d in own_)


def test_every_page_has_its_foot_its_words_and_its_language(made, desk):
    for own, page in made.items():
        assert ("html", {"lang": "en"}) in page.elements, own
        assert {"header", "main", "footer", "nav"} <= {t for t, _ in page.elements}
        for said in (
            "Not investment advice.",
            "As known on 22 April 2025",
            f"snapshot {desk.store.n}",
            desk.store.hash[:19],
        ):
            assert said in page.text, own
    titles = [p.elements.index(("title", {})) for p in made.values()]
    assert len(titles) == len(made)


# ---------------------------------------------------------------- the words


def test_the_pages_say_what_the_engine_says(made, desk):
    board = made["stories.html"].text
    for name, story in desk.stories.items():
        verdict = desk.verdict(name, DAY)
        page = made[f"story/{name}.html"].text
        for said in (
            story.title,
            DIRECTIONS[verdict.direction],
            verdict.rule_sentence,
            verdict.identity,
            *verdict.reasons,
        ):
            assert " ".join(said.split()) in page, (name, said)
        for trace in verdict.tests:
            assert trace.title in page
            assert outcome_sentence(trace) in page
            assert OUTCOMES[trace.outcome] in page.lower()
        assert story.title in board
    assert "so far" in made[f"story/{BASIS}.html"].text
    assert desk.the_event.question in made["index.html"].text


@pytest.mark.parametrize(
    "on", ["2025-04-02", "2025-04-10", "2025-04-18", "2025-04-19", "2025-04-22"]
)
def test_the_slider_says_what_was_known_that_day(site, desk, on):
    """Every word of it is the engine's with the view of that day: nothing that came later can be in it."""
    day = date.fromisoformat(on)
    board = days(site, "board")
    for name in desk.stories:
        verdict = desk.verdict(name, day)
        found = days(site, name)
        row = [r for r in found["days"] if r[0] <= on][-1]
        _, phrase, outcomes, rule, _, _, seen, _, mark = row
        direction, word, rest, sure = found["phrases"][phrase]
        assert (direction, word) == (verdict.direction, DIRECTIONS[verdict.direction])
        assert ("so far" in rest) == (verdict.so_far and direction != "insufficient_data")
        assert bool(sure) == (direction != "insufficient_data")
        assert [OUTCOME_OF[code] for code in outcomes] == [t.outcome for t in verdict.tests]
        assert found["texts"][rule] == verdict.rule_sentence
        assert [found["texts"][i] for i in seen] == [outcome_sentence(t) for t in verdict.tests]
        assert f"sha256:{mark}" in verdict.identity
        short = board["stories"][name]
        row = [r for r in short["days"] if r[0] <= on][-1]
        assert short["phrases"][row[1]][0] == verdict.direction
    assert on not in ("2025-04-18", "2025-04-22") or on in {d[0] for d in board["days"]}


def test_every_release_day_is_there_without_scripts(made, site, desk):
    page = made[f"story/{BASIS}-days.html"]
    rows = [t for t, _ in page.elements].count("tr") - 1
    assert rows == len(days(site, BASIS)["days"]) > 8
    assert "18 April 2025" in page.text
    assert "contradicted so far" in page.text


def test_the_walk_has_the_steps_of_the_app_in_their_order(made, desk):
    for chapter in walk.walk(desk, DAY):
        page = made[f"walk/{chapter.name}.html"]
        stops = [g["id"] for t, g in page.elements if t == "section" and g.get("class") == "stop"]
        assert stops == [step.name for step in chapter.steps]
        for step in chapter.steps:
            assert step.heading in page.text
            assert " ".join(step.text.split()) in page.text


def test_hostile_text_is_only_text(site, made):
    page = made[f"story/{HOSTILE}.html"]
    assert EVIL in page.text
    for own in made.values():
        assert not [t for t, _ in own.elements if t in ("img", "b", "iframe", "object")]
        assert not [a for _, a in own.links if a.lower().startswith(("javascript:", "data:"))]
    raw = (site / f"story/{HOSTILE}.html").read_text("utf-8")
    assert "<img" not in raw
    assert "</script><" not in (site / "days" / f"{HOSTILE}.js").read_text("utf-8")


def test_the_addresses_of_the_app_lead_on(made, desk):
    onward = json.loads(made["story.html"].data["onward"][0])
    assert onward["pages"][BASIS] == f"story/{BASIS}.html"
    assert set(onward["pages"]) >= set(desk.stories)
    onward = json.loads(made["walk.html"].data["onward"][0])
    assert list(onward["pages"]) == list(desk.chapters)


def test_old_names_of_stories_lead_on_too():
    whole = ours.desk()
    old = whole.was
    assert all(new in whole.stories for new in old.values())
    leaves = list(builder.turnstile.write(builder.Site(whole, whole.newest, {})))
    for name, new in old.items():
        assert f'"{name}":"story/{new}.html"' in leaves[0][1]


# ---------------------------------------------------------------- pictures


@pytest.fixture(scope="module")
def figure(desk):
    from briefs import figures
    from briefs.stand import Stand

    story = desk.stories[BASIS]
    here = Address("story", DAY, latest=True, story=BASIS, step="tests", test="net-short-shrinks")
    return figures.pair(Stand(desk, here, story, desk.verdict(BASIS, DAY)), LIGHT)[-1]


def test_a_drawing_keeps_text_and_words_and_takes_the_pages_colours(figure):
    drawn = drawing(figure, WIDE)
    assert "<title id=" in drawn.svg
    assert "<text" in drawn.svg
    assert "what would matter" in drawn.svg
    assert set(re.findall(r"#[0-9a-f]{6}", drawn.svg)) == set()
    assert set(re.findall(r"var\(--([\w-]+)\)", drawn.svg)) <= set(tokens(LIGHT))
    assert 'font-size="0' not in drawn.svg
    assert len(drawn.svg) < 9000
    assert drawn.width == WIDE
    assert drawn == drawing(figure, WIDE)


def test_each_tip_of_the_chart_stands_where_its_mark_does(figure):
    """Places go with the values of the axis: the tips of one series lie on a line of value against height."""
    wide, narrow = drawing(figure, WIDE), drawing(figure, NARROW)
    tipped = figure.frame[figure.frame.tip.astype(bool)]
    assert [t.says for t in wide.tips] == [t.says for t in narrow.tips]
    assert sorted(t.says for t in wide.tips) == sorted(" ".join(t.split()) for t in tipped.tip)
    for drawn in (wide, narrow):
        spots = {t.says: t for t in drawn.tips}
        rows = [(row.x, row.y, spots[" ".join(row.tip.split())]) for row in tipped.itertuples()]
        (x0, _, one), (x1, _, other) = (
            min(rows, key=lambda r: r[0]),
            max(rows, key=lambda r: r[0]),
        )
        for x, _, tip in rows:
            share = (x - x0) / (x1 - x0)
            assert tip.x == pytest.approx(one.x + share * (other.x - one.x), abs=0.2)
            assert 0 <= tip.x <= drawn.width
            assert 0 <= tip.y <= drawn.height


# ---------------------------------------------------------------- markup and links


def test_text_is_escaped_and_markup_is_kept():
    assert text("a < b & c") == "a &lt; b &amp; c"
    assert text([Markup("<i>x</i>"), "<i>", None]) == "<i>x</i>&lt;i&gt;"
    assert tag("a", "<", href='"><script>') == '<a href="&quot;&gt;&lt;script&gt;">&lt;</a>'
    assert tag("p", hidden=True, class_="x", data_y=None, lang=False) == '<p hidden class="x"></p>'
    assert data("k", {"a": EVIL}).count("<") == 2
    assert json.loads(data("k", EVIL).partition(">")[2].rpartition("<")[0]) == EVIL


def test_links_are_relative_to_the_page_they_stand_on():
    here = Address("story", DAY, latest=True, story=BASIS)
    test = here.at(step="tests", test="net-short-shrinks")
    assert path(here) == f"story/{BASIS}.html"
    assert Links("index.html").to(test) == f"story/{BASIS}.html#tests-net-short-shrinks"
    assert (
        Links(f"story/{PREMISE}.html").to(test) == f"../story/{BASIS}.html#tests-net-short-shrinks"
    )
    assert Links(path(here)).to(test) == "#tests-net-short-shrinks"
    assert Links(path(here)).to(here.at("start")) == "../index.html"
    assert Links("audit.html").to(here.at("audit", figure="china")) == "#china"


# ---------------------------------------------------------------- nobody loses files


def test_a_folder_of_somebody_else_is_left_alone(tmp_path):
    source = sites.source()
    (tmp_path / "thesis.txt").write_text("ten years", encoding="utf-8")
    with pytest.raises(NotOurs, match="not a site made here"):
        build(source, tmp_path)
    with pytest.raises(NotOurs, match="not a folder"):
        build(source, tmp_path / "thesis.txt")
    link = tmp_path / "link"
    link.symlink_to(tmp_path)
    with pytest.raises(NotOurs, match="not a folder"):
        build(source, link)
    assert (tmp_path / "thesis.txt").read_text("utf-8") == "ten years"


def test_the_command_says_so_and_ends_in_2(tmp_path):
    (tmp_path / "thesis.txt").write_text("ten years", encoding="utf-8")
    for arguments, told in (
        (["-o", str(tmp_path)], "not a site made here"),
        (["-o", str(tmp_path / "x"), "--as-of", "2031-01-01"], "--as-of: the data go from"),
        (["-o", str(tmp_path / "x"), "--narratives", "no/such"], "there is no folder"),
        ([], "Missing option"),
    ):
        done = CliRunner().invoke(app, ["site", *arguments])
        assert done.exit_code == 2, arguments
        assert told in " ".join(done.stderr.split())
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.txt"]


def test_an_old_site_is_replaced_whole_and_nothing_is_left_beside_it(tmp_path):
    folder = tmp_path / "site"
    write({"a.html": b"old", "gone/b.html": b"old", MARKER: b"{}"}, folder)
    write({"a.html": b"new", MARKER: b"{}"}, folder)
    assert {p.name for p in folder.iterdir()} == {"a.html", MARKER}
    assert (folder / "a.html").read_bytes() == b"new"
    assert [p.name for p in tmp_path.iterdir()] == ["site"]


def test_a_failure_leaves_the_old_site_as_it_was(tmp_path, monkeypatch):
    folder = tmp_path / "site"
    write({"a.html": b"old", MARKER: b"{}"}, folder)
    monkeypatch.setattr(
        Path, "write_bytes", lambda *_: (_ for _ in ()).throw(OSError("no space left"))
    )
    with pytest.raises(OSError, match="no space"):
        write({"a.html": b"new", MARKER: b"{}"}, folder)
    assert (folder / "a.html").read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["site"]


def test_a_name_that_cannot_be_taken_brings_the_old_site_back(tmp_path, monkeypatch):
    folder = tmp_path / "site"
    write({"a.html": b"old", MARKER: b"{}"}, folder)
    rename = Path.rename

    def refusing(self, target_):
        if self.name == "new":
            raise OSError("busy")
        return rename(self, target_)

    monkeypatch.setattr(Path, "rename", refusing)
    with pytest.raises(OSError, match="busy"):
        write({"a.html": b"new", MARKER: b"{}"}, folder)
    assert (folder / "a.html").read_bytes() == b"old"


# ---------------------------------------------------------------- the whole


@pytest.mark.long
def test_the_whole_site_twice(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    build(Source(), one)
    build(Source(), two, workers=1)
    made = pages(one)
    assert broken(one, made) == []
    assert faulty(one, made) == []
    files = {p.relative_to(one).as_posix(): p.read_bytes() for p in one.rglob("*") if p.is_file()}
    again = {p.relative_to(two).as_posix(): p.read_bytes() for p in two.rglob("*") if p.is_file()}
    assert files == again
    whole = ours.desk()
    for name, story in whole.stories.items():
        verdict = whole.verdict(name, whole.newest)
        assert story.title in made["stories.html"].text
        assert verdict.identity in made[f"story/{name}.html"].text
        for other in (date(2025, 4, 18), date(2025, 6, 18), date(2026, 1, 30)):
            found = days(one, name)
            row = [r for r in found["days"] if r[0] <= other.isoformat()][-1]
            assert found["phrases"][row[1]][0] == whole.verdict(name, other).direction


def test_a_check_of_a_stand_in_bears_no_sign_in_the_twin_either():
    """Nor may another day's script write one there."""
    desk = ours.desk()
    tests = desk.verdict("foreign-governments-retaliated", desk.newest).tests
    said = {t.id: str(words.of_test(t)) for t in tests}
    assert "A check of the stand-in" in said.pop("custody-follows-holdings")
    assert not any("stand-in" in one for one in said.values())
