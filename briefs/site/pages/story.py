"""One story on one page: the claim, what we would see, each test, the rivals, the verdict, what would change it."""

from collections.abc import Iterator

from briefs import answers, figures
from briefs.address import STEPS, Address
from briefs.desk import SHELVES
from briefs.site import days, words
from briefs.site.days import Told, long_days
from briefs.site.leaf import Leaf, scrolled
from briefs.site.markup import Content, Markup, bullets, paragraphs, tag
from briefs.site.pages import chain, note, tests
from briefs.site.shell import Site, page
from briefs.stand import Stand
from charts.theme import LIGHT
from evidence import verdict as rules
from evidence.days import day
from evidence.history import History
from evidence.kinds.base import Outcome
from evidence.narrative import Narrative, Said
from evidence.trace import Verdict
from evidence.wording import (
    PARTS,
    ROLES,
    UNJUDGED,
    brought,
    change,
    choice_words,
    distance,
    first_up,
    sole,
)

EXPECTS = {
    "consistent": "expects this too",
    "inconsistent": "expects the opposite",
    "neutral": "expects nothing either way",
    "not_evaluable": "cannot be asked",
}


def write(site: Site, name: str, told: Told) -> Iterator[tuple[Leaf, str]]:
    """The story's page, and the page with each of its days."""
    story = site.desk.stories[name]
    here = site.here("story").at(story=name)
    stand = Stand(site.desk, here, story, site.desk.verdict(name, site.day))
    leaf = Leaf(
        f"story/{name}.html", "stories", story.title, story.claim, name, days.turns(told.history)
    )
    yield leaf, page(site, leaf, _head(stand, leaf), _steps(stand, leaf, told.history))
    apart = Leaf(f"story/{name}-days.html", "stories", f"{story.title}: each day")
    yield apart, page(site, apart, _each_day(apart, here, story, told.history))


def _head(stand: Stand, leaf: Leaf) -> list[Content]:
    own = brought(stand.verdict.brought)
    steps = [tag("li", tag("a", title, href=f"#{step}")) for step, title in STEPS.items()]
    return [
        tag("p", leaf.link(SHELVES[stand.story.shelf], stand.here.at("stories")), class_="crumb"),
        tag("h1", stand.story.title),
        tag("p", words.verdict(stand.verdict), " ", words.sure(stand.verdict), class_="standing"),
        tag("p", own, class_="small") if own else None,
        tag("nav", tag("ol", steps), class_="steps", aria_label="Steps of this story"),
    ]


def _steps(stand: Stand, leaf: Leaf, history: History) -> list[Markup]:
    made = {
        "claim": _claim,
        "predictions": _predictions,
        "tests": _tests,
        "rivals": _rivals,
        "change": _change,
    }
    found = []
    for step in STEPS:
        content = _verdict(stand, leaf, history) if step == "verdict" else made[step](stand, leaf)
        found.append(tag("section", content, id=step, class_="step"))
    return found


def _claim(stand: Stand, leaf: Leaf) -> list[Content]:
    story = stand.story
    said = [[s.who, ", ", tag("i", s.where), f", {_when(s)}"] for s in story.said]
    links = [tag("li", link) for link in story.chain]
    return [
        tag("h2", STEPS["claim"]),
        tag("p", story.claim, class_="claim"),
        tag("h3", "Said by"),
        bullets(said),
        tag("h3", "How it would work"),
        paragraphs(story.mechanism),
        tag("ol", links, class_="chain") if links else None,
        note.of_story(stand, leaf),
    ]


def _when(said: Said) -> str:
    """The day, or only its month where the source does not print the day."""
    return f"{said.on:%B %Y} (day not printed)" if said.assumed else day(said.on)


def _predictions(stand: Stand, leaf: Leaf) -> list[Content]:
    count = len(stand.verdict.tests)
    turned = "one prediction that can fail" if count == 1 else "predictions that can fail"
    several = len({t.part for t in stand.verdict.tests}) > 1
    return [
        tag("h2", "If it were true, we would see …"),
        tag(
            "p",
            f"The claim was turned into {turned}. What counts is written down in the story, with a reason. It was set by "
            "people who knew what had happened; the verdict’s part of this page says when.",
        ),
        tag(
            "ol",
            [
                tag(
                    "li",
                    tag(
                        "p",
                        leaf.link(t.title, stand.here.at(step="tests", test=t.id)),
                        class_="strong",
                    ),
                    tag("p", t.expected),
                    tag(
                        "p",
                        f"Part of the claim: {PARTS[t.part]}. " if several else "",
                        ROLES[t.role],
                        class_="small",
                    ),
                )
                for t in stand.verdict.tests
            ],
            class_="predictions",
        ),
    ]


