"""Exercises: what is right is right by the data, every wrong answer is explained, and no refresh changes either."""

import re
from datetime import date
from functools import cache
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from typer.testing import CliRunner

from charts import for_test, placebos
from charts.theme import LIGHT
from evidence import placebo
from evidence.cli import app
from evidence.exercises.forms import FORMS
from evidence.exercises.posing import MOST, form_of, pose, unsound
from evidence.exercises.reading import read_exercise, read_exercises
from evidence.kinds import KINDS
from evidence.observations import SNAPSHOT
from evidence.verdict import HOOPS, WINNERS
from tests.sampled import one_in
from tests.snapshots import CATALOGUE, NARRATIVES, copied, engine_on, grown, library_in

FOLDER = NARRATIVES / "exercises"
LIBRARY = library_in(NARRATIVES)
EXERCISES = read_exercises(FOLDER, CATALOGUE, LIBRARY)
IDS = [
    "choose-the-window",
    "find-the-confounder",
    "hoop-or-smoking-gun",
    "spot-the-double-count",
    "revision-or-news",
    "flow-or-valuation",
    "indirect-or-foreign",
    "how-many-by-chance",
    "design-a-test",
    "write-the-rival",
    "what-could-be-known",
    "which-choice-turns-it",
]
RIGHT = {
    "choose-the-window": [{"answer": "month-after"}],
    "find-the-confounder": [{"answer": "quarter-end"}],
    "hoop-or-smoking-gun": [
        {
            "other-currencies-rise": "hoop",
            "stocks-slow": "smoking_gun",
            "net-short-shrinks": "doubly_decisive",
        }
    ],
    "spot-the-double-count": [{"answer": "repo"}],
    "revision-or-news": [{"size": "unusual", "sign": "open"}],
    "flow-or-valuation": [{"answer": "prices"}],
    "indirect-or-foreign": [{"answer": "funds-most"}],
    "how-many-by-chance": [{"answer": "33"}],
    "design-a-test": [{"direction": "down", "window": "4-weeks", "size": "2-percent"}],
    "write-the-rival": [
        {
            "private-bonds-sold": "consistent",
            "selling-began-in-april": "inconsistent",
            "bonds-still-sold": "consistent",
        }
    ],
    "what-could-be-known": [
        {
            "custody": "known",
            "futures": "known",
            "dollar": "not-yet",
            "classes": "not-yet",
            "survey": "not-yet",
        }
    ],
    "which-choice-turns-it": [{"answer": "windows-longer-windows"}],
}


@cache
def engine():
    return engine_on()


@cache
def posed(name):
    return pose(EXERCISES.by_id[name], engine(), LIBRARY)


@cache
def judged(name):
    """Every answer of an exercise with what is said of it."""
    one = posed(name)
    return tuple((answer, one.judge(answer)) for answer in islice(one.answers, MOST))


def csv(series):
    """A file of the snapshot as pandas reads it."""
    return pd.read_csv(SNAPSHOT / "series" / f"{series}.csv", dtype={"period": str})


def levels(series):
    """The newest value of each day."""
    rows = csv(series)
    return rows.groupby(pd.to_datetime(rows["period"])).value.last()


def as_printed(series, by):
    """The newest print of each month by a day, of a series with recorded prints."""
    rows = csv(series)
    return rows[rows["known_at"] <= f"{by}T23:59:59Z"].groupby("period").value.last()


# ---------------------------------------------------------------- the twelve


def test_there_are_twelve_in_their_order_without_a_problem():
    assert list(EXERCISES.by_id) == IDS
    assert EXERCISES.problems == ()
    assert {form_of(e) for e in EXERCISES.by_id.values()} == set(FORMS)


@pytest.mark.parametrize("name", IDS)
def test_an_exercise_is_pinned_and_has_its_hints(name):
    exercise = EXERCISES.by_id[name]
    assert 1 <= exercise.snapshot <= engine().store.n
    assert exercise.as_of <= engine().at(exercise.snapshot).store.newest_day
    assert 3 <= len(exercise.hints) <= 4
    assert len(set(exercise.hints)) == len(exercise.hints)
    assert "answer" not in yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))


@pytest.mark.parametrize("name", IDS)
def test_the_right_answers_are_these_and_no_others(name):
    assert [answer for answer, said in judged(name) if said.right] == RIGHT[name]


