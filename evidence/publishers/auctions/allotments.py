"""Auction allotments by investor class: who got the paper, from the Treasury's sheet `IC-Coupons.xls`.

Docs: https://home.treasury.gov/data/investor-class-auction-allotments; the sheet has a new name with each
edition, about twice a month. Above its header stands the unit; each row is an issue.
"""

import csv
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from evidence import tables
from evidence.observations import SNAPSHOT
from evidence.publishers import Collector, SourceFault, text_of
from evidence.publishers.auctions.results import share

PAGE = "https://home.treasury.gov/data/investor-class-auction-allotments"
LINK = (
    r"href=[\"']?([^\"'\s>]*/system/files/\d+/[^\"'\s>]*IC[-_]Coupons[^\"'\s>]*\.xls)(?=[\"'\s>])"
)
HEADER = {
    "issuedate": "issue", "securitytype": "type", "cusip": "cusip", "maturitydate": "maturity",
    "totalissue": "total", "(soma)": "soma", "depository": "banks", "individuals": "individuals",
    "dealers": "dealers", "pension": "pensions", "investment": "funds", "foreign": "foreign",
    "other": "other",
}  # fmt: skip
"""How the names of the sheet's columns begin, in small letters and without blanks."""
BUYERS = ("soma", "banks", "individuals", "dealers", "pensions", "funds", "foreign", "other")
CLASSES = {part: f"ust.auction10y.{part}_class_share" for part in ("dealers", "funds", "foreign")}
SERIES = tuple(CLASSES.values())
UNIT = "in billions of dollars"
HEADER_WITHIN = 12
"""Rows of the sheet that may stand above its header."""
AMISS = Decimal("0.01")
"""Billions by which the buyers' parts, each rounded, may miss the total."""
SMALLEST = 1.0
"""Billions. Tests of the system sell 25 million."""
TEN_YEARS = (timedelta(days=3560), timedelta(days=3660))
"""From issue to maturity: a new 10-year note, or one that is one or two months old."""
ISSUED = range(15, 19)
"""Days of the month on which 10-year notes are issued; indexed ones are on its last day."""
AUCTIONED = timedelta(days=14)
"""A note is issued within so many days of its auction."""
AUCTIONS = SNAPSHOT / "series" / "ust.auction10y.indirect_share.csv"
"""Where the days of the 10-year auctions are: the sheet has the days of issue only."""


def read(found: Collector, data: bytes) -> None:
    """What each class of buyers got of each 10-year note, in percent of what the public got."""
    if data.lstrip().startswith(b"<"):
        text_of(data)
    sheet = tables.read("IC-Coupons.xls", data)
    rows = [(sheet.line, sheet.header), *sheet.rows]
    head = next((at for at, (_, row) in enumerate(rows[:HEADER_WITHIN]) if _places(row)), None)
    if head is None:
        raise SourceFault(
            0, "no line of names with `Issue date`, `Security type`, `Cusip` is found"
        )
    if not any(UNIT in str(cell).lower() for _, row in rows[:head] for cell in row):
        raise SourceFault(rows[head][0], f"`[{UNIT}]` is expected above: another unit?")
    places = _places(rows[head][1])
    missing = [begin for begin, name in HEADER.items() if name not in places]
    if missing:
        raise SourceFault(rows[head][0], f"no column begins with {', '.join(missing)}")
    days = _auction_days()
    for line, row in rows[head + 1 :]:
        cells = {name: row[at] if at < len(row) else None for name, at in places.items()}
        if re.fullmatch(r"[0-9A-Z]{9}", str(cells["cusip"])):
            _issue(found, line, cells, days)


def _places(row: tuple[object, ...]) -> dict[str, int]:
    """Where each column of the sheet is; nothing for a row that is not its header."""
    names = ["".join(str(cell).lower().split()) for cell in row]
    places = {
        name: at
        for begin, name in HEADER.items()
        for at, text in enumerate(names)
        if text.startswith(begin)
    }
    return places if {"issue", "type", "cusip"} <= set(places) else {}


def _auction_days() -> list[date]:
    """The days of the 10-year auctions that the snapshot has, in order."""
    if not AUCTIONS.exists():
        raise SourceFault(0, "the snapshot has no 10-year auction yet: the results come first")
    with AUCTIONS.open(encoding="utf-8", newline="") as lines:
        return sorted(date.fromisoformat(row["period"]) for row in csv.DictReader(lines))


def _issue(found: Collector, line: int, cells: Mapping[str, object], days: list[date]) -> None:
    """One issue, if it is of a 10-year note that is not indexed."""
    kind = " ".join(str(cells["type"]).upper().split())
    issue, maturity = cells["issue"], cells["maturity"]
    if not isinstance(issue, datetime) or not isinstance(maturity, datetime):
        raise SourceFault(line, "days of issue and maturity are expected")
    shortest, longest = TEN_YEARS
    total = cells["total"]
    test = isinstance(total, float) and total < SMALLEST
    if test or not shortest <= maturity - issue <= longest:
        return
    if not re.search(r"\b(NOTE|BOND|TIP|FRN)S?\b", kind):
        raise SourceFault(line, f"`{kind[:40]}` is neither NOTE nor BOND, TIPS or FRN")
    if "NOTE" not in kind or "TIP" in kind:
        return
    told = f"the 10-year note of {issue.date()}"
    if issue.day not in ISSUED:
        found.fault(line, f"{told}: not issued in the middle of a month; is it an indexed one?")
        return
    sold = [day for day in days if timedelta() < issue.date() - day <= AUCTIONED]
    if not sold:
        found.fault(line, f"{told}: no auction is held that sold it; are the results in?")
        return
    _parts(found, line, told, sold[-1].isoformat(), cells)


def _parts(found: Collector, line: int, told: str, day: str, cells: Mapping[str, object]) -> None:
    """The classes' shares of what was sold to the public: the total without the Fed's own account (SOMA)."""
    amounts = {
        name: Decimal(str(cells[name]))
        for name in ("total", *BUYERS)
        if isinstance(cells[name], float)
    }
    lacking = [name for name in ("total", *CLASSES) if name not in amounts]
    if lacking:
        found.fault(line, f"{told}: {', '.join(lacking)}: a number is expected", SERIES)
        return
    parts = sum((amounts.get(name, Decimal()) for name in BUYERS), Decimal())
    public = amounts["total"] - amounts.get("soma", Decimal())
    if abs(amounts["total"] - parts) > AMISS or public <= 0:
        wrong = f"the total is {amounts['total']} bn, its parts are {parts}"
        found.fault(line, f"{told}: {wrong}", SERIES)
        return
    for part, name in CLASSES.items():
        found.add(line, name, day, share(amounts[part], public))
