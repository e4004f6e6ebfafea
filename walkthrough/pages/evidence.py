"""What the evidence says: four findings in a sentence each, the note's two figures from open data, and the rivals."""

import streamlit as st

from briefs import figures
from briefs.address import Address
from briefs.desk import Desk
from charts.matrix import key_to_letters
from evidence.findings import Finding, findings
from walkthrough import address, note, wordmarks
from walkthrough.desk import desk
from walkthrough.drawing import look, show
from walkthrough.place import Place
from walkthrough.prose import para, plain

PLACE = Place(31, "Evidence")


def draw() -> None:
    """The page."""
    found = desk()
    here = address.read("evidence", found)
    st.title("What the evidence says", anchor=False)
    if found.the_event is None:
        st.markdown("No story could be read. The page *Data* says what is wrong.")
        return
    verdicts = {name: found.verdict(name, here.day) for name in found.stories}
    for one in findings(verdicts, here.day):
        st.header(one.heading, anchor=False)
        with st.container(key=f"finding-{one.name}"):
            para(one.sentence)
        picture = figures.finding(found, here.day, one, look())
        if picture is not None:
            show(picture, one.name)
        _stories(found, here, one)
    _note(found, here)
    _rivals(found, here)


def _stories(found: Desk, here: Address, one: Finding) -> None:
    with st.container(horizontal=True, gap="small", key=f"stories-{one.name}"):
        for name in one.stories:
            st.markdown(wordmarks.verdict(found.verdict(name, here.day)), width="content")
            address.link(plain(found.stories[name].title), here.at("story", story=name))


def _note(found: Desk, here: Address) -> None:
    st.header("The note’s two figures, from open data", anchor=False)
    for name in note.LEADS:
        note.draw(found, name, here.day)


def _rivals(found: Desk, here: Address) -> None:
    contest = figures.contest(found, here.day)
    if contest is None:
        return
    st.header("All stories against all of the evidence", anchor=False)
    show(figures.matrix(found, contest, look()), "evidence")
    st.caption(plain(key_to_letters(contest)))
    address.link("The ranking of the stories, and what each source carries", here.at("rivals"))


if __name__ == "__main__":
    draw()
