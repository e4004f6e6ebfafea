"""Whether this process is warm: the data are open, and one story has been scored."""

import time
from collections.abc import Callable
from threading import Event, Thread

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from briefs.desk import Desk
from evidence.observations import SnapshotFault

AGAIN = 5.0
"""Seconds after which data that could not be read are looked at again."""


class Warmth:
    """Warms the process in a thread of its own, so that it answers from the start and says how far it is."""

    def __init__(self, desk: Callable[[], Desk], tell: Callable[..., None]) -> None:
        self.desk = desk
        self.tell = tell
        self.seconds: float | None = None
        self.fault = ""
        self._said = Event()
        self._ends = Event()
        self._thread = Thread(target=self._warm, name="warmth", daemon=True)

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def wait(self) -> None:
        """Returns once it is warm, or has found that the data cannot be read."""
        self._said.wait()

    def stop(self) -> None:
        """Ends, where data that cannot be read are still being waited for."""
        self._ends.set()

    def _warm(self) -> None:
        began = time.monotonic()
        while True:
            try:
                self._score()
            except SnapshotFault as fault:
                self._close(str(fault))
            else:
                self.fault, self.seconds = "", time.monotonic() - began
                self.tell("warm", ms=round(self.seconds * 1000))
                return
            finally:
                self._said.set()
            if self._ends.wait(AGAIN):
                return

    def _score(self) -> None:
        found = self.desk()
        for story in list(found.stories)[:1]:
            found.verdict(story, found.newest)

    def _close(self, fault: str) -> None:
        if fault != self.fault:
            self.fault = fault
            self.tell("closed", fault=fault)

    async def answer(self, _: Request) -> Response:
        """200 once it is warm, else 503 with the reason."""
        told = {"status": "warm"} if self.seconds is not None else {"status": "warming"}
        if self.fault:
            told = {"status": "closed", "fault": f"The data cannot be read: {self.fault}."}
        status = 200 if self.seconds is not None else 503
        return JSONResponse(told, status, headers={"Cache-Control": "no-store"})
