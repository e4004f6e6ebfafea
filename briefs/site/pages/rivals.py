"""The rivals: every story against all of the evidence, which the evidence speaks against least, and what tells them apart."""

from collections.abc import Iterator

from briefs import figures
from briefs.site import words
from briefs.site.leaf import Leaf
from briefs.site.markup import Content, Markup, bullets, folded, tag
from briefs.site.shell import Site, page
from charts.matrix import COULD, letters
from charts.theme import LIGHT
from evidence.rivals import Rivals, Standing
from evidence.wording import first_place, listed, source_name


def write(site: Site) -> Iterator[tuple[Leaf, str]]:
    """The page."""
    leaf = Leaf("rivals.html", "rivals", "Which story does the evidence speak against least?")
    contest = figures.contest(site.desk, site.day)
    body: list[Content] = [tag("h1", leaf.title)]
    if contest is None:
        body.append(tag("p", "No story names a rival."))
    else:
        body += _contest(site, leaf, contest)
    yield leaf, page(site, leaf, body)


def _contest(site: Site, leaf: Leaf, found: Rivals) -> list[Content]:
    could = None
    if any(row.worth in COULD for row in found.rows):
        picture = figures.matrix(site.desk, found, LIGHT, apart=False)
        could = folded("Tests that could tell them apart, but do not yet", leaf.figure(picture))
    return [
        tag(
            "p",
            "Evidence that fits every story is worth nothing, however striking. A test is worth something where stories "
            "expect different things of it. So the stories are not ranked by what fits them but by how little speaks "
            "against them, each source counted once.",
        ),
        tag("p", first_place(found), class_="lead"),
        tag(
            "div",
            tag(
                "section",
                tag("h2", "The ranking"),
                [_standing(site, leaf, found, one) for one in found.standings],
            ),
            tag("section", tag("h2", "Leaving out one source"), _without(found)),
            class_="ranking",
        ),
        tag("h2", "Test by test"),
        leaf.figure(figures.matrix(site.desk, found, LIGHT)),
        could,
        _nothing(site, leaf, found),
    ]


def _standing(site: Site, leaf: Leaf, found: Rivals, one: Standing) -> Markup:
    tie = " (tied)" if one.tied else ""
    title = f"{letters(found)[one.story]}: {one.title}"
    return tag(
        "div",
        tag("p", f"Place {one.place}{tie}", class_="small"),
        tag("p", _named(site, leaf, title, one.story), class_="strong"),
        tag("p", f"{one.against} against, {one.fits} for, {one.open} open", class_="small"),
        tag("p", words.direction(one.direction)),
        class_="standing-of",
    )


def _named(site: Site, leaf: Leaf, title: str, story: str) -> Content:
    """A story's name as a link, where it has a page."""
    to = site.here("story").at(story=story)
    return leaf.link(title, to) if story in site.desk.stories else title


def _without(found: Rivals) -> list[Content]:
    """The ranking with each source left out: which sources carry it."""
    letter = letters(found)
    changing = [
        [
            f"Without {source_name(one.source)} the first place goes to ",
            tag("strong", listed(sorted(letter[story] for story in one.first))),
            ".",
        ]
        for one in found.without
        if one.changes
    ]
    steady = [source_name(one.source) for one in found.without if not one.changes]
    lead = (
        "The first place stays as it is without any of these"
        if len(steady) > 1
        else "The first place stays without"
    )
    return [bullets(changing), tag("p", f"{lead}: {listed(steady)}.") if steady else None]


def _nothing(site: Site, leaf: Leaf, found: Rivals) -> Content:
    """Evidence that no story expects otherwise."""
    rows = [row for row in found.rows if row.worth == "nothing"]
    if not rows:
        return None
    here = site.here("story")
    return [
        tag("h2", "Worth nothing here"),
        tag(
            "p",
            "No other story says that it expects anything else of these tests. They can speak for or against their own "
            "story, but they cannot choose between stories.",
        ),
        tag(
            "ul",
            [
                tag(
                    "li",
                    words.shape(row.outcome),
                    " ",
                    leaf.link(row.title, here.at(story=row.story).at(step="tests", test=row.test)),
                    tag("span", f" {site.desk.stories[row.story].title}", class_="small"),
                )
                for row in rows
                if row.story in site.desk.stories
            ],
            class_="plain",
        ),
    ]
