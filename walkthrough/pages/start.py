"""What happened, how rare that is, the answers in a line each, and the way on."""

import streamlit as st

from briefs import answers, figures
from briefs.address import Address
from briefs.desk import Desk
from evidence.narrative import Narrative
from walkthrough import address, wordmarks
from walkthrough.desk import desk
from walkthrough.drawing import beside, look
from walkthrough.links import rows, way
from walkthrough.place import Place
from walkthrough.prose import explain, para, plain

PLACE = Place(10, "Start")
WAYS_ON = (
    "The answers above are the short route. One figure that went round deserves a second look: who it was that bought at the April "
    "auction. The board shows all stories at once and lets you move the day: in the first weeks nobody could know, and you can watch "
    "each story being settled."
)


def draw() -> None:
    """The page."""
    found = desk()
    here = address.read("start", found)
    event = found.the_event
    if event is None:
        st.title("No story yet", anchor=False)
        st.markdown("No story could be read. The page *Data* says what is wrong.")
        return
    chapter, steps = next(iter(found.chapters.items()))
    walk = way("Take the guided walk", here.at("walk", chapter=chapter, step=steps[0]))
    with st.container(key="lead-on"):
        para(event.background or "", head=f"# {plain(event.question)}", foot=walk)
    premise = next((s for s in found.stories.values() if s.shelf == "premise"), None)
    _what_happened(found, here)
    if premise is not None:
        _how_rare(found, here, premise)
    _answers(found, here)
    _ways_on(found, here, premise)


def _what_happened(found: Desk, here: Address) -> None:
    pictures = figures.premise(found, here.day, look())
    if pictures:
        beside(pictures, "premise")


def _how_rare(found: Desk, here: Address, premise: Narrative) -> None:
    """One sentence, from the test of the premise that decides."""
    scored = found.verdict(premise.id, here.day)
    trace = next((t for t in scored.tests if t.role == "doubly_decisive"), scored.tests[0])
    there = here.at("story", story=premise.id).at(step="tests", test=trace.id)
    if trace.outcome == "not_evaluable":
        mark, said = "", f"Did they? On this day the data could not tell yet. {trace.seen}"
    else:
        mark = f"{wordmarks.shape(trace.outcome)} "
        said = f"{trace.title}. {answers.how_rare(trace)}"
    with st.container(key="rare"):
        st.markdown(f"{mark}{plain(said)} {way('How that was tested', there)}")
        explain(said)


def _answers(found: Desk, here: Address) -> None:
    st.header("What people said, and what the data say", anchor=False)
    said = [s for s in found.stories.values() if s.shelf == "said"]
    for column, story in zip(st.columns(max(len(said), 1), gap="medium"), said, strict=False):
        with column.container(border=True, height="stretch", key=f"card-{story.id}"):
            _card(found, here, story)


def _card(found: Desk, here: Address, story: Narrative) -> None:
    scored = found.verdict(story.id, here.day)
    trace = answers.deciding(scored)
    said = f"{answers.says(scored)} {answers.because(trace) if trace else ''}"
    to = way("What do the data say?", here.at("story", story=story.id))
    head = (
        f"### {plain(story.title)}",
        wordmarks.verdict(scored),
        wordmarks.how_sure(scored),
    )
    para(said, head="\n\n".join(filter(None, head)), foot=to)


def _ways_on(found: Desk, here: Address, premise: Narrative | None) -> None:
    ways: list[tuple[str, Address]] = []
    if premise is not None:
        ways.append(("Did they fall together?", here.at("story", story=premise.id)))
    auction = _auction(found)
    if auction is not None:
        there = here.at("story", story=auction[0]).at(step="tests", test=auction[1])
        ways.append(("Who bought at the auction?", there))
    ways += [
        ("What the evidence says", here.at("evidence")),
        ("The note’s own figures", here.at("audit")),
        ("All stories on one board", here.at("stories")),
        ("How a story is checked", here.at("method")),
    ]
    rows(
        "ways-on", [["## Where to go from here"], [WAYS_ON], (way(label, to) for label, to in ways)]
    )


def _auction(found: Desk) -> tuple[str, str] | None:
    """The first story and test that ask whether the auction was a record."""
    asked = (
        (story.id, test.id)
        for story in found.stories.values()
        for test in story.tests
        if test.kind == "record" and any(name.startswith("ust.auction") for name in test.reads)
    )
    return next(asked, None)


if __name__ == "__main__":
    draw()
