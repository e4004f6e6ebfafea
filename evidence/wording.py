"""The sentences: pure functions of traces, so that no page writes a number of its own."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from evidence.catalogue import Catalogue
from evidence.days import day
from evidence.kinds.base import TestBase
from evidence.quantity import Quantity, amount, level, one_in, signed
from evidence.trace import Brought, Change, ConditionTrace, Robustness, TestTrace, Verdict

if TYPE_CHECKING:
    from evidence.calibration import Overall, Row
    from evidence.rivals import Rivals, Standing, Without
    from evidence.sensitivity import Sensitivity, Turned
    from evidence.verdict import Judged

DIRECTIONS = {
    "supported": "Supported",
    "contradicted": "Contradicted",
    "mixed": "Mixed",
    "insufficient_data": "Not enough data yet",
}
UNJUDGED = "A condition is not met or not known, so the claim was not judged and nothing can be asked otherwise."
OUTCOMES = {
    "consistent": "as the claim predicts",
    "inconsistent": "against the claim",
    "neutral": "no clear answer",
    "not_evaluable": "not known yet",
}
FOUND = {
    "supported": "is supported",
    "contradicted": "is contradicted",
    "mixed": "is mixed",
    "insufficient_data": "cannot be told yet",
    "consistent": "comes out as its claim predicts",
    "inconsistent": "speaks against its claim",
    "neutral": "gives no clear answer",
    "not_evaluable": "is not known yet",
}
"""What became of a claim, a part of one or a test, after its name."""
CONFIDENCES = {
    "very_low": "very low",
    "low": "low",
    "medium": "medium",
    "high": "high",
    "very_high": "very high",
}
ROLES = {
    "hoop": "If this fails, the story falls.",
    "smoking_gun": "If this shows, little else explains it.",
    "doubly_decisive": "If this shows, little else explains it; if it fails, the story falls.",
    "straw_in_the_wind": "This leans one way or the other; alone it decides nothing.",
}
PARTS = {
    "act": "the act",
    "timing": "the timing",
    "lasting": "that it lasted",
    "size": "the size",
    "motive": "the motive",
}


def listed(names: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def first_up(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """A clause as a sentence: capital first, full stop last."""
    text = text.strip()
    return first_up(text if text.endswith((".", "?", "!")) else f"{text}.")


def declared(quantity: Quantity) -> str:
    """A quantity as the narrative writes it, in words and without digits that it does not have."""
    text = level(quantity.value, quantity.unit)
    return text.replace(".0 ", " ", 1) if quantity.value == int(quantity.value) else text


def _named(clause: str, test: TestBase, catalogue: Catalogue) -> str:
    """The clause with its series named: `{series}` all of them, `{0}` the first."""
    names = [catalogue.series[s].named for s in test.reads]
    for i, name in enumerate(names):
        clause = clause.replace(f"{{{i}}}", name)
    return clause.replace("{series}", listed(names))


def expected(test: TestBase, kind: Any, catalogue: Catalogue) -> str:
    """`If the claim were true, we would expect …`."""
    clause: str = kind.expected(test)
    at_most = test.matters.at_most
    filled = _named(clause, test, catalogue).replace("{matters}", declared(test.matters.at_least))
    filled = filled.replace("{at_most}", declared(at_most) if at_most else "")
    return sentence(f"If the claim were true, we would expect {filled}")


def seen(clause: str, test: TestBase, catalogue: Catalogue) -> str:
    """`We saw: …`, with the series named."""
    return sentence(_named(clause, test, catalogue))


def waiting(reason: str, on: date | None) -> str:
    """Why a test has no answer, and when it will."""
    return sentence(reason) + (f" Ask again on {day(on)}." if on else "")


def damaged(named: str) -> str:
    """A series whose file cannot be trusted."""
    return f"{named}: its file is damaged and was left out until it is mended"


def not_out(published: int, whole: int, least: int, frequency: str) -> str:
    """Why a window cannot be read yet: `1 of 4 weeks is out; the test needs 2`."""
    unit = {"daily": "trading day", "weekly": "week", "monthly": "month"}.get(frequency, "value")
    if published == 0 and whole == 1:
        return f"the {unit} is not out yet"
    units = f"{unit}s" if whole > 1 else unit
    out = "none" if published == 0 else str(published)
    return (
        f"{out} of {whole} {units} {'is' if published < 2 else 'are'} out; the test needs {least}"
    )


def length(test: TestBase) -> str:
    """The window in words."""
    window = getattr(test, "window", None)
    if window is None:
        return "one value"
    return f"over {window.after}" if window.after else f"over {window.before} before"


def in_full(trace: TestTrace, catalogue: Catalogue) -> dict[str, str]:
    """What exactly a test asks, a heading to a sentence; a fact says what stands in place of dates and power."""
    names = listed([catalogue.series[name].title for name in trace.series])
    label = f": {trace.statistic.label}" if trace.statistic else ""
    return {
        "What is measured": sentence(f"{names}{label}"),
        "Window": _looked(trace),
        "Why": sentence(trace.why),
        "What counts": f"{trace.matters.declared}{_up_to(trace)}. {sentence(trace.matters.why)}",
        "Compared with": _compared(trace),
        "What it could have seen": _power(trace),
        "What turns it": _turns(trace),
    }


def _up_to(trace: TestTrace) -> str:
    return f" to {trace.matters.declared_most}" if trace.matters.declared_most else ""


def _looked(trace: TestTrace) -> str:
    window = trace.window
    if window is not None:
        span = f"From {day(window.first)} to {day(window.last)}"
        if trace.placebo is None:
            return f"{span}."
        out = "" if window.published == window.length else f"; {window.published} are out"
        return f"{span}, {window.length:,} observation{'' if window.length == 1 else 's'}{out}."
    if trace.data is not None:
        first, last = trace.data.first, trace.data.last
        return (
            f"The value of {day(last)}." if first == last else f"From {day(first)} to {day(last)}."
        )
    return sentence(trace.reason or "nothing of it is out")


def _compared(trace: TestTrace) -> str:
    if trace.placebo is None:
        if trace.outcome == "not_evaluable":
            return sentence(f"with nothing yet: {trace.reason or 'nothing of it is out'}")
        return f"A fact is compared with no other dates. It is held against what counts: {trace.matters.declared}{_up_to(trace)}."
    found = trace.placebo
    return (
        f"{found.dates:,} earlier windows of the same length, from {day(found.first)} to {day(found.last)}, "
        f"worth {found.effective:,} that do not overlap. {how_unusual(trace)}"
    )


def _power(trace: TestTrace) -> str:
    if trace.placebo is not None:
        return could_have_seen(trace)
    if trace.outcome == "not_evaluable":
        return "Nothing yet: that is known once the test has an answer."
    return (
        "A fact has no size that it could miss. In place of it stands its error: how far the figures have been revised, "
        "or how far chance reaches. Within twice that error beyond what counts it would give no clear answer."
    )


def _turns(trace: TestTrace) -> str:
    told = [
        f"at {level(float(f.at), f.unit)} {'or more' if f.side == 'above' else 'or less'} it would read “{OUTCOMES[f.to]}”"
        for f in trace.flips
    ]
    if not told:
        return sentence(
            "nothing yet: it has no reading" if trace.statistic is None else "no other value of it"
        )
    return sentence("; ".join(told))


def how_unusual(trace: TestTrace) -> str:
    """The event's place among its placebos, in odds."""
    if trace.placebo is None:
        return ""
    p, dates = float(trace.placebo.p), trace.placebo.dates
    further = round(p * (dates + 1)) - 1
    if further == 0:
        return f"None of {dates:,} earlier windows of this length went as far."
    if p > 0.5:
        return f"{further:,} of {dates:,} earlier windows of this length went further the claim’s way than this one."
    told = f"{further:,} of {dates:,} earlier windows of this length went at least as far"
    # windows overlap: odds finer than the separate ones among them would be made up
    if further * trace.placebo.effective < dates:
        return f"{told} ({trace.placebo.effective:,} of them do not overlap)."
    return f"{told}, {one_in(further / dates)}."


