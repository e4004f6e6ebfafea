"""The folder of exercises, read whole: what could be read, in order, and every problem of what could not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from evidence import lint
from evidence.catalogue import Catalogue
from evidence.engine import Engine
from evidence.exercises.base import ExerciseBase, Findings, unknown_series
from evidence.exercises.forms import FORMS
from evidence.exercises.posing import form_of, unsound
from evidence.library import EXERCISES, Library, read_library
from evidence.problems import Finding, Problem, listed, nearest, shown
from evidence.reading import Reading, Source, read_chosen


@dataclass(frozen=True)
class Exercises:
    """All exercises without an error, by id in their order."""

    by_id: Mapping[str, ExerciseBase]
    problems: tuple[Problem, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)


def read_exercises(
    folder: Path, catalogue: Catalogue, library: Library | None = None, name: str | None = None
) -> Exercises:
    """Every exercise of a folder; one that is not there holds none.

    library: what they are held against, where it is given. In problems, paths begin with `name` (default: the
    folder's own path).
    """
    return _read(_files(folder, name), catalogue, library)


def read_among(paths: Sequence[Path], narratives: Path, catalogue: Catalogue) -> Exercises:
    """The exercises that are paths, or lie in them (in a folder of narratives: under `exercises`), held against `narratives`."""
    files: dict[Path, str] = {}
    for path in paths:
        if path.suffix == ".yaml":
            files |= {path: path.as_posix()} if lies_among(path) else {}
        else:
            files |= _files(path if path.name == EXERCISES else path / EXERCISES)
    return _read(files, catalogue, read_library(narratives, catalogue) if files else None)


def lies_among(path: Path) -> bool:
    """Whether a path is a folder of exercises, or a file in one."""
    return EXERCISES in (path.name, path.parent.name) and path.suffix in ("", ".yaml")


def _files(folder: Path, name: str | None = None) -> dict[Path, str]:
    """The exercises' files in a folder, and how each is called in problems."""
    top = name or folder.as_posix()
    paths = (p for p in sorted(folder.glob("*.yaml")) if not p.name.startswith((".", "_")))
    return {path: f"{top}/{path.name}" for path in paths}


def _read(files: Mapping[Path, str], catalogue: Catalogue, library: Library | None) -> Exercises:
    """What became of some files, in the order of the exercises."""
    read = [read_exercise(path, catalogue, library, label) for path, label in files.items()]
    kept = sorted((r.value for r in read if r.value is not None), key=lambda e: (e.order, e.id))
    return Exercises(
        {e.id: e for e in kept},
        tuple(p for r in read for p in r.problems),
        {r.value.id: r.source.alone for r in read if r.value is not None},
    )


def read_exercise(
    path: Path, catalogue: Catalogue, library: Library | None = None, name: str | None = None
) -> Reading[ExerciseBase]:
    """An exercise from its file; the file's name has to be its id."""
    reading = read_chosen(path, _model, name)
    exercise = reading.parsed
    if exercise is None:
        return reading
    return reading.also(_findings(exercise, path.stem, catalogue, library))


def unsound_ones(exercises: Exercises, engine: Engine, library: Library) -> Iterator[Problem]:
    """What only the engine sees: exercises of which no answer is right, or every one, or that cannot be posed."""
    for exercise in exercises.by_id.values():
        for finding in unsound(exercise, engine, library):
            yield exercises.sources[exercise.id].on(finding)


def _model(data: Any) -> type[ExerciseBase] | Finding:
    """The model of an exercise by its `form`, or why there is none."""
    if not isinstance(data, dict):
        return ExerciseBase
    given = data.get("form")
    if given in FORMS:
        return FORMS[str(given)].model
    every = f"the forms are {listed(FORMS)}"
    if "form" not in data:
        return Finding((), f"`form` is missing; {every}", code="missing-key")
    message = f"there is no form of exercise {shown(given)}; {every}"
    return Finding(("form",), message, nearest(given, FORMS), code="unknown-form")


def _findings(
    exercise: ExerciseBase, stem: str, catalogue: Catalogue, library: Library | None
) -> Findings:
    """The rules of an exercise: its name, its tests, what its form says, and the stories that it names."""
    if exercise.id != stem:
        message = f"the file is called {shown(f'{stem}.yaml')}; its `id` has to be the same"
        yield Finding(("id",), message, code="file-name")
    for series in exercise.called:
        yield from unknown_series(series, ("called", series), catalogue)
    form = FORMS[form_of(exercise)]
    for path, test in form.tests(exercise):
        for finding in lint.one_test(test, 0, catalogue):
            yield replace(finding, path=(*path, *finding.path[2:]))
    yield from form.findings(exercise, catalogue)
    if library is None:
        return
    if exercise.event not in library.events:
        message = f"there is no event {shown(exercise.event)}"
        hint = nearest(exercise.event, library.events)
        yield Finding(("event",), message, hint, code="unknown-event")
    yield from form.against(exercise, library)
