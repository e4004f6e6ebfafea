"""`schema`: the JSON Schema of a narrative, or of an exercise."""

from enum import StrEnum
from typing import Annotated

import typer

from evidence.commands import Json, out

EXAMPLE = "schema > narrative.schema.json"


class What(StrEnum):
    """What a file can be."""

    NARRATIVE = "narrative"
    EXERCISE = "exercise"


def command(
    what: Annotated[What, typer.Argument(help="What the file is.")] = What.NARRATIVE,
    as_json: Json = False,  # noqa: ARG001  (it is JSON with and without)
) -> None:
    """The JSON Schema of a narrative, or of an exercise."""
    from evidence.schema import exercise_schema, narrative_schema

    out(narrative_schema() if what is What.NARRATIVE else exercise_schema())
