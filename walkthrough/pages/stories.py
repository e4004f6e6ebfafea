"""The board: every story with its verdict, how sure, the marks of its tests, and what would change it."""

from collections.abc import Callable, Mapping
from itertools import groupby

import streamlit as st

from briefs.address import Address
from briefs.desk import SHELVES, Desk
from evidence.days import day, short_day
from evidence.narrative import Narrative
from evidence.trace import CONFIDENCES, Verdict
from evidence.wording import CONFIDENCES as CONFIDENCE_WORDS
from evidence.wording import DIRECTIONS, first_up, turn
from walkthrough import address, asof, wordmarks
from walkthrough.desk import desk
from walkthrough.place import Place
from walkthrough.prose import plain
from walkthrough.turns import turns

PLACE = Place(20, "Stories")
WIDTHS = [29, 19, 18, 11, 27]


def draw() -> None:
    """The page."""
    found = desk()
    here = address.read("stories", found)
    st.title("Which stories hold up?", anchor=False)
    st.markdown(
        "Each story is a claim that people make about markets, turned into tests that it has to survive. Move the day and watch what could be known."
    )
    with st.container(key="board-day"):
        asof.slider(found, here)
    _choices(here)
    st.caption(f"One mark for each test: {wordmarks.key()}")
    rows = [(s, found.verdict(s.id, here.day)) for s in found.stories.values()]
    shown = [
        (s, v)
        for s, v in rows
        if (not here.verdicts or v.direction in here.verdicts)
        and (not here.shelves or s.shelf in here.shelves)
    ]
    if not shown and rows:
        st.markdown("No story is of that kind on this day.")
    group = GROUPS[here.sort]
    for head, own in groupby(sorted(shown, key=lambda r: group(*r)[0]), key=lambda r: group(*r)):
        st.header(head[1], anchor=False)
        _heads(head[0])
        for story, scored in own:
            _row(here, story, scored)
    _problems(found)


def _by_shelf(story: Narrative, _: Verdict) -> tuple[int, str]:
    return list(SHELVES).index(story.shelf), SHELVES[story.shelf]


def _by_verdict(_: Narrative, scored: Verdict) -> tuple[int, str]:
    return list(wordmarks.SHAPES).index(scored.direction), DIRECTIONS[scored.direction]


def _by_confidence(_: Narrative, scored: Verdict) -> tuple[int, str]:
    if scored.direction == "insufficient_data":
        return len(CONFIDENCES), DIRECTIONS[scored.direction]
    sure = first_up(f"{CONFIDENCE_WORDS[scored.confidence]} confidence")
    return -CONFIDENCES.index(scored.confidence), sure


GROUPS: Mapping[str, Callable[[Narrative, Verdict], tuple[int, str]]] = {
    "shelf": _by_shelf,
    "verdict": _by_verdict,
    "confidence": _by_confidence,
}
"""What the board can be sorted by (briefs.address.SORTS): the place of a story's group, and its head."""


def _choices(here: Address) -> None:
    """How to sort, and which verdicts and shelves to show (none chosen: all). They stand in the URL."""
    for name in ("sort", "verdicts", "shelves"):
        chosen = getattr(here, name)
        st.session_state[f"board-{name}"] = chosen if name == "sort" else list(chosen)
    with st.container(key="board-choices", horizontal=True, gap="medium"):
        st.segmented_control(
            "Sort by",
            list(GROUPS),
            format_func=first_up,
            required=True,
            key="board-sort",
            on_change=address.chooser("board-sort", "sort"),
            width="content",
        )
        st.pills(
            "Show only",
            list(wordmarks.SHAPES),
            format_func=lambda word: f"{wordmarks.SHAPES[word][0]} {DIRECTIONS[word]}",
            selection_mode="multi",
            key="board-verdicts",
            on_change=address.chooser("board-verdicts", "verdicts"),
            width="content",
        )
        st.pills(
            "Shelves",
            list(dict.fromkeys(story.shelf for story in desk().stories.values())),
            format_func=lambda shelf: SHELVES[shelf],
            selection_mode="multi",
            key="board-shelves",
            on_change=address.chooser("board-shelves", "shelves"),
            width="content",
        )


def _heads(group: int) -> None:
    with st.container(key=f"heads-{abs(group)}"):
        for column, title in zip(
            st.columns(WIDTHS),
            ("Story", "Verdict", "Its tests", "Data as of", "What would change it"),
            strict=True,
        ):
            column.caption(title)


def _row(here: Address, story: Narrative, scored: Verdict) -> None:
    turns.give_way()
    with st.container(key=f"story-{story.id}"):
        title, verdict, tests, fresh, change = st.columns(WIDTHS)
        with title:
            address.link(f"**{plain(story.title)}**", here.at("story", story=story.id))
        with verdict.container(gap="xxsmall"):
            st.markdown(wordmarks.verdict(scored))
            if sure := wordmarks.how_sure(scored):
                st.caption(sure)
        with tests.container(gap="xxsmall"):
            st.markdown(wordmarks.strip(scored.tests))
            st.caption(wordmarks.tally(scored.tests))
        fresh.caption(short_day(scored.stands_for))
        change.caption(_change(scored))


def _change(scored: Verdict) -> str:
    """The nearest thing that would change it."""
    lines = [turn(one) for one in scored.changes[:1]] or list(scored.would_change[:1])
    if scored.next_release is not None and not any(" due on " in line for line in lines):
        lines.append(f"Ask again on {day(scored.next_release.on)}.")
    return plain(" ".join(lines) or "Nothing that is due.")


def _problems(found: Desk) -> None:
    errors = [p for p in found.library.problems if p.severity == "error"]
    if not errors:
        return
    with st.expander(f"Left out: {len(errors)} problems in stories that could not be read"):
        for problem in errors:
            st.markdown(f"- {plain(problem.file)}, line {problem.line}: {plain(problem.message)}")


if __name__ == "__main__":
    draw()
