"""`history`: the verdict on each day on which something it uses was published."""

from typing import Annotated, Any

import typer

from evidence.backfill.options import Cluster, Workers, hands
from evidence.commands import REPO, Json, Narratives, Snapshot, chosen, day, desk, out, wrong

EXAMPLE = "history foreign-private-protest --to 2025-07-31"


def command(
    narrative: Annotated[str, typer.Argument(help="A narrative's id.")],
    since: Annotated[
        str | None,
        typer.Option(
            "--from", help="The first day; without it, the event or the first time it was said."
        ),
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
    """The verdict on each day on which something it uses was published, and what turned it."""
    from evidence import ENGINE_VERSION
    from evidence.backfill.bar import bar
    from evidence.backfill.histories import histories, planned
    from evidence.days import day as in_words
    from evidence.telling import counted
    from evidence.wording import condition

    first, last = day(since, "--from"), day(until, "--to")
    engine, library = desk(narratives, snapshot)
    [name] = chosen(library, [narrative])
    newest = last or engine.store.newest_day
    if first is not None and first > newest:
        wrong(f"--from: {first} comes after --to, {newest}")
    blocks = planned(engine, name, first, last)
    with hands(workers, cluster) as crew, bar("Years", len(blocks)) as watch:
        [told] = histories(engine, [blocks], crew, watch)
    found = told.history
    if as_json:
        body = found.model_dump(mode="json")
        out(
            {
                "engine": ENGINE_VERSION,
                "snapshot": engine.store.hash,
                "snapshot_n": engine.store.n,
                "id": found.id,
                "title": found.title,
                "from": body["first"],
                "to": body["last"],
                "days": body["days"],
                "turns": body["turns"],
            }
        )
        return
    typer.echo(
        f"{found.id}: {counted(len(found.days), 'day')}, {counted(len(found.turns), 'turn')}"
    )
    typer.echo(f"{in_words(found.first)}: {found.days[0].words}")
    for turn in found.turns:
        typer.echo(turn.sentence)
        for moved in turn.tests:
            typer.echo(f"  {moved.words}")
        for met in turn.conditions:
            typer.echo(f"  {condition(met)}")


def document() -> dict[str, Any]:
    """What `--json` prints."""
    from evidence.contract import DAY, HASH, PLACE, TEXT, definitions, fields, item, rows
    from evidence.history import HistoryDay, Turn

    models = definitions(HistoryDay, Turn)
    models["HistoryDay"]["properties"]["identity"] = HASH
    body = fields(
        engine=TEXT,
        snapshot=HASH,
        snapshot_n=PLACE,
        id=TEXT,
        title=TEXT,
        **{"from": DAY, "to": DAY},
        days=rows(item(HistoryDay)),
        turns=rows(item(Turn)),
    )
    return {**body, "$defs": models}
