"""What a visitor writes, in this session and in their own browser: the answers to the questions, and the text.

Once there is a text it is the one thing that is edited. Neither is written down on the server.
"""

import json
from typing import Any

import streamlit as st

from briefs.sandbox.limits import LONGEST
from walkthrough import editor, keeping

NAME = "writing"
TEXT, STAMP, ANSWERS, READY = "write-text", "write-stamp", "write-answers", "write-ready"
EDITOR = "write-editor"
FORM = "write-form"
"""Whether the questions are shown, and not the text."""
TAKEN, OTHER = "write-taken", "write-other"
"""What the browser handed over last; and a text that another tab has put there since."""
LARGEST = 4 * LONGEST
"""Of what a browser hands back, in characters."""


def opened() -> bool:
    """Whether what the browser keeps is at hand."""
    held = keeping.kept(NAME)
    if held is None:
        return READY in st.session_state
    if held != st.session_state.get(TAKEN):
        st.session_state[TAKEN] = held
        _take(held)
    return True


def _take(held: str) -> None:
    """What the browser kept; or what another tab has put there since, which is offered and never taken unasked."""
    document = _parsed(held)
    if READY in st.session_state:
        if (found := document.get("text", "")) and found != text():
            st.session_state[OTHER] = found
        return
    st.session_state[READY] = True
    st.session_state[ANSWERS] = document.get("answers", {})
    st.session_state[TEXT] = document.get("text", "")
    st.session_state[STAMP] = 1


def _parsed(held: str) -> dict[str, Any]:
    try:
        found = json.loads(held) if 0 < len(held) <= LARGEST else {}
    except (ValueError, RecursionError):
        return {}
    sound = (
        isinstance(found, dict)
        and isinstance(found.get("text", ""), str)
        and isinstance(found.get("answers", {}), dict)
    )
    return found if sound else {}


def text() -> str:
    """The text as it stands: what was typed last, else what was put there."""
    typed = editor.typed(f"{EDITOR}-{stamp()}")
    if typed is not None:
        st.session_state[TEXT] = typed
    return str(st.session_state.get(TEXT, ""))


def stamp() -> int:
    """Counts the texts that were put there from outside."""
    return int(st.session_state.get(STAMP, 0))


def put(text: str) -> None:
    """Puts a text in place of what stands there."""
    st.session_state[TEXT] = text
    st.session_state[STAMP] = stamp() + 1


def answers() -> dict[str, Any]:
    """The answers to the questions, by the question."""
    held: dict[str, Any] = st.session_state.setdefault(ANSWERS, {})
    return held


def begin_anew() -> None:
    """Forgets the text and the answers."""
    put("")
    st.session_state[ANSWERS] = {}
    st.session_state[FORM] = True


def other() -> str:
    """The text that another tab of the same visitor has put there; empty where there is none."""
    return str(st.session_state.get(OTHER, ""))


def settle(take: bool) -> None:  # noqa: FBT001 - a callback's only argument
    """Takes the other tab's text, or keeps this one's."""
    found = st.session_state.pop(OTHER, "")
    if take and found:
        put(found)
        st.session_state[FORM] = False


def kept() -> None:
    """At the end of a run: the browser keeps what there is. What another tab wrote is not written over unseen."""
    if READY not in st.session_state:
        keeping.keep(NAME, None)
        return
    document = {"text": text(), "answers": answers()}
    whole = (
        json.dumps(document, ensure_ascii=False, sort_keys=True) if any(document.values()) else ""
    )
    if other() or len(whole) > LARGEST:
        whole = st.session_state.get(TAKEN, "")
    keeping.keep(NAME, whole)


def refused() -> bool:
    """Whether this browser keeps nothing."""
    return keeping.refused(NAME)
