"""The reference part of `docs/data.md`, made from the catalogue, the publishers and the stories.

    python -m evidence.data_page

writes it between the two markers of the page; a test holds the committed page against it. Nothing in
that part is typed by hand, so a new publisher is on the page by being there.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, combinations
from pathlib import Path

from evidence.catalogue import Catalogue, Release, Series
from evidence.catalogue import read as read_catalogue
from evidence.library import read_library
from evidence.made_page import END, begin, cell, remade
from evidence.publishers import Feed, Publisher, discover, feeds_of

REPO = Path(__file__).resolve().parent.parent
PAGE = REPO / "docs/data.md"
MODULE = "evidence.data_page"
FROM, TO = begin(MODULE), END
NAMED = 3
"""So many series are named where a fault is not that of a whole source."""

Asked = Sequence[tuple[Feed, str]]
"""The feeds of all publishers, each with the keys that it takes to be asked for, as words."""


def page(text: str) -> str:
    """The page with its reference part made anew. Raises ValueError where a marker is missing."""
    return remade(text, PAGE.name, MODULE, reference)


def reference() -> str:
    """All publishers, releases and sources."""
    catalogue, publishers = read_catalogue(), discover()
    asked = [offer for module in publishers.values() for offer in offered(module)]
    groups: dict[str, list[Series]] = {}
    for name in catalogue.ids:
        groups.setdefault(catalogue.series[name].source_group, []).append(catalogue.series[name])
    readers = stories(catalogue)
    lines = ["### Publishers", "", *_publishers(publishers), ""]
    lines += ["### Release rules", "", *_releases(catalogue), ""]
    lines += ["### Sources", ""]
    for group, series in sorted(groups.items()):
        lines += _source(group, series, asked, readers)
    return "\n".join(lines).rstrip() + "\n"


def offered(module: Publisher) -> Iterator[tuple[Feed, str]]:
    """A publisher's feeds, each with the least set of keys with which it is asked for."""
    keys: tuple[str, ...] = getattr(module, "KEYS", ())
    seen: set[str] = set()
    for count in range(len(keys) + 1):
        for some in combinations(keys, count):
            for feed in feeds_of(module, dict.fromkeys(some, "a key")):
                if feed.name not in seen:
                    seen.add(feed.name)
                    yield feed, " and ".join(f"`{key}`" for key in some)


def stories(catalogue: Catalogue) -> dict[str, list[str]]:
    """The stories that read a series, or what it is computed from, by series."""
    found: dict[str, list[str]] = {}
    for narrative in read_library(REPO / "narratives", catalogue).narratives.values():
        reads = {name for test in narrative.tests for name in test.reads}
        for name in sorted(chain(reads, *(catalogue.files(name) for name in reads))):
            if narrative.id not in found.setdefault(name, []):
                found[name].append(narrative.id)
    return found


def rule(release: Release) -> str:
    """A release rule in words."""
    if release.weekday is not None:
        words = f"the first {release.weekday.capitalize()} after"
    elif release.business_days is not None:
        words = _later(release.business_days, "business day")
    elif release.days is not None:
        words = _later(release.days, "day")
    else:
        assert release.month_day is not None
        months, day = release.month_day
        words = f"on day {day} of the month, {_later(months, 'month')}"
    if release.at_least_business_days:
        words += f", at least {_later(release.at_least_business_days, 'business day')}"
    if release.holidays == "bond_market":
        words += ", by the bond market’s holidays"
    return f"{words}, {release.time}"


def _later(count: int, unit: str) -> str:
    if count == 0:
        return f"the same {unit}"
    return f"{count} {unit}{'s' if count > 1 else ''} later"


def _publishers(publishers: Mapping[str, Publisher]) -> Iterator[str]:
    yield "| publisher | reads | kept files of a rebuild | feeds of a refresh | keys, all optional |"
    yield "|---|---|---|---|---|"
    for name, module in sorted(publishers.items()):
        first = (module.__doc__ or "").split("\n\n")[0]
        kept = ", ".join(f"`{source}`" for source in module.SOURCES) or "none"
        keys = ", ".join(f"`{key}`" for key in getattr(module, "KEYS", ())) or "none"
        feeds = feeds_of(module, {})
        hosts = sorted({_host(feed.url) for feed in feeds})
        asks = f"{len(feeds)} at {', '.join(hosts)}" if feeds else "none"
        yield f"| `{name}` | {cell(first)} | {kept} | {asks} | {keys} |"