def usual_range(trace: TestTrace) -> str:
    """What the grey range of a picture holds, and what would count."""
    most = f" to {trace.matters.declared_most}" if trace.matters.declared_most else ""
    if trace.placebo is None:
        return f"What would count: {trace.matters.declared}{most}."
    return f"Grey: where nine in ten of {trace.placebo.dates:,} earlier windows ended, since {trace.placebo.first:%Y}."


def would_count(trace: TestTrace) -> str:
    """What would count, as a heading."""
    most = f" to {trace.matters.declared_most}" if trace.matters.declared_most else ""
    return f"What would count: {trace.matters.declared}{most}"


def by_part(found: Verdict) -> str:
    """How each part of a claim of several parts was judged; empty for a claim of one."""
    if len(found.parts) < 2:
        return ""
    return sentence("; ".join(f"{PARTS[p.part]} {FOUND[p.direction]}" for p in found.parts))


def could_have_seen(trace: TestTrace) -> str:
    """Power in words."""
    if trace.power is None or trace.placebo is None:
        return ""
    smallest, bar = float(trace.power.mde80), float(trace.matters.at_least)
    unit = trace.power.unit
    if smallest > bar:
        return (
            f"The smallest effect this test would see four times in five is {amount(smallest, unit)}; "
            f"what matters begins at {amount(bar, unit)}. A smaller one could hide."
        )
    return (
        f"An effect of the size that matters ({amount(bar, unit)}) would be seen more than four times in five: "
        f"the test sees {amount(smallest, unit)}."
    )


