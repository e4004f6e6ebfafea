"""The folder of narratives: what is read, in which order, and what is said of the rest."""

from pathlib import Path

import pytest

from evidence.catalogue import read as read_catalogue
from evidence.library import read_library, read_paths

HERE = Path(__file__).parent / "fixtures" / "narratives"
CATALOGUE = read_catalogue(HERE / "catalogue")
EVENT = "schema: 1\nid: {id}\nname: An event\ndate: {date}\nquestion: Who sold?\n"
CONTROLS = """\
schema: 1
controls:
  - {id: dash-for-cash-2020, name: The dash for cash, date: 2020-03-04, known: Officials sold., source: The Fed}
"""


def fixture(name):
    return (HERE / f"{name}.good.yaml").read_text("utf-8")


def rival(name, event="liberation-day", shelf="said"):
    """Another narrative: the printed one under another name."""
    text = (
        fixture("printed")
        .replace("id: printed", f"id: {name}")
        .replace("event: liberation-day", f"event: {event}")
    )
    return text.replace("shelf: said", f"shelf: {shelf}")


@pytest.fixture
def home(tmp_path):
    """A library that is as it should be."""
    folder = tmp_path / "narratives"
    files = {
        "controls.yaml": CONTROLS,
        "liberation-day/event.yaml": EVENT.format(id="liberation-day", date="2025-04-02"),
        "liberation-day/story.yaml": fixture("story"),
        "liberation-day/dates.yaml": fixture("dates"),
        "liberation-day/together.yaml": fixture("together"),
        "liberation-day/private-protest.yaml": rival("private-protest"),
        "liberation-day/basis-trade.yaml": rival("basis-trade").replace(
            "shelf: said\n", "shelf: said\norder: -1\n"
        ),
        "liberation-day/README.md": "not one of ours",
        "liberation-day/.hidden.yaml": "{",
        "liberation-day/_draft.yaml": "{",
        "dash-2020/event.yaml": EVENT.format(id="dash-2020", date="2020-03-04"),
        "dash-2020/older.yaml": rival("older", "dash-2020", "watch"),
        "exercises.yaml": "anything",
        ".git/x.yaml": "{",
        "notes/readme.txt": "no YAML, no event",
    }
    for name, text in files.items():
        write(folder, name, text)
    return folder


