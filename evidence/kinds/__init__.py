"""The closed set of kinds of test. Every module beside this one that defines `KIND` is one of them."""

import importlib
import pkgutil
from typing import Annotated, Any, Union

from pydantic import Field

from evidence.kinds.base import FactKind, PlaceboKind


def _scan() -> dict[str, PlaceboKind | FactKind]:
    found: dict[str, PlaceboKind | FactKind] = {}
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda m: m.name):
        kind = getattr(importlib.import_module(f"{__name__}.{module.name}"), "KIND", None)
        if kind is not None:
            found[kind.name] = kind
    return found


KINDS = _scan()

Test: Any = Annotated[
    Union[tuple(kind.model for kind in KINDS.values())],  # noqa: UP007 - built at run time
    Field(discriminator="kind"),
]
"""Any test: the union of the kinds' models, told apart by `kind`."""


def is_fact(name: str) -> bool:
    """Whether a kind compares with a band (True) or ranks among placebos (False)."""
    return hasattr(KINDS[name], "find")
