"""Where an address of the app stands in the folder: every link is relative, so that a page opens from a disk too."""

from dataclasses import dataclass

from briefs.address import Address

ROOT = "index.html"


def path(to: Address) -> str:
    """The file that holds an address: `story/basis-trade-unwind.html`."""
    if to.page == "start":
        return ROOT
    if to.page == "story":
        return f"story/{to.story}.html"
    if to.page == "walk":
        return f"walk/{to.chapter}.html"
    return f"{to.page}.html"


def anchor(to: Address) -> str:
    """The section in that file: a step of a story goes by its name, a test by `tests-` and its id."""
    if to.page == "story":
        return f"tests-{to.test}" if to.step == "tests" and to.test else to.step
    if to.page == "walk":
        return to.step
    return to.figure if to.page == "audit" else ""


@dataclass(frozen=True)
class Links:
    """The links of the page at `own`, a path in the folder."""

    own: str

    def file(self, there: str) -> str:
        """A file of the folder, seen from this page."""
        return "../" * self.own.count("/") + there

    def to(self, there: Address) -> str:
        """An address; the top of a story stands for its first step."""
        name = anchor(there)
        file = "" if path(there) == self.own else self.file(path(there))
        if there.page == "story" and name == "claim":
            name = ""
        return f"{file}#{name}" if name else file or self.own.rpartition("/")[2]
