"""`library`: every story with its placebos, its sensitivity and its whole history."""

from typing import Any

import typer

from evidence.backfill.options import Cluster, Workers, hands
from evidence.commands import REPO, AsOf, Json, Narratives, Snapshot, chosen, day, desk, out

EXAMPLE = "library --as-of 2025-05-02"


def command(
    as_of: AsOf = None,
    workers: Workers = None,
    cluster: Cluster = None,
    narratives: Narratives = REPO / "narratives",
    snapshot: Snapshot = None,
    as_json: Json = False,
) -> None:
    """Every live story: scored, asked in every other way, and scored on every day since it was said."""
    from evidence import wording
    from evidence.backfill.bar import bar
    from evidence.backfill.histories import histories, planned

    when = day(as_of)
    engine, library = desk(narratives, snapshot)
    last = when or engine.store.newest_day
    ids = chosen(library, [])
    found: list[dict[str, Any]] = []
    stories = [planned(engine, name, None, last) for name in ids]
    with (
        hands(workers, cluster) as crew,
        bar("Blocks", sum(map(len, stories))) as watch,
    ):
        for told in histories(engine, stories, crew, watch):
            past, verdict = told.history, told.history.days[-1]
            found.append(
                {
                    "id": past.id,
                    "identity": verdict.identity,
                    "direction": verdict.direction,
                    "confidence": verdict.confidence,
                    "agree": told.ways.agree,
                    "of": told.ways.of,
                    "days": len(past.days),
                    "turns": len(past.turns),
                }
            )
    if as_json:
        out({"as_of": last.isoformat(), "stories": found})
        return
    for one in found:
        direction = wording.DIRECTIONS[one["direction"]].lower()
        confidence = wording.CONFIDENCES[one["confidence"]]
        typer.echo(
            f"{one['id']}: {direction} (confidence {confidence}); {one['agree']} of {one['of']} ways of asking "
            f"agree; {one['turns']} turns on {one['days']} days"
        )


def document() -> dict[str, Any]:
    """What `--json` prints."""
    from evidence.contract import COUNT, DAY, HASH, TEXT, fields, rows

    story = fields(
        id=TEXT,
        identity=HASH,
        direction=TEXT,
        confidence=TEXT,
        agree=COUNT,
        of=COUNT,
        days=COUNT,
        turns=COUNT,
    )
    return fields(as_of=DAY, stories=rows(story))
