"""What this checkout holds, read once for all the tests of a process.

Reading it takes more than a second, and what it remembers of a day is right for every test that asks again. So a
test that only asks takes these; one that changes a file, a constant or the engine's memory opens its own.
"""

from functools import cache

from briefs.desk import Desk
from evidence import catalogue as catalogues
from evidence.catalogue import Catalogue
from evidence.engine import Engine
from evidence.library import Library, read_library
from evidence.observations import Store


@cache
def catalogue() -> Catalogue:
    """Every series and release."""
    return catalogues.read()


@cache
def store() -> Store:
    """The committed snapshot."""
    return Store(catalogue=catalogue())


@cache
def library() -> Library:
    """The stories and events."""
    return read_library(catalogue=catalogue())


@cache
def engine() -> Engine:
    """All stories over the snapshot."""
    anchors = {event.id: event.date for event in library().events.values()}
    return Engine(store(), library().narratives, anchors)


@cache
def desk() -> Desk:
    """As the pages and the briefs have it."""
    return Desk(store(), library(), engine())
