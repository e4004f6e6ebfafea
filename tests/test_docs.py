"""The documentation is true: every command in it runs somewhere, what it quotes is said, what it points to is there."""

import ast
import importlib.util
import json
import re
import shlex
import shutil
import subprocess
from collections import Counter
from datetime import date
from functools import cache
from itertools import chain
from pathlib import Path

import pytest
from typer.testing import CliRunner

from briefs import glossary, glossary_page
from briefs.address import PARAMETERS, SORTS, STEPS
from briefs.legend import DOWNGRADES
from evidence import catalogue, engine, explaining, inference, library, observations, wording
from evidence.cli import app
from evidence.drafting.answers import fault
from evidence.drafting.draft import Draft
from evidence.drafting.finishing import engine_with, finished
from evidence.drafting.questions import QUESTIONS, STAGES, asked
from evidence.drafting.series import find_series
from evidence.drafting.suggest import kinds_for, usual
from evidence.exercises.forms import FORMS
from evidence.observations import SNAPSHOT, Store
from evidence.reading import read_text
from tests.test_contract import DOCUMENTS
from walkthrough.house import places

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in (ROOT / "README.md", *sorted(DOCS.glob("*.md")))}  # fmt: skip
WRITING = PAGES["docs/writing-a-narrative.md"]
ANSWERS = ROOT / "tests" / "fixtures" / "drafts" / "bank-failures-2023.json"


# -- reading a page -----------------------------------------------------------------------------------

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SHELL = ("", "sh", "bash", "console")
COMMAND = re.compile(r"^(?:\.venv/bin/)?python -m (?=\w)|^make (?=[a-z])")


def prose(text):
    """A page without its blocks."""
    return FENCE.sub("", text)


def commands(text):
    """The commands of a page, as they stand: those in blocks, then those in a line."""
    blocks = (body.splitlines() for language, body in FENCE.findall(text) if language in SHELL)
    inline = re.findall(r"`([^`\n]+)`", prose(text))
    return [line for line in chain(chain.from_iterable(blocks), inline) if COMMAND.match(line)]


def plain(line):
    """A command without its Python, its comment and where it writes to: `evidence score`, `make app`."""
    words = shlex.split(re.sub(r"^(?:\.venv/bin/)?python -m ", "", line), comments=True)
    return shlex.join(words[: words.index(">")] if ">" in words else words)


def slugs(text):
    """The anchors of a page's headings, as GitHub makes them."""
    found = Counter()
    for title in re.findall(r"^#+ (.+)$", prose(text), re.MULTILINE):
        name = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        yield f"{name}-{found[name]}" if found[name] else name
        found[name] += 1


def test_a_page_is_read_as_it_is_meant():
    page = (
        "Try `make app`, or `make`, or `.venv/bin/python -m evidence score --json`.\n\n```\n"
        ".venv/bin/python -m evidence schema > a.json\nmake test    # all of it\nIt isn't one.\n```\n\n"
        "```text\nmake believe\n```\n\n# What’s `so far`?\n\n## A\n\n## A\n"
    )
    assert [plain(line) for line in commands(page)] == [
        "evidence schema",
        "make test",
        "make app",
        "evidence score --json",
    ]
    assert list(slugs(page)) == ["whats-so-far", "a", "a-1"]


# -- every command runs -------------------------------------------------------------------------------

