"""Sources that cannot be read at present: since when, and of which day the figures are that stand in."""

from dataclasses import dataclass
from datetime import date

import streamlit as st

from briefs.desk import Desk
from evidence import calendar
from evidence.days import day as in_words
from evidence.fetches import Failing, down
from walkthrough.prose import plain


@dataclass(frozen=True)
class Outage:
    """A publisher's series that cannot be read now, since a day, and the day of the last good figures."""

    publisher: str
    since: date
    good: date | None
    series: tuple[str, ...]

    @property
    def words(self) -> str:
        """What a reader has to know of it."""
        told = f"{self.publisher}: not readable since {in_words(self.since)}"
        if self.good is None:
            return f"{told}."
        return f"{told}. The last good data are of {in_words(self.good)}."


def tell(desk: Desk, story: str | None = None) -> None:
    """One box with the outages that concern a story, or any story; nothing where there are none."""
    found = [plain(outage.words) for outage in outages(desk, story)]
    if found:
        lines = found[0] if len(found) == 1 else "\n".join(f"- {words}" for words in found)
        st.info(lines, icon=":material/cloud_off:")


def outages(desk: Desk, story: str | None = None) -> list[Outage]:
    """The outages that concern a story, or any story; by publisher."""
    failing = down(desk.store.folder)
    view = desk.view(desk.newest)
    used = {
        file
        for name, stories in desk.used.items()
        if story is None or story in stories
        for file in view.catalogue.files(name)
    }
    found: dict[str, list[tuple[str, Failing]]] = {}
    for name in sorted(used & set(failing)):
        publisher = view.catalogue.series[name].publisher
        found.setdefault(publisher, []).append((name, failing[name]))
    return [
        Outage(
            publisher,
            min(date.fromisoformat(told.since) for _, told in rows),
            _last(desk, [name for name, _ in rows]),
            tuple(name for name, _ in rows),
        )
        for publisher, rows in found.items()
    ]


def _last(desk: Desk, names: list[str]) -> date | None:
    """The day on which the newest figure of these series became known."""
    view = desk.view(desk.newest)
    known = [int(view.series(name).known.max()) for name in names if len(view.series(name))]
    return calendar.new_york_day(max(known)) if known else None
