"""What happened, how rare that is, the answers in a line each, and the way on."""

from collections.abc import Iterator

from briefs import answers, figures
from briefs.site import words
from briefs.site.leaf import Leaf
from briefs.site.markup import Markup, paragraphs, tag
from briefs.site.shell import Site, page
from charts.theme import LIGHT
from evidence.narrative import Narrative


def write(site: Site) -> Iterator[tuple[Leaf, str]]:
    """The page."""
    event = site.desk.the_event
    leaf = Leaf("index.html", "start", event.question if event else "No story yet", days="board")
    if event is None:
        yield leaf, page(site, leaf, tag("h1", "No story yet"))
        return
    premise = next((s for s in site.desk.stories.values() if s.shelf == "premise"), None)
    pictures = figures.premise(site.desk, site.day, LIGHT)
    body = [
        tag("h1", event.question),
        paragraphs(event.background),
        _way_in(site, leaf),
        leaf.row(pictures) if pictures else None,
        _how_rare(site, leaf, premise) if premise else None,
        _answers(site, leaf),
        _ways_on(site, leaf, premise),
    ]
    yield leaf, page(site, leaf, body)


def _way_in(site: Site, leaf: Leaf) -> Markup | None:
    first = site.first_of_walk
    return tag("p", leaf.link("Take the guided walk", first, class_="button")) if first else None


def _how_rare(site: Site, leaf: Leaf, premise: Narrative) -> Markup:
    """One sentence, from the test of the premise that decides."""
    scored = site.desk.verdict(premise.id, site.day)
    trace = next((t for t in scored.tests if t.role == "doubly_decisive"), scored.tests[0])
    there = site.here("story").at(story=premise.id).at(step="tests", test=trace.id)
    if trace.outcome == "not_evaluable":
        said = tag("p", f"Did they? On this day the data could not tell yet. {trace.seen}")
    else:
        said = tag("p", words.shape(trace.outcome), f" {trace.title}. {answers.how_rare(trace)}")
    return tag("div", said, tag("p", leaf.link("How that was tested", there)), class_="lead")


def _answers(site: Site, leaf: Leaf) -> list[Markup]:
    said = [s for s in site.desk.stories.values() if s.shelf == "said"]
    cards = [_card(site, leaf, story) for story in said]
    return [tag("h2", "What people said, and what the data say"), tag("div", cards, class_="cards")]


def _card(site: Site, leaf: Leaf, story: Narrative) -> Markup:
    scored = site.desk.verdict(story.id, site.day)
    trace = answers.deciding(scored)
    return tag(
        "article",
        tag("h3", story.title),
        tag("p", words.verdict(scored)),
        tag("p", words.sure(scored), class_="small"),
        tag(
            "p", f"{answers.says(scored)} {answers.because(trace) if trace else ''}", data_says=True
        ),
        tag(
            "p",
            leaf.link(
                "What do the data say?",
                site.here("story").at(story=story.id),
                aria_label=f"What do the data say? {story.title}",
            ),
            class_="onward",
        ),
        class_="card",
        data_story=story.id,
    )


def _ways_on(site: Site, leaf: Leaf, premise: Narrative | None) -> list[Markup]:
    here = site.here("story")
    ways = []
    if premise is not None:
        ways.append(leaf.link("Did they fall together?", here.at(story=premise.id)))
    auction = _auction(site)
    if auction is not None:
        to = here.at(story=auction[0]).at(step="tests", test=auction[1])
        ways.append(leaf.link("Who bought at the auction?", to))
    ways += [
        leaf.link("What the evidence says", site.here("evidence")),
        leaf.link("The note’s own figures", site.here("audit")),
        leaf.link("All stories on one board", site.here("stories")),
        leaf.link("How a story is checked", site.here("method")),
    ]
    return [
        tag("h2", "Where to go from here"),
        tag(
            "p",
            "The answers above are the short route. One figure that went round deserves a second look: who it was that "
            "bought at the April auction. The board shows all stories at once and lets you move the day: in the first "
            "weeks nobody could know, and you can watch each story being settled.",
        ),
        tag("ul", [tag("li", way) for way in ways], class_="ways"),
    ]


def _auction(site: Site) -> tuple[str, str] | None:
    """The first story and test that ask whether the auction was a record."""
    asked = (
        (story.id, test.id)
        for story in site.desk.stories.values()
        for test in story.tests
        if test.kind == "record" and any(name.startswith("ust.auction") for name in test.reads)
    )
    return next(asked, None)