@pytest.mark.parametrize("name", IDS)
def test_every_wrong_answer_has_an_explanation_of_its_own_with_a_figure(name):
    wrong = [said.says for _, said in judged(name) if not said.right]
    assert len(wrong) >= 3
    assert len(set(wrong)) == len(wrong)
    assert not {said.says for _, said in judged(name) if said.right} & set(wrong)
    for says in wrong:
        assert all(len(s) > 20 and s.endswith((".", ")", "”")) for s in says), says
        assert re.search(r"\d", " ".join(says)), says
        assert not re.search(r"\bnan\b|None|\{|proves", " ".join(says)), says


@pytest.mark.parametrize("name", IDS)
def test_nothing_said_with_the_question_gives_the_answer_away(name):
    given = " ".join(posed(name).given)
    for _, said in judged(name):
        if said.right:
            assert not set(said.says) & set(posed(name).given)
    assert "{" not in given


@pytest.mark.parametrize("name", IDS)
def test_the_lint_of_exercises_has_nothing_against_it(name):
    assert list(unsound(EXERCISES.by_id[name], engine(), LIBRARY)) == []


@pytest.mark.parametrize("name", IDS)
def test_what_is_shown_is_what_the_sentences_are_about(name):
    for _, said in judged(name):
        if said.shows is not None:
            assert said.shows.trace.id == said.shows.test.id
            assert said.shows.view.day == EXERCISES.by_id[name].as_of
            assert (said.shows.ranked is None) == (said.shows.trace.placebo is None)


@pytest.mark.parametrize("name", one_in(3, IDS))
def test_what_is_shown_can_be_drawn(name):
    shown = [posed(name).before, *(said.shows for _, said in judged(name)[:4])]
    for one in shown:
        if one is not None:
            figure = for_test(one.test, one.trace, one.ranked, one.view, one.anchor, LIGHT)
            assert len(figure.frame)
            if one.ranked is not None:
                assert len(placebos.place(one.trace, one.ranked, LIGHT).frame)


@pytest.mark.parametrize("name", IDS)
def test_every_series_is_called_by_a_name_that_fits_into_a_sentence(name):
    """By the catalogue's phrase, or by the exercise's own; a chart's label does not read as a part of a sentence."""
    one = posed(name)
    shown = [one.before, *(said.shows for _, said in judged(name))]
    for found in (s for s in shown if s is not None):
        for series in found.test.reads:
            assert found.view.catalogue.series[series].phrase, series


def test_what_an_exercise_calls_a_series_stands_in_its_sentences_and_nowhere_else():
    said = " ".join(s for _, one in judged("indirect-or-foreign") for s in one.says)
    assert "Investment funds' share of the 10-year auction was" in said
    assert "dealers' and brokers' share of the 10-year auction of at least 50 %" in said
    given = posed("flow-or-valuation").given[0]
    assert given.startswith("The value of US equities held by all foreigners was $18.36 tn")
    series = "tic.slt.total.equities.position"
    assert engine().store.catalogue.series[series].named == "US equities held by all foreigners"


def test_a_design_goes_down_or_up_whatever_its_series_is_called():
    ways = posed("design-a-test").fields[0]
    assert [option.text for option in ways.options] == ["Down", "Up"]


def test_an_answer_that_cannot_be_given_is_misuse():
    one = posed("revision-or-news")
    with pytest.raises(ValueError, match="fills the fields size, sign"):
        one.judge({"size": "usual"})
    with pytest.raises(ValueError, match="no option lost"):
        one.judge({"size": "usual", "sign": "lost"})


# ---------------------------------------------------------------- right by other means


def test_window_by_the_survey_and_the_calendar():
    """March alone lies between the plan of 5 March and the tariffs, and June was not out on 20 June 2025."""
    flows = as_printed("tic.net.private_bonds_notes", date(2025, 6, 20))
    assert flows["2025-03"] == pytest.approx(82.4, abs=0.05)
    assert flows["2025-04"] == pytest.approx(-46.8, abs=0.05)
    assert "2025-05" not in flows
    said = {a["answer"]: " ".join(j.says) for a, j in judged("choose-the-window")}
    assert "net purchases of $82 bn in March 2025" in said["month-after"]
    assert "net sales of $47 bn in April 2025" in said["second-month"]
    assert "2 April 2025" in said["second-month"]
    assert "28 February 2025" in said["month-before"]
    assert "2 of its 4 months" in said["four-months"]


