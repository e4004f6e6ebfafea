"""Text on its way to the screen: everything that is not written in this package is escaped here.

Streamlit's Markdown knows links, images, LaTeX between dollars, colours in `:red[…]`, icons, HTML
entities and bare addresses. A story's text, a series' title or a piece of the URL must come out as it
was written, and never as any of these.
"""

import re
from collections.abc import Iterable

import streamlit as st

from briefs import glossary

SEEN = "terms_seen"
_INLINE = re.compile(r"[\\`*_\[\]<>|~$&]|:(?=\S)")
_LINE_START = re.compile(r"^(?:[-+#=]|\d+(?=[.)]))")
_AFTERWARDS = re.compile(r"://|(?<=www)\.|@|:(?=[\w/+-]+:)")
"""What Streamlit turns into links, icons and emoji after escapes are gone: a word joiner breaks it."""
_UNIT = re.compile(r"(?<=\d) (?=(?:%|bp|bn|tn)(?!\w))")
"""Between a number and its unit no line is broken."""
_MINUS = re.compile(r"−(?=[$\d])")
_PLAIN_URL = re.compile(r"^https://[\w./?=&%#~+,-]+$")
_JOINER = "\N{WORD JOINER}"


def plain(text: object) -> str:
    """Any text as one line of Markdown that shows exactly that text."""
    line = " ".join(str(text).split())
    line = _MINUS.sub(f"−{_JOINER}", line)
    line = _UNIT.sub("\N{NO-BREAK SPACE}", line)
    line = _AFTERWARDS.sub(_broken, line)
    start = _LINE_START.match(line)
    line = _INLINE.sub(lambda m: f"\\{m[0]}", line)
    if start is None:
        return line
    head = start[0]
    return f"{head}\\{line[len(head) :]}" if head.isdigit() else f"\\{line}"


def _broken(match: re.Match[str]) -> str:
    sign = match[0]
    return f"{_JOINER}{sign}" if sign in ".@" else f"{sign[0]}{_JOINER}{sign[1:]}"


def address_of(url: str) -> str:
    """A publisher's address as a link, where it is a plain one of the web."""
    return f"[{plain(url)}]({url})" if _PLAIN_URL.match(url) else plain(url)


def para(text: object, head: str = "", foot: str = "") -> None:
    """A paragraph of somebody else's text, between Markdown of our own, with its terms where the reader asks for plain words."""
    st.markdown("\n\n".join(filter(None, [head, plain(text), foot])), anchors=False)
    explain(text)


def bullets(lines: Iterable[object]) -> None:
    """A list of somebody else's lines."""
    held = list(lines)
    if held:
        st.markdown("\n".join(f"- {plain(line)}" for line in held))
        explain(" ".join(str(line) for line in held))


def listen(*, words: bool) -> None:
    """Begins a page: from here on each term is explained where it first stands, or none is."""
    st.session_state[SEEN] = set() if words else None


def explain(text: object) -> None:
    """The terms that a text is the first to use, each with its meaning."""
    seen = st.session_state.get(SEEN)
    if seen is None:
        return
    for term in glossary.met(str(text), seen):
        with st.container(key=f"term-{len(seen)}-{term.name}"):
            st.caption(f"*{plain(term.name)}*: {plain(term.meaning)}")


def share(value: float) -> str:
    """A constant share of the method, as `5 %`."""
    return f"{100 * value:g} %"
