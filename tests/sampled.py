"""Many cases of one kind: some in each run, all of them among the long tests."""

from collections.abc import Iterable
from typing import Any

import pytest


def one_in(count: int, cases: Iterable[Any], begin: int = 0) -> list[Any]:
    """The cases as parameters, of which every `count`-th (from the one at `begin` on) is in each run."""
    return [
        pytest.param(
            *(case if isinstance(case, tuple) else (case,)),
            marks=() if number % count == begin else pytest.mark.long,
        )
        for number, case in enumerate(cases)
    ]
