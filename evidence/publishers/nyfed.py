"""Federal Reserve Bank of New York: reference rates, repo operations, primary dealers' positions and repo.

Docs: https://www.newyorkfed.org/markets/reference-rates, https://markets.newyorkfed.org/static/docs/markets-api.html
and https://www.newyorkfed.org/markets/counterparties/primary-dealers-statistics. A live answer is that
of the Markets API in JSON, from a fixed start to the day of the fetch: where no `endDate` is given, it
ends with the newest day. Rates stand in percent with two decimals, volumes in billions of dollars,
operations in dollars, dealers' figures in millions of dollars as text (`*`: withheld).
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import partial

from evidence import calendar
from evidence.json_records import Record, document, records, written
from evidence.publishers import (
    Collector,
    Feed,
    Parsed,
    SourceFault,
    dated_values,
    gather,
    new_york,
    released,
    table,
)

SERIES = {
    "SOFR": "nyfed.sofr",
    "SOFR1": "nyfed.sofr_p1",
    "SOFR25": "nyfed.sofr_p25",
    "SOFR75": "nyfed.sofr_p75",
    "SOFR99": "nyfed.sofr_p99",
    "SOFRVOL": "nyfed.sofr_volume",
    "EFFR": "nyfed.effr",
    "TGCRRATE": "nyfed.tgcr",
    "NYFED_SRF_ACCEPTED": "nyfed.srf_accepted",
}
DISTRIBUTION = ("SOFR1", "SOFR25", "SOFR", "SOFR75", "SOFR99")

DEALERS = "nyfed.dealers"
DEALER_NET = {
    "all_usts": "treasuries_net",
    "all_coupons": "coupons_net",
    "coupons_7_11y": "coupons_7_11y_net",
    "all_bills": "bills_net",
}
OVERNIGHT = {
    f"{ours}_{segment}": tuple(f"{theirs}_{column}_on" for column in columns)
    for ours, theirs in (("repo", "repo"), ("reverse_repo", "rrp"))
    for segment, columns in (
        ("uncleared", ("uncleared_bilateral_special", "uncleared_bilateral_general")),
        ("cleared", ("cleared_bilateral_special", "cleared_bilateral_general")),
        ("sponsored", ("cleared_bilateral_sponsored",)),
    )
}
"""Our name: the overnight columns that it is the sum of (specific and general collateral)."""

SOURCES = (
    *(f"fred/{key}.csv" for key in SERIES),
    "funding/sofr_distribution.csv",
    "funding/nyfed_primary_dealer_positions.csv",
    "funding/nyfed_pd_repo_by_segment.csv",
)

API = "https://markets.newyorkfed.org/api"


@dataclass(frozen=True)
class Rate:
    """A reference rate of the Markets API: its type, whether it is secured, and the series of its fields."""

    type: str
    market: str
    fields: Mapping[str, str]

    @property
    def url(self) -> str:
        """Its whole history since the repo rates began."""
        return f"{API}/rates/{self.market}/{self.type.lower()}/search.json?startDate=2018-04-02"


RATES = {
    "nyfed/sofr.json": Rate(
        "SOFR",
        "secured",
        {
            "percentRate": "nyfed.sofr",
            "percentPercentile1": "nyfed.sofr_p1",
            "percentPercentile25": "nyfed.sofr_p25",
            "percentPercentile75": "nyfed.sofr_p75",
            "percentPercentile99": "nyfed.sofr_p99",
            "volumeInBillions": "nyfed.sofr_volume",
        },
    ),
    "nyfed/tgcr.json": Rate("TGCR", "secured", {"percentRate": "nyfed.tgcr"}),
    "nyfed/bgcr.json": Rate("BGCR", "secured", {"percentRate": "nyfed.bgcr"}),
    "nyfed/effr.json": Rate("EFFR", "unsecured", {"percentRate": "nyfed.effr"}),
}
REVISED_AT = "14:30"
"""New York time at which a rate is printed again on its day of publication, and at no other."""

OPERATIONS = "nyfed/repo_operations.json"
OPERATIONS_URL = f"{API}/rp/results/search.json?startDate=2021-07-29&operationTypes=Repo"
ACCEPTED = "nyfed.srf_accepted"
OPERATION = (
    "operationId",
    "auctionStatus",
    "operationDate",
    "operationType",
    "term",
    "closeTime",
    "totalAmtAccepted",
)
NOON = "12:00"

POSITIONS = "nyfed/dealers.json"
KEYS_OF = {
    "treasuries_net": (("PDPOSGST-TOT",), ()),
    "coupons_net": (("PDPOSGST-TOT",), ("PDPOSGS-B", "PDPOSGS-BFRN")),
    "coupons_7_11y_net": (("PDPOSGSC-G7L11",), ()),
    "bills_net": (("PDPOSGS-B",), ()),
} | {
    f"{ours}_{segment}": (tuple(f"{form}-{part}UTSET" for part in parts), ())
    for ours, form in (("repo", "PDSORA"), ("reverse_repo", "PDSIRRA"))
    for segment, parts in (
        ("uncleared", ("UBS", "UBG")),
        ("cleared", ("CBS", "CBG")),
        ("sponsored", ("CBSP",)),
    )
}
"""Our name: the keys of the dealers' report that it is the sum of, and those taken off."""
DEALER_KEYS = tuple(sorted({key for plus, minus in KEYS_OF.values() for key in (*plus, *minus)}))


