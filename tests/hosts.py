"""The publishers, on this machine: their real formats under their real paths, and every way to fail.

`Hosts` serves tests/fixtures/web/<publisher>/ as its `routes.yaml` says, under `/<publisher><path>`, and
notes what it is asked. A publisher without fixtures carries `SAMPLES`; for a series that only the catalogue
names (`source: {read: …}`) an answer in its publisher's form is made here. `spoil` makes a publisher, or one of its files, fail in one of `KINDS`.
"""

import gzip
import hashlib
import html
import json
import re
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from fnmatch import fnmatch
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, Thread
from urllib.parse import parse_qs, urljoin, urlsplit

import yaml

from evidence.catalogue import Series
from evidence.publishers import Feed, declared, discover, feeds_of

FIXTURES = Path(__file__).parent / "fixtures" / "web"
MODIFIED = "Fri, 20 Nov 2026 18:00:00 GMT"
SENT = "Sun, 22 Nov 2026 12:00:00 GMT"


@dataclass(frozen=True)
class Route:
    """One file and what it is asked for by."""

    publisher: str
    path: str
    query: Mapping[str, str]
    file: str
    type: str

    def fits(self, path: str, query: Mapping[str, list[str]]) -> bool:
        return path == self.path and all(query.get(k) == [v] for k, v in self.query.items())


@dataclass(frozen=True)
class Asked:
    """One request, and how it was answered."""

    publisher: str
    path: str
    query: str
    headers: Mapping[str, str]
    file: str
    status: int

    @property
    def conditional(self) -> bool:
        return bool({"if-none-match", "if-modified-since"} & set(self.headers))


@dataclass
class Reply:
    """An answer that is about to be sent. said: the length that it announces, where that is not its own."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    packed: bytes | None = None
    said: int | None = None
    drips: bool = False
    hangs_up: bool = False


@dataclass(frozen=True)
class Form:
    """Where a file has its values (second group) and its periods (first group), and the name of a column."""

    values: str
    periods: str
    column: str


FORMS = {
    "abroad/jgbcme*": Form(
        r"(?m)^(20\d\d/\d+/\d+,(?:[^,]*,){9})([\d.]+)", r"(?m)^(20\d\d/\d+/\d+)", "10Y"
    ),
    "cftc/*.csv": Form(
        r'("20[\d-]+T00:00:00.000","\w+","\w+",")(\d+)', r'"(20[\d-]+)T', "open_interest_all"
    ),
    "ecb/*.csv": Form(r"(,20\d\d-\d\d,)([\d.]+)", r",(20\d\d-\d\d),", "OBS_VALUE"),
    "imf/*.json": Form(r'("20(?:1\d|2[0-5])":)(-?[\d.]+)', r'"(20[12]\d)":', "USA"),
    "nyfed/dealers.json": Form(r'("value":\s*")(-?\d+)', r'"asofdate":\s*"([\d-]+)"', '"asofdate"'),
    "nyfed/repo_operations.json": Form(
        r'("totalAmtAccepted":\s*)(\d+)', r'"operationDate":\s*"([\d-]+)"', "totalAmtAccepted"
    ),
    "nyfed/*.json": Form(
        r'("percentRate":\s*)([\d.]+)', r'"effectiveDate":\s*"([\d-]+)"', "percentRate"
    ),
    "ofr/*.csv": Form(r"(?m)^(20[\d-]+,)(-?[\d.]+)", r"(?m)^(20[\d-]+),", "OFR FSI"),
    "ofr/*.json": Form(r'(\["20[\d-]+", )([\d.]+)', r'\["(20[\d-]+)"', "aggregation"),
    "tic/slt_table5.txt": Form(
        r"(?m)^((?:Japan|Grand Total)\t)([\d.]+)", r"\t(20\d\d-\d\d)", "Country"
    ),
    "tic/slt_table3.txt": Form(
        r"(?m)^(Grand Total\t\d+\t20[\d-]+\t(?:\S+\t){5})(-?\d+)",
        r"\t(20\d\d-\d\d)\t",
        "country_code",
    ),
    "tic/slt_table*.txt": Form(
        r"(?m)^(Grand Total\t\d+\t20[\d-]+\t)(-?\d+)", r"\t(20\d\d-\d\d)\t", "country_code"
    ),
    "tic/mfhhis01.txt": Form(
        r"(?m)^((?:Japan|Grand Total)\t)([\d.]+)", r"\t(20\d\d)(?=\t)", "Country"
    ),
    "auctions/*.json": Form(
        r'("comp_accepted":")(\d+)', r'"auction_date":"([\d-]+)"', "indirect_bidder_accepted"
    ),
    "*.html": Form(r"()(?!)()", r"(?!)()", "Treasury Bonds"),
    "*.xls": Form(r"()(?!)()", r"(?!)()", "Issue"),
    "*.json": Form(r'("value":")(-?[\d.]+)', r'"date":"([\d-]+)"', "realtime_start"),
    "*": Form(
        r"(?m)^(\d{4}-\d\d-\d\d,)(-?[\d.]+)$", r"(?m)^(\d{4}-\d\d-\d\d),", "observation_date"
    ),
}
"""By publisher and file, the first that fits; last, FRED's two."""


