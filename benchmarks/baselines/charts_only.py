"""The floor of a first visit: as many charts as the page that it stands for, and no logic.

CHARTS and POINTS say how many, and how many points all of them have together.
"""

import os

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

CHARTS, POINTS = int(os.environ.get("CHARTS", "3")), int(os.environ.get("POINTS", "1000"))
st.title("Charts")
for column, seed in zip(st.columns(CHARTS), range(CHARTS), strict=True):
    each = POINTS // CHARTS
    rows = pd.DataFrame({"x": range(each), "y": np.random.default_rng(seed).normal(size=each).cumsum()})  # fmt: skip
    column.altair_chart(alt.Chart(rows).mark_line().encode(x="x", y="y"))
