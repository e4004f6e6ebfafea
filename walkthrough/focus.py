"""The keyboard's place after a press whose button goes away with what it asked for.

A browser then gives the focus to the whole page, and who reads by ear begins anew at its top. So a callback says
where to go on, and the end of that run leads there.
"""

from pathlib import Path

import streamlit as st

HEADING = "heading"
"""The container that holds the heading of what a page shows."""
WANTED, TURN = "focus-wanted", "focus-turn"
KEYBOARD = Path(__file__).with_name("keyboard.js").read_text("utf-8")
"""`enter(key)`, for components that lead the keyboard."""
_component = st.components.v2.component(
    "focus", js=KEYBOARD + Path(__file__).with_suffix(".js").read_text("utf-8")
)


def to(place: str) -> None:
    """For a callback: the keyboard goes on at what has this key: at its heading or its field, where it has one."""
    st.session_state[WANTED] = place
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1


def moved() -> None:
    """At the end of a run: the way there, once."""
    place = st.session_state.pop(WANTED, None)
    if place is None:
        return
    with st.container(key="keeping-focus"):
        _component(key="focus", data={"place": place, "turn": st.session_state[TURN]}, height=1)
