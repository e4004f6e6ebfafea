"""What became of a visitor's text, as the app takes it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from briefs.drafted import figure
from briefs.sandbox import limits
from briefs.sandbox.forks import End
from charts.figure import Figure
from evidence.controls import Check
from evidence.problems import Problem
from evidence.trace import Verdict

Code = Literal["long", "refused", "slow", "much", "busy", "ours"]
KB = 1024
SENTENCES: Mapping[str, str] = {
    "slow": f"Stopped after {limits.SECONDS:.0f} seconds, which is as long as a story may take.",
    "much": "Stopped: this needs more memory than a story may take.",
    "busy": "Many stories are being read just now. Try again in a few seconds.",
    "ours": "No answer came, and the fault is ours. Your text is as it was; try again.",
}


class Figures(Mapping[str, Figure]):
    """Figures by their test, each made of its document once it is looked at: that takes the app longer than all else of a reply."""

    def __init__(self, documents: Mapping[str, Any]) -> None:
        self._documents = documents
        self._made: dict[str, Figure] = {}

    def __getitem__(self, test: str) -> Figure:
        if test not in self._made:
            self._made[test] = figure(self._documents[test])
        return self._made[test]

    def __contains__(self, test: object) -> bool:
        return test in self._documents

    def __iter__(self) -> Iterator[str]:
        return iter(self._documents)

    def __len__(self) -> int:
        return len(self._documents)


@dataclass(frozen=True)
class Fault:
    """Why there is no answer, or not the whole of it.

    long: the text is. refused: it would take too long to score, by the estimate. slow, much: it took more time or
    memory than a story may. busy: too many others. ours: something broke.
    """

    code: Code
    sentence: str


@dataclass(frozen=True, eq=False)
class Found:
    """What became of a text.

    problems: what is wrong with it, by line and column. id, event: its story's, where it can be scored; empty where
    not. text: of answers, the YAML that they make; left_out: what could not be worked out for it.
    fault: why this is not whole. Where it was scored: the verdict, by test its picture and the event's place
    among earlier windows, every way of asking, what lint says of its data, and its cases and controls, of which
    `left` were not run for want of time.
    """

    problems: tuple[Problem, ...] = ()
    id: str = ""
    event: str = ""
    text: str = ""
    left_out: tuple[str, ...] = ()
    fault: Fault | None = None
    verdict: Verdict | None = None
    pictures: Mapping[str, Figure] = field(default_factory=dict)
    places: Mapping[str, Figure] = field(default_factory=dict)
    curve: Figure | None = None
    findings: tuple[Problem, ...] = ()
    checks: tuple[Check, ...] = ()
    left: int = 0

    @property
    def sound(self) -> bool:
        """Whether the text is a story that can be scored: it may have warnings, but no error."""
        return bool(self.id)


def fault(code: Code) -> Fault:
    """One of the faults that are the same for every text."""
    return Fault(code, SENTENCES[code])


def too_long(size: int) -> Found:
    """What is said of a text of so many bytes, which nobody reads."""
    told = f"This text holds {size / KB:,.0f} kB; a story that is written here holds at most {limits.LONGEST // KB} kB."
    return Found(fault=Fault("long", told))


def replied(end: End, said: bytes) -> Found:
    """What a child said, put together; a line that it did not finish is left out."""
    whole = assembled(
        json.loads(line) for line in said.splitlines(keepends=True) if line[-1:] == b"\n"
    )
    if end == "done" or (end == "slow" and whole.left):  # nothing but checks was left
        return whole
    return replace(whole, fault=fault(end))


def assembled(documents: Iterable[Mapping[str, Any]]) -> Found:
    """The documents of `briefs.drafted`, put together."""
    given: dict[str, Any] = {"pictures": {}, "places": {}}
    findings: list[Problem] = []
    checks: list[Check] = []
    for one in documents:
        if "problems" in one:
            given["problems"] = tuple(Problem(**problem) for problem in one["problems"])
            given |= {"id": one["id"], "event": one["event"]}
        elif "text" in one:
            given |= {"text": one["text"], "left_out": tuple(one["left_out"])}
        elif "refused" in one:
            given["fault"] = Fault("refused", one["refused"])
        elif "verdict" in one:
            given["verdict"] = Verdict.model_validate_json(json.dumps(one["verdict"]))
        elif "picture" in one:
            given["pictures"][one["test"]] = one["picture"]
        elif "place" in one:
            given["places"][one["test"]] = one["place"]
        elif "curve" in one:
            given["curve"] = figure(one["curve"])
        elif "finding" in one:
            findings.append(Problem(**one["finding"]))
        elif "check" in one:
            checks.append(Check(**one["check"]))
        elif "to_check" in one:
            given["left"] = one["to_check"]
    given["left"] = given.get("left", 0) - len(checks)
    given |= {name: Figures(given[name]) for name in ("pictures", "places")}
    return Found(**given, findings=tuple(findings), checks=tuple(checks))
