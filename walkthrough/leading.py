"""Leads to a field of the page: from a list of ways, or by itself where the button that had the keyboard is gone.

A field is named by its key. Streamlit gives it no address, so this is a component; all words come as data.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import streamlit as st

HERE = Path(__file__)
_component = st.components.v2.component(
    "leading",
    html='<div class="told" role="status"></div><ul></ul>',
    css=HERE.with_suffix(".css").read_text("utf-8"),
    js=HERE.with_suffix(".js").read_text("utf-8"),
)


@dataclass(frozen=True)
class Way:
    """A way to the field of a key, in words, and what is said of it."""

    to: str
    words: str
    why: str = ""


def ways(key: str, told: str, every: Sequence[Way]) -> None:
    """A sentence and a list, each row of which leads to its field."""
    _component(key=key, data={"told": told, "ways": [asdict(way) for way in every], "enter": ""})


def enter(field: str) -> None:
    """Gives the keyboard to the field of a key, once it is drawn. Last in a run."""
    with st.container(key="leading-enter"):
        _component(key=f"enter-{field}", data={"told": "", "ways": [], "enter": field}, height=1)