READING = ("audit", "brief", "diff", "explain", "history", "lint", "rivals", "schema", "score", "sensitivity", "series")  # fmt: skip
"""Commands that change nothing but a file that they are told to write: run here, as they stand."""
LONG = {
    "evidence brief basis-trade-unwind",
    "evidence brief basis-trade-unwind -o brief.pdf",
    "evidence brief dollar-fell-before --format html -o dollar.html",
    "evidence brief dollar-fell-before --format json --as-of 2025-06-20",
    "evidence brief liberation-day --paper letter -o event.pdf",
    "evidence diff 2 3",
    "evidence history basis-trade-unwind",
    "evidence lint --inference",
}
"""Those that take more than some seconds."""
EXAMPLES = "tests/test_contract.py::test_what_is_printed_fits_its_schema"
OWN_DATA = "tests/test_imports.py::test_the_commands_of_the_page_run"
BACKFILLED = "tests/test_backfill.py::test_backfill_on_the_command_line_and_again"
EXTENDED = "tests/test_extending.py::test_it_is_scored"
WRITTEN = "tests/test_docs.py::test_the_commands_of_writing_a_narrative_run_in_their_order"
ELSEWHERE = {
    "evidence backfill -o _backfill --from 2018-01-01 --workers 2": BACKFILLED,
    "evidence calibrate": EXAMPLES,
    "evidence check": "tests/test_controls.py::test_every_case_and_control_of_ours_passes_and_none_is_left_out",
    "evidence library": "tests/test_contract.py::test_what_is_printed_of_two_stories_fits_the_schema_of_library",
    "evidence import market.sp500 my_index.csv": OWN_DATA,
    "evidence import market.sp500 sp500.csv --known-at 'same-day 16:30'": OWN_DATA,
    "evidence new": "tests/test_docs.py::test_the_command_asks_what_the_page_answers",
    "evidence new --answers answers.json": WRITTEN,
    "evidence refresh": "tests/test_refresh.py::test_all_publishers_are_served_and_asked",
    "evidence refresh --only fred": "tests/test_refresh.py::test_only_some_series_and_publishers",
    "evidence refresh --only tic --only cftc": "tests/test_refresh.py::test_only_some_series_and_publishers",
    "evidence refresh fed.custody.treasuries": "tests/test_refresh.py::test_only_some_series_and_publishers",
    "evidence register": "tests/test_register.py::test_the_command_says_what_is_missing_then_adds_it",
    "evidence site -o _site": "tests/test_site.py::test_the_whole_site_twice",
    "evidence.data_page": "tests/test_data_page.py::test_the_committed_page_is_what_the_code_makes",
    "evidence.reference": "tests/test_reference.py::test_the_committed_page_is_what_the_code_makes",
    "briefs.glossary_page": "tests/test_docs.py::test_the_glossary_is_what_the_code_makes",
    "briefs.sandbox": "tests/test_sandbox.py::test_a_story_is_scored_as_the_engine_scores_it",
}
"""Commands that a test runs on a place of its own, or works out in the same way."""
WHOLE = {
    "docs/own-data.md": OWN_DATA,
    "docs/extending.md": EXTENDED,
    "docs/writing-a-narrative.md": WRITTEN,
}
"""Pages of which one test runs all blocks, in their order."""


def every_command():
    """All commands of all pages by where they first stand; those in the blocks of a page that is run whole apart."""
    found = {}
    for name, text in PAGES.items():
        for line in commands(prose(text) if name in WHOLE else text):
            found.setdefault(plain(line), name)
    return found


EXEMPLARY = {shlex.join(["evidence", *words]) for words in DOCUMENTS.values()}
"""What the contract's test runs: each command's own example, with `--json`."""


def exemplary(line):
    return line.removesuffix(" --json") in EXEMPLARY


def run_here():
    """The commands that are run here."""
    ours = (line for line in every_command() if line.startswith("evidence "))
    return {line for line in ours if line.split()[1] in READING and not exemplary(line)}


@cache
def recipes():
    """The commands of the Makefile's targets that pages name, by target."""
    named = {line.split()[1] for line in every_command() if line.startswith("make ")}
    return {name: tuple(expanded(name)) for name in sorted(named)}


