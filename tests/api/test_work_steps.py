"""The step forms of the workbench: what is typed is read as a spreadsheet row; sent twice, recorded once."""

import hashlib
import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from api.station import Station
from tests.trace.season import COOP, GROWER, register_all
from trace.profiles import profile
from trace.projections import lots_named
from trace.stage_columns import columns_of
from trace.tables import StepRow
from trace.vocabulary import Stage

TYPED = {
    "id": "5f0c7b52-7f7c-4a5c-9f6e-2f6a4b1f0a01",
    "place": "PLOT",
    "time": "2024-03-01T12:00",
    "outputs.0.lot": "BS-1",
    "outputs.0.mass": "100",
    "outputs.0.unit": "斤",
    "herb": "白芍",
    "seed_source": "purchased",
    "variety": "线条",
}
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc000000301"
    "0100c9fe92ef0000000049454e44ae426082"
)
Issue = Callable[..., str]


@pytest.fixture
def grower(client: TestClient, station: Station, token_with: Issue) -> TestClient:
    """A clerk of the grower, signed in."""
    station.writer.submit(lambda session: register_all(session, station.recorder))
    client.headers["authorization"] = f"Bearer {token_with('steps:write', party=GROWER)}"
    return client


def lots(station: Station, *names: str) -> dict[str, object]:
    with station.database.read() as session:
        return dict(lots_named(session, list(names)))


def boxes_of(page: str) -> set[str]:
    return set(re.findall(r' name="([^"]+)"', page))


def test_every_stage_has_a_labelled_box_for_all_it_asks(grower: TestClient) -> None:
    for stage in Stage:
        page = grower.get(f"/workbench/steps/{stage.value}?lang=en").text
        labelled = set(re.findall(r'<label for="([^"]+)"', page))
        named = set(re.findall(r'<(?:input|select|textarea)[^>]* id="([^"]+)"', page))
        assert labelled == named, stage
        rows = {"inputs", "outputs", "lots", "results"}
        asked = {each.column.key for each in columns_of(stage)} - {"party"}
        asked |= {each.name for each in profile(stage).fields}
        assert asked - rows <= boxes_of(page), stage
        assert all(f"{row}.0." in page for row in asked & rows), stage


def test_a_typed_step_is_recorded_and_its_page_names_receipt_and_what_follows(
    grower: TestClient, station: Station
) -> None:
    sent = grower.post("/workbench/steps/seed?lang=en", data=TYPED, follow_redirects=False)
    assert (sent.status_code, sent.headers["location"].startswith("/workbench/steps/seed/recorded/")) == (
        303,
        True,
    )
    page = grower.get(sent.headers["location"]).text
    assert "/v1/receipts/" in page
    assert f'data-recorded="{TYPED["id"]}"' in page
    assert '/workbench/steps/planting?lang=en&amp;inputs=BS-1"' in page
    lot = lots(station, "BS-1")["BS-1"]
    assert (lot.grams_in, lot.herb, lot.holder) == (50_000, "白芍", GROWER)  # type: ignore[attr-defined]


def test_a_form_sent_twice_records_once(grower: TestClient, station: Station) -> None:
    first = grower.post("/workbench/steps/seed", data=TYPED, follow_redirects=False)
    again = grower.post("/workbench/steps/seed", data=TYPED, follow_redirects=False)
    assert first.headers["location"] == again.headers["location"]
    assert lots(station, "BS-1")["BS-1"].grams_in == 50_000  # type: ignore[attr-defined]


def test_every_fault_stands_beside_its_box_and_nothing_typed_is_lost(
    grower: TestClient, station: Station
) -> None:
    wrong = {**TYPED, "outputs.0.mass": "fifty", "time": "noon", "variety": "<b>线条</b>"}
    answer = grower.post("/workbench/steps/seed", data=wrong)
    assert answer.status_code == 422
    outputs, time = (answer.text.partition(f'id="{name}"')[2][:3_000] for name in ("outputs", "time"))
    assert 'class="wrong"' in outputs
    assert 'class="wrong"' in time
    assert 'value="fifty"' in answer.text
    assert "&lt;b&gt;线条&lt;/b&gt;" in answer.text
    assert f'value="{TYPED["id"]}"' in answer.text
    assert lots(station, "BS-1") == {}


def test_more_lines_keep_what_was_typed_and_record_nothing(grower: TestClient, station: Station) -> None:
    answer = grower.post("/workbench/steps/seed", data={**TYPED, "more": "outputs"})
    assert answer.status_code == 200
    assert 'name="outputs.6.lot"' in answer.text
    assert 'value="BS-1"' in answer.text
    assert lots(station, "BS-1") == {}


def test_the_party_is_the_caller_s_whatever_is_sent(grower: TestClient, station: Station) -> None:
    answer = grower.post("/workbench/steps/seed", data={**TYPED, "party": COOP}, follow_redirects=False)
    assert answer.status_code == 303
    assert lots(station, "BS-1")["BS-1"].holder == GROWER  # type: ignore[attr-defined]


def test_an_address_fills_boxes_in_and_names_whole_cells(grower: TestClient) -> None:
    page = grower.get("/workbench/steps/test?lots=BS-1=5公斤;BS-2&institution=药检所").text
    assert 'name="lots.0.lot" value="BS-1"' in page
    assert 'name="lots.0.mass" value="5公斤"' in page
    assert 'name="lots.1.lot" value="BS-2"' in page


