"""The YAML as the one editable text: its problems as one types, *Score it*, and the ways out."""

from datetime import date

import streamlit as st

from briefs import sandbox
from briefs.desk import Desk
from briefs.drafted import Mode
from briefs.sandbox import Found
from briefs.sandbox.limits import LONGEST
from briefs.settings import settings
from evidence.drafting.pull_request import pull_request
from walkthrough import editor
from walkthrough.drawing import look
from walkthrough.prose import plain
from walkthrough.turns import turns
from walkthrough.writing import outcome, sheet

ASKED = "write-asked"
"""Whether the text is to be scored in this run."""
SCORED = "write-scored"
"""The last text that was scored in this session, with its day and look, and what came of it."""
Wanted = tuple[str, date, Mode]


def draw(desk: Desk, day: date) -> None:
    """The editor, and what comes of its text."""
    text = sheet.text()
    found = _read(text)
    for told in st.session_state.get("write-told", ()):
        st.caption(plain(told))
    editor.editor(
        f"{sheet.EDITOR}-{sheet.stamp()}",
        text,
        sheet.stamp(),
        found.problems,
        _state(found),
        LONGEST,
        f"{found.id or 'story'}.yaml",
    )
    _ways_on(found, text)
    scored = _scored(text, day)
    if scored is not None:
        outcome.draw(desk, scored)


def _read(text: str) -> Found:
    """The text's problems; the same text is not asked about twice in a row."""
    held = st.session_state.get("write-read")
    if held is None or held[0] != text:
        blank = not text.strip()
        held = (text, Found() if blank else sandbox.problems(text, turns.aside()))
        if held[1].fault is None:
            st.session_state["write-read"] = held
    return held[1]


def _state(found: Found) -> str:
    """How the text stands, in words."""
    if found.fault is not None:
        return found.fault.sentence
    errors = sum(one.severity == "error" for one in found.problems)
    notes = len(found.problems) - errors
    if errors:
        return f"{_many(errors, 'problem')} to mend" + (
            f", {_many(notes, 'note')}" if notes else ""
        )
    if not found.sound:
        return "The text is empty. Write or paste a story, or go back to the questions."
    return (
        f"This story can be scored. {_many(notes, 'note')}."
        if notes
        else "This story can be scored."
    )


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _ways_on(found: Found, text: str) -> None:
    with st.container(horizontal=True, gap="small", key="write-ways", vertical_alignment="center"):
        st.button(
            "Score it",
            key="score-it",
            disabled=not found.sound,
            on_click=_ask,
        )
        to = pull_request(settings().project_url or "", found.id, found.event, text)
        if found.sound and to is not None:
            st.link_button("Open a pull request", to, type="tertiary")
        st.button("Back to the questions", key="to-form", type="tertiary", on_click=_to_form)
    st.caption(
        "It is scored in a process of its own, with limits on time and memory. It is not stored, and nobody else sees it."
    )
    if found.sound and to is not None and "value=" not in to:
        st.caption("The text is too long for a link: paste it into the new file that opens.")
    if found.sound and to is None:
        st.caption(
            "This copy names no project that takes new stories: download the YAML and hand it to whoever runs this copy."
        )


def _to_form() -> None:
    st.session_state[sheet.FORM] = True


def _ask() -> None:
    """Has the run that follows score what stands in the editor by then: in its turn, which a callback does not have."""
    st.session_state[ASKED] = True


def _scored(text: str, day: date) -> Found | None:
    """What came of the text; scored again where only the day or the look has changed, nothing where the text has."""
    asked = st.session_state.pop(ASKED, False)
    held: tuple[Wanted, Found] | None = st.session_state.get(SCORED)
    if not asked and (held is None or held[0][0] != text):
        return None
    wanted: Wanted = (text, day, look().mode)
    if asked or held is None or held[0] != wanted:
        held = (wanted, sandbox.scored(*wanted, turns.aside()))
        st.session_state[SCORED] = held
    return held[1]
