"""What every page of the site shares: the head, the way to the pages, the day, the foot."""

from dataclasses import dataclass
from datetime import date

from briefs import walk
from briefs.address import Address
from briefs.desk import Desk
from briefs.settings import settings
from briefs.site import days
from briefs.site.leaf import Leaf, data
from briefs.site.markup import Content, Markup, tag, text
from evidence import ENGINE_VERSION
from evidence.days import day as in_words
from evidence.wording import DIRECTIONS

PLACES = {
    "start": "Start",
    "walk": "Guided walk",
    "stories": "Stories",
    "evidence": "Evidence",
    "rivals": "Rivals",
    "known": "What was known",
    "audit": "The note’s figures",
    "watch": "To watch",
    "data": "Data",
    "method": "Method",
}
"""The pages by name and how the navigation calls them, as in the app."""


@dataclass(frozen=True)
class Site:
    """What every page is made from: the desk, the day, and each story's memory up to it."""

    desk: Desk
    day: date
    told: dict[str, days.Told]

    def here(self, page: str) -> Address:
        """A page's address on the site's own day."""
        return Address(page, self.day, latest=True)

    @property
    def first_of_walk(self) -> Address | None:
        """Where the walk begins."""
        for chapter, steps in walk.names(self.desk).items():
            return self.here("walk").at("walk", chapter=chapter, step=steps[0])
        return None


def page(site: Site, leaf: Leaf, *content: Content) -> str:
    """A whole page."""
    said = settings()
    whole = tag(
        "html",
        _head(site, leaf),
        tag(
            "body",
            tag("a", "To the text", href="#text", class_="skip"),
            _top(site, leaf),
            tag("main", _line(site, leaf), content, id="text", tabindex="-1"),
            _foot(site, said.name),
            _scripts(site, leaf),
        ),
        lang="en",
    )
    return f"<!doctype html>\n{whole}\n"


def _head(site: Site, leaf: Leaf) -> Markup:
    file, name = leaf.links.file, settings().name
    about = (
        leaf.description
        or f"{leaf.title}: market stories, checked against the data as known on {in_words(site.day)}."
    )
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", f"{leaf.title} · {name}"),
        tag("meta", name="description", content=about),
        tag("meta", name="color-scheme", content="light dark"),
        tag("link", rel="icon", href=file("assets/favicon.png")),
        tag("link", rel="stylesheet", href=file("assets/site.css")),
        tag("script", src=file("assets/site.js")),
    )


def _top(site: Site, leaf: Leaf) -> Markup:
    links = []
    for name, title in PLACES.items():
        to = site.first_of_walk if name == "walk" else site.here(name)
        if to is not None:
            here = name == leaf.place
            links.append(
                tag("li", leaf.link(title, to, **({"aria_current": "page"} if here else {})))
            )
    return tag(
        "header",
        tag("p", leaf.link(settings().name, site.here("start")), class_="name"),
        tag("nav", tag("ul", links), aria_label="Pages"),
        tag("button", "Dark", type="button", class_="theme"),
        class_="top",
    )


def _line(site: Site, leaf: Leaf) -> Markup:
    """The day that the page speaks of, and the slider over the days, where the page has one and scripts run."""
    last = site.desk.last_release(site.day)
    when = (
        "that day"
        if last is not None and last.on == site.day
        else in_words(last.on)
        if last
        else ""
    )
    used = f" Last release used: {last.name}, {when}." if last else ""
    newest = ", the newest day in the data" if site.day == site.desk.newest else ""
    return tag(
        "div",
        tag(
            "p",
            "As known on ",
            tag("strong", in_words(site.day), data_day=True),
            tag("span", f"{newest}.{used}", data_newest=""),
        ),
        _slider(site, leaf.turns) if leaf.turns else None,
        tag("p", role="status", class_="notice", hidden=True),
        class_="asof",
    )


def _slider(site: Site, turns: tuple[tuple[date, str], ...]) -> Markup:
    """The control; site.js fills in the days."""
    named = [(on.isoformat(), label) for on, label in turns]
    buttons = [
        tag("button", label, type="button", data_to=on)
        for on, label in (*named, (site.day.isoformat(), "Newest"))
    ]
    return tag(
        "div",
        tag("button", "←", type="button", aria_label="The day before on which anything came"),
        tag(
            "input",
            type="range",
            min="0",
            max="0",
            aria_label="Move the day: nothing released later is used",
        ),
        tag("button", "→", type="button", aria_label="The next day on which anything came"),
        tag("p", class_="came"),
        tag("div", buttons, class_="turns"),
        class_="slider",
    )


def _foot(site: Site, name: str) -> Markup:
    said = settings()
    project = [" ", tag("a", "Project", href=said.project_url)] if said.project_url else None
    app = (
        [" ", tag("a", "The app, with every day in full", href=said.app_url)]
        if said.app_url
        else None
    )
    return tag(
        "footer",
        tag("p", tag("strong", "Not investment advice."), f" {said.not_advice}"),
        tag("p", said.not_affiliated),
        tag("p", f"{name} is run by {said.operator}. {said.contact}", project, app),
        tag(
            "p",
            f"As known on {in_words(site.day)} · snapshot {site.desk.store.n} · engine {ENGINE_VERSION} · "
            f"data {site.desk.store.hash[:19]}",
        ),
        class_="foot",
    )


def _scripts(site: Site, leaf: Leaf) -> Markup:
    """What site.js needs to know of this page, and the days where the page has a slider."""
    said = {
        "newest": site.day.isoformat(),
        "oldest": site.desk.oldest.isoformat(),
        "days": leaf.days,
        "board": leaf.links.to(site.here("stories")),
        "outcomes": days.tally_words(),
        "directions": DIRECTIONS,
        "words": {
            "no_date": "The address asks for the day “{asked}”, which is not a date of the form YYYY-MM-DD. You see the newest data.",
            "too_late": f"The data here end with {in_words(site.day)}, before {{asked}}. You see the newest data.",
            "too_early": "The first verdict here is of {first}, after {asked}. You see the newest data.",
            "as_of_pages": f"This page shows the newest data, {in_words(site.day)}. The board and the page of each story show the verdicts as known on {{asked}}.",
            "moved": f"The verdict and the tests as known then. Charts, and what stands beside them, show the data of {in_words(site.day)}.",
            "board_moved": "Verdicts and tests as known then.",
            "sealed": "This is the verdict that the frozen link was made for.",
            "unsealed": "The frozen link was made for another verdict: data, story or engine have changed since. This is how it reads here.",
        },
    }
    file = leaf.links.file
    script = tag("script", src=file(f"days/{leaf.days}.js"), defer=True) if leaf.days else None
    return text([data("page", said), script])
