"""The rules of `audit.yaml` that need more than one field or file; `evidence.lint` has those of narratives.

Each is a small function with a code that yields findings by path; `evidence.reading` puts them at their place.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace

from evidence.catalogue import Catalogue
from evidence.lint import RULES
from evidence.problems import Finding, listed, nearest, shown
from evidence.sheet import FORMS, SLOT, PrintedFigure, Reading, Sheet

Findings = Iterator[Finding]
FigureRule = Callable[[PrintedFigure, Catalogue], Findings]

_TYPED = re.compile(r"[0-9][0-9.,]*\s?(%|bn\b|tn\b|bp\b|pp\b|percent|contracts|points)")


def closed(reading: Reading, catalogue: Catalogue) -> bool:
    """Whether a reading is quoted, or waits for licensed data."""
    test = reading.asked
    if test is None:
        return False
    entries = [catalogue.series[name] for name in test.reads if name in catalogue.series]
    return test.grade == "quoted" or any(e.licence in ("licensed", "quoted") for e in entries)


def readings_of(figure: PrintedFigure, _: Catalogue) -> Findings:
    """A reading asks one thing, and the first one is what the words mean."""
    seen: set[str] = set()
    for index, reading in enumerate(figure.readings):
        path = ("readings", index)
        if (reading.test is None) == (reading.of is None):
            yield Finding(path, f"reading {shown(reading.id)}: give exactly one of `test` and `of`")
        if reading.id in seen:
            yield Finding((*path, "id"), f"there are two readings {shown(reading.id)}")
        if "not_evaluable" in reading.agrees:
            yield Finding((*path, "agrees"), "a reading without an answer agrees with nothing")
        seen.add(reading.id)
    if figure.readings[0].beside:
        yield Finding(
            ("readings", 0, "beside"),
            "the first reading is what the words mean; it does not stand beside",
        )


def tests_of(figure: PrintedFigure, catalogue: Catalogue) -> Findings:
    """The rules of a test hold for a reading's, but those on its role and on licensed series."""
    for index, reading in enumerate(figure.readings):
        if reading.asked is None:
            continue
        whole = all(name in catalogue.series for name in reading.asked.reads)
        for code, rule in {**RULES.test, **(RULES.series if whole else {})}.items():
            if code == "licensed":
                continue
            for finding in rule(reading.asked, catalogue):
                yield replace(
                    finding,
                    code=code,
                    path=("readings", index, "test", *finding.path),
                    message=f"reading {shown(reading.id)}: {finding.message}",
                )


def slots_of(figure: PrintedFigure, _: Catalogue) -> Findings:
    """Numbers stand in slots, and each slot names a reading."""
    ids = {reading.id: reading for reading in figure.readings}
    for name in SLOT.findall(figure.says):
        own, *forms = name.split(".")
        if name == "printed" and figure.printed.value is not None:
            continue
        if own not in ids:
            hint = nearest(own, [*ids, "printed"])
            yield Finding(("says",), f"there is no reading {shown(own)} for a slot", hint)
            continue
        for form in forms:
            if form not in FORMS:
                known = listed((f"`{f}`" for f in FORMS), "or")
                yield Finding(
                    ("says",), f"a slot ends in {known}, not {shown(form)}", nearest(form, FORMS)
                )
            elif form in ("lowest", "highest") and ids[own].each_day_since is None:
                yield Finding(("says",), f"{shown(own)} has no `each_day_since`")
    typed = _TYPED.search(SLOT.sub("", figure.says))
    if typed is not None:
        yield Finding(
            ("says",), f"{shown(typed[0])} is a typed number; write a slot such as `{{printed}}`"
        )


def needs_of(figure: PrintedFigure, catalogue: Catalogue) -> Findings:
    """`needs` says what to bring exactly where what the words mean cannot be had openly."""
    shut = closed(figure.readings[0], catalogue)
    if shut and figure.needs is None:
        yield Finding(
            (), f"figure {shown(figure.id)}: `needs` is missing: say what to bring", at="key"
        )
    if not shut and figure.needs is not None:
        yield Finding(("needs",), "`needs` stands only where the first reading has no open data")


def each_day_of(figure: PrintedFigure, _: Catalogue) -> Findings:
    """Only a test that is frozen on a day can be asked on other days."""
    for index, reading in enumerate(figure.readings):
        if reading.each_day_since is None:
            continue
        frozen = getattr(reading.test, "frozen", None)
        if frozen is None or reading.each_day_since >= frozen:
            yield Finding(
                ("readings", index, "each_day_since"),
                "this needs a test that is `frozen`, on a later day",
            )


FIGURE_RULES: Mapping[str, FigureRule] = {
    "reading": readings_of,
    "test": tests_of,
    "slot": slots_of,
    "needs": needs_of,
    "each-day": each_day_of,
}


def sheet(given: Sheet, catalogue: Catalogue) -> Findings:
    """The rules that need no other file."""
    seen: set[str] = set()
    for index, figure in enumerate(given.figures):
        if figure.id in seen:
            yield Finding(
                ("figures", index, "id"),
                f"there are two figures {shown(figure.id)}",
                code="duplicate-figure",
            )
        seen.add(figure.id)
        for code, rule in FIGURE_RULES.items():
            for finding in rule(figure, catalogue):
                yield replace(
                    finding, code=finding.code or code, path=("figures", index, *finding.path)
                )


def library(
    given: Sheet, tests: Mapping[str, AbstractSet[str]], known: AbstractSet[str]
) -> Findings:
    """A reading `of` a story names one that there is, and one of its tests.

    tests: the ids of the tests of each story that could be read. known: all stories, also the broken ones.
    """
    for index, figure in enumerate(given.figures):
        for place, reading in enumerate(figure.readings):
            if reading.of is None:
                continue
            path = ("figures", index, "readings", place, "of")
            story, test = reading.of.narrative, reading.of.test
            if story not in known:
                yield Finding(
                    (*path, "narrative"),
                    f"there is no narrative {shown(story)}",
                    nearest(story, known),
                    code="unknown-narrative",
                )
            elif story in tests and test not in tests[story]:
                yield Finding(
                    (*path, "test"),
                    f"{shown(story)} has no test {shown(test)}",
                    nearest(test, tests[story]),
                    code="unknown-test",
                )
