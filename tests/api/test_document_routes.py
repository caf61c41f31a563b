"""Documents through the service: taken in whole, seen by whoever may, erased for good."""

import hashlib

import pytest
from httpx2 import Response
from sqlmodel import select
from starlette.testclient import TestClient

from api.station import Station
from ledger.tables import EntryRow
from tests.api.conftest import ON_BOTH_DATABASES
from tests.api.private_station import Issue, bearer
from tests.trace.files import MP4, PDF, png, series
from tests.trace.season import COOP, GROWER, MAKER, register_all, white_peony
from trace.documents.document_store import document_path
from trace.documents.document_tables import DocumentRow

SHA = hashlib.sha256(PDF).hexdigest()


@pytest.fixture(autouse=True)
def season(station: Station) -> None:
    station.writer.submit(lambda session: register_all(session, station.recorder))
    for new, recorded_ms in white_peony():
        station.writer.submit(
            lambda session, n=new, r=recorded_ms: station.recorder.record_step(session, n, r)
        )


def upload(
    client: TestClient, token: str, body: bytes = PDF, media_type: str = "application/pdf", **form: str
) -> Response:
    said = {"party": GROWER, "kind": "test_report", "title": "检验报告 JY-1", **form}
    return client.post(
        "/v1/documents", data=said, files={"file": ("a", body, media_type)}, headers=bearer(token)
    )


@ON_BOTH_DATABASES
def test_a_public_report_is_stated_and_read_back_whole(
    client: TestClient, station: Station, token_with: Issue
) -> None:
    own = token_with("steps:write", party=GROWER)
    sent = upload(client, own, visibility="public", lots="BS-PLANT")
    assert sent.status_code == 201, sent.text
    assert (sent.json()["sha256"], sent.json()["replayed"]) == (SHA, False)
    read = client.get(f"/v1/documents/{SHA}")
    assert read.content == PDF
    assert read.headers["content-type"] == "application/pdf"
    assert read.headers["content-disposition"].startswith("inline; ")
    assert "sandbox" in read.headers["content-security-policy"]
    assert read.headers["x-content-type-options"] == "nosniff"
    tag = {"If-None-Match": read.headers["etag"]}
    assert client.get(f"/v1/documents/{SHA}", headers=tag).status_code == 304
    (listed,) = client.get("/v1/documents?lot=BS-PLANT").json()["documents"]
    assert (listed["title"], listed["party"], listed["lots"]) == ("检验报告 JY-1", GROWER, ["BS-PLANT"])
    station.settle()
    assert client.get(f"/v1/receipts/{sent.json()['statement_id']}").json()["state"] == "integrated"


def test_the_same_upload_again_states_nothing_and_other_words_are_refused(
    client: TestClient, token_with: Issue
) -> None:
    own = token_with("steps:write", party=GROWER)
    first = upload(client, own, visibility="public").json()
    assert upload(client, own, visibility="public").json() == {**first, "replayed": True}
    other = upload(client, own, visibility="partner")
    assert (other.status_code, other.json()["type"].split("/")[-1]) == (409, "document-repeated")


def test_two_parties_may_state_the_same_file(client: TestClient, token_with: Issue) -> None:
    operator = token_with("operator")
    assert upload(client, operator, visibility="public").status_code == 201
    assert upload(client, operator, visibility="public", party=MAKER).status_code == 201
    told = client.get(f"/v1/documents/{SHA}/statements").json()["documents"]
    assert {each["party"] for each in told} == {GROWER, MAKER}


@pytest.mark.parametrize(
    ("visibility", "stranger", "partner", "regulator"),
    [("public", 200, 200, 200), ("partner", 404, 200, 200), ("regulator", 404, 404, 200)],
)
def test_a_document_is_seen_by_whoever_may(
    client: TestClient, token_with: Issue, visibility: str, stranger: int, partner: int, regulator: int
) -> None:
    """The maker received the lot BS-M from the grower; the cooperative has no part in it."""
    own = token_with("steps:write", party=GROWER)
    lot = "BS-M"
    assert upload(client, own, visibility=visibility, lots=lot).status_code == 201
    for token, wanted in (
        (None, stranger),
        (token_with("steps:write", party=COOP), stranger),
        (token_with("steps:write", party=MAKER), partner),
        (own, 200),
        (token_with("operator"), regulator),
    ):
        headers = {} if token is None else bearer(token)
        assert client.get(f"/v1/documents/{SHA}", headers=headers).status_code == wanted
        seen = client.get(f"/v1/documents?lot={lot}", headers=headers).json()["documents"]
        assert len(seen) == (wanted == 200)


def test_the_title_of_what_is_not_public_is_in_no_row_and_no_leaf(
    client: TestClient, station: Station, token_with: Issue
) -> None:
    upload(client, token_with("operator"), visibility="partner", title="张三丰的病历")
    station.settle()
    with station.database.read() as session:
        assert session.exec(select(DocumentRow.title)).all() == [None]
        assert all("张三丰".encode() not in leaf for leaf in session.exec(select(EntryRow.leaf)))


