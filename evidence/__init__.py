"""The evidence engine: narratives in, verdicts out.

It knows no screen (neither streamlit nor altair), no clock and no network: the as-of date is an
argument, the data are the snapshot's. `evidence.engine` is the door; `docs/architecture.md` the map.
"""

ENGINE_VERSION = "1.1"
"""Bumped, with a line in CHANGELOG.md, whenever a golden verdict moves."""
