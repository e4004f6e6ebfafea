"""Reading narratives: every problem at once, in our own words, at its place; never an exception."""

import difflib
import gc
import os
import re
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence import lint, reading
from evidence.catalogue import read as read_catalogue
from evidence.problems import Problem, nearest, shown, snippet, visible
from evidence.reading import read_controls, read_event, read_narrative, read_text

HERE = Path(__file__).parent / "fixtures" / "narratives"
CATALOGUE = read_catalogue(HERE / "catalogue")
GOOD = sorted(HERE.glob("*.good.yaml"))
BAD = sorted(HERE.glob("*.bad.yaml"))
STORY = (HERE / "story.good.yaml").read_text("utf-8")
JARGON = re.compile(
    r"pydantic|traceback|exception|input should|validation|validator|type=|NoneType|ErrorDetails|<class|object at 0x|ScalarNode|tag:yaml"
    r"|while (parsing|scanning)|did not find|BaseModel|tuple|\bdict\b|\bstr\b|\bint\b|\bbool\b|literal|union|regex|pattern",
    re.IGNORECASE,
)  # fmt: skip


def read(text, name="story.yaml"):
    return read_text(text, name, CATALOGUE)


def on_disk(path, folder):
    """A fixture under the name that its id asks for."""
    target = folder / f"{path.name.partition('.')[0]}.yaml"
    target.write_bytes(path.read_bytes())
    return read_narrative(target, CATALOGUE, target.name)


def heads(found):
    """Every problem's first line without the file: `line:col: code: message (did you mean …?)`."""
    return [problem.text().splitlines()[0].partition(":")[2] for problem in found.problems]


def codes(found):
    return [problem.code for problem in found.problems]


def sound(found):
    """What holds for every reading, whatever was read."""
    assert (found.value is None) == any(p.severity == "error" for p in found.problems)
    assert len(found.problems) <= reading.MOST + 1
    for problem in found.problems:
        assert problem.line >= 1
        assert problem.column >= 1
        assert not JARGON.search(re.sub(r"`[^`]*`", "", f"{problem.message} {problem.hint}")), (
            problem.message
        )
        text = problem.text()
        assert len(text) < 1500
        assert all(line.isprintable() for line in text.split("\n"))
        assert len(text.split("\n")) in (1, 3)
    return found


# -- pairs of good and bad --------------------------------------------------------------------------


@pytest.mark.parametrize("path", GOOD, ids=lambda p: p.name)
def test_good(path, tmp_path):
    found = sound(on_disk(path, tmp_path))
    assert heads(found) == []
    assert found.narrative.id == path.name.partition(".")[0]


@pytest.mark.parametrize("path", BAD, ids=lambda p: p.name)
def test_bad(path, tmp_path):
    lines = path.read_text("utf-8").splitlines()
    expected = [line[2:] for line in lines if re.match(r"# \d+:\d+: ", line)]
    assert expected
    found = sound(on_disk(path, tmp_path))
    told = heads(found)
    # an ellipsis stands for what grows with every new kind or field
    for head, line in zip(told, expected, strict=True):
        assert re.fullmatch(re.escape(line).replace("…", ".+"), head), told
    assert (found.narrative is None) == any(": warning: " not in line for line in expected)
    for problem in found.problems:
        where = [line for line in problem.snippet.split("\n") if line]
        assert len(where) == 2
        assert where[0].strip(" …") in visible(lines[problem.line - 1])
        assert where[1].strip("^ ") == ""


@pytest.mark.parametrize("path", BAD, ids=lambda p: p.name)
def test_a_bad_one_differs_from_its_good_one_only_in_the_fault(path):
    def body(file):
        return [line for line in file.read_text("utf-8").splitlines() if not line.startswith("# ")]

    good, bad = body(HERE / f"{path.name.partition('.')[0]}.good.yaml"), body(path)
    changed = sum(step[0] in "+-" for step in difflib.ndiff(good, bad))
    assert 1 <= changed <= 13


def test_enough_kinds_of_broken_narrative():
    assert len(BAD) >= 80