def expanded(target):
    """What a target would run, without running it. One that is not there fails."""
    done = subprocess.run(
        ["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return re.findall(r"python -m ([\w.]+[^>&;\n]*)", done.stdout)


@pytest.fixture(scope="module")
def one_store():
    """All commands read the same store and the same library, and ask the same engine: nothing is read or scored twice."""
    stores, engines, libraries = {}, {}, {}
    make_store, make_engine, read_library = observations.Store, engine.Engine, library.read_library
    catalogued = cache(catalogue.read)

    def store(folder=SNAPSHOT, **more):
        key = (folder, *((name, str(value)) for name, value in more.items()))
        if key not in stores:
            stores[key] = make_store(folder, **more)
        return stores[key]

    def asked_engine(held, narratives, anchors, **more):
        key = (id(held), *((name, id(one)) for name, one in narratives.items()), *anchors.items())
        if key not in engines:
            engines[key] = make_engine(held, narratives, anchors, **more)
        return engines[key]

    def read(folder=library.HOME, entries=None, name=None):
        if folder != library.HOME:
            return read_library(folder, entries, name)
        if name not in libraries:
            libraries[name] = read_library(folder, entries or catalogued(), name)
        return libraries[name]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("evidence.catalogue.read", catalogued)
        patch.setattr("evidence.observations.read_catalogue", catalogued)
        patch.setattr("evidence.observations.Store", store)
        patch.setattr("evidence.engine.Engine", asked_engine)
        patch.setattr("evidence.library.read_library", read)
        yield


KEPT = {}


def run(line):
    """A command of ours in this process, with what it prints; the same one only once."""
    if line not in KEPT:
        KEPT[line] = CliRunner().invoke(app, shlex.split(line)[1:], prog_name="python -m evidence")
    return KEPT[line]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(line, marks=pytest.mark.long if line in LONG else ())
        for line in sorted(run_here())
    ],
)
def test_a_command_runs(line, one_store, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path if "brief" in line else ROOT)
    done = run(line)
    assert done.exit_code == 0, done.stderr
    assert done.output or list(tmp_path.iterdir())


def test_every_other_command_is_run_by_a_test_that_there_is():
    """Those of targets too; a target that is none of ours (`make lint`) has modules that can be found."""
    left = {line: name for line, name in every_command().items() if not line.startswith("make ")}
    for target, lines in recipes().items():
        left |= {line.strip(): f"make {target}" for line in lines if line.startswith("evidence")}
        for line in lines:
            assert importlib.util.find_spec(line.split()[0]) is not None, line
    others = {line for line in left if line not in run_here() and not exemplary(line)}
    assert {left[line]: line for line in others - set(ELSEWHERE)} == {}
    assert set(ELSEWHERE) - others == set(), "no page has these any more"
    assert run_here() >= LONG


def test_the_tests_that_are_named_are_there_and_read_their_page():
    for test in {*ELSEWHERE.values(), *WHOLE.values()}:
        path, _, name = test.partition("::")
        tree = ast.parse((ROOT / path).read_text("utf-8"))
        assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, test
    for page, test in WHOLE.items():
        source = (ROOT / test.partition("::")[0]).read_text("utf-8")
        assert Path(page).name in source, f"{test} does not read {page}"


# -- what is quoted is said -----------------------------------------------------------------------------

QUOTING = ("docs/reading-a-verdict.md", "docs/faq.md")


def quoted(text):
    """The blocks of text of a page, each with the command that stands last before it."""
    last = None
    for language, body in FENCE.findall(text):
        if language == "text":
            yield last, body.splitlines()
        else:
            last = next((plain(line) for line in body.splitlines() if COMMAND.match(line)), last)


@pytest.mark.parametrize("name", QUOTING)
def test_what_a_page_quotes_is_what_the_command_prints(name, one_store, monkeypatch):
    monkeypatch.chdir(ROOT)
    found = list(quoted(PAGES[name]))
    assert len(found) > 4
    for line, said in found:
        printed = [row.strip() for row in run(line).stdout.splitlines()]
        for row in said:
            assert row.strip() in printed, (line, row)


def test_the_words_of_a_downgrade_are_all_told():
    for name in DOWNGRADES:
        assert f"| {name} |" in PAGES["docs/reading-a-verdict.md"]


# -- what is pointed to is there ------------------------------------------------------------------------


def links(text):
    """Where a page points to: links and pictures, without those into the web."""
    bare = re.sub(r"`[^`\n]*`", "", prose(text))
    return [to for to in re.findall(r"\]\(([^)\s]+)\)", bare) if "://" not in to]


@pytest.mark.parametrize("name", PAGES)
def test_every_link_and_picture_leads_somewhere(name):
    home = (ROOT / name).parent
    for to in links(PAGES[name]):
        place, _, anchor = to.partition("#")
        path = (home / place).resolve() if place else ROOT / name
        assert path.is_relative_to(ROOT), to
        assert path.exists(), to
        if anchor:
            assert anchor in slugs(path.read_text("utf-8")), to


@pytest.mark.parametrize("name", PAGES)
def test_a_picture_says_what_it_shows(name):
    for alt, to in re.findall(r"!\[([^\]]*)\]\(([^)]*)\)", PAGES[name]):
        assert len(alt) > 3, to


