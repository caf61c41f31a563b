"""Uploading a file from the workbench: whole or not at all, unless its good rows are asked for."""

import base64
import csv
import io
import re
from collections.abc import Callable

import pytest
from httpx2 import Response
from sqlmodel import Session
from starlette.testclient import TestClient

from api import importing
from api.errors import WriteInterrupted
from api.routes import work_upload
from api.station import Station
from tests.trace.season import COOP, GROWER, register_all
from trace.projections import lots_named

HEADINGS = "环节,主体,地点,时间,产出批次,药材,种子来源"


def line(lot: str, party: str = GROWER) -> str:
    return f"种子种苗,{party},PLOT,2024-03-01 08:00,{lot},白芍,自购"


@pytest.fixture
def clerk(client: TestClient, station: Station, token_with: Callable[..., str]) -> TestClient:
    station.writer.submit(lambda session: register_all(session, station.recorder))
    client.headers["Authorization"] = f"Bearer {token_with('steps:write', party=GROWER)}"
    client.follow_redirects = False
    return client


def sent(clerk: TestClient, *lines: str, name: str = "steps.csv", **form: str) -> Response:
    body = "\n".join((HEADINGS, *lines)).encode()
    return clerk.post("/workbench/upload?lang=en", files={"file": (name, body)}, data=form)


def lots(station: Station, *named: str) -> set[str]:
    with station.database.read() as session:
        return set(lots_named(session, named))


def test_a_right_file_is_recorded_and_its_counts_are_said(clerk: TestClient, station: Station) -> None:
    answer = sent(clerk, line("UA-1=5公斤"), line("UA-2=5公斤"))
    assert answer.status_code == 303, answer.text
    assert "Steps recorded: 2" in clerk.get(answer.headers["location"]).text
    assert lots(station, "UA-1", "UA-2") == {"UA-1", "UA-2"}


def test_one_wrong_row_keeps_the_whole_file_out_and_the_report_names_it(
    clerk: TestClient, station: Station
) -> None:
    answer = sent(clerk, line("UB-1=5公斤"), line("UB-2=plenty"))
    assert answer.status_code == 422
    assert lots(station, "UB-1", "UB-2") == set()
    [report] = re.findall(r'href="data:text/csv;charset=utf-8;base64,([^"]+)"', answer.text)
    [told] = csv.DictReader(io.StringIO(base64.b64decode(report).decode("utf-8-sig")))
    assert (told["row"], told["field"], told["value"]) == ("3", "产出批次 outputs", "UB-2=plenty")


def test_the_good_rows_go_in_when_asked_and_the_rest_is_reported(clerk: TestClient, station: Station) -> None:
    answer = sent(clerk, line("UC-1=5公斤"), line("UC-2=plenty"), proceed="true")
    assert (answer.status_code, "Steps recorded: 1" in answer.text) == (422, True)
    assert lots(station, "UC-1", "UC-2") == {"UC-1"}


def test_a_file_of_another_party_or_no_table_is_refused_in_words(clerk: TestClient, station: Station) -> None:
    assert sent(clerk, line("UD-1=5公斤", COOP)).status_code == 422
    assert lots(station, "UD-1") == set()
    odd = clerk.post("/workbench/upload", files={"file": ("<b>x</b>.xlsx", b"not a workbook")})
    assert (odd.status_code, "<b>x</b>" in odd.text) == (422, False)


def test_a_formula_in_a_refused_cell_does_nothing_in_the_report(clerk: TestClient) -> None:
    answer = sent(clerk, line("=cmd()"))
    [report] = re.findall(r'base64,([^"]+)"', answer.text)
    assert "'=cmd()" in base64.b64decode(report).decode("utf-8-sig")


def without_party(*lines: str) -> bytes:
    rows = (row.replace(f"{GROWER},", "", 1) for row in lines)
    return "\n".join((HEADINGS.replace("主体,", ""), *rows)).encode()


def test_a_file_without_a_party_column_speaks_for_its_sender_as_a_block_does(
    clerk: TestClient, station: Station
) -> None:
    answer = clerk.post("/workbench/upload", files={"file": ("steps.csv", without_party(line("UE-1=5公斤")))})
    assert answer.status_code == 303, answer.text
    assert lots(station, "UE-1") == {"UE-1"}


def test_a_column_that_lacks_in_a_csv_file_is_not_said_to_lack_in_a_sheet(clerk: TestClient) -> None:
    answer = clerk.post(
        "/workbench/upload", files={"file": ("steps.csv", "环节,时间\n采收,2024-03-01".encode())}
    )
    assert "表格缺少“地点 place”列；现有列名：环节、时间<" in answer.text
    assert "工作表" not in answer.text.partition("<form")[0]


def test_a_report_without_end_is_cut_and_says_so(clerk: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work_upload, "_SHOWN", 2)
    monkeypatch.setattr(work_upload, "_REPORTED", 3)
    answer = sent(clerk, *(line(f"UF-{number}=plenty") for number in range(5)))
    [report] = re.findall(r'base64,([^"]+)"', answer.text)
    assert len(list(csv.DictReader(io.StringIO(base64.b64decode(report).decode("utf-8-sig"))))) == 3
    assert "To be mended: 5" in answer.text
    assert "Only the first 2 are shown; the report has the first 3." in answer.text


def test_a_large_file_that_stops_half_way_does_not_claim_that_nothing_was_recorded(
    clerk: TestClient, station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "WHOLE", 1)
    monkeypatch.setattr(importing, "PORTION", 1)
    answer = sent(clerk, line("UG-1=5公斤"), line("UG-1=6公斤"))
    assert (answer.status_code, lots(station, "UG-1")) == (422, {"UG-1"})
    assert ("Nothing of the file" in answer.text, "rows 2 are recorded (1 in all)" in answer.text) == (
        False,
        True,
    )
    assert "To be mended: 1" in answer.text


def test_a_large_file_that_is_cut_off_half_way_says_what_stands(
    clerk: TestClient, station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "WHOLE", 1)
    monkeypatch.setattr(importing, "PORTION", 1)
    submit, left = station.writer.submit, [1]

    def cut_off(work: Callable[[Session], object]) -> object:
        if not left:
            raise WriteInterrupted
        left.pop()
        return submit(work)

    monkeypatch.setattr(station.writer, "submit", cut_off)
    answer = sent(clerk, line("UH-1=5公斤"), line("UH-2=6公斤"))
    assert (answer.status_code, lots(station, "UH-1", "UH-2")) == (503, {"UH-1"})
    assert "Nothing of the file" not in answer.text
    assert "rows 2 are recorded (1 in all); then the recording was interrupted" in answer.text
