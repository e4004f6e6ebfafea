"""A story that a visitor writes, read and scored where it can do no harm.

The app asks here and gets data back, whatever the text. `asking` talks to one helper process (`__main__`), which has
read the data and forks a child for every text (`forks`); the child gives up what it does not need (`limits`), does
what `briefs.drafted` says, and ends. No text is written anywhere; none reaches a command line, an environment or
a log.
"""

from contextlib import AbstractContextManager, nullcontext
from datetime import date

from briefs.drafted import Mode
from briefs.sandbox import limits
from briefs.sandbox.asking import Asking
from briefs.sandbox.reply import Fault, Found, replied, too_long

__all__ = ["Fault", "Found", "finished", "problems", "scored", "warm"]

_asking = Asking()


def warm() -> None:
    """Starts the helper where none runs, so that the first text does not wait for it."""
    _asking.warm()


Waiting = AbstractContextManager[None]
"""Entered while nothing is done but to wait for the answer."""


def problems(text: str, waiting: Waiting | None = None) -> Found:
    """What is wrong with a text, and whether it is a story."""
    return _asked(text, waiting, lane="problems")


def scored(
    text: str, as_of: date | None = None, mode: Mode = "light", waiting: Waiting | None = None
) -> Found:
    """A text's problems and, where it is a story, its verdict with all that belongs to it, as known on a day."""
    day = as_of.isoformat() if as_of else ""
    return _asked(text, waiting, lane="scored", as_of=day, mode=mode)


def finished(answers: str) -> Found:
    """The YAML of a draft (as JSON), with its cases and controls worked out as far as time allows."""
    return _asked(answers, None, lane="finished")


def _asked(text: str, waiting: Waiting | None, **job: str) -> Found:
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > limits.LONGEST:
        return too_long(size)
    with waiting or nullcontext():
        answer = _asking.ask({"text": text, **job})
    return replied(*answer)