def test_a_photo_sent_with_a_step_is_kept_as_a_document_of_its_lot(grower: TestClient) -> None:
    files = {"photos": ("field.png", PIXEL, "image/png")}
    sent = grower.post("/workbench/steps/seed", data=TYPED, files=files, follow_redirects=False)
    assert sent.status_code == 303, sent.text
    listed = grower.get("/v1/documents", params={"lot": "BS-1"}).json()["documents"]
    assert [(each["kind"], each["visibility"]) for each in listed] == [("photo", "partner")]


def test_a_photo_sent_without_the_script_tells_nobody_where_it_was_taken(grower: TestClient) -> None:
    note = b"\xff\xe1\x00\x19Exif\x00\x00GPSLatitude 33.87"
    frame = b"\xff\xc0\x00\x0b\x08\x00\x02\x00\x02\x01\x01\x11\x00\xff\xd9"
    files = {"photos": ("field.jpg", b"\xff\xd8" + note + frame, "image/jpeg")}
    sent = {**TYPED, "photos_seen": "public"}
    assert grower.post("/workbench/steps/seed", data=sent, files=files, follow_redirects=False).is_redirect
    [photo] = grower.get("/v1/documents", params={"lot": "BS-1"}).json()["documents"]
    read = grower.get(f"/v1/documents/{photo['sha256']}", headers={"authorization": ""})
    assert (read.status_code, read.content) == (200, b"\xff\xd8" + frame)


def test_what_is_no_photo_is_said_though_the_step_stands(grower: TestClient, station: Station) -> None:
    files = {"photos": ("field.png", b"not a picture", "image/png")}
    answer = grower.post("/workbench/steps/seed?lang=en", data=TYPED, files=files)
    assert (answer.status_code, "a photo was not kept" in answer.text) == (200, True)
    assert lots(station, "BS-1")


def test_a_file_sent_for_a_field_becomes_the_document_it_names(grower: TestClient, station: Station) -> None:
    typed = {name: text for name, text in TYPED.items() if name not in ("seed_source", "variety")}
    files = {"document.file": ("count.png", PIXEL, "image/png")}
    sent = grower.post("/workbench/steps/opening", data=typed, files=files, follow_redirects=False)
    assert sent.status_code == 303, sent.text
    with station.database.read() as session:
        step = session.get_one(StepRow, sent.headers["location"].rpartition("/")[2])
    assert f"sha256:{hashlib.sha256(PIXEL).hexdigest()}" in step.public


def test_the_former_address_leads_to_the_form(client: TestClient) -> None:
    moved = client.get("/stages/seed/form?lang=en", follow_redirects=False)
    assert (moved.status_code, moved.headers["location"]) == (301, "/workbench/steps/seed?lang=en")
    assert client.get("/stages/flying/form").status_code == 404


def test_a_stage_that_does_not_exist_has_no_form(grower: TestClient) -> None:
    assert grower.get("/workbench/steps/flying").status_code == 404
    assert grower.post("/workbench/steps/flying", data=TYPED).status_code == 404


@pytest.mark.parametrize(("scopes", "status"), [((), 401), (("quotes:write",), 403)])
def test_a_form_writes_nothing_for_who_may_not_record(
    client: TestClient, station: Station, token_with: Issue, scopes: tuple[str, ...], status: int
) -> None:
    station.writer.submit(lambda session: register_all(session, station.recorder))
    headers = {"authorization": f"Bearer {token_with(*scopes, party=GROWER)}"} if scopes else {}
    answer = client.post("/workbench/steps/seed", data=TYPED, headers=headers)
    assert answer.status_code == status
    assert lots(station, "BS-1") == {}


def test_an_operator_is_asked_which_party_and_links_keep_it(
    grower: TestClient, station: Station, token_with: Issue
) -> None:
    grower.headers["authorization"] = f"Bearer {token_with('operator')}"
    asked = grower.get("/workbench/steps/seed?lang=en").text
    assert f"party={GROWER}" in asked
    form = grower.get(f"/workbench/steps/seed?lang=en&party={GROWER}").text
    assert f'action="/workbench/steps/seed?lang=en&amp;party={GROWER}"' in form
    sent = grower.post(f"/workbench/steps/seed?party={GROWER}", data=TYPED, follow_redirects=False)
    assert f"party={GROWER}" in sent.headers["location"]
    assert lots(station, "BS-1")["BS-1"].holder == GROWER  # type: ignore[attr-defined]


def test_goods_that_begin_without_a_herb_are_asked_for_it_and_told_so_once(grower: TestClient) -> None:
    form = grower.get("/workbench/steps/opening").text
    assert re.search(r'<input[^>]* id="herb"[^>]* required', form)
    typed = {
        "id": "o-1",
        "place": "PLOT",
        "time": "2024-03-01T08:00",
        "outputs.0.lot": "OP-1",
        "outputs.0.mass": "5公斤",
    }
    answer = grower.post("/workbench/steps/opening", data=typed)
    summary = answer.text.partition('role="alert"')[2].partition("</section>")[0]
    assert (answer.status_code, summary.count("<li>")) == (422, 1)
    assert ("缺药材名" in summary, "应填" in summary) == (True, False)
