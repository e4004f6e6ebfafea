"""`register`: keeps the verdicts that frozen links may have to show again."""

from typing import Annotated, Any

import typer

from evidence.backfill.options import Cluster, Workers, hands
from evidence.commands import REPO, Json, Narratives, Snapshot, chosen, desk, out

EXAMPLE = "register foreign-private-protest --check"


def command(
    ids: Annotated[
        list[str] | None, typer.Argument(help="Narratives; without any, all live ones.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Writes nothing; exit status 1 if a verdict is missing.")
    ] = False,
    workers: Workers = None,
    cluster: Cluster = None,
    narratives: Narratives = REPO / "narratives",
    snapshot: Snapshot = None,
    as_json: Json = False,
) -> None:
    """Appends the verdicts that are not in the register yet: of every day of a story's memory, on the newest data."""
    from evidence import ENGINE_VERSION
    from evidence.backfill.bar import bar
    from evidence.backfill.blocks import Tale, lines
    from evidence.backfill.running import run
    from evidence.register import Busy, Register, wanting
    from evidence.telling import counted

    private, library = desk(narratives, snapshot)
    engine = private.at(private.store.n)
    register = Register(engine.store.folder)
    found = [wanting(engine, register, story) for story in chosen(library, ids or [])]
    missing = {one.story: len(one.days) for one in found if one.days}
    added: Any = {}
    if missing and not check:
        blocks = [b for one in found for b in lines(Tale.of(engine, one.story), one.days)]
        with hands(workers, cluster) as crew, bar("Blocks", len(blocks)) as watch:
            results = run(blocks, engine.store, crew, watch)
            entries = [entry for result in results for entry in result.get()]
        try:
            added = register.add(entries)
        except (Busy, OSError) as fault:
            typer.echo(str(fault), err=True)
            raise typer.Exit(1) from None
        missing = {}
    problems = [problem for one in found for problem in one.problems]
    kept = sum(one.kept for one in found) + sum(added.values())
    if as_json:
        out(
            {
                "engine": ENGINE_VERSION,
                "snapshot": engine.store.hash,
                "snapshot_n": engine.store.n,
                "stories": len(found),
                "kept": kept,
                "added": dict(added),
                "missing": missing,
                "problems": [problem.model_dump(mode="json") for problem in problems],
            }
        )
    else:
        for what, counts in (("added", added), ("missing", missing)):
            for story, count in counts.items():
                typer.echo(f"{story}: {counted(count, 'verdict')} {what}")
        of = found[0].story if len(found) == 1 else f"{len(found)} stories"
        typer.echo(f"{of}: {counted(kept, 'verdict')} kept")
    for problem in problems:
        typer.echo(problem.words, err=True)
    if missing or problems:
        raise typer.Exit(1)


def document() -> dict[str, Any]:
    """What `--json` prints."""
    from evidence.contract import COUNT, HASH, PLACE, TEXT, definitions, fields, item, rows
    from evidence.trouble import Trouble

    counts = {"type": "object", "additionalProperties": COUNT}
    body = fields(
        engine=TEXT,
        snapshot=HASH,
        snapshot_n=PLACE,
        stories=COUNT,
        kept=COUNT,
        added=counts,
        missing=counts,
        problems=rows(item(Trouble)),
    )
    return {**body, "$defs": definitions(Trouble)}
