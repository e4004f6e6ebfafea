"""A brief as one HTML file: words, pictures, typefaces and colours inside, so that it opens anywhere, offline too.

On a screen all of it shows, in one column or two, light or dark. Printed, it is as many pages as the PDF, in
A4 and in Letter: lines that find no room on paper are hidden there. All text is escaped.
"""

import base64
from collections.abc import Iterator
from functools import cache
from html import escape
from pathlib import Path

from briefs import share
from briefs.paper import typeset
from briefs.paper.model import FIRST, PREMISE, SECOND, STRIP, Brief, Picture, Ruling, Score
from briefs.svg import FONTS, themed
from charts import theme
from evidence.trace import CONFIDENCES

STYLE = Path(__file__).with_name("brief.css")
FACES = (
    ("Source Sans 3", "normal", "200 900", FONTS.parent / "SourceSans3-latin.woff2"),
    ("Source Serif 4", "normal", "200 900", FONTS.parent / "SourceSerif4-latin.woff2"),
    ("Source Serif 4", "italic", "200 900", FONTS.parent / "SourceSerif4-Italic-latin.woff2"),
    ("Flowcheck Shapes", "normal", "400", FONTS / "FlowcheckShapes-Regular.ttf"),
)
RESERVE = {"story": 17.0, "event": 6.0}
"""Millimetres that a browser may need more than Typst on a page of Letter, the lower of the two papers."""
FULL, HOLLOW = "●", "○"


def html(brief: Brief) -> str:
    """The whole file."""
    short = typeset.fitted(brief, "letter", RESERVE[brief.kind])
    body = _story(brief, short) if brief.kind == "story" else _event(brief, short)
    told = f"{brief.ruling.word}. {brief.lead}" if brief.ruling else brief.lead
    return "".join(
        (
            '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(brief.title)} – {escape(brief.imprint.name)}</title>",
            f'<meta name="author" content="{escape(brief.imprint.operator)}">',
            f'<meta name="description" content="{escape(told)}">',
            f"<style>{_style()}</style></head>",
            f'<body class="{brief.kind}">{"".join(body)}</body></html>\n',
        )
    )


@cache
def _style() -> str:
    faces = "".join(
        f"@font-face{{font-family:'{family}';font-style:{style};font-weight:{weight};"
        f"src:url(data:font/{path.suffix[1:]};base64,{base64.b64encode(path.read_bytes()).decode()})}}"
        for family, style, weight, path in FACES
    )
    return f"{theme.css()}\n{faces}\n{STYLE.read_text(encoding='utf-8')}"


def _story(brief: Brief, short: Brief) -> Iterator[str]:
    yield _masthead(brief)
    claim = f'<p class="lead claim">“{escape(brief.lead)}”</p>'
    said = f'<p class="small">Who says so: {escape(brief.said)}.</p>'
    yield f'<main><div class="head"><h1>{escape(brief.title)}</h1>{claim}{said}</div>'
    if brief.ruling is not None:
        yield _verdict(brief.ruling)
    charts = {p.place: _chart(p, short) for p in brief.pictures if p.place in (FIRST, SECOND)}
    cells: dict[str, str] = {}
    if len(charts) == 1:
        # no pair to set side by side: the chart heads a column
        cells |= {name: f"<section>{chart}</section>" for name, chart in charts.items()}
    else:
        yield f'<div class="pair">{"".join(charts.values())}</div>'
    strip = next((p for p in brief.pictures if p.place == STRIP), None)
    cells |= {STRIP: _strip(strip, short)} if strip else {}
    yield f"{_columns(cells | dict(_sections(brief, short)), short)}</main>{_footer(brief)}"


def _event(brief: Brief, short: Brief) -> Iterator[str]:
    yield _masthead(brief)
    yield f'<main><div class="head"><h1>{escape(brief.title)}</h1><p class="lead">{escape(brief.lead)}</p>'
    yield f'<p class="rare">{escape(brief.said)}</p></div>'
    premise = [p for p in brief.pictures if p.place == PREMISE]
    yield f'<div class="three">{"".join(_chart(p, short) for p in premise)}</div>'
    yield f"<h2>How each story stands</h2>{_scores(brief)}"
    yield f'<p class="small">Tests: {_shapes(brief.key)}.</p>'
    yield '<div class="page"><div class="head"><h2>What the evidence says</h2></div>'
    yield f"{_columns(dict(_sections(brief, short)), short)}</div></main>{_footer(brief)}"


def _masthead(brief: Brief) -> str:
    name, day = escape(brief.imprint.name), escape(brief.imprint.day)
    about = f"<span><b>{name}</b> Market narratives, checked against the flows</span>"
    return f'<header class="masthead">{about}<span>As known on {day}</span></header>'


def _verdict(found: Ruling) -> str:
    shape = f'<span class="mark" aria-hidden="true">{theme.SHAPES[found.direction]}</span>'
    rests_on = f"<p><b>{escape(found.rests_on)}</b></p>" if found.rests_on else ""
    sure = f"<p>{_dots(found)}{escape(found.sure)}</p>" if found.dots else ""
    return (
        f'<div class="verdict"><div><p class="word {found.direction}">{shape} {escape(found.word)}</p>'
        f'{rests_on}{sure}</div><div><p class="says">{escape(found.says)}</p>'
        f"<p>{escape(' '.join(found.why))}</p></div></div>"
    )


