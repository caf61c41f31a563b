"""What anyone may read through the API: stories, proofs, releases, quotes, vocabulary."""

import hashlib
from collections.abc import Iterator

import httpx2
import pytest
from starlette.testclient import TestClient

from api.routes.story_answer import story_json
from api.station import Station
from ledger import log
from ledger.checkpoint import open_checkpoint
from ledger.note import NoteKey, decode_base64
from ledger.proofs.bundle import Receipt, verify_receipt
from ledger.witnessing.policy import Policy
from priceindex.service import verify_bundle
from tests.journeys.small_city import Asked, SmallCity, small_city
from trace.story import story


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


def test_a_code_tells_its_whole_way_oldest_first(client: TestClient, city: SmallCity) -> None:
    told = client.get(f"/v1/codes/{city.codes[0]}?lang=zh").json()
    assert told["verdict"] == {"key": "matches", "name": "登记相符"}
    assert told["herb"] == "白芍"
    assert [step["stage"]["key"] for step in told["steps"]] == [
        "seed", "planting", "field_work", "harvest", "primary_processing", "test", "split", "merge",
        "ship", "receive", "paozhi", "pack", "ship", "receive", "sale",
    ]  # fmt: skip
    assert told["steps"][0]["time"] == "2024-03-01T12:00:00+08:00"
    assert told["origins"][0]["division_name"] == "安徽省亳州市谯城区"


def test_no_private_field_reaches_anyone(client: TestClient, city: SmallCity) -> None:
    answers = [f"/v1/codes/{city.codes[0]}", "/v1/lots/YP-1", f"/s/{city.codes[0]}"]
    for address in answers:
        text = client.get(address).text
        for private in ("13800138000", "张三丰", "李四光", "皖S12345", "12345", "钱七", "王五", "赵六"):
            assert private not in text.replace(city.codes[0], ""), (address, private)


def test_a_program_and_the_command_line_read_the_same_story(
    client: TestClient, station: Station, city: SmallCity
) -> None:
    with station.database.read() as session:
        told = story(session, city.codes[0], station.code_keys)
        indices = log.indices(session, told.statements)
    assert client.get(f"/v1/codes/{city.codes[0]}?lang=en").json() == story_json(told, "en", indices)


