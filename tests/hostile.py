"""Documents that somebody might paste into the editor to break it, or by mistake: made by hand and by mutation.

All are the same on every run. `by_hand` has each idea once or in a few sizes, `in_fields` puts what a browser or a
template might run into every field that is shown, `mutated` cuts, doubles and swaps parts of the project's own stories.
"""

import random
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from evidence import yaml_nodes
from tests import ours

Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
STORIES = Path(__file__).parent.parent / "narratives" / "liberation-day"
LONGEST = 64 * 1024
"""The longest text that the editor takes, in bytes."""
SEED = 20250402


@cache
def story(name: str) -> str:
    return (STORIES / f"{name}.yaml").read_text("utf-8")


@cache
def _read(name: str) -> dict:
    return yaml_nodes.load_trusted(story(name))


def plain(name: str = "deficit-is-the-target") -> dict:
    """A story of the project as values that may be changed, under a name of its own."""
    return {**deepcopy(_read(name)), "id": "mine"}


def written(document: dict) -> str:
    return yaml.dump(document, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=2000)


# -- YAML that is none, or too much of it ----------------------------------------------------------


def bombs() -> Iterator[tuple[str, str]]:
    laughs = 'a0: &a0 ["lol","lol","lol"]\n' + "".join(
        f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12)
    )
    yield "alias bomb", laughs
    yield "alias bomb in a story", story("us-crowds-the-index") + laughs
    yield "alias of itself", "a: &a [*a, *a]\n"
    yield "alias never anchored", "a: *nothing\n"
    yield (
        "merge bomb",
        "a: &a {x: 1}\n" + "".join(f"b{i}: {{<<: *a, y{i}: 1}}\n" for i in range(500)),
    )
    yield "merge key", "<<: {schema: 1}\nid: mine\n"
    yield "merge list", "base: &b {a: 1}\n<<: [*b, *b, *b]\n"
    yield "many anchors", "".join(f"k{i}: &a{i} 1\n" for i in range(3000))
    yield "a long anchor", f"a: &{'x' * 60_000} 1\n"
    for tag in (
        "!!python/object/apply:os.system ['touch /tmp/flowcheck-hostile']",
        "!!python/object/new:subprocess.Popen [[touch, /tmp/flowcheck-hostile]]",
        "!!python/name:os.system",
        "!!python/module:os",
        "!!python/object/apply:builtins.eval [\"__import__('os').system('id')\"]",
        "!!binary aGVsbG8=",
        "!!set {a, b}",
        "!!timestamp 2025-01-01",
        "!<tag:yaml.org,2002:python/object/apply:os.getcwd> []",
        "!include /etc/passwd",
        "!ENV ${HOME}",
        "!!float .inf",
    ):
        yield f"tag {tag[:40]}", f"title: {tag}\n"
        yield (
            f"tag in a story {tag[:40]}",
            story("framework-holds").replace("order: ", f"order: {tag.split()[0]} ", 1),
        )


