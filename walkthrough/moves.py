"""Back and Next: in the same place on every stop, by mouse, touch and keyboard; each press is one entry in the history."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from briefs.address import Address
from walkthrough import address


def moves(
    here: Address,
    stops: Sequence[Address],
    at: int,
    *,
    out: Address,
    out_label: str,
    says: str,
    share: float,
    arrows: bool = True,
) -> None:
    """The lower edge of the window. `out`: where the walk begins and ends; `says`, `share`: how far the reader is.

    arrows: whether the arrow keys move too. Not where a slider or a choice needs them.
    """
    with st.bottom, st.container(key="progress"):
        st.progress(share)
    with (
        st.bottom,
        st.container(
            key="walk",
            horizontal=True,
            horizontal_alignment="distribute",
            vertical_alignment="center",
        ),
    ):
        _move("Back", stops[at - 1] if at else None, out, out_label, "Left", arrows=arrows)
        with st.container(
            horizontal=True, gap="small", width="content", vertical_alignment="center"
        ):
            st.caption(says, width="content")
            presenting(here)
        _move(
            "Next",
            stops[at + 1] if at + 1 < len(stops) else None,
            out,
            out_label,
            "Right",
            arrows=arrows,
        )


def _move(
    label: str, to: Address | None, out: Address, out_label: str, side: str, *, arrows: bool
) -> None:
    icon = f":material/arrow_{'back' if side == 'Left' else 'forward'}:"
    right = side == "Right"
    if to is None:
        address.link(out_label, out, icon=icon, icon_right=right)
        return
    st.button(
        label,
        key=f"move-{label.lower()}",
        type="tertiary",
        icon=icon,
        icon_position="right" if right else "left",
        shortcut=side if arrows else None,
        on_click=address.go,
        args=(to,),
    )


def presenting(here: Address) -> None:
    """The way into and out of the presenter's view."""
    label = "Leave the presentation" if here.presenter else "Present"
    address.link(label, replace(here, presenter=not here.presenter, faults=()))
