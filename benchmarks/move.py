"""Next step, another day, another story: from the click to the chart drawn, beside an app with one chart, tuned."""

from __future__ import annotations

import re

from playwright.sync_api import Page

from benchmarks import servers, stops
from benchmarks.browser import Tab, chromium, fresh
from benchmarks.figures import median, quantile
from benchmarks.table import Row, show

ROUNDS = 3
GOAL, LEAST = 1.2, 2.0
AGAINST = "one chart, tuned"


def rows(rounds: int = ROUNDS) -> list[Row]:
    story = max(stops.stories().values(), key=lambda s: sum(stops.drawn(t) for t in s.tests))
    every = list(stops.stories())
    with (
        servers.project() as ours,
        servers.tuned(servers.BASELINES / "one_chart.py") as peer,
        chromium() as browser,
        fresh(browser) as mine,
        fresh(browser) as floor,
    ):
        floor.open(peer.url)
        taken: dict[str, list[float]] = {"step": [], "day": [], "story": [], "floor": []}
        for number in range(rounds + 1):  # the first draws what is not drawn yet
            found = {
                "step": _steps(mine, ours.url, story.id, len(story.tests), floor, taken),
                "day": _days(mine, ours.url, story.id, story.tests[0].id, floor, taken),
                "story": _stories(mine, ours.url, every, floor, taken),
            }
            if number:
                for name, values in found.items():
                    taken[name] += values
            else:
                taken["floor"].clear()
    return [
        _row("next step, click to chart drawn", taken["step"], taken["floor"], GOAL, LEAST),
        _row("as-of change, click to chart drawn", taken["day"], taken["floor"], GOAL, LEAST),
        _row("another story, click to page drawn", taken["story"], taken["floor"], None, None),
    ]


def _steps(
    tab: Tab, url: str, story: str, tests: int, floor: Tab, taken: dict[str, list[float]]
) -> list[float]:
    """Next through the tests of a story, from the first on; each step beside one of the floor."""
    first = stops.stories()[story].tests[0].id
    tab.open(f"{url}/story?{stops.Stop(story, 'tests', first).query()}")
    found = []
    for _ in range(tests - 1):
        found.append(tab.act(lambda page: button(page, "Next").click()))
        taken["floor"].append(floor.act(lambda page: button(page, "Next").click()))
    return found


def _days(
    tab: Tab, url: str, story: str, test: str, floor: Tab, taken: dict[str, list[float]]
) -> list[float]:
    """Back from turn to turn of the story's verdict, by the links beside the day."""
    tab.open(f"{url}/story?{stops.Stop(story, 'tests', test).query()}")
    found = []
    back = tab.page.locator(".st-key-day a").filter(has_text=re.compile("^←"))
    while back.count() and len(found) < 6:
        found.append(tab.act(lambda _: back.first.click()))
        taken["floor"].append(floor.act(lambda page: button(page, "Next").click()))
    return found


def _stories(
    tab: Tab, url: str, stories: list[str], floor: Tab, taken: dict[str, list[float]]
) -> list[float]:
    """From the board to a story."""
    found = []
    for story in stories[:4]:
        tab.open(f"{url}/stories")
        title = stops.stories()[story].title
        link = tab.page.locator('[data-testid="stMain"] a').filter(has_text=title).first
        found.append(tab.act(lambda _, to=link: to.click()))
        taken["floor"].append(floor.act(lambda page: button(page, "Next").click()))
    return found


def button(page: Page, label: str):
    return page.get_by_role("button", name=label)


def _row(
    work: str, ours: list[float], peer: list[float], goal: float | None, least: float | None
) -> Row:
    note = f"p95 {quantile(ours, 0.95):.0f} and {quantile(peer, 0.95):.0f} ms, {len(ours)} and {len(peer)} times"
    return Row(work, median(ours), median(peer), AGAINST, goal=goal, least=least, note=note)


def main() -> int:
    return show(rows())


if __name__ == "__main__":
    raise SystemExit(main())
