"""The as-of control: the day whose knowledge every page shows. Drawn by the door, on every page."""

import streamlit as st

from briefs.address import Address
from briefs.desk import Desk
from evidence.days import day as in_words
from evidence.days import short_day
from walkthrough import address, memory
from walkthrough.dayfield import dayfield
from walkthrough.links import row, soft, way
from walkthrough.memory import Stop
from walkthrough.prose import plain

SLIDER = "as_of_slider"
TURNING = ("story", "stories", "known")
"""The pages that step from turn to turn: of the story shown, or of all stories."""
MOST_LINKS = 6


def field(desk: Desk, here: Address) -> None:
    """Where the day is chosen."""
    dayfield("As known on", here.day, desk.oldest, desk.newest)


def said(desk: Desk, here: Address) -> list[str]:
    """The day in words, and the way back to the newest."""
    words = [sentence(desk, here)]
    return words if here.latest else [*words, way("Back to the newest", here.on(None))]


def sentence(desk: Desk, here: Address) -> str:
    """`18 June 2025 (last release used: TIC, 18 June 2025)`."""
    last = desk.last_release(here.day, here.story or None)
    words = in_words(here.day) + (", the newest day in the data" if here.latest else "")
    if last is None:
        return plain(f"{words}. Nothing that is used here had been released by then.")
    when = "that day" if last.on == here.day else in_words(last.on)
    return plain(f"{words}. Last release used: {last.name}, {when}.")


def turns(desk: Desk, here: Address) -> list[str]:
    """One step back and one on: to the days on which a verdict turned."""
    if here.page not in TURNING or not desk.stories:
        return []
    stops = memory.stops(desk, here.story or None)
    before = [stop for stop in stops if stop.on < here.day]
    after = [stop for stop in stops if stop.on > here.day]
    if not before and not after:
        return []
    ways = [soft("Turns of this story" if here.story else "Turns of all stories")]
    if before:
        ways.append(way(plain(f"← {before[-1].label}"), here.on(before[-1].on)))
    if after:
        newest = after[0].on == desk.newest
        to = here.on(None if newest else after[0].on)
        ways.append(way(plain(f"{'Newest' if newest else after[0].label} →"), to))
    return ways


def slider(desk: Desk, here: Address) -> None:
    """The same day as a slider over the days on which a verdict turned, with links to the greatest of them."""
    stops = {stop.on: stop for stop in memory.stops(desk, here.story or None)}
    options = sorted({*stops, here.day})
    if len(options) > 1:
        st.session_state[SLIDER] = here.day
        st.select_slider(
            "Move the day: nothing released later is used",
            options=options,
            key=SLIDER,
            format_func=lambda on: stops[on].label if on in stops else short_day(on),
            on_change=address.mover(SLIDER),
        )
    days = [
        way(plain(stop.label), here.on(stop.on), chosen=not here.latest and here.day == stop.on)
        for stop in greatest(tuple(stops.values()), desk)
    ]
    row("days", [*days, way("Newest", here.on(None), chosen=here.latest)])
    memory.reading(desk)


def greatest(stops: tuple[Stop, ...], desk: Desk) -> list[Stop]:
    """The event, and the days that moved most verdicts, in order."""
    event = desk.the_event
    first = [s for s in stops if event is not None and s.on == event.date]
    turns = sorted((s for s in stops if s.weight), key=lambda s: (-s.weight, s.on))
    return sorted({*first, *turns[:MOST_LINKS]}, key=lambda s: s.on)
