"""The address: what a URL of the app, or of its static twin, means.

`/story?story=ID&step=NAME&test=ID&as_of=DATE|latest`, frozen with `&snapshot=N&seal=DIGITS`;
`/walk?chapter=NAME&step=NAME`; `/audit?figure=ID`; `/stories?sort=…&verdicts=…&shelves=…`;
`/train?story=ID&step=NAME&test=ID`, `/train?exercise=ID`, both with `&plan=…`; on every page `as_of`,
`presenter=on`, `words=plain`. Everything that a page shows follows from it, so a copied
address shows the same thing elsewhere. A value that means nothing is replaced by the default, and the reader
is told in one line. Links are written whole; following one makes one entry in the browser's history.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol, get_args

from briefs.training import plan
from evidence.days import day as in_words
from evidence.narrative import Narrative
from evidence.problems import nearest
from evidence.seals import parse_seal
from evidence.trace import Direction

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
LESSON: Mapping[str, str] = {
    "claim": "The claim",
    "tests": "Predict, then see",
    "verdict": "Your verdict",
}
"""The steps of a story as a lesson, by name, in order."""
PARAMETERS = (
    "story", "chapter", "step", "test", "figure", "exercise", "plan", "as_of", "snapshot", "seal",
    "sort", "verdicts", "shelves", "presenter", "words",
)  # fmt: skip
"""What is read of a query. All else in it is somebody else's."""
SORTS = ("shelf", "verdict", "confidence")
"""What the board can be sorted by; the first unless the address says otherwise."""
ON, PLAIN = "on", "plain"
"""What `presenter` and `words` are set to."""
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
    def chapters(self) -> Mapping[str, tuple[str, ...]]: ...

    @property
    def exercise_ids(self) -> tuple[str, ...]: ...

    @property
    def oldest(self) -> date: ...

    @property
    def newest(self) -> date: ...

    @property
    def snapshot(self) -> int: ...


@dataclass(frozen=True)
class Address:
    """Where the reader stands: every field is valid. `faults` says what in the URL was not.

    exercise, plan: of the training, the plan as it stands in a link (briefs/training/plan.py). snapshot, seal: of a
    frozen view of a story (evidence/seals.py), else 0 and empty. sort, verdicts, shelves: how
    the board is set. presenter, words: how every page is shown. (The theme stands in the URL as Streamlit's own
    `embed_options`, which no script sees: briefs/share.py writes it.)
    """

    page: str
    day: date
    latest: bool
    story: str = ""
    chapter: str = ""
    step: str = "claim"
    test: str = ""
    figure: str = ""
    exercise: str = ""
    plan: str = ""
    snapshot: int = 0
    seal: str = ""
    sort: str = SORTS[0]
    verdicts: tuple[str, ...] = ()
    shelves: tuple[str, ...] = ()
    presenter: bool = False
    words: bool = False
    faults: tuple[str, ...] = ()

    @property
    def as_of(self) -> str:
        """The day as the URL writes it."""
        return LATEST if self.latest else self.day.isoformat()

    @property
    def frozen(self) -> bool:
        """Whether the view is one that stays as it is."""
        return bool(self.seal)

    def parameters(self) -> dict[str, str]:
        """The query, in full: what has a default is written too where a link must last."""
        query: dict[str, str] = {}
        if self.page == "story" and self.story:
            query = {"story": self.story, "step": self.step}
            if self.step == "tests" and self.test:
                query["test"] = self.test
        if self.page == "walk" and self.chapter:
            query = {"chapter": self.chapter, "step": self.step}
        if self.page == "audit" and self.figure:
            query = {"figure": self.figure}
        if self.page == "train":
            query = self._lesson()
        query["as_of"] = self.as_of
        if self.page == "story" and self.frozen:
            query |= {"snapshot": str(self.snapshot), "seal": self.seal}
        if self.page == "stories":
            query |= self._board()
        return {**query, **self._shown()}

    def _board(self) -> dict[str, str]:
        found = {
            "sort": "" if self.sort == SORTS[0] else self.sort,
            "verdicts": ",".join(self.verdicts),
            "shelves": ",".join(self.shelves),
        }
        return {name: value for name, value in found.items() if value}

    def _lesson(self) -> dict[str, str]:
        query: dict[str, str] = {}
        if self.exercise:
            query = {"exercise": self.exercise}
        elif self.story:
            query = {"story": self.story, "step": self.step}
            if self.step == "tests" and self.test:
                query["test"] = self.test
        return query | ({"plan": self.plan} if self.plan else {})

    def _shown(self) -> dict[str, str]:
        found = {
            "presenter": ON if self.presenter else "",
            "words": PLAIN if self.words else "",
        }
        return {name: value for name, value in found.items() if value}

    def at(
        self,
        page: str | None = None,
        *,
        story: str | None = None,
        chapter: str | None = None,
        step: str | None = None,
        test: str | None = None,
        figure: str | None = None,
        exercise: str | None = None,
    ) -> "Address":
        """Another place on the same day. A new story begins with its claim, the tests with the first.

        Only the steps of one story can be frozen: elsewhere the newest snapshot is shown.
        """
        changed: dict[str, Any] = {"page": page or self.page, "faults": ()}
        if story is not None and story != self.story:
            changed |= {"story": story, "step": "claim", "test": ""}
        if step is not None:
            changed |= {"step": step, "test": ""}
        named = {"chapter": chapter, "figure": figure, "exercise": exercise, "test": test}
        changed |= {name: value for name, value in named.items() if value is not None}
        if changed["page"] != "story" or "story" in changed:
            changed |= {"snapshot": 0, "seal": ""}
        return replace(self, **changed)

    def on(self, day: date | None) -> "Address":
        """The same place on another day, on the newest snapshot; None is the newest day."""
        return replace(
            self, day=day or self.day, latest=day is None, snapshot=0, seal="", faults=()
        )


