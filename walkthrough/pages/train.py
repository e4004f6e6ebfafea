"""Train: predict first, then see. Stories as lessons, exercises, and one's own calibration."""

import streamlit as st

from briefs.address import Address
from briefs.desk import Desk
from briefs.stand import Stand
from briefs.training import plan as plans
from walkthrough import address, focus
from walkthrough.desk import desk
from walkthrough.place import Place
from walkthrough.training import exercise, lesson, notebook, overview

PLACE = Place(37, "Train")


def draw() -> None:
    """The page."""
    found = desk()
    here = address.read("train", found)
    if not found.stories:
        st.title("No story yet", anchor=False)
        st.markdown("No story could be read. The page *Data* says what is wrong.")
        return
    if notebook.opened():
        _open(found, here)
    else:
        st.title("Train", anchor=False)
        st.caption("Looking for what this browser keeps of your training …")
    notebook.kept()
    focus.moved()


def _open(found: Desk, here: Address) -> None:
    items, _ = plans.parse(
        here.plan,
        found.stories,
        found.exercise_ids,
        lambda day: found.oldest <= day <= found.newest,
    )
    if here.exercise:
        exercise.draw(found, here, *_onward(found, here, items))
    elif here.story:
        story = found.stories[here.story]
        stand = Stand(found, here, story, found.verdict(story.id, here.day))
        lesson.draw(stand, *_onward(found, here, items))
    else:
        overview.draw(found, here, items)


def _onward(found: Desk, here: Address, items: plans.Plan) -> tuple[Address, str]:
    """Where the way leads on: to the next item of the course, or back to the first page of the training."""
    places = [overview.placed(here, item) for item in items]
    mine = [
        n
        for n, place in enumerate(places)
        if (place.story, place.exercise) == (here.story, here.exercise)
        and (here.exercise or place.as_of == here.as_of)
    ]
    at = mine[0] + 1 if mine else len(items)
    if at < len(items):
        title = overview.titled(found, items[at])
        return overview.placed(here, items[at]), f"Next: {title}"
    return here.at("train", story="", exercise=""), "All lessons"


if __name__ == "__main__":
    draw()
