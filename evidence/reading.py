"""Files that people write, read as data: a narrative, an event or the controls, with every problem at once.

Nothing in a file raises. A text becomes nodes that know their line and column (`evidence.yaml_nodes`),
then plain values, then a model; what the model refuses is said in words of our own at the place in
the text. `evidence.lint` then holds the rules that need more than one field.
"""

import re
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, Generic, TypeVar, get_args, get_origin

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from evidence import lint, sheet_rules, yaml_nodes
from evidence.catalogue import Catalogue
from evidence.kinds import KINDS, Test
from evidence.kinds.base import TestBase
from evidence.mapping import FileMap
from evidence.narrative import Controls, Event, Narrative
from evidence.problems import Finding, Problem, Severity, listed, nearest, shown, snippet, visible
from evidence.quantity import FROM_FILE
from evidence.sheet import Sheet
from evidence.yaml_faults import Mark, YamlFault, split

LIMIT = 256 * 1024
"""The largest file that is read, in bytes."""
MOST = 100
"""How many problems of one file are told."""
EARLIEST, LATEST = date(1990, 1, 1), date(2035, 12, 31)
ONE_TEST = ("test", "before")
"""The fields of a reading or an exercise that hold one test of any kind."""

Path_ = tuple[str | int, ...]
M = TypeVar("M", bound=BaseModel)
_TEST: TypeAdapter[TestBase] = TypeAdapter(Test)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NEARLY_DATE = re.compile(r"[0-9]{1,4}[-./][0-9]{1,2}[-./][0-9]{1,4}")


@dataclass(frozen=True)
class Source:
    """A text with its nodes: what turns a path of keys into a line, a column and a snippet."""

    name: str
    text: str
    root: yaml.Node | None = None

    @property
    def alone(self) -> "Source":
        """The text without its nodes, for who keeps it: they take twenty times its room."""
        return Source(self.name, self.text)

    @property
    def nodes(self) -> yaml.Node | None:
        """The nodes, made again where they were let go; None where the text has none."""
        try:
            return self.root or yaml_nodes.compose(self.text)
        except YamlFault:
            return None

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text."""
        return split(self.text)

    def at(
        self,
        mark: Mark,
        code: str,
        message: str,
        hint: str = "",
        severity: Severity = "error",
        length: int = 1,
    ) -> Problem:
        """A problem at a place."""
        line = self.lines[mark.line - 1] if mark.line <= len(self.lines) else ""
        shot = snippet(line, mark.column, length) if line.strip() else ""
        return Problem(
            visible(self.name),
            mark.line,
            mark.column,
            code,
            visible(message),
            visible(hint),
            severity,
            shot,
        )

    def fault(self, fault: YamlFault) -> Problem:
        """What is wrong as YAML."""
        return self.at(fault.mark, fault.code, fault.message)

    def on(self, finding: Finding) -> Problem:
        """A finding at its key or value; where the path ends early, at what holds it."""
        root = self.nodes
        key, value = yaml_nodes.locate(root, finding.path)
        below = (
            key is not None
            and isinstance(value, yaml.CollectionNode)
            and value.start_mark.line > key.start_mark.line
        )
        node = (key if finding.at == "key" or below else value) or value or root
        if node is None:
            return self.at(
                Mark(1, 1), finding.code, finding.message, finding.hint, finding.severity
            )
        start, end = node.start_mark, node.end_mark
        length = (
            end.column - start.column
            if end.line == start.line and isinstance(node, yaml.ScalarNode)
            else 1
        )
        return self.at(
            Mark(start.line + 1, start.column + 1),
            finding.code,
            finding.message,
            finding.hint,
            finding.severity,
            length,
        )


@dataclass(frozen=True)
class Reading(Generic[M]):
    """What became of a file: the value where it could be read without an error, and all problems.

    parsed: the value also where a rule refuses it, so that further rules may look at it.
    """

    value: M | None
    problems: tuple[Problem, ...]
    source: Source
    parsed: M | None = None

    @property
    def narrative(self) -> M | None:
        """The value, for a reading of a narrative."""
        return self.value

    def also(self, findings: Iterable[Finding]) -> "Reading[M]":
        """The reading with more findings; an error among them takes the value away."""
        more = [self.source.on(finding) for finding in islice(findings, MOST)]
        return _reading(self.parsed, (*self.problems, *more), self.source)


def read_narrative(path: Path, catalogue: Catalogue, name: str | None = None) -> Reading[Narrative]:
    """A narrative from its file; the file's name has to be its id. `name` stands in problems for the path."""
    return _named(path, catalogue, name or path.as_posix(), lint.file_name)


