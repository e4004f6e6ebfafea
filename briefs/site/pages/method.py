"""The method in one page: how a claim becomes tests, and how the tests become a verdict."""

from collections.abc import Iterator

from briefs import figures
from briefs.legend import DOWNGRADES, ROLE_NAMES, VERDICTS
from briefs.site import words
from briefs.site.leaf import Leaf
from briefs.site.markup import Content, bullets, tag
from briefs.site.pages.tests import share
from briefs.site.shell import Site, page
from briefs.stand import Stand
from charts.theme import LIGHT
from evidence import calibration, placebo
from evidence import verdict as rules
from evidence.days import day
from evidence.wording import CONFIDENCES, ROLES, calibrated_together


def write(site: Site) -> Iterator[tuple[Leaf, str]]:
    """The page."""
    leaf = Leaf("method.html", "method", "How a story is checked")
    example = _example(site)
    body: list[Content] = [
        tag("h1", leaf.title),
        tag(
            "p",
            "A story is turned into tests that can fail. Each test is asked what it would normally show, and how strong it "
            "would be if the story were true. A fixed rule turns the answers into a verdict. No language model and no "
            "chance take part: the same story, the same data and the same day give the same verdict.",
        ),
        _known(),
        _unusual(leaf, example),
        _controls(leaf, example),
        _calibration(leaf),
        _rule(),
        _sure(),
        _limits(site),
    ]
    yield leaf, page(site, leaf, body)


def _example(site: Site) -> Stand | None:
    """A story's decisive test with an episode in which it fires: the pictures on this page."""
    for story in site.desk.stories.values():
        for use in story.controls:
            if use.event is None or use.expects != "fires" or story.shelf != "said":
                continue
            place = site.here("story").at(story=story.id).at(step="tests", test=use.test)
            stand = Stand(site.desk, place, story, site.desk.verdict(story.id, site.day))
            if stand.trace.role in rules.HOOPS and stand.trace.placebo is not None:
                return stand
    return None


def _known() -> list[Content]:
    return [
        tag("h2", "Only what was known that day"),
        tag(
            "p",
            "Every figure carries the moment at which it was published. A verdict as known on a day uses nothing that was "
            "published later, not even a revision. Some figures are ",
            tag("em", "recorded"),
            ": what was printed that day is held. Others are ",
            tag("em", "reconstructed"),
            ": today’s value, dated by the publisher’s rule. The page Data says which is which.",
        ),
    ]


def _unusual(leaf: Leaf, example: Stand | None) -> list[Content]:
    picture = figures.place(example, LIGHT) if example is not None else None
    shown: list[Content] = []
    if example is not None and picture is not None:
        shown = [
            tag("p", f"For example, “{example.trace.title}”, a test of “{example.story.title}”:"),
            leaf.figure(picture),
        ]
    return [
        tag("h2", "How unusual is it?"),
        tag(
            "p",
            "The move after the event is ranked among the same measure over earlier windows of the same length, in the last "
            f"{placebo.YEARS} years where that leaves enough, else in all there are. At least {placebo.LEAST_EFFECTIVE} "
            "windows that do not overlap are needed, or the test has no answer. Levels drift and markets calm down, so each "
            "window is measured against what was usual just before it.",
        ),
        tag(
            "p",
            "A test is ",
            words.small_outcome("consistent"),
            " where the move is large enough to matter and unusual enough. It is ",
            words.small_outcome("inconsistent"),
            f" where data this weak would be seen in at most {share(placebo.P_IF_TRUE)} of cases if the claim were true at "
            "the size that matters. Anything between is ",
            words.small_outcome("neutral"),
            ": either the test could not have seen so small an effect, or the effect is real and too small to matter. What "
            "matters is written down in the story, with a reason.",
        ),
        shown,
    ]


