"""What could we have known? Every story on every day, and when each was settled."""

from itertools import groupby

import streamlit as st

from briefs import figures
from briefs.address import Address
from briefs.desk import SHELVES, Desk
from evidence import telling
from evidence.history import History
from evidence.narrative import Narrative
from walkthrough import address, asof, memory, wordmarks
from walkthrough.desk import desk
from walkthrough.drawing import look, show
from walkthrough.place import Place
from walkthrough.prose import para, plain

PLACE = Place(35, "What was known")
WIDTHS = [30, 22, 48]


def draw() -> None:
    """The page."""
    found = desk()
    here = address.read("known", found)
    st.title("What could we have known?", anchor=False)
    event = found.the_event
    if event is None:
        st.markdown("No story could be read. The page *Data* says what is wrong.")
        return
    if here.day < event.date:
        para(telling.too_early(here.day, event.name, event.date))
        return
    histories = {
        name: known
        for name in memory.ready(found)
        if (known := memory.upto(found, name, here.day)) is not None
    }
    stories = [s for s in found.stories.values() if s.id in histories]
    said = [s.id for s in found.stories.values() if s.shelf == "said"]
    if set(said) <= set(histories):
        with st.container(key="rare"):
            para(telling.first_answer([_first_answer(histories[s]) for s in said], here.day))
    asof.slider(found, here)
    if not stories:
        return
    shelves = {
        SHELVES[shelf]: [histories[s.id] for s in own]
        for shelf, own in groupby(stories, key=lambda s: s.shelf)
    }
    show(figures.timeline(event, shelves, here.day, look()), "timeline")
    st.header("When each story was settled", anchor=False)
    st.markdown(
        "A story counts as settled since the day from which its verdict has pointed the same way. A later release can still turn it."
    )
    for shelf, own in groupby(stories, key=lambda s: s.shelf):
        st.subheader(SHELVES[shelf], anchor=False)
        for story in own:
            _row(found, here, story, histories[story.id])


def _first_answer(one: History) -> telling.Answer | None:
    """The first day on which the story could be judged, and what came that day."""
    first = next((d for d in one.days if d.direction != "insufficient_data"), None)
    if first is None:
        return None
    turn = next((t for t in one.turns if t.on == first.on), None)
    return telling.Answer(first.on, tuple(p.words for p in turn.moved_by) if turn else ())


def _row(found: Desk, here: Address, story: Narrative, known: History) -> None:
    scored = found.verdict(story.id, here.day)
    with st.container(key=f"settled-{story.id}"):
        title, verdict, since = st.columns(WIDTHS)
        with title:
            there = here.at("story", story=story.id).at(step="verdict")
            address.link(f"**{plain(story.title)}**", there)
        with verdict.container(gap="xxsmall"):
            st.markdown(wordmarks.verdict(scored))
            if sure := wordmarks.how_sure(scored):
                st.caption(sure)
        since.caption(plain(telling.since(known)))


if __name__ == "__main__":
    draw()
