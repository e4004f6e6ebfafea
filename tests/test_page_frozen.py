"""A frozen link in the app: the same page after a refresh, and what has changed where it is not the same."""

from datetime import date

import pytest

from briefs import desk as briefs_desk
from briefs import share
from briefs.address import parse
from briefs.desk import open_desk
from evidence import engine as engines
from evidence import register, seals
from evidence.observations import Store
from tests.snapshots import PROTEST, REVISED, copied, grown
from tests.visits import session, visit
from walkthrough import desk as desks

DESK = open_desk()
DAY = date(2026, 9, 30)
HERE = parse("story", {"story": PROTEST, "step": "verdict", "as_of": DAY.isoformat()}, DESK)
VERDICT = DESK.verdict(PROTEST, DAY)
QUERY = share.frozen(HERE, VERDICT, DESK.snapshot).parameters()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A snapshot of the test's own, which the app opens."""
    place = copied(tmp_path / "snapshot")
    monkeypatch.setattr(desks, "SNAPSHOT", place)
    monkeypatch.setattr(briefs_desk, "Store", lambda **named: Store(place, **named))
    desks.opened.clear()
    yield place
    desks.opened.clear()


def texts(app):
    """Every text of the page but the foot, which names the newest data, and the notice."""
    found = [m.value for m in app.markdown] + [h.value for h in app.header]
    return [text for text in found if "Today, with" not in text]


def told(app):
    return next(m.value for m in app.markdown if "as known on" in m.value.lower())


def test_after_a_refresh_the_frozen_page_reads_as_before_and_the_live_one_does_not(folder):
    app = session()
    before = texts(visit(app, "story", **QUERY))
    assert "**A frozen view**" in before
    live_before = texts(visit(app, "story", story=PROTEST, step="verdict", as_of="latest"))
    grown(folder, *REVISED)
    after = visit(app, "story", **QUERY)
    assert texts(after) == before
    assert any(VERDICT.identity in text for text in texts(after))
    notice = told(after)
    assert "This is the verdict as known on 30 September 2026" in notice
    assert "Today, with the data to" in notice
    live = texts(visit(app, "story", story=PROTEST, step="verdict", as_of="latest"))
    assert live != live_before
    assert not any(VERDICT.identity in text for text in live)


def test_after_a_change_of_the_engine_both_verdicts_stand_side_by_side(folder, monkeypatch):
    for module in (engines, seals, register):
        monkeypatch.setattr(module, "ENGINE_VERSION", "9.9")
    app = visit(session(), "story", **QUERY)
    found = [m.value for m in app.markdown]
    assert "**A frozen view that has changed**" in found
    assert any("The engine has changed since this link was made (1.1, now 9.9)" in t for t in found)
    assert [c.value for c in app.caption].count("As it was shared") == 1
    assert [c.value for c in app.caption].count("The same day, worked out now") == 1


def test_a_seal_that_nobody_gave_is_not_believed(folder):
    app = visit(session(), "story", **{**QUERY, "seal": "0123456789ab"})
    found = [m.value for m in app.markdown]
    assert "**A frozen link that cannot be checked**" in found
    assert any("No copy of the verdict" in text for text in found)


@pytest.mark.long
def test_a_link_from_a_newer_copy_says_what_is_missing(folder):
    app = visit(session(), "story", **{**QUERY, "snapshot": "98"})
    assert any("98" in warning.value for warning in app.warning)
    assert not any("frozen view" in m.value for m in app.markdown)
