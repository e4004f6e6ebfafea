"""The one set of tokens: type, colour, spacing. Pages, figures and exports all read it.

The two looks differ in colours only. Each colour that carries text keeps a contrast of 4.5 to 1 on its
page; verdicts are told apart by word, shape and colour together (tests/test_charts_theme.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

SANS = "'Source Sans 3', 'Source Sans', 'Source Sans Pro', 'Helvetica Neue', Arial, sans-serif"
TEXT, SMALL = 13, 12
"""Sizes of type in charts, in pixels, at every width."""
HEIGHT, LOW = 300, 220
"""Heights of figures in pixels: a chart of its own, one of three side by side."""
HEAVY, LINE, THIN = 3.0, 1.8, 1.0
"""Widths of lines: what we saw, a series, rules and axes."""

SHAPES: Mapping[str, str] = {
    "supported": "●",
    "contradicted": "✕",
    "mixed": "◐",
    "insufficient_data": "◌",
    "consistent": "●",
    "inconsistent": "✕",
    "neutral": "○",
    "not_evaluable": "◌",
}
"""The shape beside each word: of verdicts, and of single tests."""


@dataclass(frozen=True)
class Look:
    """The colours of one mode.

    page: the background that all else is measured against. ink, soft: text. faint: lines that carry no
    text. grid, band (the window), ribbon (the normal range), pale (earlier dates): areas and thin lines.
    """

    mode: Literal["light", "dark"]
    page: str
    panel: str
    ink: str
    soft: str
    faint: str
    grid: str
    band: str
    ribbon: str
    pale: str
    primary: str
    supported: str
    contradicted: str
    mixed: str
    insufficient: str
    official: str
    private: str
    dollar: str
    yields: str
    equities: str
    funding: str
    us2y: str
    us5y: str
    us10y: str
    us10y_ultra: str
    us30y: str
    us30y_ultra: str

    def verdict(self, direction: str) -> str:
        """The colour of a verdict, or of a test's outcome."""
        return {
            "supported": self.supported,
            "consistent": self.supported,
            "contradicted": self.contradicted,
            "inconsistent": self.contradicted,
            "mixed": self.mixed,
        }.get(direction, self.insufficient)

    def series(self, series_id: str) -> str:
        """The colour of a series: the same wherever it is drawn, and shared by what is of one kind."""
        contract = series_id.rsplit(".", 1)[-1]
        if series_id.startswith("cftc.") and contract.startswith("us"):
            return str(getattr(self, contract))
        for part, colour in (
            ("official", self.official),
            ("custody", self.official),
            ("china_japan", self.official),
            ("foreign_class", self.private),
            ("private", self.private),
            ("broad_dollar", self.dollar),
            ("fed.h10", self.dollar),
            ("ust.yield", self.yields),
            ("equit", self.equities),
            ("nyfed", self.funding),
            ("ofr.repo", self.funding),
            ("sponsored", self.funding),
        ):
            if part in series_id:
                return colour
        return self.ink

    def config(self) -> dict[str, Any]:
        """The Vega-Lite config: no frame, few thin lines, no legend, nothing behind."""
        return {
            "background": "transparent",
            "font": SANS,
            "view": {"stroke": None},
            "axis": {
                "domainColor": self.faint,
                "tickColor": self.faint,
                "gridColor": self.grid,
                "gridWidth": 1,
                "domainWidth": THIN,
                "tickWidth": THIN,
                "tickSize": 4,
                "labelColor": self.soft,
                "titleColor": self.soft,
                "labelFontSize": SMALL,
                "titleFontSize": SMALL,
                "titleFontWeight": "normal",
                "labelPadding": 4,
                "labelFont": SANS,
                "titleFont": SANS,
            },
            "axisY": {"domain": False, "ticks": False, "grid": True},
            "axisX": {"grid": False},
            "text": {"font": SANS, "fontSize": SMALL, "color": self.ink, "lineHeight": 15},
            "title": {
                "font": SANS,
                "subtitleFont": SANS,
                "color": self.ink,
                "subtitleColor": self.soft,
                "anchor": "start",
                "fontSize": 16,
                "subtitleFontSize": TEXT,
            },
        }


LIGHT = Look(
    mode="light",
    page="#ffffff",
    panel="#f6f5f2",
    ink="#1a1c1f",
    soft="#55595f",
    faint="#a3a8ae",
    grid="#ececea",
    band="#f6f1e4",
    ribbon="#d6d9dd",
    pale="#b4b9c0",
    primary="#0b5394",
    supported="#0b62a8",
    contradicted="#b8400c",
    mixed="#75246f",
    insufficient="#62676d",
    official="#00706a",
    private="#8f5d00",
    dollar="#2e6f3a",
    yields="#3f4fae",
    equities="#a3305f",
    funding="#6b4a2b",
    us2y="#7d6608",
    us5y="#4a7423",
    us10y="#1f6f9f",
    us10y_ultra="#4557b5",
    us30y="#8b3fa0",
    us30y_ultra="#b0305c",
)
DARK = Look(
    mode="dark",
    page="#14171c",
    panel="#1d2128",
    ink="#eceef1",
    soft="#b3b9c1",
    faint="#6d747d",
    grid="#2a2f37",
    band="#262318",
    ribbon="#434a54",
    pale="#6f7782",
    primary="#74b3ea",
    supported="#74b3ea",
    contradicted="#ff9466",
    mixed="#dc9fdb",
    insufficient="#a4abb3",
    official="#4cc3b5",
    private="#e0b04c",
    dollar="#85c98f",
    yields="#9aa8f5",
    equities="#f08fb8",
    funding="#d0a67e",
    us2y="#d6bd4a",
    us5y="#9ccb6e",
    us10y="#6bb8e6",
    us10y_ultra="#9dabf7",
    us30y="#d39be6",
    us30y_ultra="#f48fb0",
)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours `#rrggbb` (WCAG 2.2, relative luminance)."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
