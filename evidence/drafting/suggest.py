"""What a form can fill in before anybody has answered: ids, kinds that fit a series, windows, units, what is usual."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from pydantic import TypeAdapter

from evidence import lint
from evidence.answer import answer, kind_of
from evidence.catalogue import Catalogue
from evidence.drafting.draft import DraftTest
from evidence.kinds import KINDS, Test, is_fact
from evidence.kinds.base import TestBase
from evidence.observations import View
from evidence.quantity import level, written
from evidence.windows import USUAL

OFFERED = (
    "change_after",
    "net_flow",
    "flow_shift",
    "spike_after",
    "falls_together",
    "level",
    "reaches",
    "record",
)
"""The kinds that are offered to somebody who drafts; the others can be written in the YAML."""
WINDOWS = {"daily": "2 weeks", "weekly": "4 weeks", "monthly": "1 month"}
ROLES = {
    "hoop": "If this fails, the claim is in trouble; if it passes, little is shown.",
    "smoking_gun": "If this passes, little else explains it; if it fails, little is lost.",
    "doubly_decisive": "Both: a failure sinks the claim and a pass bears it out.",
    "straw_in_the_wind": "Leans one way and decides nothing.",
}
UNITS = ("%", "bp", "bn", "contracts", "points", "pp", "sd", "days")
"""The units that a size can be written in; a series in another one cannot be asked for a size."""
LONGEST = 50
BACK = timedelta(days=400)
"""How far before the view's day windows are looked at, where the event's own is not out."""
_TEST: TypeAdapter[TestBase] = TypeAdapter(Test)
LITTLE = {"the", "a", "an", "of", "in", "on", "to", "and", "after", "their", "its", "were", "was", "by"}  # fmt: skip
"""Words that say nothing by themselves."""


@dataclass(frozen=True)
class Prefilled:
    """What suits a kind of test on a series: a window (none for facts), the unit of what matters, a grade."""

    window: str
    unit: str
    grade: str


@dataclass(frozen=True)
class Usual:
    """How far windows of that length usually went, either way: the median, and what 95 % stayed within.

    unit: of both, `percent` where what matters is told in percent of the level. words: the two, told.
    """

    median: float
    most: float
    unit: str
    windows: int
    words: str


def slug(text: str, longest: int = LONGEST) -> str:
    """An id from a sentence: its words in small letters, without the little ones; whole words only."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain)
    kept = [word for word in words if word not in LITTLE] or words
    found = ""
    for word in kept:
        longer = f"{found}-{word}" if found else word[:longest]
        if len(longer) > longest:
            break
        found = longer
    return found


def title(claim: str, longest: int = 70) -> str:
    """A title from a claim: its first sentence, cut at a word."""
    first = re.split(r"(?<=[.;:])\s", claim.strip())[0].rstrip(".;:")
    if len(first) <= longest:
        return first
    return first[: longest + 1].rpartition(" ")[0] or first[:longest]


def kinds_for(series_id: str, catalogue: Catalogue) -> tuple[str, ...]:
    """The offered kinds that can read a series, by the rules of `evidence.lint`; what suits it best comes first."""
    fitting = [kind for kind in OFFERED if _fits(kind, series_id, catalogue)]
    flow = catalogue.series[series_id].behaves == "flow"
    return tuple(sorted(fitting, key=lambda kind: flow and kind not in ("net_flow", "flow_shift")))


def _fits(kind: str, series_id: str, catalogue: Catalogue) -> bool:
    probe = _probe(kind, series_id, catalogue)
    rules = ("kind-series", "sum-series", "window-frequency")
    if any(finding for rule in rules for finding in lint.RULES.series[rule](probe, catalogue)):
        return False
    return _unit(probe, catalogue) in UNITS


def _probe(kind: str, series_id: str, catalogue: Catalogue, **given: Any) -> TestBase:
    """The plainest test of a kind on a series."""
    entry = catalogue.series[series_id]
    a_day = date(2020, 1, 31)
    fields: dict[str, Any] = {
        "id": "probe", "title": "A probe", "kind": kind, "role": "hoop", "why": "To ask the rules.",
        "matters": {"at_least": "1 days", "why": "To ask the rules."},
    }  # fmt: skip
    if kind == "falls_together":
        fields["legs"] = [{"series": series_id, "direction": "up"}] * 2
    else:
        fields |= {"series": series_id, "predicts": {"direction": "up"}}
    if is_fact(kind):
        fields |= {"since": a_day, "until": a_day} if kind == "reaches" else {"on": a_day}
    else:
        fields["window"] = {"after": WINDOWS.get(entry.frequency, "1 day")}
    return _TEST.validate_python({**fields, **given})


def prefilled(kind: str, series_id: str, catalogue: Catalogue) -> Prefilled:
    """A window, a unit and a grade for a kind on a series."""
    entry = catalogue.series[series_id]
    unit = _unit(_probe(kind, series_id, catalogue), catalogue)
    grade = "quoted" if entry.licence == "quoted" else "direct"
    return Prefilled("" if is_fact(kind) else WINDOWS.get(entry.frequency, ""), unit, grade)


def _unit(probe: TestBase, catalogue: Catalogue) -> str:
    """The unit of what matters, as a narrative writes it."""
    entry, kind = catalogue.series[probe.reads[0]], kind_of(probe)
    if kind == "change_after" and entry.behaves in ("stock", "net_position"):
        return written("percent")
    view: Any = _Catalogued(catalogue)
    own = KINDS[kind].unit(probe, view)
    return written("points" if own.startswith("index") else own)


@dataclass(frozen=True)
class _Catalogued:
    """Stands where a view stands, for a question that only the catalogue answers."""

    catalogue: Catalogue


def usual(test: DraftTest, view: View, anchor: date) -> Usual | None:
    """What windows like the test's own did before the event; None where that cannot be said.

    Of the windows that the event would be ranked among; before the view's day, where the event's is not out.
    """
    entry = view.catalogue.series.get(test.series)
    if entry is None or is_fact(test.kind) or test.kind not in OFFERED or not _can(test, view):
        return None
    window = {k: v for k in ("after", "before", "skip") if (v := getattr(test, k))}
    given = {"against": test.against} if test.kind == "flow_shift" and test.against else {}
    probe = _probe(
        test.kind,
        test.series,
        view.catalogue,
        window=window or {"after": WINDOWS[entry.frequency]},
        **given,
    )
    ranked = answer(probe, view, anchor).ranked or answer(probe, view, view.day - BACK).ranked
    if ranked is None:
        return None
    base = float(ranked.event.base[0])
    percent = test.kind == "change_after" and entry.behaves in ("stock", "net_position")
    shown = np.abs(ranked.shown / (abs(base) / 100) if percent else ranked.shown)
    unit = "percent" if percent else KINDS[test.kind].unit(probe, view)
    median, most = (float(q) for q in np.quantile(shown, [0.5, 0.95]))
    words = (
        f"Half of the {len(shown):,} windows before it moved by {level(median, unit)} or less, "
        f"and 19 in 20 by {level(most, unit)} or less."
    )
    return Usual(median, most, unit, len(shown), words)


def _can(test: DraftTest, view: View) -> bool:
    entry = view.catalogue.series[test.series]
    scaled = test.kind == "spike_after" or (entry.behaves, entry.frequency) in USUAL
    return (
        scaled and _fits(test.kind, test.series, view.catalogue) and test.kind != "falls_together"
    )
