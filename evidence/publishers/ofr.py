"""Office of Financial Research: stress index, repo (Short-term Funding Monitor), FICC sponsored volumes.

Docs: https://www.financialresearch.gov/financial-stress-index/ (`data/fsi.csv`, the whole history),
https://www.financialresearch.gov/short-term-funding-monitor/api/ and
https://www.financialresearch.gov/hedge-fund-monitor/api/ (`series/multifull`: for each mnemonic its
values from the first day on as [day, value or null], and its metadata; asked once a day at most). Another of
their series needs no more than its entry in the catalogue, with `source: {read: ofr, id: …}`, its `shift`, and
`monitor: hf` where it is the Hedge Fund Monitor's.

The index is not re-estimated day by day: a value that was published stands. Working paper 23-07 says
that new variables leave the past of the index as it is, and copies of May 2018, November 2020, May
2023, November 2024, July and September 2025 agree on every day and column but for one recalculation:
in that of May 2023 the days from 3 January 2022 on have other values, by up to 1.5 points, as they had
until the variables that rest on LIBOR were replaced in June 2023. So a revision is rare, and kept as one.
"""

from collections.abc import Mapping
from functools import partial

from evidence.json_records import Record, document, items, record, written
from evidence.live_files import whole
from evidence.publishers import (
    Collector,
    Feed,
    Parsed,
    SourceFault,
    dated_values,
    declared,
    gather,
    table,
)

STRESS = {
    "OFRFSI": "ofr.fsi",
    "OFRFSI_CREDIT": "ofr.fsi.credit",
    "OFRFSI_EQUITY_VALUATION": "ofr.fsi.equity_valuation",
    "OFRFSI_SAFE_ASSETS": "ofr.fsi.safe_assets",
    "OFRFSI_FUNDING": "ofr.fsi.funding",
    "OFRFSI_VOLATILITY": "ofr.fsi.volatility",
    "OFRFSI_UNITED_STATES": "ofr.fsi.united_states",
    "OFRFSI_OTHER_ADVANCED": "ofr.fsi.other_advanced",
    "OFRFSI_EMERGING": "ofr.fsi.emerging",
}
REPO = {
    "REPO-DVP_AR_OO-P": ("ofr.repo.dvp_rate", 0),
    "REPO-GCF_AR_AG-P": ("ofr.repo.gcf_rate", 0),
    "REPO-TRI_AR_OO-P": ("ofr.repo.triparty_rate", 0),
    "REPO-DVP_TV_TOT-P": ("ofr.repo.dvp_volume", -9),
    "REPO-GCF_TV_TOT-P": ("ofr.repo.gcf_volume", -9),
    "REPO-TRI_TV_TOT-P": ("ofr.repo.triparty_volume", -9),
}
SPONSORED = {
    "FICC-SPONSORED_REPO_VOL": ("ofr.sponsored.repo", -9),
    "FICC-SPONSORED_REVREPO_VOL": ("ofr.sponsored.reverse_repo", -9),
}
"""The publisher's mnemonic: our id, and how its decimal point moves (dollars to billions)."""

SOURCES = (
    *(f"fred/{key}.csv" for key in STRESS),
    "funding/ofr_stfm_repo.csv",
    "funding/ficc_sponsored_ofr_hfm.csv",
)

INDEX = "ofr/fsi.csv"
INDEX_URL = "https://www.financialresearch.gov/financial-stress-index/data/fsi.csv"
INDEX_COLUMNS = {
    "OFR FSI": "ofr.fsi",
    "Credit": "ofr.fsi.credit",
    "Equity valuation": "ofr.fsi.equity_valuation",
    "Safe assets": "ofr.fsi.safe_assets",
    "Funding": "ofr.fsi.funding",
    "Volatility": "ofr.fsi.volatility",
    "United States": "ofr.fsi.united_states",
    "Other advanced economies": "ofr.fsi.other_advanced",
    "Emerging markets": "ofr.fsi.emerging",
}
FUNDING = "https://data.financialresearch.gov/v1"
HEDGE_FUNDS = "https://data.financialresearch.gov/hf/v1"
MONITORS = {
    "ofr/repo.json": (FUNDING, REPO),
    "ofr/sponsored.json": (HEDGE_FUNDS, SPONSORED),
}
"""The two monitors' files: where they are asked, and their columns."""


