"""The journal: one line of JSON on stdout for each request, each run of a page, and each fault."""

import json
import logging
import sys
from datetime import UTC, datetime

from hosting.tracing import Request
from walkthrough.runs import Run


def alone() -> None:
    """Silences what others would write of the same: uvicorn visitors' addresses, Streamlit that a thread is no page."""
    logging.getLogger("uvicorn.access").disabled = True
    logging.getLogger("uvicorn.error").addFilter(lambda record: record.levelno >= logging.WARNING)
    logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").disabled = True


def tell(event: str, **fields: object) -> None:
    """One line; what is empty is left out."""
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    line = {"at": at, "event": event, **{k: v for k, v in fields.items() if v not in ("", None)}}
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def request(ended: Request) -> None:
    """A request that has ended, unless it only asked how this process is."""
    if ended.sort == "upkeep":
        return
    tell(
        "session" if ended.sort == "session" else "request",
        method=ended.method,
        path=ended.path,
        story=ended.story,
        status=ended.status,
        ms=_ms(ended.seconds),
        trace=ended.trace,
    )


def run(done: Run) -> None:
    """A run of a page."""
    tell(
        "run",
        page=done.page,
        story=done.story,
        step=done.step,
        ms=_ms(done.seconds),
        trace=done.trace,
    )


def fault(raised: Exception) -> None:
    """A fault of the script by its name; Streamlit writes the traceback to stderr."""
    tell("fault", kind=type(raised).__name__)


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
