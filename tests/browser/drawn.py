"""What a page shows, as values that can be compared: its words, and what its charts draw."""

from playwright.sync_api import Page

MARKS = """
() => [...document.querySelectorAll('[data-testid="stVegaLiteChart"] svg.marks')]
  .filter(svg => svg.getClientRects().length)
  .map(svg => [
    [...svg.querySelectorAll('[aria-label]'), svg.closest('[aria-label]')].map(e => e?.ariaLabel || '').sort((a, b) => b.length - a.length)[0],
    [...svg.querySelectorAll('path, line, rect')].map(m => m.getAttribute('d') || m.getAttribute('x2') || '').join('|'),
    [...svg.querySelectorAll('text')].map(t => t.textContent).join('|'),
  ])
"""


def words(page: Page) -> str:
    """The text of the page, the bar at the lower edge with it."""
    parts = page.locator('[data-testid="stMain"], [data-testid="stBottom"]').all_inner_texts()
    return "\n".join(parts)


def charts(page: Page) -> list[list[str]]:
    """Of each chart in sight: its alternative text, its marks, its labels."""
    found: list[list[str]] = page.evaluate(MARKS)
    return found
