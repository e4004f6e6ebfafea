"""What would change it: in the data's own units, and the next release that could."""

import streamlit as st

from evidence.days import day
from walkthrough import address, wordmarks
from walkthrough.prose import bullets, para, plain
from walkthrough.stand import Stand


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
    bullets(found.would_change)
    st.subheader("When to ask again", anchor=False)
    coming = found.next_release
    if coming is None:
        para(
            "No release that is due can change this. A revision of old figures still could, and would appear here."
        )
        return
    title = found.test(coming.test).title
    st.markdown(f"**{day(coming.on)}**: {plain(coming.short)}, for “{plain(title)}”.")
    if coming.on <= stand.desk.newest:
        address.link("See the verdict on that day", stand.here.on(coming.on))
