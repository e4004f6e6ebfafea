"""What to watch: the questions that are still open as gauges with history, and the releases to come."""

from collections.abc import Iterator

from briefs import answers, figures, releases
from briefs.site import words
from briefs.site.leaf import Leaf
from briefs.site.markup import Content, Markup, folded, tag
from briefs.site.pages import chain
from briefs.site.shell import Site, page
from briefs.stand import Stand
from charts.theme import LIGHT
from evidence.days import day
from evidence.narrative import Narrative
from evidence.trace import TestTrace
from evidence.wording import listed

LEAST_POINTS = 3
"""A course of fewer values is no course."""
MOST_DAYS = 12
"""How many release days the calendar names."""


def write(site: Site) -> Iterator[tuple[Leaf, str]]:
    """The page."""
    leaf = Leaf("watch.html", "watch", "What to watch")
    watched = [s for s in site.desk.stories.values() if s.shelf == "watch"]
    body: list[Content] = [tag("h1", leaf.title)]
    if not watched:
        body.append(tag("p", "No story to watch could be read."))
    else:
        body.append(
            tag(
                "p",
                "These stories are about what comes next. Each test stands as a gauge: the reading today, the shaded side "
                "on which the story’s answer lies, and the course of the series behind it. The readings move with the "
                "releases below.",
            )
        )
        body += [
            _calendar(site),
            [_story(site, leaf, story, first=story is watched[0]) for story in watched],
        ]
    yield leaf, page(site, leaf, body)


def _calendar(site: Site) -> list[Content]:
    coming = releases.coming(site.desk, site.day)
    due = [
        tag("div", tag("p", tag("strong", day(one.on))), tag("p", one.says), class_="row due")
        for one in coming.due[:MOST_DAYS]
    ]
    late = f"Due before {day(site.day)} and not in the data: {listed(list(coming.late))}."
    return [
        tag("h2", "The next releases"),
        due or tag("p", "No release that these stories wait for is due."),
        tag("p", late, class_="small") if coming.late else None,
    ]


def _story(site: Site, leaf: Leaf, story: Narrative, *, first: bool) -> Markup:
    there = site.here("story").at(story=story.id)
    stand = Stand(site.desk, there, story, site.desk.verdict(story.id, site.day))
    outcomes = [t.outcome for t in words.voting(stand.verdict.tests)]
    gauges = [_gauge(stand, leaf, trace) for trace in stand.verdict.tests]
    return tag(
        "section",
        tag("h2", story.title),
        tag("p", story.claim),
        tag(
            "p",
            words.direction(stand.verdict.direction),
            words.rests_on(stand.verdict),
            " ",
            tag("span", words.how_sure(stand.verdict), class_="sure"),
            " ",
            leaf.link("The whole story", there, aria_label=f"The whole story: {story.title}"),
        ),
        chain.write(stand, leaf) if stand.verdict.conditions else None,
        folded(f"The gauges: {words.tally(outcomes)}", gauges, open=first),
        id=story.id,
        class_="watched",
    )


def _gauge(stand: Stand, leaf: Leaf, trace: TestTrace) -> Markup:
    dial = figures.dial(stand, trace, LIGHT)
    name, course = trace.series[0], None
    if len(stand.desk.view(stand.verdict.stands_for).series(name)) >= LEAST_POINTS:
        course = figures.course(stand, name, LIGHT)
    return tag(
        "div",
        tag(
            "div",
            tag("p", words.outcome(trace.outcome)),
            tag(
                "p",
                leaf.link(trace.title, stand.here.at(step="tests", test=trace.id)),
                class_="strong",
            ),
            tag("p", trace.seen, class_="small"),
        ),
        leaf.figure(dial, bare=True)
        if dial is not None
        else tag("p", answers.needed(trace), class_="small"),
        tag("div", tag("p", course.title, class_="small"), leaf.figure(course, bare=True))
        if course
        else None,
        class_="gauge",
    )
