"""`lint`: problems of the narratives, all at once."""

from pathlib import Path
from typing import Annotated, Any

import typer

from evidence.commands import REPO, Json, Narratives, Snapshot, desk, out

EXAMPLE = "lint narratives/liberation-day"


def command(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files or folders; without any, the library.")
    ] = None,
    inference: Annotated[
        bool,
        typer.Option(
            "--inference",
            help="Also whether the library's tests can tell anything on the snapshot, and whether a case notices each threshold (a minute).",
        ),
    ] = False,
    narratives: Narratives = REPO / "narratives",
    snapshot: Snapshot = None,
    as_json: Json = False,
) -> None:
    """Reads narratives and names every problem at once."""
    from evidence.catalogue import read
    from evidence.library import read_library, read_paths

    catalogue = read()
    problems = (
        read_paths(paths, narratives, catalogue)
        if paths
        else read_library(narratives, catalogue).problems
    )
    if inference:
        from evidence.inference import findings
        from evidence.mutation import Bench

        engine, library = desk(narratives, snapshot)
        view, bench = engine.view(engine.store.newest_day), Bench(engine.store, library)
        found = [
            library.sources[n.id].on(finding)
            for n in library.narratives.values()
            for finding in findings(n, view, engine.anchor(n), bench)
        ]
        problems = (*problems, *found)
    errors = [p for p in problems if p.severity == "error"]
    if as_json:
        out(
            {
                "problems": [p.document() for p in problems],
                "errors": len(errors),
                "warnings": len(problems) - len(errors),
            }
        )
    else:
        for problem in problems:
            typer.echo(problem.text())
        typer.echo(f"{len(errors)} errors, {len(problems) - len(errors)} warnings", err=True)
    raise typer.Exit(1 if errors else 0)


def document() -> dict[str, Any]:
    """What `--json` prints."""
    from evidence.contract import COUNT, PLACE, TEXT, fields, rows

    problem = fields(
        file=TEXT,
        line=PLACE,
        column=PLACE,
        code=TEXT,
        message=TEXT,
        hint=TEXT,
        severity={"enum": ["error", "warning"]},
        snippet=TEXT,
    )
    return fields(problems=rows(problem), errors=COUNT, warnings=COUNT)