def test_confounder_by_counting_quarter_ends():
    """Of the earlier weeks that begin on a quarter's last day almost half fell as far, of the others 1 in 67."""
    days = levels("ofr.sponsored.repo")
    fall = days[pd.Timestamp("2025-04-07")] - days[pd.Timestamp("2025-03-31")]
    assert fall == pytest.approx(-157.1, abs=0.1)
    found = posed("find-the-confounder").before
    ranked = found.ranked
    far = ranked.noise >= float(ranked.event.z[0]) - 1e-9
    quarters = pd.PeriodIndex(days.index, freq="Q")
    last = set(days.index[:-1][quarters[1:] != quarters[:-1]])
    at = np.array([day in last for day in pd.to_datetime(ranked.dates)])
    said = " ".join(dict_of("find-the-confounder")["quarter-end"].says)
    assert f"Of {at.sum()} earlier windows with it {far[at].sum()} fell" in said
    assert f"of the {(~at).sum():,} without it {far[~at].sum()}." in said
    assert far[at].mean() > 0.4
    assert far[~at].mean() < 0.02
    repo = levels("nyfed.sofr") - levels("nyfed.effr")
    moved = 100 * (repo[pd.Timestamp("2025-04-07")] - repo[pd.Timestamp("2025-03-31")])
    assert moved == pytest.approx(-8)
    assert "fell by 8 bp" in " ".join(dict_of("find-the-confounder")["dear-repo"].says)


def dict_of(name):
    """What is said of the answers of an exercise with one field."""
    return {answer["answer"]: said for answer, said in judged(name)}


def test_role_by_trying_every_window():
    """Each earlier window in the event's place, as it was and with the effect; and the stories say the same roles."""
    for test, role in RIGHT["hoop-or-smoking-gun"][0].items():
        named = next(t for t in EXERCISES.by_id["hoop-or-smoking-gun"].tests if t.test == test)
        declared = LIBRARY.narratives[named.story].test(test)
        found = next(
            said.shows
            for answer, said in judged("hoop-or-smoking-gun")
            if not said.right and said.shows.trace.id == test
        )
        ranked = found.ranked
        fails = [
            placebo.outcome(placebo.told_again(ranked, raw, ranked.matters), 0.05)
            for raw in ranked.shown
        ]
        sees = [
            placebo.outcome(
                placebo.told_again(ranked, 2 * ranked.matters + away, ranked.matters), 0.05
            )
            for away in ranked.departures
        ]
        rival = "consistent" in declared.rivals_expect.values()
        hoop = np.mean([o == "inconsistent" for o in fails]) >= 0.2
        gun = np.mean([o == "consistent" for o in sees]) >= 0.1 and not rival
        assert (hoop, gun) == (role in HOOPS, role in WINNERS)
        assert declared.role == role


def test_sources_by_the_catalogue():
    groups = {
        name: entry["source_group"]
        for path in sorted((Path(SNAPSHOT).parent / "catalogue").glob("*.yaml"))
        for document in [yaml.safe_load(path.read_text("utf-8"))]
        for item in document["series"]
        for entry in [{**document.get("defaults", {}), **item}]
        for name in [item["id"]]
    }
    pairs = EXERCISES.by_id["spot-the-double-count"].pairs
    assert [p.id for p in pairs if groups[p.series[0]] == groups[p.series[1]]] == ["repo"]
    custody, official = levels("fed.custody.treasuries"), csv("tic.holdings.official")
    official = official.groupby(pd.PeriodIndex(official["period"], freq="M")).value.last()
    monthly = custody.groupby(custody.index.to_period("M")).last()
    months = pd.period_range("2021-02", "2025-02", freq="M")
    r = np.corrcoef(np.diff(monthly[months]), np.diff(official[months]))[0, 1]
    said = " ".join(dict_of("spot-the-double-count")["officials"].says)
    shown = float(re.search(r"was (−?[0-9.]+) over 48 months", said)[1])
    assert shown == pytest.approx(r, abs=0.02)  # holdings were revised since


