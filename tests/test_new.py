"""The command `new`: a conversation on the terminal, or a file of answers, and a scored story in both cases."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
from typer.testing import CliRunner

from evidence.cli import app
from evidence.contract import FOLDER
from evidence.yaml_nodes import load_trusted

pytestmark = pytest.mark.usefixtures("read_once")

DRAFTS = Path(__file__).parent / "fixtures" / "drafts"
BANKS = DRAFTS / "bank-failures-2023.json"
STORY = "foreign-officials-sold-treasuries"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Every command runs in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments, said=""):
    return CliRunner().invoke(app, list(arguments), input=said, prog_name="python -m evidence")


TALK = """\

After US banks failed on 10 March 2023, foreign officials sold US Treasuries: in unusual amounts.
They sell.
Foreign central banks hold Treasuries to have dollars; when dollars grow scarce they sell.
Officials sold when US banks failed

Banks 2023
bank-failures-2023
The bank failures of March 2023
10 March
2023-03-10
Did foreign officials sell?

Custody holdings fall
custody
1
onset
change_after
sideways
down
5 days
4 weeks
lots
2 %
Half of the fall of March 2020.
hoop
indirect
proxy
Officials keep most of their Treasuries there.

yes
Survey shows sales
tic.net.official_bonds_notes


1 month
34 bn
One percent of what they hold.
smoking_gun

The survey tells officials from others.
Revised since.
yes
The two move together
ust.yield.10y
falls_together
ust.yield.10y
ust.yield.10y up, fed.h10.broad_dollar down
2 weeks
0.5 sd
More than usual.


Sales push prices down.

maybe
no
no-such-story

Pledged bonds leave custody.
Flights to safety.


