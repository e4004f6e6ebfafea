"""`schema`: the JSON Schema of a narrative."""

from evidence.commands import Json, out

EXAMPLE = "schema > narrative.schema.json"


def command(as_json: Json = False) -> None:  # noqa: ARG001  (it is JSON with and without)
    """The JSON Schema of a narrative."""
    from evidence.schema import narrative_schema

    out(narrative_schema())
