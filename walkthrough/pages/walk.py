"""The guided walk: one idea, one picture and few words a step, from what happened to what to watch."""

from collections.abc import Mapping

import streamlit as st

from briefs import walk
from briefs.address import Address
from briefs.walk import Step
from walkthrough import address, moves, wordmarks
from walkthrough.desk import desk
from walkthrough.drawing import look, walked
from walkthrough.links import row, way
from walkthrough.place import Place
from walkthrough.prose import bullets, para, plain

PLACE = Place(15, "Guided walk")
WIDTHS = [34, 66]


def draw() -> None:
    """The page."""
    found = desk()
    here = address.read("walk", found)
    if not here.chapter:
        st.title("No story yet", anchor=False)
        st.markdown("No story could be read. The page *Data* says what is wrong.")
        return
    names = found.chapters
    stops = [here.at(chapter=c, step=s) for c, steps in names.items() for s in steps]
    at = [(stop.chapter, stop.step) for stop in stops].index((here.chapter, here.step))
    if not here.presenter:
        _chapters(here, names)
    chapter = walk.chapter(found, here.chapter, here.day)
    own = names[here.chapter]
    _step(here, chapter.steps[own.index(here.step)], chapter.title)
    moves.moves(
        here,
        stops,
        at,
        out=here.at("stories" if at else "start"),
        out_label="All stories" if at else "Start",
    )


def _chapters(here: Address, names: Mapping[str, tuple[str, ...]]) -> None:
    titles = walk.titles()
    row(
        "chapters",
        (
            way(
                f"{number} {titles[name]}",
                here.at(chapter=name, step=steps[0]),
                chosen=name == here.chapter,
            )
            for number, (name, steps) in enumerate(names.items(), 1)
        ),
    )


def _step(here: Address, step: Step, chapter: str) -> None:
    words, picture = st.columns(WIDTHS, gap="large")
    with words.container(key="idea", gap="small"):
        st.caption(plain(chapter))
        st.title(plain(step.heading), anchor=False)
        if step.text:
            para(step.text)
        if step.mark:
            with st.container(key="ends-with"):
                st.markdown(wordmarks.ending(step.mark, step.said))
                _sure(step)
        if not here.presenter:
            _deeper(step)
    with picture:
        figure = step.figure(look())
        if figure is None:
            with st.container(key="no-picture"):
                st.caption("On this day there is nothing to draw yet.")
        else:
            walked(figure)


def _sure(step: Step) -> None:
    """How sure the verdict is, and what all its tests say: one picture is not the whole story."""
    if step.verdict is None:
        return
    if sure := wordmarks.how_sure(step.verdict):
        st.caption(sure)
    tests = step.verdict.tests
    st.caption(f"{wordmarks.strip(tests)} {wordmarks.tally(tests)}")


def _deeper(step: Step) -> None:
    with st.container(key="deeper", gap="xxsmall"):
        for fold in step.folds:
            if fold.lines:
                with st.expander(fold.title, type="compact"):
                    bullets(fold.lines)
        if step.to is not None:
            with st.container(key="step-to"):
                address.link(step.to_label, step.to)


if __name__ == "__main__":
    draw()