def test_revision_by_the_prints():
    rows = csv("tic.net.official_bonds_notes").dropna(subset=["value"])
    april = rows[rows["period"] == "2025-04"]["value"].tolist()
    assert (april[0], april[-1]) == (6.0, -5.692)
    by_month = rows.groupby("period").value.agg(["first", "last", "size"])
    revised = by_month[by_month["size"] > 1]
    error = np.sqrt(((revised["last"] - revised["first"]) ** 2).mean())
    assert abs(april[-1] - april[0]) > 2 * error > max(abs(april[0]), abs(april[-1]))
    said = " ".join(judged("revision-or-news")[0][1].says)
    assert f"${2 * error:.1f} bn" in said


def test_flow_or_valuation_by_the_survey():
    held = csv("tic.slt.total.equities.position").set_index("period")["value"]
    change = held["2024-12"] - held["2023-12"]
    months = [f"2024-{m:02d}" for m in range(1, 13)]
    bought = sum(
        as_printed(s, date(2025, 10, 31))[months].sum()
        for s in ("tic.net.private_equities", "tic.net.official_equities")
    )
    output = (
        csv("bea.gdp").groupby("period").value.last()[["2024-03", "2024-06", "2024-09", "2024-12"]]
    )
    assert 0 < bought < 0.5 * change
    assert not 0.08 <= bought / output.mean() <= 0.12
    said = dict_of("flow-or-valuation")
    assert f"${bought:.0f} bn, {100 * bought / change:.1f} %" in said["prices"].says[0]
    assert "2.0 % of US gross domestic product" in " ".join(said["tenth"].says)


def test_indirect_or_foreign_by_the_treasurys_classes():
    share = {
        name: csv(f"ust.auction10y.{name}_class_share").set_index("period")["value"]
        for name in ("foreign", "funds", "dealers")
    }
    on = {name: values["2025-04-09"] for name, values in share.items()}
    assert on["funds"] > 50 > max(on["foreign"], on["dealers"])
    assert share["foreign"][:"2025-04-08"].max() > on["foreign"]
    said = dict_of("indirect-or-foreign")
    assert f"{on['foreign']:.1f} %" in " ".join(said["foreign-most"].says)
    assert f"{on['funds']:.1f} %" in " ".join(said["funds-most"].says)
    assert f"{on['dealers']:.1f} %" in " ".join(said["dealers-most"].says)
    assert "87.9 %" in " ".join(posed("indirect-or-foreign").given)


def test_chance_by_the_weekly_figures():
    """Falls of four weeks, each against the 52 weekly changes before it: a third went as far."""
    custody = levels("fed.custody.treasuries")[: pd.Timestamp("2025-04-30")]
    steps = (100 * custody.pct_change()).rolling(52)
    four = 100 * custody.pct_change(4)
    z = (four - 4 * steps.mean().shift(4)) / (2 * steps.std().shift(4))
    earlier = z[pd.Timestamp("2020-04-22") : pd.Timestamp("2025-04-02")]
    far = (earlier <= z[pd.Timestamp("2025-04-30")]).mean()
    assert far == pytest.approx(77 / 256, abs=0.02)
    nearest = min((1, 5, 12, 33, 67), key=lambda share: abs(np.log(share / 100 / far)))
    assert RIGHT["how-many-by-chance"] == [{"answer": f"{nearest}"}]
    # the bar that is told for one in twenty has that many beyond it
    found = dict_of("how-many-by-chance")["5"]
    bar = float(re.search(r"lie at −\$(\d+) bn", found.says[0])[1])
    beyond = (found.shows.ranked.shown >= bar - 0.5).mean()
    assert beyond == pytest.approx(0.05, abs=0.01)


def test_design_by_march_2020():
    custody = levels("fed.custody.treasuries")
    start = custody[pd.Timestamp("2020-03-04")]
    falls = {
        f"{weeks}-week{'s' if weeks > 1 else ''}": start
        - custody[pd.Timestamp("2020-03-04") + pd.Timedelta(weeks=weeks)]
        for weeks in (1, 4, 26)
    }
    assert [w for w, fall in falls.items() if fall >= 0.02 * start] == ["4-weeks"]
    assert falls["4-weeks"] < 0.1 * start
    for answer, said in judged("design-a-test"):
        told = said.says[-1]
        assert f"fell by ${falls[answer['window']]:.0f} bn" in told
        fires = answer["direction"] == "down" and (
            answer["window"] == "4-weeks" and answer["size"] != "10-percent"
        )
        if fires:
            assert told.startswith("In the episode it fires")
        if answer["direction"] == "up":
            assert not told.startswith("In the episode it fires")
        if answer["size"] == "0-1-percent":
            assert "a failure says nothing" in " ".join(said.says)


