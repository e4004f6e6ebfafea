"""The engine's door: what a verdict's identity covers, what a date stands for, the same bytes everywhere."""

import json
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from pydantic import TypeAdapter

import evidence.engine
from evidence import calendar
from evidence.catalogue import Deviation
from evidence.engine import Engine, identity, score
from evidence.kinds import Test
from evidence.narrative import Narrative
from evidence.trace import dump
from tests import ours
from tests.worlds import MONTHLY, RELEASES, WEEKLY, Shop, compound, entry, months, rows, shop, weeks

ROOT = Path(__file__).parent.parent
EVENT = date(2025, 4, 2)
DAY = date(2025, 5, 16)


def restless(count):
    state, changes = 12345, []
    for _ in range(count):
        state = (1103515245 * state + 12345) % 2**31
        changes.append(state / 2**30 - 1)
    return changes


WEEKS = weeks(date(2025, 5, 28), 329)  # 320 to the anchor's week, 8 after it
LEVELS = compound(1000, restless(328))
ENTRIES = [
    entry("a.stock", WEEKLY, "stock", release="thursday"),
    entry("a.long", WEEKLY, "stock", "contracts", release="thursday"),
    entry("a.short", WEEKLY, "stock", "contracts", release="thursday"),
    entry("a.open", WEEKLY, "stock", "contracts", release="thursday"),
    entry(
        "a.net", WEEKLY, "net_position", "contracts", release="thursday", open_interest="a.open",
        combination={"plus": ["a.long"], "minus": ["a.short"]},
    ),
    entry("b.flow", MONTHLY, "flow", release="slow"),
    entry("c.other", WEEKLY, "stock", release="thursday"),
]  # fmt: skip
LINES = {
    "a.stock": rows(WEEKS, LEVELS),
    "a.long": rows(WEEKS, [x / 2 for x in LEVELS]),
    "a.short": rows(WEEKS, [1.5 * x for x in reversed(LEVELS)]),
    "a.open": rows(WEEKS, [4 * x for x in LEVELS]),
    "b.flow": rows(months("2025-05", 120), [20 * x for x in restless(120)]),
    "c.other": rows(WEEKS, LEVELS),
}
TESTS = [
    {
        "id": "stock-falls", "kind": "change_after", "series": "a.stock", "window": {"after": "4 weeks"},
        "matters": {"at_least": "2 %", "why": "A test."},
    },
    {
        "id": "net-falls", "kind": "change_after", "series": "a.net", "window": {"after": "4 weeks"},
        "matters": {"at_least": "2 %", "why": "A test."},
    },
    {
        "id": "sold", "kind": "net_flow", "series": "b.flow", "window": {"after": "1 month"},
        "matters": {"at_least": "10 bn", "why": "A test."},
    },
]  # fmt: skip


def narrative(**changes):
    tests = [
        {
            "title": "A test",
            "role": "hoop",
            "why": "A test.",
            "predicts": {"direction": "down"},
            **t,
        }
        for t in TESTS
    ]
    given = {
        "schema": 1, "id": "a-story", "title": "A story", "claim": "Something fell.", "status": "live", "shelf": "said",
        "event": "an-event", "said": [{"who": "Somebody", "where": "a note", "on": "2025-04-11"}],
        "mechanism": "Something pushes something else, and so it falls.", "thresholds_set": "2026-11-22",
        "tests": TypeAdapter(list[Test]).validate_python(tests),
    }  # fmt: skip
    return Narrative.model_validate({**given, **changes})


STORY = narrative()


def the_shop(entries=ENTRIES, releases=RELEASES, **lines):
    return shop(entries, {**LINES, **{k.replace("_", "."): v for k, v in lines.items()}}, releases)


def identified(store, story=STORY, day=DAY):
    return identity(story, store.as_of(day), EVENT)


SAME = identified(the_shop())


def changed(text, period, value=None, known=None):
    """A series file with one period's line changed, taken out, or followed by a revision."""
    lines = text.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith(period))
    if known:
        lines.insert(at + 1, f"{period},{value},{known},1")
    elif value is None:
        del lines[at]
    else:
        lines[at] = f"{period},{value},,1"
    return "\n".join(lines) + "\n"


def test_an_identity_is_a_hash_and_the_same_twice():
    assert SAME.startswith("sha256:")
    assert len(SAME) == len("sha256:") + 64
    assert identified(the_shop()) == SAME


@pytest.mark.parametrize(
    "change",
    [
        {"claim": "Something rose."},
        {"rivals": ["another-story"]},
        {"thresholds_set": "2026-11-23"},
        {"tests": TypeAdapter(list[Test]).validate_python([STORY.tests[0].model_dump()])},
    ],
    ids=lambda c: next(iter(c)),
)
def test_a_narrative_that_changes_has_another_identity(change):
    assert identified(the_shop(), narrative(**change)) != SAME


