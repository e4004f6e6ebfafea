"""The command line: `python -m evidence <command>` (docs/contract/ holds its JSON).

`--json` prints one document on stdout and nothing else. Exit status: 0 done, 1 problems found, 2
wrong use. Imports stand inside the commands, so that each loads only what it needs.
"""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

REPO = Path(__file__).resolve().parent.parent


class Guarded(TyperGroup):
    """All commands: a snapshot that cannot be read is one sentence on stderr, exit status 1."""

    def invoke(self, ctx: Any) -> Any:
        """The command that was asked for."""
        from evidence.observations import SnapshotFault

        try:
            return super().invoke(ctx)
        except SnapshotFault as fault:
            typer.echo(str(fault), err=True)
            raise typer.Exit(1) from None


app = typer.Typer(
    cls=Guarded,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Market narratives, checked against the flows.",
)

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


def wrong(message: str) -> NoReturn:
    """Wrong use: one sentence on stderr, exit status 2."""
    typer.echo(message, err=True)
    raise typer.Exit(2)


def meant(near: str) -> str:
    """The question after an unknown name, where there is one like it."""
    return f" (did you mean {near}?)" if near else ""


def out(document: Any) -> None:
    """One JSON document, the same bytes for the same content."""
    sys.stdout.write(json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def day(text: str | None) -> date | None:
    """A date as given on the command line."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        wrong(f"--as-of: `{text}` is not a date; write it as 2025-06-20")


def desk(narratives: Path, snapshot: Path | None) -> tuple[Any, Any]:
    """(engine, library) on the given folders; a broken narrative is named on stderr and left out."""
    from evidence.engine import Engine
    from evidence.library import read_library
    from evidence.observations import SNAPSHOT, SnapshotFault, Store

    try:
        store = Store(snapshot or SNAPSHOT)
    except SnapshotFault as fault:
        wrong(str(fault))
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


@app.command(epilog="Example: python -m evidence lint narratives/liberation-day")
def lint(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files or folders; without any, the library.")
    ] = None,
    narratives: Narratives = REPO / "narratives",
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


@app.command(
    epilog="Example: python -m evidence score basis-trade-unwind --as-of 2025-05-02 --json"
)
def score(
    ids: Annotated[
        list[str] | None, typer.Argument(help="Narratives; without any, all live ones.")
    ] = None,
    as_of: AsOf = None,
    narratives: Narratives = REPO / "narratives",
    snapshot: Snapshot = None,
    as_json: Json = False,
) -> None:
    """Verdicts as of a day; without one, the day of the newest release in the snapshot."""
    from evidence import ENGINE_VERSION, wording
    from evidence.trace import dump

    when = day(as_of)
    engine, library = desk(narratives, snapshot)
    when = when or engine.store.newest_day
    verdicts = [engine.score(name, when).verdict for name in chosen(library, ids or [])]
    if as_json:
        out(
            {
                "engine": ENGINE_VERSION,
                "snapshot": engine.store.hash,
                "as_of": when.isoformat(),
                "snapshot_n": engine.store.n,
                "verdicts": [dump(v) for v in verdicts],
            }
        )
    else:
        for v in verdicts:
            tags = [t for t, on in (("so far", v.so_far), ("by proxy", v.by_proxy)) if on]
            typer.echo(
                f"{v.id}: {wording.DIRECTIONS[v.direction].lower()}{', ' + ', '.join(tags) if tags else ''} "
                f"(confidence {wording.CONFIDENCES[v.confidence]})"
            )
            marks = {"consistent": "●", "inconsistent": "✕", "neutral": "○", "not_evaluable": "◌"}
            for t in v.tests:
                typer.echo(f"  {marks[t.outcome]} {t.id}: {t.seen}")
    raise typer.Exit(1 if any(p.severity == "error" for p in library.problems) else 0)


@app.command(
    epilog="Example: python -m evidence explain foreign-governments-retaliated --as-of 2025-06-20"
)
def explain(
    narrative: Annotated[str, typer.Argument(help="A narrative's id.")],
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
    [name] = chosen(library, [narrative])
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


@app.command(epilog="Example: python -m evidence check")
def check(
    ids: Annotated[list[str] | None, typer.Argument(help="Narratives; without any, all.")] = None,
    narratives: Narratives = REPO / "narratives",
    snapshot: Snapshot = None,
    as_json: Json = False,
) -> None:
    """Runs the narratives' own cases and controls."""
    from evidence import controls

    engine, library = desk(narratives, snapshot)
    wanted = chosen(library, ids) if ids else list(library.narratives)
    episodes = {c.id: c.date for c in library.controls.values()}
    checks = list(
        controls.run(
            [library.narratives[i] for i in wanted], engine.anchors, episodes, engine.store
        )
    )
    passed = sum(c.passed for c in checks)
    if as_json:
        out(
            {
                "passed": passed,
                "failed": len(checks) - passed,
                "checks": [
                    {
                        "narrative": c.narrative,
                        "name": c.name,
                        "passed": c.passed,
                        "expected": c.expected,
                        "found": c.found,
                    }
                    for c in checks
                ],
            }
        )
    else:
        for one in checks:
            typer.echo(one.line())
        typer.echo(f"{passed} passed, {len(checks) - passed} failed")
    broken = any(p.severity == "error" for p in library.problems)
    raise typer.Exit(0 if passed == len(checks) and checks and not broken else 1)


@app.command(epilog="Example: python -m evidence series fed.custody.treasuries")
def series(
    series_id: Annotated[
        str | None, typer.Argument(help="One series; without one, the whole catalogue.")
    ] = None,
    as_of: AsOf = None,
    narratives: Narratives = REPO / "narratives",
    snapshot: Snapshot = None,
    as_json: Json = False,
) -> None:
    """The catalogue: freshness, licence, vintage quality, last value, next release."""
    from evidence.problems import nearest
    from evidence.shelf import rows

    when = day(as_of)
    engine, library = desk(narratives, snapshot)
    if series_id is not None and series_id not in engine.store.catalogue.series:
        near = nearest(series_id, engine.store.catalogue.ids)
        wrong(f"there is no series `{series_id}`{meant(near)}")
    found = rows(
        engine.view(when or engine.store.newest_day), library.narratives.values(), series_id
    )
    if as_json:
        out(
            {
                "as_of": (when or engine.store.newest_day).isoformat(),
                "series": [r.model_dump(mode="json") for r in found],
            }
        )
    else:
        for row in found:
            typer.echo(row.line())


@app.command(epilog="Example: python -m evidence schema > narrative.schema.json")
def schema(as_json: Json = False) -> None:  # noqa: ARG001  (it is JSON with and without)
    """The JSON Schema of a narrative."""
    from evidence.schema import narrative_schema

    out(narrative_schema())
