"""The rules of a narrative that need more than one field or file. Each has a code and one small function.

A rule yields findings by path; `evidence.reading` and `evidence.library` put them at their place in
the text. They lie in three modules, by what a rule looks at: one test, one narrative, the whole library. Here are
their codes, and what runs them.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from evidence.catalogue import Catalogue
from evidence.kinds.base import TestBase
from evidence.lint import rules_of_libraries, rules_of_narratives, rules_of_tests
from evidence.lint.places import Findings
from evidence.lint.rules_of_libraries import Known
from evidence.narrative import Controls, Event, Narrative
from evidence.problems import Finding, shown

__all__ = [
    "RULES",
    "Findings",
    "Known",
    "Rules",
    "controls",
    "event",
    "file_name",
    "library",
    "narrative",
    "one_test",
    "own_name",
]

TestRule = Callable[[TestBase, Catalogue], Findings]
NarrativeRule = Callable[[Narrative, Catalogue], Findings]
LibraryRule = Callable[[Narrative, Known], Findings]


@dataclass(frozen=True)
class Rules:
    """Every rule by its code. A rule of a test's series runs only where the catalogue has them all."""

    test: dict[str, TestRule] = field(default_factory=dict)
    series: dict[str, TestRule] = field(default_factory=dict)
    narrative: dict[str, NarrativeRule] = field(default_factory=dict)
    library: dict[str, LibraryRule] = field(default_factory=dict)


RULES = Rules(
    test={
        "unknown-series": rules_of_tests.unknown_series,
        "vary": rules_of_tests.varied,
        "same-series": rules_of_tests.same_series,
        "window-side": rules_of_tests.window_side,
        "at-most": rules_of_tests.at_most_is_read,
        "cannot-fail": rules_of_tests.can_fail,
        "date-order": rules_of_tests.dates_in_order,
        "count": rules_of_tests.counts,
        "hoop-on-quoted": rules_of_tests.hoop_on_quoted,
        "rival-expects": rules_of_tests.rival_expectation,
    },
    series={
        "kind-series": rules_of_tests.kind_fits_series,
        "sum-series": rules_of_tests.sums_fit_series,
        "one-unit": rules_of_tests.one_unit,
        "period-end": rules_of_tests.days_end_periods,
        "window-frequency": rules_of_tests.window_fits_series,
        "window-min": rules_of_tests.window_least,
        "legs-frequency": rules_of_tests.legs_together,
        "unit": rules_of_tests.unit,
        "grade": rules_of_tests.quoted_grade,
        "licensed": rules_of_tests.licensed,
    },
    narrative={
        "duplicate-test": rules_of_narratives.duplicate_tests,
        "part": rules_of_narratives.parts_declared,
        "checks": rules_of_narratives.checks,
        "rival": rules_of_narratives.rivals,
        "rivals-expect": rules_of_narratives.rivals_expect,
        "condition": rules_of_narratives.conditions,
        "source-group": rules_of_narratives.source_group_once,
        "too-few-tests": rules_of_narratives.enough_tests,
        "no-cases": rules_of_narratives.has_cases,
        "no-controls": rules_of_narratives.has_controls,
        "control": rules_of_narratives.controls_name,
        "case": rules_of_narratives.cases_name,
        "said-late": rules_of_narratives.said_before_thresholds,
        "was": rules_of_narratives.names_change,
    },
    library={
        "unknown-rival": rules_of_libraries.unknown_rival,
        "unknown-condition": rules_of_libraries.unknown_condition,
        "condition-cycle": rules_of_libraries.condition_cycle,
        "unknown-event": rules_of_libraries.unknown_event,
        "event-is": rules_of_libraries.event_told,
        "unknown-control": rules_of_libraries.unknown_control,
    },
)


def one_test(test: TestBase, index: int, catalogue: Catalogue) -> Findings:
    """The rules of one test, with paths from the narrative's top."""
    whole = all(name in catalogue.series for name in test.reads)
    for code, rule in {**RULES.test, **(RULES.series if whole else {})}.items():
        for finding in rule(test, catalogue):
            yield replace(
                finding,
                code=code,
                path=("tests", index, *finding.path),
                message=f"test {shown(test.id)}: {finding.message}",
            )


def narrative(given: Narrative, catalogue: Catalogue) -> Findings:
    """The rules of every test, then those of the narrative."""
    for index, test in enumerate(given.tests):
        yield from one_test(test, index, catalogue)
    for code, rule in RULES.narrative.items():
        yield from _coded(code, rule(given, catalogue))


def library(given: Narrative, known: Known) -> Findings:
    """The rules that need the other files."""
    for code, rule in RULES.library.items():
        yield from _coded(code, rule(given, known))


def _coded(code: str, findings: Iterable[Finding]) -> Findings:
    return (replace(finding, code=code) for finding in findings)


def file_name(given: Narrative, stem: str) -> Findings:
    """A narrative's file has its id for a name, where it lies in a library."""
    if given.id != stem:
        message = f"the file is called {shown(f'{stem}.yaml')}; its `id` has to be the same"
        hint = f"`{stem}`" if re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", stem) else ""
        yield Finding(("id",), message, hint, code="file-name")


def own_name(given: Narrative, stem: str) -> Findings:
    """A draft's file may be called anything until it is put into a library."""
    if given.id != stem:
        message = f"the file is called {shown(f'{stem}.yaml')}; a library takes it as {shown(f'{given.id}.yaml')}"
        yield Finding(("id",), message, severity="warning", code="file-name")


def event(given: Event, folder: str) -> Findings:
    """An event's folder has its id for a name."""
    if given.id != folder:
        yield Finding(
            ("id",),
            f"the folder is called {shown(folder)}; the event's `id` has to be the same",
            f"`{folder}`",
            code="file-name",
        )


def controls(given: Controls) -> Findings:
    """Control events have different ids and stand in order of date."""
    ids: set[str] = set()
    last: date | None = None
    for index, control in enumerate(given.controls):
        if control.id in ids:
            yield Finding(
                ("controls", index, "id"),
                f"there are two controls {shown(control.id)}",
                code="duplicate-control",
            )
        if last is not None and control.date < last:
            yield Finding(
                ("controls", index, "date"),
                "the controls stand in order of date",
                code="control-order",
            )
        ids.add(control.id)
        last = control.date