def test_another_engine_has_another_identity(monkeypatch):
    monkeypatch.setattr(evidence.engine, "ENGINE_VERSION", "0.0-test")
    assert identified(the_shop()) != SAME


def test_another_day_has_another_identity():
    assert identified(the_shop(), day=DAY + timedelta(days=1)) != SAME


@pytest.mark.parametrize(
    ("series", "period", "value"),
    [
        ("a_stock", "2025-04-09", 1.0),
        ("a_stock", "2019-06-05", 1.0),
        ("a_stock", "2025-05-14", None),
        ("b_flow", "2025-02", 3.5),
        ("a_long", "2025-04-09", 1.0),
    ],
)
def test_data_that_are_visible_change_it(series, period, value):
    text = changed(LINES[series.replace("_", ".")], period, value)
    assert identified(the_shop(**{series: text})) != SAME


@pytest.mark.parametrize(
    ("series", "period", "value", "known"),
    [
        ("a_stock", "2025-05-21", 1.0, None),  # out on 22 May
        ("a_stock", "2025-05-21", None, None),
        ("a_stock", "2025-04-09", 1.0, "2025-05-17T12:00:00Z"),  # a revision, the day after
        ("b_flow", "2025-04", 77, None),  # out in June
        ("c_other", "2025-04-09", 1.0, None),  # no test reads it
    ],
)
def test_data_known_later_and_unrelated_series_do_not(series, period, value, known):
    text = changed(LINES[series.replace("_", ".")], period, value, known)
    assert text != LINES[series.replace("_", ".")]
    assert identified(the_shop(**{series: text})) == SAME


def test_a_revision_counts_from_its_own_second():
    text = changed(
        LINES["a.stock"], "2025-04-09", 1.0, "2025-05-17T03:59:59Z"
    )  # the last second of 16 May in New York
    assert identified(the_shop(a_stock=text)) != SAME
    text = changed(LINES["a.stock"], "2025-04-09", 1.0, "2025-05-17T04:00:00Z")
    assert identified(the_shop(a_stock=text)) == SAME


def with_entry(series_id, **more):
    return [e.model_copy(update=more) if e.id == series_id else e for e in ENTRIES]


def test_a_catalogue_entry_that_is_used_changes_it():
    assert identified(the_shop(with_entry("a.stock", short="Another name"))) != SAME
    assert identified(the_shop(with_entry("a.short", source_group="elsewhere"))) != SAME, (
        "a member of a combination"
    )
    assert identified(the_shop(with_entry("c.other", short="Another name"))) == SAME
    assert identified(the_shop([*ENTRIES, entry("d.new", WEEKLY, "stock")])) == SAME


def deviating(release, **more):
    given = Deviation(
        **{"period": "2025-05-14", "actual": date(2025, 5, 15), "announced": DAY, **more}
    )
    entry_ = RELEASES[release]
    return {**RELEASES, release: entry_.model_copy(update={"deviations": (given,)})}


def test_a_deviation_counts_once_it_is_announced():
    """The week of 21 May comes two days late. Announced on 16 May it is known, a day later not yet."""
    late = {"period": "2025-05-21", "actual": date(2025, 5, 24)}
    assert identified(the_shop(releases=deviating("thursday", **late, announced=DAY))) != SAME
    assert (
        identified(
            the_shop(releases=deviating("thursday", **late, announced=DAY + timedelta(days=1)))
        )
        == SAME
    )
    assert identified(the_shop(releases=deviating("prompt", announced=DAY))) == SAME, (
        "a release that nothing uses"
    )
    assert (
        identified(
            the_shop(
                releases={
                    **RELEASES,
                    "thursday": RELEASES["thursday"].model_copy(update={"time": "16:00"}),
                }
            )
        )
        != SAME
    )


def verdicts(store, day=DAY, story=STORY, anchor=EVENT):
    document = dump(score(story, store.as_of(day), anchor).verdict)
    document.pop("identity")
    return json.dumps(document)


def test_whatever_a_verdict_reads_is_in_its_identity():
    other = the_shop(a_open=rows(WEEKS, [400 * x for x in LEVELS]))
    assert verdicts(other) != verdicts(the_shop()), "the position is now under 5 % of open interest"
    assert identified(other) != SAME


def test_the_event_s_date_is_in_the_identity():
    view = the_shop().as_of(DAY)
    first, second = (score(STORY, view, anchor).verdict for anchor in (EVENT, date(2025, 3, 19)))
    assert first.tests != second.tests
    assert first.identity != second.identity