def monitors() -> Mapping[str, tuple[str, Mapping[str, tuple[str, int]]]]:
    """All files of the monitors: ours, and one for each series that the catalogue names."""
    more = {
        f"ofr/live/{entry.source['id']}.json": (
            HEDGE_FUNDS if entry.source.get("monitor") == "hf" else FUNDING,
            {entry.source["id"]: (entry.id, int(entry.source.get("shift", "0")))},
        )
        for entry in declared("ofr")
    }
    return {**MONITORS, **more}


def feeds(keys: Mapping[str, str]) -> tuple[Feed, ...]:
    """The stress index, and the series of the two monitors, each monitor's in one answer. No key needed."""
    del keys
    return (
        Feed(INDEX, INDEX_URL, tuple(INDEX_COLUMNS.values())),
        *(
            Feed(
                name,
                f"{base}/series/multifull?mnemonics={','.join(columns)}",
                tuple(series for series, _ in columns.values()),
            )
            for name, (base, columns) in monitors().items()
        ),
    )


def parse(name: str, data: bytes) -> Parsed:
    """The stress index (`date,value`, or as published), a table of mnemonics by day, or a monitor's answer.

    An empty cell, or a null, is a day without a value.
    """
    if name == INDEX:
        return gather(name, data, _index)
    if name in monitors():
        return gather(name, data, partial(_monitor, *monitors()[name]))
    if name.endswith("ofr_stfm_repo.csv"):
        return gather(name, data, partial(_table, REPO))
    if name.endswith("ficc_sponsored_ofr_hfm.csv"):
        return gather(name, data, partial(_table, SPONSORED))
    return gather(name, data, _stress)


def _index(found: Collector, data: bytes) -> None:
    for line, row in table(whole(data), ("Date", *INDEX_COLUMNS), exact=False):
        for column, series in INDEX_COLUMNS.items():
            if row[column]:
                found.add(line, series, row["Date"], row[column])


def _monitor(
    base: str, columns: Mapping[str, tuple[str, int]], found: Collector, data: bytes
) -> None:
    """The series of an answer. One that is missing or measured otherwise is dropped; the others go on."""
    answer = document(data)
    for mnemonic, (series, shift) in columns.items():
        try:
            entry = record(answer.get(mnemonic), "its entry")
            if base == FUNDING:  # the other monitor's unit is not known from a copy
                _measured(entry, "USD" if shift else "Percent")
            pairs = items(entry, "timeseries", "aggregation")
        except SourceFault as fault:
            found.fault(fault.line, f"{mnemonic}: {fault.message}", [series])
            continue
        for at, pair in enumerate(pairs):
            if not isinstance(pair, list) or len(pair) != 2:
                wrong = f"{mnemonic}: timeseries.aggregation[{at}]: [day, value] is expected"
                found.fault(at + 1, wrong, [series])
            elif value := written(pair[1]):
                found.add(at + 1, series, str(pair[0]), value, shift)


def _measured(entry: Record, name: str) -> None:
    """Raises SourceFault where a series is not in whole dollars, or not in percent."""
    unit = record(record(entry.get("metadata"), "metadata").get("unit"), "metadata.unit")
    for key, right in (("name", name), ("magnitude", 0)):
        if unit.get(key) != right:
            wrong = f"metadata.unit.{key}: `{right}` is expected, not `{unit.get(key)}`"
            raise SourceFault(0, wrong)


def _table(columns: Mapping[str, tuple[str, int]], found: Collector, data: bytes) -> None:
    for line, row in table(data, ("date", *columns)):
        for key, (series, shift) in columns.items():
            if row[key]:
                found.add(line, series, row["date"], row[key], shift)


def _stress(found: Collector, data: bytes) -> None:
    for key, line, period, value in dated_values(found.source, data, STRESS):
        found.add(line, STRESS[key], period, value)
