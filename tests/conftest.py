"""Before anything is imported: no test sees the private store of whoever runs it, and compiled code is kept aside.

Hundreds of tests start a command or an app. Where the environment forbids Python to keep what it compiled, each of
them would compile the whole project again.
"""

import gc
import os

os.environ["FLOWCHECK_PRIVATE"] = "off"

import sys
from functools import cache
from pathlib import Path

import pytest

COMPILED = Path(__file__).resolve().parent.parent / ".pytest_cache" / "compiled"


def pytest_configure():
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
        os.environ.setdefault("PYTHONPYCACHEPREFIX", str(COMPILED))
        sys.dont_write_bytecode, sys.pycache_prefix = False, os.environ["PYTHONPYCACHEPREFIX"]


def pytest_collection_finish():
    """What the test modules hold stays to the end: the collector need not go through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="module")
def read_once():
    """For modules that run many commands: the catalogue and each folder of narratives are read once for all of them.

    Both are frozen, so no command can leave anything behind in them. The folders must not change meanwhile.
    """
    from evidence import catalogue, library

    catalogued, kept = cache(catalogue.read), {}
    read_library = library.read_library

    def read(folder=library.HOME, entries=None, name=None):
        entries = entries or catalogued()
        key = (folder, id(entries), name)
        if key not in kept:
            kept[key] = (read_library(folder, entries, name), entries)  # kept alive with its id
        return kept[key][0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("evidence.catalogue.read", catalogued)
        patch.setattr("evidence.observations.read_catalogue", catalogued)
        patch.setattr("evidence.library.read_library", read)
        yield
