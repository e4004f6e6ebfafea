"""TIC: holdings of US Treasuries by country, in billions of dollars at the month's end.

`mfhhis01.txt` is the history, posted anew about once a year; SLT table 5 has the last 13 months of the
twenty largest holders. Tidy tables and first prints stand in where neither was kept.
"""

import re
from collections.abc import Mapping

from evidence.publishers import (
    Collector,
    SourceFault,
    cells,
    day_of,
    new_york,
    released,
    table,
    text_of,
)
from evidence.publishers.tic.press import PRESS_TIME

HOLDERS = {
    "China, Mainland": "china",
    "Japan": "japan",
    "Belgium": "belgium",
    "Luxembourg": "luxembourg",
    "United Kingdom": "united_kingdom",
    "Cayman Islands": "cayman",
    "Ireland": "ireland",
    "Switzerland": "switzerland",
    "Canada": "canada",
    "Taiwan": "taiwan",
    "Hong Kong": "hong_kong",
    "France": "france",
    "Singapore": "singapore",
    "Grand Total": "total",
    "For. Official": "official",
    "Of Which: Foreign Official": "official",
    "Treasury Bills": "official_bills",
    "Of Which: Foreign Official Treasury Bills": "official_bills",
    "T-Bonds & Notes": "official_bonds_notes",
    "Of Which: Foreign Official T-Bonds & Notes": "official_bonds_notes",
}
SERIES = tuple(dict.fromkeys(f"tic.holdings.{slug}" for slug in HOLDERS.values()))
BELGIUM_ALONE = "2002-06"
"""Before this month the line Belgium holds Luxembourg too."""
FIRST_PRINTS_DIFFER_FROM = {
    "tic.holdings.china": "2025-04",
    "tic.holdings.united_kingdom": "2025-06",
    "tic.holdings.belgium": "2025-06",
}
"""Where first prints are held that the history file revises, and from when: its figures from there on
count as known only with the file, so that no view sees a month of one vintage beside one of the other."""
TABLE5_BEGINS = "2025-01"
"""From here on table 5 is held too, which is newer than the history file: what the live file says of
these months is dated by the file, so that it never stands in for what came after it."""

TABLE5_ENDS = (
    "Grand Total",
    "Of Which: Foreign Official",
    "Of Which: Foreign Official Treasury Bills",
    "Of Which: Foreign Official T-Bonds & Notes",
)
"""The lines below the holders, which are always there."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LABELS = ("Country", *sorted(HOLDERS, key=len, reverse=True))
_MISSING = "n.a."


def read_history(found: Collector, data: bytes, *, live: bool = False) -> None:
    """`mfhhis01.txt`: blocks by year, months from right to left, tab-separated.

    Where a survey begins a new series, its month stands twice; the left one is the new basis, the one
    to go on with ("the earlier is shown for comparison only"). `(2025 revised March 18, 2026)` at the
    end says of what day a year's figures are; the day above those lines, of what day the file is.
    """
    text = text_of(data)
    revised = {
        int(year): new_york(day_of(0, day, "%B %d, %Y"), PRESS_TIME)
        for year, day in re.findall(r"\((\d{4}) revised ([A-Z][a-z]+ \d{1,2}, \d{4})\)", text)
    }
    posted = _posted(text) if live else ""
    months: list[str] = []
    periods: list[str] = []
    for line, (label, *rest) in cells(text, "\t"):
        if not label and rest and rest[0] in _MONTHS:
            months = [cell for cell in rest if cell]
        elif label == "Country":
            years = [cell for cell in rest if cell]
            if (
                len(years) != len(months)
                or any(m not in _MONTHS for m in months)
                or not all(re.fullmatch(r"[12]\d{3}", y) for y in years)
            ):
                raise SourceFault(
                    line, "a month over each year is expected in the two lines above a block"
                )
            periods = [
                f"{year}-{_MONTHS.index(month) + 1:02d}"
                for year, month in zip(years, months, strict=True)
            ]
        elif periods:
            _history_row(
                found, line, re.sub(r"\s+\d+/$", "", label), rest, periods, revised, posted
            )
    if not periods:
        raise SourceFault(0, "no block of months is found: is this mfhhis01.txt?")


def _posted(text: str) -> str:
    """When the history file was posted, by the day at its end."""
    days = re.findall(r"^\s*(\d{1,2}/\d{1,2}/\d{2})\s*$", text, re.MULTILINE)
    if not days:
        raise SourceFault(0, "the end of the file should say of what day it is (3/18/26): cut off?")
    return new_york(day_of(0, days[-1], "%m/%d/%y"), PRESS_TIME)


def _history_row(
    found: Collector,
    line: int,
    label: str,
    row: list[str],
    periods: list[str],
    revised: Mapping[int, str],
    posted: str,
) -> None:
    """One holder's block. `revised` dates figures by their year; `posted`, of a live file, those it does not."""
    if label not in HOLDERS:
        return
    series = f"tic.holdings.{HOLDERS[label]}"
    values = [cell for cell in row if cell]
    if len(values) != len(periods):
        found.fault(
            line, f"{label}: {len(periods)} months expected, {len(values)} values found", [series]
        )
        return
    dated_from = TABLE5_BEGINS if posted else FIRST_PRINTS_DIFFER_FROM.get(series, "9999")
    done: set[str] = set()
    for period, value in zip(periods, values, strict=True):
        if value == _MISSING or period in done or (label == "Belgium" and period < BELGIUM_ALONE):
            continue
        done.add(period)
        known = revised.get(int(period[:4]), posted) if period >= dated_from else ""
        if period >= dated_from and not known:
            found.fault(
                line,
                f"{label}: the end of the file should say when {period[:4]} was revised",
                [series],
            )
            return
        found.add(line, series, period, value, 0, known)


