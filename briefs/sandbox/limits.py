"""What a child may use and do while it reads a stranger's text, and the one way to enter that."""

import os
import signal
import sys
import sysconfig
from pathlib import Path

if sys.platform != "win32":
    import resource

LONGEST = 64 * 1024
"""The longest text that is read, in bytes."""
SECONDS = 5.0
"""How long a child may run by the clock on the wall, and on a processor."""
CHECKED = 3.5
"""After how many seconds no further check of a story is begun."""
MEMORY = 256 * 1024 * 1024
"""How many bytes a child may take beyond what the helper had when it was made."""
ANSWER = 32 * 1024 * 1024
"""The longest answer that is taken from a child, in bytes."""
FILES = 32
"""How many more files a child may open; it needs none but the pipe to the helper."""
CALM = 10
"""How much a child gives way to the app."""

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = tuple(ROOT / name for name in ("evidence", "charts", "briefs", "narratives"))


def readable() -> tuple[str, ...]:
    """The beginnings of paths that a child may read: the project's modules and data, Python and its libraries."""
    places = {*map(str, OURS), *sysconfig.get_paths().values(), *filter(None, sys.path)}
    found = {Path(place).resolve() for place in places} - {
        ROOT
    }  # secrets may lie in the root itself
    return tuple(sorted(f"{place}{os.sep}" for place in found))


READABLE = readable()
READING = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_DIRECTORY", 0)
HARMLESS = (
    "array.",
    "builtins.id",
    "code.",
    "function.",
    "gc.",
    "import",
    "marshal.load",
    "object.",
    "os.listdir",
    "os.scandir",
    "sys.",
    "time.",
)
"""The beginnings of what Python reports (before it does it) that reading, scoring and late imports need.

Whatever else it reports, such as processes, the network and changes of files, is never needed and refused.
"""


class Refused(Exception):
    """Something that reading and scoring never need."""


def guard(event: str, arguments: tuple[object, ...]) -> None:
    """An audit hook, which Python asks and nobody can take away. Raises Refused.

    Only the project's own files are opened, to be read, and only what stands in such a file becomes code.
    """
    if event == "open":
        path, mode, flags = arguments[:3]
        allowed = isinstance(path, int) or (_readable(path) and not _writes(mode, flags))
    elif event == "compile":
        allowed = _readable(arguments[1])
    elif event == "exec":
        file = str(getattr(arguments[0], "co_filename", ""))
        allowed = file.startswith("<frozen ") or _readable(file)
    else:
        allowed = event.startswith(HARMLESS)
    if not allowed:
        raise Refused(event)


def _writes(mode: object, flags: object) -> bool:
    letters = isinstance(mode, str) and any(letter in mode for letter in "wax+")
    return letters or (isinstance(flags, int) and bool(flags & ~READING))


def _readable(path: object) -> bool:
    try:
        return os.path.realpath(os.fsdecode(path)).startswith(READABLE)  # type: ignore[arg-type]
    except (TypeError, ValueError, OSError):
        return False


def enter(keep: int, seconds: float, memory: int) -> None:
    """Takes from this process, for good, what it does not need. keep: the file that it answers through."""
    os.setsid()  # whatever it might start ends with it
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds + 1)  # should the helper end before it
    os.nice(CALM)
    os.dup2(os.open(os.devnull, os.O_RDWR), 2)
    os.closerange(3, keep)
    os.closerange(keep + 1, min(os.sysconf("SC_OPEN_MAX"), 4096))
    whole = int(seconds) + 1
    _lower(resource.RLIMIT_CPU, whole)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_NOFILE, keep + FILES)
    _lower(resource.RLIMIT_NPROC, 0)
    _lower(resource.RLIMIT_AS, _taken() + memory)
    sys.addaudithook(guard)


def _lower(which: int, bound: int) -> None:
    """Sets a limit, unless a lower one holds. A system that does not know it is left as it is."""
    _, hard = resource.getrlimit(which)
    lowest = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
    try:
        resource.setrlimit(which, (lowest, lowest))
    except (OSError, ValueError):
        return


def _taken() -> int:
    """How many bytes of addresses this process has by now."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except OSError:  # no Linux: more than its libraries take there
        return 8 * 1024**3
    return pages * os.sysconf("SC_PAGE_SIZE")
