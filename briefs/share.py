"""Links that last: the newest view, a view that stays as it is, a citation, a card for other pages, a QR code.

A *live* link always shows the newest data. A *frozen* link names the day, the number of the snapshot and the
first digits of the verdict's identity (its seal, evidence/seals.py), and reads the same for ever.
"""

from dataclasses import replace
from html import escape
from urllib.parse import urlencode

import segno

from briefs.address import Address
from briefs.settings import Settings
from evidence import ENGINE_VERSION
from evidence.days import day as in_words
from evidence.trace import Verdict

DIGITS = 12
"""Of an identity in a link: one chance in 2^48 that another verdict has the same."""
CARD = (640, 420)
"""Pixels of a card in another page: as wide as that page allows up to this, and as high."""


def mark(verdict: Verdict) -> str:
    """The first digits of a verdict's identity."""
    return verdict.identity.removeprefix("sha256:")[:DIGITS]


def url(base: str, to: Address) -> str:
    """A place in the app under the address at which the app is found."""
    return f"{base.rstrip('/')}/{to.page}?{urlencode(to.parameters())}"


def live(base: str, to: Address) -> str:
    """The same place on the newest data, whenever it is opened."""
    return url(base, replace(to, latest=True, snapshot=0, seal="", faults=()))


def frozen(base: str, to: Address, verdict: Verdict, snapshot: int) -> str:
    """The same place as it reads now, for ever."""
    kept = replace(to, latest=False, snapshot=snapshot, seal=mark(verdict), faults=())
    return url(base, kept)


def citation(said: Settings, verdict: Verdict, snapshot: int, link: str) -> str:
    """One line for a footnote."""
    return (
        f"{said.name}, “{verdict.title}”, as known on {in_words(verdict.as_of)}, snapshot {snapshot}, "
        f"engine {ENGINE_VERSION}, identity {mark(verdict)}. {link}"
    )


def snippet(link: str, title: str) -> str:
    """A card of the view as HTML for another page. It fills a column of 320 to 900 pixels."""
    there = f"{link}{'&' if '?' in link else '?'}embed=true"
    width, height = CARD
    return (
        f'<iframe src="{escape(there)}" title="{escape(title)}" loading="lazy" '
        f'style="width:100%;max-width:{width}px;height:{height}px;border:1px solid #dcdad5"></iframe>'
    )


def qr(link: str, *, scale: int = 4, dark: str = "#1a1c1f", light: str | None = "#ffffff") -> str:
    """The link as a QR code: one SVG element without a prologue. Errors of up to 15 % are mended by readers."""
    return segno.make(link, error="m", micro=False).svg_inline(
        scale=scale, dark=dark, light=light, omitsize=True
    )
