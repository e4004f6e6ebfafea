"""`new`: asks the questions of a story, writes its YAML, and scores it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from evidence.commands import REPO, AsOf, Json, Narratives, Snapshot, day, desk, out, wrong

EXAMPLE = "new --answers answers.json"


def command(
    answers: Annotated[
        Path | None,
        typer.Option("--answers", help="Answers as JSON instead of asking.", show_default=False),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="The file; by default the story's id in this folder.",
            show_default=False,
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Writes over a file that is there.")
    ] = False,
    as_of: AsOf = None,
    narratives: Narratives = REPO / "narratives",
    snapshot: Snapshot = None,
    as_json: Json = False,
) -> None:
    """Asks what a story needs, writes it as YAML with its cases and controls, and scores it."""
    from evidence import estimate
    from evidence.commands.score import lines
    from evidence.drafting.finishing import engine_with, finished
    from evidence.library import read_paths
    from evidence.problems import tally
    from evidence.trace import dump

    when = day(as_of)
    engine, library = desk(narratives, snapshot)
    store = engine.store
    name = output.stem if output is not None else ""
    draft = _given(answers) if answers else _asked(engine, library, name, as_json=as_json)
    draft = draft.model_copy(update={"id": draft.id or name})
    made = finished(draft, library, store)
    path = _place(output, made, force=force)
    path.write_text(made.text, "utf-8")
    problems = read_paths([path], narratives, store.catalogue)
    errors = [p for p in problems if p.severity == "error"]
    story = made.reading.value if not errors else None
    verdict = None
    if story is not None:
        seconds = estimate.estimate(story, store, library.narratives)
        if seconds > estimate.LIMIT:
            typer.echo(f"Scoring this will take about {estimate.spoken(seconds)}.", err=True)
        verdict = engine_with([story], library, store).score(story.id, when).verdict
    if as_json:
        out(
            {
                "file": path.as_posix(),
                "problems": [p.document() for p in problems],
                "errors": len(errors),
                "warnings": len(problems) - len(errors),
                "left_out": list(made.left_out),
                "verdict": None if verdict is None else dump(verdict),
            }
        )
    else:
        typer.echo(f"{path} is written: {tally(problems)}")
        for told in (*(p.text() for p in problems), *made.left_out):
            typer.echo(told)
        for line in lines(verdict) if verdict is not None else ():
            typer.echo(line)
    raise typer.Exit(1 if errors else 0)


def _given(path: Path) -> Any:
    """A draft from a file of answers."""
    from pydantic import ValidationError

    from evidence.drafting.draft import Draft

    try:
        return Draft.model_validate_json(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        wrong(f"--answers: {path} cannot be read")
    except ValidationError as fault:
        first: Mapping[str, Any] = fault.errors(include_url=False)[0]
        at = ".".join(map(str, first["loc"])) or "the file"
        wrong(f"--answers: {path}: {at}: {first['msg']}")


def _asked(engine: Any, library: Any, name: str, *, as_json: bool) -> Any:
    """A draft from a conversation; on stderr, where stdout is for a document. name: the file's, where it is given."""
    from datetime import datetime

    from evidence import calendar
    from evidence.drafting.asking import Conversation
    from evidence.drafting.finishing import finished
    from evidence.drafting.worked_cases import episodes

    def say(text: str) -> None:
        typer.echo(text, err=as_json)

    def hear(prompt: str, suggestion: str) -> str:
        told = f"{prompt} [{suggestion}]" if suggestion else prompt
        answer: str = typer.prompt(
            told.strip() or ">",
            default=suggestion,
            show_default=False,
            prompt_suffix=" ",
            err=as_json,
        )
        return answer

    view = engine.view(engine.store.newest_day)
    today = datetime.now(calendar.NEW_YORK).date()
    talk = Conversation(say, hear, view, library, today, name)
    draft = talk.draft()
    story = finished(draft, library, engine.store).reading.value
    offered = episodes(story, engine.store, library.controls) if story is not None else ()
    if not offered:
        return draft
    say("")
    say(
        "The same tests on past episodes. Those whose answer is known may stand in the file as controls:"
    )
    for place, one in enumerate(offered, 1):
        say(f"  {place}. {one.use.test}, {one.name}: {one.outcome}. {one.seen}")
    kept = tuple(offered[i].use for i in talk.chosen("Which (numbers, or nothing)?", len(offered)))
    return draft.model_copy(update={"episodes": kept})


def _place(output: Path | None, made: Any, *, force: bool) -> Path:
    """The file that is written: never one that is there already, unless asked to."""
    from evidence.drafting.answers import slug_like

    if output is None and not slug_like(made.draft.id):
        wrong("the answers give no id, and without one there is no name for the file")
    path = output or Path(f"{made.draft.id}.yaml")
    if path.is_dir() or not path.parent.is_dir():
        wrong(f"--output: {path} cannot be written")
    if path.exists() and not force:
        wrong(f"{path} is there already; --force writes over it")
    return path


def document() -> dict[str, Any]:
    """What `--json` prints."""
    from evidence.commands.lint import document as lint
    from evidence.contract import HASH, TEXT, definitions, fields, item, rows
    from evidence.trace import Verdict

    models = definitions(Verdict)
    models["Verdict"]["properties"]["identity"] = HASH
    told = lint()["properties"]
    body = fields(
        file=TEXT,
        **{name: told[name] for name in ("problems", "errors", "warnings")},
        left_out=rows(TEXT),
        verdict={"anyOf": [item(Verdict), {"type": "null"}]},
    )
    return {**body, "$defs": models}
