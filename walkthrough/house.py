"""The pages by their place: each file in `pages/` that names its `PLACE` is one."""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache

import streamlit as st

from walkthrough import pages
from walkthrough.place import Place

PAGES = "pages"
"""Where a session keeps what `st.navigation` takes."""
ROOT_PAGE = "start"
"""Shown at the root too. Its own address lives beside it, so that links to either work."""


@cache
def places() -> Mapping[str, Place]:
    """Each page's place by its name, in the order of the navigation."""
    found = {}
    for module in pkgutil.iter_modules(pages.__path__):
        place = getattr(importlib.import_module(f"{pages.__name__}.{module.name}"), "PLACE", None)
        if isinstance(place, Place):
            found[module.name] = place
    return dict(sorted(found.items(), key=lambda item: item[1].order))


def streamlit_pages() -> list[st.Page]:
    """The pages for `st.navigation`, made once for each session: Streamlit looks each file up."""
    held: list[st.Page] | None = st.session_state.get(PAGES)
    if held is None:
        root = st.Page(
            _file(ROOT_PAGE), title=places()[ROOT_PAGE].title, url_path="root", default=True
        )
        held = [
            *(
                st.Page(_file(name), title=place.title, url_path=name)
                for name, place in places().items()
            ),
            root,
        ]
        st.session_state[PAGES] = held
    return held


def name_of(page: st.Page) -> str:
    """The name of the page that the reader asked for."""
    return page.url_path or ROOT_PAGE


def _file(name: str) -> str:
    return f"walkthrough/pages/{name}.py"
