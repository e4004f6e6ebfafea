"""Where a brief comes from: the day, the snapshot, the identity, the way back, the sources, who answers for it."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from briefs import share
from briefs.address import Address
from briefs.desk import Desk
from briefs.paper.model import Imprint
from briefs.settings import settings
from briefs.stand import Stand
from charts.figure import source_line
from evidence import ENGINE_VERSION
from evidence.days import day as in_words
from evidence.register import mark_of
from evidence.trace import TestTrace
from evidence.wording import first_up, listed


def of_story(stand: Stand, base: str | None, shown: Sequence[TestTrace]) -> Imprint:
    """Of a story's brief. shown: the tests of its charts, whose series are cited in full."""
    verdict, desk = stand.verdict, stand.desk
    mark = mark_of(verdict.identity)
    sources = source_line(desk.view(stand.day), [name for trace in shown for name in trace.series])
    if base is None:
        return _imprint(
            desk, stand.day, sources, identity=verdict.identity, mark=mark,
            found=f"To find this view in {settings().name}: story “{stand.story.id}”, as known on "
            f"{in_words(stand.day)}. It shows the same twelve digits: {mark}.",
        )  # fmt: skip
    if verdict.private_data:
        return _imprint(
            desk, stand.day, sources, identity=verdict.identity, mark=mark, kind="live",
            link=share.url(base, share.live(stand.here)),
            found="The newest verdict. This one rests on data that its maker brought, so no link keeps it.",
        )  # fmt: skip
    return _imprint(
        desk, stand.day, sources, identity=verdict.identity, mark=mark, kind="frozen",
        link=share.url(base, share.frozen(stand.here, verdict, desk.store.n)),
        found="This verdict as it reads here, and whether it still stands.",
    )  # fmt: skip


def of_event(desk: Desk, day: date, base: str | None, reads: Sequence[str]) -> Imprint:
    """Of the event's brief: its link opens the findings as known on the day. The releases behind them are named."""
    here = Address("evidence", day, latest=False)
    found = f"To find this view in {settings().name}: “What the evidence says”, as known on {in_words(day)}."
    if base is None:
        return _imprint(desk, day, _releases(desk, reads), found=found)
    return _imprint(
        desk, day, _releases(desk, reads), kind="live", link=share.url(base, here), found="The same view in the app, with all of its stories.",
    )  # fmt: skip


def _releases(desk: Desk, reads: Sequence[str]) -> str:
    catalogue = desk.store.catalogue
    names = dict.fromkeys(catalogue.releases[catalogue.series[name].release].name for name in reads)
    return f"{first_up(listed(list(names)))}. The citations stand with each story’s brief."


def _imprint(
    desk: Desk,
    day: date,
    sources: str,
    *,
    found: str,
    identity: str = "",
    mark: str = "",
    kind: Literal["frozen", "live", "none"] = "none",
    link: str = "",
) -> Imprint:
    said = settings()
    return Imprint(
        as_of=day,
        day=in_words(day),
        snapshot_n=desk.store.n,
        engine=ENGINE_VERSION,
        identity=identity,
        mark=mark,
        kind=kind,
        link=link,
        found=found,
        sources=sources,
        name=said.name,
        operator=said.operator,
        disclaimers=(said.not_advice.strip(), said.not_affiliated.strip()),
    )