@pytest.mark.parametrize("name", PAGES)
def test_no_page_knows_this_machine(name):
    text = PAGES[name]
    assert str(ROOT) not in text
    assert not re.search(r"(?<![\w.~])/(?:home|root|tmp|work|Users|workspace)/", text)


def test_every_document_is_in_the_list_once():
    index = PAGES["docs/README.md"]
    listed = Counter(re.findall(r"\]\(([\w-]+\.md)\)", index))
    assert listed == Counter(path.name for path in DOCS.glob("*.md") if path.name != "README.md")
    assert "](contract/)" in index
    assert "docs/README.md" in links(PAGES["README.md"])


# -- everything is told ---------------------------------------------------------------------------------


def sections(text):
    """The parts of a page by their headings of the second order."""
    titles = re.split(r"^## (.+)\n", text, flags=re.MULTILINE)[1:]
    return dict(zip(titles[::2], titles[1::2], strict=True))


def test_every_page_of_the_app_is_told_with_its_address_and_a_picture():
    told = sections(PAGES["docs/pages.md"])
    assert set(told) == {place.title for place in places().values()}
    for name, place in places().items():
        assert told[place.title].lstrip().startswith(f"`/{name}`"), place.title
        assert re.search(rf"!\[.+\]\(screens/{name}-[\w-]*1280-light\.webp\)", told[place.title])


def test_everything_that_an_address_can_say_is_told():
    page = PAGES["docs/pages.md"]
    for name in (*PARAMETERS, *STEPS, *SORTS):
        assert f"`{name}`" in page, name


def test_every_form_and_every_exercise_is_told():
    page = PAGES["docs/training.md"]
    rows = dict(re.findall(r"^\| `(\w+)` \| [^|]+ \| (.+) \|$", page, re.MULTILINE))
    exercises = {path.stem: path.read_text("utf-8") for path in (ROOT / "narratives" / "exercises").glob("*.yaml")}  # fmt: skip
    assert set(rows) == set(FORMS)
    assert {name for row in rows.values() for name in re.findall(r"`([\w-]+)`", row)} == set(exercises)  # fmt: skip
    for form, row in rows.items():
        for name in re.findall(r"`([\w-]+)`", row):
            assert f"\nform: {form}\n" in exercises[name]


def test_the_glossary_is_what_the_code_makes():
    text = PAGES["docs/glossary.md"]
    assert glossary_page.page(text) == text, "run `.venv/bin/python -m briefs.glossary_page`"
    for term in glossary.terms():
        assert f"| {term.name} | {term.meaning} |" in text
    for words in (wording.DIRECTIONS, wording.OUTCOMES, wording.ROLES, wording.CONFIDENCES, wording.PARTS):  # fmt: skip
        for word in words:
            assert f"`{word}`" in text
    with pytest.raises(ValueError, match=r"glossary\.md has to hold"):
        glossary_page.page("")


def test_the_method_names_every_source_that_the_code_leans_on():
    listed = sections(PAGES["docs/method.md"])["References"]
    named = {
        "Abadie", "Berger", "Brier", "Clopper", "Collier", "Fisher", "Guyatt", "Heuer", "Lindley", "Mahoney", "Mastrandrea",
        "Shannon", "Simonsohn", "Van Evera",
    }  # fmt: skip
    assert {name for name in named if name not in listed} == set()
    for row in re.findall(r"^\| .*\. \|$", listed, re.MULTILINE):
        assert re.search(r"\((19|20)\d\d\)", row), row


# -- writing a narrative, as the page says --------------------------------------------------------------

UNASKED = {"chain": (), "episodes": ()}
"""What the worked example has and no question asks for."""
LATEST = date(2026, 10, 7)
"""The day of the verdict on the page."""


BLOCK = re.compile(r"^\*\*([^\n*]+\?)\*\*[^\n]*\n\n```\n(.*?)\n```$", re.DOTALL | re.MULTILINE)
ROW = re.compile(r"^\| ([^|]+\?) \| `([^`]+)`.*\|$", re.MULTILINE)


