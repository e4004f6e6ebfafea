"""Auction results as Fiscal Data gives them: who bid, from `auctions_query`.

Docs: https://fiscaldata.treasury.gov/datasets/treasury-securities-auctions-data/. Values are texts, amounts
in dollars; what an auction to come has not yet is `null`, as a word.
"""

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal

from evidence.json_records import Record, document, record, records
from evidence.publishers import Collector, SourceFault, day_of

TERMS = (2, 3, 5, 7, 10, 20, 30)
SERIES = (
    *(f"ust.auction{term}y.indirect_share" for term in TERMS),
    "ust.auction10y.direct_share",
    "ust.auction10y.dealer_share",
    "ust.auction10y.bid_to_cover",
)
FIRST = "2008-04-01"
"""From about here on the results say who bid."""
FIELDS = (
    "auction_date", "cusip", "security_term", "original_security_term", "inflation_index_security",
    "floating_rate", "bid_to_cover_ratio", "comp_accepted", "primary_dealer_accepted",
    "direct_bidder_accepted", "indirect_bidder_accepted",
)  # fmt: skip
OUTCOME = FIELDS[6:]
URL = (
    "https://api.fiscaldata.treasury.gov/services/api/fiscal_service/v1/accounting/od/auctions_query"
    f"?fields={','.join(FIELDS)}&filter=auction_date:gte:{FIRST},security_type:in:(Note,Bond)"
    "&sort=auction_date&page[size]=10000"
)
SMALLEST = Decimal(1_000_000_000)
"""Dollars. Tests of the system sell 25 million; the smallest sale to the market was of 6 billion."""
EXACT = Decimal(10_000)
"""The bidders' parts are the whole, to one in so many."""
_TERM = re.compile(r"^(\d+)-Year(?: (\d+)-Month)?$")


def term_sold(text: str) -> int | None:
    """The term in years that was on sale: `9-Year 10-Month` is a reopened 10-year. None for odd ones."""
    match = _TERM.match(text)
    if match is None:
        return None
    years, months = int(match[1]), int(match[2] or 0)
    if months and months < 6:
        return None
    return years + 1 if months else years


def add_auction(
    found: Collector, line: int, term: int, day: str, shares: Mapping[str, str], cover: str
) -> None:
    """One auction: the indirect bidders' share of each term; of the 10-year the others' and bid-to-cover too."""
    found.add(line, f"ust.auction{term}y.indirect_share", day, shares["indirect"])
    if term == 10:
        found.add(line, "ust.auction10y.direct_share", day, shares["direct"])
        found.add(line, "ust.auction10y.dealer_share", day, shares["dealer"])
        found.add(line, "ust.auction10y.bid_to_cover", day, cover)


def read(found: Collector, data: bytes) -> None:
    """All notes and bonds since `FIRST`, in one page."""
    answer = document(data)
    rows = records(answer, "data")
    meta = record(answer.get("meta"), "meta")
    if (meta.get("total-count"), meta.get("total-pages")) != (len(rows), 1):
        told = f"{meta.get('total-count')} rows on {meta.get('total-pages')} pages"
        raise SourceFault(0, f"meta: {told} are announced, {len(rows)} came: cut off?")
    for at, row in enumerate(rows):
        _result(found, at, row)


def _result(found: Collector, at: int, row: Record) -> None:
    """One auction. Left out are indexed and floating notes, tests, and unscheduled sales of older paper.

    Those last are told by their terms: a note sold as what is left of another term (in October 2008, a
    10-year note with 6 years and 7 months to run). A whole term stands for itself, whatever the note
    once was: a 7-year note can be sold again as that month's 5-year.
    """
    cells = {name: _text(at, row, name) for name in FIELDS}
    for name in ("inflation_index_security", "floating_rate"):
        if cells[name] not in ("Yes", "No"):
            raise SourceFault(
                at + 1, f"data[{at}].{name}: Yes or No is expected, not `{cells[name]}`"
            )
    sold, original = cells["security_term"], cells["original_security_term"]
    term = term_sold(sold)
    older = "Month" in sold and term_sold(original) != term
    if "Yes" in (cells["inflation_index_security"], cells["floating_rate"]) or older:
        return
    if term is None or term not in TERMS or all(cells[name] == "" for name in OUTCOME):
        return
    series = [name for name in SERIES if name.startswith(f"ust.auction{term}y.")]
    try:
        accepted, *parts = (_dollars(at, cells, name) for name in OUTCOME[1:])
    except SourceFault as fault:
        found.fault(fault.line, fault.message, series)
        return
    if accepted < SMALLEST:
        return
    if abs(accepted - sum(parts)) > accepted / EXACT:
        wrong = f"the bidders took {sum(parts)} dollars, but comp_accepted is {accepted}"
        found.fault(at + 1, f"data[{at}]: {wrong}", series)
        return
    shares = dict(
        zip(("dealer", "direct", "indirect"), (share(p, accepted) for p in parts), strict=True)
    )
    day = day_of(at + 1, cells["auction_date"]).isoformat()
    add_auction(found, at + 1, term, day, shares, cells["bid_to_cover_ratio"])


def _text(at: int, row: Record, name: str) -> str:
    """A field; empty for null, which Fiscal data writes as a word."""
    value = row.get(name, 0)
    if value is None or value == "null":
        return ""
    if not isinstance(value, str):
        raise SourceFault(at + 1, f"data[{at}].{name}: a text is expected, not `{value}`")
    return value


def _dollars(at: int, cells: Mapping[str, str], name: str) -> Decimal:
    if not re.fullmatch(r"\d{1,15}(\.\d{1,2})?", cells[name]):
        raise SourceFault(
            at + 1, f"data[{at}].{name}: dollars are expected, not `{cells[name][:40]}`"
        )
    return Decimal(cells[name])


def share(part: Decimal, whole: Decimal) -> str:
    """A part in percent, with four decimals."""
    return str((100 * part / whole).quantize(Decimal("0.0001"), ROUND_HALF_EVEN))