Commentators
In the press
2023-03-24
2026-11-29
99
3
"""


def test_a_conversation_makes_a_scored_story(here):
    done = run("new", said=TALK)
    assert done.exit_code == 0, done.output
    name = "us-banks-failed-10-march-2023-foreign-officials"
    found = load_trusted((here / f"{name}.yaml").read_text("utf-8"))
    assert found["id"] == name
    assert found["title"] == "Officials sold when US banks failed"
    assert found["event_is"]["name"] == "The bank failures of March 2023"
    assert [t["id"] for t in found["tests"]] == ["custody-holdings-fall", "survey-shows-sales", "two-move-together"]  # fmt: skip
    assert found["tests"][1]["role"] == "smoking_gun"
    assert [t.get("grade") for t in found["tests"]] == ["proxy", None, None]
    assert found["tests"][2]["legs"][1] == {"series": "fed.h10.broad_dollar", "direction": "down"}
    assert found["confounders"] == ["Pledged bonds leave custody.", "Flights to safety."]
    assert {"test": "custody-holdings-fall", "event": "dash-for-cash-2020", "expects": "fires"} in found["controls"]  # fmt: skip
    assert len(found["cases"]) >= 5
    told = done.stdout
    assert "0 errors, 0 warnings" in told
    assert f"{name}: " in told
    assert "(confidence " in told
    assert "✕ survey-shows-sales: " in told


def test_every_question_is_asked_with_its_help_and_wrong_answers_again():
    told = run("new", said=TALK).stdout
    for text in (
        "What is the claim, as something that could be measured?",
        "  For example: fed.custody.treasuries",
        "  This is needed.",
        "  Write between 20 and 1,200 characters.",
        "  Use small letters, digits and hyphens between them, at most 60 characters.",
        "  Write the date as year-month-day, such as 2023-03-10.",
        "  1. Treasuries held in custody at the New York Fed for foreign officials: weekly",
        "  Write up or down.",
        "  Write direct or proxy",
        "  The series is weekly; write its window in weeks.",
        "  Half of the 257 windows before it moved by 0.7 % or less, and 19 in 20 by 2.0 % or less.",
        "  Write a number, a space and a unit, such as `2 %`.",
        "  Write two series or more, each with up or down, and commas between them.",
        "  Write yes or no.",
        "  There is no story `no-such-story`.",
        "  Write numbers from 1 to ",
    ):
        assert text in told, text
    order = ["What is claimed", "What happened", "What we would see if it were true", "What else could explain it",
             "How this could be wrong", "Who said it"]  # fmt: skip
    places = [told.index(f"\n{heading}\n-") for heading in order]
    assert places == sorted(places)


def test_a_search_that_finds_much_says_how_much_more():
    told = run(
        "new", said=TALK.replace("\ncustody\n1\nonset", "\nzzzzqqqq\nnet purchases\n1", 1)
    ).stdout
    assert "  Nothing has all of these words; try fewer or others" in told
    assert re.search(r"\n  9\. .*\n  [0-9]+ more have these words; more words find fewer\.\n", told)


def test_a_conversation_that_ends_early_writes_nothing(here):
    done = run("new", said=TALK[:400])
    assert done.exit_code == 1
    assert list(here.iterdir()) == []
    assert "Traceback" not in done.output


def test_the_file_gives_the_story_its_name(here):
    done = run("new", "-o", "sold.yaml", said=TALK)
    assert done.exit_code == 0, done.output
    assert load_trusted((here / "sold.yaml").read_text("utf-8"))["id"] == "sold"


def test_answers_from_a_file_pass_lint_and_are_scored(here):
    done = run("new", "--answers", str(BANKS), "--json")
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["file"], found["errors"], found["warnings"]) == (f"{STORY}.yaml", 0, 0)
    assert found["left_out"] == []
    schema = json.loads((FOLDER / "new.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(found)
    assert set(found) == set(schema["properties"])
    assert found["verdict"]["direction"] == "contradicted"
    lint = run("lint", f"{STORY}.yaml")
    assert (lint.exit_code, lint.stdout, lint.stderr) == (0, "", "0 errors, 0 warnings\n")
    scored = json.loads(run("score", f"{STORY}.yaml", "--json").stdout)
    assert scored["verdicts"] == [found["verdict"]]


def test_as_of_an_earlier_day(here):
    run("new", "--answers", str(BANKS))
    done = run("score", f"{STORY}.yaml", "--as-of", "2023-03-31", "--json")
    told = {t["id"]: t["outcome"] for t in json.loads(done.stdout)["verdicts"][0]["tests"]}
    assert told["survey-shows-official-net-sales"] == "not_evaluable"


def test_a_draft_beside_stories_of_the_library():
    run("new", "--answers", str(BANKS))
    done = run("score", f"{STORY}.yaml", "dollar-fell-before")
    assert done.exit_code == 0
    heads = [line.split(":")[0] for line in done.stdout.splitlines() if not line.startswith(" ")]
    assert heads == ["dollar-fell-before", STORY]


@pytest.fixture
def renamed(here):
    """The story as a browser saves it a second time, under another name and apart from any library."""
    run("new", "--answers", str(BANKS))
    place = here / "own (1).yaml"
    (here / f"{STORY}.yaml").rename(place)
    return place


def test_a_download_may_be_called_anything(renamed):
    linted = run("lint", renamed.name)
    assert (linted.exit_code, linted.stderr) == (0, "0 errors, 1 warning\n")
    assert linted.stdout.startswith(
        f"{renamed.name}:2:5: file-name: warning: the file is called `{renamed.name}`; a library takes it as `{STORY}.yaml`\n"
    )
    scored = run("score", renamed.name)
    assert (scored.exit_code, scored.stderr) == (0, "")
    assert scored.stdout.startswith(f"{STORY}: ")


def test_a_draft_is_checked_and_explained_where_it_lies(renamed):
    checked = run("check", renamed.name)
    assert checked.exit_code == 0, checked.output
    assert f"passed  {STORY}: " in checked.stdout
    assert checked.stdout.endswith(" 0 failed\n")
    found = json.loads(run("explain", renamed.name, "--json").stdout)
    scored = json.loads(run("score", renamed.name, "--json").stdout)["verdicts"][0]
    assert (found["id"], found["identity"]) == (STORY, scored["identity"])
    one = run("explain", renamed.name, "--test", "long-yields-rise")
    assert one.exit_code == 0


@pytest.mark.parametrize("command", ["check", "explain", "score"])
def test_a_draft_that_cannot_be_read_is_told_with_its_problem(here, command):
    (here / "draft.yml").write_text("schema: 1\nid: draft\n", "utf-8")
    for name, told in (("draft.yml", "draft.yml:1:1: missing"), ("none.yaml", "none.yaml:1:1: unreadable")):  # fmt: skip
        done = run(command, name)
        assert (done.exit_code, done.stdout) == (1, "")
        assert told in done.stderr


def test_one_error_is_one_error(here):
    (here / "draft.yaml").write_text("- 1\n", "utf-8")
    assert run("lint", "draft.yaml").stderr == "1 error, 0 warnings\n"


def test_nothing_is_written_over(here):
    place = here / f"{STORY}.yaml"
    place.write_text("mine", "utf-8")
    done = run("new", "--answers", str(BANKS))
    assert done.exit_code == 2
    assert "is there already; --force writes over it" in done.stderr
    assert place.read_text("utf-8") == "mine"
    assert run("new", "--answers", str(BANKS), "--force").exit_code == 0
    assert place.read_text("utf-8").startswith("schema: 1\n")


def test_nonsense_is_written_and_told(here):
    done = run("new", "--answers", str(DRAFTS / "nonsense.json"))
    assert done.exit_code == 1
    assert "nonsense.yaml is written: " in done.stdout
    assert "there is no kind of test `vibes`" in done.stdout
    assert "Traceback" not in done.output
    scored = run("score", "nonsense.yaml")
    assert scored.exit_code == 1
    assert "unknown-kind" in scored.stderr


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "cannot be read"),
        ("{", "the file: Invalid JSON"),
        ("[]", "the file: "),
        ('{"clam": "x"}', "clam: "),
        ('{"tests": [{"direction": "sideways"}]}', "tests.0.direction: "),
        ("{}", "the answers give no id"),
    ],
)
def test_answers_that_cannot_be_read(here, text, told):
    place = here / "answers.json"
    if text is not None:
        place.write_text(text, "utf-8")
    done = run("new", "--answers", str(place))
    assert done.exit_code == 2
    assert told in done.stderr
    assert [p.name for p in here.iterdir()] == ([] if text is None else ["answers.json"])


def test_a_place_that_cannot_be_written(here):
    for place in ("no/such/folder/x.yaml", "."):
        done = run("new", "--answers", str(BANKS), "-o", place)
        assert done.exit_code == 2
        assert "cannot be written" in done.stderr
