"""`diff`: what differs between two days, or between two snapshots."""

from typing import Annotated, Any, Literal

import typer

from evidence.commands import REPO, Json, Narratives, Snapshot, day, desk, out, wrong

EXAMPLE = "diff 2025-06-17 2025-06-18"


def command(
    old: Annotated[str, typer.Argument(help="A day such as 2025-06-17, or a snapshot's number.")],
    new: Annotated[str, typer.Argument(help="The later one, of the same form.")],
    form: Annotated[
        Literal["text", "json", "atom"], typer.Option("--format", help="How it is written.")
    ] = "text",
    narratives: Narratives = REPO / "narratives",
    snapshot: Snapshot = None,
    as_json: Json = False,
) -> None:
    """Two days or two snapshots: revised and new figures, changed verdicts and why."""
    from evidence import ENGINE_VERSION
    from evidence.diff import atom, difference, lines

    engine, _ = desk(narratives, snapshot)
    sides = _sides(engine, old, new)
    found = difference(engine, *sides)
    if as_json or form == "json":
        body = found.model_dump(mode="json")
        out({"engine": ENGINE_VERSION, "snapshot": engine.store.hash, **body})
    elif form == "atom":
        typer.echo(atom(found), nl=False)
    else:
        typer.echo("\n".join(lines(found)))


def _sides(engine: Any, old: str, new: str) -> Any:
    """The two sides: days in the newest snapshot, or snapshots on the newest day."""
    from evidence.diff import Side

    newest, today = engine.store.n, engine.store.newest_day
    numbers = [n for text in (old, new) if (n := _number(text)) is not None]
    if len(numbers) == 1:
        wrong(f"`{old}` and `{new}`: give two days or two numbers of snapshots, not one of each")
    if not numbers:
        days = [day(old, "OLD") or today, day(new, "NEW") or today]
        if days[0] >= days[1]:
            wrong(f"OLD, {days[0]}, has to come before NEW, {days[1]}")
        return [Side(as_of=d, snapshot_n=newest) for d in days]
    for n in numbers:
        if not 1 <= n <= newest:
            wrong(f"there is no snapshot {n}; the newest is {newest}")
    if numbers[0] >= numbers[1]:
        wrong(f"OLD, snapshot {numbers[0]}, has to come before NEW, snapshot {numbers[1]}")
    return [Side(as_of=today, snapshot_n=n) for n in numbers]


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else None


def document() -> dict[str, Any]:
    """What `--json` prints."""
    from evidence.contract import HASH, TEXT, definitions, fields, item, rows
    from evidence.diff import Observation, Side, VerdictChange
    from evidence.history import Published

    models = definitions(Side, Observation, Published, VerdictChange)
    models["Reading"]["properties"]["identity"] = HASH
    body = fields(
        engine=TEXT,
        snapshot=HASH,
        old=item(Side),
        new=item(Side),
        observations=rows(item(Observation)),
        releases=rows(item(Published)),
        verdicts=rows(item(VerdictChange)),
    )
    return {**body, "$defs": models}
