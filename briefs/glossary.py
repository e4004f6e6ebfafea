"""What terms mean, for readers without statistics: `glossary.yaml`, and where a text uses which term first."""

import re
from functools import cache
from pathlib import Path

from evidence.frozen import Frozen
from evidence.yaml_nodes import load_trusted

FILE = Path(__file__).with_name("glossary.yaml")


class Term(Frozen):
    """A term, the forms in which texts use it, and its meaning in a sentence or two."""

    name: str
    forms: tuple[str, ...]
    meaning: str


@cache
def terms() -> tuple[Term, ...]:
    """All terms, in the order of the file."""
    return tuple(Term.model_validate(entry) for entry in load_trusted(FILE.read_text("utf-8")))


@cache
def _any_form() -> tuple[re.Pattern[str], dict[str, Term]]:
    """One pattern for all forms, the longest first, and whose form each is."""
    owners = {form.lower(): term for term in terms() for form in term.forms}
    longest = sorted(owners, key=lambda form: (-len(form), form))
    pattern = "|".join(re.escape(form) for form in longest)
    return re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])", re.IGNORECASE), owners


def met(text: str, seen: set[str]) -> list[Term]:
    """The terms that a text uses and that are not in `seen` yet, in its order. Their names are put there."""
    pattern, owners = _any_form()
    found = []
    for use in pattern.finditer(text):
        term = owners[use[0].lower()]
        if term.name not in seen:
            seen.add(term.name)
            found.append(term)
    return found
