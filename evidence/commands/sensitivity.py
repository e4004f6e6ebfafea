"""`sensitivity`: every specification tried, and what flips."""

from typing import Annotated, Any

import typer

from evidence.commands import REPO, AsOf, Json, Narratives, Snapshot, chosen, day, desk, out

EXAMPLE = "sensitivity foreign-governments-retaliated"


def command(
    narrative: Annotated[str, typer.Argument(help="A narrative's id.")],
    as_of: AsOf = None,
    narratives: Narratives = REPO / "narratives",
    snapshot: Snapshot = None,
    as_json: Json = False,
) -> None:
    """Every other way of asking, and which of them turn the verdict."""
    from evidence import wording

    when = day(as_of)
    engine, library = desk(narratives, snapshot)
    [name] = chosen(library, [narrative])
    found = engine.sensitivity(name, when)
    if as_json:
        out({**found.model_dump(mode="json"), **found.robustness.model_dump(mode="json")})
    else:
        for line in wording.sensitivity(found):
            typer.echo(line)


def document() -> dict[str, Any]:
    """What `--json` prints."""
    from evidence.contract import COUNT, HASH, definitions
    from evidence.sensitivity import Sensitivity

    models = definitions(Sensitivity)
    body = models.pop("Sensitivity")
    body["properties"] |= {"identity": HASH, "agree": COUNT, "of": COUNT}
    return {**body, "required": list(body["properties"]), "$defs": models}
