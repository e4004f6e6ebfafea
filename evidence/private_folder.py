"""Which folder is the private store: `folder` says which one is read, `place` where an import may write.

Apart from the store itself, so that whoever only reads loads nothing of what writes.
"""

from collections.abc import Mapping
from pathlib import Path

from platformdirs import user_data_dir

SETTING, HOSTED, OFF = "FLOWCHECK_PRIVATE", "FLOWCHECK_HOSTED", "off"
"""The setting that names the folder, the one that tells a hosted copy, and the word for no store."""
REPO = Path(__file__).resolve().parent.parent


class PrivateFault(Exception):
    """Why nothing can be written to the private store."""


def home() -> Path:
    """Where the store lies if nobody says otherwise: the user's own data, as the system keeps them."""
    return Path(user_data_dir("flowcheck", appauthor=False)) / "private"


def folder(environ: Mapping[str, str]) -> Path | None:
    """The private store that is read; of a hosted copy only one that is named."""
    said = environ.get(SETTING, "").strip()
    if said:
        return None if said.lower() == OFF else Path(said).expanduser()
    if environ.get(HOSTED):
        return None
    return home() if home().is_dir() else None


def place(environ: Mapping[str, str], given: Path | None = None) -> Path:
    """The folder that an import writes to. Raises PrivateFault where it may not."""
    said = environ.get(SETTING, "").strip()
    if given is None and said.lower() == OFF:
        raise PrivateFault(f"{SETTING} is off; name a folder with it or with --private")
    if given is None and not said and environ.get(HOSTED):
        raise PrivateFault(f"a hosted copy has no private store unless {SETTING} names its folder")
    chosen = (given or (Path(said) if said else home())).expanduser().resolve()
    if chosen.exists() and not chosen.is_dir():
        raise PrivateFault(f"{chosen} is a file; a folder is needed")
    for above in (chosen, *chosen.parents):
        if above == REPO or (above / ".git").exists():
            raise PrivateFault(
                f"{chosen} lies in the repository {above}; data of your own need a folder outside of it"
            )
    return chosen
