"""What could we have known? Every story on every day, and when each was settled."""

from collections.abc import Iterator
from itertools import groupby

from briefs import figures
from briefs.desk import SHELVES
from briefs.site import words
from briefs.site.leaf import Leaf
from briefs.site.markup import Content, Markup, tag
from briefs.site.shell import Site, page
from charts.theme import LIGHT
from evidence import telling
from evidence.history import History
from evidence.narrative import Narrative


def write(site: Site) -> Iterator[tuple[Leaf, str]]:
    """The page."""
    leaf = Leaf("known.html", "known", "What could we have known?")
    event = site.desk.the_event
    body: list[Content] = [tag("h1", leaf.title)]
    if event is not None and site.day < event.date:
        body.append(tag("p", telling.too_early(site.day, event.name, event.date)))
    elif event is not None:
        stories = [site.desk.stories[name] for name in site.told]
        shelves = {
            SHELVES[shelf]: [site.told[s.id].history for s in own]
            for shelf, own in groupby(stories, key=lambda s: s.shelf)
        }
        said = [site.told[s.id].history for s in stories if s.shelf == "said"]
        body += [
            tag(
                "p", telling.first_answer([_first_answer(h) for h in said], site.day), class_="lead"
            )
            if said
            else None,
            leaf.figure(figures.timeline(event, shelves, site.day, LIGHT)),
            tag("h2", "When each story was settled"),
            tag(
                "p",
                "A story counts as settled since the day from which its verdict has pointed the same way. A later release "
                "can still turn it.",
            ),
            [
                [tag("h3", SHELVES[shelf]), [_row(site, leaf, story) for story in own]]
                for shelf, own in groupby(stories, key=lambda s: s.shelf)
            ],
        ]
    yield leaf, page(site, leaf, body)


def _first_answer(one: History) -> telling.Answer | None:
    """The first day on which the story could be judged, and what came that day."""
    first = next((d for d in one.days if d.direction != "insufficient_data"), None)
    if first is None:
        return None
    turn = next((t for t in one.turns if t.on == first.on), None)
    return telling.Answer(first.on, tuple(p.words for p in turn.moved_by) if turn else ())


def _row(site: Site, leaf: Leaf, story: Narrative) -> Markup:
    scored = site.desk.verdict(story.id, site.day)
    there = site.here("story").at(story=story.id).at(step="verdict")
    return tag(
        "div",
        tag("p", leaf.link(story.title, there), class_="strong"),
        tag(
            "div",
            tag("p", words.direction(scored.direction), words.rests_on(scored)),
            tag("p", words.how_sure(scored), class_="small"),
        ),
        tag("p", telling.since(site.told[story.id].history), class_="small"),
        class_="row settled",
    )
