"""The frame that every page shares: the name, the way to the pages, the day, notices, the foot."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import streamlit as st

from briefs.address import Address
from briefs.desk import Desk
from briefs.settings import settings
from walkthrough import asof, house, sources
from walkthrough.address import link
from walkthrough.footer import footer
from walkthrough.prose import plain

LOOK = Path(__file__).with_name("look.css")


def _to(desk: Desk, here: Address, page: str) -> Address:
    """A page's place on the same day; the page of one story opens with the reader's, else the first."""
    if page == "story" and desk.stories:
        return here.at(page, story=here.story or next(iter(desk.stories)))
    return here.at(page)


@contextmanager
def frame(desk: Desk, here: Address) -> Iterator[None]:
    """Head before the page, foot after it."""
    st.html(LOOK)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="head"):
        with st.container(key="name", width="content"):
            st.markdown(f"**{plain(settings().name)}**", width="content")
        with st.container(horizontal=True, gap="xsmall", key="pages", width="content"):
            for name, place in house.places().items():
                with st.container(
                    key=f"page-{name}-{'here' if name == here.page else 'there'}", width="content"
                ):
                    link(place.title, _to(desk, here, name))
    asof.control(desk, here)
    for fault in here.faults:
        st.warning(plain(fault))
    if here.latest and here.story:
        sources.tell(desk, here.story)
    yield
    footer(desk, here)


def closed(fault: str) -> NoReturn:
    """Says that the data cannot be read, and why, in place of a page."""
    st.warning(
        f"The data cannot be read: {plain(fault)}. The pages come back when the file is mended."
    )
    st.stop()
