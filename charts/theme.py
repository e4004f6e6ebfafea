"""The one set of tokens: type, colour, spacing. Pages, figures and exports all read it.

The two looks differ in colours only. Each colour that carries text keeps a contrast of 4.5 to 1 on its page
(tests/test_charts_theme.py). Verdicts are told apart by word, shape and colour together, and colours that share
a chart by dichromats too (tests/test_charts_tokens.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

SERIF = "'Source Serif 4', Georgia, 'Times New Roman', serif"
"""Running text and headings. SANS: labels, captions, controls and charts. MONO: code and identities."""
SANS = "'Source Sans 3', 'Source Sans', 'Source Sans Pro', 'Helvetica Neue', Arial, sans-serif"
MONO = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace"
TYPE = (0.8, 0.9, 1.0, 1.1, 1.25, 1.6, 2.35)
"""Sizes of type on pages in rem, from a source line to a title; running text is 1."""
SPACE = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.5)
"""Distances on pages in rem."""
MEASURE, RADIUS = "72ch", "2px"
"""The longest line of running text, and how round corners are."""
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
    pale="#8b929b",
    primary="#0b5394",
    supported="#0b62a8",
    contradicted="#b8400c",
    mixed="#75246f",
    insufficient="#62676d",
    official="#00706a",
    private="#8f5d00",
    dollar="#2e6f3a",
    yields="#3f4fae",
    equities="#a5295f",
    funding="#6b4a2b",
    us2y="#886b06",
    us5y="#1d4d2b",
    us10y="#1f6fb2",
    us10y_ultra="#4557b5",
    us30y="#7a1f6e",
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
    band="#2d291b",
    ribbon="#434a54",
    pale="#6f7782",
    primary="#74b3ea",
    supported="#add9fe",
    contradicted="#ff9466",
    mixed="#cf8de6",
    insufficient="#a4abb3",
    official="#4cc3b5",
    private="#e0b04c",
    dollar="#85c98f",
    yields="#9aa8f5",
    equities="#e87fa0",
    funding="#d0a67e",
    us2y="#e8cf5a",
    us5y="#7fae5a",
    us10y="#86c5f0",
    us10y_ultra="#9dabf7",
    us30y="#b57ad0",
    us30y_ultra="#f48fb0",
)


def tokens(look: Look) -> dict[str, str]:
    """The name of each colour as a page writes it (`us10y-ultra`), and the colour."""
    own = (field.name for field in fields(Look) if field.name != "mode")
    return {name.replace("_", "-"): str(getattr(look, name)) for name in own}


def hex_tokens() -> dict[str, str]:
    """Each light colour's token: what a picture drawn in `LIGHT` has to name to follow the page's look."""
    return {colour: name for name, colour in tokens(LIGHT).items()}


def css_tokens(look: Look) -> str:
    """The colours of a look as CSS custom properties: `--page:#ffffff;--panel:…;`."""
    return "".join(f"--{name}:{colour};" for name, colour in tokens(look).items())


def css() -> str:
    """All tokens as a style sheet: type and space, then the colours of the look that page or reader ask for.

    `data-theme` on the root element settles the look; without it the reader's system does. Paper is white.
    """
    shape = {
        "serif": SERIF,
        "sans": SANS,
        "mono": MONO,
        "measure": MEASURE,
        "radius": RADIUS,
        **{f"text-{i}": f"{size:g}rem" for i, size in enumerate(TYPE)},
        **{f"space-{i}": f"{size:g}rem" for i, size in enumerate(SPACE, start=1)},
    }
    always = "".join(f"--{name}:{value};" for name, value in shape.items())
    light, dark = (f"color-scheme:{look.mode};{css_tokens(look)}" for look in (LIGHT, DARK))
    return "\n".join(
        (
            f":root{{{always}{light}}}",
            f"@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}",
            f":root[data-theme=dark]{{{dark}}}",
            f"@media print{{:root,:root[data-theme]{{{light}}}}}",
            "",
        )
    )


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours `#rrggbb` (WCAG 2.2, relative luminance)."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
