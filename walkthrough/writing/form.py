"""The questions that make a story, in their order; their answers make the YAML."""

from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st
from pydantic import ValidationError

from briefs import sandbox
from briefs.desk import Desk
from evidence.drafting.answers import fault
from evidence.drafting.draft import Draft, DraftTest, yaml_of
from evidence.drafting.questions import STAGES, Question, asked, question
from evidence.drafting.suggest import ROLES, kinds_for, prefilled, slug, title, usual
from evidence.kinds import KINDS
from evidence.observations import View
from walkthrough import focus, leading, wordmarks
from walkthrough.prose import plain
from walkthrough.writing import asking, picker, sheet
from walkthrough.writing.lacking import APART, NEW, lacking, worded

MOST_TESTS = 8
PRESSED = "write-lacking-told"
"""Whether the YAML was asked for while questions lacked an answer: then the list of them stays until none does."""
DIRECTIONS = {"down": "down", "up": "up"}
GRADES = {"direct": "direct: the thing itself", "proxy": "proxy: a stand-in"}
EXPECTS = {
    "neutral": "it says nothing of it",
    "inconsistent": "the opposite",
    "consistent": "the same",
}
assert EXPECTS.keys() < wordmarks.MARKS.keys()


def draw(desk: Desk, day: date) -> None:
    """All questions, and the button that writes the YAML."""
    with st.container(key="write-form"):
        _all(desk, day)


def _all(desk: Desk, day: date) -> None:
    view = desk.view(desk.newest)
    for number, (stage, head) in enumerate(STAGES.items(), 1):
        st.header(f"{number}. {head}", anchor=False)
        if stage == "event":
            _event(desk)
        elif stage == "tests":
            _tests(desk, view)
        elif stage == "rivals":
            _rivals(desk)
        else:
            for one in asked(stage):
                _plain(desk, one, one.id)
    _write(desk, day)


def _plain(desk: Desk, one: Question, name: str, placeholder: str = "") -> None:
    """A question that is answered in words or by a day, and why its answer cannot be taken."""
    given: object
    if one.fills.rpartition(".")[2] in ("on", "date", "since", "until", "thresholds_set"):
        given = asking.day(name, one)
    elif one.many or one.fills in ("claim", "mechanism"):
        given = asking.paragraph(name, one, rows=one.many)
    else:
        given = asking.line(name, one, placeholder or _suggested(one))
    _faulty(desk, one, "" if given is None else str(given))


def _faulty(desk: Desk, one: Question, given: str, test: DraftTest | None = None) -> None:
    """Why an answer cannot be taken; nothing where none is given yet."""
    why = fault(one, given, desk.store.catalogue, desk.library, test) if given.strip() else None
    if why is not None:
        st.markdown(wordmarks.ending("inconsistent", why))


def _suggested(one: Question) -> str:
    """What is taken where nothing is answered."""
    claim = str(sheet.answers().get("claim", ""))
    if one.id == "title" and claim:
        return title(claim)
    return slug(claim) if one.id == "id" and claim else ""


def _event(desk: Desk) -> None:
    every = {event.id: event.name for event in desk.library.events.values()}
    which = replace(
        question("event"), help="An event of the library, or one that it does not have yet."
    )
    chosen = asking.choice("event-of", which, {**every, NEW: NEW}, NEW)
    if chosen == NEW:
        for one in worded("event"):
            _plain(desk, one, one.id)


def _anchor(desk: Desk) -> date | None:
    """The day from which windows count, as far as it is answered."""
    answers = sheet.answers()
    known = desk.library.events.get(str(answers.get("event-of", "")))
    if known is not None:
        return known.date
    try:
        return date.fromisoformat(str(answers.get("event-date", "")))
    except ValueError:
        return None


def _count() -> int:
    found = sheet.answers().get("tests", 1)
    return min(max(int(found), 1), MOST_TESTS) if isinstance(found, int) else 1