def shapes() -> Iterator[tuple[str, str]]:
    """Brackets, indents, quotes and lines without end."""
    yield "tag directive", "%TAG ! tag:yaml.org,2002:python/object/apply:\n---\n!os.system ['id']\n"
    yield "directive", "%YAML 9.9\n---\na: 1\n"
    yield "many directives", "%TAG !a! tag:a\n" * 4000
    for count in (41, 1000, LONGEST - 10):
        yield f"{count} brackets open", "[" * count
        yield f"{count} braces open", "{" * count
        yield f"{count} braces with keys", ("{a: " * count)[: LONGEST - 10]
    yield "brackets nested and closed", "a: " + "[" * 30_000 + "]" * 30_000
    yield "deep dashes", "- " * 30_000 + "a"
    yield "deep questions", "? " * 30_000
    yield "deep indent", "".join(f"{' ' * i}a{i}:\n" for i in range(340))
    yield "deep lists", "".join(f"{' ' * i}-\n" for i in range(340))
    yield "40 levels", "a: " + "[" * 39 + "]" * 39
    yield "complex keys", "? {a: 1}\n: {b: 2}\n? [1, 2]\n: x\n"
    yield "complex keys nested", "{" + "? [" * 30 + "]" * 30 + ": 1}"
    yield "many documents", "--- a\n" * 10_000
    yield "two documents", story("us-crowds-the-index") + "---\n" + story("us-crowds-the-index")
    yield "document end", story("us-crowds-the-index") + "...\nmore: 1\n"
    yield "colons", ":" * 60_000
    yield "dashes", "-" * 60_000
    yield "question marks", "?" * 60_000
    yield "percents", "%" * 60_000
    yield "ats", "@" * 60_000
    yield "bangs", "!" * 60_000
    yield "stars", "*" * 60_000
    yield "pipes", "a: |\n" * 10_000
    yield "block scalar with a huge indent", "a: |9\n         x\n"
    yield "block scalar to the end", "a: |\n" + " x\n" * 20_000
    yield "folded to the end", "a: >-\n" + " x\n\n" * 15_000
    yield "comments only", "# nothing\n" * 6_000
    yield "empty", ""
    yield "blank lines", "\n" * 60_000
    yield "spaces", " " * 60_000
    yield "tabs", "\t" * 60_000
    yield "tab indent", "tests:\n\t- id: a\n"


def masses() -> Iterator[tuple[str, str]]:
    """One thing very often, and texts of other kinds."""
    yield "a list", "- 1\n- 2\n"
    yield "a word", "yes"
    yield "null", "~"
    yield "a number", "1e999"
    yield "forty thousand values", "a: [" + "1," * 30_000 + "]"
    yield "many keys", "".join(f"k{i}: {i}\n" for i in range(5_500))
    yield "duplicate keys", "schema: 1\n" * 6_000
    yield "duplicate keys deep", "a: {" + "b: 1, " * 9_000 + "}"
    yield "one long line", "title: " + "x" * 65_000
    yield "one long key", "x" * 60_000 + ": 1"
    yield "one long key quoted", '"' + "x" * 60_000 + '": 1'
    yield "quote never closed", 'title: "' + "x " * 30_000
    yield "quote of quotes", "title: '" + "''" * 30_000
    yield "escapes", 'title: "' + "\\x41" * 15_000 + '"'
    yield "bad escapes", 'title: "' + "\\q" * 30_000 + '"'
    yield "escape past Unicode", 'title: "\\U00110000"'
    yield "escaped surrogates", 'title: "\\ud83d\\ude00"'
    yield "escaped nul", 'title: "a\\0b"'
    yield "not YAML at all", Path(__file__).read_text("utf-8")[: LONGEST - 10]
    yield "JSON", '{"schema": 1, "id": "mine", "tests": [{"kind": null}]}'
    yield "HTML", "<!doctype html><html><script>alert(1)</script></html>"
    yield "a spreadsheet formula", '=cmd|"/c calc"!A1'


