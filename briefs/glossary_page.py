"""The reference part of `docs/glossary.md`, made from the glossary, the words of verdicts and their legend.

    python -m briefs.glossary_page

writes it between the two markers of the page; a test holds the committed page against it. Nothing in that
part is typed by hand, so a new term is on the page by being in `briefs/glossary.yaml`.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from briefs import glossary
from briefs.legend import DOWNGRADES, GRADES, ROLE_NAMES, VERDICTS, VINTAGES
from evidence.made_page import cell, remade
from evidence.wording import (
    CONFIDENCES,
    DIRECTIONS,
    OUTCOMES,
    PARTS,
    ROLES,
    first_up,
    listed,
    sentence,
)

REPO = Path(__file__).resolve().parent.parent
PAGE = REPO / "docs/glossary.md"
MODULE = "briefs.glossary_page"


def page(text: str) -> str:
    """The page with its reference part made anew. Raises ValueError where a marker is missing."""
    return remade(text, PAGE.name, MODULE, reference)


def reference() -> str:
    """The words of a verdict, of a test and of the data, then the terms in the order of the alphabet."""
    found: list[str] = []
    for heading, part in (
        ("Verdicts", _verdicts()),
        ("Tests", _tests()),
        ("Data", _data()),
        ("Terms", _terms()),
    ):
        found += [f"## {heading}", "", *part]
    return "\n".join(found).rstrip() + "\n"


def _verdicts() -> Iterator[str]:
    yield from _words("verdict", ((DIRECTIONS[w], w, meaning) for w, meaning in VERDICTS.items()))
    yield f"How sure, from least to most: {listed(tuple(CONFIDENCES.values()))} (in YAML {_listed(CONFIDENCES)})."
    yield ""
    yield from _words("a step less sure", _named(DOWNGRADES))


def _tests() -> Iterator[str]:
    yield f"Outcomes: {listed([f'*{said}* (`{word}`)' for word, said in OUTCOMES.items()])}."
    yield ""
    yield from _words("role", ((ROLE_NAMES[w], w, ROLES[w]) for w in ROLE_NAMES))
    yield f"Parts of a claim: {listed([f'*{said}* (`{word}`)' for word, said in PARTS.items()])}."
    yield ""


def _data() -> Iterator[str]:
    yield "Of the figures that a test reads:"
    yield ""
    yield from _words("grade", _named(GRADES))
    yield from _words("how their past is held", _named(VINTAGES))


def _terms() -> Iterator[str]:
    yield "| term | meaning |"
    yield "|---|---|"
    for term in sorted(glossary.terms(), key=lambda term: term.name.casefold()):
        yield f"| {cell(term.name)} | {cell(term.meaning)} |"
    yield ""


def _named(words: Mapping[Any, str]) -> Iterator[tuple[str, str, str]]:
    """Words that are said as they are written."""
    return ((first_up(w.replace("_", " ")), w, meaning) for w, meaning in words.items())


def _words(column: str, rows: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    """A table of words: as pages say them, as YAML and JSON have them, and what they mean."""
    yield f"| {column} | in YAML and JSON | meaning |"
    yield "|---|---|---|"
    for shown, word, meaning in rows:
        yield f"| {cell(shown)} | `{word}` | {cell(sentence(meaning))} |"
    yield ""


def _listed(words: Mapping[str, str]) -> str:
    return listed([f"`{word}`" for word in words])


def main() -> int:
    """Writes the page."""
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(f"{PAGE.relative_to(REPO)} is made\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
