"""A brief and the static pages, beside nothing but their charts drawn by vl-convert, which has drawn before.

Of the site two stories are told; the pages about the whole library are those of every site. It is built once, in
this process, and of its charts some are drawn again.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from unittest.mock import patch

import vl_convert

from benchmarks.figures import median
from benchmarks.repeats import taken
from benchmarks.stops import desk
from benchmarks.table import Row, show
from briefs.paper import making
from briefs.paper.model import Format
from briefs.site.build import Made, Source, build
from briefs.svg import svg
from charts.figure import Figure
from evidence.history import history

STORY = "foreign-private-protest"
STORIES = (STORY, "dollar-fell-before")
DAY = date(2025, 6, 20)
TIMES = 2
EVERY = 11
"""Of the site's charts every so-many-th is drawn again: an odd number, since each is drawn for two widths."""
AGAINST = "its charts by vl-convert"


@dataclass
class Drawn:
    """Stands where `svg` is called, and keeps what was asked for and what came."""

    pictures: list[tuple[Figure, int, str]] = field(default_factory=list)

    def __call__(self, figure: Figure, width: int) -> str:
        picture = svg(figure, width)
        self.pictures.append((figure, width, picture))
        return picture

    def again(self, every: int = 1) -> float:
        """Seconds of processor for all, by drawing every so-many-th. Another picture than before raises."""
        some = self.pictures[::every]
        if any(svg(figure, width) != picture for figure, width, picture in some):
            raise AssertionError("a chart drawn again is another one")
        specs = [figure.full_spec(width) for figure, width, _ in some]
        seconds = taken(lambda: [vl_convert.vegalite_to_svg(spec) for spec in specs])
        return seconds * len(self.pictures) / len(some)


def rows() -> list[Row]:
    engine, newest = desk().engine, desk().newest
    engine.score(STORY, newest)
    told = 1000 * taken(lambda: history(engine, STORY, None, newest))
    return [brief("html", told), brief("pdf", told), site()]


def brief(form: Format, told: float) -> Row:
    """told: milliseconds of its story's history."""
    drawn = Drawn()
    with patch("briefs.paper.story.svg", drawn):
        first = made(form)

    def again() -> None:
        if made(form) != first:
            raise AssertionError(f"{STORY}: the same brief has other bytes")

    both = [(taken(again), drawn.again()) for _ in range(TIMES)]
    ours, peer = (1000 * median(values) for values in zip(*both, strict=True))
    note = f"{STORY}, {len(drawn.pictures)} charts; {told:.0f} ms are its history, told anew"
    return Row(f"a brief, {form.upper()}, warm", ours, peer, AGAINST, note=note)


def made(form: Format) -> bytes:
    return making.made(desk(), STORY, form, desk().newest, None, "a4")


def site() -> Row:
    drawn = Drawn()
    found: list[Made] = []
    with tempfile.TemporaryDirectory(prefix="measured-") as folder:
        place = Path(folder) / "site"
        source = Source(day=DAY, only=STORIES)
        with patch("briefs.site.drawing.svg", drawn):
            ours = taken(lambda: found.append(build(source, place, workers=1)))
        check(place, len(drawn.pictures))
    note = (
        f"{len(STORIES)} stories on {DAY}, {found[0].pages} pages, {len(drawn.pictures)} charts, "
        f"every {EVERY}th drawn again"
    )
    return Row("the static pages", 1000 * ours, 1000 * drawn.again(EVERY), AGAINST, note=note)


def check(place: Path, charts: int) -> None:
    """Raises where the pages hold another number of charts, or not the verdicts that the engine gives."""
    if sum(path.read_text("utf-8").count("<svg") for path in place.rglob("*.html")) != charts:
        raise AssertionError("the pages hold other charts than were drawn")
    for story in STORIES:
        page = (place / "story" / f"{story}.html").read_text("utf-8")
        if desk().verdict(story, DAY).identity not in page:
            raise AssertionError(f"{story}: the page has another verdict")


def main() -> int:
    return show(rows())


if __name__ == "__main__":
    raise SystemExit(main())
