"""The note's own figures: as it prints them, as recomputed, and what became of each."""

from collections.abc import Iterator

from briefs import figures
from briefs.site.leaf import Leaf
from briefs.site.markup import Content, Markup, folded, tag
from briefs.site.shell import Site, page
from charts.tally import MARKS
from charts.theme import LIGHT, SHAPES
from evidence.audit import (
    STATUSES,
    Audit,
    FigureTrace,
    ReadingTrace,
    Status,
    each_day_line,
    fit,
    known,
)
from evidence.days import day
from evidence.wording import listed

NOTHING = "–"


def write(site: Site) -> Iterator[tuple[Leaf, str]]:
    """The page."""
    leaf = Leaf("audit.html", "audit", "The note’s own figures")
    desk = site.desk
    body: list[Content] = [tag("h1", leaf.title)]
    if desk.sheet is None:
        body.append(tag("p", "The figures could not be read."))
    elif site.day < desk.sheet.note.on:
        note = desk.sheet.note
        body.append(
            tag(
                "p",
                f"The note is of {note.on:%B %Y}. On {day(site.day)} there was nothing yet to recompute.",
            )
        )
    else:
        made = desk.audit(site.day)
        body += [
            tag("p", _summary(made), class_="lead"),
            tag(
                "p",
                f"Each figure is recomputed from public data as known on {day(made.then)}, when the note was out, and as "
                f"known on {day(made.today)}. The first reading is what the words of the note mean; the others are other "
                "definitions.",
            ),
            tag(
                "p", [[" · " if i else "", mark(s)] for i, s in enumerate(STATUSES)], class_="small"
            ),
            [_figure(site, leaf, figure) for figure in made.figures],
        ]
    yield leaf, page(site, leaf, body)


def _summary(made: Audit) -> str:
    """How many figures reproduce, in a sentence."""
    counts = [f"{made.count(status)} {words.lower()}" for status, words in STATUSES.items()]
    return f"Of {len(made.figures)} figures and statements in the note: {listed(counts)}."


def mark(status: Status) -> Markup:
    """A status as shape, word and colour."""
    colour = MARKS[status]
    sign = tag("span", SHAPES[colour], class_=f"sign {colour}", aria_hidden="true")
    return tag("span", sign, f" {STATUSES[status]}", class_=f"mark {colour}")


def _figure(site: Site, leaf: Leaf, figure: FigureTrace) -> Markup:
    return tag(
        "section",
        tag("h2", figure.title),
        tag("blockquote", f"“{figure.quote}”"),
        tag(
            "dl",
            tag(
                "div",
                tag("dt", "As printed"),
                tag("dd", figure.printed if figure.printed_amount else "in words"),
            ),
            tag("div", tag("dt", "As recomputed"), tag("dd", figure.recomputed or NOTHING)),
            tag("div", tag("dt", "Status"), tag("dd", mark(figure.status))),
            class_="printed",
        ),
        tag("p", figure.sentence),
        folded("How it can be read", _readings(site, leaf, figure)),
        id=figure.id,
        class_="audited",
    )


def _readings(site: Site, leaf: Leaf, figure: FigureTrace) -> list[Content]:
    drawn = []
    for reading in figures.pictured(figure):
        asked = site.desk.asked(figure.id, reading.id)
        picture = figures.reading(site.desk, asked, reading.taken.as_of, LIGHT) if asked else None
        if picture is not None:
            drawn.append(picture)
    where = f"In the note under “{figure.where}”."
    if figure.vintage is not None and figure.vintage_quality is not None:
        quality = figure.vintage_quality.replace("_", " ")
        where += f" As recomputed: {figure.definition}, as known on {day(figure.vintage)} ({quality} data)."
    if figure.private_data:
        where += " Data that were brought take part."
    stories = dict.fromkeys(r.story for r in figure.readings if r.story in site.desk.stories)
    here = site.here("story")
    return [
        leaf.row(drawn) if drawn else None,
        [_reading(reading) for reading in figure.readings],
        tag("p", f"To check it, bring: {figure.needs}") if figure.needs else None,
        tag("p", where, class_="small"),
        [
            tag("p", leaf.link(f"The story: {site.desk.stories[name].title}", here.at(story=name)))
            for name in stories
            if name is not None
        ],
    ]


def _reading(reading: ReadingTrace) -> Markup:
    """One reading: its definition, its value on both days, whether it fits."""
    days = (
        tag("p", each_day_line(reading.each_day), class_="small")
        if reading.each_day is not None
        else None
    )
    return tag(
        "div",
        tag("div", tag("p", reading.definition), days),
        tag("p", known(reading), class_="strong"),
        tag("p", fit(reading)),
        class_="row reading",
    )
