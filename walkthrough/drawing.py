"""A Figure on a page: the finding, the picture, its source, and the data behind it, folded."""

import streamlit as st

from charts.figure import Figure
from charts.theme import DARK, LIGHT, Look
from walkthrough.folds import fold
from walkthrough.prose import plain
from walkthrough.turns import turns

WIDTH = 130
"""Of a column in pixels: names of columns are long, and what counts is to see the values."""


def look() -> Look:
    """The colours for the reader's theme. What the browser has not told yet counts as light."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def show(figure: Figure, place: str = "") -> None:
    """The figure with all that belongs to it. `place` tells two showings of one figure on a page apart."""
    turns.give_way()
    key = f"figure-{figure.key}-{place}".replace(".", "-").replace("/", "-")
    with st.container(gap="xsmall", key=key):
        st.markdown(_headed(figure))
        bare(figure)
        st.caption(f"Source: {plain(figure.source)}")
        _data(figure, key)


def bare(figure: Figure) -> None:
    """The picture alone, where the words around it say the rest."""
    # The spec's own description is the figure's alternative text: Streamlit reads it out.
    alt = None if figure.spec.get("description") else figure.alt
    st.vega_lite_chart(figure.arrow, figure.spec, theme=None, alt=alt, width="stretch")


def walked(figure: Figure) -> None:
    """The figure as a stop of the walk: its stages are one chart, to which rows are added."""
    spec = {name: value for name, value in figure.spec.items() if name != "description"}
    with st.container(gap="xsmall", key="walked"):
        with st.container(key="walked-title"):
            st.markdown(_headed(figure))
        st.vega_lite_chart(
            figure.arrow, spec, theme=None, alt=figure.alt, width="stretch", key="walked-chart"
        )
        st.caption(f"Source: {plain(figure.source)}")
        _data(figure, "walked")


def _headed(figure: Figure) -> str:
    """The finding, and under it what is drawn, as one text."""
    title = f"**{plain(figure.title)}**"
    return f"{title}\n\n{plain(figure.subtitle)}" if figure.subtitle else title


def _data(figure: Figure, key: str) -> None:
    fold("The data behind this chart", f"{key}-data", lambda: _table(figure, key))


def _table(figure: Figure, key: str) -> None:
    columns = {str(name): st.column_config.Column(width=WIDTH) for name in figure.table.columns}
    st.dataframe(figure.table, hide_index=True, alt=figure.title, column_config=columns)
    st.download_button(
        "Download this table (CSV)",
        figure.table.to_csv(index=False).encode(),
        file_name=f"{_slug(figure.key)}.csv",
        mime="text/csv",
        key=f"{key}-csv",
        on_click="ignore",
    )


def _slug(text: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in text).strip("-").lower() or "data"