def _dots(found: Ruling) -> str:
    text = FULL * found.dots + HOLLOW * (len(CONFIDENCES) - found.dots)
    return f'<span class="mark dots" aria-hidden="true">{text}</span>'


def _chart(picture: Picture, short: Brief) -> str:
    words = (
        f'<b>{escape(picture.title)}</b><span class="subtitle">{escape(picture.subtitle)}</span>'
    )
    spare = _spare(picture.place in {p.place for p in short.pictures})
    return f"<figure{spare}><figcaption>{words}</figcaption>{themed(picture.svg)}</figure>"


def _columns(cells: dict[str, str], short: Brief) -> str:
    """Cells in two columns. On paper as the PDF has them; on a screen, where there are more, as they come."""
    on_left = typeset.left(short, "letter")
    cells |= {"more": _more(short)}
    halves = [
        "".join(cell for name, cell in cells.items() if (name in on_left) == left)
        for left in (True, False)
    ]
    return f'<div class="columns">{"".join(f"<div>{half}</div>" for half in halves)}</div>'


def _strip(picture: Picture, short: Brief) -> str:
    spare = _spare(picture in short.pictures)
    return f"<section{spare}><h2>How it came about</h2><p>{escape(picture.title)}</p>{themed(picture.svg)}</section>"


def _sections(brief: Brief, short: Brief) -> Iterator[tuple[str, str]]:
    """Sections by name, in full, what finds no room on paper marked; a section's own picture below its words."""
    drawn = {picture.place: picture for picture in brief.pictures}
    for section in brief.sections:
        held = short.section(section.name)
        lines = "".join(
            f"<li{_spare(held is not None and item in held.items)}>"
            f"{f'<b>{escape(item.head)}</b> ' if item.head else ''}{escape(item.text)}</li>"
            for item in section.items
        )
        picture = drawn.get(section.name)
        shown = "" if picture is None else _below(picture, short)
        yield (
            section.name,
            f"<section{_spare(held is not None)}><h2>{escape(section.heading)}</h2><ul>{lines}</ul>{shown}</section>",
        )


def _below(picture: Picture, short: Brief) -> str:
    spare = _spare(picture.place in {p.place for p in short.pictures})
    subtitle = f'<figcaption class="subtitle">{escape(picture.subtitle)}</figcaption>'
    return f"<figure{spare}>{subtitle}{themed(picture.svg)}</figure>"


def _spare(fits: bool) -> str:  # noqa: FBT001 - read beside the element that it is written into
    return "" if fits else ' class="spare"'


def _more(short: Brief) -> str:
    if not short.left_out:
        return ""
    link = short.imprint.link
    where = (
        f'<a href="{escape(link)}">in the app</a>' if link else f"in {escape(short.imprint.name)}"
    )
    lines = "line" if short.left_out == 1 else "lines"
    return f'<p class="more small">{short.left_out} more {lines}: {where}.</p>'


def _scores(brief: Brief) -> str:
    heads = "".join(
        f'<th scope="col">{head}</th>'
        for head in ("Story", "What the data say", "Confidence", "Its tests", "Identity")
    )
    rows = []
    for shelf in dict.fromkeys(score.shelf for score in brief.scores):
        rows.append(f'<tr><th scope="colgroup" colspan="5">{escape(shelf)}</th></tr>')
        rows += [_score(score) for score in brief.scores if score.shelf == shelf]
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _score(score: Score) -> str:
    found = score.ruling
    shape = f'<span class="mark" aria-hidden="true">{theme.SHAPES[found.direction]}</span>'
    word = escape(", ".join(text for text in (found.word, found.rests_on) if text))
    sure = f"{_dots(found)}{escape(found.sure.removesuffix(' confidence'))}" if found.dots else "–"
    return (
        f'<tr><th scope="row">{escape(score.title)}</th><td class="{found.direction}">{shape} <b>{word}</b></td>'
        f'<td>{sure}</td><td class="tally">{_shapes(score.tally)}</td><td class="small">{score.mark}</td></tr>'
    )


def _shapes(text: str) -> str:
    """Escaped text, its shapes in the face that has them."""
    signs = set(theme.SHAPES.values())
    return "".join(f'<span class="mark">{c}</span>' if c in signs else escape(c) for c in text)


def _footer(brief: Brief) -> str:
    made = brief.imprint
    identity = f", identity <b>{escape(made.mark)}</b>" if made.mark else ""
    link = (
        f' <a class="link" href="{escape(made.link)}">{escape(made.link)}</a>' if made.link else ""
    )
    qr = (
        f'<div class="qr" role="img" aria-label="QR code of the link to this view">{share.qr(made.link)}</div>'
        if made.link
        else ""
    )
    return (
        f"<footer><div><p><b>Sources.</b> {escape(made.sources)}</p>"
        f"<p><b>This brief.</b> Snapshot {made.snapshot_n}, engine {escape(made.engine)}{identity}. "
        f"{escape(made.found)}{link}</p>"
        f"<p>{escape(made.name)} is run by {escape(made.operator)}. {escape(' '.join(made.disclaimers))}</p></div>"
        f"{qr}</footer>"
    )
