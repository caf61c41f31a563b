"""What changes the record shows on the next page of the scan door, though nothing of the code changed."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlmodel import Session
from starlette.testclient import TestClient

from api.correcting import correct_step
from api.erasing import erase_values
from api.station import Station
from tests.api.conftest import ON_BOTH_DATABASES
from tests.trace.season import PHARMACY, at, lot, register_all, step, white_peony
from trace.coding.code_reading import code_text
from trace.corrections.correction_words import CorrectionNew, Reason

RIGHT = "Matches the record"


@pytest.fixture
def planting(station: Station) -> str:
    """The season is on record; the statement with the grower's telephone number."""

    def work(session: Session) -> list[str]:
        register_all(session, station.recorder)
        return [station.recorder.record_step(session, *each).statement_id for each in white_peony()]

    said = station.writer.submit(work)
    station.settle()
    return said[1]


@pytest.fixture
def scanned(client: TestClient, station: Station, planting: str) -> Callable[[], str]:  # noqa: ARG001  recorded first
    """Scan a pack of the season at the door, which alone tells gzip from none."""
    with station.database.read() as session:
        activated = text("SELECT min(first_serial) FROM trace_code_run WHERE status = 'activated'")
        code = code_text(session, session.execute(activated).scalar_one(), station.code_keys)

    def scan() -> str:
        answer = client.get(f"/s/{code}?lang=en")
        assert (answer.status_code, "Accept-Encoding" in answer.headers["vary"]) == (200, True)
        return answer.text

    return scan


@ON_BOTH_DATABASES
def test_a_result_over_its_limit_a_correction_and_an_erasure_each_show_on_the_next_page(
    station: Station, planting: str, scanned: Callable[[], str]
) -> None:
    first = scanned()
    assert scanned() == first
    results = [{"measurand": "二氧化硫残留量", "value": "1762", "unit": "mg/kg"}]
    fields = {"report_number": "BG-9"}
    new = step("test", 935, "COUNTER", lots=[lot("YP-1")], fields=fields, results=results)
    tested = station.writer.submit(lambda session: station.recorder.record_step(session, new, at(935)))
    over = scanned()
    withdrawn = CorrectionNew(reason=Reason.DID_NOT_OCCUR, instead=None)
    correct_step(station, tested.step_id, withdrawn, PHARMACY, supervising=False)
    corrected = scanned()
    erase_values(station, planting, ["phone"], "subject-request", None)
    erased = scanned()
    assert [verdict(each) for each in (first, over, corrected)] == [RIGHT, "Doubtful", RIGHT]
    assert [">Over limit<" in each for each in (first, over, corrected)] == [False, True, False]
    assert ["telephone: erased for good on" in each for each in (corrected, erased)] == [False, True]


def verdict(page: str) -> str:
    return page.partition("<h1>")[2].partition("</h1>")[0]
