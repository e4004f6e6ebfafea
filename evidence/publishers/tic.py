"""US Treasury, Treasury International Capital (TIC): monthly flows, holdings by country, SLT positions.

Docs: https://home.treasury.gov/data/treasury-international-capital-tic-system. Read as published: the
press releases with their 32-line table, `mfhhis01.txt`, `slt_table1.txt` and `slt_table5.txt`; and as
tidy tables where only those are at hand.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import PurePosixPath

from evidence.publishers import (
    Collector,
    Parsed,
    SourceFault,
    cells,
    day_of,
    gather,
    new_york,
    period_ended,
    released,
    table,
    text_of,
)

LINES = {
    1: "gross_sales_of_domestic_securities",
    2: "gross_purchases_of_domestic_securities",
    3: "domestic_long_term",
    4: "private_long_term",
    5: "private_bonds_notes",
    6: "private_agencies",
    7: "private_corporates",
    8: "private_equities",
    9: "official_long_term",
    10: "official_bonds_notes",
    11: "official_agencies",
    12: "official_corporates",
    13: "official_equities",
    14: "gross_sales_of_foreign_securities",
    15: "gross_purchases_of_foreign_securities",
    16: "foreign_securities",
    17: "foreign_bonds",
    18: "foreign_equities",
    19: "long_term_transactions",
    20: "other_long_term",
    21: "long_term_acquisitions",
    22: "short_term",
    23: "bills",
    24: "bills_private",
    25: "bills_official",
    26: "other_short_term",
    27: "other_short_term_private",
    28: "other_short_term_official",
    29: "banks",
    30: "total",
    31: "total_private",
    32: "total_official",
}
"""The press release's table, line by line: the words changed in 2023, the order never did."""

SUMS = (
    (3, (1,), (2,)),
    (3, (4, 9), ()),
    (4, (5, 6, 7, 8), ()),
    (9, (10, 11, 12, 13), ()),
    (19, (3, 16), ()),
    (23, (24, 25), ()),
    (30, (31, 32), ()),
    (30, (21, 22, 29), ()),
)
"""Which line is the sum of which (less which): what a misread table would break."""
ROUNDING = Decimal("0.35")
BROKEN_AS_PUBLISHED = {("2023-02", 3)}
"""The April 2023 release's line 3 is not the sum of 4 and 9 before February 2023 (change of method)."""

PRESS_TIME = "16:00"
PAGE_DATES_MENDED = {"2017-07-05": "2017-03-15"}
"""The page of the January 2017 data was posted again in July; its release was on 15 March 2017."""
PRESS_TABLES_END = "2025-11"
"""The last month whose figures we hold from the press releases; SLT figures to here are revisions."""

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
    "T-Bonds & Notes": "official_bonds_notes",
}
BELGIUM_ALONE = "2002-06"
"""Before this month the line Belgium holds Luxembourg too."""
FIRST_PRINTS_DIFFER_FROM = {
    "tic.holdings.china": "2025-04",
    "tic.holdings.united_kingdom": "2025-06",
    "tic.holdings.belgium": "2025-06",
}
"""Where first prints are held that the history file revises, and from when: its figures from there on
count as known only with the file, so that no view sees a month of one vintage beside one of the other."""

SLT_HOLDERS = {
    "Of Which: Foreign Official": "official",
    "Of Which: Foreign Non-Official": "private",
}
SLT_TOTAL = "Grand Total"
SLT_PLACES = {
    "China, Mainland": "china",
    "Japan": "japan",
    "United Kingdom": "united_kingdom",
    "Cayman Islands": "cayman",
    "Canada": "canada",
    "Memo: Euro Area": "euro_area",
}
"""Places of which positions and net purchases of Treasuries and equities are kept."""
SLT_ASSETS = {
    "treas": "treasuries",
    "eqty": "equities",
    "agcy": "agencies",
    "corp": "corporates",
    "total": "long_term",
}
SLT_MEASURES = {"pos": "position", "net": "net_purchases", "valchg": "valuation"}
SLT_BEGINS = "2020-01"
"""The table's first month. It stands for the end of 2019 where the year's end is wanted."""
SLT_NET = {
    "for_lt_treas_net": "bonds_notes",
    "for_lt_agcy_net": "agencies",
    "for_lt_corp_net": "corporates",
    "for_lt_eqty_net": "equities",
}
SURVEYS = {
    "TIC SHC(A): US holdings of foreign equity, all countries": "tic.survey.us_held_foreign_equities",
    "TIC SHL(A): foreign holdings of US equity, all countries": "tic.survey.foreign_held_us_equities",
}

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH_NAMES = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
                "October", "November", "December")  # fmt: skip