def read_draft(path: Path, catalogue: Catalogue) -> Reading[Narrative]:
    """A narrative from a file that lies in no library, and may be called anything."""
    return _named(path, catalogue, path.as_posix(), lint.own_name)


def _named(
    path: Path, catalogue: Catalogue, name: str, rule: Callable[[Narrative, str], lint.Findings]
) -> Reading[Narrative]:
    """A narrative from its file, with what a rule says of the file's name."""
    text = _text(path, name)
    if isinstance(text, Reading):
        return text
    reading = read_text(text, name, catalogue)
    return reading.also(rule(reading.parsed, path.stem)) if reading.parsed is not None else reading


def read_text(text: str, name: str, catalogue: Catalogue) -> Reading[Narrative]:
    """A narrative from a text: its fields, and the rules that need no other file."""
    reading, data = _model(text, name, Narrative)
    if reading.parsed is not None:
        return reading.also(lint.narrative(reading.parsed, catalogue))
    whole = _without_unknown_keys(data, Narrative)
    if whole is not None:
        return reading.also(lint.narrative(whole, catalogue))
    return reading.also(_sound_tests(data, catalogue))


def read_event(path: Path, name: str | None = None) -> Reading[Event]:
    """An event; its id has to be the name of its folder."""
    text = _text(path, name or path.as_posix())
    if isinstance(text, Reading):
        return text
    reading, _ = _model(text, name or path.as_posix(), Event)
    return (
        reading.also(lint.event(reading.parsed, path.parent.name))
        if reading.parsed is not None
        else reading
    )


def read_controls(path: Path, name: str | None = None) -> Reading[Controls]:
    """The episodes with known answers."""
    text = _text(path, name or path.as_posix())
    if isinstance(text, Reading):
        return text
    reading, _ = _model(text, name or path.as_posix(), Controls)
    return reading.also(lint.controls(reading.parsed)) if reading.parsed is not None else reading


def read_sheet(path: Path, catalogue: Catalogue, name: str | None = None) -> Reading[Sheet]:
    """The printed figures of an event, with the rules that need no other file."""
    text = _text(path, name or path.as_posix())
    if isinstance(text, Reading):
        return text
    reading, _ = _model(text, name or path.as_posix(), Sheet)
    return (
        reading.also(sheet_rules.sheet(reading.parsed, catalogue))
        if reading.parsed is not None
        else reading
    )


def read_map(path: Path, name: str | None = None) -> Reading[FileMap]:
    """A map of somebody's own file, field by field; `evidence.mapping.findings` has its rules."""
    text = _text(path, name or path.as_posix())
    return text if isinstance(text, Reading) else _model(text, name or path.as_posix(), FileMap)[0]


def read_chosen(
    path: Path, choose: Callable[[Any], type[M] | Finding], name: str | None = None
) -> Reading[M]:
    """A file as the model that its own values choose, such as an exercise by its `form`.

    choose: plain values (None where the text has none) to the model, or to what is wrong with them.
    """
    label = name or path.as_posix()
    text = _text(path, label)
    if isinstance(text, Reading):
        return text
    try:
        root = yaml_nodes.compose(text.removeprefix("\ufeff"))
        data, _ = yaml_nodes.collect(root)
    except YamlFault:
        root = data = None
    chosen = choose(data)
    if isinstance(chosen, Finding):
        source = Source(label, text, root)
        return _reading(None, [source.on(chosen)], source)
    return _model(text, label, chosen)[0]


