"""Every series: what it is, how fresh, who publishes it, under which licence, and which stories read it."""

from collections.abc import Iterator

from briefs.site.leaf import Leaf, scrolled
from briefs.site.markup import Content, Markup, tag
from briefs.site.shell import Site, page
from charts.values import value_text
from evidence import calendar
from evidence.days import day
from evidence.shelf import SeriesRow, rows

FRESH = {
    "fresh": "fresh",
    "overdue": "overdue",
    "stale": "stale",
    "closed": "not scheduled",
    "not_held": "not held",
}
LICENCE = {
    "open": "open",
    "licensed": "licensed; you bring it",
    "quoted": "quoted from print",
}
HEADS = (
    "Series",
    "Last value",
    "Released",
    "Next release",
    "Freshness",
    "Vintage",
    "Licence",
    "Used in",
    "Citation",
)


def write(site: Site) -> Iterator[tuple[Leaf, str]]:
    """The page."""
    leaf = Leaf("data.html", "data", "The data")
    every = rows(site.desk.view(site.day), site.desk.stories.values())
    used = [row for row in every if row.used_in]
    table = tag(
        "table",
        tag("thead", tag("tr", [tag("th", head, scope="col") for head in HEADS])),
        tag("tbody", [_row(site, leaf, row) for row in used]),
        class_="catalogue",
    )
    yield (
        leaf,
        page(
            site,
            leaf,
            tag("h1", leaf.title),
            tag(
                "p",
                f"The stories rest on {len(used)} series; {len(every)} are in the catalogue. What is shipped is public: from "
                "official publishers, or quoted from print with its source.",
            ),
            tag(
                "p",
                "Recorded: what was printed that day is held. Reconstructed: today’s value, dated by the release rule. "
                "Under each chart stand the figures that it draws, to look at and to download.",
            ),
            scrolled(table, leaf.title),
        ),
    )


def _row(site: Site, leaf: Leaf, row: SeriesRow) -> Markup:
    entry = site.desk.store.catalogue.series[row.id]
    value = value_text(float(row.last_value), entry) if row.last_value is not None else ""
    last = (
        [value, tag("br"), tag("span", day(row.last), class_="small")]
        if row.last
        else "nothing by then"
    )
    known = day(calendar.new_york_day(calendar.seconds(row.known_at))) if row.known_at else ""
    here = site.here("story")
    stories: list[Content] = [
        tag("li", leaf.link(site.desk.stories[name].title, here.at(story=name)))
        for name in row.used_in
        if name in site.desk.stories
    ]
    cells: list[Content] = [
        last,
        known,
        day(row.next_release) if row.next_release else "",
        FRESH[row.freshness],
        row.vintage_quality.replace("_", " "),
        "licensed, brought by the operator" if row.brought else LICENCE[row.licence],
        tag("ul", stories, class_="plain"),
        row.citation,
    ]
    return tag(
        "tr", tag("th", row.title, scope="row"), [tag("td", cell) for cell in cells], id=row.id
    )
