"""Text that a visitor keeps in their own browser: it survives a reload, and nothing of it stays on the server.

A browser hands over what it keeps a moment after the first run. Until then there is nothing to show, and
nothing is written over it.
"""

from pathlib import Path

import streamlit as st

_component = st.components.v2.component(
    "keeping", js=Path(__file__).with_suffix(".js").read_text("utf-8")
)


def _nothing() -> None:
    """Streamlit takes a value from a component only where a callback of that name is given."""


def kept(name: str) -> str | None:
    """What the browser keeps under a name; None as long as it has not said."""
    state = st.session_state.get(_key(name))
    return None if state is None else state.get("held")


def refused(name: str) -> bool:
    """Whether the browser keeps nothing: its owner forbids it, or it is full."""
    state = st.session_state.get(_key(name))
    return bool(state and state.get("refused"))


def keep(name: str, text: str | None) -> None:
    """Has the browser keep a text (empty: forget it); None asks it what it keeps. Once in a run, at its end."""
    with st.container(key=f"keeping-{name}"):
        _component(
            key=_key(name),
            data={"name": f"flowcheck-{name}", "text": text},
            height=1,
            on_held_change=_nothing,
            on_refused_change=_nothing,
        )


def _key(name: str) -> str:
    return f"keep-{name}"
