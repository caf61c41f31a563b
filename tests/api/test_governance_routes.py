"""Governance over HTTP: anyone reads and complains, the operator declares, answers, assesses."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

DECLARED = {
    "kind": "independence",
    "words": "运营主体不参与中药材交易，与市场各方无利益关系",
    "valid_from": "2025-01-01",
    "valid_until": "2026-12-31",
}
COMPLAINT = {"category": "value", "subject": "bozhou", "words": "昨日总指数与各类指数不相符，请核对"}


@pytest.fixture
def operator(token_with: Callable[..., str]) -> dict[str, str]:
    """Headers of the operator."""
    return {"Authorization": f"Bearer {token_with('operator')}"}


def test_the_table_tells_how_sure_each_requirement_is(client: TestClient) -> None:
    told = client.get("/v1/governance/compliance", headers={"accept-language": "en"}).json()
    lines = {line["id"]: line for line in told["requirements"]}
    assert lines["iosco-16"]["certainty_words"] == "recalled, not read"
    assert lines["ndrc-archive"]["passed"] is True
    assert lines["ndrc-independence"]["passed"] is False
    assert lines["ndrc-independence"]["found"] == "no statement of independence is in force"


def test_a_declaration_changes_what_the_table_finds(client: TestClient, operator: dict[str, str]) -> None:
    made = client.post("/v1/governance/declarations", json=DECLARED, headers=operator)
    assert made.status_code == 201
    lines = client.get("/v1/governance/compliance").json()["requirements"]
    assert {line["id"]: line["passed"] for line in lines}["ndrc-independence"] is True
    named = made.json()["declaration"]
    ended = client.post(
        f"/v1/governance/declarations/{named}/end", json={"reason": "主体变更"}, headers=operator
    )
    assert ended.status_code == 422
    ended = client.post(
        f"/v1/governance/declarations/{named}/end", json={"reason": "运营主体变更"}, headers=operator
    )
    assert ended.json()["ended"] is not None
    listed = client.get("/v1/governance/declarations?kind=independence").json()["declarations"]
    assert [one["end_reason"] for one in listed] == ["运营主体变更"]


def test_the_words_of_a_complaint_are_for_the_operator(client: TestClient, operator: dict[str, str]) -> None:
    made = client.post("/v1/index-complaints", json={**COMPLAINT, "contact": "0558-0000000"})
    assert made.status_code == 201
    assert COMPLAINT["words"] not in client.get("/v1/index-complaints").text
    address = f"/v1/index-complaints/{made.json()['complaint']}"
    assert client.get(f"{address}/words").status_code == 401
    words = client.get(f"{address}/words", headers=operator).json()
    assert words == {"words": COMPLAINT["words"], "contact": "0558-0000000"}


def test_an_answer_is_public_and_given_once(client: TestClient, operator: dict[str, str]) -> None:
    named = client.post("/v1/index-complaints", json=COMPLAINT).json()["complaint"]
    wish = {"answer": "已核对，当日数值无误", "upheld": False}
    address = f"/v1/index-complaints/{named}/answer"
    assert client.post(address, json=wish, headers=operator).status_code == 200
    assert client.post(address, json=wish, headers=operator).status_code == 409
    listed = client.get("/v1/index-complaints").json()["complaints"]
    assert [(one["answer"], one["upheld"]) for one in listed] == [("已核对，当日数值无误", False)]


def test_complaints_from_one_address_are_limited(client: TestClient) -> None:
    codes = [client.post("/v1/index-complaints", json=COMPLAINT).status_code for _ in range(11)]
    assert codes == [201] * 10 + [429]


def test_a_year_is_assessed_and_read_back(client: TestClient, operator: dict[str, str]) -> None:
    made = client.post("/v1/governance/assessments", json={"year": 2024}, headers=operator)
    assert made.status_code == 201
    read = client.get("/v1/governance/assessments/2024").json()
    assert read == made.json()
    assert client.get("/v1/governance/assessments/2023").status_code == 404
    late = client.post("/v1/governance/assessments", json={"year": 2999}, headers=operator)
    assert late.json()["type"].endswith("year-not-over")


def test_the_page_keeps_what_was_typed_when_something_is_missing(client: TestClient) -> None:
    refused = client.post("/governance/complaints", data={**COMPLAINT, "words": "太短"})
    assert refused.status_code == 422
    assert "太短" in refused.text
    taken = client.post("/governance/complaints", data=COMPLAINT)
    assert "index-complaint-" in taken.text
    assert "数值有误" in client.get("/governance").text
