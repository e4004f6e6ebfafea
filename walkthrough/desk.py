"""The desk of this process: made once for all visitors, and again when the data have changed."""

import gc
import os
from pathlib import Path

import streamlit as st

from briefs.desk import Desk, open_desk
from evidence import private_folder
from evidence.observations import SNAPSHOT


@st.cache_resource(show_spinner="Opening the data …", max_entries=2)
def opened(state: object) -> Desk:  # noqa: ARG001  (the cache reads it)
    """The desk for one state of the manifests. What it holds lives long, so the collector may leave it alone."""
    gc.unfreeze()
    made = open_desk()
    gc.collect()
    gc.freeze()
    return made


def desk() -> Desk:
    """The desk of this process: made once, and again as soon as a refresh or an import has brought something."""
    own = private_folder.folder(os.environ)
    return opened((_state(SNAPSHOT), _state(own) if own else None))


def _state(folder: Path) -> tuple[int, int] | None:
    """What changes with a folder's manifest."""
    try:
        found = (folder / "manifest.json").stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
