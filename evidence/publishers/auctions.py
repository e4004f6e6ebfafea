"""US Treasury auctions: who bid (same day), and who got the paper (investor classes, two weeks later).

Docs: https://www.treasurydirect.gov/TA_WS/securities/auctioned and
https://home.treasury.gov/data/investor-class-auction-allotments. Read from tidy extracts of both.
"""

import re

from evidence.publishers import Collector, Parsed, gather, table

SHARES = (
    "auction_date", "cusip", "original_term", "sold_as", "reopening", "bid_to_cover",
    "dealer_pct", "direct_pct", "indirect_pct", "competitive_accepted_usd", "source", "note",
)  # fmt: skip
CLASSES = (
    "auction_date", "issue_date", "original_term", "cusip",
    "dealers_brokers_pct", "investment_funds_pct", "foreign_international_pct",
)  # fmt: skip
SOURCES = (
    "auctions/coupon_bidder_shares_nominal_2008_2026.csv",
    "auctions/coupon_investor_class_shares_10y_2012_2026.csv",
)
CLASS_COLUMNS = {
    "dealers": "dealers_brokers_pct",
    "funds": "investment_funds_pct",
    "foreign": "foreign_international_pct",
}
TERMS = (2, 3, 5, 7, 10, 20, 30)
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


def parse(name: str, data: bytes) -> Parsed:
    """Shares in percent of competitive accepted (bidders) or of the amount sold to the public (classes).

    The period is the auction's day.
    """
    return gather(name, data, _classes if "investor_class" in name else _bidders)


def _bidders(found: Collector, data: bytes) -> None:
    """Rows with a note (contingency tests, the unscheduled sales of October 2008) are passed over."""
    for line, row in table(data, SHARES):
        day, term = row["auction_date"], term_sold(row["sold_as"])
        if row["note"] or term not in TERMS:
            continue
        found.add(line, f"ust.auction{term}y.indirect_share", day, row["indirect_pct"])
        if term == 10:
            found.add(line, "ust.auction10y.direct_share", day, row["direct_pct"])
            found.add(line, "ust.auction10y.dealer_share", day, row["dealer_pct"])
            found.add(line, "ust.auction10y.bid_to_cover", day, row["bid_to_cover"])


def _classes(found: Collector, data: bytes) -> None:
    for line, row in table(data, CLASSES):
        if row["original_term"] == "10-Year":
            for part, column in CLASS_COLUMNS.items():
                series = f"ust.auction10y.{part}_class_share"
                found.add(line, series, row["auction_date"], row[column])
