"""`backfill`: a whole library's history, sensitivity and calibration, into a folder, by as many hands as there are."""

from pathlib import Path
from typing import Annotated, Any

import typer

from evidence.backfill.options import Cluster, Workers, hands
from evidence.commands import REPO, Json, Narratives, Snapshot, chosen, day, desk, out, wrong

EXAMPLE = "backfill -o _backfill --from 2018-01-01 --workers 2"


def command(
    output: Annotated[Path, typer.Option("-o", "--output", help="The folder; it is added to.")],
    ids: Annotated[
        list[str] | None, typer.Argument(help="Narratives; without any, all live ones.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--from", help="The first day; without it, where each story's memory begins."),
    ] = None,
    until: Annotated[
        str | None, typer.Option("--to", help="The last day; without it, the newest release.")
    ] = None,
    workers: Workers = None,
    cluster: Cluster = None,
    narratives: Narratives = REPO / "narratives",
    snapshot: Snapshot = None,
    as_json: Json = False,
) -> None:
    """Every story on every day since it was said, asked in every way, and every test on quiet dates, into a folder; what is there and whole is not made again."""
    from filelock import FileLock, Timeout

    from evidence.backfill.bar import bar
    from evidence.backfill.filling import Plan, fill, survey
    from evidence.backfill.folder import Folder
    from evidence.backfill.ground import Ground
    from evidence.backfill.histories import planned
    from evidence.calibration import trials
    from evidence.machine import cores
    from evidence.telling import counted

    first, last = day(since, "--from"), day(until, "--to")
    engine, library = desk(narratives, snapshot)
    names = chosen(library, ids or [])
    if first is not None and first > (last or engine.store.newest_day):
        wrong(f"--from: {first} comes after the last day, {last or engine.store.newest_day}")
    plan = Plan(
        stories={name: planned(engine, name, first, last) for name in names},
        trials=trials(
            [library.narratives[name] for name in names],
            engine.anchors,
            library.loud_days,
            engine.store,
        ),
    )
    folder = Folder(output, Ground.of(engine.store))
    output.mkdir(parents=True, exist_ok=True)
    lock = FileLock(output / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        typer.echo(f"another backfill is at work on {output}", err=True)
        raise typer.Exit(1) from None
    with lock, hands(workers if workers or cluster else cores(), cluster) as crew:
        found = survey(plan, folder)
        with bar("Blocks", len(found.missing)) as watch:
            filled = fill(plan, found, engine.store, folder, crew, watch)
    for block, fault in filled.faults.items():
        typer.echo(f"{block}: {fault}", err=True)
    if as_json:
        out(
            {
                "snapshot": engine.store.hash,
                "snapshot_n": engine.store.n,
                "stories": [
                    {
                        "id": name,
                        "from": plan.stories[name][0].first.isoformat(),
                        "to": plan.stories[name][-1].last.isoformat(),
                        "days": count,
                    }
                    for name, count in filled.days.items()
                ],
                "tests": len(filled.table.rows) if filled.table else None,
                "blocks": len(plan.blocks),
                "there_before": len(plan.blocks) - len(found.missing),
                "faults": [{"block": name, "why": why} for name, why in filled.faults.items()],
            }
        )
    else:
        days = sum(filled.days.values())
        typer.echo(
            f"{output}: {len(filled.days)} of {len(names)} stories, "
            f"{counted(days, 'day')}; {counted(len(plan.trials), 'test')} on quiet dates"
        )
    if filled.faults:
        raise typer.Exit(1)


def document() -> dict[str, Any]:
    """What `--json` prints."""
    from evidence.contract import COUNT, DAY, HASH, PLACE, TEXT, fields, rows

    return fields(
        snapshot=HASH,
        snapshot_n=PLACE,
        stories=rows(fields(id=TEXT, **{"from": DAY, "to": DAY}, days=COUNT)),
        tests={"anyOf": [COUNT, {"type": "null"}]},
        blocks=COUNT,
        there_before=COUNT,
        faults=rows(fields(block=TEXT, why=TEXT)),
    )
