"""Fewer layers with the same look: each costs a browser some milliseconds, however little is in it.

A layer draws the rows that carry its name. Layers that look alike become one, which draws the rows of all of them, but
only where no other layer that a reader could see or point at would come to lie above or below something else.
"""

from collections.abc import Iterable, Sequence
from typing import Any

Layer = dict[str, Any]
APART = ("line", "area")
"""Marks whose rows belong together: two of them in one layer could become one line."""


def fewer(layers: Iterable[Layer]) -> list[Layer]:
    """The same picture in fewer layers. Each comes with one filter, and leaves with one."""
    looks: list[Layer] = []
    filters: list[list[str]] = []
    for layer in layers:
        look = {name: value for name, value in layer.items() if name != "transform"}
        own = layer["transform"][0]["filter"]
        at = looks.index(look) if look in looks else None
        if at is None or look["mark"]["type"] in APART or not _crosses(look, looks[at + 1 :]):
            looks.append(look)
            filters.append([own])
        elif _is_halo(look):  # under the labels between
            filters[at].append(own)
        else:  # over what is between
            looks.append(looks.pop(at))
            filters.append([*filters.pop(at), own])
    return [
        {**look, "transform": [{"filter": " || ".join(own)}]}
        for look, own in zip(looks, filters, strict=True)
    ]


def _crosses(look: Layer, between: Sequence[Layer]) -> bool:
    """Whether a layer may change places with others: unseen points with what says nothing, labels with labels."""
    silent = not any("tooltip" in other["mark"] for other in between)
    if look["mark"].get("opacity") == 0:
        return silent or all(other["mark"].get("opacity") == 0 for other in between)
    labels = all(other["mark"]["type"] == "text" for other in between)
    return silent and labels and look["mark"]["type"] == "text"


def _is_halo(look: Layer) -> bool:
    return look["mark"]["type"] == "text" and "stroke" in look["mark"]
