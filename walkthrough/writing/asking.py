"""One question each: a field with its question, its help and examples, whose answer is kept as it is given."""

from collections.abc import Mapping
from datetime import date

import streamlit as st

from evidence.drafting.questions import Question
from walkthrough.prose import plain
from walkthrough.writing import sheet

EARLIEST, LATEST = date(1990, 1, 1), date(2035, 12, 31)


def _key(name: str) -> str:
    return f"ask-{name}"


def _keep(name: str) -> None:
    value = st.session_state.get(_key(name))
    if isinstance(value, date):
        value = value.isoformat()
    if value in (None, "", []):
        sheet.answers().pop(name, None)
    else:
        sheet.answers()[name] = value


def _held(name: str) -> object:
    return sheet.answers().get(name)


def _begin(name: str, value: object) -> None:
    """Before a field is drawn: it holds what was answered."""
    if value is not None and _key(name) not in st.session_state:
        st.session_state[_key(name)] = value


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
    held = _held(name)
    _begin(name, held if isinstance(held, str) else None)
    given = st.text_input(
        plain(question.ask),
        key=_key(name),
        help=_told(question),
        placeholder=placeholder or _example(question),
        on_change=_keep,
        args=(name,),
        max_chars=600,
    )
    return str(given or "")


def paragraph(name: str, question: Question, *, rows: bool = False) -> str:
    """A longer answer; `rows`: one on each line."""
    held = _held(name)
    _begin(name, held if isinstance(held, str) else None)
    given = st.text_area(
        plain(question.ask),
        key=_key(name),
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
    held = _held(name)
    try:
        _begin(name, date.fromisoformat(held) if isinstance(held, str) else None)
    except ValueError:
        sheet.answers().pop(name, None)
    st.session_state.setdefault(_key(name), None)
    given = st.date_input(
        plain(question.ask),
        key=_key(name),
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
    held = _held(name)
    _begin(name, held if held in options else first)
    if st.session_state.get(_key(name)) not in options:
        st.session_state[_key(name)] = first if first in options else None
    given = st.selectbox(
        plain(question.ask),
        list(options),
        key=_key(name),
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
    _begin(name, [one for one in held if one in options] if isinstance(held, list) else None)
    given = st.multiselect(
        plain(question.ask),
        list(options),
        key=_key(name),
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
        st.session_state.pop(_key(name), None)


def put(name: str, value: str) -> None:
    """Gives an answer in the writer's stead, such as a series that was chosen from a list."""
    sheet.answers()[name] = value
    st.session_state.pop(_key(name), None)
