"""HTML as values: text is escaped where it enters, so that no outside text is ever read as markup."""

from collections.abc import Iterable
from html import escape

VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})


class Markup(str):
    """HTML that is safe as it stands: made by `tag` and `text`, or by code that says why it is."""

    __slots__ = ()


Value = str | bool | None
"""Of an attribute."""
Content = str | Iterable["Content"] | None
"""Text (escaped), Markup (kept), nothing, or several of these."""


def text(content: Content) -> Markup:
    """Any content as HTML."""
    if content is None:
        return Markup()
    if isinstance(content, Markup):
        return content
    if isinstance(content, str):
        return Markup(escape(content, quote=False))
    return Markup("".join(text(part) for part in content))


def tag(name: str, /, *content: Content, **attributes: Value) -> Markup:
    """One element. `class_` and `for_` lose their underscore, others have a hyphen for it; False and None leave out."""
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    inner = "" if name in VOID else f"{text(content)}</{name}>"
    return Markup(f"<{name}{written}>{inner}")


def _attribute(key: str, value: Value) -> str:
    name = key.rstrip("_").replace("_", "-")
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{escape(value)}"'


def paragraphs(content: str) -> Markup:
    """Somebody else's text with its paragraphs, which stand apart by an empty line."""
    return text(tag("p", part) for part in content.split("\n\n") if part.strip())


def bullets(lines: Iterable[Content], class_: str | None = None) -> Markup:
    """A list; nothing where there are no lines."""
    items = [tag("li", line) for line in lines]
    return tag("ul", items, class_=class_) if items else Markup()


def folded(title: Content, *content: Content, **attributes: Value) -> Markup:
    """What stands one click down, and is there without scripts too."""
    return tag(
        "details", tag("summary", title), tag("div", *content, class_="folded"), **attributes
    )
