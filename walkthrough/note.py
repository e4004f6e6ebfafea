"""The note's two figures from open data, where a story or a page needs them."""

from collections.abc import Mapping
from datetime import date

import streamlit as st

from briefs import figures
from briefs.desk import Desk
from charts import note_flows, note_ownership
from walkthrough.drawing import beside, look
from walkthrough.prose import plain

FIGURES: Mapping[str, str] = {
    **dict.fromkeys(note_flows.STORIES, "flows"),
    **dict.fromkeys(note_ownership.STORIES, "ownership"),
}
"""The stories that rest on one of the note's figures."""
LEADS: Mapping[str, str] = {
    "flows": (
        "The note draws weekly flows of foreign money into US funds, which are not public. The Treasury’s survey counts all foreigners by "
        "the month; this is what it shows."
    ),
    "ownership": (
        "The note draws foreigners’ net holding of US stocks over decades. From open data it can be split into what was bought and what "
        "prices and exchange rates made of it."
    ),
}


def draw(desk: Desk, name: str, day: date) -> None:
    """One of the two, `flows` or `ownership`, with what a reader can bring."""
    st.markdown(LEADS[name])
    drawn = figures.note_figure(desk, name, day, look())
    beside(drawn, f"note-{name}")
    if name == "flows":
        view = desk.view(day)
        for line in (note_flows.quoted(view), note_flows.slot(view)):
            if line:
                st.caption(plain(line))
