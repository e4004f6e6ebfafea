"""Where a reader stands in a story: the desk, the address, the story and its verdict on that day."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from briefs.address import STEPS, Address
from briefs.desk import Desk
from evidence.kinds.base import TestBase
from evidence.narrative import Narrative
from evidence.trace import TestTrace, Verdict


@dataclass(frozen=True)
class Stand:
    """What a step draws from."""

    desk: Desk
    here: Address
    story: Narrative
    verdict: Verdict

    @property
    def day(self) -> date:
        """The as-of date."""
        return self.here.day

    @property
    def trace(self) -> TestTrace:
        """The trace of the test that the address names."""
        return self.verdict.test(self.here.test)

    @property
    def test(self) -> TestBase:
        """The test that the address names."""
        found: TestBase = self.story.test(self.here.test)
        return found

    def title_of(self, story: str) -> str:
        """A story's title, or its id where it is not among the stories."""
        known = self.desk.library.narratives.get(story)
        return known.title if known else story

    @cached_property
    def walk(self) -> list[Address]:
        """All stops of the story in order: the steps, and within `tests` each test."""
        stops = []
        for step in STEPS:
            if step == "tests":
                stops += [self.here.at(step=step, test=t.id) for t in self.story.tests]
            else:
                stops.append(self.here.at(step=step))
        return stops

    @property
    def position(self) -> int:
        """Which stop of the walk this is."""
        mine = (self.here.step, self.here.test)
        return [(stop.step, stop.test) for stop in self.walk].index(mine)