SOURCES = (
    "tic/tic_press_release_table_vintages.csv",
    "tic/press_releases_txt/*.txt",
    "tic/raw_publisher/mfhhis01.txt",
    "tic/raw_publisher/slt_table1.txt",
    "tic/raw_publisher/slt_table5_*.txt",
    "tic/mfh_slt_table5_vintages.csv",
    "tic/mfh_first_release_as_reported.csv",
    "bea/tic_survey_equity_totals.csv",
)


def parse(name: str, data: bytes) -> Parsed:
    """Flows, holdings and positions in billions of dollars; which of the files it is, its name says."""
    readers = {
        "tic_press_release_table_vintages": _press_table,
        "mfhhis01": _history,
        "slt_table1": _slt_table1,
        "mfh_slt_table5_vintages": _table5_vintages,
        "mfh_first_release_as_reported": _first_prints,
        "tic_survey_equity_totals": _surveys,
    }
    stem = PurePosixPath(name).stem
    reader = readers.get(stem)
    if reader is None:
        reader = _table5 if stem.startswith("slt_table5") else _press_release
    return gather(name, data, reader)


def _press_table(found: Collector, data: bytes) -> None:
    """Every line of every release: `release_page_date, latest_month_in_release, date, line_no, …`."""
    columns = (
        "release_page_date",
        "latest_month_in_release",
        "date",
        "line_no",
        "country_or_line",
        "value",
        "units",
    )
    known: dict[str, str] = {}
    sums: dict[tuple[str, str, str], dict[int, str | None]] = {}
    for line, row in table(data, columns):
        page = row["release_page_date"]
        number = int(row["line_no"]) if row["line_no"].isdigit() else 0
        if number not in LINES:
            raise SourceFault(line, f"`{row['line_no']}` is no line of the table (1 to 32)")
        if page not in known:
            known[page] = new_york(day_of(line, PAGE_DATES_MENDED.get(page, page)), PRESS_TIME)
        taken = found.add(
            line, f"tic.net.{LINES[number]}", row["date"], row["value"], 0, known[page]
        )
        column = (page, row["latest_month_in_release"], row["date"])
        sums.setdefault(column, {})[number] = row["value"] if taken else None
    for (page, latest, month), values in sums.items():
        _check_sums(found, 0, f"release of {page}", latest, month, values)


def _check_sums(
    found: Collector,
    line: int,
    where: str,
    latest: str,
    month: str,
    values: Mapping[int, str | None],
) -> None:
    """All 32 lines are there, and those that are sums of others are so within rounding (a refused one passes)."""
    missing = [str(number) for number in LINES if number not in values]
    if missing:
        found.fault(line, f"{where}, {month}: lines {', '.join(missing)} are missing", _all_net())
        return
    for total, plus, minus in SUMS:
        numbers = {
            n: Decimal(text) for n in (total, *plus, *minus) if (text := values[n]) is not None
        }
        if len(numbers) < 1 + len(plus) + len(minus) or (
            (latest, total) in BROKEN_AS_PUBLISHED and month < latest
        ):
            continue
        rest = sum(numbers[n] for n in plus) - sum(numbers[n] for n in minus)
        if abs(numbers[total] - rest) > ROUNDING:
            parts = " + ".join(map(str, plus)) + "".join(f" - {n}" for n in minus)
            found.fault(
                line,
                f"{where}, {month}: line {total} is {numbers[total]}, but {parts} is {rest}",
                _all_net(),
            )


