"""One story, step by step: the claim, what we would see, each test, the rivals, the verdict, what would change it."""

import importlib
from collections.abc import Callable

import streamlit as st

from briefs.address import STEPS, Address
from briefs.desk import SHELVES
from briefs.stand import Stand
from evidence.wording import brought
from walkthrough import address, card, moves, sealed, wordmarks
from walkthrough.desk import desk
from walkthrough.links import rows, way
from walkthrough.place import Place
from walkthrough.prose import plain

PLACE = Place(30, "Story")


def draw() -> None:
    """The page."""
    found = desk()
    here = address.read("story", found)
    if not here.story:
        st.title("No story yet")
        st.markdown("No story could be read. The page *Data* says what is wrong.")
        return
    view = sealed.view(found, here) if here.frozen else None
    on = found.at(here.snapshot) if here.frozen else found
    story = on.stories[here.story]
    stand = Stand(on, here, story, on.verdict(here.story, here.day))
    if st.context.is_embedded:
        card.draw(stand, "" if view is None or view.same else " ".join(view.sentences))
        return
    if view is not None:
        sealed.tell(view, here)
    step = importlib.import_module(f"walkthrough.steps.{here.step}")
    _head(stand, getattr(step, "ways", None))
    step.draw(stand)
    _back_and_next(stand)


def _head(stand: Stand, ways: Callable[[Stand], list[str]] | None) -> None:
    """The story, where it stands, its steps, and what a step has ways to (`ways` of its file)."""
    st.title(plain(stand.story.title), anchor=False)
    said = [
        f"{SHELVES[stand.story.shelf]}:",
        wordmarks.verdict(stand.verdict),
        wordmarks.how_sure(stand.verdict),
        plain(brought(stand.verdict.brought)),
    ]
    lines = [[word for word in said if word]]
    if not stand.here.presenter:
        lines.append(_steps(stand))
        lines += [ways(stand)] if ways else []
    rows("steps", lines)


def _steps(stand: Stand) -> list[str]:
    to = {step: stand.here.at(step=step) for step in STEPS} | {"tests": _tests(stand)}
    return [way(STEPS[step], to[step], chosen=step == stand.here.step) for step in STEPS]


def _tests(stand: Stand) -> Address:
    return stand.here.at(step="tests", test=stand.here.test or stand.story.tests[0].id)


def _back_and_next(stand: Stand) -> None:
    every = stand.here.at("stories")
    moves.moves(
        stand.here,
        stand.walk,
        stand.position,
        out=every,
        out_label="All stories",
    )


if __name__ == "__main__":
    draw()
