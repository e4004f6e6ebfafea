"""The note's figures, recomputed: each reading as known when the note was printed and on the newest day."""

from __future__ import annotations

from data import amount, end_of
from facts import KINDS as FACTS
from facts import sign_of, standing
from grid import evaluate
from judging import grade_of
from quiet import read

NAMES = ("then", "today")


class Audit:
    """One event's audit file, read on the data."""

    def __init__(self, world, path, anchor, newest):
        self.world, self.anchor = world, anchor
        document = read(path)
        self.figures = document["figures"]
        # YAML reads `on` as True
        self.moments = dict(zip(NAMES, map(end_of, (document["note"][True], newest)), strict=True))

    def table(self):
        return {figure["id"]: self.figure(figure) for figure in self.figures}

    def figure(self, figure):
        printed = figure["printed"].get("value")
        rows = {row["id"]: self.reading(row, printed) for row in figure["readings"]}
        decided = {name: deciding(row) for name, row in rows.items()}
        status = status_of([row for name, row in decided.items() if rows[name]["counts"]])
        counted = [row["today"] for row in rows.values() if row["counts"]]
        first = next((decided[name] for name, row in rows.items() if row["counts"]), None)
        return {
            "status": status,
            "turned": status_of(counted) != status,
            "distance": distance(first, printed),
            "readings": rows,
        }

    def reading(self, row, printed):
        """The reading on both days; `counts` if it may decide the figure."""
        if "of" in row:
            anchor, narrative = self.world.narratives[row["of"]["narrative"]]
            test = next(t for t in narrative["tests"] if t["id"] == row["of"]["test"])
        else:
            anchor, test = self.anchor, row["test"]
        found = {"counts": not row.get("beside") and grade_of(test) != "quoted"}
        for name, at in self.moments.items():
            reading = evaluate(self.world.ranker, test, anchor, at)
            found[name] = {
                "outcome": reading.outcome,
                "agrees": agrees(test, reading, row.get("agrees", ["consistent"])),
                "value": shown(self.world.library, test, reading, printed, at),
                "raw": reading.raw,
                "bar": reading.matters,
            }
        if "each_day_since" in row:
            found["each_day"] = self.each_day(test, anchor, row["each_day_since"])
        return found

    def each_day(self, test, anchor, since):
        """The same read to each day, in today's vintage: the ends, the days, how many agree."""
        at = self.moments["today"]
        days = standing(self.world.library.get(test["series"]), at, (since, test["frozen"]))
        tests = [{**test, "frozen": row.period} for row in days]
        readings = [evaluate(self.world.ranker, t, anchor, at) for t in tests]
        values = [reading.value for reading in readings]
        return {
            "lowest": min(values),
            "highest": max(values),
            "days": len(values),
            "agreeing": sum(reading.outcome == "consistent" for reading in readings),
        }


def agrees(test, reading, wanted):
    """None where the reading leaves the words open."""
    if reading.outcome == "not_evaluable":
        return None
    if reading.outcome == "neutral" and test["kind"] not in FACTS:
        return None
    return reading.outcome in wanted


def shown(library, test, reading, printed, at):
    """The value as it is told: in the print's sense where a number in its unit is printed."""
    if reading.outcome == "not_evaluable":
        return None
    if test["kind"] == "record":
        return reading.level
    if printed is None or amount(printed)[1] != amount(test["matters"]["at_least"])[1]:
        return reading.value
    signed = test["kind"] in ("total", "quoted", "ratio") and sign_of(test) < 0
    return -reading.value if signed else reading.value


def deciding(row):
    """The first of the two days on which the reading has a value."""
    return row["today"] if row["then"]["outcome"] == "not_evaluable" else row["then"]


def status_of(rows):
    """What the readings that count come to, the first being what the words mean."""
    if not rows:
        return "not_checkable"
    if rows[0]["agrees"]:
        return "reproduced"
    if any(row["agrees"] for row in rows):
        return "reproduced_under_another_definition"
    return "not_checkable" if rows[0]["outcome"] == "not_evaluable" else "not_reproduced"


def distance(first, printed):
    """How far the first reading lies from the print; from its bar, where no number is printed."""
    if first is None or first["outcome"] == "not_evaluable":
        return 0.0
    if printed is not None:
        value, print_ = first["value"], amount(printed)[0]
    elif first["agrees"]:
        return 0.0
    else:
        value, print_ = first["raw"], first["bar"]
    return abs(value - print_) / max(abs(value), abs(print_))
