"""The as-of control: the day whose knowledge every page shows. Drawn by the door, on every page."""

import streamlit as st

from evidence.days import day as in_words
from evidence.days import short_day
from walkthrough import address
from walkthrough.address import Address
from walkthrough.desk import Desk
from walkthrough.prose import plain

FIELD = "as_of_field"
SLIDER = "as_of_slider"


def control(desk: Desk, here: Address) -> None:
    """One line: as known on which day, what the last release was, and the way back to the newest."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="as-of"):
        st.markdown("As known on", width="content")
        st.session_state[FIELD] = here.day
        st.date_input(
            "As known on (any day; nothing released later is used)",
            key=FIELD,
            on_change=address.mover(FIELD),
            min_value=desk.oldest,
            max_value=desk.newest,
            format="YYYY-MM-DD",
            required=True,
            label_visibility="collapsed",
            width=150,
        )
        st.caption(sentence(desk, here), width="content")
        if not here.latest:
            address.link("Back to the newest", here.on(None))


def sentence(desk: Desk, here: Address) -> str:
    """`18 June 2025 (last release used: TIC, 18 June 2025)`."""
    last = desk.last_release(here.day, here.story or None)
    words = in_words(here.day) + (", the newest day in the data" if here.latest else "")
    if last is None:
        return plain(f"{words}. Nothing that is used here had been released by then.")
    when = "that day" if last.on == here.day else in_words(last.on)
    return plain(f"{words}. Last release used: {last.name}, {when}.")


def slider(desk: Desk, here: Address) -> None:
    """The same day as a slider over release days, with links to the days that matter."""
    stops = list(desk.release_days)
    if here.day not in stops:
        stops = sorted({*stops, here.day})
    if len(stops) > 1:
        st.session_state[SLIDER] = here.day
        st.select_slider(
            "Move the day: nothing released later is used",
            options=stops,
            key=SLIDER,
            format_func=in_words,
            on_change=address.mover(SLIDER),
        )
    with st.container(horizontal=True, gap="small", key="days"):
        for mark in desk.marks:
            _stop(
                plain(f"{short_day(mark.on)}: {mark.name}"),
                here.on(mark.on),
                chosen=not here.latest and here.day == mark.on,
            )
        _stop("Newest", here.on(None), chosen=here.latest)


def _stop(label: str, to: Address, *, chosen: bool) -> None:
    with st.container(key=f"day-{to.as_of}-{'here' if chosen else 'there'}", width="content"):
        address.link(label, to)
