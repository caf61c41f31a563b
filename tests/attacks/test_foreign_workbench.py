"""A clerk of one party opens the workbench of another: every page answers as if nothing were there."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from api.code_issuing import issue_batch
from api.station import Station
from tests.api.conftest import NOW_MS
from tests.trace.season import COOP, DAY, GROWER, MAKER, NOON, lot, register_all, step
from trace.coding.code_orders import CodeOrder
from trace.coding.code_words import Level
from trace.integrity.complaints import Category, ComplaintNew, file_complaint
from trace.projections import lots_named
from trace.service import RecordedStep

_DAY = (NOW_MS - NOON) // DAY - 3
Issue = Callable[..., str]


@pytest.fixture
def shipment(station: Station) -> RecordedStep:
    """The grower's lot on its way to the maker; places and parties of the season."""
    station.writer.submit(lambda session: register_all(session, station.recorder))
    new = step("opening", _DAY, outputs=[lot("BS-A", 350_000, "白芍")])
    station.writer.submit(lambda session: station.recorder.record_step(session, new, NOW_MS))
    sent = step("ship", _DAY + 1, lots=[lot("BS-A")], counterparty=MAKER)
    return station.writer.submit(lambda session: station.recorder.record_step(session, sent, NOW_MS))


@pytest.fixture
def stranger(client: TestClient, token_with: Issue, shipment: RecordedStep) -> TestClient:  # noqa: ARG001  the goods must be there
    """A clerk of a cooperative that has nothing to do with the goods."""
    client.headers["authorization"] = f"Bearer {token_with('steps:write', party=COOP)}"
    return client


@pytest.mark.parametrize(
    "path",
    [
        "/workbench",
        "/workbench/steps/seed",
        "/workbench/lots",
        "/workbench/lots.csv",
        "/workbench/receive",
        "/workbench/ship",
        "/workbench/labels",
        "/workbench/findings",
        "/workbench/notices",
        "/workbench/complaints",
        "/workbench/licences",
        "/workbench/places/new",
        "/workbench/lots/BS-A",
    ],
)
def test_naming_another_party_in_the_address_opens_nothing_of_it(stranger: TestClient, path: str) -> None:
    answer = stranger.get(f"{path}?party={GROWER}")
    assert answer.status_code == 403
    assert "BS-A" not in answer.text


def test_lots_steps_and_batches_of_others_are_not_there(
    stranger: TestClient, station: Station, shipment: RecordedStep
) -> None:
    batch = issue_batch(station, CodeOrder(party=GROWER, count=5, level=Level.PACK))
    for path in (
        "/workbench/lots/BS-A",
        f"/workbench/steps/ship/recorded/{shipment.step_id}",
        f"/workbench/labels/{batch}",
    ):
        assert stranger.get(path).status_code == 404, path
    marks = {"status": "spoiled", "first": "1", "last": "5"}
    assert stranger.post(f"/workbench/labels/{batch}/marks", data=marks).status_code == 404


def test_a_settlement_said_of_another_s_lot_makes_it_nobody_s_own(stranger: TestClient) -> None:
    typed = {"id": "s-1", "place": "PLOT-D", "time": "2025-10-08T10:00", "lots.0.lot": "BS-A"}
    typed |= {"counterparty": GROWER, "voucher_kind": "receipt", "voucher_number": "1"}
    said = stranger.post("/workbench/steps/settlement", data=typed, follow_redirects=False)
    assert said.status_code == 303, said.text
    assert stranger.get("/workbench/lots/BS-A").status_code == 404


def test_goods_on_their_way_to_another_are_neither_received_nor_sent_back(
    stranger: TestClient, station: Station, shipment: RecordedStep
) -> None:
    for do in ("accept", "refuse"):
        typed = {"id": "r", "place": "PLOT-D", "time": "2025-10-08T10:00", "do": do}
        typed |= {"lot.BS-A": "yes", "reason": "quality"}
        assert stranger.post(f"/workbench/receive/{shipment.step_id}", data=typed).status_code == 404
    with station.database.read() as session:
        found = lots_named(session, ["BS-A"])["BS-A"]
    assert (found.holder, found.in_transit) == (GROWER, True)


def test_a_step_is_not_recorded_for_another_by_naming_it_in_the_address(
    stranger: TestClient, station: Station
) -> None:
    typed = {"id": "x", "place": "PLOT", "time": "2025-10-08T10:00", "outputs.0.lot": "STOLEN"}
    typed |= {"outputs.0.mass": "5", "herb": "白芍"}
    assert stranger.post(f"/workbench/steps/opening?party={GROWER}", data=typed).status_code == 403
    with station.database.read() as session:
        assert lots_named(session, ["STOLEN"]) == {}


def test_a_complaint_is_read_and_answered_by_the_party_it_is_about_alone(
    stranger: TestClient, station: Station, token_with: Issue
) -> None:
    new = ComplaintNew(category=Category.QUALITY, words="药材发霉有异味", party=GROWER)
    complaint = station.writer.submit(
        lambda session: file_complaint(session, station.recorder.declarer, new, NOW_MS)
    )
    assert "发霉" not in stranger.get("/workbench/complaints").text
    answered = stranger.post(f"/workbench/complaints/{complaint}/answer", data={"words": "已核实处理"})
    assert (answered.status_code, "已核实处理" in answered.text) == (422, False)
    stranger.headers["authorization"] = f"Bearer {token_with('steps:write', party=GROWER)}"
    page = stranger.get("/workbench/complaints").text
    assert ("发霉" in page, "/answer" in page) == (True, True)
    done = stranger.post(
        f"/workbench/complaints/{complaint}/answer", data={"words": "已核实处理"}, follow_redirects=False
    )
    assert done.status_code == 303
    assert "/answer" not in stranger.get("/workbench/complaints").text


def test_places_are_registered_for_one_s_own_party_alone(stranger: TestClient) -> None:
    typed = {"place_id": "MINE", "name": "地", "division": "621126", "party": GROWER}
    stranger.post("/workbench/places/new", data=typed)
    assert stranger.get("/v1/places/MINE").json()["party"] == COOP
