"""Somebody's own file as a table: CSV, Excel or Parquet, each row with its number.

Told by the ending of the file's name. Cells keep the type that the file gives them; text is stripped.
What a file holds is not looked at here (evidence.imports).
"""

import csv
import io
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from evidence.problems import listed, nearest
from evidence.publishers import SourceFault, text_of

LIMIT = 64 * 2**20
"""The largest file that is read, in bytes."""
SEPARATORS = ("\t", ";", ",")
"""What may stand between the fields of a text; the first of them that its header has does."""

Cell = object
Row = tuple[int, tuple[Cell, ...]]


@dataclass(frozen=True)
class Table:
    """A header and what stands below it. Lines count from one; of a Parquet file the header is line 0."""

    line: int
    header: tuple[str, ...]
    rows: tuple[Row, ...]


def read(name: str, data: bytes, sheet: str = "", skip: int = 0) -> Table:
    """A file as a table. sheet: of an Excel file, else its first; skip: lines above the header.

    Raises SourceFault for a file that cannot be read as what its name says.
    """
    ending = PurePath(name).suffix.lower()
    reader = READERS.get(ending)
    if reader is None:
        raise SourceFault(0, f"`{ending}` is no ending that is read; those are {listed(READERS)}")
    if len(data) > LIMIT:
        raise SourceFault(0, f"the file is larger than {LIMIT // 2**20} MB")
    if not data.strip():
        raise SourceFault(0, "the file is empty")
    return _table(reader(data, sheet, skip))


def _table(found: Iterable[Row]) -> Table:
    """The first row that is not empty as header, the others that are not empty below it."""
    rows = [(line, row) for line, row in found if any(cell not in (None, "") for cell in row)]
    if not rows:
        raise SourceFault(0, "the file is empty")
    (line, header), *rest = rows
    names = ["" if cell is None else str(cell).strip() for cell in header]
    while names and not names[-1]:
        names.pop()
    return Table(line, tuple(names), tuple(rest))


def _text(data: bytes, sheet: str, skip: int) -> list[Row]:
    if sheet:
        raise SourceFault(0, f"a text has no sheet `{sheet}`")
    text = "\n".join(text_of(data).split("\n")[skip:])
    header = next((line for line in text.split("\n") if line.strip()), "")
    separator = next((sign for sign in SEPARATORS if sign in header), ",")
    reader = csv.reader(io.StringIO(text), delimiter=separator, skipinitialspace=True, strict=True)
    try:
        return [(reader.line_num + skip, tuple(cell.strip() for cell in row)) for row in reader]
    except csv.Error as fault:
        told = f"not readable as a table: {fault}"
        raise SourceFault(reader.line_num + skip, told) from None


def _excel(data: bytes, sheet: str, skip: int) -> list[Row]:
    import openpyxl  # type: ignore[import-untyped]  # noqa: PLC0415  (a fifth of a second that only an Excel file needs)

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions, which do not matter here
            book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    except Exception as fault:  # noqa: BLE001  (whatever a broken file does to its reader)
        raise _unreadable("an Excel file", fault) from None
    chosen = book[_sheet(sheet, [one.title for one in book.worksheets])]
    return _below(list(chosen.iter_rows(values_only=True)), skip)


def _old_excel(data: bytes, sheet: str, skip: int) -> list[Row]:
    import xlrd  # type: ignore[import-untyped]  # noqa: PLC0415

    try:
        book = xlrd.open_workbook(file_contents=data, logfile=io.StringIO())
        chosen = book.sheet_by_name(_sheet(sheet, book.sheet_names()))
        rows = [
            [_old_cell(cell, book.datemode) for cell in chosen.row(at)]
            for at in range(chosen.nrows)
        ]
    except SourceFault:
        raise
    except Exception as fault:  # noqa: BLE001
        raise _unreadable("an old Excel file", fault) from None
    return _below(rows, skip)


def _old_cell(cell: object, datemode: int) -> Cell:
    import xlrd  # noqa: PLC0415

    kind, value = cell.ctype, cell.value  # type: ignore[attr-defined]
    if kind == xlrd.XL_CELL_DATE:
        return xlrd.xldate_as_datetime(value, datemode)
    if kind == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(value, "#?")
    return bool(value) if kind == xlrd.XL_CELL_BOOLEAN else value


def _parquet(data: bytes, sheet: str, skip: int) -> list[Row]:
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    if sheet or skip:
        raise SourceFault(0, "a Parquet file has neither sheets nor lines above its header")
    try:
        found = pq.read_table(pa.BufferReader(data))
        columns = [column.to_pylist() for column in found.columns]
    except Exception as fault:  # noqa: BLE001
        raise _unreadable("a Parquet file", fault) from None
    return [(0, tuple(found.column_names)), *enumerate(zip(*columns, strict=True), 1)]


def _sheet(wanted: str, names: Sequence[str]) -> str:
    """The sheet that is wanted, else the first."""
    if not names:
        raise SourceFault(0, "the workbook has no sheet with cells")
    if wanted and wanted not in names:
        near = nearest(wanted, names)
        meant = f" (did you mean {near}?)" if near else f"; it has {listed(names)}"
        raise SourceFault(0, f"the workbook has no sheet `{wanted}`{meant}")
    return wanted or names[0]


def _below(rows: Sequence[Sequence[Cell]], skip: int) -> list[Row]:
    """Numbered rows of cells from `skip` on, all as wide as the header."""
    numbered = list(enumerate(rows, 1))[skip:]
    stripped = [
        (line, tuple(cell.strip() if isinstance(cell, str) else cell for cell in row))
        for line, row in numbered
    ]
    full = (row for _, row in stripped if any(cell not in (None, "") for cell in row))
    width = len(_trimmed(next(full, ())))
    return [(line, _fitted(row, width)) for line, row in stripped]


def _trimmed(row: tuple[Cell, ...]) -> tuple[Cell, ...]:
    while row and row[-1] in (None, ""):
        row = row[:-1]
    return row


def _fitted(row: tuple[Cell, ...], width: int) -> tuple[Cell, ...]:
    """A sheet is as wide as its widest row: what is empty past the header is no cell of the table."""
    row = _trimmed(row)
    return row + (None,) * (width - len(row))


def _unreadable(what: str, fault: Exception) -> SourceFault:
    told = " ".join(str(fault).split())[:160] or type(fault).__name__
    return SourceFault(0, f"it cannot be read as {what}: {told}")


READERS: dict[str, Callable[[bytes, str, int], list[Row]]] = {
    ".csv": _text,
    ".tsv": _text,
    ".txt": _text,
    ".xlsx": _excel,
    ".xlsm": _excel,
    ".xls": _old_excel,
    ".parquet": _parquet,
}
