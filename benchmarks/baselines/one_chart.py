"""The floor of a step: one chart of 1,000 points, a button and a day, with nothing else to do (PLATFORM.md, tuned)."""

import numpy as np
import pandas as pd
import streamlit as st

POINTS = 1000
SPEC = {
    "mark": "line",
    "height": 320,
    "encoding": {"x": {"field": "x", "type": "quantitative"}, "y": {"field": "y", "type": "quantitative"}},
}  # fmt: skip


@st.cache_resource(max_entries=8)
def frame(step: int) -> pd.DataFrame:
    return pd.DataFrame({"x": range(POINTS), "y": np.random.default_rng(step).normal(size=POINTS).cumsum()})  # fmt: skip


def turn() -> None:
    st.query_params["step"] = str((int(st.query_params.get("step", "0")) + 1) % 8)


step = int(st.query_params.get("step", "0"))
st.button("Next", on_click=turn)
st.markdown(f"Step {step}")
st.vega_lite_chart(frame(step), SPEC)
