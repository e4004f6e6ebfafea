"""Bureau of Economic Analysis: trade balance, gross domestic product, international investment position.

Docs: https://www.bea.gov/data/intl-trade-investment/international-trade-goods-and-services (with the
Census Bureau), https://www.bea.gov/data/gdp/gross-domestic-product and
https://www.bea.gov/data/intl-trade-investment/international-investment-position. Read through FRED,
with the vintages that public copies kept, and as first printed in the releases.

Live, FRED brings three series (`evidence.live_files`): without a key as they stand, with FRED_API_KEY as
each release printed them. The net position goes on in POSITION_REVISED, which is FRED's id; POSITION is
closed, for it is what releases to 2025 printed, rounded. BEA's own API (BEA_API_KEY,
https://apps.bea.gov/api/_pdf/bea_web_service_api_user_guide.pdf) has the position in the same millions,
and stands in for FRED's copy where there is no key to ALFRED's prints: one series, one source at a time.
The trade balance and GDP are not read from it: it gives trade by quarter only.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from evidence.json_records import document, record, records
from evidence.live_files import FRED_KEY, FredSeries, fred_feeds, is_live, read_fred
from evidence.publishers import (
    Collector,
    Feed,
    Parsed,
    SourceFault,
    dated_values,
    day_of,
    gather,
    new_york,
    period_of,
    released,
    table,
)

TRADE = "bea.trade_balance"
GDP = "bea.gdp"
POSITION = "bea.niip"
POSITION_REVISED = "bea.niip_revised"

SOURCES = (
    "bea/BOPGSTB_as_published_fredgraph.csv",
    "bea/BOPGSTB_vintages.csv",
    "bea/GDP_vintage_2025-06-26.csv",
    "bea/GDP.csv",
    "bea/IIPUSNETIQ.csv",
    "bea/niip_as_first_reported.csv",
)

TRADE_VINTAGES_BEGIN = "2019-01"
"""Before this month the vintages hold nothing: the copy of November 2025 stands in for the past."""
TRADE_FIRST_READ = "2025-06-26"
"""The oldest vintage. Its author cut it in March 2025; what was printed before it is not held."""
GDP_OLD = "GDP_vintage"
"""How the name of the older copy of GDP begins: its figures became known by the release rule."""
PRINTED = "08:30"
POSITION_LINES = (
    "US net international investment position",
    "US net international investment position (revised)",
)

OF_FRED = (
    FredSeries("BOPGSTB", TRADE, -3, 1, prints="bea_trade"),
    FredSeries("GDP", GDP, 0, 3, since="1962-01-01", prints="bea_gdp"),
    FredSeries("IIPUSNETIQ", POSITION_REVISED, -3, 3, prints="bea_iip"),
)
BEA_KEY = "BEA_API_KEY"
OF_BEA = Feed(
    "bea/live/IIP.json",
    "https://apps.bea.gov/api/data?method=GetData&DataSetName=IIP&TypeOfInvestment=Net"
    "&Component=Pos&Frequency=QNSA&Year=ALL&ResultFormat=JSON",
    (POSITION_REVISED,),
)
NET_POSITION = {
    "TypeOfInvestment": "Net",
    "Component": "Pos",
    "Frequency": "QNSA",
    "CL_UNIT": "USD",
    "UNIT_MULT": "6",
}
"""What each row of BEA's answer says of itself: the net position by quarter, in millions of dollars."""

_QUARTER = re.compile(r"^(\d{4})Q([1-4])$")
_GROUPED = re.compile(r"^-?\d{1,3}(,\d{3})+$")

KEYS = (FRED_KEY, BEA_KEY)


def feeds(keys: Mapping[str, str]) -> tuple[Feed, ...]:
    """One file for each of the three series."""
    found = fred_feeds("bea", OF_FRED, keys)
    if keys.get(FRED_KEY) or not keys.get(BEA_KEY):
        return found
    others = tuple(feed for feed in found if feed.series != OF_BEA.series)
    return (*others, replace(OF_BEA, secret={"UserID": keys[BEA_KEY]}))


def parse(name: str, data: bytes) -> Parsed:
    """Balances and positions in billions of dollars, GDP in billions at an annual rate."""
    if name == OF_BEA.name:
        return gather(name, data, _position)
    if is_live(name):
        return read_fred(name, data, OF_FRED)
    stem = PurePosixPath(name).stem
    if stem.startswith("BOPGSTB_vintages"):
        return gather(name, data, _trade_vintages)
    if stem.startswith("niip"):
        return gather(name, data, _first_printed)
    return gather(name, data, _fred)


