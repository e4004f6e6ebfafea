"""The closed set of forms of exercise. Every module beside this one that defines `FORM` is one of them."""

import importlib
import pkgutil

from evidence.exercises.base import Form


def _scan() -> dict[str, Form]:
    found: dict[str, Form] = {}
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda m: m.name):
        form = getattr(importlib.import_module(f"{__name__}.{module.name}"), "FORM", None)
        if form is not None:
            found[form.name] = form
    return found


FORMS = _scan()
