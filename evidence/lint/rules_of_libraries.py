"""The rules that need the other files of a library."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from evidence.lint.places import Findings
from evidence.narrative import EventIs, Narrative
from evidence.problems import Finding, nearest, shown


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
