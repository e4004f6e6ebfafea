"""A sparkline: the course of a series as a small image for a list, without axes."""

import base64
from collections.abc import Sequence
from html import escape

WIDE, HIGH = 110, 30


def image(values: Sequence[float], alt: str, colour: str) -> str:
    """The line as an HTML image in a colour `#rrggbb`; two values or more, the oldest first."""
    low, high = min(values), max(values)
    spread = (high - low) or 1.0
    step = (WIDE - 4) / (len(values) - 1)
    points = " ".join(
        f"{2 + i * step:.1f},{HIGH - 3 - (v - low) / spread * (HIGH - 6):.1f}"
        for i, v in enumerate(values)
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDE}" height="{HIGH}">'
        f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.5"/></svg>'
    )
    uri = base64.b64encode(svg.encode()).decode()
    return f'<img src="data:image/svg+xml;base64,{uri}" alt="{escape(alt)}" width="{WIDE}" height="{HIGH}">'