def signs() -> Iterator[tuple[str, str]]:
    """Characters that no text holds, and some that many hold."""
    text = story("framework-holds")
    for name, odd in {
        "nul": "\0", "bell": "\a", "escape": "\x1b[31m", "delete": "\x7f", "next line": "\x85", "form feed": "\f",
        "line separator": "\u2028", "right to left": "\u202e", "isolate": "\u2066", "zero width": "\u200b",
        "joiner": "\u200d", "byte order": "\ufeff", "soft hyphen": "\u00ad", "not a character": "\ufffe",
        "tag letter": "\U000e0041", "private use": "\ue000", "half a surrogate": "\ud800", "other half": "\udc00",
        "replacement": "\ufffd", "object": "\ufffc", "vertical tab": "\v",
    }.items():  # fmt: skip
        yield f"{name} at the top", odd + text
        yield f"{name} in the title", text.replace("title: ", f"title: a{odd}b ", 1)
        yield f"{name} in a key", text.replace("title: ", f"ti{odd}tle: ", 1)
    yield "UTF-16 read as Latin-1", text.encode("utf-16").decode("latin-1")[: LONGEST // 2]
    yield "UTF-16 without its marks", text.encode("utf-16-le").decode("latin-1")[: LONGEST // 2]
    yield "UTF-8 read as Latin-1", "title: “€” ".encode().decode("latin-1") + text
    yield "carriage returns", text.replace("\n", "\r")
    yield "Windows lines", text.replace("\n", "\r\n")
    yield "emoji", text.replace("title: ", "title: 🏳️‍🌈👩‍👩‍👧‍👦🇩🇪 ", 1)
    yield "marks on marks", "title: Z" + "\u0301" * 25_000
    yield "wide", "title: " + "漢" * 20_000
    yield "Arabic", text.replace("title: ", "title: السندات الأمريكية ", 1)
    yield "letters that look alike", text.replace("kind: ", "k\u0456nd: ", 1)
    yield "full width digits", text.replace("schema: 1", "schema: \uff11")


# -- what a browser, a template or a shell might run -----------------------------------------------

SCRIPTS = (
    "<script>document.title='owned'</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "</style></script><iframe src=javascript:alert(1)>",
    "[click](javascript:alert(1)) and ![x](https://example.org/track.png)",
    '[a](https://example.org/?q=1 "t") <https://example.org>',
    "$\\href{javascript:alert(1)}{x}$ and $$\\unicode{x41}$$",
    ":material/delete: :red[x] :streamlit: :smile:",
    "{{ 7*7 }} {% import os %} ${7*7} #{7*7} <%= 7*7 %>",
    "' + (datum.constructor.constructor('alert(1)')()) + '",
    "\\'});alert(1);//",
    "'; DROP TABLE stories; --",
    "$(touch /tmp/flowcheck-hostile) `touch /tmp/flowcheck-hostile`",
    '=HYPERLINK("https://example.org","x")',
    "../../../../etc/passwd",
    "C:\\Windows\\System32\\config\\SAM",
    "# heading | table | cell\n---",
    "&lt;b&gt; &#60;script&#62; %3Cscript%3E",
    '{expr: "1+1"} {signal: "width"}',
    "\u2028\u2029",
    "%s %n %x {0} {0.__class__.__mro__}",
)
"""Texts that mean something to HTML, Markdown, LaTeX, Streamlit, templates, Vega, SQL, a shell or a file system."""
TEXTS = (
    "title",
    "claim",
    "mechanism",
    "confounders",
    "cannot_tell",
    "chain",
    "said",
    "parts",
    "event_is",
    "tests",
    "cases",
)


def injected(name: str, field: str, script: str) -> dict:
    """A story with a script in one field (in all of a kind, for what there is more of)."""
    made = plain(name)
    long = f"{script} and so on, in words"
    if field in ("confounders", "cannot_tell", "chain"):
        made[field] = [long, long]
    elif field == "said":
        made["said"] = [{"who": long, "where": long, "on": made["said"][0]["on"]}]
    elif field == "parts":
        made["parts"] = dict.fromkeys(made.get("parts") or {"act": ""}, long)
    elif field == "event_is":
        made["event"] = "an-event-of-mine"
        made["event_is"] = {"name": long, "date": made["thresholds_set"].replace(year=2025, month=4, day=2),
                            "question": long, "background": long}  # fmt: skip
    elif field == "tests":
        for test in made["tests"]:
            test.update(title=long, why=long, caveat=long)
            test["matters"]["why"] = long
            if "predicts" in test:
                test["predicts"]["says"] = script[:110]
    elif field == "cases":
        for case in made.get("cases", []):
            case["name"] = long
    else:
        made[field] = long
    return made


def in_fields() -> Iterator[tuple[str, str]]:
    names = ("deficit-is-the-target", "foreign-private-protest", "dollar-fell-before")
    for i, script in enumerate(SCRIPTS):
        everywhere = plain(names[i % len(names)])
        for field in TEXTS:
            made = injected(names[i % len(names)], field, script)
            everywhere[field] = made.get(field)
            if field == "event_is":
                everywhere["event"] = made["event"]
        yield (
            f"script {i} everywhere",
            written({k: v for k, v in everywhere.items() if v is not None}),
        )
        field = TEXTS[i % len(TEXTS)]
        yield f"script {i} in {field}", written(injected(names[i % len(names)], field, script))
        yield f"script {i} raw", story("framework-holds").replace("title: ", f"title: {script}", 1)
        yield f"script {i} for an id", written({**plain(), "id": script})
        keyed = plain()
        keyed["tests"][0][script] = script
        yield f"script {i} as a key", written(keyed)


PATHS = (
    "../../etc/passwd", "..\\..\\secret", "/etc/passwd", "C:\\secret", "file:///etc/passwd", "con", "nul", ".", "..",
    "~root", "a/b", "a%2fb", "a\0b", "x" * 300, "-rf", "--help", "$HOME", "`id`", "A", "ä", "é-é", "a--b", "", "event",
    "controls",
)  # fmt: skip


def paths() -> Iterator[tuple[str, str]]:
    """Names that mean a file, wherever a name stands."""
    for name in PATHS:
        shown = name[:20]
        yield f"id {shown!r}", written({**plain(), "id": name})
        yield f"event {shown!r}", written({**plain(), "event": name})
    for name in PATHS[:8]:
        made = plain("foreign-private-protest")
        made["rivals"], made["was"] = [name], [name]
        made["when"] = [{"narrative": name, "direction": "supported"}]
        for test in made["tests"]:
            test["rivals_expect"] = {name: "neutral"}
        made["tests"][0]["series"] = name
        made["tests"][0]["vary"] = {"series": [name], "windows": [name]}
        made["controls"] = [{"test": name, "event": name, "expects": "fires"}]
        made["cases"] = [{"name": "a path", "series": {name: name}, "expects": {name: "neutral"}}]
        yield f"everywhere {name!r}", written(made)


# -- values ------------------------------------------------------------------------------------------

NUMBERS = (
    "1" + "0" * 400, "1e400", "-1e400", "1e-400", ".nan", ".inf", "-.inf", "NaN", "0x7fffffffffffffff", "0o777", "1_000",
    "12:30:45", "9" * 18, "9" * 19, "-" + "9" * 18, "1.7976931348623157e308", "0.1e3", "+1", "1.", "yes", "NO", "on", "~",
    "2025-02-30", "0000-00-00", "9999-12-31", "0001-01-01", "1989-12-31", "2036-01-01", "2025-04-02T00:00:00Z", "=", "<<",
)  # fmt: skip
QUANTITIES = (
    "999999999999 %", "-999999999999 bn", "0 %", "0.000001 bp", "1e9 %", "1 e 9 %", "2%", "2 percent", "NaN %", "inf bn",
    "1.0000001 %", "٣ %", "2  %", "2 % %", "2 %\n", "0.999999 correlation", "2 correlation", "999999 days", "5 sd",
    "1" * 500 + " %",
)  # fmt: skip


def values() -> Iterator[tuple[str, str]]:
    text = story("deficit-is-the-target")
    for number in NUMBERS:
        shown = number[:24]
        yield f"schema {shown}", text.replace("schema: 1", f"schema: {number}", 1)
        yield f"order {shown}", text.replace("order: ", f"order: {number} #", 1)
        yield (
            f"thresholds {shown}",
            text.replace("thresholds_set: ", f"thresholds_set: {number} #", 1),
        )
        yield f"anchor {shown}", text + f"anchor: {number}\n"
    for name in ("foreign-private-protest", "dollar-fell-before", "exceptionalism-lasts"):
        for quantity in QUANTITIES:
            made = plain(name)
            for test in made["tests"]:
                test["matters"]["at_least"] = quantity
            yield f"{name} at least {quantity[:24]!r}", written(made)
    for quantity in QUANTITIES:
        made = plain("foreign-private-protest")
        for test in made["tests"]:
            test["tail"] = quantity
            test["matters"]["at_most"] = quantity
        yield f"tail and at most {quantity[:24]!r}", written(made)
    for day in ("1990-01-01", "1999-12-31", "2035-12-31", "2012-02-29", "2020-03-15"):
        for name in ("foreign-private-protest", "basis-trade-unwind", "everything-fell-together"):
            yield f"{name} anchored at {day}", story(name) + f"anchor: {day}\n"


SPANS = (
    "999 months", "999 weeks", "999 days", "1 day", "1 week", "1 month", "0 weeks", "4 weeks\n", "1e3 weeks",
)  # fmt: skip


def spans() -> Iterator[tuple[str, str]]:
    for span in SPANS:
        made = plain("foreign-private-protest")
        for test in made["tests"]:
            if "window" in test:
                test["window"] = {"after": span}
        yield f"windows of {span!r}", written(made)
        for test in made["tests"]:
            if "window" in test:
                test["window"] = {"before": span, "skip": span, "min": span}
        yield f"windows before, skip and min {span!r}", written(made)


# -- as much as the form allows --------------------------------------------------------------------


@cache
def catalogue() -> dict:
    return dict(ours.catalogue().series)


def sized(n: int) -> list[str]:
    """Monthly series in dollars: what may stand beside each other in a test."""
    every = catalogue().values()
    return [
        e.id for e in every if (e.frequency, e.unit, e.licence) == ("monthly", "USD bn", "open")
    ][:n]


def alone(name: str, tests: list[dict]) -> str:
    """A story with these tests and nothing that names others."""
    made = {
        **plain(name),
        "tests": tests,
        "cases": [],
        "controls": [],
        "status": "draft",
        "rivals": [],
        "parts": {},
    }
    made.pop("when", None)
    for test in tests:
        for key in ("part", "rivals_expect", "checks"):
            test.pop(key, None)
    return written(made)


REST = {"title": "As much as there is", "role": "hoop", "why": "It is asked for.",
        "matters": {"at_least": "1 bn", "why": "It has to be something."}}  # fmt: skip


def whole() -> Iterator[tuple[str, str]]:
    """Tests of as many series as the form allows, and of more; as many tests as it allows, and more."""
    for n in (2, 24, 25, 140):
        names = sized(n + 1)
        one = {
            **REST,
            "kind": "largest",
            "series": names[0],
            "peers": names[1:],
            "predicts": {"direction": "up"},
        }
        yield f"largest among {n}", alone("framework-holds", [{**one, "id": "all"}])
        many = [{**one, "id": f"t{i}"} for i in range(24)]
        yield f"24 times the largest among {n}", alone("framework-holds", many)
    every = catalogue().values()
    daily = [
        e.id
        for e in every
        if e.frequency == "daily" and e.behaves in ("rate", "index") and e.licence == "open"
    ]
    bar = {"at_least": "0.25 sd", "why": "It has to be something."}
    for n in (2, 6, 7, 30):
        legs = [{"series": name, "direction": "down"} for name in daily[:n]]
        one = {**REST, "matters": bar, "kind": "falls_together", "legs": legs}
        for span in ("3 weeks", "6 months", "40 months", "999 months"):
            test = {**one, "id": "all", "window": {"after": span}}
            yield f"{n} legs over {span}", alone("framework-holds", [test])
        many = [{**one, "id": f"t{i}", "window": {"after": f"{i + 1} weeks"}} for i in range(24)]
        yield f"24 times {n} legs", alone("framework-holds", many)
    for name in ("everything-fell-together", "foreign-private-protest", "basis-trade-unwind"):
        kinds = ("change_after", "falls_together", "net_flow")
        first = next(test for test in plain(name)["tests"] if test["kind"] in kinds)
        for n in (24, 25, 100):
            many = [{**first, "id": f"t{i}"} for i in range(n)]
            yield f"{name} {n} times the same test", alone(name, many)


def ways() -> Iterator[tuple[str, str]]:
    """As many ways of asking as a text can hold."""
    every = catalogue().values()
    rates = [
        e.id for e in every if (e.frequency, e.behaves, e.unit) == ("daily", "rate", "percent")
    ]
    one = {**REST, "matters": {"at_least": "20 bp", "why": "It has to be something."}, "kind": "change_after",
           "series": "ust.yield.10y", "window": {"after": "3 weeks"}, "predicts": {"direction": "up"}}  # fmt: skip
    for count in (4, 20, 200, 700):
        lengths = [f"{i + 2} weeks" for i in range(count)]
        made = plain("everything-fell-together")
        for test in made["tests"]:
            if "window" in test:
                test["vary"] = {"windows": lengths[: max(count // 4, 4)]}
        yield f"{count} windows", written(made)
        for n in (2, len(rates)):
            vary = {"windows": lengths, "series": rates[:n]}
            test = {**one, "id": "t", "vary": vary}
            yield f"{count} windows and {n} series", alone("framework-holds", [test])
    for name in ("everything-fell-together", "foreign-private-protest", "basis-trade-unwind"):
        made = plain(name)
        for test in made["tests"][:3]:
            windows = [f"{i + 1} weeks" for i in range(100)]
            test["vary"] = {"series": list(catalogue()), "windows": windows}
        yield f"{name} over all series and windows", written(made)[:LONGEST]


NOTATIONS = (
    "1x99999999999", "1x" + "9" * 38, "1 " * 10_000, "1+" + "9" * 30 + "x5000 | 1", "9" * 39 + " | 1",
    "1~" + "9" * 35 + "x300 | 5", "_x6000 | 1", "| 1", "1 | |", "1^0x1300 | 0", "0x1300 | 0x5", "-1x300 | -1", "1e9 | 1",
    "100~-2@1x300 | 5", "_ | _", "1x300 |", "(1+)+" * 7, "1.1.1 | 2", "99999999x300 | 0.0000001x4", "1 | 1x1400",
)  # fmt: skip


def worlds() -> Iterator[tuple[str, str]]:
    """Cases that are long, many, odd, or far away."""
    daily = plain("everything-fell-together")
    names = dict.fromkeys(name for case in daily["cases"] for name in case["series"])
    for count in (10, 100, 600):
        cases = [
            {
                "name": f"case {i}",
                "series": dict.fromkeys(names, f"{i + 1}~1x5900 | 1x90"),
                "direction": "mixed",
            }
            for i in range(count)
        ]
        yield (
            f"{count} cases of 6,000 values",
            written({**daily, "cases": cases, "controls": []})[:LONGEST],
        )
    made = plain("foreign-private-protest")
    first = made["cases"][0]
    for i, token in enumerate(NOTATIONS):
        case = {
            "name": "odd values",
            "series": dict.fromkeys(first["series"], token),
            "direction": "mixed",
        }
        yield f"values {i}", written({**made, "cases": [case]})
    for at in (0, 299, 5000, 5001, -1, 10**12):
        case = {
            "name": "odd place",
            "series": dict.fromkeys(first["series"], "1x300"),
            "event_at": at,
            "direction": "mixed",
        }
        yield f"event at {at}", written({**made, "cases": [case]})
    for day in ("1990-01-01", "2035-12-31", "2024-02-29"):
        case = {**first, "at": date.fromisoformat(day)}
        yield f"at {day}", written({**made, "cases": [case] * 3})


def lists() -> Iterator[tuple[str, str]]:
    """Long lists of all that is not tests."""
    made = plain("foreign-private-protest")
    yield "many controls", written({**made, "controls": made["controls"] * 60})[:LONGEST]
    yield "many rivals", written({**made, "rivals": [f"rival-{i}" for i in range(3000)]})[:LONGEST]
    yield (
        "the same rival again",
        written({**made, "rivals": ["basis-trade-unwind"] * 2000})[:LONGEST],
    )
    yield "many confounders", written({**made, "confounders": ["word " * 100] * 100})[:LONGEST]


def conditions() -> Iterator[tuple[str, str]]:
    """Stories that rest on each other, on themselves, or take another's place."""
    for name in ("mine", "framework-holds", "us-crowds-the-index", "no-such-story"):
        yield (
            f"rests on {name}",
            written({**plain(), "when": [{"narrative": name, "direction": "supported"}]}),
        )
    yield (
        "rests on itself by a test",
        written(
            {
                **plain(),
                "when": [
                    {
                        "narrative": "mine",
                        "test": plain()["tests"][0]["id"],
                        "outcome": "consistent",
                    }
                ],
            }
        ),
    )
    every = sorted(
        path.stem for path in STORIES.glob("*.yaml") if path.stem not in ("event", "audit")
    )
    yield (
        "rests on all",
        written({**plain(), "when": [{"narrative": n, "direction": "supported"} for n in every]}),
    )
    yield (
        "rests on the same a hundred times",
        written({**plain(), "when": [{"narrative": every[0], "direction": "supported"}] * 100}),
    )
    for name in every:
        taken = {**plain(), "id": name}
        yield f"takes the place of {name}", written(taken)
        yield (
            f"takes the place of {name} and rests on others",
            written(
                {
                    **taken,
                    "when": [
                        {"narrative": n, "direction": "contradicted"} for n in every if n != name
                    ][:6],
                }
            ),
        )
    yield "half a condition", written({**plain(), "when": [{"narrative": every[0]}]})
    yield (
        "both conditions",
        written(
            {
                **plain(),
                "when": [
                    {"narrative": every[0], "direction": "mixed", "test": "x", "outcome": "neutral"}
                ],
            }
        ),
    )
    yield "formerly everybody", written({**plain(), "was": every})
    yield (
        "checks itself",
        written({**plain(), "tests": [{**t, "checks": t["id"]} for t in plain()["tests"]]}),
    )
    made = plain()
    ids = [t["id"] for t in made["tests"]]
    made["tests"] = [{**t, "checks": ids[i - 1]} for i, t in enumerate(made["tests"])]
    yield "checks in a circle", written(made)
    yield "a draft", written({**plain(), "status": "draft"})
    yield "retired", written({**plain(), "status": "retired"})


def matching() -> Iterator[tuple[str, str]]:
    """Texts that make careless patterns and matchers slow."""
    for i, odd in enumerate(
        ("a" * 60_000 + "!", "a-" * 30_000, "1." * 30_000, "-" * 30_000 + "1", "0" * 60_000 + "x", "1-" * 20_000, "\\" * 60_000,
         "(" * 30_000, "x" * 30_000 + ".y", "ab" * 30_000)
    ):  # fmt: skip
        yield f"plain {i}", f"title: {odd}\n"
        yield (
            f"id {i}",
            story("us-crowds-the-index").replace(
                "id: us-crowds-the-index", f"id: {odd[:40_000]}", 1
            ),
        )
        yield f"key {i}", f"{odd.strip('-!')[:60_000]}: 1\nschema: 1\n"
    many = "".join(f"tests-{i}: {i}\n" for i in range(4_000))
    yield "many keys that look alike", many
    made = plain()
    made["tests"] = [{f"kindd{i}": "change_after" for i in range(100)} for _ in range(24)]
    yield "many unknown keys", written(made)
    made["tests"] = [{"kind": "chnge_after" * 5} for _ in range(24)]
    yield "kinds that look alike", written(made)
    made = plain("foreign-private-protest")
    made["cases"] = [
        {
            "name": "look alike",
            "series": {f"fed.custody.treasur{i}": "1 | 1" for i in range(1_200)},
            "direction": "mixed",
        }
    ]
    yield "many unknown series", written(made)[:LONGEST]
    made["cases"] = [{"name": "look alike", "series": {"fed.custody.treasuries": "1 | 1"},
                      "expects": {f"custody-fall{i}": "neutral" for i in range(1_500)}}]  # fmt: skip
    yield "many unknown tests", written(made)[:LONGEST]


MAKERS = (
    bombs, shapes, masses, signs, in_fields, paths, values, spans, whole, ways, worlds, lists, conditions, matching,
)  # fmt: skip


@cache
def by_hand() -> dict[str, str]:
    """Every document that was thought of, by name. None is longer than what the editor takes, but for a few that are."""
    found: dict[str, str] = {}
    for make in MAKERS:
        for name, text in make():
            found[f"{make.__name__}: {name}"] = text
    found["too long: by a byte"] = "#" * (LONGEST + 1)
    found["too long: by far"] = "a: " + "[" * 5_000_000
    return found


# -- by mutation -----------------------------------------------------------------------------------

SPLINTERS = (
    "", "~", "[]", "{}", "true", "-1", "0", "1e308", "2025-04-02", "'", '"', "&a", "*a", "!!x", "|", ">", "[", "{", "- ", ": ",
    "\t", "#", "999999999999 %", "0.000001 bn", "999 weeks", "1 day", "down", "up", "hoop", "quoted", "tracks", "largest",
    "peak_date", "fed.custody.treasuries", "foreign-private-protest", "1990-01-01", "2035-12-31", "\0", "\u202e", "é", "😀",
)  # fmt: skip


def mutated(count: int, seed: int = SEED) -> dict[str, str]:
    """Stories of the project with one to six accidents each."""
    chance = random.Random(seed)
    sources = sorted(path for path in STORIES.glob("*.yaml") if path.stem not in ("event", "audit"))
    found = {}
    for i in range(count):
        path = chance.choice(sources)
        text = path.read_text("utf-8")
        for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
            text = chance.choice(ACCIDENTS)(text, chance)
        found[f"mutated: {seed}/{i} {path.stem}"] = text[:LONGEST]
    return found


def _lines(text: str, chance: random.Random) -> tuple[list[str], int]:
    lines = text.split("\n")
    return lines, chance.randrange(len(lines))


def _delete(text: str, chance: random.Random) -> str:
    lines, at = _lines(text, chance)
    del lines[at : at + chance.choice((1, 1, 2, 5))]
    return "\n".join(lines)


def _double(text: str, chance: random.Random) -> str:
    lines, at = _lines(text, chance)
    piece = lines[at : at + chance.choice((1, 2, 10))]
    return "\n".join([*lines[:at], *piece, *lines[at:]])


def _swap(text: str, chance: random.Random) -> str:
    lines, at = _lines(text, chance)
    other = chance.randrange(len(lines))
    lines[at], lines[other] = lines[other], lines[at]
    return "\n".join(lines)


def _cut(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + text[at + chance.choice((1, 3, 40, len(text))) :]


def _splinter(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(SPLINTERS) + text[at:]


def _value(text: str, chance: random.Random) -> str:
    """Another value, where the text still is YAML in most cases."""
    lines = text.split("\n")
    valued = [i for i, line in enumerate(lines) if ": " in line]
    if not valued:
        return text
    at = chance.choice(valued)
    key = lines[at].partition(": ")[0]
    lines[at] = f"{key}: {chance.choice(SPLINTERS)}"
    return "\n".join(lines)


def _exchange(text: str, chance: random.Random) -> str:
    """The value of one line in the place of another's of the same key: mostly a story that can be scored."""
    lines = text.split("\n")
    by_key: dict[str, list[int]] = {}
    for i, line in enumerate(lines):
        key, colon, _ = line.partition(": ")
        if colon:
            by_key.setdefault(key.strip(" -"), []).append(i)
    many = [places for places in by_key.values() if len(places) > 1]
    if not many:
        return text
    one, other = chance.sample(chance.choice(many), 2)
    lines[one] = f"{lines[one].partition(': ')[0]}: {lines[other].partition(': ')[2]}"
    return "\n".join(lines)


def _number(text: str, chance: random.Random) -> str:
    """Another number somewhere: mostly a story that can be scored."""
    digits = [i for i, sign in enumerate(text) if sign.isdigit()]
    if not digits:
        return text
    at = chance.choice(digits)
    return text[:at] + chance.choice(("", "0", "9", "1", "00", "7")) + text[at + 1 :]


ACCIDENTS = (
    _delete,
    _double,
    _swap,
    _cut,
    _splinter,
    _value,
    _value,
    _exchange,
    _exchange,
    _number,
    _number,
)
