"""`site`: the whole walk as static pages."""

from pathlib import Path
from typing import Annotated, Any

import typer

from evidence.commands import OPENED, REPO, AsOf, Json, Narratives, Snapshot, day, out, wrong

EXAMPLE = "site -o _site"
Folder = Annotated[
    Path,
    typer.Option("-o", "--output", help="The folder; one that was made before is replaced."),
]


def command(
    output: Folder,
    as_of: AsOf = None,
    narratives: Narratives = REPO / "narratives",
    snapshot: Snapshot = None,
    as_json: Json = False,
) -> None:
    """The whole walk as static pages for any web server, or none; takes two to three minutes."""
    from briefs.site.build import NotOurs, Source, build
    from evidence.observations import SnapshotFault

    if not narratives.is_dir():
        wrong(f"--narratives: there is no folder {narratives}")
    source = Source(narratives, snapshot, day(as_of))
    try:
        desk = source.desk()
    except SnapshotFault as fault:
        wrong(str(fault))
    OPENED.append(desk.store)
    errors = [p for p in desk.library.problems if p.severity == "error"]
    for problem in errors:
        typer.echo(problem.text(), err=True)
    if source.day is not None and not desk.oldest <= source.day <= desk.newest:
        wrong(f"--as-of: the data go from {desk.oldest} to {desk.newest}")
    try:
        made = build(source, output, lambda line: typer.echo(line, err=True))
    except NotOurs as fault:
        wrong(f"-o: {fault}")
    if as_json:
        out(
            {
                "folder": str(made.folder),
                "as_of": made.day.isoformat(),
                "pages": made.pages,
                "files": made.files,
                "bytes": made.bytes,
            }
        )
    else:
        typer.echo(
            f"{made.pages} pages in {made.folder}, {made.bytes / 1e6:.1f} MB in {made.files} files."
        )
    raise typer.Exit(1 if errors else 0)


def document() -> dict[str, Any]:
    """What `--json` prints."""
    from evidence.contract import COUNT, DAY, TEXT, fields

    return fields(folder=TEXT, as_of=DAY, pages=COUNT, files=COUNT, bytes=COUNT)
