"""Days as people write them, on every system: not every strftime can leave out a leading nought."""

from datetime import date


def day(value: date) -> str:
    """`2 April 2025`."""
    return f"{value.day} {value:%B %Y}"


def day_month(value: date) -> str:
    """`2 April`."""
    return f"{value.day} {value:%B}"


def short_day(value: date) -> str:
    """`2 Apr 2025`, where there is little room."""
    return f"{value.day} {value:%b %Y}"
