"""What comes of a story that somebody wrote: verdict, tests, rivals, other ways of asking, and whether it can tell."""

from functools import partial

import streamlit as st

from briefs.desk import Desk
from briefs.sandbox import Found
from evidence import wording
from evidence.controls import Check
from evidence.days import day
from evidence.engine import behind
from evidence.trace import TestTrace, Verdict
from walkthrough import wordmarks
from walkthrough.drawing import show
from walkthrough.folds import fold
from walkthrough.prose import bullets, para, plain
from walkthrough.turns import turns


def draw(desk: Desk, found: Found) -> None:
    """All of it, the verdict first."""
    if found.fault is not None:
        st.warning(plain(found.fault.sentence))
    if found.verdict is None:
        return
    turns.give_way()
    _verdict(desk, found.verdict)
    _tests(found)
    _rivals(desk, found.verdict)
    _ways(found)
    _can_it_tell(found)
    _checks(found)


def _verdict(desk: Desk, scored: Verdict) -> None:
    st.header("The verdict", anchor=False)
    st.caption(f"As known on {day(scored.as_of)}.")
    with st.container(key="verdict"):
        st.markdown(wordmarks.verdict(scored))
    if sure := wordmarks.how_sure(scored):
        st.markdown(sure)
    para(scored.rule_sentence)
    bullets(scored.reasons)
    if scored.grounds:
        st.caption(plain(scored.grounds))
    bullets(f"{wording.first_up(step.name)}: {step.why}" for step in scored.downgrades)
    for notice in _notices(desk, scored):
        st.caption(plain(notice))


def _notices(desk: Desk, scored: Verdict) -> list[str]:
    """What is noted of the data, without series that end after all that the text reads of them."""
    view = desk.view(scored.stands_for)
    open_ones = [t for t in scored.tests if t.outcome == "not_evaluable" or t.so_far]
    wanted = {name for trace in open_ones for name in trace.series}
    read = {name for trace in scored.tests for name in trace.series} - wanted
    needless = {told for name in read for told in behind(name, view)}
    return [notice for notice in scored.notices if notice not in needless]


def _tests(found: Found) -> None:
    assert found.verdict is not None
    st.header("Test by test", anchor=False)
    for trace in found.verdict.tests:
        turns.give_way()
        with st.container(key=f"settled-written-{trace.id}"):
            st.subheader(plain(trace.title), anchor=False)
            st.markdown(f"{wordmarks.outcome(trace.outcome)} {plain(trace.seen)}")
            st.caption(plain(trace.expected))
            if trace.id in found.pictures or trace.id in found.places:
                fold("Its charts", f"charts-{trace.id}", partial(_pictures, found, trace))


def _pictures(found: Found, trace: TestTrace) -> None:
    drawn = [
        (place, figures[trace.id])
        for place, figures in (("course", found.pictures), ("placebo", found.places))
        if trace.id in figures
    ]
    for column, (place, figure) in zip(st.columns(len(drawn), gap="medium"), drawn, strict=True):
        with column:
            show(figure, f"{place}-{trace.id}")


def _rivals(desk: Desk, scored: Verdict) -> None:
    st.header("The rivals", anchor=False)
    rivals = dict.fromkeys(r for t in scored.tests for r in t.rivals_expect)
    if not rivals:
        st.markdown(
            "The story names no rival. A test that no other story would fail tells little: what else could explain the same data?"
        )
        return
    for rival in rivals:
        turns.give_way()
        known = desk.stories.get(rival)
        st.markdown(f"**{plain(known.title if known else rival)}**")
        rows = [
            f"- {plain(t.title)}: expects {wordmarks.small_outcome(t.rivals_expect[rival])}; seen {wordmarks.small_outcome(t.outcome)}"
            for t in scored.tests
            if rival in t.rivals_expect
        ]
        st.markdown("\n".join(rows))


def _ways(found: Found) -> None:
    st.header("Other ways of asking", anchor=False)
    if found.verdict is not None and found.verdict.robustness is None:
        st.markdown(wording.UNJUDGED)
        return
    st.markdown(
        "Other lengths of the window, other sizes that matter, half and double the tail, first prints, each source left out. A verdict "
        "on which fewer than three in four agree is fragile, and less sure."
    )
    if found.curve is not None:
        show(found.curve, "written")


def _can_it_tell(found: Found) -> None:
    turns.give_way()
    st.header("Can these tests tell anything?", anchor=False)
    if not found.findings:
        st.markdown(
            "Among the earlier windows of its own data each deciding test could have failed, and could have passed."
        )
    else:
        st.markdown(
            "A test that decides has to fail often where nothing happened, and seldom where the claim is true; and it has to see an effect "
            "of twice the size that matters. By the earlier windows of their own data these do not:"
        )
    bullets(f"Line {one.line}: {one.message}" for one in found.findings)


def _checks(found: Found) -> None:
    st.header("Its own cases and controls", anchor=False)
    failed = [check for check in found.checks if not check.passed]
    passed = len(found.checks) - len(failed)
    left = f" {found.left} were left out for want of time." if found.left else ""
    if not found.checks and not found.left:
        st.markdown(
            "It has none. A case shows that a test can fail; a control, that it speaks where the answer is known."
        )
        return
    st.markdown(f"{passed} passed, {len(failed)} failed.{left}")
    bullets(_told(check) for check in failed)


def _told(check: Check) -> str:
    return f"{check.name}: expected {check.expected}, found {check.found}"