def test_every_rule_refuses_something():
    told = {
        line.split(": ")[1]
        for path in BAD
        for line in path.read_text("utf-8").splitlines()
        if re.match(r"# \d+:\d+: ", line)
    }
    assert {*lint.RULES.test, *lint.RULES.series, *lint.RULES.narrative} <= told


def test_every_rule_says_what_it_is_for():
    rules = lint.RULES
    for rule in [
        *rules.test.values(),
        *rules.series.values(),
        *rules.narrative.values(),
        *rules.library.values(),
    ]:
        assert rule.__doc__


# -- files that are none ----------------------------------------------------------------------------


def one(found, code, line, part):
    """The only problem, by code and line, with a part of its message."""
    sound(found)
    assert [(p.code, p.line) for p in found.problems] == [(code, line)]
    assert part in found.problems[0].message
    assert found.narrative is None
    return found.problems[0]


@pytest.mark.parametrize(
    ("data", "code", "line", "part"),
    [
        (b"", "empty", 1, "the file is empty"),
        (b"# nothing\n\n# but comments\n", "empty", 1, "the file is empty"),
        (b"\n\n   \n", "empty", 1, "the file is empty"),
        (b"---\n", "not-a-mapping", 1, "begins with keys"),
        (b"- a\n- b\n", "not-a-mapping", 1, "begins with keys"),
        (b"just a text\n", "not-a-mapping", 1, "begins with keys"),
        (b"schema: 1\ntitle: caf\xe9\n", "not-utf-8", 2, "0xe9 is not UTF-8"),
        (b"schema: 1\nid: \xed\xa0\x80\n", "not-utf-8", 2, "save the file as UTF-8"),
        ("schema: 1\n".encode("utf-16"), "not-utf-8", 1, "UTF-16"),
        (b"schema: 1\nid: a\x00b\n", "character", 2, "U+0000"),
        (b"\x89PNG\r\n\x1a\n\x00", "not-utf-8", 1, "0x89"),
        (b"schema: 1\n\tid: a\n", "tab", 2, "not with a tab"),
        (b"[" * 5000, "too-deep", 1, "deeper than 40 levels"),
        (b"a: " * 5000, "syntax", 1, "put quotes"),
        (b"{" * 45 + b"}" * 45, "too-deep", 1, ""),
        (b"- " * 5000, "too-deep", 1, "deeper than 40 levels"),
        (b"? " * 5000, "too-deep", 1, "deeper than 40 levels"),
        (b"rivals: [" + b"a," * 60_000 + b"]", "too-many-values", 1, "40,000"),
        (b"%YAML 9.9\n---\na: 1\n", "syntax", 1, "cannot be read as YAML"),
        (b"a" * 200_000, "not-a-mapping", 1, ""),
        (b"%", "syntax", 1, ""),
    ],
)  # fmt: skip
def test_not_a_narrative(tmp_path, data, code, line, part):
    path = tmp_path / "story.yaml"
    path.write_bytes(data)
    one(read_narrative(path, CATALOGUE, "story.yaml"), code, line, part)


def test_a_file_of_ten_megabytes_is_not_read(tmp_path, monkeypatch):
    path = tmp_path / "story.yaml"
    with path.open("wb") as file:
        file.truncate(10 * 1024 * 1024)
    monkeypatch.setattr(Path, "open", lambda *_, **__: pytest.fail("it was opened"))
    one(
        read_narrative(path, CATALOGUE, "story.yaml"),
        "too-large",
        1,
        "10,240 kB; a narrative holds at most 256 kB",
    )


def test_a_text_that_is_too_large():
    one(read("#" * (reading.LIMIT + 1)), "too-large", 1, "at most 256 kB")


def test_no_file(tmp_path):
    one(
        read_narrative(tmp_path / "none.yaml", CATALOGUE, "none.yaml"),
        "unreadable",
        1,
        "cannot be read",
    )
    one(read_narrative(tmp_path, CATALOGUE, "folder"), "unreadable", 1, "not a file")
    one(read_narrative(tmp_path / "a\x00b", CATALOGUE, "odd"), "unreadable", 1, "cannot be read")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no pipes among its files")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.yaml")
    one(
        read_narrative(tmp_path / "pipe.yaml", CATALOGUE, "pipe.yaml"),
        "unreadable",
        1,
        "not a file",
    )


