"""A series, searched in the catalogue by words: its title, how often it comes, how fresh it is, and its course of late."""

import streamlit as st

from briefs import spark
from briefs.desk import Desk
from charts.values import value_text
from evidence.drafting.questions import Question, question
from evidence.drafting.series import Found, found, matching
from evidence.drafting.suggest import kinds_for
from evidence.observations import View
from evidence.shelf import row as shelf_row
from walkthrough import focus
from walkthrough.drawing import look
from walkthrough.prose import plain
from walkthrough.writing import asking, sheet

MOST = 6
WIDTHS = [18, 60, 22]
FRESH = {
    "fresh": "fresh",
    "overdue": "overdue",
    "stale": "stale",
    "closed": "no further release is scheduled",
    "not_held": "nothing of it is held yet",
}


def draw(desk: Desk, view: View, name: str, label: str) -> str:
    """The series that is chosen under a name; empty as long as none is."""
    asked = question("test-series")
    chosen = str(sheet.answers().get(name, ""))
    if chosen in view.catalogue.series:
        _chosen(desk, view, name, chosen, asked)
        return chosen
    words = asking.line(f"{name}-words", asked, placeholder="custody, net purchases, yield …")
    if words:
        _found(view, words, name, label)
    return ""


def _found(view: View, words: str, name: str, label: str) -> None:
    """What the words find, as far as it is shown, and how much more there is."""
    names = matching(view, words, lambda entry: bool(kinds_for(entry.id, view.catalogue)))
    if not names:
        st.caption("No series has all of these words. Fewer words find more.")
    for one in names[:MOST]:
        _row(view, found(view, one), name, label)
    if len(names) > MOST:
        st.caption(f"{len(names) - MOST:,} more have all of these words. More words find fewer.")


def _chosen(desk: Desk, view: View, name: str, chosen: str, asked: Question) -> None:
    st.caption(plain(asked.ask))
    one = Found(shelf_row(view, chosen, desk.used.get(chosen, ())), ())
    with st.container(key=f"{name}-chosen", gap="xxsmall"):
        st.markdown(f"**{plain(one.row.title)}**")
        st.caption(plain(_about(view, one)))
        if one.row.faults:
            st.caption(plain(f"Known faults: {one.row.faults}"))
        st.button(
            "Choose another series",
            key=f"{name}-another",
            type="tertiary",
            on_click=_another,
            args=(name,),
        )


def _row(view: View, one: Found, name: str, label: str) -> None:
    with st.container(key=f"settled-{name}-{one.row.id.replace('.', '-')}"):
        course, words, take = st.columns(WIDTHS, vertical_alignment="center")
        with course:
            if len(one.values) > 1:
                st.html(
                    spark.image(one.values, f"The course of {one.row.title} of late", look().soft)
                )
        with words.container(gap="xxsmall"):
            st.markdown(f"**{plain(one.row.title)}**")
            st.caption(plain(_about(view, one)))
        take.button(
            "Take it",
            key=f"take-{name}-{one.row.id}",
            help=plain(f"Take {one.row.title} for {label}"),
            on_click=_take,
            args=(name, one.row.id),
        )


def _take(name: str, series: str) -> None:
    """The series is chosen; the next question is what kind of move is looked for in it."""
    asking.put(name, series)
    focus.to(asking.key(name.replace("test-series", "test-kind")))


def _another(name: str) -> None:
    asking.forget([name])
    focus.to(asking.key(f"{name}-words"))


def _about(view: View, one: Found) -> str:
    row = one.row
    last = ""
    if row.last_value is not None and row.last is not None:
        last = f"; last {value_text(float(row.last_value), view.catalogue.series[row.id])} for {row.last.isoformat()}"
    return (
        f"{row.frequency}, in {row.unit}{last}; {FRESH[row.freshness]}. {row.publisher}. {row.id}"
    )