def read_table5(found: Collector, data: bytes, *, live: bool = False) -> None:
    """`slt_table5`: `Country 2026-03 2026-02 …`, tabs at the publisher, blanks in a page's text.

    One vintage: known with the release of its newest month.
    """
    text = text_of(data)
    if live and "Billions of dollars" not in text:
        raise SourceFault(0, "`Billions of dollars` is expected above the table: another unit?")
    periods: list[str] = []
    known = ""
    there: set[str] = set()
    for line, quoted in enumerate(text.splitlines(), 1):
        row = quoted.replace('"', " ").strip()
        label = next((name for name in _LABELS if re.match(rf"{re.escape(name)}\s", row)), None)
        if label is None:
            continue
        there.add(label)
        values = row[len(label) :].split()
        if label == "Country":
            periods = values
            if len(set(periods)) < len(periods):
                raise SourceFault(line, "a month stands twice above the table")
            known = released("tic", max(periods))
        elif periods:
            series = f"tic.holdings.{HOLDERS[label]}"
            if len(values) != len(periods):
                found.fault(
                    line,
                    f"{label}: {len(periods)} months expected, {len(values)} values found",
                    [series],
                )
                continue
            for period, value in zip(periods, values, strict=True):
                if value != _MISSING:
                    found.add(line, series, period, value, 0, known)
    if not periods:
        raise SourceFault(0, "no line `Country 2026-03 2026-02 …` is found: is this SLT table 5?")
    if live and (lacking := [label for label in TABLE5_ENDS if label not in there]):
        raise SourceFault(0, f"{', '.join(lacking)}: no such line: is the file cut off?")


def read_vintages(found: Collector, data: bytes) -> None:
    """Tidy vintages of SLT table 5; `2026-06/2026-07` is of one of two releases: taken as the later one."""
    for line, row in table(
        data, ("latest_month_in_vintage", "date", "country_or_line", "value", "units")
    ):
        if row["country_or_line"] in HOLDERS:
            series = f"tic.holdings.{HOLDERS[row['country_or_line']]}"
            latest = row["latest_month_in_vintage"].split("/")[-1]
            found.add(line, series, row["date"], row["value"], 0, released("tic", latest))


def read_first_prints(found: Collector, data: bytes) -> None:
    """First prints as the press quoted them; those given without a decimal are rounded and passed over."""
    columns = (
        "release_date",
        "date",
        "country_or_line",
        "value",
        "units",
        "reported_as",
        "source_url",
    )
    for line, row in table(data, columns):
        if row["country_or_line"] in HOLDERS and "." in row["value"]:
            known = new_york(day_of(line, row["release_date"]), PRESS_TIME)
            found.add(
                line,
                f"tic.holdings.{HOLDERS[row['country_or_line']]}",
                row["date"],
                row["value"],
                0,
                known,
            )
