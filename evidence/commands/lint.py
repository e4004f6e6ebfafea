"""`lint`: problems of the narratives and the exercises, all at once."""

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
            help="Also whether the library's tests can tell anything on the snapshot, whether a case notices each threshold, and whether each exercise has a right answer (a minute).",
        ),
    ] = False,
    narratives: Narratives = REPO / "narratives",
    snapshot: Snapshot = None,
    as_json: Json = False,
) -> None:
    """Reads narratives and exercises and names every problem at once."""
    from evidence.catalogue import read
    from evidence.exercises.reading import lies_among, read_among
    from evidence.library import read_library, read_paths
    from evidence.problems import tally

    catalogue = read()
    stories = [path for path in paths or () if not lies_among(path)]
    problems = (
        read_paths(stories, narratives, catalogue)
        if paths
        else read_library(narratives, catalogue).problems
    )
    exercises = read_among(paths or [narratives], narratives, catalogue)
    problems = (*problems, *exercises.problems)
    if inference:
        from evidence.exercises.reading import unsound_ones
        from evidence.inference import findings
        from evidence.mutation import Bench

        engine, library = desk(narratives, snapshot)
        view, bench = engine.view(engine.store.newest_day), Bench(engine.store, library)
        found = [
            library.sources[n.id].on(finding)
            for n in library.narratives.values()
            for finding in findings(n, view, engine.anchor(n), bench)
        ]
        problems = (*problems, *found, *unsound_ones(exercises, engine, library))
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
        typer.echo(tally(problems), err=True)
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
