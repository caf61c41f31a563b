"""The same request sent again over HTTP: answered each time, written once."""

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlmodel import func, select
from starlette.testclient import TestClient

from api import operator_token
from api.app import create_app
from api.station import Station
from crash.deliveries import register, seed_step
from crash.ground import document_of, prepare, settings_of
from ledger.tables import EntryRow
from ledger.writing.submission import write_submission

REQUESTS = 12


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    settings = settings_of(tmp_path / "service")
    prepare(settings)
    with Station.open(settings, background=False) as opened:
        register(opened)
        opened.settle()
        yield opened


def step(number: int) -> bytes:
    return seed_step(f"post-{number}").model_dump_json(exclude_none=True).encode()


def document(number: int) -> bytes:
    return write_submission(document_of(f"post-{number}", "deeds", number, b"%d" % number))


@pytest.mark.parametrize(("path", "body_of"), [("/v1/steps", step), ("/v1/statements", document)])
def test_a_request_posted_up_to_five_times_at_once_leaves_one_entry(
    station: Station, path: str, body_of: Callable[[int], bytes]
) -> None:
    headers = {
        "Authorization": f"Bearer {operator_token.read(station.settings.folder)}",
        "Content-Type": "application/json",
    }
    before = entries(station)
    chance = random.Random(7)
    due = [number for number in range(REQUESTS) for _ in range(chance.randint(1, 5))]
    chance.shuffle(due)
    with TestClient(create_app(station), base_url="http://127.0.0.1") as client:

        def send(number: int) -> tuple[int, dict[str, object]]:
            answer = client.post(path, content=body_of(number), headers=headers)
            return answer.status_code, answer.json()

        with ThreadPoolExecutor(8) as senders:
            answers = list(senders.map(send, due))
        station.settle()
        left = entries(station) - before
    assert {status for status, _ in answers} <= {200, 201, 202}
    first = [body["statement_id"] for _, body in answers if not body["replayed"]]
    assert len(first) == len(set(first)) == left == REQUESTS


def entries(station: Station) -> int:
    with station.database.read() as session:
        return session.exec(select(func.count()).select_from(EntryRow)).one()
