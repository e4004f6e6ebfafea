"""Days in words, the same on every system."""

import re
from datetime import date
from pathlib import Path

import pytest

from evidence.days import day, day_month, short_day

ROOT = Path(__file__).parent.parent
SOURCES = sorted(
    path
    for folder in ("evidence", "charts", "walkthrough")
    for path in (ROOT / folder).rglob("*.py")
)
NOT_EVERYWHERE = re.compile(r"%[-#][a-zA-Z]")
"""What only some systems' strftime knows: `%-d` is not on Windows, `%#d` only there."""


def test_a_day_has_no_leading_nought():
    assert day(date(2025, 4, 2)) == "2 April 2025"
    assert day_month(date(2025, 4, 2)) == "2 April"
    assert short_day(date(2025, 4, 2)) == "2 Apr 2025"
    assert day(date(2025, 11, 30)) == "30 November 2025"


@pytest.mark.parametrize(
    "path",
    [*SOURCES, ROOT / "streamlit_app.py"],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_no_source_asks_strftime_for_what_windows_lacks(path):
    assert NOT_EVERYWHERE.findall(path.read_text("utf-8")) == []
