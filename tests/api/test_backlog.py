"""Back-pressure, counted: what fits is taken in, what does not is answered 503 with a time to come back."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.backlog import Backlog
from api.errors import TooBusy
from api.station import Station
from tests.api.conftest import ON_BOTH_DATABASES
from tests.api.open_party import body, members, reading, registered, signed
from tests.api.test_writer import _held
from tests.trace.season import register_all, white_peony

Issue = Callable[..., str]


@pytest.fixture
def post(client: TestClient, station: Station, token_with: Issue) -> Callable[..., Any]:
    registered(station)
    station.writer.submit(lambda session: register_all(session, station.recorder))
    token = token_with("steps:write")

    def posted(path: str, **content: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        return client.post(path, headers=headers, **content)

    return posted


def _bounded(station: Station, **bounds: int) -> None:
    station.backlog = Backlog(**({"most_waiting": 4096, "most_pending": 16_384} | bounds))


def test_room_is_kept_while_works_run_and_given_back() -> None:
    backlog = Backlog(most_waiting=3, most_pending=100)
    with backlog.room(2), backlog.room():
        assert backlog.waiting == 3
        with pytest.raises(TooBusy), backlog.room():
            pytest.fail("there was no room")
    assert (backlog.waiting, backlog.pending) == (0, 3)


def test_what_fails_is_not_counted_as_pending() -> None:
    backlog = Backlog(most_waiting=3, most_pending=100)
    with pytest.raises(ValueError, match="refused"), backlog.room(3):
        raise ValueError("refused")
    assert (backlog.waiting, backlog.pending) == (0, 0)


@ON_BOTH_DATABASES
def test_beyond_the_pending_bound_nothing_is_taken_in_until_the_sequencer_has_caught_up(
    post: Callable[..., Any], station: Station
) -> None:
    station.settle()
    _bounded(station, most_pending=3)
    answers = [post("/v1/statements", content=body(reading(str(number)))) for number in range(5)]
    assert [answer.status_code for answer in answers] == [202, 202, 202, 503, 503]
    assert answers[3].json()["type"] == "/problems/too-busy"
    assert int(answers[3].headers["retry-after"]) >= 1
    assert post("/v1/steps", json=white_peony()[0][0].model_dump(mode="json")).status_code == 503
    assert station.settle() == 3
    assert post("/v1/statements", content=body(reading("3"))).status_code == 202


def test_a_batch_needs_room_for_all_of_it(post: Callable[..., Any], station: Station) -> None:
    _bounded(station, most_waiting=2)
    lines = [members(signed(reading(str(number)))) for number in range(3)]
    assert post("/v1/statements/batch", json=lines).status_code == 503
    assert post("/v1/statements/batch", json=lines[:2]).json()["taken"] == 2


def test_beyond_the_bound_of_writes_under_way_more_are_refused(
    post: Callable[..., Any], station: Station
) -> None:
    _bounded(station, most_waiting=4)
    with ThreadPoolExecutor(4) as pool, _held(station.writer):
        under_way = [
            pool.submit(post, "/v1/statements", content=body(reading(str(number)))) for number in range(4)
        ]
        while station.backlog.waiting < 4:
            assert not any(each.done() for each in under_way)
        refused = post("/v1/statements", content=body(reading("4")))
    assert refused.status_code == 503
    assert [each.result().status_code for each in under_way] == [202] * 4
