"""The first page of the training: how far one is, what there is to do, how sure one is against how right."""

import streamlit as st

from briefs import figures
from briefs.address import Address
from briefs.desk import SHELVES, Desk
from briefs.training import plan as plans
from briefs.training.calibration import calibration, score, words
from briefs.training.record import LARGEST, Record, read, written
from evidence.days import day as in_words
from evidence.narrative import Narrative
from walkthrough import address, focus
from walkthrough.drawing import look, show
from walkthrough.prose import para, plain
from walkthrough.surely import surely
from walkthrough.training import notebook, trainer

WIDTHS = [62, 38]
TURN, BROUGHT = "bring-turn", "bring-said"
"""Counts how often the field for a file was emptied; and what was said of the last one."""


def draw(desk: Desk, here: Address, items: plans.Plan) -> None:
    """The page."""
    with st.container(key=focus.HEADING):
        st.title("Predict, then see", anchor=False)
    st.markdown(
        "Say what you expect before you look. Who predicts first understands more and remembers longer, and learns how sure one may be."
    )
    if told := notebook.told():
        st.warning(plain(told))
    _unread()
    if items:
        _plan(desk, here, items)
    left, right = st.columns(WIDTHS, gap="large")
    with left:
        _exercises(desk, here)
        _stories(desk, here)
    with right:
        _calibration()
        _file()
        with st.expander("For trainers: a link to a course of your own", type="compact"):
            trainer.draw(desk, here, items)


def _unread() -> None:
    """What could not be read is not thrown away: it can be downloaded before one begins anew."""
    found = notebook.unread()
    if found is None:
        return
    held, why = found
    st.warning(
        plain(
            f"What this browser kept of your training could not be read. {why} It stays as it is, and nothing new is kept until you begin anew."
        )
    )
    with st.container(horizontal=True, gap="small", key="unread"):
        st.download_button(
            "Download what is kept",
            held.encode(),
            file_name="flowcheck-training-unread.json",
            mime="application/json",
            key="download-unread",
            on_click="ignore",
        )
        surely(
            "Begin anew",
            "What this browser kept is taken out of it. Download it first if you want to keep it.",
            "begin-record-anew",
            _anew,
        )


def _anew() -> None:
    notebook.forget()
    focus.to(focus.HEADING)


def _plan(desk: Desk, here: Address, items: plans.Plan) -> None:
    st.header("Your course", anchor=False)
    for number, item in enumerate(items, 1):
        to = placed(here, item)
        title = titled(desk, item)
        with st.container(
            horizontal=True, gap="small", key=f"item-{number}", vertical_alignment="center"
        ):
            st.markdown(f"{number}.", width="content")
            address.link(plain(title), to)
            told = (_day(desk, item), _state(desk, to))
            st.caption(plain(" · ".join(word for word in told if word)), width="content")


def _day(desk: Desk, item: plans.Item) -> str:
    """As known on which day an item of a plan is."""
    if item.exercise:
        return f"as known on {in_words(desk.exercises.by_id[item.name].as_of)}"
    return f"as known on {in_words(item.on)}" if item.on else "on the newest data"


def titled(desk: Desk, item: plans.Item) -> str:
    """What an item of a plan is called."""
    return desk.exercises.by_id[item.name].title if item.exercise else desk.stories[item.name].title


def placed(here: Address, item: plans.Item) -> Address:
    """Where an item of a plan is found."""
    if item.exercise:
        return here.at("train", story="", exercise=item.name)
    there = here.at("train", story=item.name, exercise="")
    return there.on(item.on)


def _state(desk: Desk, to: Address) -> str:
    """How far the learner is with an exercise or a lesson."""
    record = notebook.record()
    if to.exercise:
        tried = record.tried(to.exercise)
        if tried.solved:
            hints = f", {tried.hints} hint{'s' if tried.hints != 1 else ''}" if tried.hints else ""
            return f"solved in {len(tried.answers)}{hints}"
        return f"answers given: {len(tried.answers)}" if tried.answers else ""
    story = desk.stories[to.story]
    day = desk.verdict(story.id, to.day).stands_for
    done = sum(record.prediction(story.id, day, t.id) is not None for t in story.tests)
    if record.conclusion(story.id, day) is not None:
        return "done"
    return f"{done} of {len(story.tests)} tests predicted" if done else ""


def _exercises(desk: Desk, here: Address) -> None:
    st.header("Exercises", anchor=False)
    st.markdown(
        "Each takes some minutes. Its answers are worked out from real data, and so is what is said of a wrong one."
    )
    for exercise in desk.exercises.by_id.values():
        to = here.at("train", story="", exercise=exercise.id)
        _line(f"exercise-{exercise.id}", exercise.title, exercise.teaches, to, _state(desk, to))


def _stories(desk: Desk, here: Address) -> None:
    st.header("Stories as lessons", anchor=False)
    st.markdown(
        "Every test of a story, predicted before it is shown. At the end your verdict stands beside the engine’s."
    )
    for shelf, title in SHELVES.items():
        own = [s for s in desk.stories.values() if s.shelf == shelf]
        if own:
            st.subheader(title, anchor=False)
        for story in own:
            to = here.at("train", story=story.id, exercise="")
            _line(f"lesson-{story.id}", story.title, _size(story), to, _state(desk, to))


def _size(story: Narrative) -> str:
    return f"{len(story.tests)} test{'s' if len(story.tests) != 1 else ''}"


def _line(key: str, title: str, about: str, to: Address, state: str) -> None:
    with st.container(key=f"settled-{key}", gap="xxsmall"):
        address.link(f"**{plain(title)}**", to)
        st.caption(plain(f"{about} · {state}" if state else about))


def _calibration() -> None:
    st.header("How sure, how right", anchor=False)
    found = calibration(notebook.record())
    if found is None:
        st.markdown(
            "Here you will see how often you were right when you were sure. Nothing is predicted yet."
        )
        return
    para(words(found))
    para(score(found))
    show(figures.sureness(found, look()), "sureness")
    engine = figures.quiet_alarms()
    if engine:
        st.caption(plain(engine))


def _file() -> None:
    st.header("Your record", anchor=False)
    st.markdown(
        "It stays in this browser and names nobody. To take it elsewhere, download it and bring it back there."
    )
    record = notebook.record()
    st.download_button(
        "Download your record",
        written(record).encode(),
        file_name="flowcheck-training.json",
        mime="application/json",
        disabled=record.empty,
        key="download-record",
    )
    turn = st.session_state.setdefault(TURN, 0)
    key = f"bring-record-{turn}"
    st.file_uploader(
        "Bring a record back",
        type=["json"],
        key=key,
        max_upload_size=1,
        help="What is in both is kept as it is here.",
        on_change=_bring,
        args=(key,),
    )
    if said := st.session_state.get(BROUGHT):
        st.caption(plain(said))
    surely(
        "Forget everything",
        "Your predictions, verdicts and exercises are taken out of this browser.",
        "forget",
        _forget,
    )


def _forget() -> None:
    notebook.forget()
    st.session_state[TURN] += 1  # a file that was brought is let go too
    st.session_state.pop(BROUGHT, None)


def _bring(key: str) -> None:
    """A file that was brought: joined once, when it comes."""
    file = st.session_state.get(key)
    if file is None:
        return
    found = read(file.getvalue()[: LARGEST + 1].decode("utf-8", "replace"))
    if isinstance(found, Record):
        notebook.put(notebook.record().joined(found))
        st.session_state[BROUGHT] = "That record is in this one."
    else:
        st.session_state[BROUGHT] = found
