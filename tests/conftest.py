"""Before anything is imported: no test sees the private store of whoever runs it."""

import os

os.environ["FLOWCHECK_PRIVATE"] = "off"
