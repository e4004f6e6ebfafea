"""The questions asked one after the other, by whatever can show a text and take an answer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from evidence.catalogue import Series as Entry
from evidence.drafting.answers import fault, lines
from evidence.drafting.draft import Draft, DraftEvent, DraftLeg, DraftSaid, DraftTest
from evidence.drafting.questions import STAGES, Question, Stage, question
from evidence.drafting.series import found, matching
from evidence.drafting.suggest import kinds_for, prefilled, slug, title, usual
from evidence.kinds import is_fact
from evidence.library import Library
from evidence.observations import View
from evidence.problems import listed
from evidence.quantity import level

MOST_TESTS = 24
MOST_FOUND = 9
"""How many of the series that a search finds are listed."""
WANTED_TESTS = 3
_YES = {"yes": True, "y": True, "no": False, "n": False}


@dataclass(frozen=True)
class Conversation:
    """Asks everything and makes a draft of it.

    say: shows a line. hear: takes an answer to a short prompt; an empty one takes the suggestion that it
    was given. view, library: what there is. today: the suggestion for the day on which thresholds are set. name: the one for the
    story's id, where its file has a name already.
    """

    say: Callable[[str], None]
    hear: Callable[[str, str], str]
    view: View
    library: Library
    today: date
    name: str = ""

    def draft(self) -> Draft:
        """All questions, in order."""
        self._stage("claim")
        claim = self._ask("claim")
        found = Draft(
            claim=claim,
            mechanism=self._ask("mechanism"),
            title=self._ask("title", suggestion=title(claim)),
            id=self._ask("id", suggestion=self.name or slug(claim)),
        )
        self._stage("event")
        event = self._event()
        anchor = event.event_is.date if event.event_is else self.library.events[event.event].date
        assert anchor is not None
        self._stage("tests")
        tests = self._tests(anchor)
        self._stage("rivals")
        rivals = lines(self._ask("rivals"))
        tests = self._expectations(tests, rivals)
        self._stage("wrong")
        confounders, cannot_tell = (self._list(name) for name in ("confounders", "cannot-tell"))
        self._stage("said")
        said = DraftSaid(
            who=self._ask("said-who"),
            where=self._ask("said-where"),
            on=date.fromisoformat(self._ask("said-on")),
        )
        set_on = self._ask("thresholds-set", suggestion=self.today.isoformat())
        return found.model_copy(
            update={
                "event": event.event,
                "event_is": event.event_is,
                "tests": tests,
                "rivals": rivals,
                "confounders": confounders,
                "cannot_tell": cannot_tell,
                "said": (said,),
                "thresholds_set": date.fromisoformat(set_on),
            }
        )

    def chosen(self, prompt: str, count: int) -> tuple[int, ...]:
        """Some of `count` numbered things, from 0; an empty answer takes none."""
        while True:
            words = self.hear(prompt, "").replace(",", " ").split()
            if all(word.isdecimal() and 1 <= int(word) <= count for word in words):
                return tuple(dict.fromkeys(int(word) - 1 for word in words))
            self.say(f"  Write numbers from 1 to {count}, or nothing.")

    # -- one question ------------------------------------------------------------------------------

    def _stage(self, stage: Stage) -> None:
        self.say("")
        self.say(STAGES[stage])
        self.say("-" * len(STAGES[stage]))

    def _ask(
        self,
        question_id: str,
        *,
        suggestion: str = "",
        test: DraftTest | None = None,
        note: str = "",
    ) -> str:
        """The answer to a question, asked again until it can be taken."""
        asked = question(question_id)
        self._show(asked, note)
        while True:
            answer = self.hear("", suggestion).strip()
            why = fault(asked, answer, self.view.catalogue, self.library, test)
            if why is None:
                return answer
            self.say(f"  {why}")

    def _show(self, asked: Question, note: str) -> None:
        self.say("")
        self.say(asked.ask)
        self.say(f"  {asked.help}")
        self.say(f"  For example: {asked.good}")
        if note:
            self.say(f"  {note}")
        if not asked.needed:
            self.say("  (may be left empty)")

    def _list(self, question_id: str) -> tuple[str, ...]:
        """Answers until an empty one."""
        self._show(question(question_id), "One answer each; an empty one ends the list.")
        found: list[str] = []
        while answer := self.hear("", "").strip():
            why = fault(question(question_id), answer, self.view.catalogue, self.library)
            if why is None:
                found.append(answer)
            else:
                self.say(f"  {why}")
        return tuple(found)

    def _agreed(self, prompt: str, *, suggestion: bool) -> bool:
        while True:
            answer = self.hear(f"{prompt} (yes or no)", "yes" if suggestion else "no").strip()
            if answer.lower() in _YES:
                return _YES[answer.lower()]
            self.say("  Write yes or no.")

    # -- stages ------------------------------------------------------------------------------------

    def _event(self) -> Draft:
        there = listed((f"`{name}`" for name in self.library.events), "or")
        name = self._ask("event", note=f"There are: {there}." if there else "")
        if name in self.library.events:
            return Draft(event=name)
        told = DraftEvent(
            name=self._ask("event-name"),
            date=date.fromisoformat(self._ask("event-date")),
            question=self._ask("event-question"),
            background=self._ask("event-background"),
        )
        return Draft(event=name, event_is=told)

    def _tests(self, anchor: date) -> tuple[DraftTest, ...]:
        found: list[DraftTest] = []
        while len(found) < MOST_TESTS:
            self.say("")
            self.say(f"Test {len(found) + 1}")
            found.append(self._test(anchor, {test.id for test in found}))
            more = len(found) < WANTED_TESTS
            note = f" A story needs {WANTED_TESTS}." if more else ""
            if not self._agreed(f"Another test?{note}", suggestion=more):
                break
        return tuple(found)

    def _test(self, anchor: date, taken: set[str]) -> DraftTest:
        heading = self._ask("test-title")
        name = slug(heading)
        if name in taken:
            name = f"{name}-{len(taken) + 1}"
        test = DraftTest(id=name, title=heading, series=self._series())
        catalogue = self.view.catalogue
        kinds = kinds_for(test.series, catalogue)
        fitting = f"What fits the series: {listed(kinds, 'or')}."
        test = self._with(test, kind=self._ask("test-kind", suggestion=kinds[0], test=test, note=fitting))  # fmt: skip
        suits = prefilled(test.kind, test.series, catalogue)
        if test.kind == "falls_together":
            test = self._with(test, legs=self._legs(), series="")
        else:
            test = self._with(test, direction=self._ask("test-direction", suggestion="down"))
        test = self._with(test, **self._when(test, suits.window))
        usually = usual(test, self.view, anchor)
        size = self._ask("test-at-least", test=test, note=usually.words if usually else "")
        return self._with(
            test,
            at_least=size,
            matters_why=self._ask("test-matters-why"),
            role=self._ask("test-role", suggestion="straw_in_the_wind"),
            grade=self._grade(suits.grade),
            why=self._ask("test-why"),
            caveat=self._ask("test-caveat"),
        )

    def _grade(self, suits: str) -> str:
        """`proxy`, or the grade that the data have by themselves; empty where that is `direct`."""
        given = self._ask("test-grade", suggestion="direct") if suits == "direct" else suits
        return "" if given == "direct" else given

    def _with(self, test: DraftTest, **answers: Any) -> DraftTest:
        return DraftTest.model_validate({**dict(test), **answers})

    def _when(self, test: DraftTest, window: str) -> dict[str, Any]:
        """The window, or the days of a fact."""
        if not is_fact(test.kind):
            return {"after": self._ask("test-window", suggestion=window, test=test)}
        if test.kind == "reaches":
            return {name: self._ask(f"test-{name}") for name in ("since", "until")}
        days = {"on": self._ask("test-on")}
        return {**days, "of": self._ask("test-of")} if test.kind == "record" else days

    def _series(self) -> str:
        """A series by its id, or from what a search finds; only those that some kind can read."""
        catalogue = self.view.catalogue

        def readable(entry: Entry) -> bool:
            return bool(kinds_for(entry.id, catalogue))

        self._show(question("test-series"), "")
        while True:
            answer = self.hear("", "").strip()
            if answer in catalogue.series and readable(catalogue.series[answer]):
                return answer
            names = matching(self.view, answer, readable) if answer else ()
            if not names:
                self.say(
                    "  Nothing has all of these words; try fewer or others, such as `custody` or `net purchases`."
                )
                continue
            hits = [found(self.view, name).row for name in names[:MOST_FOUND]]
            for place, row in enumerate(hits, 1):
                last = (
                    ""
                    if row.last_value is None
                    else f", last {level(row.last_value, row.unit)} ({row.last})"
                )
                self.say(f"  {place}. {row.title}: {row.frequency}{last} [{row.id}]")
            if len(names) > len(hits):
                self.say(
                    f"  {len(names) - len(hits):,} more have these words; more words find fewer."
                )
            picked = self.hear("Its number, or nothing to search again", "").strip()
            if picked.isdecimal() and 1 <= int(picked) <= len(hits):
                return hits[int(picked) - 1].id

    def _legs(self) -> tuple[DraftLeg, ...]:
        self._show(question("test-legs"), "")
        while True:
            legs = [part.split() for part in self.hear("", "").replace(";", ",").split(",")]
            series = self.view.catalogue.series
            if len(legs) >= 2 and all(
                len(leg) == 2 and leg[0] in series and leg[1] in ("up", "down") for leg in legs
            ):
                return tuple(
                    DraftLeg.model_validate({"series": name, "direction": way})
                    for name, way in legs
                )
            self.say("  Write two series or more, each with up or down, and commas between them.")

    def _expectations(
        self, tests: tuple[DraftTest, ...], rivals: tuple[str, ...]
    ) -> tuple[DraftTest, ...]:
        if not rivals:
            return tests
        self._show(question("rivals-expect"), "")
        told = []
        for test in tests:
            expected = {rival: self._expected(test, rival) for rival in rivals}
            told.append(self._with(test, rivals_expect=expected))
        return tuple(told)

    def _expected(self, test: DraftTest, rival: str) -> str:
        options = ("consistent", "inconsistent", "neutral")
        while True:
            answer = self.hear(f"{test.id}, by {rival}", "neutral").strip()
            if answer in options:
                return answer
            self.say(f"  Write {listed(options, 'or')}.")
