"""The meters, in the text format of Prometheus, for those who are near enough to read them."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request as Asked
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from briefs.desk import Desk
from evidence import fetches
from evidence.calendar import NEW_YORK
from evidence.observations import SnapshotFault
from hosting.options import Options
from hosting.tracing import Request
from walkthrough.runs import Run

PATH = "/metrics"
CLOSED = (PATH, "/_stcore/metrics")
"""Ours, and Streamlit's own."""
STEPS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
"""Seconds at which the histograms are cut."""


class Meters(Collector):
    """What is counted as it happens, and what is read off the data when somebody asks."""

    def __init__(
        self,
        desk: Callable[[], Desk],
        snapshot: Path,
        warm: Callable[[], bool],
        today: Callable[[], date] = lambda: datetime.now(NEW_YORK).date(),
    ) -> None:
        self.desk, self.snapshot, self.warm, self.today = desk, snapshot, warm, today
        self.registry = CollectorRegistry()
        self.registry.register(self)
        ProcessCollector(registry=self.registry)
        self.sessions = Gauge(
            "flowcheck_sessions", "Visitors connected now", registry=self.registry
        )
        self.requests = Histogram(
            "flowcheck_request_seconds",
            "How long requests took, by what they asked for and by the first digit of their status",
            ("sort", "status"),
            buckets=STEPS,
            registry=self.registry,
        )
        self.runs = Histogram(
            "flowcheck_run_seconds",
            "How long runs of a page took",
            ("page",),
            buckets=STEPS,
            registry=self.registry,
        )

    def request(self, ended: Request) -> None:
        """Counts a request. A session is none: it lasts for as long as somebody reads."""
        if ended.sort != "session":
            status = f"{ended.status // 100}xx"
            self.requests.labels(ended.sort, status).observe(ended.seconds)

    def run(self, done: Run) -> None:
        """Counts a run."""
        self.runs.labels(done.page).observe(done.seconds)

    def collect(self) -> Iterable[Metric]:
        """What is read when somebody asks."""
        warm = self.warm()
        yield GaugeMetricFamily("flowcheck_warm", "Whether a story has been scored", int(warm))
        failing = fetches.read(self.snapshot).failing.values()
        since = min((date.fromisoformat(f.since) for f in failing), default=self.today())
        yield GaugeMetricFamily(
            "flowcheck_refresh_failing_feeds", "Feeds that fail to refresh", len(failing)
        )
        yield GaugeMetricFamily(
            "flowcheck_refresh_failing_days",
            "Days for which a feed has failed, the longest",
            (self.today() - since).days,
        )
        if not warm:  # the data are still being opened
            return
        try:
            found = self.desk()
        except SnapshotFault:
            return
        yield GaugeMetricFamily("flowcheck_snapshot", "The snapshot's number", found.snapshot)
        yield GaugeMetricFamily(
            "flowcheck_data_age_days",
            "Days since the newest release in the snapshot",
            (self.today() - found.newest).days,
        )
        yield GaugeMetricFamily(
            "flowcheck_damaged_series",
            "Series that were left out since their file is not what the manifest says, as far as they were asked for",
            len(found.store.damaged),
        )

    async def answer(self, _: Asked) -> Response:
        """The meters as text."""
        text = await run_in_threadpool(generate_latest, self.registry)
        return Response(text, media_type=CONTENT_TYPE_LATEST)


class Nearby:
    """Hides the meters from whoever is not near, and from whoever comes through a proxy."""

    def __init__(self, app: ASGIApp, options: Options) -> None:
        self.app = app
        self.options = options

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].rstrip("/") in CLOSED:
            client = scope.get("client") or ("", 0)
            passed_on = any(n in (b"x-forwarded-for", b"forwarded") for n, _ in scope["headers"])
            if passed_on or not self.options.near(client[0]):
                await PlainTextResponse("Not found\n", 404)(scope, receive, send)
                return
        await self.app(scope, receive, send)
