"""`explain`: the whole trace of a verdict in sentences."""

from typing import Annotated, Any

import typer

from evidence.commands import REPO, AsOf, Json, Narratives, Snapshot, asked, day, desk, out, wrong

EXAMPLE = "explain foreign-governments-retaliated --as-of 2025-06-20"


def command(
    narrative: Annotated[str, typer.Argument(help="A narrative's id, or the file of a draft.")],
    as_of: AsOf = None,
    test: Annotated[str | None, typer.Option("--test", help="Only this test.")] = None,
    narratives: Narratives = REPO / "narratives",
    snapshot: Snapshot = None,
    as_json: Json = False,
) -> None:
    """The whole trace in readable sentences."""
    from evidence.explaining import lines

    when = day(as_of)
    engine, library = desk(narratives, snapshot)
    engine, [name] = asked(engine, library, [narrative])
    found = engine.score(name, when).verdict
    if test is not None and test not in {t.id for t in found.tests}:
        wrong(f"{name} has no test `{test}`; it has {', '.join(t.id for t in found.tests)}")
    text = lines(found, test)
    if as_json:
        out(
            {
                "id": found.id,
                "identity": found.identity,
                "as_of": found.as_of.isoformat(),
                "lines": text,
            }
        )
    else:
        typer.echo("\n".join(text))


def document() -> dict[str, Any]:
    """What `--json` prints."""
    from evidence.contract import DAY, HASH, TEXT, fields, rows

    return fields(id=TEXT, identity=HASH, as_of=DAY, lines=rows(TEXT))
