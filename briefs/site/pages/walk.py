"""The guided walk: a page for each chapter. With scripts one step at a time, without them one below the other."""

from collections.abc import Iterator

from briefs import walk
from briefs.address import Address
from briefs.site import words
from briefs.site.leaf import Leaf
from briefs.site.links import path
from briefs.site.markup import Content, Markup, bullets, folded, tag
from briefs.site.shell import Site, page
from briefs.walk import Chapter, Step
from charts.theme import LIGHT
from evidence.trace import Verdict


def write(site: Site) -> Iterator[tuple[Leaf, str]]:
    """Every chapter."""
    chapters = walk.walk(site.desk, site.day)
    stops = [_to(site, chapter, step) for chapter in chapters for step in chapter.steps]
    for number, chapter in enumerate(chapters):
        own = _to(site, chapter, chapter.steps[0])
        leaf = Leaf(path(own), "walk", chapter.title)
        drawn = [_step(leaf, chapter, step, stops) for step in chapter.steps]
        before = (
            _to(site, chapters[number - 1], chapters[number - 1].steps[-1])
            if number
            else site.here("start")
        )
        last = number + 1 == len(chapters)
        after = (
            site.here("stories")
            if last
            else _to(site, chapters[number + 1], chapters[number + 1].steps[0])
        )
        yield (
            leaf,
            page(
                site,
                leaf,
                _chapters(site, leaf, chapters, chapter),
                tag("h1", chapter.title, class_="chapter"),
                tag("div", drawn, class_="walk"),
                tag(
                    "nav",
                    leaf.link("Back" if number else "Start", before, class_="back", rel="prev"),
                    tag(
                        "span",
                        f"Chapter {number + 1} of {len(chapters)}",
                        class_="progress",
                        role="status",
                    ),
                    leaf.link("All stories" if last else "Next", after, class_="next", rel="next"),
                    class_="moves",
                    aria_label="Back and next",
                ),
            ),
        )


def _to(site: Site, chapter: Chapter, step: Step) -> Address:
    return site.here("walk").at(chapter=chapter.name, step=step.name)


def _chapters(site: Site, leaf: Leaf, chapters: tuple[Chapter, ...], here: Chapter) -> Markup:
    links = []
    for number, chapter in enumerate(chapters, 1):
        to = _to(site, chapter, chapter.steps[0])
        now = {"aria_current": "step"} if chapter is here else {}
        links.append(tag("li", leaf.link(f"{number} {chapter.title}", to, **now)))
    return tag("nav", tag("ol", links), class_="steps", aria_label="Chapters")


def _step(leaf: Leaf, chapter: Chapter, step: Step, stops: list[Address]) -> Markup:
    at = [(stop.chapter, stop.step) for stop in stops].index((chapter.name, step.name)) + 1
    figure = step.figure(LIGHT)
    return tag(
        "section",
        tag(
            "div",
            tag("h2", step.heading, tabindex="-1"),
            tag("p", step.text) if step.text else None,
            tag("p", _ending(step), class_="large") if step.mark else None,
            _sure(step.verdict) if step.verdict is not None else None,
            class_="words",
        ),
        tag(
            "div",
            leaf.figure(figure)
            if figure is not None
            else tag("p", "On this day there is nothing to draw yet.", class_="small"),
            class_="pictures",
        ),
        tag("div", _deeper(leaf, step), class_="deeper"),
        id=step.name,
        class_="stop",
        data_at=f"{at} of {len(stops)}",
    )


def _sure(verdict: Verdict) -> Markup:
    """How sure the verdict is, and what all its tests say."""
    outcomes = [trace.outcome for trace in words.voting(verdict.tests)]
    marks = tag("p", words.strip(verdict.tests), " ", words.tally(outcomes), class_="small")
    return tag("div", tag("p", words.how_sure(verdict), class_="small"), marks)


def _ending(step: Step) -> Content:
    return tag("span", words.shape(step.mark), f" {step.said}", class_=f"mark {step.mark}")


def _deeper(leaf: Leaf, step: Step) -> list[Content]:
    return [
        [folded(fold.title, bullets(fold.lines)) for fold in step.folds if fold.lines],
        tag("p", leaf.link(step.to_label, step.to)) if step.to is not None else None,
    ]
