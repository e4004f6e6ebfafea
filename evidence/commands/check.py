"""`check`: the narratives' own cases and controls."""

from typing import Annotated, Any

import typer

from evidence.commands import REPO, Json, Narratives, Snapshot, asked, desk, out

EXAMPLE = "check swap-spread-unwind"


def command(
    ids: Annotated[
        list[str] | None,
        typer.Argument(help="Narratives, or files of drafts; without any, all."),
    ] = None,
    narratives: Narratives = REPO / "narratives",
    snapshot: Snapshot = None,
    as_json: Json = False,
) -> None:
    """Runs the narratives' own cases and controls."""
    from evidence import controls

    engine, library = desk(narratives, snapshot)
    engine, wanted = asked(engine, library, ids or list(library.narratives))
    episodes = {c.id: c.date for c in library.controls.values()}
    checks = list(
        controls.run([engine.narratives[i] for i in wanted], engine.anchors, episodes, engine.store)
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


def document() -> dict[str, Any]:
    """What `--json` prints."""
    from evidence.contract import COUNT, TEXT, fields, rows

    one = fields(narrative=TEXT, name=TEXT, passed={"type": "boolean"}, expected=TEXT, found=TEXT)
    return fields(passed=COUNT, failed=COUNT, checks=rows(one))
