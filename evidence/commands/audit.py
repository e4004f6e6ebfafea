"""`audit`: the figures of the printed note, recomputed."""

from typing import Any

import typer

from evidence.commands import REPO, AsOf, Json, Narratives, Snapshot, day, desk, out, wrong

EXAMPLE = "audit --json"


def command(
    as_of: AsOf = None,
    narratives: Narratives = REPO / "narratives",
    snapshot: Snapshot = None,
    as_json: Json = False,
) -> None:
    """The note's own figures: as printed, as recomputed, and under which definition."""
    from evidence.audit import audit, lines

    when = day(as_of)
    engine, library = desk(narratives, snapshot)
    if not library.audits:
        wrong("there is no `audit.yaml` that could be read beside an `event.yaml`")
    found = [audit(library, engine, event, when) for event in library.audits]
    if as_json:
        figures = [f.model_dump(mode="json") for one in found for f in one.figures]
        days = {"as_of": found[0].today.isoformat(), "snapshot": engine.store.hash}
        out({**days, "figures": figures})
    else:
        for one in found:
            for line in lines(one):
                typer.echo(line)


def document() -> dict[str, Any]:
    """What `--json` prints."""
    from evidence.audit import FigureTrace
    from evidence.contract import DAY, HASH, definitions, fields, item, rows

    body = fields(as_of=DAY, snapshot=HASH, figures=rows(item(FigureTrace)))
    return {**body, "$defs": definitions(FigureTrace)}
