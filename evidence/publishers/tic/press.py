"""TIC: the monthly press release and its table of 32 lines, as a tidy table, as text and as the page itself.

Lines are in billions of dollars, not adjusted for the season. All three forms pass the same checks: 32
lines, four months, and the lines that are sums of others are so within rounding.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal

from evidence import calendar
from evidence.publishers import Collector, SourceFault, day_of, new_york, table, text_of
from evidence.publishers.tic.page import read as read_html

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
LINES_OF_PAGE = tuple(number for number in LINES if number not in (5, 6, 7, 8, 10, 11, 12, 13))
"""What is taken from the live page. The other lines are SLT table 1's on the same day, to the million:
of two prints of one figure on one day each would look like a revision of the other."""
PAGE_SERIES = tuple(f"tic.net.{LINES[number]}" for number in LINES_OF_PAGE)

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
LATEST_DAYS = 100
"""Days from a month's end within which its release comes; a page of a later day was posted again."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH_NAMES = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
                "October", "November", "December")  # fmt: skip
_NAMES = "|".join(_MONTH_NAMES)
_TITLE = rf"\bData for .*?({_NAMES})\b(?: and ({_NAMES}))?"
_TABLE = "TIC Monthly Reports on Cross-Border Financial Flows"
_UNIT = "(Billions of dollars, not seasonally adjusted)"


def read_table(found: Collector, data: bytes) -> None:
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


def read_text(found: Collector, data: bytes) -> None:
    """A press release as text: its date, the month in its title, and the table of 32 lines.

    The table comes as Markdown cells or as run-together lines.
    """
    text = text_of(data)
    dated = re.search(r"^date: (\d{4}-\d{2}-\d{2})", text, re.MULTILINE)
    titled = re.search(rf"^title:.*{_TITLE}", text, re.MULTILINE)
    if dated is None or titled is None or _TABLE not in text:
        raise SourceFault(
            0,
            "no press release: a date, a title `… Data for MONTH` and the table of flows are expected",
        )
    _release(found, text, day_of(0, dated[1]), titled[2] or titled[1], LINES)


def read_page(found: Collector, data: bytes) -> None:
    """A press release as its page. Its day is the one that the page gives, in New York."""
    page = read_html(data)
    titled = re.search(_TITLE, page.title)
    if titled is None or _TABLE not in page.body:
        raise SourceFault(
            0,
            "no press release of the TIC: a title `… Data for MONTH` and the table of flows are"
            f" expected; the title is `{page.title[:80]}`",
        )
    if _UNIT not in page.body:
        raise SourceFault(0, f"`{_UNIT}` is expected above the table: another unit?")
    try:
        moment = datetime.fromisoformat(page.published)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise SourceFault(0, f"`{page.published[:40]}` is not the time of a release with its zone")
    day = moment.astimezone(calendar.NEW_YORK).date()
    latest = titled[2] or titled[1]
    month = _months(day, latest)[-1]
    if (day - calendar.period_end(month)).days > LATEST_DAYS:
        raise SourceFault(0, f"the page of {month} is of {day}: was it posted again?")
    try:
        _release(found, page.body, day, latest, LINES_OF_PAGE)
    except SourceFault as fault:  # its line is one of the body, not of the page
        raise SourceFault(0, fault.message) from None


def _months(released_on: date, latest: str) -> list[str]:
    """The four months of a release's table; `latest` is the name of the last one."""
    month = _MONTH_NAMES.index(latest) + 1
    year = released_on.year - (1 if month > released_on.month else 0)
    return [_month_before(year, month, back) for back in (3, 2, 1, 0)]


def _month_before(year: int, month: int, back: int) -> str:
    index = year * 12 + month - 1 - back
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def _release(
    found: Collector, text: str, released_on: date, latest: str, wanted: Collection[int]
) -> None:
    """The table of a release of `released_on` with data to the month `latest`; `wanted` lines are taken.

    Each line has eight numbers with one decimal (two years, two twelve-month sums, four months); the
    last four are read.
    """
    start = text.find(_TABLE)
    months = _months(released_on, latest)
    shown = re.findall("|".join(_MONTHS), text[start:].split("Acquisitions", maxsplit=1)[0])
    if shown[-4:] != [_MONTHS[int(m[5:]) - 1] for m in months]:
        raise SourceFault(0, f"the table's last four columns should be {', '.join(months)}")
    columns: list[dict[int, str]] = [{} for _ in months]
    for number, line, numbers in _lines(text, start):
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
            if number in wanted:
                found.add(0, f"tic.net.{LINES[number]}", period, value, 0, known)


_LINE_STARTS = (
    r"Gross U\.S\. Sales of Domestic", r"Gross U\.S\. Purchases of Domestic", r"Domestic Securities, net", r"Private, net ?/2",
    r"Treasury Bonds", r"Gov't Agency", r"Corporate Bonds", r"Equities, net", r"Official, net ?/3", r"Treasury Bonds",
    r"Gov't Agency", r"Corporate Bonds", r"Equities, net", r"Gross U\.S\. Sales of Foreign", r"Gross U\.S\. Purchases of Foreign",
    r"Foreign Securities, net", r"Foreign Bonds", r"Foreign Equities", r"et Long-Term Securities Transactions",
    r"Other Acquisitions", r"Net Foreign Acquisition", r"Increase in Foreign Holdings", r"U\.S\. Treasury Bills", r"Private, net",
    r"Official, net", r"Other Negotiable", r"Private, net", r"Official, net", r"Change in Banks", r"Monthly Net Dollar",
    r"Private, net", r"Official, net",
)  # fmt: skip


def _lines(text: str, start: int) -> Iterator[tuple[int, int, list[str]]]:
    """The 32 lines of a release's table as (number, line of the file, numbers)."""
    text = text.replace("’", "'").replace("−", "-")
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