def write(folder, name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def change(folder, name, old, new):
    path = folder / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def heads(problems):
    return [problem.text().splitlines()[0] for problem in problems]


def read(folder):
    return read_library(folder, CATALOGUE)


def test_in_order_of_date_shelf_order_and_id(home):
    found = read(home)
    assert heads(found.problems) == []
    assert list(found.narratives) == [
        "older",
        "dates",
        "together",
        "basis-trade",
        "private-protest",
        "story",
    ]
    assert list(found.events) == ["dash-2020", "liberation-day"]
    assert list(found.controls) == ["dash-for-cash-2020"]
    assert not found.broken
    assert [n.id for n in found.live] == [
        "older",
        "dates",
        "basis-trade",
        "private-protest",
        "story",
    ]
    assert str(found.anchor(found.narratives["dates"])) == "2025-01-13"
    assert str(found.anchor(found.narratives["story"])) == "2025-04-02"


def test_former_ids_are_found(home):
    found = read(home)
    assert found.find("retaliation").id == found.find("story").id == "story"
    assert found.find("nothing") is None
    assert found.nearest("stoory") == "`story`"


def test_a_broken_narrative_is_left_out_and_its_rivals_stay(home):
    change(home, "liberation-day/basis-trade.yaml", "status: live", "status: life")
    found = read(home)
    assert heads(found.problems) == [
        "narratives/liberation-day/basis-trade.yaml:6:9: wrong-word: `status` has to be draft, live or retired, not `life` (did you mean `live`?)"
    ]
    assert "basis-trade" not in found.narratives
    assert "story" in found.narratives
    assert found.broken


@pytest.mark.parametrize(
    ("name", "old", "new", "left_out", "expected"),
    [
        (
            "story", "basis-trade]", "basis-trad]", "story",
            "story.yaml:16:27: unknown-rival: there is no narrative `basis-trad` (did you mean `basis-trade`?)",
        ),
        (
            "story", "event: dash-for-cash-2020", "event: dash-for-cash-2021", "story",
            "story.yaml:54:34: unknown-control: there is no control event `dash-for-cash-2021` in `controls.yaml` (did you mean `dash-for-cash-2020`?)",
        ),
        (
            "story", "was: [retaliation]", "was: [dates]", "story",
            "story.yaml:61:7: was: `dates` is the id, now or formerly, of another narrative",
        ),
        (
            "dates", "event: liberation-day", "event: dash-2020", "dates",
            "dates.yaml:8:8: event-folder: the file lies in the folder `liberation-day`; its `event` has to be the same (did you mean `liberation-day`?)",
        ),
        (
            "dates", "id: dates", "id: days", "dates",
            "dates.yaml:3:5: file-name: the file is called `dates.yaml`; its `id` has to be the same (did you mean `dates`?)",
        ),
        (
            "private-protest", "status: live", "status: retired", None,
            "story.yaml:16:10: unknown-rival: warning: the rival `private-protest` is retired",
        ),
    ],
)  # fmt: skip
def test_what_only_the_whole_library_shows(home, name, old, new, left_out, expected):
    change(home, f"liberation-day/{name}.yaml", old, new)
    found = read(home)
    told = [
        head
        for head in heads(found.problems)
        if "rivals-expect" not in head and ": rival: " not in head
    ]
    assert f"narratives/liberation-day/{expected}" in told
    assert len(told) == 1
    assert (left_out is None) != (left_out not in found.narratives and left_out is not None)


def test_an_event_that_is_not_there(home):
    change(home, "liberation-day/dates.yaml", "event: liberation-day", "event: liberation-dya")
    assert {p.code for p in read(home).problems} == {"unknown-event", "event-folder"}


def test_a_folder_without_an_event(home):
    (home / "dash-2020" / "event.yaml").unlink()
    found = read(home)
    assert [p.code for p in found.problems] == ["no-event", "unknown-event"]
    assert "older" not in found.narratives


def test_a_broken_event_takes_its_narratives_with_it(home):
    write(home, "dash-2020/event.yaml", "{")
    found = read(home)
    assert [(p.file, p.code) for p in found.problems] == [
        ("narratives/dash-2020/event.yaml", "syntax"), ("narratives/dash-2020/older.yaml", "event-broken"),
    ]  # fmt: skip
    assert list(found.events) == ["liberation-day"]


def test_two_narratives_of_one_name(home):
    write(
        home,
        "dash-2020/story.yaml",
        fixture("story")
        .replace("event: liberation-day", "event: dash-2020")
        .replace("was: [retaliation]\n", ""),
    )
    found = read(home)
    assert heads(found.problems) == [
        "narratives/liberation-day/story.yaml:3:5: duplicate-id: there is another narrative `story`, in the folder `dash-2020`"
    ]
    assert found.narratives["story"].event == "dash-2020"


def test_two_that_claim_one_former_name(home):
    change(home, "liberation-day/dates.yaml", "anchor:", "was: [retaliation]\nanchor:")
    found = read(home)
    assert [p.code for p in found.problems] == ["was"]
    assert found.find("retaliation") is not None
    assert len(found.narratives) == 5


@pytest.mark.parametrize(
    ("text", "codes"),
    [("", ["empty"]), ("schema: 1\ncontrols: 5\n", ["wrong-type"]), (None, ["unknown-control"])],
)
def test_controls_that_cannot_be_read(home, text, codes):
    if text is None:
        (home / "controls.yaml").unlink()
    else:
        write(home, "controls.yaml", text)
    found = read(home)
    assert [p.code for p in found.problems] == codes
    assert ("story" in found.narratives) == (text is not None)
    assert found.controls == {}


def test_a_name_that_ends_otherwise(home):
    write(home, "liberation-day/other.yml", "schema: 1")
    assert heads(read(home).problems) == [
        "narratives/liberation-day/other.yml:1:1: file-name: the name has to end in `.yaml`, or the file is not read"
    ]


def test_links_that_lead_out_are_refused(home, tmp_path):
    outside = tmp_path / "outside"
    write(outside, "event.yaml", EVENT.format(id="outside", date="2025-04-02"))
    write(outside, "secret.yaml", "password: 1")
    (home / "outside").symlink_to(outside)
    (home / "liberation-day" / "secret.yaml").symlink_to(outside / "secret.yaml")
    (home / "liberation-day" / "loop.yaml").symlink_to(home / "liberation-day" / "loop.yaml")
    (home / "liberation-day" / "gone.yaml").symlink_to(home / "liberation-day" / "nowhere.yaml")
    found = read(home)
    assert {(p.file.removeprefix("narratives/"), p.code) for p in found.problems} == {
        ("outside", "link"), ("liberation-day/secret.yaml", "link"), ("liberation-day/loop.yaml", "unreadable"), ("liberation-day/gone.yaml", "unreadable"),
    }  # fmt: skip
    assert not any("password" in p.text() for p in found.problems)
    assert len(found.narratives) == 6


def test_controls_that_lead_out_are_refused(home, tmp_path):
    (home / "controls.yaml").unlink()
    write(tmp_path, "elsewhere.yaml", CONTROLS)
    (home / "controls.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    found = read(home)
    assert [p.code for p in found.problems] == ["link"]
    assert found.controls == {}


def test_no_folder(tmp_path):
    found = read(tmp_path / "none")
    assert [p.code for p in found.problems] == ["unreadable"]
    assert found.narratives == {}
    (tmp_path / "bare").mkdir()
    assert read(tmp_path / "bare").problems == ()


# -- conditions -------------------------------------------------------------------------------------


def resting(home, name, *conditions):
    """Gives a narrative of the library a `when`."""
    lines = "".join(f"  - {condition}\n" for condition in conditions)
    path = f"liberation-day/{name}.yaml"
    change(home, path, "thresholds_set:", f"when:\n{lines}thresholds_set:")


def test_conditions_that_can_be_met(home):
    resting(
        home,
        "story",
        "{narrative: dates, direction: supported}",
        "{narrative: dates, test: peaked-early, outcome: consistent}",
        "{narrative: together, direction: contradicted}",
    )
    resting(home, "together", "{narrative: dates, direction: mixed}")
    found = read(home)
    assert heads(found.problems) == []
    assert len(found.narratives["story"].when) == 3


@pytest.mark.parametrize(
    ("condition", "code", "message"),
    [
        (
            "{narrative: date, direction: supported}",
            "unknown-condition",
            "there is no narrative `date` (did you mean `dates`?)",
        ),
        (
            "{narrative: together, test: all-fal, outcome: consistent}",
            "unknown-condition",
            "`together` has no test `all-fal` (did you mean `all-fall`?)",
        ),
    ],
)
def test_conditions_on_what_is_not_there(home, condition, code, message):
    resting(home, "story", condition)
    found = read(home)
    [head] = heads(found.problems)
    assert head.endswith(f"story.yaml:19:{head.split(':')[2]}: {code}: {message}")
    assert "story" not in found.narratives
    assert "together" in found.narratives


def test_conditions_in_a_circle(home):
    """story → dates → together → story: each is told, and none can be scored; who rests on them cannot either."""
    for name, other in (("story", "dates"), ("dates", "together"), ("together", "story")):
        resting(home, name, f"{{narrative: {other}, direction: supported}}")
    resting(home, "basis-trade", "{narrative: story, direction: supported}")
    found = read(home)
    assert sorted((Path(p.file).stem, p.code) for p in found.problems) == [
        ("basis-trade", "condition-broken"),
        ("dates", "condition-cycle"),
        ("story", "condition-cycle"),
        ("together", "condition-cycle"),
    ]
    [circle] = [p for p in found.problems if p.file.endswith("story.yaml")]
    assert circle.message == (
        "these conditions go round in a circle: `story` rests on `dates` rests on `together` rests on `story`"
    )
    assert list(found.narratives) == ["older", "private-protest"]


def test_a_condition_on_a_broken_narrative(home):
    """What cannot be read has no verdict, so nothing can rest on it, however far away."""
    resting(home, "story", "{narrative: dates, direction: supported}")
    resting(home, "together", "{narrative: story, direction: supported}")
    change(home, "liberation-day/dates.yaml", "status: live", "status: life")
    found = read(home)
    assert [(Path(p.file).stem, p.code) for p in found.problems] == [
        ("dates", "wrong-word"),
        ("story", "condition-broken"),
        ("together", "condition-broken"),
    ]
    assert {"story", "together", "dates"}.isdisjoint(found.narratives)


def test_a_condition_on_a_retired_narrative_is_a_warning(home):
    change(home, "liberation-day/dates.yaml", "status: live", "status: retired")
    resting(home, "story", "{narrative: dates, direction: supported}")
    found = read(home)
    [problem] = [p for p in found.problems if p.file.endswith("story.yaml")]
    assert (problem.code, problem.severity) == ("unknown-condition", "warning")
    assert "story" in found.narratives


def test_a_draft_is_held_against_the_tests_that_there_are(home, tmp_path):
    draft = tmp_path / "story.yaml"
    text = fixture("story")
    for outcome, codes in (("all-fall", []), ("all-rise", ["unknown-condition"])):
        when = f"when: [{{narrative: together, test: {outcome}, outcome: neutral}}]\n"
        draft.write_text(text.replace("thresholds_set:", f"{when}thresholds_set:"), "utf-8")
        assert [p.code for p in read_paths([draft], home, CATALOGUE)] == codes


def test_paths_of_the_command_line(home, tmp_path):
    change(home, "liberation-day/story.yaml", "basis-trade]", "basis-trad]")
    change(home, "liberation-day/dates.yaml", "status: live", "status: life")
    story, dates = home / "liberation-day" / "story.yaml", home / "liberation-day" / "dates.yaml"

    def told(*paths):
        return [(Path(p.file).name, p.code) for p in read_paths(paths, home, CATALOGUE)]

    both = [
        ("dates.yaml", "wrong-word"),
        ("story.yaml", "unknown-rival"),
        ("story.yaml", "rival"),
        ("story.yaml", "rivals-expect"),
    ]
    assert (
        sorted(told(home))
        == sorted(told(home / "liberation-day"))
        == sorted(told(dates, story))
        == sorted(both)
    )
    assert sorted(told(home, story)) == sorted(both)
    assert told(dates) == [("dates.yaml", "wrong-word")]
    assert told(home / "controls.yaml") == told(home / "dash-2020") == []
    assert read_paths([dates], home, CATALOGUE)[0].file == dates.as_posix()
    draft = tmp_path / "story.yaml"
    draft.write_text(fixture("story"), "utf-8")
    assert told(draft) == []
    draft.write_text(
        fixture("story").replace("event: dash-for-cash-2020", "event: dash-for-cash"), "utf-8"
    )
    assert told(draft) == [("story.yaml", "unknown-control")]
    assert told(tmp_path / "nothing.yaml") == [("nothing.yaml", "unreadable")]
    write(tmp_path, "event.yaml", "{")
    assert told(tmp_path / "event.yaml") == [("event.yaml", "syntax")]