def _tests(desk: Desk, view: View) -> None:
    st.markdown(
        "A claim that predicts nothing cannot be wrong. Name at least three things that one would see if it were true, in data that "
        "do not rest on the same collection."
    )
    for at in range(_count()):
        with st.container(border=True, key=f"written-test-{at + 1}"):
            st.subheader(f"Test {at + 1}", anchor=False)
            _test(desk, view, at)
    with st.container(horizontal=True, gap="small", key="how-many-tests"):
        if _count() < MOST_TESTS:
            st.button("Add a test", key="add-test", on_click=_change, args=(1,))
        if _count() > 1:
            st.button(
                "Take the last one away",
                key="less-tests",
                type="tertiary",
                on_click=_change,
                args=(-1,),
            )


def _change(by: int) -> None:
    if by < 0:
        prefix = f"t{_count()}-"
        asking.forget([name for name in sheet.answers() if name.startswith(prefix)])
    sheet.answers()["tests"] = _count() + by
    if _count() in (1, MOST_TESTS):  # the button that was pressed is gone
        focus.to("less-tests" if by > 0 else "add-test")


def _test(desk: Desk, view: View, at: int) -> None:
    lead = f"t{at + 1}-"
    label = f"test {at + 1}"
    _plain(desk, question("test-title"), f"{lead}test-title")
    chosen = picker.draw(desk, view, f"{lead}test-series", label)
    if not chosen:
        return
    fitting = kinds_for(chosen, view.catalogue)
    kind = asking.choice(
        f"{lead}test-kind",
        question("test-kind"),
        {name: f"{KINDS[name].label} ({name})" for name in fitting if name != "falls_together"},
        fitting[0],
    )
    if not kind:
        return
    suits = prefilled(kind, chosen, view.catalogue)
    about = DraftTest(kind=kind, series=chosen)
    for one in asked("tests", kind):
        name = f"{lead}{one.id}"
        if one.id in APART:
            continue
        if one.id == "test-direction":
            asking.choice(name, one, DIRECTIONS)
        elif one.id == "test-role":
            asking.choice(name, one, {role: f"{role}: {says}" for role, says in ROLES.items()})
        elif one.id == "test-grade":
            if suits.grade == "direct":
                asking.choice(name, one, GRADES, "direct")
        elif one.id == "test-window":
            _faulty(desk, one, asking.line(name, one, suits.window), about)
        elif one.id == "test-at-least":
            _usual(desk, view, lead, chosen, kind)
            given = asking.line(name, one, f"a number and its unit: {suits.unit}")
            _faulty(desk, one, given, about)
        else:
            _plain(desk, one, name)


def _usual(desk: Desk, view: View, lead: str, chosen: str, kind: str) -> None:
    """What such windows usually do: without it no size can be chosen."""
    anchor = _anchor(desk)
    answers = sheet.answers()
    try:
        asked_for = DraftTest(
            kind=kind,
            series=chosen,
            after=str(answers.get(f"{lead}test-window", "")),
        )
        found = usual(asked_for, view, anchor) if anchor is not None else None
    except (ValidationError, ValueError):
        return
    if found is not None:
        st.caption(plain(found.words))


def _rivals(desk: Desk) -> None:
    event = str(sheet.answers().get("event-of", NEW))
    rivals = {
        s.id: s.title for s in desk.stories.values() if s.event == event and s.shelf != "watch"
    }
    if not rivals:
        st.markdown(
            "The library has no other story about this event. Then none can be named yet; what else could move the data comes next."
        )
        return
    chosen = asking.several("rivals", question("rivals"), rivals)
    if not chosen:
        return
    st.markdown(plain(question("rivals-expect").ask))
    st.caption(plain(question("rivals-expect").help))
    one = question("rivals-expect")
    for at in range(_count()):
        told = str(sheet.answers().get(f"t{at + 1}-test-title", "")) or f"Test {at + 1}"
        for rival in chosen:
            said = replace(one, ask=f"{told}: what does “{rivals[rival]}” expect?")
            asking.choice(f"t{at + 1}-expects-{rival}", said, EXPECTS, "neutral")


