"""`settings.yaml`: who runs this app and what has to stand under every page. The one place for both."""

from functools import cache
from pathlib import Path

from evidence.frozen import Frozen
from evidence.yaml_nodes import load_trusted

FILE = Path(__file__).resolve().parent.parent / "settings.yaml"


class Settings(Frozen):
    """What the footer says. A host changes the file, not the code.

    app_url: where the app is found, for links and briefs. sign_in: whether readers have to sign in first (docs/hosting.md).
    """

    name: str
    operator: str
    contact: str
    project_url: str | None = None
    app_url: str | None = None
    sign_in: bool = False
    not_advice: str
    not_affiliated: str


@cache
def settings() -> Settings:
    """The settings, read once."""
    return Settings.model_validate(load_trusted(FILE.read_text(encoding="utf-8")))
