"""Pages that only lead on: the app's own addresses, `story?story=…&step=…` and `walk?chapter=…&step=…`, work here too."""

from collections.abc import Iterator

from briefs.site.leaf import Leaf, data
from briefs.site.links import path
from briefs.site.markup import tag
from briefs.site.shell import Site, page


def write(site: Site) -> Iterator[tuple[Leaf, str]]:
    """`story.html`, `walk.html` and `start.html`. Without scripts they are lists of what there is."""
    desk = site.desk
    stories = {name: path(site.here("story").at(story=name)) for name in desk.stories}
    was = {old: stories[new] for old, new in desk.was.items() if new in stories}
    leaf = Leaf("story.html", "stories", "All stories, one by one")
    links = [
        tag("li", leaf.link(s.title, site.here("story").at(story=s.id)))
        for s in desk.stories.values()
    ]
    to = {"parameter": "story", "pages": {**was, **stories}}
    yield leaf, page(site, leaf, tag("h1", leaf.title), tag("ul", links), data("onward", to))
    leaf = Leaf("walk.html", "walk", "The guided walk")
    chapters = {name: f"walk/{name}.html" for name in desk.chapters}
    links = [
        tag("li", leaf.link(name.capitalize(), site.here("walk").at(chapter=name, step=steps[0])))
        for name, steps in desk.chapters.items()
    ]
    to = {"parameter": "chapter", "pages": chapters}
    yield leaf, page(site, leaf, tag("h1", leaf.title), tag("ol", links), data("onward", to))
    leaf = Leaf("start.html", "start", "Start")
    start = tag("p", leaf.link("To the first page", site.here("start")))
    to = {"parameter": "", "pages": {"": "index.html"}}
    yield leaf, page(site, leaf, tag("h1", leaf.title), start, data("onward", to))