def _all_net() -> list[str]:
    return [f"tic.net.{slug}" for slug in LINES.values()]


def _press_release(found: Collector, data: bytes) -> None:
    """A press release as a page: its date, the month in its title, and the table of 32 lines.

    The table comes as Markdown cells or as run-together lines. Each line has eight numbers with one
    decimal (two years, two twelve-month sums, four months); the last four are read.
    """
    text = text_of(data)
    dated = re.search(r"^date: (\d{4}-\d{2}-\d{2})", text, re.MULTILINE)
    titled = re.search(
        rf"^title:.*\bData for .*?({'|'.join(_MONTH_NAMES)})\b(?: and ({'|'.join(_MONTH_NAMES)}))?",
        text,
        re.MULTILINE,
    )
    start = text.find("TIC Monthly Reports on Cross-Border Financial Flows")
    if dated is None or titled is None or start < 0:
        raise SourceFault(
            0,
            "no press release: a date, a title `… Data for MONTH` and the table of flows are expected",
        )
    released_on = day_of(0, dated[1])
    month = _MONTH_NAMES.index(titled[2] or titled[1]) + 1
    year = released_on.year - (1 if month > released_on.month else 0)
    months = [_month_before(year, month, back) for back in (3, 2, 1, 0)]
    shown = re.findall("|".join(_MONTHS), text[start:].split("Acquisitions")[0])
    if shown[-4:] != [_MONTHS[int(m[5:]) - 1] for m in months]:
        raise SourceFault(0, f"the table's last four columns should be {', '.join(months)}")
    columns: list[dict[int, str]] = [{} for _ in months]
    for number, line, numbers in _press_lines(text, start):
        if len(numbers) != 8:
            raise SourceFault(
                line, f"line {number} of the table should have 8 numbers; it has {len(numbers)}"
            )
        for column, value in zip(columns, numbers[4:], strict=True):
            column[number] = value
    known = new_york(released_on, PRESS_TIME)
    for period, column in zip(months, columns, strict=True):
        _check_sums(found, 0, f"release of {released_on}", months[-1], period, column)
        for number, value in column.items():
            found.add(0, f"tic.net.{LINES[number]}", period, value, 0, known)


def _month_before(year: int, month: int, back: int) -> str:
    index = year * 12 + month - 1 - back
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


_LINE_STARTS = (
    r"Gross U\.S\. Sales of Domestic", r"Gross U\.S\. Purchases of Domestic", r"Domestic Securities, net", r"Private, net ?/2",
    r"Treasury Bonds", r"Gov't Agency", r"Corporate Bonds", r"Equities, net", r"Official, net ?/3", r"Treasury Bonds",
    r"Gov't Agency", r"Corporate Bonds", r"Equities, net", r"Gross U\.S\. Sales of Foreign", r"Gross U\.S\. Purchases of Foreign",
    r"Foreign Securities, net", r"Foreign Bonds", r"Foreign Equities", r"et Long-Term Securities Transactions",
    r"Other Acquisitions", r"Net Foreign Acquisition", r"Increase in Foreign Holdings", r"U\.S\. Treasury Bills", r"Private, net",
    r"Official, net", r"Other Negotiable", r"Private, net", r"Official, net", r"Change in Banks", r"Monthly Net Dollar",
    r"Private, net", r"Official, net",
)  # fmt: skip


