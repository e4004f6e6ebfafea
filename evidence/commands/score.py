"""`score`: verdicts as of a day."""

from typing import Annotated, Any

import typer

from evidence.commands import REPO, AsOf, Json, Narratives, Snapshot, chosen, day, desk, out

EXAMPLE = "score basis-trade-unwind --as-of 2025-05-02 --json"


def command(
    ids: Annotated[
        list[str] | None, typer.Argument(help="Narratives; without any, all live ones.")
    ] = None,
    as_of: AsOf = None,
    narratives: Narratives = REPO / "narratives",
    snapshot: Snapshot = None,
    as_json: Json = False,
) -> None:
    """Verdicts as of a day; without one, the day of the newest release in the snapshot."""
    from evidence import ENGINE_VERSION, wording
    from evidence.trace import dump

    when = day(as_of)
    engine, library = desk(narratives, snapshot)
    when = when or engine.store.newest_day
    verdicts = [engine.score(name, when).verdict for name in chosen(library, ids or [])]
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
        for v in verdicts:
            tags = [t for t, on in (("so far", v.so_far), ("by proxy", v.by_proxy)) if on]
            typer.echo(
                f"{v.id}: {wording.DIRECTIONS[v.direction].lower()}{', ' + ', '.join(tags) if tags else ''} "
                f"(confidence {wording.CONFIDENCES[v.confidence]})"
            )
            marks = {"consistent": "●", "inconsistent": "✕", "neutral": "○", "not_evaluable": "◌"}
            for t in v.tests:
                typer.echo(f"  {marks[t.outcome]} {t.id}: {t.seen}")
    raise typer.Exit(1 if any(p.severity == "error" for p in library.problems) else 0)


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
