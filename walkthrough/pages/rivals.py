"""The rivals: every story against all of the evidence, which the evidence speaks against least, and what tells them apart."""

import streamlit as st

from briefs import figures
from briefs.address import Address
from briefs.desk import Desk
from charts.matrix import COULD, letters
from evidence.rivals import Rivals, Row, Standing
from evidence.wording import first_place, listed, source_name
from walkthrough import address, wordmarks
from walkthrough.desk import desk
from walkthrough.drawing import look, show
from walkthrough.folds import fold
from walkthrough.place import Place
from walkthrough.prose import para, plain

PLACE = Place(33, "Rivals")
WIDTHS = [46, 29, 25]


def draw() -> None:
    """The page."""
    found = desk()
    here = address.read("rivals", found)
    st.title("Which story does the evidence speak against least?", anchor=False)
    contest = figures.contest(found, here.day)
    if contest is None:
        st.markdown("No story names a rival. The page *Data* says what could not be read.")
        return
    st.markdown(
        "Evidence that fits every story is worth nothing, however striking. A test is worth something where stories expect different "
        "things of it. So the stories are not ranked by what fits them but by how little speaks against them, each source counted once."
    )
    with st.container(key="rare"):
        para(first_place(contest))
    ranking, leaving = st.columns([62, 38], gap="large")
    with ranking:
        st.header("The ranking", anchor=False)
        for one in contest.standings:
            _standing(here, contest, one)
    with leaving:
        _without(contest)
    st.header("Test by test", anchor=False)
    show(figures.matrix(found, contest, look()), "matrix")
    if any(row.worth in COULD for row in contest.rows):
        fold(
            "Tests that could tell them apart, but do not yet",
            "could",
            lambda: show(figures.matrix(found, contest, look(), apart=False), "could"),
        )
    _nothing(found, here, contest)


def _standing(here: Address, found: Rivals, one: Standing) -> None:
    letter = letters(found)[one.story]
    tie = " (tied)" if one.tied else ""
    with st.container(key=f"settled-rank-{one.story}"):
        title, sources, verdict = st.columns(WIDTHS)
        with title.container(gap="xxsmall"):
            st.caption(f"Place {one.place}{tie}")
            address.link(f"**{letter}: {plain(one.title)}**", here.at("story", story=one.story))
        sources.caption(f"{one.against} against, {one.fits} for, {one.open} open")
        with verdict:
            st.markdown(wordmarks.direction(one.direction))


def _without(found: Rivals) -> None:
    """The ranking with each source left out: which sources carry it."""
    st.header("Leaving out one source", anchor=False)
    changing = [one for one in found.without if one.changes]
    steady = [source_name(one.source) for one in found.without if not one.changes]
    letter = letters(found)
    for one in changing:
        first = listed(sorted(letter[story] for story in one.first))
        st.markdown(
            f"- Without {plain(source_name(one.source))} the first place goes to **{first}**."
        )
    if steady:
        lead = (
            "The first place stays as it is without any of these"
            if len(steady) > 1
            else "The first place stays without"
        )
        para(f"{lead}: {listed(steady)}.")


def _nothing(found: Desk, here: Address, contest: Rivals) -> None:
    """Evidence that no story expects otherwise."""
    rows = [row for row in contest.rows if row.worth == "nothing"]
    if not rows:
        return
    st.header("Worth nothing here", anchor=False)
    st.markdown(
        "No other story says that it expects anything else of these tests. They can speak for or against their own story, but they cannot "
        "choose between stories."
    )
    for row in rows:
        _worthless(found, here, row)


def _worthless(found: Desk, here: Address, row: Row) -> None:
    there = here.at("story", story=row.story).at(step="tests", test=row.test)
    with st.container(horizontal=True, gap="small", key=f"nothing-{row.story}-{row.test}"):
        st.markdown(wordmarks.shape(row.outcome), width="content")
        address.link(plain(row.title), there)
        st.caption(plain(found.stories[row.story].title), width="content")


if __name__ == "__main__":
    draw()
