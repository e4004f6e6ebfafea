"""Colours that can be read and told apart, labels that keep apart, axes that say what they should."""

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charts.drawing import (
    amounts,
    axis_unit,
    brief,
    day_of,
    decimals,
    ends,
    months,
    number,
    plain,
    spread,
    steps,
)
from charts.theme import DARK, LIGHT, SHAPES, Look, contrast
from evidence.wording import DIRECTIONS, OUTCOMES

FONTS = Path(__file__).parent.parent / "static" / "fonts"
TEXT = (
    "ink",
    "soft",
    "supported",
    "contradicted",
    "mixed",
    "insufficient",
    "official",
    "private",
    "dollar",
    "yields",
    "equities",
    "funding",
    "us2y",
    "us5y",
    "us10y",
    "us10y_ultra",
    "us30y",
    "us30y_ultra",
    "primary",
)


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=lambda look: look.mode)
@pytest.mark.parametrize("token", TEXT)
def test_text_has_contrast_on_page_and_panel(look: Look, token: str):
    colour = getattr(look, token)
    assert contrast(colour, look.page) >= 4.5
    assert contrast(colour, look.panel) >= 4.5
    if token in {"ink", "soft"}:
        assert contrast(colour, look.band) >= 4.5


def test_every_verdict_and_outcome_has_a_shape():
    assert set(SHAPES) == set(DIRECTIONS) | set(OUTCOMES)
    assert len({SHAPES[d] for d in DIRECTIONS}) == len(DIRECTIONS)
    assert len({SHAPES[o] for o in OUTCOMES}) == len(OUTCOMES)


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=lambda look: look.mode)
def test_things_keep_their_colours(look: Look):
    assert (
        look.series("fed.custody.treasuries")
        == look.series("tic.net.official_bonds_notes")
        == look.official
    )
    assert look.series("tic.net.private_equities") == look.private
    assert look.series("cftc.lev_net.us10y_ultra") == look.us10y_ultra
    assert look.series("cftc.lev_net.all") == look.ink
    assert look.verdict("consistent") == look.verdict("supported")
    assert look.verdict("not_evaluable") == look.verdict("neutral") == look.insufficient


def test_fonts_are_shipped_with_their_licence():
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text(encoding="utf-8")
    files = sorted(FONTS.glob("*.woff2"))
    assert len(files) == 4
    assert all(file.read_bytes()[:4] == b"wOF2" for file in files)


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(1, 12)), max_size=8))
def test_labels_keep_apart_and_inside(labels: list[tuple[float, float]]):
    wanted, gaps = [y for y, _ in labels], [g for _, g in labels]
    placed = spread(wanted, gaps, 0, 100)
    order = sorted(range(len(labels)), key=lambda i: placed[i])
    for low, high in pairwise(order):
        assert placed[high] - placed[low] >= (gaps[low] + gaps[high]) / 2 - 1e-6
    for i in order:
        assert gaps[i] / 2 - 1e-6 <= placed[i] <= 100 - gaps[i] / 2 + 1e-6


def test_labels_with_room_stay_where_they_belong():
    assert spread([10, 50, 90], [10, 10, 10], 0, 100) == [10, 50, 90]


@given(st.floats(-1e7, 1e7), st.floats(0.01, 1e7))
def test_ticks_are_few_and_inside(low: float, size: float):
    ticks = steps(low, low + size)
    assert len(ticks) <= 7
    assert all(low - size * 1e-6 <= t <= low + size * 1.000001 for t in ticks)


@pytest.mark.parametrize(
    ("low", "high", "title", "labels"),
    [
        ("2025-02-10", "2025-06-20", "", ["Mar\n2025", "Apr", "May", "Jun"]),
        ("2024-11-20", "2025-02-10", "", ["Dec\n2024", "Jan\n2025", "Feb"]),
        ("2025-03-20", "2025-04-28", "", ["1 Apr\n2025", "15 Apr"]),
        ("2008-05-07", "2026-10-07", "", ["2012", "2016", "2020", "2024"]),
    ],
)
def test_time_axes_say_month_and_year(low: str, high: str, title: str, labels: list[str]):
    axis = months(number(date.fromisoformat(low)), number(date.fromisoformat(high)))
    assert [label for _, label in axis.ticks] == labels
    assert axis.title == title


def test_days_come_back_from_their_places():
    assert day_of(number(date(2025, 4, 2))) == date(2025, 4, 2)


def test_axes_name_their_units():
    assert amounts(2900, 2960, "USD bn").title == "$ bn"
    assert amounts(-9e6, -7e6, "contracts").title == "million contracts"
    assert amounts(-9e5, 7e5, "contracts").title == "thousand contracts"
    assert amounts(0, 18000, "USD bn").title == "$ tn"
    assert amounts(0, 1, "percent", "change").title == "change, %"
    assert axis_unit("points", 1) == (1.0, "points")
    assert "−8.0" in [label for _, label in amounts(-9e6, -7e6, "contracts").ticks]


def test_numbers_on_axes_have_a_true_minus_and_no_needless_digits():
    assert plain(-0.5, 1) == "−0.5"
    assert plain(0.0, 0) == "0"
    assert plain(-0.001, 1) == "0.0"
    assert decimals([0, 2.5, 5]) == 1
    assert decimals([0, 20]) == 0
    assert brief(-665275, "contracts") == "−665k contracts"
    assert brief(0.57, "sd").endswith(" sd")


def test_empty_and_flat_series_have_an_axis():
    assert ends([]) == (0.0, 1.0)
    low, high = ends([5.0, 5.0])
    assert low < 5.0 < high
    assert ends([1.0, 2.0], zero=True)[0] == 0.0
    assert steps(1, 1) == [1]
