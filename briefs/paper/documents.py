"""A brief as data: the contract's JSON, and the observations behind it as a tidy table."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from briefs.desk import Desk
from briefs.paper.model import Brief
from evidence import ENGINE_VERSION, calendar
from evidence.narrative import Narrative
from evidence.observations import View
from evidence.trace import Verdict, dump

COLUMNS = ("series", "title", "period", "value", "unit", "known_at")
LAYOUT = ("svg", "spare")
"""Fields of a brief that say how it is printed: the JSON does without."""


def document(desk: Desk, brief: Brief, verdicts: Sequence[Verdict], day: date) -> str:
    """The JSON: the verdicts as `score --json` has them, and the brief's own words."""
    found = {
        "engine": ENGINE_VERSION,
        "snapshot": desk.store.hash,
        "as_of": day.isoformat(),
        "snapshot_n": desk.store.n,
        "brief": _without_layout(brief.model_dump(mode="json")),
        "verdicts": [dump(verdict) for verdict in verdicts],
    }
    return json.dumps(found, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _without_layout(node: Any) -> Any:
    if isinstance(node, dict):
        return {name: _without_layout(value) for name, value in node.items() if name not in LAYOUT}
    return [_without_layout(value) for value in node] if isinstance(node, list) else node


def table(view: View, stories: Iterable[Narrative]) -> str:
    """The newest value of each period of every open series that the stories' tests read, as CSV.

    period: its last day. known_at: when that value was first public (UTC). Licensed and printed figures, and
    whatever somebody brought, are not in it.
    """
    text = io.StringIO(newline="")
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    for name in sorted({name for story in stories for test in story.tests for name in test.reads}):
        if _open(view, name):
            entry, series = view.catalogue.series[name], view.series(name)
            last = [*(series.first[1:] - 1), len(series.owner) - 1]
            for period, version in zip(series.periods.astype(str), last, strict=True):
                value, known = float(series.values[version]), int(series.known[version])
                rows.writerow(
                    (name, entry.title, period, f"{value:.10g}", entry.unit, calendar.iso(known))
                )
    return text.getvalue()


def _open(view: View, name: str) -> bool:
    """Whether a series is held, and it and all that it is made of may be passed on."""
    files = (name, *view.catalogue.files(name))
    free = all(
        view.catalogue.series[f].licence == "open" and f not in view.store.brought for f in files
    )
    return free and view.held(name) and len(view.series(name)) > 0
