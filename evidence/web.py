"""Asking publishers for their files: politely, with patience, and never for more than is right.

One client for a whole refresh: HTTPS, a name that says who asks, timeouts, a limit on size, a pause
between two questions to one host, conditional requests where an earlier answer left a mark, and a few
more tries where a host is busy or the line breaks. What fails in the end is a WebFault in one sentence.
"""

import html
import logging
import re
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from threading import Lock
from urllib.parse import urljoin, urlsplit

import httpx
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_exponential_jitter

from evidence import ENGINE_VERSION
from evidence.fetches import Marks
from evidence.machine import HERE

LARGEST = 24_000_000
"""Bytes of an answer, unpacked. The largest file that we ask for has about 8 million."""
LONGEST = 120.0
"""Seconds for a whole answer."""
PAUSE = 0.6
"""Seconds between two questions to one host."""
TRIES = 4
SILENT = 2
"""After so many files for which a publisher's host gave no answer at all, it is asked once for each of the rest."""
REDIRECTS = 4
LONGEST_WAIT = 60.0
"""Seconds that a host may ask us to wait; who wants more is asked again another night."""
BUSY = (408, 425, 429, 500, 502, 503, 504)
PIECE = 65536
"""Bytes that are unpacked at a time."""
GZIP = 16 + zlib.MAX_WBITS

for _name in ("httpx", "httpcore"):
    # they write addresses with their query, and so with the keys, to the log
    logging.getLogger(_name).setLevel(logging.WARNING)


def agent(address: str | None) -> str:
    """Who asks, as publishers see it: the engine's version, and the project's address where it is given."""
    return f"Flowcheck/{ENGINE_VERSION}" + (f" (+{address})" if address else "")


class WebFault(Exception):
    """An answer that did not come, or is not one to read; one sentence without the query's secrets."""


