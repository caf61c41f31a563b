"""Codes of other systems over HTTP: linked, looked up, shown on a page, withdrawn."""

import pytest
from starlette.testclient import TestClient

from api.station import Station
from tests.api.linked_lot import DRUG, GTIN_LOT, LOT_CPC, Issue, bearer, link_all, packed
from tests.trace.season import GROWER, MAKER


@pytest.fixture
def codes(client: TestClient, station: Station, token_with: Issue) -> tuple[str, ...]:
    made = packed(station)
    link_all(client, token_with("steps:write", party=MAKER), made)
    return made


def test_a_drug_trace_code_leads_to_the_lot_of_its_pack(client: TestClient, codes: tuple[str, ...]) -> None:
    [found] = client.get("/v1/links", params={"code": DRUG, "lang": "en"}).json()["links"]
    assert (found["names"], found["lots"], found["statuses"]) == ("packs", ["YP-1"], ["activated"])
    assert (found["linked_by"], found["linked_by_name"]) == (MAKER, "亳州饮片厂")
    assert found["system"] == "drug trace codes"
    assert "our own record" in found["said"]
    assert len(codes) == 20


@pytest.mark.usefixtures("codes")
def test_a_code_nobody_linked_leads_nowhere(client: TestClient) -> None:
    assert client.get("/v1/links", params={"code": "81234567890123456780"}).json() == {
        "links": [],
        "next": None,
    }
    assert client.get("/v1/links", params={"code": "白芍"}).json() == {"links": [], "next": None}


@pytest.mark.usefixtures("codes")
def test_a_lot_tells_the_codes_it_has_elsewhere(client: TestClient) -> None:
    found = client.get("/v1/links", params={"lot": "YP-1"}).json()["links"]
    assert [(each["scheme"], each["code"]) for each in found] == [("cpc", LOT_CPC), ("gs1", GTIN_LOT)]


@pytest.mark.usefixtures("codes")
def test_the_page_of_another_systems_code_says_who_linked_it_and_what_that_means(client: TestClient) -> None:
    for code in (DRUG, LOT_CPC, GTIN_LOT):
        answer = client.get(f"/s/{code}")
        assert answer.status_code == 200, code
        assert "亳州饮片厂" in answer.text
        assert "不是本平台的追溯码" in answer.text
        assert 'href="/lots/YP-1"' in answer.text
    assert "no trace code of ours" in client.get(f"/s/{DRUG}?lang=en").text


@pytest.mark.usefixtures("codes")
def test_an_unlinked_code_of_another_system_is_no_code(client: TestClient) -> None:
    assert client.get("/s/81234567890123456780").status_code == 404


@pytest.mark.usefixtures("codes")
def test_one_wrong_link_leaves_all_unlinked(client: TestClient, token_with: Issue) -> None:
    links = [
        {"scheme": "x-old", "code": "A-1", "lot": "YP-1"},
        {"scheme": "x-old", "code": "A-2", "lot": "BS-SEED"},
    ]
    sent = client.post(
        "/v1/links", json={"party": MAKER, "links": links}, headers=bearer(token_with("operator"))
    )
    assert sent.status_code == 409
    assert sent.json()["errors"][0]["pointer"] == "/links/1"
    assert client.get("/v1/links", params={"code": "A-1"}).json() == {"links": [], "next": None}


@pytest.mark.usefixtures("codes")
def test_nobody_links_for_another_party(client: TestClient, token_with: Issue) -> None:
    body = {"party": MAKER, "links": [{"scheme": "x-old", "code": "A-1", "lot": "YP-1"}]}
    sent = client.post("/v1/links", json=body, headers=bearer(token_with("steps:write", party=GROWER)))
    assert sent.status_code == 403


@pytest.mark.usefixtures("codes")
@pytest.mark.parametrize("named", [{}, {"lot": "YP-1", "place": "WORKS"}])
def test_a_code_names_just_one_thing(client: TestClient, token_with: Issue, named: dict) -> None:
    body = {"party": MAKER, "links": [{"scheme": "x-old", "code": "A-1", **named}]}
    assert client.post("/v1/links", json=body, headers=bearer(token_with("operator"))).status_code == 422


@pytest.mark.usefixtures("codes")
def test_a_withdrawn_link_leads_nowhere(client: TestClient, token_with: Issue) -> None:
    body = {"party": MAKER, "scheme": "drug", "code": DRUG, "reason": "贴错"}
    token = token_with("steps:write", party=MAKER)
    assert client.post("/v1/links/withdrawals", json=body, headers=bearer(token)).status_code == 204
    assert client.get("/v1/links", params={"code": DRUG}).json() == {"links": [], "next": None}
    assert client.post("/v1/links/withdrawals", json=body, headers=bearer(token)).status_code == 404
