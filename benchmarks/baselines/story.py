"""The story page as stock Streamlit: a day, the tests, what the series did then and now, one chart each."""

import os
from pathlib import Path

import altair as alt
import pandas as pd
import streamlit as st
import yaml

home = Path(os.environ["FLOWCHECK_HOME"])
story = yaml.safe_load((home / os.environ["STORY"]).read_text())
tests = {t["id"]: t for t in story["tests"] if "series" in t or "legs" in t}
st.title(story["title"])
day = st.date_input("As known on", pd.Timestamp(st.query_params.get("as_of", "2025-06-20")))
test = tests[st.radio("Test", list(tests), list(tests).index(st.query_params.get("test", next(iter(tests)))))]  # fmt: skip
st.markdown(test["why"])
names = [test["series"]] if "series" in test else [leg["series"] for leg in test["legs"]]
frames = [pd.read_csv(home / f"evidence/snapshot/series/{n}.csv", parse_dates=["period"]).assign(series=n) for n in names]  # fmt: skip
rows = pd.concat(frames).drop_duplicates(["series", "period"], keep="last")
rows = rows[rows["period"] <= pd.Timestamp(day)]
for column, when in zip(st.columns(2), ("2020-03-16", "2025-04-02"), strict=True):
    near = rows[(rows["period"] - pd.Timestamp(when)).abs() < pd.Timedelta("400D")]
    line = alt.Chart(near).mark_line(point=True).encode(x="period:T", y="value:Q", color="series:N", tooltip=["period:T", "value:Q"])  # fmt: skip
    event = alt.Chart(pd.DataFrame({"period": [pd.Timestamp(when)]})).mark_rule().encode(x="period:T")  # fmt: skip
    column.altair_chart((line + event).properties(height=320, title=test["title"]))
    moved = near[near["period"] >= when]["value"]
    column.metric(test["title"], f"{moved.iloc[-1] - moved.iloc[0]:.1f}" if len(moved) else "–")
