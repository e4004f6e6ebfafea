"""Back and Next: in the same place on every stop, by mouse, touch and keyboard; each press is one entry in the history."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from briefs.address import Address
from walkthrough import address
from walkthrough.links import soft, way


def moves(
    here: Address,
    stops: Sequence[Address],
    at: int,
    *,
    out: Address,
    out_label: str,
    arrows: bool = True,
    wait: str = "",
) -> None:
    """The lower edge of the window, with how far the reader is. `out`: where the walk begins and ends.

    arrows: whether the arrow keys move too. Not where a slider or a choice needs them. wait: what has to be done
    before there is a way on.
    """
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
        st.markdown(f"{soft(f'{at + 1} of {len(stops)}')} {_presenting(here)}", width="content")
        _move(
            "Next",
            stops[at + 1] if at + 1 < len(stops) else None,
            out,
            out_label,
            "Right",
            arrows=arrows,
            wait=wait,
        )


def _move(
    label: str,
    to: Address | None,
    out: Address,
    out_label: str,
    side: str,
    *,
    arrows: bool,
    wait: str = "",
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
        disabled=bool(wait),
        help=wait or None,
        on_click=address.go,
        args=(to,),
    )


def _presenting(here: Address) -> str:
    """The way into and out of the presenter's view."""
    label = "Leave the presentation" if here.presenter else "Present"
    return way(label, replace(here, presenter=not here.presenter, faults=()))
