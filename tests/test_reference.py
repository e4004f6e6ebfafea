"""The reference is what the code makes, nothing is left untold, and every example is what it says it is."""

import copy
import json
import re
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Literal

import jsonschema
import pytest
from pydantic import Field

from evidence import lint, made_page, reference
from evidence.commands import discover
from evidence.fields import about, elsewhere, flow, told, untold
from evidence.frozen import Frozen
from evidence.kinds import KINDS, is_fact
from evidence.kinds.base import TestBase
from evidence.narrative import Controls, Event
from evidence.quantity import FROM_FILE, written
from evidence.reading import read_controls, read_event, read_text
from evidence.schema import named, narrative_schema, schema_of
from evidence.yaml_nodes import load_trusted, locate
from tests import ours

ROOT = Path(__file__).parent.parent
TEXT = reference.PAGE.read_text("utf-8")
MADE = TEXT.partition(made_page.begin(reference.MODULE))[2]
CATALOGUE = ours.catalogue()
SCHEMAS = {
    "Narrative": narrative_schema(),
    "Event": schema_of(Event),
    "Controls": schema_of(Controls),
}
OBJECTS = {
    (file, name): definition
    for file, schema in SCHEMAS.items()
    for name, definition in [(file, schema), *schema["$defs"].items()]
    if name != reference.TEST
}
"""Every object that a file can hold, by the file's own model and its name."""
FIELDS = {
    (file, name, field.name): field
    for (file, name), definition in OBJECTS.items()
    for field in told(definition)
}
MODELS = {kind.model.__name__: kind for kind in KINDS.values()}


# -- the page ---------------------------------------------------------------------------------------


def test_the_committed_page_is_what_the_code_makes():
    assert reference.page(TEXT) == TEXT, "run `.venv/bin/python -m evidence.reference`"


def test_everything_is_on_the_page():
    for _, _, name in FIELDS:
        assert f"`{name}`" in MADE
    for name in KINDS:
        assert f"### `{name}`\n" in MADE
        [row] = re.findall(rf"^\| \[`{name}`\].*$", MADE, re.MULTILINE)
        assert ("a fact" in row) == is_fact(name)
        assert ("ranked among placebos" in row) == (not is_fact(name))
    for name, module in discover().items():
        assert f"| `{name}` |" in MADE
        assert f"`python -m evidence {module.EXAMPLE}`" in MADE
    for name in CATALOGUE.ids:
        assert f"| `{name}` |" in MADE
    for entry in CATALOGUE.series.values():
        assert f"### {entry.publisher}\n" in MADE


def test_where_it_points_there_is_something():
    headings = {
        page: re.findall(r"^#+ (.+)$", (ROOT / "docs" / page).read_text("utf-8"), re.MULTILINE)
        for page in ("method.md", "data.md", "reference.md")
    }
    anchors = {
        page: {re.sub(r"[^\w -]", "", title).strip().lower().replace(" ", "-") for title in titles}
        for page, titles in headings.items()
    }
    links = re.findall(r"\]\(([\w.]*)#?([^)]*)\)", TEXT)
    assert len(links) > 400
    for page, anchor in set(links):
        assert not anchor or anchor in anchors[page or "reference.md"], (page, anchor)


def test_a_page_without_its_markers_is_refused():
    start, end = made_page.begin(reference.MODULE), made_page.END
    for text in ("", start, end, f"{end}{start}"):
        with pytest.raises(ValueError, match=r"reference\.md has to hold"):
            reference.page(text)


# -- nothing is left untold -------------------------------------------------------------------------


def test_nothing_is_left_untold():
    for schema in SCHEMAS.values():
        assert list(reference.untold_fields(schema)) == []
    assert list(reference.untold_kinds(KINDS)) == []
    assert list(reference.untold_commands(discover())) == []
    assert list(reference.untold_series(CATALOGUE)) == []


def test_a_field_that_is_not_told_is_found():
    class Kept(Frozen):
        """A model with one field that is told, and others that lack something."""

        whole: int = about("A number.", good=[1], bad=[("one", "in digits")])
        bare: int
        said: int = Field(description="A number.")
        shown: int = about("A number.", good=[1])
        good: int = about("A number.", good=[], bad=[("one", "in digits")])
        silent: int = about("A number.", good=[1], bad=[("one", "")])

    class Holder(Frozen):
        """A model that holds it."""

        inner: Kept = about("Inside.", good=[{}], bad=[(1, "keys and values")])

    assert set(reference.untold_fields(schema_of(Holder))) == {
        "`Kept.bare` has no description",
        "`Kept.bare` has no example",
        "`Kept.bare` has no bad example",
        "`Kept.said` has no example",
        "`Kept.said` has no bad example",
        "`Kept.shown` has no bad example",
        "`Kept.good` has no example",
        "`Kept.silent` has no bad example",
    }
    assert list(untold("Holder", schema_of(Holder))) == []


