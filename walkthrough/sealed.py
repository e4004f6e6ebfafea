"""What stands over a frozen view: which day and snapshot it shows, what has changed, and the way to today's."""

from collections.abc import Mapping

import streamlit as st

from briefs.address import Address
from briefs.desk import Desk
from evidence.seals import Opened, Seal, State, opened
from walkthrough import address, wordmarks
from walkthrough.prose import para

HEADS: Mapping[State, str] = {
    "same": "A frozen view",
    "changed": "A frozen view that has changed",
    "elsewhere": "A frozen link with another day’s seal",
    "unknown": "A frozen link that cannot be checked",
}


def view(desk: Desk, here: Address) -> Opened:
    """The view that the address names."""
    seal = Seal(snapshot=here.snapshot, mark=here.seal)
    return opened(desk.engine, here.story, here.day, seal)


def tell(found: Opened, here: Address) -> None:
    """The notice: quiet where the verdict stands, loud where it does not."""
    with st.container(key="sealed", gap="xsmall", border=True):
        st.markdown(f"**{HEADS[found.state]}**")
        para(" ".join(found.sentences))
        if found.entry is not None and found.state == "changed":
            before, now = st.columns(2)
            with before:
                st.caption("As it was shared")
                st.markdown(wordmarks.kept(found.entry))
            with now:
                st.caption("The same day, worked out now")
                st.markdown(wordmarks.verdict(found.verdict))
        address.link("See it on the newest data", here.on(None))
