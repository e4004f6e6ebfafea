"""Briefs: one page for a story, two for the event, on both papers, whole, legible, tagged, and the same each time."""

import csv
import io
import json
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser

import jsonschema
import numpy as np
import pypdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
import segno
from typer.testing import CliRunner

from briefs.desk import Desk
from briefs.paper import documents, event, making, page, story, typeset
from briefs.paper.model import Brief
from briefs.settings import settings
from evidence.cli import app
from evidence.contract import schemas
from evidence.register import mark_of
from evidence.trace import dump
from evidence.wording import DIRECTIONS
from tests import ours
from tests.sampled import one_in

BASE = "https://flowcheck.example.org"
EVENT = "liberation-day"
QUICK = ("foreign-private-protest", "dollar-fell-before", "us-crowds-the-index")
"""Contradicted on windows, supported on facts, not enough data on printed figures."""
PAPERS = {"a4": (595.276, 841.89), "letter": (612.0, 792.0)}
SMALLEST = 7.5
MARGIN = 8.0
"""Millimetres at each edge of a page that stay empty."""
HOSTILE = r'<script>alert("x")</script> #import "/etc/passwd" $x$ \ *bold* @label </style> & “q” ￿'.rstrip(
    "￿"
)


@cache
def desk() -> Desk:
    return ours.desk()


@cache
def brief(name: str, base: str | None = BASE) -> Brief:
    maker = event if name == EVENT else story
    return maker.brief(desk(), name, desk().newest, base)


@cache
def pdf(name: str, paper: str) -> bytes:
    return typeset.pdf(brief(name), paper)


def every(*more: object) -> list[object]:
    """All briefs, those that are not quick among the long tests."""
    ids = [*ours.desk().stories, EVENT]
    quick = (*QUICK, EVENT)
    return [pytest.param(i, marks=() if i in quick else pytest.mark.long, id=i) for i in ids]


def words(text: str) -> str:
    return " ".join(text.split())


def read(data: bytes) -> str:
    return words(" ".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(data)).pages))


def squeezed(text: str) -> str:
    """Without spaces: a line break may stand anywhere."""
    return "".join(text.split())


# ---------------------------------------------------------------- PDF


@pytest.mark.parametrize("paper", one_in(2, PAPERS))
@pytest.mark.parametrize("name", every())
def test_a_pdf_has_its_pages_and_their_size(name, paper):
    pages = pypdf.PdfReader(io.BytesIO(pdf(name, paper))).pages
    assert len(pages) == (2 if name == EVENT else 1)
    for one in pages:
        assert (float(one.mediabox.width), float(one.mediabox.height)) == pytest.approx(
            PAPERS[paper], abs=0.5
        )


@pytest.mark.parametrize("name", every())
def test_a_pdf_is_tagged_and_says_what_it_is(name):
    reader = pypdf.PdfReader(io.BytesIO(pdf(name, "a4")))
    root = reader.trailer["/Root"]
    assert reader.metadata.title.startswith(brief(name).title)
    assert reader.metadata.author == settings().operator
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    kinds, alts = zip(*_tags(root["/StructTreeRoot"]), strict=True)
    assert {"/H1", "/H2", "/Figure"} <= set(kinds)
    drawn = [p.alt for p in typeset.fitted(brief(name), "a4").pictures]
    told = [str(alt) for kind, alt in zip(kinds, alts, strict=True) if kind == "/Figure"]
    assert set(drawn) <= set(told)
    assert all(alt.strip() for alt in told)


def _tags(node) -> Iterator[tuple[str, object]]:
    node = node.get_object()
    if not isinstance(node, dict):
        return
    if "/S" in node:
        yield str(node["/S"]), node.get("/Alt", "")
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        yield from _tags(kid)


@pytest.mark.parametrize("name", every())
def test_every_face_of_a_pdf_is_embedded_and_ours(name):
    faces = {}
    for one in pypdf.PdfReader(io.BytesIO(pdf(name, "a4"))).pages:
        _faces(one["/Resources"], faces, set())
    assert faces
    for face, descriptor in faces.items():
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor), face
        assert re.search(r"SourceSans3|SourceSerif4|FlowcheckShapes", face), face


def _faces(resources, found, seen) -> None:
    resources = resources.get_object()
    for face in resources.get("/Font", {}).values():
        one = face.get_object()["/DescendantFonts"][0].get_object()
        found[str(one["/BaseFont"])] = one["/FontDescriptor"].get_object()
    for ref in resources.get("/XObject", {}).values():
        form = ref.get_object()
        if "/Resources" in form and id(form) not in seen:
            seen.add(id(form))
            _faces(form["/Resources"], found, seen)