def _controls(leaf: Leaf, example: Stand | None) -> list[Content]:
    pair = figures.pair(example, LIGHT) if example is not None else []
    return [
        tag("h2", "Does the test work at all?"),
        tag(
            "p",
            "Before it may speak about the event, a test is tried on the past. Where an episode with a known answer is held, "
            "the test has to fire there; every other test has to stay quiet on many dates chosen by rule, but for about "
            "the share that chance allows.",
        ),
        leaf.row(pair) if len(pair) > 1 else None,
    ]


def _calibration(leaf: Leaf) -> list[Content]:
    table, picture = calibration.table(), figures.false_alarms(LIGHT)
    found: list[Content] = [
        tag("h2", "How often does it cry wolf?"),
        tag(
            "p",
            "Each test was run on dates on which nothing is known to have happened. It ought to raise an alarm on about its "
            "nominal share of them, no more. Then an effect of known size was put into the same dates, to see how often "
            "the test finds it.",
        ),
    ]
    if table is None or picture is None:
        return found
    together = f"{calibrated_together(table.overall)}." if table.overall is not None else None
    return [
        *found,
        tag("p", f"How the dates were chosen: {table.rule}"),
        tag("p", together) if together else None,
        leaf.figure(picture),
        tag(
            "p",
            "Facts, such as a date or a share, are not in the table: they are compared with a band and raise no false alarms. "
            f"A test with fewer than {calibration.LEAST_DATES} dates is ",
            tag("em", "uncalibrated"),
            f". The run is of engine {table.engine}.",
        ),
    ]


def _rule() -> list[Content]:
    return [
        tag("h2", "From tests to a verdict"),
        tag("p", "Tests do not count alike. What hangs on each is its role:"),
        bullets([tag("strong", name), f". {ROLES[role]}"] for role, name in ROLE_NAMES.items()),
        tag(
            "p",
            "The tests that a claim has to pass are judged together (Fisher’s combination; the bar is "
            f"{share(rules.JOINT)}). Series that rest on the same collection of data count once. A claim with several parts "
            "is judged part by part: it is contradicted if one part is, and supported only if all are.",
        ),
        bullets([words.direction(word), f": {meaning}."] for word, meaning in VERDICTS.items()),
        tag(
            "p",
            "A contradiction that rests on a stand-in is said to be ",
            tag("em", "by proxy"),
            ", one in a window that is still open ",
            tag("em", "so far"),
            "; neither is ever more than of low confidence. A motive that no test reaches keeps a claim at mixed, however "
            "well the act is borne out.",
        ),
    ]


def _sure() -> list[Content]:
    return [
        tag("h2", "How sure"),
        tag(
            "p",
            f"Confidence has five steps, from {CONFIDENCES['very_low']} to {CONFIDENCES['very_high']}. It grows with the number "
            "of independent collections of data that decided, and with how far all tests agree. It falls by a step for each "
            "of these, by two at most:",
        ),
        bullets(
            [tag("strong", name.capitalize()), f": {meaning}."]
            for name, meaning in DOWNGRADES.items()
        ),
    ]


def _limits(site: Site) -> list[Content]:
    dates = sorted({story.thresholds_set for story in site.desk.stories.values()})
    set_on = (
        f"They were set on {day(dates[-1])}, after the event and after most of these data. "
        if dates
        else ""
    )
    limits = {
        "Hindsight": "What counts in each test was chosen by people who knew what had happened. "
        f"{set_on}Comparing with earlier windows and past episodes guards against fitting. It does not undo it.",
        "Motives": "Flows show who bought and sold, never why.",
        "Timing within a month": "The official survey of cross-border flows is monthly. Within a month it cannot say before "
        "or after.",
        "Who is behind a custodian": "Holdings are counted where they are kept, which is not always where the owner is.",
        "Causes": "A story that survives its tests has not been shown to be true. It has not been ruled out, while others "
        "may have been.",
    }
    return [
        tag("h2", "What this cannot do"),
        bullets([tag("strong", f"{name}."), f" {meaning}"] for name, meaning in limits.items()),
    ]
