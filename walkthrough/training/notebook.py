"""A learner's record in this session: read from their browser, changed as they go, kept there again.

Beside the record stand answers that are begun and not given yet, so that a reload loses none of them.
"""

import json
from collections.abc import Hashable
from typing import Any

import streamlit as st

from briefs.training.record import LARGEST, Record, read, written
from walkthrough import keeping

NAME = "training"
RECORD, BEGUN = "training-record", "training-begun"
TAKEN, UNREAD = "training-taken", "training-unread"
"""What the browser handed over last; and that of it which could not be read, with the reason."""
_SIMPLE = (str, int, float)
MOST_BEGUN = 400


def opened() -> bool:
    """Whether the record is at hand. Until the browser has said what it keeps, a page waits a moment."""
    held = keeping.kept(NAME)
    if held is None:
        return RECORD in st.session_state
    if held != st.session_state.get(TAKEN):
        st.session_state[TAKEN] = held
        _take(held)
    return True


def _take(held: str) -> None:
    """What the browser kept, or another tab has put there since: both are joined. What cannot be read is told and left."""
    mine: Record = st.session_state.get(RECORD, Record())
    begun_: dict[str, Any] = st.session_state.get(BEGUN, {})
    st.session_state[RECORD], st.session_state[BEGUN] = mine, begun_
    if not held:
        return
    document = _parsed(held)
    found = read(json.dumps(document.get("record"))) if document else "It is not JSON."
    if isinstance(found, Record):
        st.session_state[RECORD] = mine.joined(found)
        st.session_state[BEGUN] = {**_simple(document.get("begun")), **begun_}
    else:
        st.session_state[UNREAD] = (held, found)


def _parsed(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text) if len(text) <= 2 * LARGEST else None
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _simple(given: object) -> dict[str, Any]:
    """Answers by the key of their widget: plain values only."""
    if not isinstance(given, dict) or len(given) > MOST_BEGUN:
        return {}
    return {k: v for k, v in given.items() if k.startswith("answer-") and isinstance(v, _SIMPLE)}


def record() -> Record:
    """The record as it stands."""
    found: Record = st.session_state.get(RECORD, Record())
    return found


def put(changed: Record) -> None:
    """The record after something was said."""
    st.session_state[RECORD] = changed


def begun(key: str) -> Any:
    """The answer that was begun for a widget, to be its default; None where there is none."""
    return st.session_state.get(BEGUN, {}).get(key)


def noted(key: str) -> None:
    """A widget's callback: its answer is begun."""
    value = st.session_state.get(key)
    held = st.session_state.setdefault(BEGUN, {})
    if isinstance(value, _SIMPLE):
        held[key] = value
    else:
        held.pop(key, None)


def given(*keys: Hashable) -> None:
    """Answers that are no longer only begun."""
    for key in keys:
        st.session_state.get(BEGUN, {}).pop(key, None)


def kept() -> None:
    """At the end of a run: the browser keeps what there is. Nothing is written over what could not be read."""
    if RECORD not in st.session_state:
        keeping.keep(NAME, None)
        return
    if UNREAD in st.session_state:
        keeping.keep(NAME, st.session_state[UNREAD][0])
        return
    begun_: dict[str, Any] = st.session_state.get(BEGUN, {})
    whole = ""
    if not record().empty or begun_:
        document = {"record": json.loads(written(record())), "begun": begun_}
        whole = json.dumps(document, ensure_ascii=False, sort_keys=True)
    keeping.keep(NAME, whole)


def forget() -> None:
    """Everything goes: the record, what is begun, and what could not be read."""
    st.session_state[RECORD], st.session_state[BEGUN] = Record(), {}
    st.session_state.pop(UNREAD, None)


def told() -> str:
    """That this browser keeps nothing between visits; empty where it does."""
    if keeping.refused(NAME):
        return "This browser keeps nothing between visits. Download your record before you leave."
    return ""


def unread() -> tuple[str, str] | None:
    """What this browser kept and nobody could read, and why."""
    found: tuple[str, str] | None = st.session_state.get(UNREAD)
    return found
