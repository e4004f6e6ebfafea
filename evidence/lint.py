"""The rules of a narrative that need more than one field or file. Each has a code and one small function.

A rule yields findings by path; `evidence.reading` and `evidence.library` put them at their place in
the text. Three lists, by what a rule looks at: one test, one narrative, the whole library.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import date
from types import SimpleNamespace
from typing import Any

from evidence import calendar, cases
from evidence.catalogue import Catalogue
from evidence.kinds import KINDS, is_fact, sums
from evidence.kinds.base import FactKind, PlaceboKind, TestBase, Window, periods_in
from evidence.narrative import Case, Controls, Event, EventIs, Narrative
from evidence.problems import Finding, Severity, listed, nearest, shown
from evidence.quantity import written
from evidence.windows import USUAL

HOOPS = ("hoop", "doubly_decisive")
WINNERS = ("smoking_gun", "doubly_decisive")
LEAST_TESTS = 3

Findings = Iterator[Finding]
TestRule = Callable[[TestBase, Catalogue], Findings]
NarrativeRule = Callable[[Narrative, Catalogue], Findings]


@dataclass(frozen=True)
class Known:
    """What the whole library holds, by id: also what is there but could not be read.

    events: those with an `event.yaml`. told: what stories say of the others. controls: None where
    `controls.yaml` cannot be read. read: the narratives that could be read.
    """

    narratives: AbstractSet[str]
    retired: AbstractSet[str] = frozenset()
    events: AbstractSet[str] = frozenset()
    told: Mapping[str, EventIs] = field(default_factory=dict)
    controls: AbstractSet[str] | None = frozenset()
    read: Mapping[str, Narrative] = field(default_factory=dict)


LibraryRule = Callable[[Narrative, Known], Findings]


def kind_of(test: TestBase) -> str:
    """The name of a test's kind."""
    return str(test.kind)  # type: ignore[attr-defined]


def _kind(test: TestBase) -> PlaceboKind | FactKind:
    """What a test's kind says of itself."""
    return KINDS[kind_of(test)]


