"""The door of the app: page config, navigation, and the controls that every page shares."""

import streamlit as st

from evidence.observations import SnapshotFault
from walkthrough import address, entry, house, runs, shell
from walkthrough.desk import desk
from walkthrough.turns import turns

page = st.navigation(house.streamlit_pages(), position="hidden")
entry.checked()
try:
    found = desk()
except SnapshotFault as fault:
    shell.closed(str(fault))
here = address.read(house.name_of(page), found)
shell.titled(found.stories[here.story].title if here.story else page.title)
address.settle(here)
with turns.taken(), runs.told(here), shell.frame(found, here):
    try:
        page.run()
    except SnapshotFault as fault:
        shell.closed(str(fault))
