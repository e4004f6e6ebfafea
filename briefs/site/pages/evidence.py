"""What the evidence says: four findings in a sentence each, the note's two figures from open data, and the rivals."""

from collections.abc import Iterator

from briefs import figures
from briefs.site import words
from briefs.site.leaf import Leaf
from briefs.site.markup import Content, tag
from briefs.site.pages import note
from briefs.site.shell import Site, page
from charts.matrix import key_to_letters
from charts.theme import LIGHT
from evidence.findings import Finding, findings


def write(site: Site) -> Iterator[tuple[Leaf, str]]:
    """The page."""
    leaf = Leaf("evidence.html", "evidence", "What the evidence says")
    desk = site.desk
    body: list[Content] = [tag("h1", leaf.title)]
    if desk.the_event is not None:
        verdicts = {name: desk.verdict(name, site.day) for name in desk.stories}
        body += [_finding(site, leaf, one) for one in findings(verdicts, site.day)]
        body.append(tag("h2", "The note’s two figures, from open data"))
        body += [note.write(desk, leaf, name, site.day) for name in note.LEADS]
        body.append(_rivals(site, leaf))
    yield leaf, page(site, leaf, body)


def _finding(site: Site, leaf: Leaf, one: Finding) -> Content:
    picture = figures.finding(site.desk, site.day, one, LIGHT)
    stories = [
        tag(
            "li",
            words.direction(site.desk.verdict(name, site.day).direction),
            words.rests_on(site.desk.verdict(name, site.day)),
            ": ",
            leaf.link(site.desk.stories[name].title, site.here("story").at(story=name)),
        )
        for name in one.stories
        if name in site.desk.stories
    ]
    return tag(
        "section",
        tag("h2", one.heading),
        tag("p", one.sentence, class_="lead"),
        leaf.figure(picture) if picture is not None else None,
        tag("ul", stories, class_="plain"),
        id=one.name,
    )


def _rivals(site: Site, leaf: Leaf) -> Content:
    contest = figures.contest(site.desk, site.day)
    if contest is None:
        return None
    return [
        tag("h2", "All stories against all of the evidence"),
        leaf.figure(figures.matrix(site.desk, contest, LIGHT)),
        tag("p", key_to_letters(contest), class_="small"),
        tag(
            "p",
            leaf.link(
                "The ranking of the stories, and what each source carries", site.here("rivals")
            ),
        ),
    ]
