"""First visit to *Start* with nothing in the cache, and a reload, beside as many charts without any logic."""

from benchmarks import servers
from benchmarks.browser import chromium, fresh
from benchmarks.figures import median, quantile
from benchmarks.table import Row, show

VISITS = 15
PAGE = "/start"


def rows(visits: int = VISITS) -> list[Row]:
    with servers.project() as ours, chromium() as browser:
        with fresh(browser) as tab:
            tab.open(ours.url + PAGE)
            charts, points = tab.charts(), tab.points()
        with servers.tuned(
            servers.BASELINES / "charts_only.py", CHARTS=str(charts), POINTS=str(max(points, 300))
        ) as peer:
            first, again = ([], []), ([], [])
            for visit in range(visits + 1):
                for at, url in enumerate((ours.url + PAGE, peer.url)):
                    with fresh(browser) as tab:
                        opened, reloaded = tab.open(url), tab.reload()
                    if visit:  # the first of each warms the server
                        first[at].append(opened)
                        again[at].append(reloaded)
    against = f"{charts} charts, no logic"
    return [
        _row("first visit to Start", first, against, goal=1.1, least=1.3),
        _row("reload of Start", again, against),
    ]


def _row(work: str, both: tuple[list[float], list[float]], against: str, **bars: float) -> Row:
    ours, peer = both
    note = f"p95 {quantile(ours, 0.95):.0f} and {quantile(peer, 0.95):.0f} ms"
    return Row(work, median(ours), median(peer), against, note=note, **bars)


def main() -> int:
    return show(rows())


if __name__ == "__main__":
    raise SystemExit(main())
