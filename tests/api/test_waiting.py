"""`Prefer: wait=N`: the finished receipt in one answer, without a thread for each who waits."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from api.app import create_app
from api.founding import found
from api.preferences import wait_seconds
from api.receipt_waits import ReceiptWaits
from api.settings import Settings
from api.station import Station
from api.tokens import issue_token, parse_scopes
from ledger.errors import StatementHeld
from ledger.proofs.bundle import Receipt, verify_receipt
from ledger.witnessing.policy import Policy
from tests.api.conftest import HOST, NOW_MS, ON_BOTH_DATABASES
from tests.api.open_party import body, reading, registered
from tests.trace.season import register_all, white_peony

STEP = white_peony()[0][0].model_dump(mode="json", exclude_none=True)


@pytest.fixture
def running(settings: Settings) -> Iterator[Station]:
    """A station whose sequencer runs."""
    found(settings, clock=lambda: NOW_MS)
    with Station.open(settings, clock=lambda: NOW_MS) as opened:
        registered(opened)
        yield opened


@pytest.fixture
def headers(running: Station) -> dict[str, str]:
    def work(session: Session) -> str:
        return issue_token(
            session,
            name="test",
            scopes=parse_scopes(["steps:write"]),
            party=None,
            created_ms=NOW_MS,
            expires_ms=None,
            randomness=running.randomness,
        )

    return {"Authorization": f"Bearer {running.writer.submit(work)}", "Content-Type": "application/json"}


@pytest.fixture
def caller(running: Station) -> Iterator[TestClient]:
    with TestClient(create_app(running), base_url=f"http://{HOST}", raise_server_exceptions=False) as opened:
        yield opened


@ON_BOTH_DATABASES
def test_who_waits_gets_the_finished_receipt(
    caller: TestClient, running: Station, headers: dict[str, str]
) -> None:
    sent = caller.post("/v1/statements", content=body(reading()), headers={**headers, "Prefer": "wait=20"})
    assert sent.status_code == 201, sent.text
    assert sent.headers["preference-applied"] == "wait=20"
    assert sent.json()["index"] == sent.json()["receipt"]["index"]
    verify_receipt(Receipt.from_text(sent.json()["receipt"]["receipt"]), Policy.of_log(running.vkey))
    again = caller.post("/v1/statements", content=body(reading()), headers={**headers, "Prefer": "wait=20"})
    assert (again.status_code, again.json()["replayed"]) == (200, True)
    assert again.json()["receipt"]["index"] == sent.json()["index"]


def test_a_step_may_be_waited_for_too(caller: TestClient, running: Station, headers: dict[str, str]) -> None:
    running.writer.submit(lambda session: register_all(session, running.recorder))
    sent = caller.post("/v1/steps", json=STEP, headers={**headers, "Prefer": "respond-async, wait=20"})
    assert sent.status_code == 201, sent.text
    assert sent.headers["preference-applied"] == "wait=20"
    verify_receipt(Receipt.from_text(sent.json()["receipt"]["receipt"]), Policy.of_log(running.vkey))


def test_who_does_not_wait_long_enough_is_told_where_to_ask(
    client: TestClient, station: Station, token_with: Callable[..., str]
) -> None:
    """The station's sequencer rests, so no receipt comes."""
    registered(station)
    headers = {"Authorization": f"Bearer {token_with('steps:write')}", "Content-Type": "application/json"}
    sent = client.post("/v1/statements", content=body(reading()), headers={**headers, "Prefer": "wait=0"})
    assert (sent.status_code, sent.headers["preference-applied"]) == (202, "wait=0")
    assert sent.json()["receipt"] is None
    assert client.get(sent.headers["location"]).status_code == 202
    station.writer.submit(lambda session: register_all(session, station.recorder))
    step = client.post("/v1/steps", json=STEP, headers={**headers, "Prefer": "wait=0"})
    assert (step.status_code, step.json()["receipt"]) == (202, None)


def test_a_waiter_is_woken_by_the_sequencer(
    client: TestClient, station: Station, token_with: Callable[..., str]
) -> None:
    registered(station)
    headers = {"Authorization": f"Bearer {token_with('steps:write')}", "Prefer": "wait=20"}
    headers["Content-Type"] = "application/json"
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(client.post, "/v1/statements", content=body(reading()), headers=headers)
        while not station.receipt_waits.waiting:
            assert not asked.done(), asked.result().text
        station.settle()
        assert asked.result(30).status_code == 201
    assert station.receipt_waits.waiting == 0


class _Unread:
    def __call__(self) -> "_Unread":
        return self

    def __enter__(self) -> Any:
        return None

    def __exit__(self, *_: object) -> None:
        return None


def _waits(made: Callable[[str], Receipt | StatementHeld]) -> ReceiptWaits:
    return ReceiptWaits(_Unread(), lambda _, wanted: {each: made(each) for each in wanted})


def test_two_hundred_wait_without_a_thread_each() -> None:
    receipt = Receipt(0, b"", (), "", None)
    waits = _waits(lambda _: receipt)
    before = threading.active_count()

    async def all_wait() -> list[Receipt | None]:
        asked = [asyncio.create_task(waits.wait(f"s{number % 150}", 20)) for number in range(200)]
        while waits.waiting < 150:
            await asyncio.sleep(0)
        assert threading.active_count() == before
        waits.look()
        return await asyncio.gather(*asked)

    assert asyncio.run(all_wait()) == [receipt] * 200
    assert waits.waiting == 0


def test_a_statement_set_aside_is_told_at_once() -> None:
    def held(statement_id: str) -> StatementHeld:
        return StatementHeld(id=statement_id, reason="chain")

    waits = _waits(held)

    async def wait() -> None:
        asked = asyncio.create_task(waits.wait("s", 20))
        while not waits.waiting:
            await asyncio.sleep(0)
        waits.look()
        await asked

    with pytest.raises(StatementHeld):
        asyncio.run(wait())


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        (["wait=10"], 10),
        (["respond-async, wait=10"], 10),  # RFC 7240, section 4.3, the example
        (["Wait = 10"], 10),
        (['wait="7"'], 7),
        (["wait=5; x=y"], 5),
        (["wait=3", "wait=9"], 3),
        (["wait=1000000"], 20),
        (["wait=-1"], None),
        (["wait=1.5"], None),
        (["wait"], None),
        (["await=5"], None),
        (["handling=lenient"], None),
        ([""], None),
        ([], None),
    ],
)
def test_a_preference_is_read_as_its_page_says(headers: list[str], seconds: int | None) -> None:
    assert wait_seconds(headers, longest=20) == seconds
