"""Tokens as pages use them, and colours told apart by every eye.

Dichromats' sight is simulated after Machado, Oliveira and Fernandes 2009 (IEEE Transactions on Visualization and
Computer Graphics 15, 1291-1298), severity 1.0, on linear RGB. Distances are CIEDE2000 (Sharma, Wu and Dalal 2005),
which this file computes and checks against the published pairs.
"""

import re
from dataclasses import fields
from datetime import date
from itertools import combinations
from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt

import numpy as np
import pytest

from charts.flows import HOLDERS, purchases
from charts.positions import CONTRACTS, DASHED, positions
from charts.premise import premise
from charts.theme import DARK, LIGHT, SHAPES, Look, css, css_tokens, hex_tokens, tokens
from evidence.wording import DIRECTIONS
from tests import ours

LOOKS = pytest.mark.parametrize("look", [LIGHT, DARK], ids=lambda look: look.mode)
SIGHT = {
    "full": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
    # a printer without colour, or an eye without: the luminance (Rec. 709) in all three
    "grey": np.tile([0.2126, 0.7152, 0.0722], (3, 1)),
}
APART = 10.0
"""CIEDE2000. A difference of 1 is just seen side by side; marks that lie apart, thin and small, need several times
as much, and about 10 is read as another colour at a glance (Mokrzycki and Tatol 2011 put `two different colours` at 5)."""


