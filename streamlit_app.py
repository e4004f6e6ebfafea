"""The door of the app: page config, navigation, and the controls that every page shares."""

import streamlit as st

from briefs.settings import settings
from evidence.observations import SnapshotFault
from walkthrough import address, entry, house, runs, shell
from walkthrough.desk import desk

page = st.navigation(house.streamlit_pages(), position="hidden")
st.set_page_config(
    page_title=settings().name,
    page_icon="static/favicon.png",
    layout="wide",
    initial_sidebar_state="collapsed",
)
entry.checked()
try:
    found = desk()
except SnapshotFault as fault:
    shell.closed(str(fault))
here = address.read(house.name_of(page), found)
title = found.stories[here.story].title if here.story else page.title
st.set_page_config(page_title=f"{title} · {settings().name}")
address.settle(here)
with runs.told(here), shell.frame(found, here):
    try:
        page.run()
    except SnapshotFault as fault:
        shell.closed(str(fault))