def if_true(trace: TestTrace) -> str:
    """How often data this weak would be seen if the claim were true at the size that matters."""
    if trace.placebo is None:
        return ""
    share, dates = float(trace.placebo.p_if_true), trace.placebo.dates
    if share * (dates + 1) < 1.5:
        return f"If the claim were true at the size that matters, none of {dates:,} windows would look this weak."
    if share < 0.29:
        return f"If the claim were true at the size that matters, {one_in(share)} windows would look this weak."
    return f"If the claim were true at the size that matters, {one_in(share)} of the windows would look like this."


def outcome_sentence(trace: TestTrace) -> str:
    """The outcome of one test in a sentence with its reason."""
    if trace.outcome == "not_evaluable":
        return trace.seen
    head = {
        "consistent": "This is what the claim predicts.",
        "inconsistent": "This speaks against the claim.",
        "neutral": "This leaves the claim open.",
    }[trace.outcome]
    if trace.checks is not None:
        passed = {
            "consistent": "passes",
            "inconsistent": "fails",
            "neutral": "neither passes nor fails",
        }
        return f"The stand-in {passed[trace.outcome]} this check. {trace.seen}"
    if trace.outcome == "neutral" and trace.placebo is not None and trace.statistic is not None:
        if float(trace.placebo.p) <= float(trace.placebo.tail):
            head = "The move is real, but smaller than what would matter."
        elif trace.power and float(trace.power.mde80) > float(trace.matters.at_least):
            head = f"This leaves the claim open: the test could not have seen less than {amount(float(trace.power.mde80), trace.power.unit)}."
    return f"{head} {trace.seen}"


def reasons(
    judged: "Judged", traces: Sequence[TestTrace], conditions: Sequence[ConditionTrace] = ()
) -> tuple[str, ...]:
    """Why the verdict is what it is: what each deciding test saw; for an open one, what is missing."""
    unmet = tuple(condition(c) for c in conditions if c.met is not True)
    if unmet:
        return unmet
    told = judged.deciding or traces
    return tuple(f"{t.title}: {t.seen}" for t in told)


def condition(found: ConditionTrace) -> str:
    """A condition of an if-then: how it stands, what was found and, where that differs, what is needed."""
    stands = {True: "met", False: "not met", None: "open"}[found.met]
    return f"Condition {stands}: {needed(found)}"


def needed(found: ConditionTrace) -> str:
    """What was found of a condition and, where that differs, what is needed."""
    if found.met:
        return f"“{found.title}” {FOUND[found.found]}, as needed."
    return f"“{found.title}” {FOUND[found.found]}. Needed: {({**DIRECTIONS, **OUTCOMES})[found.wanted].lower()}."


def would_change(
    changes: Sequence[Change],
    traces: Sequence[TestTrace],
    conditions: Sequence[ConditionTrace],
    catalogue: Catalogue,
) -> tuple[str, ...]:
    """The nearest changes in the data that would turn the verdict, in the series' own units, and what waits."""
    lines = [condition(c) for c in conditions if c.met is not True]
    lines += [change(c) for c in changes]
    if not changes and any(t.statistic for t in traces) and not lines:
        lines.append("No change in one test alone would turn the verdict.")
    for trace in traces:
        if trace.outcome == "not_evaluable" and trace.evaluable_on is not None:
            what = listed([catalogue.series[name].named for name in trace.series])
            lines.append(f"{trace.title}: waits for {what}, due on {day(trace.evaluable_on)}.")
        elif trace.so_far and trace.evaluable_on is not None:
            lines.append(
                f"{trace.title}: the window is open until the release of {day(trace.evaluable_on)}."
            )
    return tuple(lines)


def turn(found: Change) -> str:
    """One nearest change, and what it would make of the verdict."""
    return (
        f"{found.title}: {found.side} {_shown(found.at, found.unit)}, where we saw "
        f"{_shown(found.value, found.unit)}, would turn the verdict to “{DIRECTIONS[found.to].lower()}”."
    )


