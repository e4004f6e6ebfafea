"""This machine: how addresses name it, and how much of it is ours."""

import os

HERE = ("127.0.0.1", "localhost", "::1")
"""Its names."""


def cores() -> int:
    """How many processors this process may use."""
    own = getattr(os, "sched_getaffinity", None)  # Linux only
    return len(own(0)) if own else os.cpu_count() or 1
