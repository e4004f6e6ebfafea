"""`brief`: a story on one page, the event on two."""

import os
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from evidence.commands import REPO, AsOf, Json, Narratives, Snapshot, day, desk, meant, wrong

EXAMPLE = "brief basis-trade-unwind --as-of 2025-05-02 --json"
TEXTS = ("html", "json", "csv")


def command(
    name: Annotated[
        str, typer.Argument(metavar="ID", help="A story, or an event such as liberation-day.")
    ],
    form: Annotated[
        Literal["html", "pdf", "json", "csv"],
        typer.Option(
            "--format", help="Without -o a PDF goes to ID.pdf, the others to the standard output."
        ),
    ] = "pdf",
    as_of: AsOf = None,
    paper: Annotated[Literal["a4", "letter"], typer.Option(help="The paper of a PDF.")] = "a4",
    app_url: Annotated[
        str | None,
        typer.Option(
            help="Where the app is served, for the link and its QR code (else as in settings.yaml)."
        ),
    ] = None,
    target: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="The file to write, in one piece or not at all."),
    ] = None,
    snapshot_n: Annotated[
        int | None,
        typer.Option(
            "--snapshot-n", min=1, help="The data as of an older snapshot, by its number."
        ),
    ] = None,
    narratives: Narratives = REPO / "narratives",
    snapshot: Snapshot = None,
    as_json: Json = False,
) -> None:
    """A brief: one page for a story, two for an event; or its words and data (json), its observations (csv)."""
    from briefs.desk import Desk
    from briefs.paper import making, typeset
    from briefs.settings import settings
    from evidence.problems import nearest

    chosen = "json" if as_json else form
    when = day(as_of)
    base = app_url or settings().app_url
    if base is not None and not base.startswith(("https://", "http://")):
        wrong(f"--app-url: `{base}` is not an address; it begins with https:// or http://")
    engine, library = desk(narratives, snapshot)
    found = Desk(engine.store, library, engine)
    if snapshot_n is not None:
        try:
            found = found.at(snapshot_n)
        except ValueError as fault:
            wrong(f"--snapshot-n: {fault}")
    asked = found.was.get(name, name)
    if asked not in making.ids(found):
        wrong(f"there is no story or event `{name}`{meant(nearest(name, making.ids(found)))}")
    try:
        brief = making.made(found, asked, chosen, when or found.newest, base, paper)
    except typeset.Overfull as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(1) from None
    _hand_over(brief, target or (None if chosen in TEXTS else Path(f"{asked}.pdf")))


def _hand_over(brief: bytes, target: Path | None) -> None:
    """Onto the standard output, or into a file that is whole or not there."""
    if target is None:
        sys.stdout.write(brief.decode())
        return
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        beside.write_bytes(brief)
        beside.replace(target)
    except OSError as fault:
        beside.unlink(missing_ok=True)
        wrong(f"-o: {target} cannot be written: {fault.strerror}")


def document() -> dict[str, Any]:
    """What `--format json` (or `--json`) prints."""
    from briefs.paper.documents import LAYOUT
    from briefs.paper.model import Brief
    from evidence.contract import DAY, HASH, PLACE, TEXT, definitions, fields, item, rows
    from evidence.trace import Verdict

    models = definitions(Brief, Verdict)
    for model in models.values():
        for name in LAYOUT:
            if name in model.get("properties", {}):
                del model["properties"][name]
                model["required"].remove(name)
    models["Verdict"]["properties"]["identity"] = HASH
    body = fields(
        engine=TEXT,
        snapshot=HASH,
        as_of=DAY,
        snapshot_n=PLACE,
        brief=item(Brief),
        verdicts=rows(item(Verdict)),
    )
    return {**body, "$defs": models}
