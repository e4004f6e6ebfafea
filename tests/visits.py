"""The app without a browser: one session, opened at an address."""

import re
from pathlib import Path

from streamlit.testing.v1 import AppTest

from walkthrough import memory

ROOT = Path(__file__).parent.parent


WAY = re.compile(r"\[((?:\\.|[^]\\]|:\w+\[[^]]*\])+)\]\((\w+)\?([^)\s]*)")
"""A way to a place in the app, as Markdown: its label, page and query."""


class Idle:
    """In place of the thread that makes the histories of all stories: half a minute of work beside other tests."""

    def __init__(self, **_):
        pass

    def start(self):
        """Nothing begins."""

    def is_alive(self):
        """No other need be started."""
        return True


def session(seconds=300):
    """The app as somebody opens it; a run may take that long. Only those histories are made that are asked for."""
    memory.Thread = Idle
    return AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=seconds).run()


def visit(app, page, **query):
    """A page as somebody who opens that address sees it; an exception on it fails."""
    for name in list(app.query_params):
        del app.query_params[name]
    for name, value in query.items():
        app.query_params[name] = value
    app.switch_page(f"walkthrough/pages/{page}.py").run()
    assert not app.exception, [e.value for e in app.exception]
    return app


def headlines(app):
    """The headings of the first level, of which a page has one: by themselves, or at the head of a text."""
    own = [title.value for title in app.title]
    heads = [text.value.split("\n")[0] for text in app.markdown if text.value.startswith("# ")]
    return own + [head.removeprefix("# ") for head in heads]


def ways(app):
    """(label, query) of all links to places in the app: those of their own, and those in texts."""
    alone = [(link.proto.label, link.proto.query_string) for link in app.get("page_link")]
    told = [(label, query) for text in app.markdown for label, _, query in WAY.findall(text.value)]
    return alone + told