def place_of(test: TestBase, series_id: str) -> tuple[str | int, ...]:
    """Where in a test a series is named."""

    def search(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
        if value == series_id:
            yield path
        elif isinstance(value, dict):
            for key, inner in value.items():
                yield from search(inner, (*path, key))
        elif isinstance(value, list | tuple):
            for index, inner in enumerate(value):
                yield from search(inner, (*path, index))

    own = test.model_dump(exclude=set(TestBase.model_fields) | {"kind"})
    return next(search(own, ()), ())


def _window(test: TestBase) -> Window | None:
    window = getattr(test, "window", None)
    return window if isinstance(window, Window) else None


# -- one test --------------------------------------------------------------------------------------


def unknown_series(test: TestBase, catalogue: Catalogue) -> Findings:
    """A test reads series of the catalogue."""
    for name in dict.fromkeys(test.reads):
        if name not in catalogue.series:
            hint = nearest(name, catalogue.ids, 3)
            yield Finding(
                place_of(test, name),
                f"there is no series {shown(name)}; `python -m evidence series` lists them",
                hint,
            )


def varied(test: TestBase, catalogue: Catalogue) -> Findings:
    """What a test names to be tried instead is there, and takes the place of something that the test has."""
    first = next((catalogue.series[n] for n in test.reads if n in catalogue.series), None)
    for index, name in enumerate(test.vary.series):
        if name not in catalogue.series:
            hint = nearest(name, catalogue.ids, 3)
            yield Finding(("vary", "series", index), f"there is no series {shown(name)}", hint)
        elif first is not None and catalogue.series[name].unit != first.unit:
            unit = catalogue.series[name].unit
            message = f"{shown(name)} is in {unit}, and the test's own series in {first.unit}"
            yield Finding(("vary", "series", index), message)
        elif "series" in type(test).model_fields:
            yield from _stands_in(test, name, ("vary", "series", index), catalogue)
    if test.vary.series and "series" not in type(test).model_fields:
        message = f"a `{kind_of(test)}` has no single series that another could stand for"
        yield Finding(("vary", "series"), message, at="key")
    if test.vary.windows and _window(test) is None:
        message = f"a `{kind_of(test)}` has no window that could be longer or shorter"
        yield Finding(("vary", "windows"), message, at="key")
        return
    for index, span in enumerate(test.vary.windows if first else ()):
        assert first is not None
        try:
            periods_in(span, first.frequency)
        except ValueError:
            message = (
                f"{shown(first.id)} is {first.frequency}: {_spans(first.frequency)}, not {span}"
            )
            yield Finding(("vary", "windows", index), message)


def _stands_in(
    test: TestBase, name: str, path: tuple[str | int, ...], catalogue: Catalogue
) -> Findings:
    """Whether another series can take the place of a test's own: the same rules hold for it."""
    other = test.model_copy(update={"series": name})
    if any(read not in catalogue.series for read in other.reads):
        return
    rules = (kind_fits_series, sums_fit_series, window_fits_series, unit)
    amiss = next((finding for rule in rules for finding in rule(other, catalogue)), None)
    if amiss is not None:
        yield replace(amiss, path=path)
        return
    frequency = catalogue.series[name].frequency
    for span in test.vary.windows if _window(test) else ():
        try:
            periods_in(span, frequency)
        except ValueError:
            message = f"{shown(name)} is {frequency}: {_spans(frequency)}, not {span}"
            yield Finding(path, message)
            return


def same_series(test: TestBase, _: Catalogue) -> Findings:
    """A test that reads several series reads different ones."""
    for name, count in Counter(test.reads).items():
        if count > 1:
            yield Finding(
                place_of(test, name),
                f"{shown(name)} is read {count} times; each series counts once",
            )


def kind_fits_series(test: TestBase, catalogue: Catalogue) -> Findings:
    """The kind fits the way in which its series behaves, and a rule scales its changes."""
    kind = _kind(test)
    for name in test.reads:
        entry = catalogue.series[name]
        if kind.behaves and entry.behaves not in kind.behaves:
            yield Finding(
                place_of(test, name),
                f"`{kind.name}` {kind.does}, and {shown(name)} is a {_word(entry.behaves)}",
            )
        elif kind.scaled and (entry.behaves, entry.frequency) not in USUAL:
            yield Finding(
                place_of(test, name),
                f"no rule says what change is usual for a {entry.frequency} {_word(entry.behaves)}, as {shown(name)} is",
            )


def _word(behaves: str) -> str:
    return behaves.replace("_", " ")


def sums_fit_series(test: TestBase, catalogue: Catalogue) -> Findings:
    """What is added up is a flow of whole months; a span of months is a whole number of its periods."""
    kind = _kind(test)
    name = kind.summed(test)
    if name is not None:
        entry = catalogue.series[getattr(test, name)]
        if entry.behaves != "flow" or entry.frequency not in calendar.MONTHS:
            word = f"{entry.frequency} {_word(entry.behaves)}"
            yield Finding(
                (name,),
                f"`{kind.name}` sums a flow of whole months, and {shown(entry.id)} is a {word}",
            )
            return
    counted = [(key, sums.observations) for key in kind.sums_over]
    counted += [(key, periods_in) for key in kind.spans]
    for key, count in counted:
        span = getattr(test, key)
        if span is None:
            continue
        try:
            count(span, catalogue.series[test.reads[0]].frequency)
        except ValueError as fault:
            yield Finding((key,), str(fault))


def one_unit(test: TestBase, catalogue: Catalogue) -> Findings:
    """What is divided by each other, or compared, is in one unit."""
    if not _kind(test).one_unit:
        return
    first = catalogue.series[test.reads[0]]
    for name in test.reads[1:]:
        if catalogue.series[name].unit != first.unit:
            yield Finding(
                place_of(test, name),
                f"{shown(name)} is in {catalogue.series[name].unit} and {shown(first.id)} in {first.unit}",
            )


def window_fits_series(test: TestBase, catalogue: Catalogue) -> Findings:
    """Each span of a window is a whole number of the series' observations."""
    window = _window(test)
    if window is None:
        return
    seen: set[str] = set()
    for name in test.reads:
        frequency = catalogue.series[name].frequency
        for side in ("after", "before", "skip", "min"):
            span = getattr(window, side)
            if span is None or side in seen:
                continue
            try:
                periods_in(span, frequency)
            except ValueError:
                seen.add(side)
                yield Finding(
                    ("window", side),
                    f"{shown(name)} is {frequency}: {_spans(frequency)}, not {span}",
                )


def _spans(frequency: str) -> str:
    units = {"daily": "days, weeks or months", "weekly": "weeks", "monthly": "months"}.get(
        frequency
    )
    return f"write its windows in {units}" if units else "it has no windows"


def window_least(test: TestBase, catalogue: Catalogue) -> Findings:
    """`min` is no longer than the window."""
    window = _window(test)
    if window is None or window.min is None:
        return
    try:
        frequency = catalogue.series[test.reads[0]].frequency
        least, whole = (
            periods_in(span, frequency)
            for span in (window.min, window.after or window.before or "")
        )
    except (ValueError, AssertionError):
        return
    if least > whole:
        yield Finding(
            ("window", "min"),
            f"`min` of {window.min} is longer than the window of {window.after or window.before}",
        )


def window_side(test: TestBase, _: Catalogue) -> Findings:
    """A kind that looks after the event only has no `before` window."""
    window = _window(test)
    if window is not None and window.before is not None and not _kind(test).looks_back:
        yield Finding(
            ("window", "before"),
            f"`{kind_of(test)}` looks after the event only; write `after`",
            at="key",
        )


def legs_together(test: TestBase, catalogue: Catalogue) -> Findings:
    """All legs of a joint move have one frequency."""
    if not _kind(test).one_frequency:
        return
    names = test.reads
    first = catalogue.series[names[0]].frequency
    for name in names[1:]:
        if catalogue.series[name].frequency != first:
            yield Finding(
                place_of(test, name),
                f"{shown(name)} is {catalogue.series[name].frequency} and {shown(names[0])} is {first}: legs move over the same days",
            )


def unit(test: TestBase, catalogue: Catalogue) -> Findings:
    """What matters is in the unit of the statistic (or in percent of the level, for a change of a stock)."""
    matters = test.matters
    view = SimpleNamespace(catalogue=catalogue)
    entry = catalogue.series[test.reads[0]]
    kind = _kind(test)
    own = kind.unit(test, view)  # type: ignore[arg-type]
    wanted = ["points" if own.startswith("index") else own, *kind.also_in(test, entry)]
    for name, quantity in (("at_least", matters.at_least), ("at_most", matters.at_most)):
        if quantity is not None and quantity.unit not in wanted:
            units = listed((f"`{written(u)}`" for u in dict.fromkeys(wanted)), "or")
            yield Finding(
                ("matters", name),
                f"`{name}` is in `{written(quantity.unit)}`; a `{kind_of(test)}` of {shown(entry.id)} is measured in {units}",
            )
    if (
        matters.at_most is not None
        and matters.at_most.unit == matters.at_least.unit
        and matters.at_most.value <= matters.at_least.value
    ):
        yield Finding(("matters", "at_most"), "`at_most` has to be more than `at_least`")


def at_most_is_read(test: TestBase, _: Catalogue) -> Findings:
    """`at_most` stands only where the kind reads it."""
    if test.matters.at_most is None:
        return
    if not _kind(test).banded(test):
        message = f"`at_most` is not read here: this `{kind_of(test)}` has no band"
        yield Finding(("matters", "at_most"), message, at="key")


def can_fail(test: TestBase, _: Catalogue) -> Findings:
    """A test can fail, and can pass."""
    why = _kind(test).hopeless(test)
    if why is not None:
        yield Finding(("matters", "at_least"), why)


def dates_in_order(test: TestBase, _: Catalogue) -> Findings:
    """The dates of a test follow each other in the order that its kind needs."""
    for early, late, days in _kind(test).ordered:
        first, last = getattr(test, early), getattr(test, late)
        if first is not None and last is not None and (last - first).days < days:
            gap = "a month or more after" if days > 1 else "after" if days else "on or after"
            yield Finding((late,), f"`{late}` ({last}) has to lie {gap} `{early}` ({first})")


def counts(test: TestBase, _: Catalogue) -> Findings:
    """A number of observations is neither too few to say anything nor absurd."""
    for name, least, most in _kind(test).counts:
        if not least <= getattr(test, name) <= most:
            yield Finding((name,), f"`{name}` has to be from {least} to {most}")


def quoted_grade(test: TestBase, catalogue: Catalogue) -> Findings:
    """A figure known only from print has the grade `quoted`."""
    printed = [name for name in test.reads if catalogue.series[name].licence == "quoted"]
    if test.grade != "quoted" and (printed or _kind(test).printed):
        yield Finding(
            ("grade",),
            f"{shown((printed or test.reads)[0])} is known only from print: its `grade` is `quoted`",
            at="key",
        )


def hoop_on_quoted(test: TestBase, _: Catalogue) -> Findings:
    """No claim falls by quoted figures alone: they are no hoop."""
    if test.grade == "quoted" and test.role in HOOPS:
        yield Finding(
            ("role",),
            f"quoted figures alone decide nothing, so this cannot be a `{test.role}`; take `straw_in_the_wind`",
        )


def rival_expectation(test: TestBase, _: Catalogue) -> Findings:
    """A rival expects an outcome, not that there is none."""
    for rival, outcome in test.rivals_expect.items():
        if outcome == "not_evaluable":
            yield Finding(
                ("rivals_expect", rival),
                "a rival expects `consistent`, `inconsistent` or `neutral`",
            )


def licensed(test: TestBase, catalogue: Catalogue) -> Findings:
    """A test of licensed data waits until somebody brings them."""
    for name in dict.fromkeys(test.reads):
        if catalogue.series[name].licence == "licensed":
            yield Finding(
                place_of(test, name),
                f"{shown(name)} is licensed: the test has no answer until a user brings the data",
                severity="warning",
            )


# -- one narrative ---------------------------------------------------------------------------------


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
        or _kind(test).printed
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


# -- the library -----------------------------------------------------------------------------------


def unknown_rival(narrative: Narrative, known: Known) -> Findings:
    """A rival is a narrative of the library, and not a retired one."""
    for index, rival in enumerate(narrative.rivals):
        if rival == narrative.id:
            continue
        if rival not in known.narratives:
            hint = nearest(rival, known.narratives - {narrative.id})
            yield Finding(("rivals", index), f"there is no narrative {shown(rival)}", hint)
        elif rival in known.retired:
            yield Finding(
                ("rivals", index), f"the rival {shown(rival)} is retired", severity="warning"
            )


def unknown_condition(narrative: Narrative, known: Known) -> Findings:
    """A condition rests on a narrative of the library that is not retired, or on a test that it has."""
    for index, wanted in enumerate(narrative.when):
        name = wanted.narrative
        if name == narrative.id:
            continue
        if name not in known.narratives:
            hint = nearest(name, known.narratives - {narrative.id})
            message = f"there is no narrative {shown(name)}"
            yield Finding(("when", index, "narrative"), message, hint)
            continue
        if name in known.retired:
            yield Finding(
                ("when", index, "narrative"),
                f"the narrative {shown(name)} is retired",
                severity="warning",
            )
        tests = [t.id for t in known.read[name].tests] if name in known.read else None
        if wanted.test is not None and tests is not None and wanted.test not in tests:
            yield Finding(
                ("when", index, "test"),
                f"{shown(name)} has no test {shown(wanted.test)}",
                nearest(wanted.test, tests),
            )


def condition_cycle(narrative: Narrative, known: Known) -> Findings:
    """No narrative rests on itself by way of others."""
    for index, wanted in enumerate(narrative.when):
        way = _way(wanted.narrative, narrative.id, known.read)
        if len(way) > 1:
            rests = " rests on ".join(shown(name) for name in (narrative.id, *way))
            yield Finding(
                ("when", index, "narrative"), f"these conditions go round in a circle: {rests}"
            )


def _way(start: str, end: str, read: Mapping[str, Narrative]) -> tuple[str, ...]:
    """The shortest way along conditions from one narrative to another; empty where there is none."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    for way in ways:
        if way[-1] == end:
            return way
        for wanted in read[way[-1]].when if way[-1] in read else ():
            if wanted.narrative not in seen:
                seen.add(wanted.narrative)
                ways.append((*way, wanted.narrative))
    return ()


def unknown_event(narrative: Narrative, known: Known) -> Findings:
    """The event is a folder with an `event.yaml`, or a story says what it is."""
    if (
        narrative.event_is is None
        and narrative.event not in known.events
        and narrative.event not in known.told
    ):
        hint = nearest(narrative.event, {*known.events, *known.told})
        yield Finding(
            ("event",),
            f"there is no event {shown(narrative.event)}: a folder of that name with an `event.yaml`; "
            "for another one say under `event_is` what happened",
            hint,
        )


def event_told(narrative: Narrative, known: Known) -> Findings:
    """What happened is said once: by an `event.yaml`, or by stories that say the same."""
    own, other = narrative.event_is, known.told.get(narrative.event)
    if own is None:
        return
    if narrative.event in known.events:
        yield Finding(
            ("event_is",),
            f"the event {shown(narrative.event)} has an `event.yaml`, which says what happened; take `event_is` out",
            at="key",
        )
    elif other is not None:
        for name, said in other:
            if said != getattr(own, name):
                yield Finding(
                    ("event_is", name),
                    f"another story of the event {shown(narrative.event)} says {shown(said)} here; they have to say the same",
                )


def unknown_control(narrative: Narrative, known: Known) -> Findings:
    """A control's event stands in `controls.yaml`."""
    if known.controls is None:
        return
    for index, control in enumerate(narrative.controls):
        if control.event is not None and control.event not in known.controls:
            hint = nearest(control.event, known.controls)
            yield Finding(
                ("controls", index, "event"),
                f"there is no control event {shown(control.event)} in `controls.yaml`",
                hint,
            )


# -- the lists, and what runs them -----------------------------------------------------------------


@dataclass(frozen=True)
class Rules:
    """Every rule by its code. A rule of a test's series runs only where the catalogue has them all."""

    test: dict[str, TestRule] = field(default_factory=dict)
    series: dict[str, TestRule] = field(default_factory=dict)
    narrative: dict[str, NarrativeRule] = field(default_factory=dict)
    library: dict[str, LibraryRule] = field(default_factory=dict)


RULES = Rules(
    test={
        "unknown-series": unknown_series,
        "vary": varied,
        "same-series": same_series,
        "window-side": window_side,
        "at-most": at_most_is_read,
        "cannot-fail": can_fail,
        "date-order": dates_in_order,
        "count": counts,
        "hoop-on-quoted": hoop_on_quoted,
        "rival-expects": rival_expectation,
    },
    series={
        "kind-series": kind_fits_series,
        "sum-series": sums_fit_series,
        "one-unit": one_unit,
        "window-frequency": window_fits_series,
        "window-min": window_least,
        "legs-frequency": legs_together,
        "unit": unit,
        "grade": quoted_grade,
        "licensed": licensed,
    },
    narrative={
        "duplicate-test": duplicate_tests,
        "part": parts_declared,
        "checks": checks,
        "rival": rivals,
        "rivals-expect": rivals_expect,
        "condition": conditions,
        "source-group": source_group_once,
        "too-few-tests": enough_tests,
        "no-cases": has_cases,
        "no-controls": has_controls,
        "control": controls_name,
        "case": cases_name,
        "said-late": said_before_thresholds,
        "was": names_change,
    },
    library={
        "unknown-rival": unknown_rival,
        "unknown-condition": unknown_condition,
        "condition-cycle": condition_cycle,
        "unknown-event": unknown_event,
        "event-is": event_told,
        "unknown-control": unknown_control,
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