def _fred(found: Collector, data: bytes) -> None:
    """One of FRED's files. Figures of a copy became known with its last quarter, but for the oldest copy."""
    rows = list(dated_values(found.source, data, ("BOPGSTB", "GDP", "IIPUSNETIQ")))
    if not rows:
        raise SourceFault(0, "the file has no values")
    if rows[0][0] == "BOPGSTB":
        for _, line, day, value in rows:
            period = period_of(line, day, 1)
            if period < TRADE_VINTAGES_BEGIN:
                found.add(line, TRADE, period, value, -3)
        return
    series, release, shift = (
        (GDP, "bea_gdp", 0) if rows[0][0] == "GDP" else (POSITION_REVISED, "bea_iip", -3)
    )
    last = max(period_of(line, day, 3) for _, line, day, _ in rows)
    known = "" if PurePosixPath(found.source).stem.startswith(GDP_OLD) else released(release, last)
    for _, line, day, value in rows:
        found.add(line, series, period_of(line, day, 3), value, shift, known)


def _trade_vintages(found: Collector, data: bytes) -> None:
    """Vintages as read on a day: each is that of the release that brought its last month.

    What the oldest holds, and a month that came out between two readings, is left to the release rule.
    """
    vintages: dict[str, list[tuple[int, str, str]]] = {}
    for line, row in table(data, ("read_date", "date", "country_or_line", "value", "units")):
        if row["units"] != "USD mn SA":
            raise SourceFault(line, f"`{row['units']}` is not USD mn SA")
        read = day_of(line, row["read_date"]).isoformat()
        vintages.setdefault(read, []).append((line, period_of(line, row["date"], 1), row["value"]))
    seen: set[str] = set()
    for read, rows in sorted(vintages.items()):
        last = max(period for _, period, _ in rows)
        known = released("bea_trade", last)
        if known[:10] > read:
            raise SourceFault(
                rows[0][0], f"read on {read}, but {last} came out only on {known[:10]}"
            )
        for line, period, value in rows:
            ruled = read == TRADE_FIRST_READ or (period not in seen and period != last)
            found.add(line, TRADE, period, value, -3, "" if ruled else known)
        seen |= {period for _, period, _ in rows}


def _first_printed(found: Collector, data: bytes) -> None:
    """The net position as releases printed it. One without its day counts from the end of its month."""
    columns = (
        "release_date", "date", "country_or_line", "value", "units", "reported_as", "source_url",
    )  # fmt: skip
    for line, row in table(data, columns):
        if row["country_or_line"] not in POSITION_LINES:
            continue
        quarter = _QUARTER.match(row["date"])
        if quarter is None or row["units"] != "USD bn":
            raise SourceFault(line, "a quarter such as 2025Q2 and a value in USD bn are expected")
        printed = row["release_date"]
        day = day_of(line, printed if len(printed) == 10 else f"{printed}-31")
        period = f"{quarter[1]}-{3 * int(quarter[2]):02d}"
        found.add(line, POSITION, period, row["value"], 0, new_york(day, PRINTED))


def _position(found: Collector, data: bytes) -> None:
    """BEA's answer. It repeats what was asked, the key with it: nothing of that part is shown."""
    answer = record(document(data).get("BEAAPI"), "BEAAPI")
    results = answer.get("Results", {})
    for told in (answer, results):
        if isinstance(told, dict) and "Error" in told:
            error = record(told["Error"], "BEAAPI.Error")
            said = str(error.get("APIErrorDescription"))[:200]
            raise SourceFault(0, f"BEA refuses (code {error.get('APIErrorCode')}): {said}")
    for number, row in enumerate(records(record(results, "BEAAPI.Results"), "Data")):
        path = f"BEAAPI.Results.Data[{number}]"
        for name, wanted in NET_POSITION.items():
            if row.get(name) != wanted:
                raise SourceFault(
                    number + 1, f"{path}.{name}: `{wanted}` expected, not `{row.get(name)}`"
                )
        quarter = _QUARTER.match(str(row.get("TimePeriod")))
        if quarter is None:
            raise SourceFault(
                number + 1, f"{path}.TimePeriod: a quarter such as 2025Q2 is expected"
            )
        value = str(row.get("DataValue"))
        if value:
            plain = value.replace(",", "") if _GROUPED.match(value) else value
            period = f"{quarter[1]}-{3 * int(quarter[2]):02d}"
            found.add(number + 1, POSITION_REVISED, period, plain, -3)