def test_an_alias_bomb():
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True):
        bomb += f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    began = time.perf_counter()
    found = sound(read(bomb))
    assert time.perf_counter() - began < 1
    assert set(codes(found)) == {"alias"}


def test_a_lone_surrogate():
    one(read(STORY.replace("title: Foreign", "title: \ud800")), "character", 4, "U+D800")


def test_line_ends_and_byte_order_mark(tmp_path):
    for text in (
        STORY.replace("\n", "\r\n"),
        "\ufeff" + STORY,
        STORY.rstrip("\n"),
        STORY.replace("\n", "\n\n"),
    ):
        path = tmp_path / "story.yaml"
        path.write_bytes(text.encode())
        assert heads(sound(read_narrative(path, CATALOGUE))) == []
    crlf = sound(read(STORY.replace("\n", "\r\n").replace("status: live", "status: life")))
    assert [(p.line, p.column) for p in crlf.problems] == [(6, 9)]
    bom = sound(read("\ufeffschema: 2\n"))
    assert bom.problems[0].column in (1, 9)


def test_json_is_yaml_too():
    import json

    from evidence.yaml_nodes import load_trusted

    assert heads(sound(read(json.dumps(load_trusted(STORY), default=str)))) == []


# -- all at once, at the right place ----------------------------------------------------------------


def test_problems_of_every_layer_at_once():
    text = STORY.replace("status: live", "status: life").replace(
        "tic.official.notes", "tic.oficial.notes"
    )
    text = (
        text.replace("at_least: 2 %", "at_least: 20 bp")
        .replace("    role: smoking_gun\n", "")
        .replace("was:", "were:")
    )
    text = text.replace("on: 2025-04-11", "on: 1850-04-11").replace(
        "shelf: said\n", "shelf: said\nshelf: watch\n"
    )
    assert [(p.line, p.code) for p in sound(read(text)).problems] == [
        (6, "wrong-word"), (8, "duplicate-key"), (11, "date-out-of-range"), (28, "unit"), (33, "missing-key"),
        (47, "unknown-series"), (61, "unknown-key"),
    ]  # fmt: skip


def test_an_unknown_key_does_not_hide_what_the_rules_say():
    text = STORY.replace("was:", "were:").replace("- id: selling-lasts", "- id: officials-sell")
    assert codes(sound(read(text))) == ["duplicate-test", "unknown-key"]


def test_a_mapping_of_nothing_misses_everything():
    found = sound(read("{}"))
    assert set(codes(found)) == {"missing-key"}
    assert all(problem.line == 1 for problem in found.problems)
    assert {"`schema` is missing", "`tests` is missing", "`thresholds_set` is missing"} <= {
        p.message for p in found.problems
    }


def test_more_problems_than_anybody_reads():
    rivals = ", ".join(f"Bad {i}" for i in range(5000))
    found = sound(
        read(STORY.replace("rivals: [private-protest, basis-trade]", f"rivals: [{rivals}]"))
    )
    assert len(found.problems) == reading.MOST + 1
    keys = "\n".join(f"key{i}: 1" for i in range(5000))
    assert len(sound(read(f"{STORY}\n{keys}")).problems) == reading.MOST + 1
    twice = "\n".join("title: again" for _ in range(5000))
    assert len(sound(read(f"{STORY}\n{twice}")).problems) == reading.MOST + 1


def test_dates_may_stand_in_quotes():
    text = re.sub(r"(\d{4}-\d\d-\d\d)(?=$|})", r'"\1"', STORY, flags=re.MULTILINE)
    assert text.count('"') == 4
    found = sound(read(text))
    assert heads(found) == []
    assert found.narrative == read(STORY).narrative
    assert codes(sound(read(text.replace('"2025-04-11"', '"1825-04-11"')))) == ["date-out-of-range"]


