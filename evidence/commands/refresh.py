"""`refresh`: what the publishers offer now, into the snapshot."""

import sys
from typing import Annotated, Any

import typer

from evidence.commands import REPO, Json, Snapshot, meant, out, wrong

EXAMPLE = "refresh --only fred"


def command(
    series: Annotated[
        list[str] | None, typer.Argument(help="Series; without any, all of them.")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", help="A publisher; may be given again.")
    ] = None,
    base_url: Annotated[
        list[str] | None,
        typer.Option("--base-url", help="PUBLISHER=URL: an address that stands in for its hosts."),
    ] = None,
    anew: Annotated[
        bool, typer.Option("--anew", help="Ask for whole files, also where nothing has changed.")
    ] = False,
    snapshot: Snapshot = None,
    as_json: Json = False,
) -> None:
    """Fetch from the publishers into the snapshot; all or nothing for each series."""
    import os
    import time

    from evidence.catalogue import read as read_catalogue
    from evidence.observations import SNAPSHOT
    from evidence.publishers import discover
    from evidence.refresh import Busy, Sources, Wish, refresh
    from evidence.transaction import WriteFault
    from evidence.web import Web, agent

    sources = Sources(discover(), read_catalogue(), dict(os.environ))
    wish = Wish(tuple(series or ()), tuple(only or ()), anew)
    _known(sources, wish)
    bases = _bases(base_url or [], sources.publishers)
    web = Web(agent(os.environ.get("FLOWCHECK_PROJECT_URL") or _project()), bases)
    try:
        with typer.progressbar(
            length=len(sources.feeds(wish)), label="Feeds", file=sys.stderr
        ) as bar:
            report = refresh(
                snapshot or SNAPSHOT,
                sources,
                web,
                int(time.time()),
                wish,
                lambda _: bar.update(1),
            )
    except (Busy, WriteFault) as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(1) from None
    finally:
        web.close()
    if as_json:
        out(report.model_dump(mode="json"))
    else:
        typer.echo("\n".join(report.words))
    for trouble in report.problems:
        typer.echo(trouble.words, err=True)
    if report.problems:
        raise typer.Exit(1)


def _known(sources: Any, wish: Any) -> None:
    """Refuses series and publishers that there are not."""
    from evidence.problems import nearest

    for name in wish.publishers:
        if name not in sources.publishers:
            wrong(f"there is no publisher `{name}`{meant(nearest(name, sources.publishers))}")
    offered = {series for _, feed in sources.feeds(type(wish)()) for series in feed.series}
    for name in wish.series:
        if name not in sources.catalogue.series:
            wrong(f"there is no series `{name}`{meant(nearest(name, sources.catalogue.ids))}")
        if name not in offered:
            wrong(f"no publisher offers `{name}` as a feed")


def _bases(given: list[str], publishers: Any) -> dict[str, str]:
    """The addresses that stand in for publishers' hosts."""
    found = {}
    for text in given:
        name, _, url = text.partition("=")
        if name not in publishers or not url.startswith(("http://", "https://")):
            wrong(f"--base-url: `{text}`; write it as fred=http://127.0.0.1:8080/fred")
        found[name] = url
    return found


def _project() -> str | None:
    """The project's address, as the host's settings give it."""
    from evidence.yaml_nodes import load_trusted

    file = REPO / "settings.yaml"
    found = load_trusted(file.read_text(encoding="utf-8")) if file.exists() else {}
    return found.get("project_url")


def document() -> dict[str, Any]:
    """What `--json` prints."""
    from evidence.contract import definitions
    from evidence.refresh import Report

    found = definitions(Report)
    return {**found.pop("Report"), "$defs": found}
