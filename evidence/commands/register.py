"""`register`: keeps the verdicts that frozen links may have to show again, and that no page should have to score again."""

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
        bool, typer.Option("--check", help="Writes nothing; exit status 1 if anything is missing.")
    ] = False,
    workers: Workers = None,
    cluster: Cluster = None,
    narratives: Narratives = REPO / "narratives",
    snapshot: Snapshot = None,
    as_json: Json = False,
) -> None:
    """Keeps the verdicts that are not kept yet, of every day of a story's memory, on the newest data: in the register a line for ever, in its history as they are now."""
    from evidence import ENGINE_VERSION
    from evidence.backfill.bar import bar
    from evidence.backfill.blocks import Lines, Tale, by_year
    from evidence.backfill.running import run
    from evidence.register import Busy, Register, wanting
    from evidence.remembered import current, forgotten, known, write
    from evidence.telling import counted

    private, library = desk(narratives, snapshot)
    engine = private.at(private.store.n)
    register = Register(engine.store.folder)
    found = [wanting(engine, register, story) for story in chosen(library, ids or [])]
    lost = {one.story: forgotten(engine, one.story) for one in found if not one.problems}
    missing = {one.story: len(one.days) for one in found if one.days}
    histories = {s: len(days) for s, days in lost.items() if days or not current(engine, s)}
    added: Any = {}
    if (missing or histories) and not check:
        blocks = [
            Lines(Tale.of(engine, one.story), days)
            for one in found
            for days in by_year({*one.days, *lost.get(one.story, ())})
        ]
        told = {story: [*known(engine, story).values()] for story in histories}
        entries = []
        with hands(workers, cluster) as crew, bar("Blocks", len(blocks)) as watch:
            for result in run(blocks, engine.store, crew, watch):
                for entry, stood in result.get():
                    entries.append(entry)
                    if stood.on in lost.get(entry.story, ()):
                        told[entry.story].append(stood)
        try:
            added = register.add(entries)
            write(engine, told)
        except (Busy, OSError) as fault:
            typer.echo(str(fault), err=True)
            raise typer.Exit(1) from None
        missing = histories = {}
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
                "histories_missing": histories,
                "problems": [problem.model_dump(mode="json") for problem in problems],
            }
        )
    else:
        for what, counts in (("added", added), ("missing", missing)):
            for story, count in counts.items():
                typer.echo(f"{story}: {counted(count, 'verdict')} {what}")
        for story, count in histories.items():
            typer.echo(f"{story}: {counted(count, 'day')} of its history missing")
        of = found[0].story if len(found) == 1 else f"{len(found)} stories"
        typer.echo(f"{of}: {counted(kept, 'verdict')} kept")
    for problem in problems:
        typer.echo(problem.words, err=True)
    if missing or histories or problems:
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
        histories_missing=counts,
        problems=rows(item(Trouble)),
    )
    return {**body, "$defs": definitions(Trouble)}