def test_a_schedule_is_not_known_before_it_is_announced():
    """April's flow is due on 18 June by the rule. That 25 June was planned is announced on 20 June; on 16 May nobody knows."""
    planned = deviating(
        "slow",
        period="2025-04",
        actual=date(2025, 6, 27),
        scheduled=date(2025, 6, 25),
        announced=date(2025, 6, 20),
    )
    assert (
        verdicts(the_shop(releases=planned)) == verdicts(the_shop())
        or identified(the_shop(releases=planned)) != SAME
    )


# ---------------------------------------------------------------- dates


def desk(store=None):
    return Engine(store or the_shop(), {STORY.id: STORY}, {"an-event": EVENT})


def test_a_date_stands_for_the_last_day_on_which_anything_changed():
    engine = desk()
    for day, stands in (
        (date(2025, 5, 15), date(2025, 5, 15)),  # Thursday's release
        (date(2025, 5, 17), date(2025, 5, 15)),
        (date(2025, 5, 21), date(2025, 5, 19)),  # the flow of March, due on Sunday the 18th
        (date(2025, 5, 22), date(2025, 5, 22)),
    ):
        assert engine.stands_for(STORY, day) == stands
        verdict = engine.score(STORY.id, day).verdict
        assert (verdict.as_of, verdict.stands_for) == (day, stands)


def test_the_event_and_a_revision_are_changes():
    text = changed(LINES["a.stock"], "2025-04-09", 1.0, "2025-05-21T12:00:00Z")
    engine = desk(the_shop(a_stock=text))
    assert engine.stands_for(STORY, date(2025, 5, 21)) == date(2025, 5, 21)
    assert engine.stands_for(STORY, date(2025, 4, 2)) == EVENT
    planned = deviating(
        "thursday", period="2025-05-21", actual=date(2025, 5, 27), announced=date(2025, 5, 20)
    )
    assert desk(the_shop(releases=planned)).stands_for(STORY, date(2025, 5, 21)) == date(
        2025, 5, 20
    )


def test_a_series_that_goes_stale_is_a_change():
    """The last week is that of 28 May. 5 June is due, 10 June the last day of grace."""
    engine = desk()
    day = engine.stands_for(STORY, date(2025, 6, 12))
    assert day == date(2025, 6, 11)
    notices = engine.score(STORY.id, date(2025, 6, 12)).verdict.notices
    assert "a.stock: nothing after 28 May 2025 in the data" in notices
    assert engine.score(STORY.id, date(2025, 6, 10)).verdict.notices == ()


def test_between_releases_nothing_is_scored_again(monkeypatch):
    engine = desk()
    count = 0
    whole = evidence.engine.score

    def counting(narrative, *arguments, **named):
        nonlocal count
        count += narrative is engine.narratives[STORY.id]  # a page's thread may be scoring its own
        return whole(narrative, *arguments, **named)

    monkeypatch.setattr(evidence.engine, "score", counting)
    found = [engine.score(STORY.id, date(2025, 5, d)) for d in (15, 16, 17, 18, 15)]
    assert count == 1
    assert [f.verdict.as_of.day for f in found] == [15, 16, 17, 18, 15]
    assert len({f.verdict.identity for f in found}) == 1
    assert found[0].ranked is found[1].ranked


@pytest.mark.parametrize(
    "text",
    [
        "1900-01-01",
        "1960-01-01",
        "2019-01-01",
        "2025-04-01",
        "2025-04-02",
        "2029-02-28",
        "2035-12-31",
        "2400-01-01",
    ],
)
def test_any_date_is_accepted(text):
    day = date.fromisoformat(text)
    verdict = desk().score(STORY.id, day).verdict
    assert verdict.as_of == day
    assert verdict.stands_for <= day
    if day < EVENT:
        assert verdict.direction == "insufficient_data"
        assert {t.outcome for t in verdict.tests} == {"not_evaluable"}


def test_without_a_date_it_is_the_newest_release():
    assert desk().score(STORY.id).verdict.as_of == date(2030, 1, 1)


def test_a_snapshot_that_there_is_not():
    with pytest.raises(ValueError, match="there is no snapshot 2"):
        desk().score(STORY.id, DAY, 2)


def test_an_older_snapshot_reads_as_it_did():
    class Two(Shop):
        @property
        def n(self):
            return 2

    text = LINES["a.stock"] + "2025-04-09,1.0,2025-05-01T12:00:00Z,2\n"
    store = Two(the_shop().catalogue, {**LINES, "a.stock": text})
    engine = desk(store)
    assert (
        engine.score(STORY.id, DAY, 1).verdict.identity
        == engine.score(STORY.id, DAY, 1).verdict.identity
    )
    assert engine.score(STORY.id, DAY, 1).verdict.tests == desk().score(STORY.id, DAY).verdict.tests
    assert (
        engine.score(STORY.id, DAY, 2).verdict.identity
        != engine.score(STORY.id, DAY, 1).verdict.identity
    )


