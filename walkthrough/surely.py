"""What cannot be undone is asked for once more: a button that opens a question, with a way on and a way back."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from walkthrough import focus
from walkthrough.prose import plain


def surely(
    label: str, loses: str, key: str, act: Callable[..., None], args: tuple[Any, ...] = ()
) -> None:
    """The button. loses: what would be gone, in a sentence. act: what is done once it is confirmed."""
    with (
        st.container(key=f"surely-{key}", width="content"),
        st.popover(label, type="tertiary", key=key, on_change="rerun"),
    ):
        st.markdown(plain(loses))
        with st.container(horizontal=True, gap="small", key=f"{key}-either"):
            st.button("Yes, forget it", key=f"{key}-yes", on_click=_done, args=(key, act, args))
            st.button("Keep it", key=f"{key}-no", on_click=_closed, args=(key,))


def _done(key: str, act: Callable[..., None], args: tuple[Any, ...]) -> None:
    _closed(key)
    act(*args)


def _closed(key: str) -> None:
    st.session_state[key] = False
    focus.to(key)
