"""Every verdict of the narratives once more, in plain Python and numpy, from docs/method.md.

Imports nothing of the project. Reads the narratives, the snapshot and the catalogue as files.

    python tests/golden/recompute.py                  the table of the golden dates, as JSON
    python tests/golden/recompute.py --as-of DATE     the table of one day
    python tests/golden/recompute.py --write          write tests/golden/verdicts.json

Beside it: `data` reads the files; `ranked` and `facts` answer tests; `judging` makes verdicts of them; `grid`
asks them in other ways; `quiet` runs them on quiet dates; `audited` reads the note's figures.

It was written before its author had read the engine. Where the page left a choice open, the choice was
then made as the engine makes it: a window starts on the anchor's day (`before`: on the last day of its
base); trailing periods are slots, held or not; several series have the days that all of them have;
a month without a first print stands in from 150 days on; facts that are frozen later than the as-of
date are read so far; `tracks` wants all of its months.
"""

from __future__ import annotations

import argparse
import datetime as dt
import functools
import hashlib
import json
import re
import sys
from pathlib import Path

import yaml
from audited import Audit
from data import Library, end_of
from grid import evaluate, robustness
from judging import confidence, judge
from quiet import Calendar, read
from ranked import Ranker

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
GOLDEN = HERE / "verdicts.json"
GOLDEN_DAYS = ("2025-04-12", "2025-04-25", "2025-06-20")  # and the snapshot's last day


def load_narratives(narratives_dir):
    """(anchor, narrative) for each live narrative of each event's folder."""
    for event_file in sorted(Path(narratives_dir).glob("*/event.yaml")):
        anchor = yaml.safe_load(event_file.read_text(encoding="utf-8"))["date"]
        for path in sorted(event_file.parent.glob("*.yaml")):
            if path.name not in ("event.yaml", "audit.yaml"):
                narrative = yaml.safe_load(path.read_text(encoding="utf-8"))
                if narrative["status"] == "live":
                    yield narrative.get("anchor", anchor), narrative


class World:
    """The narratives on the data."""

    def __init__(self, narratives_dir, snapshot_dir, catalogue_dir):
        self.narratives_dir = Path(narratives_dir)
        self.library = Library(snapshot_dir, catalogue_dir)
        self.ranker = Ranker(self.library)
        rows = load_narratives(narratives_dir)
        self.narratives = {narrative["id"]: (anchor, narrative) for anchor, narrative in rows}
        self.calendar = Calendar(self.ranker, narratives_dir)

    @functools.cache  # noqa: B019 - a world lives as long as the program
    def verdict(self, name, as_of):
        """(verdict, readings) of a narrative on a day."""
        anchor, narrative = self.narratives[name]
        at = end_of(as_of)
        readings = {t["id"]: evaluate(self.ranker, t, anchor, at) for t in narrative["tests"]}
        direction, parts = judge(self.library, narrative, readings)
        met = all(self.holds(condition, as_of) for condition in narrative.get("when", []))
        agree = of = None
        if met:
            agree, of = robustness(self.ranker, narrative, anchor, at, direction)
        else:
            direction = "insufficient_data"

        def doubts(decided):
            if of and agree < 0.75 * of:
                yield "fragile"
            if not all(self.calendar.calibrated(test) for test in decided):
                yield "uncalibrated"

        sure, down = confidence(self.library, narrative, readings, parts, direction, doubts)
        return {
            "direction": direction,
            "confidence": sure,
            "down": down,
            "agree": agree,
            "of": of,
            "parts": {
                part: {"direction": side, "joint": j} for part, (side, j, _) in parts.items()
            },
        }, readings

    def holds(self, condition, as_of):
        """Whether another narrative's verdict, or one of its tests, is what a condition wants."""
        verdict, readings = self.verdict(condition["narrative"], as_of)
        if "test" in condition:
            return readings[condition["test"]].outcome == condition["outcome"]
        return verdict["direction"] == condition["direction"]

    def audit(self, newest):
        """{figure: what its readings come to}: the audit file of each event."""
        found = {}
        for path in sorted(self.narratives_dir.glob("*/audit.yaml")):
            event = read(path.with_name("event.yaml"))
            found |= Audit(self, path, event["date"], newest).table()
        return found


@functools.cache
def world_at(*places):
    return World(*places)


def plain(value):
    """Numbers to eight significant digits, days as text."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        return float(f"{value:.8g}")
    return value


def table(as_of, narratives_dir, snapshot_dir, catalogue_dir, leaving_out=()):
    world, answer = world_at(narratives_dir, snapshot_dir, catalogue_dir), {}
    for name in world.narratives:
        if name in leaving_out:
            continue
        verdict, readings = world.verdict(name, as_of)
        tests = {test: {"outcome": r.outcome, **r.numbers} for test, r in readings.items()}
        answer[name] = plain({**verdict, "tests": tests})
    return answer


def verdict_lines(days):
    """One line for each verdict: direction, confidence and the outcome of every test. No numbers."""
    lines = []
    for day, narratives in days.items():
        for name, verdict in narratives.items():
            outcomes = (f"{test}={row['outcome']}" for test, row in verdict["tests"].items())
            head = f"{day} {name} {verdict['direction']} {verdict['confidence']}"
            lines.append(" ".join([head, *outcomes]))
    return lines


def digest(days):
    return hashlib.sha256("\n".join(verdict_lines(days)).encode()).hexdigest()


def engine_version():
    """Read as text: nothing of the project is imported here."""
    text = (ROOT / "evidence" / "__init__.py").read_text(encoding="utf-8")
    return re.search(r'^ENGINE_VERSION = "(.+)"$', text, re.MULTILINE).group(1)


def places():
    return ROOT / "narratives", ROOT / "evidence" / "snapshot", ROOT / "evidence" / "catalogue"


def golden_days():
    manifest = json.loads((places()[1] / "manifest.json").read_text(encoding="utf-8"))
    return [*GOLDEN_DAYS, manifest["newest_release"]]


def verdicts(days):
    return {day: table(dt.date.fromisoformat(day), *places()) for day in days}


def calibration():
    world = world_at(*places())
    return plain(world.calendar.table(world.narratives))


def audit():
    return plain(world_at(*places()).audit(dt.date.fromisoformat(golden_days()[-1])))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--as-of", help="one day only")
    parser.add_argument("--write", action="store_true", help="write verdicts.json")
    arguments = parser.parse_args()
    if not arguments.write:
        days = verdicts([arguments.as_of] if arguments.as_of else golden_days())
        json.dump(days, sys.stdout, indent=1, ensure_ascii=False)
        return
    if arguments.as_of:
        parser.error("--write writes all the golden days")
    days = verdicts(golden_days())
    mark, engine = digest(days), engine_version()
    document = {"written_by": "tests/golden/recompute.py --write", "engine": engine, "sha256": mark}
    document |= {"days": days, "calibration": calibration(), "audit": audit()}
    text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    GOLDEN.write_text(text, encoding="utf-8")
    print(f"{GOLDEN}: CHANGELOG.md wants “Engine {engine} (verdicts {mark[:12]}): …”")


if __name__ == "__main__":
    main()
