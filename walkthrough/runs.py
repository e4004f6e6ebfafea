"""Who wants to hear of the app's runs: a host's journal and meters. Under plain `streamlit run` nobody does."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import streamlit as st

from briefs.address import Address

TRACE = "X-Trace-Id"
"""The header by which a host names the connection that a run belongs to."""


@dataclass(frozen=True)
class Run:
    """One run of the script from the reader's place to the end of the page."""

    page: str
    story: str
    step: str
    seconds: float
    trace: str


listeners: list[Callable[[Run], None]] = []


@contextmanager
def told(here: Address) -> Iterator[None]:
    """Times what is inside and tells the listeners, also where it was broken off."""
    began = time.perf_counter()
    try:
        yield
    finally:
        if listeners:
            took = time.perf_counter() - began
            step = here.step if here.story or here.chapter else ""
            trace = st.context.headers.get(TRACE, "")
            run = Run(here.page, here.story, step, took, trace)
            for listener in listeners:
                listener(run)
