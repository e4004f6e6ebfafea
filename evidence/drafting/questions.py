"""The questions that make a story out of an idea, in the order in which they are best answered.

The page *Write* and the command `new` ask the same. A question says which field of the draft it fills
(`evidence.drafting.draft`); those of the stage `tests` are asked for each test, those of `said` for each
who said it.
"""

from dataclasses import dataclass
from typing import Literal

Stage = Literal["claim", "event", "tests", "rivals", "wrong", "said"]

STAGES: dict[Stage, str] = {
    "claim": "What is claimed",
    "event": "What happened",
    "tests": "What we would see if it were true",
    "rivals": "What else could explain it",
    "wrong": "How this could be wrong",
    "said": "Who said it",
}
"""The stages in order, with their headings."""


@dataclass(frozen=True)
class Question:
    """One question. fills: the field of the draft, from its top (`tests.at_least`). many: a list, one a line.

    good and bad: an answer that helps and one that does not, with why. needed: whether a story can be scored
    without it.
    """

    id: str
    stage: Stage
    ask: str
    help: str
    good: str
    bad: str
    why_bad: str
    fills: str
    many: bool = False
    needed: bool = True
    kinds: tuple[str, ...] = ()
    """The kinds of test that it is asked for; empty: all."""


WINDOWED = ("change_after", "net_flow", "flow_shift", "spike_after", "falls_together")
SINGLE = ("change_after", "net_flow", "flow_shift", "spike_after", "level", "reaches", "record")

