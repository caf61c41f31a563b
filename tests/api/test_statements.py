"""Statements signed outside: taken in, acknowledged, repeated, proved."""

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.station import Station
from ledger.proofs.bundle import Receipt, verify_receipt
from ledger.witnessing.policy import Policy
from tests.api.conftest import ON_BOTH_DATABASES
from tests.api.open_party import COOP, RIVAL, body, members, reading, registered, signed

Issue = Callable[..., str]
Send = Callable[..., Any]


@pytest.fixture
def send(client: TestClient, station: Station, token_with: Issue) -> Send:
    """Hand in a body as the cooperative."""
    registered(station)
    token = token_with("steps:write", party=COOP)

    def sent(content: bytes, path: str = "/v1/statements", **headers: str) -> Any:
        told = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **headers}
        return client.post(path, content=content, headers=told)

    return sent


@ON_BOTH_DATABASES
def test_a_statement_is_durable_when_answered_and_then_proved(
    send: Send, client: TestClient, station: Station
) -> None:
    sent = send(body(reading()))
    assert sent.status_code == 202, sent.text
    assert (sent.json()["index"], sent.json()["replayed"]) == (None, False)
    assert client.get(sent.headers["location"]).json()["state"] == "pending"
    station.settle()
    told = client.get(sent.headers["location"]).json()
    leaf = base64.b64decode(told["leaf"])
    assert hashlib.sha256(b"\0" + leaf).hexdigest() == sent.json()["leaf_hash"]
    assert json.loads(leaf)["sig"] == json.loads(body(reading()))["sig"]
    verify_receipt(Receipt.from_text(told["receipt"]), Policy.of_log(station.vkey))


@ON_BOTH_DATABASES
def test_the_same_bytes_again_are_stored_once_and_answered_alike(send: Send, station: Station) -> None:
    first, again = send(body(reading())), send(body(reading()))
    assert (again.status_code, again.json()["replayed"]) == (202, True)
    assert again.json()["leaf_hash"] == first.json()["leaf_hash"]
    station.settle()
    logged = send(body(reading()))
    assert (logged.status_code, logged.json()["leaf_hash"]) == (200, first.json()["leaf_hash"])
    assert isinstance(logged.json()["index"], int)


@pytest.mark.parametrize("settled", [False, True])
def test_other_bytes_under_the_same_id_are_refused(send: Send, station: Station, *, settled: bool) -> None:
    send(body(reading(value="4.5")))
    if settled:
        station.settle()
    other = send(body(reading(value="9.9")))
    assert other.status_code == 409
    assert other.json()["type"] == "/problems/duplicate-statement"


def test_however_the_json_is_laid_out_the_same_statement_enters(send: Send) -> None:
    told = members(signed(reading()))
    loose = json.dumps(dict(reversed(told.items())), indent=2).encode()
    first, again = send(loose), send(body(reading()))
    assert first.status_code == 202, first.text
    assert again.json()["replayed"] is True


@pytest.mark.parametrize(
    ("change", "slug"),
    [
        ({"public": {"value": 1.5}}, "not-canonical"),
        ({"extra": 1}, "malformed-leaf"),
        ({"sig": "AAAA"}, "malformed-leaf"),
        ({"v": 2}, "malformed-leaf"),
        ({"v": True}, "malformed-leaf"),
        ({"at_ms": "1"}, "malformed-leaf"),
        ({"refs": [1]}, "malformed-leaf"),
        ({"digests": ["short"]}, "malformed-statement"),
        ({"id": "with space"}, "malformed-statement"),
    ],
)
def test_a_body_of_the_wrong_form_is_refused_by_name(send: Send, change: dict[str, Any], slug: str) -> None:
    refused = send(json.dumps({**members(signed(reading())), **change}).encode())
    assert (refused.status_code, refused.json()["type"]) == (422, f"/problems/{slug}")


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b"{"])
def test_what_is_no_object_is_a_problem(send: Send, content: bytes) -> None:
    assert send(content).status_code in {400, 422}


@pytest.mark.parametrize("missing", ["sha256", "quantity"])
def test_each_open_kind_has_members_it_must_bear(send: Send, missing: str) -> None:
    kind = "document" if missing == "sha256" else "reading"
    said = reading(id=f"{kind}/{COOP}/1", kind=kind, subject=f"{kind}/{COOP}/x", public={"title": "证书"})
    refused = send(body(said))
    assert refused.status_code == 422
    assert missing in refused.json()["detail"]


def test_a_document_is_taken_in_by_its_digest(send: Send) -> None:
    public = {"sha256": "ab" * 32, "title": "检验报告", "media_type": "application/pdf"}
    said = reading(
        id=f"document/{COOP}/coa-1", kind="document", subject=f"document/{COOP}/coa", public=public
    )
    assert send(body(said)).status_code == 202


def test_an_answer_carries_what_every_answer_carries(send: Send) -> None:
    """The lean way round the routing is no way round the gate."""
    answered, refused = send(body(reading())), send(b"{}")
    for each in (answered, refused):
        assert each.headers["x-content-type-options"] == "nosniff"
        assert len(each.headers["x-request-id"]) == 16
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["remedy"]


def test_a_batch_answers_for_each_line_alone(send: Send, station: Station) -> None:
    good, other = reading("1"), reading("2")
    lines = [
        members(signed(good)),
        {**members(signed(other)), "at_ms": 1},
        members(signed(good)),
        {"v": 1},
        members(signed(reading("3", subject=f"reading/{RIVAL}/cellar"))),
    ]
    sent = send(json.dumps(lines).encode(), "/v1/statements/batch")
    assert sent.status_code == 200, sent.text
    told = sent.json()
    assert [line["status"] for line in told["lines"]] == [202, 422, 202, 422, 422]
    assert (told["taken"], told["refused"]) == (2, 3)
    assert {told["lines"][place]["statement"]["replayed"] for place in (0, 2)} == {False, True}
    assert told["lines"][1]["problem"]["type"] == "/problems/bad-signature"
    before = station.settle()
    assert station.settle() == 0
    assert before >= 1


def test_a_batch_has_a_length_and_a_form(send: Send) -> None:
    path = "/v1/statements/batch"
    assert send(b"[" + b"1," * 1000 + b"1]", path).status_code == 413
    assert send(b"{}", path).status_code == 422
    assert send(b"", path).status_code == 422
    assert send(b"[]", path).json() == {"taken": 0, "refused": 0, "lines": []}
