"""The brief to take along: one page for a story, two for the event, made in a process of its own."""

from collections.abc import Mapping
from typing import get_args

import streamlit as st

from briefs import worker
from briefs.address import Address
from briefs.desk import Desk
from briefs.paper.model import Format
from evidence.trouble import Trouble
from walkthrough.prose import para
from walkthrough.turns import turns

TYPES: Mapping[Format, tuple[str, str]] = {
    "pdf": ("PDF", "application/pdf"),
    "html": ("HTML", "text/html"),
    "json": ("JSON", "application/json"),
    "csv": ("CSV of the data", "text/csv"),
}


def offer(desk: Desk, here: Address, base: str) -> None:
    """The formats; what is chosen is made, then it can be taken."""
    event = desk.the_event
    name = here.story or (event.id if event is not None else "")
    if not name:
        return
    pages = "on one page" if here.story else "of the event, on two pages"
    st.markdown(f"**The brief**, {pages}")
    form = st.segmented_control(
        "Format",
        get_args(Format),
        format_func=lambda form: TYPES[form][0],
        key=f"brief-{name}",
        label_visibility="collapsed",
    )
    if form is None:
        return
    identity = desk.verdict(here.story, here.day).identity if here.story else desk.store.hash
    older = here.snapshot if here.frozen else None
    with st.spinner("Making the brief …"), turns.aside():
        made = worker.made(name, form, here.day, older, base, identity=identity)
    if isinstance(made, Trouble):
        para(f"The brief could not be made: {made.message}.")
        return
    title, mime = TYPES[form]
    st.download_button(
        f"Take the brief along ({title})",
        made,
        file_name=f"{name}-{here.day.isoformat()}.{form}",
        mime=mime,
        key=f"take-{name}-{form}",
        on_click="ignore",
    )
