"""axe-core on a page as a reader has it, in a window as tall as the page: contrast is not judged out of sight."""

from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

SCRIPT = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TALLEST = 12_000


def tall(page: Page) -> None:
    """The window as tall as what is in it."""
    size = page.viewport_size
    assert size is not None
    high = page.evaluate(
        "Math.max(document.documentElement.scrollHeight,"
        " ...[...document.querySelectorAll('[data-testid=\"stMain\"]')].map(e => e.scrollHeight))"
    )
    page.set_viewport_size({"width": size["width"], "height": min(int(high) + 120, TALLEST)})


def violations(page: Page) -> list[tuple[str, str, str]]:
    """(rule, selector, what is wrong) for each node that breaks a rule of WCAG 2.2 AA or of good practice."""
    page.evaluate(SCRIPT)
    found: dict[str, Any] = page.evaluate(
        "(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})",
        RULES,
    )
    return [
        (rule["id"], " ".join(str(part) for part in node["target"]), node["failureSummary"])
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
