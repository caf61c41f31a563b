"""Documents turned against others: read by a word of one's own, pushed off a list, barred."""

import hashlib

import pytest
from httpx2 import Response
from sqlmodel import Session
from starlette.testclient import TestClient

from api.station import Station
from tests.api.private_station import Issue, bearer
from tests.trace.files import PDF, png
from tests.trace.season import COOP, GROWER, MAKER, PHARMACY, at, lot, register_all, step

SHA = hashlib.sha256(PDF).hexdigest()


@pytest.fixture(autouse=True)
def season(station: Station) -> None:
    gathered = step("gathering", 1, outputs=[lot("BS-FRESH", 900, "白芍")], fields={"area_name": "山里"})
    dried = step(
        "primary_processing",
        2,
        inputs=[lot("BS-FRESH")],
        outputs=[lot("BS-1", 300)],
        fields={"method": "晒"},
    )

    def work(session: Session) -> None:
        register_all(session, station.recorder)
        for new in (gathered, dried):
            station.recorder.record_step(session, new, at(2))

    station.writer.submit(work)


def upload(client: TestClient, token: str, body: bytes = PDF, **form: str) -> Response:
    said = {"party": GROWER, "kind": "test_report", "title": "报告", "lots": "BS-1", **form}
    kind = "application/pdf" if body.startswith(b"%PDF") else "image/png"
    return client.post("/v1/documents", data=said, files={"file": ("a", body, kind)}, headers=bearer(token))


@pytest.mark.parametrize("stage", ["settlement", "purchase"])
def test_nobody_becomes_a_partner_by_a_word_of_its_own(
    client: TestClient, token_with: Issue, stage: str
) -> None:
    """Who buys says so alone, and so does who settles: a competitor would read every report that way."""
    assert upload(client, token_with("steps:write", party=GROWER)).status_code == 201
    fields = {
        "settlement": {"voucher_kind": "vat", "voucher_number": "1"},
        "purchase": {},
    }[stage]
    new = step(stage, 30, "PLOT-D", lots=[lot("BS-1", 10)], counterparty=GROWER, fields=fields)
    sent = client.post(
        "/v1/steps",
        json=new.model_dump(mode="json", exclude_none=True),
        headers=bearer(token_with("steps:write", party=COOP)),
    )
    assert sent.status_code == 202, sent.text
    spy = bearer(token_with("steps:write", party=COOP))
    assert client.get(f"/v1/documents/{SHA}", headers=spy).status_code == 404
    assert client.get("/v1/documents?lot=BS-1", headers=spy).json()["documents"] == []


def test_a_flood_of_strange_documents_does_not_push_the_growers_report_off_the_list(
    client: TestClient, token_with: Issue
) -> None:
    assert upload(client, token_with("steps:write", party=GROWER), visibility="public").status_code == 201
    flood = token_with("steps:write", party=COOP)
    for number in range(101):
        strange = png(number + 1, 7)
        sent = upload(client, flood, strange, party=COOP, kind="photo", visibility="public")
        assert sent.status_code == 201, sent.text
    listed = client.get("/v1/documents?lot=BS-1").json()["documents"]
    assert listed[0]["sha256"] == SHA
    assert len(listed) == 100


def test_hidden_documents_of_others_take_no_place_on_the_list(client: TestClient, token_with: Issue) -> None:
    flood = token_with("steps:write", party=GROWER)
    assert upload(client, flood, visibility="public").status_code == 201
    for number in range(101):
        assert upload(client, flood, png(number + 1, 7), kind="photo").status_code == 201
    assert [each["sha256"] for each in client.get("/v1/documents?lot=BS-1").json()["documents"]] == [SHA]


def test_who_states_a_hash_alone_and_erases_it_does_not_keep_the_owner_from_uploading(
    client: TestClient, token_with: Issue
) -> None:
    """A hash stands in the log before its file is sent; "erased content is not taken in again"."""
    thief = bearer(token_with("steps:write", party=COOP))
    said = {"party": COOP, "kind": "paozhi_video", "title": "x", "sha256": SHA, "size": "5"}
    stated = client.post("/v1/documents", data=said, headers=thief)
    assert stated.status_code == 201, stated.text
    gone = {"statement_id": stated.json()["statement_id"], "reason": "mistake"}
    assert client.post("/v1/documents/erasures", json=gone, headers=thief).status_code == 201
    assert upload(client, token_with("steps:write", party=GROWER)).status_code == 201


def test_nobody_reads_a_document_by_stating_its_hash(client: TestClient, token_with: Issue) -> None:
    assert upload(client, token_with("steps:write", party=GROWER), visibility="regulator").status_code == 201
    thief = bearer(token_with("steps:write", party=PHARMACY))
    said = {"party": PHARMACY, "kind": "paozhi_video", "title": "x", "sha256": SHA, "size": "5"}
    assert client.post("/v1/documents", data=said, headers=thief).status_code == 201
    assert client.get(f"/v1/documents/{SHA}", headers=thief).status_code in {404, 409, 410}
    assert PDF not in client.get(f"/v1/documents/{SHA}", headers=thief).content


def test_nobody_erases_what_another_stated(client: TestClient, token_with: Issue) -> None:
    own = upload(client, token_with("steps:write", party=GROWER), visibility="public")
    thief = bearer(token_with("steps:write", party=COOP))
    assert upload(client, token_with("steps:write", party=COOP), party=COOP).status_code == 201
    gone = {"statement_id": own.json()["statement_id"], "reason": "mistake"}
    assert client.post("/v1/documents/erasures", json=gone, headers=thief).status_code == 403
    theirs = client.get(f"/v1/documents/{SHA}/statements", headers=thief).json()["documents"]
    mine = next(each["statement_id"] for each in theirs if each["party"] == COOP)
    assert client.post(
        "/v1/documents/erasures", json={"statement_id": mine, "reason": "mistake"}, headers=thief
    ).is_success
    assert client.get(f"/v1/documents/{SHA}").content == PDF


def test_no_party_fills_the_disk_alone(
    client: TestClient, station: Station, token_with: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = station.settings.model_copy(update={"max_party_document_bytes": 1024})
    monkeypatch.setattr(station, "settings", small)
    token = token_with("steps:write", party=GROWER)
    assert upload(client, token).status_code == 201
    assert upload(client, token, PDF + b"\n%%EOF\n").status_code in {201, 413}
    more = [upload(client, token, png(number + 1, 7), kind="photo") for number in range(80)]
    refused = [answer for answer in more if answer.status_code == 413]
    assert refused
    assert refused[0].json()["type"].endswith("document-store-full")
    assert upload(client, token).status_code == 201, "what is kept already is stated again for nothing"
    assert upload(client, token_with("steps:write", party=MAKER), party=MAKER).status_code == 201