# -- from answers to a draft ----------------------------------------------------------------------------


def _write(desk: Desk, day: date) -> None:
    st.header("Then", anchor=False)
    st.markdown(
        "From now on the YAML is the one text that you edit. Its cases and controls are worked out for you; that takes a few seconds."
    )
    for told in st.session_state.get("write-told", ()):
        st.warning(plain(told))
    if sheet.text():
        st.markdown(
            "There is a text already. These answers make another in its place; download the old one if you want to keep it."
        )
    label = "Replace the text" if sheet.text() else "Write the YAML"
    st.button(label, key="write-yaml", on_click=_written, args=(desk, day))
    if st.session_state.get(PRESSED):
        _lacking(desk)


def _lacking(desk: Desk) -> None:
    """What still needs an answer, each a way to its field."""
    ways = [
        leading.Way(asking.key(one.name), one.asked, one.why)
        for one in lacking(sheet.answers(), desk, _count())
    ]
    if not ways:
        del st.session_state[PRESSED]
        return
    told = "Nothing is written yet. These questions still need an answer:"
    leading.ways("write-lacking", told, ways)


def _written(desk: Desk, day: date) -> None:
    if lacking(sheet.answers(), desk, _count()):
        st.session_state[PRESSED] = True
        return
    made = draft_of(sheet.answers(), desk, day, _count())
    if isinstance(made, str):
        st.session_state["write-told"] = (made,)
        return
    found = sandbox.finished(made.model_dump_json())
    told = (found.fault.sentence,) if found.fault is not None else ()
    st.session_state["write-told"] = (*told, *found.left_out)
    st.session_state[sheet.FORM] = False
    sheet.put(
        found.text or yaml_of(made)
    )  # without cases and controls, where they could not be worked out


def draft_of(answers: dict[str, Any], desk: Desk, day: date, tests: int) -> Draft | str:
    """The answers as a draft, or a sentence that says which cannot be taken."""
    new = answers.get("event-of", NEW) == NEW
    whole: dict[str, Any] = {}
    for stage in ("claim", "event", "wrong", "said"):
        for one in asked(stage):
            if stage != "event" or new:
                _put(whole, one.fills, one, answers.get(one.id))
    if not new:
        whole["event"] = answers["event-of"]
    whole["said"] = [whole["said"]] if whole.get("said") else []
    whole["rivals"] = [
        name
        for name in answers.get("rivals", [])
        if name in desk.stories and desk.stories[name].event == whole.get("event")
    ]
    whole["tests"] = [_drafted(answers, f"t{at + 1}-", whole["rivals"]) for at in range(tests)]
    whole.setdefault("thresholds_set", day.isoformat())
    try:
        return Draft.model_validate(whole)
    except ValidationError as fault:
        first = fault.errors(include_url=False)[0]
        place = ", ".join(str(step) for step in first["loc"])
        return f"One of the answers cannot be taken: {place}."


def _drafted(answers: dict[str, Any], lead: str, rivals: list[str]) -> dict[str, Any]:
    made: dict[str, Any] = {"tests": {}}
    kind = str(answers.get(f"{lead}test-kind", ""))
    for one in asked("tests", kind):
        if one.id != "test-legs":
            _put(made, one.fills, one, answers.get(f"{lead}{one.id}"))
    test: dict[str, Any] = made["tests"]
    expects = {rival: answers.get(f"{lead}expects-{rival}", "neutral") for rival in rivals}
    return {**test, "rivals_expect": expects} if expects else test


def _put(whole: dict[str, Any], fills: str, one: Question, answer: object) -> None:
    """An answer at its place in the draft."""
    if answer in (None, "", []):
        return
    value: object = answer
    if one.many and isinstance(answer, str):
        value = [row.strip() for row in answer.splitlines() if row.strip()]
    holder, _, last = fills.rpartition(".")
    target = whole.setdefault(holder, {}) if holder else whole
    target[last] = value
