"""What the catalogue's series look like on a day: last value, freshness, where they are used."""

from collections.abc import Iterable
from datetime import date
from typing import Literal

from evidence import calendar
from evidence.catalogue import Licence, VintageQuality
from evidence.frozen import Frozen
from evidence.narrative import Narrative
from evidence.observations import View
from evidence.quantity import tidy

Freshness = Literal["fresh", "overdue", "stale", "closed", "not_held"]


WORSE = ("recorded", "reconstructed", "latest_only").index
"""The order of vintage qualities: a combination is as good as the worst of its files."""


class SeriesRow(Frozen):
    """One series as of a day. `closed`: irregular, or known only from print, so never late.

    brought: the user did, and `note` is what they say of the data.
    """

    id: str
    title: str
    short: str
    unit: str
    frequency: str
    publisher: str
    citation: str
    url: str
    licence: Licence
    terms: str
    vintage_quality: VintageQuality
    source_group: str
    derived: bool
    observations: int
    first: date | None
    last: date | None
    last_value: float | int | None
    known_at: str | None
    next_release: date | None
    freshness: Freshness
    faults: str
    used_in: tuple[str, ...]
    brought: bool
    note: str

    def line(self) -> str:
        """One line of `series`."""
        owner: str = self.licence
        if self.brought:
            owner = f"brought by you: {self.note}" if self.note else "brought by you"
        if self.last is None:
            return f"{self.id}  {self.freshness.replace('_', ' ')}  {self.licence}  {self.title}"
        return f"{self.id}  {self.last} {self.last_value} {self.unit}  {self.freshness}  {self.vintage_quality}  {owner}"


def rows(view: View, narratives: Iterable[Narrative], only: str | None = None) -> list[SeriesRow]:
    """The catalogue as of the view's day, in order of id."""
    uses: dict[str, list[str]] = {}
    for narrative in narratives:
        for name in sorted({s for test in narrative.tests for s in test.reads}):
            uses.setdefault(name, []).append(narrative.id)
    ids = [only] if only is not None else view.catalogue.ids
    return [row(view, name, tuple(uses.get(name, ()))) for name in ids]


def row(view: View, series_id: str, used_in: tuple[str, ...]) -> SeriesRow:
    """One series as of the view's day."""
    entry = view.catalogue.series[series_id]
    release = view.catalogue.releases[entry.release]
    held = view.held(series_id)
    series = view.series(series_id)
    last = series.periods[-1].astype(object) if len(series) else None
    own = entry.licence == "licensed" and last is not None
    due = (
        calendar.next_release(release, entry.frequency, last, view.day)
        if last and (own or entry.licence == "open")
        else None
    )
    freshness: Freshness = "not_held" if not held or last is None else "closed"
    if held and due is not None:
        late = (view.day - due).days
        freshness = (
            "stale" if late > release.stale_after_days else "overdue" if late > 0 else "fresh"
        )
    return SeriesRow(
        **{
            f: getattr(entry, f)
            for f in (
                "id",
                "title",
                "short",
                "unit",
                "frequency",
                "publisher",
                "citation",
                "url",
                "licence",
                "terms",
                "source_group",
                "derived",
                "faults",
            )
        },
        vintage_quality=max((view.quality(f) for f in view.catalogue.files(series_id)), key=WORSE),
        observations=len(series),
        first=series.periods[0].astype(object) if last else None,
        last=last,
        last_value=tidy(float(series.latest[-1])) if last else None,
        known_at=calendar.iso(int(series.known.max())) if last else None,
        next_release=due,
        freshness=freshness,
        used_in=used_in,
        brought=own,
        note=str(view.store.brought.get(series_id, {}).get("note", "")) if own else "",
    )
