"""Every series: what it is, how fresh, who publishes it, under which licence, and which stories read it."""

import pandas as pd
import streamlit as st

from briefs.address import Address
from briefs.desk import Desk
from charts.values import value_text
from evidence import calendar
from evidence.days import day
from evidence.problems import Problem
from evidence.shelf import SeriesRow, rows
from walkthrough import address, refreshing, sources
from walkthrough.desk import desk
from walkthrough.place import Place
from walkthrough.prose import address_of, plain

PLACE = Place(40, "Data")
FRESH = {
    "fresh": "fresh",
    "overdue": "overdue",
    "stale": "stale",
    "closed": "not scheduled",
    "not_held": "not held",
}
QUALITY = {
    "recorded": "recorded: what was printed that day",
    "reconstructed": "reconstructed: today’s value, dated by the release rule",
    "latest_only": "latest value only",
}
LICENCE = {
    "open": "open",
    "licensed": "licensed; you bring it",
    "quoted": "quoted from print",
}
SPARK = 120


def draw() -> None:
    """The page."""
    found = desk()
    here = address.read("data", found)
    st.title("The data", anchor=False)
    view = found.view(here.day)
    every = rows(view, found.stories.values())
    used = [row for row in every if row.used_in]
    brought = [row for row in every if row.licence == "licensed" and row.observations]
    st.markdown(
        f"The stories rest on {len(used)} series; {len(every)} are in the catalogue. "
        "What is shipped is public: from official publishers, or quoted from print with its source. "
        + (
            f"{len(brought)} licensed series are yours: they stay on this machine, and verdicts that use them say so."
            if brought
            else "Licensed series are only named; their values are not shipped."
        )
    )
    sources.tell(found)
    everything = st.toggle("Show series that no story reads yet", key="every-series")
    shown = every if everything else used
    st.dataframe(
        pd.DataFrame([_row(found, here, row) for row in shown]),
        hide_index=True,
        alt="Every series with its last value, freshness and source",
        column_config={
            "Series": st.column_config.TextColumn(pinned=True, width=270),
            "Course": st.column_config.LineChartColumn("Of late", width="small"),
        },
        height="content" if len(shown) < 60 else 620,
    )
    st.header("One series", anchor=False)
    by_id = {row.id: row for row in shown}
    chosen = st.selectbox(
        "Which series?", list(by_id), format_func=lambda name: by_id[name].title, key="one-series"
    )
    if chosen in by_id:
        _detail(found, here, by_id[chosen])
    if found.store.private_fault:
        st.warning(plain(f"{found.store.private_fault.capitalize()}."))
    refreshing.section()
    _problems(found)


def _row(found: Desk, here: Address, row: SeriesRow) -> dict[str, object]:
    series = found.view(here.day).series(row.id) if row.observations else None
    return {
        "Series": row.title,
        "Course": [float(v) for v in series.latest[-SPARK:]] if series is not None else None,
        "Last value": _value(found, row),
        "Unit": row.unit,
        "Last period": day(row.last) if row.last else "",
        "Last release": _released(row),
        "Next release": day(row.next_release) if row.next_release else "",
        "Freshness": FRESH[row.freshness],
        "Vintage": row.vintage_quality.replace("_", " "),
        "Licence": _licence(row),
        "Publisher": row.publisher,
        "Used in": ", ".join(found.stories[s].title for s in row.used_in if s in found.stories),
        "Citation": row.citation,
    }


def _licence(row: SeriesRow) -> str:
    """The licence, or that the reader brought the data and what they say of them."""
    if not row.brought:
        return LICENCE[row.licence]
    return f"licensed, brought by you: {row.note}" if row.note else "licensed, brought by you"


def _released(row: SeriesRow) -> str:
    """The New York day on which the newest figure became known."""
    if row.known_at is None:
        return ""
    return day(calendar.new_york_day(calendar.seconds(row.known_at)))


def _value(found: Desk, row: SeriesRow) -> str:
    if row.last_value is None:
        return ""
    return value_text(float(row.last_value), found.store.catalogue.series[row.id])


def _detail(found: Desk, here: Address, row: SeriesRow) -> None:
    st.subheader(plain(row.title), anchor=False)
    last = "nothing by then"
    if row.last is not None:
        value = _value(found, row)
        unit = "" if row.unit in value else f", in {row.unit}"
        last = f"{value} for {day(row.last)}{unit}"
    facts = {
        "Last value": plain(last),
        "Last release": _released(row) or "none by then",
        "Next release": day(row.next_release) if row.next_release else "none is due",
        "Freshness": FRESH[row.freshness],
        "Vintage": QUALITY[row.vintage_quality],
        "Observations": f"{row.observations:,}" + (f", from {day(row.first)}" if row.first else ""),
        "Publisher": plain(row.publisher),
        "Licence": plain(f"{_licence(row)}. {row.terms}".strip()),
        "Citation": plain(row.citation),
        "Address": address_of(row.url),
        "Known faults": plain(row.faults) or "none noted",
    }
    with st.container(key="detail"):
        st.table(facts, border="horizontal")
    if row.used_in:
        with st.container(horizontal=True, gap="small"):
            st.markdown("Used in:", width="content")
            for story in row.used_in:
                if story in found.stories:
                    address.link(plain(found.stories[story].title), here.at("story", story=story))


def _problems(found: Desk) -> None:
    """What was wrong in the library: a broken story is left out and named here, and takes no page down."""
    errors = [p for p in found.library.problems if p.severity == "error"]
    notes = [p for p in found.library.problems if p.severity != "error"]
    if errors:
        st.header("Stories that could not be read", anchor=False)
        st.markdown("\n".join(_line(problem) for problem in errors))
    if notes:
        with st.expander("Notes on the stories’ files", type="compact"):
            st.markdown("\n".join(_line(problem) for problem in notes))


def _line(problem: Problem) -> str:
    where = f"{plain(problem.file)}, line {problem.line}, column {problem.column}"
    return f"- {where}: {plain(problem.message)}"


if __name__ == "__main__":
    draw()
