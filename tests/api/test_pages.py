"""Every page over HTTP: whole without a script, in both languages, friendly to whatever is typed."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from starlette.testclient import TestClient

from api.station import Station
from api.web import api_docs
from tests.journeys.small_city import Asked, SmallCity, small_city
from trace.coding.trace_code import encode

BUDGET_BYTES = 40_000
"""A scan page, uncompressed, in one request."""


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    """One city for all claims of this file: none of them changes what another reads."""
    with small_city(tmp_path_factory.mktemp("city")) as opened:
        yield opened


@pytest.fixture
def station(asked: Asked) -> Station:
    return asked.station


@pytest.fixture
def client(asked: Asked) -> TestClient:
    return asked.client


@pytest.fixture
def city(asked: Asked) -> SmallCity:
    return asked.city


class Outline(HTMLParser):
    """Tags, addresses and heading levels of a page, and whether every tag is closed."""

    VOID = frozenset({"meta", "link", "input", "br", "img", "rect", "path", "circle"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.loads: list[str] = []
        self.headings: list[str] = []
        self.ids: list[str] = []
        self.attributes: set[str] = set()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.attributes |= set(given)
        self.ids += [str(given["id"])] if "id" in given else []
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(tag)
        if "href" in given and tag == "a":
            self.addresses.append(str(given["href"]))
        if tag == "link" and given.get("rel") in {"stylesheet", "icon"}:
            self.loads.append(str(given["href"]))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def paths(city: SmallCity) -> list[str]:
    return [
        "/",
        f"/s/{city.codes[0]}",
        "/s/nothing",
        "/index",
        f"/index/{city.release_id}",
        "/index/none",
        "/api-docs",
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_is_well_formed_and_loads_nothing_from_elsewhere(
    client: TestClient, city: SmallCity, language: str
) -> None:
    for path in paths(city):
        answer = client.get(f"{path}?lang={language}")
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        outline = Outline(answer.text)
        assert outline.open == []
        scripted = {
            f"/s/{city.codes[0]}",
            "/index",
            f"/index/{city.release_id}",
        }  # the check; files of charts
        assert outline.tags.count("script") == (path in scripted)
        assert "style" not in outline.tags + sorted(outline.attributes)
        assert all(load.startswith("/static/") for load in outline.loads)
        assert all(
            address.startswith(("/", "#")) and not address.startswith("//") for address in outline.addresses
        )
        assert outline.headings.count("h1") == 1
        assert outline.headings[0] == "h1"
        assert len(outline.ids) == len(set(outline.ids))


def test_a_scan_page_is_a_page_a_style_sheet_and_one_deferred_script(
    client: TestClient, city: SmallCity
) -> None:
    page = client.get(f"/s/{city.codes[0]}").text
    assert len(re.findall(r"<link rel=\"stylesheet\"", page)) == 1
    [(address, how)] = re.findall(r"<script src=\"([^\"]+)\"([^>]*)>", page)
    assert how == " defer"
    sent = client.get(address, headers={"Accept-Encoding": "identity"})
    parts = [client.get(f"/static/{name}").text for name in ("verify.js", "scan.js")]
    assert sent.text == "\n".join(parts)
    assert sent.headers["content-type"].startswith("text/javascript")
    assert "immutable" in sent.headers["cache-control"]
    assert "immutable" not in client.get(address[:-1]).headers["cache-control"]


def test_every_link_and_file_of_every_page_leads_somewhere(client: TestClient, city: SmallCity) -> None:
    known: set[str] = set()
    for path in paths(city):
        outline = Outline(client.get(path).text)
        known |= {address.partition("#")[0] for address in outline.addresses + outline.loads}
    for address in sorted(known - {""}):
        expected = {404} if address.startswith(("/s/nothing", "/index/none")) else {200}
        assert client.get(address).status_code in expected, address


def test_pages_say_their_language_and_vary_by_it(client: TestClient, city: SmallCity) -> None:
    for path in paths(city):
        chinese = client.get(path)
        english = client.get(path, headers={"Accept-Language": "en-GB"})
        assert (chinese.headers["content-language"], english.headers["content-language"]) == ("zh-CN", "en")
        assert '<html lang="zh-CN">' in chinese.text
        assert '<html lang="en">' in english.text
        assert "Accept-Language" in chinese.headers["vary"]


def test_the_scan_page_keeps_its_budget(client: TestClient, city: SmallCity) -> None:
    for language in ("zh", "en"):
        page = client.get(f"/s/{city.codes[0]}?lang={language}")
        assert len(page.content) < BUDGET_BYTES
        assert len(Outline(page.text).loads) == 2


def test_every_code_that_is_not_ours_gets_the_same_answer(
    client: TestClient, city: SmallCity, station: Station
) -> None:
    """Malformed, forged, never issued: who guesses learns nothing from the answer."""
    forged = city.codes[0][:-1] + ("0" if city.codes[0][-1] != "0" else "1")
    unissued = encode(2**47, station.code_keys)
    pages = [client.get(f"/s/{code}") for code in ("nothing", forged, unissued)]
    assert {page.status_code for page in pages} == {404}
    bodies = {re.sub(r"/s/[^?\"]*", "/s/", page.text) for page in pages}
    assert len(bodies) == 1
    assert "查无此码" in bodies.pop()


ODD_PATHS = (
    "/s/%E2%98%83", f"/s/{'A' * 5000}", "/s/a/b/c", "/s/..%2f..%2fetc", "/s/<script>alert(1)</script>",
    "/s/'--", "/s/%F0%9F%8C%BF", "/s/%ED%A0%80", "/s/%FF%FE", "/s/ ", f"/index/{'x' * 5000}", "/index/☃",
    "/index/a.csv", "/index?family=%E2%98%83", f"/index?family={'x' * 5000}", f"/?lang={'q' * 5000}",
    "/?view=%FF", "//elsewhere.example", "/\\elsewhere.example", "/s//elsewhere.example", "/nowhere",
)  # fmt: skip


@pytest.mark.parametrize("path", ODD_PATHS)
def test_whatever_is_typed_gets_a_friendly_page(client: TestClient, path: str) -> None:
    answer = client.get(str(client.base_url).rstrip("/") + path, headers={"Accept": "text/html"})
    assert answer.status_code in {200, 404}
    assert answer.headers["content-type"].startswith("text/html")
    assert "<script" not in answer.text
    assert not re.search(r'href="/[/\\]', answer.text)


def test_a_nul_in_the_address_is_refused_not_a_fault(client: TestClient) -> None:
    assert client.get("/s/%00", headers={"Accept": "text/html"}).status_code == 400


@pytest.mark.parametrize("typed", ["", "  ", "☃", "x" * 5000, "//elsewhere.example", "\\\\elsewhere"])
def test_a_typed_code_is_sent_to_its_page_on_this_host(client: TestClient, typed: str) -> None:
    answer = client.get("/s", params={"code": typed, "lang": "en"}, follow_redirects=False)
    assert answer.status_code == 303
    assert re.fullmatch(r"/(s/[\w%.-]+)?\?lang=en", answer.headers["location"])


def test_the_typed_code_is_found_with_hyphens_and_in_small_letters(
    client: TestClient, city: SmallCity
) -> None:
    code = city.codes[0].lower()
    typed = "-".join(code[at : at + 5] for at in range(0, 20, 5))
    assert "登记相符" in client.get("/s", params={"code": typed}).text


def test_language_and_view_follow_the_reader(client: TestClient, city: SmallCity) -> None:
    page = client.get("/?lang=en&view=elder").text
    assert '<html lang="en" class="elder">' in page
    assert 'href="/index?lang=en&amp;view=elder"' in page
    assert 'href="/?lang=zh&amp;view=elder"' in page
    assert '<input type="hidden" name="view" value="elder">' in page
    assert city.release_id


def test_a_page_can_be_asked_about_without_being_sent(
    client: TestClient, station: Station, city: SmallCity
) -> None:
    for path in paths(city):
        asked, got = client.head(path), client.get(path)
        assert asked.status_code == got.status_code, path
        assert asked.headers["content-type"] == got.headers["content-type"]
    for _ in range(3):
        client.head(f"/s/{city.codes[7]}")
    station.scans.flush()
    assert client.get(f"/v1/codes/{city.codes[7]}").json()["scans"]["count"] == 0


def test_a_page_known_already_is_not_sent_again(client: TestClient, city: SmallCity) -> None:
    first = client.get(f"/index/{city.release_id}")
    again = client.get(f"/index/{city.release_id}", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_index_page_shows_what_was_published(client: TestClient, city: SmallCity) -> None:
    page = client.get(f"/index/{city.release_id}").text
    told = client.get(f"/v1/releases/{city.release_id}").json()
    for shown in (
        told["value"],
        told["input_digest"],
        told["id"],
        told["method"],
        "试运行",
        f"账本第 {told['index']} 条",
    ):
        assert shown in page
    # 950 against 1000 a day before the first move within the last month
    assert "\N{MINUS SIGN}5.00 %</span> 跌" in page
    assert page.index("白芍") < page.index("当归"), "the riser comes before the faller"


def test_the_csv_holds_every_published_value(client: TestClient, city: SmallCity) -> None:
    answer = client.get(f"/index/{city.release_id}.csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    points = client.get(f"/v1/releases/{city.release_id}/values").json()["points"]
    # composite, one class (both are roots), two herbs, two origins and the theme of both
    assert len(lines) == 1 + 7 * len(points)
    last = points[-1]
    wanted = f"bozhou,composite,all,day,{last['day']},{last['value_unrounded']},P,1,{city.release_id},"
    assert any(line.startswith(wanted) for line in lines)


def test_api_documents_name_every_operation(client: TestClient) -> None:
    page = client.get("/api-docs").text
    for path, methods in client.get("/openapi.json").json()["paths"].items():
        assert path in page
        assert all(told["summary"] in page.replace("&#39;", "'") for told in methods.values())
    assert "grams_per_pack" in page, "members of a request body are documented too"
    assert client.get("/docs").status_code == client.get("/redoc").status_code == 404


def test_api_documents_are_arranged_once_for_each_language(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = {language: client.get(f"/api-docs?lang={language}").text for language in ("zh", "en")}
    monkeypatch.setattr(api_docs, "operations", lambda _: pytest.fail("arranged again"))
    again = {language: client.get(f"/api-docs?lang={language}").text for language in ("zh", "en")}
    assert first == again
    assert (">目录<" in again["zh"], ">目录<" in again["en"]) == (True, False)
