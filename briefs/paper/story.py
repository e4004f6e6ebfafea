"""The brief of one story: its verdict, three charts, the reasons, the rivals, what would change it, its limits."""

from collections.abc import Iterable, Iterator
from datetime import date

from briefs import answers, figures
from briefs.address import Address
from briefs.desk import Desk
from briefs.paper import imprint
from briefs.paper.model import FIRST, KEPT, SECOND, STRIP, Brief, Item, Picture, Ruling, Section
from briefs.stand import Stand
from briefs.svg import svg
from charts.figure import Figure
from charts.theme import LIGHT
from evidence.days import day as in_words
from evidence.history import begins, history
from evidence.kinds.base import Outcome
from evidence.narrative import Said
from evidence.trace import CONFIDENCES, TestTrace, Verdict
from evidence.wording import (
    CONFIDENCES as CONFIDENCE_WORDS,
)
from evidence.wording import (
    DIRECTIONS,
    OUTCOMES,
    first_place,
    first_up,
    how_unusual,
    if_true,
    listed,
    sentence,
)

WIDTH = 395
"""Pixels of a chart: printed 88 mm wide, its smallest type (12 px) comes to 7.6 pt."""
PLACES = {FIRST: KEPT, SECOND: 1}
"""Charts side by side, besides the strip of the verdict's history, and how dispensable they are."""
ROLES = ("doubly_decisive", "hoop", "smoking_gun", "straw_in_the_wind")


def brief(desk: Desk, story_id: str, day: date, base: str | None) -> Brief:
    """The brief of a live story as known on a day. base: where the app is served, if anywhere."""
    story, verdict = desk.stories[story_id], desk.verdict(story_id, day)
    here = Address("story", day, day == desk.newest, story_id, step="verdict")
    stand = Stand(desk, here, story, verdict)
    shown = list(_charts(stand))
    pictures = [
        picture(figure, place, spare=spare)
        for (place, spare), (_, figure) in zip(PLACES.items(), shown, strict=False)
    ]
    strip = _strip(stand)
    return Brief(
        id=story.id,
        kind="story",
        title=story.title,
        lead=story.claim,
        said=listed([_said(one) for one in story.said]),
        ruling=ruling(verdict),
        pictures=(*pictures, *([strip] if strip else [])),
        sections=tuple(s for s in (made(stand) for made in SECTIONS) if s.items),
        scores=(),
        imprint=imprint.of_story(stand, base, [trace for trace, _ in shown]),
    )


def picture(figure: Figure, place: str, width: int = WIDTH, spare: int = KEPT) -> Picture:
    """A figure as a chart on paper."""
    return Picture(
        place=place,
        title=figure.title,
        subtitle=figure.subtitle,
        alt=figure.alt,
        source=figure.source,
        svg=svg(figure, width),
        spare=spare,
    )


def ruling(found: Verdict) -> Ruling:
    """A verdict in words and dots."""
    settled = found.direction != "insufficient_data"
    tags = [word for word, on in (("so far", found.so_far), ("by proxy", found.by_proxy)) if on]
    return Ruling(
        direction=found.direction,
        word=DIRECTIONS[found.direction],
        rests_on=", ".join(tags) if settled else "",
        confidence=found.confidence,
        sure=f"{CONFIDENCE_WORDS[found.confidence]} confidence" if settled else "",
        dots=CONFIDENCES.index(found.confidence) + 1 if settled else 0,
        says=answers.says(found),
        why=tuple(
            line
            for line in (
                found.rule_sentence,
                found.grounds if settled else "",
                *(f"{first_up(d.name)}: {d.why}." for d in found.downgrades),
            )
            if line
        ),
    )


def _said(one: Said) -> str:
    on = f"{one.on:%B %Y}" if one.assumed else in_words(one.on)
    return f"{one.who} ({one.where}, {on})"


def _by_weight(verdict: Verdict) -> list[TestTrace]:
    """The tests, those that decided first, then by role; what only checks an instrument last."""
    decided = [
        t for reason in verdict.reasons for t in verdict.tests if reason == f"{t.title}: {t.seen}"
    ]
    rest = sorted(
        (t for t in verdict.tests if t not in decided),
        key=lambda t: (t.outcome == "not_evaluable", t.checks is not None, ROLES.index(t.role)),
    )
    return [*decided, *rest]


def _charts(stand: Stand) -> Iterator[tuple[TestTrace, Figure]]:
    """The deciding test beside the past episode in which it did fire.

    Without such an episode: the test and its place among earlier windows; of facts: the two that weigh most.
    """
    left = len(PLACES)
    for trace in _by_weight(stand.verdict):
        at = Stand(
            stand.desk, stand.here.at(step="tests", test=trace.id), stand.story, stand.verdict
        )
        drawn = figures.pair(at, LIGHT)
        place = figures.place(at, LIGHT) if drawn else None
        found = [*drawn[-left:], *([place] if place is not None else [])][:left]
        yield from ((trace, figure) for figure in found)
        left -= len(found)
        if not left:
            return


