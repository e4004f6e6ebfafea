"""US Treasury auctions: who bid (same day), and who got the paper (investor classes, two weeks later).

Docs: https://fiscaldata.treasury.gov/datasets/treasury-securities-auctions-data/ (`results`) and
https://home.treasury.gov/data/investor-class-auction-allotments (`allotments`). Kept are tidy extracts of
https://www.treasurydirect.gov/TA_WS/securities/auctioned and of the second.
"""

from collections.abc import Callable, Mapping

from evidence.publishers import Collector, Feed, Parsed, gather, table
from evidence.publishers.auctions import allotments, results

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

RESULTS, ALLOTMENTS = "auctions/live/results.json", "auctions/live/allotments.xls"
LIVE: Mapping[str, Callable[[Collector, bytes], None]] = {
    RESULTS: results.read,
    ALLOTMENTS: allotments.read,
}


def feeds(keys: Mapping[str, str]) -> tuple[Feed, ...]:
    """The results of all auctions of notes and bonds, and the newest sheet of buyers. No key needed."""
    del keys
    return (
        Feed(RESULTS, results.URL, results.SERIES),
        Feed(ALLOTMENTS, allotments.PAGE, allotments.SERIES, link=allotments.LINK),
    )


def parse(name: str, data: bytes) -> Parsed:
    """Shares in percent of competitive accepted (bidders) or of the amount sold to the public (classes).

    The period is the auction's day.
    """
    kept = _classes if "investor_class" in name else _bidders
    return gather(name, data, LIVE.get(name, kept))


def _bidders(found: Collector, data: bytes) -> None:
    """Rows with a note (contingency tests, the unscheduled sales of October 2008) are passed over."""
    for line, row in table(data, SHARES):
        day, term = row["auction_date"], results.term_sold(row["sold_as"])
        if row["note"] or term is None or term not in results.TERMS:
            continue
        shares = {part: row[f"{part}_pct"] for part in ("dealer", "direct", "indirect")}
        results.add_auction(found, line, term, day, shares, row["bid_to_cover"])


def _classes(found: Collector, data: bytes) -> None:
    for line, row in table(data, CLASSES):
        if row["original_term"] == "10-Year":
            for part, column in CLASS_COLUMNS.items():
                series = f"ust.auction10y.{part}_class_share"
                found.add(line, series, row["auction_date"], row[column])