def _host(url: str) -> str:
    return url.split("/")[2]


def _releases(catalogue: Catalogue) -> Iterator[str]:
    yield "| release | when a period becomes known, New York time | stale | days on record | by what |"
    yield "|---|---|---|---|---|"
    for name, release in sorted(catalogue.releases.items()):
        stale = f"{release.stale_after_days} days after it was due"
        yield (
            f"| `{name}`: {release.name} | {rule(release)} | {stale} | {len(release.deviations)} "
            f"| {cell(release.source)} |"
        )


def _source(
    group: str,
    series: Sequence[Series],
    asked: Asked,
    readers: Mapping[str, Sequence[str]],
) -> Iterator[str]:
    ids = {entry.id for entry in series}
    read_by = sorted({story for name in ids for story in readers.get(name, ())})
    yield f"#### `{group}`"
    yield ""
    yield f"- Published by: {'; '.join(_once(entry.publisher for entry in series))}"
    yield f"- Pages: {', '.join(_once(_address(entry.url) for entry in series))}"
    yield f"- For: {', '.join(f'`{story}`' for story in read_by) or 'no story yet'}"
    yield f"- Known: {', '.join(f'`{name}`' for name in _once(entry.release for entry in series))}"
    feeds = [(feed, keys) for feed, keys in asked if ids & set(feed.series)]
    yield "- A refresh asks:" + ("" if feeds else f" {_nothing(series)}")
    for feed, keys in feeds:
        yield f"    - {'with ' + keys + ': ' if keys else ''}`{feed.url}`{_linked(feed)}"
    yield "- Terms:"
    yield from (f"    - {terms}" for terms in _once(entry.terms for entry in series if entry.terms))
    yield "- Faults:"
    yield from (f"    - {fault}" for fault in _faults(series))
    yield ""
    yield f"<details><summary>{len(series)} series, with their citations</summary>"
    yield ""
    yield "| series | what | unit | how often | past | release | citation |"
    yield "|---|---|---|---|---|---|---|"
    for entry in series:
        yield (
            f"| `{entry.id}` | {cell(entry.title)} | {cell(entry.unit)} | {entry.frequency} "
            f"| {_past(entry)} | `{entry.release}` | {cell(entry.citation)} |"
        )
    yield ""
    yield "</details>"
    yield ""


def _address(url: str) -> str:
    return f"<{url}>" if "://" in url else url


def _linked(feed: Feed) -> str:
    return f", and what that page links to as `{feed.link}`" if feed.link else ""


def _nothing(series: Sequence[Series]) -> str:
    licences = {entry.licence for entry in series}
    if licences == {"licensed"}:
        return "nothing; these are yours to bring"
    if licences == {"quoted"}:
        return "nothing; these are figures in print"
    return "nothing; the snapshot has what was kept"


def _past(entry: Series) -> str:
    """How far the past of a series is what people saw then; a computed one is as good as what it rests on."""
    words = entry.vintage_quality.replace("_", " ")
    return f"{words}, computed" if entry.derived else words


def _faults(series: Sequence[Series]) -> Iterator[str]:
    """Every sentence about what is wrong with a source, once, with the series that it concerns."""
    found: dict[str, list[str]] = {}
    for entry in series:
        for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z])", entry.faults.strip()):
            if sentence and entry.id not in found.setdefault(sentence, []):
                found[sentence].append(entry.id)
    for sentence, ids in found.items():
        if len(ids) == len(series):
            yield sentence
        elif len(ids) <= NAMED:
            yield f"{', '.join(f'`{name}`' for name in ids)}: {sentence}"
        else:
            yield f"{len(ids)} series (`{ids[0]}` …): {sentence}"
    if not found:
        yield "none known"


def _once(items: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(items))


def main() -> int:
    """Writes the page."""
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(f"{PAGE.relative_to(REPO)} is made\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