def _strip(stand: Stand) -> Picture | None:
    """The strip of the verdict's history; none on a day before it begins."""
    if stand.day < begins(stand.desk.engine, stand.story):
        return None
    known = history(stand.desk.engine, stand.story.id, None, stand.day)
    return picture(figures.strip(known, LIGHT), STRIP, spare=1)


def _why(stand: Stand) -> Section:
    verdict = stand.verdict
    settled = verdict.direction != "insufficient_data"
    trace = answers.deciding(verdict)
    odds = [how_unusual(trace), if_true(trace)] if trace and settled else []
    parts = [
        Item(head=f"{DIRECTIONS[part.direction]}.", text=sentence(part.sentence), spare=2)
        for part in verdict.parts
        if len(verdict.parts) > 1
    ]
    return Section(
        name="why",
        heading="Why" if settled else "What is missing",
        items=(
            *(_headed(reason, spare=min(i, 3)) for i, reason in enumerate(verdict.reasons)),
            *(Item(text=line, spare=4) for line in odds if line),
            *parts,
        ),
    )


def _headed(line: str, spare: int = KEPT) -> Item:
    """`Title: what was seen` with its title as head."""
    head, colon, text = line.partition(": ")
    return Item(head=f"{head}.", text=text, spare=spare) if colon else Item(text=line, spare=spare)


EXPECTS: dict[Outcome, str] = {
    "inconsistent": "the opposite in {}",
    "consistent": "the same in {}",
    "neutral": "nothing either way in {}",
}
"""What a rival expects of a story's tests, in the order in which it is told."""


def _rivals(stand: Stand) -> Section:
    """What each rival expects where it differs, and whom the evidence speaks against least."""
    rivals = dict.fromkeys(
        [*stand.story.rivals, *(r for t in stand.verdict.tests for r in t.rivals_expect)]
    )
    contest = figures.contest(stand.desk, stand.day)
    items = [
        Item(head=f"{stand.title_of(rival)}.", text=_expects(stand, rival), spare=5 if i else KEPT)
        for i, rival in enumerate(rivals)
    ]
    if contest is not None and stand.story.id in contest.stories:
        items.insert(1, Item(head="Least contradicted.", text=first_place(contest), spare=3))
    if not rivals:
        items = [
            Item(
                text="None among the stories here: this one describes what happened, it does not explain it."
            )
        ]
    return Section(name="rivals", heading="The rival stories", items=tuple(items))


def _expects(stand: Stand, rival: str) -> str:
    """A rival's verdict, and what it expects of these tests: those that it would turn around by their titles."""
    told = []
    for word, phrase in EXPECTS.items():
        tests = [t for t in stand.verdict.tests if t.rivals_expect.get(rival) == word]
        count = f"{len(tests)} test{'' if len(tests) == 1 else 's'}"
        named = listed([f"“{t.title}”" for t in tests]) if word == "inconsistent" else count
        told += [phrase.format(named)] if tests else []
    expects = f"Expects {'; '.join(told)}." if told else ""
    if rival not in stand.desk.stories:
        return expects
    return f"{DIRECTIONS[stand.desk.verdict(rival, stand.day).direction]}. {expects}".strip()


def _change(stand: Stand) -> Section:
    verdict = stand.verdict
    coming = verdict.next_release
    ask = (
        [Item(head="Ask again.", text=f"{in_words(coming.on)}: {coming.short}.")] if coming else []
    )
    return Section(
        name="change",
        heading="What would change it",
        items=(
            *ask,
            *(
                Item(text=line, spare=6 if i else KEPT)
                for i, line in enumerate(verdict.would_change)
            ),
        ),
    )


def _limits(stand: Stand) -> Section:
    story, verdict, trace = stand.story, stand.verdict, answers.deciding(stand.verdict)
    set_on = (
        f"What counts in each test was set on {in_words(verdict.thresholds_set)}, after the event and after most of "
        "these data."
    )
    return Section(
        name="limits",
        heading="What this cannot tell",
        items=(
            *_spared(story.cannot_tell, 7),
            *([Item(text=trace.caveat, spare=6)] if trace and trace.caveat else []),
            Item(text=set_on, spare=1),
            *(Item(text=line, spare=8) for line in story.confounders),
            *(Item(text=sentence(line), spare=9) for line in verdict.notices),
        ),
    )


def _spared(lines: Iterable[str], rank: int) -> Iterator[Item]:
    """Lines of which the first always stays."""
    for i, line in enumerate(lines):
        yield Item(text=line, spare=rank if i else KEPT)


def _tests(stand: Stand) -> Section:
    """Every test in a line: what came out of it."""
    return Section(
        name="tests",
        heading="Test by test",
        items=tuple(
            Item(head=f"{first_up(OUTCOMES[trace.outcome])}.", text=sentence(trace.title), spare=10)
            for trace in stand.verdict.tests
        ),
    )


def _works(stand: Stand) -> Section:
    """How the claim would work if it were true."""
    return Section(
        name="works",
        heading="How it would work",
        items=(Item(text=sentence(stand.story.mechanism), spare=11),),
    )


SECTIONS = (_why, _rivals, _change, _limits, _tests, _works)
"""What stands below the charts, in the order in which it is read."""
