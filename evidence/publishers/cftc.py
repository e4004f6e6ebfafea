"""Commodity Futures Trading Commission: Traders in Financial Futures: Treasury, euro and yen.

Docs: https://www.cftc.gov/MarketReports/CommitmentsofTraders/index.htm (`fut_fin_txt_YYYY.zip` with
`FinFutYY.txt`, 87 columns; `com_fin_txt_YYYY.zip` with options) and https://publicreporting.cftc.gov
(the same reports since June 2006 in Socrata: `gpe5-46if` futures only, `yw9f-hn96` with options). Read
as published, as an answer of the reporting site, or as a tidy extract. What is fetched is the whole
history of our contracts from the reporting site. A year's archive is read where one is given, but not
asked for: its address changes with the year, and it tells nothing that the site does not tell.
"""

import zlib
from collections.abc import Mapping, Sequence
from io import BytesIO
from urllib.parse import quote, urlencode
from zipfile import BadZipFile, ZipFile

from evidence.live_files import whole
from evidence.publishers import Collector, Feed, Parsed, SourceFault, gather, table, text_of

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
REPORTED = {
    "date": "report_date_as_yyyy_mm_dd",
    "code": "cftc_contract_market_code",
    "family": "futonly_or_combined",
    "open_interest": "open_interest_all",
    "lev_long": "lev_money_positions_long",
    "lev_short": "lev_money_positions_short",
    "am_long": "asset_mgr_positions_long",
    "am_short": "asset_mgr_positions_short",
}
"""The reporting site's names: in lower case, and some without the `_all` that they have in the file."""
MIDNIGHT = "T00:00:00.000"
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


DATASETS = {
    "cftc/live/tff_futures_only.csv": ("gpe5-46if", "FutOnly", tuple(CONTRACTS)),
    "cftc/live/tff_combined.csv": ("yw9f-hn96", "Combined", tuple(CONTRACTS)[:6]),
}
"""The feed: the site's dataset, the family that it holds, and the contracts that are kept of it."""
LIMIT = 50_000
"""Rows that the site is asked for. Twenty years of eight contracts are 9,000."""
LARGEST = 48_000_000
"""Bytes of an unpacked file. A year has about 5 million, the bundle of 2006 to 2016 about 30."""


def feeds(keys: Mapping[str, str]) -> tuple[Feed, ...]:
    """Both reports since June 2006, oldest first, so that an answer cut off lacks the newest. No key needed."""
    del keys
    return tuple(
        Feed(name, _address(dataset, codes), tuple(_series(family, codes)))
        for name, (dataset, family, codes) in DATASETS.items()
    )


def _address(dataset: str, codes: Sequence[str]) -> str:
    listed = ",".join(f"'{code}'" for code in codes)
    query = {
        "$select": ",".join(REPORTED.values()),
        "$where": f"{REPORTED['code']} in({listed})",
        "$order": f"{REPORTED['date']},{REPORTED['code']}",
        "$limit": str(LIMIT),
    }
    words = urlencode(query, safe="$,()'", quote_via=quote)
    return f"https://publicreporting.cftc.gov/resource/{dataset}.csv?{words}"


def _series(family: str, codes: Sequence[str]) -> list[str]:
    """The ids that a family has for some contracts."""
    return [
        f"{FAMILIES[family]}.{key}.{CONTRACTS[code]}"
        for code in codes
        for key in POSITIONS
        if _kept(key, CONTRACTS[code])
    ]


def _kept(key: str, contract: str) -> bool:
    return not key.startswith("am_") or contract in WITH_MANAGERS


def parse(name: str, data: bytes) -> Parsed:
    """Positions of leveraged funds and asset managers, long and short, and open interest, in contracts.

    Contracts other than those named above are passed over. A file without a family column is futures
    only (the long file, which has no other). A zip archive holds one such file.
    """
    return gather(name, data, _unpacked if name.endswith(".zip") else _read)


def _unpacked(found: Collector, data: bytes) -> None:
    """The one text file of an archive, unpacked no further than a file of its kind is long."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            members = [name for name in archive.namelist() if name.lower().endswith(".txt")]
            if len(members) != 1:
                held = ", ".join(archive.namelist())[:80] or "nothing"
                raise SourceFault(0, f"one text file is expected in the archive; it holds {held}")
            with archive.open(members[0]) as member:
                text = member.read(LARGEST + 1)
    except (BadZipFile, EOFError, OSError, RuntimeError, ValueError, zlib.error) as fault:
        raise SourceFault(0, f"this is no whole zip archive: {fault}") from None
    if len(text) > LARGEST:
        raise SourceFault(0, f"{members[0]} has more than {LARGEST:,} bytes, too many for a year")
    _read(found, text)


def _read(found: Collector, data: bytes) -> None:
    header = [cell.strip().strip('"') for cell in text_of(data).splitlines()[0].split(",")]
    reported = found.source in DATASETS
    published = "Market_and_Exchange_Names" in header
    if published and len(header) != PUBLISHED_COLUMNS:
        raise SourceFault(1, f"{PUBLISHED_COLUMNS} columns expected, {len(header)} found")
    names = dict(REPORTED if reported else PUBLISHED if published else TIDY)
    if names["family"] not in header and not (published or reported):
        names.pop("family")
    rows = list(table(whole(data) if reported else data, list(names.values()), exact=False))
    if reported and len(rows) >= LIMIT:
        raise SourceFault(0, f"{len(rows):,} rows, as many as were asked for: are there more?")
    for line, row in rows:
        # a spreadsheet loses the leading nought of a code
        contract = CONTRACTS.get(row[names["code"]].zfill(6))
        if contract is None:
            continue
        kind = row[names["family"]] if "family" in names else "FutOnly"
        if kind not in FAMILIES:
            raise SourceFault(line, f"`{kind}` is neither {' nor '.join(FAMILIES)}")
        period = row[names["date"]].removesuffix(MIDNIGHT if reported else "")
        for key in POSITIONS:
            if _kept(key, contract):
                series = f"{FAMILIES[kind]}.{key}.{contract}"
                found.add(line, series, period, row[names[key]])
