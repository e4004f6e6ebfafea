"""Any script under uvicorn: which one says the environment. Imports are done and the collector frozen before the first visit."""

import gc
import os

import altair as alt  # noqa: F401  (loaded by the first chart otherwise)
import pandas as pd  # noqa: F401
import streamlit as st

app = st.App(os.environ["BASELINE"])
gc.collect()
gc.freeze()