def parse(page: str, query: Mapping[str, str], known: Known) -> Address:
    """A page and its query as an address, with a sentence for each value that could not be used."""
    faults: list[str] = []
    day, latest = _day(query.get("as_of"), known, faults)
    here = Address(
        page,
        day,
        latest,
        presenter=_switch(query, "presenter", ON, faults),
        words=_switch(query, "words", PLAIN, faults),
    )
    place = _PLACES.get(page)
    here = place(here, query, known, faults) if place and known.stories else here
    return replace(here, faults=tuple(faults))


def _audit(here: Address, query: Mapping[str, str], known: Known, faults: list[str]) -> Address:
    options, asked = list(known.figures), query.get("figure")
    figure = _choice(asked, options, "figure", faults) if asked and options else ""
    return replace(here, figure=figure)


def _story(here: Address, query: Mapping[str, str], known: Known, faults: list[str]) -> Address:
    story = _choice(query.get("story"), list(known.stories), "story", faults, known.was)
    step = _choice(query.get("step"), list(STEPS), "step", faults)
    tests = [t.id for t in known.stories[story].tests]
    test = _choice(query.get("test"), tests, "test", faults) if step == "tests" else ""
    here = replace(here, story=story, step=step, test=test)
    return _sealed(here, query, known, faults)


def _sealed(here: Address, query: Mapping[str, str], known: Known, faults: list[str]) -> Address:
    """The view as frozen, where the query names a snapshot and a seal; the newest data where it cannot be."""
    if "snapshot" not in query and "seal" not in query:
        return here
    seal = parse_seal(query.get("snapshot"), query.get("seal"), known.snapshot)
    if isinstance(seal, str):
        faults.append(seal)
        return here
    if here.latest:
        faults.append("A frozen link names its day. This one does not. You see the newest data.")
        return here
    return replace(here, snapshot=seal.snapshot, seal=seal.mark)


def _walk(here: Address, query: Mapping[str, str], known: Known, faults: list[str]) -> Address:
    chapter = _choice(query.get("chapter"), list(known.chapters), "chapter", faults)
    asked = query.get("step")
    if asked is not None:
        story, dot, stage = asked.partition(".")
        asked = known.was.get(story, story) + dot + stage
    step = _choice(asked, list(known.chapters[chapter]), "step", faults)
    return replace(here, chapter=chapter, step=step)


def _train(here: Address, query: Mapping[str, str], known: Known, faults: list[str]) -> Address:
    """The training: its first page, a story as a lesson, or an exercise; along a trainer's plan where there is one."""
    items, odd = plan.parse(
        query.get("plan", ""),
        known.stories,
        known.exercise_ids,
        lambda day: known.oldest <= day <= known.newest,
    )
    faults.extend(
        f"The plan in the address has {_quoted(piece)}, which is left out: it is no story or exercise here, or names a day "
        "without data."
        for piece in odd
    )
    here = replace(here, plan=plan.written(items))
    if "exercise" in query and known.exercise_ids:
        exercise = _choice(query["exercise"], list(known.exercise_ids), "exercise", faults)
        return replace(here, exercise=exercise)
    if "story" not in query:
        return here
    story = _choice(query["story"], list(known.stories), "story", faults, known.was)
    step = _choice(query.get("step"), list(LESSON), "step", faults)
    tests = [t.id for t in known.stories[story].tests]
    test = _choice(query.get("test"), tests, "test", faults) if step == "tests" else ""
    return replace(here, story=story, step=step, test=test)


def _stories(here: Address, query: Mapping[str, str], known: Known, faults: list[str]) -> Address:
    shelves = tuple(dict.fromkeys(story.shelf for story in known.stories.values()))
    return replace(
        here,
        sort=_one_of(query, "sort", SORTS, faults) or SORTS[0],
        verdicts=_some_of(query, "verdicts", get_args(Direction), faults),
        shelves=_some_of(query, "shelves", shelves, faults),
    )


_PLACES: Mapping[str, Callable[[Address, Mapping[str, str], Known, list[str]], Address]] = {
    "audit": _audit,
    "story": _story,
    "stories": _stories,
    "walk": _walk,
    "train": _train,
}


def _switch(query: Mapping[str, str], name: str, on: str, faults: list[str]) -> bool:
    return _one_of(query, name, (on,), faults) == on


def _one_of(query: Mapping[str, str], name: str, options: Sequence[str], faults: list[str]) -> str:
    given = query.get(name, "")
    if not given or given in options:
        return given
    faults.append(
        f"The address sets “{name}” to {_quoted(given)}. It takes {_either(options)}; it is left out."
    )
    return ""


def _some_of(
    query: Mapping[str, str], name: str, options: Sequence[str], faults: list[str]
) -> tuple[str, ...]:
    given = [word for word in query.get(name, "").split(",") if word]
    faults.extend(
        f"The address sets “{name}” to {_quoted(word)}. It takes {_either(options)}; it is left out."
        for word in given
        if word not in options
    )
    return tuple(word for word in options if word in given)


def _either(options: Sequence[str]) -> str:
    return f"{', '.join(options[:-1])} or {options[-1]}" if len(options) > 1 else options[0]


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
