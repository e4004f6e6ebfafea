"""What is served beside the pages."""

from collections.abc import Callable
from pathlib import Path

from starlette.routing import Route

from briefs.desk import Desk
from hosting.documents import ABSENT
from hosting.feed import Feed
from hosting.health import Warmth
from hosting.meters import PATH, Meters
from hosting.twins import Twins


def addresses(
    desk: Callable[[], Desk], feed: Path, warmth: Warmth, meters: Meters, *, sign_in: bool
) -> list[Route]:
    """The routes. Where readers have to sign in there are no documents: a script cannot sign in."""
    documents = [] if sign_in else [*Twins(desk).routes, *Feed(desk, feed).routes]
    return [
        Route("/health", warmth.answer),
        Route(PATH, meters.answer),
        *documents,
        *ABSENT,
    ]