def test_a_description_that_the_model_has_too_is_not_lost():
    class Held(Frozen):
        """The same words."""

    class Holder(Frozen):
        held: Held = about("The same words.", good=[{}], bad=[(1, "keys and values")])

    assert told(schema_of(Holder))[0].what == "The same words."


def test_a_kind_that_is_not_told_is_found():
    class Silent(TestBase):
        kind: Literal["silent"]

    Silent.__doc__ = None
    kind = SimpleNamespace(name="silent", model=Silent, label="", example="")
    found = list(reference.untold_kinds({**KINDS, "silent": kind}))
    assert found == [f"the kind `silent` has no {w}" for w in ("label", "example", "docstring")]


def test_every_kind_that_a_story_rests_on_has_its_formula():
    method = (ROOT / "docs" / "method.md").read_text("utf-8")
    asked = {test.kind for story in LIBRARY.narratives.values() for test in story.tests}
    assert [kind for kind in sorted(asked) if f"| `{kind}` |" not in method] == []


def test_a_series_or_a_command_that_is_not_told_is_found():
    entry = CATALOGUE.series["bea.gdp"].model_copy(update={"title": " ", "citation": ""})
    spoilt = CATALOGUE.model_copy(update={"series": {**CATALOGUE.series, "bea.gdp": entry}})
    assert list(reference.untold_series(spoilt)) == [
        "the series `bea.gdp` has no title",
        "the series `bea.gdp` has no citation",
    ]

    def command():
        pass

    assert list(reference.untold_commands({"quiet": SimpleNamespace(command=command)})) == [
        "the command `quiet` has no docstring",
        "the command `quiet` has no example",
    ]


# -- every example is what it says ------------------------------------------------------------------

LIBRARY = ours.library()
KNOWN = lint.Known(
    narratives=LIBRARY.narratives.keys(),
    events=LIBRARY.events.keys(),
    controls=LIBRARY.controls.keys(),
    read=LIBRARY.narratives,
)
BY_FIELD = {
    "wrong-type", "wrong-word", "wrong-size", "wrong-form", "wrong-value", "unknown-key", "missing-key",
    "unknown-kind",
}  # fmt: skip
"""Codes of what a field or its model refuses; every other one is a rule's."""

CUSTODY = {
    "id": "custody-falls", "title": "Custody holdings fall", "kind": "change_after",
    "series": "fed.custody.treasuries", "window": {"after": "4 weeks", "min": "2 weeks"},
    "predicts": {"direction": "down"}, "matters": {"at_least": "2 %", "why": "Half of March 2020."},
    "role": "hoop", "grade": "proxy", "why": "Officials keep them there.",
    "vary": {"windows": ["6 weeks"]},
    "rivals_expect": {"foreign-private-protest": "neutral", "basis-trade-unwind": "neutral"},
}  # fmt: skip
HOLDINGS = {
    **CUSTODY, "id": "holdings-fall", "title": "China's holdings fall",
    "series": "tic.holdings.china", "window": {"after": "2 months", "min": "1 month"},
    "vary": {"windows": ["3 months"], "series": ["tic.holdings.japan"]},
}  # fmt: skip
STORY = {
    "schema": 1, "id": "story", "title": "A story", "claim": "Somebody sold.", "status": "draft",
    "shelf": "said", "event": "liberation-day", "thresholds_set": "2026-11-22",
    "said": [{"who": "Somebody", "where": "somewhere", "on": "2025-05-30"}],
    "mechanism": "Somebody would sell, and it would be seen.",
    "rivals": ["foreign-private-protest", "basis-trade-unwind"],
    "tests": [CUSTODY, HOLDINGS],
    "controls": [
        {"test": "custody-falls", "event": "dash-for-cash-2020", "expects": "fires"},
        {"test": "custody-falls", "dates": "quiet", "expects": "stays_quiet"},
    ],
    "when": [
        {"narrative": "exceptionalism-lasts", "direction": "supported"},
        {"narrative": "deficit-is-the-target", "test": "newest-year", "outcome": "consistent"},
    ],
    "cases": [
        {
            "name": "a fall", "series": {"fed.custody.treasuries": "3000^10x330 | 2900x3"},
            "expects": {"custody-falls": "consistent"}, "direction": "mixed",
            "given": {"exceptionalism-lasts": "supported"},
        },
        {
            "name": "a fall", "series": {"fed.custody.treasuries": "3000^10x330 2900x3"},
            "event_at": 330, "at": "2025-04-02", "direction": "mixed",
        },
    ],
}  # fmt: skip
"""A draft with every object that a narrative can hold, but for those of other kinds and of an event."""
PARTS = {part: f"The part {part}." for part in ("act", "timing", "lasting", "size", "motive")}
BARE = {key: value for key, value in STORY.items() if key not in ("controls", "cases", "when")}