@pytest.mark.parametrize("paper", one_in(2, PAPERS, 1))
@pytest.mark.parametrize("name", every())
def test_the_words_of_a_pdf_can_be_read(name, paper):
    text, made = squeezed(read(pdf(name, paper))), brief(name)
    stories = desk().stories if name == EVENT else [name]
    assert squeezed(made.title) in text
    for one in stories:
        verdict = desk().verdict(one, desk().newest)
        assert mark_of(verdict.identity) in text
        assert squeezed(DIRECTIONS[verdict.direction]) in text
        assert squeezed(verdict.title if name == EVENT else verdict.claim) in text
    kept = typeset.fitted(made, paper)
    for section in kept.sections:
        for item in section.items:
            assert squeezed(item.text) in text
    assert squeezed(made.imprint.disclaimers[0]) in text
    if kept.left_out:
        assert squeezed(f"{kept.left_out} more line") in text


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("name", every())
def test_no_type_is_smaller_than_can_be_read(name, paper):
    sizes = [
        (size, sign)
        for one in pypdfium2.PdfDocument(pdf(name, paper))
        for size, sign in _sizes(one)
    ]
    assert len(sizes) > 1000
    assert min(sizes)[0] >= SMALLEST - 0.01, sorted(sizes)[:10]


def _sizes(one) -> Iterator[tuple[float, str]]:
    text = one.get_textpage()
    matrix = pdfium.FS_MATRIX()
    for i in range(text.count_chars()):
        sign = chr(pdfium.FPDFText_GetUnicode(text.raw, i))
        if sign.strip() and pdfium.FPDFText_GetMatrix(text.raw, i, matrix):
            scale = (matrix.c**2 + matrix.d**2) ** 0.5
            yield round(pdfium.FPDFText_GetFontSize(text.raw, i) * scale, 3), sign


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("name", every())
def test_nothing_touches_the_edge_of_a_page(name, paper):
    scale = 1.5
    edge = int(MARGIN / 25.4 * 72 * scale)
    for one in pypdfium2.PdfDocument(pdf(name, paper)):
        dark = one.render(scale=scale, grayscale=True).to_numpy().squeeze() < 250
        assert dark.any()
        for strip in (dark[:edge], dark[-edge:], dark[:, :edge], dark[:, -edge:]):
            assert not strip.any()


def test_the_code_on_paper_is_the_link():
    link = brief(QUICK[0]).imprint.link
    assert link.startswith(f"{BASE}/story?story={QUICK[0]}&")
    verdict = desk().verdict(QUICK[0], desk().newest)
    assert f"seal={mark_of(verdict.identity)}" in link
    assert f"snapshot={desk().store.n}" in link
    wanted = np.array([list(row) for row in segno.make(link, error="m", micro=False).matrix]) == 1
    scale = 8
    one = (
        pypdfium2.PdfDocument(pdf(QUICK[0], "a4"))[0]
        .render(scale=scale, grayscale=True)
        .to_numpy()
        .squeeze()
    )
    mm = 72 / 25.4 * scale
    corner = one[int(-36 * mm) :, int(-(14 + 21) * mm) : int(-13 * mm)] < 128
    rows, columns = np.flatnonzero(corner.any(1)), np.flatnonzero(corner.any(0))
    # the rule over the colophon runs through the same corner: the code is what lies below
    below = (
        rows[np.flatnonzero(np.diff(rows) > mm)[-1] + 1 :] if (np.diff(rows) > mm).any() else rows
    )
    code = corner[below[0] : below[-1] + 1]
    columns = np.flatnonzero(code.any(0))
    code = code[:, columns[0] : columns[-1] + 1]
    count = len(wanted)
    at = lambda size: ((np.arange(count) + 0.5) * size / count).astype(int)  # noqa: E731
    assert (code[np.ix_(at(code.shape[0]), at(code.shape[1]))] == wanted).all()


def test_the_same_brief_gives_the_same_bytes():
    again = story.brief(desk(), QUICK[2], desk().newest, BASE)
    assert again == brief(QUICK[2])
    assert typeset.pdf(again, "a4") == pdf(QUICK[2], "a4")


def hostile(made: Brief) -> Brief:
    """The brief with text that would do harm wherever it is read as anything but text."""
    sections = tuple(
        s.model_copy(
            update={"items": tuple(i.model_copy(update={"text": HOSTILE}) for i in s.items[:1])}
        )
        for s in made.sections
    )
    return made.model_copy(
        update={"title": HOSTILE, "lead": HOSTILE, "said": HOSTILE, "sections": sections}
    )


def test_hostile_text_comes_out_as_text_on_paper():
    text = squeezed(read(typeset.pdf(hostile(brief(QUICK[2])), "a4")))
    assert text.count(squeezed(HOSTILE)) >= 3 + len(brief(QUICK[2]).sections)


