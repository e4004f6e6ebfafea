"""Frozen links: a verdict named by the snapshot that it was made on and the first digits of its identity.

What a link names is worked out again on that snapshot, and it is the same verdict if its identity is the
same. If not, the register says how it read and what has changed since. Nothing of that is taken from the
link, which anybody can type; and nothing private takes part, so a frozen view is the same on every machine.
"""

import re
from datetime import date
from typing import Literal

from pydantic import PositiveInt

from evidence import ENGINE_VERSION
from evidence.days import day as in_words
from evidence.engine import Engine
from evidence.frozen import Frozen
from evidence.register import DIGITS, Entry, Mark, Register, mark_of, short
from evidence.telling import standing
from evidence.trace import Verdict
from evidence.wording import brought

_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
_MARK = re.compile(rf"[0-9a-f]{{{DIGITS}}}")
INSTEAD = "You see the verdict on the newest snapshot."

State = Literal["same", "changed", "elsewhere", "unknown"]
Change = Literal["engine", "narrative", "data"]


class Seal(Frozen):
    """What a frozen link carries beside its story and day: a snapshot's number and a verdict's mark."""

    snapshot: PositiveInt
    mark: Mark


class Opened(Frozen):
    """What a frozen link shows.

    as_of: the day that is shown. verdict: the link's story on that day and on the seal's snapshot, worked out
    now. live: the newest day on the newest snapshot; moved: whether that reads otherwise than what was shared.

    state: `same` where the verdict is the one that was shared. `changed`: it is another by now; `entry` has
    how it read, `changed` why it differs. `elsewhere`: the mark is that of another day's verdict (`entry`).
    `unknown`: no verdict with this mark is kept. entry: what the register keeps under the mark, if anything.
    """

    story: str
    title: str
    as_of: date
    seal: Seal
    state: State
    verdict: Verdict
    entry: Entry | None
    changed: tuple[Change, ...]
    live: Verdict
    moved: bool
    sentences: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether the verdict is the very one that was shared."""
        return self.state == "same"


def seal_of(verdict: Verdict, snapshot: int) -> Seal:
    """The seal of a verdict that was made on a snapshot. Ask `may_freeze` first."""
    if verdict.private_data:
        raise ValueError(f"{verdict.id}: a verdict that rests on private data has no seal")
    return Seal(snapshot=snapshot, mark=mark_of(verdict.identity))


def may_freeze(verdict: Verdict) -> str | None:
    """Why there can be no frozen link to a verdict, in a sentence; None where there can."""
    return brought(verdict.brought) or None


def parse_seal(snapshot: str | None, mark: str | None, newest: int) -> Seal | str:
    """The seal that an address gives, or the sentence for its reader. newest: the newest snapshot's number."""
    if not snapshot or not mark:
        return (
            f"A frozen link needs both a snapshot and a seal, and this one has only one. {INSTEAD}"
        )
    if not _NUMBER.fullmatch(snapshot):
        return f"The address asks for a snapshot that is not a number from 1 on. {INSTEAD}"
    if int(snapshot) > newest:
        return (
            f"This link was made on snapshot {int(snapshot):,}, and this copy has the snapshots up to {newest:,}. "
            f"{INSTEAD}"
        )
    if not _MARK.fullmatch(mark):
        return f"The seal in the address is not {DIGITS} digits of a verdict’s identity. {INSTEAD}"
    return Seal(snapshot=int(snapshot), mark=mark)


def opened(engine: Engine, story: str, day: date, seal: Seal) -> Opened:
    """What a frozen link to a story's verdict as of a day shows.

    An unknown story raises KeyError, a snapshot that does not exist ValueError (`parse_seal` refuses it).
    """
    then, now = engine.at(seal.snapshot), engine.at(engine.store.n)
    as_of = min(day, then.store.newest_day)
    verdict, live = then.score(story, as_of).verdict, now.score(story).verdict
    entry = _kept(engine, story, seal.mark)
    state, changed = _told(engine, seal, verdict, entry)
    shared = entry if entry is not None and state == "changed" else verdict
    moved = _reading(shared) != _reading(live)
    ends = (f"Snapshot {seal.snapshot:,} ends with {in_words(as_of)}.",) if as_of < day else ()
    return Opened(
        story=story,
        title=verdict.title,
        as_of=as_of,
        seal=seal,
        state=state,
        verdict=verdict,
        entry=entry,
        changed=changed,
        live=live,
        moved=moved,
        sentences=(
            *ends,
            *_sentences(state, changed, verdict, entry),
            *_today(state, verdict, live),
        ),
    )