def linear(colour):
    parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    """CIE Lab (D65) of linear RGB."""
    to_xyz = np.array(
        [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.0721750],
            [0.0193339, 0.1191920, 0.9503041],
        ]
    )
    x, y, z = (to_xyz @ rgb) / np.array([0.95047, 1.0, 1.08883])
    fx, fy, fz = (
        v ** (1 / 3) if v > 216 / 24389 else (24389 / 27 * v + 16) / 116 for v in (x, y, z)
    )
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def ciede2000(one, other):
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean_c = (hypot(a1, b1) + hypot(a2, b2)) / 2
    g = 0.5 * (1 - sqrt(mean_c**7 / (mean_c**7 + 25**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = hypot(a1, b1), hypot(a2, b2)
    h1, h2 = (degrees(atan2(b, a)) % 360 if a or b else 0.0 for a, b in ((a1, b1), (a2, b2)))
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    dl, dc, dh = l2 - l1, c2 - c1, 2 * sqrt(c1 * c2) * sin(radians(turn / 2))
    light, c = (l1 + l2) / 2, (c1 + c2) / 2
    if c1 * c2 == 0:
        h = h1 + h2
    else:
        h = (h1 + h2) / 2 if abs(h1 - h2) <= 180 else ((h1 + h2 + 360) / 2) % 360
    t = 1 - 0.17 * cos(radians(h - 30)) + 0.24 * cos(radians(2 * h))
    t += 0.32 * cos(radians(3 * h + 6)) - 0.20 * cos(radians(4 * h - 63))
    sl = 1 + 0.015 * (light - 50) ** 2 / sqrt(20 + (light - 50) ** 2)
    sc, sh = 1 + 0.045 * c, 1 + 0.015 * c * t
    turned = 30 * exp(-(((h - 275) / 25) ** 2))
    rt = -2 * sqrt(c**7 / (c**7 + 25**7)) * sin(radians(2 * turned))
    parts = dl / sl, dc / sc, dh / sh
    return sqrt(sum(p * p for p in parts) + rt * parts[1] * parts[2])


def seen(colour, sight):
    return lab(np.clip(SIGHT[sight] @ linear(colour), 0, 1))


def distance(look: Look, first: str, second: str, sight: str) -> float:
    return ciede2000(seen(getattr(look, first), sight), seen(getattr(look, second), sight))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        # of the 34 pairs published by Sharma, Wu and Dalal
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, -1.3802, -84.2814), (50, 0, -82.7485), 1.0000),
        ((50, 2.5, 0), (61, -5, 29), 22.8977),
        ((50, 2.5, 0), (56, -27, -3), 31.9030),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_distances_are_those_published(one, other, expected):
    assert ciede2000(one, other) == pytest.approx(expected, abs=1e-4)
    assert ciede2000(other, one) == pytest.approx(expected, abs=1e-4)


VERDICTS = ("supported", "contradicted", "mixed", "insufficient")
SOLID = tuple(c for c in CONTRACTS if c not in DASHED)
TOGETHER = {
    "verdicts": tuple(combinations(VERDICTS, 2)),
    "holders": (("official", "private"), ("official", "ink")),
    "premise": tuple(combinations(("dollar", "yields", "equities"), 2)),
    "ownership": (("private", "equities"),),
    "contracts": (*combinations((*SOLID, "ink"), 2), *combinations((*DASHED, "ink"), 2)),
}
"""Colours that stand in one chart, pair by pair. Contracts of which one is dashed have that to tell them by."""


@LOOKS
@pytest.mark.parametrize("sight", [s for s in SIGHT if s != "grey"])
@pytest.mark.parametrize("chart", TOGETHER)
def test_colours_of_a_chart_are_told_apart(look: Look, chart: str, sight: str):
    for first, second in TOGETHER[chart]:
        assert distance(look, first, second, sight) >= APART, (first, second)


def test_colours_are_not_trusted_in_grey():
    """All text has to stand out from its page, which leaves little room for lightness: in grey they are alike."""
    assert min(distance(LIGHT, *pair, "grey") for pair in TOGETHER["verdicts"]) < APART


def test_verdicts_are_told_by_shape_and_word_in_grey():
    assert len({SHAPES[d] for d in DIRECTIONS}) == len(set(DIRECTIONS.values())) == len(DIRECTIONS)


@pytest.fixture(scope="module")
def newest():
    store = ours.store()
    return store.as_of(store.newest_day)


def written(figure, colour):
    """Labels in a colour, as the layers say."""
    names = {
        re.search(r"=== '([^']+)'", layer["transform"][0]["filter"])[1]
        for layer in figure.spec["layer"]
        if layer["mark"]["type"] == "text" and layer["mark"].get("color") == colour
    }
    return set(figure.frame.loc[figure.frame["layer"].isin(names), "text"])


@LOOKS
def test_lines_and_bars_are_named_beside_them_in_grey(newest, look: Look):
    event = date(2025, 4, 2)
    bars = purchases(newest, look, "bonds_notes", date(2024, 9, 1), date(2025, 9, 1), focus=event)
    for holder in HOLDERS:
        assert written(bars, getattr(look, holder)) == {holder}
    lines = positions(newest, look, event, event_name="the tariffs")
    for contract, name in CONTRACTS.items():
        assert written(lines, getattr(look, contract)) == {name}
    for small, token in zip(
        premise(newest, event, look), ("dollar", "yields", "equities"), strict=True
    ):
        assert "2025" in written(small, getattr(look, token)), "each has a chart of its own"


def test_dashes_tell_the_contracts_whose_colours_are_near(newest):
    lines = positions(newest, LIGHT, date(2025, 4, 2), event_name="the tariffs")
    marks = [layer["mark"] for layer in lines.spec["layer"] if layer["mark"]["type"] == "line"]
    dashed = {mark["color"] for mark in marks if "strokeDash" in mark}
    assert dashed == {getattr(LIGHT, contract) for contract in DASHED}


# --- tokens as pages use them


def test_a_light_colour_names_one_token():
    """A picture drawn in light colours can follow the page's look: each hex value stands for one token."""
    names = [field.name for field in fields(Look) if field.name != "mode"]
    for one, other in combinations(names, 2):
        if getattr(DARK, one) != getattr(DARK, other):
            assert getattr(LIGHT, one) != getattr(LIGHT, other), (one, other)
    assert {LIGHT.page, LIGHT.ink, LIGHT.supported} <= set(hex_tokens())
    for colour, name in hex_tokens().items():
        assert getattr(LIGHT, name.replace("-", "_")) == colour


def test_colours_are_written_as_six_small_digits():
    for look in (LIGHT, DARK):
        assert all(re.fullmatch(r"#[0-9a-f]{6}", colour) for colour in tokens(look).values())


def properties(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z0-9-]+):([^;]+);", block))


def test_css_holds_every_token_for_both_looks():
    for look in (LIGHT, DARK):
        assert properties(css_tokens(look)) == tokens(look)
    sheet = css()
    assert sheet == css()
    blocks = re.findall(r"([^{}]+)\{([^{}]*)\}", sheet)
    by = {selector.strip(): properties(body) for selector, body in blocks}
    assert tokens(LIGHT).items() <= by[":root"].items()
    assert by[":root[data-theme=dark]"] == tokens(DARK)
    assert by[":root:not([data-theme=light])"] == tokens(DARK)
    assert by[":root,:root[data-theme]"] == tokens(LIGHT), "paper is white"
    assert by[":root"]["measure"] == "72ch"
    assert "Source Serif 4" in by[":root"]["serif"]
    assert [float(by[":root"][f"text-{i}"].removesuffix("rem")) for i in range(7)] == sorted(
        float(by[":root"][f"text-{i}"].removesuffix("rem")) for i in range(7)
    )


def test_braces_of_the_sheet_are_balanced():
    assert css().count("{") == css().count("}")
    assert "\n\n" not in css()
