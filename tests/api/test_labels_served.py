"""Labels over HTTP and by command: for whom, what, how many, and with which secrets."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from starlette.testclient import TestClient

from api.settings import Settings, load_settings
from api.station import Station
from tests.api.linked_lot import Issue, bearer, packed
from tests.trace.label_fonts import font_file
from tests.trace.season import COOP, MAKER, NAMES
from trace.coding.pins import check_pin

WORDS = {"form": "roll-60x40", "expiry_date": "2028-02-28"}


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    letters = {*"".join(NAMES.values()), *"白芍饮片切药典至有限公司安徽省亳州市谯城区"}
    path = font_file(tmp_path / "labels.ttf", letters=letters | _all_letters())
    return load_settings(**settings.model_dump(exclude={"label_font"}), label_font=path)


def _all_letters() -> set[str]:
    from tests.trace.label_fonts import LETTERS

    return LETTERS


@pytest.fixture
def batch(client: TestClient, station: Station, token_with: Issue) -> str:
    """The batch of the twenty packs the season packed."""
    packed(station)
    listed = client.get("/v1/code-batches", headers=bearer(token_with("steps:write", party=MAKER)))
    return str(listed.json()["batches"][0]["batch"])


def test_a_sheet_of_labels_leads_to_the_packs(
    client: TestClient, station: Station, token_with: Issue, batch: str
) -> None:
    token = token_with("steps:write", party=MAKER)
    answer = client.get(f"/v1/code-batches/{batch}/labels.pdf", params=WORDS, headers=bearer(token))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["cache-control"] == "no-store"
    with pypdfium2.PdfDocument(answer.content) as pages:
        page = pages[0]
        bitmap = page.render(scale=5)
        read = zxingcpp.read_barcode(bitmap.to_numpy()).text
        bitmap.close()
        text = page.get_textpage()
        words = str(text.get_text_range())
        text.close()
        page.close()
        assert len(pages) == 20
    assert read.startswith("https://herbs.example.org/s/")
    assert client.get(read).status_code == 200
    for wanted in (
        "白芍",
        "中药饮片",
        "生产企业：亳州饮片厂",
        "产品批号：YP-1",
        "装量：500 克",
        "保质期至：2028-02-28",
    ):
        assert wanted in words
    assert station.settings.label_font is not None


def test_a_list_for_printers_has_pins_only_when_they_are_asked_for(
    client: TestClient, station: Station, token_with: Issue, batch: str
) -> None:
    token = token_with("steps:write", party=MAKER)
    path = f"/v1/code-batches/{batch}/labels.csv"
    plain = list(csv.DictReader(io.StringIO(client.get(path, headers=bearer(token)).text.lstrip("\ufeff"))))
    assert (len(plain), {row["pin"] for row in plain}) == (20, {""})
    asked = {"pins": "true", "first": "3", "count": "2"}
    hidden = client.get(path, params=asked, headers=bearer(token)).text.lstrip("\ufeff")
    rows = list(csv.DictReader(io.StringIO(hidden)))
    assert [row["place"] for row in rows] == ["3", "4"]
    assert [row["code"] for row in rows] == [row["code"] for row in plain[2:4]]
    assert all(check_pin(row["code"], row["pin"], station.code_keys) for row in rows)


def test_one_label_is_drawn(client: TestClient, token_with: Issue, batch: str) -> None:
    token = token_with("operator")
    answer = client.get(f"/v1/code-batches/{batch}/labels.svg", params={"first": 7}, headers=bearer(token))
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert "第7号" in answer.text


def test_nobody_gets_labels_of_another_party(client: TestClient, token_with: Issue, batch: str) -> None:
    for kind in ("svg", "pdf", "csv"):
        path = f"/v1/code-batches/{batch}/labels.{kind}"
        assert client.get(path).status_code == 401
        assert client.get(path, headers=bearer(token_with("steps:write", party=COOP))).status_code == 404
        assert client.get(path, headers=bearer(token_with("steps:write"))).status_code == 403


def test_labels_a_batch_does_not_have_are_refused(client: TestClient, token_with: Issue, batch: str) -> None:
    for asked in ({"first": 21}, {"first": 20, "count": 2}, {"first": 0}, {"form": "a5"}):
        answer = client.get(
            f"/v1/code-batches/{batch}/labels.csv", params=asked, headers=bearer(token_with("operator"))
        )
        assert answer.status_code == 422, asked


def test_more_labels_than_a_file_holds_are_refused(
    client: TestClient, station: Station, token_with: Issue
) -> None:
    packed(station)
    token = token_with("operator")
    body = {"party": MAKER, "count": 2_001}
    issued = client.post("/v1/codes", json=body, headers=bearer(token)).json()["batch"]
    answer = client.get(f"/v1/code-batches/{issued}/labels.pdf", headers=bearer(token))
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/too-many-labels")


def test_without_a_font_the_remedy_names_the_setting(
    client: TestClient, station: Station, token_with: Issue, batch: str, tmp_path: Path
) -> None:
    assert station.settings.label_font is not None
    station.settings.label_font.unlink()
    answer = client.get(f"/v1/code-batches/{batch}/labels.pdf", headers=bearer(token_with("operator")))
    assert (answer.status_code, "DAODI_LABEL_FONT" in answer.json()["remedy"]) == (503, True)
    assert not list(tmp_path.glob("*.ttf"))


def test_the_command_writes_labels_and_says_that_they_are_printed(
    told: Callable[..., str], refused: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAODI_LABEL_FONT", str(font_file(tmp_path / "labels.ttf")))
    with Station.open(load_settings(), background=False) as station:
        packed(station)
        issued = station.writer.submit(
            lambda session: station.recorder.issue_codes(session, MAKER, 30, station.clock())
        )
        station.settle()
    name = issued.batch_id
    table, sheet, one = (tmp_path / f"labels.{kind}" for kind in ("csv", "pdf", "svg"))
    assert "30 labels" in told("labels", name, "-o", str(table))
    assert "printed" in told("labels", name, "-o", str(sheet), "--grams", "500", "--printed", "--count", "25")
    told("labels", name, "-o", str(one), "--expires", "2028-02-28")
    assert sheet.read_bytes().startswith(b"%PDF-")
    assert "2028-02-28" in one.read_text("utf-8")
    assert len(table.read_text("utf-8").splitlines()) == 31
    assert "expiry_date" in refused("labels", name, "-o", str(one), "--expires", "soon")
    assert ".pdf" in refused("labels", name, "-o", str(tmp_path / "labels.docx"))
    again = refused("labels", name, "-o", str(sheet), "--printed", "--count", "25")
    assert "printed" in again