def change(found: Change) -> str:
    """The same, and whether a release can still bring it."""
    turned = turn(found)
    if found.by == "release":
        until = f", until the release of {day(found.on)}" if found.on else ""
        return f"{turned} The window is still open{until}."
    if found.by == "revision":
        due = f"; the next release is due on {day(found.on)}" if found.on else ""
        return f"{turned} The window is closed: only a revision could bring that{due}."
    return f"{turned} The window is closed: only a correction of the figures could bring that."


def distance(found: Change) -> str:
    """How far off a turn is, in the usual sizes of such a move; empty for a fact."""
    if found.away is None:
        return ""
    return f"That is {amount(float(found.away), 'sd')} of such moves away from what we saw."


def _shown(value: float, unit: str) -> str:
    """A quantity with its sign where the sign means a direction, without where it is a level."""
    plain = ("percent", "days", "correlation")
    return level(float(value), unit) if unit in plain else signed(float(value), unit)


def sensitivity(found: "Sensitivity") -> list[str]:
    """How robust a verdict is, and each other choice with how often it turns the verdict."""
    lines = [f"{found.title}: {DIRECTIONS[found.direction].lower()}. {ways(found.robustness)}."]
    lines += [f"  {choice_words(flip)}" for flip in found.flips if flip.more]
    lines += [f"  {sole(source)}" for source in found.sole]
    return lines


def ways(found: Robustness) -> str:
    """How many ways of asking agree: `46 of 56 ways of asking agree`."""
    return f"{found.agree} of {found.of} ways of asking agree"


def sole(source: str) -> str:
    """A source that cannot be left out."""
    return f"without {source_name(source)} nothing decisive is left"


def brought(found: Sequence[Brought]) -> str:
    """That a verdict rests on the user's own data, and what follows; empty where it does not."""
    if not found:
        return ""
    names = [f"{one.named} ({one.note})" if one.note else one.named for one in found]
    return f"Rests on data that you brought: {listed(names)}. This copy cannot give a frozen link."


def robust(found: Robustness) -> str:
    """How many ways of asking agree."""
    return f"{found.agree} of {found.of} ways of asking agree."


def choice_words(flip: "Turned") -> str:
    """A choice and how often it turned the verdict: `longer windows: 18 of 18 turn to mixed`."""
    to = " or ".join(DIRECTIONS[direction].lower() for direction in flip.to)
    return f"{choice(flip.dimension, flip.choice)}: {flip.turned} of {flip.of} turn to {to}"


def choice(dimension: str, name: str) -> str:
    """A choice of the grid in words: `what matters a quarter lower`, `without the Fed's custody count`."""
    return CHOICES[dimension].format(source_name(name) if dimension == "left_out" else name)


def source_name(source: str) -> str:
    """A source group as a reader would call it."""
    return SOURCES.get(source, source.replace("_", " "))


SOURCES = {
    "bea_iip": "the BEA’s investment position",
    "bund": "the Bund yield",
    "bund_yields": "the Bund yield (licensed)",
    "cftc": "futures positions (CFTC)",
    "equities": "stock prices (licensed)",
    "fed_custody": "the Fed’s custody count",
    "fund_flows": "fund flows (licensed)",
    "fx": "exchange rates",
    "imf_fm": "the IMF’s Fiscal Monitor",
    "jgb": "Japanese government bond yields",
    "msci": "the MSCI World (licensed)",
    "national_accounts": "the national accounts",
    "nyfed_dealers": "dealers’ reports (New York Fed)",
    "ofr_fsi": "the stress index (OFR)",
    "quoted_auctions": "printed auction results",
    "quoted_bea": "printed figures of the BEA",
    "quoted_foreign_demand": "printed estimates of foreign demand",
    "quoted_fund_flows": "printed fund flows",
    "quoted_imf": "printed figures of the IMF",
    "quoted_note": "the note’s own figures",
    "quoted_tariffs": "printed tariff figures",
    "quoted_tbac": "swap spreads as printed",
    "repo": "repo rates and volumes",
    "swap_spreads": "swap spreads (licensed)",
    "tic": "the Treasury’s survey (TIC)",
    "trade": "the trade statistics",
    "treasury_statement": "the Treasury’s statement",
    "treasury_yields": "Treasury yields",
    "ust_auctions": "auction results",
    "z1": "the Financial Accounts (Z.1)",
}
"""Groups of series that rest on one collection of data; one without a name here goes by its id."""
CHOICES = {
    "windows": "{}",
    "bars": "what matters {}",
    "tail": "{} the tail",
    "prints": "{}",
    "series": "{}",
    "left_out": "without {}",
}


