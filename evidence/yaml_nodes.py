"""YAML as nodes that know their line and column, read safely.

PyYAML as it comes reads `NO` as False, drops duplicate keys in silence and expands aliases without
bound. Here a document is composed to nodes (nothing is constructed, so nothing can be executed) and
turned into plain dicts, lists and scalars by rules of our own: duplicate keys, merge keys, tags,
anchors and aliases are refused, and only `true` and `false` are booleans.
"""

import math
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import yaml

from evidence.yaml_faults import Mark, YamlFault, mark, split, syntax

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # a PyYAML built without libyaml: slower, the same nodes
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

_INT = re.compile(r"^[-+]?(0|[1-9][0-9]{0,17})$")
_FLOAT = re.compile(r"^[-+]?([0-9]{1,17}\.[0-9]{1,17}|[0-9]{1,17}\.?[eE][-+]?[0-9]{1,3})$")
_DATE = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
_ODD = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u200a\u200c-\u200d\u2010-\u2027\u202f-\u205f\u2061-\u2065\u206a-\ud7ff"
    "\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
"""What no text of ours holds: control characters, surrogates, and signs that turn or hide text."""
MAX_DEPTH = 40
MAX_VALUES = 40_000


def check(text: str) -> list[YamlFault]:
    """Streams through a document, before anything is built, and returns what may not be in it.

    Anchors, aliases and tags are returned, all of them. Raises YamlFault for what ends the reading:
    a character that no text holds, broken syntax, a second document, deep nesting, too many values.
    """
    odd = _ODD.search(text)
    if odd is not None:
        sign = f"U+{ord(odd[0]):04X}"
        raise YamlFault(
            "character",
            f"the character {sign} does not print and may not stand here",
            place(text, odd.start()),
        )
    faults: list[YamlFault] = []
    depth = documents = values = 0
    try:
        for event in yaml.parse(text, Loader=_Loader):
            documents += isinstance(event, yaml.DocumentStartEvent)
            values += isinstance(event, yaml.NodeEvent)
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(
                event, yaml.CollectionEndEvent
            )
            _bounds(event, documents, values, depth)
            faults += _refused(event)
    except yaml.MarkedYAMLError as fault:
        raise syntax(text, fault, _Loader) from None
    except yaml.YAMLError:
        raise YamlFault("syntax", "this cannot be read as YAML", Mark(1, 1)) from None
    return faults


def _bounds(event: Any, documents: int, values: int, depth: int) -> None:
    """Raises YamlFault where a document goes beyond what is read."""
    if documents > 1:
        raise YamlFault(
            "one-document",
            "a file holds one document; take out what begins with `---`",
            mark(event.start_mark),
        )
    if values > MAX_VALUES:
        raise YamlFault(
            "too-many-values",
            f"a file holds at most {MAX_VALUES:,} keys and values",
            mark(event.start_mark),
        )
    if depth > MAX_DEPTH:
        raise YamlFault(
            "too-deep", f"nested deeper than {MAX_DEPTH} levels", mark(event.start_mark)
        )


def _refused(event: Any) -> Iterator[YamlFault]:
    """What an event holds that may not be written, though it is YAML."""
    anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
    if anchor:
        what = (
            f"alias `*{_cut(anchor)}`"
            if isinstance(event, yaml.AliasEvent)
            else f"anchor `&{_cut(anchor)}`"
        )
        yield YamlFault(
            "alias", f"the {what} is not allowed; write the value out", mark(event.start_mark)
        )
    if tag:
        short = _cut(tag.replace("tag:yaml.org,2002:", "!!"))
        yield YamlFault(
            "tag",
            f"the tag `{short}` is not allowed; write the value without it",
            mark(event.start_mark),
        )


def _cut(name: str) -> str:
    """A name from a file, short enough for a message."""
    return name if len(name) <= 60 else name[:59] + "…"


def printable(text: str) -> str:
    """The text without the characters that no file of ours may hold."""
    return _ODD.sub("", text)


