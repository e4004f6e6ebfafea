"""What a narrative is: a claim, its parts, its rivals, and the tests that it has to survive."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import field_validator, model_validator

from evidence.catalogue import SeriesId
from evidence.fields import about
from evidence.frozen import Frozen
from evidence.kinds import Test
from evidence.kinds.base import Line, Outcome, Part, Slug
from evidence.trace import Direction

Status = Literal["draft", "live", "retired"]
Shelf = Literal["premise", "said", "happened", "buildup", "watch"]
"""Where the board groups a story: the premise, what people said, what the note says happened, …"""


class Said(Frozen):
    """Somebody who made the claim, where and when."""

    who: Line = about(
        "Who made the claim: a person, a house, or commentators.",
        good=["A widely held view", "Deutsche Bank Research"],
        bad=[("", "a claim that nobody made is not tested")],
    )
    where: Line = about(
        "The publication, with its title or address.",
        good=["as the note reports it"],
        bad=[("FT", "at least three characters: the title, so that it can be found")],
    )
    on: date = about(
        "The day on which it was said.",
        good=["2025-05-30"],
        bad=[("30.5.2025", "year, month, day: `2025-05-30`")],
    )
    assumed: bool = about(
        "Whether only the month is known, so that the day is assumed.",
        good=[True, False],
        bad=[("yes", "`yes` is a text here: write `true`")],
        default=False,
    )


class ControlUse(Frozen):
    """A test run on another episode (`event`) or on quiet dates chosen by rule (`dates`)."""

    test: Slug = about(
        "The id of a test of this narrative, one that is ranked: a fact has dates of its own.",
        good=["custody-falls"],
        bad=[("Custody falls", "the test's id")],
        lint=[("no-such-test", "no test of the narrative has that id")],
    )
    expects: Literal["fires", "stays_quiet"] = about(
        "fires: the test is consistent there. stays_quiet: it can be evaluated and is not.",
        good=["fires", "stays_quiet"],
        bad=[("consistent", "the words of a control are `fires` and `stays_quiet`")],
    )
    event: Slug | None = about(
        "A past episode of `controls.yaml`, whose answer is known.",
        good=["dash-for-cash-2020"],
        bad=[("March 2020", "the episode's id in `controls.yaml`")],
        lint=[("no-such-episode", "`controls.yaml` has no such episode")],
        default=None,
    )
    dates: Literal["quiet"] | None = about(
        "Many quiet dates, chosen by rule, in place of `event`.",
        good=["quiet"],
        bad=[(2024, "the rule chooses the dates")],
        default=None,
    )

    @field_validator("dates")
    @classmethod
    def _one(cls, dates: str | None, info: object) -> str | None:
        if (dates is None) == (getattr(info, "data", {}).get("event") is None):
            raise ValueError("a control names exactly one of `event` and `dates`")
        return dates


class Case(Frozen):
    """A small synthetic world and the outcomes that the tests must give in it.

    series: id to values in the notation of `evidence.cases`. event_at: the index of the last value on
    or before the anchor, for series without a `|`. at: the anchor in this world, where it is not the event.
    """

    name: Line = about(
        "What the case shows.",
        good=["a fall of a fifth is seen"],
        bad=[("", "at least three characters")],
    )
    series: Mapping[SeriesId, str] = about(
        "Values by series: `3000+1x60` (61 values, each 1 more), `2400x4` (five times the same), `_x3` (missing), `100~2x300` (noise), `3000^10x330` (a walk), `|` (the event).",
        good=[{"fed.custody.treasuries": "3000^10x330 | 3172.7815x3"}],
        bad=[({"custody": "3000x60"}, "the series' id, with dots")],
        lint=[({"fed.custody.treasuries": "3000..3060 |"}, "write `3000+1x60`")],
    )
    event_at: int | None = about(
        "The index, from 0, of the last value on or before the event, where no `|` marks it.",
        good=[60],
        bad=[(-1, "the first value has the index 0")],
        default=None,
        ge=0,
        le=5000,
    )
    at: date | None = about(
        "The day of the event in this world, where it is another.",
        good=["2020-03-04"],
        bad=[("March 2020", "year, month, day: `2020-03-04`")],
        default=None,
    )
    expects: Mapping[Slug, Outcome] = about(
        "The outcome that each test must give.",
        good=[{"custody-falls": "consistent"}],
        bad=[({"custody-falls": "fires"}, "an outcome: `consistent`")],
        lint=[({"no-such-test": "consistent"}, "no test of the narrative has that id")],
        default_factory=dict,
    )
    direction: Direction | None = about(
        "The verdict that the narrative must give.",
        good=["supported", "contradicted", "mixed", "insufficient_data"],
        bad=[("confirmed", "a direction: `supported`")],
        default=None,
    )
    given: Mapping[Slug, Direction] = about(
        "For a narrative with `when`: the verdicts of the narratives that it names, in this world.",
        good=[{"exceptionalism-lasts": "supported"}],
        bad=[({"exceptionalism-lasts": "consistent"}, "a direction: `supported`")],
        lint=[({"no-such-story": "supported"}, "it does not stand in `when`")],
        default_factory=dict,
    )


class Condition(Frozen):
    """What has to be so for the claim to speak: another narrative's verdict, or one of its tests' outcome."""

    narrative: Slug = about(
        "The other narrative, by its id.",
        good=["exceptionalism-lasts"],
        bad=[("Exceptionalism lasts", "the narrative's id")],
        lint=[("no-such-story", "there is no such narrative")],
    )
    test: Slug | None = about(
        "One of its tests, with `outcome`; without, its verdict counts.",
        good=["newest-year"],
        bad=[("Newest year", "the test's id")],
        lint=[("no-such-test", "the narrative has no such test")],
        default=None,
    )
    direction: Direction | None = about(
        "The verdict that the narrative must have.",
        good=["supported", "contradicted", "mixed", "insufficient_data"],
        bad=[("confirmed", "a direction: `supported`")],
        default=None,
    )
    outcome: Outcome | None = about(
        "The outcome that the test must have.",
        good=["consistent", "inconsistent", "neutral", "not_evaluable"],
        bad=[("supported", "an outcome: `consistent`")],
        default=None,
    )

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.test is None) != (self.outcome is None) or (self.test is None) == (
            self.direction is None
        ):
            raise ValueError("give `direction` for a narrative, or `test` with its `outcome`")
        return self

    @property
    def wanted(self) -> str:
        """The direction or outcome that meets it."""
        return str(self.direction or self.outcome)


class EventIs(Frozen):
    """What happened, told by a story whose event has no folder with an `event.yaml`."""

    name: Line = about(
        "What happened, in a few words.",
        good=["The bank failures of March 2023"],
        bad=[("", "at least three characters")],
    )
    date: Annotated[
        date,
        about(
            "The day on which it happened: windows count from it.",
            good=["2023-03-10"],
            bad=[("March 2023", "year, month, day: `2023-03-10`")],
        ),
    ]
    question: Line = about(
        "What people ask about it; the stories are answers.",
        good=["In March 2023 yields moved more than in years. Who traded?"],
        bad=[("?", "at least three characters")],
    )
    background: str = about(
        "What happened, and why it puzzled people.",
        good=["On 10 March 2023 a bank was closed. Yields fell more in three days than in years."],
        bad=[(["A bank was closed"], "one text, without brackets")],
        default="",
        max_length=600,
    )

    def event(self, event_id: str) -> "Event":
        """The event as its own `event.yaml` would tell it."""
        return Event.model_validate({"schema": 1, "id": event_id, **dict(self)})


class Narrative(Frozen):
    """One YAML file: a claim that people make about markets, and how it can fail."""

    schema_: Literal[1] = about(
        "The version of this form.",
        good=[1],
        bad=[(2, "there is one version"), ("1", "the number, without quotes")],
        alias="schema",
    )
    id: Slug = about(
        "The file's name without `.yaml`: small letters, digits and single hyphens. It stands in links.",
        good=["foreign-governments-retaliated"],
        bad=[("Foreign governments", "no capitals and no spaces: `foreign-governments`")],
    )
    title: Line = about(
        "The story in a few words, as the board shows it.",
        good=["Foreign governments sold Treasuries in retaliation"],
        bad=[("", "at least three characters")],
    )
    claim: Line = about(
        "The sentence that is scored: who did what, to what, and when, so that data can speak against it.",
        good=[
            "After the tariffs of 2 April 2025 foreign governments sold US Treasuries in retaliation."
        ],
        bad=[("", "at least three characters")],
    )
    status: Status = about(
        "live: scored and shown. draft: not yet, and what is missing is only a warning. retired: no more.",
        good=["draft", "live", "retired"],
        bad=[("published", "a story that is shown is `live`")],
    )
    shelf: Shelf = about(
        "Where the board groups the story. premise: what the note starts from. said: what people said. happened: what the note says happened. buildup: how it built up. watch: what to watch.",
        good=["premise", "said", "happened", "buildup", "watch"],
        bad=[("rumour", "what people said is `said`")],
    )
    event: Slug = about(
        "The event that the story explains: the name of its folder.",
        good=["liberation-day"],
        bad=[("2 April 2025", "the event's id; its day stands in `event.yaml` or `event_is`")],
        lint=[
            (
                "no-such-event",
                "no folder of that name has an `event.yaml`, and `event_is` is not given",
            )
        ],
    )
    event_is: EventIs | None = about(
        "What happened, where no folder of the event's name has an `event.yaml`.",
        good=[
            {
                "name": "The bank failures of March 2023",
                "date": "2023-03-10",
                "question": "In March 2023 yields moved more than in years. Who traded?",
            }
        ],
        bad=[("The bank failures of March 2023", "it needs `name`, `date` and `question`")],
        default=None,
        exclude_if=lambda told: told is None,
    )
    anchor: date | None = about(
        "The day from which windows count, where it is not the event's.",
        good=["2025-01-27"],
        bad=[("27 January 2025", "year, month, day: `2025-01-27`")],
        default=None,
    )
    order: int = about(
        "The place on its shelf; smaller comes first.",
        good=[2],
        bad=[("first", "a whole number")],
        default=0,
    )
    said: tuple[Said, ...] = about(
        "Who made the claim, where and when.",
        good=[
            [{"who": "A widely held view", "where": "as the note reports it", "on": "2025-05-30"}]
        ],
        bad=[([], "at least one"), ("commentators", "it needs `who`, `where` and `on`")],
        min_length=1,
    )
    mechanism: str = about(
        "How the claim would work if it were true: who would act, why, and by which way it would reach the data.",
        good=["A government that wants to hit back can sell some of the Treasuries that it holds."],
        bad=[("They sold.", "at least twenty characters: say how")],
        min_length=20,
        max_length=1200,
    )
    chain: tuple[Line, ...] = about(
        "The mechanism, step by step.",
        good=[["A government sells", "Custody holdings fall", "Yields rise"]],
        bad=[("A government sells", "a list, in brackets")],
        default=(),
    )
    parts: Mapping[Part, Line] = about(
        "The parts of the claim that are judged apart, each in a sentence: act, timing, lasting, size, motive. Without any there is only `act`.",
        good=[
            {
                "act": "Foreign governments sold US Treasuries in unusual amounts after 2 April 2025.",
                "motive": "They sold as retaliation.",
            }
        ],
        bad=[({"cause": "They sold as retaliation."}, "why somebody acted is the part `motive`")],
        default_factory=dict,
    )
    rivals: tuple[Slug, ...] = about(
        "Other narratives that explain the same event, by their ids. A test has to tell each apart.",
        good=[["foreign-private-protest", "basis-trade-unwind"]],
        bad=[("basis-trade-unwind", "a list, in brackets")],
        lint=[(["no-such-story"], "there is no such narrative, and no test tells it apart")],
        default=(),
    )
    confounders: tuple[Line, ...] = about(
        "What else could move the same data.",
        good=[["Custody falls when officials move cash into the reverse repo pool of the Fed."]],
        bad=[("Custody falls at quarter ends", "a list, in brackets")],
        default=(),
    )
    cannot_tell: tuple[Line, ...] = about(
        "What these data cannot show, whatever they say.",
        good=[["No data set records why a government sold."]],
        bad=[("No data set records why", "a list, in brackets")],
        default=(),
    )
    when: tuple[Condition, ...] = about(
        "Other narratives (or tests of theirs) that must have come out so for the claim to speak: an if-then.",
        good=[[{"narrative": "exceptionalism-lasts", "direction": "supported"}]],
        bad=[
            (
                [{"narrative": "exceptionalism-lasts"}],
                "say how it must have come out: `direction`, or `test` with `outcome`",
            )
        ],
        default=(),
    )
    thresholds_set: date = about(
        "The day on which the thresholds were set: of a new story, today.",
        good=["2026-11-22"],
        bad=[("November 2026", "year, month, day: `2026-11-22`")],
    )
    tests: tuple[Test, ...] = about(
        "The predictions that the claim has to survive: three or more, each of a kind.",
        good=[
            [
                {
                    "id": "custody-falls",
                    "title": "Custody holdings fall",
                    "kind": "change_after",
                    "series": "fed.custody.treasuries",
                    "window": {"after": "4 weeks", "min": "2 weeks"},
                    "predicts": {"direction": "down"},
                    "matters": {
                        "at_least": "2 %",
                        "why": "Half of the fall of March 2020, when officials did sell.",
                    },
                    "role": "hoop",
                    "grade": "proxy",
                    "why": "Official holders keep most of their Treasuries in custody at the New York Fed.",
                }
            ]
        ],
        bad=[([], "a claim without a test cannot fail")],
        min_length=1,
        max_length=24,
    )
    controls: tuple[ControlUse, ...] = about(
        "The same tests where the answer is known: past episodes, and quiet dates chosen by rule.",
        good=[
            [
                {"test": "custody-falls", "event": "dash-for-cash-2020", "expects": "fires"},
                {"test": "custody-falls", "dates": "quiet", "expects": "stays_quiet"},
            ]
        ],
        bad=[("dash-for-cash-2020", "a list of `{test: …, event: …, expects: …}`")],
        lint=[
            (
                [{"test": "custody-falls", "expects": "fires"}],
                "name exactly one of `event` and `dates`",
            ),
            (
                [{"test": "custody-falls", "dates": "quiet", "expects": "fires"}],
                "on quiet dates a test stays quiet",
            ),
        ],
        default=(),
    )
    cases: tuple[Case, ...] = about(
        "Small made-up series, with the outcomes that they must give: they show that the tests work.",
        good=[
            [
                {
                    "name": "a fall well past what matters",
                    "series": {"fed.custody.treasuries": "3000^10x330 | 3172.7815x3"},
                    "expects": {"custody-falls": "consistent"},
                }
            ]
        ],
        bad=[([{"name": "a fall of a fifth is seen"}], "the `series` are missing")],
        lint=[
            (
                [
                    {
                        "name": "a fall of a fifth is seen",
                        "series": {"fed.custody.treasuries": "3000x60 | 2400x3"},
                    }
                ],
                "it expects nothing: give it `expects` or `direction`",
            )
        ],
        default=(),
    )
    was: tuple[Slug, ...] = about(
        "Former ids, so that old links live.",
        good=[["governments-retaliated"]],
        bad=[("governments-retaliated", "a list, in brackets")],
        default=(),
    )

    @property
    def judged_parts(self) -> Mapping[Part, str]:
        """The parts that are judged, with their sentences; `act` stands for the claim by default."""
        return self.parts or {"act": self.claim}

    def test(self, test_id: str) -> Test:
        """A test by its id. Raises KeyError."""
        for test in self.tests:
            if test.id == test_id:
                return test
        raise KeyError(test_id)


class EventMark(Frozen):
    """A day worth a thin line in a chart."""

    on: date = about(
        "The day.",
        good=["2025-04-09"],
        bad=[("9 April", "year, month, day: `2025-04-09`")],
    )
    name: Line = about(
        "What happened on it, in a few words.",
        good=["Tariffs paused"],
        bad=[("", "at least three characters")],
    )


class Event(Frozen):
    """`event.yaml`: what happened, and the question that the narratives answer."""

    schema_: Literal[1] = about(
        "The version of this form.",
        good=[1],
        bad=[(2, "there is one version")],
        alias="schema",
    )
    id: Slug = about(
        "The name of the folder.",
        good=["liberation-day"],
        bad=[("Liberation Day", "small letters, digits and single hyphens: `liberation-day`")],
        lint=[("another-day", "the folder has another name")],
    )
    name: Line = about(
        "What happened, in a few words.",
        good=["The tariffs of 2 April 2025"],
        bad=[("", "at least three characters")],
    )
    date: Annotated[
        date,
        about(
            "The day on which it happened: windows count from it.",
            good=["2025-04-02"],
            bad=[("2 April 2025", "year, month, day: `2025-04-02`")],
        ),
    ]
    background: str = about(
        "What happened, and why it puzzled people.",
        good=["On 2 April 2025 the United States announced tariffs on almost all imports."],
        bad=[(["Tariffs were announced"], "one text, without brackets")],
        default="",
        max_length=600,
    )
    question: Line = about(
        "What people ask about it; the stories are answers.",
        good=["In April 2025 stocks, Treasuries and the dollar fell together. Why?"],
        bad=[("?", "at least three characters")],
    )
    marks: tuple[EventMark, ...] = about(
        "Other days worth a thin line in the charts.",
        good=[[{"on": "2025-04-09", "name": "Tariffs paused"}]],
        bad=[(["2025-04-09"], "each mark has `on` and `name`")],
        default=(),
    )


class Control(Frozen):
    """A past episode whose answer is known."""

    id: Slug = about(
        "The episode's id, by which a control names it.",
        good=["dash-for-cash-2020"],
        bad=[("March 2020", "small letters, digits and single hyphens: `dash-for-cash-2020`")],
    )
    name: Line = about(
        "The episode in a few words.",
        good=["The dash for cash of March 2020"],
        bad=[("", "at least three characters")],
    )
    date: Annotated[
        date,
        about(
            "The day from which windows count. The episodes stand in order of it.",
            good=["2020-03-04"],
            bad=[("March 2020", "year, month, day: `2020-03-04`")],
            lint=[("1999-12-31", "the episodes stand in order of date")],
        ),
    ]
    known: Line = about(
        "What is known to have happened.",
        good=["Foreign officials and private investors sold Treasuries for cash."],
        bad=[("", "at least three characters")],
    )
    source: Line = about(
        "Where that is known from.",
        good=["H.10 and H.15 of the Federal Reserve Board."],
        bad=[("", "an answer without a source is not known")],
    )


class Controls(Frozen):
    """`controls.yaml`: the episodes, in order of date."""

    schema_: Literal[1] = about(
        "The version of this form.",
        good=[1],
        bad=[(2, "there is one version")],
        alias="schema",
    )
    controls: tuple[Control, ...] = about(
        "The episodes, in order of date.",
        good=[
            [
                {
                    "id": "dash-for-cash-2020",
                    "name": "The dash for cash of March 2020",
                    "date": "2020-03-04",
                    "known": "Foreign officials and private investors sold Treasuries for cash.",
                    "source": "H.4.1 and TIC for the sales.",
                }
            ]
        ],
        bad=[("dash-for-cash-2020", "a list of episodes")],
    )
