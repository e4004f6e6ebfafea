"""The note's two figures from open data, where a story or a page needs them."""

from collections.abc import Mapping
from datetime import date

from briefs import figures
from briefs.desk import Desk
from briefs.site.leaf import Leaf
from briefs.site.markup import Content, tag
from briefs.stand import Stand
from charts import note_flows, note_ownership
from charts.theme import LIGHT

FIGURES: Mapping[str, str] = {
    **dict.fromkeys(note_flows.STORIES, "flows"),
    **dict.fromkeys(note_ownership.STORIES, "ownership"),
}
"""The stories that rest on one of the note's figures."""
LEADS: Mapping[str, str] = {
    "flows": (
        "The note draws weekly flows of foreign money into US funds, which are not public. The Treasury’s survey counts all "
        "foreigners by the month; this is what it shows."
    ),
    "ownership": (
        "The note draws foreigners’ net holding of US stocks over decades. From open data it can be split into what was "
        "bought and what prices and exchange rates made of it."
    ),
}


def of_story(stand: Stand, leaf: Leaf) -> Content:
    """The figure that a story rests on, where it does."""
    name = FIGURES.get(stand.story.id)
    if name is None:
        return None
    head = tag("h3", "The note’s figure, from open data")
    return [head, write(stand.desk, leaf, name, stand.verdict.stands_for)]


def write(desk: Desk, leaf: Leaf, name: str, day: date) -> list[Content]:
    """One of the two, `flows` or `ownership`, with what a reader can bring."""
    drawn = figures.note_figure(desk, name, day, LIGHT)
    found: list[Content] = [tag("p", LEADS[name]), leaf.row(drawn) if drawn else None]
    if name == "flows":
        view = desk.view(day)
        lines = (note_flows.quoted(view), note_flows.slot(view))
        found += [tag("p", line, class_="small") for line in lines if line]
    return found
