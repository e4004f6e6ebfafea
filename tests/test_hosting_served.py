"""The app as others are served it: documents, headers, health, journal and meters, from one running process."""

import asyncio
import gzip
import json
import re
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from base64 import b64encode
from hashlib import sha256

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from benchmarks import attack
from tests.hosted import ROOT, Replica, replica

STORY, DAY = "basis-trade-unwind", "2025-04-25"


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """A process that has just begun, and how it said it was before it was warm."""
    found = replica(
        tmp_path_factory.mktemp("hosted") / "log",
        environment={"FLOWCHECK_EMBEDDERS": "self https://news.example.org"},
    )
    try:
        found.until("/_stcore/health")
        cold = httpx.get(f"{found.url}/health")
        found.until()
        yield found, cold
    finally:
        found.stop()


@pytest.fixture(scope="module")
def host(begun) -> Replica:
    return begun[0]


@pytest.fixture(scope="module")
def get(host):
    with httpx.Client(base_url=host.url, timeout=60) as client:
        yield client.get


def printed(*arguments: str) -> bytes:
    """What the command line prints."""
    command = [sys.executable, "-m", "evidence", "score", *arguments, "--json"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout


def as_sent(host: Replica, path: str) -> tuple[httpx.Response, bytes]:
    """An answer and its bytes as they came, compressed."""
    asked = httpx.stream("GET", host.url + path, headers={"Accept-Encoding": "gzip"}, timeout=60)
    with asked as found:
        return found, b"".join(found.iter_raw())


def told(host: Replica, **wanted: object) -> dict:
    """The line of the journal with these fields: it is written once the answer has been sent."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        for line in journal(host):
            if wanted.items() <= line.items():
                return line
        time.sleep(0.02)
    pytest.fail(f"no line with {wanted}")


def journal(host: Replica) -> list[dict]:
    """The lines of the journal so far."""
    return [json.loads(line) for line in host.lines() if line.startswith("{")]


def meters(get) -> dict[tuple[str, ...], float]:
    """The meters by name and labels."""
    told = get("/metrics").text
    return {
        (s.name, *s.labels.values()): s.value
        for family in text_string_to_metric_families(told)
        for s in family.samples
    }


def test_it_is_warm_once_a_story_has_been_scored(begun, get):
    _, cold = begun
    assert (cold.status_code, cold.json()) == (503, {"status": "warming"})
    warm = get("/health")
    assert (warm.status_code, warm.json()) == (200, {"status": "warm"})
    assert cold.headers["cache-control"] == warm.headers["cache-control"] == "no-store"


# -- documents ----------------------------------------------------------------------------------------


def test_a_story_is_what_the_command_prints(get):
    found = get(f"/api/story/{STORY}.json", params={"as_of": DAY})
    assert found.headers["content-type"] == "application/json"
    assert found.content == printed(STORY, "--as-of", DAY)


def test_the_verdicts_are_what_the_command_prints(get):
    assert get("/api/verdicts.json", params={"as_of": DAY}).content == printed("--as-of", DAY)


def test_the_newest_day_is_meant_where_none_is_named(get):
    newest = get(f"/api/story/{STORY}.json")
    for day in ("latest", newest.json()["as_of"], "2099-01-01"):
        assert get(f"/api/story/{STORY}.json", params={"as_of": day}).content == newest.content


def test_a_day_before_all_data_stands_for_the_first(get):
    first = get(f"/api/story/{STORY}.json", params={"as_of": "1000-01-01"}).json()
    assert first["as_of"] > "1900"
    assert first["verdicts"][0]["direction"] == "insufficient_data"


@pytest.mark.long
def test_a_writer_without_a_browser_has_stories_scored(host):
    """As `make attack` has twenty of them do at once."""
    stop = asyncio.Event()
    stop.set()
    stream = f"{host.url.replace('http', 'ws', 1)}/_stcore/stream"
    faults: list[str] = []
    assert asyncio.run(attack.writing(stream, 1, stop, faults)) == 1
    assert faults == []


def test_nobody_but_community_cloud_may_steer_a_page_in_a_frame(get):
    assert get("/_stcore/host-config").json()["allowedOrigins"] == ["https://*.streamlit.app"]


def test_a_tag_is_known_again(get):
    found = get(f"/api/story/{STORY}.json")
    assert found.headers["cache-control"] == "public, max-age=300"
    tag = found.headers["etag"]
    for words in (tag, f"W/{tag}", f'"another", {tag}'):
        again = get(f"/api/story/{STORY}.json", headers={"If-None-Match": words})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    other = get(f"/api/story/{STORY}.json", headers={"If-None-Match": '"another"'})
    assert (other.status_code, other.content) == (200, found.content)


def test_a_tag_is_the_document_s(get):
    tags = {
        get(path, params={"as_of": day}).headers["etag"]
        for path in (f"/api/story/{STORY}.json", "/api/story/exceptionalism-lasts.json")
        for day in (DAY, "2025-06-20")
    }
    assert len(tags) == 4


@pytest.mark.parametrize(
    "query",
    ["as_of=yesterday", "as_of=2025-02-30", "as_of=20250620", "as_of=2025-W10-1", "as_of=", "as_of=2025-04-25&as_of=2025-04-26", "as_of=" + "9" * 5000],
)  # fmt: skip
def test_a_day_that_is_none_is_refused_with_a_sentence(get, query):
    found = get(f"/api/verdicts.json?{query}")
    assert found.status_code == 400
    assert found.json() == {"error": "as_of takes one date of the form 2025-06-20, or latest."}


def test_a_story_that_is_none_is_refused_with_the_nearest(get):
    found = get("/api/story/basis-trade-unwound.json")
    assert found.status_code == 404
    assert found.json() == {"error": "There is no story of this id.", "did_you_mean": STORY}
    assert get("/api/story/%3Cscript%3E.json").json() == {"error": "There is no story of this id."}


def test_nothing_else_lies_under_the_same_path(get):
    for path in ("/api", "/api/", "/api/story", f"/api/story/{STORY}", "/api/v1/verdicts.json"):
        found = get(path)
        assert (found.status_code, found.json()) == (
            404,
            {"error": "There is nothing at this address."},
        )


def test_the_feed_is_there_from_the_first_day(get):
    found = get("/api/changes.atom")
    assert found.headers["content-type"] == "application/atom+xml"
    assert ET.fromstring(found.text).tag == "{http://www.w3.org/2005/Atom}feed"
    again = get("/api/changes.atom", headers={"If-None-Match": found.headers["etag"]})
    assert again.status_code == 304


# -- headers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/story", "/api/verdicts.json?as_of=x", "/health", "/app/static/favicon.png"])  # fmt: skip
def test_every_answer_says_what_a_browser_may_do_with_it(get, path):
    found = get(path).headers
    rules = dict(rule.split(" ", 1) for rule in found["content-security-policy"].split("; "))
    assert rules["default-src"] == "'self'"
    assert rules["object-src"] == "'none'"
    assert rules["frame-ancestors"] == "'self' https://news.example.org"
    assert not {"'unsafe-eval'", "'unsafe-inline'", "*", "data:"} & set(rules["script-src"].split())
    assert found["x-content-type-options"] == "nosniff"
    assert found["referrer-policy"] == "same-origin"
    assert re.fullmatch(r"[0-9a-f]{16}", found["x-trace-id"])
    assert found.get_list("content-security-policy") == [found["content-security-policy"]]


def named(found: httpx.Response) -> list[str]:
    """What a page names to be fetched before Streamlit asks for it: each address as a browser reads it."""
    late = re.search(r"for \(const name of (\[.*?\])\)", found.text)[1]
    fonts = re.findall(
        r'rel="preload" as="font" type="font/woff2" crossorigin href="([^"]+)"', found.text
    )
    return [
        str(found.url.join(one))
        for one in (*fonts, *(f"./static/js/{n}" for n in json.loads(late)))
    ]


def test_a_page_names_what_it_will_need_and_each_of_it_is_there(get):
    """For a path that is not there Streamlit answers with its page, and 200."""
    for path in ("/", f"/story?story={STORY}&embed=true"):
        addresses = named(get(path))
        for address in addresses:
            found = get(address)
            assert found.status_code == 200
            media = found.headers["content-type"].split(";")[0]
            assert media.endswith("woff2" if address.endswith("woff2") else "javascript")
        stems = {address.rsplit("/", 1)[1].split(".")[0] for address in addresses}
        assert {
            "SourceSans3-latin",
            "SourceSerif4-latin",
            "embed",
            "BidiComponent",
        } <= stems


def test_a_page_says_who_may_steer_it_as_the_server_does(get):
    said = json.loads(re.search(r"HOST_CONFIG: (\{.*?\})\}", get("/story").text)[1])
    server = get("/_stcore/host-config").json()
    assert {name: server[name] for name in said} == said


def test_a_page_is_the_same_until_it_changes(get):
    for path in ("/", "/start", f"/story?story={STORY}"):
        found = get(path)
        assert found.headers["cache-control"] == "no-cache"
        assert found.headers["content-type"].startswith("text/html")
        again = get(path, headers={"If-None-Match": found.headers["etag"]})
        assert (again.status_code, again.text) == (304, "")
        assert get(path, headers={"If-None-Match": '"another"'}).text == found.text


def test_scripts_written_into_a_page_are_allowed_by_their_digest(get):
    found = get("/start")
    inline = re.findall(r"<script>(.*?)</script>", found.text, re.DOTALL)
    assert len(inline) == 3
    for text in inline:
        digest = b64encode(sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in found.headers["content-security-policy"]


def test_headers_fit_into_what_a_proxy_takes(get):
    """nginx takes 4 kB for all headers of an answer."""
    found = get("/story").headers
    assert sum(len(name) + len(value) + 4 for name, value in found.raw) < 3000


def test_the_bundle_is_compressed_once_and_is_the_same(host, get):
    path = re.search(r"static/js/index\.[\w-]+\.js", get("/").text)[0]
    plain = get(f"/{path}", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    for _ in range(2):
        packed, raw = as_sent(host, f"/{path}")
        assert packed.headers["content-encoding"] == "gzip"
        assert len(raw) < len(plain.content) / 2
        assert gzip.decompress(raw) == plain.content
        assert "immutable" in packed.headers["cache-control"]
    part = get(f"/{path}", headers={"Accept-Encoding": "gzip", "Range": "bytes=0-9"})
    assert (part.status_code, part.content) == (206, plain.content[:10])
    tag = {"Accept-Encoding": "gzip", "If-None-Match": plain.headers["etag"]}
    assert get(f"/{path}", headers=tag).status_code == 304


def test_a_document_is_compressed_for_who_takes_that(host):
    found, raw = as_sent(host, f"/api/story/{STORY}.json")
    assert found.headers["content-encoding"] == "gzip"
    assert json.loads(gzip.decompress(raw))["verdicts"][0]["id"] == STORY


# -- journal and meters -------------------------------------------------------------------------------


def test_a_request_is_one_line_without_the_person(host, get):
    secret = {
        "User-Agent": "Lynx/1 (of Ada)",
        "Cookie": "name=Ada",
        "X-Forwarded-For": "203.0.113.7",
        "X-Trace-Id": "0123456789abcdef",
    }
    found = get(f"/story?story={STORY}&as_of={DAY}&email=ada@example.org", headers=secret)
    assert found.headers["x-trace-id"] == "0123456789abcdef"
    line = told(host, trace="0123456789abcdef")
    assert set(line) == {"at", "event", "method", "path", "story", "status", "ms", "trace"}
    wanted = ("request", "GET", "/story", STORY, 200)
    assert (line["event"], line["method"], line["path"], line["story"], line["status"]) == wanted
    text = "\n".join(host.lines())
    for person in ("Ada", "ada@", "203.0.113.7", "127.0.0.1", "Lynx"):
        assert person not in text


def test_a_trace_that_is_none_is_not_repeated(host, get):
    found = get("/?story=%0a%22x", headers={"X-Trace-Id": 'evil"\\'})
    assert re.fullmatch(r"[0-9a-f]{16}", found.headers["x-trace-id"])
    assert "evil" not in "\n".join(host.lines())


def test_what_a_visitor_made_is_not_named(host, get):
    get("/media/5f2a.pdf")
    get("/_stcore/upload_file/session-of-ada/file")
    told(host, path="/media/…")
    told(host, path="/_stcore/upload_file/…")
    assert "session-of-ada" not in "\n".join(host.lines())


def test_asking_how_it_is_leaves_no_line(host, get):
    get("/health")
    get("/metrics")
    get("/story?story=after-these")
    told(host, story="after-these")
    assert not {"/health", "/metrics"} & {line.get("path") for line in journal(host)}
    assert [line["event"] for line in journal(host)].count("warm") == 1


def test_the_meters(get):
    before = meters(get)
    get("/story")
    get("/api/story/none.json")
    after = meters(get)
    assert after["flowcheck_warm",] == 1
    assert after["flowcheck_snapshot",] >= 3
    assert after["flowcheck_data_age_days",] >= 0
    assert after["flowcheck_refresh_failing_feeds",] == 0
    assert after["flowcheck_sessions",] == 0
    assert after["process_resident_memory_bytes",] > 50e6
    for sort, status in (("page", "2xx"), ("api", "4xx")):
        name = ("flowcheck_request_seconds_count", sort, status)
        assert after[name] == before.get(name, 0) + 1


@pytest.mark.parametrize("path", ["/metrics", "/metrics/", "/_stcore/metrics"])
def test_the_meters_are_not_for_who_comes_through_a_proxy(get, path):
    for header in ("X-Forwarded-For", "Forwarded"):
        assert get(path, headers={header: "127.0.0.1"}).status_code == 404
