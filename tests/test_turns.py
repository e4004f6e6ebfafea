"""Runs take turns: in order, short ones first, past who waits or takes long, and never for nothing."""

import threading

import pytest

from briefs import sandbox
from briefs.sandbox import Found
from tests.hosts import wait_until
from tests.visits import headlines, session, visit
from walkthrough import turns as module
from walkthrough.turns import Turns
from walkthrough.writing import sheet


@pytest.fixture
def patient(monkeypatch):
    """Nobody overtakes."""
    monkeypatch.setattr(module, "LONG", 60.0)


def run(work):
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def lined_up(turns, several, work, there=0):
    """So many who come one after the other, each once the one before stands in line behind those who are there."""
    threads = []
    for number in range(several):
        threads.append(run(lambda number=number: work(number)))
        assert wait_until(lambda all_of=there + number + 1: turns.waiting == all_of, 5)
    return threads


def noted(turns, order):
    """A run that does nothing but write down that it had its turn."""

    def work(number):
        with turns.taken():
            order.append(number)

    return work


def test_they_go_one_by_one_in_the_order_in_which_they_came(patient):
    turns, order, inside, most = Turns(), [], [], []

    def work(number):
        with turns.taken():
            inside.append(number)
            most.append(len(inside))
            order.append(number)
            inside.remove(number)

    with turns.taken():
        threads = lined_up(turns, 8, work)
        assert order == []
    for thread in threads:
        thread.join(5)
    assert order == list(range(8))
    assert max(most) == 1


def test_the_turn_is_passed_on_when_a_run_breaks_off(patient):
    turns = Turns()
    with pytest.raises(KeyError), turns.taken():
        raise KeyError
    assert not turns.held


def test_who_waits_for_another_process_lets_others_go_on_and_comes_back_after_them(patient):
    turns, order = Turns(), []
    work = noted(turns, order)

    with turns.taken():
        threads = lined_up(turns, 2, work)
        with turns.aside():
            for thread in threads:
                thread.join(5)
            assert order == [0, 1]
        run(lambda: work(2))
        assert wait_until(lambda: turns.waiting == 1, 5)
        assert order == [0, 1]
    assert wait_until(lambda: order == [0, 1, 2], 5)


def test_who_draws_much_gives_way_to_the_fresh_and_goes_on_after_them(patient, monkeypatch):
    monkeypatch.setattr(module, "SLICE", 0.0)
    turns, order = Turns(), []
    short = noted(turns, order)

    with turns.taken():
        order.append("begun")
        threads = lined_up(turns, 2, short)
        turns.give_way()
        order.append("going on")
        threads += lined_up(turns, 1, lambda _: short(2))
        turns.give_way()
        order.append("ended")
    for thread in threads:
        thread.join(5)
    assert order == ["begun", 0, 1, "going on", 2, "ended"]


def test_nobody_gives_way_before_a_slice_is_used_or_while_nobody_waits(patient, monkeypatch):
    monkeypatch.setattr(module, "SLICE", 60.0)
    turns, order = Turns(), []
    short = noted(turns, order)

    with turns.taken():
        (waits,) = lined_up(turns, 1, short)
        turns.give_way()
        order.append("a slice")
    waits.join(5)
    monkeypatch.setattr(module, "SLICE", 0.0)
    with turns.taken():
        turns.give_way()
        assert turns.held
    turns.give_way()
    assert order == ["a slice", 0]
    assert not turns.held


def test_who_comes_back_from_waiting_lets_fresh_runs_go_first(patient, monkeypatch):
    """However little of its slice is used up."""
    monkeypatch.setattr(module, "SLICE", 60.0)
    turns, order = Turns(), []
    short = noted(turns, order)

    with turns.taken():
        with turns.aside():
            pass
        waits = lined_up(turns, 2, short)
        turns.give_way()
        order.append("going on")
    for thread in waits:
        thread.join(5)
    assert order == [0, 1, "going on"]


def test_who_gave_way_is_not_kept_waiting_for_ever(patient, monkeypatch):
    monkeypatch.setattr(module, "SLICE", 0.0)
    monkeypatch.setattr(module, "ENOUGH", 0.0)
    turns, order = Turns(), []

    def short(number):
        with turns.taken():
            order.append(number)
            if number == 0:  # the other one waits behind those who came meanwhile
                threads.extend(lined_up(turns, 1, lambda _: short(1), there=1))

    threads = []
    with turns.taken():
        threads += lined_up(turns, 1, short)
        turns.give_way()
        order.append("going on")
    for thread in threads:
        thread.join(5)
    assert order == [0, "going on", 1]


def test_long_ones_change_places_with_one_another_by_slices(patient, monkeypatch):
    monkeypatch.setattr(module, "SLICE", 0.0)
    turns, order = Turns(), []

    def long(name):
        with turns.taken():
            for _ in range(3):
                order.append(name)
                turns.give_way()

    with turns.taken():
        threads = lined_up(turns, 2, long)
    for thread in threads:
        thread.join(5)
    assert order == [0, 1, 0, 1, 0, 1]


def test_who_takes_long_is_overtaken_and_does_no_harm_when_it_ends(monkeypatch):
    monkeypatch.setattr(module, "LONG", 0.05)
    turns, on, there = Turns(), threading.Event(), threading.Event()

    def stays():
        with turns.taken():
            there.set()
            on.wait(5)

    with turns.taken():
        second = run(stays)
        assert there.wait(5)
        monkeypatch.setattr(module, "LONG", 60.0)
        run(lambda: enter(turns))
        assert wait_until(lambda: turns.waiting == 1, 5)
    # the first one's end is not the second's: the third still waits
    assert turns.waiting == 1
    on.set()
    second.join(5)
    assert wait_until(lambda: not turns.waiting, 5)


def enter(turns):
    with turns.taken():
        pass


def test_a_callback_has_no_turn_to_give_back():
    turns = Turns()
    with turns.taken():
        holder = turns._holder

        def callback():
            with turns.aside():
                assert turns._holder is holder

        other = run(callback)
        other.join(5)
        assert turns._holder is holder


def test_the_app_waits_for_its_turn(patient):
    found = []
    with module.turns.taken():
        opening = run(lambda: found.append(session()))
        assert wait_until(lambda: module.turns.waiting == 1, 60)
        assert found == []
    opening.join(60)
    assert len(headlines(found[0])) == 1
    assert not module.turns.held


def test_who_checks_a_text_steps_aside(monkeypatch):
    held = []

    def problems(_, waiting):
        with waiting:
            held.append(module.turns.held)
        return Found()

    monkeypatch.setattr(sandbox, "problems", problems)
    monkeypatch.setattr(sandbox, "warm", lambda: None)
    app = session()
    app.session_state[sheet.READY], app.session_state[sheet.STAMP] = True, 1
    app.session_state[sheet.ANSWERS], app.session_state[sheet.TEXT] = {}, "schema: 1"
    visit(app, "write")
    assert held == [False]
