"""The note's own figures: as it prints them, as recomputed, and what became of each."""

import streamlit as st

from briefs import figures
from briefs.address import Address
from briefs.desk import Desk
from charts.tally import MARKS
from evidence.audit import (
    STATUSES,
    FigureTrace,
    ReadingTrace,
    Status,
    each_day_line,
    fit,
    known,
    summary,
)
from evidence.days import day
from walkthrough import address, wordmarks
from walkthrough.desk import desk
from walkthrough.drawing import look, show
from walkthrough.place import Place
from walkthrough.prose import para, plain

PLACE = Place(36, "The note’s figures")
WIDTHS = [30, 12, 14, 16, 34]
READING = [46, 32, 22]
HEADS = ("The note prints", "As printed", "As recomputed", "Status", "What we find")
NOTHING = "–"


def draw() -> None:
    """The page."""
    found = desk()
    here = address.read("audit", found)
    st.title("The note’s own figures", anchor=False)
    if found.sheet is None:
        st.markdown("The figures could not be read. The page *Data* says what is wrong.")
        return
    note = found.sheet.note
    if here.day < note.on:
        para(
            f"The note is of {note.on:%B %Y}. On {day(here.day)} there was nothing yet to recompute."
        )
        return
    made = found.audit(here.day)
    with st.container(key="rare"):
        para(summary(made))
    para(
        f"Each figure is recomputed from public data as known on {day(made.then)}, when the note was out, and as known on "
        f"{day(made.today)}. The first reading is what the words of the note mean; the others are other definitions. "
        "Open a row for its picture and its readings."
    )
    st.caption(" · ".join(mark(status) for status in STATUSES))
    if here.figure:
        st.markdown(f"Opened: [{plain(made.figure(here.figure).title)}](#{here.figure})")
    _heads()
    for figure in made.figures:
        _row(found, here, figure)


def mark(status: Status) -> str:
    """A status as shape, word and colour."""
    shape, colour = wordmarks.SHAPES[MARKS[status]]
    return f":{colour}[**{shape}\N{NO-BREAK SPACE}{STATUSES[status]}**]"


def _heads() -> None:
    with st.container(key="heads-figures"):
        for column, title in zip(st.columns(WIDTHS), HEADS, strict=True):
            column.caption(title)


def _row(found: Desk, here: Address, figure: FigureTrace) -> None:
    opened = here.figure == figure.id
    with st.container(key=f"audited-{figure.id}-{'open' if opened else 'shut'}"):
        title, printed, recomputed, status, says = st.columns(WIDTHS)
        with title.container(key=f"titled-{figure.id}", gap="xxsmall"):
            address.link(
                f"**{plain(figure.title)}**",
                here.at(figure="" if opened else figure.id),
                icon=":material/expand_less:" if opened else ":material/expand_more:",
                icon_right=True,
            )
            st.caption(plain(f"“{figure.quote}”"))
        printed.markdown(plain(figure.printed) if figure.printed_amount else "in words")
        recomputed.markdown(plain(figure.recomputed or NOTHING))
        status.markdown(mark(figure.status))
        says.markdown(plain(figure.sentence))
        if opened:
            _opened(found, here, figure)


def _opened(found: Desk, here: Address, figure: FigureTrace) -> None:
    st.header("How it can be read", anchor=figure.id)
    drawn = []
    for reading in figures.pictured(figure):
        asked = found.asked(figure.id, reading.id)
        picture = figures.reading(found, asked, reading.taken.as_of, look()) if asked else None
        if picture is not None:
            drawn.append((reading, picture))
    if drawn:
        columns = st.columns(len(drawn), gap="medium")
        for number, (column, (reading, picture)) in enumerate(zip(columns, drawn, strict=True)):
            with column:
                st.caption(plain(reading.definition))
                show(picture, f"{figure.id}-{number}")
    for reading in figure.readings:
        _reading(reading)
    if figure.needs:
        para(f"To check it, bring: {figure.needs}")
    where = f"In the note under “{figure.where}”."
    if figure.vintage is not None and figure.vintage_quality is not None:
        quality = figure.vintage_quality.replace("_", " ")
        where += f" As recomputed: {figure.definition}, as known on {day(figure.vintage)} ({quality} data)."
    if figure.private_data:
        where += " Data that you brought take part."
    st.caption(plain(where))
    stories = dict.fromkeys(r.story for r in figure.readings if r.story in found.stories)
    with st.container(horizontal=True, gap="small"):
        for story in stories:
            if story is not None:
                address.link(
                    f"The story: {plain(found.stories[story].title)}", here.at("story", story=story)
                )


def _reading(reading: ReadingTrace) -> None:
    """One reading: its definition, its value on both days, whether it fits."""
    with st.container(key=f"reading-{reading.id}"):
        definition, value, fits = st.columns(READING, gap="small")
        with definition.container(gap="xxsmall"):
            st.markdown(plain(reading.definition))
            if reading.each_day is not None:
                st.caption(plain(each_day_line(reading.each_day)))
        value.markdown(plain(known(reading)))
        fits.markdown(plain(fit(reading)))


if __name__ == "__main__":
    draw()