def test_rival_by_what_the_story_declares():
    document = yaml.safe_load(
        (NARRATIVES / "liberation-day" / "foreign-private-protest.yaml").read_text("utf-8")
    )
    declared = {
        t["id"]: t["rivals_expect"].get("private-outflows-began-before") for t in document["tests"]
    }
    wanted = {name: declared[name] for name in RIGHT["write-the-rival"][0]}
    assert RIGHT["write-the-rival"] == [wanted]
    flows = as_printed("tic.net.private_bonds_notes", date(2025, 9, 30))
    assert (flows[["2025-01", "2025-02", "2025-03"]] > -10).all()
    assert flows["2025-04"] < -10


def test_known_by_the_publishers_own_days():
    days = {
        "custody": "10 April 2025",  # H.4.1, on Thursdays
        "futures": "11 April 2025",  # Commitments of Traders, on Fridays
        "dollar": "14 April 2025",  # H.10, on Mondays
        "classes": "23 April 2025",  # about the 22nd
        "survey": "16 April 2025",  # as the press release was dated
    }
    rows = csv("tic.net.private_bonds_notes")
    first = rows[rows["period"] == "2025-02"]["known_at"].min()
    assert first.startswith("2025-04-16")
    (right,) = [said.says for _, said in judged("what-could-be-known") if said.right]
    assert [day in told for told, day in zip(right, days.values(), strict=True)] == [True] * 5
    everything = dict.fromkeys(days, "known")
    wrong = posed("what-could-be-known").judge(everything)
    assert len(wrong.says) == 3
    assert "2 days later" in wrong.says[0]


def test_fragile_by_counting_specifications():
    found = engine().at(3).sensitivity("everything-fell-together", date(2025, 6, 20))
    turned = {}
    for way in EXERCISES.by_id["which-choice-turns-it"].choices:
        those = [s for s in found.specifications if getattr(s, way.dimension) == way.choice]
        turned[way.choice] = (sum(s.direction != found.direction for s in those), len(those))
    assert [c for c, (of, all_) in turned.items() if 2 * of > all_] == ["longer windows"]
    said = dict_of("which-choice-turns-it")
    assert "none of 9" in said["windows-shorter-windows"].says[0]
    assert "longer windows" in said["tail-half"].says[1]


# ---------------------------------------------------------------- a refresh changes nothing


def test_a_later_snapshot_changes_no_answer(tmp_path):
    """Each series that the twelve read is revised in a newer snapshot; all that is said stays as it is."""
    folder = copied(tmp_path / "snapshot")
    for series, values in {
        "tic.net.private_bonds_notes": ("2025-03,-99.5", "2025-04,99.5", "2025-05,-99.5"),
        "tic.net.official_bonds_notes": ("2025-04,60",),
        "tic.net.private_equities": ("2024-12,2500",),
        "ofr.sponsored.repo": ("2025-04-07,990",),
        "fed.custody.treasuries": ("2025-04-30,2500", "2020-04-01,3300"),
        "ust.auction10y.foreign_class_share": ("2025-04-09,88",),
        "ust.yield.10y": ("2025-04-23,3.1",),
    }.items():
        grown(folder, series, values)
    later = engine_on(folder)
    assert later.store.n == engine().store.n + 7
    for name, exercise in EXERCISES.by_id.items():
        again = pose(exercise, later, LIBRARY)
        assert again.given == posed(name).given
        for answer, said in judged(name)[:20]:
            other = again.judge(answer)
            assert (other.right, other.says) == (said.right, said.says), (name, answer)


def test_without_the_pin_an_answer_would_have_changed(tmp_path):
    """It is the snapshot's number that holds them: asked of the newer one, the same exercise comes out otherwise."""
    folder = copied(tmp_path / "snapshot")
    number, on = grown(folder, "ust.auction10y.foreign_class_share", ("2025-04-09,88",))
    later = engine_on(folder)
    moved = changed("indirect-or-foreign", snapshot=number, as_of=on)
    one = pose(moved, later, LIBRARY)
    right = [answer for answer in one.answers if one.judge(answer).right]
    assert right != RIGHT["indirect-or-foreign"]


# ---------------------------------------------------------------- what is not sound