def _kept(engine: Engine, story: str, mark: str) -> Entry | None:
    """What the register keeps of a mark, under the story's id or a former one."""
    register = Register(engine.store.folder)
    found = (register.find(name, mark) for name in (story, *engine.narratives[story].was))
    return next((entry for entry in found if entry is not None), None)


def _told(
    engine: Engine, seal: Seal, verdict: Verdict, entry: Entry | None
) -> tuple[State, tuple[Change, ...]]:
    """How a link's mark stands to what is worked out now, and what has changed."""
    if mark_of(verdict.identity) == seal.mark:
        return "same", ()
    if entry is None:
        return "unknown", ()
    # asked where the entry was made, so that what is said of it is true of any link with its mark
    there = engine.at(min(entry.snapshot, engine.store.n))
    again = mark_of(there.identity_of(verdict.id, entry.stands_for))
    if again == seal.mark or entry.stands_for > verdict.as_of:
        return "elsewhere", ()
    narrative, data = short(there.origins(verdict.id, entry.stands_for))
    return "changed", _changed(entry, narrative, data)


def _changed(entry: Entry, narrative: str, data: str) -> tuple[Change, ...]:
    """What of a verdict's origins is no longer as it was when the entry was made.

    A story that asks for something else reads other data, so of a changed one nothing is said of the data.
    What neither the story nor the data explain is the engine's: its version, or its calibration table.
    """
    other_story = narrative != entry.narrative
    other_data = not other_story and data != entry.data
    other_engine = entry.engine != ENGINE_VERSION or not (other_story or other_data)
    found: dict[Change, bool] = {
        "engine": other_engine,
        "narrative": other_story,
        "data": other_data,
    }
    return tuple(what for what, differs in found.items() if differs)


def _reading(found: Entry | Verdict) -> tuple[object, ...]:
    return found.direction, found.confidence, found.so_far, found.by_proxy


def _words(found: Entry | Verdict) -> str:
    return standing(found.direction, found.confidence, so_far=found.so_far, by_proxy=found.by_proxy)


def _sentences(
    state: State, changed: tuple[Change, ...], verdict: Verdict, entry: Entry | None
) -> tuple[str, ...]:
    """What a link shows and how it stands to what was shared."""
    on, reads = in_words(verdict.as_of), _words(verdict)
    if state == "same":
        return (f"This is the verdict as known on {on}: {reads}.",)
    if entry is None:
        return (
            "No copy of the verdict that this link names is kept here, so what it said cannot be shown.",
            f"As known on {on}, it reads: {reads}.",
        )
    if state == "elsewhere":
        return (
            f"The seal of this link belongs to another day’s verdict, {in_words(entry.stands_for)}: {_words(entry)}.",
            f"As known on {on}, the day that the link names, it reads: {reads}.",
        )
    still = "still reads so" if _reading(entry) == _reading(verdict) else f"reads: {reads}"
    return (
        *(_changes(what, entry) for what in changed),
        f"Then, on what was out by {in_words(entry.stands_for)}, it read: {_words(entry)}.",
        f"Now the verdict as known on {on} {still}.",
    )


def _changes(what: Change, entry: Entry) -> str:
    """One thing that has changed since a verdict was shared."""
    since = "since this link was made"
    if what == "narrative":
        return f"The story has been edited {since}."
    if what == "data":
        return f"The data behind it, or what is on record about them, have changed {since}."
    if entry.engine == ENGINE_VERSION:
        return f"The engine’s record of how often its tests err has changed {since}."
    return f"The engine has changed {since} ({entry.engine}, now {ENGINE_VERSION})."


def _today(state: State, verdict: Verdict, live: Verdict) -> tuple[str, ...]:
    """How the verdict reads on the newest data, unless that was just said."""
    on = in_words(live.as_of)
    if state == "same" and _reading(verdict) == _reading(live):
        return (f"Today, with the data to {on}, it reads the same.",)
    if (verdict.identity, verdict.as_of) == (live.identity, live.as_of):
        return ()
    return (f"Today, with the data to {on}, it reads: {_words(live)}.",)
