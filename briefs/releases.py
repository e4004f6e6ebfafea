"""The releases to come that the stories to watch wait for, by day."""

from dataclasses import dataclass
from datetime import date

from briefs.desk import Desk
from evidence.days import day as in_words
from evidence.shelf import row
from evidence.wording import first_up, listed


@dataclass(frozen=True)
class Due:
    """A day, the releases expected on it, and the titles of the stories that read them."""

    on: date
    names: tuple[str, ...]
    stories: tuple[str, ...]

    @property
    def says(self) -> str:
        """The releases and whose they are: `Cross-border flows (TIC), for “…” and “…”`."""
        titles = listed([f"“{title}”" for title in self.stories])
        return f"{first_up(listed(self.names))}, for {titles}."

    @property
    def sentence(self) -> str:
        """The same with its day."""
        return f"{in_words(self.on)}: {self.says}"


@dataclass(frozen=True)
class Coming:
    """What is due, by day, and the releases that were due before and are not in the data."""

    due: tuple[Due, ...]
    late: tuple[str, ...]


def coming(desk: Desk, day: date) -> Coming:
    """The next release of each series that the stories to watch read, as expected on a day."""
    view, catalogue = desk.view(day), desk.store.catalogue
    users: dict[str, dict[str, None]] = {}
    for story in desk.stories.values():
        if story.shelf == "watch":
            for test in story.tests:
                for name in test.reads:
                    users.setdefault(name, {})[story.title] = None
    days: dict[date, dict[str, dict[str, None]]] = {}
    late: dict[str, None] = {}
    for name, titles in users.items():
        on = row(view, name, ()).next_release
        release = catalogue.releases[catalogue.series[name].release].name
        if on is None:
            continue
        if on < day:
            late[release] = None
        else:
            days.setdefault(on, {}).setdefault(release, {}).update(titles)
    due = [
        Due(on, tuple(found), tuple(dict.fromkeys(t for own in found.values() for t in own)))
        for on, found in sorted(days.items())
    ]
    return Coming(tuple(due), tuple(late))
