"""The *Share* popover: a live link, a frozen one, a QR code, a citation and a card for other pages."""

from dataclasses import replace
from typing import cast

import streamlit as st

from briefs import share
from briefs.address import Address
from briefs.desk import Desk
from briefs.settings import settings
from briefs.share import Theme
from evidence.days import day as in_words
from evidence.seals import may_freeze
from walkthrough import papers
from walkthrough.prose import para

THEMES = {"Their own": None, "Light": "light", "Dark": "dark"}
"""Whose colours the reader of a link sees."""


def base(here: Address) -> str:
    """Where this copy of the app is found."""
    if given := settings().app_url:
        return given.rstrip("/")
    return str(st.context.url or "").rstrip("/").removesuffix(f"/{here.page}").removesuffix("/root")


def popover(desk: Desk, here: Address) -> None:
    """The button; what it opens is made when it is opened."""
    opened = st.popover("Share", key="share", on_change="rerun", width="content", type="tertiary")
    if not opened.open:
        return
    with opened:
        _links(desk, replace(here, presenter=False, faults=()))


def _links(desk: Desk, here: Address) -> None:
    theme = cast(
        "Theme | None",
        THEMES[
            st.segmented_control(
                "Colours for the reader",
                list(THEMES),
                default="Their own",
                required=True,
                key="share-theme",
            )
        ],
    )
    there = base(here)
    live = share.url(there, share.live(here), theme)
    _link("Live link", "Always shows the newest data.", live)
    lasting = _lasting(desk, here, there, theme)
    st.markdown("**QR code**")
    with st.container(key="share-qr"):
        st.html(share.qr_image(lasting or live, "QR code of the link"))
    papers.offer(desk, here, there)
    if lasting and share.can_freeze(here):
        verdict = desk.verdict(here.story, here.day)
        st.markdown("**Citation**")
        st.code(
            share.citation(settings(), verdict, desk.store.n, lasting),
            language=None,
            wrap_lines=True,
        )
        title = f"{settings().name}: {verdict.title}"
        height = share.CHART if here.step == "tests" else share.CARD
        st.markdown("**A card for your own page**")
        st.code(share.snippet(lasting, title, height), language=None, wrap_lines=True)


def _lasting(desk: Desk, here: Address, there: str, theme: Theme | None) -> str:
    """The link that keeps what is seen: frozen for a story, dated for the other pages; empty where there is none."""
    if not share.can_freeze(here):
        dated = share.url(there, replace(here, latest=False), theme)
        _link("Link to this day", f"Shows what was known on {in_words(here.day)}.", dated)
        return dated
    verdict = desk.verdict(here.story, here.day)
    if why := may_freeze(verdict):
        st.markdown("**Frozen link**")
        para(f"There is none for this verdict. {why}")
        return ""
    frozen = share.url(there, share.frozen(here, verdict, desk.store.n), theme)
    says = f"Reads as now for ever: as known on {in_words(here.day)}, from snapshot {desk.store.n}."
    _link("Frozen link", says, frozen)
    return frozen


def _link(name: str, says: str, url: str) -> None:
    st.markdown(f"**{name}**. {says}")
    st.code(url, language=None, wrap_lines=True)