def _tests(stand: Stand, leaf: Leaf) -> list[Content]:
    drawn: set[str] = set()
    every = [
        tests.write(
            Stand(stand.desk, stand.here.at(step="tests", test=t.id), stand.story, stand.verdict),
            leaf,
            drawn,
        )
        for t in stand.verdict.tests
    ]
    return [tag("h2", STEPS["tests"]), *every]


def _rivals(stand: Stand, leaf: Leaf) -> list[Content]:
    head = tag("h2", "What the rival stories expect")
    every = [*stand.story.rivals, *(r for t in stand.verdict.tests for r in t.rivals_expect)]
    rivals = list(dict.fromkeys(every))
    if not rivals:
        return [
            head,
            tag(
                "p",
                "This story has no rival among the stories here: it describes what happened, it does not explain it.",
            ),
        ]
    known = [r for r in rivals if r in stand.desk.stories]
    return [
        head,
        tag(
            "p",
            answers.which_tell_apart(words.voting(stand.verdict.tests)),
        ),
        _matrix(stand, rivals),
        tag(
            "p",
            "Each row is something that this story expects. A blank: nothing is written down about what the rival expects there.",
            class_="small",
        ),
        tag("p", leaf.link("All stories against all of the evidence", stand.here.at("rivals"))),
        tag(
            "p",
            "Read a rival: ",
            [
                [", " if i else "", leaf.link(stand.title_of(r), stand.here.at(story=r))]
                for i, r in enumerate(known)
            ],
        )
        if known
        else None,
    ]


def _matrix(stand: Stand, rivals: list[str]) -> Markup:
    """A row for each test, those that tell stories apart first."""
    voting = sorted(
        words.voting(stand.verdict.tests),
        key=lambda t: not answers.tells_apart(t),
    )
    rows = []
    for trace, bold in zip(voting, answers.in_bold(voting), strict=True):
        cells = [tag("td", _expects(trace.rivals_expect.get(r))) for r in rivals]
        rows.append(
            tag(
                "tr",
                tag("th", trace.title, scope="row"),
                tag("td", words.small_outcome(trace.outcome)),
                cells,
                class_="apart" if bold else None,
            )
        )
    heads = ["Test", "We saw", *(stand.title_of(r) for r in rivals)]
    return scrolled(
        tag(
            "table",
            tag("thead", tag("tr", [tag("th", head, scope="col") for head in heads])),
            tag("tbody", rows),
            class_="matrix",
        ),
        "What the rival stories expect",
    )


def _expects(word: Outcome | None) -> Content:
    return None if word is None else [words.shape(word), f" {EXPECTS[word]}"]


def _verdict(stand: Stand, leaf: Leaf, history: History) -> list[Content]:
    found = stand.verdict
    settled = found.direction != "insufficient_data"
    how_sure = words.how_sure(found)
    return [
        tag("h2", STEPS["verdict"]),
        tag("p", words.verdict(found), class_="large"),
        tag("p", found.rule_sentence, data_rule=True),
        tag(
            "div",
            [tag("h3", "Why" if settled else "What is missing"), bullets(found.reasons)]
            if found.reasons
            else None,
            [tag("h3", "How sure"), tag("p", f"{how_sure}. {found.grounds}")] if how_sure else None,
            [
                tag("p", "Steps down:"),
                bullets(f"{first_up(d.name)}: {d.why}." for d in found.downgrades),
            ]
            if found.downgrades
            else None,
            _parts(found),
            [tag("h3", "The conditions"), chain.write(stand, leaf)] if found.conditions else None,
            data_latest=True,
        ),
        _history(stand, leaf, history),
        tag("div", _ways(stand, leaf), _limits(stand), data_latest=True),
    ]


def _parts(found: Verdict) -> list[Content]:
    if len(found.parts) < 2:
        return []
    every: list[Content] = [tag("h3", "Part by part")]
    for part in found.parts:
        every.append(tag("p", tag("strong", first_up(PARTS[part.part])), f": {part.sentence}"))
        every.append(tag("p", words.direction(part.direction), f". {rules.RULES[part.rule]}"))
    return every


def _history(stand: Stand, leaf: Leaf, history: History) -> list[Content]:
    apart = leaf.links.file(f"story/{stand.story.id}-days.html")
    return [
        tag("h3", "How it came about"),
        leaf.figure(figures.strip(history, LIGHT)),
        bullets(turn.sentence for turn in history.turns),
        tag("p", tag("a", "Each day, and what came on it", href=apart)),
    ]