def test_signs_that_our_faces_lack_do_not_stop_a_pdf():
    made = brief(QUICK[2])
    reader = pypdf.PdfReader(
        io.BytesIO(typeset.pdf(made.model_copy(update={"said": "日本 ελ"}), "a4"))
    )
    assert len(reader.pages) == 1
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert (
        "pdfuaid:part" not in reader.trailer["/Root"]["/Metadata"].get_object().get_data().decode()
    )
    own = pypdf.PdfReader(io.BytesIO(pdf(QUICK[2], "a4"))).trailer["/Root"]["/Metadata"]
    assert "pdfuaid:part" in own.get_object().get_data().decode()


def test_a_page_that_is_too_full_gives_up_lines_by_rank_and_says_so():
    made = brief(QUICK[0])
    assert made.spare > 10
    ranks = lambda found: [i.spare for s in found.sections for i in s.items]  # noqa: E731
    for count in range(made.spare + 1):
        left = made.without(count)
        assert left.left_out == count
        gone = sorted(ranks(made), reverse=True)[:count]
        if gone:
            assert max(ranks(left)) <= min(gone)
    fewest = made.without(made.spare)
    assert all(item.spare == 0 for s in fewest.sections for item in s.items)
    assert {"why", "limits", "change"} <= {s.name for s in fewest.sections}


def test_what_never_fits_is_refused():
    made = brief(QUICK[2])
    with pytest.raises(typeset.Overfull, match="does not fit on 1 pages of a4"):
        typeset.fitted(made.model_copy(update={"lead": "word " * 4000}), "a4")


def test_without_an_address_there_is_no_code_but_a_way():
    made = brief(QUICK[2], None)
    assert made.imprint.link == ""
    text = read(typeset.pdf(made, "a4"))
    assert made.imprint.found in text
    assert made.imprint.mark in made.imprint.found
    assert "<a " not in page.html(made)
    assert 'class="qr"' not in page.html(made)


# ---------------------------------------------------------------- what stands in it


@pytest.mark.parametrize("name", every())
def test_a_brief_has_its_pictures_and_parts(name):
    made = brief(name)
    places = [p.place for p in made.pictures]
    names = [s.name for s in made.sections]
    if name == EVENT:
        assert places.count("premise") == 3
        assert {"finding-sold", "finding-not", "finding-when"} <= set(places)
        assert names[:4] == ["finding-sold", "finding-not", "finding-when", "finding-open"]
        assert {"rivals", "audit", "watch"} <= set(names)
        assert [s.id for s in made.scores] == list(desk().stories)
        return
    verdict = desk().verdict(name, desk().newest)
    assert "first" in places
    assert places[-1] == "strip"
    assert names == ["why", "rivals", "change", "limits", "tests", "works"]
    assert made.ruling.word == DIRECTIONS[verdict.direction]
    assert bool(made.ruling.dots) == (verdict.direction != "insufficient_data")
    why = made.section("why")
    told = [f"{i.head.removesuffix('.')}: {i.text}" for i in why.items] + [
        i.text for i in why.items
    ]
    assert set(verdict.reasons) <= set(told)
    assert set(verdict.would_change) <= {i.text for i in made.section("change").items}


@pytest.mark.long
def test_a_test_that_fired_before_stands_beside_that_day():
    made = brief("outflows-after-german-fiscal-shift")
    first, second = (p for p in made.pictures if p.place in ("first", "second"))
    assert first.title != second.title
    assert "2020" in first.title + first.alt
    assert "2025" in second.title


# ---------------------------------------------------------------- HTML


