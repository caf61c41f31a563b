"""Orders for codes sent twice, twice at once, under another's id, or too large for anybody else."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import Session, func, select
from starlette.testclient import TestClient

from api import code_issuing
from api.errors import TooBusy
from api.station import Station
from tests.api.conftest import ON_BOTH_DATABASES
from tests.trace.season import COOP, MAKER, register_all
from trace.coding.code_errors import CodeOrderDiffers
from trace.coding.code_orders import CodeOrder
from trace.coding.code_tables import CodeBatchRow
from trace.coding.code_words import Level
from trace.coding.serials import take_serials

Issue = Callable[..., str]


@pytest.fixture(autouse=True)
def registered(station: Station) -> None:
    station.writer.submit(lambda session: register_all(session, station.recorder))


def order(client: TestClient, token: str, **said: object) -> tuple[int, dict[str, object]]:
    body = {"party": MAKER, "count": 300, "id": "order-1", **said}
    answer = client.post("/v1/codes", json=body, headers={"Authorization": f"Bearer {token}"})
    return answer.status_code, answer.json()


def batches(station: Station) -> int:
    with station.database.read() as session:
        return session.exec(select(func.count()).select_from(CodeBatchRow)).one()


@ON_BOTH_DATABASES
def test_an_order_sent_again_and_eight_times_at_once_is_one_batch(
    client: TestClient, station: Station, token_with: Issue
) -> None:
    token = token_with("steps:write", party=MAKER)
    with ThreadPoolExecutor(8) as pool:
        sent = list(pool.map(lambda _: order(client, token), range(8)))
    assert {status for status, _ in sent} == {201}
    assert len({answer["batch"] for _, answer in sent}) == 1
    assert batches(station) == 1
    assert order(client, token)[1] == sent[0][1]


def test_an_order_cut_off_is_finished_with_the_serials_it_had(
    client: TestClient, station: Station, token_with: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process dies between reserving and writing."""
    token = token_with("steps:write", party=MAKER)
    with monkeypatch.context() as patch:
        patch.setattr(code_issuing, "fill_order", lambda *_: 1 / 0)
        assert order(client, token)[0] == 500
    assert batches(station) == 0
    assert order(client, token)[0] == 201
    assert station.writer.submit(lambda session: take_serials(session, 0)) == 300


def test_an_id_given_to_another_order_is_refused(client: TestClient, token_with: Issue) -> None:
    token = token_with("steps:write", party=MAKER)
    assert order(client, token)[0] == 201
    for other in ({"count": 301}, {"level": "box"}):
        status, answer = order(client, token, **other)
        assert (status, answer["type"]) == (409, f"/problems/{CodeOrderDiffers.key()}")


def test_the_id_of_one_party_says_nothing_to_another(
    client: TestClient, station: Station, token_with: Issue
) -> None:
    _, own = order(client, token_with("steps:write", party=MAKER))
    status, other = order(client, token_with("steps:write", party=COOP), party=COOP)
    assert (status, other["party"]) == (201, COOP)
    assert other["batch"] != own["batch"]
    assert order(client, token_with("steps:write", party=COOP))[0] == 403
    assert batches(station) == 2


def test_large_orders_do_not_take_every_thread(station: Station) -> None:
    """Millions of codes take a core for a minute: who orders forty times at once would stop all others."""
    inside, leave = threading.Barrier(3), threading.Event()

    def waiting(_: int) -> None:
        if not leave.is_set():
            inside.wait(20)
            leave.wait(20)

    large = CodeOrder(party=MAKER, count=code_issuing.LARGE, level=Level.PACK)
    with ThreadPoolExecutor(2) as pool:
        made = [pool.submit(code_issuing.issue_batch, station, large, _once(waiting)) for _ in range(2)]
        inside.wait(20)
        with pytest.raises(TooBusy):
            code_issuing.issue_batch(station, large)
        small = CodeOrder(party=MAKER, count=10, level=Level.PACK)
        assert code_issuing.issue_batch(station, small)
        leave.set()
        assert len({each.result(60) for each in made}) == 2


def _once(call: Callable[[int], None]) -> Callable[[int], None]:
    """Call it the first time only."""
    done = threading.Event()

    def first(more: int) -> None:
        if not done.is_set():
            done.set()
            call(more)

    return first


def test_the_last_serial_is_given_out_and_none_after_it(station: Station) -> None:
    from trace.coding.trace_code import SERIALS
    from trace.errors import SerialOutOfRange

    def work(session: Session) -> int:
        return take_serials(session, SERIALS - take_serials(session, 0))

    station.writer.submit(work)
    with pytest.raises(SerialOutOfRange):
        station.writer.submit(lambda session: take_serials(session, 1))
