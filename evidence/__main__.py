"""`python -m evidence`."""

from evidence.cli import app

app(prog_name="python -m evidence")
