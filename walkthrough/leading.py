"""A list of ways to fields of the page.

A field is named by its key. Streamlit gives it no address, so this is a component; all words come as data.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import streamlit as st

from walkthrough import focus

HERE = Path(__file__)
_component = st.components.v2.component(
    "leading",
    html='<div class="told" role="status"></div><ul></ul>',
    css=HERE.with_suffix(".css").read_text("utf-8"),
    js=focus.KEYBOARD + HERE.with_suffix(".js").read_text("utf-8"),
)


@dataclass(frozen=True)
class Way:
    """A way to the field of a key, in words, and what is said of it."""

    to: str
    words: str
    why: str = ""


def ways(key: str, told: str, every: Sequence[Way]) -> None:
    """A sentence and a list, each row of which leads to its field."""
    _component(key=key, data={"told": told, "ways": [asdict(way) for way in every]})
