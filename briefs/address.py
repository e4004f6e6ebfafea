"""The address: what a URL of the app, or of its static twin, means.

`/story?story=ID&step=NAME&test=ID&as_of=DATE|latest`, `/audit?figure=ID`, on every page `as_of`. Everything that a page
shows follows from it, so a copied address shows the same thing elsewhere. A value that means nothing
is replaced by the default, and the reader is told in one line. Links are written whole; following one
makes one entry in the browser's history.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from evidence.days import day as in_words
from evidence.narrative import Narrative
from evidence.problems import nearest

LATEST = "latest"
STEPS: Mapping[str, str] = {
    "claim": "The claim",
    "predictions": "What we would see",
    "tests": "The tests",
    "rivals": "The rivals",
    "verdict": "The verdict",
    "change": "What would change it",
}
"""The steps of a story by name, in order. The names are in links: never rename one."""
PARAMETERS = ("story", "step", "test", "figure", "as_of")
_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_LONGEST = 40


class Known(Protocol):
    """What an address is checked against (briefs/desk.py)."""

    @property
    def stories(self) -> Mapping[str, Narrative]: ...

    @property
    def was(self) -> Mapping[str, str]: ...

    @property
    def figures(self) -> tuple[str, ...]: ...

    @property
    def oldest(self) -> date: ...

    @property
    def newest(self) -> date: ...


@dataclass(frozen=True)
class Address:
    """Where the reader stands: every field is valid. `faults` says what in the URL was not."""

    page: str
    day: date
    latest: bool
    story: str = ""
    step: str = "claim"
    test: str = ""
    figure: str = ""
    faults: tuple[str, ...] = ()

    @property
    def as_of(self) -> str:
        """The day as the URL writes it."""
        return LATEST if self.latest else self.day.isoformat()

    def parameters(self) -> dict[str, str]:
        """The query, in full."""
        query: dict[str, str] = {}
        if self.page == "story" and self.story:
            query = {"story": self.story, "step": self.step}
            if self.step == "tests" and self.test:
                query["test"] = self.test
        if self.page == "audit" and self.figure:
            query = {"figure": self.figure}
        return {**query, "as_of": self.as_of}

    def at(
        self,
        page: str | None = None,
        *,
        story: str | None = None,
        step: str | None = None,
        test: str | None = None,
        figure: str | None = None,
    ) -> "Address":
        """Another place on the same day. A new story begins with its claim, the tests with the first."""
        changed = replace(self, page=page or self.page, faults=())
        if story is not None and story != self.story:
            changed = replace(changed, story=story, step="claim", test="")
        if step is not None:
            changed = replace(changed, step=step, test="")
        if figure is not None:
            changed = replace(changed, figure=figure)
        return replace(changed, test=test) if test is not None else changed

    def on(self, day: date | None) -> "Address":
        """The same place on another day; None is the newest."""
        return replace(self, day=day or self.day, latest=day is None, faults=())


def parse(page: str, query: Mapping[str, str], known: Known) -> Address:
    """A page and its query as an address, with a sentence for each value that could not be used."""
    faults: list[str] = []
    day, latest = _day(query.get("as_of"), known, faults)
    if page == "audit":
        options = list(known.figures)
        asked = query.get("figure")
        figure = _choice(asked, options, "figure", faults) if asked and options else ""
        return Address(page, day, latest, figure=figure, faults=tuple(faults))
    if page != "story" or not known.stories:
        return Address(page, day, latest, faults=tuple(faults))
    story = _choice(query.get("story"), list(known.stories), "story", faults, known.was)
    step = _choice(query.get("step"), list(STEPS), "step", faults)
    test = ""
    if step == "tests":
        test = _choice(
            query.get("test"), [t.id for t in known.stories[story].tests], "test", faults
        )
    return Address(page, day, latest, story, step, test, faults=tuple(faults))


def _day(given: str | None, known: Known, faults: list[str]) -> tuple[date, bool]:
    newest = known.newest
    if given is None or given == LATEST:
        return newest, True
    asked: date | None = None
    if _DATE.match(given):
        try:
            asked = date.fromisoformat(given)
        except ValueError:
            asked = None
    if asked is None:
        faults.append(
            f"The address asks for the day {_quoted(given)}, which is not a date of the form YYYY-MM-DD. You see the newest data."
        )
    elif asked > newest:
        faults.append(
            f"The data end with the release of {in_words(newest)}, before {in_words(asked)}. You see the newest data."
        )
    elif asked < known.oldest:
        faults.append(
            f"The first data were known on {in_words(known.oldest)}, after {in_words(asked)}. You see the newest data."
        )
    else:
        return asked, False
    return newest, True


def _choice(
    given: str | None,
    options: list[str],
    what: str,
    faults: list[str],
    was: Mapping[str, str] | None = None,
) -> str:
    if given is None:
        return options[0]
    name = (was or {}).get(given, given)
    if name in options:
        return name
    close = nearest(given, options).strip("`")
    meant = f" Did you mean “{close}”?" if close else ""
    faults.append(f"There is no {what} {_quoted(given)}. You see the first one.{meant}")
    return options[0]


def _quoted(text: str) -> str:
    cut = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return f"“{cut}”"
