"""The rules of one narrative: its tests together, its rivals and conditions, its cases and controls."""

from evidence import cases
from evidence.catalogue import Catalogue
from evidence.kinds import is_fact
from evidence.kinds.base import TestBase
from evidence.lint.places import Findings, kind_of, told_of
from evidence.narrative import Case, Narrative
from evidence.problems import Finding, Severity, listed, nearest, shown

WINNERS = ("smoking_gun", "doubly_decisive")
LEAST_TESTS = 3


def duplicate_tests(narrative: Narrative, _: Catalogue) -> Findings:
    """Every test has an id of its own."""
    seen: set[str] = set()
    for index, test in enumerate(narrative.tests):
        if test.id in seen:
            yield Finding(("tests", index, "id"), f"there are two tests {shown(test.id)}")
        seen.add(test.id)


def parts_declared(narrative: Narrative, _: Catalogue) -> Findings:
    """A test belongs to a part that is declared (`act` where none is); a declared part has tests."""
    judged = narrative.judged_parts
    for index, test in enumerate(narrative.tests):
        if test.part not in judged:
            says = (
                f"declared are {listed(f'`{p}`' for p in judged)}"
                if narrative.parts
                else "without `parts` there is only `act`"
            )
            yield Finding(
                ("tests", index, "part"),
                f"test {shown(test.id)}: the part `{test.part}` is not declared; {says}",
            )
    used = {test.part for test in narrative.tests if test.checks is None}
    for part in narrative.parts:
        if part not in used and part != "motive":
            yield Finding(
                ("parts", part), f"no test reaches the part `{part}`", severity="warning", at="key"
            )


def checks(narrative: Narrative, _: Catalogue) -> Findings:
    """`checks` names another test of the narrative, and one that is no check itself."""
    tests = {test.id: test for test in narrative.tests}
    for index, test in enumerate(narrative.tests):
        path = ("tests", index, "checks")
        if test.checks is None:
            continue
        if test.checks not in tests:
            yield Finding(
                path, f"there is no test {shown(test.checks)}", nearest(test.checks, tests)
            )
        elif test.checks == test.id or tests[test.checks].checks is not None:
            yield Finding(
                path,
                f"{shown(test.checks)} is {'this test' if test.checks == test.id else 'a check'} itself",
            )


def rivals(narrative: Narrative, _: Catalogue) -> Findings:
    """Rivals are other narratives, each named once, and at least one test tells each apart."""
    seen: set[str] = set()
    for index, rival in enumerate(narrative.rivals):
        if rival == narrative.id:
            yield Finding(("rivals", index), "a narrative is not its own rival")
        elif rival in seen:
            yield Finding(("rivals", index), f"the rival {shown(rival)} is named twice")
        elif not any(
            t.rivals_expect.get(rival) in ("inconsistent", "neutral") for t in narrative.tests
        ):
            yield Finding(
                ("rivals", index),
                f"no test tells {shown(rival)} apart: give it another outcome than `consistent` in `rivals_expect` of a test",
            )
        seen.add(rival)


def rivals_expect(narrative: Narrative, _: Catalogue) -> Findings:
    """Expectations are given for rivals only."""
    for index, test in enumerate(narrative.tests):
        for name in test.rivals_expect:
            if name not in narrative.rivals:
                hint = nearest(name, narrative.rivals)
                yield Finding(
                    ("tests", index, "rivals_expect", name),
                    f"test {shown(test.id)}: {shown(name)} is not among `rivals`",
                    hint,
                    at="key",
                )


def conditions(narrative: Narrative, _: Catalogue) -> Findings:
    """A condition rests on another narrative; a case gives verdicts of narratives in `when` only."""
    for index, wanted in enumerate(narrative.when):
        if wanted.narrative == narrative.id:
            yield Finding(("when", index, "narrative"), "a narrative is not a condition of its own")
        elif wanted in narrative.when[:index]:
            yield Finding(("when", index), "this condition is named twice")
    named = {wanted.narrative for wanted in narrative.when}
    for index, case in enumerate(narrative.cases):
        for name in case.given:
            if name not in named:
                yield Finding(
                    ("cases", index, "given", name),
                    f"{shown(name)} is not in `when`",
                    nearest(name, named),
                    at="key",
                )


def source_group_once(narrative: Narrative, catalogue: Catalogue) -> Findings:
    """Two deciding tests of one part that rest on the same collection of data count once."""
    seen: dict[tuple[str, tuple[str, ...]], str] = {}
    for index, test in enumerate(narrative.tests):
        if (
            test.role not in WINNERS
            or test.checks is not None
            or any(name not in catalogue.series for name in test.reads)
        ):
            continue
        groups = tuple(dict.fromkeys(catalogue.series[name].source_group for name in test.reads))
        first = seen.setdefault((test.part, groups), test.id)
        if first != test.id:
            yield Finding(
                ("tests", index, "role"),
                f"{shown(first)} and {shown(test.id)} rest on the same data ({', '.join(groups)}): together they count once",
                severity="warning",
            )


def _must(narrative: Narrative) -> Severity | None:
    """How heavy it weighs that a narrative is not complete: live ones have to be, drafts should."""
    severities: dict[str, Severity | None] = {"live": "error", "draft": "warning", "retired": None}
    return severities[narrative.status]


def enough_tests(narrative: Narrative, catalogue: Catalogue) -> Findings:
    """Three tests or more, unless all are quoted or read licensed series."""
    severity = _must(narrative)
    if (
        severity is None
        or len(narrative.tests) >= LEAST_TESTS
        or all(_closed(t, catalogue) for t in narrative.tests)
    ):
        return
    yield Finding(
        ("tests",),
        f"a narrative needs {LEAST_TESTS} tests or more; this one has {len(narrative.tests)}",
        severity=severity,
        at="key",
    )