def feeds(keys: Mapping[str, str]) -> tuple[Feed, ...]:
    """The rates, the repo operations since the standing facility began, the dealers' report. No key needed."""
    del keys
    dealers = tuple(f"{DEALERS}.{slug}" for slug in KEYS_OF)
    return (
        *(Feed(name, rate.url, tuple(rate.fields.values())) for name, rate in RATES.items()),
        Feed(OPERATIONS, OPERATIONS_URL, (ACCEPTED,)),
        Feed(POSITIONS, f"{API}/pd/get/{'_'.join(DEALER_KEYS)}.json", dealers),
    )


def parse(name: str, data: bytes) -> Parsed:
    """Rates in percent, amounts in USD bn: kept tables (one series as `date,value` where no other), or live answers."""
    tables: dict[str, Callable[[Collector, bytes], None]] = {
        "funding/sofr_distribution.csv": _distribution,
        "funding/nyfed_primary_dealer_positions.csv": _positions,
        "funding/nyfed_pd_repo_by_segment.csv": _segments,
        OPERATIONS: _operations,
        POSITIONS: _dealers,
        **{feed: partial(_rates, rate) for feed, rate in RATES.items()},
    }
    return gather(name, data, tables.get(name, _one))


def _rates(rate: Rate, found: Collector, data: bytes) -> None:
    """The days of a rate. A field may be missing on a day, but not on all.

    The mark of a revision says that the first print gave way to this one in the afternoon.
    """
    rows = records(document(data), "refRates")
    for at, row in enumerate(rows):
        if row.get("type") != rate.type:
            wrong = f"refRates[{at}].type: `{rate.type}` is expected, not `{row.get('type')}`"
            raise SourceFault(at + 1, wrong)
        period = str(row.get("effectiveDate"))
        for field, series in rate.fields.items():
            value = written(row.get(field))
            if value:
                dated = field == "percentRate" and written(row.get("revisionIndicator"))
                known = _revised(rate, period) if dated else ""
                found.add(at + 1, series, period, value, 0, known)
    for field, series in rate.fields.items():
        if not any(field in row for row in rows):
            found.fault(0, f"refRates: no record has `{field}`: has it another name?", [series])


def _revised(rate: Rate, period: str) -> str:
    """When a revised rate was known: on the day of its first print, in the afternoon."""
    first = calendar.seconds(released(f"nyfed_{rate.market}", period))
    return new_york(calendar.new_york_day(first), REVISED_AT)


