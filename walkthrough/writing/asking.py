"""One question each: a field with its question, its help and examples, whose answer is kept as it is given.

A field begins with what was answered as its default. To put that into the session's state instead would lose it
where a run is overtaken by the next one before the browser has heard of it.
"""

from collections.abc import Mapping
from datetime import date

import streamlit as st

from evidence.drafting.questions import Question
from walkthrough.prose import plain
from walkthrough.writing import sheet

EARLIEST, LATEST = date(1990, 1, 1), date(2035, 12, 31)


def key(name: str) -> str:
    """The key of an answer's field."""
    return f"ask-{name}"


def _keep(name: str) -> None:
    value = st.session_state.get(key(name))
    if isinstance(value, date):
        value = value.isoformat()
    if value in (None, "", []):
        sheet.answers().pop(name, None)
    else:
        sheet.answers()[name] = value


def _held(name: str) -> object:
    return sheet.answers().get(name)


def _text(name: str) -> str:
    """The answer that a field of words begins with."""
    held = _held(name)
    return held if isinstance(held, str) else ""


def _day(name: str) -> date | None:
    """The day that a field begins with; an answer that is none is taken back."""
    try:
        return date.fromisoformat(_text(name)) if _text(name) else None
    except ValueError:
        sheet.answers().pop(name, None)
        return None


def _told(question: Question) -> str:
    """What stands behind the question mark: the help, a good answer, and one that is none, with the reason."""
    lines = [plain(question.help)]
    if question.good:
        lines.append(f"*For example:* {plain(question.good)}")
    if question.bad:
        lines.append(f"*Not:* {plain(question.bad)} ({plain(question.why_bad)})")
    return "\n\n".join(lines)


def _example(question: Question) -> str:
    return f"For example: {question.good}"


def line(name: str, question: Question, placeholder: str = "") -> str:
    """A short answer."""
    given = st.text_input(
        plain(question.ask),
        _text(name),
        key=key(name),
        help=_told(question),
        placeholder=placeholder or _example(question),
        on_change=_keep,
        args=(name,),
        max_chars=600,
    )
    return str(given or "")


def paragraph(name: str, question: Question, *, rows: bool = False) -> str:
    """A longer answer; `rows`: one on each line."""
    given = st.text_area(
        plain(question.ask),
        _text(name),
        key=key(name),
        help=_told(question),
        height=100 if rows else 120,
        placeholder=f"One on each line. {_example(question)}" if rows else _example(question),
        on_change=_keep,
        args=(name,),
        max_chars=1500,
    )
    return str(given or "")


def day(name: str, question: Question) -> date | None:
    """A date."""
    given = st.date_input(
        plain(question.ask),
        _day(name),
        key=key(name),
        help=_told(question),
        min_value=EARLIEST,
        max_value=LATEST,
        format="YYYY-MM-DD",
        on_change=_keep,
        args=(name,),
    )
    return given if isinstance(given, date) else None


def choice(
    name: str, question: Question, options: Mapping[str, str], first: str | None = None
) -> str:
    """One of some options, by their words; `first` is chosen until another is."""
    held, words = _held(name), list(options)
    chosen = held if held in options else first
    if st.session_state.get(key(name)) not in (None, *words):
        del st.session_state[key(name)]  # what was chosen is no option any more
    given = st.selectbox(
        plain(question.ask),
        words,
        index=words.index(chosen) if isinstance(chosen, str) and chosen in options else None,
        key=key(name),
        help=_told(question),
        format_func=lambda word: options[word],
        on_change=_keep,
        args=(name,),
        placeholder="Choose",
    )
    if given:
        sheet.answers()[name] = given  # what is chosen beforehand counts like what is chosen
    else:
        sheet.answers().pop(name, None)
    return str(given or "")


def several(name: str, question: Question, options: Mapping[str, str]) -> tuple[str, ...]:
    """Some of some options."""
    held = _held(name)
    given = st.multiselect(
        plain(question.ask),
        list(options),
        default=[one for one in held if one in options] if isinstance(held, list) else [],
        key=key(name),
        help=_told(question),
        format_func=lambda word: options[word],
        on_change=_keep,
        args=(name,),
    )
    return tuple(given)


def forget(names: list[str]) -> None:
    """Takes answers back, with what their fields hold."""
    for name in names:
        sheet.answers().pop(name, None)
        st.session_state.pop(key(name), None)


def put(name: str, value: str) -> None:
    """Gives an answer in the writer's stead, such as a series that was chosen from a list."""
    sheet.answers()[name] = value
    st.session_state.pop(key(name), None)
