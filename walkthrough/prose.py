"""Text on its way to the screen: everything that is not written in this package is escaped here.

Streamlit's Markdown knows links, images, LaTeX between dollars, colours in `:red[…]`, icons, HTML
entities and bare addresses. A story's text, a series' title or a piece of the URL must come out as it
was written, and never as any of these.
"""

import re
from collections.abc import Iterable

import streamlit as st

_INLINE = re.compile(r"[\\`*_\[\]<>|~$&]|:(?=\S)")
_LINE_START = re.compile(r"^(?:[-+#=]|\d+(?=[.)]))")
_AFTERWARDS = re.compile(r"://|(?<=www)\.|@|:(?=[\w/+-]+:)")
"""What Streamlit turns into links, icons and emoji after escapes are gone: a word joiner breaks it."""
_PLAIN_URL = re.compile(r"^https://[\w./?=&%#~+,-]+$")
_JOINER = "\N{WORD JOINER}"


def plain(text: object) -> str:
    """Any text as one line of Markdown that shows exactly that text."""
    line = " ".join(str(text).split())
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


def para(text: object) -> None:
    """A paragraph of somebody else's text."""
    st.markdown(plain(text))


def bullets(lines: Iterable[object]) -> None:
    """A list of somebody else's lines."""
    items = [f"- {plain(line)}" for line in lines]
    if items:
        st.markdown("\n".join(items))


def share(value: float) -> str:
    """A constant share of the method, as `5 %`."""
    return f"{100 * value:g} %"