def calibrated(row: "Row") -> str:
    """One test's calibration in a line."""
    head = f"{row.tests[0]} ({row.kind}, {row.window})"
    if row.rate is None or row.low is None or row.high is None:
        return f"{head}: no quiet date could be evaluated"
    seen = " and ".join(f"{100 * share:.0f} %" for share in row.seen)
    return (
        f"{head}: {row.alarms} alarms on {row.dates} quiet dates, {100 * row.rate:.1f} % "
        f"(95 %: {100 * row.low:.1f} to {100 * row.high:.1f}; nominal {100 * row.nominal:.1f}); "
        f"sees {seen} of effects once and twice the size that matters"
        f"{'' if row.calibrated else '; too few dates to call it calibrated'}"
    )


def calibrated_together(found: "Overall") -> str:
    """All tests together in a line."""
    return (
        f"All {found.tests} calibrated tests: {found.alarms} alarms on {found.dates:,} dates where "
        f"{found.expected:.0f} are expected; {100 * found.rate:.1f} % (95 %: {100 * found.low:.1f} to "
        f"{100 * found.high:.1f}), p {found.p:.2f}"
    )


def rivals(found: "Rivals") -> list[str]:
    """The ranking, what tells the stories apart, what is worth nothing, and each source left out."""
    lines = [found.question]
    for one in found.standings:
        place = f"{one.place}{' (tied)' if one.tied else ''}"
        lines.append(f"  {place}. {one.title}: {standing(one)}")
    lines.append("Tests that tell the stories apart:")
    for row in found.rows:
        if row.worth == "tells_apart":
            hurt = [e.story for e in row.expected if e.fares == "against"]
            fits = [e.story for e in row.expected if e.fares == "fits"]
            told = [f"against {listed(hurt)}"] if hurt else []
            told += [f"fits {listed(fits)}"] if fits else []
            lines.append(f"  {row.title}: {'; '.join(told) or 'leaves them open'}")
    nothing = [row.title for row in found.rows if row.worth == "nothing"]
    if nothing:
        lines.append(f"Worth nothing here, as no story expects otherwise: {listed(nothing)}.")
    lines += [f"  {without(one, found)}" for one in found.without if one.changes]
    return lines


def first_place(found: "Rivals") -> str:
    """Whom the evidence speaks against least, by how much, and whether that is a tie or mere silence."""
    first = [one for one in found.standings if one.place == 1]
    against = first[0].against
    counted = f"{against} source{'' if against == 1 else 's'}" if against else "No source"
    verb = "speaks" if against < 2 else "speak"
    if len(first) == len(found.standings):
        return f"As known on {day(found.as_of)} nothing ranks the stories: {counted.lower()} {verb} against each."
    told = f"{counted} {verb} against {listed([f'“{one.title}”' for one in first])}, as known on {day(found.as_of)}."
    silent = [f"“{one.title}”" for one in first if not one.against and not one.fits]
    if silent:
        told += f" Of {listed(silent)} that is silence: no test that tells stories apart has an answer for it."
    return told


def first_place_shortly(found: "Rivals") -> str:
    """The same, counted where the titles would be many."""
    first = [one for one in found.standings if one.place == 1]
    short = len(first) < 3 or len(first) == len(found.standings)
    return first_place(found) if short else f"{first_count(found)}, as known on {day(found.as_of)}."


def first_count(found: "Rivals") -> str:
    """`No source speaks against 2 of the 8 stories`."""
    first = [one for one in found.standings if one.place == 1]
    against = first[0].against
    counted = f"{against} source{'' if against == 1 else 's'}" if against else "No source"
    verb = "speaks" if against < 2 else "speak"
    return f"{counted} {verb} against {len(first)} of the {len(found.standings)} stories"


def standing(one: "Standing") -> str:
    """How many sources speak against a story, and for it."""
    against = f"{one.against} source{'' if one.against == 1 else 's'} against it"
    return f"{against}, {one.fits} for it; {DIRECTIONS[one.direction].lower()}"


def without(one: "Without", found: "Rivals") -> str:
    """What the ranking would be without one source."""
    titles = {s.story: s.title for s in found.standings}
    return f"Without {source_name(one.source)} the first place goes to {listed([titles[s] for s in one.first])}."
