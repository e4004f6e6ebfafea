"""Altair's own schema of Vega-Lite, compiled once: Altair's `validate` takes most of a second for each picture."""

from functools import cache
from urllib.parse import quote

import jsonschema_rs
from altair.vegalite import schema


def _quoted(node):
    """With references that are addresses: the schema's names have `<` and `|` in them."""
    if isinstance(node, dict):
        return {k: quote(v, safe="#/") if k == "$ref" else _quoted(v) for k, v in node.items()}
    return [_quoted(one) for one in node] if isinstance(node, list) else node


@cache
def _validator():
    return jsonschema_rs.validator_for(_quoted(schema.core.load_schema()))


def validate(spec):
    """Raise what is wrong with a picture's spec, if anything is."""
    _validator().validate(spec)
