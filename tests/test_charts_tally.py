"""The count of the note's figures, and the releases to come."""

from datetime import date

from briefs import figures, releases
from charts.agenda import MOST, agenda
from charts.theme import DARK, LIGHT
from evidence.audit import STATUSES
from tests import ours

DESK = ours.desk()


def rows(figure, layer):
    return figure.frame[figure.frame["layer"] == layer]


def test_there_is_a_mark_for_each_figure_in_the_row_of_its_status():
    made = DESK.audit(DESK.newest)
    for look in (LIGHT, DARK):
        drawn = figures.tally(DESK, made, look)
        for status, words in STATUSES.items():
            own = [f.title for f in made.figures if f.status == status]
            marks = rows(drawn, f"marks-{status}")
            assert list(marks["tip"]) == own
            assert marks["y"].nunique() <= 1
            (head,) = rows(drawn, f"says-{status}")["text"]
            assert head == f"{len(own)} {words.lower()}"
        assert len(drawn.table) == len(made.figures)
        assert all(f.title in drawn.alt for f in made.figures)


def test_the_releases_stand_on_their_days_in_order():
    day = date(2025, 6, 20)
    coming = releases.coming(DESK, day)
    assert [d.on for d in coming.due] == sorted({d.on for d in coming.due})
    assert all(d.on >= day and d.names and d.stories for d in coming.due)
    tic = next(d for d in coming.due if "cross-border flows (TIC)" in d.names)
    # the Treasury's calendar: figures for May came on 17 July 2025
    assert tic.on == date(2025, 7, 17)
    drawn = figures.agenda(DESK, day, LIGHT)
    assert drawn is not None
    for line, due in enumerate(coming.due[:MOST]):
        (mark,) = rows(drawn, f"due-{line}").itertuples()
        assert date(1970, 1, 1).toordinal() + int(mark.x) == due.on.toordinal()
        assert mark.tip.endswith(due.names[-1])
    assert len(drawn.table) == len(coming.due)


def test_a_long_list_of_releases_is_cut_and_counted():
    names = ["exchange rates (H.10)", "cross-border flows (TIC)", "Treasury yields (H.15)"]
    drawn = agenda(date(2025, 1, 1), [(date(2025, 1, 9), names)], LIGHT)
    (label,) = rows(drawn, "says-0")["text"]
    assert label.startswith("9 January\nExchange rates (H.10)")
    assert label.endswith("(TIC), 1 more")
    assert all(name in drawn.alt for name in names)


def test_the_scorecard_counts_each_storys_sources():
    contest = figures.contest(DESK, DESK.newest)
    assert contest is not None
    drawn = figures.scorecard(DESK, contest, LIGHT)
    for layer, field in (
        ("inconsistent", "against"),
        ("consistent", "fits"),
        ("not_evaluable", "open"),
    ):
        marks = rows(drawn, f"marks-{layer}")
        for line, one in enumerate(contest.standings):
            own = marks[marks["y"] == len(contest.standings) - line]
            assert len(own) == getattr(one, field)
    first = [one for one in contest.standings if one.place == 1]
    assert drawn.title.endswith(f"against {len(first)} of the {len(contest.standings)} stories")
    assert all(f"{one.title}: {one.against} source" in drawn.alt for one in contest.standings)
