"""`import`: the user's own data of a licensed series, into a private store outside the repository."""

from pathlib import Path
from typing import Annotated, Any

import typer

from evidence.commands import OPENED, Json, Snapshot, meant, out, wrong

EXAMPLE = 'import market.sp500 sp500.csv --known-at "same-day 16:30"'
ALL = "all"
SHOWN = 20
"""So many problems are printed; `--json` has all of them."""


def command(
    series: Annotated[str, typer.Argument(help="A licensed series, or `all` of the map's.")],
    file: Annotated[Path, typer.Argument(help="CSV, Excel or Parquet.")],
    form: Annotated[
        Path | None,
        typer.Option("--map", help="A YAML file that says where the series stand in the file."),
    ] = None,
    known_at: Annotated[
        str,
        typer.Option(
            "--known-at",
            help='When a value became known, in New York: release, "same-day 16:30", "next-day 08:00" or column:NAME.',
        ),
    ] = "release",
    anew: Annotated[
        bool, typer.Option("--anew", help="Begin the series again; what it had is set aside.")
    ] = False,
    private: Annotated[
        Path | None,
        typer.Option("--private", help="The private store's folder.", show_default=False),
    ] = None,
    snapshot: Snapshot = None,
    as_json: Json = False,
) -> None:
    """Your own data of a licensed series into your private store; all or nothing for each series."""
    import os
    import time

    from evidence import calendar, private_folder
    from evidence.imports import Wish, bring, refused
    from evidence.observations import SNAPSHOT, SnapshotFault, Store
    from evidence.own_file import rule_of
    from evidence.transaction import WriteFault
    from evidence.trouble import Trouble

    now = int(time.time())
    try:
        store = Store(snapshot or SNAPSHOT)
        folder = private_folder.place(os.environ, private)
    except (SnapshotFault, private_folder.PrivateFault) as fault:
        wrong(str(fault))
    OPENED.append(store)
    if not file.is_file():
        wrong(f"there is no file {file}")
    if series != ALL:
        _licensed(store.catalogue, series)
    found, wanted, wrongs = _form(form, series, store.catalogue)
    try:
        for name in wanted:
            rule_of(known_at, store.catalogue.releases[store.catalogue.series[name].release])
    except ValueError as fault:
        wrong(f"--known-at: {fault}")
    view = store.as_of(calendar.new_york_day(now))
    try:
        wish = Wish(file, wanted, found, known_at, anew)
        told = [Trouble(source=w.file, line=w.line, message=w.message) for w in wrongs]
        report = refused(folder, told) if told else bring(wish, view, folder, now)
    except (private_folder.PrivateFault, WriteFault) as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(1) from None
    if as_json:
        out(report.model_dump(mode="json"))
    else:
        typer.echo("\n".join(report.words))
    for line in [w.text() for w in wrongs] or [t.words for t in report.problems[:SHOWN]]:
        typer.echo(line, err=True)
    if len(report.problems) > SHOWN and not wrongs:
        typer.echo(f"and {len(report.problems) - SHOWN:,} more problems", err=True)
    read = private_folder.folder(os.environ)
    if read is None or read.resolve() != folder:
        typer.echo(f"To use these data set {private_folder.SETTING}={folder}", err=True)
    if report.problems:
        raise typer.Exit(1)


def _licensed(catalogue: Any, series: str) -> None:
    """Refuses what is not there to be brought."""
    from evidence.problems import nearest

    if series not in catalogue.series:
        wrong(f"there is no series `{series}`{meant(nearest(series, catalogue.ids))}")
    if catalogue.series[series].licence != "licensed":
        wrong(f"`{series}` is open: its publisher fills it, and nobody brings it")


def _form(
    path: Path | None, series: str, catalogue: Any
) -> tuple[Any, tuple[str, ...], tuple[Any, ...]]:
    """The map, the series that are wanted from it, and what is wrong with it."""
    from evidence.mapping import FileMap, findings
    from evidence.problems import listed
    from evidence.reading import read_map

    if path is None:
        if series == ALL:
            wrong("`all` needs a map that names the series: --map MAP.yaml")
        return FileMap(), (series,), ()
    reading = read_map(path)
    if reading.parsed is not None:
        named = tuple(reading.parsed.series)
        wanted = named if series == ALL else (series,)
        reading = reading.also(findings(reading.parsed, catalogue, wanted))
    if reading.value is None:
        return FileMap(), (), reading.problems
    if not wanted:
        wrong(f"{path} names no `series`; say which one the file is of")
    if named and not set(wanted) <= set(named):
        wrong(f"{path} has no series `{series}`; it has {listed(named)}")
    return reading.value, wanted, ()


def document() -> dict[str, Any]:
    """What `--json` prints."""
    from evidence.contract import definitions
    from evidence.imports import Report

    found = definitions(Report)
    return {**found.pop("Report"), "$defs": found}