@cache
def carried() -> dict[tuple[str, str], tuple[Route, bytes]]:
    """What stands in where there are no fixtures: by publisher and file, how it is asked for, and its bytes."""
    found = {}
    for name, module in discover().items():
        by_id = {entry.id: entry for entry in declared(name)}
        for feed in feeds_of(module, {}):
            sample = getattr(module, "SAMPLES", {}).get(feed.name)
            if sample is None and feed.series[0] in by_id:
                sample = _sample(feed, by_id[feed.series[0]])
            if sample is None:
                continue
            asked, file = urlsplit(feed.url), feed.name.rpartition("/")[2]
            query = {key: values[0] for key, values in parse_qs(asked.query).items()}
            kind = "application/json" if file.endswith(".json") else "text/csv"
            found[name, file] = Route(name, asked.path, query, file, kind), sample.encode()
    return found


STEPS = {"daily": 1, "weekly": 7, "monthly": 31, "quarterly": 92, "yearly": 366}


def _sample(feed: Feed, entry: Series) -> str:
    """A short answer in the form of FRED's graph file, or of the OFR's monitors: 1.5 and a tenth more each time."""
    length = STEPS[entry.frequency]
    days = [date(2025, 1, 1) + timedelta(days=length * i) for i in range(12)]
    if length > STEPS["weekly"]:
        days = [day.replace(day=1) for day in days]
    rows = [
        (f"{day}", 1.5 + i / 10) for i, day in enumerate(days) if day.weekday() < 5 or length > 1
    ]
    own = entry.source["id"]
    if feed.name.endswith(".csv"):
        return "".join(
            [f"observation_date,{own}\n", *(f"{day},{value:g}\n" for day, value in rows)]
        )
    unit = {"name": "USD" if entry.source.get("shift") else "Percent", "magnitude": 0}
    values = {"timeseries": {"aggregation": rows}, "metadata": {"unit": unit}}
    return json.dumps({own: values}) + "\n"


def stored(publisher: str, file: str, folder: Path = FIXTURES) -> bytes:
    """The bytes of a file that is served."""
    path = folder / publisher / file
    return path.read_bytes() if path.exists() else carried()[publisher, file][1]


def routes(folder: Path = FIXTURES) -> list[Route]:
    """All files that are served."""
    return [route for route, _ in carried().values()] + [
        Route(file.parent.name, r["path"], r.get("query") or {}, r["file"], r["type"])
        for file in sorted(folder.glob("*/routes.yaml"))
        for r in yaml.safe_load(file.read_text(encoding="utf-8"))
    ]


def route_of(publisher: str, feed: Feed, served: Sequence[Route]) -> Route:
    """The file that a feed comes to, by way of its page where it has one."""

    def at(url: str) -> Route:
        parts = urlsplit(url)
        query = parse_qs(parts.query, keep_blank_values=True)
        return next(r for r in served if r.publisher == publisher and r.fits(parts.path, query))

    first = at(feed.url)
    if not feed.link:
        return first
    page = stored(publisher, first.file).decode()
    found = re.search(feed.link, page)
    assert found is not None
    return at(urljoin(feed.url, html.unescape(found[1] if found.re.groups else found[0])))


