"""`calibrate`: false-alarm rates and power on quiet dates."""

from typing import Annotated, Any

import typer

from evidence.commands import REPO, Json, Narratives, Snapshot, chosen, desk, out

EXAMPLE = "calibrate private-outflows-began-before"


def command(
    ids: Annotated[
        list[str] | None, typer.Argument(help="Narratives; without any, all live ones.")
    ] = None,
    narratives: Narratives = REPO / "narratives",
    snapshot: Snapshot = None,
    as_json: Json = False,
) -> None:
    """Fires each test on quiet dates chosen by rule: its false alarms, and the effects that it sees."""
    from evidence import ENGINE_VERSION, wording
    from evidence.calibration import RULE, Table, overall, run

    engine, library = desk(narratives, snapshot)
    wanted = [library.narratives[name] for name in chosen(library, ids or [])]
    avoid = [
        *(mark.on for event in library.events.values() for mark in event.marks),
        *engine.anchors.values(),
        *(control.date for control in library.controls.values()),
    ]
    rows = []
    for row in run(wanted, engine.anchors, avoid, engine.store):
        typer.echo(wording.calibrated(row), err=as_json)
        rows.append(row)
    table = Table(engine=ENGINE_VERSION, rule=RULE, rows=tuple(rows), overall=overall(rows))
    if as_json:
        out(table.model_dump(mode="json"))
    elif table.overall is not None:
        typer.echo(wording.calibrated_together(table.overall))


def document() -> dict[str, Any]:
    """What `--json` prints."""
    from evidence.calibration import Table
    from evidence.contract import definitions

    models = definitions(Table)
    return {**models.pop("Table"), "$defs": models}
