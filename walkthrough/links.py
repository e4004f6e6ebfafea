"""Links in words: a row of ways is one piece of text, since each element of its own costs server and browser a part of a run.

Streamlit opens a link in a text in a new window. A component without looks, once on a page, sends those to pages of the
app on in the same window.
"""

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from briefs.address import Address

_component = st.components.v2.component(
    "links", js=Path(__file__).with_suffix(".js").read_text("utf-8")
)


def way(label: str, to: Address, *, chosen: bool = False, tip: str = "") -> str:
    """A link to a place in the app, as Markdown. chosen: whether the reader is there; the look marks it.

    label, tip: Markdown: other people's text comes through `plain`.
    """
    title = ' "{}"'.format(tip.replace('"', r"\"")) if tip else ""
    link = f"[{label}]({to.page}?{urlencode(to.parameters())}{title})"
    return f"**{link}**" if chosen else link


def soft(words: str) -> str:
    """Words in a row that lead nowhere."""
    return f":gray[{words}]"


def row(key: str, ways: Iterable[str]) -> None:
    """Ways (and words) beside one another, as one text."""
    rows(key, [ways])


def rows(key: str, each: Iterable[Iterable[str]]) -> None:
    """Rows of ways under one another, as one text."""
    with st.container(key=key):
        st.markdown("\n\n".join(" ".join(ways) for ways in each), anchors=False)


def followed(pages: Iterable[str]) -> None:
    """Has links to these pages followed in the same window. Once on a page."""
    _component(key="links", data={"pages": list(pages)}, height=1)
