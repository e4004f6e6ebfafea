"""`library`: every story with its placebos, its sensitivity and its whole history."""

import sys
from typing import Any

import typer

from evidence.commands import REPO, AsOf, Json, Narratives, Snapshot, chosen, day, desk, out

EXAMPLE = "library --as-of 2025-05-02"


def command(
    as_of: AsOf = None,
    narratives: Narratives = REPO / "narratives",
    snapshot: Snapshot = None,
    as_json: Json = False,
) -> None:
    """Every live story: scored, asked in every other way, and scored on every day since it was said."""
    from evidence import wording
    from evidence.history import begins, history

    when = day(as_of)
    engine, library = desk(narratives, snapshot)
    last = when or engine.store.newest_day
    ids = chosen(library, [])
    found = []
    with typer.progressbar(
        ids, label="Stories", file=sys.stderr, item_show_func=lambda name: name or ""
    ) as bar:
        for name in bar:
            verdict = engine.score(name, last).verdict
            first = min(begins(engine, library.narratives[name]), last)
            past = history(engine, name, first, last)
            found.append(
                {
                    "id": name,
                    "identity": verdict.identity,
                    "direction": verdict.direction,
                    "confidence": verdict.confidence,
                    "agree": verdict.robustness.agree if verdict.robustness else 0,
                    "of": verdict.robustness.of if verdict.robustness else 0,
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