def a_story_of(*tests):
    """A draft with these tests."""
    return {**BARE, "parts": PARTS, "tests": list(tests)}


def a_first_test(name):
    """A test made of the first example of each field that a kind needs, with a size in the kind's unit."""
    kind = KINDS[name]
    needed = [
        *told(OBJECTS["Narrative", "TestBase"]),
        *told(OBJECTS["Narrative", kind.model.__name__]),
    ]
    test = {field.name: field.good[0] for field in needed if field.required}
    test |= {"role": "straw_in_the_wind", "rivals_expect": CUSTODY["rivals_expect"]}
    model = kind.model.model_validate_json(json.dumps(test), strict=True, context=FROM_FILE)
    unit = kind.unit(model, SimpleNamespace(catalogue=CATALOGUE))
    return {**test, "matters": {"at_least": f"0.9 {written(unit)}", "why": "So that it can fail."}}


NO_SINGLE_FIELD = ("total",)
"""Kinds that need one of several fields, so that none of them has to be there."""


@cache
def homes():
    """Drafts without an error in which every field stands somewhere: the file's model, and the document."""
    before = {key: value for key, value in CUSTODY.items() if key != "vary"}
    before |= {"id": "before", "window": {"before": "4 weeks"}, "rivals_expect": {}}
    banks = {"name": "The bank failures", "date": "2023-03-10", "question": "Who traded?"}
    free = {key: value for key, value in CUSTODY.items() if key != "rivals_expect"}
    found = [
        ("Narrative", STORY),
        ("Narrative", {**BARE, "rivals": [], "tests": [free]}),
        ("Narrative", {**STORY, "event": "banks-2023", "event_is": banks}),
        ("Narrative", a_story_of(CUSTODY, before, {**before, "id": "check", "checks": "before"})),
    ]
    for path in sorted((ROOT / "narratives" / "liberation-day").glob("*-*.yaml")):
        for test in as_json(path)["tests"]:
            alone = {key: value for key, value in test.items() if key != "checks"}
            alone["rivals_expect"] = CUSTODY["rivals_expect"]
            found.append(("Narrative", a_story_of(alone)))
    found += [
        ("Narrative", a_story_of(a_first_test(name)))
        for name in KINDS
        if name not in NO_SINGLE_FIELD
    ]
    found.append(("Narrative", as_json(ROOT / "narratives/liberation-day/dollar-fell-before.yaml")))
    found.append(("Event", as_json(ROOT / "narratives" / "liberation-day" / "event.yaml")))
    found.append(("Controls", as_json(ROOT / "narratives" / "controls.yaml")))
    return [(file, document, tuple(objects(file, file, document))) for file, document in found]


def as_json(path):
    return json.loads(json.dumps(load_trusted(path.read_text("utf-8")), default=str))


def objects(file, name, value, path=()):
    """Every object from one on: its name among the definitions, and the path to it."""
    if name in MODELS:
        yield "TestBase", path
    yield name, path
    for key, field in OBJECTS[file, name]["properties"].items():
        for inner, item, where in directly(file, field, value.get(key), (*path, key)):
            yield from objects(file, inner, item, where)


def directly(file, field, value, path):
    """The objects that stand in a field: name, value and path of each."""
    if elsewhere(field):
        field = OBJECTS[file, "TestBase"]["properties"][path[-1]]
    for choice in (field, *field.get("anyOf", ())):
        if isinstance(value, dict) and "$ref" in choice:
            yield named(choice), value, path
        elif isinstance(value, list) and "$ref" in choice.get("items", {}):
            for index, item in enumerate(value):
                name = named(choice["items"])
                if name == reference.TEST:
                    name = KINDS[item["kind"]].model.__name__
                yield name, item, (*path, index)


