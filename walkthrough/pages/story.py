"""One story, step by step: the claim, what we would see, each test, the rivals, the verdict, what would change it."""

import importlib

import streamlit as st

from briefs.address import STEPS
from briefs.desk import SHELVES
from briefs.stand import Stand
from evidence.wording import brought
from walkthrough import address, wordmarks
from walkthrough.desk import desk
from walkthrough.place import Place
from walkthrough.prose import plain

PLACE = Place(30, "Story")


def draw() -> None:
    """The page."""
    here = address.read("story", desk())
    if not here.story:
        st.title("No story yet")
        st.markdown("No story could be read. The page *Data* says what is wrong.")
        return
    story = desk().stories[here.story]
    stand = Stand(desk(), here, story, desk().verdict(here.story, here.day))
    st.caption(SHELVES[story.shelf])
    st.title(plain(story.title), anchor=False)
    with st.container(horizontal=True, gap="small", key="standing"):
        st.markdown(wordmarks.verdict(stand.verdict), width="content")
        if sure := wordmarks.how_sure(stand.verdict):
            st.markdown(sure, width="content")
    if own := brought(stand.verdict.brought):
        st.caption(plain(own))
    _steps(stand)
    importlib.import_module(f"walkthrough.steps.{here.step}").draw(stand)
    _back_and_next(stand)


def _steps(stand: Stand) -> None:
    with st.container(horizontal=True, gap="xsmall", key="steps"):
        for step, title in STEPS.items():
            with st.container(
                key=f"step-{step}-{'here' if step == stand.here.step else 'there'}", width="content"
            ):
                address.link(title, stand.here.at(step=step) if step != "tests" else _tests(stand))


def _tests(stand: Stand) -> address.Address:
    return stand.here.at(step="tests", test=stand.here.test or stand.story.tests[0].id)


def _back_and_next(stand: Stand) -> None:
    """In the same place on every step: the lower edge of the window."""
    stops, at = stand.walk, stand.position
    every = stand.here.at("stories")
    with (
        st.bottom,
        st.container(
            key="walk",
            horizontal=True,
            horizontal_alignment="distribute",
            vertical_alignment="center",
        ),
    ):
        if at > 0:
            address.link("Back", stops[at - 1], icon=":material/arrow_back:")
        else:
            address.link("All stories", every, icon=":material/arrow_back:")
        st.caption(f"{at + 1} of {len(stops)}", width="content")
        if at + 1 < len(stops):
            address.link("Next", stops[at + 1], icon=":material/arrow_forward:", icon_right=True)
        else:
            address.link("All stories", every, icon=":material/arrow_forward:", icon_right=True)


if __name__ == "__main__":
    draw()
