"""The field of the day: the browser's own, which each system draws as its people know it.

Streamlit's own date field is a tenth of all that a browser does for a first visit (docs/performance.md).
"""

from datetime import date
from pathlib import Path

import streamlit as st

from walkthrough.drawing import look

HERE = Path(__file__)
_component = st.components.v2.component(
    "dayfield",
    html='<label><span></span><input type="date" required></label>',
    css=HERE.with_suffix(".css").read_text("utf-8"),
    js=HERE.with_suffix(".js").read_text("utf-8"),
)


def dayfield(label: str, day: date, oldest: date, newest: date) -> None:
    """Shows the day. Another one between `oldest` and `newest` that a reader chooses is written into the address."""
    told = {"day": day, "oldest": oldest, "newest": newest}
    _component(
        key="dayfield",
        data={
            "label": label,
            "scheme": look().mode,
            **{name: on.isoformat() for name, on in told.items()},
        },
        width="content",
    )
