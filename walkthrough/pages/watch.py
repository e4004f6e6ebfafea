"""What to watch: the questions that are still open as gauges with history, and the releases to come."""

import streamlit as st

from briefs import answers, figures, releases
from briefs.address import Address
from briefs.desk import Desk
from briefs.stand import Stand
from evidence.days import day
from evidence.trace import TestTrace
from evidence.wording import listed
from walkthrough import address, chain, wordmarks
from walkthrough.desk import desk
from walkthrough.drawing import bare, look
from walkthrough.folds import fold
from walkthrough.place import Place
from walkthrough.prose import para, plain

PLACE = Place(39, "To watch")
WIDTHS = [36, 32, 32]
MOST_DAYS = 12
"""How many release days the calendar names."""
LEAST_POINTS = 3
"""A course of fewer values is no course."""


def draw() -> None:
    """The page."""
    found = desk()
    here = address.read("watch", found)
    st.title("What to watch", anchor=False)
    watched = [s for s in found.stories.values() if s.shelf == "watch"]
    if not watched:
        st.markdown("No story to watch could be read. The page *Data* says what is wrong.")
        return
    st.markdown(
        "These stories are about what comes next. Each test stands as a gauge: the reading today, the shaded side on which the story’s "
        "answer lies, and the course of the series behind it. The readings move with the releases below."
    )
    _calendar(found, here)
    for story in watched:
        stand = Stand(found, here, story, found.verdict(story.id, here.day))
        _story(stand, first=story is watched[0])


def _story(stand: Stand, *, first: bool) -> None:
    story = stand.story
    with st.container(key=f"watch-{story.id}", gap="small"):
        st.header(plain(story.title), anchor=False)
        para(story.claim)
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.markdown(wordmarks.verdict(stand.verdict), width="content")
            if sure := wordmarks.how_sure(stand.verdict):
                st.markdown(sure, width="content")
            address.link("The whole story", stand.here.at("story", story=story.id))
        if stand.verdict.conditions:
            chain.draw(stand)
        tests = stand.verdict.tests
        title = plain(f"The gauges: {wordmarks.tally(tests)}")
        fold(title, f"gauges-{story.id}", lambda: _gauges(stand), expanded=first)


def _gauges(stand: Stand) -> None:
    for trace in stand.verdict.tests:
        _gauge(stand, trace)


def _gauge(stand: Stand, trace: TestTrace) -> None:
    there = stand.here.at("story", story=stand.story.id).at(step="tests", test=trace.id)
    with st.container(key=f"gauge-{stand.story.id}-{trace.id}"):
        words, dial, course = st.columns(WIDTHS, gap="medium")
        with words.container(gap="xxsmall"):
            st.markdown(wordmarks.outcome(trace.outcome))
            address.link(f"**{plain(trace.title)}**", there)
            st.caption(plain(trace.seen))
        with dial:
            picture = figures.dial(stand, trace, look())
            if picture is not None:
                bare(picture)
            else:
                st.caption(plain(answers.needed(trace)))
        with course:
            name = trace.series[0]
            if len(stand.desk.view(stand.verdict.stands_for).series(name)) >= LEAST_POINTS:
                picture = figures.course(stand, name, look())
                st.caption(plain(picture.title))
                bare(picture)


def _calendar(found: Desk, here: Address) -> None:
    """The next releases that these stories wait for, by day."""
    coming = releases.coming(found, here.day)
    st.header("The next releases", anchor=False)
    if not coming.due:
        para("No release that these stories wait for is due.")
    for due in coming.due[:MOST_DAYS]:
        with st.container(key=f"due-{due.on.isoformat()}"):
            when, what = st.columns([22, 78])
            when.markdown(f"**{day(due.on)}**")
            what.markdown(plain(due.says))
    if coming.late:
        st.caption(plain(f"Due before {day(here.day)} and not in the data: {listed(coming.late)}."))


if __name__ == "__main__":
    draw()
