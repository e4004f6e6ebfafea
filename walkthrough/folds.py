"""What is folded away: made and sent only once a reader opens it."""

from collections.abc import Callable

import streamlit as st


def fold(title: str, key: str, draw: Callable[[], None], *, expanded: bool = False) -> None:
    """A title that unfolds what `draw` draws. The title is Markdown: other people's text comes through `plain`."""
    folded = st.expander(title, expanded=expanded, key=key, on_change="rerun", type="compact")
    if folded.open:
        with folded:
            draw()
