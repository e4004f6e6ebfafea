"""The days on which publishers rest, kept as data: federal holidays, and further closures of the New York Stock Exchange.

`closures.csv` has a line for each, from FIRST_YEAR to LAST_YEAR, as the library `holidays` gives them (rules and one-off
closures; a test holds the file against it). Working them out costs a third of a second, each time anything starts.
`python -m evidence.closures` writes the file anew, where that library is installed.
"""

from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

FILE = Path(__file__).with_name("closures.csv")
HEADER = "day,who"
FIRST_YEAR, LAST_YEAR = 1960, 2035


@cache
def _rows() -> tuple[tuple[str, str], ...]:
    head, *lines = FILE.read_text("utf-8").splitlines()
    assert head == HEADER
    return tuple((line[:10], line[11:]) for line in lines)


def closed(*who: str) -> npt.NDArray[np.datetime64]:
    """The days on which any of them rests (`federal`, `exchange`), in order, each once."""
    return np.array([day for day, rests in _rows() if rests in who], dtype="datetime64[D]")


def made() -> str:
    """What the file has to hold, by the library."""
    import holidays  # noqa: PLC0415 - not installed where the app runs

    years = range(FIRST_YEAR, LAST_YEAR + 1)
    federal = set(holidays.country_holidays("US", years=years))
    exchange = set(holidays.financial_holidays("NYSE", years=years)) - federal
    rows = sorted([(d, "federal") for d in federal] + [(d, "exchange") for d in exchange])
    return "\n".join([HEADER, *(f"{day.isoformat()},{who}" for day, who in rows)]) + "\n"


if __name__ == "__main__":
    FILE.write_text(made(), "utf-8", newline="\n")