def _press_lines(text: str, start: int) -> Iterator[tuple[int, int, list[str]]]:
    """The 32 lines of a release's table as (number, line of the file, numbers)."""
    text = text.replace("’", "'")
    at = start
    places: list[int] = []
    for number, label in enumerate(_LINE_STARTS, 1):
        match = re.compile(label).search(text, at)
        if match is None:
            raise SourceFault(
                text[:at].count("\n") + 1,
                f"line {number} of the table ({LINES[number]}) is not found",
            )
        places.append(match.start())
        at = match.end()
    end = re.compile(r"/1\W+Net U\.S\. sales").search(text, at)
    if end is None:
        raise SourceFault(0, "the notes below the table are not found: is it cut?")
    for number, (left, right) in enumerate(zip(places, [*places[1:], end.start()], strict=True), 1):
        row = text[left:right]
        if "|" in row:  # cells; the next line's number, which stands before its label, is cut off
            cells = re.split(r"[|\n]", row[: row.rfind("\n")])
            numbers = [cell.strip() for cell in cells if re.match(r"^\s*-?\d+(\.\d+)?\s*$", cell)]
        else:  # run together, but every number has one decimal
            numbers = re.findall(r"-?\d+\.\d", row)
        yield number, text[:left].count("\n") + 1, numbers


def _history(found: Collector, data: bytes) -> None:
    """`mfhhis01.txt`: blocks by year, months from right to left, tab-separated, USD bn at the month's end.

    Where a survey begins a new series, its month stands twice; the left one is the new basis, the one
    to go on with ("the earlier is shown for comparison only"). `(2025 revised March 18, 2026)` at the
    end says of what day each year's figures are.
    """
    text = text_of(data)
    revised = {
        int(year): new_york(day_of(0, day, "%B %d, %Y"), PRESS_TIME)
        for year, day in re.findall(r"\((\d{4}) revised ([A-Z][a-z]+ \d{1,2}, \d{4})\)", text)
    }
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
                or any(len(y) != 4 for y in years)
            ):
                raise SourceFault(
                    line, "a month over each year is expected in the two lines above a block"
                )
            periods = [
                f"{year}-{_MONTHS.index(month) + 1:02d}"
                for year, month in zip(years, months, strict=True)
            ]
        elif periods:
            _history_row(found, line, re.sub(r"\s+\d+/$", "", label), rest, periods, revised)
    if not periods:
        raise SourceFault(0, "no block of months is found: is this mfhhis01.txt?")


def _history_row(
    found: Collector,
    line: int,
    label: str,
    row: list[str],
    periods: list[str],
    revised: Mapping[int, str],
) -> None:
    if label not in HOLDERS:
        return
    series = f"tic.holdings.{HOLDERS[label]}"
    values = [cell for cell in row if cell]
    if len(values) != len(periods):
        found.fault(
            line, f"{label}: {len(periods)} months expected, {len(values)} values found", [series]
        )
        return
    done: set[str] = set()
    for period, value in zip(periods, values, strict=True):
        if value == "n.a." or period in done or (label == "Belgium" and period < BELGIUM_ALONE):
            continue
        done.add(period)
        late = period >= FIRST_PRINTS_DIFFER_FROM.get(series, "9999")
        if late and int(period[:4]) not in revised:
            found.fault(
                line,
                f"{label}: the end of the file should say when {period[:4]} was revised",
                [series],
            )
            return
        found.add(line, series, period, value, 0, revised[int(period[:4])] if late else "")


def _table5(found: Collector, data: bytes) -> None:
    """`slt_table5`: `Country 2026-03 2026-02 …`, tabs at the publisher, blanks in a page's text."""
    periods: list[str] = []
    known = ""
    for line, quoted in enumerate(text_of(data).splitlines(), 1):
        text = quoted.replace('"', " ").strip()
        label = next(
            (name for name in ("Country", *HOLDERS) if re.match(rf"{re.escape(name)}\s", text)),
            None,
        )
        if label is None:
            continue
        values = text[len(label) :].split()
        if label == "Country":
            periods = values
            known = released("tic", periods[0])
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
                found.add(line, series, period, value, 0, known)
    if not periods:
        raise SourceFault(0, "no line `Country 2026-03 2026-02 …` is found: is this SLT table 5?")


def _table5_vintages(found: Collector, data: bytes) -> None:
    """Tidy vintages of SLT table 5; `2026-06/2026-07` is of one of two releases: taken as the later one."""
    for line, row in table(
        data, ("latest_month_in_vintage", "date", "country_or_line", "value", "units")
    ):
        if row["country_or_line"] in HOLDERS:
            series = f"tic.holdings.{HOLDERS[row['country_or_line']]}"
            latest = row["latest_month_in_vintage"].split("/")[-1]
            found.add(line, series, row["date"], row["value"], 0, released("tic", latest))


