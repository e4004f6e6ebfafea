"""One exercise: a question, what may be answered, hints one by one, and what the engine says of each answer."""

from collections.abc import Mapping

import streamlit as st

from briefs import figures
from briefs.address import Address
from briefs.desk import Desk
from briefs.training.record import Tried
from evidence.days import day as in_words
from evidence.exercises.base import Judged, Posed
from walkthrough import address, focus, wordmarks
from walkthrough.drawing import look, show
from walkthrough.prose import para, plain
from walkthrough.surely import surely
from walkthrough.training import notebook

WIDTHS = [2, 3]


def draw(found: Desk, here: Address, onward: Address, onward_label: str) -> None:
    """The exercise. onward: where it leads once it is solved."""
    posed = figures.posed(found, here.exercise)
    exercise = posed.exercise
    tried = notebook.record().tried(exercise.id)
    st.caption(
        f"An exercise, as known on {in_words(exercise.as_of)} (snapshot {exercise.snapshot})"
    )
    with st.container(key=focus.HEADING):
        st.title(plain(exercise.title), anchor=False)
    last = tried.answers[-1] if tried.answers else None
    judged = posed.judge(last) if last is not None and _fits(posed, last) else None
    drawn = figures.exercise(found, posed, judged, look())
    words, picture = st.columns(WIDTHS, gap="large") if drawn else (st.container(), None)
    with words:
        for paragraph in exercise.question.split("\n\n"):
            para(paragraph)
        for sentence in posed.given:
            para(sentence)
        if not tried.solved:
            _fields(posed)
        _said(posed, tried, judged)
        if not tried.solved:
            _hints(posed, tried)
    if picture is not None:
        with picture:
            for place, figure in enumerate(drawn):
                show(figure, f"exercise-{place}")
    with st.container(horizontal=True, gap="medium", key="lesson-on"):
        address.link(
            plain(onward_label if tried.solved else "All lessons"),
            onward if tried.solved else here.at(exercise=""),
        )
        if tried.answers:
            surely(
                "Begin it anew",
                "Your answers to it, and the hints that you asked for, are forgotten.",
                "anew",
                _anew,
                (exercise.id,),
            )


def _fits(posed: Posed, answer: Mapping[str, str]) -> bool:
    """Whether an answer from a record is one that can be given: the exercise may have been written anew."""
    options = {field.id: {o.id for o in field.options} for field in posed.fields}
    return answer.keys() == options.keys() and all(answer[f] in options[f] for f in options)


def _key(posed: Posed, field: str) -> str:
    return f"answer-exercise-{posed.exercise.id}-{field}"


def _fields(posed: Posed) -> None:
    for field in posed.fields:
        key = _key(posed, field.id)
        texts = {option.id: option.text for option in field.options}
        options, held = list(texts), notebook.begun(key)
        st.radio(
            plain(field.label),
            options,
            index=options.index(held) if held in texts else None,
            key=key,
            format_func=lambda name, texts=texts: plain(texts[name]),
            on_change=notebook.noted,
            args=(key,),
        )
    ready = all(st.session_state.get(_key(posed, field.id)) for field in posed.fields)
    st.button("Check", key="check", disabled=not ready, on_click=_check, args=(posed,))


def _check(posed: Posed) -> None:
    answer = {field.id: st.session_state.get(_key(posed, field.id)) for field in posed.fields}
    if not all(answer.values()):
        return
    tried = notebook.record().tried(posed.exercise.id)
    given = {name: str(option) for name, option in answer.items()}
    again = tried.answers if given in tried.answers[-1:] else (*tried.answers, given)
    notebook.put(
        notebook.record().worked(
            Tried(
                exercise=posed.exercise.id,
                answers=again[-100:],
                hints=tried.hints,
                solved=posed.judge(given).right,
            )
        )
    )
    notebook.given(*(_key(posed, field.id) for field in posed.fields))
    focus.to("outcome")


def _said(posed: Posed, tried: Tried, judged: Judged | None) -> None:
    if judged is None:
        return
    with st.container(key="outcome", gap="xsmall"):
        st.markdown(
            wordmarks.ending("consistent", "Right.")
            if judged.right
            else wordmarks.ending("inconsistent", "Not so.")
        )
        if tried.solved:
            for field in posed.fields:
                chosen = {o.id: o.text for o in field.options}[tried.answers[-1][field.id]]
                st.caption(plain(f"{field.label} {chosen}"))
        for sentence in judged.says:
            para(sentence)
    if judged.right:
        with st.container(key="rare"):
            para(posed.exercise.after)


def _hints(posed: Posed, tried: Tried) -> None:
    hints = posed.exercise.hints
    for number, hint in enumerate(hints[: tried.hints], 1):
        with st.container(key=f"hint-{number}", gap="xxsmall"):
            st.caption(f"Hint {number} of {len(hints)}")
            para(hint)
    if tried.hints < len(hints):
        st.button(
            "A hint" if not tried.hints else "Another hint",
            key="hint",
            type="tertiary",
            on_click=_hint,
            args=(tried,),
        )


def _hint(tried: Tried) -> None:
    asked = tried.hints + 1
    notebook.put(notebook.record().worked(tried.model_copy(update={"hints": asked})))
    focus.to(f"hint-{asked}")


def _anew(exercise: str) -> None:
    notebook.put(notebook.record().worked(Tried(exercise=exercise)))
    focus.to(focus.HEADING)