def place(text: str, index: int) -> Mark:
    """The line and column of a character."""
    lines = split(text[:index])
    return Mark(len(lines), len(lines[-1]) + 1)


def build(text: str) -> yaml.Node | None:
    """The document as a tree of nodes, or None where it is empty; only for a text that `check` let pass."""
    try:
        node: yaml.Node | None = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as fault:
        raise syntax(text, fault, _Loader) from None
    return node


def compose(text: str) -> yaml.Node | None:
    """`check`, then `build`. Raises YamlFault for the first thing that is wrong."""
    for fault in check(text):
        raise fault
    return build(text)


def scalar(node: yaml.ScalarNode) -> object:
    """The value of a scalar: a quoted text stays text; plain ones may be a number, date, true/false, null."""
    text = node.value
    if node.style in ("'", '"', "|", ">"):
        return text
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if _INT.match(text):
        return int(text)
    if _FLOAT.match(text):
        number = float(text)
        return number if math.isfinite(number) else text
    if _DATE.match(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text


def plain(node: yaml.Node | None) -> Any:
    """Nodes to dicts, lists and scalars. Raises YamlFault for a duplicate, merge or non-text key."""
    value, faults = collect(node)
    for fault in faults:
        raise fault
    return value


def collect(node: yaml.Node | None) -> tuple[Any, list[YamlFault]]:
    """Nodes to dicts, lists and scalars, with every key that is refused. Of duplicates the first stands."""
    faults: list[YamlFault] = []
    return _collect(node, faults), faults


def _collect(node: yaml.Node | None, faults: list[YamlFault]) -> Any:
    if isinstance(node, yaml.ScalarNode):
        _escapes(node, faults)
        return scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return [_collect(child, faults) for child in node.value]
    if not isinstance(node, yaml.MappingNode):
        return None
    result: dict[str, Any] = {}
    lines: dict[str, int] = {}
    for key, child in node.value:
        value = _collect(child, faults)
        at = mark(key.start_mark)
        if not isinstance(key, yaml.ScalarNode):
            faults.append(YamlFault("key", "a key has to be a word", at))
        elif _escapes(key, faults):
            continue
        elif key.value == "<<" and key.style not in ("'", '"'):
            faults.append(
                YamlFault("merge-key", "merge keys are not allowed; write the values out", at)
            )
        elif key.value in result:
            said = (
                f"the key `{_cut(key.value)}` stands twice; the first is on line {lines[key.value]}"
            )
            faults.append(YamlFault("duplicate-key", said, at))
        else:
            result[key.value] = value
            lines[key.value] = at.line
    return result


def _escapes(node: yaml.ScalarNode, faults: list[YamlFault]) -> bool:
    """Whether a text in double quotes names, by an escape, a character that may not stand in a file."""
    odd = _ODD.search(node.value) if node.style == '"' else None
    if odd is not None:
        faults.append(
            YamlFault(
                "character",
                f"the escape for U+{ord(odd[0]):04X} may not stand here",
                mark(node.start_mark),
            )
        )
    return odd is not None


def locate(
    node: yaml.Node | None, path: tuple[str | int, ...]
) -> tuple[yaml.Node | None, yaml.Node | None]:
    """The key node and the value node at the end of `path`, as far as the path exists."""
    key_node: yaml.Node | None = None
    current = node
    for step in path:
        if isinstance(current, yaml.MappingNode):
            hit = next(
                ((k, v) for k, v in current.value if getattr(k, "value", None) == step), None
            )
            if hit is None:
                break
            key_node, current = hit
        elif (
            isinstance(current, yaml.SequenceNode)
            and isinstance(step, int)
            and step < len(current.value)
        ):
            key_node = current = current.value[step]
        else:
            break
    return key_node, current


def load_trusted(text: str) -> Any:
    """A document of the project's own (catalogue, settings), by the same rules; a fault raises."""
    return plain(compose(text))
