"""Visitors without a browser: they speak the app's own protocol over a websocket and time what comes back.

An act is one rerun: it is sent, and it has ended when `script_finished` is in.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from benchmarks.figures import quantile

LARGEST = 64 * 2**20
PATIENCE = 120.0
OPENING = 60.0
AGE = 2
"""Runs for which a browser keeps what it was sent."""
LOOKS_AGAIN = 4.0


class Lost(Exception):
    """The server hung up, or did not answer in time."""


@dataclass
class Run:
    """What one run of the script sent: seconds, bytes, frames, charts, exceptions, ids of buttons by label, of components by name.

    waits: whether the page will look again by itself, because something is still being made.
    """

    seconds: float
    bytes: int = 0
    frames: int = 0
    charts: int = 0
    waits: bool = False
    exceptions: list[str] = field(default_factory=list)
    buttons: dict[str, str] = field(default_factory=dict)
    components: dict[str, str] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)


class Session:
    """One visitor on one page."""

    def __init__(self, socket: ClientConnection, page: str) -> None:
        self._socket, self.page, self.query = socket, page, ""
        self._kept: dict[str, tuple[int, Element]] = {}
        self._told: dict[str, str] = {}
        self._runs = 0

    @classmethod
    async def opened(cls, stream: str, page: str, query: str) -> tuple[Session, Run]:
        """Somebody who opens an address, and what they got."""
        socket = await connect(
            stream,
            subprotocols=["streamlit"],
            max_size=LARGEST,
            open_timeout=OPENING,
            compression=None,
            ping_interval=None,
        )
        session = cls(socket, page)
        return session, await session.go(query)

    async def go(self, query: str) -> Run:
        """Moves to another address of the page."""
        self.query = query
        return await self._act({})

    async def tell(self, component: str, state: dict[str, str]) -> Run:
        """Gives a component, named by its id, a state, as its script in the browser would."""
        self._told[component] = json.dumps(state)
        return await self._act({})

    async def press(self, button: str) -> Run:
        """Presses a button, named by its id."""
        return await self._act({button: True})

    async def _act(self, pressed: dict[str, bool]) -> Run:
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.page_name = self.query, self.page
        state.context_info.color_scheme = "light"
        state.context_info.timezone = "UTC"
        self._runs += 1
        # like a browser, it says which large parts it still has, so that they are not sent again
        self._kept = {h: held for h, held in self._kept.items() if held[0] >= self._runs - AGE}
        state.cached_message_hashes.extend(self._kept)
        for widget, told in self._told.items():
            one = state.widget_states.widgets.add()
            one.id, one.json_value = widget, told
        for widget in pressed:
            one = state.widget_states.widgets.add()
            one.id, one.trigger_value = widget, True
        begun = time.perf_counter()
        run = Run(0.0)
        try:
            await self._socket.send(message.SerializeToString())
            async with asyncio.timeout(PATIENCE):
                while not self._take(await self._socket.recv(decode=False), run):
                    pass
        except (WebSocketException, OSError, TimeoutError) as fault:
            raise Lost(repr(fault)) from fault
        run.seconds = time.perf_counter() - begun
        return run

    def _take(self, frame: bytes, run: Run) -> bool:
        """Notes a frame; whether it was the last of its run."""
        message = ForwardMsg.FromString(frame)
        run.frames += 1
        run.bytes += len(frame)
        kind = message.WhichOneof("type")
        if kind == "script_finished":
            return message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
        if kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "auto_rerun":
            run.waits = True
        elif kind == "ref_hash":
            element = self._kept[message.ref_hash][1]
            self._kept[message.ref_hash] = self._runs, element
            _note(element, run)
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            if message.metadata.cacheable:
                self._kept[message.hash] = self._runs, message.delta.new_element
            _note(message.delta.new_element, run)
        return False

    async def close(self) -> None:
        await self._socket.close()


def _note(element: Element, run: Run) -> None:
    kind = element.WhichOneof("type")
    if kind in ("vega_lite_chart", "arrow_vega_lite_chart"):
        run.charts += 1
    elif kind == "exception":
        run.exceptions.append(element.exception.message)
    elif kind == "button":
        run.buttons[element.button.label] = element.button.id
    elif kind == "bidi_component":
        run.components[element.bidi_component.component_name] = element.bidi_component.id
    elif kind == "markdown":
        run.words.append(element.markdown.body)
    elif kind == "heading":
        run.words.append(element.heading.body)


async def warmed(stream: str, page: str = "stories") -> None:
    """Returns once the server makes nothing in the background any more: that page then looks no more by itself."""
    session, run = await Session.opened(stream, page, "")
    while run.waits:
        await asyncio.sleep(LOOKS_AGAIN)
        run = await session.go("")
    await session.close()


@dataclass
class Load:
    """What many sessions saw: seconds of each act with when it ended, faults, sessions lost, acts a second."""

    sessions: int
    seconds: list[float] = field(default_factory=list)
    ended: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    lost: int = 0
    rate: float = 0.0
    charts: int = 0

    @property
    def p50(self) -> float:
        return quantile(self.seconds, 0.5)

    @property
    def p95(self) -> float:
        return quantile(self.seconds, 0.95)


async def crowd(
    stream: str,
    page: str,
    queries: Sequence[str],
    *,
    sessions: int,
    every: float,
    seconds: float,
    seed: int = 7,
    over: Callable[[], None] = lambda: None,
) -> Load:
    """So many visitors at once, each acting every so often at a phase of its own, all going round the same addresses.

    Who waits for an answer acts again when it is in, if that is later: an overloaded server is asked less
    often, which flatters it. over: called at the end, while all are still connected.
    """
    load, chance = Load(sessions), random.Random(seed)
    visitors: list[Session] = []
    try:
        for number in range(sessions):
            session, first = await Session.opened(stream, page, queries[number % len(queries)])
            load.faults += first.exceptions
            visitors.append(session)
        begun = time.perf_counter()
        ends = begun + seconds
        phases = [chance.uniform(0, every) for _ in visitors]
        await asyncio.gather(
            *(
                _acting(one, load, queries, number, begun + phase, every, ends)
                for number, (one, phase) in enumerate(zip(visitors, phases, strict=True))
            )
        )
        load.rate = len(load.seconds) / (time.perf_counter() - begun)
        over()
    finally:
        await asyncio.gather(*(one.close() for one in visitors), return_exceptions=True)
    return load


async def _acting(
    session: Session,
    load: Load,
    queries: Sequence[str],
    at: int,
    due: float,
    every: float,
    ends: float,
) -> None:
    while due < ends:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        at += 1
        try:
            run = await session.go(queries[at % len(queries)])
        except Lost as fault:
            load.lost += 1
            load.faults.append(str(fault))
            return
        load.seconds.append(run.seconds)
        load.ended.append(time.perf_counter())
        load.faults += run.exceptions
        load.charts = max(load.charts, run.charts)
        due = max(due + every, time.perf_counter())
