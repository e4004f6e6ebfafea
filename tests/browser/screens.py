"""Pictures of every page for docs/screens, at three sizes, light and dark: `make screens`."""

from __future__ import annotations

import io
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from briefs.desk import open_desk
from evidence.drafting.draft import Draft
from evidence.drafting.finishing import finished
from tests.browser.axe import tall
from tests.browser.chromium import NONE_FOUND, QUIET_BROWSER, find_chromium
from tests.browser.conftest import started
from tests.browser.settled import rerun, settled, watch
from walkthrough.house import places

ROOT = Path(__file__).resolve().parents[2]
SCREENS = ROOT / "docs" / "screens"
STORY = "basis-trade-unwind"
SIZES = {1280: 900, 820: 1100, 390: 844}
QUALITY = 40
LONGEST = 2600
WHOLE = (1280, "light")
"""The size and the light in which a page is shown down to its foot; elsewhere as far as the window goes."""
SHRUNK = 0.75
"""Of the widest: what is left is still easy to read, at half the weight."""
PAGES = {
    **{name: name for name in places() if name not in ("story", "walk")},
    **{
        f"story-{step}": f"story?story={STORY}&step={step}"
        for step in ("claim", "predictions", "tests", "rivals", "verdict", "change")
    },
    "walk-series": f"walk?chapter=stories&step={STORY}.series",
    "walk-verdict": f"walk?chapter=stories&step={STORY}.verdict",
    "walk-presenter": f"walk?chapter=stories&step={STORY}.verdict&presenter=on",
    "train-lesson": f"train?story={STORY}&step=tests&as_of=2025-06-20",
    "train-exercise": "train?exercise=choose-the-window",
    "write-text": "write",
    "audit-figure": "audit?figure=foreign-governments-at-the-auction",
    "card": f"story?story={STORY}&embed=true",
}


def written(page: Page) -> None:
    """The worked example of docs/writing-a-narrative.md in the editor, scored."""
    held = json.dumps({"text": worked_example(), "answers": {}})
    page.evaluate("held => localStorage.setItem('flowcheck-writing', held)", held)
    page.reload()
    settled(page, timeout=90)
    page.get_by_text("This story can be scored.").wait_for()
    with rerun(page, timeout=90):
        page.get_by_role("button", name="Score it").click()


def worked_example() -> str:
    """Its YAML."""
    desk = open_desk()
    answers = (ROOT / "tests/fixtures/drafts/bank-failures-2023.json").read_text("utf-8")
    return finished(Draft.model_validate_json(answers), desk.library, desk.store).text


def taken(
    page: Page,
    address: str,
    width: int,
    scheme: str,
    act: Callable[[Page], None] | None = None,
) -> bytes:
    """A page as WebP."""
    page.set_viewport_size({"width": width, "height": SIZES[width]})
    page.goto(address)
    settled(page, timeout=90)
    if act is not None:
        act(page)
    if (width, scheme) == WHOLE and "presenter" not in address:
        tall(page)
        settled(page, timeout=90)
    whole = Image.open(io.BytesIO(page.screenshot()))
    cut = whole.crop((0, 0, whole.width, min(whole.height, LONGEST))).convert("RGB")
    if width == max(SIZES):
        cut = cut.resize(
            (int(cut.width * SHRUNK), int(cut.height * SHRUNK)), Image.Resampling.LANCZOS
        )
    out = io.BytesIO()
    cut.save(out, "WEBP", quality=QUALITY, method=6)
    return out.getvalue()


ACTS = {"write-text": written}
"""What is done on a page before its picture is taken."""


def main() -> int:
    """Take them all."""
    chromium = find_chromium()
    if chromium is None:
        print(NONE_FOUND)
        return 1
    SCREENS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = started(Path(folder) / "log")
        browser = playwright.chromium.launch(
            executable_path=chromium, args=[*QUIET_BROWSER, "--no-sandbox"]
        )
        try:
            for scheme in ("light", "dark"):
                for width in SIZES:
                    page = browser.new_context(color_scheme=scheme).new_page()
                    watch(page)
                    for name, path in PAGES.items():
                        picture = taken(page, f"{server.url}/{path}", width, scheme, ACTS.get(name))
                        (SCREENS / f"{name}-{width}-{scheme}.webp").write_bytes(picture)
                    page.close()
        finally:
            browser.close()
            server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
