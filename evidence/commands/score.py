"""`score`: verdicts as of a day."""

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
    from evidence import ENGINE_VERSION
    from evidence.trace import dump

    when = day(as_of)
    engine, library = desk(narratives, snapshot)
    when = when or engine.store.newest_day
    engine, wanted = asked(engine, library, ids or [])
    verdicts = [engine.score(name, when).verdict for name in wanted]
    if as_json:
        out(
            {
                "engine": ENGINE_VERSION,
                "snapshot": engine.store.hash,
                "as_of": when.isoformat(),
                "snapshot_n": engine.store.n,
                "verdicts": [dump(v) for v in verdicts],
            }
        )
    else:
        for verdict in verdicts:
            for line in lines(verdict):
                typer.echo(line)
    raise typer.Exit(1 if any(p.severity == "error" for p in library.problems) else 0)


def lines(verdict: Any) -> list[str]:
    """A verdict in a line, and each of its tests in one."""
    from evidence import wording

    tags = [t for t, on in (("so far", verdict.so_far), ("by proxy", verdict.by_proxy)) if on]
    direction = wording.DIRECTIONS[verdict.direction].lower()
    told = ", ".join([direction, *tags])
    head = f"{verdict.id}: {told} (confidence {wording.CONFIDENCES[verdict.confidence]})"
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
