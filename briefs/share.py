"""Links that last: the newest view, a view that stays as it is, a citation, a card for other pages, a QR code.

A *live* link always shows the newest data. A *frozen* link names the day, the number of the snapshot and the
first digits of the verdict's identity (its seal, evidence/seals.py), and reads the same for ever.
"""

from dataclasses import replace
from html import escape
from typing import Literal
from urllib.parse import urlencode

import segno

from briefs.address import Address
from briefs.settings import Settings
from evidence import ENGINE_VERSION
from evidence.days import day as in_words
from evidence.register import mark_of
from evidence.seals import seal_of
from evidence.trace import Verdict

Theme = Literal["light", "dark"]
WIDEST, CARD, CHART = 900, 460, 920
"""Pixels of a card in another page: as wide as that page allows up to the first; as high as a story, or a chart, needs."""

QR_SCALE, QR_INK, QR_PAPER = 4, "#1a1c1f", "#ffffff"
"""Ink on white in both looks: readers of codes expect it."""


def url(base: str, to: Address, theme: Theme | None = None) -> str:
    """A place in the app under the address at which the app is found; in the reader's own theme without one."""
    query = to.parameters() | ({"embed_options": f"{theme}_theme"} if theme else {})
    return f"{base.rstrip('/')}/{to.page}?{urlencode(query)}"


def live(to: Address) -> Address:
    """The same place on the newest data, whenever it is opened."""
    return replace(to, latest=True, snapshot=0, seal="", faults=())


def can_freeze(to: Address) -> bool:
    """Whether its address can name a snapshot and a seal. A lesson is about a story too, and its address cannot."""
    return to.page == "story" and bool(to.story)


def frozen(to: Address, verdict: Verdict, snapshot: int) -> Address:
    """The same place as it reads now, for ever."""
    return replace(
        to, latest=False, snapshot=snapshot, seal=seal_of(verdict, snapshot).mark, faults=()
    )


def citation(said: Settings, verdict: Verdict, snapshot: int, link: str) -> str:
    """One line for a footnote."""
    return (
        f"{said.name}, “{verdict.title}”, as known on {in_words(verdict.as_of)}, snapshot {snapshot}, "
        f"engine {ENGINE_VERSION}, identity {mark_of(verdict.identity)}. {link}"
    )


def snippet(link: str, title: str, height: int = CARD) -> str:
    """A card of the view as HTML for another page. It fills a column of 320 to 900 pixels."""
    there = f"{link}{'&' if '?' in link else '?'}embed=true"
    return (
        f'<iframe src="{escape(there)}" title="{escape(title)}" loading="lazy" '
        f'style="width:100%;max-width:{WIDEST}px;height:{height}px;border:1px solid #dcdad5"></iframe>'
    )


def qr(
    link: str, *, scale: int = QR_SCALE, dark: str = QR_INK, light: str | None = QR_PAPER
) -> str:
    """The link as a QR code: one SVG element without a prologue. Errors of up to 15 % are mended by readers."""
    return segno.make(link, error="m", micro=False).svg_inline(
        scale=scale, dark=dark, light=light, omitsize=True
    )


def qr_image(link: str, alt: str) -> str:
    """The same as an HTML image, for places that take no SVG element."""
    code = segno.make(link, error="m", micro=False)
    uri = code.svg_data_uri(scale=QR_SCALE, dark=QR_INK, light=QR_PAPER)
    return f'<img src="{escape(uri)}" alt="{escape(alt)}">'