# ---------------------------------------------------------------- the real snapshot


@pytest.fixture(scope="module")
def real():
    return ours.engine()


@pytest.mark.parametrize("step", [27, pytest.param(9, marks=pytest.mark.long)])
def test_a_promised_day_lies_ahead(real, step):
    """`evaluable_on` of every test, every so many days from the event to the end of 2025."""
    day = EVENT - timedelta(days=3)
    while day < date(2025, 12, 31):
        for name in real.narratives:
            verdict = real.score(name, day).verdict
            past = [
                t.id for t in verdict.tests if t.evaluable_on is not None and t.evaluable_on <= day
            ]
            assert not past, f"{name} on {day}"
        day += timedelta(days=step)


@pytest.mark.parametrize(
    ("name", "day"),
    [("foreign-private-protest", "2025-10-20"), ("dollar-fell-before", "2026-10-15")],
)
def test_the_next_release_lies_ahead(real, name, day):
    found = real.score(name, date.fromisoformat(day)).verdict.next_release
    assert found is None or found.on > date.fromisoformat(day)


def test_a_verdict_rests_only_on_what_it_names(real):
    for name in real.narratives:
        verdict = real.score(name, date(2025, 6, 20)).verdict
        for test in verdict.tests:
            if test.data is not None:
                assert calendar.seconds(test.data.known_at) <= calendar.end_of_day(
                    verdict.stands_for
                )


COMMAND = [sys.executable, "-m", "evidence", "score", "--as-of", "2025-06-20", "--json"]


def printed(**environment):
    done = subprocess.run(
        COMMAND,
        cwd=ROOT,
        capture_output=True,
        check=True,
        timeout=120,
        env={**os.environ, **environment},
    )
    return done.stdout


def test_the_same_bytes_in_any_process_locale_and_time_zone():
    first = printed(PYTHONHASHSEED="1", LC_ALL="C", TZ="UTC")
    second = printed(
        PYTHONHASHSEED="4711", LC_ALL="de_DE.UTF-8", TZ="Pacific/Kiritimati", PYTHONUTF8="0"
    )
    assert len(json.loads(first)["verdicts"]) >= 7
    assert first == second


IMPORTS = """
import importlib, pathlib, sys
start, step = map(int, sys.argv[1:])
for path in sorted(pathlib.Path("evidence").rglob("*.py"))[start::step]:
    name = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
    if name.endswith("__main__"):
        continue
    for known in [m for m in sys.modules if m.split(".")[0] == "evidence"]:
        del sys.modules[known]
    importlib.import_module(name)
"""
EIGHTHS = 8


@pytest.mark.parametrize(
    "start", [0, *(pytest.param(i, marks=pytest.mark.long) for i in range(1, EIGHTHS))]
)
def test_any_module_may_be_imported_first(start):
    """Each eighth of them in a process of its own."""
    words = [sys.executable, "-c", IMPORTS, str(start), str(EIGHTHS)]
    subprocess.run(words, cwd=ROOT, check=True, timeout=120)


def test_a_test_moves_with_its_own_news_only(real):
    """No TIC table came between 16 August and 17 September 2025; custody came every Thursday."""
    quiet = [date(2025, 8, 16) + timedelta(days=n) for n in range(33)]
    scored = [real.score("foreign-governments-retaliated", day).verdict for day in quiet]
    assert len({verdict.stands_for for verdict in scored}) > 3
    assert len({verdict.test("official-net-sales").placebo for verdict in scored}) == 1


def test_a_promise_for_a_later_period_passes_too():
    """April's flow, due on 18 June, does not come; on 18 July May's, for which a sum waits, does not come either."""
    total = {
        "id": "sum", "kind": "total", "series": "b.flow", "since": "2025-04-01", "until": "2025-05-31", "title": "A sum",
        "role": "hoop", "why": "A test.", "matters": {"at_least": "10 bn", "why": "A test."},
    }  # fmt: skip
    story = narrative(tests=TypeAdapter(list[Test]).validate_python([total]))
    flows = "".join(x + "\n" for x in LINES["b.flow"].splitlines() if x[:7] <= "2025-03")
    engine = Engine(the_shop(b_flow=flows), {story.id: story}, {story.event: EVENT})
    promised = set()
    for count in range(70):
        day = date(2025, 5, 20) + timedelta(days=count)
        waits = engine.score(story.id, day).verdict.tests[0].evaluable_on
        assert waits is None or waits > day, day
        promised.add(waits)
    assert promised == {date(2025, 7, 18), None}
    assert engine.stands_for(story, date(2025, 7, 20)) == date(2025, 7, 18)
