"""A Figure on a page: the finding, the picture, its source, and the data behind it, folded."""

from collections.abc import Sequence

import streamlit as st

from charts.figure import Figure
from charts.theme import DARK, LIGHT, Look
from walkthrough.folds import fold
from walkthrough.prose import plain
from walkthrough.turns import turns

WIDTH = 130
"""Of a column in pixels: names of columns are long, and what counts is to see the values."""


SOURCES = "sources_alone"


def begin(*, data: bool) -> None:
    """Begins a page: whether a figure's source unfolds its data, or stands alone as in a presentation and a card."""
    st.session_state[SOURCES] = not data


def look() -> Look:
    """The colours for the reader's theme. What the browser has not told yet counts as light."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def show(figure: Figure, place: str) -> None:
    """The figure with all that belongs to it. In one place of a page the next figure takes over what the browser has of this one."""
    turns.give_way()
    key = f"figure-{place}".replace(".", "-").replace("/", "-")
    with st.container(gap="xsmall", key=key):
        st.markdown(_headed(figure))
        bare(figure)
        _data(figure, key)


def beside(figures: Sequence[Figure], place: str) -> None:
    """Figures in columns of their own."""
    columns = st.columns(len(figures), gap="medium")
    for number, (column, figure) in enumerate(zip(columns, figures, strict=True)):
        with column:
            show(figure, f"{place}-{number}")


def bare(figure: Figure) -> None:
    """The picture alone, where the words around it say the rest."""
    st.vega_lite_chart(None, figure.drawn.whole, theme=None, width="stretch")


def walked(figure: Figure) -> None:
    """The figure as a stop of the walk: its stages are one chart, to which rows are added."""
    with st.container(gap="xsmall", key="walked"):
        with st.container(key="walked-title"):
            st.markdown(_headed(figure))
        spec = figure.drawn.whole
        st.vega_lite_chart(None, spec, theme=None, width="stretch", key="walked-chart")
        _data(figure, "walked")


def _headed(figure: Figure) -> str:
    """The finding, and under it what is drawn, as one text."""
    title = f"**{plain(figure.title)}**"
    return f"{title}\n\n{plain(figure.subtitle)}" if figure.subtitle else title


def _data(figure: Figure, key: str) -> None:
    """Whose data they are, which unfolds them."""
    source = f"Source: {plain(figure.source)}"
    if st.session_state.get(SOURCES):
        st.caption(source)
    else:
        title = f"{source} **The data behind this chart**"
        fold(title, f"{key}-data", lambda: _table(figure, key))


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
