"""What would change it: in the data's own units, and the next release that could."""

import streamlit as st

from briefs.stand import Stand
from evidence.days import day
from evidence.trace import Verdict
from evidence.wording import change, distance, first_up
from walkthrough import address, chain, wordmarks
from walkthrough.prose import bullets, para, plain


def draw(stand: Stand) -> None:
    """The step."""
    found = stand.verdict
    st.header("What would change it", anchor=False)
    if not found.would_change:
        para("No single number among these tests would change the verdict by itself.")
    elif found.direction == "insufficient_data":
        st.markdown(
            f"The verdict is {wordmarks.verdict(found)}. What the tests wait for, and what would turn them:"
        )
    else:
        st.markdown(
            f"The verdict is {wordmarks.verdict(found)}. The nearest things that would change it:"
        )
    told = {change(one) for one in found.changes}
    _nearest(stand)
    bullets(line for line in found.would_change if line not in told)
    if found.conditions:
        st.subheader("The conditions", anchor=False)
        chain.draw(stand)
    st.subheader("When to ask again", anchor=False)
    coming = found.next_release
    if coming is None:
        para(_later(found))
        return
    title = found.test(coming.test).title
    st.markdown(f"**{day(coming.on)}**: {plain(coming.short)}, for “{plain(title)}”.")
    if coming.on <= stand.desk.newest:
        address.link("See the verdict on that day", stand.here.on(coming.on))


def _nearest(stand: Stand) -> None:
    """Each test that alone could turn the verdict: at which value, how far off that is, and what could bring it."""
    for one in stand.verdict.changes:
        with st.container(key=f"settled-change-{one.test}", gap="xxsmall"):
            there = stand.here.at(step="tests", test=one.test)
            address.link(f"**{plain(one.title)}**", there)
            para(first_up(change(one).removeprefix(f"{one.title}: ")))
            if away := distance(one):
                st.caption(plain(away))


def _later(found: Verdict) -> str:
    """What is left where no test waits for a release: a revision, with the next day that can bring one."""
    due = min((one.on for one in found.changes if one.on is not None), default=None)
    if due is None:
        return "No release that is due can change this. A revision of old figures still could, and would appear here."
    return f"No test waits for a new figure. A revision of old ones still could change this; the next release that can bring one is due on {day(due)}."
