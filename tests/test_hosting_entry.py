"""Who may come in: anybody, unless the host asks readers to sign in."""

import pytest

from briefs.settings import settings
from tests.visits import session
from walkthrough import entry


@pytest.fixture
def asked(monkeypatch):
    """A host who asks readers to sign in."""
    wanted = settings().model_copy(update={"sign_in": True})
    monkeypatch.setattr(entry, "settings", lambda: wanted)


def knows(monkeypatch, **user):
    """What Streamlit knows of the reader."""
    monkeypatch.setattr("streamlit.user_info._get_user_info", lambda: user)


def said(app):
    assert not app.exception
    return [element.value for element in (*app.title, *app.markdown, *app.warning)]


def test_anybody_comes_in_as_it_is_shipped():
    assert settings().sign_in is False
    assert len(said(session())) > 10


def test_who_has_not_signed_in_sees_the_button_and_nothing_else(asked, monkeypatch):
    knows(monkeypatch, is_logged_in=False)
    app = session()
    assert said(app) == [settings().name, "This copy is for readers who sign in."]
    assert [button.label for button in app.button] == ["Sign in"]


def test_the_button_asks_the_provider(asked, monkeypatch):
    knows(monkeypatch, is_logged_in=False)
    called = []
    monkeypatch.setattr(entry.st, "login", lambda: called.append(True))
    session().button[0].click().run()
    assert called == [True]


def test_who_has_signed_in_comes_in(asked, monkeypatch):
    knows(monkeypatch, is_logged_in=True, name="Ada")
    app = session()
    assert len(said(app)) > 10
    assert not any("Ada" in text for text in said(app))


def test_without_a_provider_nobody_comes_in(asked, monkeypatch):
    knows(monkeypatch)
    app = session()
    assert said(app)[1:] == [
        "Readers have to sign in here, and nobody has said where. The host can: `docs/hosting.md`."
    ]
    assert not app.button
