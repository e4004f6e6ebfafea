"""A story as a lesson: its claim, each test predicted before it is shown, then one's own verdict beside the engine's."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar, cast

import streamlit as st

from briefs import figures
from briefs.address import LESSON, Address
from briefs.stand import Stand
from briefs.training import lesson
from briefs.training.record import SURE_FROM, SURE_TO, Conclusion, Prediction
from charts import foretold
from evidence import wording
from evidence.days import day as in_words
from evidence.kinds import KINDS
from evidence.kinds.base import Outcome
from evidence.predictions import Says
from evidence.trace import Direction
from walkthrough import address, focus, moves, wordmarks
from walkthrough.drawing import look, show
from walkthrough.folds import fold
from walkthrough.links import row, soft, way
from walkthrough.prose import para, plain
from walkthrough.surely import surely
from walkthrough.training import notebook

W = TypeVar("W", bound=str)
"""The words of a choice."""
SURE_STEP, SURE_FIRST = 5, 70
WIDTHS = [2, 3]


def draw(stand: Stand, onward: Address, onward_label: str) -> None:
    """The lesson. onward: where it leads once its last step is done."""
    stand, shut = _let_in(stand)
    st.caption(f"A lesson, as known on {in_words(stand.day)}")
    st.title(plain(stand.story.title), anchor=False)
    _steps(stand)
    if shut:
        st.info(plain(shut))
    {"claim": _claim, "tests": _test, "verdict": _verdict}[stand.here.step](stand)
    _back_and_next(stand, onward, onward_label)


def _let_in(stand: Stand) -> tuple[Stand, str]:
    """The place that may be looked at: for a test that is not open yet the first to be predicted, with the reason."""
    open_ = _open(stand)
    if stand.here.step != "tests" or stand.here.test in open_:
        return stand, ""
    first = lesson.waiting(stand.story, _predicted(stand))
    there = stand.here.at(step="tests", test=first)
    return replace(stand, here=there), lesson.about_order(stand.story, stand.here.test, first)


def _predicted(stand: Stand) -> set[str]:
    return {t.id for t in stand.story.tests if _said(stand, t.id) is not None}


def _open(stand: Stand) -> tuple[str, ...]:
    return lesson.opened(stand.story, _predicted(stand))


def _steps(stand: Stand) -> None:
    test = stand.here.test or _next_test(stand)
    to = {step: stand.here.at(step=step) for step in LESSON}
    to["tests"] = stand.here.at(step="tests", test=test)
    row(
        "chapters", (way(LESSON[step], to[step], chosen=step == stand.here.step) for step in LESSON)
    )


def _next_test(stand: Stand) -> str:
    """The first test that waits for a prediction; the first of all where none does."""
    return lesson.waiting(stand.story, _predicted(stand)) or stand.story.tests[0].id


def _claim(stand: Stand) -> None:
    with st.container(key=focus.HEADING):
        st.header("The claim", anchor=False)
    with st.container(key="claim"):
        para(stand.story.claim)
    for paragraph in stand.story.mechanism.split("\n\n"):
        para(paragraph)
    st.markdown(
        "The claim was turned into tests. Before each is shown you say what it predicts, what the data will say, and how sure you are. "
        "Nobody sees your answers: they stay in this browser and in the file that you can download."
    )
    st.markdown("**What the tests look at, in their order**")
    names = (lesson.neutral(stand.story, t.id, stand.desk) for t in stand.story.tests)
    st.markdown("\n".join(f"- {plain(name)}" for name in names))


def _said(stand: Stand, test: str | None = None) -> Prediction | None:
    return notebook.record().prediction(
        stand.story.id, stand.verdict.stands_for, test or stand.here.test
    )


def _key(stand: Stand, name: str) -> str:
    return f"answer-{stand.story.id}-{stand.verdict.stands_for}-{stand.here.test}-{name}"


def _test(stand: Stand) -> None:
    _choose(stand)
    said = _said(stand)
    if said is None:
        name = lesson.looks_at(stand.story, stand.here.test, stand.desk)
        st.header(plain(name), anchor=False)
        words, picture = st.columns(WIDTHS, gap="large")
        with picture:
            _blank(stand)
        with words:
            _questions(stand)
    else:
        with st.container(key=focus.HEADING):
            st.header(plain(stand.trace.title), anchor=False)
        _shown(stand, said)


def _choose(stand: Stand) -> None:
    """The tests by number; those that were predicted show what came of them, and those after the next are not open yet."""
    tests, open_ = stand.story.tests, _open(stand)
    at = [t.id for t in tests].index(stand.here.test)
    ways = [soft(f"Test {at + 1} of {len(tests)}")]
    for number, test in enumerate(tests, 1):
        said = _said(stand, test.id)
        mark = wordmarks.shape(said.was) if said else ""
        if test.id not in open_:
            ways.append(soft(str(number)))
            continue
        to = stand.here.at(step="tests", test=test.id)
        name = plain(lesson.neutral(stand.story, test.id, stand.desk))
        ways.append(
            way(f"{mark} {number}".strip(), to, chosen=test.id == stand.here.test, tip=name)
        )
    if len(open_) < len(tests):
        ways.append(soft("They open one by one: a later one could answer an earlier."))
    row("which-test", ways)


def _blank(stand: Stand) -> None:
    figure = figures.blank(stand, look())
    if figure is not None:
        show(figure, "blank")
        return
    with st.container(key="no-picture"):
        st.caption(
            "There is nothing to draw of it yet."
            if foretold.drawable(stand.trace.kind)
            else f"What is asked for here is {KINDS[stand.trace.kind].label}: there is no course to foresee."
        )


def _questions(stand: Stand) -> None:
    says = lesson.says(stand)
    _radio("says", "If the claim is true, we would expect …", says, stand)
    _radio("outcome", "What will the data say?", lesson.EXPECTS, stand)
    _sure(_key(stand, "sure"))
    _number(stand)
    _telling(stand)
    ready = all(st.session_state.get(_key(stand, name)) for name in ("says", "outcome"))
    st.button(
        "Show what happened",
        key="show-test",
        disabled=not ready,
        on_click=_predict,
        args=(stand,),
    )
    if not ready:
        st.caption("First say what the claim predicts, and what the data will say.")


def _radio(name: str, label: str, options: Mapping[W, str], stand: Stand) -> None:
    _choice(_key(stand, name), label, options)


def _choice(key: str, label: str, options: Mapping[W, str]) -> None:
    words, held = list(options), notebook.begun(key)
    st.radio(
        label,
        words,
        index=words.index(held) if held in options else None,
        key=key,
        format_func=lambda word: plain(options[word]),
        on_change=notebook.noted,
        args=(key,),
    )


def _sure(key: str) -> None:
    held = notebook.begun(key)
    st.slider(
        "How sure are you?",
        SURE_FROM,
        SURE_TO,
        value=held if held in range(SURE_FROM, SURE_TO + 1, SURE_STEP) else SURE_FIRST,
        step=SURE_STEP,
        key=key,
        format="%d %%",
        on_change=notebook.noted,
        args=(key,),
        help=f"{SURE_FROM} %: it could as well be otherwise. {SURE_TO} %: you would be shocked.",
    )


def _number(stand: Stand) -> None:
    found = lesson.bounds(stand)
    if found is None or figures.blank(stand, look()) is None:
        return
    key = _key(stand, "number")
    held = notebook.begun(key)
    inside = isinstance(held, float) and (found.most is None or abs(held) <= found.most)
    st.number_input(
        plain(f"Your number, {_unit(found.unit)} (if you like)"),
        min_value=None if found.most is None else -found.most,
        max_value=found.most,
        step=found.step,
        value=held if inside else None,
        key=key,
        placeholder="It is drawn beside the data",
        on_change=notebook.noted,
        args=(key,),
    )


def _unit(unit: str) -> str:
    words = {"USD bn": "in $ bn", "percent": "in %", "bp": "in basis points"}
    return words.get(unit, "in standard deviations" if unit == "sd" else f"in {unit}")


def _telling(stand: Stand) -> None:
    key = _key(stand, "telling")
    options = {
        t.id: lesson.neutral(stand.story, t.id, stand.desk)
        for t in stand.story.tests
        if t.checks is None
    }
    words = list(options)
    held = notebook.begun(key) or _named(stand)
    st.selectbox(
        "Which of the tests would tell most? (if you like)",
        words,
        index=words.index(held) if held in options else None,
        key=key,
        placeholder="Choose",
        format_func=options.__getitem__,
        on_change=notebook.noted,
        args=(key,),
    )


def _named(stand: Stand) -> str | None:
    """The test that was last named as the one that tells most, of this story on this day."""
    said = (p for t in stand.story.tests if (p := _said(stand, t.id)) is not None)
    return next((p.telling for p in reversed(list(said)) if p.telling), None)


def _predict(stand: Stand) -> None:
    keys = {name: _key(stand, name) for name in ("says", "outcome", "sure", "number", "telling")}
    held = {name: st.session_state.get(key) for name, key in keys.items()}
    if not held["says"] or not held["outcome"]:
        return
    made = Prediction(
        story=stand.story.id,
        test=stand.here.test,
        as_of=stand.verdict.stands_for,
        snapshot=stand.desk.store.n,
        says=cast("Says", held["says"]),
        outcome=cast("Outcome", held["outcome"]),
        sure=int(held["sure"] or SURE_FIRST),
        telling=held["telling"],
        number=held["number"],
        was=stand.trace.outcome,
    )
    notebook.put(notebook.record().predicted(made))
    notebook.given(*keys.values())
    address.go(stand.here)  # the address may have asked for a test that was not open
    focus.to(focus.HEADING)


def _shown(stand: Stand, said: Prediction) -> None:
    trace = stand.trace
    words, picture = st.columns(WIDTHS, gap="large")
    with words:
        with st.container(key="outcome", gap="xsmall"):
            st.markdown(wordmarks.of_test(trace))
            para(lesson.about_outcome(trace, said))
            st.caption(f"You were {said.sure} % sure.")
        para(wording.outcome_sentence(trace))
        if number := lesson.about_number(trace, said.number):
            para(number)
        para(lesson.about_claim(stand, said.says))
        st.caption(wording.ROLES[trace.role])
    with picture:
        _picture(stand, said)
    place = figures.place(stand, look(), said.number)
    if place is not None:
        fold("How unusual is that?", "how-unusual", lambda: show(place, "placebos"))
    if trace.caveat:
        with st.expander("The caveat", type="compact"):
            para(trace.caveat)
    there = stand.here.at("story", story=stand.story.id).at(step="tests", test=trace.id)
    address.link("The test as the walk tells it", there)


def _picture(stand: Stand, said: Prediction) -> None:
    """What the data did, beside what was expected; it waits where it would answer a test that is still to be predicted."""
    held = [name for name in figures.answers(stand) if _said(stand, name) is None]
    figure = None if held else figures.beside(stand, said.number, look())
    if figure is not None:
        show(figure, "beside")
        return
    with st.container(key="no-picture"):
        st.caption(
            plain(lesson.about_picture(stand.story, held))
            if held
            else "There is nothing to draw yet on this day."
        )


def _verdict(stand: Stand) -> None:
    with st.container(key=focus.HEADING):
        st.header("Your verdict", anchor=False)
    open_ = [t.id for t in stand.story.tests if _said(stand, t.id) is None]
    given = notebook.record().conclusion(stand.story.id, stand.verdict.stands_for)
    if open_ and given is None:
        st.markdown("Some tests are not predicted yet. A verdict comes after all of them.")
        label = lesson.neutral(stand.story, open_[0], stand.desk)
        address.link(plain(label), stand.here.at(step="tests", test=open_[0]))
        for name in open_[1:]:
            st.caption(plain(lesson.neutral(stand.story, name, stand.desk)))
        return
    if given is None:
        _conclude(stand)
    else:
        _compare(stand, given)


def _conclude(stand: Stand) -> None:
    with st.container(key="claim"):
        para(stand.story.claim)
    st.markdown(
        f"What the tests said: {wordmarks.strip(stand.verdict.tests)} {wordmarks.tally(stand.verdict.tests)}."
    )
    keys = _conclusion_keys(stand)
    _choice(keys["direction"], "What do all the tests together say?", lesson.CONCLUDES)
    _sure(keys["sure"])
    st.button(
        "Compare with the engine",
        key="compare",
        disabled=not st.session_state.get(keys["direction"]),
        on_click=_give,
        args=(stand,),
    )


def _conclusion_keys(stand: Stand) -> dict[str, str]:
    lead = f"answer-{stand.story.id}-{stand.verdict.stands_for}-verdict"
    return {name: f"{lead}-{name}" for name in ("direction", "sure")}


def _give(stand: Stand) -> None:
    keys = _conclusion_keys(stand)
    direction = st.session_state.get(keys["direction"])
    if not direction:
        return
    made = Conclusion(
        story=stand.story.id,
        as_of=stand.verdict.stands_for,
        snapshot=stand.desk.store.n,
        direction=cast("Direction", direction),
        sure=int(st.session_state.get(keys["sure"]) or SURE_FIRST),
        was=stand.verdict.direction,
    )
    notebook.put(notebook.record().concluded(made))
    notebook.given(*keys.values())
    focus.to(focus.HEADING)


def _compare(stand: Stand, given: Conclusion) -> None:
    own, engine = st.columns(2, gap="large")
    with own.container(key="own-verdict", gap="xsmall"):
        st.caption("You")
        st.markdown(wordmarks.direction(given.direction))
        st.caption(f"{given.sure} % sure")
    with engine.container(key="engine-verdict", gap="xsmall"):
        st.caption("The engine")
        st.markdown(wordmarks.verdict(stand.verdict))
        if sure := wordmarks.how_sure(stand.verdict):
            st.caption(sure)
    with st.container(key="rare"):
        para(lesson.about_conclusion(stand.verdict, given))
    said = [p for t in stand.story.tests if (p := _said(stand, t.id)) is not None]
    if said:
        st.subheader("Which test told most?", anchor=False)
        para(
            lesson.about_telling(
                stand, _named(stand), lesson.telling(stand.desk, stand.story, stand)
            )
        )
        st.subheader("Test by test", anchor=False)
        for one in said:
            _row(stand, one)
    with st.container(horizontal=True, gap="medium", key="lesson-on"):
        address.link(
            "The verdict in full", stand.here.at("story", story=stand.story.id).at(step="verdict")
        )
        surely(
            "Begin this story anew",
            "Your predictions for it are forgotten, also in your calibration.",
            "anew",
            _anew,
            (stand,),
        )


def _row(stand: Stand, one: Prediction) -> None:
    trace = stand.verdict.test(one.test)
    with st.container(key=f"settled-said-{one.test}"):
        title, own, came = st.columns([46, 29, 25])
        with title:
            address.link(plain(trace.title), stand.here.at(step="tests", test=one.test))
        own.caption(f"You: {wordmarks.small_outcome(one.outcome)}, {one.sure} % sure")
        came.caption(f"It was: {wordmarks.small_outcome(one.was)}")


def _anew(stand: Stand) -> None:
    notebook.put(notebook.record().without(stand.story.id, stand.verdict.stands_for))
    address.go(stand.here.at(step="claim"))
    focus.to(focus.HEADING)


def stops(stand: Stand) -> list[Address]:
    """The lesson's places in order."""
    tests = [stand.here.at(step="tests", test=t.id) for t in stand.story.tests]
    return [stand.here.at(step="claim"), *tests, stand.here.at(step="verdict")]


def _back_and_next(stand: Stand, onward: Address, onward_label: str) -> None:
    places = stops(stand)
    at = [(p.step, p.test) for p in places].index((stand.here.step, stand.here.test))
    last, open_ = at == len(places) - 1, _open(stand)
    shut = stand.here.at(step="tests", test=_next_test(stand))
    moves.moves(
        stand.here,
        [shut if p.test and p.test not in open_ else p for p in places],
        at,
        out=onward if last else stand.here.at(story="", exercise=""),
        out_label=onward_label if last else "All lessons",
        arrows=False,
        wait="Predict this test first." if _waits(stand) else "",
    )


def _waits(stand: Stand) -> bool:
    """Whether there is no way on yet: the test that is shown is not predicted."""
    return stand.here.step == "tests" and _said(stand) is None