def test_nothing_is_converted():
    for old, new in (("event_at: 60", "event_at: 60.0"), ("event_at: 60", "event_at: true"), ("on: 2025-04-11", "on: 1743552000"),
                     ("title: Custody holdings fall", "title: 2025-04-11"), ("title: Custody holdings fall", "title: 12")):  # fmt: skip
        assert codes(sound(read(STORY.replace(old, new, 1)))) == ["wrong-type"]


def test_yaml_1_1_booleans_are_texts():
    found = sound(
        read(
            STORY.replace("who: A commentator", "who: yes").replace("rivals: [", "confounders_: [")
        )
    )
    assert found.narrative is None
    assert (
        sound(read(STORY.replace("who: A commentator", "who: yes"))).narrative.said[0].who == "yes"
    )


@pytest.mark.parametrize("word", ["yes", "NO", "on", "Off"])
def test_where_true_or_false_is_wanted(word):
    meant = "true" if word in ("yes", "on") else "false"
    assert (
        reading._wrong_type("bool_type", word, "`live`")
        == f"`live` has to be true or false; `{word}` is a text here, write {meant}"
    )


def test_the_kind_of_a_test_does_not_confuse_a_key_of_the_same_name():
    found = sound(
        read(
            STORY.replace(
                "    kind: change_after\n",
                "    kind: change_after\n    change_after: {window: 3}\n",
            )
        )
    )
    assert [(p.line, p.column, p.code) for p in found.problems] == [(24, 5, "unknown-key")]


def test_source_text_of_other_scripts_is_marked_in_the_right_column():
    found = sound(read('"注": x\nschema: 1\n'))
    problem = next(p for p in found.problems if p.code == "unknown-key")
    assert problem.snippet.split("\n")[1] == "    ^^^^"
    [problem] = [
        p for p in sound(read("{注記: {注: 1}, 注記: 2}")).problems if p.code == "duplicate-key"
    ]
    assert problem.column == 14
    assert problem.snippet.split("\n")[1] == " " * (4 + 13 + 3) + "^^"


# -- events and controls ----------------------------------------------------------------------------

EVENT = """\
schema: 1
id: liberation-day
name: Liberation Day
date: 2025-04-02
question: Who sold?
marks:
  - {on: 2025-01-27, name: DeepSeek}
"""
CONTROLS = """\
schema: 1
controls:
  - {id: repo-2019, name: The repo spike, date: 2019-09-17, known: The repo rate jumped., source: The New York Fed}
  - {id: dash-for-cash-2020, name: The dash for cash, date: 2020-03-04, known: Officials sold., source: The Fed}
"""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", []),
        ("id: liberation-day", "id: liberty-day", ["2:5: file-name: the folder is called `liberation-day`; the event's `id` has to be the same (did you mean `liberation-day`?)"]),
        ("marks:", "mark:", ["6:1: unknown-key: there is no key `mark` (did you mean `marks`?)"]),
        ("on: 2025-01-27", "on: 2025-01-72", ["7:10: wrong-type: mark `DeepSeek`: `on`: `2025-01-72` is not a day of the calendar"]),
        ("date: 2025-04-02", "date: 2052-04-02", ["4:7: date-out-of-range: `2052-04-02` lies outside 1990 to 2035"]),
        ("question: Who sold?\n", "", ["1:1: missing-key: `question` is missing"]),
    ],
)  # fmt: skip
def test_events(tmp_path, old, new, expected):
    path = tmp_path / "liberation-day" / "event.yaml"
    path.parent.mkdir()
    path.write_text(EVENT.replace(old, new), "utf-8")
    found = sound(read_event(path, "event.yaml"))
    assert heads(found) == [f" {line}".strip() for line in expected]
    if not expected:
        assert found.value.date == date(2025, 4, 2)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", []),
        ("id: repo-2019", "id: dash-for-cash-2020", ["4:10: duplicate-control: there are two controls `dash-for-cash-2020`"]),
        ("2019-09-17", "2021-09-17", ["4:61: control-order: the controls stand in order of date"]),
        ("source: The Fed", "sources: The Fed", ["4:97: unknown-key: control `dash-for-cash-2020`: there is no key `sources` (did you mean `source`?)"]),
    ],
)  # fmt: skip
def test_controls(tmp_path, old, new, expected):
    path = tmp_path / "controls.yaml"
    path.write_text(CONTROLS.replace(old, new), "utf-8")
    assert heads(sound(read_controls(path, "controls.yaml"))) == expected


