"""A story that somebody writes, read and scored: everything that the page shows of it, as plain values.

`drafted` yields documents that JSON can hold, the most wanted first, so that whoever stops it has all that
was made until then. It runs in a child of `briefs.sandbox`, which turns the documents back into what they were.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
import pandas as pd

import charts
from briefs.desk import Desk
from charts import placebos, specifications
from charts.figure import Figure, Step
from charts.scene import named
from charts.theme import DARK, LIGHT, Look
from evidence import controls, estimate, inference
from evidence.drafting import finishing
from evidence.drafting.draft import Draft, yaml_of
from evidence.drafting.finishing import completed
from evidence.engine import Engine, Scored
from evidence.library import draft
from evidence.narrative import Event, Narrative
from evidence.observations import View
from evidence.reading import Reading, read_text

NAME = "story"
"""What stands for the file's name in problems."""
Mode = Literal["light", "dark"]
Document = Mapping[str, Any]


@dataclass(frozen=True)
class Wanted:
    """How a story is to be scored: as known on a day (None: on the newest), and the look of its figures."""

    as_of: date | None = None
    mode: Mode = "light"


def drafted(
    text: str, desk: Desk, wanted: Wanted | None, in_time: Callable[[], bool]
) -> Iterator[Document]:
    """Documents about a text: its problems, and where it is `wanted` and sound what comes of it.

    in_time: whether there is time for one more of the checks, which come last.
    """
    reading = draft(read_text(text, NAME, desk.store.catalogue), desk.library)
    problems = [problem.document() for problem in reading.problems]
    story = reading.value
    yield {
        "problems": problems,
        "id": story.id if story else "",
        "event": story.event if story else "",
    }
    if wanted is None or story is None:
        return
    refused = estimate.refused(story, desk.store, desk.library.narratives)
    if refused:
        yield {"refused": refused}
        return
    yield from _scored(reading, story, desk, wanted, in_time)


def finished(answers: str, desk: Desk) -> Iterator[Document]:
    """Documents about answers (a draft as JSON): its YAML, first as it is, then with cases and controls worked out."""
    answered = Draft.model_validate_json(answers)
    yield {"text": yaml_of(completed(answered, desk.store)), "left_out": []}
    whole = finishing.finished(answered, desk.library, desk.store)
    yield {"text": whole.text, "left_out": list(whole.left_out)}


def _scored(
    reading: Reading[Narrative],
    story: Narrative,
    desk: Desk,
    wanted: Wanted,
    in_time: Callable[[], bool],
) -> Iterator[Document]:
    """The verdict first, then its figures, what lint says of its data, and its cases and controls."""
    event = (
        story.event_is.event(story.event) if story.event_is else desk.library.events[story.event]
    )
    anchors = {**desk.engine.anchors, story.event: event.date}
    engine = Engine(desk.store, {**desk.library.narratives, story.id: story}, anchors)
    day, look = wanted.as_of or desk.newest, DARK if wanted.mode == "dark" else LIGHT
    scored = engine.score(story.id, day)
    yield {"verdict": scored.verdict.model_dump(mode="json")}
    asked = engine.sensitivity(story.id, day)
    if asked.specifications:
        yield {"curve": written(specifications.curve(asked, look))}
    view, anchor = engine.view(scored.verdict.stands_for), engine.anchor(story)
    yield from _figures(story, event, scored, view, anchor, look)
    for finding in inference.on_the_data(story, view, anchor):
        yield {"finding": reading.source.on(finding).document()}
    yield from _checks(story, desk, anchors, in_time)


def _figures(
    story: Narrative, event: Event, scored: Scored, view: View, anchor: date, look: Look
) -> Iterator[Document]:
    """Each test's picture; then the event's place among the earlier windows, where a test is ranked."""
    called = event.name if anchor == event.date else named(event.name, anchor, event.marks)
    for test in story.tests:
        trace, ranked = scored.verdict.test(test.id), scored.ranked.get(test.id)
        if all(view.held(name) and len(view.series(name)) for name in test.reads):
            drawn = charts.for_test(
                test,
                trace,
                ranked,
                view,
                anchor,
                look,
                event_name=called,
                marks=event.marks,
            )
            yield {"picture": written(drawn), "test": test.id}
    for name, ranked in scored.ranked.items():
        yield {
            "place": written(placebos.place(scored.verdict.test(name), ranked, look)),
            "test": name,
        }


def _checks(
    story: Narrative, desk: Desk, anchors: Mapping[str, date], in_time: Callable[[], bool]
) -> Iterator[Document]:
    """The story's own cases, then its controls, as far as there is time."""
    episodes = {control.id: control.date for control in desk.library.controls.values()}
    count = len(story.cases) + len(story.controls)
    yield {"to_check": count}
    every = controls.run([story], anchors, episodes, desk.store)
    while count and in_time():
        yield {"check": asdict(next(every))}
        count -= 1


# -- figures as plain values, and back ---------------------------------------------------------------


def written(figure: Figure) -> Document:
    """A figure as JSON holds it."""
    return {
        "key": figure.key,
        "spec": figure.spec,
        "frame": _columns(figure.frame),
        "title": figure.title,
        "subtitle": figure.subtitle,
        "alt": figure.alt,
        "table": _columns(figure.table),
        "source": figure.source,
        "steps": [{**asdict(step), "layers": sorted(step.layers)} for step in figure.steps],
        "stage": figure.stage,
    }


def figure(given: Document) -> Figure:
    """The figure that was `written`."""
    steps = [Step(**{**step, "layers": frozenset(step["layers"])}) for step in given["steps"]]
    frames = {name: _frame(given[name]) for name in ("frame", "table")}
    return Figure(**{**given, **frames, "steps": tuple(steps)})


def _columns(frame: pd.DataFrame) -> list[tuple[str, str, list[Any]]]:
    """Name, type and values of each column; JSON has no not-a-number, so that stands as nothing."""
    return [
        (str(name), str(column.dtype), [_plain(value) for value in column.tolist()])
        for name, column in frame.items()
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


def _frame(columns: list[tuple[str, str, list[Any]]]) -> pd.DataFrame:
    return pd.DataFrame(
        {name: pd.Series(values, dtype=kind) for name, kind, values in columns},
        columns=[name for name, _, _ in columns],
    )
