"""Broken YAML in plain words, at the line where it can be mended, by the quick loader and the slow one."""

import time

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence import yaml_nodes
from evidence.yaml_faults import Mark, YamlFault

LOADERS = {"quick": yaml_nodes._Loader, "slow": yaml.SafeLoader}
NEXT_QUOTE = (
    "is closed only on line {}, by the next quote that stands there; close it where it ends"
)
NONE_ABOVE = "this line is indented like none of those above it; indent it by "


@pytest.fixture(params=LOADERS, autouse=True)
def loader(request, monkeypatch):
    monkeypatch.setattr(yaml_nodes, "_Loader", LOADERS[request.param])


def fault(text):
    with pytest.raises(YamlFault) as caught:
        yaml_nodes.read(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "line", "column", "told"),
    [
        # quotes
        ('id: a\ntitle: "They sold\nclaim: x\n', 2, 8, "opens here and is never closed"),
        ("id: a\ntitle: 'They sold\nclaim: x\n", 2, 8, "opens here and is never closed"),
        ('id: a\ntitle: "They sold\nclaim: "x y"\n', 2, 8, NEXT_QUOTE.format(3)),
        ('id: a\ntitle: "They sold\nclaim: "x: y"\n', 2, 8, NEXT_QUOTE.format(3)),
        ("id: a\ntitle: 'They sold\nb: c\nclaim: the fund's x\n", 2, 8, NEXT_QUOTE.format(4)),
        ('said:\n  - {who: "They, where: x}\nb: 1\nc: "d"\n', 2, 11, NEXT_QUOTE.format(4)),
        ('said:\n  - {who: "They, where: x}\nb: 1\n', 2, 11, "opens here and is never closed"),
        ("id: a\ntitle: 'the fund's x'\nc: d\n", 2, 18, "a quoted text ends before this"),
        ('id: a\ntitle: "x" y\nc: d\n', 2, 12, "a quoted text ends before this"),
        # indents
        ("tests:\n  - id: a\n    kind: b\n     role: c\n", 4, 6, "which has its value already; indent it by 4 spaces"),
        ("id: a\n title: b\nclaim: c\n", 2, 2, "which has its value already; begin it at the left edge"),
        ("tests:\n  - id: a\n    kind: b\n   role: c\n", 4, 4, f"{NONE_ABOVE}2 spaces or 4 spaces"),
        ("id: a\nsaid:\n  who: b\n title: b\n", 4, 2, f"{NONE_ABOVE}no space or 2 spaces"),
        ("a:\n  b:\n    c: 1\n\n  # a comment\n   d: 2\n", 6, 4, f"{NONE_ABOVE}2 spaces or 4 spaces"),
        ("tests:\n  - id: a\n - id: b\n", 3, 2, f"{NONE_ABOVE}no space or 2 spaces"),
        ("tests:\n  - id: a\n    k: 1\n    - id: b\n", 4, 5, "a list item cannot stand among keys; indent it by 2 spaces"),
        ("tests:\n  - id: a\n  kind: b\n", 3, 3, "begin its next item with `- `, or indent it by 4 spaces"),
        ("# a comment\n id: a\ntitle: b\n", 2, 2, "begin it at the left edge"),
        ("why: >-\nForeign banks.\n  More.\nid: a\n", 2, 1, "belongs to the line above it"),
        ("why: >-\n  Foreign banks\n More here.\nid: a\n", 3, 2, NONE_ABOVE),
        # the rest
        ("id: a\ntitle b\nclaim: c\n", 2, 1, "neither a key with a colon nor a list item"),
        ("id: a\ntitle:b\nclaim: c\n", 2, 1, "a space has to follow the colon"),
        ("id: a\nclaim: They sold: a lot\n", 2, 17, "a colon and a space stand inside a text"),
        ("claim: a b\n  c d: e\nid: f\n", 2, 6, "a colon and a space stand inside a text"),
        ("id: a\nrivals: [a, b\nc: d\n", 2, 9, "a bracket is not closed, or a comma is missing (seen on line 3)"),
    ],
)  # fmt: skip
def test_what_is_wrong_stands_where_it_began(text, line, column, told):
    found = fault(text)
    assert (found.code, found.mark) == ("syntax", Mark(line, column))
    assert told in found.message


PIECES = ["a: ", "b:\n", "\n", "  ", " ", "- ", '"', "'", "x", "[", "]", "{", "}", ",", ">-\n", "#", ":", "\t", "---\n", "? ", "&a", "*a", "@", "\\"]  # fmt: skip


def told(text):
    """What is wrong with a text; None where nothing is."""
    try:
        yaml_nodes.compose(text)
    except YamlFault as found:
        return found
    return None


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_any_text_is_read_or_told_at_one_of_its_lines(text):
    found = told(text)
    if found is not None:
        assert 1 <= found.mark.line <= len(text.split("\n"))
        assert found.mark.column >= 1
        assert found.message


def test_a_long_text_is_told_as_quickly():
    for end in ('title: "x" y\n', "  a: b\n   c: d\n", 'b: "x\nc: "y"\n'):
        begin = time.process_time()
        fault("- a: 1\n" * 1000 + "b:\n" + end)
        assert time.process_time() - begin < 2