class Outline(HTMLParser):
    """The tags, the attributes and the text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self._style = False

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._style = tag == "style"

    def handle_endtag(self, tag):
        self._style = False

    def handle_data(self, data):
        if not self._style:
            self.text.append(data)


def outline(text: str) -> Outline:
    found = Outline()
    found.feed(text)
    return found


@pytest.mark.parametrize("name", [*QUICK[:1], EVENT])
def test_a_file_of_html_stands_alone(name):
    text = page.html(brief(name))
    found = outline(text)
    tags = [tag for tag, _ in found.tags]
    assert text.startswith('<!doctype html>\n<html lang="en">')
    assert not {"script", "link", "img", "iframe", "object", "base"} & set(tags)
    assert tags.count("h1") == 1
    refers = [v for _, a in found.tags for k, v in a.items() if k in ("href", "src", "xlink:href")]
    assert set(refers) == {brief(name).imprint.link}
    assert set(re.findall(r"url\(([a-z]+:|[^)]{1,12})", text)) <= {"data:"} | {
        u for u in re.findall(r"url\(([a-z]+:|[^)]{1,12})", text) if u.startswith("#")
    }
    ids = [a["id"] for _, a in found.tags if "id" in a]
    assert len(ids) == len(set(ids))
    said = squeezed("".join(found.text))
    for section in brief(name).sections:
        for item in section.items:
            assert squeezed(item.text) in said
    assert tags.count("svg") == len(brief(name).pictures) + 1
    assert len(text) < 700_000


def test_hostile_text_comes_out_as_text_in_html():
    text = page.html(hostile(brief(QUICK[2])))
    found = outline(text)
    assert "script" not in {tag for tag, _ in found.tags}
    assert "".join(found.text).count(HOSTILE) >= 3 + len(brief(QUICK[2]).sections)


# ---------------------------------------------------------------- JSON and CSV


@pytest.mark.parametrize("name", [QUICK[2], EVENT])
def test_the_json_fits_the_contract_and_holds_the_verdicts(name):
    verdicts = [
        desk().verdict(s, desk().newest) for s in (desk().stories if name == EVENT else [name])
    ]
    printed = json.loads(documents.document(desk(), brief(name), verdicts, desk().newest))
    assert list(jsonschema.Draft202012Validator(schemas()["brief"]).iter_errors(printed)) == []
    assert printed["verdicts"] == [json.loads(json.dumps(dump(v))) for v in verdicts]
    assert printed["brief"]["title"] == brief(name).title
    assert "svg" not in json.dumps(printed["brief"])


def table(name: str) -> list[dict[str, str]]:
    text = making.made(desk(), name, "csv", desk().newest, None, "a4").decode()
    return list(csv.DictReader(io.StringIO(text)))


def test_the_table_holds_what_was_known_of_every_open_series():
    rows = table("foreign-private-protest")
    view = desk().view(desk().newest)
    reads = {n for t in desk().stories["foreign-private-protest"].tests for n in t.reads}
    assert {r["series"] for r in rows} == reads
    for name in reads:
        mine = [r for r in rows if r["series"] == name]
        series = view.series(name)
        assert [r["period"] for r in mine] == [str(p) for p in series.periods]
        assert [float(r["value"]) for r in mine] == pytest.approx(list(series.latest), rel=1e-9)
        assert {r["unit"] for r in mine} == {view.catalogue.series[name].unit}
        assert all(r["known_at"] > r["period"] for r in mine)


def test_the_table_holds_nothing_that_may_not_be_passed_on():
    series = desk().store.catalogue.series
    assert {series[r["series"]].licence for r in table(EVENT)} == {"open"}
    reads = {n for s in desk().stories.values() for t in s.tests for n in t.reads}
    assert any(series[n].licence != "open" for n in reads), "else this test shows nothing"


def test_the_table_leaves_out_what_somebody_brought(monkeypatch):
    name = "foreign-private-protest"
    brought = next(r["series"] for r in table(name))
    files = desk().store.catalogue.files(brought)
    monkeypatch.setattr(desk().store, "brought", {files[0]: {}})
    left = {r["series"] for r in table(name)}
    assert brought not in left


# ---------------------------------------------------------------- the command


def run(*arguments: str):
    return CliRunner().invoke(app, ["brief", *arguments], prog_name="python -m evidence")


def test_an_unknown_id_is_wrong_use():
    done = run("basis-trade-unwinds")
    assert done.exit_code == 2
    assert "did you mean `basis-trade-unwind`" in done.stderr
    assert "did you mean `liberation-day`" in run("liberation-days").stderr


def test_wrong_options_are_wrong_use():
    assert run(QUICK[2], "--format", "docx").exit_code == 2
    assert run(QUICK[2], "--as-of", "soon").exit_code == 2
    assert "https://" in run(QUICK[2], "--app-url", "javascript:alert(1)").stderr
    assert run(QUICK[2], "--snapshot-n", "999").exit_code == 2


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    target = tmp_path / "data.csv"
    done = run("dollar-fell-before", "--format", "csv", "-o", str(target))
    assert done.exit_code == 0
    assert done.stdout == ""
    assert target.read_text("utf-8").startswith("series,title,period,value,unit,known_at\n")
    assert [p.name for p in tmp_path.iterdir()] == ["data.csv"]
    (tmp_path / "folder").mkdir()
    assert run(QUICK[2], "--format", "csv", "-o", str(tmp_path / "folder")).exit_code == 2
    assert {p.name for p in tmp_path.iterdir()} == {"data.csv", "folder"}


def test_a_brief_of_another_day_is_of_that_day():
    done = run("foreign-private-protest", "--as-of", "2025-05-30", "--json", "--app-url", BASE)
    assert done.exit_code == 0
    printed = json.loads(done.stdout)
    assert printed["as_of"] == printed["brief"]["imprint"]["as_of"] == "2025-05-30"
    assert printed["verdicts"][0]["direction"] == "insufficient_data"
    assert printed["brief"]["ruling"]["dots"] == 0
    assert "as_of=2025-05-30" in printed["brief"]["imprint"]["link"]
