"""An id and a format into bytes. The same inputs give the same bytes."""

from datetime import date

from briefs.desk import Desk
from briefs.paper import documents, event, page, story, typeset
from briefs.paper.model import Format, Paper
from evidence.narrative import Narrative


def ids(desk: Desk) -> tuple[str, ...]:
    """What there is a brief of: each live story, and each event that one of them explains."""
    return (*desk.stories, *dict.fromkeys(s.event for s in desk.stories.values()))


def made(desk: Desk, name: str, form: Format, day: date, base: str | None, paper: Paper) -> bytes:
    """The brief of a live story or of an event (one of `ids`) as known on a day.

    base: where the app is served, for links. Raises `typeset.Overfull` where it has too much to say for its pages.
    """
    stories = _stories(desk, name)
    if form == "csv":
        return documents.table(desk.view(day), stories).encode()
    maker = story if name in desk.stories else event
    brief = maker.brief(desk, name, day, base)
    if form == "json":
        verdicts = [desk.verdict(one.id, day) for one in stories]
        return documents.document(desk, brief, verdicts, day).encode()
    return typeset.pdf(brief, paper) if form == "pdf" else page.html(brief).encode()


def _stories(desk: Desk, name: str) -> list[Narrative]:
    if name in desk.stories:
        return [desk.stories[name]]
    return [one for one in desk.stories.values() if one.event == name]
