"""YAML as nodes: what is read as what, what is refused, and where."""

from datetime import date

import pytest
import yaml

from evidence import yaml_nodes
from evidence.yaml_faults import Mark, YamlFault


def fault(text):
    with pytest.raises(YamlFault) as caught:
        yaml_nodes.load_trusted(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NO", "NO"), ("yes", "yes"), ("on", "on"), ("True", "True"), ("true", True), ("false", False),
        ("null", None), ("~", None), ("", None), ("Null", "Null"),
        ("12", 12), ("-3", -3), ("+3", 3), ("0", 0), ("007", "007"), ("0x1f", "0x1f"), ("1_000", "1_000"),
        ("123456789012345678", 123456789012345678), ("1234567890123456789", "1234567890123456789"),
        ("1.5", 1.5), ("1e3", 1000.0), ("1e999", "1e999"), (".5", ".5"), (".nan", ".nan"), (".inf", ".inf"),
        ("2025-04-02", date(2025, 4, 2)), ("2025-13-45", "2025-13-45"), ("2025-4-2", "2025-4-2"), ("0000-01-01", "0000-01-01"),
        ("2025-04-02 10:00:00", "2025-04-02 10:00:00"), ("1:30", "1:30"), ("٢٠٢٥-٠٤-٠٢", "٢٠٢٥-٠٤-٠٢"), ("١٢", "١٢"),
        ("'2025-04-02'", "2025-04-02"), ('"12"', "12"), ("'true'", "true"), ("|\n  12", "12"), (">\n  a\n  b", "a b"),
        ("=", "="), ("[a, 1, true]", ["a", 1, True]), ("{a: {b: [1]}}", {"a": {"b": [1]}}),
    ],
)  # fmt: skip
def test_scalars(text, value):
    found = yaml_nodes.load_trusted(f"key: {text}")["key"]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("text", ["", "# only a comment", "\n\n", "---", "--- ~"])
def test_nothing(text):
    assert yaml_nodes.load_trusted(text) is None


def test_keys_are_texts():
    assert yaml_nodes.load_trusted("1: a\ntrue: b\n2025-04-02: c\nnull: d\n'<<': e") == {
        "1": "a", "true": "b", "2025-04-02": "c", "null": "d", "<<": "e",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("a: 1\nb: 2\na: 3\n", "duplicate-key", 3, 1),
        ("a: 1\nb: {c: 1, d: 2, c: 3}\n", "duplicate-key", 2, 17),
        ("a: {1: x, '1': y}", "duplicate-key", 1, 11),
        ("a: &x 1\n", "alias", 1, 4),
        ("a: *x\n", "alias", 1, 4),
        ("a: {<<: {b: 1}}", "merge-key", 1, 5),
        ("[a]: 1", "key", 1, 1),
        ("? {a: 1}\n: 2", "key", 1, 3),
        ("a: !!python/object:os.system x", "tag", 1, 4),
        ("a: !!str 5", "tag", 1, 4),
        ("a: !mine 5", "tag", 1, 4),
        ("!!map {a: 1}", "tag", 1, 1),
        ("a: !!binary aGk=", "tag", 1, 4),
        ("a: 1\n---\nb: 2\n", "one-document", 2, 1),
        ("a:\n\tb: 1\n", "tab", 2, 1),
        ("a: \t@b", "syntax", 1, 5),
        ("a: 'open\nb: 1\n", "syntax", 1, 4),
        ("a: [1, 2\nb: 1\n", "syntax", 1, 4),
        ("a: b: c", "syntax", 1, 5),
        ("a: `b`", "syntax", 1, 4),
        ('a: "\\q"', "syntax", 1, 5),
        ('a: "\\ud800"', "syntax", 1, 7),
        ('a: "x\\0"', "character", 1, 4),
        ('"\\e": x', "character", 1, 1),
        ("a: b\n c: d", "syntax", 2, 2),
        ("a: x\x00y", "character", 1, 5),
        ("a: b\nc: \x1b[31m", "character", 2, 4),
        ("a: \ud800", "character", 1, 4),
        ("a: b\u2028c", "character", 1, 5),
        ("a: b\u202ec", "character", 1, 5),
        ("a: b\u200bc", "character", 1, 5),
    ],
)
def test_refused(text, code, line, column):
    found = fault(text)
    assert (found.code, found.mark) == (code, Mark(line, column))
    assert found.message


def test_all_that_is_refused_is_returned():
    assert [f.mark.line for f in yaml_nodes.read("a: &x 1\nb: *x\nc: !t 2\nd: *x\n")[1]] == [
        1,
        2,
        3,
        4,
    ]
    _, faults = yaml_nodes.collect(
        yaml_nodes.read("a: 1\na: 2\nb: {c: 1, c: 2}\n<<: 3\n[x]: 4\na: 5\n")[0]
    )
    assert [(f.code, f.mark.line) for f in faults] == [
        ("duplicate-key", 2), ("duplicate-key", 3), ("merge-key", 4), ("key", 5), ("duplicate-key", 6),
    ]  # fmt: skip


def test_of_duplicates_the_first_stands():
    value, _ = yaml_nodes.collect(yaml_nodes.read("a: 1\na: 2\n")[0])
    assert value == {"a": 1}


def test_depth_and_number_are_bounded():
    assert fault("[" * 41 + "]" * 41).code == "too-deep"
    assert yaml_nodes.load_trusted("[" * 40 + "]" * 40)
    assert fault("- a\n" * (yaml_nodes.MAX_VALUES + 1)).code == "too-many-values"


def test_an_alias_bomb_is_not_built():
    bomb = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)}, *{chr(97 + i)}]\n" for i in range(20)
    )
    faults = yaml_nodes.read(bomb)[1]
    assert {f.code for f in faults} == {"alias"}
    assert len(faults) == 61


def test_the_slow_loader_reads_the_same(monkeypatch):
    text = "a: [1, {b: NO}]\nc: 2025-04-02\n"
    quick = yaml_nodes.load_trusted(text)
    monkeypatch.setattr(yaml_nodes, "_Loader", yaml.SafeLoader)
    assert yaml_nodes.load_trusted(text) == quick
    for broken in (
        "a: 'open",
        "a: [1",
        "a: b: c",
        "a:\n\tb: 1",
        "a: &x 1",
        '"\\ud800"',
        "a: @b",
        "%FOO",
        "\x85",
    ):
        with pytest.raises(YamlFault):
            yaml_nodes.load_trusted(broken)


def test_locate_goes_as_far_as_the_path():
    root = yaml_nodes.compose("a:\n  - b: 1\n    c: {d: 2}\n")
    key, value = yaml_nodes.locate(root, ("a", 0, "c", "d"))
    assert (key.value, value.value, value.start_mark.line) == ("d", "2", 2)
    key, value = yaml_nodes.locate(root, ("a", 0, "missing", "deeper"))
    assert value.start_mark.line == 1
    assert yaml_nodes.locate(root, ("nothing",)) == (None, root)
    assert yaml_nodes.locate(None, ("a",)) == (None, None)
    assert yaml_nodes.locate(root, ("a", 7))[0].value == "a"
    assert yaml_nodes.locate(root, ("a", "b"))[0].value == "a"