class _Again(Exception):
    """Worth another try; `after` is how long the host asks us to wait, in seconds."""

    def __init__(self, message: str, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after


class _Silence(_Again):
    """No answer at all."""


@dataclass(frozen=True)
class Answer:
    """A file as it came; `body` is None where the host says that nothing has changed."""

    body: bytes | None
    marks: Marks


class Web:
    """The client of one refresh. bases: for a publisher, an address that stands in for all its hosts."""

    def __init__(
        self,
        agent: str,
        bases: Mapping[str, str] | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.bases = {name: base.rstrip("/") for name, base in (bases or {}).items()}
        self._sleep, self._clock = sleep, clock
        self._next: dict[str, float] = {}
        self._silent: Counter[tuple[str, str]] = Counter()
        self._lock = Lock()
        self._client = httpx.Client(
            headers={"User-Agent": agent, "Accept-Encoding": "gzip"},
            timeout=httpx.Timeout(30.0, connect=10.0),
            follow_redirects=False,
            transport=transport,
        )

    def close(self) -> None:
        """Ends the connections."""
        self._client.close()

    def address(self, publisher: str, url: str) -> str:
        """Where a publisher's address is asked for: there, or at what stands in for it."""
        base = self.bases.get(publisher)
        if base is None:
            return url
        parts = urlsplit(url)
        return base + parts.path + (f"?{parts.query}" if parts.query else "")

    def follow(
        self, publisher: str, url: str, link: str, marks: Marks | None = None
    ) -> tuple[str, Marks]:
        """The address of a file that a page leads to, the first one of the form `link`, and the page's marks.

        An empty address where the page has not changed since it left `marks`. Raises WebFault.
        """
        page = self.get(publisher, url, marks=marks)
        if page.body is None:
            return "", page.marks
        found = re.search(link, page.body.decode("utf-8", "replace"))
        if found is None:
            raise WebFault(f"{_shown(url)}: the page has no link of the form {link}")
        there = html.unescape(found[1] if found.re.groups else found[0])
        try:
            return urljoin(url, there), page.marks
        except ValueError:
            raise WebFault(f"{_shown(url)}: `{there[:80]}` on the page is no address") from None

    def get(
        self,
        publisher: str,
        url: str,
        secret: Mapping[str, str] | None = None,
        marks: Marks | None = None,
    ) -> Answer:
        """A file, or that it has not changed since it left `marks`. Raises WebFault.

        secret: parameters that are added to the query and shown nowhere.
        """
        url = self.address(publisher, url)
        near = urlsplit(url).hostname in HERE
        if not near and urlsplit(url).scheme != "https":
            raise WebFault(f"{_shown(url)}: only HTTPS is asked")
        backoff = wait_exponential_jitter(
            multiplier=0.02 if near else 1, max=30, jitter=0.02 if near else 1
        )

        def wait(state: object) -> float:
            fault = state.outcome.exception()  # type: ignore[attr-defined]
            asked = getattr(fault, "after", None)
            return backoff(state) if asked is None else float(asked)  # type: ignore[arg-type]

        host = publisher, urlsplit(url).netloc
        tries = TRIES if self._silent[host] < SILENT else 1
        patient = Retrying(
            retry=retry_if_exception_type(_Again),
            stop=stop_after_attempt(tries),
            wait=wait,
            sleep=self._sleep,
            reraise=True,
        )
        try:
            answer = patient(self._once, url, secret or {}, marks or Marks())
        except _Again as fault:
            self._silent[host] += isinstance(fault, _Silence)
            raise WebFault(f"{_shown(url)}: {fault} ({_times(tries)})") from None
        self._silent[host] = 0
        return answer

    def _once(self, url: str, secret: Mapping[str, str], marks: Marks) -> Answer:
        """One question, with the redirects that it leads to; only the first address gets the secret."""
        start = url
        for turn in range(REDIRECTS + 1):
            self._pause(url)
            answer, onward = self._ask(url, {} if turn else secret, marks)
            if answer is not None:
                return answer
            url = _allowed(start, url, onward)
        raise WebFault(f"{_shown(start)}: it sends us on and on")

    def _pause(self, url: str) -> None:
        """Waits until a host may be asked again. A server on this machine needs no such courtesy."""
        host = urlsplit(url).hostname or ""
        if host in HERE:
            return
        with self._lock:
            now = self._clock()
            at = max(now, self._next.get(host, now))
            self._next[host] = at + PAUSE
        if at > now:
            self._sleep(at - now)

    def _ask(self, url: str, secret: Mapping[str, str], marks: Marks) -> tuple[Answer | None, str]:
        """One request: the answer, or the address that it sends us to."""
        request = self._client.build_request("GET", url, headers=marks.headers)
        if secret:
            request.url = request.url.copy_merge_params(dict(secret))
        try:
            response = self._client.send(request, stream=True)
        except httpx.HTTPError as fault:
            raise _Silence(f"no answer: {_kind(fault)}") from None
        headers = response.headers
        try:
            if response.status_code in (301, 302, 303, 307, 308) and "Location" in headers:
                return None, headers["Location"]
            if response.status_code == 304 and marks.headers:
                return Answer(None, marks), ""
            _refuse(response, _shown(url))
            body = self._body(response, _shown(url))
        except httpx.HTTPError as fault:
            raise _Again(f"the answer broke off: {_kind(fault)}") from None
        finally:
            response.close()
        left = Marks(_mark(headers.get("ETag", "")), _mark(headers.get("Last-Modified", "")))
        return Answer(body, left), ""

    def _body(self, response: httpx.Response, shown: str) -> bytes:
        """The answer unpacked, up to the limits."""
        packing = response.headers.get("Content-Encoding", "identity").strip().lower()
        if packing not in ("identity", "gzip"):
            raise WebFault(f"{shown}: it is packed as `{packing[:20]}`, which was not asked for")
        until = self._clock() + LONGEST
        parts, size = [], 0
        for part in _unpacked(response.iter_raw(), packing):
            size += len(part)
            if size > LARGEST:
                raise WebFault(f"{shown}: the answer is larger than {LARGEST:,} bytes")
            if self._clock() > until:
                raise WebFault(f"{shown}: the answer took more than {LONGEST:.0f} seconds")
            parts.append(part)
        return b"".join(parts)


def _times(tries: int) -> str:
    return "1 try" if tries == 1 else f"{tries} tries"


def _allowed(start: str, url: str, onward: str) -> str:
    """An address that we are sent to: HTTPS, or on this machine where we began here."""
    try:
        there = urljoin(url, onward)
        parts, near = urlsplit(there), urlsplit(start).hostname in HERE
        httpx.URL(there)
    except (ValueError, httpx.InvalidURL):
        raise WebFault(f"{_shown(start)}: it sends us to what is no address") from None
    if near != (parts.hostname in HERE) or (not near and parts.scheme != "https"):
        raise WebFault(f"{_shown(start)}: it sends us to {_shown(there)}, where we do not go")
    return there


def _unpacked(parts: Iterator[bytes], packing: str) -> Iterator[bytes]:
    """The content of an answer piece by piece. However small it was packed, no piece is large."""
    if packing == "identity":
        yield from parts
        return
    inflate = zlib.decompressobj(GZIP)
    try:
        for part in parts:
            left = part
            while left:
                if inflate.eof:  # one stream may follow the other
                    inflate = zlib.decompressobj(GZIP)
                yield inflate.decompress(left, PIECE)
                left = inflate.unused_data if inflate.eof else inflate.unconsumed_tail
        yield inflate.flush()
    except zlib.error:
        raise _Again("the answer cannot be unpacked") from None
    if not inflate.eof:
        raise _Again("the answer broke off before the end of what is packed")


def _refuse(response: httpx.Response, shown: str) -> None:
    """Raises for an answer that is no file: a status, or a kind of content that no parser reads."""
    status = response.status_code
    if status in BUSY:
        after = _seconds(response.headers.get("Retry-After", ""), response.headers.get("Date", ""))
        if after is not None and after > LONGEST_WAIT:
            raise WebFault(f"{shown}: status {status}, and asks us to wait {after:.0f} seconds")
        raise _Again(f"status {status}", after)
    if status != 200:
        raise WebFault(f"{shown}: status {status}")
    kind = response.headers.get("Content-Type", "").split(";")[0].strip().lower()
    if kind.startswith(("image/", "audio/", "video/", "font/")) or kind == "application/pdf":
        raise WebFault(f"{shown}: this is {kind[:60]}, not a data file")


def _seconds(text: str, sent: str) -> float | None:
    """`Retry-After` in seconds, a date held against that of the answer; None where it says nothing."""
    if re.fullmatch(r"[0-9]{1,9}", text.strip()):
        return float(text)
    try:
        until, since = parsedate_to_datetime(text), parsedate_to_datetime(sent)
        return max(0.0, (until - since).total_seconds())
    except (TypeError, ValueError):
        return None


def _mark(text: str) -> str:
    """A header's value that may be sent back; nothing where it may not."""
    return text if len(text) <= 200 and text.isascii() and text.isprintable() else ""


def _kind(fault: Exception) -> str:
    """What broke, without addresses."""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", type(fault).__name__).lower()


def _shown(url: str) -> str:
    """An address without its query, nor what else may be secret in it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