def errors(file, document, folder):
    """What the reader and the rules say of a document, as errors, and what turns paths into lines."""
    text = json.dumps(document, indent=1)
    if file == "Narrative":
        reading = read_text(text, "story.yaml", CATALOGUE)
        if reading.parsed is not None:
            reading = reading.also(lint.library(reading.parsed, KNOWN))
    else:
        path = folder / "liberation-day" / f"{file.lower()}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
        reading = read_event(path) if file == "Event" else read_controls(path)
    return [p for p in reading.problems if p.severity == "error"], reading.source


def tried(file, name, key, value, folder):
    """The errors with a value in a field, in each document that has the object; first where it has the field."""
    places = [
        (document, path) for f, document, found in homes() if f == file for n, path in found if n == name
    ]  # fmt: skip
    places.sort(key=lambda place: key not in at(*place))
    assert places, f"no draft of this test has a {name}"
    for document, path in places:
        spoilt = copy.deepcopy(document)
        at(spoilt, path)[key] = value
        found, source = errors(file, spoilt, folder)
        _, node = locate(source.root, (*path, key))
        lines = range(node.start_mark.line + 1, node.end_mark.line + 2)
        yield found, lines


def at(document, path):
    for step in path:
        document = document[step]
    return document


def checker(file, field):
    """What an editor would check a value of the field with."""
    return jsonschema.Draft202012Validator(
        {"$defs": SCHEMAS[file]["$defs"], **field}, format_checker=jsonschema.FormatChecker()
    )


def examples(of):
    """Every example of one sort, with the field it belongs to."""
    return [
        pytest.param(file, name, key, example, id=f"{name}.{key}-{index}")
        for (file, name, key), field in FIELDS.items()
        for index, example in enumerate(getattr(field, of))
    ]


def test_the_drafts_have_no_errors_and_hold_every_object(tmp_path):
    for file, document, _ in homes():
        assert [p.text() for p in errors(file, document, tmp_path)[0]] == []
    held = {(file, name) for file, _, found in homes() for name, _ in found}
    assert held == set(OBJECTS)


@pytest.mark.parametrize(("file", "name", "key", "value"), examples("good"))
def test_a_good_example_is_accepted(file, name, key, value, tmp_path):
    field = OBJECTS[file, name]["properties"][key]
    check = checker(file, field)
    assert [e.message for e in check.iter_errors(value)] == []
    told_of_it = None
    for found, _ in tried(file, name, key, value, tmp_path):
        if not found:
            return
        told_of_it = told_of_it or [p.text() for p in found]
    raise AssertionError(told_of_it)


@pytest.mark.parametrize(("file", "name", "key", "bad"), examples("bad"))
def test_a_bad_example_is_refused(file, name, key, bad, tmp_path):
    by_rule = bad["by"] == "lint"
    seen = []
    for found, lines in tried(file, name, key, bad["value"], tmp_path):
        codes = {p.code for p in found if by_rule or p.line in lines}
        seen.append(codes)
        if codes and (codes <= BY_FIELD) == (not by_rule) and not (by_rule and codes & BY_FIELD):
            break
    else:
        raise AssertionError(seen)
    if by_rule:
        return
    field = OBJECTS[file, name]["properties"][key]
    check = checker(file, field)
    if check.is_valid(bad["value"]):
        assert bad["value"] in BEYOND_A_SCHEMA


BEYOND_A_SCHEMA = (
    "50 %",
    {"after": "4 weeks", "before": "4 weeks"},
    [{"narrative": "exceptionalism-lasts"}],
)
"""What a field refuses and an editor's schema cannot see."""


def test_series_in_examples_are_in_the_catalogue():
    pattern = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")
    named = {
        text
        for field in FIELDS.values()
        for text in re.findall(r'"([^"]+)"', json.dumps(field.good))
        if pattern.fullmatch(text)
    }
    assert len(named) > 20
    assert named <= set(CATALOGUE.ids)


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("2025-04-02", "2025-04-02"),
        ("2025-04-31", "2025-04-31"),
        ({"on": "2025-04-02", "name": "A day"}, "{on: 2025-04-02, name: A day}"),
        (["4 weeks", True, 2], "[4 weeks, true, 2]"),
        ("1", "'1'"),
        ("", "''"),
        ("−60 bp: all", "'−60 bp: all'"),
    ],
)
def test_a_value_is_written_as_people_write_it(value, line):
    assert flow(value) == line
