"""A parser's problem as a report shows it and JSON carries it."""

from evidence.frozen import Frozen
from evidence.publishers import Problem


class Trouble(Frozen):
    """What went wrong: the file or series, the line (0: the whole of it), what was expected."""

    source: str
    line: int
    message: str

    @property
    def words(self) -> str:
        """The trouble in one line."""
        return str(Problem(self.source, self.line, self.message))