def _reading(value: M | None, problems: Iterable[Problem], source: Source) -> Reading[M]:
    """A reading with its problems in the order of the text, each once, and no more than `MOST`."""
    every = sorted(
        dict.fromkeys(problems), key=lambda p: (p.line, p.column, p.severity, p.code, p.message)
    )
    sound = not any(problem.severity == "error" for problem in every)
    if len(every) > MOST:
        left = len(every) - MOST
        every = [
            *every[:MOST],
            source.at(Mark(every[MOST].line, 1), "too-many", f"and at least {left} more problems"),
        ]
    return Reading(value if sound else None, tuple(every), source, value)


def _refused(name: str, text: str, mark: Mark, code: str, message: str) -> Reading[Any]:
    source = Source(name, text)
    return Reading(None, (source.at(mark, code, message),), source)


def _text(path: Path, name: str) -> str | Reading[Any]:
    """The file as text, or a reading that says why not. Its size is looked at before it is read."""
    top = Mark(1, 1)
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            return _refused(name, "", top, "unreadable", "this is not a file")
        if about.st_size > LIMIT:
            size = f"the file holds {about.st_size / 1024:,.0f} kB; a narrative holds at most {LIMIT // 1024} kB"
            return _refused(name, "", top, "too-large", size)
        with path.open("rb") as file:
            data = file.read(LIMIT + 1)
    except (OSError, ValueError):
        return _refused(name, "", top, "unreadable", "the file cannot be read")
    return decoded(data, name)


