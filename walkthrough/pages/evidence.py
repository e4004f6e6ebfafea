"""What the evidence says: four findings in a sentence each, the note's two figures from open data, and the rivals."""

import streamlit as st

from briefs import figures
from briefs.address import Address
from briefs.desk import Desk
from briefs.stand import Stand
from charts.figure import Figure
from charts.theme import Look
from evidence.findings import HOLDERS, Finding, findings
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
        picture = _picture(found, here, one, look())
        if picture is not None:
            show(picture, one.name)
        _stories(found, here, one)
    _note(found, here)
    _rivals(found, here)


def _picture(found: Desk, here: Address, one: Finding, colours: Look) -> Figure | None:
    """One chart for each finding: purchases, custody, the dollar's peak, a move among its usual ones."""
    if one.name == "sold":
        return figures.bought(found, here.day, colours)
    if one.name == "not":
        return figures.held(found, here.day, colours)
    if one.name == "when":
        stand = _stand(found, here, one, -1)
        pair = figures.pair(stand, colours) if stand else []
        return pair[-1] if pair else None
    stand = _stand(found, here, one, _first_small(found, here, one))
    return figures.place(stand, colours) if stand else None


def _first_small(found: Desk, here: Address, one: Finding) -> int:
    """The place of a holder's test that saw a move too small to tell, the last of them."""
    names = {h.test: h.story for h in HOLDERS}
    small = [
        i
        for i, test in enumerate(one.tests)
        if found.verdict(names[test], here.day).test(test).outcome == "neutral"
    ]
    return small[-1] if small else 0


def _stand(found: Desk, here: Address, one: Finding, place: int) -> Stand | None:
    if not one.tests:
        return None
    test = one.tests[place]
    story = next(s for s in found.stories.values() if test in {t.id for t in s.tests})
    there = here.at("story", story=story.id).at(step="tests", test=test)
    return Stand(found, there, story, found.verdict(story.id, here.day))


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
    address.link("The ranking of the stories, and what each source carries", here.at("rivals"))


if __name__ == "__main__":
    draw()
