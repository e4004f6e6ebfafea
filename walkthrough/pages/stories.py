"""The board: every story with its verdict, how sure, the marks of its tests, and what would change it."""

from itertools import groupby

import streamlit as st

from evidence.days import day, short_day
from evidence.narrative import Narrative
from evidence.trace import Verdict
from walkthrough import address, asof, wordmarks
from walkthrough.address import Address
from walkthrough.desk import SHELVES, Desk, desk
from walkthrough.place import Place
from walkthrough.prose import plain

PLACE = Place(20, "Stories")
WIDTHS = [29, 19, 18, 11, 27]


def draw() -> None:
    """The page."""
    found = desk()
    here = address.read("stories", found)
    st.title("Which stories hold up?", anchor=False)
    st.markdown(
        "Each story is a claim that people make about markets, turned into tests that it has to survive. Move the day and watch what could be known."
    )
    with st.container(key="board-day"):
        asof.slider(found, here)
    st.caption(f"One mark for each test: {wordmarks.key()}")
    for shelf, stories in groupby(found.stories.values(), key=lambda s: s.shelf):
        st.header(SHELVES[shelf], anchor=False)
        _heads(shelf)
        for story in stories:
            _row(found, here, story)
    _problems(found)


def _heads(shelf: str) -> None:
    with st.container(key=f"heads-{shelf}"):
        for column, title in zip(
            st.columns(WIDTHS),
            ("Story", "Verdict", "Its tests", "Data as of", "What would change it"),
            strict=True,
        ):
            column.caption(title)


def _row(found: Desk, here: Address, story: Narrative) -> None:
    scored = found.verdict(story.id, here.day)
    with st.container(key=f"story-{story.id}"):
        title, verdict, tests, fresh, change = st.columns(WIDTHS)
        with title:
            address.link(f"**{plain(story.title)}**", here.at("story", story=story.id))
        with verdict.container(gap="xxsmall"):
            st.markdown(wordmarks.verdict(scored))
            if sure := wordmarks.how_sure(scored):
                st.caption(sure)
        with tests.container(gap="xxsmall"):
            st.markdown(wordmarks.strip(scored.tests))
            st.caption(wordmarks.tally(scored.tests))
        fresh.caption(short_day(scored.stands_for))
        change.caption(_change(scored))


def _change(scored: Verdict) -> str:
    """The nearest thing that would change it."""
    lines = list(scored.would_change[:1])
    if scored.next_release is not None and not any(" due on " in line for line in lines):
        lines.append(f"Ask again on {day(scored.next_release.on)}.")
    return plain(" ".join(lines) or "Nothing that is due.")


def _problems(found: Desk) -> None:
    errors = [p for p in found.library.problems if p.severity == "error"]
    if not errors:
        return
    with st.expander(f"Left out: {len(errors)} problems in stories that could not be read"):
        for problem in errors:
            st.markdown(f"- {plain(problem.file)}, line {problem.line}: {plain(problem.message)}")


if __name__ == "__main__":
    draw()