def _operations(found: Collector, data: bytes) -> None:
    """What overnight repo operations took in on a day: the standing facility's, and exercises of small value.

    Since June 2025 there are two on most days, at 8:15 and 13:30. Until the second has closed, the newest
    day is left out: half a day's amount is not the day's.
    """
    days: dict[str, list[tuple[int, Record]]] = {}
    seen: set[str] = set()
    for at, row in enumerate(records(document(data), "repo", "operations")):
        place = f"repo.operations[{at}]"
        missing = [key for key in OPERATION if row.get(key) is None]
        if missing:
            raise SourceFault(at + 1, f"{place}: `{missing[0]}` is expected")
        if not re.fullmatch(r"\d\d:\d\d", str(row["closeTime"])):
            wrong = f"{place}.closeTime: `{row['closeTime']}` is not a time such as 13:45"
            raise SourceFault(at + 1, wrong)
        operation = str(row["operationId"])
        if operation in seen:
            raise SourceFault(at + 1, f"{place}: {operation} stands here again")
        seen.add(operation)
        kind = (row["operationType"], row["term"], row["auctionStatus"])
        if kind == ("Repo", "Overnight", "Results"):
            days.setdefault(str(row["operationDate"]), []).append((at + 1, row))
    newest = max(days, default="")
    for day, rows in days.items():
        if day != newest or max(str(row["closeTime"]) for _, row in rows) > NOON:
            total = _sum(str(row["totalAmtAccepted"]) for _, row in rows)
            found.add(rows[0][0], ACCEPTED, day, total, -9)


def _dealers(found: Collector, data: bytes) -> None:
    """Sums of the report's lines. A week in which a part is missing or withheld has no sum."""
    weeks: dict[str, dict[str, str]] = {}
    line: dict[str, int] = {}
    for at, row in enumerate(records(document(data), "pd", "timeseries")):
        week, key = str(row.get("asofdate")), str(row.get("keyid"))
        if key in weeks.setdefault(week, {}):
            raise SourceFault(at + 1, f"pd.timeseries[{at}]: {key} of {week} stands here again")
        weeks[week][key] = written(row.get("value"))
        line.setdefault(week, at + 1)
    have = {key for values in weeks.values() for key in values}
    for slug, (plus, minus) in KEYS_OF.items():
        series = f"{DEALERS}.{slug}"
        lost = [key for key in (*plus, *minus) if key not in have]
        if lost:
            found.fault(0, f"pd.timeseries: {', '.join(lost)} is expected", [series])
            continue
        for week, values in weeks.items():
            if all(values.get(key) for key in (*plus, *minus)):
                total = _sum((values[key] for key in plus), (values[key] for key in minus))
                found.add(line[week], series, week, total, -3)


def _positions(found: Collector, data: bytes) -> None:
    for line, row in table(data, ("date", *DEALER_NET), exact=False):
        for column, slug in DEALER_NET.items():
            found.add(line, f"{DEALERS}.{slug}", row["date"], row[column], -3)


def _segments(found: Collector, data: bytes) -> None:
    """Overnight repo by segment. A week in which a part is left blank has no sum."""
    columns = [column for parts in OVERNIGHT.values() for column in parts]
    for line, row in table(data, ("date", *columns), exact=False):
        for slug, parts in OVERNIGHT.items():
            if all(row[part] for part in parts):
                total = _sum(row[part] for part in parts)
                found.add(line, f"{DEALERS}.{slug}", row["date"], total, -3)


def _sum(plus: Iterable[str], minus: Iterable[str] = ()) -> str:
    """The sum of decimal numbers as text; the first that is none, for the collector to refuse."""
    total = Decimal(0)
    for sign, texts in ((1, plus), (-1, minus)):
        for text in texts:
            try:
                total += sign * Decimal(text)
            except InvalidOperation:
                return text
    return str(total)


def _distribution(found: Collector, data: bytes) -> None:
    for line, row in table(data, ("date", *DISTRIBUTION)):
        for key in DISTRIBUTION:
            if row[key]:
                found.add(line, SERIES[key], row["date"], row[key])


def _one(found: Collector, data: bytes) -> None:
    for key, line, period, value in dated_values(found.source, data, SERIES):
        found.add(line, SERIES[key], period, value)