def answers():
    """The questions that the page answers, each with its answer: those of tests stand in tables, all others in blocks."""
    apart = [one for one in QUESTIONS if one.stage != "tests"]
    for questions, found in ((apart, BLOCK), (asked("tests"), ROW)):
        by_words = {one.ask: one for one in questions}
        for words, told in found.findall(WRITING):
            yield by_words[words], told


def as_the_page_says():
    """The draft of somebody who follows the page and knows nothing else."""
    whole, tests = {"event_is": {}, "said": {}}, []
    for one, told in answers():
        holder, _, field = one.fills.rpartition(".")
        if one.id == "test-title":
            tests.append({})
        into = tests[-1] if holder == "tests" else whole[holder] if holder else whole
        into[field] = told.splitlines() if one.many else told
    return Draft.model_validate({**whole, "said": [whole["said"]], "tests": tests})


@pytest.fixture(scope="module")
def desk():
    store = Store(SNAPSHOT)
    return store, library.read_library(library.HOME, store.catalogue)


@pytest.fixture(scope="module")
def worked(desk):
    """The worked example: its draft, its text and its reading."""
    store, known = desk
    draft = Draft.model_validate_json(ANSWERS.read_text("utf-8"))
    return draft, finished(draft, known, store)


def scored(desk, made, day=LATEST):
    store, known = desk
    story = made.reading.value
    assert story is not None, [p.text() for p in made.reading.problems]
    return engine_with([story], known, store).score(story.id, day).verdict


def test_following_the_page_alone_gives_the_worked_example(worked):
    draft, _ = worked
    by_page = as_the_page_says()
    said = tuple(one.model_copy(update={"assumed": False}) for one in draft.said)
    plainly = tuple(t.model_copy(update={"grade": t.grade or "direct"}) for t in draft.tests)
    assert by_page == draft.model_copy(update={**UNASKED, "said": said, "tests": plainly})


def test_every_question_stands_on_the_page():
    answered = {one.id for one, _ in answers()}
    for stage in set(STAGES) - {"rivals"}:  # there are none yet
        for one in asked(stage, "change_after" if stage == "tests" else ""):
            assert one.id in answered, one.ask


def test_every_answer_of_the_page_can_be_taken(desk):
    store, known = desk
    by_page = as_the_page_says()
    for test in by_page.tests:
        for one in asked("tests", test.kind):
            given = str(getattr(test, one.fills.rpartition(".")[2]) or "")
            assert fault(one, given, store.catalogue, known, test) is None, (test.title, one.ask)


def test_the_words_to_search_for_find_the_series(desk):
    store, _ = desk
    view = store.as_of(LATEST)
    named = re.findall(r"`([\w.]+)` \(search for `([^`]+)`\)", WRITING)
    assert [name for name, _ in named] == [test.series for test in as_the_page_says().tests]
    for name, words in named:
        found = find_series(view, words, lambda e: bool(kinds_for(e.id, store.catalogue)), 6)
        assert name in [one.row.id for one in found], words


def test_the_yaml_of_the_page_is_that_of_the_example(worked):
    _, made = worked
    shown = [body for language, body in FENCE.findall(WRITING) if language == "yaml" and not body.startswith("#")]  # fmt: skip
    assert len(shown) == 2
    for body in shown:
        assert body in made.text


def test_what_the_page_says_of_usual_windows(desk, worked):
    store, _ = desk
    draft, _ = worked
    view = store.as_of(LATEST)
    for test in draft.tests[:2]:
        found = usual(test, view, draft.event_is.date)
        half, most = re.findall(r"by (\S+(?: \S+)?) or less", found.words)
        assert f"by {half} or less, and 19 in 20 by {most} or less" in WRITING


def test_the_verdict_is_the_one_on_the_page(desk, worked):
    store, _ = desk
    draft, made = worked
    found = scored(desk, made)
    told = [*explaining.lines(found), *(test.seen for test in found.tests)]
    view = store.as_of(LATEST)
    anchor = draft.event_is.date
    told += [one.message for one in inference.on_the_data(made.reading.value, view, anchor)]
    said = [row for language, body in FENCE.findall(WRITING) if language == "text" for row in body.splitlines()]  # fmt: skip
    assert [row for row in said if row not in told and "4 wks" not in row] == []
    assert f"Only {wording.ways(found.robustness)}." in WRITING


