"""TIC: positions, net purchases and changes of value (Form SLT), by holder and kind of security, by month.

Files of one form: titles with the unit among them, a line of names (`country, country_code, date, …`),
each holder's months with the newest first, notes. In millions of dollars, billions here; `n.a.` is a
cell without a value. What they bring is one vintage throughout and left to the release rule.
"""

import re
from collections.abc import Collection, Mapping, Sequence

from evidence.publishers import (
    Collector,
    SourceFault,
    period_ended,
    released,
    table,
    text_of,
)

PRESS_TABLES_END = "2025-11"
"""The last month whose figures we hold from the press releases; SLT figures to here are revisions."""

HOLDERS = {
    "Of Which: Foreign Official": "official",
    "Of Which: Foreign Non-Official": "private",
}
TOTAL = "Grand Total"
PLACES = {
    "China, Mainland": "china",
    "Japan": "japan",
    "United Kingdom": "united_kingdom",
    "Cayman Islands": "cayman",
    "Canada": "canada",
    "Memo: Euro Area": "euro_area",
}
"""Places of which positions and net purchases of Treasuries and equities are kept."""
LABELS = {**HOLDERS, TOTAL: "total", **PLACES}
ASSETS = {
    "treas": "treasuries",
    "eqty": "equities",
    "agcy": "agencies",
    "corp": "corporates",
    "total": "long_term",
}
MEASURES = {"pos": "position", "net": "net_purchases", "valchg": "valuation"}
BEGINS = "2020-01"
"""The table's first month. It stands for the end of 2019 where the year's end is wanted."""
NET = {
    "for_lt_treas_net": "bonds_notes",
    "for_lt_agcy_net": "agencies",
    "for_lt_corp_net": "corporates",
    "for_lt_eqty_net": "equities",
}
YEAR_END = "tic.slt.total.equities.year_end"
ABROAD = {
    "govt_bond": "government_bonds",
    "corp_bond": "corporate_bonds",
    "eqty": "equities",
    "total": "long_term",
}
"""What Americans hold abroad (table 2)."""
ABROAD_MEASURES = {"pos": "position", "net": "net_purchases"}
SURVEYS = {
    "TIC SHC(A): US holdings of foreign equity, all countries": "tic.survey.us_held_foreign_equities",
    "TIC SHL(A): foreign holdings of US equity, all countries": "tic.survey.foreign_held_us_equities",
}

UNIT = "Millions of dollars"
_MISSING = "n.a."
_WRONG = 2
"""Millions by which parts that are rounded may miss their sum."""

Sum = tuple[str, tuple[str, ...]]
Row = tuple[int, str, Mapping[str, str]]
"""A line's number, its holder, its cells by name."""
_SUMS1 = tuple(
    (f"for_lt_total_{m}", tuple(f"for_lt_{a}_{m}" for a in ASSETS if a != "total"))
    for m in MEASURES
)
_SUMS2 = tuple(
    (f"us_lt_total_{m}", tuple(f"us_lt_{a}_{m}" for a in ABROAD if a != "total"))
    for m in ABROAD_MEASURES
)
_SUMS3 = (("for_treas_pos", ("for_lt_treas_pos", "for_st_treas_pos")),)


def _wanted(label: str, asset: str, measure: str) -> bool:
    """Whether table 1's cell is kept: of places only Treasuries and equities, and not what prices did."""
    return label not in PLACES or (asset in ("treas", "eqty") and measure != "valchg")


TABLE1_SERIES = (
    *(
        f"tic.slt.{who}.{ASSETS[asset]}.{MEASURES[measure]}"
        for label, who in LABELS.items()
        for asset in ASSETS
        for measure in MEASURES
        if _wanted(label, asset, measure)
    ),
    *(f"tic.net.{who}_{slug}" for who in HOLDERS.values() for slug in NET.values()),
    YEAR_END,
)
TABLE2_SERIES = tuple(
    f"tic.abroad.{security}.{measure}"
    for security in ABROAD.values()
    for measure in ABROAD_MEASURES.values()
)
TABLE3_SERIES = tuple(f"tic.slt.{who}.bills.position" for who in LABELS.values())


def read_table1(found: Collector, data: bytes, *, live: bool = False) -> None:
    """`slt_table1.txt`: US long-term securities that foreigners hold.

    Net US sales to foreigners (+: they bought) are later vintages of the press table's lines 5 to 8
    and 10 to 13; months that no press table of ours has are left to the release rule.
    """
    columns = [f"for_lt_{asset}_{measure}" for asset in ASSETS for measure in MEASURES]
    rows = _rows(data, columns, LABELS)
    if live:
        _complete(rows, LABELS, _SUMS1)
    known = released("tic", max(value["date"] for _, _, value in rows))
    for line, label, value in rows:
        _row(found, line, label, value)
        for column, slug in NET.items():
            if label in HOLDERS and value[column] != _MISSING:
                at = known if value["date"] <= PRESS_TABLES_END else ""
                series = f"tic.net.{HOLDERS[label]}_{slug}"
                found.add(line, series, value["date"], value[column], -3, at)