def form_of(publisher: str, file: str) -> Form:
    return next(form for glob, form in FORMS.items() if fnmatch(f"{publisher}/{file}", glob))


# What can be wrong with a file that comes in good order: each takes its text and its form.


def _numbers(text: str, form: Form, change: Callable[[str], str]) -> str:
    return re.sub(form.values, lambda m: m[1] + change(m[2]), text)


def _thousandfold(number: str) -> str:
    whole, _, part = number.partition(".")
    return f"{whole}{part[:3].ljust(3, '0')}.{part[3:] or '0'}".removesuffix(".0")


def other_units(text: str, form: Form) -> str:
    """All values × 1,000."""
    return _numbers(text, form, _thousandfold)


def one_slipped(text: str, form: Form) -> str:
    """One value in the middle × 1,000."""
    found = list(re.finditer(form.values, text))
    if not found:
        return text
    hit = found[len(found) // 2]
    return text[: hit.start(2)] + _thousandfold(hit[2]) + text[hit.end(2) :]


def newest_slipped(text: str, form: Form) -> str:
    """One value of the newest period × 1,000."""
    newest = [hit[1] for hit in re.finditer(form.periods, text)]
    found = list(re.finditer(form.values, text))
    if not found:
        return text
    first = newest.index(_periods(text, form)[-1]) if len(newest) == len(found) else -1
    hit = found[first]
    return text[: hit.start(2)] + _thousandfold(hit[2]) + text[hit.end(2) :]


def decimal_comma(text: str, form: Form) -> str:
    return _numbers(text, form, lambda n: n.replace(".", ",") if "." in n else f"{n},5")


def _periods(text: str, form: Form) -> list[str]:
    return sorted(
        set(re.findall(form.periods, text)), key=lambda day: [int(n) for n in re.split("[/-]", day)]
    )


def _renamed(text: str, form: Form, old: str, new: str) -> str:
    def change(hit: re.Match[str]) -> str:
        return hit[0].replace(old, new) if hit[1] == old else hit[0]

    return re.sub(form.periods, change, text)


def future(text: str, form: Form) -> str:
    """The newest period dated two years later."""
    for newest in _periods(text, form)[-1:]:
        return _renamed(text, form, newest, f"{int(newest[:4]) + 2}{newest[4:]}")
    return text


def twice(text: str, form: Form) -> str:
    """The newest period under the name of the one before."""
    periods = _periods(text, form)
    return _renamed(text, form, periods[-1], periods[-2]) if len(periods) > 1 else text


def other_column(text: str, form: Form) -> str:
    return text.replace(form.column, form.column.replace(form.column.strip('"'), "something_else"))


def cut_at_a_line(text: str, form: Form) -> str:
    """Two thirds of the lines, each whole; of a file of one line, two thirds of that."""
    lines = text.splitlines(keepends=True)
    kept = len(lines) * 2 // 3
    return "".join(lines[:kept]) if kept else text[: len(text) * 2 // 3]


CONTENTS: dict[str, Callable[[str, Form], str]] = {
    "other units": other_units,
    "one value a thousand times too large": one_slipped,
    "the newest value a thousand times too large": newest_slipped,
    "decimal comma": decimal_comma,
    "a date in the future": future,
    "a period twice": twice,
    "a changed column": other_column,
    "cut at a line": cut_at_a_line,
}


def _content(change: Callable[[str, Form], str]) -> Callable[[Reply, Form], None]:
    def spoil(reply: Reply, form: Form) -> None:
        # one character for each byte, whatever the file's charset
        reply.body = change(reply.body.decode("latin-1"), form).encode("latin-1")

    return spoil


# What can be wrong with the answer itself.


def _status(status: int, **headers: str) -> Callable[[Reply, Form], None]:
    def spoil(reply: Reply, form: Form) -> None:
        reply.status, reply.body = status, b"<html>busy</html>"
        reply.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    return spoil


def _redirect(where: str) -> Callable[[Reply, Form], None]:
    return _status(302, Location=where)


def _called(kind: str) -> Callable[[Reply, Form], None]:
    def spoil(reply: Reply, form: Form) -> None:
        reply.headers["Content-Type"] = kind

    return spoil


def _instead(body: bytes) -> Callable[[Reply, Form], None]:
    def spoil(reply: Reply, form: Form) -> None:
        reply.body = body

    return spoil


def _cut_off(reply: Reply, form: Form) -> None:
    reply.said = len(reply.body)
    reply.body = reply.body[: len(reply.body) // 2]


def _packed_and_cut(reply: Reply, form: Form) -> None:
    """A gzip stream that ends too early, in an answer that is as long as it says."""
    whole = gzip.compress(reply.body)
    reply.packed = whole[: len(whole) * 2 // 3]


@cache
def bomb() -> bytes:
    """A gzip stream of 300 MB of spaces in 300 kB."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = squeeze.compress(b" " * 10_000_000) + squeeze.flush(zlib.Z_FULL_FLUSH)
    return gzip.compress(b"")[:10] + block * 30


def _bomb(reply: Reply, form: Form) -> None:
    reply.packed = bomb()


def _not_packed(reply: Reply, form: Form) -> None:
    reply.packed = reply.body


def _odd_packing(reply: Reply, form: Form) -> None:
    reply.headers["Content-Encoding"] = "br"


def _drips(reply: Reply, form: Form) -> None:
    reply.drips = True


def _hangs_up(reply: Reply, form: Form) -> None:
    reply.hangs_up = True


def _unasked(reply: Reply, form: Form) -> None:
    reply.status, reply.body = 304, b""


def _latin(reply: Reply, form: Form) -> None:
    at = reply.body.find(b"\n") if b"\n" in reply.body else len(reply.body) - 1
    reply.body = reply.body[:at] + b"\xe9" + reply.body[at:]


def _utf16(reply: Reply, form: Form) -> None:
    reply.body = reply.body.decode("latin-1").encode("utf-16")


KINDS: dict[str, Callable[[Reply, Form], None]] = {
    "status 500": _status(500),
    "status 404": _status(404),
    "status 429, a second": _status(429, Retry_After="1"),
    "status 429, until a date": _status(
        429, Retry_After="Sun, 22 Nov 2026 12:00:02 GMT", Date=SENT
    ),
    "status 429, an hour": _status(429, Retry_After="3600"),
    "slow": _drips,
    "cut off": _cut_off,
    "packed and cut off": _packed_and_cut,
    "said to be packed": _not_packed,
    "packed otherwise": _odd_packing,
    "an image": _called("image/png"),
    "a PDF": _called("application/pdf"),
    "Latin-1": _latin,
    "UTF-16": _utf16,
    "redirected in circles": _redirect(""),
    "redirected elsewhere": _redirect("http://stats.example.org/data.csv"),
    "redirected to nowhere": _redirect("http://[nowhere/data.csv"),
    "gzip bomb": _bomb,
    "304 unasked": _unasked,
    "an error page": _instead(
        b"<!DOCTYPE html>\n<html><head><title>Service unavailable</title></head></html>\n"
    ),
    "empty": _instead(b""),
    "hangs up": _hangs_up,
    **{name: _content(change) for name, change in CONTENTS.items()},
}
"""Every way to fail, by name. (That nobody listens at all is another: see `nobody`.)"""


@dataclass
class Spoiled:
    kind: str
    left: int | None


class Hosts(ThreadingHTTPServer):
    """All publishers at one address. marked: whether files leave an ETag and a date."""

    daemon_threads = True

    def __init__(self, folder: Path = FIXTURES) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder = folder
        self.routes = routes(folder)
        self.asked: list[Asked] = []
        self.instead: dict[tuple[str, str], bytes] = {}
        self.unmarked: set[tuple[str, str]] = set()
        self.lock = Lock()
        self.over = Event()
        self._spoiled: dict[tuple[str, str], Spoiled] = {}

    def base(self, publisher: str) -> str:
        return f"http://127.0.0.1:{self.server_port}/{publisher}"

    @property
    def bases(self) -> dict[str, str]:
        """An address for every publisher, so that no test ever asks a real host."""
        return {name: self.base(name) for name in discover()}

    @property
    def options(self) -> list[str]:
        """The command line's words for it."""
        return [w for name, url in self.bases.items() for w in ("--base-url", f"{name}={url}")]

    def spoil(self, kind: str, publisher: str, file: str = "", times: int | None = None) -> None:
        """From now on a publisher, or one of its files, fails so; the first few times only, where said."""
        assert kind in KINDS
        self._spoiled[publisher, file] = Spoiled(kind, times)

    def heal(self) -> None:
        self._spoiled.clear()

    def put(self, publisher: str, file: str, body: bytes) -> None:
        """A file offers this from now on."""
        self.instead[publisher, file] = body

    def body(self, publisher: str, file: str) -> bytes:
        found = self.instead.get((publisher, file))
        return stored(publisher, file, self.folder) if found is None else found

    def kind(self, route: Route) -> str | None:
        """How a route fails this time."""
        with self.lock:
            for key in ((route.publisher, route.file), (route.publisher, "")):
                spoiled = self._spoiled.get(key)
                if spoiled is not None and spoiled.left != 0:
                    if spoiled.left is not None:
                        spoiled.left -= 1
                    return spoiled.kind
        return None

    def forget(self) -> list[Asked]:
        """What was asked so far; the list begins anew."""
        with self.lock:
            asked, self.asked = self.asked, []
        return asked

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever hangs up on us may."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Hosts

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        publisher, _, rest = parts.path.removeprefix("/").partition("/")
        query = parse_qs(parts.query, keep_blank_values=True)
        route = next(
            (
                r
                for r in self.server.routes
                if r.publisher == publisher and r.fits(f"/{rest}", query)
            ),
            None,
        )
        reply = self._reply(route)
        headers = {name.lower(): value for name, value in self.headers.items()}
        file = route.file if route else ""
        asked = Asked(publisher, f"/{rest}", parts.query, headers, file, reply.status)
        with self.server.lock:
            self.server.asked.append(asked)
        self._send(reply)

    def _reply(self, route: Route | None) -> Reply:
        if route is None:
            return Reply(b"not found", 404)
        key = (route.publisher, route.file)
        reply = Reply(self.server.body(*key), headers={"Content-Type": route.type})
        kind = self.server.kind(route)
        if kind is not None:
            KINDS[kind](reply, form_of(*key))
            if kind not in CONTENTS:
                return reply
        if key not in self.server.unmarked:
            mark = f'"{hashlib.sha256(reply.body).hexdigest()[:16]}"'
            reply.headers |= {"ETag": mark, "Last-Modified": MODIFIED}
            if self.headers.get("If-None-Match") == mark:
                reply.status, reply.body = 304, b""
        return reply

    def _send(self, reply: Reply) -> None:
        self.close_connection = True
        if reply.hangs_up:
            return
        body, headers = reply.body, {"Date": SENT, **reply.headers}
        plain = reply.packed is None and reply.said is None and not reply.drips
        asked = "gzip" in self.headers.get("Accept-Encoding", "")
        if plain and asked and body and "Content-Encoding" not in headers:
            reply.packed = gzip.compress(body, 1)
        if reply.packed is not None:
            body, headers["Content-Encoding"] = reply.packed, "gzip"
        if headers.get("Location") == "":
            headers["Location"] = self.path
        self.send_response_only(reply.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(reply.said or len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        if reply.drips:
            self._drip(body)
        else:
            self.wfile.write(body)

    def _drip(self, body: bytes) -> None:
        for at in range(len(body)):
            if self.server.over.wait(0.02):
                return
            self.wfile.write(body[at : at + 1])

    def log_message(self, *args: object) -> None:
        """Nothing on stderr."""


@contextmanager
def serving(folder: Path = FIXTURES) -> Iterator[Hosts]:
    """All publishers for the time of a test."""
    hosts = Hosts(folder)
    thread = Thread(target=hosts.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield hosts
    finally:
        hosts.over.set()
        hosts.shutdown()
        hosts.server_close()
        thread.join()


def nobody() -> str:
    """An address of this machine at which nobody listens."""
    closed = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    closed.server_close()
    return f"http://127.0.0.1:{closed.server_port}"


def wait_until(true: Callable[[], bool], seconds: float = 120) -> bool:
    """Whether something came true in that time."""
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            return False
        time.sleep(0.0005)
    return True
