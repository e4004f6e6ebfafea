"""A story that brings its own event: where it counts, where it is refused, and that it changes no other story."""

import json
from pathlib import Path

import pytest

from evidence.catalogue import read as read_catalogue
from evidence.library import HOME, read_library, read_paths
from evidence.narrative import Narrative
from evidence.yaml_nodes import load_trusted

HERE = Path(__file__).parent / "fixtures" / "narratives"
CATALOGUE = read_catalogue(HERE / "catalogue")
BANKS = """\
event_is:
  name: Three banks fail
  date: 2023-03-10
  question: Who sold Treasuries when the banks failed?
"""


def story(name="banks", event="banks-2023", event_is=BANKS):
    """A sound story of another event."""
    text = (HERE / "printed.good.yaml").read_text("utf-8").replace("id: printed", f"id: {name}")
    return text.replace("event: liberation-day\n", f"event: {event}\n{event_is}")


@pytest.fixture
def home(tmp_path):
    """A library with one event that has an `event.yaml`."""
    folder = tmp_path / "narratives"
    write(folder, "controls.yaml", "schema: 1\ncontrols: []\n")
    write(
        folder,
        "liberation-day/event.yaml",
        "schema: 1\nid: liberation-day\nname: Tariffs\ndate: 2025-04-02\nquestion: Who sold?\n",
    )
    return folder


def write(folder, name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def heads(problems):
    return [problem.text().splitlines()[0] for problem in problems]


def test_a_folder_whose_story_says_what_happened_needs_no_event_file(home):
    write(home, "banks-2023/banks.yaml", story())
    write(home, "banks-2023/other.yaml", story("other", event_is=""))
    found = read_library(home, CATALOGUE)
    assert heads(found.problems) == []
    event = found.events["banks-2023"]
    assert (event.id, event.name, str(event.date)) == (
        "banks-2023",
        "Three banks fail",
        "2023-03-10",
    )
    assert event.question == "Who sold Treasuries when the banks failed?"
    assert event.background == ""
    assert event.marks == ()
    assert str(found.anchor(found.narratives["other"])) == "2023-03-10"
    assert read_paths([home / "banks-2023"], home, CATALOGUE) == ()
    assert read_paths([home / "banks-2023" / "banks.yaml"], home, CATALOGUE) == ()


def test_two_stories_of_an_event_say_the_same(home):
    write(home, "banks-2023/banks.yaml", story())
    write(home, "banks-2023/other.yaml", story("other"))
    assert heads(read_library(home, CATALOGUE).problems) == []
    write(
        home,
        "banks-2023/other.yaml",
        story("other", event_is=BANKS.replace("2023-03-10", "2023-03-12")),
    )
    found = read_library(home, CATALOGUE)
    assert heads(found.problems) == [
        (
            "narratives/banks-2023/other.yaml:11:9: event-is: another story of the event `banks-2023` says "
            "`2023-03-10` here; they have to say the same"
        )
    ]
    assert list(found.narratives) == ["banks"]


def test_where_an_event_file_says_it_a_story_does_not(home):
    write(home, "liberation-day/banks.yaml", story(event="liberation-day"))
    found = read_library(home, CATALOGUE)
    assert heads(found.problems) == [
        (
            "narratives/liberation-day/banks.yaml:9:1: event-is: the event `liberation-day` has an `event.yaml`, "
            "which says what happened; take `event_is` out"
        )
    ]
    assert found.events["liberation-day"].name == "Tariffs"


def test_without_either_the_event_is_unknown(home, tmp_path):
    draft = write(tmp_path, "banks.yaml", story(event_is=""))
    assert heads(read_paths([draft], home, CATALOGUE)) == [
        (
            f"{draft.as_posix()}:8:8: unknown-event: there is no event `banks-2023`: a folder of that name with an "
            "`event.yaml`; for another one say under `event_is` what happened"
        )
    ]
    write(home, "banks-2023/banks.yaml", story(event_is=""))
    assert [p.code for p in read_library(home, CATALOGUE).problems] == ["no-event", "unknown-event"]


def test_a_draft_alone_brings_its_event(home, tmp_path):
    draft = write(tmp_path, "banks.yaml", story())
    assert read_paths([draft], home, CATALOGUE) == ()
    write(home, "banks-2023/other.yaml", story("other"))
    assert read_paths([draft], home, CATALOGUE) == ()
    draft.write_text(story(event_is=BANKS.replace("Three", "Two")), "utf-8")
    assert [p.code for p in read_paths([draft], home, CATALOGUE)] == ["event-is"]


def test_a_draft_may_say_anew_what_only_it_said(home, tmp_path):
    write(home, "banks-2023/banks.yaml", story())
    draft = write(tmp_path, "banks.yaml", story(event_is=BANKS.replace("Three", "Two")))
    assert read_paths([draft], home, CATALOGUE) == ()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("date: 2023-03-10", "date: 10 March", "wrong-type"),
        ("date: 2023-03-10", "date: 1823-03-10", "date-out-of-range"),
        ("  name: Three banks fail\n", "", "missing-key"),
        ("  name: Three banks fail\n", "  name: Three banks fail\n  id: x\n", "unknown-key"),
    ],
)
def test_what_a_story_cannot_say(home, old, new, code):
    write(home, "banks-2023/banks.yaml", story(event_is=BANKS.replace(old, new)))
    found = read_library(home, CATALOGUE)
    assert code in [p.code for p in found.problems]
    assert "banks-2023" not in found.events
    assert not found.narratives


def test_a_story_without_it_is_written_as_before():
    """A verdict's identity hashes this: a key more would make every old mark another."""
    for path in sorted((HOME / "liberation-day").glob("*.yaml")):
        if path.name not in ("event.yaml", "audit.yaml"):
            given = load_trusted(path.read_text("utf-8"))
            written = Narrative.model_validate(given).written
            assert "event_is" not in written
            assert "event_is" not in json.dumps(written)
    with_it = Narrative.model_validate(load_trusted(story())).written
    assert with_it["event_is"] == {
        "name": "Three banks fail",
        "date": "2023-03-10",
        "question": "Who sold Treasuries when the banks failed?",
        "background": "",
    }