def test_what_was_known_on_each_day_of_the_page(desk, worked):
    _, made = worked
    days = re.findall(r"^\| (2023-\d\d-\d\d) \| ([^|]+) \| ([^|]+) \|$", WRITING, re.MULTILINE)
    assert len(days) == 3
    for words, verdict, came in days:
        found = scored(desk, made, date.fromisoformat(words))
        told = wording.DIRECTIONS[found.direction].lower()
        sure = wording.CONFIDENCES[found.confidence]
        assert verdict == (told if found.direction == "insufficient_data" else f"{told}, {sure}")
        seen = " ".join(f"{test.seen} {wording.how_unusual(test)}" for test in found.tests)
        for figure in re.findall(r"\$\d+ bn|[\d.]+ %|\d+ of \d+ earlier windows", came):
            assert figure in seen, (words, figure)


def test_what_the_page_says_of_other_roles_and_sizes(desk, worked):
    store, known = desk
    draft, _ = worked

    def changed(**fields):
        tests = list(draft.tests)
        tests[1] = tests[1].model_copy(update=fields)
        made = finished(draft.model_copy(update={"tests": tuple(tests)}), known, store)
        return made, scored(desk, made).direction

    made, direction = changed(role="smoking_gun")
    assert direction == "mixed"
    made, direction = changed(at_least="40 bn")
    assert direction == "contradicted"
    anchor = draft.event_is.date
    assert list(inference.on_the_data(made.reading.value, store.as_of(LATEST), anchor)) == []


def test_a_problem_reads_as_on_the_page(desk, worked):
    store, _ = desk
    _, made = worked
    spoilt = made.text.replace("{after: 4 weeks}", "{after: 4 wks}")
    [problem] = read_text(spoilt, f"{made.reading.value.id}.yaml", store.catalogue).problems
    assert problem.text().splitlines()[0] in WRITING


def test_the_commands_of_writing_a_narrative_run_in_their_order(tmp_path, monkeypatch):
    """Those of docs/writing-a-narrative.md, in a folder that has the library and the answers."""
    home = tmp_path / "narratives"
    shutil.copytree(ROOT / "narratives", home)
    (tmp_path / ANSWERS.relative_to(ROOT)).parent.mkdir(parents=True)
    shutil.copyfile(ANSWERS, tmp_path / ANSWERS.relative_to(ROOT))
    monkeypatch.chdir(tmp_path)
    lines = [plain(line) for _, body in FENCE.findall(WRITING) for line in body.splitlines() if COMMAND.match(line)]  # fmt: skip
    assert len(lines) > 5
    draft = json.loads(ANSWERS.read_text("utf-8"))
    file = tmp_path / f"{draft['id']}.yaml"
    for line in lines:
        if draft["id"] in line and file.name not in line and file.exists():
            place = home / draft["event"] / file.name
            place.parent.mkdir()
            text = file.read_text("utf-8").replace("status: draft", "status: live")
            place.write_text(text, "utf-8")
            file.unlink()
        words = [*shlex.split(line)[1:], "--narratives", str(home)]
        done = CliRunner().invoke(app, words, prog_name="python -m evidence")
        assert done.exit_code == 0, (line, done.stdout, done.stderr)


def test_the_command_asks_what_the_page_answers(tmp_path, monkeypatch):
    """`new` in a terminal, with the page beside it: the same file but for what no question asks."""
    given = {one.id: told for one, told in answers() if one.stage != "tests"}
    tests = [told for one, told in answers() if one.stage == "tests"]
    said = [given[one.id] for stage in ("claim", "event") for one in asked(stage)]
    for place in range(0, len(tests), len(asked("tests", "change_after"))):
        said += [*tests[place : place + len(asked("tests", "change_after"))], "yes"]
    said[-1] = "no"
    said += ["", given["confounders"], "", given["cannot-tell"], ""]
    said += [*(given[one.id] for one in asked("said")), ""]
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["new"], input="\n".join(said) + "\n")
    assert done.exit_code == 0, done.output
    [path] = tmp_path.iterdir()
    wanted = finished(as_the_page_says(), library.read_library(), Store(SNAPSHOT))
    assert path.read_text("utf-8") == wanted.text
    assert f"{given['id']}: contradicted (confidence very low)" in done.output
