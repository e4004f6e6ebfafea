"""Entries of the catalogue that lie elsewhere than in its folder, and series that say themselves where they are read."""

import pytest

from evidence import catalogue, live_files, publishers
from evidence.catalogue import Catalogue
from evidence.publishers import Observation, declarations, feeds_of
from evidence.publishers import fred as fred_module
from evidence.publishers import ofr as ofr_module
from tests.worlds import RELEASES, entry

OWN = """
releases:
  - {id: own, name: "Own", time: "12:00", days: 1, stale_after_days: 5, source: "a test"}
series:
  - {id: own.one, title: "One", short: "One", unit: "percent", frequency: daily, behaves: rate, source_group: own,
     release: own, publisher: "A test", url: "https://example.org", citation: "A test"}
"""


def put(folder, name, text):
    path = folder / "publishers" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def read(folder):
    (folder / "catalogue").mkdir(exist_ok=True)
    return catalogue.read(folder / "catalogue")


def test_a_module_carries_its_entries_and_is_not_run(tmp_path):
    put(tmp_path, "own.py", f'CATALOGUE = """{OWN}"""\nraise SystemExit("it was run")\n')
    put(tmp_path, "other.py", 'SOURCES = ()\n"""Says CATALOGUE = in passing."""\n')
    found = read(tmp_path)
    assert (set(found.series), set(found.releases)) == ({"own.one"}, {"own"})


def test_a_folder_of_modules_carries_its_entries_too(tmp_path):
    put(tmp_path, "own/__init__.py", f"CATALOGUE = '''{OWN}'''\n")
    assert set(read(tmp_path).series) == {"own.one"}


@pytest.mark.parametrize(
    "text",
    [
        'CATALOGUE = f"""{1}"""\n',
        'CATALOGUE = "a" + "b"\n',
        "CATALOGUE = 3\n",
        'CATALOGUE: str = "a"\n',
    ],
)
def test_what_is_not_one_text_is_refused(tmp_path, text):
    put(tmp_path, "own.py", text)
    with pytest.raises(TypeError, match=r"own\.py: write `CATALOGUE = ` and one text"):
        read(tmp_path)


def test_a_series_stands_once(tmp_path):
    put(tmp_path, "own.py", f'CATALOGUE = """{OWN}"""\n')
    (tmp_path / "catalogue").mkdir()
    (tmp_path / "catalogue" / "own.yaml").write_text(OWN, "utf-8")
    with pytest.raises(ValueError, match=r"own\.py: release own is already defined"):
        read(tmp_path)


@pytest.fixture
def named(monkeypatch):
    """Puts series into the catalogue, each with a `source`."""

    def put_in(**sources):
        frequencies = {"d": "daily", "w": "weekly", "m": "monthly", "q": "quarterly"}
        every = [
            entry(f"{name[0]}.{name}", frequencies[name[0]], "stock", source=source)
            for name, source in sources.items()
        ]
        found = Catalogue(series={e.id: e for e in every}, releases=dict(RELEASES))
        monkeypatch.setattr(publishers, "read_catalogue", lambda: found)
        declarations.cache_clear()
        live_files.of_catalogue.cache_clear()

    yield put_in
    monkeypatch.undo()
    declarations.cache_clear()
    live_files.of_catalogue.cache_clear()


def test_a_series_of_freds_needs_its_entry_only(named):
    named(
        d_bare={"read": "fred", "id": "DBARE"},
        w_sum={"read": "fred", "id": "WSUM", "shift": "-3", "since": "2010-01-06"},
        m_print={"read": "fred", "id": "MPRINT", "prints": "yes"},
        q_other={"fred": "QOTHER"},
    )
    own = {feed.series[0]: feed for feed in feeds_of(fred_module, {}) if feed.series[0][1] == "."}
    assert [feed.url.partition("?")[2] for feed in own.values()] == [
        "id=DBARE", "id=WSUM&cosd=2010-01-06", "id=MPRINT",
    ]  # fmt: skip
    keyed = feeds_of(fred_module, {"FRED_API_KEY": "k" * 32})
    assert {f.name for f in keyed if f.vintages} == {
        "fred/live/DTWEXBGS.json", "fred/live/MPRINT.json",
    }  # fmt: skip
    week = b"observation_date,WSUM\n2009-12-30,1000\n2010-01-06,2500.5\n"
    assert fred_module.parse("fred/live/WSUM.csv", week).observations == (
        Observation("w.w_sum", "2010-01-06", "2.5005"),
    )
    month = b"observation_date,MPRINT\n2025-01-01,1.5\n2025-02-01,.\n"
    assert fred_module.parse("fred/live/MPRINT.csv", month).observations == (
        Observation("m.m_print", "2025-01", "1.5"),
    )
    assert fred_module.parse("fred/live/QOTHER.csv", month).problems[0].message == (
        "`QOTHER` is none of the series read here"
    )


def test_a_series_of_the_monitors_needs_its_entry_only(named):
    named(
        d_rate={"read": "ofr", "id": "REPO-X_AR"},
        d_volume={"read": "ofr", "id": "FPF-Y", "shift": "-9", "monitor": "hf"},
    )
    feeds = {feed.name: feed for feed in feeds_of(ofr_module, {})}
    base = "https://data.financialresearch.gov"
    rate, volume = feeds["ofr/live/REPO-X_AR.json"], feeds["ofr/live/FPF-Y.json"]
    assert (rate.url, rate.series) == (
        f"{base}/v1/series/multifull?mnemonics=REPO-X_AR",
        ("d.d_rate",),
    )
    assert volume.url == f"{base}/hf/v1/series/multifull?mnemonics=FPF-Y"
    days = '"timeseries": {"aggregation": [["2025-01-02", 4.5], ["2025-01-03", null]]}'
    whole = '{"REPO-X_AR": {%s, "metadata": {"unit": {"name": "%s", "magnitude": 0}}}}'
    found = ofr_module.parse(rate.name, (whole % (days, "Percent")).encode())
    assert found.observations == (Observation("d.d_rate", "2025-01-02", "4.5"),)
    wrong = ofr_module.parse(rate.name, (whole % (days, "USD")).encode())
    assert wrong.observations == ()
    assert "`Percent` is expected, not `USD`" in wrong.problems[0].message
    dollars = '{"FPF-Y": {"timeseries": {"aggregation": [["2025-01-02", 2500000000]]}}}'
    assert ofr_module.parse(volume.name, dollars.encode()).observations == (
        Observation("d.d_volume", "2025-01-02", "2.5"),
    )


def test_a_series_without_the_publishers_own_name_is_a_fault_of_ours(named):
    named(d_bare={"read": "fred"})
    with pytest.raises(ValueError, match=r"d\.d_bare: `source` needs the publisher's own `id`"):
        feeds_of(fred_module, {})


def test_whom_the_catalogue_names_reads_it():
    """Every series that says `read` is offered by that publisher; today's own tables say nothing of the kind."""
    offered = {
        (name, series)
        for name, module in publishers.discover().items()
        for feed in feeds_of(module, {})
        for series in feed.series
    }
    for entry_ in catalogue.read().series.values():
        if "read" in entry_.source:
            assert (entry_.source["read"], entry_.id) in offered
