"""Wait until the app has drawn what the last action asked for.

    page.goto(app_url)
    settled(page)                              the page is loaded and drawn

    with rerun(page):                          the action must make the script run
        page.get_by_label("As of").fill("2025-05-30")

The end of a run can't be read off the page: a fast run never shows that it is running. So the
websocket is read: `rerun_script` goes out, `new_session` and `script_finished` come back. A page
is watched from its birth by the fixtures in conftest.py; a page made in another way needs
`watch(page)` before its first address.

Sent and finished cannot simply be counted against each other. A run that is overtaken by the next
one never reports its end, and `st.rerun()` reports two. What holds: the run that began last has
ended, it began after the last request, and nothing else has come in for a moment.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from playwright.sync_api import Page, WebSocket
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

TIMEOUT = 30.0
STREAM = "/_stcore/stream"

# A run that was overtaken by a request sent in the same breath looks like the last one, until the
# next begins. Only where requests and ends don't balance does it pay to wait that long.
QUIET = 0.25

# Gives the browser two frames, so that what an action sets off has been sent.
NEXT_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"

# What is still to be drawn, in words, and a fingerprint of what is: the page has settled when
# nothing is to be drawn and two fingerprints in a row are the same. Hidden charts (closed
# expanders, other tabs) don't count.
DRAWN = """
() => new Promise(done => requestAnimationFrame(() => {
  const shown = (e) => e.getClientRects().length > 0;
  const all = (css, root = document) => [...root.querySelectorAll(css)];
  const waiting = [];
  if (!document.querySelector('[data-testid="stApp"]')) waiting.push("the app");
  const stale = all('[data-stale="true"]').filter(shown).length;
  if (stale) waiting.push(`${stale} stale elements`);
  // Streamlit loads the code of a kind of element when it first needs it.
  const loading = all('[data-testid="stSkeleton"]').filter(shown).length;
  if (loading) waiting.push(`${loading} elements that are loading`);
  if (document.fonts.status === 'loading') waiting.push('fonts');
  const prints = [];
  for (const chart of all('[data-testid="stVegaLiteChart"]').filter(shown)) {
    const marks = all('svg g.mark-group.role-scope [class*="mark-"]:not(.mark-group) > *', chart)
      .concat(all('svg g.role-mark:not(.mark-group) > *', chart));
    const canvas = all('canvas', chart).filter((c) => c.width > 0 && c.height > 0);
    if (!marks.length && !canvas.length) {
      const named = chart.querySelector('[aria-label]')?.getAttribute('aria-label');
      waiting.push(`the marks of a chart (${named || 'without a description'})`);
    }
    prints.push(`${marks.length}/${chart.innerHTML.length}`);
  }
  prints.push(document.body.innerText.length);
  done({waiting, print: prints.join(' ')});
}))
"""


@dataclass
class Stream:
    """What has gone over one websocket so far."""

    opened: float
    sent: int = 0
    finished: int = 0
    begun_since_sent: bool = False
    running: bool = False
    last_frame: float = 0.0

    def on_sent(self, payload: str | bytes) -> None:
        message = BackMsg.FromString(_bytes(payload))
        if message.WhichOneof("type") == "rerun_script":
            self.sent += 1
            self.begun_since_sent = False
            self.last_frame = time.monotonic()

    def on_received(self, payload: str | bytes) -> None:
        message = ForwardMsg.FromString(_bytes(payload))
        self.last_frame = time.monotonic()
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.begun_since_sent = True
            self.running = True
        elif (
            kind == "script_finished"
            and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
        ):
            self.finished += 1
            self.running = False

    def idle(self) -> bool:
        if not self.sent or self.running or not self.begun_since_sent:
            return False
        balanced = self.sent == self.finished
        return balanced or time.monotonic() - self.last_frame > QUIET


_streams: WeakKeyDictionary[Page, list[Stream]] = WeakKeyDictionary()


def _bytes(payload: str | bytes) -> bytes:
    return payload.encode() if isinstance(payload, str) else payload


def watch(page: Page) -> Page:
    """Read the websockets of a page from now on. Twice does no harm."""
    if page in _streams:
        return page
    streams: list[Stream] = []
    _streams[page] = streams

    def on_websocket(socket: WebSocket) -> None:
        if STREAM not in socket.url:
            return
        stream = Stream(opened=time.time())
        streams[:] = [stream]
        socket.on("framesent", stream.on_sent)
        socket.on("framereceived", stream.on_received)

    page.on("websocket", on_websocket)
    return page


def runs(page: Page) -> int:
    """Return how many runs of the script the page has asked for since it was loaded."""
    stream = _stream(page)
    return stream.sent if stream else 0


def _stream(page: Page) -> Stream | None:
    """Return the stream of the document on show; one of the document before does not count."""
    if page not in _streams:
        message = "this page is not watched: call watch(page) before page.goto"
        raise RuntimeError(message)
    streams = _streams[page]
    if not streams:
        return None
    loaded = page.evaluate("() => performance.timeOrigin") / 1000
    return streams[0] if streams[0].opened > loaded - 0.005 else None


def settled(page: Page, *, timeout: float = TIMEOUT) -> None:
    """Return when the last run of the script has ended and all charts hold their marks."""
    end = time.monotonic() + timeout
    page.evaluate(NEXT_FRAMES)
    before = None
    waiting = ["the script"]
    while time.monotonic() < end:
        stream = _stream(page)
        if stream is None or not stream.idle():
            waiting = ["the script" if stream else "the connection to the server"]
            before = None
            page.wait_for_timeout(50)
            continue
        drawn = page.evaluate(DRAWN)
        waiting = drawn["waiting"]
        if not waiting and drawn["print"] == before and stream.idle():
            return
        before = None if waiting else drawn["print"]
        page.wait_for_timeout(50)
    message = f"the page did not settle within {timeout:g} s: waiting for {', '.join(waiting)}"
    raise AssertionError(message)


@contextmanager
def rerun(page: Page, *, timeout: float = TIMEOUT) -> Iterator[None]:
    """Wrap an action that must make the script run; return when the page has settled again.

    Sliders and text boxes send their value a moment after the action: `settled` alone would
    return too early. One action at a time: the end of the first of two would be taken for both.
    """
    stream = _stream(page)
    sent = stream.sent if stream else 0
    yield
    end = time.monotonic() + timeout
    while stream is _stream(page) and runs(page) == sent:
        if time.monotonic() > end:
            message = f"the action did not make the script run within {timeout:g} s"
            raise AssertionError(message)
        page.wait_for_timeout(50)
    settled(page, timeout=max(0.0, end - time.monotonic()))
