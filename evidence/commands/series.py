"""`series`: the catalogue with freshness."""

from typing import Annotated, Any

import typer

from evidence.commands import REPO, AsOf, Json, Narratives, Snapshot, day, desk, meant, out, wrong

EXAMPLE = "series fed.custody.treasuries"


def command(
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


def document() -> dict[str, Any]:
    """What `--json` prints."""
    from evidence.contract import DAY, definitions, fields, item, rows
    from evidence.shelf import SeriesRow

    return {**fields(as_of=DAY, series=rows(item(SeriesRow))), "$defs": definitions(SeriesRow)}
