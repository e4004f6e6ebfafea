"""One test: the prediction, the event beside the episode when it did happen, the outcome; the rest folded."""

from briefs import answers, figures
from briefs.legend import GRADES, VINTAGES
from briefs.site import words
from briefs.site.leaf import Leaf
from briefs.site.markup import Content, Markup, bullets, folded, tag
from briefs.stand import Stand
from charts.theme import LIGHT
from evidence import placebo, wording
from evidence.days import day
from evidence.trace import TestTrace


def write(stand: Stand, leaf: Leaf, drawn: set[str]) -> Markup:
    """The section of a test. `drawn`: pictures that stand on the page already, and are not shown again."""
    trace = stand.trace
    ids = [t.id for t in stand.verdict.tests]
    return tag(
        "section",
        tag("p", f"Test {ids.index(trace.id) + 1} of {len(ids)}", class_="small"),
        tag("h3", trace.title),
        tag(
            "div",
            tag(
                "div",
                tag("h4", "The prediction"),
                tag("p", trace.expected),
                tag("p", wording.ROLES[trace.role], class_="small"),
                tag("h4", "What we saw"),
                _outcome(trace),
                class_="words",
            ),
            tag("div", _pictures(stand, leaf), class_="pictures"),
            class_="test",
        ),
        _folded(stand, leaf, drawn),
        id=f"tests-{trace.id}",
        class_="one-test",
        data_test=trace.id,
    )


def _outcome(trace: TestTrace) -> Markup:
    need = answers.against_need(trace)
    return tag(
        "div",
        tag("p", words.of_test(trace), data_outcome=trace.checks is None),
        tag("p", wording.outcome_sentence(trace), data_seen=True),
        tag("p", need, data_need=True, hidden=not need),
        tag("div", _more(trace), data_latest=True),
        class_="outcome",
    )


def _more(trace: TestTrace) -> list[Content]:
    found: list[Content] = []
    if trace.so_far and trace.window is not None:
        found.append(
            tag(
                "p",
                "The span that the claim speaks of is not over."
                if trace.fact
                else f"The window is still open: {trace.window.published} of {trace.window.length} observations are out.",
            )
        )
    if trace.first_print_outcome is not None and trace.first_print_outcome != trace.outcome:
        first = wording.OUTCOMES[trace.first_print_outcome]
        found.append(
            tag(
                "p",
                f"As first printed, the same test said “{first}”. The figures have been revised since.",
            )
        )
    return found


def _pictures(stand: Stand, leaf: Leaf) -> list[Content]:
    pair = figures.pair(stand, LIGHT)
    control = figures.control_of(stand)
    past = None
    if control is not None:
        known, trace = control
        past = tag(
            "p",
            f"{known.name}, {day(known.date)}: {known.known} The same test there: ",
            words.small_outcome(trace.outcome),
            ".",
            class_="small",
        )
    return [leaf.row(pair) if pair else tag("p", "There is nothing to draw yet on this day."), past]


def _folded(stand: Stand, leaf: Leaf, drawn: set[str]) -> list[Content]:
    trace = stand.trace
    found: list[Content] = []
    if trace.placebo is not None:
        place = figures.place(stand, LIGHT)
        picture = leaf.figure(place) if place is not None else None
        found.append(folded("How unusual is that?", tag("p", wording.if_true(trace)), picture))
        found.append(folded("Could we have seen it?", tag("p", wording.could_have_seen(trace))))
    wider = figures.wider(stand, LIGHT)
    if wider is not None and wider.key not in drawn:
        drawn.add(wider.key)
        found.append(folded("A wider view", leaf.figure(wider)))
    found.append(folded("The rule, in full", _rule(stand, trace)))
    found.append(folded("Why this test, and its caveat", _why(stand, trace)))
    found.append(folded("The data", _data(stand, trace)))
    return found


def _why(stand: Stand, trace: TestTrace) -> list[Content]:
    if not trace.caveat:
        return [tag("p", trace.why), tag("p", "No caveat is noted.")]
    written = f"Caveat, written on {day(stand.verdict.thresholds_set)}"
    return [tag("p", trace.why), tag("p", tag("strong", written)), tag("p", trace.caveat)]


def _rule(stand: Stand, trace: TestTrace) -> list[Content]:
    set_on = (
        f"On {day(stand.verdict.thresholds_set)}, after the event and after most of these data."
    )
    full = {**wording.in_full(trace, stand.desk.store.catalogue), "When that was set": set_on}
    facts = [[tag("dt", head), tag("dd", words_)] for head, words_ in full.items()]
    if trace.placebo is None:
        says = "The test compares one value with what counts. Inside the band it speaks for the claim; clearly outside, against it."
    else:
        says = (
            "The data bear the claim out where the move is at least that large and among the most extreme "
            f"{share(float(trace.placebo.tail))} of earlier windows. They speak against it where data this weak would be "
            f"seen in at most {share(placebo.P_IF_TRUE)} of cases if the claim were true at that size. Anything else "
            f"leaves it open. {wording.if_true(trace)}"
        )
    return [tag("dl", facts), tag("p", says)]


def share(value: float) -> str:
    """A constant share of the method, as `5 %`."""
    return f"{100 * value:g} %"


def _data(stand: Stand, trace: TestTrace) -> list[Content]:
    catalogue = stand.desk.store.catalogue
    found: list[Content] = []
    if trace.data is not None:
        known = figures.known_day(trace.data.known_at)
        found.append(
            tag(
                "p",
                f"From {day(trace.data.first)} to {day(trace.data.last)}; the last of it was known on {day(known)}. "
                f"{VINTAGES[trace.data.vintage_quality]} {GRADES[trace.data.grade]}",
            )
        )
    entries = [catalogue.series[name] for name in trace.series]
    found.append(bullets([tag("strong", e.title), f". {e.citation}. {e.faults}"] for e in entries))
    found.append(tag("p", "The figures themselves are under each chart.", class_="small"))
    return found
