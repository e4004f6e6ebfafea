"""YAML as nodes that know their line and column, read safely.

PyYAML as it comes reads `NO` as False, drops duplicate keys in silence and expands aliases without
bound. Here a document is composed to nodes (nothing is constructed, so nothing can be executed) and
turned into plain dicts, lists and scalars by rules of our own: duplicate keys, merge keys, tags,
anchors and aliases are refused, and only `true` and `false` are booleans.
"""

import math
import re
from collections.abc import Iterable, Iterator
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


def read(text: str) -> tuple[yaml.Node | None, list[YamlFault]]:
    """A document as a tree of nodes (None where it is empty), and what may not be in it, in one pass.

    Anchors, aliases and tags are returned, all of them; nothing is expanded or constructed. Raises YamlFault
    for what ends the reading: a character that no text holds, broken syntax, a second document, deep nesting,
    too many values.
    """
    odd = _ODD.search(text)
    if odd is not None:
        sign = f"U+{ord(odd[0]):04X}"
        raise YamlFault(
            "character",
            f"the character {sign} does not print and may not stand here",
            place(text, odd.start()),
        )
    try:
        return _composed(yaml.parse(text, Loader=_Loader))
    except yaml.MarkedYAMLError as fault:
        raise syntax(text, fault, _Loader) from None
    except yaml.YAMLError:
        raise YamlFault("syntax", "this cannot be read as YAML", Mark(1, 1)) from None


def _composed(events: Iterable[Any]) -> tuple[yaml.Node | None, list[YamlFault]]:
    """Events as nodes. PyYAML's own composer works out a tag for each node, which nobody reads here."""
    root: yaml.Node | None = None
    faults: list[YamlFault] = []
    around: list[yaml.CollectionNode] = []
    documents = values = 0
    for event in events:
        kind = type(event)
        if kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            done = around.pop()
            done.end_mark = event.end_mark
            if kind is yaml.MappingEndEvent:
                done.value = list(zip(done.value[::2], done.value[1::2], strict=True))
            continue
        if kind is yaml.DocumentStartEvent:
            documents += 1
            if documents > 1:
                said = "a file holds one document; take out what begins with `---`"
                raise YamlFault("one-document", said, mark(event.start_mark))
        if not isinstance(event, yaml.NodeEvent):
            continue
        values += 1
        if values > MAX_VALUES:
            said = f"a file holds at most {MAX_VALUES:,} keys and values"
            raise YamlFault("too-many-values", said, mark(event.start_mark))
        if event.anchor or getattr(event, "tag", None):
            faults += _refused(event)
        node = _node(event)
        if around:
            around[-1].value.append(node)
        else:
            root = node
        if isinstance(node, yaml.CollectionNode):
            around.append(node)
            if len(around) > MAX_DEPTH:
                said = f"nested deeper than {MAX_DEPTH} levels"
                raise YamlFault("too-deep", said, mark(event.start_mark))
    return root, faults


def _node(event: Any) -> yaml.Node:
    """The node that an event begins, with no tag; of an alias, which is refused, one without a text."""
    start, end = event.start_mark, event.end_mark
    kind = type(event)
    if kind is yaml.ScalarEvent:
        return yaml.ScalarNode("", event.value, start, end, event.style)
    if kind is yaml.AliasEvent:
        return yaml.ScalarNode("", "", start, end)
    made = yaml.MappingNode if kind is yaml.MappingStartEvent else yaml.SequenceNode
    return made("", [], start, end)


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


def compose(text: str) -> yaml.Node | None:
    """What `read` gives. Raises YamlFault for the first thing that is wrong."""
    node, faults = read(text)
    for fault in faults:
        raise fault
    return node


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
