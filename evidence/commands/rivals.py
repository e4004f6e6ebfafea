"""`rivals`: the stories of an event against all of its evidence."""

from typing import Annotated, Any

import typer

from evidence.commands import (
    REPO,
    AsOf,
    Json,
    Narratives,
    Snapshot,
    day,
    desk,
    meant,
    out,
    wrong,
)

EXAMPLE = "rivals liberation-day"


def command(
    event: Annotated[str, typer.Argument(help="An event's id.")],
    as_of: AsOf = None,
    narratives: Narratives = REPO / "narratives",
    snapshot: Snapshot = None,
    as_json: Json = False,
) -> None:
    """Tests by stories: expected and seen, what tells the stories apart, and their ranking."""
    from evidence import wording
    from evidence.problems import nearest
    from evidence.rivals import explaining, rivals

    when = day(as_of)
    engine, library = desk(narratives, snapshot)
    if event not in library.events:
        wrong(f"there is no event `{event}`{meant(nearest(event, library.events))}")
    ids = explaining(engine, event)
    if not ids:
        wrong(f"no story of {event} names a rival")
    found = rivals(engine, event, library.events[event].question, ids, when)
    if as_json:
        out(found.model_dump(mode="json"))
    else:
        for line in wording.rivals(found):
            typer.echo(line)


def document() -> dict[str, Any]:
    """What `--json` prints."""
    from evidence.contract import definitions
    from evidence.rivals import Rivals

    models = definitions(Rivals)
    return {**models.pop("Rivals"), "$defs": models}