def _row(found: Collector, line: int, label: str, value: Mapping[str, str]) -> None:
    """One holder's or place's month: position, net purchases and change of value by kind of security."""
    for asset, security in ASSETS.items():
        for measure, slug in MEASURES.items():
            text = value[f"for_lt_{asset}_{measure}"]
            if _wanted(label, asset, measure) and text != _MISSING:
                series = f"tic.slt.{LABELS[label]}.{security}.{slug}"
                found.add(line, series, value["date"], text, -3)
    if label == TOTAL and (value["date"] == BEGINS or value["date"].endswith("-12")):
        period = "2019-12" if value["date"] == BEGINS else value["date"]
        at = "" if period == value["date"] else released("tic", value["date"])
        found.add(line, YEAR_END, period, value["for_lt_eqty_pos"], -3, at)


def read_table2(found: Collector, data: bytes) -> None:
    """`slt_table2.txt`: foreign long-term securities that Americans hold, all countries (+: they bought)."""
    columns = [f"us_lt_{asset}_{measure}" for asset in ABROAD for measure in ABROAD_MEASURES]
    rows = _rows(data, columns, (TOTAL,))
    _complete(rows, (TOTAL,), _SUMS2)
    for line, _, value in rows:
        for asset, security in ABROAD.items():
            for measure, slug in ABROAD_MEASURES.items():
                text = value[f"us_lt_{asset}_{measure}"]
                if text != _MISSING:
                    found.add(line, f"tic.abroad.{security}.{slug}", value["date"], text, -3)


def read_table3(found: Collector, data: bytes) -> None:
    """`slt_table3.txt`: US Treasuries that foreigners hold. Bills are read; the rest is table 1's."""
    rows = _rows(data, [name for total, parts in _SUMS3 for name in (total, *parts)], LABELS)
    _complete(rows, LABELS, _SUMS3)
    for line, label, value in rows:
        if value["for_st_treas_pos"] != _MISSING:
            series = f"tic.slt.{LABELS[label]}.bills.position"
            found.add(line, series, value["date"], value["for_st_treas_pos"], -3)


def _rows(data: bytes, columns: Sequence[str], labels: Collection[str]) -> list[Row]:
    """The rows of the wanted holders. Raises SourceFault where the file has another form."""
    lines = text_of(data).splitlines()
    head = next(
        (i for i, text in enumerate(lines) if text.startswith("country\tcountry_code\tdate\t")),
        None,
    )
    if head is None:
        raise SourceFault(
            0, f"the line of names `country, country_code, date, {columns[0]} …` is not found"
        )
    if not any(text.startswith(UNIT) for text in lines[:head]):
        raise SourceFault(head + 1, f"`{UNIT}` is expected above this line: another unit?")
    names = [cell.strip() for cell in lines[head].split("\t")]
    missing = [name for name in columns if name not in names]
    if missing:
        raise SourceFault(head + 1, f"the columns {', '.join(missing)} are missing")
    rows: list[Row] = []
    for line, text in enumerate(lines[head + 1 :], head + 2):
        row = [cell.strip() for cell in text.split("\t")]
        if row[0] not in labels:
            continue
        if len(row) != len(names):
            raise SourceFault(
                line, f"{len(names)} fields expected, {len(row)} found: a cut or changed line?"
            )
        rows.append((line, row[0], dict(zip(names, row, strict=True))))
    if not rows:
        raise SourceFault(0, f"no line of {' or of '.join(labels)} is found")
    return rows


def _complete(rows: Sequence[Row], labels: Collection[str], sums: Collection[Sum]) -> None:
    """Raises SourceFault where a holder lacks the newest month, or where parts do not make their sum."""
    newest = max(value["date"] for _, _, value in rows)
    there = {label for _, label, value in rows if value["date"] == newest}
    lacking = [label for label in labels if label not in there]
    if lacking:
        raise SourceFault(0, f"{', '.join(lacking)}: no line of {newest}: is the file cut off?")
    for line, _, value in rows:
        for total, parts in sums:
            whole, *rest = (_millions(value[name]) for name in (total, *parts))
            made = [part for part in rest if part is not None]
            if whole is None or len(made) < len(parts):
                continue
            if abs(whole - sum(made)) > _WRONG:
                wrong = f"{total} is {whole}, but {' + '.join(parts)} is {sum(made)}"
                raise SourceFault(line, wrong)


def _millions(text: str) -> int | None:
    """A cell as a number; None for one without a value, and for one that is none (its reader says so)."""
    return int(text) if re.fullmatch(r"-?\d{1,12}", text) else None


def read_surveys(found: Collector, data: bytes) -> None:
    """The yearly surveys' totals: what Americans hold abroad (December), foreigners here (June)."""
    for line, row in table(data, ("date", "series", "value", "units", "status")):
        if row["series"] in SURVEYS:
            if row["units"] != "USD million":
                raise SourceFault(line, f"`{row['units']}` is not USD million")
            period = period_ended(line, row["date"], 6)
            found.add(line, SURVEYS[row["series"]], period, row["value"], -3)
