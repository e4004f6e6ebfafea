"""Before anything is imported: no test sees the private store of whoever runs it."""

import os

os.environ["FLOWCHECK_PRIVATE"] = "off"

from functools import cache

import pytest


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
