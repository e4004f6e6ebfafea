"""The page of the note's own figures: every row, every opened figure, its address, other people's text."""

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from briefs import desk as briefs_desk
from briefs import figures
from briefs.address import parse
from briefs.desk import open_desk
from charts.tally import MARKS
from evidence.audit import STATUSES, fit, known, summary
from tests import visits
from tests.visits import session
from walkthrough import desk as desks
from walkthrough import wordmarks
from walkthrough.pages import audit as page
from walkthrough.prose import plain

ROOT = Path(__file__).resolve().parent.parent
DESK = open_desk()
MADE = DESK.audit(DESK.newest)
FIGURES = [figure.id for figure in MADE.figures]


@pytest.fixture(scope="module")
def app():
    return session()


def visit(app, **query):
    return visits.visit(app, "audit", **query)


def words(app):
    return "\n".join(str(p.value) for p in [*app.title, *app.markdown, *app.caption, *app.warning])


def charts(app):
    return app.get("vega_lite_chart")


def test_the_table_shows_every_figure_in_the_order_of_surprise(app):
    text = words(visit(app))
    assert plain(summary(MADE)) in text
    places = []
    for figure in MADE.figures:
        assert plain(f"“{figure.quote}”") in text
        assert plain(figure.sentence) in text
        assert page.mark(figure.status) in text
        places.append(text.index(plain(f"“{figure.quote}”")))
    assert places == sorted(places)
    assert not charts(app)
    ranks = [list(STATUSES).index(figure.status) for figure in MADE.figures]
    assert ranks == sorted(ranks)


def test_every_status_has_a_word_a_shape_and_a_colour_of_its_own():
    assert set(MARKS) == set(STATUSES)
    assert len(set(MARKS.values())) == len(STATUSES)
    assert len({shape for shape, _ in (wordmarks.SHAPES[word] for word in MARKS.values())}) == len(
        STATUSES
    )


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_opens_its_readings_and_its_chart(app, name):
    text = words(visit(app, figure=name))
    figure = MADE.figure(name)
    for reading in figure.readings:
        assert plain(reading.definition) in text
        assert plain(known(reading)) in text
        assert plain(fit(reading)) in text
    assert len(charts(app)) == len(figures.pictured(figure))
    if figure.status != "not_checkable":
        assert charts(app)
        assert figures.pictured(figure)[0].id == figure.readings[0].id
    else:
        assert plain(f"To check it, bring: {figure.needs}") in text
    for reading in figure.readings:
        if reading.story is not None:
            assert any(DESK.stories[reading.story].title in link.label for link in app.page_link)


def test_an_opened_figure_stands_in_the_address_and_comes_back():
    here = parse("audit", {"figure": FIGURES[0], "as_of": "latest"}, DESK)
    assert here.parameters() == {"figure": FIGURES[0], "as_of": "latest"}
    assert parse("audit", here.parameters(), DESK) == here
    assert here.at(figure="").parameters() == {"as_of": "latest"}
    assert here.at("stories").parameters() == {"as_of": "latest"}


def test_an_unknown_figure_is_told(app):
    visit(app, figure=FIGURES[0][:-1])
    assert len(app.warning) == 1
    assert "There is no figure" in app.warning[0].value
    assert "Did you mean" in app.warning[0].value


def test_before_the_note_there_is_nothing_to_audit(app):
    text = words(visit(app, as_of="2025-04-12"))
    assert "there was nothing yet to recompute" in text
    assert all(plain(figure.sentence) not in text for figure in MADE.figures)


def test_on_the_day_of_the_note_nothing_later_is_shown(app):
    day = DESK.sheet.note.on
    then = DESK.audit(day)
    text = words(visit(app, as_of=day.isoformat()))
    for figure in then.figures:
        assert plain(figure.sentence) in text
        assert not figure.turned
    late = MADE.figure("net-equity-now")
    assert then.figure("net-equity-now").status == "not_checkable"
    assert plain(late.sentence) not in text


def test_a_broken_sheet_leaves_a_page_that_says_so(tmp_path, monkeypatch):
    shutil.copytree(briefs_desk.NARRATIVES, tmp_path / "narratives")
    (tmp_path / "narratives" / "liberation-day" / "audit.yaml").write_text("schema: [1\n<b>")
    monkeypatch.setattr(briefs_desk, "NARRATIVES", tmp_path / "narratives")
    desks.opened.clear()
    try:
        app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60).run()
        assert "could not be read" in words(visit(app, figure=FIGURES[0]))
    finally:
        desks.opened.clear()