@ON_BOTH_DATABASES
def test_erasure_deletes_the_bytes_and_keeps_the_statement(
    client: TestClient, station: Station, token_with: Issue
) -> None:
    own = token_with("steps:write", party=GROWER)
    said = upload(client, own, visibility="partner").json()["statement_id"]
    path = document_path(station.settings.documents_folder, SHA)
    assert path.exists()
    asked = {"statement_id": said, "reason": "subject-request"}
    stranger = bearer(token_with("steps:write", party=MAKER))
    assert client.post("/v1/documents/erasures", json=asked, headers=stranger).status_code == 403
    assert client.post("/v1/documents/erasures", json=asked, headers=bearer(own)).status_code == 201
    assert not path.exists()
    gone = client.get(f"/v1/documents/{SHA}", headers=bearer(own))
    assert (gone.status_code, gone.json()["type"].split("/")[-1]) == (410, "document-erased")
    assert upload(client, own, visibility="partner").status_code == 410
    assert client.post("/v1/documents/erasures", json=asked, headers=bearer(own)).status_code == 410
    station.settle()
    assert client.get(f"/v1/receipts/{said}").json()["state"] == "integrated"
    fields = client.get(f"/v1/statements/{said}/disclosures", headers=bearer(own)).json()["fields"]
    assert [(each["name"], each["value"]) for each in fields] == [("title", None)]


def test_bytes_another_party_vouches_for_stay(
    client: TestClient, station: Station, token_with: Issue
) -> None:
    operator = token_with("operator")
    mine = upload(client, operator, visibility="public").json()["statement_id"]
    upload(client, operator, visibility="public", party=MAKER)
    asked = {"statement_id": mine, "reason": "subject-request"}
    assert client.post("/v1/documents/erasures", json=asked, headers=bearer(operator)).status_code == 201
    assert client.get(f"/v1/documents/{SHA}").content == PDF
    assert document_path(station.settings.documents_folder, SHA).exists()


def test_a_bad_reason_erases_nothing(client: TestClient, token_with: Issue) -> None:
    operator = token_with("operator")
    said = upload(client, operator, visibility="public").json()["statement_id"]
    asked = {"statement_id": said, "reason": "张三丰要求"}
    assert client.post("/v1/documents/erasures", json=asked, headers=bearer(operator)).status_code == 422
    assert client.get(f"/v1/documents/{SHA}").status_code == 200


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "image/svg+xml", 415),
        (b"<html><script>alert(1)</script>", "text/html", 415),
        (b"<html><script>alert(1)</script>", "application/pdf", 415),
        (PDF, "image/png", 415),
        (png(30_000, 10), "image/png", 413),
    ],
)
def test_what_could_act_or_is_not_what_it_says_is_refused(
    client: TestClient, station: Station, token_with: Issue, body: bytes, media_type: str, status: int
) -> None:
    sent = upload(client, token_with("operator"), body, media_type, visibility="public")
    assert sent.status_code == status, sent.text
    assert not [path for path in station.settings.documents_folder.rglob("*") if path.is_file()]


def test_nothing_is_kept_that_was_not_stated(client: TestClient, station: Station, token_with: Issue) -> None:
    for form in ({"lots": "NO-SUCH"}, {"lots": "bad lot"}, {"step": "0" * 36}, {"title": "\u200bx"}):
        sent = upload(client, token_with("operator"), visibility="public", **form)
        assert sent.status_code in (404, 422), (form, sent.text)
    with station.database.read() as session:
        assert session.exec(select(DocumentRow)).all() == []


def test_a_long_video_may_be_stated_by_its_hash_alone(client: TestClient, token_with: Issue) -> None:
    sha256 = hashlib.sha256(MP4).hexdigest()
    said = {"party": GROWER, "kind": "paozhi_video", "title": "炒白芍", "visibility": "public"}
    bare = {**said, "sha256": sha256, "size": "900000000"}
    headers = bearer(token_with("operator"))
    assert client.post("/v1/documents", data=said, headers=headers).status_code == 415
    assert client.post("/v1/documents", data=bare, headers=headers).status_code == 201
    read = client.get(f"/v1/documents/{sha256}")
    assert (read.status_code, read.json()["type"].split("/")[-1]) == (404, "document-not-stored")
    (listed,) = client.get(f"/v1/documents/{sha256}/statements").json()["documents"]
    assert (listed["stored"], listed["size"]) == (False, 900_000_000)


def test_a_file_damaged_on_the_disk_is_not_shown(
    client: TestClient, station: Station, token_with: Issue
) -> None:
    upload(client, token_with("operator"), visibility="public")
    document_path(station.settings.documents_folder, SHA).write_bytes(PDF[:-1] + b"X")
    assert client.get(f"/v1/documents/{SHA}").status_code == 500


def test_a_series_is_summed_up_and_drawn(client: TestClient, token_with: Issue) -> None:
    body = series(100, minutes=15, value="18.5")
    sent = upload(
        client,
        token_with("operator"),
        body,
        "text/csv",
        visibility="public",
        kind="series",
        quantity="Temperature",
    )
    assert sent.status_code == 201, sent.text
    sha256 = sent.json()["sha256"]
    told = client.get(f"/v1/series/{sha256}").json()
    assert (told["count"], told["least"], told["most"], told["mean"], told["sdev"]) == (
        100,
        "18.5",
        "18.5",
        "18.5",
        "0",
    )
    assert (told["start"], told["uom"], told["has_gap"]) == ("2024-03-01T00:00:00.000+08:00", "CEL", False)
    page = client.get(f"/sensors/{sha256}?lang=en")
    assert page.status_code == 200
    assert "<svg" in page.text
    assert "100 readings from 2024-03-01 00:00" in page.text
    assert client.get(f"/sensors/{SHA}").status_code == 404
    assert client.get("/sensors/x'><script>").status_code == 404