def test_events_and_controls_are_read_with_the_same_care(tmp_path):
    path = tmp_path / "event.yaml"
    for data, code in ((b"\xff", "not-utf-8"), (b"", "empty"), (b"a: [", "syntax")):
        path.write_bytes(data)
        assert codes(sound(read_event(path, "event.yaml"))) == [code]
        assert codes(sound(read_controls(path, "controls.yaml"))) == [code]


# -- problems as text -------------------------------------------------------------------------------


def test_a_problem_as_text_and_as_a_document():
    problem = Problem(
        "a.yaml",
        3,
        5,
        "unknown-key",
        "there is no key `mater`",
        "`matters`",
        "error",
        "    mater: 1\n    ^^^^^",
    )
    assert (
        problem.text()
        == "a.yaml:3:5: unknown-key: there is no key `mater` (did you mean `matters`?)\n    mater: 1\n    ^^^^^"
    )
    assert problem.document()["hint"] == "`matters`"
    assert Problem("a", 1, 1, "c", "m", severity="warning").text() == "a:1:1: c: warning: m"
    assert "\x1b" not in Problem("a\x1b[31m\nb", 1, 1, "c", "m").text()


def test_snippets_are_cut_around_the_place():
    long = "x" * 5000
    shown_lines = snippet(long, 2500, 3).split("\n")
    assert all(len(line) < 120 for line in shown_lines)
    assert shown_lines[0].strip()[0] == shown_lines[0].strip()[-1] == "…"
    assert shown_lines[1].strip() == "^^^"
    assert snippet("\ta\x1bb", 4, 1) == "    \\ta\\x1bb\n" + " " * 11 + "^"
    assert snippet("ab", 9) == "    ab\n      ^"


def test_values_in_messages_are_cut_and_escaped():
    assert shown("a\x1b`b`\n") == "`a\\x1b'b'\\n`"
    assert len(shown("x" * 999)) == 62
    assert nearest("custody-fell", ["custody-falls", "short"]) == "`custody-falls`"
    assert nearest("ab1", ["ab2", "ab3", "zz"], 3) in ("`ab2` or `ab3`", "`ab3` or `ab2`")
    assert nearest("x" * 100_000, ["y"]) == ""


# -- whatever is written ----------------------------------------------------------------------------

SCRAPS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["\t", "\x00", "\ud800", "\ufeff", ": ", "- ", "&a ", "*a", "!!python/object:x ", "---\n", "<<: ", "{", "}", "[", "]", '"', "'", "|\n", "? ", "#",
         "~", "null", "NO", "true", "1e999", ".nan", "2025-02-30", "99999999999999999999", "\n", "\r", "\u2028", "\u202e", "%", "@", "`", "  "]
    ),
)  # fmt: skip


@st.composite
def mutations(draw, base):
    text = base
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 60)))
        how = draw(st.sampled_from(["delete", "double", "replace", "insert", "line", "swap"]))
        piece = text[start:end]
        if how == "line":
            lines = text.split("\n")
            at = draw(st.integers(0, len(lines) - 1))
            lines[at : at + 1] = draw(
                st.sampled_from(
                    [[], [lines[at]] * 2, [f"  {lines[at]}"], [lines[at].lstrip()], [draw(SCRAPS)]]
                )
            )
            text = "\n".join(lines)
            continue
        new = {
            "delete": "",
            "double": piece * 2,
            "replace": draw(SCRAPS),
            "insert": draw(SCRAPS) + piece,
            "swap": piece[::-1],
        }[how]
        text = text[:start] + new + text[end:]
    return text


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
    database=None,
)
@given(st.sampled_from([p.read_text("utf-8") for p in GOOD]).flatmap(mutations))
def test_no_mutation_of_a_narrative_raises(text):
    sound(read(text))


