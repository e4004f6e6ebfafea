"""What stands under every page: who runs it, what it is not, and exactly which data and engine it shows."""

import streamlit as st

from briefs.address import Address
from briefs.desk import Desk
from briefs.settings import settings
from evidence import ENGINE_VERSION
from evidence.days import day as in_words
from walkthrough.prose import plain


def footer(desk: Desk, here: Address) -> None:
    """The foot of the page, from settings.yaml."""
    said = settings()
    run_by = f"{plain(said.name)} is run by {plain(said.operator)}. {plain(said.contact)}"
    shown = (
        f"As known on {in_words(here.day)} · snapshot {desk.store.n} · engine {plain(ENGINE_VERSION)} · "
        f"data {plain(desk.store.hash[:19])}"
    )
    lines = (
        f"**Not investment advice.** {plain(said.not_advice)}",
        plain(said.not_affiliated),
        f"{run_by} [Project]({said.project_url})" if said.project_url else run_by,
        shown,
    )
    with st.container(key="footer"):
        st.caption("\n\n".join(lines))


def short(desk: Desk, here: Address) -> None:
    """The foot of a presentation: what has to stand on every screen, in one line."""
    with st.container(key="footer"):
        st.caption(
            f"As known on {in_words(here.day)} · snapshot {desk.store.n} · engine {plain(ENGINE_VERSION)} · **Not investment advice** · "
            f"{plain(settings().name)}"
        )
