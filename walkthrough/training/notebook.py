"""A learner's record in this session: read from their browser, changed as they go, kept there again.

Beside the record stand answers that are begun and not given yet, so that a reload loses none of them.
"""

import json
from collections.abc import Hashable, Mapping
from typing import Any

import streamlit as st

from briefs.training.record import LARGEST, Record, read, written
from walkthrough import keeping

NAME = "training"
RECORD, BEGUN, TOLD = "training-record", "training-begun", "training-told"
_SIMPLE = (str, int, float)
MOST_BEGUN = 400


def opened() -> bool:
    """Whether the record is at hand. Until the browser has said what it keeps, a page waits a moment."""
    if RECORD not in st.session_state:
        held = keeping.kept(NAME)
        if held is None:
            return False
        _take(held)
    return True


def _take(held: str) -> None:
    """What the browser kept. What cannot be read is told, and left out."""
    record, begun = Record(), {}
    if held:
        document = _parsed(held)
        found = read(json.dumps(document.get("record"))) if document else "It is not JSON."
        if isinstance(found, Record):
            record, begun = found, _simple(document.get("begun"))
        else:
            st.session_state[TOLD] = (
                f"What this browser kept of your training could not be read. {found}"
            )
    st.session_state[RECORD], st.session_state[BEGUN] = record, begun


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


def begun(key: str, options: Mapping[Any, object] | None = None) -> None:
    """Before a widget is drawn: gives it the answer that was begun, if it is still one of the options."""
    held = st.session_state.get(BEGUN, {})
    if key in held and key not in st.session_state and (options is None or held[key] in options):
        st.session_state[key] = held[key]


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
    """At the end of a run: the browser keeps what there is."""
    if RECORD not in st.session_state:
        keeping.keep(NAME, None)
        return
    begun_: dict[str, Any] = st.session_state.get(BEGUN, {})
    if record().empty and not begun_:
        keeping.keep(NAME, "")
        return
    document = {"record": json.loads(written(record())), "begun": begun_}
    keeping.keep(NAME, json.dumps(document, ensure_ascii=False, sort_keys=True))


def told() -> str:
    """What has to be said of the record: that it could not be read, or that this browser keeps nothing."""
    if keeping.refused(NAME):
        return "This browser keeps nothing between visits. Download your record before you leave."
    return str(st.session_state.get(TOLD, ""))