@pytest.mark.long
@settings(
    max_examples=20_000, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)
@given(st.sampled_from([p.read_text("utf-8") for p in GOOD]).flatmap(mutations))
def test_no_mutation_of_a_narrative_raises_at_length(text):
    sound(read(text))


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.text(max_size=300).map(lambda t: t.encode("utf-8", "surrogatepass")),
    )
)
def test_no_bytes_raise(data):
    text = reading.decoded(data, "x.yaml")
    sound(read(text) if isinstance(text, str) else text)


VALUES = [
    "~",
    "true",
    "NO",
    "12",
    "1.5",
    "''",
    "text",
    "2025-04-02",
    "[]",
    "[1]",
    "[[]]",
    "{}",
    "{a: 1}",
    "[{}]",
    "[~]",
    "-1",
    "9" * 30,
    "'٣ %'",
    "0x10",
]


def test_every_value_of_a_narrative_may_be_anything():
    """Each key of each good narrative takes each odd value: never an exception, and the line is near."""
    for path in GOOD:
        lines = path.read_text("utf-8").splitlines()
        for number, line in enumerate(lines):
            for found in re.finditer(r"(\w+): ([^,{}\[\]]+|\[[^\]]*\]|\{[^}]*\})", line):
                for value in VALUES[number % 4 :: 4]:
                    changed = [
                        *lines[:number],
                        line[: found.start(2)] + value + line[found.end(2) :],
                        *lines[number + 1 :],
                    ]
                    sound(read("\n".join(changed)))


# -- speed ------------------------------------------------------------------------------------------


def within(seconds, run):
    """Whether a run takes that much of the processor's time: not what the machine is busy with besides.

    What thousands of tests have left in memory is no part of it, so the collector does not walk through that.
    """
    gc.freeze()
    try:
        began = time.process_time()
        run()
        return time.process_time() - began < seconds
    finally:
        gc.unfreeze()


def large(item, room=250_000):
    head, tail = STORY.split("confounders:", 1)[0], STORY[STORY.index("thresholds_set") :]
    count = (room - len(head) - len(tail)) // len(item.encode())
    return head + "confounders:\n" + item * count + tail


def test_a_large_narrative_is_read_in_two_seconds_on_a_busy_machine():
    good = large(
        "  - Custody falls when officials move cash into the reverse-repo pool, which happens at times.\n"
    )
    assert 240_000 < len(good.encode()) < reading.LIMIT
    assert read(good).narrative is not None
    assert within(1, lambda: read(good))
    for item in (
        "  - a\n",
        "  - {a: 1}\n",
        "  - 2025-01-01\n",
        '  - "\\x41"\n',
        "  - 1e5\n",
        "  - 'Custody'\n",
    ):
        bad = large(item)
        assert within(2, lambda bad=bad: sound(read(bad)))
    for odd in ("a: " + "x" * 250_000, "x" * 250_000 + ": 1", "rivals: " + "[" * 39 + "a," * 20_000, '"' + "\\x41" * 60_000 + '": 1', "#" * 250_000,
                "? " * 30 + "x" * 200_000, "a: |\n" + " x\n" * 80_000, "a" * 1000 + "\n" + "b: c\n" * 20_000):  # fmt: skip
        assert within(2, lambda odd=odd: sound(read(odd)))


def test_a_source_whose_nodes_were_let_go_finds_the_same_places():
    """A library keeps its texts alone: their nodes take twenty times the room."""
    told = read(STORY)
    finding = lint.Finding(("tests", 0, "id"), "odd", code="odd")
    assert told.source.root is not None
    assert told.source.alone.root is None
    assert told.source.alone.on(finding) == told.source.on(finding)
    broken = reading.Source("story.yaml", "a: [")
    assert broken.on(finding) == broken.alone.on(finding)
    assert broken.on(finding).line == 1
