"""`calibrate`: false-alarm rates and power on quiet dates."""

from typing import Annotated, Any

import typer

from evidence.backfill.options import Cluster, Workers, hands
from evidence.commands import REPO, Json, Narratives, Snapshot, chosen, desk, out

EXAMPLE = "calibrate private-outflows-began-before"


def command(
    ids: Annotated[
        list[str] | None, typer.Argument(help="Narratives; without any, all live ones.")
    ] = None,
    workers: Workers = None,
    cluster: Cluster = None,
    narratives: Narratives = REPO / "narratives",
    snapshot: Snapshot = None,
    as_json: Json = False,
) -> None:
    """Fires each test on quiet dates chosen by rule: its false alarms, and the effects that it sees."""
    from evidence import ENGINE_VERSION, wording
    from evidence.backfill.running import run
    from evidence.calibration import RULE, Table, overall, trials

    engine, library = desk(narratives, snapshot)
    wanted = [library.narratives[name] for name in chosen(library, ids or [])]
    every = trials(wanted, engine.anchors, library.loud_days, engine.store)
    rows = []
    with hands(workers, cluster) as crew:
        # each row is told when it and all before it are known: there is no need for a bar
        for result in run(every, engine.store, crew):
            rows.append(result.get())
            typer.echo(wording.calibrated(rows[-1]), err=as_json)
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
