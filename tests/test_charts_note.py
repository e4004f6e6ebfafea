"""The note's two figures from open data: against plain sums over the snapshot's own files, and no look ahead."""

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from charts import note_flows, note_ownership
from charts.theme import DARK, LIGHT
from tests import ours

SNAPSHOT = Path(__file__).resolve().parent.parent / "evidence" / "snapshot" / "series"
STORE = ours.store()
EVENT = date(2025, 4, 2)
NEWEST = STORE.as_of(STORE.newest_day)


def prints(series):
    """Each period's values by the time that they became known, from the file alone."""
    found = {}
    with (SNAPSHOT / f"{series}.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["period"][:7], []).append((row["known_at"], float(row["value"])))
    return {period: [value for _, value in sorted(each)] for period, each in found.items()}


# --- figure 1


@pytest.mark.parametrize("asset", ["equities", "bonds_notes"])
@pytest.mark.parametrize("holder", ["private", "official"])
def test_each_month_stands_with_its_first_print_and_its_latest(asset, holder):
    held = prints(f"tic.net.{holder}_{asset}")
    table = note_flows.flows(NEWEST, LIGHT, asset, EVENT).table
    own = table[table.who == f"{holder} foreigners"]
    assert {"2025-01", "2025-03", "2025-04", "2025-05"} <= set(own.period)
    for row in own.itertuples():
        assert row[3] == pytest.approx(held[row.period][0]), row.period
        assert row[4] == pytest.approx(held[row.period][-1]), row.period


def test_the_bars_are_drawn_to_the_values():
    figure = note_flows.flows(NEWEST, LIGHT, "bonds_notes", EVENT)
    own = figure.table[figure.table.who == "private foreigners"]
    for layer, column in (("private-first", 3), ("private-latest", 4)):
        rows = figure.frame[figure.frame.layer == layer]
        assert list(rows.y2) == [row[column] for row in own.itertuples()]
        assert (rows.y == 0).all()
    first = figure.frame[figure.frame.layer == "private-first"]
    latest = figure.frame[figure.frame.layer == "private-latest"]
    assert (first.x2.to_numpy() <= latest.x.to_numpy()).all()  # side by side, never over each other


def test_the_title_names_the_months_of_net_sales():
    held = prints("tic.net.private_bonds_notes")
    figure = note_flows.flows(NEWEST, LIGHT, "bonds_notes", EVENT)
    own = figure.table[figure.table.who == "private foreigners"]
    sold = [date.fromisoformat(f"{p}-01") for p in own.period if held[p][-1] < 0]
    assert sold
    for month in sold:
        assert f"{month:%B %Y}" in figure.title
    assert "March 2025" not in figure.title


def test_nothing_is_drawn_before_it_was_out():
    """On 30 April 2025 the newest month of the survey was February."""
    view = STORE.as_of(date(2025, 4, 30))
    figure = note_flows.flows(view, LIGHT, "equities", EVENT)
    months = figure.table[figure.table.who.str.endswith("foreigners")].period
    assert max(months) == "2025-02"
    early = note_flows.flows(STORE.as_of(date(2009, 9, 1)), DARK, "equities", EVENT)
    assert early.title.endswith("not known yet")
    assert len(early.table) == 0


def test_quoted_weeks_are_points_called_quoted():
    figure = note_flows.flows(NEWEST, LIGHT, "equities", EVENT)
    held = prints("quoted.lseg.us_equity_funds")
    points = figure.frame[figure.frame.layer == "quoted"]
    assert len(points) > 3
    assert all("quoted" in tip for tip in points.tip)
    assert set(points.y) <= {value for each in held.values() for value in each}
    assert "quoted from print" in figure.subtitle
    bonds = note_flows.flows(NEWEST, LIGHT, "bonds_notes", EVENT)
    assert "quoted" not in set(bonds.frame.layer)


def test_the_notes_own_weeks_are_quoted_only_once_printed():
    assert note_flows.quoted(STORE.as_of(date(2025, 5, 1))) == ""
    told = note_flows.quoted(NEWEST)
    assert "−$3.5 bn" in told
    assert "−$2.7 bn" in told
    assert "does not print the days" in told


def test_the_slot_says_what_to_bring():
    told = note_flows.slot(NEWEST)
    entry = NEWEST.catalogue.series[note_flows.WANTED]
    assert note_flows.WANTED in told
    assert entry.title in told
    assert "`" not in told


# --- figure 2


def yearly(series):
    return {period[:4]: values[-1] for period, values in prints(series).items()}


def test_the_split_adds_up_from_the_files_themselves():
    """Net holding: the survey's two sides. Purchases: three monthly flows, summed by the year."""
    found = note_ownership.split(NEWEST)
    assert found is not None
    ours = {str(p)[:4]: float(v) for p, v in zip(found.periods, found.net, strict=True)}
    bought = {str(p)[:4]: float(v) for p, v in zip(found.periods, found.bought, strict=True)}
    flows = [
        prints(f"tic.net.{name}")
        for name in ("private_equities", "official_equities", "foreign_equities")
    ]
    path = ours["2019"]
    assert bought["2019"] == path
    for year in range(2020, 2025):
        months = [f"{year}-{m:02d}" for m in range(1, 13)]
        path += sum(flow[m][-1] for flow in flows for m in months)
        assert bought[str(year)] == pytest.approx(path, abs=0.05), year
    foreign = (
        yearly("tic.slt.total.equities.year_end")
        if (SNAPSHOT / "tic.slt.total.equities.year_end.csv").exists()
        else None
    )
    if foreign is not None:
        abroad = yearly("tic.survey.us_held_foreign_equities")
        for year in ("2020", "2024"):
            assert ours[year] == pytest.approx(foreign[year] - abroad[year], abs=0.05)


def test_a_year_whose_months_are_not_all_held_has_no_purchases():
    """The monthly flow into both sides ends in November 2025: that year cannot be split."""
    found = note_ownership.split(NEWEST)
    assert found is not None
    assert str(found.periods[-1])[:4] == "2025"
    assert np.isnan(found.bought[-1])
    assert str(found.periods[found.last])[:4] == "2024"
    table = note_ownership.ownership(NEWEST, LIGHT).table
    assert table.iloc[-1].isna().any()
    whole = table.iloc[1:-1]
    change = np.diff(table["net holding ($ bn)"])[: len(whole)]
    parts = whole["bought in the year ($ bn)"] + whole["prices, rates and the rest ($ bn)"]
    assert list(parts) == pytest.approx(list(change))


def test_the_title_says_how_much_was_bought():
    figure = note_ownership.ownership(NEWEST, LIGHT)
    found = note_ownership.split(NEWEST)
    assert found is not None
    bought = found.bought[found.last] - found.net[0]
    assert f"${bought:,.0f} bn of it was bought" in figure.title
    assert "end of 2019" in figure.title
    assert "end of 2024" in figure.title


def test_before_the_surveys_were_out_nothing_is_claimed():
    early = note_ownership.ownership(STORE.as_of(date(2020, 6, 1)), DARK)
    assert early.title.endswith("not known yet")
    assert len(early.table) == 0
    on = date(2025, 5, 30)
    assert str(note_ownership.split(STORE.as_of(on)).periods[-1])[:4] == "2023"


def test_purchases_against_the_move_are_not_called_bought():
    moved = note_ownership.Split(
        np.array(["2020-12-31", "2021-12-31"], dtype="datetime64[D]"),
        np.array([100.0, 300.0]),
        np.array([100.0, 60.0]),
    )
    assert note_ownership._title(moved).endswith("purchases alone would have moved it by −$40 bn")