def _closed(test: TestBase, catalogue: Catalogue) -> bool:
    """Whether a test is quoted, or waits for licensed data."""
    entries = [catalogue.series[name] for name in test.reads if name in catalogue.series]
    return (
        test.grade == "quoted"
        or told_of(test).printed
        or any(entry.licence == "licensed" for entry in entries)
    )


def has_cases(narrative: Narrative, _: Catalogue) -> Findings:
    """A narrative carries cases: small series with the outcome that they must give."""
    severity = _must(narrative)
    if severity is not None and not narrative.cases:
        yield Finding(
            (),
            "`cases` are missing: a narrative shows on small series that its tests work",
            severity=severity,
            at="key",
        )


def has_controls(narrative: Narrative, catalogue: Catalogue) -> Findings:
    """A narrative with a test that can run on another day carries controls."""
    severity = _must(narrative)
    free = [t for t in narrative.tests if not is_fact(kind_of(t)) and not _closed(t, catalogue)]
    if severity is not None and free and not narrative.controls:
        yield Finding(
            (),
            "`controls` are missing: the tests have to be right where the answer is known",
            severity=severity,
            at="key",
        )


def controls_name(narrative: Narrative, _: Catalogue) -> Findings:
    """A control runs a test of the narrative that can run on another day, on one thing."""
    tests = {test.id: test for test in narrative.tests}
    for index, control in enumerate(narrative.controls):
        path = ("controls", index)
        if control.test not in tests:
            yield Finding(
                (*path, "test"),
                f"there is no test {shown(control.test)}",
                nearest(control.test, tests),
            )
        elif is_fact(kind_of(tests[control.test])):
            kind = kind_of(tests[control.test])
            yield Finding(
                (*path, "test"),
                f"{shown(control.test)} is a `{kind}`, which has its own dates and cannot run on another episode",
            )
        if (control.event is None) == (control.dates is None):
            yield Finding(path, "a control names exactly one of `event` and `dates`")
        elif control.dates == "quiet" and control.expects == "fires":
            yield Finding(
                (*path, "expects"), "on quiet dates a test stays quiet: write `stays_quiet`"
            )


def cases_name(narrative: Narrative, catalogue: Catalogue) -> Findings:
    """A case gives series of the catalogue in the notation, and expects outcomes of tests that read them."""
    tests = {test.id: test for test in narrative.tests}
    for index, case in enumerate(narrative.cases):
        path = ("cases", index)
        yield from _case_series(case, path, catalogue)
        if not case.expects and case.direction is None:
            yield Finding(
                path,
                f"the case {shown(case.name)} expects nothing: give it `expects` or `direction`",
            )
        for name, outcome in case.expects.items():
            if name not in tests:
                yield Finding(
                    (*path, "expects", name),
                    f"there is no test {shown(name)}",
                    nearest(name, tests),
                    at="key",
                )
                continue
            lacking = [
                s for s in tests[name].reads if s in catalogue.series and s not in case.series
            ]
            if (
                lacking
                and outcome != "not_evaluable"
                and all(s in catalogue.series for s in case.series)
            ):
                yield Finding(
                    (*path, "expects", name),
                    f"{shown(name)} reads {shown(lacking[0])}, which the case does not give",
                    at="key",
                )


LONGEST_TOKEN = 40


def _case_series(case: Case, path: tuple[str | int, ...], catalogue: Catalogue) -> Findings:
    for name, text in case.series.items():
        here, entry = (*path, "series", name), catalogue.series.get(name)
        if entry is None:
            hint = nearest(name, catalogue.ids, 3)
            yield Finding(here, f"there is no series {shown(name)}", hint, at="key")
        long = next((word for word in text.split() if len(word) > LONGEST_TOKEN), None)
        if long is not None:
            yield Finding(here, f"{shown(long)} is not in the notation of cases")
            continue
        try:
            numbers, mark = cases.split(text, name)
        except ValueError as fault:
            yield Finding(here, str(fault))
            continue
        if len(numbers) == 0:
            yield Finding(here, f"{shown(name)} holds no values")
        elif entry is not None and len(numbers) > (most := cases.most(entry.frequency)):
            message = (
                f"{shown(name)} is {entry.frequency}: a case holds at most {most:,} of its values"
            )
            yield Finding(here, message)
        elif mark is None and case.event_at is None:
            message = "mark the event with `|` after the last value before it, or give the case an `event_at`"
            yield Finding(here, message)
        elif mark is None and case.event_at is not None and case.event_at >= len(numbers):
            message = (
                f"`event_at` is {case.event_at}, "
                f"and {shown(name)} holds {len(numbers)} values, counted from 0"
            )
            yield Finding((*path, "event_at"), message)


def said_before_thresholds(narrative: Narrative, _: Catalogue) -> Findings:
    """Thresholds that were set before anybody said the claim belong to another claim."""
    for index, said in enumerate(narrative.said):
        if said.on > narrative.thresholds_set:
            yield Finding(
                ("said", index, "on"),
                f"this was said after the thresholds were set ({narrative.thresholds_set})",
                severity="warning",
            )


def names_change(narrative: Narrative, _: Catalogue) -> Findings:
    """`was` holds former ids, each once, and not the one that stands."""
    for index, name in enumerate(narrative.was):
        if name == narrative.id or name in narrative.was[:index]:
            yield Finding(
                ("was", index),
                f"{shown(name)} is {'the id itself' if name == narrative.id else 'named twice'}",
            )
