"""The board: every story with its verdict, how sure, the marks of its tests, and what would change it."""

from collections.abc import Iterator
from itertools import groupby

from briefs.desk import SHELVES
from briefs.site import days, words
from briefs.site.leaf import Leaf
from briefs.site.markup import Markup, folded, tag
from briefs.site.shell import Site, page
from charts.theme import SHAPES
from evidence.days import day, short_day
from evidence.narrative import Narrative
from evidence.trace import Verdict
from evidence.wording import DIRECTIONS, turn

HEADS = ("Story", "Verdict", "Its tests", "Data as of", "What would change it")


def write(site: Site) -> Iterator[tuple[Leaf, str]]:
    """The page."""
    event = site.desk.the_event
    marked = days.greatest(
        [told.history for told in site.told.values()],
        (event.date, event.name) if event is not None else None,
        site.day,
    )
    leaf = Leaf("stories.html", "stories", "Which stories hold up?", days="board", turns=marked)
    shelves = groupby(site.desk.stories.values(), key=lambda s: s.shelf)
    yield (
        leaf,
        page(
            site,
            leaf,
            tag("h1", leaf.title),
            tag(
                "p",
                "Each story is a claim that people make about markets, turned into tests that it has to survive. "
                "Move the day and watch what could be known.",
            ),
            _choices(),
            words.key(),
            [
                tag(
                    "section",
                    tag("h2", SHELVES[shelf], id=shelf),
                    tag(
                        "div",
                        tag(
                            "div",
                            [tag("span", head) for head in HEADS],
                            class_="row heads",
                            aria_hidden="true",
                        ),
                        [_row(site, leaf, story) for story in own],
                        class_="board",
                    ),
                    class_="shelf",
                )
                for shelf, own in shelves
            ],
            tag("p", "No story is of that kind on this day.", class_="none", hidden=True),
            _problems(site),
        ),
    )


def _choices() -> Markup:
    """Buttons that show only some verdicts; a script makes them work, and shows them."""
    choices = [
        tag(
            "button",
            words.shape(word),
            f" {DIRECTIONS[word]}",
            type="button",
            aria_pressed="false",
            data_choice=word,
        )
        for word in DIRECTIONS
        if word in SHAPES
    ]
    return tag(
        "div",
        tag("span", "Show only", id="show-only"),
        choices,
        class_="choices",
        role="group",
        aria_labelledby="show-only",
    )


def _row(site: Site, leaf: Leaf, story: Narrative) -> Markup:
    scored = site.desk.verdict(story.id, site.day)
    voting = [t.outcome for t in words.voting(scored.tests)]
    there = site.here("story").at(story=story.id)
    return tag(
        "article",
        tag("h3", leaf.link(story.title, there)),
        tag("div", tag("p", words.verdict(scored)), tag("p", words.sure(scored), class_="small")),
        tag(
            "div",
            tag("p", words.strip(scored.tests)),
            tag("p", words.tally(voting), class_="small", data_tally=True),
        ),
        tag(
            "p",
            tag("span", "Data as of ", class_="phone"),
            tag("span", short_day(scored.stands_for), data_stands=True),
            class_="small",
        ),
        tag(
            "p",
            tag("span", "What would change it: ", class_="phone"),
            change(scored),
            class_="small",
            data_latest=True,
        ),
        class_="row story",
        data_story=story.id,
        data_direction=scored.direction,
    )


def change(scored: Verdict) -> str:
    """The nearest thing that would change a verdict."""
    lines = [turn(one) for one in scored.changes[:1]] or list(scored.would_change[:1])
    if scored.next_release is not None and not any(" due on " in line for line in lines):
        lines.append(f"Ask again on {day(scored.next_release.on)}.")
    return " ".join(lines) or "Nothing that is due."


def _problems(site: Site) -> Markup | None:
    errors = [p for p in site.desk.library.problems if p.severity == "error"]
    if not errors:
        return None
    lines = [tag("li", f"{p.file}, line {p.line}: {p.message}") for p in errors]
    return folded(
        f"Left out: {len(errors)} problems in stories that could not be read", tag("ul", lines)
    )
