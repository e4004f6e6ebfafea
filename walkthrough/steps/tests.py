"""One test: the prediction, April 2025 beside the episode when it did happen, the outcome; the rest folded."""

from collections.abc import Iterator

import streamlit as st

from briefs import answers, figures
from briefs.legend import GRADES, VINTAGES
from briefs.stand import Stand
from charts.figure import Figure
from evidence import placebo, wording
from evidence.days import day
from evidence.trace import TestTrace
from walkthrough import wordmarks
from walkthrough.drawing import beside, look, show
from walkthrough.folds import fold
from walkthrough.links import soft, way
from walkthrough.prose import explain, para, plain, share


def draw(stand: Stand) -> None:
    """The step."""
    trace = stand.trace
    st.header(plain(trace.title), anchor=False)
    words, pictures = st.columns([2, 5], gap="medium")
    with words:
        _words(trace)
    with pictures:
        _pictures(stand)
    _folded(stand, trace)


def _words(trace: TestTrace) -> None:
    """The prediction, and what was seen, as one text."""
    said = list(_said(trace))
    outcome = [wordmarks.of_test(trace), *map(plain, said)]
    lines = [
        "### The prediction",
        plain(trace.expected),
        f":small[{wording.ROLES[trace.role]}]",
        "### What we saw",
        "\n>\n".join(f"> {line}" for line in outcome),
    ]
    st.markdown("\n\n".join(lines))
    explain(" ".join([trace.expected, *said]))


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


def ways(stand: Stand) -> list[str]:
    """The tests by number, each with its mark."""
    tests = stand.verdict.tests
    said = soft(f"Test {[t.id for t in tests].index(stand.trace.id) + 1} of {len(tests)}")
    if len(tests) == 1:
        return [said]
    return [
        said,
        *(
            way(
                f"{wordmarks.mark(trace)} {number}",
                stand.here.at(step="tests", test=trace.id),
                chosen=trace.id == stand.trace.id,
                tip=plain(trace.title),
            )
            for number, trace in enumerate(tests, 1)
        ),
    ]


def _pictures(stand: Stand) -> None:
    pair = figures.pair(stand, look())
    if not pair:
        st.markdown("There is nothing to draw yet on this day.")
    elif len(pair) == 1:
        show(pair[0], "test")
    else:
        beside(pair, "test")
    control = figures.control_of(stand)
    if control is not None:
        known, trace = control
        st.caption(
            f"{plain(known.name)}, {day(known.date)}: {plain(known.known)} The same test there: {wordmarks.small_outcome(trace.outcome)}."
        )


def _folded(stand: Stand, trace: TestTrace) -> None:
    """What only some ask for, in few folds: each takes a browser as long as a paragraph."""
    if trace.placebo is not None:
        title = "How unusual is that? Could we have seen it?"
        fold(title, "how-unusual", lambda: _unusual(stand, trace))
    fold("The rule in full, why this test, and its caveat", "rule", lambda: _rule(stand, trace))
    wider = figures.wider(stand, look())
    title = "The data" if wider is None else "A wider view, and the data"
    fold(title, "data", lambda: _data(stand, trace, wider))


def _unusual(stand: Stand, trace: TestTrace) -> None:
    para(wording.if_true(trace))
    picture = figures.place(stand, look())
    if picture is not None:
        show(picture, "placebos")
    para(wording.could_have_seen(trace))


def _why(stand: Stand, trace: TestTrace) -> None:
    para(trace.why)
    if trace.caveat:
        st.markdown(f"**Caveat, written on {day(stand.verdict.thresholds_set)}**")
        para(trace.caveat)
    else:
        st.markdown("No caveat is noted.")


def _rule(stand: Stand, trace: TestTrace) -> None:
    _settled(stand, trace)
    st.markdown("**Why this test**")
    _why(stand, trace)


def _settled(stand: Stand, trace: TestTrace) -> None:
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


def _data(stand: Stand, trace: TestTrace, wider: Figure | None) -> None:
    if wider is not None:
        show(wider, "wider")
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
