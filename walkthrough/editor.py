"""The one editable text of a story, with its problems at their lines as somebody types.

Streamlit's own text area speaks only when it is left, and knows no lines; so this is a component. What it shows
comes as data and is set as text.
"""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from evidence.problems import Problem

HERE = Path(__file__)
HTML = """<div class="text"><div class="gutter" aria-hidden="true"></div><textarea spellcheck="false" wrap="off" autocapitalize="off" autocomplete="off"></textarea></div>
<div class="foot"><div class="state" role="status"></div><button type="button" class="save"></button></div>
<ol></ol><button type="button" class="more"></button>
"""
FEW = 8
"""Problems that are listed at once; the others are a press away."""
_component = st.components.v2.component(
    "editor",
    html=HTML,
    css=HERE.with_suffix(".css").read_text("utf-8"),
    js=HERE.with_suffix(".js").read_text("utf-8"),
)


def typed(key: str) -> str | None:
    """What stands in the editor by now; None before anything was typed."""
    state = st.session_state.get(key)
    found = None if state is None else state.get("text")
    return found if isinstance(found, str) else None


def editor(
    key: str,
    text: str,
    stamp: int,
    problems: Sequence[Problem],
    state: str,
    longest: int,
    file: str,
) -> None:
    """The editor. stamp: another one puts `text` in place of what was typed. state: how the text stands, in words.

    file: the name under which the text is downloaded, as it stands in the browser at that moment.
    """
    hidden = len(problems) - FEW
    _component(
        key=key,
        data={
            "label": "The story as YAML",
            "text": text,
            "judged": text,
            "stamp": stamp,
            "state": state,
            "longest": longest,
            "few": FEW,
            "more": f"Show {hidden} more" if hidden > 0 else "",
            "save": "Download YAML",
            "file": file,
            "problems": [_row(problem) for problem in problems],
        },
        on_text_change=_nothing,
    )


def _row(problem: Problem) -> dict[str, str | int]:
    meant = f" (did you mean {problem.hint}?)" if problem.hint else ""
    return {
        "line": problem.line,
        "column": problem.column,
        "severity": problem.severity,
        "message": f"{problem.message}{meant}",
    }


def _nothing() -> None:
    """Streamlit takes a value from a component only where a callback of that name is given."""
