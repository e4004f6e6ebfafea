"""`score`: verdicts as of a day."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

import typer

from evidence.commands import REPO, AsOf, Json, Narratives, Snapshot, asked, day, desk, out

EXAMPLE = "score basis-trade-unwind --as-of 2025-05-02 --json"


def command(
    ids: Annotated[
        list[str] | None,
        typer.Argument(help="Narratives, or files of drafts; without any, all live narratives."),
    ] = None,
    as_of: AsOf = None,
    narratives: Narratives = REPO / "narratives",
    snapshot: Snapshot = None,
    as_json: Json = False,
) -> None:
    """Verdicts as of a day; without one, the day of the newest release in the snapshot."""
    when = day(as_of)
    engine, library = desk(narratives, snapshot)
    when = when or engine.store.newest_day
    engine, wanted = asked(engine, library, ids or [])
    if as_json:
        out(told(engine, wanted, when))
    else:
        for name in wanted:
            for line in lines(engine.score(name, when).verdict):
                typer.echo(line)
    raise typer.Exit(1 if any(p.severity == "error" for p in library.problems) else 0)


def told(engine: Any, wanted: Sequence[str], when: date) -> dict[str, Any]:
    """The document: what `--json` prints, and what a hosted copy serves."""
    from evidence import ENGINE_VERSION
    from evidence.trace import dump

    return {
        "engine": ENGINE_VERSION,
        "snapshot": engine.store.hash,
        "as_of": when.isoformat(),
        "snapshot_n": engine.store.n,
        "verdicts": [dump(engine.score(name, when).verdict) for name in wanted],
    }


def lines(verdict: Any) -> list[str]:
    """A verdict in a line, and each of its tests in one."""
    from evidence import wording

    tags = [t for t, on in (("so far", verdict.so_far), ("by proxy", verdict.by_proxy)) if on]
    direction = wording.DIRECTIONS[verdict.direction].lower()
    all_told = ", ".join([direction, *tags])
    head = f"{verdict.id}: {all_told} (confidence {wording.CONFIDENCES[verdict.confidence]})"
    marks = {"consistent": "●", "inconsistent": "✕", "neutral": "○", "not_evaluable": "◌"}
    return [head, *(f"  {marks[t.outcome]} {t.id}: {t.seen}" for t in verdict.tests)]


def document() -> dict[str, Any]:
    """What `--json` prints."""
    from evidence.contract import DAY, HASH, PLACE, TEXT, definitions, fields, item, rows
    from evidence.trace import Verdict

    models = definitions(Verdict)
    models["Verdict"]["properties"]["identity"] = HASH
    body = fields(
        engine=TEXT, snapshot=HASH, as_of=DAY, snapshot_n=PLACE, verdicts=rows(item(Verdict))
    )
    return {**body, "$defs": models}