def changed(name, **update):
    return EXERCISES.by_id[name].model_copy(update=update)


def codes(exercise):
    return [f.code for f in unsound(exercise, engine(), LIBRARY)]


def test_an_exercise_without_a_right_answer_is_found():
    whole = EXERCISES.by_id["indirect-or-foreign"]
    wrong = tuple(s for s in whole.statements if s.id != "funds-most")
    assert codes(changed("indirect-or-foreign", statements=wrong)) == ["no-right-answer"]


def test_an_exercise_without_a_wrong_answer_is_found():
    whole = EXERCISES.by_id["indirect-or-foreign"]
    funds = next(s for s in whole.statements if s.id == "funds-most")
    both = (funds, funds.model_copy(update={"id": "again"}))
    assert codes(changed("indirect-or-foreign", statements=both)) == ["no-wrong-answer"]


def test_two_wrong_answers_told_alike_are_found():
    whole = EXERCISES.by_id["indirect-or-foreign"]
    first = whole.statements[0]
    twice = (*whole.statements, first.model_copy(update={"id": "again"}))
    assert codes(changed("indirect-or-foreign", statements=twice)) == ["alike"]


def test_a_snapshot_that_is_not_there_is_found():
    assert codes(changed("indirect-or-foreign", snapshot=99)) == ["no-snapshot"]


# ---------------------------------------------------------------- bad files


@pytest.mark.parametrize(
    ("name", "old", "new", "at", "code", "hint"),
    [
        ("revision-or-news", "form: revision", "form: revisoin", "revisoin", "unknown-form", "`revision`"),
        ("revision-or-news", "form: revision\n", "", "schema", "missing-key", ""),
        ("revision-or-news", "order: 5", "order: five", "five", "wrong-type", ""),
        ("revision-or-news", "id: revision-or-news", "id: another", "another", "file-name", ""),
        ("revision-or-news", "period:", "periods:", "periods", "unknown-key", "`period`"),
        ("revision-or-news", "official_bonds_notes", "official_bond_notes", "tic.net", "unknown-series", None),
        ("revision-or-news", "kind: net_flow", "kind: net_flew", "net_flew", "unknown-kind", "`net_flow`"),
        ("revision-or-news", "event: liberation-day", "event: liberation-dey", "liberation-dey", "unknown-event", "`liberation-day`"),
        ("revision-or-news", "window: {after: 1 month}", "window: {aftr: 1 month}", "aftr", "unknown-key", "`after`"),
        ("write-the-rival", "[private-bonds-sold,", "[private-bonds-solt,", "private-bonds-solt", "unknown-test", "`private-bonds-sold`"),
        ("write-the-rival", "outflows-began-before", "outflows-before", "private-outflows-before", "unknown-rival", "`private-outflows-began-before`"),
        ("write-the-rival", "story: foreign-private-protest", "story: foreign-private-protets", "foreign-private-protets", "unknown-story", "`foreign-private-protest`"),
        ("write-the-rival", "bonds-still-sold]", "private-bonds-sold]", "private-bonds-sold]", "duplicate-option", ""),
        ("hoop-or-smoking-gun", "test: stocks-slow", "test: hardly-any-stocks-bought", "hardly-any", "no-windows", ""),
        ("how-many-by-chance", "[1 %, 5 %,", "[1 %, 1.2 %,", "1.2 %", "share", ""),
        ("how-many-by-chance", "[1 %, 5 %, 12 %, 33 %, 67 %]", "[1 %]", "[1 %]", "wrong-size", ""),
        ("how-many-by-chance", "kind: change_after", "kind: net_flow", "fed.custody", "kind-series", ""),
        ("design-a-test", "dash-for-cash-2020", "dash-for-cash-2021", "dash-for-cash-2021", "unknown-control", "`dash-for-cash-2020`"),
        ("design-a-test", "26 weeks]", "20 days]", "20 days", "window-frequency", ""),
        ("design-a-test", "[0.1 %,", "[0 %,", "0 %,", "cannot-fail", ""),
        ("design-a-test", "role: doubly_decisive", "role: hoop", "test:", "no-design", ""),
        ("find-the-confounder", "turn: quarter}", "turn: week}", "turn: week}", "wrong-word", ""),
        ("find-the-confounder", "    at_least: 5 bp\n  - {id: quarter-end", "  - {id: quarter-end", "id: dear-repo", "wrong-value", ""),
        ("find-the-confounder", "series: ofr.fsi\n", "series: ofr.fsy\n", "ofr.fsy", "unknown-series", None),
        ("what-could-be-known", "id: futures", "id: custody", "custody, text: \"Hedge", "duplicate-option", ""),
        ("spot-the-double-count", "tic.holdings.official]", "fed.custody.treasuries]", "series: [fed", "same-series", ""),
        ("which-choice-turns-it", "choice: half", "choice: haff", "haff", "unknown-choice", "`half`"),
        ("flow-or-valuation", "equities.position: the value", "equity.position: the value", "the value of US equities", "unknown-series", None),
        ("flow-or-valuation", "at_least: 50 %", "at_least: 50%", "50%", "wrong-value", ""),
        ("choose-the-window", "{after: 2 months}", "{after: 2 weeks}", "2 weeks", "window-frequency", ""),
        ("choose-the-window", "role: doubly_decisive", "role: hoop", "hoop", "no-design", ""),
        ("choose-the-window", "hints:\n", "hints: &h\n", "&h", "alias", ""),
    ],
)  # fmt: skip
def test_a_bad_file_is_told_where_and_what_was_meant(tmp_path, name, old, new, at, code, hint):
    """at: the text that the problem has to point to."""
    text = (FOLDER / f"{name}.yaml").read_text("utf-8")
    assert old in text
    text = text.replace(old, new, 1)
    path = tmp_path / f"{name}.yaml"
    path.write_text(text, "utf-8")
    reading = read_exercise(path, CATALOGUE, LIBRARY)
    assert reading.value is None
    before = text[: text.index(at)]
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    found = [(p.line, p.column, p.code, p.hint) for p in reading.problems]
    assert any(
        f[0] == line and f[2] == code and hint in (None, f[3]) and abs(f[1] - column) <= 12
        for f in found
    ), (line, column, found)


