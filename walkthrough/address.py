"""The only reader and writer of the URL (briefs/address.py says what one means)."""

from collections.abc import Callable
from datetime import date
from functools import cache

import streamlit as st

from briefs.address import PARAMETERS, Address, Known, parse

PAGES = "walkthrough/pages"
PAGE = "page_before"
COMPLETED = ("story", "walk", "train")
"""Pages whose address is written whole, also where it was typed short."""


def read(page: str, known: Known) -> Address:
    """Where the reader stands."""
    return parse(page, _query(), known)


def settle(here: Address) -> None:
    """Makes the browser show the address that this run draws. Called once in a run, by the door.

    Streamlit hands a link's query to the script but leaves the address bar alone where the page stays
    the same; sent again, it makes the entry in the history. (An equal one changes nothing. Where the page
    changes, Streamlit writes the address itself, and a second writer would make a second entry.) A
    story's address that leaves something out is completed; one with a fault stays as it was typed.
    """
    before = st.session_state.get(PAGE, here.page)
    st.session_state[PAGE] = here.page
    if before != here.page:
        return
    query = _query()
    if here.page in COMPLETED and (here.story or here.chapter or here.exercise) and not here.faults:
        query = here.parameters()
    st.query_params.from_dict(query)


def _query() -> dict[str, str]:
    return {name: st.query_params[name] for name in PARAMETERS if name in st.query_params}


def link(
    label: str,
    to: Address,
    *,
    icon: str | None = None,
    icon_right: bool = False,
) -> None:
    """A link to a place in the app. The label is Markdown: other people's text comes through `plain`."""
    st.page_link(
        _page(to.page),
        label=label,
        icon=icon,
        icon_position="right" if icon_right else "left",
        query_params=to.parameters(),
        width="content",
    )


@cache
def _page(name: str) -> st.Page:
    """Only to name a page in a link: for a file's name Streamlit looks the file up with every link."""
    return st.Page(f"{PAGES}/{name}.py", url_path=name)


def go(to: Address) -> None:
    """A callback's way to another place on the same page: one entry in the history."""
    st.query_params.from_dict(to.parameters())


def mover(key: str) -> Callable[[], None]:
    """A callback for a date widget: writes its value into the URL."""

    def move() -> None:
        chosen = st.session_state.get(key)
        if isinstance(chosen, date):
            st.query_params["as_of"] = chosen.isoformat()

    return move


def chooser(key: str, name: str) -> Callable[[], None]:
    """A callback for a widget of choices: writes what is chosen into the URL, nothing where nothing is."""

    def choose() -> None:
        chosen = st.session_state.get(key) or ()
        words = chosen if isinstance(chosen, str) else ",".join(chosen)
        if words:
            st.query_params[name] = words
        else:
            st.query_params.pop(name, None)

    return choose
