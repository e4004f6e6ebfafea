"""What was measured on, as far as it matters and no further, and the file in which results are kept."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.table import ANY, Row

RESULTS = Path(__file__).with_name("results.json")


def told() -> dict[str, object]:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "cores": cores,
        "memory_gb": round(memory),
        "system": platform.system(),
        "python": platform.python_version(),
    }


def words() -> str:
    found = told()
    return f"{found['cores']} cores, {found['memory_gb']} GB, {found['system']}, Python {found['python']}, {datetime.now(UTC):%d %B %Y}"


def write(rows: Iterable[Row]) -> None:
    """Keeps the rows, each in place of the one of the same work."""
    held = json.loads(RESULTS.read_text(encoding="utf-8"))["rows"] if RESULTS.exists() else []
    now = {"on": f"{datetime.now(UTC):%Y-%m-%d}", **told()}
    new = {
        row.work: {**asdict(row), "ratio": row.ratio, "verdict": row.verdict, "measured": now}
        for row in rows
    }
    for one in new.values():
        one["least"] = None if one["least"] == ANY else one["least"]
    kept = [new.pop(one["work"], one) for one in held]
    text = json.dumps({"rows": [*kept, *new.values()]}, indent=1, ensure_ascii=False, default=str)
    RESULTS.write_text(text + "\n", encoding="utf-8")