QUESTIONS: tuple[Question, ...] = (
    Question(
        "claim",
        "claim",
        "What is the claim, as something that could be measured?",
        "One sentence: who did what, in which market, after which day. It has to be possible that it is wrong.",
        "After US banks failed on 10 March 2023, foreign officials sold US Treasuries in unusual amounts.",
        "Foreigners are losing faith in America.",
        "Nobody can count faith. Say who would sell what, and from when on.",
        "claim",
    ),
    Question(
        "mechanism",
        "claim",
        "How would it work, if it were true?",
        "Two or three sentences: why would they do it, and what happens then, step by step?",
        "Foreign central banks hold Treasuries to have dollars when they need them. When dollars grow scarce, they sell some.",
        "They sell.",
        "That repeats the claim. The steps in between are what a test can look at.",
        "mechanism",
    ),
    Question(
        "title",
        "claim",
        "What is the story called?",
        "A few words, as a list would show it.",
        "Foreign officials sold Treasuries when US banks failed",
        "My story",
        "A reader of a list of stories would not know what it says.",
        "title",
        needed=False,
    ),
    Question(
        "id",
        "claim",
        "What is its short name?",
        "Small letters, digits and hyphens. The file is called so, and links use it.",
        "foreign-officials-sold-treasuries",
        "Officials sold!",
        "Capital letters, spaces and signs do not go into the name of a file.",
        "id",
        needed=False,
    ),
    Question(
        "event",
        "event",
        "Which event does it explain?",
        "The short name of an event that there is already, or a new one.",
        "bank-failures-2023",
        "Banks",
        "Small letters, and clear enough to tell it from the next time that banks fail.",
        "event",
    ),
    Question(
        "event-name",
        "event",
        "What happened, in a few words?",
        "Asked for a new event only.",
        "The bank failures of March 2023",
        "It all went wrong",
        "The name stands in charts and lists; it has to say which event is meant.",
        "event_is.name",
    ),
    Question(
        "event-date",
        "event",
        "On which day?",
        "The day from which windows count: the last moment at which nobody could have acted on it yet.",
        "2023-03-10",
        "March 2023",
        "A window needs a first day. Write year, month and day.",
        "event_is.date",
    ),
    Question(
        "event-question",
        "event",
        "What do people ask about it?",
        "The question that this story, and others, are answers to.",
        "Treasuries left custody at the Fed in March 2023. Did foreign officials sell?",
        "What now?",
        "Stories about the same event have to be answers to the same question.",
        "event_is.question",
    ),
    Question(
        "event-background",
        "event",
        "What should a reader know of it?",
        "Two sentences for somebody who was not there.",
        "Silicon Valley Bank failed on 10 March 2023 and two more banks within days.",
        "As is well known, it was a mess.",
        "It says nothing that a reader could check.",
        "event_is.background",
        needed=False,
    ),
    Question(
        "test-title",
        "tests",
        "What would we see if the claim were true?",
        "One thing, in a few words. It should be something that we would not see anyway.",
        "Custody holdings fall",
        "Markets are nervous",
        "They would be nervous under every other story too, so this tells nothing.",
        "tests.title",
    ),
    Question(
        "test-series",
        "tests",
        "In which data?",
        "Type words to search the series that there are, or a series' own name.",
        "fed.custody.treasuries",
        "Bloomberg",
        "That is a shop, not a series. Search for what is counted: custody, net purchases, yield.",
        "tests.series",
        kinds=SINGLE,
    ),
    Question(
        "test-kind",
        "tests",
        "What kind of move is it?",
        "change_after: a level moves. net_flow: purchases less sales over months. flow_shift: they turn against the "
        "months before. spike_after: a jump of a few days. level, reaches, record: one value against a bar.",
        "change_after",
        "it goes down",
        "A kind is one of a few, so that the same move is looked for in every earlier window too.",
        "tests.kind",
    ),
    Question(
        "test-legs",
        "tests",
        "Which series move together?",
        "For several at once: each with its direction, such as `ust.yield.10y up`.",
        "ust.yield.10y up, fed.h10.broad_dollar down",
        "everything down",
        "Each series has to be named, with the way it moves.",
        "tests.legs",
        many=True,
        kinds=("falls_together",),
    ),
    Question(
        "test-direction",
        "tests",
        "Which way would it go?",
        "up or down, as the claim has it: for a flow, down means net sales.",
        "down",
        "it would move",
        "A test that passes either way cannot fail.",
        "tests.direction",
        kinds=SINGLE,
    ),
    Question(
        "test-window",
        "tests",
        "How soon?",
        "The time after the event in which it would show (the window): days or weeks for daily data, weeks for weekly "
        "ones, months for monthly ones.",
        "4 weeks",
        "soon",
        "Without an end, something always happens that fits.",
        "tests.after",
        kinds=WINDOWED,
    ),
    Question(
        "test-on",
        "tests",
        "On which day?",
        "The day of the one value that counts, such as an auction's.",
        "2023-04-12",
        "in April",
        "A value belongs to one day (a month: to its last).",
        "tests.on",
        kinds=("level", "record"),
    ),
    Question(
        "test-since",
        "tests",
        "From which day?",
        "The first day on which it could be reached.",
        "2023-03-13",
        "2023-03-01",
        "What was reached before the event says nothing about it.",
        "tests.since",
        kinds=("reaches",),
    ),
    Question(
        "test-until",
        "tests",
        "Until which day?",
        "The last day on which it would still count.",
        "2023-04-14",
        "2025-12-31",
        "Given years, almost any level is reached some day.",
        "tests.until",
        kinds=("reaches",),
    ),
    Question(
        "test-of",
        "tests",
        "Against the highest or the lowest value before it?",
        "A record beats the `highest` or the `lowest` of all earlier values.",
        "highest",
        "the usual",
        "A record is held against one extreme.",
        "tests.of",
        needed=False,
        kinds=("record",),
    ),
    Question(
        "test-at-least",
        "tests",
        "How much would matter?",
        "The smallest size that would count for the claim, with its unit. What is usual stands beside it: far under "
        "that, chance does as much.",
        "2 %",
        "a lot",
        "Whoever says a lot afterwards is never wrong. Name a size now.",
        "tests.at_least",
    ),
    Question(
        "test-matters-why",
        "tests",
        "Why that much?",
        "A reason that does not come from the outcome: a past case, a share of what they hold, a usual size.",
        "Half of the fall of March 2020, when officials did sell.",
        "It fell by that much.",
        "A size that is taken from the outcome always fits it.",
        "tests.matters_why",
    ),
    Question(
        "test-role",
        "tests",
        "What would its outcome tell?",
        "hoop: if it fails, the claim is in trouble. smoking_gun: if it passes, little else explains it. "
        "doubly_decisive: both. straw_in_the_wind: leans one way, decides nothing.",
        "hoop",
        "very important",
        "How a test counts when it passes is another matter than when it fails.",
        "tests.role",
    ),
    Question(
        "test-grade",
        "tests",
        "Do these data measure the thing itself?",
        "direct: they count what the claim speaks of. proxy: they count something near it, and stand in for it. A verdict "
        "that rests on stand-ins says so, and is less sure.",
        "proxy",
        "roughly",
        "Either the thing itself is counted, or something else is.",
        "tests.grade",
        needed=False,
    ),
    Question(
        "test-why",
        "tests",
        "Why does the claim predict this?",
        "The step that leads from the claim to these data.",
        "Official holders keep most of their Treasuries in custody at the New York Fed.",
        "Because it is true.",
        "The reader has to see why this must follow.",
        "tests.why",
    ),
    Question(
        "test-caveat",
        "tests",
        "What do these data not show?",
        "Who is not counted, what is late, what is valued at which price.",
        "New York Fed only, at face value. Bonds that are pledged leave custody too.",
        "None.",
        "Every series leaves something out.",
        "tests.caveat",
        needed=False,
    ),
    Question(
        "rivals",
        "rivals",
        "Which other stories explain the same event?",
        "Short names of stories in the library that say something else about it. None is an honest answer where "
        "there is none yet.",
        "foreign-private-protest",
        "the opposite",
        "A rival is a story of its own, with its own predictions.",
        "rivals",
        many=True,
        needed=False,
    ),
    Question(
        "rivals-expect",
        "rivals",
        "What does each rival expect of each test?",
        "consistent: it expects the same. inconsistent: the opposite. neutral: it says nothing. At least one test has "
        "to tell each rival apart.",
        "custody-holdings-fall: neutral",
        "it would deny it",
        "A rival has no opinion of the claim; it has one of the data.",
        "tests.rivals_expect",
        needed=False,
    ),
    Question(
        "confounders",
        "wrong",
        "What else could move the same data?",
        "One on each line: something that would look the same though the claim is wrong (a confounder).",
        "Officials can borrow dollars against Treasuries. What is pledged leaves custody without a sale.",
        "Noise.",
        "Chance is looked after already: earlier windows show what it does.",
        "confounders",
        many=True,
        needed=False,
    ),
    Question(
        "cannot-tell",
        "wrong",
        "What can these data not tell, whatever they show?",
        "One on each line. Motives are the usual case.",
        "No public series says which country's bonds left custody.",
        "The future.",
        "Say what a reader might think was shown, and was not.",
        "cannot_tell",
        many=True,
        needed=False,
    ),
    Question(
        "said-who",
        "said",
        "Who said it?",
        "A person, a house, or commentators.",
        "A reading of the weekly custody figures",
        "Everybody",
        "A claim that nobody made cannot be wrong.",
        "said.who",
    ),
    Question(
        "said-where",
        "said",
        "Where?",
        "The publication, with its title or address.",
        "market commentary on the Federal Reserve's release of 23 March 2023",
        "on the internet",
        "A reader has to be able to look it up.",
        "said.where",
    ),
    Question(
        "said-on",
        "said",
        "When?",
        "The day on which it was said.",
        "2023-03-24",
        "last spring",
        "Write year, month and day.",
        "said.on",
    ),
    Question(
        "thresholds-set",
        "said",
        "On which day did you set what would matter?",
        "Readers see whether that was before the data were out or after.",
        "2026-11-29",
        "2023-03-01",
        "A day before the claim was made would pretend to have known it.",
        "thresholds_set",
    ),
)


def question(question_id: str) -> Question:
    """A question by its id. Raises KeyError."""
    for one in QUESTIONS:
        if one.id == question_id:
            return one
    raise KeyError(question_id)


def asked(stage: Stage, kind: str = "") -> tuple[Question, ...]:
    """The questions of a stage, in order; those of the stage `tests` for one kind of test, where it is known."""
    return tuple(
        q for q in QUESTIONS if q.stage == stage and not (kind and q.kinds and kind not in q.kinds)
    )
