"""The frame that every page shares: the name, the way to the pages, the day, notices, the foot."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

import streamlit as st

from briefs.address import Address
from briefs.desk import Desk
from briefs.settings import settings
from walkthrough import asof, drawing, house, sharing, sources
from walkthrough.footer import footer, short
from walkthrough.links import followed, row, rows, way
from walkthrough.prose import listen, plain

LOOK = Path(__file__).with_name("look.css")
STAGE = Path(__file__).with_name("stage.css")
"""What a presentation looks like besides."""
brought = False
"""Whether the pages that a browser gets have the look in them, as a hosted copy's have: then no session sends it."""


def _to(desk: Desk, here: Address, page: str) -> Address:
    """A page's place on the same day; the page of one story opens with the reader's, else the first."""
    if page == "story" and desk.stories:
        return here.at(page, story=here.story or next(iter(desk.stories)))
    if page == "walk" and desk.stories:
        name, steps = next(iter(desk.chapters.items()))
        return here.at(page, chapter=name, step=steps[0])
    return here.at(page)


@contextmanager
def frame(desk: Desk, here: Address) -> Iterator[None]:
    """Head before the page, foot after it. A presentation and a card have neither."""
    if not _came():
        st.html(LOOK)
    listen(words=here.words)
    drawing.begin(data=not (here.presenter or st.context.is_embedded))
    if st.context.is_embedded:
        yield
        return
    followed(house.places())
    if here.presenter:
        st.html(STAGE)
    else:
        _head(desk, here)
        _line(desk, here)
    for fault in here.faults:
        st.warning(plain(fault))
    if here.latest and here.story and not here.presenter:
        sources.tell(desk, here.story)
    yield
    if here.presenter:
        short(desk, here)
    else:
        footer(desk, here)


def _came() -> bool:
    """Whether the look came with this session's page. Under an address that is no page's, Streamlit answers with its own."""
    if LOOK.name not in st.session_state:
        name = urlsplit(st.context.url or "").path.rpartition("/")[2]
        st.session_state[LOOK.name] = brought and name in ("", *house.places())
    return bool(st.session_state[LOOK.name])


def _head(desk: Desk, here: Address) -> None:
    ways = (
        way(place.title, _to(desk, here, name), chosen=name == here.page)
        for name, place in house.places().items()
    )
    row("pages", [f"**{plain(settings().name)}**", *ways])


def _line(desk: Desk, here: Address) -> None:
    """The day, what was known on it, and what can be done with the view."""
    with st.container(horizontal=True, vertical_alignment="top", gap="small", key="line"):
        if here.frozen:
            said = ["A frozen view: the newest data change nothing here."]
        elif here.exercise:
            said = ["An exercise keeps its own day: the newest data change nothing here."]
        else:
            asof.field(desk, here)
            said = asof.said(desk, here)
        turns = [] if here.frozen or here.exercise else asof.turns(desk, here)
        says = "Without explanations" if here.words else "Explain the terms"
        ways = [*turns, way(says, replace(here, words=not here.words, faults=()))]
        rows("day", [said, ways])
        sharing.popover(desk, here)


def titled(title: str = "") -> None:
    """What the browser's tab says, and how wide a page is."""
    st.set_page_config(
        page_title=f"{title} · {settings().name}" if title else settings().name,
        page_icon="static/favicon.png",
        layout="wide",
        initial_sidebar_state="collapsed",
    )


def closed(fault: str) -> NoReturn:
    """Says that the data cannot be read, and why, in place of a page."""
    titled()
    st.warning(
        f"The data cannot be read: {plain(fault)}. The pages come back when the file is mended."
    )
    st.stop()