def test_a_file_that_is_none(tmp_path):
    for text, code in (("", "empty"), ("- a list", "not-a-mapping"), ("\x00", "character")):
        path = tmp_path / "one.yaml"
        path.write_text(text, "utf-8")
        (problem,) = read_exercise(path, CATALOGUE).problems
        assert problem.code == code


def test_a_folder_that_is_not_there_holds_none(tmp_path):
    assert read_exercises(tmp_path / "none", CATALOGUE).by_id == {}


# ---------------------------------------------------------------- the command


@pytest.fixture(scope="module")
def spoilt_library(tmp_path_factory):
    """The project's narratives with one exercise that has no form."""
    home = tmp_path_factory.mktemp("library") / "narratives"
    for path in NARRATIVES.rglob("*.yaml"):
        copy = home / path.relative_to(NARRATIVES)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text("utf-8"), "utf-8")
    bad = home / "exercises" / "revision-or-news.yaml"
    bad.write_text(bad.read_text("utf-8").replace("form: revision", "form: revisoin"), "utf-8")
    return home


@pytest.mark.parametrize("which", ["", "exercises", "exercises/revision-or-news.yaml"])
def test_lint_names_the_problems_of_exercises(spoilt_library, which):
    home = spoilt_library
    path = [str(home / which)] if which else []
    done = CliRunner().invoke(app, ["lint", *path, "--narratives", str(home)])
    assert done.exit_code == 1
    assert "revision-or-news.yaml:4:7: unknown-form" in done.stdout
    assert "did you mean `revision`?" in done.stdout


def test_lint_of_a_story_says_nothing_of_exercises(spoilt_library):
    home = spoilt_library
    story = home / "liberation-day" / "dollar-fell-before.yaml"
    done = CliRunner().invoke(app, ["lint", str(story), "--narratives", str(home)])
    assert done.exit_code == 0
    assert "revisoin" not in done.stdout


# ---------------------------------------------------------------- forms


def test_every_form_says_what_it_is():
    for name, form in FORMS.items():
        assert form.name == name
        assert form.label
        assert form.model.model_fields["form"].annotation.__args__ == (name,)
        for field in form.model.model_fields.values():
            assert field.description or field.annotation.__args__ == (name,)


def test_forms_are_no_kinds():
    """The reader takes a kind's name after `test` for the choice of a model; no form may be called like one."""
    assert not set(FORMS) & set(KINDS)
