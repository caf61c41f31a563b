"""The resolver of GS1 Digital Links against the rules of GS1's resolver standard."""

import json
from pathlib import Path

import jsonschema_rs
import pytest
from starlette.testclient import TestClient

from api.station import Station
from tests.api.linked_lot import GTIN, GTIN_LOT, Issue, link_all, packed
from tests.trace.season import MAKER

LINKSET = "application/linkset+json"
VOC = "https://ref.gs1.org/voc/"
LOT = f"/01/{GTIN}/10/YP-1"


@pytest.fixture(autouse=True)
def _linked(client: TestClient, station: Station, token_with: Issue) -> None:
    link_all(client, token_with("steps:write", party=MAKER), packed(station))
    client.follow_redirects = False


def test_a_lot_redirects_to_its_page_with_the_query_passed_on(client: TestClient) -> None:
    answer = client.get(f"{LOT}?17=271231&lang=en")
    assert answer.status_code == 307
    assert answer.headers["location"] == (
        "https://herbs.example.org/s/%2801%2909520123456788%2810%29YP-1?17=271231&lang=en"
    )
    page = client.get(answer.headers["location"])
    assert page.status_code == 200
    assert GTIN_LOT in page.text


def test_what_is_finer_leads_up_the_tree_to_what_is_linked(client: TestClient) -> None:
    for path in (f"/01/{GTIN}/22/V/10/YP-1/21/S-9", f"{LOT}/", f"/01/{GTIN}/10/YP%2D1"):
        assert "YP-1" in client.get(path).headers["location"]


def test_every_key_that_is_linked_is_resolved(client: TestClient) -> None:
    for path in (
        "/00/006141411234567890",
        "/414/9520123456788/254/1%2Fa",
        "/417/9520123456788",
        f"/01/{GTIN}",
    ):
        answer = client.get(path)
        assert answer.status_code == 307, path
        assert client.get(answer.headers["location"]).status_code == 200, path


def test_a_key_that_breaks_the_syntax_is_a_bad_request(client: TestClient) -> None:
    for path in (
        "/01/09520123456780",
        f"/01/{GTIN}/21/A/10/B",
        "/00/1",
        "/01/",
        f"/01/{GTIN}/10/%E6%89%B9",
    ):
        answer = client.get(path)
        assert answer.status_code == 400, path
        assert answer.json()["type"] == "/problems/bad-digital-link"
        assert answer.headers["access-control-allow-origin"] == "*"


def test_a_key_nobody_linked_is_not_found(client: TestClient) -> None:
    for path in ("/01/09521234543213", "/253/9526064000028", f"/8006/{GTIN}0102"):
        answer = client.get(path)
        assert answer.status_code == 404, path
        assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("asked", [{"params": {"linkType": "linkset"}}, {"headers": {"Accept": LINKSET}}])
def test_the_set_of_links_holds_every_level_up_to_the_key(client: TestClient, asked: dict) -> None:
    answer = client.get(LOT, **asked)
    assert (answer.status_code, answer.headers["content-type"]) == (200, LINKSET)
    anchors = [each["anchor"] for each in answer.json()["linkset"]]
    assert anchors == [f"https://herbs.example.org{LOT}", f"https://herbs.example.org/01/{GTIN}"]
    for each in answer.json()["linkset"]:
        [default] = each[f"{VOC}defaultLink"]
        assert set(default) == {"href", "title"}
        assert default["href"] in {link["href"] for link in each[f"{VOC}pip"]}


@pytest.mark.shared
def test_the_set_of_links_is_what_gs1s_schema_says(client: TestClient, shared: Path) -> None:
    schema = json.loads((shared / "vectors/digitallink/linkset/gs1-linkset-schema.json").read_bytes())
    valid = jsonschema_rs.validator_for(schema)
    for path in (LOT, f"/01/{GTIN}/21/S-1", "/00/006141411234567890", "/417/9520123456788"):
        valid.validate(client.get(path, params={"linkType": "linkset"}).json())
    example = json.loads((shared / "vectors/digitallink/linkset/invalid-gs1-example.json").read_bytes())
    assert not valid.is_valid(example)


def test_a_link_of_the_type_asked_for_is_followed(client: TestClient) -> None:
    for spelling in ("gs1:", VOC, "https://gs1.org/voc/"):
        answer = client.get(LOT, params={"linkType": f"{spelling}traceability"})
        assert answer.headers["location"].startswith("https://herbs.example.org/v1/lots/YP-1?linkType=")


def test_a_type_there_is_no_link_of_is_not_found(client: TestClient) -> None:
    answer = client.get(LOT, params={"linkType": "gs1:recipeInfo"})
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/no-such-link")


def test_a_redirect_tells_where_the_set_of_links_is(client: TestClient) -> None:
    header = client.get(LOT).headers["link"]
    assert header == f'<https://herbs.example.org{LOT}?linkType=linkset>; rel="linkset"; type="{LINKSET}"'


def test_head_and_options_are_answered_for_other_origins(client: TestClient) -> None:
    assert client.head(LOT).status_code == 307
    assert client.head(LOT, params={"linkType": "linkset"}).content == b""
    options = client.options(LOT)
    assert (options.status_code, options.headers["access-control-allow-origin"]) == (204, "*")
    assert options.headers["allow"] == "GET, HEAD, OPTIONS"


def test_the_resolver_describes_itself(client: TestClient) -> None:
    said = client.get("/.well-known/gs1resolver").json()
    assert said["resolverRoot"] == "https://herbs.example.org"
    assert set(said["supportedPrimaryKeys"]) == {"00", "01", "253", "414", "417", "8006"}


def test_a_person_is_shown_a_page_instead_of_a_problem(client: TestClient) -> None:
    answer = client.get("/01/09521234543213", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
