"""Briefs made in a process of their own: the same bytes as here, kept by identity, troubles as data."""

import subprocess
from datetime import date

import pytest

from briefs import worker
from evidence.trouble import Trouble
from tests import ours

DAY = date(2025, 6, 20)
STORY = "us-crowds-the-index"


@pytest.fixture(autouse=True)
def nothing_kept():
    worker._kept.clear()


def test_it_makes_what_the_command_makes_and_keeps_it(monkeypatch):
    made = worker.made(STORY, "csv", DAY, None, None, identity="one")
    assert isinstance(made, bytes)
    from briefs.paper import making

    assert made == making.made(ours.desk(), STORY, "csv", DAY, None, "a4")

    def refused(*_, **__):
        raise AssertionError("a second process")

    monkeypatch.setattr(subprocess, "run", refused)
    assert worker.made(STORY, "csv", DAY, None, None, identity="one") is made
    for other in ({"identity": "two"}, {"identity": ""}):
        with pytest.raises(AssertionError):
            worker.made(STORY, "csv", DAY, None, None, **other)
    with pytest.raises(AssertionError):
        worker.made(STORY, "pdf", DAY, None, None, identity="one")


def test_what_cannot_be_made_is_a_trouble_in_words():
    found = worker.made("no-such-story", "csv", DAY, None, None, identity="one")
    assert isinstance(found, Trouble)
    assert "no-such-story" in found.message
    assert not worker._kept


def test_a_name_cannot_be_an_option(monkeypatch):
    asked = []

    def recorded(command, **_):
        asked.append(command)
        return subprocess.CompletedProcess(command, 2, "", "refused\n")

    monkeypatch.setattr(subprocess, "run", recorded)
    found = worker.made(
        "--narratives=/etc", "pdf", DAY, 2, "https://flowcheck.example.org", "letter"
    )
    assert found == Trouble(source="--narratives=/etc", line=0, message="refused")
    command = asked[0]
    assert command[-2:] == ["--", "--narratives=/etc"]
    assert command[command.index("--snapshot-n") + 1] == "2"
    assert command[command.index("--paper") + 1] == "letter"


def test_a_brief_that_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(worker, "SECONDS", 0.05)
    found = worker.made(STORY, "csv", DAY, None, None)
    assert isinstance(found, Trouble)
    assert "not made within" in found.message
