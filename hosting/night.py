"""What a night brought, out of what the commands printed; `nightly.sh` asks.

    python hosting/night.py numbers REPORT      the snapshot's numbers before and after
    python hosting/night.py tell REPORT FEED    summary.md, alarm.md where somebody has to look, the feed

REPORT holds refresh.json, check.json and register.json with their logs, and night.atom where something is
new. FEED is the rolling Atom feed. Exit status as that of `nightly.sh`. The standard library is all this needs.
"""

import json
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

PATIENCE = timedelta(days=3)
"""How long a source may fail before somebody is called."""
ENTRIES = 200
"""How many entries the feed keeps: some weeks of nights."""
TOLD = 40
"""How many lines of one kind a summary shows."""
ATOM = "{http://www.w3.org/2005/Atom}"
NEW_YORK = ZoneInfo("America/New_York")

Document = Mapping[str, Any]


def read(report: Path, command: str) -> Document | None:
    """What a command printed; None where it did not come to its end."""
    try:
        found = json.loads((report / f"{command}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def said(report: Path, command: str) -> str:
    """The last thing that a command said on its error stream."""
    try:
        text = (report / f"{command}.log").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "")


def headline(refresh: Document, register: Document | None = None) -> str:
    """The night in one line, fit for a commit."""
    added = refresh["added"]
    kept = sum(register["added"].values()) if register is not None else 0
    if not added and kept:
        return f"Snapshot {refresh['snapshot']}: {kept:,} more verdicts in the register"
    if not added:
        return f"Nothing new: snapshot {refresh['snapshot']}"
    lines = sum(added.values())
    return f"Snapshot {refresh['snapshot']}: {lines:,} new lines in {len(added)} series"


def summary(
    report: Path,
    refresh: Document | None,
    check: Document | None,
    register: Document | None,
) -> str:
    """The night as Markdown, the headline first."""
    lines = ["The refresh did not end" if refresh is None else headline(refresh, register), ""]
    if refresh is None:
        lines += [f"- `refresh`: {said(report, 'refresh')}"]
    else:
        lines += _listed("New", [f"{name}: {count:,}" for name, count in refresh["added"].items()])
        lines += _listed("Mended", [_trouble(m) for m in refresh.get("mended", ())])
        lines += _listed("Problems", [_trouble(p) for p in refresh["problems"]])
        lines += _listed("Failing", [_failing(f) for f in refresh["failing"]])
    if check is None:
        lines += [f"- `check`: {said(report, 'check')}"]
    else:
        lines += _listed("No longer true", [_broken(c) for c in broken(check)])
        lines += [f"{check['passed']} cases and controls hold, {check['failed']} do not."]
    if register is not None:
        lines += ["", *_listed("The register", [_trouble(p) for p in register["problems"]])]
        kept = sum(register["added"].values())
        lines += [f"{kept:,} verdicts were added to the register, which has {register['kept']:,}."]
    elif refresh is not None:
        lines += ["", f"- `register`: {said(report, 'register')}"]
    return "\n".join(lines) + "\n"


def alarm(refresh: Document | None, check: Document | None, today: date) -> str:
    """What somebody has to look at: sources that failed for three days, cases and controls that fail; else nothing."""
    failing = refresh["failing"] if refresh is not None else ()
    long = [_failing(f) for f in failing if today - date.fromisoformat(f["since"]) >= PATIENCE]
    lines = _listed("Sources that have failed for three days or more", long)
    lines += _listed("Cases and controls that no longer hold", [_broken(c) for c in broken(check)])
    if not lines:
        return ""
    ending = (
        "The verdicts stand on the last good data. This issue is kept up to date each night and closes "
        "by itself when all is in order again."
    )
    return "\n".join([*lines, ending]) + "\n"


def broken(check: Document | None) -> Iterator[Document]:
    """The cases and controls that failed."""
    return (c for c in (check or {"checks": ()})["checks"] if not c["passed"])


def _listed(title: str, items: list[str]) -> list[str]:
    if not items:
        return []
    more = [f"- and {len(items) - TOLD} more"] if len(items) > TOLD else []
    return [f"{title}:", "", *(f"- {item}" for item in items[:TOLD]), *more, ""]


def _trouble(found: Document) -> str:
    place = f"{found['source']}:{found['line']}" if found["line"] else found["source"]
    return f"{place}: {found['message']}"


def _failing(found: Document) -> str:
    return f"{found['publisher']}, {found['feed']}, since {found['since']}: {found['message']}"


def _broken(found: Document) -> str:
    return (
        f"{found['narrative']}, {found['name']}: expected {found['expected']}, "
        f"found {found['found']}"
    )


def rolled(old: str, new: str) -> str:
    """The rolling feed: the entries of `new`, then those of `old` that are not among them, `ENTRIES` at most.

    Its identity never changes, and its time is that of the newest of its entries.
    """
    ET.register_namespace("", ATOM.strip("{}"))
    feed = ET.fromstring(new)  # noqa: S314  (our own `diff` made it)
    entries = feed.findall(f"{ATOM}entry")
    if old:
        entries += ET.fromstring(old).findall(f"{ATOM}entry")  # noqa: S314  (this very function)
    for entry in feed.findall(f"{ATOM}entry"):
        feed.remove(entry)
    kept: dict[str, ET.Element] = {}
    for entry in entries:
        kept.setdefault(entry.findtext(f"{ATOM}id", ""), entry)
    last = list(kept.values())[:ENTRIES]
    feed.extend(last)
    _set(feed, "id", f"urn:uuid:{uuid5(NAMESPACE_URL, 'flowcheck changes')}")
    _set(feed, "title", "Flowcheck: what changed")
    times = [entry.findtext(f"{ATOM}updated", "") for entry in last]
    _set(feed, "updated", max(times, default=feed.findtext(f"{ATOM}updated", "")))
    ET.indent(feed, " ")
    head = '<?xml version="1.0" encoding="utf-8"?>\n'
    return head + ET.tostring(feed, encoding="unicode") + "\n"


def _set(feed: ET.Element, tag: str, text: str) -> None:
    found = feed.find(f"{ATOM}{tag}")
    if found is not None:
        found.text = text


def write_feed(feed: Path, night: str) -> None:
    """Puts a night's entries into the feed, at once."""
    old = feed.read_text(encoding="utf-8") if feed.exists() else ""
    feed.parent.mkdir(parents=True, exist_ok=True)
    beside = feed.with_name(f".{feed.name}.new")
    beside.write_text(rolled(old, night), encoding="utf-8")
    beside.replace(feed)


def tell(report: Path, feed: Path, today: date) -> int:
    """Writes the summary, the alarm where there is one, and the feed where something is new. The exit status."""
    refresh, check, register = (read(report, name) for name in ("refresh", "check", "register"))
    text = summary(report, refresh, check, register)
    night = report / "night.atom"
    new = refresh is not None and refresh["before"] != refresh["snapshot"]
    untold = new and not night.exists()
    if night.exists():
        write_feed(feed, night.read_text(encoding="utf-8"))
    if untold:
        text += f"\nThe feed lacks this night; `diff` said: {said(report, 'diff')}\n"
    (report / "summary.md").write_text(text, encoding="utf-8")
    call = alarm(refresh, check, today)
    if call:
        (report / "alarm.md").write_text(call, encoding="utf-8")
    if refresh is None or check is None or register is None or untold:
        return 2
    troubled = refresh["problems"] or refresh["failing"] or register["problems"]
    return 1 if troubled or check["failed"] else 0


def main(arguments: list[str]) -> int:
    """The command line."""
    if arguments[:1] == ["numbers"] and len(arguments) == 2:
        refresh = read(Path(arguments[1]), "refresh")
        if refresh is None:
            return 1
        print(refresh["before"], refresh["snapshot"])
        return 0
    if arguments[:1] == ["tell"] and len(arguments) == 3:
        return tell(Path(arguments[1]), Path(arguments[2]), datetime.now(NEW_YORK).date())
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
