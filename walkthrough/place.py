"""Where a page stands in the navigation."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """The page's order among the others and its title in the navigation."""

    order: int
    title: str
