"""One test: the prediction, April 2025 beside the episode when it did happen, the outcome; the rest folded."""

from collections.abc import Iterator

import streamlit as st

from briefs import answers, figures
from briefs.legend import GRADES, VINTAGES
from briefs.stand import Stand
from evidence import placebo, wording
from evidence.days import day
from evidence.trace import TestTrace
from walkthrough import wordmarks
from walkthrough.drawing import look, show
from walkthrough.folds import fold
from walkthrough.links import row, soft, way
from walkthrough.prose import para, paras, plain, share


def draw(stand: Stand) -> None:
    """The step."""
    trace = stand.trace
    _choose(stand)
    st.header(plain(trace.title), anchor=False)
    words, pictures = st.columns([2, 5], gap="medium")
    with words:
        st.subheader("The prediction", anchor=False)
        para(trace.expected)
        st.caption(wording.ROLES[trace.role])
        st.subheader("What we saw", anchor=False)
        _outcome(trace)
    with pictures:
        _pictures(stand)
    _folded(stand, trace)


def _outcome(trace: TestTrace) -> None:
    with st.container(key="outcome"):
        paras(_said(trace), head=wordmarks.outcome(trace.outcome))


def _said(trace: TestTrace) -> Iterator[str]:
    yield wording.outcome_sentence(trace)
    if need := answers.against_need(trace):
        yield need
    if trace.so_far and trace.window is not None:
        yield (
            "The span that the claim speaks of is not over."
            if trace.fact
            else f"The window is still open: {trace.window.published} of {trace.window.length} observations are out."
        )
    if trace.first_print_outcome is not None and trace.first_print_outcome != trace.outcome:
        yield f"As first printed, the same test said “{wording.OUTCOMES[trace.first_print_outcome]}”. The figures have been revised since."


def _choose(stand: Stand) -> None:
    """The tests by number, each with its mark."""
    tests = stand.verdict.tests
    ways = [soft(f"Test {[t.id for t in tests].index(stand.trace.id) + 1} of {len(tests)}")]
    if len(tests) > 1:
        ways += [
            way(
                f"{wordmarks.shape(trace.outcome)} {number}",
                stand.here.at(step="tests", test=trace.id),
                chosen=trace.id == stand.trace.id,
                tip=plain(trace.title),
            )
            for number, trace in enumerate(tests, 1)
        ]
    row("which-test", ways)


def _pictures(stand: Stand) -> None:
    pair = figures.pair(stand, look())
    if not pair:
        st.markdown("There is nothing to draw yet on this day.")
    elif len(pair) == 1:
        show(pair[0])
    else:
        for column, figure in zip(st.columns(len(pair), gap="medium"), pair, strict=True):
            with column:
                show(figure)
    control = figures.control_of(stand)
    if control is not None:
        known, trace = control
        st.caption(
            f"{plain(known.name)}, {day(known.date)}: {plain(known.known)} The same test there: {wordmarks.small_outcome(trace.outcome)}."
        )


def _folded(stand: Stand, trace: TestTrace) -> None:
    if trace.placebo is not None:
        fold("How unusual is that?", "how-unusual", lambda: _unusual(stand, trace))
        fold("Could we have seen it?", "could-see", lambda: para(wording.could_have_seen(trace)))
    wider = figures.wider(stand, look())
    if wider is not None:
        fold("A wider view", "wider", lambda: show(wider, "wider"))
    fold("The rule, in full", "rule", lambda: _rule(stand, trace))
    fold("Why this test, and its caveat", "why", lambda: _why(stand, trace))
    fold("The data", "data", lambda: _data(stand, trace))


def _unusual(stand: Stand, trace: TestTrace) -> None:
    para(wording.if_true(trace))
    picture = figures.place(stand, look())
    if picture is not None:
        show(picture, "placebos")


def _why(stand: Stand, trace: TestTrace) -> None:
    para(trace.why)
    if trace.caveat:
        st.markdown(f"**Caveat, written on {day(stand.verdict.thresholds_set)}**")
        para(trace.caveat)
    else:
        st.markdown("No caveat is noted.")


def _rule(stand: Stand, trace: TestTrace) -> None:
    with st.container(key="in-full"):
        full = wording.in_full(trace, stand.desk.store.catalogue)
        set_on = (
            f"On {day(stand.verdict.thresholds_set)}, after the event and after most of these data."
        )
        st.table(
            {head: plain(text) for head, text in {**full, "When that was set": set_on}.items()},
            border="horizontal",
        )
    if trace.placebo is None:
        para(
            "The test compares one value with what counts. Inside the band it speaks for the claim; clearly outside, against it."
        )
    else:
        para(
            f"The data bear the claim out where the move is at least that large and among the most extreme "
            f"{share(float(trace.placebo.tail))} of earlier windows. They speak against it where data this weak would be seen in at "
            f"most {share(placebo.P_IF_TRUE)} of cases if the claim were true at that size. Anything else leaves it open. {wording.if_true(trace)}"
        )


def _data(stand: Stand, trace: TestTrace) -> None:
    catalogue = stand.desk.store.catalogue
    if trace.data is not None:
        known = figures.known_day(trace.data.known_at)
        para(
            f"From {day(trace.data.first)} to {day(trace.data.last)}; the last of it was known on {day(known)}."
        )
        para(f"{VINTAGES[trace.data.vintage_quality]} {GRADES[trace.data.grade]}")
    for name in trace.series:
        entry = catalogue.series[name]
        st.markdown(f"- **{plain(entry.title)}**. {plain(entry.citation)}. {plain(entry.faults)}")
    st.caption("The figures themselves are under each chart, to look at and to download.")