def _ways(stand: Stand, leaf: Leaf) -> list[Content]:
    """The specification curve, and the choices that turn the verdict."""
    head = tag("h3", "Asked in other ways")
    told = stand.verdict.robustness
    if told is None:
        return [
            head,
            tag(
                "p",
                UNJUDGED,
            ),
        ]
    found = stand.desk.engine.sensitivity(stand.story.id, stand.day)
    turning = [choice_words(flip) for flip in found.flips if flip.more]
    lead = None
    if turning:
        lead = tag("p", "What turns the verdict more often than the story’s own choice does:")
    elif told.agree == told.of:
        lead = tag("p", "No other choice that was declared turns the verdict.")
    return [
        head,
        leaf.figure(figures.curve(stand, LIGHT)),
        lead,
        bullets(
            [*(f"{first_up(t)}." for t in turning), *(f"{first_up(sole(s))}." for s in found.sole)]
        ),
    ]


def _limits(stand: Stand) -> list[Content]:
    story, found = stand.story, stand.verdict
    return [
        tag("h3", "What this cannot tell"),
        bullets([*story.cannot_tell, *story.confounders]),
        tag(
            "p",
            f"What counts in each test was set on {day(found.thresholds_set)}, after the event and after most of these data. "
            "The placebos and the controls guard against fitting; they do not undo hindsight.",
        ),
        tag(
            "p",
            f"Of the series read here, some go no further: {'; '.join(found.notices)}.",
            class_="small",
        )
        if found.notices
        else None,
        tag(
            "p",
            "The same story, data and engine give the same verdict and the same mark: ",
            tag("code", found.identity),
            f". Nothing that the story rests on changed between {day(found.stands_for)} and {day(found.as_of)}.",
            class_="small",
        ),
    ]


def _change(stand: Stand, leaf: Leaf) -> list[Content]:
    found = stand.verdict
    told = {change(one) for one in found.changes}
    rest = [line for line in found.would_change if line not in told]
    return [
        tag("h2", STEPS["change"]),
        tag(
            "div",
            _what_turns(found),
            [
                tag(
                    "div",
                    tag("h3", leaf.link(one.title, stand.here.at(step="tests", test=one.test))),
                    tag("p", first_up(change(one).removeprefix(f"{one.title}: "))),
                    tag("p", distance(one), class_="small") if distance(one) else None,
                    class_="nearest",
                )
                for one in found.changes
            ],
            bullets(rest),
            tag("h3", "When to ask again"),
            tag("p", _next(found)),
            data_latest=True,
        ),
    ]


def _what_turns(found: Verdict) -> Markup:
    if not found.would_change:
        return tag("p", "No single number among these tests would change the verdict by itself.")
    tail = (
        ". What the tests wait for, and what would turn them:"
        if found.direction == "insufficient_data"
        else ". The nearest things that would change it:"
    )
    return tag(
        "p", "The verdict is ", words.direction(found.direction), words.rests_on(found), tail
    )


def _next(found: Verdict) -> Content:
    coming = found.next_release
    if coming is not None:
        title = found.test(coming.test).title
        return [tag("strong", day(coming.on)), f": {coming.short}, for “{title}”."]
    due = min((one.on for one in found.changes if one.on is not None), default=None)
    if due is None:
        return "No release that is due can change this. A revision of old figures still could, and would appear here."
    return (
        "No test waits for a new figure. A revision of old ones still could change this; the next release that can "
        f"bring one is due on {day(due)}."
    )


def _each_day(leaf: Leaf, here: Address, story: Narrative, history: History) -> list[Content]:
    """The memory as words: the turns first, then every day."""
    rows = [
        tag("tr", tag("th", on, scope="row"), tag("td", says), tag("td", came))
        for on, says, came in long_days(history)
    ]
    heads = ("Day", "The verdict", "What came")
    return [
        tag("p", leaf.link(story.title, here), class_="crumb"),
        tag("h1", "Each day, as it was known then"),
        tag("p", story.claim, class_="claim"),
        [tag("h2", "The turns"), bullets(turn.sentence for turn in history.turns)]
        if history.turns
        else None,
        tag("h2", "Every day on which anything came"),
        scrolled(
            tag(
                "table",
                tag("thead", tag("tr", [tag("th", head, scope="col") for head in heads])),
                tag("tbody", rows),
                class_="days",
            ),
            "Every day on which anything came",
        ),
    ]
