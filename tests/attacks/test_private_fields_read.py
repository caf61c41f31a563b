"""Somebody asks the service for private fields of a step that are not meant for him."""

from collections.abc import Callable

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from api.station import Station
from tests.trace.holding import REGULATOR, register_regulator
from tests.trace.season import COOP, GROWER, MAKER, PHARMACY, at, lot, register_all, step

Issue = Callable[..., str]
SHIP, SALE, RETAIL, KEPT = "ship", "sale", "retail", "kept"
Fields = dict[str, object]
PARTNERS: dict[str, Fields] = {
    SHIP: {"vehicle": "皖S12345"},
    SALE: {"price_fen_per_kg": 9_000},
    RETAIL: {"price_fen_per_kg": 20_000},
    KEPT: {"note": "先进先出"},
}
FOR_REGULATORS: dict[str, Fields] = {
    SHIP: {"driver": "王五"},
    SALE: {"customer": "孙七"},
    RETAIL: {"customer": "周八"},
    KEPT: {},
}


@pytest.fixture
def told(station: Station) -> dict[str, str]:
    """The cooperative's old stock goes to the grower, then to the maker: its statements by what they tell."""

    def work(session: Session) -> dict[str, str]:
        register_all(session, station.recorder)
        register_regulator(session, station.recorder, at(0))
        old = [lot("X", 10_000, "白芍") | {"form": "herb"}]
        steps = {
            "opening": step("opening", 1, "PLOT-D", outputs=old),
            RETAIL: step(
                "sale", 2, "PLOT-D", lots=[lot("X", 10)], fields=PARTNERS[RETAIL] | FOR_REGULATORS[RETAIL]
            ),
            "over": step("ship", 3, "PLOT-D", lots=[lot("X")], counterparty=GROWER),
            "taken": step("receive", 4, lots=[lot("X")]),
            KEPT: step(
                "stock_adjust",
                5,
                lots=[lot("X", 9_990)],
                fields={"old_grams": 9_990, "reason": "count"} | PARTNERS[KEPT],
            ),
            SALE: step(
                "sale",
                6,
                lots=[lot("X", 100)],
                counterparty=MAKER,
                fields=PARTNERS[SALE] | FOR_REGULATORS[SALE],
            ),
            SHIP: step(
                "ship", 7, lots=[lot("X")], counterparty=MAKER, fields=PARTNERS[SHIP] | FOR_REGULATORS[SHIP]
            ),
            "in": step("receive", 8, "WORKS", lots=[lot("X")]),
        }
        return {
            name: station.recorder.record_step(session, new, at(9)).statement_id
            for name, new in steps.items()
        }

    found = station.writer.submit(work)
    station.settle()
    return found


def read(client: TestClient, statement: str, token: str) -> dict[str, object] | int:
    address = f"/v1/statements/{statement}/disclosures"
    answer = client.get(address, headers={"Authorization": f"Bearer {token}"})
    if not answer.is_success:
        return answer.status_code
    return {each["name"]: each["value"] for each in answer.json()["fields"]}


@pytest.mark.parametrize(
    ("reader", "allowed"),
    [
        (MAKER, {SHIP, SALE, KEPT}),  # the other side of the sale and the shipment, and holds the lot now
        (COOP, {RETAIL}),  # held it once; what it stated itself it reads whole
        (PHARMACY, set()),  # a stranger
    ],
)
def test_a_party_reads_what_is_meant_for_it_and_not_a_field_more(
    client: TestClient, told: dict[str, str], token_with: Issue, reader: str, allowed: set[str]
) -> None:
    token = token_with("steps:write", party=reader)
    for name, partners in PARTNERS.items():
        wanted: object = partners if name in allowed else 403
        if reader == COOP and name == RETAIL:
            wanted = partners | FOR_REGULATORS[RETAIL]
        assert read(client, told[name], token) == wanted, name


def test_a_regulator_reads_the_fields_for_partners_and_for_regulators(
    client: TestClient, told: dict[str, str], token_with: Issue
) -> None:
    token = token_with("supervise", party=REGULATOR)
    for name in PARTNERS:
        assert read(client, told[name], token) == PARTNERS[name] | FOR_REGULATORS[name]


def test_a_token_to_supervise_makes_no_regulator(
    client: TestClient, told: dict[str, str], token_with: Issue
) -> None:
    for party in (None, PHARMACY):
        assert read(client, told[SHIP], token_with("supervise", party=party)) == 403
    assert read(client, told[SHIP], token_with("steps:write")) == 403


def test_the_goods_sent_on_take_the_right_to_read_with_them(
    client: TestClient, station: Station, told: dict[str, str], token_with: Issue
) -> None:
    token = token_with("steps:write", party=MAKER)
    assert read(client, told[KEPT], token) == PARTNERS[KEPT]

    def work(session: Session) -> None:
        new = step("ship", 10, "WORKS", lots=[lot("X")], counterparty=PHARMACY)
        station.recorder.record_step(session, new, at(10))
        station.recorder.record_step(session, step("receive", 11, "COUNTER", lots=[lot("X")]), at(11))

    station.writer.submit(work)
    assert read(client, told[KEPT], token) == 403
    assert read(client, told[SALE], token) == PARTNERS[SALE]


def test_every_reading_is_noted_without_what_was_read(
    client: TestClient, told: dict[str, str], token_with: Issue
) -> None:
    with capture_logs() as logs:
        read(client, told[SHIP], token_with("steps:write", party=MAKER))
    [noted] = [each for each in logs if each["event"] == "disclosed"]
    assert (noted["statement"], noted["to"], noted["names"]) == (told[SHIP], MAKER, ["vehicle"])
    assert "皖S12345" not in str(logs)
