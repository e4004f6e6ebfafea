"""Office of Financial Research: stress index, repo (Short-term Funding Monitor), FICC sponsored volumes.

Docs: https://www.financialresearch.gov/financial-stress-index/, https://data.financialresearch.gov/v1/
and https://data.financialresearch.gov/hf/v1/.
"""

from collections.abc import Mapping

from evidence.publishers import Collector, Parsed, dated_values, gather, table

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


def parse(name: str, data: bytes) -> Parsed:
    """The stress index (`date,value`), or a table of mnemonics by day (an empty cell: no value)."""
    if name.endswith("ofr_stfm_repo.csv"):
        return gather(name, data, lambda found, data: _table(found, data, REPO))
    if name.endswith("ficc_sponsored_ofr_hfm.csv"):
        return gather(name, data, lambda found, data: _table(found, data, SPONSORED))
    return gather(name, data, _stress)


def _table(found: Collector, data: bytes, columns: Mapping[str, tuple[str, int]]) -> None:
    for line, row in table(data, ("date", *columns)):
        for key, (series, shift) in columns.items():
            if row[key]:
                found.add(line, series, row["date"], row[key], shift)


def _stress(found: Collector, data: bytes) -> None:
    for key, line, period, value in dated_values(found.source, data, STRESS):
        found.add(line, STRESS[key], period, value)
