"""The rules of one test. Those that ask what its series are run only where the catalogue has them all."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

from evidence import calendar
from evidence.catalogue import Catalogue
from evidence.kinds import sums
from evidence.kinds.base import TestBase, periods_in
from evidence.lint.places import Findings, kind_of, place_of, told_of, window_of
from evidence.problems import Finding, listed, nearest, shown
from evidence.quantity import written
from evidence.windows import USUAL

HOOPS = ("hoop", "doubly_decisive")


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
    if test.vary.windows and window_of(test) is None:
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
    for span in test.vary.windows if window_of(test) else ():
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
    kind = told_of(test)
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
    kind = told_of(test)
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
    if not told_of(test).one_unit:
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
    window = window_of(test)
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
    window = window_of(test)
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
    window = window_of(test)
    if window is not None and window.before is not None and not told_of(test).looks_back:
        yield Finding(
            ("window", "before"),
            f"`{kind_of(test)}` looks after the event only; write `after`",
            at="key",
        )


def legs_together(test: TestBase, catalogue: Catalogue) -> Findings:
    """All legs of a joint move have one frequency."""
    if not told_of(test).one_frequency:
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
    kind = told_of(test)
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
    if not told_of(test).banded(test):
        message = f"`at_most` is not read here: this `{kind_of(test)}` has no band"
        yield Finding(("matters", "at_most"), message, at="key")


def can_fail(test: TestBase, _: Catalogue) -> Findings:
    """A test can fail, and can pass."""
    why = told_of(test).hopeless(test)
    if why is not None:
        yield Finding(("matters", "at_least"), why)


def dates_in_order(test: TestBase, _: Catalogue) -> Findings:
    """The dates of a test follow each other in the order that its kind needs."""
    for early, late, days in told_of(test).ordered:
        first, last = getattr(test, early), getattr(test, late)
        if first is not None and last is not None and (last - first).days < days:
            gap = "a month or more after" if days > 1 else "after" if days else "on or after"
            yield Finding((late,), f"`{late}` ({last}) has to lie {gap} `{early}` ({first})")


def days_end_periods(test: TestBase, catalogue: Catalogue) -> Findings:
    """A day that stands for a period is its last one. On which days a weekly or daily series has values, no rule knows."""
    first = catalogue.series[test.reads[0]]
    if first.frequency not in calendar.MONTHS:
        return
    months = 3 if first.frequency == "quarterly" else 1  # a year may end with any month
    for name in told_of(test).period_ends:
        day = getattr(test, name)
        if day is not None and ((day + timedelta(days=1)).day != 1 or day.month % months):
            message = f"`{name}` ({day}) is not the last day of a period: {shown(first.id)} is {first.frequency}"
            yield Finding((name,), message)


def counts(test: TestBase, _: Catalogue) -> Findings:
    """A number of observations is neither too few to say anything nor absurd."""
    for name, least, most in told_of(test).counts:
        if not least <= getattr(test, name) <= most:
            yield Finding((name,), f"`{name}` has to be from {least} to {most}")


def quoted_grade(test: TestBase, catalogue: Catalogue) -> Findings:
    """A figure known only from print has the grade `quoted`."""
    printed = [name for name in test.reads if catalogue.series[name].licence == "quoted"]
    if test.grade != "quoted" and (printed or told_of(test).printed):
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
