"""docs/data.md: its reference is what the code makes, and its worked example works."""

import re
from collections.abc import Mapping
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType, SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from evidence import data_page
from evidence.catalogue import Release
from evidence.catalogue import read as read_catalogue
from evidence.publishers import Feed, discover

TEXT = data_page.PAGE.read_text(encoding="utf-8")
REFERENCE = TEXT.partition(data_page.FROM)[2]
EXAMPLE = TEXT.partition("## Adding a publisher")[2].partition("## Reference")[0]


def blocks(kind: str) -> list[str]:
    """The example's code blocks of one language, in order."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", EXAMPLE, re.DOTALL | re.MULTILINE)


def test_the_committed_page_is_what_the_code_makes() -> None:
    made = data_page.page(TEXT)
    assert made == TEXT, "run `.venv/bin/python -m evidence.data_page`"


def test_everything_is_on_the_page() -> None:
    catalogue = read_catalogue()
    groups = {entry.source_group for entry in catalogue.series.values()}
    assert set(re.findall(r"^#### `(\w+)`$", REFERENCE, re.MULTILINE)) == groups
    for name in (*catalogue.series, *discover(), *catalogue.releases):
        assert f"| `{name}`" in REFERENCE
    for module in discover().values():
        for feed, _ in data_page.offered(module):
            assert f"`{feed.url}`" in REFERENCE
        for key in getattr(module, "KEYS", ()):
            assert f"`{key}`" in REFERENCE


def test_a_page_without_its_markers_is_refused() -> None:
    for text in ("", data_page.FROM, data_page.TO, f"{data_page.TO}{data_page.FROM}"):
        with pytest.raises(ValueError, match=r"data\.md has to hold"):
            data_page.page(text)


def test_what_stands_around_the_reference_stays() -> None:
    made = data_page.page(f"before\n{data_page.FROM}\nold\n{data_page.TO}\nafter\n")
    assert made.startswith(f"before\n{data_page.FROM}\n")
    assert made.endswith(f"{data_page.TO}\nafter\n")
    assert "\nold\n" not in made


def test_a_feed_is_told_with_the_least_keys_that_it_takes() -> None:
    def feeds(keys: Mapping[str, str]) -> tuple[Feed, ...]:
        found = [Feed("p/open.csv", "https://example.org/open.csv", ("a.b",))]
        if "ONE" in keys:
            found.append(Feed("p/one.csv", "https://example.org/one.csv", ("a.b",)))
        if {"ONE", "TWO"} <= set(keys):
            secret = {"key": keys["TWO"]}
            found.append(Feed("p/both.csv", "https://example.org/both.csv", ("a.b",), "", secret))
        return tuple(found)

    module = SimpleNamespace(KEYS=("ONE", "TWO"), SOURCES=(), feeds=feeds, parse=None)
    told = [(feed.name, keys) for feed, keys in data_page.offered(module)]
    assert told == [("p/open.csv", ""), ("p/one.csv", "`ONE`"), ("p/both.csv", "`ONE` and `TWO`")]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"weekday": "thursday"}, "the first Thursday after, 16:30"),
        (
            {"weekday": "friday", "at_least_business_days": 3},
            "the first Friday after, at least 3 business days later, 16:30",
        ),
        ({"business_days": 1}, "1 business day later, 16:30"),
        ({"days": 0}, "the same day, 16:30"),
        (
            {"business_days": 2, "holidays": "bond_market"},
            "2 business days later, by the bond market’s holidays, 16:30",
        ),
        ({"month_day": (2, 18)}, "on day 18 of the month, 2 months later, 16:30"),
    ],
)
def test_rules_in_words(given: dict[str, object], words: str) -> None:
    common = {"id": "x", "name": "x", "time": "16:30", "stale_after_days": 5, "source": "x"}
    assert data_page.rule(Release.model_validate({**common, **given})) == words


@pytest.fixture
def example(tmp_path: Path) -> ModuleType:
    """The example's publisher, from the page."""
    path = tmp_path / "boe.py"
    path.write_text(blocks("python")[0], encoding="utf-8")
    spec = spec_from_file_location("boe", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_example_reads_its_fixture(example: ModuleType, tmp_path: Path) -> None:
    folder = tmp_path / "web/boe"
    folder.mkdir(parents=True)
    (folder / "IUDMNPY.csv").write_text(blocks("csv")[0], encoding="utf-8")
    scope = {"boe": example, "WEB": tmp_path / "web"}
    exec(blocks("python")[1], scope)
    tests = [name for name in scope if name.startswith("test_")]
    assert len(tests) == 2
    for name in tests:
        scope[name]()  # type: ignore[operator]


def test_the_example_catalogue_and_routes_fit(example: ModuleType, tmp_path: Path) -> None:
    catalogue, routes = blocks("yaml")
    (tmp_path / "boe.yaml").write_text(catalogue, encoding="utf-8")
    found = read_catalogue(tmp_path)
    (feed,) = example.feeds({})
    assert set(found.series) == set(feed.series)
    (route,) = yaml.safe_load(routes)
    asked = urlsplit(feed.url)
    assert route["path"] == asked.path
    assert {name: parse_qs(asked.query)[name][0] for name in route["query"]} == route["query"]
    assert feed.url.startswith("https://")
