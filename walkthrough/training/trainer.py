"""A trainer's link: chosen stories, each on a day, and exercises, in an order."""

from dataclasses import replace

import streamlit as st

from briefs import share
from briefs.address import Address
from briefs.desk import Desk
from briefs.training import plan as plans
from walkthrough import sharing
from walkthrough.prose import plain


def draw(desk: Desk, here: Address, items: plans.Plan) -> None:
    """The choices, and the link that they make."""
    names = [
        *(plans.Item(name, exercise=True).written for name in desk.exercises.by_id),
        *desk.stories,
    ]
    chosen = st.multiselect(
        "Exercises and stories, in your order",
        names,
        default=list(dict.fromkeys(replace(item, on=None).written for item in items)),
        format_func=lambda name: plain(_title(desk, name)),
        key="trainer-chosen",
        max_selections=plans.MOST,
    )
    made = [_item(desk, name, items) for name in chosen]
    if not made:
        st.caption("Choose some, and the link stands here.")
        return
    to = replace(here.at("train", story="", exercise="").on(None), plan=plans.written(made))
    st.code(
        share.url(sharing.base(here), replace(to, presenter=False)), language=None, wrap_lines=True
    )


def _title(desk: Desk, name: str) -> str:
    if name.startswith(plans.EXERCISE):
        return f"Exercise: {desk.exercises.by_id[name.removeprefix(plans.EXERCISE)].title}"
    return desk.stories[name].title


def _item(desk: Desk, name: str, items: plans.Plan) -> plans.Item:
    """The item, with the day that the trainer gives a story; an exercise has its own."""
    if name.startswith(plans.EXERCISE):
        return plans.Item(name.removeprefix(plans.EXERCISE), exercise=True)
    given = next((item.on for item in items if item.name == name), None)
    on = st.date_input(
        plain(f"As known on: {desk.stories[name].title}"),
        value=given,
        min_value=desk.oldest,
        max_value=desk.newest,
        format="YYYY-MM-DD",
        key=f"trainer-day-{name}",
        help="Empty: the newest data.",
    )
    return plans.Item(name, on=on)