def decoded(data: bytes, name: str) -> str | Reading[Any]:
    """Bytes as text, or a reading that says why not."""
    if len(data) > LIMIT:
        return _refused(
            name, "", Mark(1, 1), "too-large", f"a narrative holds at most {LIMIT // 1024} kB"
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as fault:
        mark = yaml_nodes.place(data[: fault.start].decode("utf-8"), fault.start)
        wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
        what = (
            "the file is in UTF-16" if wide else f"the byte 0x{data[fault.start]:02x} is not UTF-8"
        )
        return _refused(
            name,
            data.decode("utf-8", "backslashreplace"),
            mark,
            "not-utf-8",
            f"{what}; save the file as UTF-8",
        )


def _model(text: str, name: str, model: type[M]) -> tuple[Reading[M], Any]:
    """The text as a model, with the plain values behind it (None where there are none)."""
    if len(text) > LIMIT:
        return _refused(
            name, "", Mark(1, 1), "too-large", f"a narrative holds at most {LIMIT // 1024} kB"
        ), None
    text = text.removeprefix("\ufeff")
    source = Source(name, text)
    try:
        root, faults = yaml_nodes.read(text)
        if faults:
            return _reading(None, map(source.fault, faults[: MOST + 1]), source), None
        source = Source(name, text, root)
    except YamlFault as fault:
        return _reading(None, [source.fault(fault)], source), None
    if source.root is None:
        return _reading(None, [source.at(Mark(1, 1), "empty", "the file is empty")], source), None
    data, faults = yaml_nodes.collect(source.root)
    problems = [source.fault(fault) for fault in faults[: MOST + 1]]
    if not isinstance(data, dict):
        problems.append(
            source.at(Mark(1, 1), "not-a-mapping", "a file begins with keys, such as `schema: 1`")
        )
        return _reading(None, problems, source), None
    value, errors = _validate(model, data)
    findings = _meant(
        [_finding(error, data, model) for error in errors[: MOST + 1] if not _follows(error)]
    )
    findings += [f for f in _odd_values(data) if f.path not in {g.path for g in findings}]
    problems += [source.on(finding) for finding in findings]
    return _reading(value, problems, source), data


def _validate(model: type[M], data: dict[str, Any]) -> tuple[M | None, list[ErrorDetails]]:
    """The model, or what it refuses. Nothing is converted, but a date may stand in quotes."""
    for _ in range(2):
        try:
            return model.model_validate(_tuples(data), strict=True, context=FROM_FILE), []
        except ValidationError as fault:
            errors = fault.errors(include_url=False)
        unquoted = [
            e for e in errors if e["type"] == "date_type" and _unquote(data, _path(e["loc"]))
        ]
        if not unquoted:
            break
    return None, errors


def _unquote(data: Any, path: Path_) -> bool:
    """Puts a date in the place of a text that is one."""
    holder = _value(data, path[:-1])
    try:
        holder[path[-1]] = _as_date(holder[path[-1]])
    except (TypeError, ValueError, KeyError, IndexError):
        return False
    return True


def _as_date(value: object) -> date:
    if isinstance(value, str) and _DATE.fullmatch(value):
        return date.fromisoformat(value)
    raise ValueError("not a date")


def _tuples(data: Any) -> Any:
    """The same values with tuples for lists: what a frozen model takes without converting."""
    if isinstance(data, dict):
        return {key: _tuples(value) for key, value in data.items()}
    return tuple(map(_tuples, data)) if isinstance(data, list) else data


def _value(data: Any, path: Path_) -> Any:
    """What stands at a path; None where there is nothing."""
    for step in path:
        try:
            data = data[step] if isinstance(data, dict | list) else None  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def _path(loc: tuple[int | str, ...]) -> Path_:
    """An error's place in the text: without the kind that stands in it for the choice of a model."""
    if len(loc) > 2 and loc[0] == "tests" and loc[2] in KINDS:
        loc = (*loc[:2], *loc[3:])
    else:
        named = (i for i in range(1, len(loc)) if loc[i - 1] in ONE_TEST and loc[i] in KINDS)
        at = next(named, len(loc))
        loc = (*loc[:at], *loc[at + 1 :])
    return loc[:-1] if loc and loc[-1] == "[key]" else loc


def _odd_values(data: dict[str, Any]) -> Iterator[Finding]:
    """What a model lets pass and we do not: a date out of range, `true` for a number."""
    if isinstance(data.get("schema"), bool):
        yield Finding(
            ("schema",), "`schema` has to be a whole number, not true or false", code="wrong-type"
        )
    yield from _odd_dates(data, ())


def _odd_dates(data: Any, path: Path_) -> Iterator[Finding]:
    if isinstance(data, date) and not EARLIEST <= data <= LATEST:
        message = f"{shown(data)} lies outside {EARLIEST.year} to {LATEST.year}"
        yield Finding(path, message, code="date-out-of-range")
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from _odd_dates(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _odd_dates(value, (*path, index))


def _without_unknown_keys(data: Any, model: type[M]) -> M | None:
    """The model that is left when unknown keys are taken out: its rules can be held all the same."""
    if not isinstance(data, dict):
        return None
    _, errors = _validate(model, data)
    if any(error["type"] != "extra_forbidden" for error in errors):
        return None
    for error in errors:
        path = _path(error["loc"])
        holder = _value(data, path[:-1])
        if isinstance(holder, dict):
            holder.pop(path[-1], None)
    return _validate(model, data)[0]


def _sound_tests(data: Any, catalogue: Catalogue) -> Iterator[Finding]:
    """The rules of single tests, held for those that can be read in a narrative that cannot."""
    tests = data.get("tests") if isinstance(data, dict) else None
    for index, item in enumerate(tests if isinstance(tests, list) else []):
        try:
            test = _TEST.validate_python(_tuples(item), strict=True, context=FROM_FILE)
        except ValidationError:
            continue
        yield from lint.one_test(test, index, catalogue)


# -- what a model refuses, in our words ------------------------------------------------------------


def _where(path: Path_, data: Any) -> str:
    """Whose field it is ("test custody-falls: "), before a message about a field of one of many."""
    names = {
        "tests": "test",
        "cases": "case",
        "controls": "control",
        "said": "said",
        "legs": "leg",
        "marks": "mark",
        "figures": "figure",
    }
    if len(path) < 2 or path[0] not in names or not isinstance(path[1], int):
        return ""
    item = _value(data, path[:2])
    label = (item.get("id") or item.get("name")) if isinstance(item, dict) else None
    named = shown(label) if isinstance(label, str) else str(path[1] + 1)
    return f"{names[str(path[0])]} {named}: "


def _follows(error: ErrorDetails) -> bool:
    """Whether a list only counts as too short because what is in it was refused already."""
    given = error["input"]
    return (
        error["type"] == "too_short"
        and isinstance(given, tuple)
        and len(given) >= error["ctx"]["min_length"]
    )


def _meant(findings: list[Finding]) -> list[Finding]:
    """Without the missing keys that stand there after all, but misspelt."""
    misspelt = {(f.path[:-1], f.hint) for f in findings if f.code == "unknown-key"}
    return [
        f
        for f in findings
        if f.code != "missing-key"
        or (f.path, f.message.partition(" is missing")[0].rpartition(" ")[2]) not in misspelt
    ]


def _finding(error: ErrorDetails, data: Any, model: type[BaseModel]) -> Finding:
    """One thing that the model refused, as a finding."""
    loc = error["loc"]
    path = _path(loc)
    kind = error["type"]
    where = _where(path[:-1] if kind in ("missing", "extra_forbidden") else path, data)
    key = shown(path[-1]) if path and isinstance(path[-1], str) else "this"
    if kind == "missing":
        return Finding(path[:-1], f"{where}{key} is missing", at="key", code="missing-key")
    if kind == "extra_forbidden":
        known = _known_keys(model, loc)
        hint = nearest(path[-1], known)
        rest = "" if hint else f"; what may stand here is {listed((f'`{k}`' for k in known), 'or')}"
        return Finding(
            path, f"{where}there is no key {key}{rest}", hint, at="key", code="unknown-key"
        )
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return _no_kind(kind, path, data, where)
    if loc and loc[-1] == "[key]":
        return _bad_key(error, path, where, key)
    code, message, hint = _refusal(error, key, path)
    return Finding(path, f"{where}{message}", hint, code=code)


def _no_kind(kind: str, path: Path_, data: Any, where: str) -> Finding:
    every = f"the kinds are {listed(KINDS)}"
    if kind == "union_tag_not_found":
        return Finding(path, f"{where}`kind` is missing; {every}", at="key", code="missing-key")
    given = _value(data, (*path, "kind"))
    said = "`kind` is empty" if given is None else f"there is no kind of test {_told(given)}"
    return Finding(
        (*path, "kind"), f"{where}{said}; {every}", nearest(given, KINDS), code="unknown-kind"
    )


def _bad_key(error: ErrorDetails, path: Path_, where: str, key: str) -> Finding:
    choices = _choices(error)
    if choices:
        return Finding(
            path,
            f"{where}there is no key {key}; what may stand here is {listed(choices, 'or')}",
            nearest(path[-1], choices),
            at="key",
            code="unknown-key",
        )
    return Finding(path, f"{where}{key} {_shape(error)}", at="key", code="wrong-form")


def _choices(error: ErrorDetails) -> list[str]:
    """The words that a closed field takes."""
    if error["type"] != "literal_error":
        return []
    return re.findall(r"'([^']*)'", str(error.get("ctx", {}).get("expected", "")))


_PATTERNS = {
    "-": "is not an id; an id is made of small letters, digits and single hyphens, such as `custody-falls`",
    "\\.": "is not a series; a series is written with dots, such as `fed.custody.treasuries`",
    "day": "is not a span; write a whole number and days, weeks or months, such as `4 weeks`",
}


def _shape(error: ErrorDetails) -> str:
    """What a text that has to follow a pattern should look like."""
    pattern = str(error.get("ctx", {}).get("pattern", ""))
    for sign in ("day", "\\.", "-"):
        if sign in pattern.replace("[a-z", "").replace("[0-9", "").replace("[1-9", ""):
            return _PATTERNS[sign]
    return "is not written in the form that is needed here"


_WANTED = {
    "string_type": "a text",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "date_type": "a date such as 2025-04-02",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "keys and values",
    "mapping_type": "keys and values",
    "model_type": "keys and values",
    "model_attributes_type": "keys and values",
}


def _refusal(error: ErrorDetails, key: str, path: Path_) -> tuple[str, str, str]:
    """Code, message and hint for a value that is refused."""
    kind, given, about = error["type"], error["input"], error.get("ctx", {})
    if kind in _WANTED:
        return "wrong-type", _wrong_type(kind, given, key), ""
    if kind == "literal_error":
        choices = _choices(error)
        if choices:
            return (
                "wrong-word",
                f"{key} has to be {listed(choices, 'or')}, not {_told(given)}",
                nearest(given, choices),
            )
        return "wrong-word", f"{key} has to be {about.get('expected')}, not {_told(given)}", ""
    if kind == "string_pattern_mismatch":
        what = shown(given) if isinstance(given, str) else key
        return "wrong-form", f"{what} {_shape(error)}", ""
    size = {
        "string_too_short": f"{key} is too short: at least {about.get('min_length')} characters",
        "string_too_long": f"{key} is too long: at most {about.get('max_length')} characters",
        "too_short": f"{key} needs at least {about.get('min_length')}",
        "too_long": f"{key} holds too many: at most {about.get('max_length')}",
        "greater_than_equal": f"{key} has to be at least {about.get('ge')}",
        "less_than_equal": f"{key} has to be at most {about.get('le')}",
    }.get(kind)
    if size:
        return "wrong-size", size, ""
    if kind == "value_error":
        return (
            "wrong-value",
            f"{key if path and isinstance(path[-1], str) else 'this'}: {about.get('error')}",
            "",
        )
    return "wrong-value", f"{key} is not as it should be", ""


def _told(given: object) -> str:
    """A wrong value in words."""
    if given is None:
        return "empty"
    if isinstance(given, dict):
        return "keys and values"
    if isinstance(given, Sequence) and not isinstance(given, str):
        return "a list"
    return shown(str(given).lower() if isinstance(given, bool) else given)


def _wrong_type(kind: str, given: object, key: str) -> str:
    wanted = _WANTED[kind]
    if given is None:
        return f"{key} is empty; it has to be {wanted}"
    if kind == "string_type" and isinstance(given, bool | int | float | date):
        return f"{key} has to be a text; put quotes around {_told(given)}"
    if (
        kind == "bool_type"
        and isinstance(given, str)
        and given.lower() in ("yes", "no", "on", "off", "true", "false", "y", "n")
    ):
        meant = "true" if given.lower() in ("yes", "on", "true", "y") else "false"
        return f"{key} has to be true or false; {shown(given)} is a text here, write {meant}"
    if kind == "date_type" and isinstance(given, str):
        if _DATE.fullmatch(given):
            return f"{key}: {shown(given)} is not a day of the calendar"
        if _NEARLY_DATE.fullmatch(given):
            return f"{key}: write the date {shown(given)} as year-month-day, such as 2025-04-02"
    if kind == "int_type" and isinstance(given, str) and given.strip().isdecimal():
        return (
            f"{key}: {shown(given)} is too large a number"
            if len(given) > 18
            else f"{key}: take the quotes off {shown(given)}"
        )
    if wanted == "a list" and isinstance(given, str):
        return f"{key} has to be a list; put `[ ]` around {shown(given)} or begin a line with `- `"
    return f"{key} has to be {wanted}, not {_told(given)}"


def _known_keys(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """The keys that the model has at the place of an unknown one."""
    current: type[BaseModel] | None = model
    by_name = False  # whether the next step is a name that the file itself gives
    for step in loc[:-1]:
        if isinstance(step, int) or current is None or by_name:
            by_name = False
            continue
        if step in KINDS and current is TestBase:
            current = KINDS[step].model
            continue
        field = next((f for n, f in current.model_fields.items() if (f.alias or n) == step), None)
        current = _inner(field.annotation) if field is not None else None
        by_name = field is not None and get_origin(field.annotation) is Mapping
    if current is None:
        return []
    return [field.alias or name for name, field in current.model_fields.items()]


def _inner(annotation: Any) -> type[BaseModel] | None:
    """The model inside an annotation; `TestBase` stands for a choice of tests."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return TestBase if issubclass(annotation, TestBase) else annotation
    return next(
        (found for part in get_args(annotation) if (found := _inner(part)) is not None), None
    )
