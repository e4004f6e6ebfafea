"""The commands, one file each.

`command` is what runs, `EXAMPLE` stands in its help, `document` is the JSON Schema of what `--json`
prints. Imports stand inside the commands, so that each loads only what it needs. A new command is a new file.
"""

import json
import re
import sys
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Annotated, Any, NoReturn

import typer

REPO = Path(__file__).resolve().parent.parent.parent

_DAY = re.compile(r"^(19|20)\d\d-\d\d-\d\d$")

Narratives = Annotated[
    Path, typer.Option("--narratives", help="The folder of narratives.", show_default=False)
]
Snapshot = Annotated[
    Path | None, typer.Option("--snapshot", help="The snapshot's folder.", show_default=False)
]
AsOf = Annotated[
    str | None, typer.Option("--as-of", help="The end of that day in New York, such as 2025-06-20.")
]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]


FILES = (".yaml", ".yml")
"""How the name of a draft's file ends; no id ends so."""
PLACES = ("evidence.commands", "briefs.commands")
"""Packages of commands. The second is only looked up by its name: the engine works without it."""
OPENED: list[Any] = []
"""The stores that the running command has opened, so that damage they met can be told at its end."""


def wrong(message: str) -> NoReturn:
    """Wrong use: one sentence on stderr, exit status 2."""
    typer.echo(message, err=True)
    raise typer.Exit(2)


def meant(near: str) -> str:
    """The question after an unknown name, where there is one like it."""
    return f" (did you mean {near}?)" if near else ""


def printed(document: Any) -> str:
    """One JSON document as every surface writes it: the same bytes for the same content."""
    return json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def out(document: Any) -> None:
    """A document on stdout."""
    sys.stdout.write(printed(document))


def day(text: str | None, option: str = "--as-of") -> date | None:
    """A date as given on the command line."""
    if text is None:
        return None
    try:
        found = date.fromisoformat(text) if _DAY.match(text) else None
    except ValueError:
        found = None
    if found is None:
        wrong(f"{option}: `{text}` is not a date; write it as 2025-06-20")
    return found


def desk(narratives: Path, snapshot: Path | None) -> tuple[Any, Any]:
    """(engine, library) on the given folders; a broken narrative is named on stderr and left out."""
    import os

    from evidence import private_folder
    from evidence.engine import Engine
    from evidence.library import read_library
    from evidence.observations import SNAPSHOT, SnapshotFault, Store

    try:
        store = Store(snapshot or SNAPSHOT, private=private_folder.folder(os.environ))
    except SnapshotFault as fault:
        wrong(str(fault))
    OPENED.append(store)
    if not narratives.is_dir():
        wrong(f"--narratives: there is no folder {narratives}")
    library = read_library(narratives, store.catalogue)
    for problem in library.problems:
        if problem.severity == "error":
            typer.echo(problem.text(), err=True)
    anchors = {event.id: event.date for event in library.events.values()}
    return Engine(store, library.narratives, anchors), library


def chosen(library: Any, ids: list[str]) -> list[str]:
    """The ids asked for (renamed ones found), or all live narratives."""
    if not ids:
        return [n.id for n in library.narratives.values() if n.status == "live"]
    found = []
    for name in ids:
        narrative = library.find(name)
        if narrative is None:
            wrong(f"there is no narrative `{name}`{meant(library.nearest(name))}")
        found.append(narrative.id)
    return found


def asked(engine: Any, library: Any, names: list[str]) -> tuple[Any, list[str]]:
    """(engine, ids) of the narratives asked for: by id, or drafts by their files; without any, all live ones.

    The engine knows the drafts as well. A draft need not lie in the library; its problems end the command.
    """
    files = [Path(name) for name in names if name.endswith(FILES)]
    if not files:
        return engine, chosen(library, names)
    from evidence.drafting.finishing import engine_with

    drafts = [_draft(path, library, engine.store.catalogue) for path in files]
    ids = [name for name in names if not name.endswith(FILES)]
    found = [*(chosen(library, ids) if ids else []), *(draft.id for draft in drafts)]
    return engine_with(drafts, library, engine.store), found


def _draft(path: Path, library: Any, catalogue: Any) -> Any:
    from evidence.library import draft
    from evidence.reading import read_draft

    reading = draft(read_draft(path, catalogue), library)
    if reading.value is None:
        for problem in reading.problems:
            typer.echo(problem.text(), err=True)
        raise typer.Exit(1)
    return reading.value


@cache
def discover() -> dict[str, ModuleType]:
    """The commands by name, in the order of the alphabet; a file `import_.py` holds `import`."""
    found = {
        module.name: f"{place}.{module.name}"
        for place in PLACES
        for module in iter_modules([str(REPO / place.replace(".", "/"))])
    }
    return {name.rstrip("_"): import_module(found[name]) for name in sorted(found)}