@pytest.mark.parametrize(
    "code", ["X", "0" * 20, "☃", "5" * 5000, "%2e%2e", "0ABCDEFGHJKMNPQRSTVW", "' OR 1=1 --"]
)
def test_a_code_that_is_not_ours_is_a_problem_never_a_fault(client: TestClient, code: str) -> None:
    answer = client.get(f"/v1/codes/{code}")
    assert answer.status_code in {404, 422}
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_story_known_already_is_not_sent_again(client: TestClient, city: SmallCity) -> None:
    first = client.get(f"/v1/codes/{city.codes[0]}")
    again = client.get(f"/v1/codes/{city.codes[0]}", headers={"If-None-Match": first.headers["etag"]})
    assert first.headers["etag"].startswith('"')
    assert (again.status_code, again.content) == (304, b"")
    other = client.get(f"/v1/codes/{city.codes[0]}?lang=en", headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200


def test_a_scan_of_the_page_changes_the_tag(client: TestClient, station: Station, city: SmallCity) -> None:
    address = f"/v1/codes/{city.codes[1]}"
    before = client.get(address)
    client.get(f"/s/{city.codes[1]}")
    station.scans.flush()
    after = client.get(address, headers={"If-None-Match": before.headers["etag"]})
    assert before.json()["scans"]["count"] == 0
    assert after.json()["scans"]["count"] == 1


def test_a_receipt_can_be_verified_without_the_service(
    client: TestClient, station: Station, city: SmallCity
) -> None:
    address = f"/v1/receipts/{city.sold_statement}"
    text = client.get(address, headers={"Accept": "text/plain"})
    verified = verify_receipt(Receipt.from_text(text.text), Policy.of_log(station.vkey))
    assert verified.entry.statement.id == city.sold_statement
    told = client.get(address).json()
    assert told["index"] == verified.index
    assert told["receipt"] == text.text == client.get(f"{address}?as=text").text


def test_an_unknown_statement_has_no_receipt(client: TestClient) -> None:
    assert client.get("/v1/receipts/urn:uuid:nothing").status_code == 404


def test_the_checkpoint_is_signed_by_the_published_key(client: TestClient, city: SmallCity) -> None:
    key = NoteKey.from_vkey(client.get("/v1/log/key").text.strip())
    answer = client.get("/v1/log/checkpoint")
    assert open_checkpoint(answer.text, key).size > len(city.codes) // 2
    assert answer.headers["cache-control"] == "no-store"


def test_growth_is_proved_and_a_size_not_reached_is_a_problem(client: TestClient) -> None:
    proof = client.get("/v1/log/consistency?old=3&new=7").json()
    # RFC 6962, section 2.1.3: from 3 to 7 leaves the proof has the four nodes c, d, g, l.
    assert [len(decode_base64(each)) for each in proof["proof"]] == [32] * 4
    assert client.get("/v1/log/consistency?old=3&new=9999").status_code == 422
    assert client.get("/v1/log/consistency?old=0&new=7").status_code == 422


def test_a_release_can_be_recomputed_from_its_download(client: TestClient, city: SmallCity) -> None:
    told = client.get(f"/v1/releases/{city.release_id}").json()
    raw = client.get(f"/v1/releases/{city.release_id}/bundle").content
    assert hashlib.sha256(raw).hexdigest() == told["input_digest"]
    last = verify_bundle(raw).series("composite", "all").last  # type: ignore[arg-type]
    assert last.shown() == told["value"]


def test_the_composite_of_two_equal_herbs_is_their_mean(client: TestClient, city: SmallCity) -> None:
    """白芍 +10 % and 当归 -20 % with equal weights: 1000 · (1.1 + 0.8) / 2 = 950.

    Both moved within June, so against the monthly link of May nothing but the prices themselves counts.
    """
    points = client.get(f"/v1/releases/{city.release_id}/values").json()["points"]
    by_day = {point["day"]: point["value"] for point in points}
    assert by_day["2025-01-31"] == "1000.00"
    assert by_day["2025-06-15"] == "1050.00"
    assert by_day["2025-06-30"] == "950.00"


def test_releases_come_in_pages_that_meet(client: TestClient, city: SmallCity) -> None:
    first = client.get("/v1/releases?limit=1").json()
    assert [each["id"] for each in first["releases"]] == [city.release_id]
    assert first["next"] is None
    assert first["releases"][0]["index"] is not None


def test_quotes_come_in_pages_that_meet(client: TestClient) -> None:
    seen: list[tuple[str, str]] = []
    address: str | None = "/v1/quotes?herb=白芍&limit=50"
    following = None
    while address:
        answer = client.get(
            "/v1/quotes", params={"herb": "白芍", "limit": 50} | ({"next": following} if following else {})
        )
        told = answer.json()
        seen += [(quote["herb"], quote["day"]) for quote in told["quotes"]]
        following = told["next"]
        address = following
    assert len(seen) == len(set(seen)) == 181
    assert all(herb == "白芍" for herb, _ in seen)


@pytest.mark.parametrize("mark", ["x", "☃", "bm90IGpzb24", "WyJhIiwiYiJd", "A" * 400])
def test_a_page_mark_that_is_not_ours_is_a_problem(client: TestClient, mark: str) -> None:
    for path in ("/v1/quotes", "/v1/releases"):
        answer: httpx2.Response = client.get(path, params={"next": mark})
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


def test_more_than_200_at_once_is_refused(client: TestClient) -> None:
    assert client.get("/v1/quotes?limit=201").status_code == 422
    assert client.get("/v1/quotes?limit=0").status_code == 422


def test_herbs_markets_and_families_speak_the_readers_language(client: TestClient) -> None:
    herb = client.get("/v1/herbs", params={"name": "白芍", "lang": "en"}).json()["herbs"][0]
    assert (herb["latin"], herb["part_class"]["name"]) == ("Paeoniae Radix Alba", "roots and rhizomes")
    assert len(client.get("/v1/markets").json()["markets"]) == 17
    assert client.get("/v1/herbs", params={"name": "不存在"}).status_code == 404
    families = client.get("/v1/families?lang=zh").json()["families"]
    assert all(
        hashlib.sha256(each["text"].encode()).hexdigest() == each["method_sha256"] for each in families
    )
