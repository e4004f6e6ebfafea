"""Commodity Futures Trading Commission: Traders in Financial Futures: Treasury, euro and yen.

Docs: https://www.cftc.gov/MarketReports/CommitmentsofTraders/index.htm (`fut_fin_txt_YYYY.zip`, 87
columns; `com_fin_txt_YYYY.zip` with options). Read as published, or as a tidy extract of it.
"""

from evidence.publishers import Collector, Parsed, SourceFault, gather, table, text_of

CONTRACTS = {
    "042601": "us2y",
    "044601": "us5y",
    "043602": "us10y",
    "043607": "us10y_ultra",
    "020601": "us30y",
    "020604": "us30y_ultra",
    "099741": "eur",
    "097741": "jpy",
}
"""The exchange's code: our name. Names on the page changed in 2022; codes did not. Rows of other
contracts, stock futures among them, are passed over: no story reads them."""
WITH_MANAGERS = ("us10y", "eur", "jpy")
"""The contracts of which asset managers' positions are kept too."""

FAMILIES = {"FutOnly": "cftc.tff", "Combined": "cftc.tff_combined"}

PUBLISHED = {
    "date": "Report_Date_as_YYYY-MM-DD",
    "code": "CFTC_Contract_Market_Code",
    "family": "FutOnly_or_Combined",
    "open_interest": "Open_Interest_All",
    "lev_long": "Lev_Money_Positions_Long_All",
    "lev_short": "Lev_Money_Positions_Short_All",
    "am_long": "Asset_Mgr_Positions_Long_All",
    "am_short": "Asset_Mgr_Positions_Short_All",
}
PUBLISHED_COLUMNS = 87
TIDY = {
    "date": "report_date",
    "code": "contract_code",
    "family": "report_type",
    "open_interest": "open_interest",
    "lev_long": "lev_money_long",
    "lev_short": "lev_money_short",
    "am_long": "asset_mgr_long",
    "am_short": "asset_mgr_short",
}
POSITIONS = ("open_interest", "lev_long", "lev_short", "am_long", "am_short")

SOURCES = (
    "cftc/FinFutYY_*.txt",
    "cftc/tff_treasury_futonly.csv",
    "cftc/tff_treasury_combined.csv",
    "cftc/tff_10y_*.csv",
    "cftc/tff_spx_eur_jpy_futonly.csv",
)


def parse(name: str, data: bytes) -> Parsed:
    """Positions of leveraged funds and asset managers, long and short, and open interest, in contracts.

    Contracts other than those named above are passed over. A file without a family column is futures
    only (the long file, which has no other).
    """
    return gather(name, data, _read)


def _read(found: Collector, data: bytes) -> None:
    header = [cell.strip().strip('"') for cell in text_of(data).splitlines()[0].split(",")]
    published = "Market_and_Exchange_Names" in header
    if published and len(header) != PUBLISHED_COLUMNS:
        raise SourceFault(1, f"{PUBLISHED_COLUMNS} columns expected, {len(header)} found")
    names = dict(PUBLISHED if published else TIDY)
    if not published and names["family"] not in header:
        names.pop("family")
    for line, row in table(data, list(names.values()), exact=False):
        # a spreadsheet loses the leading nought of a code
        contract = CONTRACTS.get(row[names["code"]].zfill(6))
        if contract is None:
            continue
        kind = row[names["family"]] if "family" in names else "FutOnly"
        if kind not in FAMILIES:
            raise SourceFault(line, f"`{kind}` is neither {' nor '.join(FAMILIES)}")
        for key in POSITIONS:
            if not key.startswith("am_") or contract in WITH_MANAGERS:
                series = f"{FAMILIES[kind]}.{key}.{contract}"
                found.add(line, series, row[names["date"]], row[names[key]])
