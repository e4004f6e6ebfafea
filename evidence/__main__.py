"""`python -m evidence`."""

import io
import sys

from evidence.cli import app

# the same bytes everywhere: a terminal's own encoding may lack the minus sign, Windows ends lines with two
for stream in (sys.stdout, sys.stderr):
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding="utf-8", newline="\n")

app(prog_name="python -m evidence")
