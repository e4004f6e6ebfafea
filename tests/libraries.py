"""Libraries as large as one likes: the project's stories under other names."""

import re
import shutil
from pathlib import Path

NARRATIVES = Path(__file__).parent.parent / "narratives"


def renamed(folder: Path, count: int, of: tuple[str, ...] = ()) -> Path:
    """A folder with `count` stories that nobody has read before: copies of the project's in turn, or of some of them.

    A copy differs by its id alone, so it costs what its story costs. The project's own stand beside them,
    because copies name them as rivals and in conditions.
    """
    shutil.copytree(NARRATIVES, folder)
    originals = sorted(
        path
        for path in NARRATIVES.glob("*/*.yaml")
        if path.name not in ("event.yaml", "audit.yaml")
        and path.parent.name != "exercises"
        and (path.stem in of or not of)
    )
    for number in range(count):
        path = originals[number % len(originals)]
        name = f"{path.stem}-{number:05d}"
        text = path.read_text("utf-8")
        text = re.sub(rf"^id: {path.stem}$", f"id: {name}", text, count=1, flags=re.MULTILINE)
        text = re.sub(r"^was: .*\n", "", text, flags=re.MULTILINE)
        (folder / path.parent.name / f"{name}.yaml").write_text(text, "utf-8")
    return folder


def copies(ids: list[str]) -> list[str]:
    """Those of some ids that `renamed` made."""
    return [name for name in ids if re.search(r"-\d{5}$", name)]
