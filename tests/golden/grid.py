"""A claim asked in other ways: other windows, bars, tails, prints and series, and without each source."""

from __future__ import annotations

import itertools
import math
from typing import NamedTuple

from data import amount
from facts import KINDS as FACTS
from facts import fact
from judging import can_decide, judge, series_of, sources_of

BARS = (1, 0.75, 1.25)
TAILS = (1, 0.5, 2)


class Choice(NamedTuple):
    """One way of asking; nought is as declared."""

    window: int = 0
    bar: int = 0
    tail: int = 0
    prints: int = 0
    series: int = 0


def evaluate(ranker, test, anchor, at):
    if test["kind"] in FACTS:
        return fact(ranker.library, test, at)
    reading = ranker.answer(test, anchor, at)
    first = first_out(ranker.library, test, reading, at)
    if first is not None:
        reading.numbers["first_print_outcome"] = ranker.answer(test, anchor, first).outcome
    return reading


def first_out(library, test, reading, at):
    """When a closed window was first out as a whole, where a series was revised since."""
    if test["kind"] in FACTS or reading.outcome == "not_evaluable" or reading.so_far:
        return None
    series = [library.get(name) for name in series_of(test)]
    if not any(s.revised(at) for s in series):
        return None
    return max(
        min(c.known[period][0] for c in s.collections if period in c.known)
        for s in series
        for period in s.periods
        if reading.first <= period <= reading.last and s.is_out(s.base_index(period), at)
    )


def varied(test, choice):
    """The test as the choice asks it (first prints are a matter of the day, not of the test)."""
    vary = test.get("vary", {})
    test = {**test, "matters": other_bar(test["matters"], choice.bar)}
    if test["kind"] not in FACTS:
        number, unit = amount(test.get("tail", "5 %"))
        test["tail"] = f"{number * TAILS[choice.tail]:g} {unit}"
        test["window"] = other_window(test["window"], vary.get("windows"), choice.window)
    name = "series" if "series" in test else "figure"
    if 0 < choice.series <= len(vary.get("series", [])):
        test[name] = vary["series"][choice.series - 1]
    return test


def other_window(window, named, at):
    side = "after" if "after" in window else "before"
    number, unit = window[side].split()
    shorter, longer = max(1, math.floor(int(number) * 0.75)), math.ceil(int(number) * 1.25)
    spans = [window[side], *(named or [f"{shorter} {unit}", f"{longer} {unit}"])]
    return {**window, side: spans[at] if at < len(spans) else spans[0]}


def other_bar(matters, at):
    least, unit = amount(matters["at_least"])
    if "at_most" not in matters:
        return {**matters, "at_least": f"{least * BARS[at]} {unit}"}
    most = amount(matters["at_most"])[0]
    # a band is a lower bar where it is wider
    middle, half = (least + most) / 2, (most - least) / 2 * (2 - BARS[at])
    return {**matters, "at_least": f"{middle - half} {unit}", "at_most": f"{middle + half} {unit}"}


class Asking:
    """One narrative on one day, asked in every way."""

    def __init__(self, ranker, narrative, anchor, at):
        self.ranker, self.narrative, self.anchor, self.at = ranker, narrative, anchor, at
        self.kept = {}

    def test(self, place, choice):
        """(the test as the choice asks it, its reading, when its first prints were out)."""
        test = self.narrative["tests"][place]
        if test["kind"] in FACTS:
            choice = choice._replace(window=0, tail=0, prints=0)
        key = (place, choice)
        if key not in self.kept:
            test = varied(test, choice)
            reading = evaluate(self.ranker, test, self.anchor, self.at)
            first = first_out(self.ranker.library, test, reading, self.at)
            if choice.prints and first is not None:
                reading = self.ranker.answer(test, self.anchor, first)
            self.kept[key] = test, reading, first
        return self.kept[key]

    def tests(self, choice):
        return [self.test(place, choice) for place in range(len(self.narrative["tests"]))]

    def touches(self, choice):
        """Whether each choice makes a difference to a test that has an answer as declared."""
        declared = self.tests(Choice())
        for name in ("window", "bar", "tail", "series"):
            own = self.tests(Choice(**{name: getattr(choice, name)}))
            rows = zip(own, declared, strict=True)
            if getattr(choice, name) and not any(
                test != plain and reading.outcome != "not_evaluable"
                for (test, _, _), (plain, reading, _) in rows
            ):
                return False
        asked = self.tests(choice._replace(prints=0))
        return not choice.prints or any(first is not None for _, _, first in asked)

    def can_be_asked(self, choice):
        """Whether every test that has an answer as declared has one as the choice asks it."""
        rows = zip(self.tests(choice._replace(prints=0)), self.tests(Choice()), strict=True)
        return all(
            reading.outcome != "not_evaluable" or plain.outcome == "not_evaluable"
            for (_, reading, _), (_, plain, _) in rows
        )

    def direction(self, choice):
        asked = self.tests(choice)
        readings = {test["id"]: reading for test, reading, _ in asked}
        narrative = {**self.narrative, "tests": [test for test, _, _ in asked]}
        return judge(self.ranker.library, narrative, readings)[0]

    def choices(self):
        others = [test.get("vary", {}) for test in self.narrative["tests"]]
        windows = max([2, *(len(vary.get("windows", [])) for vary in others)])
        series = max(len(vary.get("series", [])) for vary in others)
        counts = (windows + 1, len(BARS), len(TAILS), 2, series + 1)
        for row in itertools.product(*map(range, counts)):
            if self.touches(Choice(*row)) and self.can_be_asked(Choice(*row)):
                yield Choice(*row)


def robustness(ranker, narrative, anchor, at, direction):
    """(agree, of): in how many ways of asking the claim has the same direction."""
    asking = Asking(ranker, narrative, anchor, at)
    found = [asking.direction(choice) for choice in asking.choices()]
    readings = {test["id"]: reading for test, reading, _ in asking.tests(Choice())}
    found += without_a_source(ranker.library, narrative, readings)[0]
    return sum(side == direction for side in found), len(found)


def without_a_source(library, narrative, readings):
    """(directions without each source in turn, the sources that cannot be left out)."""

    def speaking(tests):
        """The tests that can decide and have an answer."""
        return [t for t in tests if can_decide(t) and readings[t["id"]].outcome != "not_evaluable"]

    def parts(tests):
        return {test.get("part", "act") for test in tests}

    deciding = speaking(narrative["tests"])
    sources = sorted(set().union(*(sources_of(library, test) for test in deciding)))
    found, sole = [], []
    for source in sources:
        left = [t for t in narrative["tests"] if source not in sources_of(library, t)]
        if parts(speaking(left)) == parts(deciding):
            found.append(judge(library, {**narrative, "tests": left}, readings)[0])
        else:
            sole.append(source)
    return found, sole
