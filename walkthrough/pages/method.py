"""The method in one page: how a claim becomes tests, and how the tests become a verdict."""

import streamlit as st

from briefs import figures
from briefs.address import Address
from briefs.desk import Desk
from briefs.legend import DOWNGRADES, ROLE_NAMES, VERDICTS
from briefs.stand import Stand
from evidence import calibration, placebo
from evidence import verdict as rules
from evidence.days import day
from evidence.wording import CONFIDENCES, ROLES, calibrated_together
from walkthrough import address, wordmarks
from walkthrough.desk import desk
from walkthrough.drawing import beside, look, show
from walkthrough.place import Place
from walkthrough.prose import para, plain, share

PLACE = Place(50, "Method")


def draw() -> None:
    """The page."""
    found = desk()
    here = address.read("method", found)
    st.title("How a story is checked", anchor=False)
    st.markdown(
        "A story is turned into tests that can fail. Each test is asked what it would normally show, and how strong it would be if the "
        "story were true. A fixed rule turns the answers into a verdict. No language model and no chance take part: the same story, the "
        "same data and the same day give the same verdict."
    )
    example = _example(found, here)
    _what_was_known()
    _unusual(example)
    _controls(example)
    _calibration()
    _rule()
    _sure()
    _limits(found)


def _example(found: Desk, here: Address) -> Stand | None:
    """A story's decisive test with an episode in which it fires: the pictures on this page."""
    for story in found.stories.values():
        for use in story.controls:
            if use.event is None or use.expects != "fires" or story.shelf != "said":
                continue
            place = here.at("story", story=story.id).at(step="tests", test=use.test)
            stand = Stand(found, place, story, found.verdict(story.id, here.day))
            if stand.trace.role in rules.HOOPS and stand.trace.placebo is not None:
                return stand
    return None


def _what_was_known() -> None:
    st.header("Only what was known that day", anchor=False)
    st.markdown(
        "Every figure carries the moment at which it was published. A verdict as known on a day uses nothing that was published later, "
        "not even a revision. Some figures are *recorded*: what was printed that day is held. Others are *reconstructed*: today’s value, "
        "dated by the publisher’s rule. The page Data says which is which."
    )


def _unusual(example: Stand | None) -> None:
    st.header("How unusual is it?", anchor=False)
    st.markdown(
        f"The move after the event is ranked among the same measure over earlier windows of the same length, in the last "
        f"{placebo.YEARS} years where that leaves enough, else in all there are. At least {placebo.LEAST_EFFECTIVE} windows "
        "that do not overlap are needed, or the test has no answer. Levels drift and markets calm down, so each window is measured against "
        "what was usual just before it."
    )
    st.markdown(
        f"A test is {wordmarks.small_outcome('consistent')} where the move is large enough to matter and unusual enough. It is "
        f"{wordmarks.small_outcome('inconsistent')} where data this weak would be seen in at most "
        f"{share(placebo.P_IF_TRUE)} of cases if the claim were true at the size that matters. Anything between is "
        f"{wordmarks.small_outcome('neutral')}: either the test could not have seen so small an effect, or the effect is real and too "
        "small to matter. What matters is written down in the story, with a reason."
    )
    if example is not None:
        picture = figures.place(example, look())
        if picture is not None:
            st.markdown(
                f"For example, “{plain(example.trace.title)}”, a test of “{plain(example.story.title)}”:"
            )
            show(picture, "place")


def _controls(example: Stand | None) -> None:
    st.header("Does the test work at all?", anchor=False)
    st.markdown(
        "Before it may speak about the event, a test is tried on the past. Where an episode with a known answer is held, the test has to "
        "fire there; every other test has to stay quiet on many dates chosen by rule, but for about the share that chance allows."
    )
    if example is None:
        return
    pair = figures.pair(example, look())
    if len(pair) > 1:
        beside(pair, "control")


def _calibration() -> None:
    st.header("How often does it cry wolf?", anchor=False)
    st.markdown(
        "Each test was run on dates on which nothing is known to have happened. It ought to raise an alarm on about its nominal share of "
        "them, no more. Then an effect of known size was put into the same dates, to see how often the test finds it."
    )
    table, picture = calibration.table(), figures.false_alarms(look())
    if table is None or picture is None:
        st.markdown(
            "The table of that run is not in this copy. Until it is, every test counts as *uncalibrated*, and its verdict is a step less sure."
        )
        return
    para(f"How the dates were chosen: {table.rule}")
    if table.overall is not None:
        para(f"{calibrated_together(table.overall)}.")
    show(picture, "alarms")
    st.markdown(
        f"Facts, such as a date or a share, are not in the table: they are compared with a band and raise no false alarms. "
        f"A test with fewer than {calibration.LEAST_DATES} dates is *uncalibrated*. The run is of engine {plain(table.engine)}."
    )


def _rule() -> None:
    st.header("From tests to a verdict", anchor=False)
    st.markdown("Tests do not count alike. What hangs on each is its role:")
    st.markdown("\n".join(f"- **{name}**. {ROLES[role]}" for role, name in ROLE_NAMES.items()))
    st.markdown(
        f"The tests that a claim has to pass are judged together (Fisher’s combination; the bar is {share(rules.JOINT)}). "
        "Series that rest on the same collection of data count once. A claim with several parts is judged part by part: it is contradicted "
        "if one part is, and supported only if all are."
    )
    st.markdown(
        "\n".join(
            f"- {wordmarks.direction(word)}: {meaning}." for word, meaning in VERDICTS.items()
        )
    )
    st.markdown(
        "A contradiction that rests on a stand-in is said to be *by proxy*, one in a window that is still open *so far*; neither is ever more "
        "than of low confidence. A motive that no test reaches keeps a claim at mixed, however well the act is borne out."
    )


def _sure() -> None:
    st.header("How sure", anchor=False)
    st.markdown(
        f"Confidence has five steps, from {CONFIDENCES['very_low']} to {CONFIDENCES['very_high']}. It grows with the number of independent "
        "collections of data that decided, and with how far all tests agree. It falls by a step for each of these, by two at most:"
    )
    st.markdown(
        "\n".join(f"- **{name.capitalize()}**: {meaning}." for name, meaning in DOWNGRADES.items())
    )


def _limits(found: Desk) -> None:
    st.header("What this cannot do", anchor=False)
    dates = sorted({story.thresholds_set for story in found.stories.values()})
    when = (
        f" They were set on {day(dates[-1])}, after the event and after most of these data."
        if dates
        else ""
    )
    st.markdown(
        f"- **Hindsight.** What counts in each test was chosen by people who knew what had happened.{when} Comparing with earlier windows and "
        "past episodes guards against fitting. It does not undo it.\n"
        "- **Motives.** Flows show who bought and sold, never why.\n"
        "- **Timing within a month.** The official survey of cross-border flows is monthly. Within a month it cannot say before or after.\n"
        "- **Who is behind a custodian.** Holdings are counted where they are kept, which is not always where the owner is.\n"
        "- **Causes.** A story that survives its tests has not been shown to be true. It has not been ruled out, while others may have been."
    )


if __name__ == "__main__":
    draw()