def _first_prints(found: Collector, data: bytes) -> None:
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


def _slt_table1(found: Collector, data: bytes) -> None:
    """`slt_table1.txt`: long-term securities, USD mn; `n.a.` is a cell without a value.

    Net US sales to foreigners (+: they bought) are later vintages of the press table's lines 5 to 8
    and 10 to 13; months that no press table of ours has are left to the release rule. So is what
    stands below `tic.slt`: one vintage throughout.
    """
    lines = text_of(data).splitlines()
    head = next(
        (i for i, text in enumerate(lines) if text.startswith("country\tcountry_code\tdate\t")),
        None,
    )
    if head is None:
        raise SourceFault(
            0, "the line of names `country, country_code, date, for_lt_total_pos …` is not found"
        )
    names = [cell.strip() for cell in lines[head].split("\t")]
    wanted = [f"for_lt_{asset}_{measure}" for asset in SLT_ASSETS for measure in SLT_MEASURES]
    missing = [name for name in wanted if name not in names]
    if missing:
        raise SourceFault(head + 1, f"the columns {', '.join(missing)} are missing")
    body = [
        (i + 1, [cell.strip() for cell in text.split("\t")])
        for i, text in enumerate(lines)
        if i > head
    ]
    body = [(line, row) for line, row in body if row[0] in {*SLT_HOLDERS, *SLT_PLACES, SLT_TOTAL}]
    for line, row in body:
        if len(row) != len(names):
            raise SourceFault(
                line, f"{len(names)} fields expected, {len(row)} found: a cut or changed line?"
            )
    if not body:
        raise SourceFault(0, f"no line of {' or of '.join(SLT_HOLDERS)} is found")
    month = names.index("date")
    known = released("tic", max(row[month] for _, row in body))
    for line, row in body:
        value = dict(zip(names, row, strict=True))
        _slt_row(found, line, row[0], value)
        for column, slug in SLT_NET.items():
            if row[0] in SLT_HOLDERS and value[column] != "n.a.":
                at = known if value["date"] <= PRESS_TABLES_END else ""
                series = f"tic.net.{SLT_HOLDERS[row[0]]}_{slug}"
                found.add(line, series, value["date"], value[column], -3, at)


def _slt_row(found: Collector, line: int, label: str, value: Mapping[str, str]) -> None:
    """One holder's or place's month: position, net purchases and change of value by kind of security."""
    who = "total" if label == SLT_TOTAL else {**SLT_HOLDERS, **SLT_PLACES}[label]
    for asset, security in SLT_ASSETS.items():
        for measure, slug in SLT_MEASURES.items():
            wanted = label not in SLT_PLACES or (asset in ("treas", "eqty") and measure != "valchg")
            text = value[f"for_lt_{asset}_{measure}"]
            if wanted and text != "n.a.":
                found.add(line, f"tic.slt.{who}.{security}.{slug}", value["date"], text, -3)
    if label == SLT_TOTAL and (value["date"] == SLT_BEGINS or value["date"].endswith("-12")):
        period = "2019-12" if value["date"] == SLT_BEGINS else value["date"]
        year_end, text = "tic.slt.total.equities.year_end", value["for_lt_eqty_pos"]
        at = "" if period == value["date"] else released("tic", value["date"])
        found.add(line, year_end, period, text, -3, at)


def _surveys(found: Collector, data: bytes) -> None:
    """The yearly surveys' totals: what Americans hold abroad (December), foreigners here (June)."""
    for line, row in table(data, ("date", "series", "value", "units", "status")):
        if row["series"] in SURVEYS:
            if row["units"] != "USD million":
                raise SourceFault(line, f"`{row['units']}` is not USD million")
            period = period_ended(line, row["date"], 6)
            found.add(line, SURVEYS[row["series"]], period, row["value"], -3)
