"""What a visitor waits for, timed inside the browser: from the click to the last change of a chart or of the text.

The end of a run is known as the browser tests know it (tests/browser/settled.py); what is timed is when the page
last changed before that, so that no polling counts.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.chromium import NONE_FOUND, QUIET_BROWSER, find_chromium
from tests.browser.settled import rerun, settled, watch

PATIENCE = 120.0
SIZE = {"width": 1280, "height": 900}

# Streamlit's own signs of life (the running man, the toolbar) are no part of what a reader waits for.
CLOCK = """
(() => {
  const clock = window.pageClock = {acted: 0, last: 0};
  const ours = (node) => {
    const e = node.nodeType === 1 ? node : node.parentElement;
    return e && !e.closest('head, [data-testid="stStatusWidget"], [data-testid="stHeader"]');
  };
  const drawn = (node) => node.nodeType === 1 && node.closest('[data-testid="stVegaLiteChart"] svg');
  new MutationObserver((records) => {
    for (const r of records) {
      if (r.type === 'attributes' ? drawn(r.target) : ours(r.target)) {
        clock.last = performance.now();
        break;
      }
    }
  }).observe(document, {subtree: true, childList: true, characterData: true, attributes: true});
  for (const kind of ['click', 'keydown']) {
    addEventListener(kind, (event) => { clock.acted = event.timeStamp; }, {capture: true});
  }
})()
"""


@dataclass
class Tab:
    """One page, watched and timed."""

    page: Page

    def open(self, url: str) -> float:
        """Milliseconds from the address to the page as it stays."""
        self.page.goto(url, wait_until="commit", timeout=PATIENCE * 1000)
        settled(self.page, timeout=PATIENCE)
        return float(self.page.evaluate("() => pageClock.last"))

    def reload(self) -> float:
        self.page.reload(wait_until="commit")
        settled(self.page, timeout=PATIENCE)
        return float(self.page.evaluate("() => pageClock.last"))

    def act(self, action: Callable[[Page], None]) -> float:
        """Milliseconds from a click or a key to the page as it stays."""
        with rerun(self.page, timeout=PATIENCE):
            action(self.page)
        return float(self.page.evaluate("() => pageClock.last - pageClock.acted"))

    def charts(self) -> int:
        return self.page.locator('[data-testid="stVegaLiteChart"]').count()

    def points(self) -> int:
        """Marks of all charts."""
        return int(
            self.page.evaluate(
                """() => document.querySelectorAll('[data-testid="stVegaLiteChart"] svg [class*="mark-"] > path').length"""
            )
        )


@contextmanager
def chromium() -> Iterator[Browser]:
    """The Chromium of the browser tests."""
    path = find_chromium()
    if path is None:
        raise RuntimeError(NONE_FOUND)
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=[*QUIET_BROWSER, *(["--no-sandbox"] if root else [])]
        )
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def fresh(browser: Browser) -> Iterator[Tab]:
    """A visitor who was never here: nothing in the cache."""
    context: BrowserContext = browser.new_context(viewport=SIZE)
    try:
        page = watch(context.new_page())
        page.add_init_script(CLOCK)
        yield Tab(page)
    finally:
        context.close()
