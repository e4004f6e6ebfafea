"""A page of `docs/` of which one part is made from the code: between two markers nothing is typed by hand."""

from collections.abc import Callable

END = "<!-- end of what is made -->"


def begin(module: str) -> str:
    """The marker before what a module makes."""
    return f"<!-- made by `python -m {module}`: from here on nothing is typed by hand -->"


def remade(text: str, name: str, module: str, part: Callable[[], str]) -> str:
    """The page with its part made anew. name: the page's, for the message. Raises ValueError where a marker is missing."""
    start = begin(module)
    before, found, rest = text.partition(start)
    _, ended, after = rest.partition(END)
    if not found or not ended:
        raise ValueError(f"{name} has to hold `{start}` and `{END}`")
    return f"{before}{start}\n\n{part()}\n{END}{after}"


def cell(text: str) -> str:
    """Text fit for a cell of a table: one line, no bars."""
    return " ".join(text.split()).replace("|", "\\|")
