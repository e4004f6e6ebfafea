"""How wide text is before a browser has set it."""

from collections.abc import Mapping

from charts.theme import SMALL

_WIDTHS: Mapping[str, float] = {
    **dict.fromkeys(" ", 0.21),
    **dict.fromkeys("ijlI.,:;!|'’", 0.29),
    **dict.fromkeys("rtf()/-", 0.38),
    **dict.fromkeys("ceskvxyzaJ0123456789+−–$“”", 0.515),
    **dict.fromkeys("ABCDGHKNOPQRTUVXYZ&", 0.67),
    **dict.fromkeys("mMwW%●✕◐◌", 0.845),
}
"""Widths of signs in Source Sans 3, semi-bold, in parts of the size of type; others take 0.57."""


def width_of(text: str) -> float:
    """How many pixels the longest line of a small label takes; never fewer than it does in our typeface."""
    lines = text.split("\n")
    return SMALL * max(sum(_WIDTHS.get(sign, 0.57) for sign in line) for line in lines)
